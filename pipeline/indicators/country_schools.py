"""Means of all schools of the country that shared files hold: what a school's own result is set against.

A few schools of one municipality cannot show how pupils scatter inside a school, nor what usually follows an earlier
result; the schools of the whole country can.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline import tables as schema
from pipeline.indicators.context import Scope
from pipeline.indicators.passport import Passport
from pipeline.indicators.rows import chosen
from pipeline.indicators.series import series_keys
from pipeline.indicators.sources import PublishedMean
from pipeline.indicators.unified import BY

NAME = "country_schools"


def country_schools(scope: Scope, passports: Sequence[Passport]) -> pd.DataFrame:
    """Table `country_schools`, own schools among them; empty where the profile allows no means of scores or where the
    files hold no other schools."""
    allowed = [one for one in passports if one.means_of_scores and scope.context.means_allowed]
    sources = [source for one in allowed for source in one.sources if isinstance(source, PublishedMean)]
    frames = [found for source in sources if len(found := _means(scope, source))]
    if not frames:
        return schema.empty(NAME)
    rows = pd.concat(frames)
    if rows["own"].all():
        return schema.empty(NAME)
    series = series_keys(rows, "test", scope.context.rules.series)
    table = schema.COUNTRY_SCHOOLS
    return schema.conform(NAME, rows.assign(series=series)[table.names].drop_duplicates(list(table.key)))


def _means(scope: Scope, source: PublishedMean) -> pd.DataFrame:
    rows = chosen(scope.tables["group_results"], source)
    known = (rows["measure"] == source.measure) & (rows["level"] == "organisation") & rows["value"].notna()
    return rows[known & rows["n"].gt(0).fillna(False)].drop_duplicates(BY)
