"""Shares borrowed from all organisations, and the probability that a share is over a line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from pipeline.statistics.shrinkage import JEFFREYS, Prior, fit, over, shrunk

# Jeffreys' intervals of Brown, Cai and DasGupta as computed by two programs (81 of 263; 1 of 29; 3 of 7).
JEFFREYS_LOWER = [(81, 263, 0.2545219), (1, 29, 0.0037462), (3, 7, 0.1388642)]


@pytest.mark.parametrize(("x", "n", "bound"), JEFFREYS_LOWER)
def test_probability_is_that_of_the_published_interval(x: int, n: int, bound: float) -> None:
    assert over(x, n, bound) == pytest.approx(0.975, abs=1e-5)


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
