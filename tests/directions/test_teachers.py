"""Teachers: from deficits to training, need against newcomers; numbers by hand, no single teacher anywhere."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.directions.chapter import Chapter
from pipeline.presentation.blocks import plain
from tests.directions.form_rows import found, of, part, whole, words
from tests.directions.inputs import PASSPORTS, chapter, figures, findings, said, tables_of

CHAIN = [
    part("teachers_diagnosed", 100, 200),
    part("teachers_deficits", 50, 100),
    part("teachers_routes", 40, 50),
    part("training_addressed", 20, 50),
]


def made(*rows: dict[str, Any]) -> Chapter:
    return chapter("teachers", *CHAIN, *rows)


def test_the_way_from_a_diagnosis_to_training_is_one_chart() -> None:
    figure = figures(made())["teachers-chain"]
    assert words(figure.title) == "От диагностики к обучению: по найденному дефициту обучены 20 из 50"
    assert words(plain(figure.statement)) == (
        "Диагностика дефицитов — 50,0 % (43,1–56,9); дефицит найден — 50,0 % (40,4–59,6); "
        "индивидуальные маршруты — 80 % (67–89); обучены по дефициту — 40 % (28–54)."
    )


def test_how_many_were_left_without_training_is_a_finding() -> None:
    told = found(findings(made()))
    assert told["training_addressed.left"] == (
        "Из педагогов с найденным дефицитом по нему обучены 40 % (28–54); без такого обучения остались 30."
    )
    all_trained = chapter("teachers", *CHAIN[:-1], part("training_addressed", 50, 50))
    assert "training_addressed.left" not in findings(all_trained)


@pytest.mark.parametrize(("trained", "reason"), [(80, "не в числе мест"), (30, "не хватить могло и самих мест")])
def test_the_reason_depends_on_how_many_were_trained_at_all(trained: int, reason: str) -> None:
    (why,) = [line for line in said(made(part("trained_this_year", trained, 200)), "analysis") if "курсы" in line]
    assert reason in why
    assert "другие объяснения" in why


def test_an_older_year_is_not_put_beside_a_newer_one() -> None:
    old = chapter("teachers", part("training_addressed", 20, 50, 2025), part("teachers_diagnosed", 100, 200))
    assert "teachers-chain" not in figures(old)


def test_need_stands_beside_newcomers_by_organisation() -> None:
    rows = [
        whole("teachers_needed", 7),
        whole("newcomers", 4),
        whole("teachers_needed", 5, level="organisation", group="СОШ № 10"),
        whole("newcomers", 1, level="organisation", group="СОШ № 10"),
        whole("teachers_needed", 2, level="organisation", group="СОШ № 2"),
        of("СОШ № 2", "vacancies_share", 3, 40),
    ]
    table = tables_of(made(*rows))["teachers-staffing"]
    assert [[cell.text for cell in line] for line in table.rows] == [
        ["СОШ № 2", "40", "3", "2", "…", "…"],
        ["СОШ № 10", "…", "…", "5", "1", "…"],
    ]
    told = found(findings(made(*rows)))
    assert told["teachers_needed.newcomers"].endswith("7 — больше, чем молодых специалистов пришло за год (4).")
    fewer = made(whole("teachers_needed", 4), whole("newcomers", 4))
    assert "teachers_needed.newcomers" not in findings(fewer)


def test_a_proven_fall_is_a_problem_and_a_chance_one_is_not() -> None:
    fallen = made(part("course_requests_met", 200, 300), part("course_requests_met", 270, 300, 2025))
    assert "снизился" in findings(fallen)["course_requests_met.change"]
    same = made(part("course_requests_met", 200, 300), part("course_requests_met", 203, 300, 2025))
    assert "course_requests_met.change" not in findings(same)


def test_no_passport_breaks_down_by_teacher_or_touches_vpr() -> None:
    own = [one for one in PASSPORTS.values() if one.direction in ("teachers", "methodical")]
    assert own
    assert all(set(one.levels) <= {"municipality", "organisation"} for one in own)
    assert not any(one.uses_marks for one in own)


def test_without_answers_the_chapter_says_who_supplies_them() -> None:
    assert list(findings(chapter("teachers"))) == ["missing_sources"]
