"""Counts over the years: arithmetic of two neighbouring years, and only where the same organisations answered."""

from __future__ import annotations

import json
from typing import Any

from pipeline.directions.panels import amounts
from pipeline.directions.panels.panel import Panel
from pipeline.presentation.blocks import TableBlock, plain
from tests.directions.inputs import count, inputs

FORM = {"procedure": "", "series": "||0||"}


def told(organisations: int) -> str:
    return json.dumps([{"file": "2026/ф.xlsx", "sheet": "2", "rows": organisations, "organisations": organisations}])


def newcomers(value: int, year: int, organisations: int = 8, **given: Any) -> dict[str, Any]:
    return count(value, "newcomers", school_year=year, **{**FORM, "inputs": told(organisations), **given})


def table(*rows: dict[str, Any], code: str = "teachers", indicators: tuple[str, ...] = ("newcomers",)) -> TableBlock:
    made: Panel = amounts.panel(inputs(code, *rows), indicators, "amounts", "Числа")
    (block,) = made.monitoring
    assert isinstance(block, TableBlock)
    return block


def lines(block: TableBlock) -> list[list[str]]:
    return [[cell.text.replace("\u00a0", " ") for cell in line] for line in block.rows]


def test_a_line_an_indicator_a_column_a_year_and_the_change_in_words() -> None:
    block = table(newcomers(4, 2024), newcomers(9, 2025), newcomers(7, 2026))
    assert [head.title for head in block.heads] == ["Показатель", "2023/24", "2024/25", "2025/26", "К предыдущему году"]
    assert lines(block) == [["Приняты молодые специалисты, чел.", "4", "9", "7", "на 2 меньше"]]
    assert plain(block.statement).startswith("К предыдущему году меньше — приняты молодые специалисты.")
    assert block.legend == ()


def test_equal_numbers_are_said_as_such() -> None:
    assert lines(table(newcomers(0, 2025), newcomers(0, 2026)))[0][1:] == ["0", "0", "столько же"]


def test_years_with_other_numbers_of_organisations_are_not_compared() -> None:
    block = table(newcomers(9, 2025, 8), newcomers(7, 2026, 6))
    assert lines(block)[0][-1] == "сравнить нельзя: ответили 6, годом раньше 8"
    assert "больше" not in plain(block.statement)


def test_a_gap_of_a_year_and_a_broken_series_are_no_change() -> None:
    skipped = table(newcomers(9, 2024), newcomers(7, 2026), count(3, "teachers_needed", school_year=2025, **FORM))
    assert lines(skipped)[0][-1] == "не с чем сравнить"
    broken = table(newcomers(9, 2025, series="a"), newcomers(7, 2026, series="b"))
    assert lines(broken)[0][-1] == "ряд прерван"


def test_a_year_without_a_count_has_the_mark_of_missing_data() -> None:
    needed = [count(3, "teachers_needed", school_year=year, **FORM) for year in (2025, 2026)]
    block = table(newcomers(7, 2026), *needed, indicators=("newcomers", "teachers_needed"))
    assert lines(block)[0] == ["Приняты молодые специалисты, чел.", "…", "7", "не с чем сравнить"]
    assert block.legend == ("… — нет данных",)


def test_a_chapter_shows_at_most_five_years() -> None:
    block = table(*(newcomers(year - 2000, year) for year in range(2020, 2027)))
    assert [head.title for head in block.heads][1] == "2021/22"


def test_a_share_is_no_count_and_nothing_is_no_table() -> None:
    assert amounts.panel(inputs("teachers"), ["newcomers", "vacancies_share"], "amounts", "Числа") == Panel()


def test_of_contests_an_organisation_without_a_row_had_nothing_to_tell() -> None:
    contests = [
        count(value, "teacher_contests", school_year=year, category="regional", **{**FORM, "inputs": told(number)})
        for value, year, number in ((6, 2025, 5), (13, 2026, 10))
    ]
    assert lines(table(*contests, indicators=("teacher_contests",)))[0][1:] == ["6", "13", "на 7 больше"]
