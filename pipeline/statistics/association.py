"""Does one quantity go with another over schools? Rank correlation judged by shuffling schools, and a robust slope.

Schools, not pupils, are shuffled: pupils of one school share everything that the school is. Under ten schools there is
no p-value: the smallest possible one says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from pipeline.statistics.effect import effect
from pipeline.statistics.intervals import CONFIDENCE

FEWEST = 10
RESAMPLES = 9_999
SEED = 20_260_101
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Association:
    """Spearman's rho over `n` schools with its permutation p (None under ten), Theil–Sen slope with interval."""

    n: int
    rho: float
    p: float | None
    slope: float
    intercept: float
    lower: float
    upper: float


def association(x: ArrayLike, y: ArrayLike, confidence: float = CONFIDENCE) -> Association | None:
    """How y goes with x; None when fewer than three schools or one of them does not vary; a gap leaves a school out.

    The slope and its interval: Sen 1968 (scipy.stats.theilslopes); p: two-sided, by `permutation_p`.
    """
    first, second = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    known = np.isfinite(first) & np.isfinite(second)
    first, second = first[known], second[known]
    if len(first) < 3 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    line = stats.theilslopes(second, first, alpha=confidence)
    return Association(
        n=len(first),
        rho=float(stats.spearmanr(first, second).statistic),
        p=permutation_p(first, second) if len(first) >= FEWEST else None,
        slope=float(line.slope),
        intercept=float(line.intercept),
        lower=float(line.low_slope),
        upper=float(line.high_slope),
    )


def groups_p(values: ArrayLike, treated: ArrayLike) -> float | None:
    """Two-sided p of |difference of means| of two groups of schools under all ways to divide them (a fixed sample of
    ways when they are too many); None where a group is empty or nothing varies.

    The convention of the R package coin: as extreme means as far from 0 on either side. scipy's own two-sided p doubles
    the smaller tail and may be another number.
    """
    given, taken = np.asarray(values, dtype=float), np.asarray(treated, dtype=bool)
    known = np.isfinite(given)
    given, taken = given[known], taken[known]
    if not taken.any() or taken.all() or np.ptp(given) == 0:
        return None
    return effect(np.zeros_like(given), given, taken).p


def permutation_p(x: ArrayLike, y: ArrayLike, resamples: int = RESAMPLES) -> float:
    """Two-sided p of |rho| under all pairings of schools (a fixed sample of them when they are too many); nan where
    one of them does not vary."""
    if np.ptp(np.asarray(x)) == 0 or np.ptp(np.asarray(y)) == 0:
        return float("nan")
    first, second = stats.rankdata(np.asarray(x)), stats.rankdata(np.asarray(y))
    order = np.lexsort((second, first))  # the same sample of pairings whatever the order of schools
    first, second = first[order], second[order]
    first, second = first - first.mean(), second - second.mean()
    scale = float(np.sqrt((first**2).sum() * (second**2).sum()))

    def statistic(shuffled: Floats, axis: int) -> Floats:
        return np.asarray(np.abs((shuffled * second).sum(axis=axis)) / scale)

    found = stats.permutation_test(
        (first,),
        statistic,
        permutation_type="pairings",
        vectorized=True,
        n_resamples=resamples,
        alternative="greater",
        rng=np.random.default_rng(SEED),
    )
    return float(found.pvalue)
