"""Items of the collection form as data: config/items/<table>.yml, one file an item table of `pipeline.form_tables`.

An item is one question to a school: how it is worded, what its cell may hold, which documents ask for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints, model_validator

from pipeline.errors import Place, WorkspaceError
from pipeline.form_tables import ITEM_TABLES
from pipeline.paths import Paths
from pipeline.settings import Strict, load_model

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Kind = Literal["count", "number", "level", "yes_no"]
OrgType = Literal["school", "kindergarten", "additional", "department"]
Period = Literal["year", "half_year", "quarter"]
ORG_TYPES: tuple[OrgType, ...] = get_args(OrgType)
TABLES = tuple(table.name for table in ITEM_TABLES)
WHOLE = ""  # the group of what has no breakdown
PERIODS: Mapping[str, Mapping[str, str]] = {
    "year": {"year": "год"},
    "half_year": {"half_1": "1-е полугодие", "half_2": "2-е полугодие"},
    "quarter": {f"quarter_{number}": f"{number}-я четверть" for number in (1, 2, 3, 4)},
}


class Alias(Strict):
    """An earlier name of the same thing; `until` is the last school year in which it was called so."""

    title: Words
    until: int


class Item(Strict):
    """One question. `unit` is a key of config/forms/words.yml; `at_most` names the item that cannot be smaller.

    `org_types` narrows those of the table.
    """

    id: Code
    title: Words
    hint: Words
    kind: Kind
    unit: str = ""
    groups: tuple[Code, ...] = ()
    org_types: tuple[OrgType, ...] = ()
    levels: dict[int, Words] = {}
    at_most: str = ""
    documents: tuple[Words, ...] = ()
    aliases: tuple[Alias, ...] = ()

    @property
    def numeric(self) -> bool:
        return self.kind in ("count", "number")

    @property
    def in_groups(self) -> tuple[str, ...]:
        """Groups that have a cell for the item; without a breakdown, the whole."""
        return self.groups or (WHOLE,)

    def asked_of(self, types: Collection[OrgType], group: str) -> bool:
        """Does an organisation of these types (none known: any) answer in this group?"""
        fits = not self.org_types or not types or bool(set(self.org_types) & set(types))
        return fits and group in self.in_groups

    def title_in(self, school_year: int) -> str:
        """The name in use in that school year."""
        older = sorted((alias for alias in self.aliases if school_year <= alias.until), key=lambda alias: alias.until)
        return older[0].title if older else self.title

    @model_validator(mode="after")
    def _sensible(self) -> Item:
        if (self.kind == "level") != bool(self.levels):
            raise ValueError(f"{self.id}: levels нужны виду level, и только ему")
        if len(set(self.levels.values())) != len(self.levels):
            raise ValueError(f"{self.id}: два уровня названы одинаково")
        if self.at_most and not self.numeric:
            raise ValueError(f"{self.id}: at_most бывает только у числа")
        _nothing(f"{self.id}: разрез назван дважды", _repeated(self.groups))
        return self


class ItemTable(Strict):
    """One sheet of the form: who fills it, which organisations get a row, its breakdowns and items."""

    table: str
    title: Words
    filled_by: Words
    org_types: tuple[OrgType, ...] = Field(min_length=1)
    period: Period = "year"
    groups: dict[Code, Words] = {}
    items: tuple[Item, ...] = Field(min_length=1)

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def row_groups(self) -> tuple[str, ...]:
        """Groups in the order of rows: the whole first when some item has no breakdown."""
        whole = (WHOLE,) if any(not item.groups for item in self.items) else ()
        used = {group for item in self.items for group in item.groups}
        return (*whole, *(group for group in self.groups if group in used))

    @property
    def periods(self) -> Mapping[str, str]:
        """Code → words of the parts of the year that have rows."""
        return PERIODS[self.period]

    @model_validator(mode="after")
    def _whole_table(self) -> ItemTable:
        if self.table not in TABLES:
            raise ValueError(f"таблицы «{self.table}» нет; есть {', '.join(TABLES)}")
        _nothing("код показателя повторён", _repeated(item.id for item in self.items))
        _nothing("название показателя повторено", _repeated(item.title for item in self.items))
        _nothing("два разреза названы одинаково", _repeated(self.groups.values()))
        unknown = {group for item in self.items for group in item.groups} - set(self.groups)
        _nothing("неизвестный разрез", unknown)
        _nothing("разрез не нужен ни одному показателю", set(self.groups) - set(self.row_groups))
        for item in self.items:
            _nothing(f"{item.id}: вида нет у таблицы", set(item.org_types) - set(self.org_types))
            self._check_bound(item)
        return self

    def _check_bound(self, item: Item) -> None:
        if not item.at_most:
            return
        bound = self.by_id.get(item.at_most)
        if bound is None or bound is item or not bound.numeric:
            raise ValueError(
                f"{item.id}: at_most называет «{item.at_most}»; нужен другой числовой показатель этой таблицы"
            )
        lacking = set(item.in_groups) - set(bound.groups) if bound.groups else set()
        _nothing(f"{item.id}: у «{bound.id}» нет разреза", (group or "без разреза" for group in lacking))

    def bound_of(self, item: Item, group: str) -> tuple[Item, str] | None:
        """The item and group that a cell cannot exceed: in the same group, else in the whole."""
        if not item.at_most:
            return None
        bound = self.by_id[item.at_most]
        return bound, group if group in bound.in_groups else WHOLE


def load_items(paths: Paths) -> Mapping[str, ItemTable]:
    """All tables of items by name, in the order of the form; WorkspaceError names file and key."""
    found = {}
    for path in paths.config_files("items"):
        table = load_model(ItemTable, path)
        if table.table != path.stem:
            raise WorkspaceError(
                f"Файл показателей называется «{path.name}», а говорит о таблице «{table.table}».",
                place=Place(path.name),
                advice=f"назовите файл {table.table}.yml или исправьте ключ table.",
            )
        found[table.table] = table
    return {name: found[name] for name in TABLES if name in found}


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _nothing(complaint: str, wrong: Iterable[str]) -> None:
    found = sorted(wrong)
    if found:
        raise ValueError(f"{complaint}: {', '.join(found[:5])}")


__all__ = ["ORG_TYPES", "PERIODS", "WHOLE", "Item", "ItemTable", "load_items"]
