"""A sheet of items to fill: one line an organisation (part of the year, breakdown), one column an item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.ingest.items import WHOLE, Item, ItemTable
from pipeline.ingest.layouts.form_cells import BLANK, NOT_HELD, Answer, said
from pipeline.ingest.layouts.form_heads import (
    GROUP,
    GROUP_TITLE,
    ORGANISATION,
    ORGANISATION_TITLE,
    PERIOD,
    PERIOD_TITLE,
    machine_id,
)
from pipeline.ingest.layouts.form_model import Form
from pipeline.ingest.layouts.form_page import (
    FIRST_COLUMN,
    FIRST_ROW,
    Choice,
    Column,
    Line,
    Mark,
    Page,
    fitting_width,
    school_year,
)
from pipeline.ingest.layouts.form_roll import LABELS, Roll
from pipeline.ingest.layouts.form_rules import Bound, Check, number_check
from pipeline.ingest.workbook import Cell

SPARE, SPARE_WITHOUT_REGISTER = 5, 30
WHOLE_TITLE = "в целом"
COLOURS = {"school": "4F81BD", "kindergarten": "9BBB59", "additional": "8064A2", "department": "7F7F7F"}
RULES = (
    "{year}. Заполняет: {filled_by}. Пустая клетка — сведений нет; 0 — таких нет; "
    f"«{NOT_HELD}» — в этом году не было. Серые клетки не заполняются."
)


class Key(NamedTuple):
    """Whose answer: organisation, part of the year, breakdown, item."""

    org_id: str
    period: str
    group: str
    item: str


@dataclass(frozen=True)
class Place:
    """One line of the sheet: whose it is. Spare lines have no organisation."""

    org_id: str
    period: str
    group: str

    def __str__(self) -> str:
        return "|".join((self.org_id, self.period, self.group))


def items_page(
    form: Form, table: ItemTable, name: str, year: int, roll: Roll, answers: Mapping[Key, Answer], *, spare: bool = True
) -> Page:
    """The sheet of one table, with the answers that are known."""
    places = list(_places(table, roll, spare=spare))
    keys = _key_columns(table, spare=spare)
    return Page(
        name=name,
        mark=Mark(table.table, year),
        title=table.title,
        rules=RULES.format(year=school_year(year).capitalize(), filled_by=table.filled_by),
        columns=tuple([*keys, *(_column(form, item, year) for item in table.items)]),
        lines=tuple(_line(table, place, roll, answers) for place in places),
        frozen=len(keys),
        ruled=len(places),
        checks=tuple(_checks(table, places, year)),
        choices=tuple(_choices(table, places)),
        colour=COLOURS[table.org_types[0]],
    )


def _places(table: ItemTable, roll: Roll, *, spare: bool) -> Iterable[Place]:
    known = roll.of_types(table.org_types)
    blank = (SPARE if known else SPARE_WITHOUT_REGISTER) if spare else 0
    for org_id in [*known, *[""] * blank]:
        for period in table.periods:
            yield from (Place(org_id, period, group) for group in table.row_groups)


def _key_count(table: ItemTable) -> int:
    return 1 + (len(table.periods) > 1) + (table.row_groups != (WHOLE,))


def _key_columns(table: ItemTable, *, spare: bool) -> list[Column]:
    hint = "Новую организацию впишите в пустые строки внизу." if spare else ""
    columns = [(ORGANISATION, ORGANISATION_TITLE, hint, 38)]
    if len(table.periods) > 1:
        columns.append((PERIOD, PERIOD_TITLE, "", 16))
    if table.row_groups != (WHOLE,):
        longest = max(map(len, table.groups.values()), default=0)
        columns.append((GROUP, GROUP_TITLE, "", min(34, max(14, longest + 3))))
    return [Column(machine_id(code, title), title, hint, "", width, "words") for code, title, hint, width in columns]


def _column(form: Form, item: Item, year: int) -> Column:
    title = item.title_in(year)
    width = fitting_width(title, item.hint)
    return Column(machine_id(item.id, title), title, item.hint, form.asked(item), width)


def _line(table: ItemTable, place: Place, roll: Roll, answers: Mapping[Key, Answer]) -> Line:
    own = bool(place.org_id)
    types = roll.types.get(place.org_id, ())
    cells: list[Cell] = [roll.labels[place.org_id] if own else None]
    open_: list[bool | None] = [not own]
    if len(table.periods) > 1:
        cells.append(table.periods[place.period])
    if table.row_groups != (WHOLE,):
        cells.append(table.groups.get(place.group, WHOLE_TITLE))
    open_ += [False] * (len(cells) - 1)
    for item in table.items:
        asked = item.asked_of(types, place.group)
        answer = answers.get(Key(place.org_id, place.period, place.group, item.id), BLANK) if asked and own else BLANK
        cells.append(said(item, answer))
        open_.append(True if asked else None)
    return Line(str(place), tuple(cells), tuple(open_))


def _rows(places: Sequence[Place], item: Item, group: str) -> tuple[int, ...]:
    rows = (FIRST_ROW + at for at, place in enumerate(places) if place.group == group)
    return tuple(rows) if group in item.in_groups else ()


def _checks(table: ItemTable, places: Sequence[Place], year: int) -> Iterable[Check]:
    """One check a number column and distance to its bound: lines of one group stand at one distance."""
    first = FIRST_COLUMN + _key_count(table)
    columns = {item.id: first + at for at, item in enumerate(table.items)}
    order = {group: at for at, group in enumerate(table.row_groups)}
    for item in table.items:
        if not item.numeric:
            continue
        by_shift: dict[int, list[int]] = {}
        for group in item.in_groups:
            bound = table.bound_of(item, group)
            shift = order[bound[1]] - order[group] if bound else 0
            by_shift.setdefault(shift, []).extend(_rows(places, item, group))
        for shift, rows in by_shift.items():
            limit = table.by_id.get(item.at_most)
            bounded = Bound(columns[limit.id], shift, limit.title_in(year)) if limit else None
            if rows:
                yield number_check(columns[item.id], sorted(rows), whole=item.kind == "count", bound=bounded)


def _choices(table: ItemTable, places: Sequence[Place]) -> Iterable[Choice]:
    first = FIRST_COLUMN + _key_count(table)
    spare = tuple(FIRST_ROW + at for at, place in enumerate(places) if not place.org_id)
    if spare:
        yield Choice(FIRST_COLUMN, spare, LABELS, strict=False)
    for at, item in enumerate(table.items):
        rows = tuple(sorted(row for group in item.in_groups for row in _rows(places, item, group)))
        if not item.numeric and rows:
            yield Choice(first + at, rows, list_name(table, item))


def list_name(table: ItemTable, item: Item) -> str:
    """The drop-down list of an item: one for all «да / нет», one a scale of levels."""
    return "yes_no" if item.kind == "yes_no" else f"{table.table}.{item.id}"


def lists_of(table: ItemTable) -> dict[str, list[str]]:
    """Words of the drop-down lists of a table, the state without a value among them."""
    found = {}
    for item in table.items:
        if not item.numeric:
            words = ["да", "нет"] if item.kind == "yes_no" else [item.levels[level] for level in sorted(item.levels)]
            found[list_name(table, item)] = [*words, NOT_HELD]
    return found


__all__ = ["Key", "Place", "items_page", "lists_of"]
