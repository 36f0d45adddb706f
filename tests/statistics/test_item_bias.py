"""DIF: the data set of verbal aggression against difR, against plain logistic regression, and edge cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from pipeline.statistics.item_bias import NO_STRATA, ONE_VALUE, SMALL_GROUP, mantel_haenszel, ordinal
from tests.statistics.published import published
from tests.statistics.references import Check

ANSWERS = published("lme4", "VerbAgg")


def table(points: pd.Series) -> pd.DataFrame:
    return ANSWERS.assign(points=points).pivot(index="id", columns="item", values="points")


BINARY = table((ANSWERS["r2"] == "Y").astype(int))
THREE = table(ANSWERS["resp"].map({"no": 0, "perhaps": 1, "yes": 2}))
MEN = (ANSWERS.drop_duplicates("id").set_index("id")["Gender"].reindex(BINARY.index) == "M").to_numpy()


@pytest.mark.parametrize(
    ("task", "chi2", "p"),
    [
        ("S1WantCurse", 1.7076, 0.1913),
        ("S1WantScold", 2.1486, 0.1427),
        ("S1WantShout", 0.9926, 0.3191),
        ("S3WantCurse", 0.0013, 0.9711),
    ],
)
def test_as_printed_by_difr(task: str, chi2: float, p: float, reference: Check) -> None:
    found = mantel_haenszel(BINARY[task], BINARY.sum(axis=1), MEN)
    source = "Magis, Béland, Tuerlinckx and De Boeck 2010, Behavior Research Methods 42, 847: difMH (R)"
    reference(f"{task}: Mantel–Haenszel χ² and p", (found.chi2, found.p), (chi2, p), source, decimals=4)
    assert found.size == "A"


def test_men_want_to_shout_less_at_the_same_total() -> None:
    found = mantel_haenszel(BINARY["S2WantShout"], BINARY.sum(axis=1), MEN)
    assert found.p == pytest.approx(0.0019, abs=1e-4)
    assert found.size == "C"
    assert ordinal(THREE["S2WantShout"], THREE.sum(axis=1), MEN).p_uniform < 0.001


def test_mantel_haenszel_by_hand() -> None:
    """(|ΣA − ΣE| − ½)² / ΣV and Σad/n over Σbc/n, summed over two totals."""
    cells = {1: (20, 15, 10, 25), 2: (30, 5, 25, 12)}  # a, b of the reference group, c, d of the focal one
    task, total, focal = [], [], []
    above, spread, up, down = 0.0, 0.0, 0.0, 0.0
    for score, (a, b, c, d) in cells.items():
        task += [1] * a + [0] * b + [1] * c + [0] * d
        total += [score] * (a + b + c + d)
        focal += [False] * (a + b) + [True] * (c + d)
        n = a + b + c + d
        above += a - (a + b) * (a + c) / n
        spread += (a + b) * (c + d) * (a + c) * (b + d) / n**2 / (n - 1)
        up, down = up + a * d / n, down + b * c / n
    found = mantel_haenszel(task, total, focal)
    assert found.chi2 == pytest.approx((abs(above) - 0.5) ** 2 / spread)
    assert found.odds == pytest.approx(up / down)
    assert found.delta == pytest.approx(-2.35 * np.log(up / down))


def test_ordinal_of_one_point_is_logistic_regression() -> None:
    total = BINARY.sum(axis=1).to_numpy(dtype=float)
    design = [np.ones(len(total)), total, MEN.astype(float), total * MEN]
    fits = [sm.Logit(BINARY["S2WantShout"], np.column_stack(design[:terms])).fit(disp=0).llf for terms in (2, 3, 4)]
    found = ordinal(BINARY["S2WantShout"], total, MEN)
    assert found.uniform == pytest.approx(2 * (fits[1] - fits[0]), abs=1e-4)
    assert found.nonuniform == pytest.approx(2 * (fits[2] - fits[1]), abs=1e-4)


def test_order_of_pupils_and_names_of_groups_do_not_matter() -> None:
    order = np.random.default_rng(0).permutation(len(MEN))
    task, total = BINARY["S1DoScold"].to_numpy(), BINARY.sum(axis=1).to_numpy()
    straight, mixed = mantel_haenszel(task, total, MEN), mantel_haenszel(task[order], total[order], ~MEN[order])
    assert mixed.chi2 == pytest.approx(straight.chi2)
    assert mixed.delta == pytest.approx(-straight.delta)


def test_what_cannot_be_said() -> None:
    half = np.arange(100) < 50
    assert mantel_haenszel([1, 0] * 20, [1] * 40, [True] * 10 + [False] * 30).reason == SMALL_GROUP
    assert mantel_haenszel([1] * 100, [1] * 100, half).reason == ONE_VALUE
    assert mantel_haenszel([1, 0] * 50, half + 1, half).reason == NO_STRATA
    assert ordinal([1, 0] * 50, [3] * 100, half).reason == NO_STRATA
    assert ordinal([2] * 100, range(100), half).reason == ONE_VALUE
    with pytest.raises(ValueError, match="ordinal"):
        mantel_haenszel([0, 2], [1, 1], [True, False])
    with pytest.raises(ValueError, match="one value a pupil"):
        ordinal([0, 2], [1], [True, False])


def test_a_task_of_several_points_has_a_size_too() -> None:
    """Drawn with a shift of one logit for the focal group: 2.35 on the scale of ETS, a large difference."""
    rng = np.random.default_rng(6)
    focal = rng.random(1500) < 0.5
    theta = rng.normal(size=1500)
    total = np.round(theta * 3 + rng.normal(0, 0.6, 1500))
    latent = theta - 1.0 * focal + rng.logistic(size=1500)
    found = ordinal((latent > -0.5).astype(int) + (latent > 0.8), total, focal)
    assert found.delta == pytest.approx(-2.35, abs=0.55)
    assert found.size == "C"
    same = ordinal((latent + focal > -0.5).astype(int) + (latent + focal > 0.8), total, focal)
    assert same.size == "A"
    assert ordinal([1, 0], [1, 2], [True, False]).size is None
