"""Formal rules of low results, applied exactly as written, and how likely their verdict is to be true.

A share is compared with the threshold in whole numbers: 3 of 10 is low at 0.30, 29.96 % printed as 30.0 % is not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pipeline.statistics.comparison import Share
from pipeline.statistics.shrinkage_shares import Prior


@dataclass(frozen=True)
class Result:
    """One test of one school in one year; `unit` is what the rule counts (a test, or a whole procedure)."""

    unit: str
    year: int
    share: Share


@dataclass(frozen=True)
class Flag:
    """What the rule finds: low units of the year, units that were low in every year asked for; both conditions."""

    low: tuple[str, ...]
    repeated: tuple[str, ...]
    in_year: bool
    same: bool

    def joined(self, how: str) -> bool:
        """`all`: both conditions, `any`: one of them."""
        return (self.in_year and self.same) if how == "all" else (self.in_year or self.same)


def is_low(share: Share, threshold: Fraction, least: int = 1) -> bool:
    """The threshold is reached by the exact share of enough participants."""
    return share.n >= max(1, least) and share.numerator * threshold.denominator >= threshold.numerator * share.n


def flag(
    results: Iterable[Result],
    year: int,
    threshold: Fraction,
    *,
    in_year: int | None,
    same_in_years: int | None,
    least: int = 1,
) -> Flag:
    """Both conditions of a rule for one school; a condition that the rule does not have is never met."""
    held = pooled(results)
    low = {(unit, when) for (unit, when), share in held.items() if is_low(share, threshold, least)}
    now = tuple(sorted(unit for unit, when in low if when == year))
    span = range(year - (same_in_years or 1) + 1, year + 1)
    repeated = tuple(unit for unit in now if same_in_years and all((unit, when) in low for when in span))
    return Flag(now, repeated, bool(in_year and len(now) >= in_year), bool(repeated))


def pooled(results: Iterable[Result]) -> Mapping[tuple[str, int], Share]:
    """Tests of one unit and year together."""
    sums: dict[tuple[str, int], Share] = {}
    for one in results:
        before = sums.get((one.unit, one.year), Share(0, 0))
        sums[one.unit, one.year] = Share(before.numerator + one.share.numerator, before.n + one.share.n)
    return sums


@dataclass(frozen=True)
class Odds:
    """Probability that the true share of one unit is over the line this year, and in every year the rule asks for."""

    now: float
    running: float = 0.0


Over = Callable[[str, int, Share], float]


def odds(results: Iterable[Result], year: int, over: Over, *, same_in_years: int | None, least: int = 1) -> list[Odds]:
    """One entry a unit of the year. `over(unit, year, share)`: probability that the true share is over the line.

    Years are taken as independent given the shares; a unit that was not measured in one of them, or by fewer than
    `least`, cannot have been low in all.
    """
    held = pooled(results)
    span = range(year - (same_in_years or 1) + 1, year + 1)

    def one(unit: str, when: int) -> float:
        share = held.get((unit, when))
        return 0.0 if share is None or share.n < max(1, least) else over(unit, when, share)

    units = sorted(unit for unit, when in held if when == year)
    return [
        Odds(one(unit, year), math.prod(one(unit, when) for when in span) if same_in_years else 0.0) for unit in units
    ]


def met(found: Iterable[Odds], *, in_year: int | None, how: str) -> float:
    """Probability that the rule is met by the true shares of independent units (an extended Poisson binomial, by
    convolution over: how many units are low, and whether one of them was low in every year).

    A condition that the rule lacks (`in_year` None, every `running` 0) is never met. `how`: `all` or `any`.
    """
    spread: dict[tuple[int, bool], float] = {(0, False): 1.0}
    for one in found:
        steps = (((0, False), 1 - one.now), ((1, False), one.now - one.running), ((1, True), one.running))
        after: dict[tuple[int, bool], float] = {}
        for (count, again), chance in spread.items():
            for (more, also), step in steps:
                place = (count + more, again or also)
                after[place] = after.get(place, 0.0) + chance * step
        spread = after

    def counts(count: int, again: bool) -> bool:
        many = in_year is not None and count >= in_year
        return (many and again) if how == "all" else (many or again)

    return float(sum(chance for (count, again), chance in spread.items() if counts(count, again)))


def at_least(probabilities: Sequence[float], count: int) -> float:
    """Probability that `count` or more of independent events happen (Poisson binomial)."""
    return met([Odds(p) for p in probabilities], in_year=count, how="any")


def low_next(share: Share, participants: int, threshold: Fraction, prior: Prior, least: int = 1) -> float:
    """Probability that the next `participants` reach the threshold when nothing has changed since `share`.

    Predictive beta-binomial of a share shrunk to `prior`: a school that crossed the line by a bad year is expected back
    under it by itself (regression to the mean as empirical Bayes says it: Efron and Morris 1975, JASA 70, 311).
    """
    from scipy import stats

    if participants < max(1, least):
        return 0.0
    first, second = prior.parameters
    need = math.ceil(threshold * participants)
    return float(
        stats.betabinom.sf(need - 1, participants, share.numerator + first, share.n - share.numerator + second)
    )
