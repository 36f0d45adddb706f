"""Writing books in the real layouts. The same data give the same bytes: no clock gets into a file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ingest.workbook import Cell

if TYPE_CHECKING:
    from openpyxl import Workbook

SHEET_NAME_LIMIT = 31
_DAY_ONE = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def save_xlsx(path: Path, sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]]) -> None:
    """Write sheets (name, rows); names are cut at 31 characters as real exports cut them."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets:
        page = book.create_sheet(name[:SHEET_NAME_LIMIT])
        for row in rows:
            page.append(list(row))
    save_book(path, book)


def save_book(path: Path, book: Workbook) -> None:
    """Write a workbook of openpyxl with the clock taken out."""
    made = io.BytesIO()
    book.save(made)
    path.write_bytes(_without_clock(made.getvalue()))


def _without_clock(data: bytes) -> bytes:
    """The same archive with fixed times inside and outside."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            entry = zipfile.ZipInfo(name, _DAY_ONE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()


def save_xls(path: Path, name: str, rows: Iterable[Sequence[Cell]]) -> None:
    """Write one sheet as BIFF8."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(name[:SHEET_NAME_LIMIT])
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                page.write(row, column, cell)
    book.save(str(path))
