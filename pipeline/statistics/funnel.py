"""Funnel plots: control limits of a share by the size of an organisation, and spread beyond chance.

Spiegelhalter 2005, Statistics in Medicine 24, 1185–1202: exact limits with interpolation between counts (appendix A.1),
and the additive model of spread between organisations from winsorised z-scores (section 4.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from pipeline.statistics.intervals import CONFIDENCE, Bounds

INNER, OUTER = CONFIDENCE, 0.998
WINSORISED = 0.1
NO_SPREAD = 1e-6  # part of the variance of one pupil: under it the beta-binomial is the binomial
LARGE = 100_000  # participants from which limits are not counted pupil by pupil
STEPS = 120  # sizes at which a limit is drawn
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """`phi`: mean square of winsorised z-scores (1 when organisations differ by chance alone). `tau`: standard
    deviation between organisations beyond chance, in shares; 0 when chance explains the spread."""

    phi: float
    tau: float


def spread(x: ArrayLike, n: ArrayLike, centre: float, winsorised: float = WINSORISED) -> Spread:
    """Spread between organisations around `centre`; counts `x` of `n`, those without participants or counts aside.

    z = (x/n − centre) / s, s² = centre (1 − centre) / n; the lowest and highest `winsorised` part of z is pulled to its
    quantile, so that a few outliers do not widen their own limits. τ² = (Iφ − (I − 1)) / (Σw − Σw²/Σw), w = 1/s².
    """
    count, size = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    known = np.isfinite(count) & (size > 0)
    count, size = count[known], size[known]
    if not 0 < centre < 1 or len(size) < 2:
        return Spread(1.0, 0.0)
    weight = size / (centre * (1 - centre))
    z = (count / size - centre) * np.sqrt(weight)
    low, high = np.quantile(z, [winsorised, 1 - winsorised])
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    excess = len(z) * phi - (len(z) - 1)
    tau2 = excess / (weight.sum() - (weight**2).sum() / weight.sum())
    return Spread(phi, float(np.sqrt(max(0.0, tau2))))


def z_scores(x: ArrayLike, n: ArrayLike, centre: float, tau: float = 0.0) -> Floats:
    """Distance of each share from `centre` in its own deviations: (x/n − centre) / √(s² + τ²); nan of nobody."""
    count, size = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    safe = np.where(size > 0, size, 1.0)
    variance = centre * (1 - centre) / safe + tau**2
    known = (size > 0) & (variance > 0)
    return np.where(known, (count / safe - centre) / np.sqrt(np.where(known, variance, 1.0)), np.nan)


def ratio_limits(expected: ArrayLike, confidence: float = OUTER) -> Bounds:
    """Exact limits of a standardised ratio observed / expected where `expected` events are expected: quantiles of χ²
    (Spiegelhalter 2005, appendix A.1.3; the R package FunnelPlotR). nan where nothing is expected."""
    size = np.asarray(expected, dtype=float)
    known, tail = np.isfinite(size) & (size > 0), (1 - confidence) / 2
    safe = np.where(known, size, 1.0)
    lower, upper = stats.chi2.ppf(tail, 2 * safe) / 2 / safe, stats.chi2.ppf(1 - tail, 2 * (safe + 1)) / 2 / safe
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def limits(centre: float, n: ArrayLike, confidence: float = OUTER, tau: float = 0.0) -> Bounds:
    """Lower and upper control limit of a share of `n`, each side with half of 1 − confidence.

    Counts are binomial around `centre`; with `tau` beta-binomial, whose variance is that of the additive model
    (s² + τ²) and whose limits stay inside 0–1. The upper limit mirrors the lower one of the complement, so that neither
    side is crossed by chance more often than stated.
    """
    sizes = np.asarray(n, dtype=int).ravel()
    lower = np.array([_lower(centre, int(size), confidence, tau) for size in sizes])
    upper = np.array([1 - _lower(1 - centre, int(size), confidence, tau) for size in sizes])
    return lower, upper


def sizes(largest: int) -> list[int]:
    """Sizes from 1 to `largest` at which limits are drawn: each of the small ones, ever fewer of the large ones."""
    return sorted({int(size) for size in np.geomspace(1, max(1, largest), STEPS).round()})


def _lower(centre: float, n: int, confidence: float, tau: float) -> float:
    """The share whose lower tail is (1 − confidence) / 2, interpolated between counts; 0 when no count is so rare."""
    if n < 1 or not 0 < centre < 1:
        return centre
    tail = (1 - confidence) / 2
    if n > LARGE:
        return _smooth(centre, n, tail, tau)
    below = np.cumsum(_probabilities(centre, n, tau))
    first = int(np.searchsorted(below, tail, side="right"))  # the smallest count with P(X ≤ count) > tail
    if first == 0:
        return 0.0
    part = (below[first] - tail) / (below[first] - below[first - 1])
    return max(0.0, float(first - part) / n)


def _smooth(centre: float, n: int, tail: float, tau: float) -> float:
    """The same for so many that single counts do not show: the beta distribution of the mean and variance of x / n."""
    size = centre * (1 - centre) / min(centre * (1 - centre) / n + tau**2, 0.99 * centre * (1 - centre)) - 1
    return float(stats.beta.ppf(tail, centre * size, (1 - centre) * size))


def _probabilities(centre: float, n: int, tau: float) -> Floats:
    counts = np.arange(n + 1)
    between = min(tau**2, 0.99 * centre * (1 - centre))  # a beta distribution spreads no wider
    if between < NO_SPREAD * centre * (1 - centre):
        return np.asarray(stats.binom.pmf(counts, n, centre))
    size = centre * (1 - centre) / between - 1
    return np.asarray(stats.betabinom.pmf(counts, n, centre * size, (1 - centre) * size))
