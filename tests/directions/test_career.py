"""Career guidance: leavers with the denominators of К-7.1, the rest said to be unknown."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.directions.chapter import Chapter
from pipeline.presentation.blocks import plain
from tests.directions.form_chapters import cells, chapter, school, share
from tests.directions.form_chapters import plain as words
from tests.directions.inputs import figures, findings, said, tables_of


def leavers(colleges_9: int = 60, universities: int = 25, colleges_11: int = 10, **given: Any) -> list[dict[str, Any]]:
    """100 leavers of class 9, 50 of class 11."""
    entered = colleges_9 + universities + colleges_11
    return [
        share(colleges_9, 100, "leavers_9_colleges", **given),
        share(universities, 50, "leavers_11_universities", **given),
        share(colleges_11, 50, "leavers_11_colleges", **given),
        share(entered, 150, "leavers_entered", **given),
    ]


def test_bars_of_both_classes_sum_to_all_leavers() -> None:
    """Class 9: 60 and the rest 40 of 100; class 11: 25, 10 and the rest 15 of 50."""
    frame = chapter("career", *leavers(), *leavers(50, 20, 10, school_year=2025)).frames["leavers"]
    now = frame[frame["school_year"] == 2026]
    told = [tuple(one) for one in now[["grade", "category", "count"]].to_numpy().tolist()]
    assert told == [
        (9, "colleges", 60),
        (9, "rest", 40),
        (11, "universities", 25),
        (11, "colleges", 10),
        (11, "rest", 15),
    ]
    assert frame.groupby("group")["value"].sum().round(9).tolist() == [1.0] * 4


def test_the_rest_is_not_called_those_who_failed() -> None:
    figure = figures(chapter("career", *leavers()))["leavers"]
    assert (
        words(figure.title) == "Куда поступили выпускники: из 9 класса в колледжи — 60,0 %; из 11 класса в вузы — 50 %"
    )
    assert "не только не поступившие" in plain(figure.statement)
    assert "10 класс" in plain(figure.statement)


@pytest.mark.parametrize(
    "rows",
    [
        [share(25, 50, "leavers_11_universities"), share(10, 40, "leavers_11_colleges")],
        [share(40, 50, "leavers_11_universities"), share(20, 50, "leavers_11_colleges")],
        [share(25, 50, "leavers_11_universities")],
    ],
    ids=["answered by other schools", "more than all", "half known"],
)
def test_parts_that_do_not_make_a_whole_are_not_stacked(rows: list[dict[str, Any]]) -> None:
    made = chapter("career", *rows)
    assert "leavers" not in figures(made)
    assert "career-indicators" in tables_of(made)


def test_fewer_in_universities_is_asked_about_not_blamed() -> None:
    """50 % of 500 against 60 % of 500: z = 3,2."""
    rows = [share(250, 500, "leavers_11_universities"), share(300, 500, "leavers_11_universities", school_year=2025)]
    made = chapter("career", *rows)
    changed = words(findings(made)["leavers_11_universities.change"])
    assert changed.startswith("Из 11 класса в вузы: 50,0 % (45,6–54,4) — за год показатель снизился (было 60,0 %).")
    assert "не считая его заранее ухудшением" in cells(tables_of(made)["career-recommendations"])[0][1]


def trials(*parts: tuple[int, int]) -> Chapter:
    schools = [school(number, x, n, "career_trials") for number, (x, n) in enumerate(parts, 1)]
    return chapter("career", share(sum(x for x, _ in parts), sum(n for _, n in parts), "career_trials"), *schools)


def test_a_school_under_the_others_gets_an_addressed_recommendation() -> None:
    made = trials((60, 200), (55, 200), (10, 200))
    table = cells(tables_of(made)["career-recommendations"])
    assert [row[0].split(":")[0] for row in table] == ["МБОУ «СОШ № 3»"]
    assert table[0][3] == "15.09.2027"


def test_alike_schools_get_none() -> None:
    made = trials((60, 200), (55, 200), (58, 200))
    assert "career-recommendations" not in tables_of(made)
    assert not [one for one in made.findings if one.kind in ("risk", "strength")]


def test_what_the_denominators_hide_is_said() -> None:
    told = " ".join(said(chapter("career", *leavers()), "analysis"))
    assert "девятиклассники, перешедшие в 10 класс" in told
    assert "Индекс готовности к ЕГЭ назван в документе Е без определения" in told


def test_without_data_nothing_is_claimed() -> None:
    made = chapter("career")
    assert not figures(made)
    assert [one.id for one in made.findings if one.kind != "goal"] == ["missing_sources"]
