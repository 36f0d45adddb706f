"""Value added from what is published of schools: a later mean or share given the earlier one of the same school.

y_j = β₀ + β₁ x_j (+ β₂ x_j² + further facts) + u_j + e_j; e_j has a known variance (pupils), u_j ~ N(0, τ²) is what the
school adds. τ² by restricted likelihood (Harville 1977, JASA 72, 320–338; as meta-regression Berkey et al. 1995,
Statistics in Medicine 14, 395–411), û_j by empirical Bayes with the error of β in its own (Raudenbush and Bryk 2002,
ch. 7; the same as `ranef` of metafor). The earlier result is known with an error too: taken as it is, it would bend the
line down and let schools of a small class look far from it, so each is replaced by its posterior mean, and what stays
unknown of it is added to the variance of y_j (regression calibration: Carroll et al. 2006, Measurement Error in
Nonlinear Models, ch. 4).

Groups only, by the posterior interval; answers instead of exceptions as in `shrinkage_scores`. One cohort: what its
pupils brought besides the earlier result stands in û_j as well.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.statistics.intervals import CONFIDENCE
from pipeline.statistics.shrinkage_scores import (
    ALIKE,
    FEW,
    FEWEST,
    INTERCEPT,
    NO_SPREAD,
    RATHER_FEW,
    REPEATED,
    TOO_FEW,
    Group,
    Model,
)
from pipeline.statistics.value_added import ValueAdded, judged

Floats = NDArray[np.float64]
ROUNDS = 30
SETTLED = 1e-9


@dataclass(frozen=True)
class Results:
    """One result a school: `value` (points, logits), the `variance` that chance among its pupils gives it, `n` pupils.
    A gap is nan; a variance of 0 says that the value is known."""

    value: ArrayLike
    variance: ArrayLike
    n: ArrayLike


def logits(x: ArrayLike, n: ArrayLike) -> Results:
    """Shares x of n on their logit scale with their variances (Cox 1970, ch. 3: ½ added to both parts)."""
    part, whole = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    if ((part < 0) | (part > whole)).any():
        raise ValueError("a numerator must lie between 0 and its denominator")
    value = np.log((part + 0.5) / (whole - part + 0.5))
    variance = 1 / (part + 0.5) + 1 / (whole - part + 0.5)
    nobody = whole < 1
    return Results(np.where(nobody, np.nan, value), np.where(nobody, np.nan, variance), whole)


def added(
    school: Sequence[Hashable],
    later: Results,
    earlier: Results,
    others: Mapping[str, ArrayLike] | None = None,
    *,
    bent: bool = False,
    least: int = 1,
    confidence: float = CONFIDENCE,
) -> ValueAdded:
    """One value a school in every array; schools with a gap are left out. ValueError when lengths differ.

    `bent`: the line may bend (a square is added). `least`: fewest pupils later with which a school is judged. The
    earlier result has no term where schools do not differ in it beyond chance: then every school is expected alike. The
    `residual` of a school is its later result minus the expected one, `effect` the part that chance does not explain.
    """
    names, y, v, x, s, rest, size, left_out = _complete(school, later, earlier, others or {})
    if len(names) < FEWEST:
        return ValueAdded(Model("insufficient", TOO_FEW, left_out=left_out), ())
    known, unsure = _calibrated(x, s)
    told = bool(np.ptp(known) > SETTLED * max(1.0, float(np.abs(known).max())))  # they differ at all
    line = _Bend(told, known - known.mean() if bent and told else None)
    columns = {INTERCEPT: np.ones(len(y))} | ({"earlier": known} if told else {})
    columns |= {} if line.centred is None else {"bent": line.centred**2}
    columns |= dict(zip(others or {}, rest, strict=True))
    terms, design = tuple(columns), np.column_stack(list(columns.values()))
    if len(y) <= len(terms) + 1 or np.linalg.matrix_rank(design) < len(terms):
        return ValueAdded(Model("insufficient", REPEATED, left_out=left_out), ())
    beta, covariance, tau2, whole = _settled(y, v, design, unsure, line)
    groups = _groups(names, size, y - design @ beta, whole, tau2, design, covariance)
    model = Model(
        "estimated" if tau2 else "no_difference",
        "" if tau2 else ALIKE,
        RATHER_FEW if len(names) < FEW else "",
        dict(zip(terms, map(float, beta), strict=True)),
        dict(zip(terms, map(float, np.sqrt(np.diag(covariance))), strict=True)),
        tau2,
        groups=tuple(groups),
        left_out=left_out,
    )
    return ValueAdded(model, tuple(judged(group, least, confidence) for group in groups))


def regression(y: ArrayLike, variance: ArrayLike, design: ArrayLike) -> tuple[Floats, Floats, float]:
    """β, its covariance and τ² of y = Xβ + u + e with known variances of e, by restricted likelihood.

    At least one value more than columns; τ² is exactly 0 where the likelihood is largest there.
    """
    value, v, x = (np.asarray(part, dtype=float) for part in (y, variance, design))
    from scipy import optimize

    unit = float(np.std(value - x @ np.linalg.lstsq(x, value, rcond=None)[0]))
    if unit == 0 or not math.isfinite(unit):
        return (*_weighted(value, np.maximum(v, np.finfo(float).tiny), x), 0.0)

    def loss(log_tau2: float) -> float:
        return _loss(value / unit, v / unit**2 + math.exp(log_tau2), x)

    best = optimize.minimize_scalar(loss, bounds=(-20.0, 5.0), method="bounded", options={"xatol": 1e-10})
    tau2 = math.exp(float(best.x)) * unit**2
    none = _loss(value / unit, v / unit**2, x) if (v > 0).all() else math.inf
    if none <= float(best.fun) or tau2 < NO_SPREAD * float(np.mean(v)):
        tau2 = 0.0
    return (*_weighted(value, v + tau2, x), tau2)


def _complete(
    school: Sequence[Hashable], later: Results, earlier: Results, others: Mapping[str, ArrayLike]
) -> tuple[list[Hashable], Floats, Floats, Floats, Floats, list[Floats], Floats, int]:
    columns = [
        np.asarray(part, dtype=float).ravel()
        for part in (later.value, later.variance, earlier.value, earlier.variance, later.n, *others.values())
    ]
    names = list(school)
    if len({len(names), *map(len, columns)}) != 1:
        raise ValueError("a school needs one value of everything")
    known = np.logical_and.reduce([np.isfinite(column) for column in columns])
    order = sorted(np.flatnonzero(known), key=lambda place: str(names[place]))
    y, v, x, s, size, *rest = (column[order] for column in columns)
    return [names[place] for place in order], y, v, x, s, rest, size, len(names) - len(order)


def _calibrated(x: Floats, s: Floats) -> tuple[Floats, Floats]:
    """Posterior means of the earlier results and the variances that stay."""
    if not s.any():
        return x, np.zeros(len(x))
    (mean,), _, tau2 = regression(x, s, np.ones((len(x), 1)))
    kept = tau2 / (tau2 + s) if tau2 else np.zeros(len(x))
    return mean + kept * (x - mean), tau2 * (1 - kept)


@dataclass(frozen=True)
class _Bend:
    """How the line goes with the earlier result: not at all, straight, or bent around its mean."""

    told: bool
    centred: Floats | None

    def slope(self, beta: Floats) -> Floats:
        if not self.told:
            return np.zeros(1)
        bend = np.zeros(1) if self.centred is None else 2 * beta[2] * self.centred
        return np.asarray(beta[1] + bend, dtype=np.float64)


def _settled(y: Floats, v: Floats, design: Floats, unsure: Floats, line: _Bend) -> tuple[Floats, Floats, float, Floats]:
    """The line once the variance that the unsure earlier result brings agrees with its slope."""
    whole = v
    for _ in range(ROUNDS):
        beta, covariance, tau2 = regression(y, whole, design)
        wanted = v + line.slope(beta) ** 2 * unsure
        if np.allclose(wanted, whole, rtol=SETTLED, atol=0):
            break
        whole = wanted
    return beta, covariance, tau2, whole


def _groups(
    names: Sequence[Hashable],
    size: Floats,
    residual: Floats,
    v: Floats,
    tau2: float,
    design: Floats,
    covariance: Floats,
) -> list[Group]:
    kept = tau2 / (tau2 + v) if tau2 else np.zeros(len(v))
    of_line = np.einsum("ij,jk,ik->i", design, covariance, design)
    error = np.sqrt(tau2 * (1 - kept) + kept**2 * of_line)
    rows = zip(names, size, kept * residual, error, residual, strict=True)
    return [Group(name, int(n), float(e), float(se), float(r)) for name, n, e, se, r in rows]


def _weighted(y: Floats, v: Floats, x: Floats) -> tuple[Floats, Floats]:
    crossed = x.T / v
    covariance: Floats = np.asarray(np.linalg.inv(crossed @ x), dtype=np.float64)
    return covariance @ (crossed @ y), covariance


def _loss(y: Floats, v: Floats, x: Floats) -> float:
    """Minus the restricted log-likelihood, constants aside."""
    beta, covariance = _weighted(y, v, x)
    left = y - x @ beta
    return float((left**2 / v).sum() + np.log(v).sum() - np.linalg.slogdet(covariance)[1]) / 2
