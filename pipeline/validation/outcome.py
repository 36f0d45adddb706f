"""What a check across tables is given and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

TEST = ["procedure", "school_year", "wave", "subject", "grade"]
SOURCE = ["source_file", "source_sheet", "source_row"]
EPS = 1e-9


@dataclass(frozen=True)
class Data:
    """All clean tables of a territory (conformed, by name) and the Russian title of a subject by its code."""

    tables: Mapping[str, pd.DataFrame]
    title: Callable[[str], str] = str

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]


@dataclass(frozen=True)
class Outcome:
    """`evaluated` things were compared, `failed` of them did not agree; `rows` tell where, `note` adds numbers."""

    evaluated: int
    failed: int
    rows: pd.DataFrame
    note: str = ""


def by_row(rows: pd.DataFrame, wrong: pd.Series, note: str = "") -> Outcome:
    """Each row was compared; `wrong` is true where it disagrees."""
    failing = rows[wrong.fillna(False).astype(bool)]
    return Outcome(len(rows), len(failing), failing[SOURCE], note if len(failing) else "")


def by_group(rows: pd.DataFrame, keys: Sequence[str], wrong: pd.Series, note: str = "") -> Outcome:
    """Each group was compared; `wrong` is indexed by `keys`; the places are the rows of the wrong groups."""
    bad = wrong[wrong.fillna(False).astype(bool)]
    failing = rows.merge(bad.index.to_frame(index=False), on=list(keys), how="inner")
    return Outcome(len(wrong), len(bad), failing[SOURCE], note if len(bad) else "")


def half_step(rows: pd.DataFrame) -> pd.Series:
    """Half a unit of the last printed digit: `decimals` count digits of the percent for shares, of the number else."""
    shift = rows["unit"].eq("share").astype(int) * 2
    return 0.5 * 10.0 ** -(rows["decimals"].astype("Float64") + shift)
