"""External exams of means alone: a word of a school beside the country only where the years show the spread."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipeline.directions.chapter import Chapter
from pipeline.directions.panels.external_spread import beside
from pipeline.statistics.unknown_spread import Spread
from pipeline.territory.profile import Country
from tests.directions.inputs import chapter, figures, mean, tables_of
from tests.directions.test_panels import words

BULGARIA = Country(code="BG", title="Болгария")


def external(*rows: dict[str, Any]) -> Chapter:
    return chapter("achievement", *rows, country=BULGARIA)


def years_of_schools(count: int, seed: int = 3) -> list[dict[str, Any]]:
    """Means of schools in four years: pupils scatter by 20 points; one large school is truly 15 points higher."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        size = 120 if number == 0 else int(np.clip(rng.lognormal(3.2, 0.8), 2, 150))
        true = 55.0 if number == 0 else rng.normal(40, 3)
        for year in range(2023, 2027):
            about = {"level": "organisation", "group": f"s{number:03}", "group_label": f"s{number}"}
            rows.append(mean(round(float(rng.normal(true, 20 / size**0.5)), 2), size, school_year=year, **about))
    return rows


def test_a_school_beside_the_country_has_a_word_where_years_show_the_spread(drawn: None) -> None:
    made = external(*years_of_schools(60), mean(40.0, 3000), mean(40.0, 60_000, "country"))
    said = words(figures(made)["external-7"].statement)
    assert said.startswith("Математика: разброс результатов учеников — около ")
    sigma = float(
        said.removeprefix("Математика: разброс результатов учеников — около ").split(" ")[0].replace(",", ".")
    )
    assert sigma == pytest.approx(20, abs=4)
    assert "Школ 60: у 1 средний результат выше среднего по стране (Болгария); у " in said
    rows = [[words(cell.text) for cell in line] for line in tables_of(made)["external-table-7"].rows]
    assert [line[0] for line in rows if line[3].endswith("выше")] == ["s0"]


def test_few_schools_have_no_word_and_the_reason_is_told(drawn: None) -> None:
    made = external(*years_of_schools(13), mean(40.0, 3000), mean(40.0, 60_000, "country"))
    said = words(figures(made)["external-7"].statement)
    assert said.startswith("Математика: судить о различиях школ нельзя: ")
    rows = [words(line[3].text) for line in tables_of(made)["external-table-7"].rows]
    assert not any(word in cell for cell in rows for word in ("выше", "ниже"))


@pytest.mark.parametrize(
    ("value", "n", "verdict"),
    [
        (60.0, 100, "higher"),
        (20.0, 100, "lower"),
        (44.0, 100, "same"),
        (90.0, 9, "insufficient"),
        (None, 50, "insufficient"),
    ],
)
def test_word_of_one_school_by_hand(value: float | None, n: int, verdict: str) -> None:
    """σ at most 20: of 100 pupils the mean is known to 3.09 · 20 / 10 = 6.2 points at 99.8 %."""
    spread = Spread("estimated", "", 300.0, 250.0, 400.0, 10.0, 80)
    country = mean(40.0, 60_000, "country")
    assert beside(mean(value, n), country, spread, 10) == verdict
    assert beside(mean(value, n), None, spread, 10) == "insufficient"
    assert beside(mean(value, n), country, Spread("insufficient", "мало"), 10) == "insufficient"
