"""Harmful constructions that no passport may declare; each answer is the reason, in words, or nothing.

means         a mean of scores, also as a rate of points or a sum of them (Е: harmful; allowed by a profile alone)
averages      a mean of what a source has averaged or shared out already
levels        ordinal levels added up or averaged
vpr           ВПР in what speaks of heads, teachers or pay, or without the four prohibitions (federal recommendations)
ranks         places and ratings
series        results of tests over the years without a series key that breaks when the test or its scale changes

Percents of few participants are no matter of a passport: config/norms/publication.yml guards them for all. What only
the questions of the collection form or another passport tell is refused by `guard_nested`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.indicators import guard_words
from pipeline.indicators.filters import Filter
from pipeline.indicators.form_sources import FORM
from pipeline.indicators.register_sources import REGISTER, RegisterCount, RegisterShare
from pipeline.indicators.sources import (
    Consecutive,
    Count,
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
UNITS_OF_SCORES = ("points", "mark")
OF_A_TEST = {"subject", "grade", "task"}  # breakdowns within which points for one task mean the same
PLACES = {"rank", "place", "rating"}
AGGREGATES = ("group_results",)  # tables whose rows are no persons
OF_TESTS = ("diagnostics",)  # registers that hold results of works: their content is another one each year
OF_PEOPLE = {"heads", "teachers", "methodical"}
SERIES_OF_TESTS = ("test", "single_year")


def harm(passport: Passport) -> str:
    """Why the passport is refused; empty when it does no harm."""
    checks = (_averages, _means, _vpr, _ranks, _series)
    return next((reason for check in checks if (reason := check(passport))), "")


def _means(passport: Passport) -> str:
    """A mean of scores is refused unless the passport owns up to it; the territory's profile has the last word."""
    if passport.means_of_scores:
        return "" if passport.kind == "mean" else "отметка means_of_scores бывает только у вида mean"
    named = guard_words.found_in(guard_words.MEAN, guard_words.words_of(passport))
    if named or passport.unit in UNITS_OF_SCORES or any(_mean_of_scores(one, passport) for one in passport.sources):
        said = f" («{named}»)" if named else ""
        return f"средний балл запрещён{said}: нужна отметка means_of_scores и разрешение в профиле территории"
    if any(isinstance(one, (RegisterShare, RegisterCount)) and _adds_scores(one) for one in passport.sources):
        return "баллы и отметки не складывают: это средний балл другими словами"
    return ""


def _mean_of_scores(source: Source, passport: Passport) -> bool:
    """A published mean, also passed off as a share; a mean counted here."""
    if isinstance(source, PublishedShare):
        return "mean" in source.measure or "average" in source.measure
    return isinstance(source, PublishedMean) or (isinstance(source, Mean) and _of_scores(source, passport))


def _adds_scores(source: RegisterShare | RegisterCount) -> bool:
    return bool(SCORES & set(source.named_columns))


def _of_scores(source: Mean, passport: Passport) -> bool:
    """Share of points for one task is a rate; over a whole test it would be a mean score in disguise."""
    of_one_test = set(passport.breakdowns) >= OF_A_TEST
    by_task = source.table == "task_scores" and (source.column, source.over) == ("score", "max_score") and of_one_test
    return bool({source.column, source.over} & SCORES) and not by_task


def _averages(passport: Passport) -> str:
    """Rows of published values are averages and shares of groups of unlike size."""
    for source in passport.sources:
        if isinstance(source, (Mean, CountedShare)) and source.table in AGGREGATES:
            return "среднее опубликованных значений не считается: у групп разная численность"
    return ""


def _vpr(passport: Passport) -> str:
    """Federal recommendations: ВПР must not judge teachers or heads, nor serve for pay and ranks."""
    words = guard_words.words_of(passport)
    touches = bool(guard_words.VPR.search(words)) or any(_may_hold_vpr(source) for source in passport.sources)
    return vpr_misused(passport) if touches else ""


def vpr_misused(passport: Passport) -> str:
    """Why an indicator that rests on ВПР is refused; empty when it judges nobody."""
    words = guard_words.words_of(passport)
    if OF_PEOPLE & {passport.direction, *passport.also}:
        return "данные ВПР нельзя использовать в направлениях о руководителях и педагогах"
    if named := guard_words.found_in(guard_words.PEOPLE, words) or guard_words.found_in(guard_words.PAY, words):
        return f"по данным ВПР не судят о людях и не платят («{named}» в названии или определении)"
    absent = [use for use in ("teachers", "heads", "pay", "ranks") if use not in passport.forbidden]
    return f"показатель по данным ВПР должен запрещать использование: {', '.join(absent)} (forbidden)" if absent else ""


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
    if word := guard_words.found_in(guard_words.RATING, guard_words.words_of(passport)):
        return f"рейтинги и места не составляются («{word}» в названии или определении)"
    columns = {name for source in passport.sources for name in getattr(source, "named_columns", ())}
    return "рейтинги и места не составляются" if PLACES & columns else ""


def _series(passport: Passport) -> str:
    """Values that rest on scores are comparable over the years only while the test and its scale are."""
    if passport.series != "single_year" and any(getattr(one, "table", "") in OF_TESTS for one in passport.sources):
        return "работы диагностик год от года разные: series должен быть single_year"
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
        return bool({source.column, source.over} & SCORES)
    return isinstance(source, (CountedShare, Count, Consecutive)) and _scored(source.filters)


def _scored(conditions: tuple[Filter, ...]) -> bool:
    """A condition on the value of a score, not on whether there is one."""
    return any(one.column in SCORES and not (one.missing or one.not_null) for one in conditions)
