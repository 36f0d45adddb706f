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
    return np.asarray(np.log((count + 0.5) / (size - count + 0.5)))


def standardised(matrix: ArrayLike) -> Matrix:
    """Columns with mean 0 and variance 1 (n − 1); a column without spread becomes 0."""
    values = np.asarray(matrix, dtype=float)
    deviation = values.std(axis=0, ddof=1)
    return np.asarray((values - values.mean(axis=0)) / np.where(deviation > 1e-12, deviation, 1.0))


def component(matrix: ArrayLike, favourable: ArrayLike) -> Component:
    """First principal component of schools × features. `favourable`: +1 where more is easier for a school, −1 where
    harder; the sign of the component is set so that a high score is a favourable context."""
    ready = standardised(matrix)
    values, vectors = np.linalg.eigh(np.atleast_2d(np.corrcoef(ready, rowvar=False)))
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
    if len(outcome) < PER_FEATURE * ready.shape[1]:
        return None
    design = np.column_stack([np.ones(len(outcome)), ready])
    return np.asarray(design @ np.linalg.lstsq(design, outcome, rcond=None)[0])


def agreement(first: ArrayLike, second: ArrayLike) -> float:
    """Spearman's rank correlation of two indices."""
    return float(stats.spearmanr(np.asarray(first), np.asarray(second)).statistic)
