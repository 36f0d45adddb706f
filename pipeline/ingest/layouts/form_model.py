"""What the collection form is made of, as data: items (config/items), registers and words (config/forms)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import Place, WorkspaceError
from pipeline.form_tables import REGISTER_TABLES
from pipeline.ingest.items import Item, ItemTable, OrgType, load_items
from pipeline.ingest.layouts.declared_model import Pattern
from pipeline.ingest.layouts.values import plain
from pipeline.paths import Paths
from pipeline.settings import Strict, Subjects, load_model, read_yaml

Kind = Literal["organisation", "subject", "direction", "choice", "code", "text", "key", "whole", "number", "date"]
SUBJECT_FILES = ("subjects_ru.yml", "subjects_olympiad.yml")
LISTED = ("organisation", "subject", "direction", "choice", "code")
NUMERIC = ("whole", "number")
_TABLES = {table.name: table for table in REGISTER_TABLES}


class RegisterColumn(Strict):
    """One column of a register sheet.

    `given`: filled by the program where it knows the rows; `shown`: to read only, no part of the clean table;
    `open`: a word outside of the list is kept as typed; `blank`: what an empty cell means in the clean table.
    """

    name: str
    kind: Kind
    title: str = Field(min_length=1)
    hint: str = ""
    words: str = ""
    width: int = Field(default=20, ge=6, le=80)
    min: int = 0
    max: int | None = None
    at_most: str = ""
    blank: str | int | None = None
    optional: bool = False
    required: bool = False
    open: bool = False
    given: bool = False
    shown: bool = False

    @property
    def read(self) -> bool:
        return not self.shown

    @property
    def needed(self) -> bool:
        """May not be left empty in a filled row. Numbers may, unless they are required: their state says so."""
        return self.read and (self.required or not (self.optional or self.blank is not None or self.kind in NUMERIC))

    @property
    def filled_in(self) -> bool:
        """Somebody writes here: a row in which all such cells are empty is an empty row."""
        return self.read and not self.given


class RegisterSheet(Strict):
    """One sheet with a row per event, act or document; `rows` blank rows are prepared."""

    table: str
    title: str = Field(min_length=1)
    filled_by: str = Field(min_length=1)
    row_is: str = Field(min_length=1)
    rows: int = Field(default=100, ge=1, le=2000)
    by_organisation: bool = False
    columns: tuple[RegisterColumn, ...] = Field(min_length=1)

    @cached_property
    def by_name(self) -> Mapping[str, RegisterColumn]:
        return {column.name: column for column in self.columns if column.read}

    @model_validator(mode="after")
    def _known(self) -> RegisterSheet:
        if self.table not in _TABLES:
            raise ValueError(f"таблицы «{self.table}» нет; есть {', '.join(_TABLES)}")
        names = [column.name for column in self.columns if column.read]
        own = {"school_year", "state", "municipality", "source_file", "source_sheet", "source_row"}
        fields = {column.name: column for column in _TABLES[self.table].columns}
        if strange := set(names) - (set(fields) - own):
            raise ValueError(f"в таблице {self.table} нет столбцов {', '.join(sorted(strange))}")
        lacking = {name for name, field in fields.items() if field.required} - own - set(names)
        if lacking or len(set(names)) != len(names):
            raise ValueError(f"столбцы {self.table} повторены или пропущены: {', '.join(sorted(lacking)) or 'повтор'}")
        if len({plain(column.title) for column in self.columns}) != len(self.columns):
            raise ValueError(f"в {self.table} два столбца с одним заголовком")
        if unknown := {column.at_most for column in self.columns if column.at_most} - set(names):
            raise ValueError(f"at_most называет неизвестные столбцы {', '.join(sorted(unknown))}")
        return self


class Spellings(Strict):
    """What tells a type of organisation: a pattern of `words` is found in its spelling and none of `except`."""

    words: tuple[Pattern, ...] = Field(min_length=1)
    unless: tuple[Pattern, ...] = Field(default=(), alias="except")

    def fits(self, spelling: str) -> bool:
        words = plain(spelling)
        found = any(re.search(pattern, words) for pattern in self.words)
        return found and not any(re.search(pattern, words) for pattern in self.unless)


class Words(Strict):
    """Dictionaries of the form: code → word of drop-down lists, unit → word, type of organisation → patterns."""

    words: dict[str, dict[str, str]]
    units: dict[str, str]
    organisation_types: dict[OrgType, Spellings]

    def types_of(self, spelling: str | None) -> tuple[OrgType, ...]:
        """Types that a spelling of the register means; empty when it says nothing known."""
        if not spelling:
            return ()
        return tuple(kind for kind, known in self.organisation_types.items() if known.fits(spelling))


class _Registers(Strict):
    registers: tuple[RegisterSheet, ...]


class _Direction(BaseModel):
    """Of config/directions.yml the form needs code and title only."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    code: str
    title: str


