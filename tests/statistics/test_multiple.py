"""Many tests at once: published p-values and their own formulas."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.statistics.multiple import Method, adjusted, rejected
from tests.statistics.references import Check

# Fifteen hypotheses on infarction; four are rejected at .05, by Bonferroni three.
SOURCE = "Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57, 289, section 4.1; R, p.adjust"
PUBLISHED = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528]
PUBLISHED += [0.759, 1.0]
ADJUSTED = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571, 0.0638571, 0.0645, 0.0765, 0.486, 0.5811818, 0.714875]
ADJUSTED += [0.7532308, 0.8132143, 1]
METHODS: tuple[Method, ...] = ("bh", "by", "holm")
P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=20)


def test_benjamini_and_hochberg_1995(reference: Check) -> None:
    reference("adjusted p-values of fifteen", adjusted(PUBLISHED), ADJUSTED, SOURCE, abs=1e-7)
    reference("rejected at .05", rejected(PUBLISHED, 0.05).sum(), 4, SOURCE)
    reference("Benjamini–Yekutieli: the smallest", adjusted(PUBLISHED, "by")[0], 0.0049773, SOURCE, abs=1e-7)


def test_holm_by_hand() -> None:
    """(.01, .04, .03): 3 × .01; 2 × .03; the last not under the one before."""
    assert adjusted([0.01, 0.04, 0.03], "holm") == pytest.approx([0.03, 0.06, 0.06])
    assert rejected(PUBLISHED, 0.05, "holm").sum() == 3


def test_a_missing_p_is_no_test() -> None:
    found = adjusted([math.nan, 0.02, 0.04])
    assert math.isnan(found[0])
    assert found[1:] == pytest.approx(adjusted([0.02, 0.04]))
    assert rejected([math.nan, 0.02], 0.05).tolist() == [False, True]
    assert adjusted([]).size == 0
    assert np.isnan(adjusted([math.nan])).all()


def test_what_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjusted([0.5, 1.2])


@settings(max_examples=25, deadline=None)
@given(P_VALUES)
def test_adjusted_is_never_smaller_nor_dependent_on_order(given_p: list[float]) -> None:
    for method in METHODS:
        found = adjusted(given_p, method)
        assert (found >= np.asarray(given_p) - 1e-12).all()
        assert adjusted(given_p[::-1], method)[::-1] == pytest.approx(found)
