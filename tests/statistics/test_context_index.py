"""The context of schools as one component, and its neighbours."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.multivariate.pca import PCA

from pipeline.statistics.context_index import agreement, component, logits, plain_sum, regressed, standardised
from pipeline.statistics.similar import neighbours
from tests.statistics.references import Check

# USArrests (McNeil 1977), correlations of murder, assault, urban population, rape.
ARRESTS = np.array(
    [
        [1, 0.8018733, 0.0695726, 0.5635788],
        [0.8018733, 1, 0.2588717, 0.6652412],
        [0.0695726, 0.2588717, 1, 0.4113412],
        [0.5635788, 0.6652412, 0.4113412, 1],
    ]
)


def with_correlations(matrix: np.ndarray, rows: int = 50) -> np.ndarray:
    """Data whose correlations are exactly these: orthonormal columns times a root of the matrix."""
    plain = np.random.default_rng(1).normal(size=(rows, len(matrix)))
    free = np.linalg.qr(plain - plain.mean(axis=0))[0]
    return free @ np.linalg.cholesky(matrix).T


def test_component_as_published(reference: Check) -> None:
    found = component(with_correlations(ARRESTS), favourable=[1, 1, 1, 1])
    source = "James, Witten, Hastie and Tibshirani, An Introduction to Statistical Learning, §10.2; R, prcomp"
    loadings, values = [0.5358995, 0.5831836, 0.2781909, 0.5434321], [2.4802416, 0.9897652, 0.3565632, 0.1734301]
    reference("loadings of the first component", found.loadings, loadings, source, abs=1e-5)
    reference("eigenvalues", found.eigenvalues, values, source, abs=1e-5)
    reference("share of variance of the first component", found.explained, 0.6200604, source, abs=1e-5)


def test_two_features_by_hand() -> None:
    """Eigenvalues of two features are 1 ± r, their loadings equal."""
    found = component(with_correlations(np.array([[1, 0.6], [0.6, 1]])), favourable=[1, 1])
    assert found.eigenvalues == pytest.approx([1.6, 0.4])
    assert found.loadings == pytest.approx([math.sqrt(0.5)] * 2)


def test_component_by_another_route() -> None:
    data = np.random.default_rng(4).normal(size=(18, 5)) @ np.random.default_rng(5).normal(size=(5, 5))
    found, other = component(data, favourable=[1] * 5), PCA(data, standardize=True)
    assert found.eigenvalues == pytest.approx(other.eigenvals / len(data))
    assert np.abs(found.loadings) == pytest.approx(np.abs(other.loadings[:, 0]))
    assert np.std(found.scores, ddof=1) == pytest.approx(1)


def test_a_high_score_is_a_favourable_context() -> None:
    hard = np.arange(12.0)
    data = np.column_stack([hard, -hard, hard + np.tile([0, 1], 6)])
    scores = component(data, favourable=[-1, 1, -1]).scores
    assert scores[0] > 0 > scores[-1]


def test_logits_at_the_ends_are_finite() -> None:
    assert logits([0, 5, 10], [10, 10, 10]) == pytest.approx([math.log(0.5 / 10.5), 0, math.log(10.5 / 0.5)])


def test_a_feature_without_spread_does_not_weigh() -> None:
    assert standardised([[1.0, 2.0], [1.0, 4.0]])[:, 0].tolist() == [0, 0]


def test_regression_needs_schools_enough() -> None:
    """Weights of a result that is an exact sum of features give the result back."""
    data = np.random.default_rng(2).normal(size=(12, 3))
    result = data @ [1.0, -2.0, 0.5]
    assert regressed(data, result) == pytest.approx(result)
    assert regressed(data[:8], result[:8]) is None
    assert agreement(regressed(data, result), result) == pytest.approx(1)
    assert agreement(plain_sum(data, [1, -1, 1]), plain_sum(data, [-1, 1, -1])) == pytest.approx(-1)


def test_neighbours_on_a_line() -> None:
    """Places 0, 1, 2, 3, 10: the median distance of pairs is (2 + 3) / 2 … the far one has no neighbours."""
    found = neighbours(list("abcde"), [[0.0], [1.0], [2.0], [3.0], [10.0]], count=2, fewest=2)
    assert found == {"a": ("b", "c"), "b": ("a", "c"), "c": ("b", "d"), "d": ("c", "b"), "e": ()}


@given(st.permutations(range(9)))
def test_neighbours_do_not_depend_on_the_order_of_schools(order: list[int]) -> None:
    places = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1], [2, 2], [2, 3], [3, 3], [0, 3], [3, 0]])
    names = [f"s{place}" for place in range(9)]
    shuffled = neighbours([names[place] for place in order], places[list(order)], fewest=1)
    assert shuffled == neighbours(names, places, fewest=1)


def test_one_school_has_no_neighbours() -> None:
    assert neighbours(["a"], [[1.0]]) == {"a": ()}
