"""Values taken from aggregates as a source printed them: shares, means, numbers of participants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.indicators.cells import cells, inputs, nothing, numbers, preferred
from pipeline.indicators.context import Scope
from pipeline.indicators.rows import chosen
from pipeline.indicators.sources import PublishedCount, PublishedMean, PublishedShare
from pipeline.indicators.summed import from_organisations
from pipeline.indicators.unified import BY
from pipeline.statistics.recovery import UNKNOWN, agrees, recover_many

SHARE_DIGITS = 12  # a sum of published shares is as exact as its parts: 0.3365 + 0.0588 is 0.3953
# A published value that was not observed for one of these reasons says so; any other reason is «no data».
TELLING = {"suppressed": "suppressed", "not_drawn": "not_drawn"}


def published_values(
    source: PublishedShare | PublishedMean | PublishedCount, scope: Scope, levels: Sequence[str]
) -> pd.DataFrame:
    """Cells of one source that takes values as printed."""
    match source:
        case PublishedShare():
            return published_share(source, scope, levels)
        case PublishedMean():
            return published_mean(source, scope, levels)
        case PublishedCount():
            return published_count(source, scope, levels)


def published_share(source: PublishedShare, scope: Scope, levels: Sequence[str]) -> pd.DataFrame:
    """Sum of the shares of the categories; the numerator as the source counted it, else recovered, else summed over the
    municipality's organisations, else unknown."""
    measured = _measured(source, scope)
    rows = _of_levels(measured, levels)
    rows = rows[rows["category"].isin(source.categories)]
    rows = rows.assign(base=_base(source, measured, rows))
    rows = rows.assign(counted=_counts(rows), recovered=_recovered(rows))
    if rows.empty:
        return nothing()
    found = _described(rows)
    sums = rows.groupby(BY)[["share", "counted", "recovered"]].sum(min_count=len(source.categories)).loc[found.index]
    counted, recovered, n = numbers(sums["counted"]), numbers(sums["recovered"]), numbers(found["n"])
    base = np.where(np.isfinite(counted), numbers(rows.groupby(BY)["base"].first().loc[found.index]), n)
    value = sums["share"].round(SHARE_DIGITS).where(n > 0)
    numerator = np.where(np.isfinite(counted), counted, recovered)
    rounding = rows.groupby(BY)["digits"].min().loc[found.index].rpow(10).rdiv(0.005 * len(source.categories))
    numerator = from_organisations(found.assign(value=value), numerator, rounding)
    basis = np.select([np.isfinite(counted), np.isfinite(numerator)], ["counted", "recovered"], "published")
    found = found.assign(value=value, numerator=numerator, denominator=base, n=base)
    found = found.assign(numerator_basis=basis, published=_printed(rows, found.index, len(source.categories)))
    return cells(found.reset_index())


def published_mean(source: PublishedMean, scope: Scope, levels: Sequence[str]) -> pd.DataFrame:
    """Means as published; with `add_up` also means of levels that no row states, weighted with n over the schools."""
    measured = _measured(source, scope)
    return preferred(
        [_stated_means(_of_levels(measured, levels)), *_added_up(source, measured, scope, levels, _weighted)]
    )


def _stated_means(rows: pd.DataFrame) -> pd.DataFrame:
    if rows.empty:
        return nothing()
    found = _described(rows)
    value = rows.groupby(BY)["value"].first().loc[found.index].where(numbers(found["n"]) > 0)
    unit = rows.groupby(BY)["unit"].first().loc[found.index]
    found = found.assign(value=value, unit=unit, denominator=found["n"], published=_printed_means(rows, found.index))
    return _spread_unknown(found.reset_index())


def published_count(source: PublishedCount, scope: Scope, levels: Sequence[str]) -> pd.DataFrame:
    """Participants or organisations as published; with `add_up` also sums over the schools where no row states them."""
    measured = _measured(source, scope)
    total = partial(_total, column=source.column)
    stated = _stated_counts(_of_levels(measured, levels), source.column)
    return preferred([stated, *_added_up(source, measured, scope, levels, total)])


