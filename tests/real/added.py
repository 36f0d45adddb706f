"""What schools add, against the national files: pairs of results by the csv module, the line by plain least squares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.real import recount
from tests.real.evidence import number
from tests.real.running import Made, Tally

FILE = "01_external_added.csv"
SPREAD = {"points": (9.0, 60.0), "marks": (0.7, 1.7)}  # of pupils, with what is unsure of the earlier result
FAR = {"points": 8.0, "marks": 0.25}  # between the line of the report and that of least squares, over the schools
Cohort = tuple[str, tuple[int, int], tuple[int, int]]  # subject, (class, year) before and after


def check(made: Made, folder: Path, municipality: str, tally: Tally) -> None:
    rows = made.report.rows(FILE)
    cohorts = {_cohort(row) for row in rows}
    tally.check(f"data/{FILE}: cohorts {sorted(cohorts)}", len(cohorts) >= 3)
    for cohort in sorted(cohorts):
        own = [row for row in rows if _cohort(row) == cohort]
        _pairs(cohort, own, folder, municipality, tally)
        _line(cohort, own, folder, tally)
    _words(rows, tally)


def _cohort(row: dict[str, str]) -> Cohort:
    ends = ((int(row[f"grade_{end}"]), int(row[f"year_{end}"])) for end in ("before", "after"))
    return (row["subject"], *ends)  # type: ignore[return-value]


def _codes(folder: Path, municipality: str) -> set[str]:
    """Schools that stand in the municipality in any file: in some years a few are written under another."""
    return {
        recount.codes(name, row)
        for name in recount.national_files()
        for row in recount.recount(folder, name)
        if row[1].casefold() == municipality
    }


def _both(cohort: Cohort, folder: Path) -> dict[str, tuple[int, float, int, float]]:
    """Code → number and mean before, number and mean after, of schools with both."""
    subject, *ends = cohort
    first, last = (_results(folder, grade, year, subject) for grade, year in ends)
    return {code: (*first[code], *last[code]) for code in sorted(set(first) & set(last))}


def _results(folder: Path, grade: int, year: int, subject: str) -> dict[str, tuple[int, float]]:
    found = {}
    for name in recount.national_files():
        if recount.year_of(name) != year or recount.grade_of(name) != grade:
            continue
        count, mean = recount.FILES[name][3][subject]
        for row in recount.recount(folder, name):
            if recount.number(row[count]) and row[mean].strip():
                found[recount.codes(name, row)] = (int(recount.number(row[count])), recount.number(row[mean]))
    return found


def _pairs(cohort: Cohort, own: list[dict[str, str]], folder: Path, municipality: str, tally: Tally) -> None:
    there = _codes(folder, municipality)
    wanted = {code: both for code, both in _both(cohort, folder).items() if code in there}
    seen = {
        row["org_id"].rpartition("-")[2]: tuple(
            number(row[name]) for name in ("n_before", "value_before", "n_after", "value_after")
        )
        for row in own
    }
    tally.same(f"{_said(cohort)}: the {len(wanted)} schools with both results", seen, wanted)


def _line(cohort: Cohort, own: list[dict[str, str]], folder: Path, tally: Tally) -> None:
    """Least squares with a square over the country, without any model of chance, lies near what is expected."""
    both = np.array(list(_both(cohort, folder).values()))
    n, x, m, y = both.T
    kept = (m >= n / 2) & (m <= 2 * n)
    line = np.polyfit(x[kept], y[kept], 2, w=np.sqrt(m[kept]))
    judged = [row for row in own if row["expected"] and min(number(row["n_before"]), number(row["n_after"])) >= 20]
    apart = [abs(number(row["expected"]) - np.polyval(line, number(row["value_before"]))) for row in judged]
    scale = _scale(cohort)
    tally.check(
        f"{_said(cohort)}: over {int(kept.sum())} schools of {len(both)} the line of least squares is "
        f"{np.median(apart) if apart else 0:.1f} from the expected results in the middle",
        not apart or float(np.median(apart)) < FAR[scale],
        apart,
    )
    tally.same(f"{_said(cohort)}: the schools of the country", {row["schools"] for row in own}, {str(len(both))})
    chance = [_chance(row) for row in judged if number(row["effect"])]
    low, high = SPREAD[scale]
    tally.check(f"{_said(cohort)}: pupils scatter by {low}–{high}", all(low < one < high for one in chance), chance)


def _scale(cohort: Cohort) -> str:
    return "marks" if cohort[2][0] == 12 else "points"


def _chance(row: dict[str, str]) -> float:
    """The spread of pupils behind an estimate: the part kept is τ² / (τ² + σ²/n)."""
    kept = number(row["effect"]) / (number(row["value_after"]) - number(row["expected"]))
    return float((number(row["tau"]) ** 2 * (1 / kept - 1) * number(row["n_after"])) ** 0.5)


def _words(rows: list[dict[str, str]], tally: Tally) -> None:
    """Words are those of the intervals, and no place is printed."""
    wrong = [row for row in rows if row["lower"] and row["word"] != _word(row)]
    tally.same("words of value added follow their intervals", wrong, [])
    titles: set[str] = set(rows[0]) if rows else set()
    tally.check("no school has a place", not titles & {"rank", "place"})


def _word(row: dict[str, Any]) -> str:
    if number(row["lower"]) > 0:
        return "выше ожидаемого"
    return "ниже ожидаемого" if number(row["upper"]) < 0 else "в пределах ожидаемого"


def _said(cohort: Cohort) -> str:
    subject, (grade, year), (later, end) = cohort
    return f"{subject}, class {grade} of {year} → {later} of {end}"
