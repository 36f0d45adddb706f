"""Gaps, empty groups, ties, constants and huge numbers: an answer or a plain refusal, and the same in any order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.statistics import (
    association,
    composite,
    context_index,
    detectable,
    effect,
    funnel,
    intervals,
    item_bias,
    items,
    matching,
    rasch,
    risk_zones,
    shrinkage_shares,
    similar,
    trend,
    two_parameter,
    wild_bootstrap,
)
from pipeline.statistics.comparison import Share
from pipeline.statistics.school_trends import _shrunk
from pipeline.statistics.shrinkage_scores import random_slope
from pipeline.statistics.summary_effects import combine
from tests.statistics.published import published
from tests.statistics.references import Check

NAN = float("nan")
LADDER = np.tile([[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]], (40, 1))  # no exceptions: a top there is not


@pytest.mark.parametrize("pair", [(3, 0), (-1, 5), (6, 5), (1, -5)])
@pytest.mark.parametrize("method", [intervals.wilson, intervals.clopper_pearson, intervals.jeffreys])
def test_counts_that_cannot_be(method, pair: tuple[int, int]) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="numerator"):
        method(*pair)


def test_points_that_pass_their_maximum_by_rounding_alone() -> None:
    assert intervals.wilson(0.1 + 0.2, 0.3)[1] == 1.0
    with pytest.raises(ValueError, match="numerator"):
        intervals.wilson(0.301, 0.3)
    with pytest.raises(ValueError, match="deviation"):
        intervals.mean_t(1, -2, 10)


def test_a_school_with_a_gap_has_no_part_in_an_effect() -> None:
    """It had: p was 0 and the value missing."""
    whole = effect.effect([1, 3, 4, 2, 5, 1], [2, 4, 4, 2, 6, 1], [1, 1, 0, 0, 0, 0])
    gap = effect.effect([1, 3, 4, 2, 5, 1, NAN], [2, 4, 4, 2, 6, 1, 3], [1, 1, 0, 0, 0, 0, 1])
    assert gap == whole
    inside = effect.effect([0, 0, 0, 0], [1, NAN, 2, 1], [1, 0, 1, 0], sets=[[0, 1], [2, 3]])
    assert (inside.treated, inside.controls) == (1, 1)
    change = np.r_[np.arange(7.0), np.arange(7) / 2, NAN]
    second = wild_bootstrap.of_effect(change, [1] * 7 + [0] * 8)
    assert second == wild_bootstrap.of_effect(change[:-1], [1] * 7 + [0] * 7)
    with pytest.raises(ValueError, match="every value"):
        wild_bootstrap.wild_cluster([1.0, NAN], [[1.0, 0.0], [1.0, 1.0]], 1, [0, 1])


def test_regression_to_the_mean_without_units_that_were_not_measured() -> None:
    whole = effect.regression_to_the_mean([1, 3, 2, 4], [2, 3, 4, 5], [1, 0, 0, 0])
    assert effect.regression_to_the_mean([1, 3, 2, 4, NAN], [2, 3, 4, 5, 1], [1, 0, 0, 0, 1]) == whole


def test_trends_leave_gaps_out() -> None:
    assert trend.kendall([1, NAN, 2, 3]) == trend.kendall([1, 2, 3])
    assert trend.theil_sen([1, 2, 3, 9], [1, 2, 4, NAN]) == trend.theil_sen([1, 2, 3], [1, 2, 4])
    whole = trend.cochran_armitage([3, 5, 9], [10, 10, 10], [1, 2, 4])
    assert trend.cochran_armitage([3, NAN, 5, 9], [10, 10, 10, 10], [1, 3, 2, 4]) == whole
    assert trend.cochran_armitage([3, 0, 5, 9], [10, 0, 10, 10], [1, 3, 2, 4]) == whole
    with pytest.raises(ValueError, match="numerator"):
        trend.cochran_armitage([11, 2], [10, 10], [1, 2])


def test_sampled_ways_do_not_depend_on_the_order_of_schools() -> None:
    chance = np.random.default_rng(8)
    values, other, taken = chance.normal(size=30), chance.normal(size=30), np.arange(30) < 12
    order = chance.permutation(30)
    assert association.permutation_p(values[order], other[order]) == association.permutation_p(values, other)
    assert association.groups_p(values[order], taken[order]) == association.groups_p(values, taken)


def test_links_leave_gaps_out() -> None:
    x, y = np.arange(12.0), np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8.0])
    assert association.association([*x, NAN], [*y, 3]) == association.association(x, y)
    assert math.isnan(association.permutation_p([1, 1, 1], [1, 2, 3]))
    assert math.isnan(context_index.agreement([1, 1], [1, 2]))


@pytest.mark.parametrize(
    "call",
    [
        lambda: context_index.component([[1.0, NAN], [2, 3]], [1, 1]),
        lambda: context_index.component([[1.0, 2.0]], [1, 1]),
        lambda: context_index.component(np.ones((12, 2)), [1, 1]),
        lambda: context_index.regressed([[1.0], [NAN], [2.0]], [1, 2, 3]),
        lambda: context_index.logits([6], [5]),
        lambda: similar.neighbours(["a", "b"], [[1.0], [NAN]]),
        lambda: similar.neighbours(["a", "a"], [[1.0], [2.0]]),
        lambda: matching.match([[1.0], [NAN], [3.0]], [True, False, False]),
        lambda: detectable.detectable_share(1.5, 10, 10, higher=True),
        lambda: shrinkage_shares.fit([1, 2], [3]),
    ],
)
def test_what_is_refused(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=r"every school|numerator|once|all of them|share|differs|denominator"):
        call()


def test_shares_of_organisations_without_counts() -> None:
    found = shrinkage_shares.shrink([3, 4, 5, 6, 7, NAN, 1], [10, 10, 10, 10, 10, 10, NAN])
    plain = shrinkage_shares.shrink([3, 4, 5, 6, 7], [10] * 5)
    assert found.prior == plain.prior
    assert np.isnan(found.value[5:]).all()
    assert matching.match(np.zeros((0, 2)), []) == matching.Matching((), ())
    assert math.isnan(risk_zones.exact_p(Share(0, 0), 0.5, "higher", 0.05))
    assert risk_zones.exact_p(Share(3, 10), 2.0, "higher", 0.05) == 0


def test_ladders_without_exceptions_have_no_top() -> None:
    assert rasch.fit(LADDER, list("abc")).reason == rasch.NOT_CONVERGED
    assert two_parameter.fit(LADDER, list("abc")).reason == rasch.NOT_CONVERGED


def test_a_task_that_only_one_group_solves_is_the_largest_difference() -> None:
    group = np.arange(80) < 40
    found = item_bias.mantel_haenszel(group.astype(float), np.arange(80) % 5, group)
    assert (found.size, abs(found.delta)) == ("C", math.inf)


def test_a_task_without_points_has_no_difficulty() -> None:
    found = items.analyse(np.column_stack([np.zeros(5), np.arange(5)]), [0, 4], ["a", "b"])
    assert math.isnan(found.tasks[0].difficulty)
    assert found.tasks[1].difficulty == 0.5


def test_results_exactly_on_lines_have_no_spread() -> None:
    years = np.tile(np.arange(5.0), 8)
    assert random_slope(years, years, np.repeat(np.arange(8), 5)) is None


def test_equal_indices_share_their_places() -> None:
    posts = [composite.Goalpost(0, 1)] * 3
    found = composite.robust(np.full((7, 3), 0.5), posts, (0.3, 0.7), draws=200)
    assert set(found.lowest) == set(found.highest) == {0.5}


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(7)))
def test_order_of_schools_in_an_index_does_not_matter(order: list[int]) -> None:
    table = np.array(
        [[0.1, 0.2, 0.3], [0.5, 0.5, 0.5], [0.5, 0.5, 0.5], [0.9, 0.8, 0.7], [1, 1, 1], [0, 0, 0], [0.2, 0.9, 0.4]]
    )
    posts = [composite.Goalpost(0, 1)] * 3
    plain = composite.robust(table, posts, (0.3, 0.7), draws=200)
    moved = composite.robust(table[list(order)], posts, (0.3, 0.7), draws=200)
    assert [plain.group[place] for place in order] == list(moved.group)
    assert [plain.lowest[place] for place in order] == pytest.approx(list(moved.lowest))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=5, max_size=12), st.randoms())
def test_prior_in_any_order_and_with_an_empty_school(pairs: list[tuple[int, int]], random) -> None:  # type: ignore[no-untyped-def]
    x, n = [min(pair) for pair in pairs], [max(pair) for pair in pairs]
    plain = shrinkage_shares.fit(x, n)
    order = list(range(len(x)))
    random.shuffle(order)
    moved = shrinkage_shares.fit([x[i] for i in order] + [0], [n[i] for i in order] + [0])
    assert moved.mean == pytest.approx(plain.mean, abs=1e-4)
    mirrored = shrinkage_shares.fit([b - a for a, b in zip(x, n, strict=True)], n)
    assert mirrored.mean == pytest.approx(1 - plain.mean, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.5, 5000), st.floats(0.5, 5000))
def test_limits_of_ratios_close_in_as_more_is_expected(first: float, second: float) -> None:
    few, many = sorted([first, second])
    (low, lower), (high, higher) = funnel.ratio_limits([few, many])
    assert 0 < low <= lower < 1 < higher <= high


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-20, 20), min_size=4, max_size=9), st.integers(1, 3), st.integers(-5, 5), st.integers(1, 9))
def test_two_groups_in_any_unit_and_named_the_other_way(values: list[int], taken: int, shift: int, scale: int) -> None:
    treated = np.arange(len(values)) < taken
    plain = association.groups_p(values, treated)
    assert association.groups_p(np.array(values) * scale + shift, treated) == pytest.approx(plain)
    assert association.groups_p(values, ~treated) == pytest.approx(plain)


def test_slopes_pulled_to_their_mean_are_those_of_metafor(reference: Check) -> None:
    value = [-20, -2, -55, -71, -4, 1, 11, -10, 7]
    variance = [
        40.5080232,
        2.0806452,
        15.6984038,
        150.2222222,
        17.3076923,
        1.1673414,
        94.5891266,
        6.3108793,
        19.8423077,
    ]
    mean = combine(value, np.sqrt(variance))
    ours = [_shrunk(float(own), error, mean, 0.95) for own, error in zip(value, np.sqrt(variance), strict=True)]
    source = "metafor 3.8-1 (R), rma(method = PM), blup on dat.normand1999"
    pulled = [
        -19.7442126,
        -2.0374508,
        -54.1590166,
        -61.4487028,
        -4.2587401,
        0.9741609,
        7.9944384,
        -10.0442083,
        6.4126126,
    ]
    errors = [6.2136366, 1.4406272, 3.924914, 11.2701558, 4.1172393, 1.0796716, 9.2107349, 2.5025841, 4.4017887]
    reference("shrunk values", [one.value for one in ours], pulled, source, abs=1e-6)
    reference("their errors", [one.error for one in ours], errors, source, abs=1e-6)


def test_two_parameters_of_lsat7(reference: Check) -> None:
    table = published("psych", "lsat7").drop(columns="rownames").to_numpy()
    found = two_parameter.fit(table, list(range(5)))
    source = "R package mirt, documentation of mirt(), LSAT7"
    slopes = [0.988, 1.081, 1.706, 0.765, 0.736]
    crossings = [1.856, 0.808, 1.804, 0.486, 1.855]
    reference("slopes", [task.slope for task in found.tasks], slopes, source, abs=2e-3)
    reference("slope · −difficulty", [-t.slope * t.difficulty for t in found.tasks], crossings, source, abs=2e-3)
    reference("log-likelihood", found.loglik, -2658.805, source, abs=1e-3)
