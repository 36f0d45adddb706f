"""ФИС ОКО «Сравнение отметок с отметками по журналу»: wide (since 2024) and long (2021) forms of the same report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from pipeline.errors import Place
from pipeline.ingest.layouts.fisoko_frame import GROUP_COLUMNS, Group, Heading, groups, read_exam
from pipeline.ingest.layouts.remarks import Tally, remark
from pipeline.ingest.layouts.sheets import LOOK_FOR_HEADER, Part, assemble, checked, clean_frame, headers
from pipeline.ingest.layouts.values import PERCENT_DECIMALS, Value, plain, text
from pipeline.ingest.layouts.writing import save_xlsx
from pipeline.ingest.reading import Door, Reading, Remark
from pipeline.ingest.workbook import Cell, Sheet, Workbook, address

REPORT = "Сравнение отметок с отметками по журналу"
MEASURE = "journal_agreement"
CATEGORIES = {"понизили": "lowered", "подтвердили": "confirmed", "повысили": "raised"}
TOTAL = "всего"
_TITLES = (
    "Понизили (Отметка < Отметка по журналу)",
    "Подтвердили (Отметка = Отметке по журналу)",
    "Повысили (Отметка > Отметка по журналу)",
)
_GROUPS, _PUPILS = "группы участников", "кол-во участников"
_COLUMNS = (*GROUP_COLUMNS, "category", "value", "state", "count", "n", "source_row")
_CONSTANTS = {"measure": MEASURE, "unit": "share", "decimals": PERCENT_DECIMALS}
_ROUNDING = Decimal("0.011")  # of a published percent: half a hundredth, and one more for the source's own slips


@dataclass(frozen=True)
class JournalRow:
    """One group to write: label as printed, participants, and how many were lowered, confirmed, raised."""

    label: str
    participants: int
    counts: tuple[int, int, int]

    def percents(self) -> tuple[float, ...]:
        """Of the participants with a mark in the journal, two decimals."""
        total = sum(self.counts) or 1
        cents = Decimal("0.01")
        return tuple(
            float((Decimal(100 * count) / total).quantize(cents, rounding=ROUND_HALF_UP)) for count in self.counts
        )


@dataclass(frozen=True)
class Shares:
    """One group as read: row and column of its first value, total, and (percent, count, row) of each category."""

    row: int
    column: int
    total: Value
    cells: dict[str, tuple[Value, Value, int]]


class JournalComparison:
    """Reader and writer of the report."""

    id = "fisoko_journal"
    title = "ФИС ОКО: сравнение отметок с отметками по журналу"

    def recognises(self, book: Workbook) -> bool:
        return any(_header(sheet) is not None for sheet in book.sheets)

    def read(self, book: Workbook, door: Door) -> Reading:
        parts = [
            _read(sheet, header, book.name, door) for sheet in book.sheets if (header := _header(sheet)) is not None
        ]
        return assemble(self.id, self.title, book, parts)

    def write(self, path: Path, heading: Heading, rows: Iterable[JournalRow], long: bool = False) -> None:
        body = _long_lines(rows) if long else _wide_lines(rows)
        save_xlsx(path, [(heading.sheet(REPORT), [*heading.rows(REPORT), *body])])


def _wide_lines(rows: Iterable[JournalRow]) -> list[list[Cell]]:
    titles = [name for title in _TITLES for name in (f"{title} %", f"{title} Кол-во участников")]
    lines: list[list[Cell]] = [["Группы участников", "Кол-во участников(всего)", *titles]]
    for row in rows:
        pairs = [cell for pair in zip(row.percents(), row.counts, strict=True) for cell in pair]
        lines.append([row.label, row.participants, *pairs])
    return lines


def _long_lines(rows: Iterable[JournalRow]) -> list[list[Cell]]:
    lines: list[list[Cell]] = [["Группы участников", "Кол-во участников", "%"]]
    for row in rows:
        lines.append([row.label])
        lines.extend(map(list, zip(_TITLES, row.counts, row.percents(), strict=True)))
        lines.append(["Всего", row.participants, 100])
    return lines


def _header(sheet: Sheet) -> int | None:
    """The header row: wide by its three categories, long by `%` and a category in a row below."""
    for row in range(min(len(sheet.rows), LOOK_FOR_HEADER)):
        names = headers(sheet, row)
        if _GROUPS not in names:
            continue
        totals = any(name.startswith(_PUPILS) for name in names)
        wide = totals and {_category(name) for name in names} >= set(CATEGORIES.values())
        below = [plain(sheet.cell(low, names.index(_GROUPS))) for low in range(row + 1, min(row + 4, len(sheet.rows)))]
        if wide or ("%" in names and _PUPILS in names and any(map(_category, below))):
            return row
    return None


def _category(words: str) -> str | None:
    first = words.split(" ")[0].rstrip("(")
    return CATEGORIES.get(first)


def _read(sheet: Sheet, header: int, file: str, door: Door) -> Part:
    exam, remarks = read_exam(sheet, header, file, door.subjects)
    tally = Tally(file, sheet.name)
    wide = any(map(_category, headers(sheet, header)))
    found = _wide(sheet, header, tally) if wide else _long(sheet, header, tally)
    rows: list[tuple[object, ...]] = []
    for group, (_, shares) in zip(groups([label for label, _ in found]), found, strict=True):
        _check(shares, tally)
        rows.extend(_rows(group, shares))
    frame = clean_frame("group_results", _COLUMNS, rows, exam.constants(file, sheet.name) | _CONSTANTS)
    noted = (*remarks, *_unmarked(found, Place(file, sheet.name or None)), *tally.remarks())
    return Part(sheet.name, {"group_results": frame}, (exam.school_year,), len(found), noted)


def _wide(sheet: Sheet, header: int, tally: Tally) -> list[tuple[str, Shares]]:
    """Groups of the wide form: one row a group, a percent and a count column for each category."""
    names = headers(sheet, header)
    label = names.index(_GROUPS)
    total = next(column for column, name in enumerate(names) if name.startswith(_PUPILS))
    pairs = {category: _pair(names, category) for category in CATEGORIES.values()}
    found = []
    for row in range(header + 1, len(sheet.rows)):
        if text(sheet.cell(row, label)) and text(sheet.cell(row, total)):
            cells = {
                category: (checked(sheet, row, percent, tally), checked(sheet, row, count, tally), row)
                for category, (percent, count) in pairs.items()
            }
            shares = Shares(row, total, checked(sheet, row, total, tally), cells)
            found.append((text(sheet.cell(row, label)), shares))
    return found


def _pair(names: Sequence[str], category: str) -> tuple[int, int]:
    """Columns of the percent and of the count of one category; a column that is not there is -1."""
    mine = [column for column, name in enumerate(names) if _category(name) == category]
    count = next((column for column in mine if "кол-во" in names[column]), -1)
    percent = next((column for column in mine if "%" in names[column]), -1)
    return percent, count


def _long(sheet: Sheet, header: int, tally: Tally) -> list[tuple[str, Shares]]:
    """Groups of the long form: a row with the label, then rows of the categories, then the total."""
    names = headers(sheet, header)
    label, count, percent = names.index(_GROUPS), names.index(_PUPILS), names.index("%")
    found: list[tuple[str, Shares]] = []
    for row in range(header + 1, len(sheet.rows)):
        words = text(sheet.cell(row, label))
        category = _category(plain(words))
        if category and found:
            cells = (checked(sheet, row, percent, tally), checked(sheet, row, count, tally), row)
            found[-1][1].cells[category] = cells
        elif plain(words) == TOTAL and found:
            name, shares = found.pop()
            found.append((name, Shares(shares.row, count, checked(sheet, row, count, tally), shares.cells)))
        elif words:
            found.append((words, Shares(row, count, Value("blank"), {})))
    return [(name, shares) for name, shares in found if shares.cells]


def _rows(group: Group, shares: Shares) -> list[tuple[object, ...]]:
    return [
        (*group.cells(), category, percent.share, percent.state, count.whole, shares.total.whole, row + 1)
        for category, (percent, count, row) in shares.cells.items()
    ]


def _check(shares: Shares, tally: Tally) -> None:
    """Notes what does not add up: no total, more pupils by category than in all, a percent that fits no count."""
    total, with_mark = shares.total.number, _with_mark(shares)
    if total is None:
        tally.note("total_missing", shares.row, shares.column)
        return
    if with_mark is not None and with_mark > total:
        tally.note("counts_exceed_total", shares.row, shares.column)
    bases = [base for base in (with_mark, total) if base]
    for percent, count, row in shares.cells.values():
        if bases and percent.number is not None and count.number is not None:
            gaps = [abs(100 * count.number / base - percent.number) for base in bases]
            if min(gaps) > _ROUNDING:
                tally.note("percent_count_mismatch", row, shares.column)


def _with_mark(shares: Shares) -> Decimal | None:
    """Pupils in all three categories; None when a count is missing."""
    counts = [number for _, count, _ in shares.cells.values() if (number := count.number) is not None]
    return sum(counts, Decimal(0)) if len(counts) == len(CATEGORIES) else None


def _unmarked(found: Sequence[tuple[str, Shares]], place: Place) -> list[Remark]:
    """One remark on the groups where some pupils have no mark in the journal, with the largest of them."""
    gaps = []
    for label, shares in found:
        total, with_mark = shares.total.number, _with_mark(shares)
        if total is not None and with_mark is not None and with_mark < total:
            gaps.append((int(total - with_mark), label, address(shares.row, shares.column)))
    if not gaps:
        return []
    pupils, label, cell = max(gaps, key=lambda gap: gap[0])
    where = Place(place.file, place.sheet, cell)
    return [remark("no_journal_mark", where, count=len(gaps), pupils=pupils, group=label)]
