"""Several estimates with known standard errors taken together: random effects from summaries alone.

Paule and Mandel 1982 (J. Res. NBS 87, 377–385) for the variance between, truncated at 0. The DerSimonian–Laird option
of the library is not truncated and gives a negative variance for the eight schools, so it is never used.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from pipeline.statistics.intervals import CONFIDENCE

ONE = "оценка одна: насколько различаются другие, судить нельзя"
NONE = "нет ни одной оценки с известной ошибкой"


@dataclass(frozen=True)
class Summary:
    """`mean` with `se` and interval; `tau2` between estimates, `q` (Cochran's) with its p on count − 1 degrees.

    `reason` is set where tau2 and q cannot be known.
    """

    mean: float
    se: float
    lower: float
    upper: float
    tau2: float
    q: float
    p: float
    count: int
    reason: str = ""


def combine(effects: ArrayLike, se: ArrayLike, confidence: float = CONFIDENCE) -> Summary:
    """Arrays of equal length; a gap in either leaves the estimate out. ValueError for a standard error of 0 or less."""
    value, error = (np.asarray(part, dtype=float).ravel() for part in (effects, se))
    known = np.isfinite(value) & np.isfinite(error)
    value, error = value[known], error[known]
    if (error <= 0).any():
        raise ValueError("a standard error must be positive")
    if len(value) < 2:
        nothing = float("nan")
        mean, own = (float(value[0]), float(error[0])) if len(value) else (nothing, nothing)
        return _summary(mean, own, nothing, nothing, len(value), confidence, ONE if len(value) else NONE)
    from statsmodels.stats.meta_analysis import combine_effects

    unit, centre = float(error.mean()), float(np.average(value, weights=error**-2))  # its tolerance has no unit
    with np.errstate(divide="ignore"):  # of equal effects it divides by their Q
        found = combine_effects((value - centre) / unit, (error / unit) ** 2, method_re="pm")
    tau2 = max(0.0, float(found.tau2)) * unit**2
    weight = 1 / (error**2 + tau2)
    mean = float((weight * value).sum() / weight.sum())
    return _summary(mean, float(weight.sum() ** -0.5), tau2, float(found.q), len(value), confidence)


def _summary(mean: float, se: float, tau2: float, q: float, count: int, confidence: float, reason: str = "") -> Summary:
    from scipy import stats

    half = NormalDist().inv_cdf(0.5 + confidence / 2) * se
    p = float(stats.chi2.sf(q, count - 1)) if count > 1 else float("nan")
    return Summary(mean, se, mean - half, mean + half, tau2, q, p, count, reason)
