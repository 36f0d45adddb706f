"""Which rows of a clean table a source takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.indicators.context import Scope
from pipeline.indicators.filters import matching
from pipeline.indicators.form_answers import on_list
from pipeline.indicators.form_sources import Listed
from pipeline.indicators.sources import Rows

TEST = ["procedure", "school_year", "subject", "grade"]


def chosen(table: pd.DataFrame, source: Rows) -> pd.DataFrame:
    """Rows that meet all conditions of the source; where a test was written in several waves, of one of them."""
    return first_wave(table[matching(table, source.where)], source.waves)


def first_wave(rows: pd.DataFrame, waves: Sequence[str]) -> pd.DataFrame:
    """Of each test the rows of the first of the waves that has any; tables without waves as they are."""
    if "wave" not in rows.columns:
        return rows
    ranks = {wave: rank for rank, wave in enumerate(waves)}
    rank = rows["wave"].map(ranks)
    rows = rows[rank.notna()].assign(rank=rank[rank.notna()])
    if rows["rank"].nunique() <= 1:
        return rows.drop(columns="rank")
    first = rows.groupby(TEST)["rank"].transform("min")
    return rows[rows["rank"] == first].drop(columns="rank")


def of_list(rows: pd.DataFrame, listed: Listed | None, scope: Scope) -> pd.DataFrame:
    """Rows of the organisations that were on the list in the same school year; without a list all rows."""
    if listed is None:
        return rows
    keys = zip(rows["school_year"].astype("int64"), rows["org_id"].astype("object"), strict=True)
    return rows[np.fromiter((on_list(listed, key, scope) for key in keys), dtype=bool, count=len(rows))]
