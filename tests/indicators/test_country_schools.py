"""Means of the country's schools: every school of shared files once, where the profile allows means at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.indicators.context import build_scope
from pipeline.indicators.country_schools import country_schools
from pipeline.indicators.unified import unified
from tests.indicators.frames import PASSPORTS, TOWN, computed, means

ALLOWED = replace(TOWN, means_allowed=True, means_reason="источник публикует только средние")


def kept(*rows: dict[str, Any], allowed: bool = True) -> pd.DataFrame:
    scope = unified(build_scope({"group_results": means(*rows)}, ALLOWED if allowed else TOWN))
    return country_schools(scope, PASSPORTS)


OWN = {"group": "s1", "value": 41.5, "n": 30, "municipality": "Город"}
OTHER = {"group": "s2", "value": 52.25, "n": 12, "municipality": "Другой"}


def test_own_and_other_schools_stand_with_their_series() -> None:
    found = kept(OWN, OTHER)
    assert found[["org_id", "n", "value", "unit"]].to_numpy().tolist() == [
        ["s1", 30, 41.5, "points"],
        ["s2", 12, 52.25, "points"],
    ]
    row = computed("external_mean", context=ALLOWED, group_results=means(OWN, OTHER))
    own = row[(row["level"] == "organisation") & (row["group"] == "s1")]
    assert found["series"].unique().tolist() == own["series"].tolist()


def test_schools_without_a_mean_or_without_participants_do_not_stand() -> None:
    rows = [{**OTHER, "group": "s3", "n": 0, "value": None, "state": "blank"}, {**OTHER, "group": "s4", "value": None}]
    assert kept(OWN, OTHER, *rows)["org_id"].tolist() == ["s1", "s2"]


def test_own_schools_alone_are_no_country() -> None:
    assert kept(OWN, {**OWN, "group": "s5"}).empty


def test_without_leave_for_means_there_are_none() -> None:
    assert kept(OWN, OTHER, allowed=False).empty


def test_years_after_the_report_do_not_stand() -> None:
    assert set(kept(OWN, OTHER, {**OTHER, "school_year": 2027})["school_year"]) == {2026}
