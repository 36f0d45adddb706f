"""Groups inside groups against lme4 on published data; levels that cannot be told apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.statistics import shrinkage_scores
from pipeline.statistics.nested_scores import ONE_INSIDE, levels
from tests.statistics.published import published
from tests.statistics.references import Check

LME4 = "lme4 1.1-31 (R), lmer by REML, on {}"


@pytest.mark.parametrize(
    ("package", "item", "columns", "variances", "fixed", "loglik"),
    [
        (
            "lme4",
            "Pastes",
            ("strength", "batch", "cask"),
            [1.65730907, 8.43366661, 0.67799998],
            [60.0533333],
            -123.495372927,
        ),
        (
            "nlme",
            "Oxide",
            ("Thickness", "Lot", "Wafer"),
            [129.907173, 35.8657383, 12.5694449],
            [2000.15277778],
            -227.011034655,
        ),
        (
            "nlme",
            "Oats",
            ("yield", "Block", "Variety", "nitro"),
            [210.423610, 121.103432, 165.558491],
            [81.8722222, 73.6666667],
            -296.520876658,
        ),
        (
            "nlme",
            "Wafer",
            ("current", "Wafer", "Site", "voltage"),
            [0.0911940747, 0.0220757006, 0.155486106],
            [-7.08286775, 9.64865950],
            -233.071266781,
        ),
    ],
)
def test_levels_are_those_of_lme4(
    package: str,
    item: str,
    columns: tuple[str, ...],
    variances: list[float],
    fixed: list[float],
    loglik: float,
    reference: Check,
) -> None:
    data, source = published(package, item), LME4.format(f"{package}::{item}")
    score, outer, inner, *rest = columns
    found = levels(
        data[score].astype(float),
        data[outer].astype(str).tolist(),
        data[inner].astype(str).tolist(),
        {name: data[name].astype(float) for name in rest},
    )
    assert found.state == "estimated"
    reference("variances outer, inner, within", [found.outer, found.inner, found.within], variances, source, rel=1e-5)
    reference("coefficients", list((found.fixed or {}).values()), fixed, source, rel=1e-6)
    reference("log-likelihood", found.loglik, loglik, source, abs=1e-6)
    assert sum(found.shares) == pytest.approx(1)


def drawn(seed: int = 1, outer: float = 1.0, inner: float = 1.0) -> tuple[np.ndarray, list[int], list[int]]:
    """Eight schools of three classes of six pupils."""
    chance = np.random.default_rng(seed)
    school, group = np.repeat(np.arange(8), 18), np.tile(np.repeat(np.arange(3), 6), 8)
    between = chance.normal(0, outer, 8)[school] + chance.normal(0, inner, (8, 3))[school, group]
    return between + chance.normal(size=144), school.tolist(), group.tolist()


def test_balanced_levels_by_analysis_of_variance() -> None:
    """Expected mean squares of the nested design (Searle 1971): each level's by hand."""
    score, school, group = drawn()
    cells = score.reshape(8, 3, 6)
    within = cells.var(axis=2, ddof=1).mean()
    classes = 6 * cells.mean(axis=2).var(axis=1, ddof=1).mean()
    schools = 18 * cells.mean(axis=(1, 2)).var(ddof=1)
    found = levels(score, school, group)
    by_hand = [(schools - classes) / 18, (classes - within) / 6, within]
    assert [found.outer, found.inner, found.within] == pytest.approx(by_hand, rel=1e-4)


def test_what_cannot_be_told_apart() -> None:
    score, school, group = drawn()
    few = [one < 4 for one in school]
    assert levels(
        score[few], [s for s in school if s < 4], [g for s, g in zip(school, group, strict=True) if s < 4]
    ).reason
    assert levels(score, school, [0] * 144).reason == ONE_INSIDE
    assert levels(score, school, list(range(144))).reason == shrinkage_scores.SINGLES
    assert levels(np.ones(144), school, group).reason == shrinkage_scores.ALL_EQUAL
    assert levels(score, school, group, {"x": np.ones(144)}).reason == shrinkage_scores.REPEATED
    with pytest.raises(ValueError, match="one value a pupil"):
        levels(score, school[1:], group)


def test_gaps_are_left_out_and_counted() -> None:
    score, school, group = drawn()
    score[[3, 5]] = np.nan
    assert levels(score, [None, *school[1:]], group).left_out == 3


def test_levels_that_do_not_differ() -> None:
    chance = np.random.default_rng(3)
    score = chance.normal(size=144)
    score -= np.repeat(score.reshape(24, 6).mean(axis=1), 6)
    found = levels(score, *drawn()[1:])
    assert found.state == "no_difference"
    assert found.outer + found.inner < 1e-5 * found.within


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 99), st.floats(0.01, 100), st.floats(-100, 100))
def test_order_and_unit(seed: int, scale: float, shift: float) -> None:
    score, school, group = drawn(seed)
    order = np.random.default_rng(seed).permutation(144)
    plain = levels(score, school, group)
    moved = levels(score[order] * scale + shift, [school[i] for i in order], [group[i] for i in order])
    assert moved.shares == pytest.approx(plain.shares, abs=1e-4)
