"""Tables of items as a form is read: organisation by organisation, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd


class CellPlace(NamedTuple):
    """Where a cell came from."""

    file: str
    sheet: str
    row: int


class FormCell(NamedTuple):
    """One answer: `value` is None where no number was observed, `held` is false for «не проводилось»."""

    value: float | None
    held: bool
    place: CellPlace


Cells = Mapping[tuple[str, str], FormCell]  # (item, group) → cell
Sheet = Mapping[str, Mapping[tuple[int, str], Cells]]  # period → (school year, organisation) → cells

COLUMNS = ["period", "school_year", "org_id", "item", "group", "value", "state"]
SOURCE = ["source_file", "source_sheet", "source_row"]


def read_sheet(frame: pd.DataFrame) -> Sheet:
    """The rows of one table of items, in the order of the file."""
    found: dict[str, dict[tuple[int, str], dict[tuple[str, str], FormCell]]] = {}
    columns = [frame[name].astype("object") for name in (*COLUMNS, *SOURCE)]
    for period, year, org, item, group, value, state, file, sheet, row in zip(*columns, strict=True):
        number = float(value) if state == "observed" and not pd.isna(value) else None
        cell = FormCell(number, state != "not_attempted", CellPlace(str(file), str(sheet), int(row)))
        found.setdefault(period, {}).setdefault((int(year), org), {})[item, group] = cell
    return found
