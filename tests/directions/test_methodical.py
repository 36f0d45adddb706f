"""Methodical work: help by request, mentoring by organisation, amounts of work without intervals."""

from __future__ import annotations

from typing import Any

from pipeline.directions.chapter import Chapter
from pipeline.presentation.blocks import plain
from tests.directions.form_rows import FORM, found, of, part, whole, words
from tests.directions.inputs import chapter, findings, row, said, tables_of

MENTORED = [
    part("young_mentored", 9, 12),
    of("СОШ № 2", "young_mentored", 5, 5),
    of("СОШ № 2", "mentors_trained", 2, 2),
    of("СОШ № 10", "young_mentored", 4, 7),
    of("СОШ № 10", "young_in_school", 3, 7),
    row("young_mentored", level="organisation", group="СОШ № 3", status="not_applicable", **FORM),
    of("СОШ № 3", "mentors_trained", 1, 2),
]


def made(*rows: dict[str, Any]) -> Chapter:
    return chapter("methodical", *MENTORED, *rows)


def test_parts_of_young_teachers_stand_by_organisation() -> None:
    table = tables_of(made())["mentoring"]
    assert [[words(cell.text) for cell in line] for line in table.rows] == [
        ["СОШ № 2", "5 из 5", "…", "2 из 2"],
        ["СОШ № 3", "×", "…", "1 из 2"],
        ["СОШ № 10", "4 из 7", "3 из 7", "…"],
    ]
    assert (
        words(plain(table.statement)) == "В муниципалитете наставник закреплён за 9 из 12 (47–91 %) молодых педагогов."
    )


def test_where_mentors_are_lacking_and_where_not() -> None:
    (where,) = [line for line in said(made(), "analysis") if "наставник" in line and "СОШ" in line]
    assert "Не за всеми молодыми педагогами закреплён наставник: СОШ № 10." in where
    assert "Наставник есть у каждого молодого педагога и все наставники обучены: СОШ № 2." in where
    told = found(findings(made()))
    assert told["young_mentored.left"].endswith("без него — 3 в 1 организации.")


def test_everybody_with_a_mentor_is_no_finding() -> None:
    full = chapter("methodical", part("young_mentored", 5, 5), of("СОШ № 2", "young_mentored", 5, 5))
    assert "young_mentored.left" not in findings(full)


def test_amounts_of_work_are_counted_and_none_held_is_zero() -> None:
    rows = [whole("union_leader_meetings", 3, 2025), whole("union_leader_meetings", 0)]
    line = tables_of(made(*rows))["methodical-amounts"].rows[0]
    assert [words(cell.text) for cell in line] == ["Совещания руководителей объединений", "3", "0", "на 3 меньше"]


def test_asking_for_help_is_neither_better_nor_worse() -> None:
    rows = [part("help_asked_share", 90, 300), part("help_asked_share", 30, 300, 2025)]
    kinds = {finding.id: finding.kind for finding in made(*rows).findings}
    assert kinds["help_asked_share.change"] == "sign"


def test_without_answers_the_chapter_says_who_supplies_them() -> None:
    assert list(findings(chapter("methodical"))) == ["missing_sources"]
