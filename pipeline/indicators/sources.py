"""Where the value of an indicator may come from: the alternatives a passport lists in order of preference.

published_*   aggregates as a source printed them (group_results)
counted_*     counted here from rows of pupils, tasks or marked schools
mean          mean per row with its spread
count         rows or distinct values; consecutive: present in so many years running
marked_share  tests of organisations that an official list marks over those that the list could mark
tasks_below   derived from the rows of another indicator and a dated norm
form_*        items of the collection form (form_sources)
register_*    registers of the collection form (register_sources)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, StrictInt, model_validator

from pipeline.indicators.filters import Filter, Filters, fault
from pipeline.indicators.form_sources import (
    FormCount,
    FormLevels,
    FormOrganisations,
    FormRate,
    FormReached,
    FormShare,
    Listed,
)
from pipeline.indicators.register_sources import RegisterCount, RegisterShare
from pipeline.indicators.vocabulary import LevelName
from pipeline.settings import Strict
from pipeline.tables import CLEAN

TableName = Literal["results", "task_scores", "group_results", "marked_schools"]
Wave = Literal["main", "reserve", "resit", "appeal", "autumn", "final"]


class Rows(Strict):
    """Rows of one clean table that meet all conditions, of the first of `waves` that the files hold for a test.

    Waves are never added up: the same pupils sit in several.
    """

    table: TableName
    where: Filters = ()
    waves: tuple[Wave, ...] = Field(default=("main", "autumn"), min_length=1)

    @property
    def filters(self) -> Filters:
        return self.where

    @property
    def named_columns(self) -> tuple[str, ...]:
        """Columns the source reads besides those of its filters."""
        return ()

    @model_validator(mode="after")
    def _known(self) -> Rows:
        known = set(CLEAN[self.table].names)
        for name in self.named_columns:
            if name not in known:
                raise ValueError(f"в таблице {self.table} нет столбца «{name}»")
        if problem := fault(self.table, self.filters):
            raise ValueError(problem)
        return self


class _Counted(Rows):
    """Counted here: only for the levels whose rows the files hold in full, by default the territory and its schools.

    `listed`: only organisations of a list that the collection form holds (the schools that get support).
    """

    levels: tuple[LevelName, ...] = ("municipality", "organisation")
    listed: Listed | None = None


class PublishedShare(Rows):
    """Sum of published shares of some categories of a measure.

    `denominator: categories` divides published counts by the sum over `whole` instead of n: sources leave out pupils
    who belong to no category (no journal mark).
    """

    type: Literal["published_share"]
    table: Literal["group_results"] = "group_results"
    measure: str
    categories: tuple[str, ...] = Field(min_length=1)
    denominator: Literal["n", "categories"] = "n"
    whole: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole_named(self) -> PublishedShare:
        if (self.denominator == "categories") != bool(self.whole):
            raise ValueError("denominator: categories требует списка whole, и только он")
        return self


class PublishedMean(Rows):
    """Published means with their n; without spread, so never an interval. Levels above are weighted with n."""

    type: Literal["published_mean"]
    table: Literal["group_results"] = "group_results"
    measure: str
    add_up: bool = False


class PublishedCount(Rows):
    """A published number of participants (`n`) or organisations (`n_orgs`) of a measure."""

    type: Literal["published_count"]
    table: Literal["group_results"] = "group_results"
    measure: str
    column: Literal["n", "n_orgs"] = "n"
    add_up: bool = False


class CountedShare(_Counted):
    """Rows that meet `hit` over rows that meet `where`."""

    type: Literal["counted_share"]
    hit: Filters = Field(min_length=1)

    @property
    def filters(self) -> Filters:
        return (*self.where, *self.hit)


class Mean(_Counted):
    """Mean of a column over rows, or of column / `over` (a rate), with the spread between rows.

    `category` takes the category of the indicator row from a column. A row in state not_attempted counts as zero.
    """

    type: Literal["mean"]
    column: str
    over: str | None = None
    category: str | None = None

    @property
    def named_columns(self) -> tuple[str, ...]:
        return tuple(name for name in (self.column, self.over, self.category) if name)


class Count(_Counted):
    """Number of rows, or of distinct values of a column."""

    type: Literal["count"]
    distinct: str | None = None

    @property
    def named_columns(self) -> tuple[str, ...]:
        return (self.distinct,) if self.distinct else ()

    @model_validator(mode="after")
    def _not_of_the_key(self) -> Count:
        if self.distinct in ("level", "group", "group_label"):
            raise ValueError(f"столбец «{self.distinct}» заменяется уровнем показателя; считайте org_id")
        return self


class Consecutive(_Counted):
    """Number of distinct values of a column that meet the conditions in each of `years` school years running."""

    type: Literal["consecutive"]
    entity: str
    years: StrictInt = Field(ge=2)

    @property
    def named_columns(self) -> tuple[str, ...]:
        return (self.entity,)


class MarkedShare(_Counted):
    """Tests (subject and grade) of organisations marked in an official list, over the written tests that it covers.

    The list covers a subject and grade of a year when it has a row of them; a year without the list has no value.
    """

    type: Literal["marked_share"]
    table: Literal["marked_schools"] = "marked_schools"


class TasksBelow(Strict):
    """Number of tasks whose value in another indicator lies under the dated norm, per category of that indicator."""

    type: Literal["tasks_below"]
    indicator: str

    @property
    def filters(self) -> Filters:
        return ()


Source = Annotated[
    PublishedShare
    | PublishedMean
    | PublishedCount
    | CountedShare
    | Mean
    | Count
    | Consecutive
    | MarkedShare
    | TasksBelow
    | FormShare
    | FormRate
    | FormCount
    | FormLevels
    | FormReached
    | FormOrganisations
    | RegisterShare
    | RegisterCount,
    Field(discriminator="type"),
]

KINDS: dict[str, tuple[str, ...]] = {
    "published_share": ("share",),
    "counted_share": ("share",),
    "published_mean": ("mean",),
    "mean": ("mean", "rate"),
    "published_count": ("count",),
    "count": ("count",),
    "consecutive": ("count",),
    "marked_share": ("share",),
    "tasks_below": ("count",),
    "form_share": ("share",),
    "form_rate": ("rate",),
    "form_count": ("count",),
    "form_levels": ("ordinal",),
    "form_reached": ("share",),
    "form_organisations": ("count",),
    "register_share": ("share",),
    "register_count": ("count",),
}


def procedures(conditions: Sequence[Filter]) -> frozenset[str] | None:
    """Procedures that the conditions let through; None when they do not say."""
    named = [set(item.constants) for item in conditions if item.column == "procedure" and (item.eq or item.one_of)]
    return frozenset.intersection(*map(frozenset, named)) if named else None