@dataclass(frozen=True)
class Form:
    """Everything the form says. `lists` maps a dictionary (also `subject`, `direction`) to code → word."""

    items: Mapping[str, ItemTable]
    registers: Mapping[str, RegisterSheet]
    words: Words
    lists: Mapping[str, Mapping[str, str]]

    def list_of(self, column: RegisterColumn) -> Mapping[str, str]:
        """Code → word of a column with a drop-down list; empty when the program gives the list at writing."""
        return self.lists.get(column.words or column.kind, {})

    def said(self, table: str, column: str, code: str) -> str:
        """A code of a clean table of the form in words; "" for what goes without saying."""
        if table in self.items:
            items = self.items[table]
            known: dict[str, Mapping[str, str]] = {
                "item": {item.id: item.title for item in items.items},
                "group": items.groups,
                "period": {**items.periods, "year": ""},
            }
            return known.get(column, {}).get(code, code)
        declared = self.registers[table].by_name.get(column) if table in self.registers else None
        return self.list_of(declared).get(code, code) if declared else code

    def asked(self, item: Item) -> str:
        """What to write in the cell, for the third row of the heading."""
        if item.kind == "yes_no":
            return "да или нет"
        if item.kind == "level":
            return "выберите из списка"
        unit = self.words.units.get(item.unit, "")
        number = "целое число" if item.kind == "count" else "число"
        return f"{number}, {unit}" if unit else number


def load_form(paths: Paths) -> Form:
    """The form of config/items and config/forms; WorkspaceError names what is wrong."""
    words = load_model(Words, paths.config("forms/words.yml"))
    path = paths.config("forms/registers.yml")
    registers = {sheet.table: sheet for sheet in load_model(_Registers, path).registers}
    lists = {**words.words, "subject": _subjects(paths), "direction": _directions(paths)}
    for sheet in registers.values():
        _check_words(sheet, lists, path.name)
    items = load_items(paths)
    for table in items.values():
        _check_units(table, words.units)
    return Form(items, registers, words, lists)


def _check_units(table: ItemTable, units: Mapping[str, str]) -> None:
    unknown = {item.unit for item in table.items if item.unit} - set(units)
    if unknown:
        raise WorkspaceError(
            f"Показатели названы в неизвестных единицах: {', '.join(sorted(unknown))}.",
            place=Place(f"{table.table}.yml"),
            advice=f"возьмите одну из {', '.join(units)} или добавьте единицу в config/forms/words.yml.",
        )


def _check_words(sheet: RegisterSheet, lists: Mapping[str, Mapping[str, str]], file: str) -> None:
    unknown = [c.words for c in sheet.columns if c.kind == "choice" and c.words not in lists]
    if unknown:
        raise WorkspaceError(
            f"Столбцы листа «{sheet.title}» называют неизвестные словари: {', '.join(unknown)}.",
            place=Place(file),
            advice="опишите словарь в config/forms/words.yml.",
        )


def _subjects(paths: Paths) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in SUBJECT_FILES:
        subjects = load_model(Subjects, paths.config(f"norms/{name}")).subjects
        found |= {code: subject.title for code, subject in subjects.items()}
    return found


def _directions(paths: Paths) -> dict[str, str]:
    path = paths.config("directions.yml")
    data = read_yaml(path)
    try:
        listed: Iterable[object] = data["directions"]
        found = [_Direction.model_validate(item) for item in listed]
    except (KeyError, TypeError, ValidationError) as error:
        raise WorkspaceError(
            "Список направлений не читается: у каждого нужны code и title.",
            place=Place(path.name),
            advice="сверьте файл с поставляемым.",
        ) from error
    return {direction.code: direction.title for direction in found}


__all__ = ["LISTED", "NUMERIC", "Form", "RegisterColumn", "RegisterSheet", "Words", "load_form"]
