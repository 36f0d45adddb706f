"""A filled sheet of items: answers with whose they are and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.ingest.items import Item, ItemTable
from pipeline.ingest.layouts.form_cells import BLANK, Answer, heard
from pipeline.ingest.layouts.form_heads import (
    GROUP,
    GROUP_TITLE,
    ORGANISATION,
    ORGANISATION_TITLE,
    PERIOD,
    PERIOD_TITLE,
    Found,
    find_columns,
    missing,
)
from pipeline.ingest.layouts.form_item_page import Place
from pipeline.ingest.layouts.form_page import FIRST_COLUMN, MARK_COLUMN, Mark
from pipeline.ingest.layouts.form_roll import Reference, Roll, reference
from pipeline.ingest.layouts.sheets import Part, clean_frame
from pipeline.ingest.layouts.values import UNREADABLE, plain, text
from pipeline.ingest.workbook import Sheet

FRAME = ("org_alias_kind", "org_alias_code", "org_name", "period", "group", "item", "value", "state", "source_row")


@dataclass(frozen=True)
class Heard:
    """One line as read: who, where it stands, the answer of each item that applies."""

    reference: Reference
    place: Place
    row: int
    answers: Mapping[str, Answer]


def read_items(table: ItemTable, sheet: Sheet, mark: Mark, row: int, roll: Roll, file: str) -> Part:
    """The lines of every organisation that answered anything; whoever left the whole sheet blank gives no rows."""
    year = mark.year or 0
    found = find_columns(sheet, mark, row, _titles(table, year), file)
    lines = list(_lines(table, found, roll))
    answered = {line.reference for line in lines if any(answer.given for answer in line.answers.values())}
    kept = [line for line in lines if line.reference in answered]
    _note_excess(table, kept, found)
    body = [
        (*line.reference, line.place.period, line.place.group, item, answer.value, answer.state, line.row + 1)
        for line in kept
        for item, answer in line.answers.items()
    ]
    constants = {"school_year": year, "source_file": file, "source_sheet": sheet.name}
    lost = missing(found, [(item.id, item.title) for item in table.items], file)
    frames = {table.table: clean_frame(table.table, FRAME, body, constants)} if body else {}
    return Part(sheet.name, frames, (year,), len(kept), (*lost, *found.tally.remarks()))


def _titles(table: ItemTable, year: int) -> dict[str, str]:
    """Every heading an item has or had; the present one decides."""
    older = {alias.title: item.id for item in table.items for alias in item.aliases}
    keys = {ORGANISATION_TITLE: ORGANISATION, PERIOD_TITLE: PERIOD, GROUP_TITLE: GROUP}
    return older | keys | {item.title: item.id for item in table.items} | {i.title_in(year): i.id for i in table.items}


def _lines(table: ItemTable, found: Found, roll: Roll) -> Iterable[Heard]:
    """Spare lines stand in blocks, one line a part of the year and breakdown: the first one names the organisation."""
    first = (next(iter(table.periods)), table.row_groups[0])
    name = ""
    for row in found.body:
        place = _place(table, found, row)
        label = text(found.sheet.cell(row, found.columns.get(ORGANISATION, FIRST_COLUMN)))
        name = label if label or place.org_id or (place.period, place.group) == first else name
        whose, doubt = reference(roll, place.org_id, name)
        if doubt:
            found.tally.note("form_line_renamed", row, FIRST_COLUMN)
        types = roll.types.get(whose[1] or "", ()) if whose else ()
        asked = [item for item in table.items if item.asked_of(types, place.group)]
        answers = _answers(table, asked, found, row)
        if whose is not None:
            yield Heard(whose, place, row, answers)
        elif any(answer.given for answer in answers.values()):
            found.tally.note("form_row_unnamed", row, FIRST_COLUMN)


def _place(table: ItemTable, found: Found, row: int) -> Place:
    """Whose line it is by the hidden key, else by the words that stand in it."""
    parts = text(found.sheet.cell(row, MARK_COLUMN)).split("|")
    if len(parts) == 3 and parts[1] in table.periods and parts[2] in table.row_groups:
        return Place(*parts)
    words = {code: plain(found.sheet.cell(row, found.columns.get(code, -1))) for code in (PERIOD, GROUP)}
    periods = {plain(title): code for code, title in table.periods.items()}
    groups = {plain(title): code for code, title in table.groups.items()}
    return Place(
        "", periods.get(words[PERIOD], next(iter(table.periods))), groups.get(words[GROUP], table.row_groups[0])
    )


def _answers(table: ItemTable, asked: Sequence[Item], found: Found, row: int) -> dict[str, Answer]:
    """Answers to the items that this line is asked; a number in any other cell is remarked."""
    answers = {}
    for item in table.items:
        column = found.columns.get(item.id)
        if column is None:
            continue
        cell = found.sheet.cell(row, column)
        if item not in asked:
            if text(cell):
                found.tally.note("form_closed_cell", row, column)
            continue
        answer = heard(item, cell)
        if answer.state == UNREADABLE:
            found.tally.note("form_unreadable", row, column)
            answer = BLANK
        answers[item.id] = answer
    return answers


def _note_excess(table: ItemTable, lines: Sequence[Heard], found: Found) -> None:
    """Parts that are larger than their whole."""
    values = {
        (line.reference, line.place.period, line.place.group, item): answer.value
        for line in lines
        for item, answer in line.answers.items()
    }
    for line in lines:
        for code, answer in line.answers.items():
            bound = table.bound_of(table.by_id[code], line.place.group)
            if bound is None or answer.value is None:
                continue
            limit = values.get((line.reference, line.place.period, bound[1], bound[0].id))
            if limit is not None and answer.value > limit:
                found.tally.note("form_part_exceeds", line.row, found.columns[code])


__all__ = ["read_items"]
