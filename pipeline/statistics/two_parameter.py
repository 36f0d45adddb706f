"""Tasks that tell pupils apart unequally: the two-parameter model and its extension to tasks of several points.

P(x | θ) ∝ exp(a·x·θ − Σ_{k ≤ x} c_k), θ standard normal (Birnbaum 1968; Muraki 1992, Applied Psychological Measurement
16, 159), by marginal maximum likelihood over the patterns of answers (Bock and Aitkin 1981, Psychometrika 46, 443) with
Gauss–Hermite nodes. With all slopes equal it is the model of `rasch`. A slope rests on more pupils than a difficulty
does: its error says how well it is known.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.statistics.rasch import (
    FEW_TASKS,
    FEWEST,
    LITTLE,
    NOT_CONVERGED,
    STEEPEST,
    State,
    first_steps,
    unfit,
    whole_points,
)

Floats = NDArray[np.float64]
NODES = 61
FEWEST_TASKS = 3  # of two tasks the slopes cannot be told apart


@dataclass(frozen=True)
class Task:
    """`slope`: discrimination in logits per standard deviation of pupils; `difficulty`: where on their scale (in
    standard deviations too) the mean step lies; nan with a `reason`."""

    name: Hashable
    slope: float
    slope_se: float
    difficulty: float
    reason: str = ""


@dataclass(frozen=True)
class TwoParameter:
    """Tasks in the order given, log-likelihood, pupils with all tasks."""

    state: State
    reason: str = ""
    tasks: tuple[Task, ...] = ()
    loglik: float = float("nan")
    n: int = 0


def fit(scores: ArrayLike, names: Sequence[Hashable], *, fewest: int = FEWEST) -> TwoParameter:
    """`scores`: pupils × tasks in whole points from 0; rows with a gap do not count. ValueError as in `rasch.fit`."""
    points = whole_points(scores, names)
    if len(points) < max(2, fewest):
        return TwoParameter("insufficient", LITTLE, n=len(points))
    reasons = [unfit(points[:, place]) for place in range(len(names))]
    kept = [place for place, reason in enumerate(reasons) if not reason]
    if len(kept) < FEWEST_TASKS:
        return TwoParameter("insufficient", FEW_TASKS, n=len(points))
    found = _maximised(points[:, kept])
    if found is None:
        return TwoParameter("insufficient", NOT_CONVERGED, n=len(points))
    fitted, loglik = found
    nothing = (float("nan"),) * 3
    by_place = dict(zip(kept, fitted, strict=True))
    tasks = tuple(Task(name, *by_place.get(at, nothing), reasons[at]) for at, name in enumerate(names))
    return TwoParameter("estimated", "", tasks, loglik, len(points))


def _maximised(points: NDArray[np.int64]) -> tuple[list[tuple[float, float, float]], float] | None:
    """Slope, its error and difficulty of each task, and the log-likelihood; None where no top is found."""
    from scipy import optimize
    from statsmodels.tools.numdiff import approx_fprime

    patterns, counts = np.unique(points, axis=0, return_counts=True)
    levels = [int(column.max()) for column in points.T]
    ends = np.cumsum([1 + level for level in levels])[:-1]

    def loss(place: Floats) -> tuple[float, Floats]:
        value, gradient = _likelihood(np.split(place, ends), patterns, counts)
        return -value, -gradient

    first = np.concatenate([np.append(1.0, first_steps(np.bincount(column))) for column in points.T])
    found = optimize.minimize(loss, first, jac=True, method="BFGS", options={"gtol": 1e-6 * len(points)})
    if not np.isfinite(found.fun) or np.abs(found.jac).max() > 1e-3 * len(points):
        return None
    if np.abs(found.x).max() > STEEPEST:  # a task that splits the pupils without exceptions has no top
        return None
    information = approx_fprime(found.x, lambda place: loss(place)[1], centered=True)
    error = np.sqrt(np.clip(np.diag(np.linalg.pinv(information)), 0, None))
    parts = zip(np.split(found.x, ends), np.split(error, ends), strict=True)
    turn = -1.0 if sum(part[0] for part in np.split(found.x, ends)) < 0 else 1.0  # more of the trait: more points
    fitted = [(float(turn * own[0]), float(se[0]), float(turn * own[1:].mean() / own[0])) for own, se in parts]
    return fitted, float(-found.fun)


def _likelihood(
    tasks: Sequence[Floats], patterns: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[float, Floats]:
    """Log-likelihood and its slope over `a` and the `c` of each task in turn."""
    theta, weights = np.polynomial.hermite_e.hermegauss(NODES)
    inner = np.broadcast_to(np.log(weights / weights.sum()), (len(patterns), NODES)).copy()
    chances = []
    for place, own in enumerate(tasks):
        power = np.outer(theta, own[0] * np.arange(len(own))) - np.concatenate([[0.0], own[1:].cumsum()])
        log_chance = power - np.logaddexp.reduce(power, axis=1)[:, None]
        chances.append(np.exp(log_chance))
        inner += log_chance.T[patterns[:, place]]
    whole = np.logaddexp.reduce(inner, axis=1)
    pupils = counts[:, None] * np.exp(inner - whole[:, None])  # of each pattern at each node
    at_node = pupils.sum(axis=0)
    gradient = []
    for place, chance in enumerate(chances):
        steps = np.arange(1, chance.shape[1])
        expected = at_node * (chance @ np.arange(chance.shape[1]))
        by_slope = theta @ (patterns[:, place] @ pupils - expected)
        reached = chance[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
        seen = [counts[patterns[:, place] >= step].sum() for step in steps]
        gradient.append(np.append(by_slope, at_node @ reached - seen))
    return float(counts @ whole), np.concatenate(gradient)
