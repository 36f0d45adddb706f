"""Values from registers of the collection form: olympiad, contests, roadmap, decisions, documents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.indicators.cells import EMPTY_KEY, KEY, cells, inputs, nothing
from pipeline.indicators.context import Scope
from pipeline.indicators.filters import matching
from pipeline.indicators.gaps import with_gaps
from pipeline.indicators.register_sources import Register, RegisterCount, RegisterShare, RegisterSource
from pipeline.indicators.rows import of_list
from pipeline.tables import CLEAN

BREAKDOWNS = ("procedure", "subject", "grade", "task")


def register_values(source: Register, scope: Scope, levels: Sequence[str], breakdowns: Sequence[str]) -> pd.DataFrame:
    """Cells of one source over a register."""
    table = scope.tables.get(source.table)
    if table is None or table.empty:
        return nothing()
    table = _with_whole_roadmap(table, source, scope)
    judged = _counted(source, table) if isinstance(source, RegisterCount) else _divided(source, table)
    rows = of_list(judged[matching(judged, source.where)], source.listed, scope)
    rows = _keyed(rows, source, breakdowns)
    frames = [_at_level(rows, level, source, scope) for level in levels if level in source.levels]
    ready = [frame for frame in frames if len(frame)]
    return cells(pd.concat(ready, ignore_index=True)) if ready else nothing()


def _with_whole_roadmap(table: pd.DataFrame, source: RegisterSource, scope: Scope) -> pd.DataFrame:
    """Every item of the roadmap in every year that the form speaks of: an item nobody reports on has no progress."""
    if source.table != "roadmap":
        return table
    directions = scope.context.roadmap
    known = table.assign(direction=table["item"].map(dict(directions)).astype("str").fillna(""))
    if not (isinstance(source, RegisterShare) and source.whole_roadmap):
        return known
    years = pd.DataFrame({"school_year": table["school_year"].drop_duplicates()})
    items = pd.DataFrame({"item": list(directions), "direction": list(directions.values())}, dtype="str")
    return years.merge(items, how="cross").merge(
        known.drop(columns="direction"), on=["school_year", "item"], how="left"
    )


def _observed(source: RegisterSource, table: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Sum of the columns in each row; missing where one of them is, or where the row holds no observation."""
    total = table[list(columns)].astype("Float64").sum(axis=1, min_count=len(columns))
    if "state" not in CLEAN[source.table].names:
        return total
    held = (table["state"] != "not_attempted").to_numpy()
    return total.where((table["state"] == "observed").to_numpy()).mask(~held, 0.0)


def _divided(source: RegisterShare, table: pd.DataFrame) -> pd.DataFrame:
    """Rows with `over`, `under` and whether they count: a blank row and a contradictory one are left out."""
    if not source.numerator:
        hit = matching(table, source.hit) & _followed(source, table)
        return table.assign(over=hit.astype("float64"), under=1.0, blank=False, wrong=False)
    over = _observed(source, table, source.numerator)
    under = _observed(source, table, source.denominator)
    blank = (over.isna() | under.isna()).to_numpy()
    wrong = (over > under).fillna(False).to_numpy() & ~blank
    return table.assign(over=over.mask(wrong), under=under.mask(wrong), blank=blank, wrong=wrong)


def _followed(source: RegisterShare, table: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows that a row of the same or a later year names as parent; numbers may begin anew each year."""
    if not source.followed_by:
        return np.ones(len(table), dtype=bool)
    keys = list(zip(table["school_year"].astype("int64"), table["decision"].astype("object"), strict=True))
    years: dict[str, list[int]] = {}
    for year, number in keys:
        years.setdefault(number, []).append(year)
    followers = table[matching(table, source.followed_by) & table["parent"].notna().to_numpy()]
    met = set()
    for year, parent in zip(followers["school_year"].astype("int64"), followers["parent"], strict=True):
        if earlier := [known for known in years.get(parent, ()) if known <= year]:
            met.add((max(earlier), parent))
    return np.fromiter((key in met for key in keys), dtype=bool, count=len(keys))


def _counted(source: RegisterCount, table: pd.DataFrame) -> pd.DataFrame:
    over = (
        _observed(source, table, source.total) if source.total else pd.Series(1.0, index=table.index, dtype="Float64")
    )
    return table.assign(over=over, under=np.nan, blank=over.isna(), wrong=False)


def _keyed(rows: pd.DataFrame, source: RegisterSource, breakdowns: Sequence[str]) -> pd.DataFrame:
    """The rows with all columns of the key: breakdowns the register has, the category, the rest empty."""
    built = {}
    for name in BREAKDOWNS:
        kept = name in breakdowns and name in rows.columns
        built[name] = rows[name].fillna(EMPTY_KEY[name]) if kept else EMPTY_KEY[name]
    category = rows[source.category].fillna("").astype("str") if source.category else ""
    org = rows["org_id"] if "org_id" in rows.columns else pd.Series(pd.NA, index=rows.index, dtype="str")
    return rows.assign(**built, category=category, org_id=org)


def _at_level(rows: pd.DataFrame, level: str, source: Register, scope: Scope) -> pd.DataFrame:
    held = rows[rows["org_id"].notna()] if level == "organisation" else rows
    gathered = scope.gathered(held, level)
    if gathered.empty:
        return gathered
    groups = gathered.groupby(KEY)
    gaps = groups[["blank", "wrong"]].sum()
    found = groups[["group_label"]].first().join(gaps)
    found = _number(found, gathered, source) if isinstance(source, RegisterCount) else _share(found, gathered)
    reported = gathered[gathered["source_file"].notna()]
    told = inputs(reported, KEY).reindex(found.index).fillna("[]")
    found = found.assign(inputs=with_gaps(told, found["blank"], found["wrong"]))
    return found.drop(columns=["blank", "wrong"]).reset_index()


def _share(found: pd.DataFrame, gathered: pd.DataFrame) -> pd.DataFrame:
    whole = gathered[~gathered["blank"] & ~gathered["wrong"]]
    sums = whole.groupby(KEY)[["over", "under"]].sum().reindex(found.index).astype("Float64")
    under = sums["under"].where((sums["under"] > 0).fillna(False))
    over = sums["over"].where(under.notna())
    return found.assign(numerator=over, denominator=under, n=under, value=over / under, numerator_basis="counted")


def _number(found: pd.DataFrame, gathered: pd.DataFrame, source: RegisterCount) -> pd.DataFrame:
    """Rows, distinct values or a sum; a sum that lacks a part is missing."""
    groups = gathered.groupby(KEY)
    total = groups[source.distinct].nunique() if source.distinct else groups["over"].sum()
    number = total.reindex(found.index).astype("Float64").where((found["blank"] == 0).to_numpy())
    return found.assign(value=number, n=number)
