"""Asymmetry of marks, cohorts known by margins only, stable absence: published numbers, hand arithmetic, properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from pipeline.statistics.comparison import Difference
from pipeline.statistics.intervals import wilson
from pipeline.statistics.objectivity import absence, cohorts, journal_marks, later_exam
from pipeline.statistics.objectivity.absence import Tried
from tests.statistics.references import Check


def test_asymmetry_of_paired_shares_as_published(reference: Check) -> None:
    """150 of 1600 left and 86 came. The interval of Agresti and Min adds half a person to each cell."""
    found = journal_marks.asymmetry(86, 150, 1600)
    source = "Agresti 2002, Categorical Data Analysis, §10.1.1, approval by 1600 persons"
    reference("difference of paired shares", found.value, -0.04, source, rel=1e-6)
    reference("its 95 % bounds", (found.lower, found.upper), (-0.06, -0.02), source, abs=0.0015)
    centre, error = -64 / 1602, math.sqrt((237 / 1602 - (64 / 1602) ** 2) / 1602)
    assert (found.lower, found.upper) == pytest.approx((centre - 1.959964 * error, centre + 1.959964 * error), abs=1e-8)


def test_two_by_two_as_published() -> None:
    """The table of R's help on mcnemar.test with 86 and 150 who changed: 16.8178, corrected for continuity."""
    table = [[794, 86], [150, 570]]
    assert journal_marks.mcnemar(table).statistic == pytest.approx(16.8178, abs=1e-4)
    assert journal_marks.mcnemar(table, continuity=False) == journal_marks.symmetry(table)
    assert math.isnan(journal_marks.mcnemar([[5, 0], [0, 5]]).p)
    assert journal_marks.mcnemar([[5, 1], [1, 5]]).statistic == 0.0
    with pytest.raises(ValueError, match="two by two"):
        journal_marks.mcnemar([[1]])


def test_nobody_moved_still_has_an_interval() -> None:
    found = journal_marks.asymmetry(0, 0, 10)
    assert found.lower < 0 < found.upper
    with pytest.raises(ValueError, match="parts of n"):
        journal_marks.asymmetry(6, 5, 10)
    with pytest.raises(ValueError, match="parts of n"):
        journal_marks.asymmetry(0, 0, 0)


def test_difference_recovered_from_two_intervals_is_newcombes(reference: Check) -> None:
    def of(x: int, n: int) -> Difference:
        lower, upper = (float(bound) for bound in wilson(x, n, 0.95))
        return Difference(x / n, lower, upper, 0.95)

    found = journal_marks.apart(of(56, 70), of(48, 80))
    source = "Newcombe 1998, Statistics in Medicine 17, 873, table II, method 10"
    reference("56/70 − 48/80 out of two intervals", (found.lower, found.upper), (0.0524, 0.3339), source, abs=1e-4)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 60))
def test_asymmetry_changes_sign_with_its_sides(up: int, down: int, still: int) -> None:
    one, other = (journal_marks.asymmetry(*pair, up + down + still) for pair in ((up, down), (down, up)))
    assert (one.value, one.lower, one.upper) == pytest.approx((-other.value, -other.upper, -other.lower))
    assert -1 <= one.lower <= one.upper <= 1


def test_leaning_is_said_only_of_enough_pupils_beyond_the_interval() -> None:
    rest = (100, 200, 1000)
    assert journal_marks.leaning((12, 1, 40), rest, 10, 0.998) == "higher"
    assert journal_marks.leaning((10, 20, 100), rest, 10, 0.998) == "same"
    assert journal_marks.leaning((0, 9, 9), rest, 10, 0.998) == "insufficient"


def test_a_sure_expectation_is_the_exact_binomial() -> None:
    found = cohorts.foretold(2, 5, 0.0, 0.0)
    assert (found.expected, found.p) == pytest.approx((2.5, 0.5))  # (1 + 5 + 10) / 32
    assert found.ratio == pytest.approx(0.8)


def test_an_unsure_expectation_is_the_binomial_averaged() -> None:
    def weighed(z: float) -> float:
        chance = 1 / (1 + math.exp(-(0.4 + 0.7 * z)))
        return float(stats.binom.cdf(20, 50, chance) * stats.norm.pdf(z))

    by_quadrature = integrate.quad(weighed, -9, 9)[0]
    assert cohorts.foretold(20, 50, 0.4, 0.7).p == pytest.approx(by_quadrature, abs=1e-7)


def test_a_school_that_falls_stands_out_from_eleven_that_do_not() -> None:
    before, after, size = [30] * 11 + [50], [24] * 11 + [24], [60] * 12
    found = cohorts.cohorts(before, size, after, size)
    # Odds of the others fall from 30.5/30.5 to 24.5/36.5; of 50.5/10.5 that leaves 3.228: .7635 of 60.
    assert found[-1].expected == pytest.approx(60 * 0.7635, rel=0.03)
    assert found[-1].p < 1e-3
    assert min(one.p for one in found[:-1]) > 0.3


