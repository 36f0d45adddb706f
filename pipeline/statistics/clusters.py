"""Clusters of schools by their context, only where they are stable; else there are none.

Groups by Ward (1963, JASA 58, 236) on standardised features, 2 … S / 8 of them. How many: the Bayesian information
criterion of normal mixtures started from these groups (Fraley and Raftery 2002, JASA 97, 611) must prefer them to one
group, and 100 bootstrap samples of schools must give them again: median adjusted Rand index (Hubert and Arabie 1985,
J. Classif. 2, 193) and every cluster's mean Jaccard coefficient (Hennig 2007, Comput. Stat. Data Anal. 52, 258) at
least .75. Of those that pass, the likeliest. Shares as logits: groups found in skewed features are often their tail.
The seed is fixed and labels are ordered by an index given, so that numbers survive a rerun. Under thirty schools
`similar.neighbours` are the better group.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.statistics.mixtures import bic

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
State = Literal["stable", "none"]
PER_CLUSTER = 8  # schools for each cluster that may be looked for
MOST = 8  # clusters: more no reader can tell apart
RESAMPLES = 100
STABLE = 0.75  # of both measures
SEED = 20_260_101
STARTS = 20

FEW = "школ меньше шестнадцати: кластеров не ищут, сравните школу с похожими"
NO_SPREAD = "признаки школ не различаются"
UNSTABLE = "устойчивой кластеризации нет"
ONE_GROUP = "школы образуют одну группу: устойчивой кластеризации нет"


@dataclass(frozen=True)
class Stability:
    """Of `resamples` bootstrap samples: median adjusted Rand index, mean Jaccard coefficient of each cluster."""

    rand: float
    jaccard: tuple[float, ...]

    @property
    def holds(self) -> bool:
        return self.rand >= STABLE and min(self.jaccard) >= STABLE


@dataclass(frozen=True)
class Clusters:
    """`labels`: 0 … count − 1 of each school in the order given, 0 the lowest by the index; empty with a `reason`.

    Where none is stable, `stability` is that of the likeliest count.
    """

    state: State
    reason: str = ""
    labels: tuple[int, ...] = ()
    count: int = 0
    stability: Stability | None = None


def clusters(features: ArrayLike, index: ArrayLike) -> Clusters:
    """Schools × features (no gaps) and one number a school by which labels are ordered.

    Raises ValueError when a value is missing or lengths differ.
    """
    given, order = np.asarray(features, dtype=float), np.asarray(index, dtype=float)
    if given.ndim != 2 or len(order) != len(given) or not (np.isfinite(given).all() and np.isfinite(order).all()):
        raise ValueError("clusters need all features and the index of every school")
    most = min(MOST, len(given) // PER_CLUSTER)
    if most < 2:
        return Clusters("none", FEW)
    points = _standard(given)
    if points is None:
        return Clusters("none", NO_SPREAD)
    where = np.lexsort(points.T[::-1])  # the same answer whatever the order of rows
    first: Stability | None = None
    for labels in _likely(points[where], most):
        tried = stability(points[where], labels, ward)
        if tried.holds:
            back = np.empty(len(points), dtype=np.int64)
            back[where] = labels
            return _ordered(back, order, tried)
        first = first or tried
    return Clusters("none", UNSTABLE if first else ONE_GROUP, stability=first)


def _ordered(labels: Labels, index: Floats, found: Stability) -> Clusters:
    """Labels from the lowest mean of the index to the highest."""
    count = len(found.jaccard)
    places = np.argsort([index[labels == label].mean() for label in range(count)], kind="stable")
    ranks = np.argsort(places)
    jaccard = tuple(found.jaccard[int(label)] for label in places)
    return Clusters("stable", "", tuple(int(ranks[one]) for one in labels), count, Stability(found.rand, jaccard))


def ward(points: ArrayLike, count: int) -> Labels:
    """Labels 0 … count − 1 by Ward's smallest growth of squares within groups (R: hclust, ward.D2)."""
    from scipy.cluster import hierarchy

    cut = hierarchy.fcluster(hierarchy.linkage(np.asarray(points, dtype=float), "ward"), count, "maxclust")
    return np.asarray(np.unique(cut, return_inverse=True)[1], dtype=np.int64)


