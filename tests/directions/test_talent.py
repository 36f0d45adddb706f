"""Talents: stages of the olympiad in participations, subjects whose path breaks off, schools told apart by name."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from pipeline.directions.chapter import Chapter
from pipeline.presentation.blocks import plain
from tests.directions.form_chapters import cells, chapter, count, school, share
from tests.directions.form_chapters import plain as words
from tests.directions.inputs import SOURCE, figures, findings, frame, said, tables_of

STAGE = "olympiad_participations"
SUBJECT = "olympiad_participations_subject"
PRIZES, BY_SUBJECT = "olympiad_prize_share", "olympiad_prize_share_subject"


def line(
    stage: str, subject: str, took: int | None, prize: int | None, won: int | None, **given: Any
) -> dict[str, Any]:
    """One line of the register."""
    told = {"participants": took, "prize_winners": prize, "winners": won, "state": "observed"}
    about = {"school_year": 2026, "org_id": "s1", "event": "vsosh", "stage": stage, "subject": subject, "grade": 9}
    return {**SOURCE, **about, **told, **given}


@cache
def year() -> Chapter:
    return olympiad()


def olympiad(*extra: dict[str, Any]) -> Chapter:
    rows = [
        count(100, STAGE, category="school"),
        count(90, STAGE, category="school", school_year=2025),
        count(40, STAGE, category="municipal"),
        count(6, STAGE, category="regional", school_year=2025),
        share(10, 40, PRIZES, category="municipal"),
        count(70, SUBJECT, category="school", subject="biology"),
        count(30, SUBJECT, category="school", subject="history"),
        count(40, SUBJECT, category="municipal", subject="biology"),
    ]
    lines = [
        line("school", "biology", 70, 8, 2),
        line("school", "history", 30, 3, 1),
        line("municipal", "biology", 40, 7, 3),
        line("school", "biology", 90, 9, 9, school_year=2025),
        line("school", "biology", 55, 5, 5, event="другая олимпиада"),
        *extra,
    ]
    return chapter("talent", *rows, clean={"olympiad": frame("olympiad", *lines)})


def test_stages_over_the_years() -> None:
    """School stage: winners 2 + 1, prize-winners 8 + 3; of another olympiad and another year nothing is added."""
    assert cells(tables_of(year())["olympiad-stages"]) == [
        ["Школьный", "90", "100", "3", "11", "×"],
        ["Муниципальный", "…", "40", "3", "7", "25 % (14–40)"],
        ["Региональный", "6", "…", "…", "…", "…"],
    ]


def test_a_stage_without_lines_is_missing_not_empty() -> None:
    statement = words(plain(tables_of(year())["olympiad-stages"].statement))
    assert "За 2025/26 нет строк об этапах: региональный; это не значит, что участников не было." in statement


def test_blank_lines_are_said_beside_the_sum() -> None:
    made = olympiad(line("municipal", "history", 5, None, None), line("school", "law", 0, 0, 0, state="not_attempted"))
    assert cells(tables_of(made)["olympiad-stages"])[1][3:5] == [
        "3 (не заполнено: 1 строка)",
        "7 (не заполнено: 1 строка)",
    ]
    assert cells(tables_of(made)["olympiad-stages"])[0][3] == "3"


def test_a_subject_whose_path_breaks_off_is_named() -> None:
    made = year()
    assert words(findings(made)["olympiad.broken_path"]) == (
        "Всероссийская олимпиада: по 1 из 2 предметов школьного этапа на муниципальном не было ни одного участника: "
        "история."
    )
    assert cells(tables_of(made)["olympiad-subjects"]) == [
        ["Биология", "70", "40", "…"],
        ["История", "30", "…", "…"],
    ]


def test_without_the_municipal_stage_no_path_is_called_broken() -> None:
    made = chapter("talent", count(70, SUBJECT, category="school", subject="biology"))
    assert "olympiad.broken_path" not in findings(made)
    statement = words(plain(tables_of(made)["olympiad-subjects"].statement))
    assert statement == "Данных о муниципальном этапе нет: судить о пути участников дальше школы нельзя."


@pytest.mark.parametrize(
    ("low", "title"),
    [(2, "от остальных отличается 1 предмет из 3"), (25, "отличий предметов больше погрешности нет")],
    ids=["apart", "alike"],
)
def test_subjects_within_the_municipal_stage(low: int, title: str) -> None:
    """2 of 100 against 60 of 200 differ at 99,8 %; 25 of 100 do not."""
    parts = {"biology": 30, "history": 30, "russian": low}
    rows = [share(x, 100, BY_SUBJECT, category="municipal", subject=name) for name, x in parts.items()]
    made = chapter("talent", *rows, share(60 + low, 300, PRIZES, category="municipal"))
    figure = figures(made)["olympiad-places"]
    assert words(figure.title) == f"Места на муниципальном этапе по предметам: {title}"
    assert "не оценка учителей" in plain(figure.statement)
    assert not [one for one in made.findings if "olympiad_prize" in one.id]


def test_subjects_do_not_fill_the_table_of_indicators() -> None:
    names = [row[0] for row in cells(tables_of(year())["talent-indicators"])]
    assert not [name for name in names if "по предметам" in name]
    assert "Участия в олимпиаде: школьный" in names


def shifts(*parts: tuple[int, int]) -> list[dict[str, Any]]:
    """Schools 1, 2, … and the town."""
    schools = [school(number, x, n, "shifts_share") for number, (x, n) in enumerate(parts, 1)]
    return [share(sum(x for x, _ in parts), sum(n for _, n in parts), "shifts_share"), *schools]


def test_schools_that_differ_are_told_apart_without_a_rank() -> None:
    """60 of 200 against 22 of 402 in the others together."""
    made = chapter("talent", *shifts((10, 200), (60, 200), (2, 2), (10, 200)))
    table = tables_of(made)["talent-by-school"]
    assert cells(table) == [
        ["Муниципалитет", "13,6 %"],
        ["МБОУ «СОШ № 1»", "5,0 %"],
        ["МБОУ «СОШ № 2»", "30,0 %"],
        ["МБОУ «СОШ № 3»", "2 из 2"],
        ["МБОУ «СОШ № 4»", "5,0 %"],
    ]
    assert [row[1].tone for row in table.rows] == ["", "worse", "better", "", "worse"]
    assert cells(tables_of(made)["talent-by-school-apart"]) == [
        ["Образовательные смены", "МБОУ «СОШ № 1» (5,0 %), МБОУ «СОШ № 4» (5,0 %)", "МБОУ «СОШ № 2» (30,0 %)"]
    ]


def test_alike_schools_have_no_sign() -> None:
    made = chapter("talent", *shifts((20, 200), (22, 200), (19, 200)))
    table = tables_of(made)["talent-by-school"]
    assert {row[1].tone for row in table.rows} == {""}
    assert "не отличаются друг от друга" in plain(table.statement)
    assert "talent-by-school-apart" not in tables_of(made)


def test_two_schools_are_not_set_against_each_other() -> None:
    assert "talent-by-school" not in tables_of(chapter("talent", *shifts((10, 200), (60, 200))))


def test_without_data_nothing_is_claimed() -> None:
    made = chapter("talent")
    assert not figures(made)
    assert [one.id for one in made.findings if one.kind != "goal"] == ["missing_sources"]
    assert said(made, "lead")
