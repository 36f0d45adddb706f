"""The two-parameter model: LSAT as ltm and mirt print it, recovery of drawn slopes, edge cases."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.statistics import rasch
from pipeline.statistics.two_parameter import TwoParameter, fit
from tests.statistics.published import published
from tests.statistics.references import Check

LSAT6 = published("psych", "lsat6").drop(columns="rownames").to_numpy()
LSAT7 = published("psych", "lsat7").drop(columns="rownames").to_numpy()
FIVE = range(1, 6)


def slopes(found: TwoParameter) -> list[float]:
    return [task.slope for task in found.tasks]


def test_lsat_6_as_in_ltm_and_mirt(reference: Check) -> None:
    found = fit(LSAT6, FIVE)
    ltm = "Rizopoulos 2006, J. Stat. Software 17 (5): ltm(LSAT ~ z1), two-parameter model"
    published_slopes = [0.8257, 0.7228, 0.8908, 0.6884, 0.6569]
    reference(
        "LSAT section 6: discriminations of the two-parameter model", slopes(found), published_slopes, ltm, abs=3e-4
    )
    reference("LSAT section 6: log-likelihood of the two-parameter model", found.loglik, -2466.653, ltm, abs=1e-3)


def test_lsat_7_as_in_mirt(reference: Check) -> None:
    """mirt prints slope and intercept d = −slope · difficulty."""
    found = fit(LSAT7, FIVE)
    mirt = "Chalmers 2012, J. Stat. Software 48 (6): mirt(LSAT7, 1)"
    intercepts = [-task.slope * task.difficulty for task in found.tasks]
    reference("LSAT section 7: discriminations", slopes(found), [0.988, 1.081, 1.706, 0.765, 0.736], mirt, abs=2e-3)
    reference("LSAT section 7: intercepts", intercepts, [1.856, 0.808, 1.804, 0.486, 1.855], mirt, abs=2e-3)
    reference("LSAT section 7: log-likelihood", found.loglik, -2658.805, mirt, abs=1e-3)


def test_slopes_and_steps_of_several_points_are_recovered() -> None:
    rng = np.random.default_rng(7)
    true_slopes = np.array([0.6, 1.0, 1.6, 1.2])
    steps = np.array([[-1.0, 0.4], [0.2, 0.2], [0.8, -0.4], [-0.6, 1.4]])
    theta = rng.normal(size=6000)
    sums = np.concatenate([np.zeros((4, 1)), steps.cumsum(axis=1)], axis=1)
    power = theta[:, None, None] * true_slopes[:, None] * np.arange(3) - sums
    chance = np.exp(power) / np.exp(power).sum(axis=2, keepdims=True)
    points = (rng.random((6000, 4, 1)) > chance.cumsum(axis=2)).sum(axis=2)
    found = fit(points, "abcd")
    off = [abs(task.slope - true) / task.slope_se for task, true in zip(found.tasks, true_slopes, strict=True)]
    assert max(off) < 3.5
    assert [task.difficulty for task in found.tasks] == pytest.approx(steps.mean(axis=1) / true_slopes, abs=0.12)


def test_slopes_of_their_own_fit_no_worse_than_one_for_all() -> None:
    """Rasch is the case of equal slopes: twice the difference is chi-squared with k − 1."""
    whole, equal = fit(LSAT7, FIVE), rasch.fit(LSAT7, FIVE)
    assert whole.loglik > equal.loglik
    assert whole.tasks[2].slope > equal.sd > whole.tasks[4].slope


def test_order_of_pupils_and_tasks_does_not_matter() -> None:
    there, back = fit(LSAT7, FIVE), fit(LSAT7[::-1, ::-1], FIVE)
    assert slopes(back)[::-1] == pytest.approx(slopes(there), abs=1e-3)


def test_what_cannot_be_said() -> None:
    assert fit(LSAT6[:99], FIVE).reason == rasch.LITTLE
    assert fit(LSAT6[:, :2], "ab").reason == rasch.FEW_TASKS
    found = fit(np.column_stack([LSAT6, np.ones(1000)]), range(6))
    assert found.tasks[5].reason
    assert np.isnan(found.tasks[5].slope)
    assert found.loglik == pytest.approx(fit(LSAT6, FIVE).loglik)
    with pytest.raises(ValueError, match="whole points"):
        fit([[0.5, 1], [1, 0]], "ab")
