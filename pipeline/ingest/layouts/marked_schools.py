"""Official list of schools with signs of biased ВПР results: a row a school and year, a 0/1 column a marker."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError, Place
from pipeline.ingest.layouts.fisoko_frame import ALIAS_KIND, PROCEDURE, find_login, subject_code
from pipeline.ingest.layouts.remarks import Tally, remark
from pipeline.ingest.layouts.sheets import Part, assemble, checked, clean_frame, find_header, headers, is_blank
from pipeline.ingest.layouts.values import Value, text
from pipeline.ingest.layouts.writing import save_xlsx
from pipeline.ingest.reading import Door, Reading, Remark
from pipeline.ingest.workbook import Cell, Sheet, Workbook, address
from pipeline.settings import Subjects

SHEET = "Признаки необъективности"
_YEAR, _LOGIN, _MUNICIPALITY, _NAME, _TOTAL = "год", "логин", "муниципалитет", "оо", "количество маркеров"
_NEEDED = (_YEAR, _LOGIN, _TOTAL)
_MARKER = re.compile(r"(?P<grade>\d{1,2})\s*(?P<subject>[^\W\d]{2,})")
_COLUMNS = (
    *("school_year", "org_alias_kind", "org_alias_code", "org_name", "municipality", "subject", "grade"),
    *("marker", "state", "n_markers", "source_row"),
)


@dataclass(frozen=True)
class MarkedRow:
    """One row to write; `markers` follow the order of the titles given to the writer."""

    year: int
    login: str
    municipality: str
    name: str
    markers: tuple[int | None, ...]


@dataclass(frozen=True)
class Marker:
    """A column of markers."""

    column: int
    grade: int
    subject: str


@dataclass(frozen=True)
class Line:
    """A row as read; `printed` is the name with its own spaces, `name` is tidy."""

    row: int
    year: int
    login: str
    municipality: str
    name: str
    printed: str
    markers: tuple[Value, ...]
    total: Value

    @property
    def key(self) -> tuple[int, str]:
        return self.year, self.login

    @property
    def said(self) -> tuple[object, ...]:
        """What two rows of one key must agree on; the name of a school may be spelt differently."""
        return (self.markers, self.total)


class MarkedSchools:
    """Reader and writer of the list."""

    id = "marked_schools"
    title = "Список организаций с признаками необъективных результатов ВПР"

    def recognises(self, book: Workbook) -> bool:
        return any(_header(sheet) is not None for sheet in book.sheets)

    def read(self, book: Workbook, door: Door) -> Reading:
        parts = [
            _read(sheet, header, book.name, door) for sheet in book.sheets if (header := _header(sheet)) is not None
        ]
        return assemble(self.id, self.title, book, parts)

    def write(self, path: Path, titles: Sequence[str], rows: Iterable[MarkedRow]) -> None:
        """Write the list; `titles` are such as `4 РУ`. The year is text, as in the original."""
        lines: list[list[Cell]] = [["Год", "Логин", "Муниципалитет", "ОО", *titles, "Количество маркеров"]]
        for row in rows:
            found = sum(marker or 0 for marker in row.markers)
            lines.append([str(row.year), row.login, row.municipality, row.name, *row.markers, found])
        save_xlsx(path, [(SHEET, lines)])


def _header(sheet: Sheet) -> int | None:
    row = find_header(sheet, _NEEDED)
    return row if row is not None and any(map(_MARKER.fullmatch, headers(sheet, row))) else None


def _read(sheet: Sheet, header: int, file: str, door: Door) -> Part:
    place = Place(file, sheet.name or None)
    tally = Tally(file, sheet.name)
    markers, remarks = _markers(sheet, header, door.subjects, place)
    lines = [
        _line(sheet, row, header, markers, place, tally)
        for row in range(header + 1, len(sheet.rows))
        if not is_blank(sheet.rows[row])
    ]
    kept = _once(lines, tally)
    constants = {"procedure": PROCEDURE, "source_file": file, "source_sheet": sheet.name}
    frame = clean_frame(
        "marked_schools", _COLUMNS, [cells for line in kept for cells in _rows(line, markers)], constants
    )
    years = tuple(sorted({line.year for line in lines}))
    found = (*remarks, *tally.remarks(), *_renamed(lines, place))
    return Part(sheet.name, {"marked_schools": frame}, years, len(lines), found)


def _markers(sheet: Sheet, header: int, subjects: Subjects, place: Place) -> tuple[list[Marker], list[Remark]]:
    found, remarks = [], []
    for column, cell in enumerate(sheet.rows[header]):
        match = _MARKER.fullmatch(text(cell))
        if match:
            where = Place(place.file, place.sheet, address(header, column))
            subject, unknown = subject_code(match["subject"], subjects, where)
            found.append(Marker(column, int(match["grade"]), subject))
            remarks.extend(unknown)
    return found, remarks


def _line(sheet: Sheet, row: int, header: int, markers: Sequence[Marker], place: Place, tally: Tally) -> Line:
    names = headers(sheet, header)
    cells = {
        name: text(sheet.cell(row, names.index(name))) for name in (*_NEEDED, _MUNICIPALITY, _NAME) if name in names
    }
    year = re.search(r"20\d\d", cells[_YEAR])
    login = find_login(cells[_LOGIN])
    if year is None or login is None:
        raise InputError(
            "В строке списка не читается год или логин организации.",
            place=Place(place.file, place.sheet, address(row, names.index(_LOGIN))),
            advice="впишите год (например 2025) и логин вида edu203389.",
        )
    read = tuple(checked(sheet, row, marker.column, tally) for marker in markers)
    total = checked(sheet, row, names.index(_TOTAL), tally)
    if total.number is not None and total.number != sum(marker.number or 0 for marker in read):
        tally.note("marker_sum_differs", row, names.index(_TOTAL))
    printed = str(sheet.cell(row, names.index(_NAME))) if _NAME in names else ""
    return Line(row, int(year[0]), login, cells.get(_MUNICIPALITY, ""), cells.get(_NAME, ""), printed, read, total)


def _once(lines: Sequence[Line], tally: Tally) -> list[Line]:
    """The first line of each key; repeats are noted, and repeats that say something else are noted apart."""
    first: dict[tuple[int, str], Line] = {}
    for line in lines:
        known = first.setdefault(line.key, line)
        if known is not line:
            tally.note("duplicate_rows" if known.said == line.said else "files_disagree", line.row, 0)
    return list(first.values())


def _rows(line: Line, markers: Sequence[Marker]) -> list[tuple[object, ...]]:
    place = (line.year, ALIAS_KIND, line.login, line.name or None, line.municipality or None)
    return [
        (*place, marker.subject, marker.grade, value.whole, value.state, line.total.whole, line.row + 1)
        for marker, value in zip(markers, line.markers, strict=True)
    ]


def _renamed(lines: Iterable[Line], place: Place) -> list[Remark]:
    names: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        names[line.login].add(line.printed)
    count = sum(len(several) > 1 for several in names.values())
    return [remark("renamed_schools", place, count=count)] if count else []
