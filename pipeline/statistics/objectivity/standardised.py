"""Group means as z-values when honest groups differ a little too: the mixed-model z with a robust between variance.

z = (mean − centre) / √(σ²/n + τ²). The centre is a weighted median; τ² makes the median of z² that of χ²₁ (0.4549), so
that a minority of unusual groups neither moves the centre nor widens the scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from pipeline.statistics.objectivity.procedure import Floats, Ints, group_sum, weighted_median

CHI2_MEDIAN = float(stats.chi2.ppf(0.5, 1))
STEPS = np.concatenate([[0.0], np.geomspace(1e-3, 10.0, 28)])  # τ² in units of σ²


@dataclass(frozen=True)
class Standardised:
    """z and standard error of the mean of each group; z is 0 and the error infinite without members."""

    z: Floats
    error: Floats


def standardise(values: Floats, group: Ints, groups: int) -> Standardised:
    """Means of pupils' values by group; missing values (nan) are left out."""
    known = np.isfinite(values)
    values, group = values[known], group[known]
    n = np.bincount(group, minlength=groups).astype(float)
    there = n > 0
    if there.sum() < 2:
        return Standardised(np.zeros(groups), np.full(groups, np.inf))
    mean = group_sum(values, group, groups) / np.maximum(n, 1)
    variance = float(((values - mean[group]) ** 2).sum() / max(1, len(values) - int(there.sum())))
    if variance <= 0:
        return Standardised(np.zeros(groups), np.full(groups, np.inf))
    return from_means(mean, np.where(there, variance / np.maximum(n, 1), np.inf), variance)


def standardise_skewed(values: Floats, group: Ints, groups: int) -> Standardised:
    """As `standardise`, for values of which a few are huge: the variance within is the weighted median of groups'."""
    n = np.bincount(group, minlength=groups).astype(float)
    divisor = np.maximum(n, 1)
    mean = group_sum(values, group, groups) / divisor
    variances = group_sum((values - mean[group]) ** 2, group, groups) / np.maximum(n - 1, 1)
    several = n >= 3
    usual = weighted_median(variances[several], n[several]) if several.sum() >= 2 else 0.0
    if not usual > 0:
        return Standardised(np.zeros(groups), np.full(groups, np.inf))
    return from_means(mean, np.where(n > 0, usual / divisor, np.inf), usual)


def from_means(mean: Floats, squared_error: Floats, unit: float) -> Standardised:
    """z of means whose sampling variances are known (inf: no mean); `unit` scales the search for τ²."""
    there = np.isfinite(squared_error)
    typical = float(np.median(squared_error[there]))
    centre = weighted_median(mean[there], 1 / (squared_error[there] + typical))  # no group is the centre by its size
    deviation = np.where(there, mean - centre, 0.0)
    tau = between(deviation[there], squared_error[there], unit)
    error = np.sqrt(squared_error + tau)
    return Standardised(np.where(there, deviation / np.where(there, error, 1.0), 0.0), error)


def between(deviation: Floats, squared_error: Floats, unit: float) -> float:
    """τ² ≥ 0 with the median of z² at that of χ²₁."""
    squares = deviation**2 / np.maximum(squared_error + unit * STEPS[:, None], 1e-300)
    squares.sort(axis=1)
    middle = squares.shape[1] // 2
    medians = (squares[:, middle] + squares[:, -middle - 1]) / 2
    below = np.nonzero(medians <= CHI2_MEDIAN)[0]
    return float(unit * STEPS[below[0]]) if len(below) else float(unit * STEPS[-1])
