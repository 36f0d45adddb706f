"""Shares of small organisations borrowed from all of them: empirical Bayes with a beta prior.

E[p | x] = (x + Mμ) / (n + M): μ is the mean of organisations, M says how alike they are (Efron and Morris 1975; for
counts: Casella 1985, The American Statistician 39, 83).

Answers instead of exceptions: of fewer than five organisations, and of organisations with one pupil each, nothing can
be said about how they differ; organisations that differ by chance alone all have the common share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

from pipeline.statistics.intervals import CONFIDENCE

State = Literal["estimated", "no_difference", "insufficient"]
FEWEST = 5  # of fewer organisations nothing can be said about how they differ
MOST_EXTREME = 16.0  # logit of the mean: shares down to one in ten millions
LEAST_WORTH = 0.01  # pupils that a prior is worth: where every organisation has all or none
FEW = "организаций с участниками меньше пяти: насколько они различаются, судить нельзя"
SINGLES = "в каждой организации один участник: различия организаций и участников не отделить"
ALIKE = "организации различаются не больше, чем случайно"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prior:
    """A beta distribution of true shares: `mean` 0–1 and `size`, the number of pupils it is worth."""

    mean: float
    size: float

    @property
    def parameters(self) -> tuple[float, float]:
        return self.mean * self.size, (1 - self.mean) * self.size


JEFFREYS = Prior(0.5, 1.0)


@dataclass(frozen=True)
class Shrunk:
    """Posterior mean and interval of each organisation, in the order given; nan where nobody took part or nothing can
    be said. `reason`: words for the reader, empty when organisations differ and the spread is estimated."""

    state: State
    reason: str
    prior: Prior
    value: Floats
    lower: Floats
    upper: Floats


def shrink(x: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE) -> Shrunk:
    """All organisations at once; arrays of counts `x` of `n`, of equal length.

    Raises ValueError when a numerator lies outside 0..n.
    """
    count, size = _counts(x, n)
    if reason := unsaid(size):
        unknown = np.full(len(size), np.nan)
        return Shrunk("insufficient", reason, JEFFREYS, unknown, unknown, unknown)
    prior = fit(count, size)
    first, second = prior.parameters
    posterior = stats.beta(np.where(size > 0, count, 0) + first, np.where(size > 0, size - count, 0) + second)
    tail = (1 - confidence) / 2
    value, lower, upper = (
        np.where(size > 0, part, np.nan) for part in (posterior.mean(), posterior.ppf(tail), posterior.ppf(1 - tail))
    )
    alike = prior.size > 0.99 * size.sum()
    return Shrunk("no_difference" if alike else "estimated", ALIKE if alike else "", prior, value, lower, upper)


def unsaid(n: ArrayLike) -> str:
    """Why the spread of organisations of these sizes cannot be estimated; empty when it can."""
    size = np.asarray(n, dtype=float)
    size = size[size > 0]
    if len(size) < FEWEST:
        return FEW
    return SINGLES if (size == 1).all() else ""


def stabilised(x: ArrayLike, n: int) -> Floats:
    """Efron and Morris 1975 (JASA 70, 311–319): James–Stein towards the mean after √n·arcsin(2p − 1), equal `n`.

    Shares back on their own scale. At least four organisations (k − 3 in the factor), n ≥ 1, else ValueError.
    """
    count = np.asarray(x, dtype=float)
    if len(count) < 4 or n < 1:
        raise ValueError("James–Stein towards the mean needs four organisations with participants")
    angle = np.sqrt(n) * np.arcsin(2 * count / n - 1)
    apart = float(((angle - angle.mean()) ** 2).sum())
    kept = max(0.0, 1 - (len(count) - 3) / apart) if apart else 0.0
    return np.asarray((np.sin((angle.mean() + kept * (angle - angle.mean())) / np.sqrt(n)) + 1) / 2)


def fit(x: ArrayLike, n: ArrayLike) -> Prior:
    """The prior of largest marginal likelihood (beta-binomial); Jeffreys' where `unsaid` has a reason.

    M is infinite where chance alone explains the differences; it is held at the number of all participants, which is
    what their common share is known by.
    """
    count, size = _counts(x, n)
    if unsaid(size):
        return JEFFREYS
    count, size = count[size > 0], size[size > 0]
    whole = float(size.sum())
    total = (count.sum() + 0.5) / (whole + 1)
    if count.sum() in (0, whole):  # nothing tells how alike organisations are: the likelihood has no top
        return Prior(float(total), whole)

    def loss(place: Floats) -> tuple[float, Floats]:
        mean, worth = special.expit(place[0]), np.exp(place[1])
        first, second = mean * worth, (1 - mean) * worth
        value = stats.betabinom.logpmf(count, size, first, second).sum()
        shared = special.digamma(worth) - special.digamma(size + worth)
        by_first = (special.digamma(count + first) - special.digamma(first) + shared).sum()
        by_second = (special.digamma(size - count + second) - special.digamma(second) + shared).sum()
        turn = (by_first - by_second) * mean * (1 - mean) * worth
        return -float(value), -np.array([turn, by_first * first + by_second * second])

    start = np.array([special.logit(total), np.log(min(20.0, whole))])
    bounds = [(-MOST_EXTREME, MOST_EXTREME), (np.log(LEAST_WORTH), float(np.log(whole)))]
    options = {"ftol": 1e-15, "gtol": 1e-9 * whole}
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x
    return Prior(float(special.expit(found[0])), float(np.exp(found[1])))


def shrunk(x: int, n: int, prior: Prior) -> float:
    """The posterior mean of a share."""
    first, second = prior.parameters
    return (x + first) / (n + first + second)


def over(x: int, n: int, level: float, prior: Prior = JEFFREYS) -> float:
    """Probability that the true share is `level` or more."""
    first, second = prior.parameters
    return float(stats.beta.sf(level, x + first, n - x + second))


def _counts(x: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Counts and denominators; where either is missing (nan) nobody is counted."""
    count, size = (np.asarray(part, dtype=float).ravel() for part in (x, n))
    if len(count) != len(size):
        raise ValueError("a numerator is needed for each denominator")
    if ((count < 0) | (count > size)).any():
        raise ValueError("a numerator must lie between 0 and its denominator")
    known = np.isfinite(count) & np.isfinite(size)
    return np.where(known, count, 0.0), np.where(known, size, 0.0)
