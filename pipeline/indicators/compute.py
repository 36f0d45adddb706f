"""From clean tables and passports to one long table of indicators (schema INDICATORS)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline import tables as schema
from pipeline.indicators import counted, published
from pipeline.indicators.cells import KEY, broken_down, cells, nothing, numbers, preferred
from pipeline.indicators.context import Context, Scope, build_scope
from pipeline.indicators.passport import Passport
from pipeline.indicators.series import series_keys
from pipeline.indicators.sources import (
    Consecutive,
    Count,
    CountedShare,
    Mean,
    PublishedCount,
    PublishedMean,
    PublishedShare,
    Source,
    TasksBelow,
)
from pipeline.indicators.unified import unified
from pipeline.statistics.intervals import mean_t, wilson

Found = Mapping[str, pd.DataFrame]
COMPARATORS = ("country", "region")


def compute(tables: Mapping[str, pd.DataFrame], passports: Sequence[Passport], context: Context) -> pd.DataFrame:
    """All indicators of all school years up to the report year, sorted by indicator and key.

    `tables` are conformed clean tables by name; an absent one is empty. Means of scores are left out where the
    territory's profile does not allow them.
    """
    scope = unified(build_scope(tables, context))
    found: dict[str, pd.DataFrame] = {}
    for passport in sorted(passports, key=_derived):
        if passport.means_of_scores and not context.means_allowed:
            continue
        alternatives = [_values(source, passport, scope, found) for source in passport.sources]
        found[passport.id] = preferred(alternatives)
    rows = [_rows(passport, found[passport.id], scope) for passport in passports if len(found.get(passport.id, ()))]
    whole = schema.combine("indicators", rows)
    return whole.sort_values(list(schema.INDICATORS.key), kind="stable", ignore_index=True)


def _derived(passport: Passport) -> bool:
    return any(isinstance(source, TasksBelow) for source in passport.sources)


def _values(source: Source, passport: Passport, scope: Scope, found: Found) -> pd.DataFrame:
    """Cells of one alternative."""
    match source:
        case PublishedShare():
            return published.published_share(source, scope, passport.levels)
        case PublishedMean():
            return published.published_mean(source, scope, passport.levels)
        case PublishedCount():
            return published.published_count(source, scope, passport.levels)
        case CountedShare():
            return counted.counted_share(source, scope, passport.levels, passport.breakdowns)
        case Mean():
            return counted.mean(source, scope, passport.levels, passport.breakdowns)
        case Count():
            return counted.count(source, scope, passport.levels, passport.breakdowns)
        case Consecutive():
            return counted.consecutive(source, scope, passport.levels, passport.breakdowns)
        case TasksBelow():
            return _tasks_below(passport, found[source.indicator], scope)


def _tasks_below(passport: Passport, tasks: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Tasks under the norm, per category; a year or a category that the norm does not cover is not_applicable."""
    limits = _limits(passport, tasks, scope)
    rows = broken_down(
        tasks.assign(below=tasks["value"] < limits, covered=limits.notna()), ["procedure", "subject", "grade"]
    )
    rows = rows[(rows["category"] != "") & rows["value"].notna()]
    if rows.empty:
        return nothing()
    groups = rows.groupby(KEY)
    about = groups[["group_label", "scale", "exam_date", "inputs"]].first()
    sums = groups[["below", "covered"]].sum().astype("float64")
    covered = sums["covered"] > 0
    status = pd.Series("ok", index=about.index, dtype="str").mask(~covered, "not_applicable")
    about = about.assign(status=status, value=sums["below"].where(covered), denominator=groups.size())
    about = about.assign(numerator=about["value"], n=groups["n"].max(), numerator_basis="counted")
    return cells(about.reset_index())


def _limits(passport: Passport, tasks: pd.DataFrame, scope: Scope) -> pd.Series:
    """The value under which a task is insufficiently done, by year and category; missing where no norm is in force."""
    distinct = tasks[["school_year", "category"]].drop_duplicates().itertuples(index=False)
    known: dict[tuple[int, str], float | None] = {}
    for year, category in distinct:
        norm = scope.context.rules.norm(passport.norm or "", int(year))
        level = norm.levels.get(str(category)) if norm else None
        known[int(year), str(category)] = level.insufficient_below if level else None
    pairs = zip(tasks["school_year"], tasks["category"], strict=True)
    return pd.Series([known[int(year), str(category)] for year, category in pairs], index=tasks.index, dtype="Float64")


def _rows(passport: Passport, found: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Cells of one indicator as rows of the table: series, interval, status."""
    lower, upper, method = _interval(passport, found, scope)
    known = np.isfinite(lower)
    status = found["status"]
    if passport.kind in ("mean", "rate"):
        status = status.mask((status == "ok").to_numpy() & ~known, "spread_unknown")
    frame = found.drop(columns=["deviation", "scale", "exam_date"]).assign(
        indicator=passport.id,
        direction=passport.direction,
        territory=scope.context.territory,
        period=passport.period,
        kind=passport.kind,
        unit=found["unit"].fillna(passport.unit),
        series=series_keys(found, passport.series, scope.context.rules.series),
        org_id=found["group"].where(found["level"] == "organisation"),
        lower=pd.Series(lower, index=found.index).where(known),
        upper=pd.Series(upper, index=found.index).where(known),
        confidence=pd.Series(scope.context.confidence, index=found.index).where(known),
        method=np.where(known, method, ""),
        status=status,
    )
    return schema.conform("indicators", frame)


def _interval(
    passport: Passport, found: pd.DataFrame, scope: Scope
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.str_]]:
    """Bounds and method; nan where there is nothing to build an interval on, and for large comparators."""
    value, n = numbers(found["value"]), numbers(found["n"])
    exact = found["level"].isin(COMPARATORS).to_numpy() & (n > scope.context.rules.publication.comparator_exact.value)
    open_ = np.isfinite(value) & (n > 0) & ~exact & (found["status"] == "ok").to_numpy()
    confidence = scope.context.confidence
    if passport.kind == "share":
        known = open_ & np.isfinite(numbers(found["numerator"]))
        lower, upper = wilson(
            np.where(known, numbers(found["numerator"]), np.nan), numbers(found["denominator"]), confidence
        )
        return lower, upper, np.full(len(found), "wilson")
    if passport.kind == "rate":
        return _rate_interval(found, open_, confidence)
    deviation = np.where(open_, numbers(found["deviation"]), np.nan)
    lower, upper = mean_t(value, deviation, n, confidence)
    return lower, upper, np.full(len(found), "t")


def _rate_interval(
    found: pd.DataFrame, open_: NDArray[np.bool_], confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.str_]]:
    """Interval of a rate of points: Student's t over pupils, cut at 0 and 1.

    One-point tasks are shares, and where all pupils scored alike the spread says nothing: Wilson over points in units
    of the maximum, which is exact for the former and conservative for the latter.
    """
    value, n = numbers(found["value"]), numbers(found["n"])
    deviation = numbers(found["deviation"])
    as_share = (numbers(found["max_score"]) == 1) | (deviation == 0) | (n == 1)
    lower, upper = mean_t(value, deviation, n, confidence)
    low, high = wilson(np.where(open_, np.clip(value * n, 0, n), np.nan), n, confidence)
    chosen_lower = np.where(as_share, low, np.clip(lower, 0, 1))
    chosen_upper = np.where(as_share, high, np.clip(upper, 0, 1))
    return (
        np.where(open_, chosen_lower, np.nan),
        np.where(open_, chosen_upper, np.nan),
        np.where(as_share, "wilson", "t"),
    )
