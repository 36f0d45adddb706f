"""Sources over the collection form: tables of items, one row an organisation, item and group.

form_share, form_rate   items over items: a share, or a rate per 100 or 1000
form_count              sum of items
form_levels             share of organisations at each ordinal level; levels are never averaged
form_reached            share of organisations whose value reaches a threshold (yes/no: 1)
form_organisations      number of such organisations, also of those that entered, stayed or left since last year

An item is named by its code; `item/group` names one cell, where items of a sum have different groups.

A blank cell stays missing: the organisation is left out of both parts of a share and counted as not answered, and a
total that lacks a part is missing. «Не проводилось» is zero in a numerator and leaves the organisation out as a
denominator. Numerators above denominators are contradictions: left out, counted, reported by `form_faults`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, model_validator

from pipeline.indicators.vocabulary import FormPeriod, ItemTableName, LevelName
from pipeline.settings import Strict

Items = Annotated[tuple[str, ...], Field(min_length=1)]
Asked = tuple[tuple[str, str, tuple[str, ...]], ...]


def named_cells(items: Sequence[str], groups: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """(item, group) of the cells: `item/group` is one cell, an item alone has one in each of the groups."""
    found = []
    for name in items:
        item, slash, group = name.partition("/")
        found += [(item, group)] if slash else [(item, each) for each in groups or ("",)]
    return tuple(found)


def _told(table: str, items: Sequence[str], groups: Sequence[str]) -> Asked:
    cells = named_cells(items, groups)
    by_item = dict.fromkeys(item for item, _ in cells)
    return tuple((table, item, tuple(group for one, group in cells if one == item and group)) for item in by_item)


class Listed(Strict):
    """Only organisations for which this yes/no item of the same school year is «да»: a list by an order."""

    table: ItemTableName
    item: str


class Among(Strict):
    """Only organisations that the form asks for this item: kindergartens are those with a row of their own sheet."""

    table: ItemTableName
    item: str


class FormSource(Strict):
    """Cells of one table of items.

    `groups`: whose cells are added up (empty: cells without a breakdown); with `each_group` every group is a row of
    its own, the group in `category`.
    """

    table: ItemTableName
    groups: tuple[str, ...] = ()
    each_group: StrictBool = False
    among: Among | None = None
    period: FormPeriod = "year"
    listed: Listed | None = None
    levels: tuple[LevelName, ...] = ("municipality", "organisation")

    @property
    def asked(self) -> Asked:
        """(table, item, groups) of every cell the source reads; groups are () for cells without a breakdown."""
        others = tuple((one.table, one.item, ()) for one in (self.listed, self.among) if one)
        return (*self._asked(), *others)

    def _asked(self) -> Asked:
        raise NotImplementedError

    @model_validator(mode="after")
    def _each_of_something(self) -> FormSource:
        if self.each_group and not self.groups:
            raise ValueError("each_group требует списка groups")
        if set(self.levels) - {"municipality", "organisation"}:
            raise ValueError("форма знает только уровни municipality и organisation")
        return self


class _Ratio(FormSource):
    """`denominator_table`, `denominator_groups`: where the denominator stands elsewhere than the numerator."""

    numerator: Items
    denominator: Items
    denominator_table: ItemTableName | None = None
    denominator_groups: tuple[str, ...] | None = None

    @property
    def under_table(self) -> ItemTableName:
        return self.denominator_table or self.table

    @property
    def under_groups(self) -> tuple[str, ...]:
        return self.groups if self.denominator_groups is None else self.denominator_groups

    @property
    def group_by_group(self) -> bool:
        """Each group of the numerator has a denominator of its own."""
        return self.each_group and self.denominator_groups is None

    def _asked(self) -> Asked:
        over = _told(self.table, self.numerator, self.groups)
        return (*over, *_told(self.under_table, self.denominator, self.under_groups))


class FormShare(_Ratio):
    """Sum of the numerator items over the sum of the denominator items."""

    type: Literal["form_share"]


class FormRate(_Ratio):
    """The same per class (1), per 100 or per 1000. `counts: persons` are part of the denominator; events may be more
    than it."""

    type: Literal["form_rate"]
    per: Literal[1, 100, 1000]
    counts: Literal["persons", "events"] = "persons"


class FormCount(FormSource):
    """Sum of items."""

    type: Literal["form_count"]
    items: Items

    def _asked(self) -> Asked:
        return _told(self.table, self.items, self.groups)


class FormLevels(FormSource):
    """Share of organisations at each level of `scale`, the level in `category`; for an organisation its own level."""

    type: Literal["form_levels"]
    item: str
    scale: tuple[StrictInt, ...] = Field(min_length=2)

    def _asked(self) -> Asked:
        return _told(self.table, (self.item,), self.groups)

    @model_validator(mode="after")
    def _in_order(self) -> FormLevels:
        if list(self.scale) != sorted(set(self.scale)):
            raise ValueError("уровни scale называются по возрастанию, каждый один раз")
        if self.groups:
            raise ValueError("у уровней не бывает groups: уровни разных разрезов не складывают")
        return self


class _Reaching(FormSource):
    """Organisations whose sum of the items is at least `at_least`; of a yes/no item 1 is «да»."""

    items: Items
    at_least: StrictInt | StrictFloat = 1

    def _asked(self) -> Asked:
        return _told(self.table, self.items, self.groups)


class FormReached(_Reaching):
    """Share of organisations that reach the threshold among those that answered."""

    type: Literal["form_reached"]


class FormOrganisations(_Reaching):
    """Number of organisations that reach the threshold; with `change`, of those that newly do, still do, no longer do.

    A change is known only when the organisation answered in both years.
    """

    type: Literal["form_organisations"]
    change: Literal["entered", "stayed", "left"] | None = None
    levels: tuple[LevelName, ...] = ("municipality",)


Form = FormShare | FormRate | FormCount | FormLevels | FormReached | FormOrganisations
FORM = (FormShare, FormRate, FormCount, FormLevels, FormReached, FormOrganisations)
