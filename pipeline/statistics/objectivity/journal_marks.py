"""Marks of a procedure against marks of the journal: symmetry of the square table, agreement, asymmetry of a school."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


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
