"""What each organisation answered to what a source asks: amounts, and why an amount is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from pipeline.indicators.context import Scope
from pipeline.indicators.form_sources import (
    Form,
    FormLevels,
    FormOrganisations,
    FormRate,
    FormShare,
    FormSource,
    Listed,
    named_cells,
)
from pipeline.indicators.sheets import CellPlace, Cells

# blank: a cell is missing; not_held: «не проводилось»; contradictory: more than there can be
Said = Literal["answered", "blank", "not_held", "contradictory"]
Wanted = tuple[tuple[str, str], ...]


class Answer(NamedTuple):
    """Of one organisation, year and category. `places`: of the cells with a number, else of all its cells."""

    school_year: int
    org_id: str
    category: str
    over: float | None
    under: float | None
    said: Said
    places: tuple[CellPlace, ...]


class _Amount(NamedTuple):
    value: float | None
    said: Said
    places: tuple[CellPlace, ...]


NOTHING = _Amount(None, "blank", ())


def answers_to(source: Form, scope: Scope) -> list[Answer]:
    """Every organisation that has a cell of what is asked, by year and organisation."""
    match source:
        case FormShare() | FormRate():
            return _ratio(source, scope)
        case FormLevels():
            return [_in_scale(answer, source.scale) for answer in _sums(source, scope, (source.item,), zero=False)]
        case FormOrganisations() if source.change:
            return _changed(source, _sums(source, scope, source.items, zero=True))
        case _:
            return _sums(source, scope, source.items, zero=True)


def _asked(source: FormSource, items: Sequence[str], groups: Sequence[str]) -> dict[str, Wanted]:
    """Category → cells; each group is a category of its own where the source says so."""
    if source.each_group and groups:
        return {group: named_cells(items, (group,)) for group in groups}
    return {"": named_cells(items, groups)}


def _organisations(source: FormSource, scope: Scope, asked: dict[str, Wanted]) -> list[tuple[int, str]]:
    """(school year, organisation) with a cell at least, among those and on the list that the source names.

    With them those that sent the form without this sheet: a total that left them out would be smaller than the truth.
    """
    wanted = {cell for cells in asked.values() for cell in cells}
    sheet = scope.sheets.get(source.table, {}).get(source.period, {})
    found = [key for key, cells in sheet.items() if wanted & cells.keys()]
    found += _silent(scope, sheet, wanted)
    if among := source.among:
        found = [key for key in found if (among.item, "") in _cells(source, scope, among.table, key)]
    return sorted(key for key in found if source.listed is None or on_list(source.listed, key, scope))


def _silent(
    scope: Scope, sheet: Mapping[tuple[int, str], Cells], wanted: set[tuple[str, str]]
) -> list[tuple[int, str]]:
    """Who answered other sheets of the year, and this one in the year before or after, but not this one."""
    years = {year for year, _ in sheet}
    return [
        (year, org)
        for year, org in scope.respondents
        if year in years
        and (year, org) not in sheet
        and any(wanted & sheet.get((near, org), {}).keys() for near in (year - 1, year + 1))
    ]


def on_list(listed: Listed, key: tuple[int, str], scope: Scope) -> bool:
    """Did the organisation stand on the list that year?"""
    cell = scope.sheets.get(listed.table, {}).get("year", {}).get(key, {}).get((listed.item, ""))
    return cell is not None and (cell.value or 0) >= 1


def _cells(source: FormSource, scope: Scope, table: str, key: tuple[int, str]) -> Cells:
    return scope.sheets.get(table, {}).get(source.period, {}).get(key, {})


def _amount(cells: Cells, wanted: Wanted, *, zero: bool) -> _Amount:
    """Sum of the cells. `zero`: what was not held counts as zero; else it leaves the organisation out."""
    found = [cells[cell] for cell in wanted if cell in cells]
    numbers = [cell.value if cell.held else (0.0 if zero else None) for cell in found]
    known = [number for number in numbers if number is not None]
    places = tuple(cell.place for cell in found if cell.value is not None) or tuple(cell.place for cell in found)
    if len(known) == len(wanted):
        return _Amount(sum(known), "answered", places)
    away = 0 if zero else sum(not cell.held for cell in found)
    return _Amount(None, "not_held" if len(known) + away == len(wanted) else "blank", places)


def _sums(source: FormSource, scope: Scope, items: Sequence[str], *, zero: bool) -> list[Answer]:
    asked = _asked(source, items, source.groups)
    found = []
    for key in _organisations(source, scope, asked):
        cells = _cells(source, scope, source.table, key)
        for category, wanted in asked.items():
            amount = _amount(cells, wanted, zero=zero)
            found.append(Answer(*key, category, amount.value, None, amount.said, amount.places))
    return found


def _ratio(source: FormShare | FormRate, scope: Scope) -> list[Answer]:
    above = _asked(source, source.numerator, source.groups)
    below = _asked(source, source.denominator, source.under_groups) if source.group_by_group else {}
    whole = named_cells(source.denominator, source.under_groups)
    bounded = isinstance(source, FormShare) or source.counts == "persons"
    found = []
    for key in _organisations(source, scope, above):
        cells = _cells(source, scope, source.table, key)
        under_cells = _cells(source, scope, source.under_table, key)
        for category, wanted in above.items():
            over = _amount(cells, wanted, zero=True)
            under = _amount(under_cells, below.get(category, whole), zero=False) if under_cells else NOTHING
            said = _judged(over, under, bounded=bounded)
            found.append(Answer(*key, category, over.value, under.value, said, over.places + under.places))
    return found


def _judged(over: _Amount, under: _Amount, *, bounded: bool) -> Said:
    if under.said == "not_held":
        return "not_held"
    if over.value is None or under.value is None:
        return "blank"
    return "contradictory" if bounded and over.value > under.value else "answered"


def _in_scale(answer: Answer, scale: Sequence[int]) -> Answer:
    strange = answer.said == "answered" and answer.over not in scale
    return answer._replace(said="contradictory") if strange else answer


def _changed(source: FormOrganisations, answers: Sequence[Answer]) -> list[Answer]:
    """`over` is 1 where the change took place. Without the year before nothing can be said of an organisation."""
    known = {(answer.school_year, answer.org_id, answer.category): answer for answer in answers}
    found = []
    for answer in answers:
        before = known.get((answer.school_year - 1, answer.org_id, answer.category))
        found.append(_change(source, before, answer))
    return found


def _change(source: FormOrganisations, before: Answer | None, now: Answer) -> Answer:
    if before is None:
        return now._replace(over=None, said="not_held")
    if before.over is None or now.over is None:
        return now._replace(over=None, said="blank")
    was, is_ = before.over >= source.at_least, now.over >= source.at_least
    took_place = {"entered": is_ and not was, "stayed": is_ and was, "left": was and not is_}[source.change or "stayed"]
    return now._replace(over=float(took_place), places=before.places + now.places)