def kmeans(points: ArrayLike, count: int) -> Labels:
    """Labels of the smallest squares within groups that `STARTS` starts find (Arthur and Vassilvitskii 2007, SODA,
    1027); a second opinion beside Ward."""
    from scipy.cluster import vq

    table, chance = np.asarray(points, dtype=float), np.random.default_rng(SEED)
    found: list[tuple[float, Labels]] = []
    for _ in range(STARTS):
        centres, labels = vq.kmeans2(table, count, iter=100, minit="++", missing="warn", rng=chance)
        found.append((float(((table - centres[labels]) ** 2).sum()), labels))
    return np.asarray(min(found, key=lambda one: one[0])[1], dtype=np.int64)


def within(points: ArrayLike, labels: ArrayLike) -> float:
    """Sum of squares around the means of groups (inertia)."""
    table, own = np.asarray(points, dtype=float), np.asarray(labels)
    return float(sum(((table[own == one] - table[own == one].mean(axis=0)) ** 2).sum() for one in np.unique(own)))


def adjusted_rand(first: ArrayLike, second: ArrayLike) -> float:
    """Agreement of two groupings of the same schools: 1 the same, 0 as by chance."""
    one, other = (np.unique(np.asarray(part), return_inverse=True)[1] for part in (first, second))
    if len(one) != len(other):
        raise ValueError("both groupings are of the same schools")
    table = np.zeros((one.max(initial=0) + 1, other.max(initial=0) + 1))
    np.add.at(table, (one, other), 1)
    inside, rows, columns = (_pairs(part).sum() for part in (table, table.sum(axis=1), table.sum(axis=0)))
    whole = _pairs(np.array(float(len(one))))
    if whole == 0:
        return 1.0
    expected = rows * columns / whole
    most = (rows + columns) / 2
    return 1.0 if most == expected else float((inside - expected) / (most - expected))


def stability(
    points: ArrayLike, labels: ArrayLike, method: Callable[[Floats, int], Labels], resamples: int = RESAMPLES
) -> Stability:
    """How well samples of schools, drawn with replacement, give the groups again; each is grouped by `method`.

    A school drawn twice counts once, and a sample is compared on the schools that are in it (`clusterboot` of the R
    package fpc); a cluster of which no school was drawn counts as lost.
    """
    table, own = np.asarray(points, dtype=float), np.asarray(labels)
    count = len(np.unique(own))
    chance = np.random.default_rng(SEED)
    rand, jaccard = [], []
    for _ in range(resamples):
        drawn = np.unique(chance.integers(0, len(table), len(table)))
        again = method(table[drawn], count)
        rand.append(adjusted_rand(own[drawn], again))
        jaccard.append(_jaccard(own[drawn], again, count))
    return Stability(float(np.median(rand)), tuple(float(one) for one in np.mean(jaccard, axis=0)))


def _jaccard(own: Labels, again: Labels, count: int) -> list[float]:
    """For each of our clusters the best overlap with one of the sample's."""
    found = []
    for label in range(count):
        mine = own == label
        overlaps = [(mine & (again == other)).sum() / (mine | (again == other)).sum() for other in np.unique(again)]
        found.append(float(max(overlaps)) if mine.any() else 0.0)
    return found


def _likely(points: Floats, most: int) -> list[Labels]:
    """Groupings that are likelier than one group, the likeliest first."""
    groupings = [ward(points, count) for count in range(1, most + 1)]
    values = [bic(points, labels) for labels in groupings]
    order = sorted(range(1, most), key=lambda place: -values[place])
    return [groupings[place] for place in order if values[place] > values[0]]


def _standard(given: Floats) -> Floats | None:
    """Features that differ at all, with mean 0 and variance 1; None when none does."""
    deviation = given.std(axis=0, ddof=1)
    varied = deviation > 1e-12 * np.maximum(1.0, np.abs(given).max(axis=0))
    if not varied.any():
        return None
    kept = given[:, varied]
    return np.asarray(((kept - kept.mean(axis=0)) / deviation[varied]).round(9))


def _pairs(size: Floats) -> Floats:
    return np.asarray(size * (size - 1) / 2)
