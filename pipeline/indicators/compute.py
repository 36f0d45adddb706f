"""From clean tables and passports to one long table of indicators (schema INDICATORS)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline import tables as schema
from pipeline.indicators import counted, published
from pipeline.indicators.bounds import interval, per
from pipeline.indicators.cells import KEY, broken_down, cells, nothing, preferred
from pipeline.indicators.comparators import with_comparators
from pipeline.indicators.context import Context, Scope, build_scope
from pipeline.indicators.form_sources import FORM
from pipeline.indicators.forms import form_values
from pipeline.indicators.list_series import cut_by_lists
from pipeline.indicators.passport import Passport
from pipeline.indicators.register_sources import REGISTER
from pipeline.indicators.registers import register_values
from pipeline.indicators.series import series_keys
from pipeline.indicators.sources import Source, TasksBelow
from pipeline.indicators.unified import unified

Found = Mapping[str, pd.DataFrame]


def compute(tables: Mapping[str, pd.DataFrame], passports: Sequence[Passport], context: Context) -> pd.DataFrame:
    """All indicators of all school years up to the report year, sorted by indicator and key.

    `tables` are conformed clean tables by name; an absent one is empty.
    """
    return of_scope(unified(build_scope(tables, context, after_resits=True)), passports)


def of_scope(scope: Scope, passports: Sequence[Passport]) -> pd.DataFrame:
    """The same of tables that are gathered; means of scores are left out where the profile does not allow them."""
    found: dict[str, pd.DataFrame] = {}
    for passport in sorted(passports, key=_derived):
        if passport.means_of_scores and not scope.context.means_allowed:
            continue
        alternatives = [_values(source, passport, scope, found) for source in passport.sources]
        found[passport.id] = preferred(alternatives)
    compared = with_comparators(found, passports, scope)
    rows = [_rows(alike, compared, scope) for alike in _alike(passports, compared)]
    whole = schema.combine("indicators", rows)
    return whole.sort_values(list(schema.INDICATORS.key), kind="stable", ignore_index=True)


def _derived(passport: Passport) -> bool:
    return any(isinstance(source, TasksBelow) for source in passport.sources)


def _values(source: Source, passport: Passport, scope: Scope, found: Found) -> pd.DataFrame:
    """Cells of one alternative."""
    if isinstance(source, FORM):
        return form_values(source, scope, passport.levels)
    if isinstance(source, REGISTER):
        return register_values(source, scope, passport.levels, passport.breakdowns)
    if isinstance(source, TasksBelow):
        return _tasks_below(passport, found[source.indicator], scope)
    if isinstance(source, counted.COUNTED):
        return counted.counted_values(source, scope, passport.levels, passport.breakdowns)
    return published.published_values(source, scope, passport.levels)


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


def _alike(passports: Sequence[Passport], found: Found) -> list[list[Passport]]:
    """Passports with values, those of one shape together: their rows are finished by the same steps."""
    groups: dict[tuple[object, ...], list[Passport]] = {}
    for passport in passports:
        if len(found.get(passport.id, ())):
            groups.setdefault((passport.series, passport.kind, passport.unit, *per(passport)), []).append(passport)
    return list(groups.values())


def _rows(alike: Sequence[Passport], values: Found, scope: Scope) -> pd.DataFrame:
    """Cells of indicators of one shape as rows of the table: series, interval, status."""
    passport = alike[0]
    found = pd.concat([values[one.id].assign(indicator=one.id) for one in alike], ignore_index=True)
    lower, upper, method = interval(passport, found, scope)
    known = np.isfinite(lower)
    status = found["status"]
    if passport.kind in ("mean", "rate"):
        status = status.mask((status == "ok").to_numpy() & ~known, "spread_unknown")
    frame = found.drop(columns=["deviation", "scale", "exam_date"]).assign(
        direction=found["indicator"].map({one.id: one.direction for one in alike}),
        territory=scope.context.territory,
        period=found["indicator"].map({one.id: one.period for one in alike}),
        kind=passport.kind,
        unit=found["unit"].fillna(passport.unit),
        series=cut_by_lists(found, alike, series_keys(found, passport.series, scope.context.rules.series), scope),
        org_id=found["group"].where(found["level"] == "organisation"),
        lower=pd.Series(lower, index=found.index).where(known),
        upper=pd.Series(upper, index=found.index).where(known),
        confidence=pd.Series(scope.context.confidence, index=found.index).where(known),
        method=np.where(known, method, ""),
        status=status,
    )
    return schema.conform("indicators", frame)
