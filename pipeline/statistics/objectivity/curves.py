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
    variant = _variant(procedure)
    table = _table(procedure, variant)
    points = np.arange(table.shape[3])
    mean = table @ points
    variance = np.maximum(table @ points**2 - mean**2, 1e-3)
    tasks = np.arange(len(procedure.maxima))
    usual = mean[variant, procedure.totals]
    return Answers(
        procedure.scores - usual,
        np.sqrt(variance)[variant, procedure.totals],
        table[variant[:, None], procedure.totals[:, None], tasks, procedure.scores],
        np.gradient(mean, axis=1)[variant, procedure.totals].mean(axis=0),
    )


def _variant(procedure: Procedure) -> Ints:
    """0…V−1 of every pupil; all 0 where a variant was written by few."""
    one = np.zeros(len(procedure.scores), dtype=np.int64)
    if procedure.variant is None:
        return one
    sizes = np.bincount(procedure.variant)
    there = sizes > 0
    return one if (sizes[there] < FEWEST_OF_VARIANT).any() else (np.cumsum(there) - 1)[procedure.variant]


def _table(procedure: Procedure, variant: Ints) -> Floats:
    """P(points of the task | total), variants × totals × tasks × points."""
    maxima, many = procedure.maxima, int(variant.max()) + 1
    tasks, length, kinds = len(maxima), procedure.maximum + 1, int(maxima.max()) + 1
    row = variant * length + procedure.totals
    place = (row[:, None] * tasks + np.arange(tasks)) * kinds + procedure.scores
    counts = np.bincount(place.ravel(), minlength=many * length * tasks * kinds).astype(float)
    counts = counts.reshape(many, length, tasks * kinds)
    here = counts[:, :, :kinds].sum(axis=2)
    smoother = _local_linear(here, here.sum(axis=1))
    overall = counts.sum(axis=1, keepdims=True) / here.sum(axis=1)[:, None, None]
    known = smoother.sum(axis=2)  # 1 where pupils are near, 0 where none is
    smooth = np.maximum(smoother @ (counts / np.maximum(here, 1)[:, :, None]), 0.0)
    smooth = smooth + np.where(known > 0.5, PRIOR, 1.0)[:, :, None] * (overall + 0.02)
    smooth = smooth.reshape(many, length, tasks, kinds) * points_possible(maxima)
    return np.asarray(smooth / smooth.sum(axis=3, keepdims=True))


def _local_linear(pupils: Floats, n: Floats) -> Floats:
    """Weights of totals for the smoothed value at each total, variants × totals × totals, by local lines (Fan, Gijbels
    1996, ch. 3): a mean of neighbours alone would be wrong at both ends, where strong and weak schools sit."""
    length = pupils.shape[1]
    steps = np.arange(length)
    width = np.clip(1.2 * (1000 / np.maximum(n, 1)) ** 0.2 * np.sqrt(length / 21), 0.5, 4.0)[:, None, None]
    apart = steps - steps[:, None]
    weight = np.exp(-0.5 * (apart / width) ** 2) * pupils[:, None, :]
    first = weight * apart
    zero, one = weight.sum(axis=2, keepdims=True), first.sum(axis=2, keepdims=True)
    two = (first * apart).sum(axis=2, keepdims=True)
    scale = zero * two - one**2
    line = scale > 1e-6 * zero**2 + 1e-12
    straight = (two * weight - one * first) / np.where(line, scale, 1.0)
    return np.asarray(np.where(line, straight, weight / np.maximum(zero, 1e-12)))


def points_possible(maxima: Ints) -> NDArray[np.bool_]:
    """Tasks × points: which points a task can give."""
    return np.arange(int(maxima.max()) + 1) <= maxima[:, None]
