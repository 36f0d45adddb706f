"""Family 4: results higher than a measure from outside explains: a prior result, the later exam, journal marks.

The residual of a pupil given the outside measure, within schools and between them (a school's mean measures its
intake better than one pupil's result measures a pupil). An honest strong school was strong before, too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from pipeline.statistics.objectivity.procedure import Floats, Ints, Procedure, group_sum
from pipeline.statistics.objectivity.standardised import from_means

FEWEST = 20  # pupils with the outside measure in the whole district
FEWEST_SCHOOLS = 4  # schools from which a slope between them is taken


@dataclass(frozen=True)
class Level:
    """Of each group: z of the residual mean; the expected z were all pupils one standard deviation better."""

    z: Floats
    reach: Floats
    n: Ints


def attainment(procedure: Procedure) -> Floats:
    """Totals as logits of the share of points, standardised over the district: near to linear in ability."""
    share = (procedure.totals + 0.5) / (procedure.maximum + 1)
    logit = special.logit(share)
    return np.asarray((logit - logit.mean()) / max(float(logit.std()), 1e-9))


def above_outside(result: Floats, outside: Floats, group: Ints, groups: int) -> Level:
    """Residual means of the attainment given the outside measure (nan: unknown), as z; zeros when too few have it."""
    known = np.isfinite(outside)
    if known.sum() < FEWEST:
        return Level(np.zeros(groups), np.zeros(groups), np.zeros(groups, dtype=np.int64))
    y, x, of = result[known], outside[known], group[known]
    n = np.bincount(of, minlength=groups)
    divisor = np.maximum(n, 1)
    mean_y, mean_x = group_sum(y, of, groups) / divisor, group_sum(x, of, groups) / divisor
    within_y, within_x = y - mean_y[of], x - mean_x[of]
    slope = float((within_x * within_y).sum() / max(float((within_x**2).sum()), 1e-9))
    variance = float(((within_y - slope * within_x) ** 2).sum() / max(1, len(y) - int((n > 0).sum()) - 1))
    squared_error = np.where(n > 0, variance / divisor, np.inf)
    residual = mean_y - between_slope(mean_x, mean_y, n, slope) * mean_x
    found = from_means(residual, squared_error, variance)
    return Level(found.z, 1 / found.error, n)


def between_slope(x: Floats, y: Floats, n: Ints, within: float) -> float:
    """Slope of school means, by least squares with two rounds of bounded residuals (Huber); else the within slope."""
    there = n > 0
    if there.sum() < FEWEST_SCHOOLS:
        return within
    x, y, size = x[there], y[there], n[there].astype(float)
    weight = size / (1 + size / 20)
    slope = within
    bounded = weight
    for _ in range(3):
        whole = bounded.sum()
        centre_x, centre_y = (bounded * x).sum() / whole, (bounded * y).sum() / whole
        squares = float((bounded * (x - centre_x) ** 2).sum())
        if squares <= 0:
            return within
        slope = float((bounded * (x - centre_x) * (y - centre_y)).sum()) / squares
        rest = np.abs(y - centre_y - slope * (x - centre_x)) * np.sqrt(weight)
        scale = 1.4826 * float(np.median(rest)) + 1e-9
        bounded = weight * np.minimum(1.0, 1.345 * scale / np.maximum(rest, 1e-9))
    return slope
