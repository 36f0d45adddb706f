"""What schools add between two external exams: a line through the country's schools, words of the own ones."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import tables
from pipeline.directions import registry
from pipeline.directions.added_means import steps
from pipeline.directions.chapter import Chapter
from pipeline.directions.panels import external_spread
from pipeline.presentation.blocks import FigureBlock, Paragraphs, plain
from pipeline.territory.profile import Country
from tests.directions.inputs import figures, findings, inputs, mean, tables_of

BULGARIA = Country(code="BG", title="Болгария")
OWN = 6
HELPED, FALLEN = "s000", "s001"


@cache
def country(schools: int = 300, others_now: str = "") -> pd.DataFrame:
    """Class 4 of 2023 and class 7 of 2026: later = earlier − 20; the first own school 25 points higher, the second
    lower. Classes of years around show how pupils scatter (20 points)."""
    rng = np.random.default_rng(7)
    rows = []
    for number in range(schools):
        org = f"s{number:03}"
        size = 90 if number < OWN else int(np.clip(rng.lognormal(3.3, 0.7), 8, 150))
        level = rng.normal(60, 8)
        extra = {HELPED: 25.0, FALLEN: -25.0}.get(org, float(rng.normal(0, 4)))
        for grade, true, years in ((4, level, (2022, 2023, 2024)), (7, level - 20 + extra, (2024, 2025, 2026))):
            for year in years:
                n = size * 3 if org == others_now and grade == 7 else size
                about = {"procedure": "nvo", "subject": "mathematics", "grade": grade, "school_year": year}
                value = round(float(rng.normal(true, 20 / n**0.5)), 2)
                rows.append(
                    {**about, "org_id": org, "series": f"nvo|{grade}", "unit": "points", "n": n, "value": value}
                )
    return tables.conform("country_schools", pd.DataFrame(rows))


def own(schools: pd.DataFrame) -> list[dict[str, Any]]:
    """Indicator rows of the own schools, their municipality and the country."""
    rows = []
    for one in schools[schools["org_id"] < f"s{OWN:03}"].to_dict("records"):
        about = {"level": "organisation", "group": one["org_id"], "group_label": f"СОУ {one['org_id'][1:]}"}
        places = {name: one[name] for name in ("grade", "school_year", "series")}
        rows.append(mean(one["value"], one["n"], **about, **places))
    rows += [mean(40.0, 500, school_year=2026), mean(40.0, 60_000, "country", school_year=2026)]
    return rows


def made(schools: pd.DataFrame) -> Chapter:
    given = inputs("achievement", *own(schools), country=BULGARIA)
    return registry.analyse(replace(given, country_schools=schools))


def spaced(words: str) -> str:
    return words.replace("\u00a0", " ").replace("\u202f", " ")


def test_two_schools_differ_from_what_was_expected_and_the_others_do_not(drawn: None) -> None:
    chapter = made(country())
    figure = figures(chapter)["external-added-4-7"]
    said = spaced(plain(figure.statement))
    assert spaced(figure.title) == "От 4 к 7 классу: от ожидаемого отличаются 2 результата из 6"
    assert "Математика: школ 6, у 1 выше ожидаемого; у 1 ниже ожидаемого; у 4 в пределах ожидаемого" in said
    assert "мест из 6, поэтому его нет" in said or "места из 6, поэтому его нет" in said
    rows = {
        row[0].text: [spaced(cell.text) for cell in row] for row in tables_of(chapter)["external-added-4-7-table"].rows
    }
    assert rows["СОУ 000"][4].startswith("▲ +")
    assert rows["СОУ 001"][4].startswith("▼ −")
    assert all(rows[f"СОУ 00{place}"][4].startswith("= ") for place in range(2, 6))
    assert spaced(findings(chapter)["external_added.4.7"]) == (
        "От 4 к 7 классу по прежним результатам тех же школ: математика, школ 6: выше ожидаемого — СОУ 000, ниже "
        "ожидаемого — СОУ 001."
    )


def test_the_expected_result_is_the_line_that_was_put_in() -> None:
    """Later = earlier − 20: a school of 90 pupils at 60 is expected near 40."""
    schools = country()
    known = external_spread.spreads(schools, ["mathematics"], 2026)
    assert [known["mathematics", grade].sigma2 ** 0.5 for grade in (4, 7)] == pytest.approx([20, 20], abs=2)
    (step,) = steps(schools, [HELPED], known, ["mathematics"], 2026)
    assert (step.before, step.after, step.schools) == ((4, 2023), (7, 2026), 300)
    fixed = step.added.model.fixed
    assert fixed is not None
    assert fixed["intercept"] + 60 * fixed["earlier"] == pytest.approx(40, abs=1)
    assert step.added.model.tau2**0.5 == pytest.approx(4, abs=1.5)


def test_another_class_sits_there_now() -> None:
    chapter = made(country(others_now=HELPED))
    rows = {row[0].text: [cell.text for cell in row] for row in tables_of(chapter)["external-added-4-7-table"].rows}
    assert rows["СОУ 000"][-1] == "состав сменился"


def test_a_school_that_rises_beside_the_country_is_named(drawn: None) -> None:
    """Class 7 of three years; one own school gains 20 points a year beside the country, the others nothing."""
    schools = country()
    gains = schools["school_year"].sub(2024).clip(lower=0) * 20
    risen = schools.assign(
        value=schools["value"] + gains.where((schools["org_id"] == FALLEN) & (schools["grade"] == 7), 0)
    )
    whole = [mean(40.0, 60_000, "country", grade=7, school_year=year, series="nvo|7") for year in (2024, 2025, 2026)]
    given = inputs(
        "achievement", *[row for row in own(risen) if row["level"] == "organisation"], *whole, country=BULGARIA
    )
    table = tables_of(registry.analyse(replace(given, country_schools=schools)))["external-trends"]
    assert [spaced(cell.text) for cell in table.rows[0]] == [
        "Математика, 7 класс",
        "2024–2026",
        "1: СОУ 001",
        "0",
        "5",
        "0",
    ]
    assert spaced(plain(table.statement)) == "Рядом со страной: Математика, 7 класс — рост у 1 из 6."


def test_without_schools_of_the_country_few_schools_say_nothing() -> None:
    """Six own schools: how pupils scatter is not known, so nothing is drawn and nothing is claimed."""
    schools = country()
    given = inputs("achievement", *own(schools), country=BULGARIA)
    chapter = registry.analyse(given)
    blocks = [one for section in chapter.sections.values() for one in section]
    assert not any("external-added" in one.id for one in blocks if isinstance(one, FigureBlock))
    assert not any("тех же школ" in plain(item) for one in blocks if isinstance(one, Paragraphs) for item in one.items)
    assert not any(name.startswith("external_added") for name in findings(chapter))


def test_a_later_exam_of_a_chosen_few_is_no_measure_of_the_school() -> None:
    schools = country().assign(n=lambda frame: frame["n"].where(frame["grade"] == 4, frame["n"] // 3))
    known = external_spread.spreads(schools, ["mathematics"], 2026)
    assert steps(schools, [HELPED], known, ["mathematics"], 2026) == []
