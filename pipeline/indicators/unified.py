"""Published aggregates made ready once: one code for the territory and the country, exact shares, own rows marked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.indicators.cells import numbers
from pipeline.indicators.context import Scope
from pipeline.indicators.final_wave import tests_with_final, with_final

OF_A_WHOLE = ("share", "percent")  # units of published values that are parts of a whole
BY = ["school_year", "procedure", "subject", "grade", "level", "group"]


def unified(scope: Scope) -> Scope:
    """The scope with group_results ready for use, and with the results of ЕГЭ after resits (`final_wave`).

    Added columns: `own` (of the territory), `digits` (decimals as published, nan when unknown), `units` (percent times
    10 ** digits, a whole number), `share` (0–1). A value that was not observed is missing in all of them, and what is
    published in points is no share.
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
    share = np.where(rows["unit"].isin(OF_A_WHOLE), share, np.nan)
    ready = rows.assign(own=own, digits=digits, units=units, share=share, value=value)
    tables = {**scope.tables, "group_results": ready, "results": with_final(scope.tables["results"])}
    return replace(scope, tables=tables, tests=tests_with_final(scope.tests))


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
