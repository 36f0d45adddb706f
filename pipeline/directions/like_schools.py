"""A measure held against similar schools without it: did its schools change more than those alike?

The years before the measure but the last are the baseline: the last one is often the bad year for which schools were
chosen, and what passes by itself must not look like an effect. Similar are schools near by baseline and by context; the
measure is then shuffled inside each set of similar schools. What regression to the mean alone would have brought is
told beside, from the schools without the measure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.directions import acts, before_after, judgement, schools
from pipeline.directions.before_after import Change
from pipeline.directions.chapter import Inputs
from pipeline.statistics import matching, wild_bootstrap
from pipeline.statistics.effect import (
    Better,
    Effect,
    Regression,
    Word,
    effect,
    expected_after,
    regression_to_the_mean,
)
from pipeline.statistics.wild_bootstrap import Wild

Row = Mapping[str, Any]
TAKEN = ("measure", "decision")
EVERYWHERE = "мера касается всего муниципалитета"
UNCOUNTED = "показатель по школам не посчитан в тех же годах"
ONE_YEAR = "до меры известен один год, возврат к среднему не отделить"
NEUTRAL = "у показателя не назначено, в какую сторону лучше"
FEW_OTHERS = "школ без меры меньше восьми"
BLIND = "школ и участников мало: не было бы видно и улучшения до предела"


@dataclass(frozen=True)
class Means:
    """Mean shares of schools (each counts once) before and after."""

    before: float
    after: float


@dataclass(frozen=True)
class Year:
    """Shares of the matched schools in one year: those with the measure, those without."""

    year: int
    treated: tuple[float, ...]
    others: tuple[float, ...]


@dataclass(frozen=True)
class Compared:
    """One change with its comparison. `years`: those of the baseline and after; `skipped`: the year left out; `alone`:
    schools with the measure that are like nobody; `path`: matched schools year by year; `drift`: the same difference
    over the baseline alone, where no measure was; `wild`: the bootstrap;
    `second`: the comparison against what all years before let expect, `doubted` where it takes the word back. `reason`:
    why nothing can be judged."""

    change: Change
    effect: Effect = field(default_factory=Effect)
    treated: Means | None = None
    others: Means | None = None
    returned: Regression | None = None
    years: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
    skipped: int | None = None
    alone: int = 0
    path: tuple[Year, ...] = ()
    drift: Effect = field(default_factory=Effect)
    wild: Wild = field(default_factory=Wild)
    second: Effect = field(default_factory=Effect)
    doubted: bool = False
    reason: str = ""
    word: Word = "нельзя судить"

    @property
    def judged(self) -> bool:
        return not self.reason

    @property
    def seen(self) -> bool:
        return self.word.startswith("видно")


@dataclass(frozen=True)
class Panel:
    """Counts of schools over the years: place → year → (numerator, denominator)."""

    orgs: tuple[str, ...]
    counts: tuple[Mapping[int, tuple[float, float]], ...]

    def means(self, years: Sequence[int]) -> NDArray[np.float64]:
        """The share of each school over these years together."""
        sums = [np.sum([held[year] for year in years], axis=0) for held in self.counts]
        return np.array([part / whole for part, whole in sums])


def compared(inputs: Inputs, found: Sequence[Change]) -> list[Compared]:
    """The comparison of every change that could be judged at all, in their order."""
    usable = [change for change in found if change.tone != "unknown" and change.after is not None]
    context = schools.context(inputs) if usable else None
    index = context.index if context is not None else {}
    return [_compared(inputs, change, index) for change in usable]


def _compared(inputs: Inputs, change: Change, index: Mapping[str, float]) -> Compared:
    orgs = {act.org_id for act in change.acts if act.org_id is not None}
    if not orgs:
        return Compared(change, reason=EVERYWHERE)
    before, after = _years(inputs, change, orgs)
    panel = _panel(inputs, change, (*before, *after), orgs)
    if not (before and after and orgs & set(panel.orgs)):
        return Compared(change, reason=UNCOUNTED)
    found = _measured(panel, change, orgs, (before, after), index)
    return _worded(inputs, found, one_year=len(before) == 1)


def _measured(
    panel: Panel, change: Change, orgs: set[str], years: tuple[list[int], list[int]], index: Mapping[str, float]
) -> Compared:
    before, after = years
    baseline = before[:-1] or before
    first, last, then = panel.means(baseline), panel.means(before[-1:]), panel.means(after)
    taken = np.array([org in orgs for org in panel.orgs])
    per = matching.per_school(int(taken.sum()), int((~taken).sum()))
    near = matching.match(_features(panel, first, index), taken.tolist(), per)
    own, others = (
        [place for one in near.sets for place in one if bool(taken[place]) is with_it] for with_it in (True, False)
    )
    return Compared(
        change,
        effect(first, then, taken, near.sets, confidence=change.confidence),
        _means(first, then, own),
        _means(first, then, others),
        regression_to_the_mean(last, then, taken, ~taken),
        (tuple(baseline), tuple(after)),
        before[-1] if len(before) > 1 else None,
        len(near.alone),
        _path(panel, (*before, *after), own, others),
        _drift(panel, baseline, taken, near.sets),
        wild_bootstrap.of_effect(then - first, taken, near.sets) if near.sets else Wild(),
        _second(first, last, then, taken) if len(before) > 1 else Effect(reason=ONE_YEAR),
    )


def _second(
    first: NDArray[np.float64], last: NDArray[np.float64], then: NDArray[np.float64], taken: NDArray[np.bool_]
) -> Effect:
    """Against what the earlier years and the last one let expect, beside schools of which as much was expected.

    Leaving the last year out is right for a bad year that passes and wrong for a fall that lasts: of invented districts
    of Michigan's schools, chosen by their last year and with no measure, «worse» was seen in 3–13 of a hundred by the
    first comparison, in 1–5 where this one had to agree (DECISIONS.md).
    """
    expected = expected_after(first, last, then, ~taken)
    if expected is None:
        return Effect(reason=FEW_OTHERS)
    per = matching.per_school(int(taken.sum()), int((~taken).sum()))
    return effect(expected, then, taken, matching.match(expected.reshape(-1, 1), taken.tolist(), per).sets)


def _path(panel: Panel, years: Sequence[int], own: Sequence[int], others: Sequence[int]) -> tuple[Year, ...]:
    shares = {year: panel.means([year]) for year in years}
    return tuple(Year(year, tuple(one[own].tolist()), tuple(one[others].tolist())) for year, one in shares.items())


def _drift(panel: Panel, baseline: Sequence[int], taken: NDArray[np.bool_], sets: Sequence[Sequence[int]]) -> Effect:
    """The comparison over the first and last year of the baseline: before a measure there must be no effect of it."""
    if len(baseline) < 2 or not sets:
        return Effect(reason="лет до меры мало")
    return effect(panel.means(baseline[:1]), panel.means(baseline[-1:]), taken, sets)


def _worded(inputs: Inputs, found: Compared, *, one_year: bool) -> Compared:
    """What may be said: never more than the data before the measure and the number of schools allow."""
    better = inputs.passports[str(found.change.act.indicator)].better
    if better == "neutral":
        return replace(found, reason=NEUTRAL)
    if found.effect.reason:
        return replace(found, reason=found.effect.reason)
    if one_year:
        return replace(found, reason=ONE_YEAR)
    word = found.effect.word(better)
    base = found.treated.before if found.treated else 0.0
    if word == "не видно" and found.effect.detectable > (base if better == "lower" else 1 - base):
        return replace(found, reason=BLIND)
    if _taken_back(found, word, better):
        return replace(found, word="не видно", doubted=True)
    return replace(found, word=word)


def _taken_back(found: Compared, word: Word, better: Better) -> bool:
    """A fall is said only when both comparisons show it; a rise not where the second one points the other way."""
    second = found.second
    if word == "видно ухудшение":
        return second.word(better) != word
    return word == "видно улучшение" and not second.reason and second.value * found.effect.value < 0


def _years(inputs: Inputs, change: Change, orgs: set[str]) -> tuple[list[int], list[int]]:
    """Years in which every school with the measure is counted, of the value's series: before it could act and after."""
    held: dict[str, set[int]] = {org: set() for org in orgs}
    for row in _rows(inputs, change):
        if row["org_id"] in held:
            held[str(row["org_id"])].add(int(row["school_year"]))
    years = sorted(set.intersection(*held.values()))
    first = before_after.first_affected(change.act)
    return [year for year in years if year < first], [year for year in years if year >= first]


