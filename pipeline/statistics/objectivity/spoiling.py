"""What help does to results, for the power of the search: how often a school of this size would be noticed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from pipeline.statistics.objectivity.procedure import Procedure
from pipeline.statistics.objectivity.tasks import hardest

STRENGTH = 0.6  # of works short of a bound that are lifted; Dee et al. 2019 found about 0.4 in a state's schools
GIVEN = 0.3  # of the points lost on hard tasks
COPIERS, COPIED, BETTER = 0.4, 0.8, 3  # pupils who copy; part of answers; from the best third of the class


def lifted(procedure: Procedure, generator: Generator) -> Procedure:
    """Works one point short of a mark are lifted with STRENGTH, two points short half as often."""
    scores, totals = procedure.scores.copy(), procedure.totals
    place = np.searchsorted(procedure.cuts, totals, side="right")
    under = place < len(procedure.cuts)
    short = np.where(under, procedure.cuts[np.minimum(place, len(procedure.cuts) - 1)] - totals, 99)
    chance = STRENGTH * np.where(short == 1, 1.0, np.where(short == 2, 0.5, 0.0))
    chosen = np.nonzero(generator.random(len(scores)) < chance)[0]
    for step in range(2):
        rows = chosen[short[chosen] > step]
        order = generator.random((len(rows), len(procedure.maxima))) * (scores[rows] < procedure.maxima)
        scores[rows, order.argmax(axis=1)] += 1
    return replace(procedure, scores=scores)


def filled(procedure: Procedure, generator: Generator) -> Procedure:
    """Of the points lost on the hardest third of the tasks a part is given."""
    scores, hard = procedure.scores.copy(), hardest(procedure)
    lost = procedure.maxima[hard] - scores[:, hard]
    scores[:, hard] += generator.binomial(lost, GIVEN)
    return replace(procedure, scores=scores)


def copied(procedure: Procedure, generator: Generator) -> Procedure:
    """A part of every class has most answers of one of its better pupils."""
    scores, totals = procedure.scores.copy(), procedure.totals
    order = np.lexsort((-totals, procedure.room))
    sizes = np.bincount(procedure.room, minlength=procedure.rooms)
    starts = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    better = np.maximum(1, sizes // BETTER)[procedure.room]
    source = order[starts[procedure.room] + (generator.random(len(totals)) * better).astype(int)]
    copies = (generator.random(len(totals)) < COPIERS)[:, None] & (generator.random(scores.shape) < COPIED)
    return replace(procedure, scores=np.where(copies, procedure.scores[source], scores))


KINDS = {"lifted": lifted, "filled": filled, "copied": copied}
