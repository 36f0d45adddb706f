"""What answers are usual at each total: the district's own curves of tasks, smoothed over totals, per variant.

The total is sufficient for ability in the Rasch family, so answers are judged given it: a strong school has no odd
answers by being strong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.statistics.objectivity.procedure import Floats, Ints, Procedure

FEWEST_OF_VARIANT = 100  # a variant written by fewer is read with the curves of all
PRIOR = 0.005  # weight of the overall distribution of a task at a total


@dataclass(frozen=True)
class Answers:
    """`residual` pupils × tasks, points over the usual at this total; `spread` its standard deviation; `chance` the
    probability of the very answer given; `slope` growth of the usual points with the total, mean over pupils."""

    residual: Floats
    spread: Floats
    chance: Floats
    slope: Floats


def answers(procedure: Procedure) -> Answers:
    """Of every pupil and task, given the pupil's total."""
    variant = procedure.variant
    if variant is None:
        return _answers(procedure.scores, procedure.totals, procedure.maxima)
    sizes = np.bincount(variant)
    if (sizes[sizes > 0] < FEWEST_OF_VARIANT).any():
        return _answers(procedure.scores, procedure.totals, procedure.maxima)
    shape = procedure.scores.shape
    joined = Answers(np.empty(shape), np.empty(shape), np.empty(shape), np.zeros(shape[1]))
    slope = np.zeros(shape[1])
    for one in np.nonzero(sizes)[0]:
        of = variant == one
        part = _answers(procedure.scores[of], procedure.totals[of], procedure.maxima)
        joined.residual[of], joined.spread[of], joined.chance[of] = part.residual, part.spread, part.chance
        slope += part.slope * sizes[one] / sizes.sum()
    return Answers(joined.residual, joined.spread, joined.chance, slope)


def _answers(scores: Ints, totals: Ints, maxima: Ints) -> Answers:
    table = _table(scores, totals, maxima)
    points = np.arange(table.shape[2])
    mean = table @ points
    variance = np.maximum(table @ points**2 - mean**2, 1e-3)
    slope = np.gradient(mean, axis=0)[totals].mean(axis=0)
    chance = table[totals[:, None], np.arange(len(maxima)), scores]
    return Answers(scores - mean[totals], np.sqrt(variance)[totals], chance, slope)


def _table(scores: Ints, totals: Ints, maxima: Ints) -> Floats:
    """P(points of the task | total), totals × tasks × points."""
    tasks, length, kinds = len(maxima), int(maxima.sum()) + 1, int(maxima.max()) + 1
    place = (totals[:, None] * tasks + np.arange(tasks)) * kinds + scores
    counts = np.bincount(place.ravel(), minlength=length * tasks * kinds).reshape(length, tasks, kinds).astype(float)
    here = counts[:, 0].sum(axis=1)
    smoother = _local_linear(here, len(scores))
    overall = counts.sum(axis=0) / max(1, len(scores))
    known = smoother.sum(axis=1)  # 1 where pupils are near, 0 where none is
    smooth = np.maximum(np.tensordot(smoother, counts / np.maximum(here, 1)[:, None, None], axes=1), 0.0)
    smooth = (smooth + (np.where(known > 0.5, PRIOR, 1.0))[:, None, None] * (overall + 0.02)) * points_possible(maxima)
    return np.asarray(smooth / smooth.sum(axis=2, keepdims=True))


def _local_linear(pupils: Floats, n: int) -> Floats:
    """Weights of totals for the smoothed value at each total, by local lines (Fan, Gijbels 1996, ch. 3): a mean of
    neighbours alone would be wrong at both ends, where strong and weak schools sit."""
    steps = np.arange(len(pupils))
    width = np.clip(1.2 * (1000 / max(1, n)) ** 0.2 * np.sqrt(len(pupils) / 21), 0.5, 4.0)
    apart = steps - steps[:, None]
    weight = np.exp(-0.5 * (apart / width) ** 2) * pupils
    zero, one, two = ((weight * apart**power).sum(axis=1, keepdims=True) for power in range(3))
    bent = weight * (two - apart * one)
    scale = zero * two - one**2
    line = scale > 1e-6 * zero**2 + 1e-12
    return np.asarray(np.where(line, bent / np.where(line, scale, 1.0), weight / np.maximum(zero, 1e-12)))


def points_possible(maxima: Ints) -> NDArray[np.bool_]:
    """Tasks × points: which points a task can give."""
    return np.arange(int(maxima.max()) + 1) <= maxima[:, None]
