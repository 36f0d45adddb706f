"""Difference of differences of shares: against Wald's sum of variances in large samples, and by coverage."""

import math

import numpy as np
import pytest

from pipeline.statistics.beyond import beyond, exact
from pipeline.statistics.comparison import Difference, Share, difference


def test_two_intervals_by_hand() -> None:
    """−20 (−30…−10) less −10 (−14…−7): −10, down √(10² + 3²), up √(10² + 4²)."""
    found = beyond(Difference(-0.20, -0.30, -0.10, 0.95), Difference(-0.10, -0.14, -0.07, 0.95))
    assert found.value == pytest.approx(-0.10)
    assert (found.lower, found.upper) == pytest.approx((-0.10 - math.sqrt(0.0109), -0.10 + math.sqrt(0.0116)))


def test_others_known_exactly_only_move_the_interval() -> None:
    own = difference(Share(15, 100), Share(40, 100))
    found = beyond(own, exact(-0.05, 0.95))
    assert (found.lower, found.upper) == pytest.approx((own.lower + 0.05, own.upper + 0.05))
    with pytest.raises(ValueError, match="confidence"):
        beyond(own, exact(0, 0.99))


def test_in_large_samples_it_is_the_root_of_the_summed_variances() -> None:
    counts, n = (4000, 5000, 3000, 3500), 20_000
    shares = [Share(count, n) for count in counts]
    found = beyond(difference(shares[0], shares[1]), difference(shares[2], shares[3]))
    half = 1.959964 * math.sqrt(sum(c / n * (1 - c / n) / n for c in counts))
    assert (found.value - found.lower, found.upper - found.value) == pytest.approx((half, half), rel=0.01)


def test_it_covers_what_is_not_there_as_often_as_it_says() -> None:
    chance = np.random.default_rng(3)
    drawn = chance.binomial((60, 60, 200, 200), (0.3, 0.2, 0.3, 0.2), size=(400, 4))
    inside = 0
    for before, after, other_before, other_after in drawn.tolist():
        own = difference(Share(after, 60), Share(before, 60))
        found = beyond(own, difference(Share(other_after, 200), Share(other_before, 200)))
        inside += found.lower <= 0 <= found.upper
    assert inside / 400 == pytest.approx(0.95, abs=0.035)
