"""Means of small organisations borrowed from all of them: a random intercept over pupils, empirical Bayes.

y = Xβ + u_j + e; û_j = n_j τ² / (n_j τ² + σ²) · mean residual of j, posterior sd √(τ² σ² / (n_j τ² + σ²)) (Raudenbush
and Bryk 2002, 3.8–3.14; Snijders and Bosker 2012, 4.8). statsmodels' MixedLM estimates; two of its optimisers give
wrong numbers in silence (bare L-BFGS at τ² → 0, the default ones with random slopes), so ours is Powell, then L-BFGS,
and τ² near 0 is answered by least squares. Answers instead of exceptions: under five groups, groups of one pupil
each, results without spread.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.statistics.intervals import CONFIDENCE

State = Literal["estimated", "no_difference", "insufficient"]
Floats = NDArray[np.float64]
OPTIMISERS = ["powell", "lbfgs"]
TIGHT = {"gtol": 1e-10, "ftol": 1e-14}
FEWEST, FEW = 5, 10  # groups: under the first refused, under the second said with a warning
NO_SPREAD = 1e-6  # τ² as part of σ²: under it organisations do not differ
INTERCEPT = "intercept"

TOO_FEW = "школ с результатами меньше пяти: насколько они различаются, судить нельзя; сравните каждую с нормой"
RATHER_FEW = "школ меньше десяти: различие между ними оценено грубо"
SINGLES = "в каждой школе один ученик: различия школ и учеников не отделить"
NO_SPREAD_INSIDE = "внутри школ результаты не различаются: это не результаты отдельных учеников"
ALL_EQUAL = "все результаты одинаковы"
ALIKE = "школы не различаются статистически"
REPEATED = "признаки повторяют друг друга или не меняются"
NOT_CONVERGED = "оценка не сошлась"


@dataclass(frozen=True)
class Group:
    """One school: `effect` is the posterior mean of what it adds, `se` its posterior sd, `residual` the unshrunk mean
    of what the model does not explain; the unit is that of the score."""

    name: Hashable
    n: int
    effect: float
    se: float
    residual: float

    def interval(self, confidence: float = CONFIDENCE) -> tuple[float, float]:
        from statistics import NormalDist

        half = NormalDist().inv_cdf(0.5 + confidence / 2) * self.se
        return self.effect - half, self.effect + half


@dataclass(frozen=True)
class Model:
    """`fixed` and `fixed_se` by name of covariate and `intercept`; variances between (`tau2`) and within (`sigma2`).

    `groups` are sorted by the text of their names and empty when nothing can be said; then `reason` says why.
    `warning` stands where the estimate is rough. `left_out`: rows without a score, a group or a covariate.
    """

    state: State
    reason: str = ""
    warning: str = ""
    fixed: Mapping[str, float] | None = None
    fixed_se: Mapping[str, float] | None = None
    tau2: float = float("nan")
    sigma2: float = float("nan")
    loglik: float = float("nan")
    groups: tuple[Group, ...] = ()
    left_out: int = 0


def random_intercept(
    score: ArrayLike, group: Sequence[Any], covariates: Mapping[str, ArrayLike] | None = None, *, reml: bool = True
) -> Model:
    """The model over pupils: `score` and each covariate have one value a pupil (nan when missing), `group` one name.

    Raises ValueError when lengths differ.
    """
    y, design, names, left_out = _complete(score, group, covariates or {})
    if reason := _unsaid(y, design, names):
        return Model("insufficient", reason, left_out=left_out)
    labels, member = _members(names)
    warning = RATHER_FEW if len(labels) < FEW else ""
    terms = (INTERCEPT, *(covariates or {}))
    if np.ptp(y) == 0:
        fixed = dict.fromkeys(terms, 0.0) | {INTERCEPT: float(y[0])}
        groups = tuple(Group(label, int((member == j).sum()), 0.0, 0.0, 0.0) for j, label in enumerate(labels))
        return Model("no_difference", ALL_EQUAL, warning, fixed, dict.fromkeys(terms, 0.0), 0.0, 0.0, groups=groups)
    fitted = _mixed(y, design, member, reml)
    if fitted is None:
        return Model("insufficient", NOT_CONVERGED, left_out=left_out)
    beta, se, tau2, sigma2, loglik = fitted
    alike = tau2 == 0
    return Model(
        "no_difference" if alike else "estimated",
        ALIKE if alike else "",
        warning,
        dict(zip(terms, map(float, beta), strict=True)),
        dict(zip(terms, map(float, se), strict=True)),
        tau2,
        sigma2,
        loglik,
        _effects(y - design @ beta, labels, member, tau2, sigma2),
        left_out,
    )


@dataclass(frozen=True)
class Slopes:
    """Intercepts and slopes that differ by group: `fixed` (intercept, slope), their covariance 2×2 between groups."""

    fixed: Floats
    covariance: Floats
    sigma2: float
    loglik: float


def random_slope(score: ArrayLike, x: ArrayLike, group: Sequence[Any], *, reml: bool = True) -> Slopes | None:
    """y = β₀ + u₀j + (β₁ + u₁j) x + e; None under five groups, or when the estimate does not converge.

    Estimated in standard units and brought back: in others the optimisers stop short of the top (variances of the sets
    Early and ChickWeight come out wrong by half and by an eighth).
    """
    y, design, names, _ = _complete(score, group, {"x": x})
    if _unsaid(y, design, names) or np.ptp(y) == 0:
        return None
    centre, width, unit = float(design[:, 1].mean()), float(design[:, 1].std()), float(y.std())
    standard = np.column_stack([design[:, 0], (design[:, 1] - centre) / width])
    found = _fit(y / unit, standard, _members(names)[1], reml, standard)
    if found is None:
        return None
    back = unit * np.array([[1.0, -centre / width], [0.0, 1 / width]])
    free = len(y) - 2 if reml else len(y)
    loglik = float(found.llf) - free * np.log(unit) - (np.log(width) if reml else 0.0)
    covariance = back @ np.asarray(found.cov_re) @ back.T
    return Slopes(back @ np.asarray(found.fe_params), covariance, float(found.scale) * unit**2, float(loglik))


def _complete(
    score: ArrayLike, group: Sequence[Any], covariates: Mapping[str, ArrayLike]
) -> tuple[Floats, Floats, list[Any], int]:
    """Rows without a gap: scores, design with the intercept first, names of groups; and how many were left out."""
    columns = [np.asarray(part, dtype=float).ravel() for part in (score, *covariates.values())]
    names = list(group)
    if len({len(names), *map(len, columns)}) != 1:
        raise ValueError("a score, a group and each covariate need one value a pupil")
    known = np.array([name is not None and name == name and name != "" for name in names], dtype=bool)
    for column in columns:
        known &= np.isfinite(column)
    y, *rest = (column[known] for column in columns)
    kept = [name for name, is_known in zip(names, known, strict=True) if is_known]
    return y, np.column_stack([np.ones(len(y)), *rest]), kept, int((~known).sum())


def _members(names: Sequence[Any]) -> tuple[list[Any], NDArray[np.int64]]:
    """Labels sorted by their text, and each pupil's place in them."""
    labels = sorted(set(names), key=str)
    place = {label: number for number, label in enumerate(labels)}
    return labels, np.array([place[name] for name in names], dtype=np.int64)


