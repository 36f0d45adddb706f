"""ФИС ОКО «Статистика по отметкам»: percents of marks 2–5 by group, from the whole sample to a school."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline.ingest.layouts.fisoko_frame import GROUP_COLUMNS, MARK_SCALE, Group, Heading, groups, read_exam
from pipeline.ingest.layouts.remarks import Tally
from pipeline.ingest.layouts.sheets import LOOK_FOR_HEADER, Part, assemble, checked, clean_frame, headers
from pipeline.ingest.layouts.values import PERCENT_DECIMALS, text
from pipeline.ingest.layouts.writing import save_xlsx
from pipeline.ingest.reading import Door, Reading
from pipeline.ingest.workbook import Cell, Sheet, Workbook

REPORT = "Статистика по отметкам"
MEASURE = "mark_share"
MARKS = ("2", "3", "4", "5")
HUNDRED = (Decimal("99.9"), Decimal("100.1"))
_GROUPS, _ORGS, _PUPILS = "группы участников", "кол-во оо", "кол-во участников"
_COLUMNS = (
    *GROUP_COLUMNS,
    *("category", "value", "state", "n", "n_orgs", "source_row"),
)
_CONSTANTS = {"measure": MEASURE, "unit": "share", "decimals": PERCENT_DECIMALS, "scale": MARK_SCALE}


@dataclass(frozen=True)
class MarkRow:
    """One row to write: label as printed, counts, percents of marks 2, 3, 4, 5."""

    label: str
    organisations: int | None
    participants: int | None
    percents: tuple[float | str | None, ...]


class MarkStatistics:
    """Reader and writer of the report."""

    id = "fisoko_marks"
    title = "ФИС ОКО: статистика по отметкам"

    def recognises(self, book: Workbook) -> bool:
        return any(_header(sheet) is not None for sheet in book.sheets)

    def read(self, book: Workbook, door: Door) -> Reading:
        parts = [
            _read(sheet, header, book.name, door) for sheet in book.sheets if (header := _header(sheet)) is not None
        ]
        return assemble(self.id, self.title, book, parts)

    def write(self, path: Path, heading: Heading, rows: Iterable[MarkRow]) -> None:
        lines: list[list[Cell]] = heading.rows(REPORT)
        lines.append(["Группы участников", "Кол-во ОО", "Кол-во участников", *map(int, MARKS)])
        lines.extend([row.label, row.organisations, row.participants, *row.percents] for row in rows)
        save_xlsx(path, [(heading.sheet(REPORT), lines)])


def _header(sheet: Sheet) -> int | None:
    """The header row: exactly the marks 2–5 as numeric headers, so that distributions of points do not pass."""
    for row in range(min(len(sheet.rows), LOOK_FOR_HEADER)):
        names = headers(sheet, row)
        if _GROUPS in names and _PUPILS in names and sorted(filter(str.isdigit, names)) == list(MARKS):
            return row
    return None


def _read(sheet: Sheet, header: int, file: str, door: Door) -> Part:
    exam, remarks = read_exam(sheet, header, file, door.subjects)
    names = headers(sheet, header)
    at = {name: names.index(name) for name in (_GROUPS, _ORGS, _PUPILS, *MARKS) if name in names}
    body = [row for row in range(header + 1, len(sheet.rows)) if _is_data(sheet, row, at)]
    tally = Tally(file, sheet.name)
    rows: list[tuple[object, ...]] = []
    for row, group in zip(body, groups([text(sheet.cell(row, at[_GROUPS])) for row in body]), strict=True):
        rows.extend(_marks(sheet, row, group, at, tally))
    frame = clean_frame("group_results", _COLUMNS, rows, exam.constants(file, sheet.name) | _CONSTANTS)
    found = (*remarks, *tally.remarks())
    return Part(sheet.name, {"group_results": frame}, (exam.school_year,), len(body), found)


def _is_data(sheet: Sheet, row: int, at: dict[str, int]) -> bool:
    """A row with a label and at least one value; a note under the table has none."""
    filled = (text(sheet.cell(row, column)) for name, column in at.items() if name != _GROUPS)
    return bool(text(sheet.cell(row, at[_GROUPS]))) and any(filled)


def _marks(sheet: Sheet, row: int, group: Group, at: dict[str, int], tally: Tally) -> list[tuple[object, ...]]:
    """Four rows of one group, one a mark."""
    read = {name: checked(sheet, row, column, tally) for name, column in at.items() if name != _GROUPS}
    percents = [number for mark in MARKS if (number := read[mark].number) is not None]
    complete = len(percents) == len(MARKS) and read[_PUPILS].number != 0
    if complete and not HUNDRED[0] <= sum(percents) <= HUNDRED[1]:
        tally.note("percent_sum", row, at[MARKS[0]])
    counts = (read[_PUPILS].whole, read[_ORGS].whole if _ORGS in read else None)
    return [(*group.cells(), mark, read[mark].share, read[mark].state, *counts, row + 1) for mark in MARKS]
