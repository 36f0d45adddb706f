"""Tests of margins, heaps and many p-values against published or hand-computed numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics.objectivity import combine, heaping, journal_marks, later_exam
from tests.statistics.references import Check

# Unaided distance vision of 7477 women, right eye by left (Stuart 1953).
VISION = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]
# Benjamini and Hochberg 1995, section 3.2, fifteen p-values and (R, p.adjust) what they become.
BH_1995 = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
BH_1995 += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
BH_ADJUSTED = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571, 0.0638571, 0.0645, 0.0765]
BH_ADJUSTED += [0.486, 0.5811818, 0.714875, 0.7532308, 0.8132143, 1.0]


def test_vision_symmetry_homogeneity_and_agreement(reference: Check) -> None:
    bowker, stuart = journal_marks.symmetry(VISION), journal_marks.homogeneity(VISION)
    table = "Stuart 1953, Biometrika 40, 105, unaided vision of 7477 women; {}"
    mcnemar, coin = table.format("R, mcnemar.test"), table.format("coin (R), mh_test")
    ours = (bowker.statistic, bowker.freedom, bowker.p)
    reference("Bowker: χ², degrees, p", ours, (19.106550, 6, 0.003987), mcnemar, abs=1e-6)
    ours = (stuart.statistic, stuart.freedom, stuart.p)
    reference("Stuart–Maxwell: χ², degrees, p", ours, (11.956570, 3, 0.007533), coin, abs=1e-6)
    kappas = (journal_marks.kappa(VISION, quadratic=False), journal_marks.kappa(VISION))
    reference("kappa plain, quadratic", kappas, (0.595389, 0.702334), table.format("psych (R), cohen.kappa"), abs=1e-6)


def test_an_empty_mark_takes_no_degree_of_freedom() -> None:
    table = np.zeros((5, 5))
    table[:4, :4] = VISION
    assert journal_marks.symmetry(table) == journal_marks.symmetry(VISION)
    assert journal_marks.homogeneity(table).statistic == pytest.approx(11.956570, abs=1e-6)
    assert journal_marks.homogeneity(table).freedom == 3


def test_complete_agreement_is_no_disagreement() -> None:
    found = journal_marks.symmetry(np.diag([3, 4, 5, 6]))
    assert (found.statistic, found.freedom) == (0.0, 0)
    assert np.isnan(found.p)
    assert journal_marks.kappa(np.diag([3, 4, 5, 6])) == 1.0
    assert np.isnan(journal_marks.kappa(np.diag([0, 4, 0, 0])))


def test_two_marks_are_mcnemar() -> None:
    found = journal_marks.symmetry([[794, 86], [150, 570]])
    assert found.statistic == pytest.approx((150 - 86) ** 2 / (150 + 86))
    assert journal_marks.homogeneity([[794, 86], [150, 570]]).statistic == pytest.approx(found.statistic)


def test_heap_without_a_distribution() -> None:
    assert heaping.frandsen(20, 40, 20) == pytest.approx(0.003012, abs=1e-6)
    assert heaping.frandsen(20, 40, 20, k=0.1) == pytest.approx(0.010775, abs=1e-6)
    assert heaping.frandsen(0, 0, 0) == 1.0


@given(st.integers(1, 60), st.integers(1, 60), st.floats(0, 0.3))
def test_more_curvature_allowed_is_never_more_certain(below: int, at: int, k: float) -> None:
    assert heaping.frandsen(below, at, below, k) >= heaping.frandsen(below, at, below) - 1e-12


def test_exact_conditional_test_is_the_sum_of_two_binomials() -> None:
    # 2 of 2 with chance ½ and 1 of 1 with chance ¼: all three above the bounds.
    assert heaping.exact_p([2, 1], [2, 1], [0.5, 0.25]) == pytest.approx(1 / 16)
    # Two or more of the three: ¼·1 + ½·¼.
    assert heaping.exact_p([2, 0], [2, 1], [0.5, 0.25]) == pytest.approx(1 / 4 + 1 / 2 * 1 / 4)
    assert heaping.exact_p([0], [0], [0.4]) == pytest.approx(1.0)


def test_excess_of_a_district_is_what_was_added() -> None:
    totals = np.arange(61)
    smooth = 900 * np.exp(-0.5 * ((totals - 30) / 11) ** 2)
    lifted = smooth.copy()
    for cut in (20, 34, 48):
        moved = 0.4 * smooth[cut - 1] + 0.2 * smooth[cut - 2]
        lifted[cut - 1] *= 0.6
        lifted[cut - 2] *= 0.8
        lifted[cut] += moved
    found = heaping.district_excess(lifted.tolist(), [20, 34, 48])
    assert found.works == pytest.approx((lifted - smooth)[[20, 34, 48]].sum(), rel=0.02)
    assert found.counterfactual == pytest.approx(smooth, rel=0.02, abs=1)
    assert heaping.district_excess(smooth.tolist(), [20, 34, 48]).share == pytest.approx(0, abs=0.01)


def test_benjamini_hochberg_over_two_procedures(reference: Check) -> None:
    found = combine.adjusted({"a": np.array(BH_1995[:7] + [np.nan]), "b": np.array(BH_1995[7:])})
    joined = np.concatenate([found["a"][:7], found["b"]])
    source = "Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57, 289, section 4.1; R, p.adjust"
    reference("fifteen p-values of two procedures", joined, BH_ADJUSTED, source, abs=1e-7)
    assert np.isnan(found["a"][7])
    assert (joined <= 0.05).sum() == 4
    assert combine.adjusted({}) == {}


def test_stouffer_leaves_out_what_a_school_did_not_write() -> None:
    p = np.array([[0.01, 0.2, np.nan], [0.01, np.nan, np.nan]])
    found = combine.stouffer(p)
    # Two p of .01: z = 2 · 2.326348 / √2 = 3.289953.
    assert found[0] == pytest.approx(0.00050102, rel=1e-3)
    assert found[1] == pytest.approx(0.2)
    assert np.isnan(found[2])


def test_marks_not_confirmed_are_counted_against_other_schools() -> None:
    # The other school: of four «5» one falls, of two «4» one. Own: two «5» that fall, a «4» that stays, a «3».
    earlier = [5, 5, 4, 3, 5, 5, 5, 5, 4, 4]
    later = [4, 3, 4, 2, 5, 5, 5, 4, 4, 3]
    own, other = later_exam.unconfirmed(earlier, later, [0] * 4 + [1] * 6)
    assert (own.n, own.observed, own.expected) == (3, 2, pytest.approx(1 / 4 + 1 / 4 + 1 / 2))
    # P(≥ 2 of chances ¼, ¼, ½) = ¼·¼·½ + 2·¼·¾·½ + ¼·¼·½.
    assert own.p == pytest.approx(1 / 32 + 6 / 32 + 1 / 32)
    assert own.ratio == pytest.approx(2.0)
    assert (other.n, other.observed, other.expected) == (6, 2, pytest.approx(4.0))


def test_a_school_alone_has_no_expectation() -> None:
    (found,) = later_exam.unconfirmed([5, 4], [4, 4], [0, 0])
    assert (found.n, found.observed, found.p) == (0, 0, 1.0)
    assert np.isnan(found.ratio)


RULES = [later_exam.MedalRule(2024, 70, 70, "ug.ru"), later_exam.MedalRule(2026, 75, 70, "invented")]


@pytest.mark.parametrize(
    ("russian", "other", "counts", "bounds"),
    [
        ([65], [80], (1, 1), (0.207, 1)),
        ([65, 90], [80, 70], (1, 2), (0.095, 0.905)),
        ([70, 71, 72], [70, 70, 90], (0, 3), (0, 0.561)),
    ],
)
def test_index_of_claimants(
    russian: list[float], other: list[float], counts: tuple[int, int], bounds: tuple[float, float]
) -> None:
    found = later_exam.medals(russian, other, 2025, RULES)
    assert (found.share.numerator, found.share.n) == counts
    assert (found.lower, found.upper) == pytest.approx(bounds, abs=1e-3)


def test_index_of_claimants_says_why_there_is_none() -> None:
    assert later_exam.medals([float("nan")], [90.0], 2025, RULES).reason == "претендентов с результатами нет"
    assert "не задано" in later_exam.medals([90.0], [90.0], 2023, RULES).reason
    assert later_exam.medals([72.0], [90.0], 2026, RULES).share.numerator == 1
