"""Three and more years: published tests of a trend, words at their bounds, breaks and gaps."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import Table

from pipeline.statistics.comparison import Share
from pipeline.statistics.trend import FALL, LITTLE, RISE, SAME, Point, cochran_armitage, dispersion, kendall, trend
from pipeline.statistics.trend import theil_sen as sen
from tests.statistics.references import Check

SMOKERS = ([83, 90, 129, 70], [86, 93, 136, 82], [1, 2, 3, 4])
FLEISS = "Fleiss 1981, smokers among patients, p. 139; R, prop.trend.test"


def years(*counts: int, n: int = 100, first: int = 2022, series: str = "") -> list[Point]:
    return [Point(first + place, Share(count, n), series) for place, count in enumerate(counts)]


def test_trend_in_proportions_of_smokers(reference: Check) -> None:
    found = cochran_armitage(*SMOKERS)
    assert found is not None
    reference("Cochran–Armitage χ²", found.chi2, 8.2249, FLEISS, abs=1e-4)
    reference("Cochran–Armitage p", found.p, 0.004132, FLEISS, abs=1e-6)
    assert found.z < 0


def test_statsmodels_takes_n_minus_one() -> None:
    """The trap: its z² is 8.2042; the factor to Armitage's is N / (N − 1)."""
    x, n, scores = (np.array(part, dtype=float) for part in SMOKERS)
    table = Table(np.column_stack([n - x, x]), shift_zeros=False)
    bare = table.test_ordinal_association(row_scores=scores, col_scores=np.array([0.0, 1.0])).zscore
    assert bare**2 == pytest.approx(8.2042, abs=1e-4)
    found = cochran_armitage(*SMOKERS)
    assert found is not None
    assert found.chi2 / bare**2 == pytest.approx(397 / 396)


def test_armitages_formula() -> None:
    """z = Σ s (x − n P) / √(P (1 − P) (Σ n s² − (Σ n s)² / N)), with zeros in the table and a gap in the years."""
    x, n, s = np.array([0, 4, 9]), np.array([20, 30, 30]), np.array([2019, 2021, 2022])
    share = x.sum() / n.sum()
    scatter = (n * s**2).sum() - (n * s).sum() ** 2 / n.sum()
    by_hand = (s * (x - n * share)).sum() / math.sqrt(share * (1 - share) * scatter)
    found = cochran_armitage(x, n, s)
    assert found is not None
    assert found.z == pytest.approx(by_hand)


@pytest.mark.parametrize(("n", "smallest"), [(3, 0.333333), (4, 0.083333), (5, 0.016667)])
def test_yearly_values_alone_prove_little(n: int, smallest: float, reference: Check) -> None:
    found = kendall(range(n))
    assert found is not None
    source = "Kendall 1970, Rank Correlation Methods, appendix table 1"
    reference(f"tau and the smallest two-sided p of {n} years", found, (1, smallest), source, abs=1e-6)


def test_kendall_with_equal_values_tries_all_orders() -> None:
    values, order = [1, 2, 2, 3], [0, 1, 2, 3]
    taus = [abs(stats.kendalltau(order, one).statistic) for one in itertools.permutations(values)]
    found = kendall(values)
    assert found is not None
    assert found[1] == pytest.approx(np.mean([tau >= max(taus) - 1e-9 for tau in taus]))
    assert kendall([1, 2]) is None
    assert kendall([2, 2, 2]) is None


def test_sens_slope_by_hand() -> None:
    """Slopes 1, 1, 2 and the pairs further apart: their median; one wild year does not move it."""
    found = sen([1, 2, 3, 4, 5], [1, 2, 3, 4, 100])
    assert found is not None
    assert found.value == 1
    assert found.lower <= 1 <= found.upper
    assert sen([1, 1], [1, 2]) is None


def test_words_of_three_years_are_newcombes(reference: Check) -> None:
    """The year between does not decide."""
    points = [Point(2024, Share(48, 80)), Point(2025, Share(10, 80)), Point(2026, Share(56, 70))]
    found = trend(points, 10)
    assert found.word == RISE
    assert found.change is not None
    source = "Newcombe 1998, Statistics in Medicine 17, 873, table II, method 10"
    ours = (found.change.lower, found.change.upper)
    reference("change from 48 of 80 to 56 of 70", ours, (0.0524, 0.3339), source, abs=1e-4)
    assert trend(years(40, 45, 50), 10).word == SAME


def test_words_of_five_years() -> None:
    assert trend(years(40, 35, 30, 25, 20), 10).word == FALL
    assert trend(years(20, 25, 30, 35, 40), 10).word == RISE
    assert trend(years(30, 34, 28, 33, 30), 10).word == SAME
    assert trend(years(0, 0, 0, 0), 10).word == SAME
    assert trend(years(100, 100, 100, 100), 10).word == SAME


def test_years_that_scatter_more_than_chance_widen_the_test() -> None:
    """A line through years that jump: proven over pupils alone, not with the scatter of the years."""
    found = trend(years(20, 60, 15, 70, 45), 10)
    assert found.test is not None
    assert found.test.p < 0.001 < 0.05 < found.p
    assert found.test.dispersion > 10
    assert found.word == SAME
    assert dispersion([1, 9, 1], [10, 10, 10], [1, 2, 3]) == 1  # three years leave nothing to see


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([], "данных нет"),
        (years(10), "один год: динамики нет"),
        (years(10, 90), "два года: только разность"),
        (years(1, 4, 8, n=9), "лет с достаточным числом участников меньше трёх"),
        ([*years(90, 80, series="old"), *years(30, 20, first=2024, series="new")], "два года: только разность"),
    ],
)
def test_too_little_is_an_answer(points: list[Point], reason: str) -> None:
    found = trend(points, 10)
    assert (found.word, found.reason) == (LITTLE, reason)
    assert not found.proven


def test_two_years_have_a_difference() -> None:
    change = trend(years(10, 90), 10).change
    assert change is not None
    assert change.value == pytest.approx(0.8)


def test_a_break_starts_anew_and_a_missing_year_is_a_gap() -> None:
    points = [*years(90, 80, first=2018, series="old"), *years(10, first=2021, series="new")]
    points += years(12, 11, 10, first=2023, series="new")
    found = trend(points, 10)
    assert (found.breaks, found.gaps) == ((2021,), (2022,))
    assert [point.year for point in found.points] == [2021, 2023, 2024, 2025]
    assert found.word == SAME


def test_a_year_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        trend([*years(1), *years(2)], 1)


COUNTS = st.lists(st.integers(0, 80), min_size=3, max_size=6)


@settings(max_examples=25, deadline=None)
@given(COUNTS, st.integers(-30, 30))
def test_mirror_order_and_shift_of_years(counts: list[int], shift: int) -> None:
    points = years(*counts, n=80)
    found = trend(points, 10)
    assert trend(points[::-1], 10) == found
    moved = trend([Point(p.year + shift, p.share) for p in points], 10)
    assert moved.word == found.word
    mirrored = trend([Point(p.year, Share(80 - p.share.numerator, 80)) for p in points], 10)
    assert mirrored.word == {RISE: FALL, FALL: RISE}.get(found.word, found.word)
    backwards = trend([Point(-p.year, p.share) for p in points], 10)
    assert backwards.word == {RISE: FALL, FALL: RISE}.get(found.word, found.word)


def test_years_that_lie_on_the_line_have_no_spread_and_no_warning() -> None:
    assert dispersion([1, 1, 1, 1], [80] * 4, [1, 2, 3, 4]) == 1
    assert trend(years(1, 1, 1, 1, n=80), 10).word == "без доказанных изменений"
