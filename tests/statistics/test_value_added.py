"""Value added on the data set Exam (65 London schools): lme4, MLwiN's manual, how little an order of schools says."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import stats

from pipeline.statistics.shrinkage_scores import TOO_FEW
from pipeline.statistics.value_added import ABOVE, BELOW, LITTLE, WITHIN, ValueAdded, order_uncertainty, value_added
from tests.statistics.published import published
from tests.statistics.references import Check

EXAM = published("mlmRev", "Exam")
LME4 = "lme4 (R), lmer, on mlmRev::Exam; rounded in A User's Guide to MLwiN, chapter 2"


@cache
def exam() -> ValueAdded:
    return value_added(EXAM["normexam"], EXAM["standLRT"], EXAM["school"])


def test_model_is_that_of_lme4_and_of_the_manual_of_mlwin(reference: Check) -> None:
    model = exam().model
    reference("intercept and slope", list(model.fixed.values()), [0.002391, 0.563371], LME4, abs=1e-5)
    reference("error of the slope", model.fixed_se["intake"], 0.012465, LME4, rel=1e-2)
    reference("τ², σ²", (model.tau2, model.sigma2), (0.092129, 0.565731), LME4, abs=1e-5)
    reference("log-likelihood", model.loglik, -4678.62160, LME4, abs=1e-4)


def test_effects_of_schools_are_ranef_of_lme4(reference: Check) -> None:
    by_name = {group.name: group.effect for group in exam().model.groups}
    published_effects = [0.373761, 0.502044, 0.503890, 0.018131, 0.240431]
    ours = [by_name[school] for school in range(1, 6)]
    reference("effects of schools 1 to 5 (ranef)", ours, published_effects, LME4, abs=1e-5)


def test_half_of_the_schools_are_within_what_was_expected() -> None:
    words = [school.word for school in exam().schools]
    assert len(words) == 65
    assert words.count(ABOVE) + words.count(BELOW) == 31
    assert words.count(WITHIN) == 34


def test_an_order_of_schools_says_little() -> None:
    assert order_uncertainty(exam().model.groups) == pytest.approx(26, abs=1.5)
    raw = EXAM.groupby("school")["normexam"].mean()
    added = {group.name: group.effect for group in exam().model.groups}
    pairs = [(raw[school], added[school]) for school in raw.index]
    assert stats.spearmanr(pairs).statistic == pytest.approx(0.875, abs=1e-3)
    moved = np.abs(stats.rankdata([p[0] for p in pairs]) - stats.rankdata([p[1] for p in pairs]))
    assert moved.max() == 23


def test_small_schools_are_not_judged() -> None:
    found = value_added(EXAM["normexam"], EXAM["standLRT"], EXAM["school"], least=30)
    assert {school.word for school in found.schools if school.group.n < 30} == {LITTLE}
    assert all(school.word != LITTLE for school in found.schools if school.group.n >= 30)


def test_few_schools_have_no_words() -> None:
    few = EXAM[EXAM["school"] <= 4]
    found = value_added(few["normexam"], few["standLRT"], few["school"])
    assert (found.schools, found.model.reason) == ((), TOO_FEW)
    assert np.isnan(order_uncertainty(found.model.groups))
