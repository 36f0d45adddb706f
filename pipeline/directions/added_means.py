"""What schools add between two external exams of which only means are published.

The line of what is usual goes through all schools of the country that the files hold (else through the territory's own
ones); how far means of small schools lie from it by chance follows from the spread of pupils that the years show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.directions.panels.external_spread import Spreads
from pipeline.statistics.value_added import ValueAdded
from pipeline.statistics.value_added_means import Results, added

LATELY = 1  # an older cohort than that of the year before is no news
COVERED = 0.5  # of those who sat the earlier exam: under it the later one was sat by chosen pupils
KEPT = 0.5  # fewer (or more than twice as many) pupils: another class sits there now
BENT_FROM = 50  # schools from which on a line may bend


@dataclass(frozen=True)
class Step:
    """One cohort between two exams of one subject: `table` holds a row a school (org_id, n and value of both years,
    own), `added` what was estimated over those whose class stayed comparable."""

    subject: str
    before: tuple[int, int]  # grade, school year
    after: tuple[int, int]
    table: pd.DataFrame
    added: ValueAdded
    schools: int
    later: int  # schools with the later exam alone or with both
    marks: bool  # the later result is a mark, not points

    @property
    def grades(self) -> tuple[int, int]:
        return self.before[0], self.after[0]


def steps(rows: pd.DataFrame, own: Sequence[str], spreads: Spreads, subjects: Sequence[str], year: int) -> list[Step]:
    """The newest cohort of each subject between neighbouring exam grades, in their order.

    `rows` as the table `country_schools`; `spreads` of (subject, grade).
    """
    grades = sorted(int(grade) for grade in set(rows["grade"]))
    found = []
    for earlier, later in zip(grades, grades[1:], strict=False):
        for subject in subjects:
            step = _step(rows[rows["subject"] == subject], own, spreads, subject, (earlier, later), year)
            found += [step] if step else []
    return found


def _step(
    rows: pd.DataFrame, own: Sequence[str], spreads: Spreads, subject: str, grades: tuple[int, int], year: int
) -> Step | None:
    first, last = (spreads.get((subject, grade)) for grade in grades)
    if first is None or last is None or first.state != "estimated" or last.state != "estimated":
        return None
    for end in range(year, year - LATELY - 1, -1):
        start = end - grades[1] + grades[0]
        table = _paired(rows, grades, (start, end))
        if table is None or not set(own) & set(table["org_id"]):
            continue
        found = _added(table, first.sigma2, last.sigma2)
        ended = rows[(rows["grade"] == grades[1]) & (rows["school_year"] == end)]
        marked = table.assign(own=table["org_id"].isin(set(own)))
        return Step(
            subject,
            (grades[0], start),
            (grades[1], end),
            marked,
            found,
            len(table),
            len(ended),
            set(ended["unit"]) == {"mark"},
        )
    return None


def _paired(rows: pd.DataFrame, grades: tuple[int, int], years: tuple[int, int]) -> pd.DataFrame | None:
    """Schools with both results; None where nobody has them or the later exam was sat by a chosen few."""
    ends = [
        rows[(rows["grade"] == grade) & (rows["school_year"] == year)][["org_id", "n", "value"]]
        for grade, year in zip(grades, years, strict=True)
    ]
    both = ends[0].merge(ends[1], on="org_id", suffixes=("_before", "_after"))
    if both.empty or both["n_after"].sum() < COVERED * both["n_before"].sum():
        return None
    ratio = both["n_after"] / both["n_before"]
    return both.assign(stayed=ratio.between(KEPT, 1 / KEPT)).sort_values("org_id", ignore_index=True)


def _added(table: pd.DataFrame, sigma2_before: float, sigma2_after: float) -> ValueAdded:
    kept = table[table["stayed"]]
    before, after = (
        Results(
            kept[f"value_{name}"].to_numpy(float),
            sigma2 / kept[f"n_{name}"].to_numpy(float),
            kept[f"n_{name}"].to_numpy(float),
        )
        for name, sigma2 in (("before", sigma2_before), ("after", sigma2_after))
    )
    return added(kept["org_id"].tolist(), after, before, bent=len(kept) >= BENT_FROM)


def own_rows(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Indicator rows of the territory's own schools as the table `country_schools`."""
    columns = ["procedure", "subject", "grade", "school_year", "org_id", "series", "unit", "n", "value"]
    held = [row for row in rows if row["value"] is not None and row["n"]]
    frame = pd.DataFrame([{name: row[name] for name in columns} for row in held], columns=columns)
    return frame.astype({"n": np.int64, "value": np.float64}) if len(frame) else frame
