"""Sources over registers of the collection form: olympiad, contests, roadmap, decisions, documents.

register_share   rows that meet `hit` over rows that meet `where`, or a sum of columns over a sum of columns
register_count   rows, distinct values, or a sum of columns
"""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from pipeline.indicators.filters import Filters, fault
from pipeline.indicators.form_sources import Listed
from pipeline.indicators.vocabulary import LevelName, RegisterName
from pipeline.settings import Strict
from pipeline.tables import CLEAN

DIRECTION = "direction"  # of an item of the roadmap: the register does not hold it, the territory's roadmap does


class RegisterSource(Strict):
    """Rows of one register that meet `where`; `category`: a column whose values become rows of their own."""

    table: RegisterName
    where: Filters = ()
    category: str | None = None
    listed: Listed | None = None
    levels: tuple[LevelName, ...] = ("municipality",)

    @property
    def asked(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """Items of other tables that the source reads."""
        return ((self.listed.table, self.listed.item, ()),) if self.listed else ()

    @property
    def conditions(self) -> Filters:
        return self.where

    @property
    def named_columns(self) -> tuple[str, ...]:
        return (self.category,) if self.category else ()

    @model_validator(mode="after")
    def _known(self) -> RegisterSource:
        columns = {column.name: column for column in CLEAN[self.table].columns}
        derived = {DIRECTION} if self.table == "roadmap" else set()
        for name in self.named_columns:
            if name not in columns and name not in derived:
                raise ValueError(f"в таблице {self.table} нет столбца «{name}»")
        if problem := fault(self.table, self.conditions):
            raise ValueError(problem)
        if set(self.levels) - {"municipality", "organisation"}:
            raise ValueError("форма знает только уровни municipality и organisation")
        if (self.listed or "organisation" in self.levels) and "org_id" not in columns:
            raise ValueError(f"в таблице {self.table} нет организаций")
        return self


class RegisterShare(RegisterSource):
    """Either rows (`hit`, `followed_by`) or sums of columns (`numerator`, `denominator`).

    `followed_by`: the row is named as parent by a row of the register of decisions that meets these conditions.
    `whole_roadmap`: over all items of the territory's roadmap, also those of which nothing is reported.
    """

    type: Literal["register_share"]
    hit: Filters = ()
    followed_by: Filters = ()
    whole_roadmap: bool = False
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()

    @property
    def conditions(self) -> Filters:
        return (*self.where, *self.hit, *self.followed_by)

    @property
    def named_columns(self) -> tuple[str, ...]:
        return (*super().named_columns, *self.numerator, *self.denominator)

    @model_validator(mode="after")
    def _one_way(self) -> RegisterShare:
        rows, sums = bool(self.hit or self.followed_by), bool(self.numerator and self.denominator)
        if rows == sums or bool(self.numerator) != bool(self.denominator):
            raise ValueError("нужно одно из двух: hit (или followed_by) либо numerator и denominator")
        if self.followed_by and self.table != "decisions":
            raise ValueError("followed_by бывает только у реестра decisions")
        if self.whole_roadmap and self.table != "roadmap":
            raise ValueError("whole_roadmap бывает только у таблицы roadmap")
        return self


class RegisterCount(RegisterSource):
    """Number of rows, of distinct values of a column, or the sum of columns."""

    type: Literal["register_count"]
    distinct: str | None = None
    total: tuple[str, ...] = ()

    @property
    def named_columns(self) -> tuple[str, ...]:
        return (*super().named_columns, *self.total, *((self.distinct,) if self.distinct else ()))

    @model_validator(mode="after")
    def _one_number(self) -> RegisterCount:
        if self.distinct and self.total:
            raise ValueError("нужно одно из двух: distinct либо total")
        return self


Register = RegisterShare | RegisterCount
REGISTER = (RegisterShare, RegisterCount)
