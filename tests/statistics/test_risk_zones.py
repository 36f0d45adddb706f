"""Zones of risk: real and large at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.statistics.comparison import Share
from pipeline.statistics.risk_zones import Limits, against_share, against_value, discoveries, exact_p
from tests.statistics.references import Check

LIMITS = Limits(red=0.95, amber=0.75, delta=0.05, least=10)
ORDER = ("green", "grey", "amber", "red")
SHARES = st.integers(10, 200).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))


def test_zone_by_the_posterior_itself() -> None:
    """40 of 100 against 0.25: P(θ > 0.30) of Beta(40.5, 60.5)."""
    found = against_value(Share(40, 100), 0.25, "lower", LIMITS)
    assert found.worse == pytest.approx(stats.beta(40.5, 60.5).sf(0.30))
    assert found.zone == "red"


def test_real_but_small_is_not_red() -> None:
    """22 % of 4000 against 20 %: certainly more, certainly not by five points."""
    found = against_value(Share(880, 4000), 0.20, "lower", LIMITS)
    assert found.better < 0.001
    assert found.zone == "grey"


def test_large_but_unsure_is_amber_or_grey() -> None:
    """3, 4 and 8 of 12 against 20 %: the shares 0.25, 0.33, 0.67."""
    found = [against_value(Share(x, 12), 0.20, "lower", LIMITS).zone for x in (3, 4, 8)]
    assert found == ["grey", "amber", "red"]


def test_more_is_better_is_the_mirror() -> None:
    there = against_value(Share(30, 100), 0.5, "higher", LIMITS)
    back = against_value(Share(70, 100), 0.5, "lower", LIMITS)
    assert there == back


def test_too_few_have_no_zone() -> None:
    assert against_value(Share(9, 9), 0.1, "lower", LIMITS).zone == "insufficient"
    assert against_share(Share(50, 50), Share(1, 9), "lower", LIMITS).zone == "insufficient"


def test_the_rest_has_an_error_of_its_own() -> None:
    """By simulation of both posteriors."""
    rng = np.random.default_rng(5)
    first, second = rng.beta(20.5, 30.5, 400_000), rng.beta(100.5, 400.5, 400_000)
    found = against_share(Share(20, 50), Share(100, 500), "lower", LIMITS)
    assert found.worse == pytest.approx(float((first > second + 0.05).mean()), abs=2e-3)
    assert found.better == pytest.approx(float((first < second).mean()), abs=1e-3)


@settings(max_examples=50, deadline=None)
@given(SHARES, SHARES)
def test_two_alike_posteriors_mirror_each_other(first: Share, second: Share) -> None:
    there = against_share(first, second, "lower", LIMITS)
    back = against_share(second, first, "lower", LIMITS)
    assert there.better + back.better == pytest.approx(1, abs=1e-3)


def test_a_rest_of_very_many_is_a_known_value() -> None:
    alone = against_value(Share(30, 100), 0.2, "lower", LIMITS)
    among = against_share(Share(30, 100), Share(2_000_000, 10_000_000), "lower", LIMITS)
    assert among.worse == pytest.approx(alone.worse, abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.integers(10, 120), st.floats(0.05, 0.9))
def test_more_of_the_bad_never_makes_a_zone_better(n: int, value: float) -> None:
    places = [ORDER.index(against_value(Share(x, n), value, "lower", LIMITS).zone) for x in range(n + 1)]
    assert places == sorted(places)


@given(st.integers(1, 9), st.integers(1, 20))
def test_the_same_share_of_more_pupils_is_surer(x: int, times: int) -> None:
    """Worse by more than delta: the more pupils, the redder."""
    few = against_value(Share(10 + x, 40), 0.15, "lower", LIMITS)
    many = against_value(Share((10 + x) * (times + 1), 40 * (times + 1)), 0.15, "lower", LIMITS)
    assert many.worse >= few.worse - 1e-12


@given(SHARES, st.floats(0.05, 0.9))
def test_red_is_what_the_exact_test_finds(share: Share, value: float) -> None:
    """The twin is conservative: its p lies between the posterior tails of x and of x − 1 counts."""
    p = exact_p(share, value, "lower", 0.05)
    found = against_value(share, value, "lower", LIMITS)
    if p < 0.04:
        assert found.zone == "red"
    if found.zone == "grey":
        assert p > 0.2


def test_adjusted_as_published(reference: Check) -> None:
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]
    found = discoveries(p)
    source = "Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57, 289, section 4.1; R, p.adjust"
    reference("the four smallest adjusted p-values", found[:4], [0.0015, 0.003, 0.0095, 0.035625], source, rel=1e-6)
    reference("the sixth", found[5], 0.0638571, source, abs=1e-7)
    assert sum(one <= 0.05 for one in found) == 4
    assert discoveries([]) == []
