"""Invented results of many pupils in the shape of the clean table `results`; no school stands behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline import tables

SCHOOLS, YEARS = 400, (2023, 2024, 2025, 2026)
OWN, NEIGHBOUR = "Главный район", "Соседний район"
REGION, ELSEWHERE = "Наша область", "Другая область"
# How often a result of each state is met; suppressed and blank ones carry no mark.
STATES = {"observed": 0.90, "absent": 0.06, "blank": 0.02, "suppressed": 0.01, "not_drawn": 0.01}
VPR = [("vpr", subject, grade) for subject in ("russian", "mathematics", "history") for grade in (4, 5, 6, 7, 8)]
OGE = [("oge", subject, 9) for subject in ("russian", "mathematics", "physics", "informatics")]
EGE = [("ege", subject, 11) for subject in ("russian", "mathematics", "physics", "informatics", "social_studies")]


@dataclass(frozen=True)
class Sitting:
    """Which school, year and test each row belongs to, as codes."""

    school: np.ndarray
    year: np.ndarray
    test: np.ndarray
    resit: np.ndarray


def results(rows: int, seed: int = 2026) -> pd.DataFrame:
    """A conformed table `results` of so many rows: 400 schools of three districts, four years, ВПР, ОГЭ and ЕГЭ."""
    rng = np.random.default_rng(seed)
    tests = pd.DataFrame([*VPR, *OGE, *EGE], columns=["procedure", "subject", "grade"])
    sat = Sitting(
        np.sort(rng.integers(0, SCHOOLS, rows)),
        rng.integers(0, len(YEARS), rows),
        rng.integers(0, len(tests), rows),
        rng.random(rows) < 0.03,
    )
    told = tests.iloc[sat.test].reset_index(drop=True)
    frame = told.assign(**_places(sat), **_marks(sat, told, rng), **_sources(sat, told))
    frame = frame.assign(
        school_year=np.array(YEARS)[sat.year],
        wave=np.where(sat.resit & (told["procedure"] != "vpr"), "resit", "main"),
        participant=pd.Series(np.arange(rows)).astype("str"),
    )
    return tables.conform("results", frame.sort_values(["source_file", "source_row"], kind="stable", ignore_index=True))


def _places(sat: Sitting) -> dict[str, np.ndarray]:
    """School, district, region: of ten schools eight are ours, one is the neighbour's, one is of another region."""
    names = np.array([f"school-{number:03d}" for number in range(SCHOOLS)])
    last = sat.school % 10
    return {
        "org_id": names[sat.school],
        "municipality": np.select([last == 8, last == 9], [NEIGHBOUR, "Далёкий район"], OWN),
        "region": np.where(last == 9, ELSEWHERE, REGION),
        "class_label": np.array(["А", "Б", "В"])[sat.school % 3],
    }


def _marks(sat: Sitting, told: pd.DataFrame, rng: np.random.Generator) -> dict[str, object]:
    """States, marks of ВПР and ОГЭ, points of ЕГЭ; a little of what a school, a subject and chance make of them."""
    rows = len(told)
    state = rng.choice(list(STATES), size=rows, p=list(STATES.values()))
    seen, exam = state == "observed", (told["procedure"] == "ege").to_numpy()
    able = rng.normal(0.3 * np.sin(sat.school) - 0.1 * (sat.test % 5), 1.0)
    mark = np.clip(np.floor(3.6 + able), 2, 5)
    points = np.clip(np.rint(55 + 18 * able), 0, 100)
    journal = np.clip(mark + rng.choice([-1, 0, 0, 0, 1], rows), 2, 5)
    most = np.where(exam, 100.0, 20.0 + sat.test)
    return {
        "state": state,
        "mark": pd.Series(np.where(seen & ~exam, mark, np.nan)).astype("Int64"),
        "mark_state": np.where(seen & ~exam, "observed", "blank"),
        "test_score": pd.Series(np.where(seen & exam, points, np.nan)).astype("Float64"),
        "primary_score": pd.Series(np.where(seen, np.rint(most * (mark - 1) / 5), np.nan)).astype("Float64"),
        "max_score": most,
        "journal_mark": pd.Series(np.where(exam, np.nan, journal)).astype("Int64"),
        "journal_mark_state": np.where(exam, "blank", "observed"),
    }


def _sources(sat: Sitting, told: pd.DataFrame) -> dict[str, object]:
    """A file a test and year, a row a result; a date and a scale a test."""
    year = np.array(YEARS)[sat.year]
    name = told["procedure"] + "_" + told["subject"] + told["grade"].astype("str") + "_" + pd.Series(year).astype("str")
    scale = told["procedure"].map({"vpr": "vpr-marks-2-5", "oge": "oge-marks-2-5", "ege": "ege-100"})
    return {
        "source_file": name + ".xlsx",
        "source_sheet": "Лист1",
        "source_row": name.groupby(name).cumcount() + 5,
        "scale": scale,
        "exam_date": pd.Series(year).astype("str") + "-05-20",
    }
