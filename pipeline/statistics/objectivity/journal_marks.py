"""Marks of a procedure against marks of the journal: symmetry of the square table, agreement, asymmetry of a school.

The square table needs pupils with both marks. Where a source gives only how many went up and how many went down, the
asymmetry (up − down) / n of a school is known with an interval, and nothing of which marks changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from pipeline.statistics.comparison import Difference, Verdict
from pipeline.statistics.intervals import CONFIDENCE


@dataclass(frozen=True)
class Test:
    """Statistic, degrees of freedom and p; p is nan where nothing disagrees."""

    statistic: float
    freedom: int
    p: float

    __test__ = False  # no test of pytest


def symmetry(table: ArrayLike) -> Test:
    """Bowker 1948 on a k × k table of counts: is a pair of different marks as frequent as its mirror? Pairs that
    nobody has take no degree of freedom."""
    counts = np.asarray(table, dtype=float)
    upper = np.triu_indices(len(counts), 1)
    one, other = counts[upper], counts.T[upper]
    there = one + other > 0
    statistic = float(((one - other)[there] ** 2 / (one + other)[there]).sum())
    return _chi2(statistic, int(there.sum()))


def mcnemar(table: ArrayLike, *, continuity: bool = True) -> Test:
    """McNemar 1947 on a 2 × 2 table, with Edwards's (1948) correction of continuity unless asked not to: then it is
    `symmetry`. ValueError for another size."""
    counts = np.asarray(table, dtype=float)
    if counts.shape != (2, 2):
        raise ValueError("McNemar's test is of a table of two by two")
    both = float(counts[0, 1] + counts[1, 0])
    apart = abs(float(counts[0, 1] - counts[1, 0]))
    if not both:
        return _chi2(0.0, 0)
    return _chi2(max(0.0, apart - continuity) ** 2 / both, 1)


def homogeneity(table: ArrayLike) -> Test:
    """Stuart 1955, Maxwell 1970: are the two margins alike? Marks that neither side gave are left out."""
    counts = np.asarray(table, dtype=float)
    used = (counts.sum(axis=0) + counts.sum(axis=1)) > 0
    counts = counts[np.ix_(used, used)]
    difference = (counts.sum(axis=1) - counts.sum(axis=0))[:-1]
    variance = np.diag(counts.sum(axis=1) + counts.sum(axis=0)) - counts - counts.T
    reduced = variance[:-1, :-1]
    rank = int(np.linalg.matrix_rank(reduced)) if len(reduced) else 0
    if not rank:
        return _chi2(0.0, 0)
    return _chi2(float(difference @ np.linalg.pinv(reduced) @ difference), rank)


def _chi2(statistic: float, freedom: int) -> Test:
    return Test(statistic, freedom, float(stats.chi2.sf(statistic, freedom)) if freedom else float("nan"))


def kappa(table: ArrayLike, *, quadratic: bool = True) -> float:
    """Cohen's kappa (1960), with quadratic weights (1968) unless asked for the plain one; nan when chance alone
    already agrees in everything."""
    counts = np.asarray(table, dtype=float)
    marks = np.arange(len(counts))
    apart = np.abs(marks[:, None] - marks)
    weight = apart**2 if quadratic else (apart > 0)
    total = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total if total else counts
    usual = float((weight * expected).sum())
    return 1 - float((weight * counts).sum()) / usual if usual else float("nan")


def asymmetry(up: int, down: int, n: int, confidence: float = CONFIDENCE) -> Difference:
    """(up − down) / n, the difference of two shares of the same pupils, −1…1, with the interval of Agresti and Min 2005
    (Statistics in Medicine 24, 729–740): Wald's after half a pupil is added to each cell of the two-by-two table.

    ValueError when nobody took part or the counts do not fit.
    """
    if n < 1 or min(up, down) < 0 or up + down > n:
        raise ValueError("up and down are parts of n participants")
    size, gain = n + 2.0, (up - down) / (n + 2.0)
    error = float(np.sqrt(((up + down + 1) / size - gain**2) / size))
    half = NormalDist().inv_cdf(0.5 + confidence / 2) * error
    low, high = max(-1.0, gain - half), min(1.0, gain + half)
    return Difference((up - down) / n, low, high, confidence, "agresti-min")


def apart(first: Difference, second: Difference) -> Difference:
    """first − second of two independent groups, its interval recovered from theirs (MOVER; Zou and Donner 2008,
    Statistics in Medicine 27, 1693–1702). Both at one confidence."""
    value = first.value - second.value
    low = value - float(np.hypot(first.value - first.lower, second.upper - second.value))
    high = value + float(np.hypot(first.upper - first.value, second.value - second.lower))
    return Difference(value, low, high, first.confidence, "mover")


def leaning(own: tuple[int, int, int], rest: tuple[int, int, int], least: int, confidence: float) -> Verdict:
    """Is the asymmetry of a school higher than that of the others? Triples of up, down and n."""
    if min(own[2], rest[2]) < max(least, 1):
        return "insufficient"
    found = apart(asymmetry(*own, confidence), asymmetry(*rest, confidence))
    if found.lower > 0:
        return "higher"
    return "lower" if found.upper < 0 else "same"
