"""Intervals and comparison of rates of events: conflicts per 1000 pupils, where one pupil may take part in several."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from pipeline.statistics.comparison import Verdict
from pipeline.statistics.intervals import CONFIDENCE, Bounds


@dataclass(frozen=True)
class Events:
    """A number of events and what they are counted over (pupils)."""

    number: int
    exposure: float

    def __post_init__(self) -> None:
        if self.number < 0 or self.exposure <= 0:
            raise ValueError("events cannot be negative, and need something to be counted over")


def verdict(first: Events, second: Events, *, least: int, confidence: float = CONFIDENCE) -> Verdict:
    """Is the rate of `first` higher? Exact conditional test of two Poisson rates (Przyborowski, Wilenski 1940): given
    the sum, the first number is binomial with the first's part of the exposure; equal tails.

    `least` is the smallest exposure that may be compared.
    """
    if min(first.exposure, second.exposure) < max(least, 1):
        return "insufficient"
    together, part = first.number + second.number, first.exposure / (first.exposure + second.exposure)
    tail = (1 - confidence) / 2
    if stats.binom.sf(first.number - 1, together, part) < tail:
        return "higher"
    return "lower" if stats.binom.cdf(first.number, together, part) < tail else "same"


def poisson_exact(events: ArrayLike, exposure: ArrayLike, confidence: float = CONFIDENCE) -> Bounds:
    """Exact interval of events / exposure (Garwood 1936, by quantiles of chi-squared).

    Arrays of equal shape. Missing events or an exposure that is not positive give missing bounds (nan).
    """
    count, size = np.broadcast_arrays(np.asarray(events, dtype=float), np.asarray(exposure, dtype=float))
    known = np.isfinite(count) & (size > 0)
    if np.any(known & (count < 0)):
        raise ValueError("events cannot be negative")
    safe, tail = np.where(known, count, 1.0), (1 - confidence) / 2
    lower = np.where(safe == 0, 0.0, stats.chi2.ppf(tail, 2 * np.where(safe == 0, 1.0, safe)) / 2)
    upper = stats.chi2.ppf(1 - tail, 2 * (safe + 1)) / 2
    divided = np.where(known, size, 1.0)
    return np.where(known, lower / divided, np.nan), np.where(known, upper / divided, np.nan)
