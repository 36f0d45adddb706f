"""The smallest change that would be seen, against Cohen 1988, table 6.4.1 (two-sided .05, power .80)."""

from __future__ import annotations

import math

import pytest

from pipeline.statistics.detectable import detectable_share, smallest_h
from tests.statistics.references import Check


@pytest.mark.parametrize(("h", "n"), [(0.20, 392), (0.50, 63), (0.80, 25)])
def test_sample_sizes_of_the_published_table(h: float, n: int, reference: Check) -> None:
    """The table gives the whole number of participants in each sample: one fewer would not do."""
    assert smallest_h(n, n) <= h * 1.005
    assert smallest_h(n - 1, n - 1) > h * 0.995
    source = "Cohen 1988, Statistical Power Analysis, table 6.4.1, two-sided .05, power .80"
    reference(f"smallest h seen of {n} participants a sample", smallest_h(n, n), h, source, rel=1e-2)


def test_unequal_samples_follow_the_harmonic_mean() -> None:
    """Cohen, formula 6.3.1: n' = 2·n·m / (n + m); 50 and 200 are worth 80 and 80."""
    assert smallest_h(50, 200) == pytest.approx(smallest_h(80, 80))


def test_the_share_lies_so_far_away() -> None:
    found = detectable_share(0.30, 100, 100, higher=False)
    assert found is not None
    assert 2 * math.asin(math.sqrt(0.30)) - 2 * math.asin(math.sqrt(found)) == pytest.approx(
        2.8015852 * math.sqrt(0.02)
    )
    assert found == pytest.approx(0.1385, abs=5e-4)  # by hand: asin √.3 = .57964, less .19810 = .38154, sin² = .1386


def test_nothing_can_be_seen_of_too_few() -> None:
    assert detectable_share(0.05, 20, 20, higher=False) is None
    assert detectable_share(0.95, 20, 20, higher=True) is None
    with pytest.raises(ValueError, match="participants"):
        smallest_h(0, 5)
