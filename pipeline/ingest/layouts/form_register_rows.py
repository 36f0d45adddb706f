"""A filled register sheet: its rows as a clean table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.form_tables import REGISTER_TABLES
from pipeline.ingest.layouts.form_cells import BLANK, Answer, meant, number_in, without_people
from pipeline.ingest.layouts.form_heads import Found, find_columns, missing
from pipeline.ingest.layouts.form_model import NUMERIC, Form, RegisterColumn, RegisterSheet
from pipeline.ingest.layouts.form_page import FIRST_COLUMN, Mark
from pipeline.ingest.layouts.form_roll import Roll, reference
from pipeline.ingest.layouts.sheets import Part, clean_frame
from pipeline.ingest.layouts.values import UNREADABLE, text
from pipeline.ingest.workbook import Sheet

if TYPE_CHECKING:
    import pandas as pd

REFERENCE = ("org_alias_kind", "org_alias_code", "org_name")
_TABLES = {table.name: table for table in REGISTER_TABLES}


def read_register_sheet(
    form: Form, wanted: RegisterSheet, sheet: Sheet, mark: Mark, row: int, roll: Roll, file: str
) -> Part:
    """Rows in which something is filled in; a row without what identifies it is remarked and left out."""
    titles = {column.title: column.name for column in wanted.columns}
    found = find_columns(sheet, mark, row, titles, file)
    rows = [_row(form, wanted, found, roll, number) for number in found.body if _is_filled(wanted, found, number)]
    body = [one for one in rows if one is not None]
    names = _names(wanted)
    lost = missing(found, [(column.name, column.title) for column in wanted.columns if column.read], file)
    constants = {"school_year": mark.year, "source_file": file, "source_sheet": sheet.name}
    frames = {wanted.table: _frame(wanted.table, names, body, constants)} if body else {}
    return Part(sheet.name, frames, (mark.year or 0,), len(rows), (*lost, *found.tally.remarks()))


def _names(wanted: RegisterSheet) -> list[str]:
    """Columns of the frame in the order `_row` gives them."""
    own = [column.name for column in wanted.columns if column.read and column.kind != "organisation"]
    state = ["state"] if _has(wanted.table, "state") else []
    return [*REFERENCE, *own, *state, "source_row"]


def _has(table: str, column: str) -> bool:
    return column in _TABLES[table].names


def _frame(
    table: str, names: Sequence[str], body: Sequence[Sequence[object]], constants: Mapping[str, object]
) -> pd.DataFrame:
    frame = clean_frame(table, names, body, constants)
    return frame if _has(table, "org_id") else frame.drop(columns=list(REFERENCE))


def _is_filled(wanted: RegisterSheet, found: Found, row: int) -> bool:
    places = (found.columns.get(column.name) for column in wanted.columns if column.filled_in)
    return any(text(found.sheet.cell(row, place)) for place in places if place is not None)


def _row(form: Form, wanted: RegisterSheet, found: Found, roll: Roll, row: int) -> tuple[object, ...] | None:
    """Values in the order of `_names`, or None when the row lacks what it needs."""
    values = {column.name: _value(form, found, column, row) for column in wanted.columns if column.read}
    whose = _whose(wanted, found, roll, row)
    lacking = [column for column in wanted.columns if column.needed and _is_missing(column, values, whose)]
    for column in lacking:
        found.tally.note("form_row_incomplete", row, found.columns.get(column.name, FIRST_COLUMN))
    if lacking:
        return None
    _note_excess(wanted, found, values, row)
    own = [
        _plain(column, values[column.name])
        for column in wanted.columns
        if column.read and column.kind != "organisation"
    ]
    counted = [values[c.name] for c in wanted.columns if c.kind in NUMERIC and not c.required and c.blank is None]
    state = [_state(counted)] if _has(wanted.table, "state") else []
    return (*(whose or (None, None, None)), *own, *state, row + 1)


def _is_missing(column: RegisterColumn, values: dict[str, object], whose: object) -> bool:
    value = values[column.name]
    if isinstance(value, Answer):
        return value.value is None
    return whose is None if column.kind == "organisation" else value is None


def _whose(wanted: RegisterSheet, found: Found, roll: Roll, row: int) -> tuple[str | None, str | None, str] | None:
    column = next((column for column in wanted.columns if column.kind == "organisation"), None)
    place = found.columns.get(column.name) if column else None
    return reference(roll, "", text(found.sheet.cell(row, place)))[0] if place is not None else None


def _value(form: Form, found: Found, column: RegisterColumn, row: int) -> object:
    """The clean value of a cell; a number stays an Answer until the state of the row is known."""
    place = found.columns.get(column.name)
    cell = found.sheet.cell(row, place) if place is not None else None
    if column.kind in NUMERIC:
        answer = number_in(cell, whole=column.kind == "whole", least=column.min, most=column.max)
        if answer.state != UNREADABLE:
            return answer
        found.tally.note("form_unreadable", row, place or 0)
        return BLANK
    try:
        read = meant(column, cell, form)
    except ValueError:
        found.tally.note("form_unreadable", row, place or 0)
        return column.blank
    if column.kind != "text" or not isinstance(read, str):
        return read
    nameless = without_people(read)
    if nameless != read:
        found.tally.note("form_person_named", row, place or 0)
    return nameless


def _plain(column: RegisterColumn, value: object) -> object:
    if not isinstance(value, Answer):
        return value
    number = column.blank if value.value is None else value.value
    return int(number) if column.kind == "whole" and isinstance(number, float) else number


def _state(values: Iterable[object]) -> str:
    """Of a row: observed when any number is, else the first state that says something."""
    states = [value.state for value in values if isinstance(value, Answer)]
    ordered = ("observed", "not_attempted", "suppressed")
    return next((state for state in ordered if state in states), "blank")


def _note_excess(wanted: RegisterSheet, found: Found, values: dict[str, object], row: int) -> None:
    for column in wanted.columns:
        part, limit = _number(values.get(column.name)), _number(values.get(column.at_most))
        if part is not None and limit is not None and part > limit:
            found.tally.note("form_part_exceeds", row, found.columns[column.name])


def _number(value: object) -> float | None:
    return value.value if isinstance(value, Answer) else None


__all__ = ["read_register_sheet"]