def _unsaid(y: Floats, design: Floats, names: Sequence[Any]) -> str:
    """Why the model cannot tell schools from pupils; empty when it can."""
    labels, member = _members(names)
    if len(labels) < FEWEST:
        return TOO_FEW
    if len(labels) == len(y):
        return SINGLES
    if np.linalg.matrix_rank(design) < design.shape[1] or len(y) <= design.shape[1]:
        return REPEATED
    inside = y - (np.bincount(member, y) / np.bincount(member))[member]
    return NO_SPREAD_INSIDE if np.ptp(y) > 0 and np.abs(inside).max() < 1e-9 * np.ptp(y) else ""


def _mixed(
    y: Floats, design: Floats, member: NDArray[np.int64], reml: bool
) -> tuple[Floats, Floats, float, float, float] | None:
    """Coefficients, their errors, τ², σ², log-likelihood; τ² is exactly 0 where least squares do as well."""
    plain = _least_squares(y, design, reml)
    found = _fit(y, design, member, reml)
    if found is None:
        return None
    sigma2, tau2 = float(found.scale), float(np.asarray(found.cov_re)[0, 0])
    if tau2 < NO_SPREAD * sigma2 or found.llf <= plain[-1] + 1e-9:
        return plain
    return np.asarray(found.fe_params), _errors(design, member, tau2, sigma2), tau2, sigma2, float(found.llf)


def _fit(y: Floats, design: Floats, member: NDArray[np.int64], reml: bool, slopes: Floats | None = None) -> Any:
    """What MixedLM estimates with optimisers that can be trusted; None when they do not converge."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an estimate at the edge is answered above, keywords are of one optimiser
        try:
            found = MixedLM(y, design, groups=member, exog_re=slopes).fit(reml=reml, method=OPTIMISERS, **TIGHT)
            return found if np.isfinite(found.llf) else None
        except np.linalg.LinAlgError:
            return None


def _least_squares(y: Floats, design: Floats, reml: bool) -> tuple[Floats, Floats, float, float, float]:
    """The same model with τ² = 0, and its log-likelihood by the same rule."""
    n, terms = design.shape
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ y
    free = n - terms if reml else n
    sigma2 = float(((y - design @ beta) ** 2).sum()) / free
    loglik = -free / 2 * (np.log(2 * np.pi * sigma2) + 1)
    if reml:
        loglik -= float(np.linalg.slogdet(design.T @ design)[1]) / 2
    return beta, np.sqrt(sigma2 * np.diag(inverse)), 0.0, sigma2, float(loglik)


def _errors(design: Floats, member: NDArray[np.int64], tau2: float, sigma2: float) -> Floats:
    """√ diag (XᵀV⁻¹X)⁻¹ in closed form, as lme4 has it; the library's `bse_fe` differs by up to two percent."""
    sums = np.column_stack([np.bincount(member, column) for column in design.T])
    pulled = tau2 / (sigma2 + tau2 * np.bincount(member))
    information = (design.T @ design - (sums * pulled[:, None]).T @ sums) / sigma2
    return np.asarray(np.sqrt(np.diag(np.linalg.inv(information))))


def _effects(
    residual: Floats, labels: Sequence[Any], member: NDArray[np.int64], tau2: float, sigma2: float
) -> tuple[Group, ...]:
    n = np.bincount(member)
    mean = np.bincount(member, residual) / n
    effect = n * tau2 / (n * tau2 + sigma2) * mean
    se = np.sqrt(tau2 * sigma2 / (n * tau2 + sigma2))
    rows = zip(labels, n, effect, se, mean, strict=True)
    return tuple(Group(label, int(size), float(e), float(s), float(m)) for label, size, e, s, m in rows)
