"""Tasks of a test: LSAT section 6 against psych and ltm, edge cases, tasks that drop in a school."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.statistics import items
from pipeline.statistics.items import analyse, apart, correlation_bounds, stratified_p
from tests.statistics.published import published
from tests.statistics.references import Check

LSAT = published("psych", "lsat6").drop(columns="rownames").to_numpy()
FIVE = [1, 2, 3, 4, 5]


def test_lsat_as_printed_by_psych_and_ltm(reference: Check) -> None:
    found = analyse(LSAT, [1] * 5, FIVE)
    reference("alpha", found.alpha, 0.294997, "psych (R), alpha on lsat6", abs=1e-6)
    ltm = "Rizopoulos 2006, J. Stat. Software 17 (5): descript(LSAT) of ltm"
    rests, difficulties = [task.rest for task in found.tasks], [task.difficulty for task in found.tasks]
    reference(
        "correlations with the rest of the test", rests, [0.1128, 0.1532, 0.1728, 0.1444, 0.1216], ltm, decimals=4
    )
    reference("shares solved", difficulties, [0.924, 0.709, 0.553, 0.763, 0.870], ltm, abs=1e-12)
    assert found.tasks[0].zeros == pytest.approx(0.076)
    assert found.lower < found.alpha < found.upper


def test_interval_of_alpha_by_its_definition() -> None:
    """Feldt: (1 − α) / (1 − estimate) is F with (n − 1), (n − 1)(k − 1): by simulation of parallel tasks, α = 0.8."""
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(400):
        table = rng.normal(size=(50, 1)) + rng.normal(size=(50, 4))  # α = 4 / (4 + 1)
        _, lower, upper, _ = items.alpha(table)
        covered += lower < 0.8 < upper
    assert covered / 400 == pytest.approx(0.95, abs=0.03)


def test_points_of_several() -> None:
    found = analyse([[0, 2], [1, 4], [2, 3]], [2, 4], ["1", "2"], not_attempted=[[True, False]] + [[False, False]] * 2)
    first, second = found.tasks
    assert (first.difficulty, second.difficulty) == (pytest.approx(3 / 6), pytest.approx(9 / 12))
    assert (first.zeros, first.full, first.not_attempted) == tuple(map(pytest.approx, (1 / 3, 1 / 3, 1 / 3)))
    assert first.rest == pytest.approx(np.corrcoef([0, 1, 2], [2, 4, 3])[0, 1])


def test_edges_are_answered_in_words() -> None:
    found = analyse([[0, 1, 1], [0, 1, 0], [0, 1, 1]], [1, 1, 1], "abc")
    assert [task.reason for task in found.tasks] == [items.ALL_ZERO, items.ALL_FULL, items.REST_SAME]
    assert np.isnan([task.rest for task in found.tasks]).all()
    assert analyse([[1], [0]], [1], "a").reason == items.ONE_TASK
    assert analyse([[1, 0], [0, 1]], [1, 1], "ab").reason == items.SAME_TOTAL
    assert analyse(np.empty((0, 2)), [1, 1], "ab").reason == items.NOBODY
    small = analyse(LSAT[:9], [1] * 5, FIVE, least=10)
    assert small.reason == items.LITTLE
    assert np.isnan([task.difficulty for task in small.tasks]).all()


def test_pupils_of_the_other_variant_are_left_out() -> None:
    table = LSAT[:50].astype(float)
    table[::2, 0] = np.nan
    found = analyse(table, [1] * 5, FIVE)
    assert (found.n, found.left_out) == (25, 25)
    assert found.alpha == pytest.approx(items.alpha(LSAT[1:50:2].astype(float))[0])


def test_impossible_scores_are_refused() -> None:
    with pytest.raises(ValueError, match="maximum"):
        analyse([[2, 0]], [1, 1], "ab")
    with pytest.raises(ValueError, match="pupils × tasks"):
        analyse([1, 0], [1, 1], "ab")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 500), st.floats(0.5, 9))
def test_alpha_has_no_unit_and_no_order(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 3, (30, 4)).astype(float)
    mixed = table[rng.permutation(30)][:, rng.permutation(4)] * scale
    assert items.alpha(mixed)[0] == pytest.approx(items.alpha(table)[0], abs=1e-9)


# --- tasks that drop in a school -----------------------------------------------------------------------------------
def drawn(seed: int, schools: int = 12, size: int = 40) -> tuple[np.ndarray, list[int]]:
    rng = np.random.default_rng(seed)
    member = np.repeat(np.arange(schools), size)
    ability = rng.normal(size=(len(member), 1)) + rng.normal(0, 0.5, schools)[member][:, None]
    chance = 1 / (1 + np.exp(-(ability - np.linspace(-1.5, 1.5, 10))))
    return (rng.random((len(member), 10)) < chance).astype(float), [int(one) for one in member]


def test_a_task_not_taught_in_one_school_is_found_and_nothing_else() -> None:
    table, school = drawn(1)
    rows = [number for number, one in enumerate(school) if one == 3]
    table[rows, 4] = 0
    found = apart(table, [1] * 10, range(10), school)
    dropped = [(one.school, one.task) for one in found if one.p_adjusted < 0.05 and one.difference < 0]
    assert dropped == [(3, 4)]


def test_weak_schools_are_not_taken_for_dropping_tasks() -> None:
    """Equal tasks, unequal schools: the total explains it; p is as chance would have it."""
    p = np.concatenate([[one.p for one in apart(*_args(drawn(seed)))] for seed in range(6)])
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=0.025)


def _args(data: tuple[np.ndarray, list[int]]) -> tuple[np.ndarray, list[int], range, list[int]]:
    return data[0], [1] * 10, range(10), data[1]


def test_two_schools_of_one_total_by_hand() -> None:
    """Four pupils with the same total: school «a» holds two, both with 1 point of the first task."""
    table = [[1, 0], [1, 0], [0, 1], [0, 1]]
    first = apart(table, [1, 1], "xy", ["a", "a", "b", "b"])[0]
    variance = 2 * 2 / 4 * (1 / 3)  # n (N − n) / N · S², S² of 1, 1, 0, 0 is 1/3
    assert (first.difference, first.z) == (pytest.approx((2 - 1) / 2), pytest.approx(1 / variance**0.5))


def test_schools_that_cannot_be_compared() -> None:
    found = apart([[1, 1], [0, 0], [0, 1]], [1, 1], "xy", ["a", "b", "b"], least=2)
    assert [one.reason for one in found] == [items.LITTLE] * 2 + [items.NO_ONE_ELSE] * 2
    assert np.isnan([one.p_adjusted for one in found]).all()


def test_variants_are_compared_within_themselves() -> None:
    """The second variant has a harder first task; a school that wrote only it is no worse at it."""
    table, school = drawn(5)
    variant = ["2" if one < 3 else "12"[number % 2] for number, one in enumerate(school)]
    harder = np.array([one == "2" for one in variant])
    table[harder & (np.random.default_rng(2).random(len(table)) < 0.95), 0] = 0
    mixed = apart(table, [1] * 10, range(10), school)
    within = apart(table, [1] * 10, range(10), school, variant=variant)
    wrongly = {one.school for one in mixed if one.task == 0 and one.difference < 0 and one.p_adjusted < 0.05}
    assert {0, 1} <= wrongly <= {0, 1, 2}
    assert not [one for one in within if one.p_adjusted < 0.05]
    with pytest.raises(ValueError, match="variant"):
        apart(table, [1] * 10, range(10), school, variant=variant[1:])


def test_one_task_of_one_point_is_mantel_and_haenszel_without_correction(reference: Check) -> None:
    """Admissions of Berkeley 1973 by sex within departments (R UCBAdmissions): mantelhaen.test(correct = FALSE)."""
    admitted = {
        "A": (512, 313, 89, 19),
        "B": (353, 207, 17, 8),
        "C": (120, 205, 202, 391),
        "D": (138, 279, 131, 244),
        "E": (53, 138, 94, 299),
        "F": (22, 351, 24, 317),
    }
    points, total, inside = [], [], []
    for place, (men_in, men_out, women_in, women_out) in enumerate(admitted.values()):
        for hit, focal, count in ((1, False, men_in), (0, False, men_out), (1, True, women_in), (0, True, women_out)):
            points += [hit] * count
            total += [place] * count
            inside += [focal] * count
    source = "R 4.2 mantelhaen.test(UCBAdmissions, correct = FALSE): X² = 1.5246, p = 0.2169"
    reference(
        "Mantel-Haenszel of Berkeley admissions: p", stratified_p(points, total, inside), 0.2169, source, abs=1e-4
    )


def test_nobody_to_compare_is_no_p() -> None:
    assert np.isnan(stratified_p([1, 0], [1, 2], [True, False]))
    assert np.isnan(stratified_p([1, 1], [1, 1], [True, False]))


def test_bounds_of_a_correlation(reference: Check) -> None:
    """R cor.test(mtcars$mpg, mtcars$wt): −0.8676594, 95 % −0.9338264 to −0.7440872, n = 32."""
    found = correlation_bounds(-0.8676594, 32)
    reference("cor.test of mtcars mpg and wt: 95 % bounds", found, (-0.9338264, -0.7440872), "R 4.2 cor.test", abs=1e-6)
    assert np.isnan(correlation_bounds(0.5, 3)).all()
    assert np.isnan(correlation_bounds(1.0, 30)).all()
    assert np.isnan(correlation_bounds(float("nan"), 30)).all()


def test_a_link_between_variants_is_no_link_between_tasks() -> None:
    """Two variants, everything easier in one: over both the tasks look linked, inside a variant they are not."""
    rng = np.random.default_rng(8)
    variant = np.repeat(["1", "2"], 300)
    table = (rng.random((600, 5)) < np.where(variant == "1", 0.2, 0.8)[:, None]).astype(float)
    mixed, apart_ = analyse(table, [1] * 5, FIVE), analyse(table, [1] * 5, FIVE, variant=list(variant))
    assert min(task.rest for task in mixed.tasks) > 0.4
    assert max(abs(task.rest) for task in apart_.tasks) < 0.15
