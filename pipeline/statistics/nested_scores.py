"""Scores of pupils in groups inside groups (class in school, school in district): how much differs at which level.

y = Xβ + a_outer + b_inner(outer) + e by restricted maximum likelihood (Goldstein 2011, Multilevel Statistical Models,
ch. 2; Raudenbush and Bryk 2002, ch. 8). statsmodels' MixedLM with the outer groups as `groups` and the inner ones as a
variance component, in standard units. Answers instead of exceptions, as in `shrinkage_scores`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.statistics.shrinkage_scores import (
    ALL_EQUAL,
    FEWEST,
    INTERCEPT,
    NO_SPREAD,
    NOT_CONVERGED,
    REPEATED,
    SINGLES,
    TOO_FEW,
    Model,
    State,
    random_intercept,
)

Floats = NDArray[np.float64]
Fit = tuple[Floats, tuple[float, float, float], float]
ONE_INSIDE = "в каждой большой группе одна малая: уровни не отделить"
OPTIMISERS = ["powell", "lbfgs"]
TIGHT = {"gtol": 1e-9, "ftol": 1e-14}


@dataclass(frozen=True)
class Levels:
    """Variances `outer` (between the large groups), `inner` (between small ones of one large), `within` (pupils), in
    squared points; `fixed` by name of covariate and `intercept`; nan with a `reason` where nothing can be said."""

    state: State
    reason: str = ""
    outer: float = float("nan")
    inner: float = float("nan")
    within: float = float("nan")
    fixed: Mapping[str, float] | None = None
    loglik: float = float("nan")
    left_out: int = 0

    @property
    def shares(self) -> tuple[float, float, float]:
        """Parts of the whole variance: of the outer level, of the inner one, of pupils."""
        whole = self.outer + self.inner + self.within
        return self.outer / whole, self.inner / whole, self.within / whole


def levels(
    score: ArrayLike, outer: Sequence[Any], inner: Sequence[Any], covariates: Mapping[str, ArrayLike] | None = None
) -> Levels:
    """One value a pupil; `inner` names count within their outer group (1-А of two schools are two classes).

    A gap leaves the pupil out. ValueError when lengths differ.
    """
    columns = [np.asarray(part, dtype=float).ravel() for part in (score, *(covariates or {}).values())]
    if len({len(outer), len(inner), *map(len, columns)}) != 1:
        raise ValueError("a score, both groups and each covariate need one value a pupil")
    known = np.isfinite(columns).all(axis=0)
    known &= np.array([one == one and one is not None for one in outer]) & np.array(
        [one == one and one is not None for one in inner]
    )
    y, *rest = (column[known] for column in columns)
    left_out = int((~known).sum())
    large = [one for one, kept in zip(outer, known, strict=True) if kept]
    small = [pair for pair, kept in zip(zip(outer, inner, strict=True), known, strict=True) if kept]
    design = np.column_stack([np.ones(len(y)), *rest])
    if reason := _unsaid(y, design, large, small):
        return Levels("insufficient", reason, left_out=left_out)
    terms = dict(zip(covariates or {}, rest, strict=True))
    found = _likeliest(_fitted(y, design, large, small), *(_alone(y, part, terms) for part in (large, small)))
    if found is None:
        return Levels("insufficient", NOT_CONVERGED, left_out=left_out)
    beta, variances, loglik = found
    state: State = "no_difference" if max(variances[:2]) < NO_SPREAD * variances[2] else "estimated"
    fixed = dict(zip((INTERCEPT, *(covariates or {})), map(float, beta), strict=True))
    return Levels(state, "", *variances, fixed, loglik, left_out)


def _unsaid(y: Floats, design: Floats, large: Sequence[Any], small: Sequence[Any]) -> str:
    """Why the levels cannot be told apart; empty when they can."""
    if len(set(large)) < FEWEST:
        return TOO_FEW
    if len(set(small)) == len(set(large)):
        return ONE_INSIDE
    if len(set(small)) == len(y):
        return SINGLES
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return REPEATED
    return ALL_EQUAL if np.ptp(y) == 0 else ""


def _alone(y: Floats, groups: Sequence[Any], covariates: Mapping[str, Floats]) -> Model:
    """The model with one of the two levels: what is left when the other does not differ."""
    return random_intercept(y, [str(one) for one in groups], covariates)


def _likeliest(both: Fit | None, outer: Model, inner: Model) -> Fit | None:
    """At a variance of 0 the optimisers fail or stop short: the model of one level is then as likely or likelier."""
    found = [] if both is None else [both]
    for model, place in ((outer, 0), (inner, 1)):
        if model.fixed is not None:
            variances = (model.tau2, 0.0, model.sigma2) if place == 0 else (0.0, model.tau2, model.sigma2)
            found.append((np.array(list(model.fixed.values())), variances, model.loglik + 1e-9))
    return max(found, key=lambda one: one[2], default=None)


def _fitted(y: Floats, design: Floats, large: Sequence[Any], small: Sequence[Any]) -> Fit | None:
    """Coefficients, the three variances and the restricted log-likelihood; None when it does not converge."""
    from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec

    centre, unit = float(y.mean()), float(y.std())
    place = {label: number for number, label in enumerate(sorted(set(large), key=str))}
    member = np.array([place[one] for one in large])
    parts, names = [], []
    for group in range(len(place)):
        here = [small[int(row)] for row in np.flatnonzero(member == group)]
        labels = sorted(set(here), key=str)
        parts.append(np.array([[float(one == label) for label in labels] for one in here]))
        names.append([str(label) for label in labels])
    component = VCSpec(["inner"], [names], [parts])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a variance of 0 is an answer
        try:
            model = MixedLM((y - centre) / unit, design, groups=member, exog_vc=component, exog_re=np.ones((len(y), 1)))
            found = model.fit(reml=True, method=OPTIMISERS, **TIGHT)
        except np.linalg.LinAlgError:
            return None
    if not np.isfinite(found.llf):
        return None
    beta = np.asarray(found.fe_params) * unit
    beta[0] += centre
    scale = unit**2
    variances = (float(np.asarray(found.cov_re)[0, 0]), float(found.vcomp[0]), float(found.scale))
    loglik = float(found.llf) - (len(y) - design.shape[1]) * float(np.log(unit))
    return beta, (variances[0] * scale, variances[1] * scale, variances[2] * scale), loglik
