"""Means of schools published without their spread: σ² and τ² from how the spread of means falls with the size.

A mean of n pupils is m ~ N(μ, τ² + σ²/n): were schools alike, small ones would still scatter. Both variances maximise
the restricted likelihood of a known variance function (Harville 1977, JASA 72, 320–338; the between–within split is
that of Raudenbush and Bryk 2002, ch. 7, with σ² estimated instead of known). μ differs by stratum (a subject, a year)
and with log n, because small schools may be weaker or stronger. What cannot be seen in means alone is assumed: pupils
scatter alike in all schools, and schools' true means scatter alike at all sizes (where small schools truly differ more,
σ² comes out too large: intervals too wide, not too narrow). Where the sizes do not tell the two variances apart, the
answer is that nothing can be said. Over several years `changes` takes what is lasting in a school away, which leaves
much more to be seen of σ².
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.statistics.intervals import CONFIDENCE

State = Literal["estimated", "insufficient"]
Floats = NDArray[np.float64]
FEWEST = 20  # means: from fewer no variance function is read
SIZES_APART = 2.0  # ninth decile of sizes over the first
WIDEST = 2.0  # upper bound of σ over the lower one: wider, and it is not known
HALF_CHI2 = 1.92072941  # half the 95 % quantile of χ² on one degree of freedom

FEW = "средних значений мало (нужно не меньше двадцати)"
ALIKE_SIZES = "численность школ почти одинакова: разброс учеников и различие школ не отделить"
UNCLEAR = "по разбросу средних нельзя сказать, каков разброс учеников"
ALL_BY_SIZE = "весь разброс средних сводится к численности: разброс учеников им, вероятно, завышен"
IMPOSSIBLE = "разброс вышел больше, чем бывает на этой шкале: небольшие школы различаются не только случайно"


@dataclass(frozen=True)
class Spread:
    """`sigma2` within schools with its 95 % profile bounds, `tau2` between them; nan with a `reason` when unknown."""

    state: State
    reason: str = ""
    sigma2: float = float("nan")
    lower: float = float("nan")
    upper: float = float("nan")
    tau2: float = float("nan")
    count: int = 0

    def mean_interval(self, mean: float, n: int, confidence: float = CONFIDENCE) -> tuple[float, float] | None:
        """Interval of one school's mean of `n` pupils, with the upper bound of σ²: it may be too wide, hardly too
        narrow. None when the spread is unknown or nobody took part."""
        if self.state != "estimated" or n < 1:
            return None
        half = NormalDist().inv_cdf(0.5 + confidence / 2) * math.sqrt(self.upper / n)
        return mean - half, mean + half


def estimate(
    means: ArrayLike,
    sizes: ArrayLike,
    strata: Sequence[Hashable] | None = None,
    *,
    scale: tuple[float, float] | None = None,
) -> Spread:
    """One value a school (and stratum): its `means` in points and `sizes` in pupils; gaps drop out.

    `scale`: lowest and highest score there is; more spread than a scale can hold is no answer (Popoviciu 1935: σ is at
    most half its length). Raises ValueError when lengths differ.
    """
    found = _estimate(*_complete(means, sizes, strata), scale)
    if found.state == "estimated" and found.tau2 == 0:  # schools always differ
        return Spread("insufficient", ALL_BY_SIZE, count=found.count)
    return found


def _estimate(mean: Floats, size: Floats, stratum: Sequence[Hashable], scale: tuple[float, float] | None) -> Spread:
    if len(mean) < FEWEST + len(set(stratum)):
        return Spread("insufficient", FEW, count=len(mean))
    low, high = np.quantile(size, [0.1, 0.9])
    if high < SIZES_APART * low:
        return Spread("insufficient", ALIKE_SIZES, count=len(mean))
    design = _design(size, stratum)
    unit = float(np.std(mean - design @ np.linalg.lstsq(design, mean, rcond=None)[0]))
    if unit <= 1e-9 * float(np.abs(mean).max()):
        return Spread("insufficient", UNCLEAR, count=len(mean))
    known = _known(mean / unit, size, design)
    if known is None:
        return Spread("insufficient", UNCLEAR, count=len(mean))
    sigma2, lower, upper, tau2 = (part * unit**2 for part in known)
    if scale is not None and lower > ((scale[1] - scale[0]) / 2) ** 2:
        return Spread("insufficient", IMPOSSIBLE, count=len(mean))
    return Spread("estimated", "", sigma2, lower, upper, tau2, len(mean))


@dataclass(frozen=True)
class Changes:
    """Changes of schools' means between two years, as `estimate` takes them: `size` is the harmonic one of a
    difference, 1 / (1/n + 1/m); each mean of a school enters one change, so that changes are
    independent. The pupils of two years must be different ones, not the same a year older."""

    change: Floats
    size: Floats
    stratum: tuple[Hashable, ...]

    def spread(self, scale: tuple[float, float] | None = None) -> Spread:
        """σ² within schools; `tau2` is the variance of a school's change beyond pupils, which may well be 0."""
        return _estimate(self.change, self.size, self.stratum, scale)


