"""A register sheet to fill: a row an event, an act or an item; what the program knows stands there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.ingest.layouts.form_cells import shown
from pipeline.ingest.layouts.form_heads import machine_id
from pipeline.ingest.layouts.form_model import LISTED, NUMERIC, Form, RegisterColumn, RegisterSheet
from pipeline.ingest.layouts.form_page import FIRST_COLUMN, FIRST_ROW, Choice, Column, Line, Mark, Page, school_year
from pipeline.ingest.layouts.form_roll import LABELS, Roll
from pipeline.ingest.layouts.form_rules import Bound, Check, number_check
from pipeline.ingest.workbook import Cell

Record = Mapping[str, object]
RULED = 25
COLOUR = "F2B233"
RULES = "{year}. Заполняет: {filled_by}. Строка — {row_is}. Не было ни одной — оставьте лист пустым."
ASKED = {
    "organisation": "выберите из списка",
    "subject": "выберите из списка",
    "direction": "выберите из списка",
    "choice": "выберите из списка",
    "code": "выберите из списка",
    "text": "текст",
    "key": "номер",
    "whole": "целое число",
    "number": "число",
    "date": "дата",
}
STYLES = {"whole": "number", "number": "number", "date": "date"}


def register_page(
    form: Form,
    sheet: RegisterSheet,
    name: str,
    year: int,
    roll: Roll,
    records: Sequence[Record],
    lists: Mapping[str, Mapping[str, str]],
) -> Page:
    """The sheet of one register; `records` hold clean values by column, `lists` the dictionaries of the caller."""
    lines = [_line(form, sheet, roll, record, lists) for record in records]
    blank = Line("", (None,) * len(sheet.columns), tuple(not column.shown for column in sheet.columns))
    lines += [blank] * sheet.rows
    return Page(
        name=name,
        mark=Mark(sheet.table, year),
        title=sheet.title,
        rules=RULES.format(year=school_year(year).capitalize(), filled_by=sheet.filled_by, row_is=sheet.row_is),
        columns=tuple(_column(column) for column in sheet.columns),
        lines=tuple(lines),
        ruled=len(records) + RULED,
        checks=tuple(_checks(sheet, len(lines))),
        choices=tuple(_choices(form, sheet, roll, len(lines), lists)),
        colour=COLOUR,
    )


def _column(column: RegisterColumn) -> Column:
    asked = "только для чтения" if column.shown else ASKED[column.kind]
    asked = "из списка или своё" if column.open else asked
    title, style = column.title, STYLES.get(column.kind, "words")
    return Column(machine_id(column.name, title), title, column.hint, asked, column.width, style)


def _line(form: Form, sheet: RegisterSheet, roll: Roll, record: Record, lists: Mapping[str, Mapping[str, str]]) -> Line:
    cells: list[Cell] = []
    open_: list[bool | None] = []
    for column in sheet.columns:
        stored = record.get(column.name)
        if column.kind == "organisation" and stored is not None:
            cells.append(roll.labels.get(str(stored), str(stored)))
        else:
            cells.append(shown(column, stored, form, lists))
        open_.append(column.filled_in or (column.given and stored is None))
    return Line("", tuple(cells), tuple(open_))


def _checks(sheet: RegisterSheet, lines: int) -> Iterable[Check]:
    places = {column.name: FIRST_COLUMN + at for at, column in enumerate(sheet.columns)}
    rows = range(FIRST_ROW, FIRST_ROW + lines)
    for column in sheet.columns:
        if column.kind in NUMERIC and column.filled_in:
            limit = sheet.by_name.get(column.at_most)
            bound = Bound(places[limit.name], 0, limit.title) if limit else None
            whole = column.kind == "whole"
            yield number_check(places[column.name], rows, whole=whole, least=column.min, most=column.max, bound=bound)


def _choices(
    form: Form, sheet: RegisterSheet, roll: Roll, lines: int, lists: Mapping[str, Mapping[str, str]]
) -> Iterable[Choice]:
    rows = tuple(range(FIRST_ROW, FIRST_ROW + lines))
    for place, column in enumerate(sheet.columns, start=FIRST_COLUMN):
        if column.kind not in LISTED or not column.filled_in:
            continue
        if column.kind == "organisation":
            if roll.labels:
                yield Choice(place, rows, LABELS, strict=False)
        elif words_of(form, column, lists):
            yield Choice(place, rows, list_name(column), strict=not column.open)


def words_of(form: Form, column: RegisterColumn, lists: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What the drop-down list of a column offers."""
    if column.kind == "code":
        return [f"{code} — {title}" for code, title in lists.get(column.words, {}).items()]
    return list(form.list_of(column).values())


def list_name(column: RegisterColumn) -> str:
    return column.words or column.kind


def lists_of(form: Form, sheet: RegisterSheet, lists: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """Drop-down lists of a sheet, besides that of the organisations."""
    columns = [column for column in sheet.columns if column.kind in LISTED and column.kind != "organisation"]
    return {list_name(column): words for column in columns if (words := words_of(form, column, lists))}


__all__ = ["Record", "lists_of", "register_page"]
