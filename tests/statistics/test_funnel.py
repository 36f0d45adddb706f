"""Control limits of funnels and the spread of organisations beyond chance."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.statistics.funnel import INNER, OUTER, limits, sizes, spread

CENTRES = st.floats(0.02, 0.98)


def test_limits_of_ten_tosses_by_hand() -> None:
    """P(X ≤ 1) = 11/1024, P(X ≤ 2) = 56/1024: the tail of 2.5 % lies between counts 1 and 2."""
    part = (56 / 1024 - 0.025) / (56 / 1024 - 11 / 1024)
    lower, upper = limits(0.5, [10], INNER)
    assert lower[0] == pytest.approx((2 - part) / 10)
    assert upper[0] == pytest.approx(1 - (2 - part) / 10)


def test_of_large_organisations_the_limits_are_those_of_the_normal_law() -> None:
    z = stats.norm.ppf(0.999)
    deviation = math.sqrt(0.2 * 0.8 / 40_000)
    lower, upper = limits(0.2, [40_000], OUTER)
    assert (lower[0], upper[0]) == (
        pytest.approx(0.2 - z * deviation, abs=2e-4),
        pytest.approx(0.2 + z * deviation, abs=2e-4),
    )


def test_spread_between_organisations_widens_the_limits_by_its_variance() -> None:
    """Far from 0 and 1 the additive model: centre ± z √(s² + τ²)."""
    z = stats.norm.ppf(0.975)
    lower, upper = limits(0.5, [20_000], INNER, tau=0.02)
    reach = z * math.sqrt(0.25 / 20_000 + 0.02**2)
    assert (lower[0], upper[0]) == (pytest.approx(0.5 - reach, abs=1e-4), pytest.approx(0.5 + reach, abs=1e-4))


@settings(max_examples=60, deadline=None)
@given(CENTRES, st.integers(1, 150), st.sampled_from([INNER, OUTER]))
def test_chance_crosses_a_limit_no_more_often_than_stated(centre: float, n: int, confidence: float) -> None:
    lower, upper = limits(centre, [n], confidence)
    counts = np.arange(n + 1)
    odds = stats.binom.pmf(counts, n, centre)
    assert odds[counts / n < lower[0] - 1e-12].sum() <= (1 - confidence) / 2 + 1e-9
    assert odds[counts / n > upper[0] + 1e-12].sum() <= (1 - confidence) / 2 + 1e-9


@settings(max_examples=60, deadline=None)
@given(CENTRES, st.integers(1, 400), st.floats(0, 0.2))
def test_outer_limits_hold_inner_ones_and_the_centre(centre: float, n: int, tau: float) -> None:
    low, high = limits(centre, [n], INNER, tau)
    lowest, highest = limits(centre, [n], OUTER, tau)
    assert 0 <= lowest[0] <= low[0] <= high[0] <= highest[0] <= 1
    assert lowest[0] <= centre <= highest[0]


def test_spread_by_hand() -> None:
    """Four organisations of 100 around one half: z = (x − 50) / 5 = −2, −1, 1, 2; nothing is winsorised."""
    found = spread([40, 45, 55, 60], [100] * 4, 0.5, winsorised=0)
    assert found.phi == pytest.approx((4 + 1 + 1 + 4) / 4)
    # w = 400 each: Σw − Σw²/Σw = 1600 − 400; Iφ − (I − 1) = 10 − 3
    assert found.tau == pytest.approx(math.sqrt(7 / 1200))


def test_an_outlier_is_pulled_to_the_quantile_of_the_others() -> None:
    """Of eleven, the tenth and the ninetieth percentile are the second and the tenth value."""
    shares = [50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 95]
    assert spread(shares, [100] * 11, 0.5).phi == 0.0
    assert spread(shares, [100] * 11, 0.5, winsorised=0).phi == pytest.approx(81 / 11)


def test_alike_organisations_have_no_spread_beyond_chance() -> None:
    rng = np.random.default_rng(7)
    n = rng.integers(20, 120, 2000)
    honest = spread(rng.binomial(n, 0.3), n, 0.3)
    assert honest.tau < 0.02
    true = np.clip(rng.normal(0.3, 0.1, 2000), 0, 1)
    # winsorised z-scores see a little less than the true spread of 0.1
    assert 0.07 < spread(rng.binomial(n, true), n, 0.3).tau < 0.1


@pytest.mark.parametrize("centre", [0.0, 1.0])
def test_nobody_or_everybody_leaves_no_room(centre: float) -> None:
    assert spread([0, 0], [9, 9], centre).tau == 0
    lower, upper = limits(centre, [10, 100])
    assert set(lower) == set(upper) == {centre}


def test_sizes_reach_the_largest_organisation() -> None:
    assert sizes(90)[0] == 1
    assert sizes(90)[-1] == 90
    assert sizes(0) == [1]
