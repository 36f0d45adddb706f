"""Formal rules of low results: exact at the threshold, and how often they misfire."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.statistics.comparison import Share
from pipeline.statistics.low_results import Odds, Result, at_least, flag, is_low, low_next, met, odds
from pipeline.statistics.shrinkage_shares import JEFFREYS, Prior
from tests.statistics.references import Check

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


def test_a_percent_that_was_rounded_before_the_test_does_not_flag() -> None:
    """29.96 % (749 of 2500) is printed 30.0 %; no count of under 300 participants lies so near under the line."""
    assert round(749 / 2500 * 100, 1) == 30.0
    assert not is_low(Share(749, 2500), THRESHOLD)
    assert is_low(Share(750, 2500), THRESHOLD)


def test_in_whole_numbers_ten_times_the_count_is_three_times_the_participants() -> None:
    counts = [(x, n) for n in range(1, 300) for x in range(n + 1)]
    assert all(is_low(Share(x, n), THRESHOLD) == (10 * x >= 3 * n) for x, n in counts)


# Probability that a school whose true share is 0.15 or 0.20 is flagged, and that one of 0.40 is missed.
TAIL = "binomial tail by another program (R, pbinom), three printed decimals"
SIZES = (8, 10, 15, 20, 30, 50, 100)
FLAGGED = {
    0.15: (0.105, 0.180, 0.062, 0.067, 0.028, 0.005, 0.000),
    0.20: (0.203, 0.322, 0.164, 0.196, 0.129, 0.061, 0.011),
    0.40: tuple(1 - missed for missed in (0.315, 0.167, 0.217, 0.126, 0.094, 0.054, 0.015)),
}


def flagged(n: int, true: float) -> float:
    return float(sum(stats.binom.pmf(x, n, true) for x in range(n + 1) if is_low(Share(x, n), THRESHOLD)))


@pytest.mark.parametrize("true", FLAGGED)
def test_small_schools_are_flagged_and_missed_by_chance(true: float, reference: Check) -> None:
    ours = [flagged(n, true) for n in SIZES]
    what = f"true share {true}: probability of the flag for 8, 10, 15, 20, 30, 50, 100 pupils"
    reference(what, ours, FLAGGED[true], TAIL, abs=6e-4)


def test_two_procedures_misfire_less(reference: Check) -> None:
    """True share 0.20 in both of two independent procedures."""
    ours = [at_least([flagged(n, 0.20)] * 2, 2) for n in SIZES]
    expected = (0.041, 0.104, 0.027, 0.038, 0.017, 0.004, 0.0001)
    reference("true share 0.2 in two procedures: probability of both flags", ours, expected, TAIL, abs=6e-4)


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
    found = odds(results, 2026, lambda unit, year, share: 0.5, same_in_years=None)
    assert found == [Odds(0.5), Odds(0.5)]
    assert met(found, in_year=2, how="any") == pytest.approx(0.25)


def test_low_in_both_years_needs_both_years() -> None:
    """Unit a: .8 now and .5 before; b has no year before; c has too few participants to count."""
    held = [("a", 2026, 9), ("a", 2025, 9), ("b", 2026, 9), ("c", 2026, 2)]
    results = [Result(unit, year, Share(1, n)) for unit, year, n in held]
    found = odds(results, 2026, lambda unit, year, share: 0.8 if year == 2026 else 0.5, same_in_years=2, least=3)
    assert found == [Odds(0.8, 0.4), Odds(0.8, 0.0), Odds(0.0, 0.0)]
    assert met(found, in_year=2, how="all") == pytest.approx(0.4 * 0.8)  # a in both years, b now
    assert met(found, in_year=2, how="any") == pytest.approx(0.4 + 0.4 * 0.8)  # or a now alone, and b
    assert met(found, in_year=None, how="any") == pytest.approx(0.4)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=5), st.integers(1, 4))
def test_both_conditions_by_listing_all_outcomes(pairs: list[tuple[float, float]], count: int) -> None:
    found = [Odds(now, now * again) for now, again in pairs]
    expected = {"all": 0.0, "any": 0.0}
    for outcome in product((0, 1, 2), repeat=len(found)):  # not low, low now, low in every year
        chance = 1.0
        for state, one in zip(outcome, found, strict=True):
            chance *= (1 - one.now, one.now - one.running, one.running)[state]
        many, again = sum(state > 0 for state in outcome) >= count, 2 in outcome
        expected["all"] += chance * (many and again)
        expected["any"] += chance * (many or again)
    for how, probability in expected.items():
        assert met(found, in_year=count, how=how) == pytest.approx(probability, abs=1e-9)


def test_the_next_year_of_a_flat_prior_is_counted_by_hand() -> None:
    """After nothing seen, every count of the next four is as likely (Laplace); two, three and four are low."""
    assert low_next(Share(0, 0), 4, THRESHOLD, Prior(0.5, 2.0)) == pytest.approx(3 / 5)
    assert low_next(Share(3, 10), 4, THRESHOLD, JEFFREYS, least=5) == 0
    assert low_next(Share(3, 10), 0, THRESHOLD, JEFFREYS) == 0


def test_a_school_over_the_line_by_chance_is_expected_back_under_it() -> None:
    """3 of 10 among schools at .10 worth fifty pupils: three of four such schools are under the line again."""
    alike = Prior(0.10, 50.0)
    assert low_next(Share(3, 10), 10, THRESHOLD, alike) < 0.25
    assert low_next(Share(30, 100), 100, THRESHOLD, JEFFREYS) == pytest.approx(0.5, abs=0.05)
