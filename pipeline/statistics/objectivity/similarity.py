"""Family 3: answers alike beyond what ability explains (Jacob, Levitt 2003; answer copying: Wollack 1997).

`together` is the U-statistic Σ over pairs of residuals' products: a group whose answers move together, whoever the
pupils are. `twins` is the likelihood ratio of «this pupil has most answers of a neighbour in the class», averaged over
neighbours: a few copied works in a class where nothing else is unusual.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.statistics.objectivity.curves import Answers
from pipeline.statistics.objectivity.procedure import Floats, Ints, Procedure, group_sum, weighted_median

COPIED = 0.8  # of the answers, in a copied work
COPIERS = 0.3  # of the class, in a class that copies
LEAST_CHANCE = 0.02
Flags = NDArray[np.bool_]


def together(answers: Answers, group: Ints, groups: int) -> Floats:
    """z of the U-statistic of each group; what honest groups have in common is taken off by a weighted median."""
    residual = answers.residual / answers.spread
    tasks = residual.shape[1]
    n = np.bincount(group, minlength=groups).astype(float)
    pairs = (group_sum(residual, group, groups) ** 2).sum(axis=1) - group_sum((residual**2).sum(axis=1), group, groups)
    many = n >= 2
    count = np.where(many, n * (n - 1), 1.0)
    usual = max(0.0, weighted_median((pairs / count)[many], n[many])) if many.any() else 0.0
    error = np.sqrt(2 * tasks) * np.maximum(n, 1) * (1 + n * usual / tasks)
    return np.where(many, (pairs - usual * n * (n - 1)) / error, 0.0)


def twins(procedure: Procedure, answers: Answers) -> Floats:
    """Of every pupil: log((1−s) + s · mean over classmates of the likelihood ratio of having copied from them).

    A copied answer agrees with certainty, another with the chance of that answer at the pupil's total.
    """
    odds, kinds = COPIED / (1 - COPIED), int(procedure.maxima.max()) + 1
    gain = np.log1p(odds / np.maximum(answers.chance, LEAST_CHANCE)).astype(np.float32)
    same = (procedure.scores[..., None] == np.arange(kinds)).astype(np.float32)
    weighted = (same * gain[..., None]).reshape(len(gain), -1)
    same = same.reshape(len(gain), -1)
    found = np.zeros(len(gain))
    for members, there in _alike_rooms(procedure.room):
        log_ratio = weighted[members] @ same[members].transpose(0, 2, 1) + gain.shape[1] * np.log(1 - COPIED)
        ratio = np.exp(np.minimum(log_ratio, 30.0)) * (there[:, None, :] & ~np.eye(members.shape[1], dtype=bool))
        mean = ratio.sum(axis=2) / (there.sum(axis=1, keepdims=True) - 1)
        found[members[there]] = np.log1p(COPIERS * (mean[there].astype(float) - 1))
    return found


def _alike_rooms(room: Ints) -> list[tuple[Ints, Flags]]:
    """Rooms of like sizes together: rooms × places of pupils, and which of the places are taken (rooms of a size under
    the largest of their kind are filled up with a pupil of theirs); rooms of one pupil are left out."""
    order = np.argsort(room, kind="stable")
    sizes = np.bincount(room)
    starts = np.cumsum(sizes) - sizes
    kind = np.where(sizes >= 2, np.ceil(2 * np.log2(np.maximum(sizes, 2))), 0)
    found = []
    for one in np.unique(kind[kind > 0]):
        own = kind == one
        steps = np.arange(sizes[own].max())
        there = steps < sizes[own][:, None]
        found.append((order[starts[own][:, None] + np.where(there, steps, 0)], there))
    return found
