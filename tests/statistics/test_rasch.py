"""The Rasch model: LSAT and VerbAgg as published, recovery of drawn steps, edge cases."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from pipeline.statistics.rasch import FEW_TASKS, LITTLE, Rasch, Task, abilities, fit
from tests.statistics.published import published
from tests.statistics.references import Check

LSAT6 = published("psych", "lsat6").drop(columns="rownames").to_numpy()
LSAT7 = published("psych", "lsat7").drop(columns="rownames").to_numpy()
FIVE = range(1, 6)


def difficulties(found: Rasch) -> list[float]:
    return [task.difficulty for task in found.tasks]


def test_lsat_with_discrimination_one_as_in_ltm(reference: Check) -> None:
    found = fit(LSAT6, FIVE, sd=1.0)
    source = "Rizopoulos 2006, J. Stat. Software 17 (5): rasch(LSAT, constraint = discrimination 1) of ltm"
    values, errors = [-2.8720, -1.0630, -0.2576, -1.3881, -2.2188], [0.1287, 0.0821, 0.0766, 0.0865, 0.1048]
    reference("LSAT section 6: difficulties", difficulties(found), values, source, abs=1e-4)
    reference("LSAT section 6: their errors", [task.se[0] for task in found.tasks], errors, source, abs=1e-4)
    reference("LSAT section 6: log-likelihood", found.loglik, -2473.054, source, abs=1e-3)


def test_lsat_with_the_common_discrimination_estimated(reference: Check) -> None:
    found = fit(LSAT6, FIVE)
    source = "Rizopoulos 2006, J. Stat. Software 17 (5): rasch(LSAT) of ltm; glmer of lme4 (R)"
    reference("LSAT section 6: common discrimination", found.sd, 0.7551, source, abs=1e-4)
    scaled = [value / found.sd for value in difficulties(found)]
    values = [-3.6153, -1.3224, -0.3176, -1.7301, -2.7802]
    reference("LSAT section 6: difficulties over the discrimination", scaled, values, source, abs=2e-4)
    reference("LSAT section 6: log-likelihood, discrimination free", found.loglik, -2466.9376, source, abs=1e-3)


def test_likelihood_by_integration() -> None:
    """The same likelihood pupil by pupil, by adaptive quadrature; the estimate is its top."""
    table = LSAT7[::5]
    found = fit(table, FIVE)
    steps = np.array(difficulties(found))

    def loglik(moved: np.ndarray, sd: float) -> float:
        def chance(theta: float, row: np.ndarray) -> float:
            p = 1 / (1 + np.exp(moved - theta))
            return float(np.prod(np.where(row == 1, p, 1 - p)) * stats.norm.pdf(theta, scale=sd))

        patterns, counts = np.unique(table, axis=0, return_counts=True)
        return float(
            sum(
                count * np.log(integrate.quad(chance, -12, 12, args=(row,))[0])
                for row, count in zip(patterns, counts, strict=True)
            )
        )

    top = loglik(steps, found.sd)
    assert found.loglik == pytest.approx(top, abs=1e-5)
    assert loglik(steps + [0.05, 0, 0, 0, 0], found.sd) < top
    assert loglik(steps, found.sd * 1.05) < top


def test_steps_of_several_points_are_recovered() -> None:
    rng = np.random.default_rng(4)
    true = np.array([[-1.0, 0.5], [0.0, 0.0], [1.0, -0.5], [-0.5, 1.5]])
    theta = rng.normal(0, 1.2, 6000)
    power = theta[:, None, None] * np.arange(3) - np.concatenate([np.zeros((4, 1)), true.cumsum(axis=1)], axis=1)
    chance = np.exp(power) / np.exp(power).sum(axis=2, keepdims=True)
    points = (rng.random((6000, 4, 1)) > chance.cumsum(axis=2)).sum(axis=2)
    found = fit(points, "abcd")
    assert np.array([task.steps for task in found.tasks]) == pytest.approx(true, abs=0.15)
    assert found.sd == pytest.approx(1.2, abs=0.08)
    wrong = [
        abs(step - at) / se
        for task, row in zip(found.tasks, true, strict=True)
        for step, at, se in zip(task.steps, row, task.se, strict=True)
    ]
    assert max(wrong) < 3.5


def test_a_task_of_one_point_is_the_same_in_both_models() -> None:
    three = np.column_stack([LSAT6, LSAT6[:, 0] + LSAT6[:, 1]])  # one of two points among them
    found = fit(three, range(6))
    assert [len(task.steps) for task in found.tasks] == [1, 1, 1, 1, 1, 2]


def test_more_solved_is_easier_and_order_does_not_matter() -> None:
    found = fit(LSAT7, FIVE)
    assert np.argsort(difficulties(found)).tolist() == np.argsort(-LSAT7.mean(axis=0)).tolist()
    mixed = fit(LSAT7[::-1, ::-1], FIVE)
    assert difficulties(mixed)[::-1] == pytest.approx(difficulties(found), abs=1e-4)


def test_what_cannot_be_said() -> None:
    assert fit(LSAT6[:99], FIVE).reason == LITTLE
    zero = np.column_stack([LSAT6, np.zeros(1000), np.ones(1000)])
    found = fit(zero, range(7))
    assert [bool(task.reason) for task in found.tasks] == [False] * 5 + [True] * 2
    assert np.isnan(found.tasks[5].difficulty)
    assert found.loglik == pytest.approx(fit(LSAT6, FIVE).loglik)
    assert fit(np.ones((200, 3)), "abc").reason == FEW_TASKS
    gaps = LSAT6.astype(float)
    gaps[:950, 0] = np.nan
    assert fit(gaps, FIVE).reason == LITTLE
    with pytest.raises(ValueError, match="whole points"):
        fit([[0.5, 1], [1, 0]], "ab")
    with pytest.raises(ValueError, match="name for each"):
        fit([[1, 0]], "a")


def test_half_of_the_points_are_expected_halfway() -> None:
    found = fit(LSAT7, FIVE)
    assert [task.halfway for task in found.tasks] == pytest.approx(difficulties(found), abs=1e-9)
    task = Task("x", (-1.0, 0.5, 1.2), (0.1, 0.1, 0.1))
    power = task.halfway * np.arange(4) - np.array([0.0, -1.0, -0.5, 0.7])
    chance = np.exp(power) / np.exp(power).sum()
    assert chance @ np.arange(4) == pytest.approx(1.5)
    assert np.isnan(Task("y", (), (), "у всех один балл за задание").halfway)


def test_level_of_a_total_by_integration() -> None:
    found = fit(LSAT7, FIVE)
    b = np.array(difficulties(found))

    def moment(total: int, power: int) -> float:
        def inside(theta: float) -> float:
            weight = np.exp(total * theta) / np.prod(1 + np.exp(theta - b)) * stats.norm.pdf(theta, scale=found.sd)
            return float(theta**power * weight)

        return float(integrate.quad(inside, -12, 12)[0])

    assert abilities(found) == pytest.approx([moment(r, 1) / moment(r, 0) for r in range(6)], abs=1e-6)
    assert (np.diff(abilities(found)) > 0).all()
    assert len(abilities(fit(LSAT7[:50], FIVE))) == 0