def test_fewer_results_are_never_less_remarkable() -> None:
    p = [cohorts.cohorts([20] * 8, [40] * 8, [20] * 7 + [x], [40] * 8)[-1].p for x in range(0, 41, 5)]
    assert p == sorted(p)


@given(st.permutations(range(8)))
def test_order_of_schools_is_of_no_account(order: list[int]) -> None:
    x1, n1 = np.array([5, 9, 14, 20, 8, 11, 17, 3]), np.array([12, 20, 30, 33, 19, 25, 31, 9])
    x2, n2 = np.array([4, 8, 15, 18, 2, 12, 16, 3]), np.array([12, 19, 31, 33, 18, 25, 30, 9])
    plain = [one.p for one in cohorts.cohorts(x1, n1, x2, n2)]
    mixed = [one.p for one in cohorts.cohorts(x1[order], n1[order], x2[order], n2[order])]
    assert mixed == pytest.approx([plain[place] for place in order], abs=1e-6)


def test_too_few_schools_or_no_pupils_give_a_reason() -> None:
    assert all(one.reason and math.isnan(one.p) for one in cohorts.cohorts([3] * 4, [9] * 4, [3] * 4, [9] * 4))
    absent = cohorts.cohorts([3] * 6 + [0], [9] * 6 + [0], [3] * 7, [9] * 7)
    assert math.isnan(absent[-1].p)
    assert not math.isnan(absent[0].p)
    with pytest.raises(ValueError, match="between 0 and"):
        cohorts.cohorts([4], [3], [1], [3])


def test_honest_districts_are_rarely_called() -> None:
    """Twenty schools whose pupils sit both works: fewer than one p in twenty is under .05."""
    rng = np.random.default_rng(7)
    p = []
    for _ in range(12):
        ability = [
            level + rng.normal(0, 1, size) for level, size in zip(rng.normal(0, 0.5, 20), [20, 60] * 10, strict=True)
        ]
        size = [len(one) for one in ability]
        first, second = ([int((one + rng.normal(0, 0.7, len(one)) > 0.2).sum()) for one in ability] for _ in "12")
        p += [one.p for one in cohorts.cohorts(first, size, second, size)]
    assert np.mean(np.array(p) < 0.05) <= 0.05


def test_subjects_of_a_year_are_one_year_of_pupils() -> None:
    nan = float("nan")
    found = cohorts.together([[[0.01, 0.01], [nan, nan]], [[0.01, nan], [0.01, nan]], [[nan, nan], [nan, nan]]])
    # One year: the mean of equal scores. Two years: z = 2 · 2.326348 / √2.
    assert found[:2] == pytest.approx([0.01, 0.00050102], rel=1e-3)
    assert math.isnan(found[2])


def test_counts_by_kind_give_what_pupils_give() -> None:
    earlier, later = [5, 5, 4, 3, 5, 5, 5, 5, 4, 4], [4, 3, 4, 2, 5, 5, 5, 4, 4, 3]
    by_pupil = later_exam.unconfirmed(earlier, later, [0] * 4 + [1] * 6)
    # Columns «3», «4», «5».
    assert later_exam.unconfirmed_of([[1, 1, 2], [0, 2, 4]], [[1, 0, 2], [0, 1, 1]]) == by_pupil
    with pytest.raises(ValueError, match="part of all"):
        later_exam.unconfirmed_of([[1]], [[2]])


QUIET = [Tried(year, 40, p) for year, p in ((2024, 0.4), (2025, 0.2), (2025, 0.9), (2026, 0.06))]


def test_signs_are_stably_absent_over_three_years_and_four_large_procedures() -> None:
    found = absence.absence(QUIET, 2026)
    assert (found.state, found.procedures, found.years, found.seen) == ("absent", 4, 3, 0)
    assert found.honest == pytest.approx(0.95**4)


@pytest.mark.parametrize(
    ("tried", "state"),
    [
        ([*QUIET, Tried(2026, 12, 0.04)], "seen"),
        ([*QUIET[:3], Tried(2026, 40, 0.05)], "absent"),
        ([*QUIET, Tried(2023, 40, 0.001)], "absent"),
        (QUIET[1:], "little"),
        ([*QUIET[:3], Tried(2026, 29, 0.5)], "little"),
        ([*QUIET, Tried(2026, 40, float("nan"))], "absent"),
        ([], "little"),
    ],
    ids=["small but marked", "at the limit", "too long ago", "two years", "small", "unknown", "nothing"],
)
def test_absence_at_its_limits(tried: list[Tried], state: str) -> None:
    assert absence.absence(tried, 2026).state == state


def test_the_official_list_is_a_sign_too() -> None:
    assert absence.absence(QUIET, 2026, listed=[2024]).state == "seen"
    assert absence.absence(QUIET, 2026, listed=[2023]).state == "absent"
