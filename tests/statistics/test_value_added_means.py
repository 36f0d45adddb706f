"""Value added from means and shares of schools: metafor's meta-regression, recovery of what was put in, edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.statistics.shrinkage_scores import ALIKE, RATHER_FEW, REPEATED, TOO_FEW
from pipeline.statistics.value_added import ABOVE, BELOW, LITTLE, WITHIN, ValueAdded
from pipeline.statistics.value_added_means import Results, added, logits, regression
from tests.statistics.references import Check

METAFOR = "R package metafor 3.8-1, dat.bcg (Colditz et al. 1994): rma(yi, vi, mods = ~ablat, method = 'REML')"
# Vaccinated with and without tuberculosis, not vaccinated with and without; absolute latitude.
TRIALS = np.array(
    [
        (4, 119, 11, 128, 44),
        (6, 300, 29, 274, 55),
        (3, 228, 11, 209, 42),
        (62, 13536, 248, 12619, 52),
        (33, 5036, 47, 5761, 13),
        (180, 1361, 372, 1079, 44),
        (8, 2537, 10, 619, 19),
        (505, 87886, 499, 87892, 13),
        (29, 7470, 45, 7232, 27),
        (17, 1699, 65, 1600, 42),
        (186, 50448, 141, 27197, 18),
        (5, 2493, 3, 2338, 33),
        (27, 16886, 29, 17825, 33),
    ],
    dtype=float,
)
RANEF = [0.0265377, -0.0665829, -0.0585822, -0.1424085, -0.0542830, 0.2227476, -0.3365203]
RANEF += [0.1319629, 0.0372967, -0.2047340, -0.0576256, 0.1448192, 0.3573724]
RANEF_SE = [0.2501220, 0.2409327, 0.2547843, 0.1921324, 0.2023007, 0.1513436, 0.2410968]
RANEF_SE += [0.1722855, 0.1910953, 0.2045514, 0.1607563, 0.2587667, 0.1999213]


def trials() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log relative risks, their variances, latitudes."""
    a, b, c, d, latitude = TRIALS.T
    return np.log(a / (a + b) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d), latitude


def test_line_and_spread_are_those_of_metafor(reference: Check) -> None:
    y, v, latitude = trials()
    beta, covariance, tau2 = regression(y, v, np.column_stack([np.ones(13), latitude]))
    reference("intercept and slope", beta, [0.25146429437, -0.02910166093], METAFOR, abs=1e-5)
    reference("their errors", np.sqrt(np.diag(covariance)), [0.2491036664, 0.0071955548], METAFOR, abs=1e-5)
    reference("variance between", tau2, 0.07635469471, METAFOR, abs=1e-5)


def test_what_each_unit_adds_is_ranef_of_metafor(reference: Check) -> None:
    y, v, latitude = trials()
    found = added(range(13), Results(y, v, np.full(13, 20)), Results(latitude, np.zeros(13), np.full(13, 20)))
    groups = {group.name: group for group in found.model.groups}
    what = "metafor: ranef()"
    reference("what each unit adds", [groups[k].effect for k in range(13)], RANEF, f"{METAFOR}; {what}", abs=3e-5)
    reference("its error", [groups[k].se for k in range(13)], RANEF_SE, f"{METAFOR}; {what}", abs=3e-5)


def cohort(seed: int, schools: int = 400, lasting: float = 6.0) -> tuple[np.ndarray, Results, Results]:
    """Schools whose pupils scatter by 20 points: true earlier level N(60, 10), later = 5 + 0.9 level + u."""
    rng = np.random.default_rng(seed)
    n, m = (np.clip(rng.lognormal(3.2, 0.8, schools), 3, 150).round() for _ in range(2))
    level, u = rng.normal(60, 10, schools), rng.normal(0, lasting, schools)
    x, y = rng.normal(level, 20 / np.sqrt(m)), rng.normal(5 + 0.9 * level + u, 20 / np.sqrt(n))
    return u, Results(y, 400 / n, n), Results(x, 400 / m, m)


def test_an_earlier_result_known_with_error_does_not_bend_the_line() -> None:
    """The slope and spread that were put in come back (over 60 cohorts .902 ± .006 and 35.7 ± .7); taken as exact, the
    earlier result gives a flatter line (.736)."""
    slopes, spreads, naive = [], [], []
    for seed in range(8):
        _, later, earlier = cohort(seed)
        found = added(range(400), later, earlier)
        slopes.append(found.model.fixed["earlier"])
        spreads.append(found.model.tau2)
        exact = added(range(400), later, Results(earlier.value, np.zeros(400), earlier.n))
        naive.append(exact.model.fixed["earlier"])
    assert np.mean(slopes) == pytest.approx(0.9, abs=0.05)
    assert np.mean(spreads) == pytest.approx(36, rel=0.2)
    assert np.mean(naive) < 0.8


