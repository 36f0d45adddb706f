"""Shares borrowed from all organisations, and the probability that a share is over a line."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from pipeline.statistics.shrinkage_shares import FEW, JEFFREYS, SINGLES, Prior, fit, over, shrink, shrunk, stabilised
from tests.statistics.references import Check

JEFFREYS_SOURCE = "Brown, Cai and DasGupta 2001, Statistical Science 16, 101; quantiles of Beta by R, qbeta"
JEFFREYS_LOWER = [(81, 263, 0.2545219), (1, 29, 0.0037462), (3, 7, 0.1388642)]


@pytest.mark.parametrize(("x", "n", "bound"), JEFFREYS_LOWER)
def test_probability_is_that_of_the_published_interval(x: int, n: int, bound: float, reference: Check) -> None:
    what = f"probability that the share behind {x} of {n} is over {bound}"
    reference(what, over(x, n, bound), 0.975, JEFFREYS_SOURCE, abs=1e-5)


def test_the_prior_that_was_drawn_from_is_found() -> None:
    rng = np.random.default_rng(3)
    n = rng.integers(10, 80, 4000)
    found = fit(rng.binomial(n, rng.beta(4, 16, 4000)), n)
    assert found.mean == pytest.approx(0.2, abs=0.005)
    assert found.size == pytest.approx(20, rel=0.1)


def test_the_likelihood_is_at_its_largest() -> None:
    """By a grid, another route than the optimiser's."""
    x, n = np.array([3, 5, 10, 2, 30, 8]), np.array([30, 40, 44, 20, 60, 50])
    found = fit(x, n)

    def likelihood(mean: float, size: float) -> float:
        return float(stats.betabinom.logpmf(x, n, mean * size, (1 - mean) * size).sum())

    grid = [likelihood(mean, size) for mean in np.linspace(0.05, 0.6, 111) for size in np.geomspace(1, 300, 100)]
    assert likelihood(found.mean, found.size) >= max(grid) - 1e-6


def test_organisations_alike_by_chance_are_pulled_together() -> None:
    alike = fit([20] * 8, [100] * 8)
    assert shrunk(0, 10, alike) == pytest.approx(0.2, abs=0.01)


# Hits of the first 45 at bats of 18 players, James–Stein estimates of their averages.
HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
PUBLISHED = [0.290, 0.286, 0.281, 0.277, 0.273, 0.273, 0.268, 0.264, 0.259, 0.259, *[0.254] * 5, 0.249, 0.244, 0.239]


def test_baseball_of_efron_and_morris(reference: Check) -> None:
    source = "Efron and Morris 1975, JASA 70, 311, table 1"
    reference("batting averages of 18 players", stabilised(HITS, 45), PUBLISHED, source, decimals=3)


def test_few_organisations_say_nothing_of_each_other() -> None:
    assert fit([1, 2, 3, 4], [10] * 4) == JEFFREYS
    assert fit([], []) == JEFFREYS


def test_posterior_mean_by_hand() -> None:
    assert shrunk(3, 10, Prior(0.2, 20)) == pytest.approx((3 + 4) / (10 + 20))


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.05, 0.95))
def test_probability_by_integration(count: tuple[int, int], level: float) -> None:
    x, n = count
    density = stats.beta(x + 0.2 * 20, n - x + 0.8 * 20).pdf
    assert over(x, n, level, Prior(0.2, 20)) == pytest.approx(integrate.quad(density, level, 1)[0], abs=1e-6)


def test_baseball_by_beta_binomial_is_near_to_it_and_keeps_the_order() -> None:
    found = shrink(HITS, [45] * 18)
    assert found.state in ("estimated", "no_difference")
    assert np.abs(found.value - np.array(PUBLISHED)).max() < 0.03
    assert (np.diff(found.value) <= 1e-12).all()


@pytest.mark.parametrize(
    ("x", "n", "reason"),
    [
        ([3], [10], FEW),
        ([1, 2, 3, 4], [10] * 4, FEW),
        ([1, 0] * 5, [1] * 10, SINGLES),
        ([], [], FEW),
        ([0] * 9, [0] * 9, FEW),
    ],
)
def test_where_nothing_can_be_said_the_reason_is(x: list[int], n: list[int], reason: str) -> None:
    found = shrink(x, n)
    assert (found.state, found.reason, found.prior) == ("insufficient", reason, JEFFREYS)
    assert np.isnan(found.value).all()


def test_organisations_alike_have_the_common_share() -> None:
    found = shrink([20] * 8, [100] * 8)
    assert found.state == "no_difference"
    assert found.value == pytest.approx(np.full(8, 0.2), abs=1e-3)


@pytest.mark.parametrize("none", [0, 1])
def test_nobody_or_everybody_everywhere(none: int) -> None:
    found = shrink([30 * none] * 6, [30] * 6)
    assert np.isfinite(found.value).all()
    assert found.value == pytest.approx(np.full(6, float(none)), abs=0.01)


def test_one_organisation_without_participants_stays_unknown() -> None:
    found = shrink([3, 5, 10, 2, 30, 0], [30, 40, 44, 20, 60, 0])
    assert np.isnan(found.value[-1])
    assert np.isfinite(found.value[:-1]).all()


SCHOOLS = st.lists(
    st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=6, max_size=20
)


@settings(max_examples=25, deadline=None)
@given(SCHOOLS, st.randoms())
def test_order_of_schools_does_not_matter_and_values_lie_between_own_and_common(
    schools: list[tuple[int, int]], random: Random
) -> None:
    x, n = (np.array(part) for part in zip(*schools, strict=True))
    order = list(range(len(x)))
    random.shuffle(order)
    straight, mixed = shrink(x, n), shrink(x[order], n[order])
    assert straight.state == mixed.state
    if straight.state != "insufficient":
        assert straight.value[order] == pytest.approx(mixed.value, abs=2e-3)
        own, common = x / n, straight.prior.mean
        assert (straight.value >= np.minimum(own, common) - 1e-9).all()
        assert (straight.value <= np.maximum(own, common) + 1e-9).all()
        assert ((straight.lower <= straight.value + 1e-9) & (straight.value <= straight.upper + 1e-9)).all()


@given(st.integers(1, 80), st.floats(0.02, 0.98), st.floats(1, 200))
def test_a_larger_count_gives_a_larger_share(n: int, mean: float, size: float) -> None:
    values = [shrunk(x, n, Prior(mean, size)) for x in range(n + 1)]
    assert (np.diff(values) > 0).all()


def test_more_hits_than_tries_are_refused() -> None:
    with pytest.raises(ValueError, match="numerator"):
        shrink([5, 1, 1, 1, 1], [4, 4, 4, 4, 4])
    with pytest.raises(ValueError, match="four"):
        stabilised([1, 2, 3], 10)
