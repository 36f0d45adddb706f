"""Exact Poisson intervals against the published table of Garwood (1936), two-sided 95 %."""

import numpy as np
import pytest

from pipeline.statistics.rates import poisson_exact

TABLE = {0: (0.0, 3.689), 1: (0.0253, 5.572), 5: (1.623, 11.668), 10: (4.795, 18.390)}


@pytest.mark.parametrize(("events", "bounds"), TABLE.items())
def test_published_bounds(events: int, bounds: tuple[float, float]) -> None:
    lower, upper = poisson_exact(events, 1.0)
    assert (float(lower), float(upper)) == (pytest.approx(bounds[0], abs=1e-3), pytest.approx(bounds[1], abs=1e-3))


def test_bounds_are_divided_by_the_exposure() -> None:
    lower, upper = poisson_exact([10, 10], [1.0, 250.0])
    assert lower[1] == pytest.approx(lower[0] / 250)
    assert upper[1] == pytest.approx(upper[0] / 250)


def test_nothing_known_gives_no_bounds() -> None:
    lower, upper = poisson_exact([np.nan, 3.0], [10.0, 0.0])
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()


def test_negative_numbers_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        poisson_exact(-1, 10)
