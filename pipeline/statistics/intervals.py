"""Confidence intervals of shares and means. All functions take and give arrays of equal shape (scalars become 0-d).

A share is a count `x` of `n`; `n = 0` gives missing bounds (nan), never 0 %. The interval stays even when all pupils
took part: it covers the variation between cohorts, which is what a manager decides about. The libraries are imported
where they are used: they cost half a second, and most notebooks compute no interval of their own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]

CONFIDENCE = 0.95
ROUNDING = 1e-12  # sums of fractional points may pass their maximum by as much


def wilson(x: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE) -> Bounds:
    """Wilson score interval of a share (Wilson 1927; checked against Newcombe 1998, table I).

    `x` may be fractional (points earned in units of the maximum): for a value inside 0–1 the variance is at most that
    of a share, so the interval is then conservative.
    """
    return _share_interval(x, n, confidence, "wilson")


def clopper_pearson(x: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE) -> Bounds:
    """Exact (conservative) interval of a share, Clopper and Pearson 1934."""
    return _share_interval(x, n, confidence, "beta")


def jeffreys(x: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE) -> Bounds:
    """Jeffreys interval with the bounds of Brown, Cai and DasGupta 2001: 0 at x = 0 and 1 at x = n.

    statsmodels leaves these two ends at the quantile of the posterior; both are set here.
    """
    return _share_interval(x, n, confidence, "jeffreys")


def mean_t(mean: ArrayLike, deviation: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE) -> Bounds:
    """Student's t interval of a mean with sample standard deviation; under two values the bounds are missing (nan)."""
    from scipy import stats

    mean, deviation, n = np.broadcast_arrays(*(np.asarray(part, dtype=float) for part in (mean, deviation, n)))
    if np.any(deviation < 0):
        raise ValueError("a standard deviation cannot be negative")
    enough = n >= 2
    size = np.where(enough, n, 2.0)
    half = stats.t.ppf(0.5 + confidence / 2, size - 1) * deviation / np.sqrt(size)
    return np.where(enough, mean - half, np.nan), np.where(enough, mean + half, np.nan)


def at_least(counts: ArrayLike, confidence: float = CONFIDENCE) -> tuple[NDArray[np.float64], Bounds]:
    """Shares of those who reached each level or a higher one, with Wilson's bounds: `counts` from the lowest level up
    (marks 2, 3, 4, 5 → shares of ≥ 2, ≥ 3, ≥ 4, ≥ 5). Missing of nobody. Levels are never averaged as numbers."""
    given = _levels(counts)
    reached = given[::-1].cumsum()[::-1]
    whole = np.full(len(given), given.sum())
    shares = reached / whole if given.sum() else np.full(len(given), np.nan)
    return shares, wilson(reached, whole, confidence)


def sison_glaz(counts: ArrayLike, confidence: float = CONFIDENCE) -> Bounds:
    """Bounds that hold for the shares of all levels at once (Sison and Glaz 1995, JASA 90, 366). Missing of nobody.

    Of one level that all reached the share is 1, without bounds of another value.
    """
    from statsmodels.stats.proportion import multinomial_proportions_confint

    given = _levels(counts)
    if not given.sum():
        return np.full(len(given), np.nan), np.full(len(given), np.nan)
    if len(given) == 1:
        return np.ones(1), np.ones(1)
    found = np.asarray(multinomial_proportions_confint(given, alpha=1 - confidence, method="sison-glaz"), dtype=float)
    return found[:, 0], found[:, 1]


def _levels(counts: ArrayLike) -> NDArray[np.float64]:
    given = np.asarray(counts, dtype=float).ravel()
    if not np.isfinite(given).all() or (given < 0).any() or (given != np.floor(given)).any():
        raise ValueError("counts of levels are whole numbers from 0")
    return given


def _share_interval(x: ArrayLike, n: ArrayLike, confidence: float, method: str) -> Bounds:
    from statsmodels.stats.proportion import proportion_confint

    count, size = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(n, dtype=float))
    if np.any((count < 0) | (size < 0) | (count > size * (1 + ROUNDING))):
        raise ValueError("a numerator must lie between 0 and its denominator")
    known = np.isfinite(count) & np.isfinite(size) & (size > 0)
    safe_size = np.where(known, size, 1.0)
    safe_count = np.where(known, np.minimum(count, safe_size), 0.0)
    lower, upper = proportion_confint(safe_count, safe_size, alpha=1 - confidence, method=method)
    lower = np.where(safe_count == 0, 0.0, np.clip(lower, 0.0, 1.0))
    upper = np.where(safe_count == safe_size, 1.0, np.clip(upper, 0.0, 1.0))
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)
