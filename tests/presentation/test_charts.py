"""Charts: the same data give the same bytes, words stay words, nothing warns, odd frames do not fall over."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from pipeline.presentation import charts, theme
from pipeline.presentation.html import inline_svg

SVG = "{http://www.w3.org/2000/svg}"
TITLES = {mark: f"«{mark}»" for mark in "2345"}
SCHOOL = "МБОУ «СОШ № 5»\nпос. Заречный – $1"


@cache
def composition(chart_id: str = "marks") -> str:
    rows = [
        {"group": group, "label": label, "category": mark, "value": value, "n": n}
        for group, label, n, values in (
            ("RU", "РФ", 1_700_000, (0.05, 0.32, 0.45, 0.18)),
            ("s1", SCHOOL, 47, (0.25, 0.25, 0.25, 0.25)),
            ("s2", SCHOOL, 7, (0.0, 0.43, 0.57, 0.0)),
        )
        for mark, value in zip("2345", values, strict=True)
    ]
    return charts.composition(chart_id, pd.DataFrame(rows), theme.MARK_COLOURS, TITLES)


def spots(**columns: object) -> pd.DataFrame:
    given = {"label": ["А", SCHOOL], "value": [0.1, 0.2], "lower": [0.05, None], "upper": [0.15, None], "tone": ""}
    return pd.DataFrame({**given, **columns})


@cache
def dots(chart_id: str = "dots") -> str:
    return charts.dots(chart_id, spots(), (charts.Reference("муниципалитет", 0.12),), "Доля отметок «2»")


def years(**columns: object) -> pd.DataFrame:
    given = {
        "panel": "Русский язык, 4 класс",
        "line": "Округ",
        "year": [2022, 2023, 2024, 2026],
        "value": [0.1, 0.12, 0.2, 0.21],
        "lower": [0.08, 0.1, 0.15, None],
        "upper": [0.12, 0.15, 0.25, None],
        "series": ["a", "a", "b", "b"],
    }
    return pd.DataFrame({**given, **columns})


@cache
def trend(chart_id: str = "trend") -> str:
    return charts.trend(chart_id, years(), "Доля «2»")


@cache
def by_size(chart_id: str = "size") -> str:
    rows = pd.DataFrame({"n": [10, 20, 300], "value": [40.5, 50.0, 60.0]})
    return charts.by_size(chart_id, rows, (charts.Reference("страна", 49.0),), "Средний балл")


CHARTS: list[Any] = [composition, dots, trend, by_size]


def words(svg: str) -> str:
    return " ".join(unescape(text) for text in re.findall(r">([^<>]+)</text>", svg))


def each(svg: str, name: str) -> Iterator[ElementTree.Element]:
    return ElementTree.fromstring(svg).iter(f"{SVG}{name}")


@pytest.fixture(scope="module", autouse=True)
def _nothing_warns() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
def test_the_same_data_give_the_same_bytes(chart: Any) -> None:
    first = chart()
    assert first == chart.__wrapped__()
    assert first.startswith("<svg")
    assert ElementTree.fromstring(first).tag == f"{SVG}svg"
    assert "<!--" not in first


@pytest.mark.parametrize("chart", [composition, trend, by_size], ids=lambda chart: chart.__name__)
def test_two_charts_on_a_page_share_no_id(chart: Any) -> None:
    pages = [inline_svg(chart(name), name, "описание") for name in ("a", "b")]
    ids, clips = ([set(re.findall(found, page)) for page in pages] for found in (r' id="([^"]+)"', r"url\(#([^)]+)\)"))
    assert ids[0]
    assert not ids[0] & ids[1]
    assert clips[0] <= ids[0]


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (composition, ("РФ", "МБОУ «СОШ № 5»", "пос. Заречный – $1", "«2»", "Доля участников", "100\u202f%", "45")),
        (dots, ("муниципалитет", "МБОУ «СОШ № 5»", "Доля отметок «2»")),
        (trend, ("Русский язык, 4 класс", "2022", "2026", "Доля «2»")),
        (by_size, ("страна", "Участников в организации, человек", "Средний балл")),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_words_can_be_searched(chart: Any, said: tuple[str, ...]) -> None:
    svg = chart()
    assert [phrase for phrase in said if phrase not in words(svg)] == []
    assert "PT Sans" in svg


def test_schools_with_one_name_stay_two_bars() -> None:
    svg = composition()
    widths: dict[str, list[float]] = {mark: [] for mark in theme.MARK_COLOURS.values()}
    for patch in each(svg, "path"):
        colour = next((c for c in widths if c in patch.get("style", "")), None)
        if colour and patch.get("clip-path"):
            corners = [float(x) for x in re.findall(r"[ML] ([\d.]+) ", patch.get("d", ""))]
            widths[colour].append(max(corners) - min(corners))
    ones = widths[theme.MARK_COLOURS["2"]]
    assert len(ones) == 3
    assert ones[0] / ones[1] == pytest.approx(0.05 / 0.25, rel=1e-3)
    assert ones[2] == pytest.approx(0, abs=1e-6)


def test_bars_of_few_participants_bear_no_percent() -> None:
    labels = words(composition()).split()
    assert labels.count("25") == 4
    assert "43" not in labels
    assert "57" not in labels


def test_a_missing_category_is_an_empty_part() -> None:
    rows = pd.DataFrame({"group": ["a"], "label": ["А"], "category": ["3"], "value": [1.0], "n": [30]})
    assert "100" in words(charts.composition("x", rows, theme.MARK_COLOURS, TITLES)).split()


def test_a_step_of_two_and_a_half_percent_is_not_rounded() -> None:
    ticks = words(charts.dots("x", spots(), (), "Доля", limits=(0, 0.2))).replace("\u202f%", "").split()
    assert {"0", "2,5", "5", "7,5"} <= set(ticks)
    assert "3" not in ticks


def test_a_line_is_cut_where_the_series_changes_and_where_a_year_is_missing() -> None:
    parts = [part["year"].tolist() for part in charts.unbroken(years())]
    assert parts == [[2022, 2023], [2024], [2026]]
    shuffled = years().iloc[[3, 0, 2, 1]]
    assert [part["year"].tolist() for part in charts.unbroken(shuffled)] == parts


def test_two_points_are_no_line() -> None:
    def joined(frame: pd.DataFrame) -> int:
        paths = each(charts.trend("x", frame.assign(lower=None, upper=None), "Доля"), "path")
        drawn = [path for path in paths if path.get("clip-path") and theme.ACCENT in path.get("style", "")]
        return sum("L" in path.get("d", "") for path in drawn)

    assert joined(years().head(2)) == 0
    assert joined(years()) == 1
    assert joined(years(series="a")) == 1
    assert joined(years(series="a", year=[2021, 2022, 2024, 2025])) == 2


def test_several_lines_are_named() -> None:
    rows = pd.concat([years(), years(line="РФ"), years(line="Область")])
    assert {"Округ", "РФ", "Область"} <= set(words(charts.trend("x", rows, "Доля")).split())
    assert "Округ" not in words(charts.trend("x", years(), "Доля"))


@pytest.mark.parametrize(
    "draw",
    [
        lambda rows: charts.composition("x", rows, theme.MARK_COLOURS, TITLES),
        lambda rows: charts.dots("x", rows, (), "Доля"),
        lambda rows: charts.by_size("x", rows, (), "Балл"),
        lambda rows: charts.trend("x", rows, "Доля"),
    ],
    ids=["composition", "dots", "by_size", "trend"],
)
def test_no_rows_make_a_chart_that_says_so(draw: Callable[[pd.DataFrame], str]) -> None:
    columns = ["group", "label", "category", "value", "lower", "upper", "tone", "n", "panel", "line", "year", "series"]
    assert "Нет данных" in words(draw(pd.DataFrame(columns=columns)))


def test_one_row_without_bounds_is_drawn() -> None:
    row = spots().head(1).assign(lower=None, upper=None)
    one = years(lower=None, upper=None).head(1)
    assert "А" in words(charts.dots("x", row, (), "Доля"))
    assert "2022" in words(charts.trend("x", one, "Доля"))
    assert "Балл" in words(charts.by_size("x", pd.DataFrame({"n": [5], "value": [1.5]}), (), "Балл"))


def test_nullable_columns_of_the_indicators_table_are_drawn() -> None:
    typed = spots().astype({"value": "Float64", "lower": "Float64", "upper": "Float64"})
    assert charts.dots("x", typed, (), "Доля") == charts.dots("x", spots(), (), "Доля")


def test_a_bound_on_the_wrong_side_by_rounding_is_drawn() -> None:
    assert "2022" in words(charts.trend("x", years(lower=[0.1000001, 0.1, 0.1, 0.1], upper=0.3), "Доля"))


def test_colours_can_be_told_from_white_and_from_each_other() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(first: str, second: str) -> float:
        high, low = sorted((luminance(first), luminance(second)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    assert all(contrast(ink, "#ffffff") >= 4.5 for ink in (theme.INK, theme.GREY, theme.ACCENT, "#b4432f"))
    inks = {colour: theme.LABEL_ON.get(colour, theme.INK) for colour in theme.MARK_COLOURS.values()}
    on = {colour: "#ffffff" if ink == "white" else ink for colour, ink in inks.items()}
    assert {colour: round(contrast(colour, ink), 1) for colour, ink in on.items() if contrast(colour, ink) < 4.5} == {}
