"""Risk zones: how sure it is that a share is worse than a norm or a wider value, and by a weight that matters.

A share x of n is judged by Jeffreys' posterior Beta(x + ½, n − x + ½). Red: the share is worse by at least `delta` with
probability over `red`; amber: over `amber`; green: better than the value with probability over `red`; else grey. Real
and large at once (methods: zones by posterior probability; the exact one-sided test is its twin).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import xlogy

from pipeline.statistics import multiple
from pipeline.statistics.comparison import Share

Zone = Literal["red", "amber", "grey", "green", "insufficient"]
Better = Literal["higher", "lower"]
NODES = 80


@dataclass(frozen=True)
class Limits:
    """Probabilities of the zones, the smallest difference of weight (share) and the fewest participants."""

    red: float
    amber: float
    delta: float
    least: int


@dataclass(frozen=True)
class Risk:
    """The zone with both probabilities: worse by at least delta; better at all."""

    zone: Zone
    worse: float
    better: float


UNKNOWN = Risk("insufficient", float("nan"), float("nan"))


def against_value(share: Share, value: float, better: Better, limits: Limits) -> Risk:
    """A share against a known value: a norm, or a mean of so many that its own error does not count."""
    if share.n < max(1, limits.least):
        return UNKNOWN
    mirrored = _mirrored(share, better)
    level = value if better == "lower" else 1 - value
    return _zone(_above(mirrored, level + limits.delta), 1 - _above(mirrored, level), limits)


def against_share(share: Share, other: Share, better: Better, limits: Limits) -> Risk:
    """A share against an independent one with an error of its own (the rest of the municipality)."""
    if min(share.n, other.n) < max(1, limits.least):
        return UNKNOWN
    first, second = _mirrored(share, better), _mirrored(other, better)
    return _zone(_exceeds(first, second, limits.delta), 1 - _exceeds(first, second, 0.0), limits)


def exact_p(share: Share, value: float, better: Better, delta: float) -> float:
    """The frequentist twin: one-sided exact binomial p of «not worse than the value by delta»; nan of nobody."""
    if not share.n:
        return float("nan")
    mirrored = _mirrored(share, better)
    level = min(1.0, max(0.0, (value if better == "lower" else 1 - value) + delta))
    return float(stats.binomtest(mirrored.numerator, mirrored.n, level, alternative="greater").pvalue)


def discoveries(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values where many are tested at once (Benjamini and Hochberg 1995)."""
    return [float(p) for p in multiple.adjusted(p_values)]


def _mirrored(share: Share, better: Better) -> Share:
    """As a share of which less is better."""
    return share if better == "lower" else Share(share.n - share.numerator, share.n)


def _above(share: Share, level: float) -> float:
    """P(true share > level)."""
    return float(stats.beta.sf(level, share.numerator + 0.5, share.n - share.numerator + 0.5)) if level < 1 else 0.0


def _exceeds(first: Share, second: Share, delta: float) -> float:
    """P(first > second + delta) of independent posteriors.

    Gauss–Legendre over the angle of the one with more participants, p = sin² t, where Jeffreys' posterior is sin^2x t ·
    cos^2(n−x) t: smooth even at x = 0. The tail of the other, wider one is smooth over so short a piece.
    """
    if first.n > second.n:
        return _exceeds(_mirrored(second, "higher"), _mirrored(first, "higher"), delta)
    angle, reach = math.asin(math.sqrt((second.numerator + 0.25) / (second.n + 0.5))), 5 / math.sqrt(second.n + 1)
    low, high = max(0.0, angle - reach), min(math.pi / 2, angle + reach)
    nodes, weights = _nodes()
    turned = low + (high - low) * (nodes + 1) / 2
    heights = xlogy(2 * second.numerator, np.sin(turned)) + xlogy(2 * (second.n - second.numerator), np.cos(turned))
    masses = weights * np.exp(heights - heights.max())
    levels = np.sin(turned) ** 2 + delta
    tails = stats.beta.sf(levels, first.numerator + 0.5, first.n - first.numerator + 0.5)
    return float(np.dot(masses, tails) / masses.sum())


@cache
def _nodes() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places and weights of the quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return nodes, weights


def _zone(worse: float, better: float, limits: Limits) -> Risk:
    if worse > limits.red:
        return Risk("red", worse, better)
    if worse > limits.amber:
        return Risk("amber", worse, better)
    return Risk("green" if better > limits.red else "grey", worse, better)