def changes(means: ArrayLike, sizes: ArrayLike, school: Sequence[Hashable], year: Sequence[int]) -> Changes:
    """Pairs of neighbouring years of each school, none used twice; equal lengths, one value a school and year.

    Raises ValueError when lengths differ or a school stands twice in a year.
    """
    keys = list(zip(school, year, strict=True))
    mean, size, named = _complete(means, sizes, keys)
    if len(set(keys)) != len(keys):
        raise ValueError("a school stands twice in a year")
    at: dict[Hashable, dict[int, tuple[float, float]]] = {}
    kept = set(named)
    values = iter(zip(mean, size, strict=True))
    for name, when in keys:
        if (name, when) in kept:
            at.setdefault(name, {})[when] = next(values)
    found: list[tuple[float, float, int]] = []
    for years in at.values():
        waiting = sorted(years)
        while len(waiting) > 1:
            first = waiting.pop(0)
            if waiting[0] == first + 1:
                second = waiting.pop(0)
                (before, n), (after, m) = years[first], years[second]
                found.append((after - before, 1 / (1 / n + 1 / m), first))
    change, harmonic, stratum = (list(part) for part in zip(*found, strict=True)) if found else ([], [], [])
    return Changes(np.array(change), np.array(harmonic), tuple(stratum))


def shrunk(mean: float, n: int, centre: float, spread: Spread) -> float | None:
    """Posterior mean of one school's true mean, pulled to `centre`; None when the spread is unknown."""
    if spread.state != "estimated" or n < 1:
        return None
    kept = n * spread.tau2 / (n * spread.tau2 + spread.sigma2)
    return centre + kept * (mean - centre)


def _complete(
    means: ArrayLike, sizes: ArrayLike, strata: Sequence[Hashable] | None
) -> tuple[Floats, Floats, list[Hashable]]:
    mean, size = (np.asarray(part, dtype=float).ravel() for part in (means, sizes))
    named: list[Hashable] = [0] * len(mean) if strata is None else list(strata)
    if not len(mean) == len(size) == len(named):
        raise ValueError("means, sizes and strata need equal lengths")
    known = np.isfinite(mean) & (size > 0)
    return mean[known], size[known], [name for name, kept in zip(named, known, strict=True) if kept]


def _design(size: Floats, stratum: Sequence[Hashable]) -> Floats:
    """A mean for each stratum, and one slope over log n."""
    names = sorted(set(stratum), key=str)
    dummies = np.array([[float(one == name) for name in names] for one in stratum])
    logs = np.log(size)
    return np.column_stack([dummies, logs - dummies @ (dummies.T @ logs / dummies.sum(axis=0))])


def _known(mean: Floats, size: Floats, design: Floats) -> tuple[float, float, float, float] | None:
    """σ², its profile bounds, τ²; None when the bounds are too far apart or σ² may be nothing."""
    from scipy import optimize

    def profile(log_sigma2: float) -> tuple[float, float]:
        """Smallest loss over τ² at this σ², and that τ²."""
        sigma2 = math.exp(log_sigma2)
        free = optimize.minimize_scalar(
            lambda log_tau2: _loss(mean, size, design, sigma2, math.exp(log_tau2)), bounds=(-12, 4), method="bounded"
        )
        none = _loss(mean, size, design, sigma2, 0.0)
        return (none, 0.0) if none <= free.fun else (float(free.fun), math.exp(free.x))

    widest = math.log(float(size.max())) + 4
    best = optimize.minimize_scalar(lambda place: profile(place)[0], bounds=(-6.0, widest), method="bounded")
    top = float(best.fun) + HALF_CHI2
    if profile(-6.0)[0] < top or profile(widest)[0] < top:
        return None
    lower, upper = (
        math.exp(optimize.brentq(lambda place: profile(place)[0] - top, *ends, xtol=1e-3))
        for ends in ((-6.0, best.x), (best.x, widest))
    )
    if upper > WIDEST**2 * lower:
        return None
    return math.exp(best.x), lower, upper, profile(best.x)[1]


def _loss(mean: Floats, size: Floats, design: Floats, sigma2: float, tau2: float) -> float:
    """Minus the restricted log-likelihood, constants aside."""
    weight = 1 / (tau2 + sigma2 / size)
    crossed = design.T * weight
    information = crossed @ design
    beta = np.linalg.solve(information, crossed @ mean)
    left = mean - design @ beta
    return float((weight * left**2).sum() - np.log(weight).sum() + np.linalg.slogdet(information)[1]) / 2
