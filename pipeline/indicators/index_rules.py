"""Composite indices as data: none unless a territory sets one, with goalposts that an act names."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from pipeline.errors import Place, WorkspaceError
from pipeline.settings import Strict, load_model

if TYPE_CHECKING:
    from pipeline.indicators.passport import Passport
    from pipeline.paths import Paths

FILE = "norms/indices.yml"
FEWEST = 3
FIT = ("share", "rate")


class Component(Strict):
    """One indicator of an index. `worst` and `best` are the values that stand for 0 and for 1, in the indicator's own
    unit (shares 0–1); `worst` above `best` where less is better."""

    indicator: str
    procedure: str | None = None
    subject: str | None = None
    category: str = ""
    worst: float
    best: float
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _apart(self) -> Component:
        if self.worst == self.best:
            raise ValueError("worst и best — разные значения")
        return self


class IndexRule(Strict):
    """An index: weights are equal in what is printed and drawn anew in what is checked. `below`, `above`: bounds of its
    groups. `territories`: where it holds; empty: everywhere."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    below: float = Field(gt=0, lt=1)
    above: float = Field(gt=0, lt=1)
    components: tuple[Component, ...] = Field(min_length=FEWEST)
    territories: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> IndexRule:
        if self.below >= self.above:
            raise ValueError("below меньше above")
        if any(one.model_dump() == other.model_dump() for one, other in combinations(self.components, 2)):
            raise ValueError("показатель стоит в индексе дважды")
        return self

    def holds_in(self, territory: str) -> bool:
        return not self.territories or territory in self.territories


class Indices(Strict):
    """config/norms/indices.yml."""

    indices: tuple[IndexRule, ...] = ()


def load_indices(paths: Paths) -> tuple[IndexRule, ...]:
    """The workspace's own file first. Raises WorkspaceError for an id that stands twice."""
    found = load_model(Indices, paths.config(FILE)).indices
    ids = [one.id for one in found]
    for one in sorted({name for name in ids if ids.count(name) > 1}):
        raise _refused(f"индекс «{one}» задан дважды", "оставьте одно определение.")
    return found


def check_components(rule: IndexRule, passports: Mapping[str, Passport]) -> None:
    """WorkspaceError when a component is no declared share or must not be used to judge people (ВПР)."""
    for one in rule.components:
        passport = passports.get(one.indicator)
        if passport is None:
            raise _refused(f"показателя «{one.indicator}» нет", "возьмите код из docs/ru/показатели.md.")
        if passport.kind not in FIT:
            raise _refused(f"«{one.indicator}» не доля", "в индекс входят только доли с известным знаменателем.")
        if "heads" in passport.forbidden:
            advice = "по ВПР о людях и организациях не судят; возьмите экзамен."
            raise _refused(f"«{one.indicator}» нельзя использовать для оценки организаций", advice)


def _refused(what: str, advice: str) -> WorkspaceError:
    return WorkspaceError(f"Сводный индекс не принят: {what}.", place=Place("indices.yml"), advice=advice)
