"""Family 3: answers alike beyond what ability explains (Jacob, Levitt 2003; answer copying: Wollack 1997).

`together` is the U-statistic Σ over pairs of residuals' products: a group whose answers move together, whoever the
pupils are. `twins` is the likelihood ratio of «this pupil has most answers of a neighbour in the class», averaged over
neighbours: a few copied works in a class where nothing else is unusual.
"""

from __future__ import annotations

import numpy as np

from pipeline.statistics.objectivity.curves import Answers
from pipeline.statistics.objectivity.procedure import Floats, Ints, Procedure, group_sum, weighted_median

COPIED = 0.8  # of the answers, in a copied work
COPIERS = 0.3  # of the class, in a class that copies
LEAST_CHANCE = 0.02


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
    odds = COPIED / (1 - COPIED)
    gain = np.log1p(odds / np.maximum(answers.chance, LEAST_CHANCE))
    found = np.zeros(len(procedure.totals))
    for members in _by_size(procedure.room):
        ratio = _ratios(procedure.scores[members], gain[members], int(procedure.maxima.max()) + 1)
        found[members] = np.log1p(COPIERS * (ratio - 1))
    return found


def _by_size(room: Ints) -> list[Ints]:
    """Rooms of one size together: arrays rooms × pupils of places; rooms of one pupil are left out."""
    order = np.argsort(room, kind="stable")
    sizes = np.bincount(room)
    starts = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    return [order[starts[sizes == size][:, None] + np.arange(size)] for size in np.unique(sizes[sizes >= 2])]


def _ratios(scores: Ints, gain: Floats, kinds: int) -> Floats:
    """Mean over classmates of the likelihood ratio; rooms × pupils."""
    rooms, pupils, tasks = scores.shape
    same = (scores[..., None] == np.arange(kinds)).reshape(rooms, pupils, tasks * kinds).astype(np.float32)
    weighted = same * np.repeat(gain, kinds, axis=2).astype(np.float32)
    log_ratio = weighted @ same.transpose(0, 2, 1) + tasks * np.log(1 - COPIED)
    ratio = np.exp(np.minimum(log_ratio, 30.0))
    own = np.arange(pupils)
    ratio[:, own, own] = 0.0
    return np.asarray(ratio.sum(axis=2) / (pupils - 1), dtype=float)
