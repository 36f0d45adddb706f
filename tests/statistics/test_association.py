"""Associations over schools: rank correlation by permutation, slope with interval."""

from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from pipeline.statistics.association import association, permutation_p
from tests.statistics.references import Check


def test_permutation_by_all_pairings() -> None:
    """Six schools, all 720 pairings counted here."""
    x, y = [1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5]
    seen = abs(stats.spearmanr(x, y).statistic)
    reached = [abs(stats.spearmanr(x, shuffled).statistic) >= seen - 1e-12 for shuffled in permutations(y)]
    assert permutation_p(x, y) == pytest.approx(sum(reached) / 720)


@pytest.mark.parametrize(
    ("order", "rho", "rare"),
    [([1, 6, 3, 7, 2, 8, 5, 4, 9, 10], 0.64848, True), ([3, 2, 1, 6, 10, 4, 8, 5, 9, 7], 0.63636, False)],
)
def test_critical_value_of_the_tables(order: list[int], rho: float, rare: bool, reference: Check) -> None:
    """Of ten schools |rho| ≥ 0.648 comes by chance in less than one case of twenty, 0.636 in more."""
    assert stats.spearmanr(range(10), order).statistic == pytest.approx(rho, abs=1e-5)
    source = "Zar 1972, JASA 67, 578: critical value of Spearman's rho of ten, two-sided .05, is .648"
    found = permutation_p(range(10), order, resamples=99_999) < 0.05
    reference(f"rho = {rho} is rarer than .05 (1: yes)", float(found), float(rare), source)


def test_slope_is_the_median_of_slopes() -> None:
    """Sen's definition: slopes of pairs of (1, 1), (2, 3), (3, 2), (4, 6) are 2, 1/2, 5/3, −1, 3/2, 4."""
    found = association([1, 2, 3, 4], [1, 3, 2, 6])
    assert found is not None
    assert found.slope == pytest.approx((1.5 + 5 / 3) / 2)
    assert found.lower <= found.slope <= found.upper


def test_under_ten_schools_there_is_no_p() -> None:
    nine, ten = (association(range(count), np.arange(count) ** 2.0) for count in (9, 10))
    assert nine is not None
    assert ten is not None
    assert nine.p is None
    assert ten.p == pytest.approx(1e-4)


def test_what_does_not_vary_goes_with_nothing() -> None:
    assert association([1, 1, 1, 1], [1, 2, 3, 4]) is None
    assert association([1, 2], [1, 2]) is None


def test_the_same_answer_every_time() -> None:
    x, y = np.arange(18), np.random.default_rng(1).normal(size=18)
    assert association(x, y) == association(x, y)
