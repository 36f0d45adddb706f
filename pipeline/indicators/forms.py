"""Values from tables of items of the collection form: shares, rates, sums, levels, numbers of organisations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from pipeline.indicators.cells import EMPTY_KEY, KEY, cells, inputs, nothing
from pipeline.indicators.context import Scope
from pipeline.indicators.form_answers import Filled, filled_in
from pipeline.indicators.form_sources import (
    Form,
    FormCount,
    FormLevels,
    FormOrganisations,
    FormRate,
    FormReached,
    FormShare,
)
from pipeline.indicators.gaps import CONTRADICTORY, NOT_ANSWERED, with_gaps

PLACE = ["school_year", "level", "group"]  # source rows are told per place, whatever the category


def form_values(source: Form, scope: Scope, levels: Sequence[str]) -> pd.DataFrame:
    """Cells of one source over a table of items."""
    filled = filled_in(source, scope)
    if filled.values.empty:
        return nothing()
    summarise = _summary(source)
    frames = [
        _at_level(filled, level, scope, summarise) for level in levels if level in source.levels and len(filled.values)
    ]
    ready = [frame for frame in frames if len(frame)]
    return cells(pd.concat(ready, ignore_index=True)) if ready else nothing()


Summary = Callable[[pd.DataFrame], pd.DataFrame]


def _summary(source: Form) -> Summary:
    """How values of organisations become cells of one level; the frame has KEY, over, under and answer."""
    match source:
        case FormShare():
            return lambda values: _part(values, 1.0)
        case FormRate():
            return lambda values: _part(values, float(source.per))
        case FormCount():
            return _total
        case FormLevels():
            return lambda values: _at_levels(values, source.scale)
        case FormReached():
            return lambda values: _reached(values, source.at_least)
        case FormOrganisations():
            threshold = 1.0 if source.change else source.at_least
            return lambda values: _number(values, threshold)


def _at_level(filled: Filled, level: str, scope: Scope, summarise: Summary) -> pd.DataFrame:
    """Cells of one level with status, source rows and the number of organisations that are left out."""
    empty = {name: EMPTY_KEY[name] for name in ("procedure", "subject", "grade", "task")}
    gathered = scope.gathered(filled.values, level)
    if gathered.empty:
        return gathered
    gathered = gathered.assign(**empty)
    found = summarise(gathered)
    about = gathered.groupby(PLACE)["group_label"].first()
    rows = scope.gathered(filled.rows, level)
    told = _inputs(rows)
    found = found.reset_index().join(about, on=PLACE).join(told.rename("inputs"), on=PLACE)
    found["inputs"] = with_gaps(found["inputs"].fillna("[]"), found[NOT_ANSWERED], found[CONTRADICTORY])
    return found.drop(columns=[NOT_ANSWERED, CONTRADICTORY])


def _inputs(rows: pd.DataFrame) -> pd.Series:
    """Source rows per place: of the cells that hold a value, else of all."""
    everything = inputs(rows, PLACE)
    observed = rows[rows["value"].notna()]
    return everything if observed.empty else inputs(observed, PLACE).reindex(everything.index).fillna(everything)


def _counts(values: pd.DataFrame) -> pd.DataFrame:
    """Per key: organisations that answered, that left a cell blank, that contradict themselves; and the status."""
    kinds = values.groupby([*KEY, "answer"]).size().unstack("answer", fill_value=0)
    kinds = kinds.reindex(columns=["answered", "blank", "contradictory"], fill_value=0)
    lacking = kinds["blank"] + kinds["contradictory"]
    status = np.select([kinds["answered"] > 0, lacking > 0], ["ok", "no_data"], "not_applicable")
    about = kinds.rename(columns={"blank": NOT_ANSWERED, "contradictory": CONTRADICTORY}).rename_axis(columns=None)
    return about.assign(status=pd.Series(status, index=about.index, dtype="str"))


def _answered(values: pd.DataFrame) -> pd.DataFrame:
    return values[values["answer"] == "answered"]


def _finished(about: pd.DataFrame, value: pd.Series) -> pd.DataFrame:
    """All answered and there is nobody to speak of: not applicable. A total that lacks a part: no data."""
    lacking = about[NOT_ANSWERED] + about[CONTRADICTORY] > 0
    empty = (about["status"] == "ok") & value.isna()
    status = about["status"].mask(empty & lacking, "no_data").mask(empty & ~lacking, "not_applicable")
    return about.drop(columns="answered").assign(value=value, status=status)


def _part(values: pd.DataFrame, per: float) -> pd.DataFrame:
    about = _counts(values)
    sums = _answered(values).groupby(KEY)[["over", "under"]].sum().reindex(about.index)
    over, under = sums["over"].astype("Float64"), sums["under"].astype("Float64")
    under = under.where((under > 0).fillna(False))
    about = about.assign(numerator=over.where(under.notna()), denominator=under, n=under, numerator_basis="counted")
    return _finished(about, over / under * per)


def _total(values: pd.DataFrame) -> pd.DataFrame:
    """A total lacks nothing: one blank cell leaves it missing."""
    about = _counts(values)
    total = _answered(values).groupby(KEY)["over"].sum().reindex(about.index).astype("Float64")
    return _counted(about, total.where((about[NOT_ANSWERED] == 0).to_numpy()))


def _counted(about: pd.DataFrame, total: pd.Series) -> pd.DataFrame:
    whole = total.where((total == total.round()).fillna(False))
    return _finished(about.assign(n=whole), total)


def _number(values: pd.DataFrame, at_least: float) -> pd.DataFrame:
    about = _counts(values)
    answered = _answered(values)
    hits = answered.assign(hit=(answered["over"] >= at_least).astype("float64"))
    total = hits.groupby(KEY)["hit"].sum().reindex(about.index).astype("Float64")
    total = total.where((about[NOT_ANSWERED] == 0).to_numpy())
    return _counted(about, total)


def _reached(values: pd.DataFrame, at_least: float) -> pd.DataFrame:
    """Of organisations together a share; of one organisation a fact, 1 or 0, without an interval."""
    about = _counts(values)
    answered = _answered(values)
    hits = answered.assign(hit=(answered["over"] >= at_least).astype("float64")).groupby(KEY)["hit"].sum()
    return _of_organisations(about, hits.reindex(about.index).astype("Float64"))


def _of_organisations(about: pd.DataFrame, hits: pd.Series) -> pd.DataFrame:
    n = about["answered"].astype("Float64").where((about["answered"] > 0).to_numpy())
    alone = about.index.get_level_values("level") == "organisation"
    about = about.assign(numerator=hits.mask(alone), denominator=n.mask(alone), n=n, numerator_basis="counted")
    return _finished(about, hits / n)


def _at_levels(values: pd.DataFrame, scale: Sequence[int]) -> pd.DataFrame:
    """A row per level of the scale; an organisation has one row, of its own level."""
    if (values["level"] == "organisation").all():
        known = (values["answer"] == "answered").to_numpy()
        own = [f"{level:g}" if answered else "" for level, answered in zip(values["over"], known, strict=True)]
        rows = values.assign(category=own, level_met=values["over"])
    else:
        rows = pd.concat([values.assign(category=str(level), level_met=level) for level in scale], ignore_index=True)
    about = _counts(rows)
    answered = _answered(rows)
    met = (answered["over"] == answered["level_met"]).astype("float64")
    hits = answered.assign(hit=met).groupby(KEY)["hit"].sum().reindex(about.index).astype("Float64")
    return _of_organisations(about, hits)
