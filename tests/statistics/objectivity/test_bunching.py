"""Excess mass against the published example of the R package bunching; the strength of lifting of whole districts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchmarks.cheating_world import Cheating, World, district
from pipeline.statistics.objectivity import bunching
from pipeline.statistics.objectivity.procedure import Procedure
from tests.statistics.references import Check

# R package bunching 0.8.4 (Mavrokonstantis), vignette «bunching_examples», kink 1: bins of 50 around 10 000, polynomial
# of order 4, twenty bins each side: B = 629.5111, b = 1.822088 (the package stops within 1 of the fixed point). Its
# data are made in data-raw/simulate_data.R from 81 uniform numbers of R after set.seed(100).
KINK_B, KINK_SHARE = 629.5111, 1.822088


def uniforms_of_r(seed: int, n: int) -> NDArray[np.float64]:
    """What runif(n) gives in R after set.seed(seed): Mersenne Twister, its state scrambled by a congruential one."""
    state = [seed]
    for _ in range(50 + 625):
        state.append((69069 * state[-1] + 1) % 2**32)
    twister = np.random.RandomState()
    twister.set_state(("MT19937", np.array(state[-624:], dtype=np.uint32), 624))
    return np.asarray(twister.randint(0, 2**32, size=n, dtype=np.uint32) * 2.3283064365386963e-10)


def kink() -> NDArray[np.float64]:
    """Counts of the bins −19…19; every count stands for five observations, its fraction is dropped."""
    height = np.linspace(80, 30, 81) + 1 + 14 * uniforms_of_r(100, 81)
    height[40] += 135
    return np.asarray(5 * np.floor(height))[21:60]


def test_numbers_of_r_are_made_again(reference: Check) -> None:
    ours = uniforms_of_r(100, 3)
    reference("set.seed(100); runif(3)", ours, [0.30776611, 0.25767250, 0.55232243], "R, numbers by chance", abs=1e-8)


def test_kink_of_the_vignette(reference: Check) -> None:
    found = bunching.excess_mass(kink().tolist(), at=19, degree=4)
    source = "bunching 0.8.4 (R, Mavrokonstantis), vignette «bunching_examples», kink 1"
    reference("excess mass", found.works, KINK_B, source, rel=1e-4)
    reference("excess over the counterfactual", found.share, KINK_SHARE, source, rel=2e-4)
    # The constraint holds: the counterfactual has as many observations as there are.
    assert found.counterfactual.sum() == pytest.approx(kink().sum(), rel=1e-6)


def test_mass_is_found_where_it_was_put() -> None:
    smooth = 400 + 3.0 * np.arange(60) - 0.08 * np.arange(60) ** 2
    for below, above in ((0, 0), (2, 1)):
        put = smooth.copy()
        put[30 - below : 31 + above] += 50
        found = bunching.excess_mass(put.tolist(), 30, 3, below, above)
        raised = 50 * (1 + below + above)
        # Nothing was taken from above here, so the constraint can only take a little off.
        assert 0.85 * raised < found.works <= raised


def school_marks(strength: float, seed: int, schools: int = 20) -> Procedure:
    """A district in which every school lifts with the same strength; honest second looks are left out."""
    world = World(schools=schools, recheck=0.0, outside=False)
    cheating = (Cheating("A", strength, part=1.0),) if strength else ()
    return district(world, cheating, np.random.default_rng(seed)).procedure


@pytest.mark.parametrize("strength", [0.0, 0.15, 0.3, 0.6])
def test_strength_of_a_whole_district_is_estimated(strength: float) -> None:
    found = [bunching.lifted_share(school_marks(strength, seed), np.random.default_rng(0)) for seed in range(12)]
    assert np.mean([one.share for one in found]) == pytest.approx(strength, abs=0.05)
    covered = sum(one.lower - 0.03 <= strength <= one.upper + 0.03 for one in found)
    assert covered >= 10


def test_half_of_the_works_lifted_everywhere_is_unusual_and_none_is_not() -> None:
    assert all(bunching.lifted_share(school_marks(0.5, seed), np.random.default_rng(0)).unusual for seed in range(4))
    assert not any(bunching.lifted_share(school_marks(0, seed), np.random.default_rng(0)).unusual for seed in range(8))


def test_order_of_pupils_and_numbers_of_schools_tell_nothing() -> None:
    one = school_marks(0.3, 5)
    order = np.random.default_rng(3).permutation(len(one.school))
    renamed = np.random.default_rng(4).permutation(one.schools)
    moved = replace(one, scores=one.scores[order], school=renamed[one.school[order]], room=one.room[order])
    first, second = (bunching.lifted_share(each, np.random.default_rng(0), 20) for each in (one, moved))
    assert second.share == pytest.approx(first.share, abs=1e-12)


@given(st.floats(0.0, 0.9))
def test_the_pattern_gives_the_strength_back(strength: float) -> None:
    log_ratio = np.log((1 + 1.5 * strength) / (1 - strength))
    assert bunching._share(log_ratio / 2) == pytest.approx(strength, abs=1e-9)


def test_few_schools_and_short_scales_are_not_told() -> None:
    one = school_marks(0.3, 6)
    alone = replace(one, school=np.zeros_like(one.school), room=np.zeros_like(one.room))
    assert "школ" in bunching.lifted_share(alone, np.random.default_rng(0)).reason
    crowded = replace(one, cuts=np.array([5, 9, 13, 17]))
    found = bunching.lifted_share(crowded, np.random.default_rng(0))
    assert "шкала" in found.reason
    assert np.isnan(found.share)
    assert not found.unusual
    assert "границ" in bunching.lifted_share(replace(one, cuts=np.array([], int)), np.random.default_rng(0)).reason
