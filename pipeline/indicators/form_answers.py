"""What each organisation answered in a table of items: amounts, and why an amount is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.indicators.context import Scope
from pipeline.indicators.form_sources import (
    Form,
    FormCount,
    FormLevels,
    FormOrganisations,
    FormRate,
    FormReached,
    FormShare,
    FormSource,
    named_cells,
)
from pipeline.indicators.rows import of_list

ORG = ["school_year", "org_id", "category"]
YEAR = ["school_year", "org_id"]


@dataclass(frozen=True)
class Filled:
    """`values`: a row an organisation, year and category, with `over`, `under` and `answer`; `rows`: the cells behind.

    answer: answered, blank (a cell is missing), not_held («не проводилось»), contradictory (more than there can be).
    """

    values: pd.DataFrame
    rows: pd.DataFrame


def filled_in(source: Form, scope: Scope) -> Filled:
    """What each organisation answered to what the source asks."""
    match source:
        case FormShare() | FormRate():
            return _ratio(source, scope)
        case FormLevels():
            return _levels(source, scope)
        case FormOrganisations() if source.change:
            return _changed(source, scope)
        case _:
            return _sums(source, scope, source.items)


def _asked(source: FormSource, scope: Scope, table: str, items: Sequence[str], groups: Sequence[str]) -> pd.DataFrame:
    """Cells of these items and groups, the group as category where each group stands for itself."""
    found = scope.tables.get(table)
    if found is None or found.empty:
        return pd.DataFrame(columns=[*ORG, "municipality", "value", "state"])
    asked = pd.MultiIndex.from_frame(found[["item", "group"]]).isin(named_cells(items, groups))
    rows = found[asked & (found["period"] == source.period).to_numpy()]
    if source.org_types:
        kind = rows["org_id"].map(scope.places["org_type"])
        rows = rows[kind.isin(source.org_types) | kind.isna()]
    rows = of_list(rows, source.listed, scope)
    return rows.assign(category=rows["group"] if source.each_group and groups else "")


def _amounts(rows: pd.DataFrame, cells_each: int, *, not_held_is_zero: bool) -> pd.DataFrame:
    """Sum of the cells of each organisation, and how it answered. A sum that lacks a cell is missing."""
    held = (rows["state"] != "not_attempted").to_numpy()
    value = rows["value"].astype("Float64").where((rows["state"] == "observed").to_numpy())
    if not_held_is_zero:
        value, held = value.mask(~held, 0.0), np.ones(len(rows), dtype=bool)
    marked = rows.assign(value=value, known=value.notna(), away=~held)
    sums = marked.groupby(ORG).agg(
        amount=("value", "sum"), known=("known", "sum"), away=("away", "sum"), municipality=("municipality", "first")
    )
    lacking = cells_each - sums["known"] - sums["away"]
    answer = np.select([lacking > 0, sums["away"] > 0], ["blank", "not_held"], "answered")
    return sums.assign(answer=answer, amount=sums["amount"].where(answer == "answered"))[
        ["amount", "answer", "municipality"]
    ]


def _sums(source: FormCount | FormReached | FormOrganisations, scope: Scope, items: Sequence[str]) -> Filled:
    rows = _asked(source, scope, source.table, items, source.groups)
    each = _each(items, source.groups, source.each_group)
    found = _amounts(rows, each, not_held_is_zero=True).rename(columns={"amount": "over"})
    return Filled(found.assign(under=np.nan).reset_index(), rows)


def _ratio(source: FormShare | FormRate, scope: Scope) -> Filled:
    over_rows = _asked(source, scope, source.table, source.numerator, source.groups)
    under_rows = _asked(source, scope, source.under_table, source.denominator, source.under_groups)
    if not source.group_by_group:
        under_rows = under_rows.assign(category="")
    over = _amounts(over_rows, _each(source.numerator, source.groups, source.each_group), not_held_is_zero=True)
    under_each = _each(source.denominator, source.under_groups, source.group_by_group)
    under = _amounts(under_rows, under_each, not_held_is_zero=False)[["amount", "answer"]]
    on = ORG if source.group_by_group else YEAR
    under = under.reset_index()[[*on, "amount", "answer"]].rename(columns={"amount": "under", "answer": "under_answer"})
    joined = over.rename(columns={"amount": "over"}).reset_index().merge(under, on=on, how="left")
    return Filled(_judged(joined, bounded=_bounded(source)), pd.concat([over_rows, under_rows], ignore_index=True))


def _each(items: Sequence[str], groups: Sequence[str], apart: bool) -> int:
    """How many cells a whole answer has."""
    return len(items) if apart else len(named_cells(items, groups))


def _bounded(source: FormShare | FormRate) -> bool:
    """The numerator is a part of the denominator."""
    return isinstance(source, FormShare) or source.counts == "persons"


def _judged(joined: pd.DataFrame, *, bounded: bool) -> pd.DataFrame:
    under_answer = joined["under_answer"].fillna("blank")
    above = (joined["over"] > joined["under"]).fillna(False).to_numpy() & bounded
    blank = (joined["answer"] == "blank").to_numpy() | (under_answer == "blank").to_numpy()
    choices = [(under_answer == "not_held").to_numpy(), blank, above]
    answer = np.select(choices, ["not_held", "blank", "contradictory"], "answered")
    return joined.drop(columns="under_answer").assign(answer=answer)


def _levels(source: FormLevels, scope: Scope) -> Filled:
    rows = _asked(source, scope, source.table, (source.item,), source.groups)
    found = _amounts(rows, 1, not_held_is_zero=False).rename(columns={"amount": "over"}).reset_index()
    strange = (found["answer"] == "answered").to_numpy() & ~found["over"].isin(source.scale).to_numpy()
    return Filled(found.assign(answer=found["answer"].mask(strange, "contradictory"), under=np.nan), rows)


def _changed(source: FormOrganisations, scope: Scope) -> Filled:
    """`over` is 1 where the change took place. Without the year before nothing can be said of an organisation."""
    filled = _sums(source, scope, source.items)
    now = filled.values.assign(reaches=_reaches(filled.values, source.at_least))
    before = now[[*ORG, "reaches", "answer"]].assign(school_year=now["school_year"] + 1)
    both = now.merge(before, on=ORG, how="left", suffixes=("", "_before"))
    was, is_ = both["reaches_before"].astype("boolean"), both["reaches"].astype("boolean")
    took_place = {"entered": is_ & ~was, "stayed": is_ & was, "left": ~is_ & was}[source.change or "stayed"]
    unknown = both["answer_before"].isna().to_numpy()
    blank = (both["answer"] == "blank").to_numpy() | (both["answer_before"] == "blank").to_numpy()
    answer = np.select([unknown, blank], ["not_held", "blank"], "answered")
    over = took_place.astype("Float64").where(answer == "answered")
    return Filled(both[[*ORG, "municipality", "under"]].assign(over=over, answer=answer), filled.rows)


def _reaches(values: pd.DataFrame, at_least: float) -> pd.Series:
    return (values["over"] >= at_least).astype("boolean").where((values["answer"] == "answered").to_numpy())
