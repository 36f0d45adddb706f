"""Formal rules of low results: exact at the threshold, and how often they misfire."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.statistics.comparison import Share
from pipeline.statistics.low_results import Result, at_least, flag, is_low, truly

THRESHOLD = Fraction("0.30")


@pytest.mark.parametrize(
    ("numerator", "n", "low"), [(3, 10, True), (30, 100, True), (2999, 10_000, False), (29, 100, False), (0, 0, False)]
)
def test_low_exactly_at_the_threshold(numerator: int, n: int, low: bool) -> None:
    """29.99 % prints as 30.0 % and is not low."""
    assert is_low(Share(numerator, n), THRESHOLD) is low


def test_too_few_participants_are_left_out_where_the_act_says_so() -> None:
    assert is_low(Share(3, 9), THRESHOLD)
    assert not is_low(Share(3, 9), THRESHOLD, least=10)


# Probability that a school whose true share is 0.15 or 0.20 is flagged, computed by another program (binomial tail).
@pytest.mark.parametrize(
    ("true", "odds"),
    [
        (0.15, {8: 0.105, 10: 0.180, 15: 0.062, 20: 0.067, 30: 0.028, 50: 0.005, 100: 0.000}),
        (0.20, {8: 0.203, 10: 0.322, 15: 0.164, 20: 0.196, 30: 0.129, 50: 0.061, 100: 0.011}),
    ],
)
def test_small_schools_are_flagged_by_chance(true: float, odds: dict[int, float]) -> None:
    for n, expected in odds.items():
        flagged = sum(stats.binom.pmf(x, n, true) for x in range(n + 1) if is_low(Share(x, n), THRESHOLD))
        assert flagged == pytest.approx(expected, abs=5e-4)


def test_both_conditions_and_both_ways_of_joining_them() -> None:
    results = [
        Result("vpr|russian|4", 2026, Share(4, 10)),
        Result("vpr|mathematics|4", 2026, Share(5, 10)),
        Result("oge|russian|9", 2026, Share(0, 10)),
        Result("vpr|russian|4", 2025, Share(1, 10)),
    ]
    found = flag(results, 2026, THRESHOLD, in_year=2, same_in_years=2)
    assert found.low == ("vpr|mathematics|4", "vpr|russian|4")
    assert (found.in_year, found.same, found.repeated) == (True, False, ())
    assert (found.joined("any"), found.joined("all")) == (True, False)
    before = Result("vpr|mathematics|4", 2025, Share(3, 10))
    again = flag([*results, before], 2026, THRESHOLD, in_year=2, same_in_years=2)
    assert again.repeated == ("vpr|mathematics|4",)
    assert again.joined("all")


def test_tests_of_one_unit_are_taken_together() -> None:
    """4 of 10 and 1 of 10 are 5 of 20."""
    results = [Result("vpr", 2026, Share(4, 10)), Result("vpr", 2026, Share(1, 10))]
    assert flag(results, 2026, THRESHOLD, in_year=1, same_in_years=None).low == ()


def test_a_condition_that_the_rule_lacks_is_never_met() -> None:
    results = [Result("vpr", 2026, Share(9, 10)), Result("vpr", 2025, Share(9, 10))]
    assert not flag(results, 2026, THRESHOLD, in_year=None, same_in_years=None).joined("any")


@given(st.lists(st.floats(0, 1), max_size=6), st.integers(0, 6))
def test_probability_of_at_least_so_many_by_listing_all_outcomes(odds: list[float], count: int) -> None:
    expected = 0.0
    for outcome in product((0, 1), repeat=len(odds)):
        chance = 1.0
        for happens, p in zip(outcome, odds, strict=True):
            chance *= p if happens else 1 - p
        expected += chance if sum(outcome) >= count else 0.0
    assert at_least(odds, count) == pytest.approx(expected, abs=1e-9)


def test_only_the_year_of_the_report_makes_the_verdict_likely() -> None:
    results = [Result("a", 2026, Share(1, 2)), Result("b", 2026, Share(1, 2)), Result("a", 2025, Share(1, 2))]
    assert truly(results, 2026, 2, lambda unit, share: 0.5) == pytest.approx(0.25)