def _stated_counts(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    if rows.empty:
        return nothing()
    found = _described(rows)
    return cells(found.assign(value=rows.groupby(BY)[column].first().loc[found.index]).reset_index())


def _measured(source: PublishedShare | PublishedMean | PublishedCount, scope: Scope) -> pd.DataFrame:
    """Rows of the measure; a blank value without a number of participants states nothing and makes no row."""
    rows = chosen(scope.tables["group_results"], source)
    silent = (rows["state"] == "blank") & rows["n"].isna()
    return rows[(rows["measure"] == source.measure) & ~silent]


def _of_levels(rows: pd.DataFrame, levels: Sequence[str]) -> pd.DataFrame:
    """Rows of the wanted levels; municipalities and organisations only the territory's."""
    wanted = rows["level"].isin(levels) & (~rows["level"].isin(["municipality", "organisation"]) | rows["own"])
    return rows[wanted].drop_duplicates([*BY, "category"])


def _described(rows: pd.DataFrame) -> pd.DataFrame:
    """Per key: label, organisation, test, n, source rows; `status` where the state tells why there is no value."""
    found = rows.assign(status=rows["state"].map(TELLING)).groupby(BY)
    about = found[["group_label", "org_id", "scale", "max_score", "exam_date", "status"]].first()
    return about.assign(n=found["n"].max(), inputs=inputs(rows, BY))


def _base(source: PublishedShare, measured: pd.DataFrame, rows: pd.DataFrame) -> NDArray[np.float64]:
    """What published counts are shares of: n, or the sum of the counts over the whole."""
    if source.denominator == "n":
        return numbers(rows["n"])
    whole = measured[measured["category"].isin(source.whole)].drop_duplicates([*BY, "category"])
    sums = whole.groupby(BY)["count"].sum(min_count=len(source.whole)).rename("base")
    return numbers(rows[BY].merge(sums.reset_index(), on=BY, how="left")["base"])


def _counts(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Published counts that agree with the published percent; nan where there is none or it contradicts."""
    count, base = numbers(rows["count"]), numbers(rows["base"])
    digits, units = numbers(rows["digits"]), numbers(rows["units"])
    present = np.isfinite(count) & np.isfinite(base) & np.isfinite(units)
    fits = agrees(*(np.where(present, np.nan_to_num(part), 0).astype("int64") for part in (count, units, digits, base)))
    unstated = ~np.isfinite(digits) & (count <= base)
    return np.where(present & (fits | unstated), count, np.nan)


def _recovered(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Counts that follow from percent and n alone; nan where several would do, or none."""
    parts = [numbers(rows[name]) for name in ("units", "digits", "n")]
    present = np.logical_and.reduce([np.isfinite(part) for part in parts])
    found = recover_many(*(np.where(present, np.nan_to_num(part), 0).astype("int64") for part in parts))
    return np.where(present & (found != UNKNOWN), found.astype(float), np.nan)


def _printed(rows: pd.DataFrame, index: pd.Index, categories: int) -> pd.Series:
    """The percent as the source states it, with a decimal comma; a sum of several was never printed."""
    if categories > 1:
        return pd.Series(pd.NA, index=index, dtype="str")
    digits = numbers(rows["digits"])
    percents = numbers(rows["units"]) / 10 ** np.nan_to_num(digits)
    texts = [
        f"{percent:.{int(places)}f} %".replace(".", ",") if np.isfinite(percent) and np.isfinite(places) else None
        for percent, places in zip(percents, digits, strict=True)
    ]
    return _texts(rows, index, texts)


def _printed_means(rows: pd.DataFrame, index: pd.Index) -> pd.Series:
    """The mean as the source states it, without trailing zeros, with a decimal comma."""
    texts = [f"{value:.12g}".replace(".", ",") if np.isfinite(value) else None for value in numbers(rows["value"])]
    return _texts(rows, index, texts)


def _texts(rows: pd.DataFrame, index: pd.Index, texts: Sequence[str | None]) -> pd.Series:
    return rows.assign(text=pd.Series(texts, index=rows.index, dtype="str")).groupby(BY)["text"].first().loc[index]


def _spread_unknown(found: pd.DataFrame) -> pd.DataFrame:
    """Typed cells of means without spread."""
    ready = cells(found.assign(numerator_basis="published"))
    return ready.assign(status=ready["status"].mask(ready["status"] == "ok", "spread_unknown"))


def _added_up(
    source: PublishedMean | PublishedCount,
    measured: pd.DataFrame,
    scope: Scope,
    levels: Sequence[str],
    add: Callable[[pd.DataFrame], pd.DataFrame],
) -> list[pd.DataFrame]:
    """Values of wider groups made from the rows of schools."""
    if not source.add_up:
        return []
    schools = measured[measured["level"] == "organisation"].drop_duplicates(BY)
    wider = [scope.gathered(schools, level) for level in levels if level != "organisation"]
    return [add(gathered) for gathered in wider if len(gathered)]


def _weighted(schools: pd.DataFrame) -> pd.DataFrame:
    """Mean over pupils from means of schools. `denominator` counts all who sat, `n` those whose school's mean is known.

    Means on different scales are not averaged: the row says not_applicable.
    """
    weight = schools["n"].where(schools["value"].notna(), 0).fillna(0)
    rows = schools.assign(weighted=schools["value"].fillna(0) * numbers(weight), weight=weight)
    found = rows.groupby(BY)
    sums = found[["weighted", "weight", "n"]].sum(min_count=1)
    known = numbers(sums["weight"])
    about = found[["group_label", "unit", "scale", "max_score", "exam_date"]].first()
    mixed = (found["scale"].nunique() > 1) | (found["max_score"].nunique() > 1)
    value = np.divide(numbers(sums["weighted"]), known, out=np.full(len(known), np.nan), where=known > 0)
    about = about.assign(value=np.where(mixed, np.nan, value), denominator=sums["n"], n=sums["weight"])
    about["status"] = pd.Series(pd.NA, index=about.index, dtype="str").mask(mixed, "not_applicable")
    return _spread_unknown(about.assign(inputs=inputs(rows[rows["weight"] > 0], BY)).reset_index())


def _total(schools: pd.DataFrame, column: str) -> pd.DataFrame:
    """Sum of a column over schools."""
    found = schools.groupby(BY)
    about = found[["group_label", "scale", "max_score", "exam_date"]].first()
    totals = found[column].sum(min_count=1)
    return cells(about.assign(value=totals, n=totals, inputs=inputs(schools, BY)).reset_index())
