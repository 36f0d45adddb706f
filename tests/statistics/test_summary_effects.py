"""Random effects from summaries: eight schools, BCG trials, and the library's variance that is not truncated."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from pipeline.statistics.summary_effects import NONE, ONE, combine
from tests.statistics.published import published
from tests.statistics.references import Check

# Rubin 1981: effects of coaching on SAT-V in eight schools and their standard errors.
EFFECTS, ERRORS = [28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18]


def test_eight_schools(reference: Check) -> None:
    found = combine(EFFECTS, ERRORS)
    source = "Rubin 1981, J. Educational Statistics 6, 377, eight schools; metafor (R), rma"
    ours = (found.mean, found.se, found.q, found.tau2)
    reference("mean, its error, Q, variance between", ours, (7.6856, 4.0719, 4.7071, 0.0), source, decimals=4)


def test_dersimonian_laird_of_the_library_has_a_negative_variance() -> None:
    """The trap: were it mended, this test would say so."""
    found = combine_effects(np.array(EFFECTS), np.array(ERRORS) ** 2.0, method_re="dl")
    assert found.tau2 == pytest.approx(-44.55, abs=0.01)
    assert found.mean_effect_re == pytest.approx(7.052, abs=1e-3)


def test_trials_of_bcg(reference: Check) -> None:
    """The estimate of Paule and Mandel solves Q(τ²) = k − 1."""
    bcg = published("HSAUR", "BCG")
    risk = np.log((bcg["BCGTB"] / bcg["BCGVacc"]) / (bcg["NoVaccTB"] / bcg["NoVacc"]))
    error = np.sqrt(1 / bcg["BCGTB"] - 1 / bcg["BCGVacc"] + 1 / bcg["NoVaccTB"] - 1 / bcg["NoVacc"])
    found = combine(risk, error)
    source = "Colditz et al. 1994, thirteen trials of BCG; metafor (R), rma, log relative risks"
    reference("Q on 12 degrees of freedom", found.q, 152.2330, source, abs=1e-4)
    weight = 1 / (error**2 + found.tau2)
    assert float((weight * (risk - found.mean) ** 2).sum()) == pytest.approx(12, abs=1e-4)
    reference("mean", found.mean, -0.7150, source, abs=2e-3)


def test_one_and_none() -> None:
    one = combine([3.0, np.nan], [2.0, 1.0])
    assert (one.mean, one.se, one.count, one.reason) == (3.0, 2.0, 1, ONE)
    assert np.isnan([one.tau2, one.q, one.p]).all()
    none = combine([], [])
    assert (none.count, none.reason) == (0, NONE)
    assert np.isnan(none.mean)


@pytest.mark.parametrize("error", [0.0, -1.0])
def test_an_error_of_nothing_is_refused(error: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        combine([1.0, 2.0], [1.0, error])


@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(0.5, 20)), min_size=2, max_size=15),
    st.floats(0.1, 10),
    st.floats(-100, 100),
    st.randoms(),
)
def test_order_scale_and_shift(pairs: list[tuple[float, float]], scale: float, shift: float, random) -> None:  # type: ignore[no-untyped-def]
    effects, errors = (np.array(part) for part in zip(*pairs, strict=True))
    plain = combine(effects, errors)
    order = list(range(len(pairs)))
    random.shuffle(order)
    moved = combine(effects[order] * scale + shift, errors[order] * scale)
    assert plain.tau2 >= 0
    assert plain.lower <= plain.mean <= plain.upper
    assert moved.mean == pytest.approx(plain.mean * scale + shift, abs=1e-3)
    assert moved.se == pytest.approx(plain.se * scale, rel=1e-3)
