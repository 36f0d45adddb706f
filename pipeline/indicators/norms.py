"""Dated rules as data: publication thresholds, norms with their source, rules of comparable series."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from pydantic import StrictInt, model_validator

from pipeline.errors import Place, WorkspaceError
from pipeline.indicators.index_rules import IndexRule, load_indices
from pipeline.indicators.school_rules import ContextRules, ListRule, RiskZones, load_list_rules
from pipeline.indicators.series import SeriesRules
from pipeline.paths import Paths, shipped
from pipeline.settings import Strict, load_model

PRINTED = {"percent": 20, "one_decimal": 100}  # what presentation.text prints by: the file may not say otherwise
NORMS = ("tasks_*.yml", "targets*.yml", "medals*.yml")  # files of dated norms in config/norms
SAFE = 3  # the smallest threshold of any rule of disclosure: of two people each knows the other


class Limit(Strict):
    """A threshold in participants, with what it rests on."""

    value: StrictInt
    source: str


class Publication(Strict):
    """config/norms/publication.yml: the only place where limits of printing and comparing live."""

    print_count: Limit
    print_count_sensitive: Limit
    compare: Limit
    percent: Limit
    one_decimal: Limit
    histogram: Limit
    comparator_exact: Limit

    @model_validator(mode="after")
    def _in_order(self) -> Publication:
        """A percent of fewer than may be counted or compared would say more than it can, and give pupils away."""
        rising = ("print_count", "compare", "percent", "one_decimal")
        for less, more in (*pairwise(rising), ("print_count", "print_count_sensitive")):
            if getattr(self, less).value > getattr(self, more).value:
                raise ValueError(f"порог {more} не может быть меньше порога {less}")
        if self.print_count.value < SAFE:
            raise ValueError(f"порог print_count не может быть меньше {SAFE}: по меньшему числу узнают людей")
        for name, value in PRINTED.items():
            if getattr(self, name).value != value:
                raise ValueError(f"порог {name} — {value} участников, печать знает только его")
        return self


class Level(Strict):
    """A level to be reached (shares 0–1, numbers as they are) and the half-width of the zone where nothing is said."""

    level: float
    zone: float = 0.0

    @property
    def insufficient_below(self) -> float:
        """Under this value the level is certainly not reached."""
        return round(self.level - self.zone, 9)


class Norm(Strict):
    """A norm in force for school years `from_year` … `to_year`; never borrowed by other years.

    `territories`: a norm set by a municipality's own act holds only there; empty: everywhere.
    """

    id: str
    title: str
    from_year: StrictInt
    to_year: StrictInt | None = None
    source: str
    trust: Literal["A", "B", "C"]
    levels: dict[str, Level]
    territories: tuple[str, ...] = ()

    def holds_in(self, territory: str) -> bool:
        return not self.territories or territory in self.territories

    def in_force(self, school_year: int) -> bool:
        return self.from_year <= school_year and (self.to_year is None or school_year <= self.to_year)


class NormsFile(Strict):
    norms: tuple[Norm, ...]


@dataclass(frozen=True)
class Rules:
    """All dated rules that the computation of indicators needs."""

    publication: Publication
    norms: tuple[Norm, ...]
    series: SeriesRules
    risks: RiskZones
    context: ContextRules
    lists: tuple[ListRule, ...] = ()
    indices: tuple[IndexRule, ...] = ()

    def norm(self, identifier: str, school_year: int, territory: str = "") -> Norm | None:
        """The norm in force in a school year and territory; None when no norm of that id covers them."""
        named = (norm for norm in self.norms if norm.id == identifier)
        found = (norm for norm in named if norm.in_force(school_year) and norm.holds_in(territory))
        return next(found, None)


def load_publication(paths: Paths) -> Publication:
    """Thresholds of publication, the workspace's own file first."""
    return load_model(Publication, paths.config("norms/publication.yml"))


def load_norms(files: Iterable[Path]) -> tuple[Norm, ...]:
    """Norms of several files; two norms of one id in force in the same year are an error."""
    loaded: list[Norm] = []
    for path in files:
        for norm in load_model(NormsFile, path).norms:
            if any(norm.id == other.id and _overlap(norm, other) and _meet(norm, other) for other in loaded):
                raise WorkspaceError(
                    f"Норма «{norm.id}» задана дважды на один и тот же учебный год.",
                    place=Place(path.name),
                    advice="разведите годы from_year и to_year.",
                )
            loaded.append(norm)
    return tuple(loaded)


def load_rules(paths: Paths) -> Rules:
    """Everything of config/norms that indicators need."""
    return Rules(
        publication=load_publication(paths),
        norms=load_norms([file for name in NORMS for file in paths.config_files("norms", name)]),
        series=_series(paths),
        risks=load_model(RiskZones, paths.config("norms/risk_zones.yml")),
        context=load_model(ContextRules, paths.config("norms/school_context.yml")),
        lists=load_list_rules(paths.config_files("norms", "low_results*.yml")),
        indices=load_indices(paths),
    )


def _series(paths: Paths) -> SeriesRules:
    """The workspace's own rules may add breaks; one that the product declares may not be taken away."""
    found = load_model(SeriesRules, paths.config("norms/series.yml"))
    declared = load_model(SeriesRules, shipped("config") / "norms" / "series.yml")
    if lost := declared.breaks_lost_in(found):
        raise WorkspaceError(
            f"Правила сопоставимости лет потеряли разрыв ряда: {'; '.join(lost)}.",
            place=Place("series.yml"),
            advice="верните эти строки из поставки и допишите свои: годы по разные стороны разрыва сравнивать нельзя.",
        )
    return found


def _overlap(first: Norm, second: Norm) -> bool:
    def last(norm: Norm) -> float:
        return math.inf if norm.to_year is None else norm.to_year

    return first.from_year <= last(second) and second.from_year <= last(first)


def _meet(first: Norm, second: Norm) -> bool:
    """Both hold in some territory."""
    return not first.territories or not second.territories or bool(set(first.territories) & set(second.territories))
