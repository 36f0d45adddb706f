"""ОГЭ: do primary scores of a school heap just above the bounds of marks? Protocols give totals only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.answers import FEWEST_PUPILS, FEWEST_SCHOOLS, lowest_totals
from pipeline.statistics import multiple
from pipeline.statistics.objectivity import heaping
from pipeline.statistics.objectivity.procedure import Procedure

Q = 0.10
COLUMNS = ["org", "subject", "n", "just_above", "near_bounds", "usual_above", "p"]


@dataclass(frozen=True)
class Heaps:
    """One row a school and subject of the report year; `adjusted` by Benjamini and Hochberg over all of them."""

    cells: pd.DataFrame

    @property
    def tested(self) -> int:
        return len(self.cells)

    @property
    def named(self) -> pd.DataFrame:
        return self.cells[self.cells["adjusted"] <= Q]


def heaps(inputs: Inputs) -> Heaps | None:
    """All subjects of ОГЭ with enough schools and pupils; None without any."""
    results = inputs.clean["results"]
    chosen = results[
        (results["procedure"] == "oge")
        & (results["school_year"] == inputs.settings.school_year)
        & (results["wave"] == "main")
    ].dropna(subset=["primary_score", "mark"])
    lines: list[list[object]] = []
    for subject, pupils in chosen.groupby("subject", sort=True):
        lines += _subject(str(subject), pupils, inputs.compare_from)
    if not lines:
        return None
    cells = pd.DataFrame(lines, columns=COLUMNS)
    return Heaps(cells.assign(adjusted=multiple.adjusted(cells["p"].to_numpy())))


def _subject(subject: str, pupils: pd.DataFrame, least: int) -> list[list[object]]:
    totals = np.rint(pupils["primary_score"].to_numpy(dtype=float)).astype(np.int64)
    school, organisations = pd.factorize(pupils["org_id"], sort=True)
    cuts = lowest_totals(totals, pupils["mark"].to_numpy(dtype=np.int64))
    if len(organisations) < FEWEST_SCHOOLS or len(totals) < FEWEST_PUPILS or not (cuts >= 2).any():
        return []
    place = school.astype(np.int64)
    whole = Procedure(totals[:, None], np.array([int(totals.max())]), cuts, place, place)
    above, near, chance = heaping.windows(whole, heaping.shape_of(whole), whole.school, whole.schools)
    sizes = np.bincount(place)
    return [
        [
            str(organisations[one]),
            subject,
            int(sizes[one]),
            int(above[one].sum()),
            int(near[one].sum()),
            float((near[one] * chance[one]).sum()),
            heaping.exact_p(above[one].tolist(), near[one].tolist(), chance[one].tolist()),
        ]
        for one in range(len(organisations))
        if sizes[one] >= least and near[one].sum()
    ]
