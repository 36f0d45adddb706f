"""Schools without a measure that are most like those with it: optimal matching without replacement.

Each school with the measure gets up to `per` others, nearest in standardised features (results before the measure,
context), so that the sum of distances is least (Rosenbaum 1989, JASA 84, 1024); nobody is matched twice, so that the
measure may be shuffled inside sets. Too far is further than the median distance of all pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize
from scipy.spatial import distance

PER = 3
AT_MOST = 5
FAR = 1e6  # a pair that is not to be made
LATER = 1e3  # every school gets its first neighbour before another gets a second


@dataclass(frozen=True)
class Matching:
    """`sets`: places of matched schools, the one with the measure first; `alone`: places of those without a like."""

    sets: tuple[tuple[int, ...], ...]
    alone: tuple[int, ...]


def per_school(treated: int, controls: int) -> int:
    """How many neighbours each gets: as the others allow, at least one, at most five."""
    return max(1, min(AT_MOST, controls // max(1, treated)))


def match(features: ArrayLike, treated: Sequence[bool], per: int = PER) -> Matching:
    """Sets over rows of `features` (schools × features, any units). Columns that do not vary tell nobody apart.

    Raises ValueError where a feature is missing.
    """
    if not len(treated):
        return Matching((), ())
    points = _standardised(features)
    if len(points) != len(treated) or not np.isfinite(points).all():
        raise ValueError("schools are matched by features that all of them have")
    taken = [place for place, one in enumerate(treated) if one]
    free = [place for place, one in enumerate(treated) if not one]
    if not (taken and free):
        return Matching((), tuple(taken))
    apart = distance.cdist(points[taken], points[free])
    within = float(np.median(distance.pdist(points)))
    cost = np.vstack([np.where(apart <= within + 1e-9, apart + LATER * turn, FAR) for turn in range(per)])
    rows, columns = optimize.linear_sum_assignment(cost)
    near: dict[int, list[int]] = {place: [] for place in taken}
    for row, column in zip(rows, columns, strict=True):
        if cost[row, column] < FAR:
            near[taken[int(row) % len(taken)]].append(free[int(column)])
    sets = tuple((place, *sorted(others)) for place, others in near.items() if others)
    return Matching(sets, tuple(place for place, others in near.items() if not others))


def _standardised(features: ArrayLike) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    points = np.asarray(features, dtype=float)
    points = points.reshape(len(points), -1)
    scale = points.std(axis=0)
    return np.asarray((points - points.mean(axis=0)) / np.where(scale > 0, scale, 1.0))
