"""A missing value stays missing through every ratio and total; blank, zero, «не проводилось», hidden stay apart."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.forms import BLANK, NOT_HELD, cell, passport, sheet, table, tried
from tests.indicators.frames import computed, marks, only

SHARE = {"type": "form_share", "table": "career", "numerator": ["bilet"], "denominator": ["pupils_6_11"]}
COUNT = {"type": "form_count", "table": "career", "items": ["bilet"]}
REACHED = {"type": "form_reached", "table": "career", "items": ["bilet"], "at_least": 5}
WORKS = {
    "type": "register_share",
    "table": "diagnostics",
    "numerator": ["below_base"],
    "denominator": ["participants"],
    "levels": ["municipality", "organisation"],
}
SUPPRESSED = "suppressed"
few = settings(max_examples=12, deadline=None)  # each example is a whole computation
MISSING = st.sampled_from([BLANK, SUPPRESSED])
KNOWN = st.integers(0, 40)
CELL = KNOWN | MISSING | st.just(NOT_HELD)
ANSWERS = st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6)


def asked(answers: list[tuple[Any, Any]]) -> pd.DataFrame:
    """Schools that said how many tickets and how many pupils."""
    return sheet(
        "career",
        **{f"s{place}": {"bilet": above, "pupils_6_11": below} for place, (above, below) in enumerate(answers)},
    )


def town(source: dict[str, Any], answers: list[tuple[Any, Any]]) -> dict[str, Any]:
    return only(tried(source, career=asked(answers)), level="municipality")


def number(said: Any) -> bool:
    return isinstance(said, int)


@few
@given(ANSWERS)
def test_a_ratio_takes_both_parts_of_an_organisation_or_neither(answers: list[tuple[Any, Any]]) -> None:
    """By hand: «не проводилось» above is zero, below leaves the school out; more above than below is no answer."""
    taken = [(0 if above == NOT_HELD else above, below) for above, below in answers if number(below)]
    whole = [(above, below) for above, below in taken if number(above) and above <= below]
    found = town(SHARE, answers)
    under = sum(below for _, below in whole)
    if under:
        assert (found["numerator"], found["denominator"]) == (sum(above for above, _ in whole), under)
        assert found["value"] == pytest.approx(found["numerator"] / under)
    else:
        assert (found["value"], found["numerator"], found["lower"]) == (None, None, None)
        assert found["status"] in ("no_data", "not_applicable")


@few
@given(ANSWERS)
def test_a_total_that_lacks_a_part_is_missing_and_never_smaller(answers: list[tuple[Any, Any]]) -> None:
    said = [above for above, _ in answers]
    found = town(COUNT, answers)
    if any(one in (BLANK, SUPPRESSED) for one in said):
        assert (found["value"], found["status"]) == (None, "no_data")
        assert json.loads(found["inputs"])[0]["not_answered"] == sum(one in (BLANK, SUPPRESSED) for one in said)
    else:
        assert found["value"] == sum(one for one in said if number(one))


@few
@given(ANSWERS, MISSING)
def test_one_more_missing_answer_never_makes_a_number(answers: list[tuple[Any, Any]], silent: str) -> None:
    """A school that says nothing leaves a ratio as it was and takes a total away; it is counted in both."""
    more = [*answers, (silent, silent)]
    before, after = town(SHARE, answers), town(SHARE, more)
    assert (before["value"], before["numerator"], before["denominator"]) == (
        after["value"],
        after["numerator"],
        after["denominator"],
    )
    assert json.loads(after["inputs"])[0]["not_answered"] >= 1
    assert town(COUNT, more)["value"] is None


@few
@given(ANSWERS)
def test_organisations_that_did_not_answer_are_no_denominator(answers: list[tuple[Any, Any]]) -> None:
    said = [0 if above == NOT_HELD else above for above, _ in answers]
    known = [one for one in said if number(one)]
    found = town(REACHED, answers)
    expected = (sum(one >= 5 for one in known), len(known)) if known else (None, None)
    assert (found["numerator"], found["denominator"]) == expected


@few
@given(st.lists(st.tuples(st.none() | KNOWN, st.none() | KNOWN), min_size=1, max_size=6))
def test_a_register_row_with_a_gap_is_out_of_both_sums(rows: list[tuple[int | None, int | None]]) -> None:
    plain = {
        "school_year": 2026,
        "municipality": "Город",
        "procedure": "start",
        "part": "",
        "subject": "russian",
        "grade": 5,
    }
    made = [
        {**plain, "org_id": f"s{place}", "below_base": above, "participants": below, "state": "observed"}
        for place, (above, below) in enumerate(rows)
    ]
    found = only(
        tried(WORKS, changes={"series": "single_year"}, diagnostics=table("diagnostics", made)),
        level="municipality",
    )
    whole = [(above, below) for above, below in rows if above is not None and below is not None and above <= below]
    under = sum(below for _, below in whole)
    if under:
        assert (found["numerator"], found["denominator"]) == (sum(above for above, _ in whole), under)
    else:
        assert (found["value"], found["numerator"]) == (None, None)


def of_years(**answers: dict[int, int | None]) -> pd.DataFrame:
    """Tickets that each school named in each year; None: the form came without this sheet."""
    rows = [
        cell(org, "bilet", "", said, year)
        for org, years in answers.items()
        for year, said in years.items()
        if said is not None
    ]
    return table("career", rows)


def elsewhere(*keys: tuple[str, int]) -> pd.DataFrame:
    """Who answered another sheet of the form."""
    return table("context", [cell(org, "pupils_total", "", 100, year) for org, year in keys])


def total_of(year: int, career: pd.DataFrame, context: pd.DataFrame) -> dict[str, Any]:
    found = tried(COUNT, career=career, context=context)
    return only(found, level="municipality", school_year=year)


def test_a_sheet_that_was_not_sent_takes_the_total_away() -> None:
    """s2 answered in 2025 and sends the rest of the form in 2026, but not this sheet: 12 of s1 is no total."""
    career = of_years(s1={2025: 10, 2026: 12}, s2={2025: 5, 2026: None})
    both = elsewhere(("s1", 2025), ("s1", 2026), ("s2", 2025), ("s2", 2026))
    assert total_of(2025, career, both)["value"] == 10 + 5
    now = total_of(2026, career, both)
    assert (now["value"], now["status"]) == (None, "no_data")
    assert json.loads(now["inputs"])[0]["not_answered"] == 1


def test_a_closed_school_and_one_never_asked_are_no_gap() -> None:
    career = of_years(s1={2025: 10, 2026: 12}, s2={2025: 5, 2026: None})
    closed = elsewhere(("s1", 2025), ("s1", 2026), ("s2", 2025))
    assert total_of(2026, career, closed)["value"] == 12
    garden = elsewhere(("s1", 2026), ("s2", 2025), ("garden", 2025), ("garden", 2026))
    assert total_of(2026, career, garden)["value"] == 12


@pytest.mark.parametrize("gap", ["suppressed", "blank", "not_drawn"])
@pytest.mark.parametrize("category", ["3", "4", "5"])
def test_a_sum_of_published_shares_lacks_no_category(gap: str, category: str) -> None:
    """«3», «4», «5» of 100 pupils; with one of them hidden the base level is not the sum of the other two."""
    shares = {"2": 0.1, "3": 0.4, "4": 0.3, "5": 0.2}
    rows = [
        {
            "level": "municipality",
            "group": "Город",
            "category": mark,
            "n": 100,
            "value": None if mark == category else share,
            "state": gap if mark == category else "observed",
        }
        for mark, share in shares.items()
    ]
    found = only(computed("vpr_base", group_results=marks(*rows)), level="municipality")
    assert (found["value"], found["numerator"], found["lower"]) == (None, None, None)
    assert found["status"] == {"blank": "no_data"}.get(gap, gap)


def test_works_per_class_are_a_sum_over_a_sum() -> None:
    """Two schools: 190 works in 10 classes and 30 in 5; a school without its classes is left out of both."""
    source = {
        "type": "form_rate",
        "table": "attendance",
        "numerator": ["scheduled_works"],
        "denominator": ["scheduled_classes"],
        "groups": ["basic"],
        "per": 1,
        "counts": "events",
    }
    said = {"s1": (190, 10), "s2": (30, 5), "s3": (80, BLANK)}
    rows = {org: {"scheduled_works/basic": works, "scheduled_classes/basic": n} for org, (works, n) in said.items()}
    found = only(
        tried(source, changes={"unit": "per_class"}, attendance=sheet("attendance", **rows)), level="municipality"
    )
    assert (found["value"], found["unit"], found["method"]) == ((190 + 30) / (10 + 5), "per_class", "poisson")
    with pytest.raises(ValueError, match="per_class"):
        passport(source)
