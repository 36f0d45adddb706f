"""Harmful constructions that no passport may declare; each answer is the reason, in words, or nothing.

means         a mean of scores, also as a rate of points or a sum of them (Е: harmful; allowed by a profile alone)
averages      a mean of what a source has averaged or shared out already
levels        ordinal levels added up or averaged
vpr           ВПР in what speaks of heads, teachers or pay, or without the four prohibitions (federal recommendations)
ranks         places and ratings
series        results of tests over the years without a series key that breaks when the test or its scale changes

Percents of few participants are no matter of a passport: config/norms/publication.yml guards them for all.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import TYPE_CHECKING

from pipeline.indicators.filters import Filter
from pipeline.indicators.form_sources import FORM, FormLevels, FormOrganisations, FormReached
from pipeline.indicators.register_sources import REGISTER, RegisterCount, RegisterShare
from pipeline.indicators.sources import (
    Consecutive,
    CountedShare,
    Mean,
    PublishedMean,
    PublishedShare,
    Source,
    TasksBelow,
    procedures,
)

if TYPE_CHECKING:
    from pipeline.indicators.passport import Passport

SCORES = {"primary_score", "test_score", "mark", "journal_mark", "score"}
PLACES = {"rank", "place", "rating"}
AGGREGATES = ("group_results",)  # tables whose rows are no persons
OF_PEOPLE = {"heads", "teachers", "methodical"}
SERIES_OF_TESTS = ("test", "single_year")
RATING = re.compile(
    r"рейтинг|ранжир|\bранг|\bтоп[- ]?\d|\bместо в |(?:лучш|худш)\w* (?:школ|организац|учител|педагог|руковод)", re.I
)


def harm(passport: Passport) -> str:
    """Why the passport is refused; empty when it does no harm."""
    checks = (_means, _averages, _vpr, _ranks, _series)
    return next((reason for check in checks if (reason := check(passport))), "")


def ordinals_added(passport: Passport, levels: Set[tuple[str, str]]) -> str:
    """A level of the collection form may be shown by levels, or counted from a level up; `levels` are (table, item)."""
    for source in passport.sources:
        if isinstance(source, FORM) and not isinstance(source, (FormLevels, FormReached, FormOrganisations)):
            wrong = [item for table, item, _ in source.asked if (table, item) in levels and not _listed(source, item)]
            if wrong:
                return f"уровни «{wrong[0]}» порядковые: их не складывают и не усредняют, нужен источник form_levels"
        if isinstance(source, (FormReached, FormOrganisations)) and len(source.items) > 1:
            wrong = [item for table, item, _ in source.asked if (table, item) in levels]
            if wrong:
                return f"уровни «{wrong[0]}» порядковые: их не складывают, условие ставится на один показатель"
    return ""


def _listed(source: object, item: str) -> bool:
    """Named as a list of organisations, not as a value."""
    return any(getattr(getattr(source, name, None), "item", None) == item for name in ("among", "listed"))


def _means(passport: Passport) -> str:
    """A mean of scores is refused unless the passport owns up to it; the territory's profile has the last word."""
    if passport.means_of_scores:
        return "" if passport.kind == "mean" else "отметка means_of_scores бывает только у вида mean"
    for source in passport.sources:
        if isinstance(source, PublishedMean) or (isinstance(source, Mean) and _of_scores(source, passport)):
            return "средний балл запрещён: нужна отметка means_of_scores и разрешение в профиле территории"
        if isinstance(source, (RegisterShare, RegisterCount)) and SCORES & set(source.named_columns):
            return "баллы и отметки не складывают: это средний балл другими словами"
    return ""


def _of_scores(source: Mean, passport: Passport) -> bool:
    """Share of points for one task is a rate; over a whole test it would be a mean score in disguise."""
    by_task = source.table == "task_scores" and source.over == "max_score" and "task" in passport.breakdowns
    return source.column in SCORES and not by_task


def _averages(passport: Passport) -> str:
    """Rows of published values are averages and shares of groups of unlike size."""
    for source in passport.sources:
        if isinstance(source, (Mean, CountedShare)) and source.table in AGGREGATES:
            return "среднее опубликованных значений не считается: у групп разная численность"
    return ""


def _vpr(passport: Passport) -> str:
    """Federal recommendations: ВПР must not judge teachers or heads, nor serve for pay and ranks."""
    touches = any(_may_hold_vpr(source) for source in passport.sources)
    if touches and OF_PEOPLE & {passport.direction, *passport.also}:
        return "данные ВПР нельзя использовать в направлениях о руководителях и педагогах"
    absent = [use for use in ("teachers", "heads", "pay", "ranks") if use not in passport.forbidden]
    if touches and absent:
        return f"показатель по данным ВПР должен запрещать использование: {', '.join(absent)} (forbidden)"
    return ""


def _may_hold_vpr(source: Source) -> bool:
    if isinstance(source, TasksBelow):
        return True
    if isinstance(source, FORM):
        return any("vpr" in name.split("_") for _, item, groups in source.asked for name in (item, *groups))
    if isinstance(source, REGISTER):
        return False
    named = procedures(source.where)
    return named is None or "vpr" in named


def _ranks(passport: Passport) -> str:
    """Organisations and people are not put in an order."""
    if word := RATING.search(f"{passport.title}\n{passport.short}"):
        return f"рейтинги и места не составляются («{word[0]}» в названии)"
    columns = {name for source in passport.sources for name in getattr(source, "named_columns", ())}
    return "рейтинги и места не составляются" if PLACES & columns else ""


def _series(passport: Passport) -> str:
    """Values that rest on scores are comparable over the years only while the test and its scale are."""
    if passport.series in SERIES_OF_TESTS:
        years = any(isinstance(source, Consecutive) and _scored(source.filters) for source in passport.sources)
        return "годы подряд по баллам и отметкам не считаются: между ними может меняться шкала" if years else ""
    if any(_rests_on_scores(source) for source in passport.sources):
        return "показатель по баллам и отметкам сравним по годам только в одном ряду: series должен быть test"
    return ""


def _rests_on_scores(source: Source) -> bool:
    if isinstance(source, (PublishedShare, PublishedMean, TasksBelow)):
        return True
    if isinstance(source, Mean):
        return source.column in SCORES
    return isinstance(source, (CountedShare, Consecutive)) and _scored(source.filters)


def _scored(conditions: tuple[Filter, ...]) -> bool:
    """A condition on the value of a score, not on whether there is one."""
    return any(one.column in SCORES and not (one.missing or one.not_null) for one in conditions)
