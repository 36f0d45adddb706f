"""Typed conditions on the columns of a clean table: a closed vocabulary, never a text to evaluate."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from pipeline.schema import Column
from pipeline.settings import Strict
from pipeline.tables import CLEAN

Value = StrictBool | StrictInt | StrictFloat | StrictStr
Mask = NDArray[np.bool_]

COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "ge": operator.ge,
    "le": operator.le,
    "below": operator.lt,
    "above": operator.gt,
    "equals": operator.eq,
}
FITS: dict[str, tuple[type, ...]] = {"text": (str,), "int": (int,), "real": (int, float), "flag": (bool,)}


class Apart(Strict):
    """Two whole-number columns differ by at least so much, in either direction."""

    column: str
    at_least: StrictInt


class Filter(Strict):
    """One condition on one column. A missing value meets no condition except `missing`.

    `eq in ge le` compare with constants, `below above equals apart` with another column of the same row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_alias=True, validate_by_name=True)

    column: str
    eq: Value | None = None
    one_of: tuple[Value, ...] | None = Field(default=None, alias="in")
    ge: StrictInt | StrictFloat | None = None
    le: StrictInt | StrictFloat | None = None
    not_null: Literal[True] | None = None
    missing: Literal[True] | None = None
    below: str | None = None
    above: str | None = None
    equals: str | None = None
    apart: Apart | None = None

    @property
    def conditions(self) -> dict[str, Any]:
        """Name → argument of the conditions given."""
        given = {name: getattr(self, name) for name in type(self).model_fields if name != "column"}
        return {name: argument for name, argument in given.items() if argument is not None}

    @model_validator(mode="after")
    def _exactly_one(self) -> Filter:
        if len(self.conditions) != 1:
            raise ValueError("условие должно быть ровно одно: eq, in, ge, le, not_null, missing, below, above, …")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the condition reads."""
        others = (self.below, self.above, self.equals, self.apart.column if self.apart else None)
        return (self.column, *(name for name in others if name))

    @property
    def constants(self) -> tuple[Any, ...]:
        """Constants the column is compared with."""
        single = tuple(value for value in (self.eq, self.ge, self.le) if value is not None)
        return single + (self.one_of or ())


Filters = tuple[Filter, ...]


def fault(table: str, conditions: Sequence[Filter]) -> str:
    """Why the conditions cannot be asked of the table, in Russian; empty when they can."""
    known = {column.name: column for column in CLEAN[table].columns}
    for condition in conditions:
        for name in condition.columns:
            if name not in known:
                return f"в таблице {table} нет столбца «{name}»"
        if wrong := _unfit(known[condition.column], condition):
            return f"столбец «{condition.column}» таблицы {table}: значение «{wrong[0]}» другого типа"
    return ""


def _unfit(column: Column, condition: Filter) -> list[Any]:
    allowed = FITS[column.kind]
    return [
        value
        for value in condition.constants
        if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed)
    ]


def matching(frame: pd.DataFrame, conditions: Sequence[Filter]) -> Mask:
    """True where a row meets all conditions."""
    found = np.ones(len(frame), dtype=bool)
    for condition in conditions:
        found &= _one(frame, condition)
    return found


def _one(frame: pd.DataFrame, condition: Filter) -> Mask:
    name, argument = next(iter(condition.conditions.items()))
    column = frame[condition.column]
    if name in ("eq", "one_of"):
        wanted = [argument] if name == "eq" else list(argument)
        return np.asarray(column.isin(wanted), dtype=bool)
    if name in ("not_null", "missing"):
        return np.asarray(column.isna() == (name == "missing"), dtype=bool)
    if name == "apart":
        return _plain((column - frame[argument.column]).abs() >= argument.at_least)
    other = argument if name in ("ge", "le") else frame[argument]
    return _plain(COMPARE[name](column, other))


def _plain(answer: pd.Series) -> Mask:
    """A nullable answer as a plain mask: unknown is False."""
    return np.asarray(answer.astype("boolean").fillna(False), dtype=bool)
