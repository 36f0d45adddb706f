"""Chapter 11: ОГЭ beside what ВПР of class 8 and conditions let expect; trends of single schools."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipeline.directions import added_exam
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels import exam_added, resilience, school_years
from pipeline.presentation.blocks import FigureBlock, Paragraphs, plain
from pipeline.statistics.value_added import ABOVE, BELOW, WITHIN
from tests.directions.inputs import frame, inputs, share
from tests.directions.test_integrated import SOURCE, spaced, table, vpr
from tests.directions.test_integrated import cells as cells_of
from tests.directions.test_integrated import oge as oge_of
from tests.directions.test_integrated import words as words_of
from tests.directions.test_low_results import answers


def quality(org: int, part: int, whole: int, procedure: str, subject: str = "mathematics") -> dict[str, Any]:
    year, grade = (2026, 9) if procedure == "oge" else (2025, 8)
    about = {"level": "organisation", "group": f"s{org}", "group_label": f"МБОУ «СОШ № {org}»"}
    test = {"procedure": procedure, "subject": subject, "grade": grade, "school_year": year, "series": procedure}
    return share(part, whole, f"{procedure}_quality", **about, **test)


def cohorts(apart: dict[int, int], schools: int = 16) -> list[dict[str, Any]]:
    """Half of 80 pupils have «4» and «5», in some schools more in both years; `apart`: school → its own ОГЭ count."""
    rows = []
    for org in range(1, schools + 1):
        usual = 32 + org
        rows += [quality(org, usual, 80, "vpr"), quality(org, apart.get(org, usual + (-1) ** org * 2), 80, "oge")]
    return rows


def found(*rows: dict[str, Any], **given: Any) -> tuple[Inputs, Any]:
    made = inputs("integrated", *rows, **given)
    return made, exam_added.panel(made)


def test_a_school_far_above_and_one_far_below_what_was_expected(drawn: None) -> None:
    made, panel = found(*cohorts({3: 72, 14: 12}))
    (exam,) = added_exam.exams(made, None, ())
    words = {org: one.school.word for org, one in exam.judged.items()}
    assert words.pop("s3") == ABOVE
    assert words.pop("s14") == BELOW
    assert set(words.values()) == {WITHIN}
    (figure,) = panel.analysis
    assert isinstance(figure, FigureBlock)
    assert spaced(figure.title) == "ОГЭ рядом с ожидаемым по ВПР 8 класса: отличается 2 результата из 16"
    said = spaced(plain(figure.statement))
    assert "Математика: у 1 выше ожидаемого; у 1 ниже ожидаемого; у 14 в пределах ожидаемого." in said
    assert "порядка у них нет" in said


def test_differences_are_shares_around_the_expected_one() -> None:
    """Of a school without a part kept back the expected share and the difference give its own share back."""
    made, _ = found(*cohorts({3: 72}))
    (exam,) = added_exam.exams(made, None, ())
    one = exam.judged["s3"]
    assert 0 < one.lower < one.difference < one.upper < 1 - one.expected
    full = np.log(one.expected / (1 - one.expected)) + one.school.group.residual
    assert 1 / (1 + np.exp(-full)) == pytest.approx(72.5 / 81, abs=1e-9)


def test_alike_schools_get_a_sentence_and_no_picture() -> None:
    _, panel = found(*cohorts({}))
    (said,) = panel.analysis
    assert isinstance(said, Paragraphs)
    assert "отличия не больше случайных" in spaced(plain(said.items[0]))
    assert panel.findings == ()


TEST_8 = {"procedure": "vpr", "subject": "mathematics", "grade": 8}
LISTED = {**SOURCE, **TEST_8, "org_id": "s5", "school_year": 2025, "marker": 2, "state": "observed", "n_markers": 1}


def test_a_school_whose_vpr_somebody_asks_to_confirm_is_not_judged() -> None:
    """Its ВПР were helped: beside them its honest ОГЭ would look like a failure."""
    rows = [row for row in cohorts({}) if row["group"] != "s5"]
    rows += [quality(5, 76, 80, "vpr"), quality(5, 38, 80, "oge")]
    marked = frame("marked_schools", LISTED)
    made, panel = found(*rows, clean={"marked_schools": marked})
    (exam,) = added_exam.exams(made, None, {"s5"})
    assert "s5" not in exam.judged
    assert "Не судятся: 1 школа, где результаты просят перепроверить." in spaced(plain(panel.analysis[0].items[0]))


def test_few_schools_are_an_honest_line() -> None:
    _, panel = found(*cohorts({}, schools=4))
    assert "судить нельзя — школ с результатами меньше пяти" in spaced(plain(panel.analysis[0].items[0]))
    _, eight = found(*cohorts({}, schools=8))
    assert "школ меньше десяти" in spaced(plain(eight.analysis[0].items[0]))


def test_without_the_vpr_of_the_year_before_nothing_is_said() -> None:
    made = inputs("integrated", *(row for row in cohorts({}) if row["procedure"] == "oge"))
    assert exam_added.panel(made).analysis == ()


def oge(org: int, year: int, part: int, whole: int = 100) -> dict[str, Any]:
    about = {"level": "organisation", "group": f"s{org}", "group_label": f"МБОУ «СОШ № {org}»", "school_year": year}
    test = {"procedure": "oge", "subject": "mathematics", "grade": 9, "series": "oge"}
    return share(part, whole, "oge_below_minimum", **about, **test)


def years(shares: dict[int, tuple[int, int, int]]) -> Inputs:
    span = (2024, 2025, 2026)
    rows = [oge(org, year, part) for org, parts in shares.items() for year, part in zip(span, parts, strict=True)]
    return inputs("integrated", *rows)


def cells(made: Inputs) -> list[str]:
    (table,) = school_years.panel(made).monitoring
    return [spaced(cell.text) for cell in table.rows[0]]


def test_one_school_that_rises_is_named_and_the_others_are_counted() -> None:
    alike = {org: (20, 20 + org % 3, 20) for org in range(1, 12)}
    assert cells(years({**alike, 12: (5, 30, 70)})) == [
        "Математика, 9 класс: ниже порога ОГЭ",
        "1: СОШ № 12",
        "0",
        "11",
        "0",
    ]


def test_a_trend_of_all_schools_is_told_as_one() -> None:
    made = years({org: (40, 25, 12) for org in range(1, 13)})
    assert cells(made)[2] == "все 12"
    said = spaced(plain(school_years.panel(made).monitoring[0].statement))
    assert "снижение во всех школах" in said
    assert school_years.panel(made).findings == ()


def test_two_years_or_four_schools_are_no_trends() -> None:
    made = years({org: (40, 25, 12) for org in range(1, 5)})
    assert school_years.panel(made).monitoring == ()
    two = replace(made, indicators=made.indicators[made.indicators["school_year"] > 2024])
    assert school_years.panel(two).monitoring == ()


def test_value_added_above_is_resilience_too(drawn: None) -> None:
    """School 3 is on the list of hard conditions; its ОГЭ is far above what its ВПР of class 8 lets expect."""
    clean = answers((2026, 3, "shnsu_listed", 1))
    rows = [make(org, 20, 100) for org in range(1, 17) for make in (vpr, oge_of)]
    panel = resilience.panel(inputs("low_results", *rows, *cohorts({3: 72}), clean=clean))
    line = cells_of(table(panel, "resilience"))["МБОУ «СОШ № 3»"]
    assert line[-2:] == ["выше ожидаемого", "прибавка выше ожидаемой"]
    said = words_of(panel)["resilience.s3"]
    assert said.startswith("МБОУ «СОШ № 3»: условия сложные, а на ОГЭ «4» и «5» больше, чем дают ожидать ВПР 8 класса")
    assert "математика — 90 % (81–95), ожидалось " in said


def test_value_added_does_not_hide_lower_results() -> None:
    assert resilience._with_added(resilience.LOWER, ["выше ожидаемого"]) == "результаты ниже, прибавка выше ожидаемой"
    assert resilience._with_added(resilience.HOLDS, ["выше ожидаемого", "ниже ожидаемого"]) == resilience.HOLDS
    assert resilience._with_added(resilience.BETTER, ["выше ожидаемого"]) == resilience.BETTER
