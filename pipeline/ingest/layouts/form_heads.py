"""Which column of a filled form is which: by the hidden machine row, unless somebody rewrote the heading above."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.errors import Place
from pipeline.ingest.layouts.form_page import FIRST_COLUMN, FIRST_ROW, HEAD_ROW, Mark
from pipeline.ingest.layouts.remarks import Tally, remark
from pipeline.ingest.layouts.values import plain, text
from pipeline.ingest.reading import Remark
from pipeline.ingest.workbook import Sheet

ORGANISATION, PERIOD, GROUP = "organisation", "period", "group"
ORGANISATION_TITLE, PERIOD_TITLE, GROUP_TITLE = "Организация", "Период", "Разрез"
NAMED = 5


@dataclass(frozen=True)
class Found:
    """A sheet of a filled form: its mark, the row of the heading, the first row of lines, columns by id."""

    sheet: Sheet
    mark: Mark
    head: int
    columns: Mapping[str, int]
    tally: Tally

    @property
    def body(self) -> range:
        return range(self.head + FIRST_ROW - HEAD_ROW, len(self.sheet.rows))


def machine_id(identifier: str, title: str) -> str:
    """What the hidden row says of a column: its id and a checksum of the heading as it was written."""
    return f"{identifier}:{_checksum(title)}"


def _checksum(title: str) -> str:
    return f"{zlib.crc32(plain(title).encode()):08x}"


def find_columns(sheet: Sheet, mark: Mark, row: int, titles: Mapping[str, str], file: str) -> Found:
    """Columns of a sheet whose mark stands in `row`; `titles` maps every known heading to the id of its column."""
    tally = Tally(file, sheet.name)
    head = row + HEAD_ROW
    known = set(titles.values())
    by_title = {plain(title): identifier for title, identifier in titles.items()}
    columns: dict[str, int] = {}
    for column in range(FIRST_COLUMN, max((len(cells) for cells in sheet.rows[row : head + 1]), default=0)):
        identifier = _identified(sheet, row, head, column, by_title, known, tally)
        if identifier is None or identifier in columns:
            if _is_filled(sheet, head, column):
                tally.note("form_unknown_column", head, column)
        else:
            columns[identifier] = column
    return Found(sheet, mark, head, columns, tally)


def _identified(
    sheet: Sheet, row: int, head: int, column: int, by_title: Mapping[str, str], known: set[str], tally: Tally
) -> str | None:
    """The id of a column: an untouched heading is what the machine row says, a rewritten one what it reads."""
    stored, _, checksum = text(sheet.cell(row, column)).partition(":")
    heading = sheet.cell(head, column)
    if stored in known and _checksum(text(heading)) == checksum:
        return stored
    read = by_title.get(plain(heading))
    if read is not None and read != stored:
        tally.note("form_heads_moved", head, column)
        return read
    if stored in known:
        if read is None:
            tally.note("form_head_changed", head, column)
        return stored
    return None


def _is_filled(sheet: Sheet, head: int, column: int) -> bool:
    below = range(head + FIRST_ROW - HEAD_ROW, len(sheet.rows))
    return any(text(sheet.cell(row, column)) for row in (head, *below))


def missing(found: Found, wanted: Iterable[tuple[str, str]], file: str) -> list[Remark]:
    """A remark on the (id, title) of columns that the sheet does not have."""
    lost = [title for identifier, title in wanted if identifier not in found.columns]
    if not lost:
        return []
    named = "; ".join(f"«{title}»" for title in lost[:NAMED]) + (" …" if len(lost) > NAMED else "")
    return [remark("form_column_missing", Place(file, found.sheet.name), count=len(lost), titles=named)]


__all__ = ["Found", "find_columns", "machine_id", "missing"]
