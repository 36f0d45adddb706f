"""Upbringing: rates per 1000 with their unit, and no school named where few children stand on a register."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.directions.chapter import Chapter
from pipeline.presentation.blocks import plain
from tests.directions.form_rows import fact, found, part, whole, words
from tests.directions.inputs import blocks, chapter, figures, findings, per_1000, said, tables_of

REGISTERS = [
    per_1000(60, 4000),
    per_1000(40, 1000, level="organisation", group="Школа А"),
    per_1000(10, 1000, level="organisation", group="Школа Б"),
    per_1000(0, 1500, level="organisation", group="Школа В"),
    per_1000(9, 500, level="organisation", group="Школа Г"),
]


def made(*rows: dict[str, Any]) -> Chapter:
    return chapter("upbringing", *REGISTERS, *rows)


def test_few_children_on_registers_name_no_school() -> None:
    chapter_ = made()
    everything = " ".join([*(str(block.payload()) for block in blocks(chapter_)), *findings(chapter_).values()])
    assert "Школа Г" not in everything
    assert "Школа А" in everything
    frame = chapter_.frames["registers_per_1000_organisations"]
    assert "Школа Г" not in frame["group_label"].tolist()
    figure = figures(chapter_)["registers-per-1000-organisations"]
    assert words(plain(figure.statement)).endswith("не показано организаций: 1 (одно из чисел менее 10).")


def test_a_school_unlike_the_rest_is_a_sign_in_persons_per_1000() -> None:
    # 40 of 1000 against the other 20 of 3000; 0 of 1500 against 60 of 2500
    signs = {finding.id: finding.kind for finding in made().findings}
    told = found(findings(made()))
    assert told["registers_per_1000.Школа А"] == (
        "Школа А: на учётах — 40,0 на 1000 (29,5–54,0), выше, чем в остальных организациях вместе "
        "(в муниципалитете 15,0 на 1000)."
    )
    assert signs["registers_per_1000.Школа А"] == "sign"
    assert "registers_per_1000.Школа Б" not in told


def test_where_few_may_be_shown_a_sentence_stands_for_the_chart() -> None:
    rows = [per_1000(25, 4000), *(per_1000(5, 800, level="organisation", group=f"Ш{i}") for i in range(5))]
    chapter_ = chapter("upbringing", *rows)
    assert "registers-per-1000-organisations" not in figures(chapter_)
    assert "На учётах по организациям: не показано организаций: 5 (одно из чисел менее 10)." in [
        words(line) for line in said(chapter_, "monitoring")
    ]


@pytest.mark.parametrize(("before", "word"), [(110, "снизился"), (62, None)])
def test_a_rate_changes_only_where_the_interval_allows(before: int, word: str | None) -> None:
    told = findings(made(per_1000(before, 4000, school_year=2025)))
    assert ("registers_per_1000.change" in told) is (word is not None)
    assert word is None or word in told["registers_per_1000.change"]


def test_the_table_of_indicators_judges_rates_and_prints_their_unit() -> None:
    table = tables_of(made(per_1000(110, 4000, school_year=2025)))["upbringing-indicators"]
    line = next(line for line in table.rows if line[0].text.startswith("На учётах"))
    assert [words(cell.text) for cell in line[1:4]] == [
        "15,0 на 1000 (11,7–19,3)",
        "4000",
        "−12,5 (27,5 на 1000)",
    ]
    assert line[-1].text == "лучше: снизился"


def test_schools_without_a_programme_are_named_and_movements_are_not_summed() -> None:
    rows = [
        fact("Школа А", "upbringing_programmes", True),
        fact("Школа Б", "upbringing_programmes", False),
        part("upbringing_programmes", 1, 2),
    ]
    table = tables_of(made(*rows))["upbringing-profile-lacking"]
    assert [[words(cell.text) for cell in line] for line in table.rows] == [
        ["Программа воспитания", "Программы воспитания", "1 из 2", "Школа Б"]
    ]
    assert any("не складываются" in line for line in said(made(*rows), "analysis"))


def test_prevention_is_counted_not_judged() -> None:
    rows = [whole("prevention_events", 40, 2025), whole("prevention_events", 90)]
    assert words(tables_of(made(*rows))["upbringing-amounts"].rows[0][-1].text) == "на 50 больше"
    assert not [name for name in findings(made(*rows)) if "prevention" in name]


def test_without_answers_the_chapter_says_who_supplies_them() -> None:
    assert list(findings(chapter("upbringing"))) == ["missing_sources"]
