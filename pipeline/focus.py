"""Of the files that cover many territories, only those that concern this one belong in its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from pipeline.indicators.context import Context, build_scope
from pipeline.ingest.stage import Gathered
from pipeline.paths import SHARED

TEST = ["procedure", "school_year", "subject", "grade"]


def focused(gathered: Gathered, context: Context) -> Gathered:
    """Without the rows, inventory records and remarks of shared files that tell nothing about the territory.

    A shared file concerns it when it names the territory, or holds the same tests as a shared file that does: its
    other territories are the comparator. A file that gave no rows stays, with the remark why.
    """
    found = _sources(gathered.tables)
    strangers = found - _concerning(gathered.tables, context)
    kept = {name: frame[~frame["source_file"].isin(strangers)] for name, frame in gathered.tables.items()}
    return replace(
        gathered,
        tables=kept | {"organisations": _mentioned(gathered.tables["organisations"], kept)},
        inventory=[record for record in gathered.inventory if record["file"] not in strangers],
        remarks=[remark for remark in gathered.remarks if remark.place.file not in strangers],
    )


def _sources(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """Shared files that gave rows."""
    names = {file for frame in tables.values() for file in frame["source_file"].unique()}
    return {file for file in names if file.startswith(f"{SHARED}/")}


def _concerning(tables: Mapping[str, pd.DataFrame], context: Context) -> set[str]:
    """Files that name the territory and files with the same tests: of rows that stood in two files one was kept."""
    scope = build_scope(tables, context)
    found: set[str] = set()
    for frame in scope.tables.values():
        if "municipality" not in frame.columns:
            continue
        shared = frame[frame["source_file"].str.startswith(f"{SHARED}/")]
        own = shared[scope.is_own(shared["municipality"])]
        found |= set(own["source_file"].unique())
        if set(TEST) <= set(frame.columns):
            found |= set(shared.merge(own[TEST].drop_duplicates(), on=TEST)["source_file"].unique())
    return found


def _mentioned(organisations: pd.DataFrame, kept: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Organisations of the files that stay, and those that rows which stay mention: any file may name them first."""
    wanted = {org for frame in kept.values() if "org_id" in frame.columns for org in frame["org_id"].dropna().unique()}
    return organisations[organisations["org_id"].isin(wanted)]


__all__ = ["focused"]
