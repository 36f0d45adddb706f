"""The social context of a school as one number: the first principal component of standardised logits of shares.

Results never enter the index. Its sensitivity to the way of weighing is told by rank correlation with the plain sum of
the same features and with weights taken from a regression of results on them (ИСБШ, Ястребов, Пинская, Косарецкий).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Matrix = NDArray[np.float64]
FEWEST = 10  # schools: of fewer a component is an accident
SINGULAR = -30.0  # log determinant of correlations: a feature that the others give exactly
DEPENDENT = "признаки повторяют друг друга или школ не больше, чем признаков"
PER_FEATURE = 3  # schools a feature that a regression needs


@dataclass(frozen=True)
class Component:
    """Eigenvalues of the correlation matrix, loadings of the first component, its scores with unit variance."""

    eigenvalues: Matrix
    loadings: Matrix
    scores: Matrix

    @property
    def explained(self) -> float:
        """Part of the whole variance that the component carries, 0–1."""
        return float(self.eigenvalues[0] / self.eigenvalues.sum())


def logits(x: ArrayLike, n: ArrayLike) -> Matrix:
    """Empirical logits ln((x + ½) / (n − x + ½)) (Cox 1970): finite at 0 and n."""
    count, size = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    if np.any((count < 0) | (count > size)):
        raise ValueError("a numerator must lie between 0 and its denominator")
    return np.asarray(np.log((count + 0.5) / (size - count + 0.5)))


def standardised(matrix: ArrayLike) -> Matrix:
    """Columns with mean 0 and variance 1 (n − 1); a column without spread becomes 0."""
    values = np.asarray(matrix, dtype=float)
    if len(values) < 2:
        return np.zeros_like(values)
    deviation = values.std(axis=0, ddof=1)
    return np.asarray((values - values.mean(axis=0)) / np.where(deviation > 1e-12, deviation, 1.0))


def component(matrix: ArrayLike, favourable: ArrayLike) -> Component:
    """First principal component of schools × features. `favourable`: +1 where more is easier for a school, −1 where
    harder; the sign of the component is set so that a high score is a favourable context.

    Raises ValueError where a feature is missing (nothing is put in its place) or none differs.
    """
    ready = standardised(matrix)
    if len(ready) < 2 or not np.isfinite(ready).all():
        raise ValueError("a component needs all features of every school, and two schools")
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(ready, rowvar=False)))  # a column without spread weighs 0
    if values[-1] <= 0:
        raise ValueError("a component needs a feature that differs")
    loadings = vectors[:, -1]
    if float(np.dot(loadings, np.asarray(favourable, dtype=float))) < 0:
        loadings = -loadings
    return Component(values[::-1], loadings, ready @ loadings / np.sqrt(values[-1]))


def plain_sum(matrix: ArrayLike, favourable: ArrayLike) -> Matrix:
    """The same features with equal weights."""
    return np.asarray(standardised(matrix) @ np.asarray(favourable, dtype=float))


def regressed(matrix: ArrayLike, result: ArrayLike) -> Matrix | None:
    """What the features foretell of results, high where results are high; None when schools are too few for that."""
    ready, outcome = standardised(matrix), np.asarray(result, dtype=float)
    if not (np.isfinite(ready).all() and np.isfinite(outcome).all()):
        raise ValueError("a regression needs all features and the result of every school")
    if len(outcome) < PER_FEATURE * ready.shape[1]:
        return None
    design = np.column_stack([np.ones(len(outcome)), ready])
    return np.asarray(design @ np.linalg.lstsq(design, outcome, rcond=None)[0])


@dataclass(frozen=True)
class Adequacy:
    """Are the features one thing at all? `kmo`: Kaiser's measure of sampling adequacy, 0–1, under .5 unacceptable, and
    that of each feature; `chi2`, `df`, `p`: Bartlett's test that they do not correlate. nan with a `reason`."""

    kmo: float
    each: tuple[float, ...]
    chi2: float
    df: int
    p: float
    reason: str = ""


def adequacy(matrix: ArrayLike) -> Adequacy:
    """Of schools × features. Kaiser 1970 (Psychometrika 35, 401), Kaiser and Rice 1974 (Educ. Psychol. Meas. 34, 111);
    Bartlett 1951 (Biometrika 38, 337). ValueError where a feature is missing."""
    ready = standardised(matrix)
    if not np.isfinite(ready).all():
        raise ValueError("adequacy needs all features of every school")
    n, count = ready.shape
    nothing, df = float("nan"), count * (count - 1) // 2
    correlations = np.atleast_2d(np.cov(ready, rowvar=False))
    sign, logarithm = np.linalg.slogdet(correlations)
    if count < 2 or n <= count or sign <= 0 or logarithm < SINGULAR:
        return Adequacy(nothing, (nothing,) * count, nothing, df, nothing, DEPENDENT)
    inverse = np.linalg.inv(correlations)
    partial = inverse / np.sqrt(np.outer(np.diag(inverse), np.diag(inverse)))
    apart = ~np.eye(count, dtype=bool)
    plain, left = (correlations**2 * apart).sum(axis=0), (partial**2 * apart).sum(axis=0)
    chi2 = -(n - 1 - (2 * count + 5) / 6) * float(logarithm)
    each = tuple(float(one) for one in plain / (plain + left))
    return Adequacy(float(plain.sum() / (plain.sum() + left.sum())), each, chi2, df, float(stats.chi2.sf(chi2, df)))


def agreement(first: ArrayLike, second: ArrayLike) -> float:
    """Spearman's rank correlation of two indices; nan where one of them does not differ."""
    one, other = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(stats.spearmanr(one, other).statistic)
