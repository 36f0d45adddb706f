"""Preschool: levels are counted and never averaged, kindergartens stand by name, access by age."""

from __future__ import annotations

import re
from functools import cache

import pytest

from pipeline.directions.chapter import Chapter
from pipeline.directions.panels import levels as panel
from pipeline.presentation.blocks import FigureBlock, plain
from tests.directions.form_chapters import cells, chapter, inputs, level, levels, share
from tests.directions.form_chapters import plain as words
from tests.directions.inputs import blocks, figures, findings, goal, said, tables_of

CONDITIONS, OVZ = "preschool_level_conditions", "preschool_level_ovz"
# Five kindergartens: two below the base level, two on it, one above; a year before one of them stood a step higher.
NOW, BEFORE = (1, 2, 3, 3, 5), (2, 2, 3, 2, None)


@cache
def made() -> Chapter:
    rows = [*levels(CONDITIONS, *NOW), *levels(CONDITIONS, *BEFORE, school_year=2025), *levels(OVZ, 3, 3, 4, 4, None)]
    return chapter("preschool", *rows)


def test_levels_are_counted_in_organisations() -> None:
    figure = figures(made())["preschool-levels"]
    title = "Уровни качества по областям: ниже базового уровня есть организации в 1 из 2 областей"
    assert words(figure.title) == title
    assert words(plain(figure.statement)) == (
        "Образовательные условия: «нужна серьёзная работа» — 1 из 5, «близко к базовому» — 1 из 5."
    )
    frame = made().frames["preschool_levels"]
    now = frame[(frame["group"] == f"{CONDITIONS} 2026")]
    assert now["organisations"].tolist() == [1, 1, 2, 0, 1]
    assert now["value"].tolist() == [1 / 5, 1 / 5, 2 / 5, 0, 1 / 5]


def test_no_mean_level_anywhere() -> None:
    """(1 + 2 + 3 + 3 + 5) / 5 = 2,8 of the conditions, (3 + 3 + 4 + 4) / 4 = 3,5 of the children with ОВЗ."""
    page = " ".join(repr(block) for block in blocks(made()) if not isinstance(block, FigureBlock))
    page += " ".join(f"{figure.title} {figure.alt} {plain(figure.statement)}" for figure in figures(made()).values())
    assert not re.search(r"\b(2,8|3,5)\b", page)
    assert "средн" not in page.replace("среднего уровня", "")


def test_kindergartens_by_area_are_read_without_colour() -> None:
    table = tables_of(made())["preschool-levels-organisations"]
    assert [head.title for head in table.heads] == ["Организация", "Образовательные условия", "Образование детей с ОВЗ"]
    assert cells(table) == [
        ["МБДОУ «Детский сад № 1»", "●○○○○ нужна серьёзная работа", "●●●○○ базовый"],
        ["МБДОУ «Детский сад № 2»", "●●○○○ близко к базовому", "●●●○○ базовый"],
        ["МБДОУ «Детский сад № 3»", "●●●○○ базовый", "●●●●○ хороший"],
        ["МБДОУ «Детский сад № 4»", "●●●○○ базовый", "●●●●○ хороший"],
        ["МБДОУ «Детский сад № 5»", "●●●●● превосходный", "×"],
    ]
    assert all(not cell.tone or cell.tone == "muted" for row in table.rows for cell in row)


def test_names_stand_by_number_not_by_level() -> None:
    rows = [level(number, 5 if number == 12 else 1, CONDITIONS) for number in (12, 2, 5)]
    table = tables_of(chapter("preschool", *rows, *levels(CONDITIONS, 1)[1:]))["preschool-levels-organisations"]
    assert [re.findall(r"\d+", row[0]) for row in cells(table)] == [["2"], ["5"], ["12"]]


def test_changes_are_counted_in_the_same_organisations() -> None:
    """Kindergarten 1 fell from 2 to 1, number 4 rose from 2 to 3, two stayed, the fifth had no level a year before."""
    table = tables_of(made())["preschool-levels-moves"]
    assert cells(table)[0] == ["Образовательные условия", "1", "2", "1", "1"]


def test_who_needs_help_and_whose_practice_fits() -> None:
    table = tables_of(made())["preschool-levels-practice"]
    assert cells(table) == [
        [
            "Образовательные условия",
            "МБДОУ «Детский сад № 1», МБДОУ «Детский сад № 2»",
            "МБДОУ «Детский сад № 5»",
        ]
    ]
    assert table.heads[2].title == "Хороший и превосходный уровень"


def test_finding_goal_and_recommendations_speak_of_levels() -> None:
    found = made()
    assert words(findings(found)["preschool_levels.below"]) == (
        "Ниже базового уровня оценено детских садов: образовательные условия — 2 из 5."
    )
    assert words(goal(found)).endswith("тех, кто сейчас на уровне «нужна серьёзная работа», — 1 из 5.")
    table = tables_of(found)["preschool-recommendations"]
    assert [row[0].split(":")[0] for row in cells(table)] == ["МБДОУ «Детский сад № 1»", "МБДОУ «Детский сад № 2»"]
    assert cells(table)[0][2] == "Образовательные условия: уровень «нужна серьёзная работа»"


def test_nobody_below_the_base_level() -> None:
    found = chapter("preschool", *levels(CONDITIONS, 3, 4, 5))
    assert figures(found)["preschool-levels"].title.endswith("ниже базового уровня нет никого ни в одной области")
    assert "preschool_levels.below" not in findings(found)
    assert not {"preschool-levels-practice", "preschool-recommendations"} & set(tables_of(found))


def test_levels_without_a_base_name_the_highest() -> None:
    made_panel = panel.panel(inputs("preschool", *levels(CONDITIONS, *NOW)), [CONDITIONS], "x", "Условия")
    figure = made_panel.monitoring[0]
    assert isinstance(figure, FigureBlock)
    assert words(figure.title) == "Условия: высший уровень у 1 из 5 организаций"
    assert made_panel.findings == ()


@pytest.mark.parametrize(
    ("queue", "said_of_it"), [((200, 1000), True), ((165, 1000), False)], ids=["more", "within error"]
)
def test_queue_is_called_grown_only_beyond_the_error(queue: tuple[int, int], said_of_it: bool) -> None:
    """157 of 1000 and 200 of 1000 differ (z = 2,5); 157 and 165 do not."""
    age = {"category": "under_3"}
    before = share(157, 1000, "preschool_queue", school_year=2025, **age)
    found = chapter("preschool", share(*queue, "preschool_queue", **age), before)
    assert ("preschool_queue.under_3.change" in findings(found)) is said_of_it
    assert ("preschool-recommendations" in tables_of(found)) is said_of_it
    if said_of_it:
        assert words(findings(found)["preschool_queue.under_3.change"]) == (
            "Очередь в детский сад (до 3 лет): 20,0 % (17,6–22,6) — за год показатель вырос (было 15,7 %)."
        )


def test_without_data_the_chapter_says_who_supplies_it() -> None:
    found = chapter("preschool")
    assert [(one.kind, one.id) for one in found.findings if one.kind != "goal"] == [("problem", "missing_sources")]
    assert "орган управления образованием" in " ".join([*findings(found).values(), *said(found, "lead")])
    assert not figures(found)
