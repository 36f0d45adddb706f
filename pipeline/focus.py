"""Of the files that cover many territories, only those that name this one concern its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from pipeline.indicators.context import Context, build_scope
from pipeline.ingest.stage import Gathered
from pipeline.paths import SHARED


def focused(gathered: Gathered, context: Context) -> Gathered:
    """Without the rows, inventory records and remarks of shared files in which the territory does not occur.

    A file in which it does occur is kept whole: the other territories in it are the comparator.
    """
    ours = _files_that_name(gathered.tables, context)
    strangers = {record["file"] for record in gathered.inventory if _shared(record["file"])} - ours
    return replace(
        gathered,
        tables={name: frame[~frame["source_file"].isin(strangers)] for name, frame in gathered.tables.items()},
        inventory=[record for record in gathered.inventory if record["file"] not in strangers],
        remarks=[remark for remark in gathered.remarks if remark.place.file not in strangers],
    )


def _shared(file: str) -> bool:
    return file.startswith(f"{SHARED}/")


def _files_that_name(tables: Mapping[str, pd.DataFrame], context: Context) -> set[str]:
    """Shared files with at least one row of the territory; of two files with the same rows both count."""
    scope = build_scope(tables, context)
    found: set[str] = set()
    for frame in scope.tables.values():
        if "municipality" in frame.columns:
            found |= set(frame.loc[scope.is_own(frame["municipality"]), "source_file"].unique())
    return {file for file in found if _shared(file)}
