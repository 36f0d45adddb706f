"""Roadmap of a municipality as data: what its own document asks for, item by item, read from `config/roadmaps/`.

Titles and remarks are our own wording; due cells are short quotations of fact. The state of an item is in no
document, so there is no field for it. Offices answer for items, never persons.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from pydantic import Field, field_validator, model_validator

from pipeline.errors import Place, WorkspaceError
from pipeline.paths import Paths
from pipeline.settings import Strict, load_model
from pipeline.territory.profile import Directions, load_directions

TITLE_LENGTH = 120
Component = Literal[
    "goals",
    "indicators",
    "methods",
    "monitoring",
    "analysis",
    "recommendations",
    "measures",
    "decisions",
    "effectiveness",
]
Every = Literal["year", "half_year", "quarter", "month", "three_years"]


class Act(Strict):
    """The act that carries the roadmap, as printed; what the text does not give stays None."""

    kind: str | None = None
    number: str | None = None
    date: dt.date | None = None
    issuer: str | None = None


class Due(Strict):
    """What a due cell says exactly.

    date: once, not later than `to` (`from` when a month or a year is written); period: work that lasts from `from`
    to `to`, one of them may be open; recurrence: `times` in each `every`, by the days `by` (month-day), within
    `from`–`to` when the document bounds it; none: nothing that a calendar can check («постоянно»).
    """

    kind: Literal["date", "recurrence", "period", "none"] = "none"
    start: dt.date | None = Field(default=None, alias="from")
    end: dt.date | None = Field(default=None, alias="to")
    every: Every | None = None
    times: int = Field(default=1, ge=1)
    by: tuple[str, ...] = ()

    @field_validator("by", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _sensible(self) -> Due:
        for day in self.by:
            _month_day(day)
        if self.start and self.end and self.start > self.end:
            raise ValueError("начало срока позже его конца")
        wrong = {
            "date": self.end is None or self.every is not None,
            "period": not (self.start or self.end) or self.every is not None,
            "recurrence": self.every is None,
            "none": any((self.start, self.end, self.every, self.by)),
        }
        if wrong[self.kind]:
            raise ValueError(f"ключи срока не подходят к виду {self.kind}")
        return self


class Section(Strict):
    """A section of the document and the direction it belongs to; `statement` where it holds words but no items."""

    id: str
    title: str
    direction: str
    official: str = ""
    statement: str = ""
    remarks: tuple[str, ...] = ()


class Item(Strict):
    """One item. `direction` overrides the section's, `also` names other directions where it is cited."""

    number: str
    section: str
    key: str
    component: Component | None = None
    label_as_printed: str = ""
    label_by_sense: str = ""
    title: str
    direction: str = ""
    also: tuple[str, ...] = ()
    parent: str = ""
    same_as: tuple[str, ...] = ()
    due_as_written: str | None = None
    due: Due = Due()
    responsible: str | None = None
    evidence: str | None = None
    remarks: tuple[str, ...] = ()

    @field_validator("title")
    @classmethod
    def _short(cls, title: str) -> str:
        if not title.strip() or len(title) > TITLE_LENGTH:
            raise ValueError(f"название пункта пусто или длиннее {TITLE_LENGTH} знаков")
        return title


class Roadmap(Strict):
    """A whole document: act, sections in its order, items in its order, remarks on errors of the source."""

    document: str
    title: str
    act: Act = Act()
    remarks: tuple[str, ...] = ()
    sections: tuple[Section, ...]
    items: tuple[Item, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Roadmap:
        keys = [item.key for item in self.items]
        sections = [section.id for section in self.sections]
        _nothing("ключ повторён", _repeated(keys))
        _nothing("раздел повторён", _repeated(sections))
        _nothing(f"ключ не начинается с «{self.document}-»", [k for k in keys if not k.startswith(f"{self.document}-")])
        _nothing("неизвестный раздел", {item.section for item in self.items} - set(sections))
        cited = {key for item in self.items for key in (item.parent, *item.same_as) if key}
        _nothing("ссылка на неизвестный пункт", cited - set(keys))
        return self

    def item(self, key: str) -> Item:
        return next(item for item in self.items if item.key == key)

    def section(self, identifier: str) -> Section:
        return next(section for section in self.sections if section.id == identifier)

    def direction_of(self, item: Item) -> str:
        """Code of the one direction an item counts in."""
        return item.direction or self.section(item.section).direction

    def of_direction(self, code: str) -> tuple[Item, ...]:
        """Items that count in a direction, in the document's order (`also` does not count)."""
        return tuple(item for item in self.items if self.direction_of(item) == code)

    def cited_in(self, code: str) -> tuple[Item, ...]:
        """Items of other directions that are cited in this one too."""
        return tuple(item for item in self.items if code in item.also and self.direction_of(item) != code)


def load_roadmap(paths: Paths, code: str) -> Roadmap:
    """The roadmap `config/roadmaps/<code>.yml`; wrong keys, dates or directions are a WorkspaceError."""
    path = paths.config(f"roadmaps/{code}.yml")
    roadmap = load_model(Roadmap, path)
    _check_directions(roadmap, load_directions(paths), path.name)
    return roadmap


def _check_directions(roadmap: Roadmap, directions: Directions, file: str) -> None:
    known = {direction.code for direction in directions.directions}
    used = {section.direction for section in roadmap.sections}
    used |= {code for item in roadmap.items for code in (item.direction, *item.also) if code}
    if used - known:
        raise WorkspaceError(
            f"Дорожная карта называет неизвестные направления: {', '.join(sorted(used - known))}.",
            place=Place(file),
            advice="возьмите коды из config/directions.yml.",
        )


def _month_day(text: str) -> None:
    if not re.fullmatch(r"\d\d-\d\d", text):
        raise ValueError(f"день «{text}» не вида 09-01")
    try:
        dt.date.fromisoformat(f"2024-{text}")
    except ValueError as error:
        raise ValueError(f"дня «{text}» нет в календаре") from error


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _nothing(complaint: str, wrong: Iterable[str]) -> None:
    found = sorted(wrong)
    if found:
        raise ValueError(f"{complaint}: {', '.join(found[:5])}")
