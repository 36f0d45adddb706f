"""Normal mixtures by the EM algorithm, started from groups; the Bayesian information criterion says how many groups.

Covariances as in mclust (Banfield and Raftery 1993; Celeux and Govaert 1995; Scrucca et al. 2016, R Journal 8, 289):
EII one sphere, EEI one ellipsoid along the axes, EEE one ellipsoid, VVV an ellipsoid of each group's own. BIC = 2
log-likelihood − parameters · log n: the larger, the better. Our own: scikit-learn would come for this alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Shape = Literal["EII", "EEI", "EEE", "VVV"]
SHAPES: Final[tuple[Shape, ...]] = ("EII", "EEI", "EEE", "VVV")
STEPS, CLOSE = 1000, 1e-9
THIN = 1e-9  # of the whole variance: a group that lies in fewer dimensions has no density


@dataclass(frozen=True)
class Mixture:
    """`loglik` −inf where some group has no spread; `bic` accordingly."""

    shape: Shape
    loglik: float
    bic: float
    weights: Floats
    means: Floats
    covariances: Floats


def bic(points: ArrayLike, labels: ArrayLike) -> float:
    """The best criterion over all shapes for mixtures that start from these groups."""
    return max(fit(points, labels, shape).bic for shape in SHAPES)


def fit(points: ArrayLike, labels: ArrayLike, shape: Shape) -> Mixture:
    """Points (rows) and the group of each to start from, 0 … count − 1."""
    table, start = np.asarray(points, dtype=float), np.asarray(labels)
    count = int(start.max()) + 1
    belongs = np.eye(count)[start]
    before = -math.inf
    least = THIN * float(table.var(axis=0).max())
    for _ in range(STEPS):
        weights, means, covariances = _maximised(table, belongs, shape)
        if not _thick(covariances, weights, least):
            return Mixture(shape, -math.inf, -math.inf, weights, means, covariances)
        densities = _log_densities(table, weights, means, covariances)
        whole = np.logaddexp.reduce(densities, axis=1)
        belongs, loglik = np.exp(densities - whole[:, None]), float(whole.sum())
        if loglik - before < CLOSE * abs(loglik):
            break
        before = loglik
    free = _parameters(count, table.shape[1], shape)
    return Mixture(shape, loglik, 2 * loglik - free * math.log(len(table)), weights, means, covariances)


def _maximised(table: Floats, belongs: Floats, shape: Shape) -> tuple[Floats, Floats, Floats]:
    """Weights, means and covariances (groups × features × features) given who belongs where."""
    n, features = table.shape
    size = belongs.sum(axis=0)
    means = (belongs.T @ table) / np.maximum(size, 1e-300)[:, None]
    apart = table[None] - means[:, None]
    scatter = np.einsum("gni,gnj,ng->gij", apart, apart, belongs, optimize=True)
    if shape == "VVV":
        return size / n, means, scatter / np.maximum(size, 1e-300)[:, None, None]
    one = scatter.sum(axis=0) / n
    if shape == "EII":
        one = np.eye(features) * np.trace(one) / features
    elif shape == "EEI":
        one = np.diag(np.diag(one))
    return size / n, means, np.broadcast_to(one, scatter.shape)


def _thick(covariances: Floats, weights: Floats, least: float) -> bool:
    return bool((weights > 0).all() and np.linalg.eigvalsh(covariances).min() > least)


def _log_densities(table: Floats, weights: Floats, means: Floats, covariances: Floats) -> Floats:
    """log of weight × density, points × groups."""
    root = np.linalg.cholesky(covariances)
    apart = np.linalg.solve(root, np.swapaxes(table[None] - means[:, None], 1, 2))
    determinant = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    inner = (apart**2).sum(axis=1) + determinant[:, None] + table.shape[1] * math.log(2 * math.pi)
    return np.asarray(np.log(weights) - inner.T / 2)


def _parameters(count: int, features: int, shape: Shape) -> int:
    """Means, weights and the numbers of the covariances."""
    full = features * (features + 1) // 2
    spread = {"EII": 1, "EEI": features, "EEE": full, "VVV": count * full}[shape]
    return count * features + count - 1 + spread
