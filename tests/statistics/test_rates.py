"""Exact Poisson intervals against the published table of Garwood (1936), two-sided 95 %; two rates by hand."""

import numpy as np
import pytest

from pipeline.statistics.rates import Events, poisson_exact, verdict
from tests.statistics.references import Check

TABLE = {0: (0.0, 3.689), 1: (0.0253, 5.572), 5: (1.623, 11.668), 10: (4.795, 18.390)}


@pytest.mark.parametrize(("events", "bounds"), TABLE.items())
def test_published_bounds(events: int, bounds: tuple[float, float], reference: Check) -> None:
    source = "Garwood 1936, Biometrika 28, 437, table 1, two-sided 95 %"
    reference(f"exact Poisson bounds of {events} events", poisson_exact(events, 1.0), bounds, source, abs=1e-3)


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


@pytest.mark.parametrize(("others", "said"), [(5, "same"), (6, "lower")])
def test_none_against_some_over_equal_exposures(others: int, said: str) -> None:
    # none of k falls to one of two equal sides with chance 0.5 ** k: 0.031 for five, 0.016 for six
    assert verdict(Events(0, 100), Events(others, 100), least=10) == said
    assert verdict(Events(others, 100), Events(0, 100), least=10) == {"lower": "higher"}.get(said, said)


def test_exposures_are_taken_into_account() -> None:
    # 3 of 3 on a third of the exposure: chance (1/3) ** 3 = 0.037; 4 of 4: 0.012
    assert verdict(Events(3, 100), Events(0, 200), least=10) == "same"
    assert verdict(Events(4, 100), Events(0, 200), least=10) == "higher"


def test_few_persons_and_no_persons_are_not_compared() -> None:
    assert verdict(Events(9, 9), Events(0, 900), least=10) == "insufficient"
    with pytest.raises(ValueError, match="counted over"):
        Events(3, 0)
