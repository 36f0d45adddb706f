"""Numbers bound to rows: what is printed of a value, its interval and its absence; words only from verdicts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pipeline import tables
from pipeline.indicators.norms import load_publication
from pipeline.paths import Paths
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS
from tests.structure.checkout import ROOT

NARROW, NBSP = "\u202f", "\u00a0"
ROW: dict[str, Any] = {
    "indicator": "vpr_mark_2",
    "territory": "town",
    "school_year": 2026,
    "procedure": "vpr",
    "subject": "russian",
    "grade": 4,
    "level": "municipality",
    "group": "town",
    "task": "",
    "category": "",
    "kind": "share",
    "unit": "share",
    "numerator": 408.0,
    "denominator": 3005.0,
    "n": 3005,
    "value": 0.13577,
    "lower": 0.1240,
    "upper": 0.1485,
    "status": "ok",
}


def row(**changes: Any) -> dict[str, Any]:
    return {**ROW, **changes}


def test_a_large_group_has_one_decimal_and_its_interval() -> None:
    assert claims.bound(row()).text == f"13,6{NARROW}% (12,4–14,9)"
    assert claims.bound(row(), interval=False).text == f"13,6{NARROW}%"


def test_a_middle_group_has_whole_percents() -> None:
    assert claims.bound(row(n=50, value=0.145, lower=0.0712, upper=0.265)).text == f"15{NARROW}% (7–27)"


def test_a_small_group_has_its_parts_and_an_interval_in_percent() -> None:
    small = row(n=17, numerator=3.0, value=3 / 17, lower=0.0619, upper=0.4103)
    assert claims.bound(small).text == f"3{NBSP}из{NBSP}17 (6–41{NARROW}%)"


def test_points_of_a_small_group_are_counted_too() -> None:
    rate = row(kind="rate", n=17, numerator=12.0, denominator=34.0, value=12 / 34, lower=0.2, upper=0.5)
    assert claims.bound(rate).text == f"12{NBSP}из{NBSP}34{NBSP}баллов (20–50{NARROW}%)"
    assert claims.value_text({**rate, "n": 20}) == f"35{NARROW}%"


@pytest.mark.parametrize(("unit", "printed"), [("mark", "4,25 (4,13–4,38)"), ("points", "4,3 (4,1–4,4)")])
def test_a_mean_and_its_bounds_are_equally_exact(unit: str, printed: str) -> None:
    mean = row(kind="mean", unit=unit, n=50, value=4.25, lower=4.125, upper=4.375)
    assert claims.bound(mean).text == printed


def test_without_bounds_nothing_stands_in_brackets() -> None:
    assert claims.bound(row(lower=None, upper=None)).text == f"13,6{NARROW}%"
    assert claims.interval_text(row(value=None)) == ""


def test_counts_are_whole() -> None:
    count = row(kind="count", unit="organisations", value=12345.0, lower=None, upper=None)
    assert claims.value_text(count) == f"12{NARROW}345"


@pytest.mark.parametrize("status", [status for status in tables.STATUSES if status not in ("ok", "spread_unknown")])
def test_every_status_without_a_value_has_words(status: str) -> None:
    words = claims.value_text(row(value=None, status=status))
    assert words == claims.STATUS_WORDS[status]
    assert not any(sign.isdigit() for sign in words)


def test_missing_suppressed_not_applicable_and_zero_look_different() -> None:
    cells = [
        claims.value_cell(row(value=0.0, numerator=0.0, lower=0.0, upper=0.01)),
        claims.value_cell(None),
        claims.value_cell(row(value=None, status="suppressed")),
        claims.value_cell(row(value=None, status="not_applicable")),
    ]
    assert cells[0].text == f"0,0{NARROW}% (0,0–1,0)"
    assert [cell.text for cell in cells[1:]] == [MARKS["no_data"], MARKS["suppressed"], MARKS["not_applicable"]]
    assert len({cell.text for cell in cells}) == 4
    assert [cell.sort for cell in cells] == [0.0, None, None, None]


def test_numbers_carry_the_key_of_their_row() -> None:
    key = "vpr_mark_2/2026/vpr/russian/4/municipality/town//"
    assert claims.key_of(row()) == key
    assert {claims.bound(row()).key, claims.value_cell(row()).key, claims.count_cell(row()).key} == {key}


def test_rows_of_a_frame_have_none_for_everything_missing() -> None:
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": [0.5, float("nan")], "c": ["x", None]})
    assert claims.records(frame) == [{"a": 1, "b": 0.5, "c": "x"}, {"a": None, "b": None, "c": None}]


@pytest.mark.parametrize(
    ("verdict", "better", "tone"),
    [
        ("higher", "higher", "better"),
        ("higher", "lower", "worse"),
        ("lower", "lower", "better"),
        ("lower", "higher", "worse"),
        ("same", "lower", "same"),
        ("same", "neutral", "same"),
        ("higher", "neutral", ""),
        ("lower", "neutral", ""),
        ("insufficient", "lower", "unknown"),
        ("insufficient", "neutral", "unknown"),
    ],
)
def test_tone_follows_verdict_and_passport(verdict: str, better: str, tone: str) -> None:
    assert claims.tone(verdict, better) == tone


def test_only_a_verdict_of_difference_gives_a_word_of_difference() -> None:
    strong = {"выше", "ниже", "вырос", "снизился"}
    for words in (claims.COMPARED, claims.CHANGED):
        assert {words["higher"], words["lower"]} <= strong
        assert not {words["same"], words["insufficient"]} & strong


def test_a_difference_is_in_points_of_the_smaller_group() -> None:
    assert claims.difference_text(row(value=0.1), row(value=0.0685)) == f"+3,2{NBSP}п.{NBSP}п."
    assert claims.difference_text(row(value=0.1), row(value=0.1315, n=40)) == f"−3{NBSP}п.{NBSP}п."
    means = row(kind="mean", unit="points", value=45.25), row(kind="mean", unit="points", value=45.2)
    assert claims.difference_text(*means) == "+0,1"
    assert claims.difference_text(means[0], means[0]) == "0,0"


def test_thresholds_of_printing_are_those_of_the_shipped_publication_rules() -> None:
    rules = load_publication(Paths(ROOT / "tests", "town", 2026))
    assert (rules.percent.value, rules.one_decimal.value) == (ru.PERCENT_FROM, ru.DECIMAL_FROM)


def test_rates_carry_their_unit() -> None:
    per = {"kind": "rate", "unit": "per_1000", "method": "wilson", "value": 12.0, "lower": 9.84, "upper": 14.6}
    rate = row(numerator=12.0, denominator=1000.0, n=1000, **per)
    assert claims.bound(rate).text == f"12,0{NBSP}на{NBSP}1000 (9,8–14,6)"
    assert claims.difference_text(rate, {**rate, "value": 9.5}) == "+2,5"
    assert claims.bound(
        rate | {"n": 17, "numerator": 3.0, "denominator": 17.0}, interval=False
    ).text == "3 из 17".replace(" ", NBSP)


def test_a_yes_or_no_of_one_organisation_is_a_word() -> None:
    fact = row(level="organisation", n=1, numerator=None, value=0.0, lower=None)
    assert claims.bound(fact).text == "нет"
    assert claims.bound(fact | {"value": 1.0}).text == "да"
    assert claims.value_text(fact | {"level": "municipality"}) == f"0{NARROW}%"
    assert claims.value_text(fact | {"numerator": 0.0}) == f"0{NBSP}из{NBSP}1"
