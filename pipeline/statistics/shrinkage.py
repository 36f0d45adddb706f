"""Shares of small organisations borrowed from all of them: empirical Bayes with a beta prior.

E[p | x] = (x + Mμ) / (n + M): μ is the mean of organisations, M says how alike they are (Efron and Morris 1975; for
counts: Casella 1985, The American Statistician 39, 83).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

FEWEST = 5  # of fewer organisations nothing can be said about how they differ
LARGEST = 1e4  # organisations that differ by chance alone: M would be infinite


@dataclass(frozen=True)
class Prior:
    """A beta distribution of true shares: `mean` 0–1 and `size`, the number of pupils it is worth."""

    mean: float
    size: float

    @property
    def parameters(self) -> tuple[float, float]:
        return self.mean * self.size, (1 - self.mean) * self.size


JEFFREYS = Prior(0.5, 1.0)


def fit(x: ArrayLike, n: ArrayLike) -> Prior:
    """The prior of largest marginal likelihood (beta-binomial); Jeffreys' below five organisations with pupils."""
    count, size = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    known = size > 0
    count, size = count[known], size[known]
    total = (count.sum() + 0.5) / (size.sum() + 1) if known.any() else 0.5
    if len(size) < FEWEST:
        return JEFFREYS

    def loss(place: NDArray[np.float64]) -> float:
        mean, worth = 1 / (1 + np.exp(-place[0])), np.exp(place[1])
        return -float(stats.betabinom.logpmf(count, size, mean * worth, (1 - mean) * worth).sum())

    start = np.array([np.log(total / (1 - total)), np.log(20.0)])
    bounds = [(-9.0, 9.0), (0.0, float(np.log(LARGEST)))]
    found = optimize.minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
    return Prior(float(1 / (1 + np.exp(-found[0]))), float(np.exp(found[1])))


def shrunk(x: int, n: int, prior: Prior) -> float:
    """The posterior mean of a share."""
    first, second = prior.parameters
    return (x + first) / (n + first + second)


def over(x: int, n: int, level: float, prior: Prior = JEFFREYS) -> float:
    """Probability that the true share is `level` or more."""
    first, second = prior.parameters
    return float(stats.beta.sf(level, x + first, n - x + second))
