"""Any spreadsheet as cells with addresses: .xlsx .xls .ods by calamine, .csv by the standard library.

Cell values are str, int, float, bool, datetime.date/datetime or None (blank). Nothing is trimmed or guessed here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None


@dataclass(frozen=True)
class Sheet:
    """Rows of one sheet from its top left corner (A1), ragged ends cut. Row and column numbers count from 0."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]

    def cell(self, row: int, column: int) -> Cell:
        """The value, or None outside of the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None


@dataclass(frozen=True)
class Workbook:
    """A file as sheets; `name` is the file's name without folders."""

    name: str
    sheets: tuple[Sheet, ...]


def address(row: int, column: int) -> str:
    """Address as a spreadsheet shows it: (7, 0) is A8."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def open_workbook(path: Path) -> Workbook:
    """Read a file. Raises EncryptedFileError, DamagedFileError, or NotATable for what is no table at all."""
    raise NotImplementedError
