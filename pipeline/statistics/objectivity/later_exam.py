"""Marks that a later exam does not confirm, against what falls anyway: marks go back to the middle by chance alone.

Expected numbers come from the district's own table «earlier mark → later mark», each school left out of its own
expectation. Sources: methods §3.4 (ВПР → ОГЭ), §3.5 (claimants of medals), §3.9 (stages of olympiads).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from pipeline.statistics.comparison import Share
from pipeline.statistics.intervals import CONFIDENCE, wilson

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Unconfirmed:
    """Of a school: pupils with both marks, how many were not confirmed, how many would be were the school as the
    others; `p` one-sided, exact; `ratio` observed to expected, nan when nothing is expected."""

    n: int
    observed: int
    expected: float
    p: float

    @property
    def ratio(self) -> float:
        return self.observed / self.expected if self.expected else float("nan")


def unconfirmed(earlier: ArrayLike, later: ArrayLike, school: ArrayLike, fall: int = 1) -> list[Unconfirmed]:
    """For schools 0…S−1: later marks under the earlier one by `fall` or more.

    Expected: the sum over the school's pupils of the share that falls among other schools' pupils with the same
    earlier mark; p: Poisson-binomial tail of that. Pupils whose earlier mark nobody else has are left out.
    """
    first, second, of = (np.asarray(part) for part in (earlier, later, school))
    if not len(of):
        return []
    marks, place = np.unique(first, return_inverse=True)
    number, fell = np.zeros((2, int(of.max()) + 1, len(marks)), dtype=np.int64)
    np.add.at(number, (of, place), 1)
    np.add.at(fell, (of, place), (first - second) >= fall)
    return unconfirmed_of(number, fell)


def unconfirmed_of(number: ArrayLike, failed: ArrayLike) -> list[Unconfirmed]:
    """The same from counts: schools × kinds (an earlier mark, a subject of the olympiad), how many and how many of them
    were not confirmed. A kind that no other school has is left out of a school's expectation."""
    n, fell = (np.asarray(part, dtype=np.int64) for part in (number, failed))
    if ((fell < 0) | (fell > n)).any():
        raise ValueError("those not confirmed are part of all")
    others, fell_there = n.sum(axis=0) - n, fell.sum(axis=0) - fell
    return [_of_school(n[one], fell[one], others[one], fell_there[one]) for one in range(len(n))]


def _of_school(n: Ints, fell: Ints, others: Ints, fell_there: Ints) -> Unconfirmed:
    known = (n > 0) & (others > 0)
    shares = fell_there[known] / others[known]
    chance = [share for share, times in zip(shares.tolist(), n[known].tolist(), strict=True) for _ in range(times)]
    observed = int(fell[known].sum())
    return Unconfirmed(len(chance), observed, float(sum(chance)), at_least(observed, chance))


def at_least(observed: int, chance: list[float]) -> float:
    """P(as many or more) of independent events with these chances; 1.0 of none."""
    if not chance:
        return 1.0
    values, repeats = np.unique(chance, return_counts=True)
    distribution = np.ones(1)
    for p, n in zip(values, repeats, strict=True):
        distribution = np.convolve(distribution, stats.binom.pmf(np.arange(n + 1), n, p))
    return float(min(1.0, distribution[observed:].sum()))


@dataclass(frozen=True)
class MedalRule:
    """What confirms a claim to a medal, from a year on: points of Russian and of the best other exam.

    The source is the act by which the points are set; it is printed beside the index.
    """

    first_year: int
    russian: int
    other: int
    source: str


@dataclass(frozen=True)
class MedalIndex:
    """Claimants not confirmed, of those with results; interval by Wilson; a reason when there is no share."""

    share: Share
    lower: float | None
    upper: float | None
    reason: str = ""


def medals(russian: ArrayLike, other: ArrayLike, year: int, rules: list[MedalRule]) -> MedalIndex:
    """Index over claimants (all-«5» pupils), not over medallists: since 2024 a medal itself asks for the points, and
    over medallists the index would be 0 by construction.

    `russian` and `other` are points of claimants, nan where there is no result: such claimants are not counted.
    """
    rule = max((one for one in rules if one.first_year <= year), key=lambda one: one.first_year, default=None)
    if rule is None:
        return MedalIndex(Share(0, 0), None, None, "правило подтверждения медали на этот год не задано")
    first, second = np.asarray(russian, dtype=float), np.asarray(other, dtype=float)
    known = np.isfinite(first) & np.isfinite(second)
    failed = int(((first < rule.russian) | (second < rule.other))[known].sum())
    share = Share(failed, int(known.sum()))
    if not share.n:
        return MedalIndex(share, None, None, "претендентов с результатами нет")
    lower, upper = (float(bound) for bound in wilson(share.numerator, share.n, CONFIDENCE))
    return MedalIndex(share, lower, upper)
