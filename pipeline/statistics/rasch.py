"""The Rasch model and its extension to tasks of several points (partial credit), by marginal maximum likelihood.

P(x | θ) ∝ exp(xθ − Σ_{k ≤ x} b_k), θ normal with mean 0 (Rasch 1960; Masters 1982, Psychometrika 47, 149; Bock and
Aitkin 1981, Psychometrika 46, 443). The counts of totals and of points of each task are sufficient, so the likelihood
does not grow with pupils: scipy finds its top, and no library of item response theory is needed. One discrimination for
all tasks: either the spread of θ is estimated (the one-parameter model of ltm and of lme4), or it is set to 1.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
State = Literal["estimated", "insufficient"]
FEWEST = 100  # pupils: of fewer only the classical values are given
NODES = 81
STEEPEST = 15.0  # logits: one error among three millions
LITTLE = "участников меньше ста: даются только классические показатели заданий"
FEW_TASKS = "заданий, которые выполнил не каждый и не никто, меньше двух"
NOT_CONVERGED = "оценка не сошлась"


@dataclass(frozen=True)
class Task:
    """`steps`: difficulty of each further point in logits (one for a task of one point), with errors; empty with a
    `reason` where all pupils have the same score or one of the scores was reached by nobody."""

    name: Hashable
    steps: tuple[float, ...]
    se: tuple[float, ...]
    reason: str = ""

    @property
    def difficulty(self) -> float:
        """Mean of the steps; nan when there are none."""
        return float(np.mean(self.steps)) if self.steps else float("nan")

    @property
    def halfway(self) -> float:
        """The level at which half of the points are expected: of a task of one point its difficulty; nan without steps.

        The expected points rise with the level, so there is one such place (Masters 1982).
        """
        if not self.steps:
            return float("nan")
        from scipy import optimize

        sums = np.concatenate([[0.0], np.cumsum(self.steps)])
        points = np.arange(len(sums))

        def beyond(theta: float) -> float:
            power = theta * points - sums
            chance = np.exp(power - power.max())
            return float(chance @ points / chance.sum() - points[-1] / 2)

        reach = float(np.abs(self.steps).max()) + 1.0
        return float(optimize.brentq(beyond, -reach, reach))


@dataclass(frozen=True)
class Rasch:
    """`sd`: spread of pupils in logits, i.e. the common discrimination when pupils are measured in units of it."""

    state: State
    reason: str = ""
    tasks: tuple[Task, ...] = ()
    sd: float = float("nan")
    loglik: float = float("nan")
    n: int = 0


def fit(scores: ArrayLike, names: Sequence[Hashable], *, sd: float | None = None, fewest: int = FEWEST) -> Rasch:
    """`scores`: pupils × tasks in whole points from 0; rows with a gap do not count. `sd`: set, or estimated.

    Raises ValueError for scores that are not whole points.
    """
    points = whole_points(scores, names)
    if len(points) < max(2, fewest):
        return Rasch("insufficient", LITTLE, n=len(points))
    reasons = [unfit(points[:, place]) for place in range(len(names))]
    kept = [place for place, reason in enumerate(reasons) if not reason]
    if len(kept) < 2:
        return Rasch("insufficient", FEW_TASKS, n=len(points))
    found = _maximised(points[:, kept], sd)
    if found is None:
        return Rasch("insufficient", NOT_CONVERGED, n=len(points))
    steps, errors, spread, loglik = found
    fitted = dict(zip(kept, zip(steps, errors, strict=True), strict=True))
    tasks = tuple(Task(name, *fitted.get(at, ((), ())), reasons[at]) for at, name in enumerate(names))
    return Rasch("estimated", "", tasks, spread, loglik, len(points))


def abilities(found: Rasch) -> Floats:
    """Expected level, in logits, of a pupil with each total of the fitted tasks from 0 up (expected a posteriori: Bock
    and Mislevy 1982, Applied Psychological Measurement 6, 431). Empty where nothing was estimated."""
    steps = [np.array(task.steps) for task in found.tasks if task.steps]
    if found.state != "estimated" or not steps:
        return np.empty(0)
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    theta = nodes * found.sd
    norm = np.zeros(NODES)
    for own in steps:
        sums = np.concatenate([[0.0], np.cumsum(own)])
        norm += np.logaddexp.reduce(np.outer(theta, np.arange(len(sums))) - sums, axis=1)
    totals = np.arange(sum(len(own) for own in steps) + 1)
    inner = np.outer(totals, theta) - norm + np.log(weights / weights.sum())
    chance = np.exp(inner - np.logaddexp.reduce(inner, axis=1)[:, None])
    return np.asarray(chance @ theta, dtype=float)


def whole_points(scores: ArrayLike, names: Sequence[Hashable]) -> NDArray[np.int64]:
    """Rows without a gap as whole points. ValueError for other shapes and for scores that are not whole points."""
    given = np.asarray(scores, dtype=float)
    if given.ndim != 2 or given.shape[1] != len(names):
        raise ValueError("scores are pupils × tasks, with a name for each task")
    table = given[np.isfinite(given).all(axis=1)]
    if (table < 0).any() or (table != np.floor(table)).any():
        raise ValueError("scores are whole points from 0")
    points: NDArray[np.int64] = table.astype(np.int64)
    return points


def unfit(points: NDArray[np.int64]) -> str:
    """Why nothing can be estimated of one task; empty where it can."""
    if np.ptp(points) == 0:
        return "у всех один балл за задание"
    return "" if (np.bincount(points) > 0).all() else "какого-то балла не получил никто"


def _maximised(
    points: NDArray[np.int64], sd: float | None
) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]], float, float] | None:
    """Steps and errors of each task, the spread, the log-likelihood."""
    from scipy import optimize
    from statsmodels.tools.numdiff import approx_fprime

    counts = [np.bincount(points[:, place]) for place in range(points.shape[1])]
    totals = np.bincount(points.sum(axis=1))
    ends = np.cumsum([len(count) - 1 for count in counts])

    def loss(place: Floats) -> tuple[float, Floats]:
        spread = sd if sd is not None else math.exp(place[-1])
        loglik, by_steps, by_spread = _likelihood(np.split(place[: ends[-1]], ends[:-1]), spread, counts, totals)
        return -loglik, -np.concatenate([by_steps, [by_spread] if sd is None else []])

    start = np.concatenate([first_steps(count) for count in counts] + ([np.zeros(1)] if sd is None else []))
    found = optimize.minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-6 * len(points)})
    if not np.isfinite(found.fun) or np.abs(found.jac).max() > 1e-3 * len(points):
        return None
    information = approx_fprime(found.x, lambda place: loss(place)[1], centered=True)
    error = np.sqrt(np.clip(np.diag(np.linalg.pinv(information)), 0, None))
    steps, errors = (np.split(part[: ends[-1]], ends[:-1]) for part in (found.x, error))
    spread = sd if sd is not None else math.exp(found.x[-1])
    if max(spread, np.abs(found.x[: ends[-1]]).max()) > STEEPEST:  # a ladder without exceptions has no top
        return None
    return [tuple(map(float, part)) for part in steps], [tuple(map(float, part)) for part in errors], spread, -found.fun


def first_steps(count: NDArray[np.int64]) -> Floats:
    """Log odds of neighbouring scores, as if all pupils were alike."""
    return np.asarray(np.log(count[:-1] / count[1:]))


def _likelihood(
    steps: Sequence[Floats], spread: float, counts: Sequence[NDArray[np.int64]], totals: NDArray[np.int64]
) -> tuple[float, Floats, float]:
    """Log-likelihood, its slope over the steps of all tasks and over log spread.

    Σ over totals r of N_r log ∫ exp(rθ) / Π Z(θ) φ(θ) dθ − Σ counts × sums of steps, by Gauss–Hermite nodes.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    theta = nodes * spread
    fixed, norm, expected, reached = 0.0, np.zeros(NODES), np.zeros(NODES), []
    for own, count in zip(steps, counts, strict=True):
        sums = np.concatenate([[0.0], np.cumsum(own)])
        fixed += float(count @ sums)
        power = np.outer(theta, np.arange(len(count))) - sums
        whole = np.logaddexp.reduce(power, axis=1)
        norm += whole
        chance = np.exp(power - whole[:, None])
        expected += chance @ np.arange(len(count))
        reached.append(chance[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:])  # P(x ≥ k | θ)
    inner = np.outer(np.arange(len(totals)), theta) - norm + np.log(weights / weights.sum())
    whole = np.logaddexp.reduce(inner, axis=1)
    pupils = totals[:, None] * np.exp(inner - whole[:, None])  # at each total and node
    at_node = pupils.sum(axis=0)
    observed = [count[::-1].cumsum()[::-1][1:] for count in counts]
    by_steps = [at_node @ share - seen for share, seen in zip(reached, observed, strict=True)]
    by_spread = float(theta @ (np.arange(len(totals)) @ pupils - at_node * expected))
    return float(totals @ whole) - fixed, np.concatenate(by_steps), by_spread
