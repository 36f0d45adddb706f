"""Values over an official list: with another list they are values of other schools, and the series is cut."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pandas as pd

from pipeline.indicators.context import Scope
from pipeline.indicators.form_answers import on_list
from pipeline.indicators.form_sources import Listed
from pipeline.indicators.passport import Passport


def cut_by_lists(found: pd.DataFrame, passports: Sequence[Passport], series: pd.Series, scope: Scope) -> pd.Series:
    """The series of the municipality's rows with a mark of who stood on the list that year; other rows as they are."""
    kept = series.astype("object")
    for passport in passports:
        listed = next((one for source in passport.sources if (one := getattr(source, "listed", None))), None)
        own = ((found["indicator"] == passport.id) & (found["level"] == "municipality")).to_numpy()
        if listed is None or not own.any():
            continue
        marks = {int(year): members(listed, int(year), scope) for year in found["school_year"][own].unique()}
        kept[own] = [
            f"{key}|{marks[int(year)]}" for key, year in zip(kept[own], found["school_year"][own], strict=True)
        ]
    return kept.astype("str")


def members(listed: Listed, year: int, scope: Scope) -> str:
    """A short code of the organisations on a list in a school year: the same list, the same code."""
    answered = scope.sheets.get(listed.table, {}).get("year", {})
    orgs = sorted(org for when, org in answered if when == year and on_list(listed, (when, org), scope))
    return f"list:{hashlib.sha256('/'.join(orgs).encode()).hexdigest()[:8]}"
