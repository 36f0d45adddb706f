"""Similar schools: the nearest by features of their context that were named before any result was looked at.

Below thirty schools neighbours are steadier than clusters: each school has a group of its own, and a school at the edge
has none rather than a far one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import distance

NEIGHBOURS = 5
FEWEST = 3  # a smaller group says nothing of its school


def neighbours(
    names: Sequence[str], standardised: ArrayLike, count: int = NEIGHBOURS, fewest: int = FEWEST
) -> Mapping[str, tuple[str, ...]]:
    """Name → its nearest others, nearest first, at most `count`; empty where fewer than `fewest` are near.

    Near is a Euclidean distance over standardised features within the median distance of all pairs. Equal distances are
    settled by name, so that the order of rows does not matter. ValueError where a feature is missing.
    """
    points = np.asarray(standardised, dtype=float)
    if len(points) != len(names) or len(set(names)) < len(names) or not np.isfinite(points).all():
        raise ValueError("similar schools need all features of every school, and each school once")
    if len(points) < 2:
        return {name: () for name in names}
    pairs = distance.pdist(points)
    within, square = float(np.median(pairs)), distance.squareform(pairs)
    found = {}
    for place, name in enumerate(names):
        others = sorted((round(float(square[place, other]), 9), names[other]) for other in range(len(names)))
        near = [other for apart, other in others if other != name and apart <= within + 1e-9][:count]
        found[name] = tuple(near) if len(near) >= fewest else ()
    return found
