"""Intervals against published tables and by properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from pipeline.statistics.intervals import at_least, clopper_pearson, jeffreys, mean_t, sison_glaz, wilson
from tests.statistics.references import Check

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))

TABLE_1 = "Newcombe 1998, Statistics in Medicine 17, 857, table I; more digits from R, {}"
NEWCOMBE = [
    (81, 263, 0.2552885, 0.3662096),
    (15, 148, 0.0623864, 0.1604872),
    (0, 20, 0.0, 0.1611252),
    (1, 29, 0.0061132, 0.1717552),
    (0, 1, 0.0, 0.7934507),
    (1, 1, 0.2065493, 1.0),
]


@pytest.mark.parametrize(("x", "n", "lower", "upper"), NEWCOMBE)
def test_wilson_as_published(x: int, n: int, lower: float, upper: float, reference: Check) -> None:
    reference(f"Wilson of {x} of {n}", wilson(x, n), (lower, upper), TABLE_1.format("prop.test"), abs=1e-7)


@pytest.mark.parametrize(
    ("x", "n", "lower", "upper"),
    [
        (81, 263, 0.2527367, 0.3676219),
        (15, 148, 0.0578440, 0.1616505),
        (0, 20, 0.0, 0.1684335),
        (1, 29, 0.0008726, 0.1776443),
    ],
)
def test_clopper_pearson_as_published(x: int, n: int, lower: float, upper: float, reference: Check) -> None:
    source = TABLE_1.format("binom.test")
    reference(f"Clopper–Pearson of {x} of {n}", clopper_pearson(x, n), (lower, upper), source, abs=1e-7)


@pytest.mark.parametrize(
    ("x", "n", "lower", "upper"),
    [(81, 263, 0.2545219, 0.3656475), (1, 29, 0.0037462, 0.1500777), (3, 7, 0.1388642, 0.7654988)],
)
def test_jeffreys_as_published(x: int, n: int, lower: float, upper: float, reference: Check) -> None:
    source = "Brown, Cai and DasGupta 2001, Statistical Science 16, 101; quantiles of Beta by R, qbeta"
    reference(f"Jeffreys of {x} of {n}", jeffreys(x, n), (lower, upper), source, abs=1e-7)


def test_jeffreys_reaches_the_ends() -> None:
    """Brown, Cai and DasGupta 2001: the bound is 0 at x = 0 and 1 at x = n; statsmodels leaves a quantile there."""
    lower, upper = jeffreys([0, 20], [20, 20])
    assert lower[0] == 0.0
    assert upper[1] == 1.0
    assert 0 < upper[0] < 0.2
    assert 0.8 < lower[1] < 1


@given(COUNTS)
def test_wilson_and_exact_agree_with_scipy(pair: tuple[int, int]) -> None:
    x, n = pair
    found = binomtest(x, n)
    for ours, method in ((wilson, "wilson"), (clopper_pearson, "exact")):
        expected = found.proportion_ci(0.95, method=method)
        lower, upper = ours(x, n)
        assert lower == pytest.approx(expected.low, abs=1e-9)
        assert upper == pytest.approx(expected.high, abs=1e-9)


@given(COUNTS)
def test_bounds_hold_the_share_and_stay_inside(pair: tuple[int, int]) -> None:
    x, n = pair
    for method in (wilson, clopper_pearson, jeffreys):
        lower, upper = method(x, n)
        assert 0 <= lower <= x / n <= upper <= 1


@given(st.integers(2, 200))
def test_bounds_rise_with_the_count(n: int) -> None:
    x = np.arange(n + 1)
    for method in (wilson, clopper_pearson, jeffreys):
        lower, upper = method(x, np.full(n + 1, n))
        assert (np.diff(lower) > 0).all()
        assert (np.diff(upper) > 0).all()


@given(COUNTS, COUNTS)
def test_another_school_changes_nothing(first: tuple[int, int], other: tuple[int, int]) -> None:
    alone = wilson(first[0], first[1])
    together = wilson([first[0], other[0]], [first[1], other[1]])
    assert (together[0][0], together[1][0]) == alone


def test_nobody_took_part_is_not_zero_percent() -> None:
    lower, upper = wilson([0, 3], [0, 10])
    assert np.isnan([lower[0], upper[0]]).all()
    assert np.isfinite([lower[1], upper[1]]).all()


def test_numerator_above_denominator_is_refused() -> None:
    with pytest.raises(ValueError, match="numerator"):
        wilson(4, 3)


def test_t_interval_of_students_sleep_data(reference: Check) -> None:
    """Mean 2.33, standard deviation 2.002249, n = 10."""
    hours = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    found = mean_t(hours.mean(), hours.std(ddof=1), len(hours))
    source = "Student 1908, Biometrika 6, 1, extra sleep under drug 2; R, t.test"
    reference("t interval of a mean", found, (0.8976775, 3.7623225), source, abs=1e-6)


def test_one_value_has_no_spread() -> None:
    lower, upper = mean_t(0.5, np.nan, 1)
    assert np.isnan(lower)
    assert np.isnan(upper)


# --- several levels --------------------------------------------------------------------------------------------------
def test_simultaneous_bounds_as_published(reference: Check) -> None:
    """Sison and Glaz 1995, example 1, by the R package MultinomialCI."""
    lower = [0.07922912, 0.11349036, 0.11563169, 0.08565310, 0.09207709, 0.14561028, 0.08351178]
    upper = [0.1643361, 0.1985973, 0.2007386, 0.1707601, 0.1771840, 0.2307172, 0.1686187]
    found = sison_glaz([56, 72, 73, 59, 62, 87, 58])
    source = "Sison and Glaz 1995, JASA 90, 366, example 1, by MultinomialCI (R)"
    reference("Sison–Glaz of 56, 72, 73, 59, 62, 87, 58: lower", list(found[0]), lower, source, abs=5e-5)
    reference("Sison–Glaz of 56, 72, 73, 59, 62, 87, 58: upper", list(found[1]), upper, source, abs=5e-5)


def test_reached_levels_are_cumulative_shares_with_wilson(reference: Check) -> None:
    """Marks 2, 3, 4, 5 of 263 pupils: 182, 30, 36, 15; «3» and higher is 81 of 263, Newcombe's own example."""
    shares, (lower, upper) = at_least([182, 30, 36, 15])
    assert shares == pytest.approx([1, 81 / 263, 51 / 263, 15 / 263])
    source = "Newcombe 1998, Statistics in Medicine 17, 857, table I"
    reference("cumulative share 81 of 263", (lower[1], upper[1]), (0.2552885, 0.3662096), source, abs=1e-7)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=6))
def test_levels_hold_their_shares(counts: list[int]) -> None:
    shares, (lower, upper) = at_least(counts)
    several = sison_glaz(counts)
    if not sum(counts):
        assert np.isnan([*shares, *lower, *upper, *several[0]]).all()
        return
    assert (np.diff(shares) <= 0).all()
    assert ((lower <= shares) & (shares <= upper)).all()
    own = np.array(counts) / sum(counts)
    assert ((several[0] <= own + 1e-12) & (own <= several[1] + 1e-12)).all()
    assert ((several[0] >= 0) & (several[1] <= 1)).all()


def test_levels_that_are_no_counts_are_refused() -> None:
    assert sison_glaz([7]) == (pytest.approx([1.0]), pytest.approx([1.0]))
    for wrong in ([1, -1], [0.5, 1], [np.nan, 1]):
        with pytest.raises(ValueError, match="whole numbers"):
            at_least(wrong)
