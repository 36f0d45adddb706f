"""What every reader shares: finding the header, building clean frames, joining the sheets of one book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.errors import Place
from pipeline.ingest.layouts.remarks import Tally, remark
from pipeline.ingest.layouts.values import UNREADABLE, Value, plain, value
from pipeline.ingest.reading import Reading, Remark
from pipeline.ingest.workbook import Cell, Sheet, Workbook

if TYPE_CHECKING:
    import pandas as pd

LOOK_FOR_HEADER = 40


@dataclass(frozen=True)
class Part:
    """What one sheet gave: frames, the years it states, the number of data rows, remarks."""

    sheet: str
    tables: Mapping[str, pd.DataFrame]
    years: tuple[int, ...]
    rows: int
    remarks: tuple[Remark, ...] = field(default=())


def headers(sheet: Sheet, row: int) -> list[str]:
    """The cells of a row, lower case, for finding columns."""
    return [plain(cell) for cell in sheet.rows[row]]


def find_header(sheet: Sheet, wanted: Iterable[str], start: int = 0, limit: int = LOOK_FOR_HEADER) -> int | None:
    """The first row that holds all wanted headers (lower case, exact), or None."""
    needed = set(wanted)
    for row in range(start, min(len(sheet.rows), start + limit)):
        if needed <= set(headers(sheet, row)):
            return row
    return None


def is_blank(row: Sequence[Cell]) -> bool:
    return not any(plain(cell) for cell in row)


def checked(sheet: Sheet, row: int, column: int, tally: Tally) -> Value:
    """The value of a cell; an unreadable one is noted and taken for blank."""
    found = value(sheet.cell(row, column))
    if found.state != UNREADABLE:
        return found
    tally.note("unreadable_value", row, column)
    return Value("blank")


def clean_frame(
    name: str, columns: Sequence[str], rows: Sequence[Sequence[object]], constants: Mapping[str, object]
) -> pd.DataFrame:
    """Rows as a frame of a clean table with its declared types; the organisation stays a reference.

    Columns named neither in `columns` nor in `constants` are missing values.
    """
    import pandas as pd

    data = dict(zip(columns, zip(*rows, strict=True), strict=True)) if rows else {}
    built = {}
    for column, dtype in _declared(name):
        values = data.get(column, (constants.get(column),) * len(rows))
        cells = pd.Series([pd.NA if value is None else value for value in values], dtype="object")
        built[column] = cells.astype(dtype)
    return pd.DataFrame(built)


def _declared(name: str) -> list[tuple[str, Any]]:
    """Columns and dtypes of a table, with the reference to an organisation in place of `org_id`."""
    from pipeline import tables

    table = tables.TABLES[name]
    own = [(column.name, tables.DTYPES[column.kind]) for column in table.columns if column.name != "org_id"]
    return own + [(column, tables.DTYPES["text"]) for column in tables.ORG_REFERENCE]


def assemble(layout: str, title: str, book: Workbook, parts: Sequence[Part], known: Iterable[str] = ()) -> Reading:
    """The reading of a book from its sheets; sheets nobody read (except the `known` auxiliary ones) are remarked."""
    import pandas as pd

    names = sorted({name for part in parts for name in part.tables})
    frames = {name: [part.tables[name] for part in parts if name in part.tables] for name in names}
    read = {part.sheet for part in parts} | set(known)
    skipped = [sheet.name for sheet in book.sheets if sheet.rows and sheet.name not in read]
    remarks = [item for part in parts for item in part.remarks]
    return Reading(
        layout=layout,
        title=title,
        tables={name: pd.concat(several, ignore_index=True) for name, several in frames.items()},
        school_years=tuple(sorted({year for part in parts for year in part.years})),
        rows=sum(part.rows for part in parts),
        remarks=(*remarks, *(remark("sheet_not_read", Place(book.name, name)) for name in skipped)),
    )
