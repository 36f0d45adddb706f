"""Wild cluster bootstrap: against another program, on a known panel and on schools written out; sizes by simulation."""

import math

import numpy as np
import pytest
from scipy import stats

from pipeline.statistics.effect import effect
from pipeline.statistics.wild_bootstrap import FEW, FLAT, of_effect, wild_cluster
from tests.statistics.published import published
from tests.statistics.references import Check

# Changes of twenty schools, seven with a measure.
CHANGES = np.array([3, -1, 4, 1, -5, 9, 2, -6, 5, 3, 5, -8, 9, 7, -9, 3, 2, 3, 8, 4], dtype=float)
TREATED = np.arange(20) < 7


def small_sample(rows: int, columns: int, clusters: int) -> float:
    """The factor of t that other programs print and that cancels in p."""
    return math.sqrt((rows - columns) / (rows - 1) * (clusters - 1) / clusters)


PORT = "wildboottest 0.3.2 (port of R fwildclusterboot), Webb weights, null imposed, 99 999 throws"


@pytest.mark.parametrize(("tested", "t", "p"), [(1, 7.069828, 0.02028), (2, 2.661675, 0.03238)])
def test_investment_of_eleven_firms(tested: int, t: float, p: float, reference: Check) -> None:
    """Grunfeld 1958: investment on value and capital, clustered by firm."""
    data = published("AER", "Grunfeld")
    design = np.column_stack([np.ones(len(data)), data["value"], data["capital"]])
    found = wild_cluster(data["invest"], design, tested, list(data["firm"]), throws=49_999)
    chance = 4 * math.sqrt(p * (1 - p) * (1 / 50_000 + 1 / 100_000))  # both are simulated
    what = f"AER::Grunfeld, coefficient {tested}"
    reference(f"{what}: t", found.t * small_sample(220, 3, 11), t, PORT, abs=1e-5)
    reference(f"{what}: p", found.p, p, PORT, abs=chance)


def test_schools_with_a_measure_against_others(reference: Check) -> None:
    """The same program: t = −0.061934, p = 0.95207."""
    found = of_effect(CHANGES, TREATED)
    assert found.value == pytest.approx(CHANGES[:7].mean() - CHANGES[7:].mean())
    reference("twenty schools: t", found.t * small_sample(20, 2, 20), -0.061934, PORT, abs=1e-6)
    reference("twenty schools: p", found.p, 0.95207, PORT, abs=0.01)


def test_it_agrees_with_randomisation_where_the_measure_worked() -> None:
    moved = CHANGES + 12 * TREATED
    found = of_effect(moved, TREATED)
    assert found.p < 0.01
    assert effect(np.zeros(20), moved, TREATED).p < 0.01


def test_sets_of_similar_schools_have_levels_of_their_own() -> None:
    """Six sets of three; what a set has in common moves neither the coefficient nor p."""
    sets = [(place, 6 + 2 * place, 7 + 2 * place) for place in range(6)]
    treated = [place < 6 for place in range(18)]
    common = np.zeros(18)
    for number, one in enumerate(sets):
        common[list(one)] = 100 * number
    plain, moved = of_effect(CHANGES[:18], treated, sets), of_effect(CHANGES[:18] + common, treated, sets)
    assert (moved.value, moved.t) == pytest.approx((plain.value, plain.t))
    assert moved.p == pytest.approx(plain.p, abs=1e-3)


def test_few_schools_are_refused() -> None:
    assert of_effect(CHANGES[:12], [place < 5 for place in range(12)]).reason == FEW
    assert of_effect(CHANGES[:12], [place < 7 for place in range(12)]).reason == FEW
    assert of_effect([1.0] * 12, [place < 6 for place in range(12)]).reason == FLAT


def robust(changes: np.ndarray, treated: int) -> np.ndarray:
    """Cluster-robust t of many districts at once, one row a district: (m₁ − m₀) / √(Σe₁²/n₁² + Σe₀²/n₀²)."""
    taken, others = changes[:, :treated], changes[:, treated:]
    error = sum(
        ((part - part.mean(axis=1, keepdims=True)) ** 2).sum(axis=1) / part.shape[1] ** 2 for part in (taken, others)
    )
    size = changes.shape[1]
    return np.asarray((taken.mean(axis=1) - others.mean(axis=1)) / np.sqrt(error) * small_sample(size, 2, size))


@pytest.mark.parametrize(
    ("schools", "treated", "normal", "student"),
    [(20, 10, 0.077, 0.053), (20, 3, 0.138, 0.118), (12, 3, 0.138, 0.097), (8, 2, 0.148, 0.098)],
)
def test_robust_errors_of_few_treated_schools_find_what_is_not_there(
    schools: int, treated: int, normal: float, student: float
) -> None:
    """Sizes at nominal 5 % of another program's simulation (600 districts, pupils in schools); here changes of schools
    are normal. Too many by half and more where few are treated; Student's t over schools holds."""
    changes = np.random.default_rng(29).normal(size=(6000, schools))
    found = np.abs(robust(changes, treated))
    assert (found > 1.96).mean() == pytest.approx(normal, abs=0.06)
    assert (found > stats.t.ppf(0.975, schools - 1)).mean() == pytest.approx(student, abs=0.06)
    collapsed = stats.ttest_ind(changes[:, :treated], changes[:, treated:], axis=1).pvalue
    assert (collapsed < 0.05).mean() == pytest.approx(0.05, abs=0.01)


def test_the_bootstrap_holds_its_size_where_it_is_not_refused() -> None:
    chance = np.random.default_rng(31)
    found = [of_effect(chance.normal(size=16), np.arange(16) < 6) for _ in range(60)]
    assert np.mean([one.p < 0.05 for one in found]) <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 60)