def test_intervals_hold_what_schools_add_as_often_as_they_say() -> None:
    inside = []
    for seed in range(8):
        u, later, earlier = cohort(seed)
        found = added(range(400), later, earlier)
        inside += [school.lower <= u[school.group.name] <= school.upper for school in found.schools]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.02)


def test_alike_schools_are_named_by_nobody() -> None:
    words = [one.word for seed in range(4) for one in added(range(400), *cohort(seed, lasting=0.0)[1:]).schools]
    assert words.count(WITHIN) >= 0.995 * len(words)


def test_words_and_small_schools() -> None:
    u, later, earlier = cohort(1)
    found = added(range(400), later, earlier, least=10)
    for school in found.schools:
        small = later.n[school.group.name] < 10
        assert (school.word == LITTLE) == small
    named = {school.group.name: school.word for school in found.schools}
    assert all(u[name] > 0 for name, word in named.items() if word == ABOVE)
    assert all(u[name] < 0 for name, word in named.items() if word == BELOW)


def exact(values: list[float], error: float = 1.0) -> Results:
    size = len(values)
    return Results(values, np.full(size, error), np.full(size, 50))


def test_few_schools_are_an_answer() -> None:
    assert added("abcd", exact([1, 2, 3, 4]), exact([1, 2, 3, 4])).model.reason == TOO_FEW
    nine = added(range(9), exact([1, 9, 3, 8, 5, 6, 1, 7, 2]), exact(list(range(9)), 0.0))
    assert nine.model.warning == RATHER_FEW
    twice = {"one": [1, 2, 3, 4, 5, 6], "same": [1, 2, 3, 4, 5, 6]}
    assert added(range(6), exact([1, 9, 3, 8, 5, 6]), exact([4] * 6, 0.0), twice).model.reason == REPEATED
    line = added(range(12), exact([2 * x for x in range(12)]), exact(list(range(12)), 0.0))
    assert (line.model.state, line.model.reason, line.model.tau2) == ("no_difference", ALIKE, 0.0)
    assert {school.word for school in line.schools} == {WITHIN}


def test_earlier_results_alike_but_for_chance_expect_the_same_of_all() -> None:
    """Means of 59 to 61 with an error of 5: no line can be drawn through chance."""
    found = added(range(9), exact([1, 9, 3, 8, 5, 6, 1, 7, 2]), exact([59, 60, 61] * 3, 25.0))
    assert found.model.fixed == {"intercept": pytest.approx(42 / 9)}
    assert {school.group.name: school.group.residual for school in found.schools}[1] == pytest.approx(9 - 42 / 9)


def test_gaps_leave_a_school_out_and_lengths_are_checked() -> None:
    y = exact([1, 9, 3, 8, 5, float("nan"), 1, 7, 2])
    assert added(range(9), y, exact(list(range(9)), 0.0)).model.left_out == 1
    with pytest.raises(ValueError, match="one value"):
        added(range(8), y, exact(list(range(9))))


def test_shares_as_logits_by_hand() -> None:
    found = logits([3, 0, 0], [10, 4, 0])
    assert found.value == pytest.approx([np.log(3.5 / 7.5), np.log(0.5 / 4.5), np.nan], nan_ok=True)
    assert found.variance == pytest.approx([1 / 3.5 + 1 / 7.5, 1 / 0.5 + 1 / 4.5, np.nan], nan_ok=True)
    with pytest.raises(ValueError, match="numerator"):
        logits([3], [2])


def by_name(found: ValueAdded) -> dict[object, tuple[float, float, str]]:
    return {one.group.name: (one.group.effect, one.group.se, one.word) for one in found.schools}


@given(st.integers(0, 500), st.floats(0.1, 20), st.floats(-50, 50))
@settings(max_examples=20, deadline=None)
def test_order_and_scale_change_nothing(seed: int, unit: float, shift: float) -> None:
    _, later, earlier = cohort(seed, 25)
    plain = by_name(added(range(25), later, earlier))
    order = np.random.default_rng(seed).permutation(25)
    moved = added(
        order.tolist(),
        Results(shift + unit * later.value[order], unit**2 * later.variance[order], later.n[order]),
        Results(earlier.value[order], earlier.variance[order], earlier.n[order]),
    )
    for name, (effect, se, _) in by_name(moved).items():
        assert effect / unit == pytest.approx(plain[name][0], abs=1e-3)
        assert se / unit == pytest.approx(plain[name][1], abs=1e-3)
