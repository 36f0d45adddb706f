"""Rules by which an organisation answers an item of the collection form: parts of a whole, counts, levels, yes or no.

An organisation keeps its own leaning over the years; from year to year only chance and a planted shift move it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from pipeline.demo.chance import chance_of, happened, logit_of, steady, stream

ORG_SPREAD, YEAR_SPREAD = 0.06, 0.02  # logits


@dataclass(frozen=True)
class Asked:
    """One cell to answer: whose, what, when; `known` holds what was answered before, by place, and the facts."""

    seed: int
    org_id: str
    level: float
    year: int
    table: str
    group: str
    item: str
    known: Mapping[str, int]
    shift: float = 0.0

    def leaning(self) -> Random:
        """What is the organisation's own and lasts."""
        return stream(self.seed, self.org_id, self.table, self.item, self.group)

    def luck(self) -> Random:
        """What only this year brings."""
        return stream(self.seed, self.org_id, self.table, self.item, self.group, self.year)

    def amount(self, name: str) -> int:
        """A whole by name: an item of this table in the same group or without one, of another table, or a fact."""
        places = (f"{self.table}.{name}/{self.group}", f"{self.table}.{name}/", f"{name}/", name)
        return next((self.known[place] for place in places if place in self.known), 0)


Rule = Callable[[Asked], int | None]


@dataclass(frozen=True)
class Fact:
    """What the model of pupils, children or staff says."""

    name: str

    def __call__(self, asked: Asked) -> int:
        return asked.amount(self.name)


@dataclass(frozen=True)
class Part:
    """Some of a whole, never more; `slope` is logits per unit of the organisation's level."""

    whole: str
    share: float
    slope: float = 0.0
    spread: float = ORG_SPREAD
    beside: tuple[str, ...] = ()  # what the whole has already given away

    def __call__(self, asked: Asked) -> int:
        left = asked.amount(self.whole) - sum(asked.amount(name) for name in self.beside)
        own = asked.leaning().gauss(0, self.spread) + self.slope * asked.level + asked.shift
        luck = asked.luck()
        return steady(luck, max(0, left), chance_of(logit_of(self.share) + own + luck.gauss(0, YEAR_SPREAD)))


@dataclass(frozen=True)
class Since:
    """What exists from a year on; before it the cell says that there was none of it."""

    year: int
    rule: Rule

    def __call__(self, asked: Asked) -> int | None:
        return self.rule(asked) if asked.year >= self.year else None


@dataclass(frozen=True)
class Count:
    """Things that happen, around a mean that the organisation keeps; `per` makes it a mean for one of something."""

    mean: float
    per: str = ""
    slope: float = 0.0
    spread: float = 0.15

    def __call__(self, asked: Asked) -> int:
        size = asked.amount(self.per) if self.per else 1
        own = max(0.2, 1 + asked.leaning().gauss(0, self.spread) + self.slope * asked.level)
        return happened(asked.luck(), self.mean * size * own)


@dataclass(frozen=True)
class Growing:
    """A running total: what each year since 2021 added."""

    mean: float

    def __call__(self, asked: Asked) -> int:
        own = asked.leaning()
        return sum(happened(own, self.mean) for _ in range(2021, asked.year + 1))


@dataclass(frozen=True)
class Yes:
    """Yes with a chance; an organisation seldom changes its answer."""

    chance: float

    def __call__(self, asked: Asked) -> int:
        return int(asked.leaning().random() + asked.luck().gauss(0, 0.03) < self.chance)


@dataclass(frozen=True)
class Level:
    """An ordinal level around a mean, within bounds."""

    mean: float
    most: int
    slope: float = 0.6

    def __call__(self, asked: Asked) -> int:
        own = self.mean + asked.leaning().gauss(0, 0.6) + self.slope * asked.level
        return min(self.most, max(1, round(own + asked.luck().gauss(0, 0.2))))


@dataclass(frozen=True)
class Listed:
    """Yes for organisations of a list in its years; `years` maps org_id to them."""

    years: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> int:
        return int(asked.year in self.years.get(asked.org_id, ()))


@dataclass(frozen=True)
class Remaining:
    """What is left of one amount and what came to it: start + arrived - left."""

    start: str
    plus: str
    minus: str

    def __call__(self, asked: Asked) -> int:
        return max(0, asked.amount(self.start) + asked.amount(self.plus) - asked.amount(self.minus))


@dataclass(frozen=True)
class NotHeld:
    """«Не проводилось» with a chance, else another rule."""

    chance: float
    rule: Rule

    def __call__(self, asked: Asked) -> int | None:
        return None if asked.luck().random() < self.chance else self.rule(asked)


NEVER = NotHeld(1.0, Fact("nothing"))
