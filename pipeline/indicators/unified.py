"""Published aggregates made ready once: one code for the territory and the country, exact shares, own rows marked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.indicators.cells import numbers
from pipeline.indicators.context import Scope

BY = ["school_year", "procedure", "subject", "grade", "level", "group"]


def unified(scope: Scope) -> Scope:
    """The scope with group_results ready for use.

    Added columns: `own` (of the territory), `digits` (decimals as published, nan when unknown), `units` (percent times
    10 ** digits, a whole number), `share` (0–1). A value that was not observed is missing in all of them.
    """
    rows = _one_code(scope.tables["group_results"], scope)
    observed = (rows["state"] == "observed").to_numpy()
    value = np.where(observed, numbers(rows["value"]), np.nan)
    percent = value * np.where(rows["unit"] == "percent", 1.0, 100.0)
    digits = numbers(rows["decimals"])
    scale = 10.0 ** np.nan_to_num(digits)
    units = np.rint(percent * scale)
    share = np.where(np.isfinite(digits), units / (100 * scale), percent / 100)
    town = (rows["level"] == "municipality").to_numpy() & bool(scope.context.municipalities)
    own = np.where(town, (rows["group"] == scope.context.territory).to_numpy(), scope.own(rows))
    ready = rows.assign(own=own, digits=digits, units=units, share=share, value=value)
    return replace(scope, tables={**scope.tables, "group_results": ready})


def _one_code(table: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Groups of the territory and the country under the codes of the context, whatever a source calls them.

    Without spellings in the profile a municipality is the territory's only when it is the only one.
    """
    context = scope.context
    town = (table["level"] == "municipality").to_numpy()
    nation = (table["level"] == "country").to_numpy()
    names = [table[name].where(town) for name in ("group", "municipality", "group_label")]
    own = town & np.logical_or.reduce([scope.is_own(name) for name in names])
    if not context.municipalities and table.loc[own, "group"].nunique() > 1:
        own = np.zeros(len(table), dtype=bool)
    group = table["group"].mask(own, context.territory).mask(nation, context.country)
    label = table["group_label"].mask(nation, context.country_label)
    if context.municipality_label:
        label = label.mask(own, context.municipality_label)
    return table.assign(group=group, group_label=label)
