"""An index of several indicators, made only as groups that no choice of weights or scales overturns.

A profile is better; where an index is demanded it follows OECD/JRC 2008, Handbook on Constructing Composite Indicators:
indicators against fixed goalposts (by the sample's own one school's data would change another's index), joined by the
geometric mean (none makes up for another: the HDI since 2010) or the arithmetic one; then weights are drawn from a
flat Dirichlet distribution, scales and means are exchanged, indicators left out one at a time. A school stands in a
group only when more than `SURE` of these indices put it there. A missing indicator makes the index missing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Mean = Literal["geometric", "arithmetic"]
Scale = Literal["linear", "logit"]
Group = Literal["нижняя", "средняя", "верхняя", "не определена", "нет данных"]
GROUPS: tuple[Group, Group, Group] = ("нижняя", "средняя", "верхняя")
DRAWS = 10_000
SURE = 0.8
FEWEST = 6  # organisations: two for each group
FEWEST_INDICATORS = 3  # of two, leaving one out leaves no index
FLOOR = 1e-6  # under a geometric mean a zero would wipe out everything else
SEED = 20_260_101


@dataclass(frozen=True)
class Goalpost:
    """Values that stand for 0 and for 1; `worst` above `best` where less is better. Values beyond count as the post.
    `log`: as income in the HDI, whose next unit is worth ever less."""

    worst: float
    best: float
    log: bool = False

    def __post_init__(self) -> None:
        if self.worst == self.best or (self.log and min(self.worst, self.best) <= 0):
            raise ValueError("goalposts are two different values, above 0 for a logarithm")

    def scaled(self, values: ArrayLike) -> Floats:
        """Values as 0–1; missing stay nan."""
        given = np.asarray(values, dtype=float)
        low, high = self.worst, self.best
        if self.log:
            given, low, high = np.log(np.where(given > 0, given, np.exp(-700))), math.log(low), math.log(high)
        return np.asarray(np.clip((given - low) / (high - low), 0.0, 1.0))


def index(
    values: ArrayLike, posts: Sequence[Goalpost], weights: ArrayLike | None = None, mean: Mean = "geometric"
) -> Floats:
    """Index 0–1 of each row of `values` (organisations × indicators); equal weights unless given; nan where an
    indicator is missing. ValueError when the weights are not positive or do not fit."""
    scaled = normalised(values, posts)
    part = np.ones(scaled.shape[1]) if weights is None else np.asarray(weights, dtype=float)
    if part.shape != (scaled.shape[1],) or not (part > 0).all():
        raise ValueError("a positive weight for every indicator")
    return _joined(scaled, part / part.sum(), mean)


def normalised(values: ArrayLike, posts: Sequence[Goalpost], scale: Scale = "linear") -> Floats:
    """Every indicator against its goalposts as 0–1; `logit` stretches both ends and is brought back to 0–1."""
    table = np.atleast_2d(np.asarray(values, dtype=float))
    if table.shape[1] != len(posts):
        raise ValueError("a goalpost for every indicator")
    linear = np.column_stack([post.scaled(table[:, place]) for place, post in enumerate(posts)])
    if scale == "linear":
        return linear
    edge = 0.02
    inner = np.clip(linear, edge, 1 - edge)
    return np.asarray((np.log(inner / (1 - inner)) / math.log((1 - edge) / edge) + 1) / 2)


def _joined(scaled: Floats, weights: Floats, mean: Mean) -> Floats:
    """Rows of `scaled` by one or many sets of weights (draws × indicators → draws × rows)."""
    if mean == "arithmetic":
        return np.asarray(weights @ scaled.T)
    return np.asarray(np.exp(weights @ np.log(np.maximum(scaled, FLOOR)).T))


@dataclass(frozen=True)
class Robust:
    """For each organisation: `index` (equal weights, geometric; nan where something is missing), the bounds between
    which 95 % of its places lie (0 lowest, 1 highest, of the organisations with an index), the probability of each
    group and the group that is sure. `reason` stands where nothing is grouped."""

    index: tuple[float, ...]
    lowest: tuple[float, ...]
    highest: tuple[float, ...]
    probability: tuple[tuple[float, float, float], ...]
    group: tuple[Group, ...]
    reason: str = ""


def robust(values: ArrayLike, posts: Sequence[Goalpost], bounds: tuple[float, float], draws: int = DRAWS) -> Robust:
    """Groups of organisations (rows) by where their index lies: below `bounds[0]`, between, above `bounds[1]`.

    The bounds are fixed values of the index, so that another school's data move nobody. Weights × scales × means ×
    every indicator left out once; `draws` in all.
    """
    from scipy import stats

    scaled = normalised(values, posts)
    whole = ~np.isnan(scaled).any(axis=1)
    if scaled.shape[1] < FEWEST_INDICATORS:
        return _nothing(scaled, "показателей меньше трёх: сводить нечего")
    if whole.sum() < FEWEST:
        return _nothing(scaled, "организаций со всеми показателями слишком мало")
    found = _draws(np.asarray(values, dtype=float)[whole], posts, draws)
    below, above = (found < bounds[0]).mean(axis=0), (found > bounds[1]).mean(axis=0)
    places = (stats.rankdata(found.round(12), axis=1) - 1) / (found.shape[1] - 1)  # equal ones share their places
    ends = np.quantile(places, [0.025, 0.975], axis=0)
    columns = np.column_stack([below, 1 - below - above, above, *ends])
    filled = np.full((len(scaled), 5), np.nan)
    filled[whole] = columns
    return Robust(
        index=tuple(float(one) for one in index(values, posts)),
        lowest=tuple(float(one) for one in filled[:, 3]),
        highest=tuple(float(one) for one in filled[:, 4]),
        probability=tuple((float(a), float(b), float(c)) for a, b, c in filled[:, :3]),
        group=tuple(_group(row) for row in filled[:, :3]),
    )


def _nothing(scaled: Floats, reason: str) -> Robust:
    size = len(scaled)
    empty, unknown = (math.nan,) * size, ((math.nan,) * 3,) * size
    none: Group = "нет данных"
    return Robust(empty, empty, empty, unknown, (none,) * size, reason)


def _group(probabilities: Floats) -> Group:
    if np.isnan(probabilities).any():
        return "нет данных"
    likeliest = int(np.argmax(probabilities))
    return GROUPS[likeliest] if probabilities[likeliest] > SURE else "не определена"


def _draws(values: Floats, posts: Sequence[Goalpost], draws: int) -> Floats:
    """Indices of the organisations under `draws` choices, the same in every run."""
    chance, size = np.random.default_rng(SEED), len(posts)
    choices = [
        (scale, mean, left)
        for scale in ("linear", "logit")
        for mean in ("geometric", "arithmetic")
        for left in (None, *range(size))
    ]
    each = max(1, draws // len(choices))
    return np.vstack([_choice(values, posts, chance.dirichlet(np.ones(size), each), *one) for one in choices])


def _choice(
    values: Floats, posts: Sequence[Goalpost], weights: Floats, scale: str, mean: str, left: int | None
) -> Floats:
    scaled = normalised(values, posts, "logit" if scale == "logit" else "linear")
    kept = [place for place in range(len(posts)) if place != left]
    part = weights[:, kept] / weights[:, kept].sum(axis=1, keepdims=True)
    return _joined(scaled[:, kept], part, "geometric" if mean == "geometric" else "arithmetic")