def _rows(inputs: Inputs, change: Change) -> list[dict[str, Any]]:
    after = change.after or {}
    same = {name: after[name] for name in (*judgement.KEY, "series")}
    return [row for row in inputs.rows(level="organisation", **same) if judgement.comparable(row)]


def _panel(inputs: Inputs, change: Change, years: Sequence[int], orgs: set[str]) -> Panel:
    """Schools counted with enough participants before and after in every year; others with a measure for the same
    indicator are no comparison."""
    elsewhere = _with_measure(inputs, str(change.act.indicator)) - orgs
    held: dict[str, dict[int, tuple[float, float]]] = {}
    for row in _rows(inputs, change):
        if judgement.of_persons(row) and row["org_id"] not in elsewhere:
            counted = (float(row["numerator"]), float(row["denominator"]))
            held.setdefault(str(row["org_id"]), {})[int(row["school_year"])] = counted
    whole = {org: one for org, one in sorted(held.items()) if all(one.get(y, (0, 0))[1] > 0 for y in years)}
    large = {org: one for org, one in whole.items() if sum(n for _, n in one.values()) >= inputs.compare_from}
    return Panel(tuple(large), tuple(large.values()))


def _with_measure(inputs: Inputs, indicator: str) -> set[str]:
    known = acts.acts(inputs)
    return {
        str(act.org_id)
        for act in known
        if act.indicator == indicator and act.org_id and act.kind in TAKEN and act.progress != "cancelled"
    }


def _features(panel: Panel, baseline: NDArray[np.float64], index: Mapping[str, float]) -> NDArray[np.float64]:
    """The baseline and, where every school has one, the index of context."""
    if not all(org in index for org in panel.orgs):
        return baseline.reshape(-1, 1)
    return np.column_stack([baseline, [index[org] for org in panel.orgs]])


def _means(first: NDArray[np.float64], then: NDArray[np.float64], places: Sequence[int]) -> Means | None:
    return Means(float(first[places].mean()), float(then[places].mean())) if places else None
