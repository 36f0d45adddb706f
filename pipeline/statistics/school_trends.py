"""Trends of single schools, each borrowed from all of them: with thirty pupils a year a school alone shows nothing.

Slope of each school: weighted least squares of empirical logits on years (Cox 1970, Analysis of Binary Data, ch. 3:
log((x + ½) / (n − x + ½)) with variance 1 / (x + ½) + 1 / (n − x + ½)); the slopes are taken as drawn from a normal
distribution, whose mean and variance are those of random effects (Paule and Mandel 1982), and each is shrunk towards
the mean (empirical Bayes, Morris 1983, JASA 78, 47). Of scores instead of counts: `shrinkage_scores.random_slope`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from pipeline.statistics.intervals import CONFIDENCE
from pipeline.statistics.summary_effects import Summary, combine
from pipeline.statistics.trend import FALL, FEWEST, RISE, SAME, Point, Word, unbroken

FEWEST_SCHOOLS = 5
FEW = "школ с тремя годами одного ряда меньше пяти"


@dataclass(frozen=True)
class SchoolTrend:
    """Logit a year: `own` as the school's counts alone give it, `value` with `error` after shrinking; `rises`:
    probability that the slope is above 0."""

    own: float
    value: float
    error: float
    rises: float
    word: Word


@dataclass(frozen=True)
class SchoolTrends:
    """`schools`: name → trend; those with too few years are in `left`. `mean`: of the slopes, with their spread τ².
    `reason` stands where nothing can be said."""

    schools: Mapping[str, SchoolTrend] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    mean: Summary | None = None
    reason: str = ""


def school_trends(held: Mapping[str, Sequence[Point]], least: int, confidence: float = CONFIDENCE) -> SchoolTrends:
    """Trends of schools (name → its years in any order): the last unbroken series, years of `least` pupils or more."""
    judged = {name: unbroken(points, least) for name, points in sorted(held.items())}
    enough = {name: points for name, points in judged.items() if len(points) >= FEWEST}
    left = tuple(name for name in judged if name not in enough)
    return pooled({name: slope(points) for name, points in enough.items()}, left, confidence)


def pooled(
    slopes: Mapping[str, tuple[float, float]], left: Sequence[str] = (), confidence: float = CONFIDENCE
) -> SchoolTrends:
    """Trends from slopes of schools with their standard errors, in any unit; `left` are schools without a slope."""
    if len(slopes) < FEWEST_SCHOOLS:
        return SchoolTrends(left=tuple(sorted({*left, *slopes})), reason=FEW)
    mean = combine([one for one, _ in slopes.values()], [error for _, error in slopes.values()], confidence)
    schools = {name: _shrunk(own, error, mean, confidence) for name, (own, error) in sorted(slopes.items())}
    return SchoolTrends(schools, tuple(left), mean)


def slope_of_means(year: ArrayLike, value: ArrayLike, variance: ArrayLike) -> tuple[float, float]:
    """Slope of yearly means with known variances and its standard error (weighted least squares); two years or more."""
    x, y, weight = np.asarray(year, dtype=float), np.asarray(value, dtype=float), 1 / np.asarray(variance, dtype=float)
    centred = x - np.average(x, weights=weight)
    information = float((weight * centred**2).sum())
    return float((weight * centred * y).sum()) / information, information**-0.5


def slope(points: Sequence[Point]) -> tuple[float, float]:
    """Slope of a school in logits a year and its standard error; at least two different years."""
    x, n, year = (
        np.array(part, dtype=float)
        for part in zip(*((point.share.numerator, point.share.n, point.year) for point in points), strict=True)
    )
    return slope_of_means(year, np.log((x + 0.5) / (n - x + 0.5)), 1 / (x + 0.5) + 1 / (n - x + 0.5))


def _shrunk(own: float, error: float, mean: Summary, confidence: float) -> SchoolTrend:
    """Morris 1983: the part 1 − B of the own slope, and the uncertainty of the mean for the part B."""
    pull = error**2 / (error**2 + mean.tau2)
    value = (1 - pull) * own + pull * mean.mean
    spread = float(np.sqrt((1 - pull) * error**2 + (pull * mean.se) ** 2))
    rises = NormalDist().cdf(value / spread)
    sure = (1 + confidence) / 2
    word: Word = RISE if rises > sure else FALL if rises < 1 - sure else SAME
    return SchoolTrend(own, value, spread, rises, word)
