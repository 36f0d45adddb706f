"""Trends of single schools: slopes by another route, shrinking, coverage by simulation."""

import numpy as np
import pytest
import statsmodels.api as sm

from pipeline.statistics.comparison import Share
from pipeline.statistics.school_trends import FEW, SchoolTrends, pooled, school_trends, slope, slope_of_means
from pipeline.statistics.trend import FALL, RISE, SAME, Point

YEARS = np.arange(2021, 2026)


def district(slopes: np.ndarray, n: int, seed: int = 5) -> dict[str, list[Point]]:
    chance, level = np.random.default_rng(seed), -0.8
    held = {}
    for number, one in enumerate(slopes):
        p = 1 / (1 + np.exp(-(level + one * (YEARS - 2023))))
        counts = chance.binomial(n, p)
        held[f"s{number:02d}"] = [Point(int(y), Share(int(x), n)) for y, x in zip(YEARS, counts, strict=True)]
    return held


def test_the_slope_is_that_of_logistic_regression() -> None:
    points = district(np.array([0.2]), 2000)["s00"]
    x = np.array([point.share.numerator for point in points])
    fitted = sm.GLM(np.column_stack([x, 2000 - x]), sm.add_constant(YEARS - 2023), family=sm.families.Binomial()).fit()
    assert slope(points) == pytest.approx((fitted.params[1], fitted.bse[1]), rel=5e-3)


def test_a_slope_by_hand() -> None:
    """Equal weights: logits of 10, 20, 30 of 40 and half a pupil more; (last − first) / 2 for three years."""
    points = [Point(2024, Share(10, 40)), Point(2025, Share(20, 40)), Point(2026, Share(30, 40))]
    own, _ = slope(points)
    assert own == pytest.approx(np.log(30.5 / 10.5))


def test_nobody_and_everybody_have_a_slope_too() -> None:
    own, error = slope([Point(2024, Share(0, 30)), Point(2025, Share(0, 30)), Point(2026, Share(30, 30))])
    assert own > 0
    assert np.isfinite(error)


def test_schools_that_move_alike_are_told_alike() -> None:
    """No spread of slopes: each is the mean, and the district's fall is every school's."""
    found = school_trends(district(np.full(12, -0.25), 60), 10)
    assert found.mean is not None
    assert found.mean.upper < 0
    values = [one.value for one in found.schools.values()]
    assert np.ptp(values) < np.ptp([one.own for one in found.schools.values()])
    assert {one.word for one in found.schools.values()} <= {FALL, SAME}


def test_one_school_that_goes_its_own_way_is_seen() -> None:
    found = school_trends(district(np.array([0.9, *np.zeros(11)]), 80), 10)
    assert found.schools["s00"].word == RISE
    assert found.schools["s00"].value < found.schools["s00"].own
    assert [one.word for one in list(found.schools.values())[1:]].count(SAME) >= 10


def test_intervals_hold_the_truth() -> None:
    """Thirty districts of twenty schools with slopes of standard deviation .2: about 95 % of intervals hold theirs."""
    chance, held = np.random.default_rng(1), []
    for seed in range(30):
        true = chance.normal(-0.1, 0.2, 20)
        found = school_trends(district(true, 50, seed), 10).schools.values()
        held += [abs(one.value - own) < 1.96 * one.error for one, own in zip(found, true, strict=True)]
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)


def test_too_little_is_an_answer() -> None:
    few = school_trends(district(np.zeros(4), 50), 10)
    assert (few.reason, few.schools, len(few.left)) == (FEW, {}, 4)
    small = school_trends(district(np.zeros(8), 9), 10)
    assert small.reason == FEW
    assert school_trends({}, 10) == SchoolTrends(reason=FEW)
    held = district(np.zeros(6), 50)
    held["s05"] = held["s05"][:2]
    assert school_trends(held, 10).left == ("s05",)


def test_the_order_of_schools_and_years_does_not_matter() -> None:
    held = district(np.linspace(-0.3, 0.3, 8), 40)
    turned = {name: held[name][::-1] for name in reversed(held)}
    assert school_trends(turned, 10) == school_trends(held, 10)


def test_slope_of_means_is_weighted_least_squares() -> None:
    """numpy's polyfit with weights 1/σ; its error with known variances by the inverse of X'WX."""
    year, value, variance = (
        np.array([2019, 2020, 2022, 2023.0]),
        np.array([51.0, 54, 53, 60]),
        np.array([4.0, 9, 1, 16]),
    )
    found, error = slope_of_means(year, value, variance)
    assert found == pytest.approx(np.polyfit(year - 2020, value, 1, w=variance**-0.5)[0])
    design = np.column_stack([np.ones(4), year - 2020])
    assert error == pytest.approx(np.linalg.inv(design.T @ (design / variance[:, None]))[1, 1] ** 0.5)


def test_slopes_of_any_unit_are_pooled_alike() -> None:
    slopes = {f"s{org}": (float(org), 1.0) for org in range(8)}
    found = pooled(slopes, ["z"])
    assert found.left == ("z",)
    assert found.mean is not None
    assert found.mean.mean == pytest.approx(3.5)
    tenfold = pooled({name: (10 * one, 10 * error) for name, (one, error) in slopes.items()})
    assert [one.value for one in tenfold.schools.values()] == pytest.approx(
        [10 * one.value for one in found.schools.values()], rel=1e-4
    )
    assert pooled({"a": (1.0, 1.0)}).reason
