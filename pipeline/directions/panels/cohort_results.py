"""ВПР of a cohort beside its ОГЭ: how many «4» and «5» were foretold, how many came, over three cohorts of leavers.

Codes of pupils of the two procedures are not linked, so only shares of the whole cohort of a school are compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.directions.chapter import Inputs
from pipeline.presentation.claims import key_of
from pipeline.statistics import multiple
from pipeline.statistics.objectivity import cohorts

Row = Mapping[str, Any]
EARLIER, LATER = "vpr_quality", "oge_quality"
GRADES, LEAVERS = (8, 7, 6, 5), 9  # the nearest ВПР is taken
YEARS = 3
Q = 0.10
COLUMNS = ["year", "subject", "grade", "org", "label", "x1", "n1", "x2", "n2", "expected", "p", "key"]


@dataclass(frozen=True)
class Schools:
    """`cells`: one row a cohort, subject and school; `by_school`: observed, expected, p over all its cells, `adjusted`
    for the number of schools, sorted by organisation."""

    cells: pd.DataFrame
    by_school: pd.DataFrame

    @property
    def named(self) -> list[str]:
        """Organisations with fewer good marks than foretold, the surest first."""
        flagged = self.by_school[self.by_school["adjusted"] <= Q].sort_values("p", kind="stable")
        return [str(org) for org in flagged["org"]]


def compared(inputs: Inputs) -> Schools | None:
    """Three last cohorts up to the report year; None where no cohort has both results in enough schools."""
    rows = [
        row for row in inputs.rows(indicator=(EARLIER, LATER), level="organisation") if row["numerator"] is not None
    ]
    last = inputs.settings.school_year
    cells = [line for year in range(last - YEARS + 1, last + 1) for line in _year(inputs, rows, year)]
    if not cells:
        return None
    frame = pd.DataFrame(cells, columns=COLUMNS)
    return Schools(frame, _by_school(frame)) if frame["p"].notna().any() else None


def _year(inputs: Inputs, rows: Sequence[Row], year: int) -> list[list[Any]]:
    later = [row for row in rows if row["indicator"] == LATER and row["school_year"] == year]
    lines = []
    for subject in sorted({str(row["subject"]) for row in later if row["grade"] == LEAVERS}):
        for grade in GRADES:
            earlier = _of(rows, EARLIER, year - LEAVERS + grade, subject, grade)
            after = _of(rows, LATER, year, subject, LEAVERS)
            both = [org for org in sorted(earlier) if org in after and _large(inputs, earlier[org], after[org])]
            if len(both) >= cohorts.FEWEST:
                lines += _lines(year, subject, grade, [(earlier[org], after[org]) for org in both])
                break
    return lines


def _of(rows: Sequence[Row], indicator: str, year: int, subject: str, grade: int) -> dict[str, Row]:
    wanted = (indicator, year, subject, grade)
    names = ("indicator", "school_year", "subject", "grade")
    return {str(row["group"]): row for row in rows if tuple(row[name] for name in names) == wanted}


def _large(inputs: Inputs, *rows: Row) -> bool:
    return all(int(row["denominator"]) >= inputs.compare_from for row in rows)


def _lines(year: int, subject: str, grade: int, pairs: Sequence[tuple[Row, Row]]) -> list[list[Any]]:
    x1, n1, x2, n2 = (
        [int(pair[place][name]) for pair in pairs] for place in (0, 1) for name in ("numerator", "denominator")
    )
    found = cohorts.cohorts(x1, n1, x2, n2)
    return [
        [year, subject, grade, after["group"], after["group_label"], *counts, one.expected, one.p, key_of(after)]
        for (_, after), counts, one in zip(pairs, zip(x1, n1, x2, n2, strict=True), found, strict=True)
    ]


def _by_school(cells: pd.DataFrame) -> pd.DataFrame:
    known = cells[cells["p"].notna()]
    orgs, years, subjects = (sorted(known[name].unique()) for name in ("org", "year", "subject"))
    block = np.full((len(orgs), len(years), len(subjects)), np.nan)
    for org, year, subject, p in known[["org", "year", "subject", "p"]].itertuples(index=False):
        block[orgs.index(org), years.index(year), subjects.index(subject)] = p
    sums = known.groupby("org")[["n1", "x2", "n2", "expected"]].sum().loc[orgs]
    p = cohorts.together(block)
    return pd.DataFrame(
        {
            "org": orgs,
            "label": known.drop_duplicates("org", keep="last").set_index("org")["label"].loc[orgs].tolist(),
            "observed": sums["x2"].tolist(),
            "expected": sums["expected"].tolist(),
            "n": sums["n2"].tolist(),
            "p": p,
            "adjusted": multiple.adjusted(p),
        }
    )
