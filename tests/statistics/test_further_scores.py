"""Random intercepts and slopes, value added, slopes of schools and tasks against R on sets that no other test uses."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.statistics import item_bias, rasch, shrinkage_scores, value_added
from pipeline.statistics.comparison import Share
from pipeline.statistics.school_trends import school_trends
from pipeline.statistics.shrinkage_scores import random_intercept, random_slope
from pipeline.statistics.trend import Point
from tests.statistics.published import published
from tests.statistics.references import Check

LME4 = "lme4 1.1-31 (R), lmer by REML, bobyqa, on {}::{}"


@pytest.mark.parametrize(
    ("package", "item", "columns", "fixed", "errors", "variances", "loglik"),
    [
        ("lme4", "Dyestuff", ("Yield", "Batch"), [1527.5], [19.3834119], [1764.049949, 2451.250011], -159.827138),
        ("nlme", "Rail", ("travel", "Rail"), [66.5], [10.1710373], [615.311112, 16.166667], -61.0885),
        (
            "mlmRev",
            "bdf",
            ("langPOST", "schoolNR", "IQ.ver.cen", "ses"),
            [36.076059, 2.2532534, 0.1653809],
            [0.5050819, 0.0713795, 0.0147916],
            [9.212033, 40.048933],
            -7570.302973,
        ),
        ("mlmRev", "Gcsemv", ("written", "school"), [47.5997775], [0.9001959], [49.626515, 126.065015], -6609.47444),
        (
            "mlmRev",
            "ScotsSec",
            ("attain", "second", "verbal"),
            [6.0220116, 0.1634922],
            [0.064545, 0.0027521],
            [0.05143701, 4.48093599],
            -7466.242111,
        ),
        (
            "nlme",
            "MathAchieve",
            ("MathAch", "School", "SES"),
            [12.6574803, 2.3901958],
            [0.1879852, 0.1057191],
            [4.76817462, 37.0343985],
            -23322.584656,
        ),
    ],
)
def test_intercepts_of_lme4(
    package: str,
    item: str,
    columns: tuple[str, ...],
    fixed: list[float],
    errors: list[float],
    variances: list[float],
    loglik: float,
    reference: Check,
) -> None:
    data, source = published(package, item), LME4.format(package, item)
    score, group, *rest = columns
    found = random_intercept(
        data[score].astype(float), data[group].astype(str).tolist(), {name: data[name].astype(float) for name in rest}
    )
    assert found.fixed is not None
    assert found.fixed_se is not None
    reference("coefficients", list(found.fixed.values()), fixed, source, rel=1e-6)
    reference("standard errors", list(found.fixed_se.values()), errors, source, rel=2e-5)
    reference("variances between and within", [found.tau2, found.sigma2], variances, source, rel=1e-5)
    reference("log-likelihood", found.loglik, loglik, source, abs=1e-5)


def test_batches_that_do_not_differ(reference: Check) -> None:
    """Box and Tiao 1973, table 5.1.4: made so that the estimate of the variance between is 0."""
    data = published("lme4", "Dyestuff2")
    found = random_intercept(data["Yield"], data["Batch"].astype(str).tolist())
    source = LME4.format("lme4", "Dyestuff2")
    assert (found.state, found.reason, found.tau2) == ("no_difference", shrinkage_scores.ALIKE, 0.0)
    ours = [found.fixed["intercept"], found.fixed_se["intercept"], found.sigma2, found.loglik]  # type: ignore[index]
    reference(
        "mean, its error, σ², log-likelihood", ours, [5.6656, 0.678388, 13.80630963, -80.914139], source, rel=1e-6
    )


@pytest.mark.parametrize(
    ("package", "item", "columns", "fixed", "covariance", "sigma2", "loglik"),
    [
        (
            "lme4",
            "sleepstudy",
            ("Reaction", "Days", "Subject"),
            [251.4051048, 10.46728596],
            [612.0897483, 9.604335475, 35.07166234],
            654.9410407,
            -871.814136,
        ),
        (
            "nlme",
            "Oxboys",
            ("height", "age", "Subject"),
            [149.3717529, 6.525468663],
            [65.30380762, 8.709805599, 2.824808105],
            0.4354534228,
            -362.045475282,
        ),
        (
            "mlmRev",
            "Early",
            ("cog", "age", "id"),
            [129.8656958, -18.16504854],
            [194.3095536, -35.13533882, 11.15454964],
            76.61974889,
            -1195.89467482,
        ),
    ],
)
def test_slopes_of_lme4(
    package: str,
    item: str,
    columns: tuple[str, str, str],
    fixed: list[float],
    covariance: list[float],
    sigma2: float,
    loglik: float,
    reference: Check,
) -> None:
    """Without standard units the optimisers stop at variances of Early that are wrong by half."""
    data, source = published(package, item), LME4.format(package, item)
    score, x, group = columns
    found = random_slope(data[score].astype(float), data[x].astype(float), data[group].astype(str).tolist())
    assert found is not None
    ours = [*found.covariance[np.triu_indices(2)], found.sigma2]
    reference("intercept and slope", found.fixed, fixed, source, rel=1e-6)
    reference("variances and covariance of both, σ²", ours, [*covariance, sigma2], source, rel=2e-5)
    reference("log-likelihood", found.loglik, loglik, source, abs=1e-6)


def test_value_added_of_dutch_schools(reference: Check) -> None:
    data, source = published("mlmRev", "bdf"), "lme4 1.1-31 (R), lmer by ML, ranef with condVar, on mlmRev::bdf"
    found = value_added.value_added(
        data["langPOST"].astype(float), data["langPRET"].astype(float), data["schoolNR"].astype(str).tolist()
    )
    fixed = list((found.model.fixed or {}).values())
    reference("coefficients", fixed, [8.652033, 0.936878994], source, rel=1e-6)
    variances = [found.model.tau2, found.model.sigma2]
    reference("variances between and within", variances, [7.63855572, 31.4991366], source, rel=1e-6)
    words = [sum(one.word == word for one in found.schools) for word in (value_added.ABOVE, value_added.BELOW)]
    reference("schools above and below what was expected, of 131", words, [21, 18], source)


def test_slopes_of_herds(reference: Check) -> None:
    """Fifteen herds in four periods; one has a single period. The slopes differ by chance alone: τ² = 0."""
    herds: dict[str, list[Point]] = {}
    for row in published("lme4", "cbpp").itertuples():
        point = Point(int(row.period), Share(int(row.incidence), int(row.size)))
        herds.setdefault(str(row.herd), []).append(point)
    found = school_trends(herds, 1)
    source = "metafor 3.8-1 (R), rma(method = FE) of empirical logits by herd, then PM, on lme4::cbpp"
    assert found.mean is not None
    assert found.left == ("8",)
    own = [found.schools[name].own for name in "1234"]
    reference("first four slopes", own, [0.316949332, -0.476496691, -0.562899803, -0.141703216], source, abs=1e-8)
    ours = [found.mean.mean, found.mean.se, found.mean.tau2]
    reference("mean slope, error, τ²", ours, [-0.320405095, 0.104434275, 0], source, abs=1e-8)


def test_tasks_of_lsat7_with_one_discrimination(reference: Check) -> None:
    table = published("psych", "lsat7").drop(columns="rownames").to_numpy()
    found = rasch.fit(table, list(range(5)))
    source = "lme4 1.1-31 (R), glmer(binomial, nAGQ = 50) on psych::lsat7"
    difficulty = [-1.86826529, -0.79100546, -1.46098033, -0.52150609, -1.99297526]
    reference("difficulties", [task.difficulty for task in found.tasks], difficulty, source, abs=1e-5)
    errors = [0.10041934, 0.08115482, 0.09130514, 0.07872259, 0.10369603]
    reference("errors", [task.se[0] for task in found.tasks], errors, source, rel=5e-4)
    reference("spread of pupils", found.sd, 1.01126738, source, abs=1e-5)


def test_sexes_in_admissions_by_department(reference: Check) -> None:
    table = published("datasets", "UCBAdmissions")
    persons = table.loc[table.index.repeat(table["Freq"])]
    found = item_bias.mantel_haenszel(
        (persons["Admit"] == "Admitted").astype(float),
        persons["Dept"].astype(str).map({name: place for place, name in enumerate("ABCDEF")}),
        persons["Gender"] == "Female",
    )
    source = "R 4.2.2 mantelhaen.test on UCBAdmissions"
    reference(
        "χ², p, odds ratio", [found.chi2, found.p, found.odds], [1.42694623, 0.232263463, 0.904696828], source, rel=1e-7
    )


@pytest.mark.parametrize(
    ("task", "uniform", "crossed", "shift"),
    [("A1", 85.6405044, 0.4249435, -0.6815044), ("A4", 13.4373999, 22.4952831, 0.2887093)],
)
def test_ordinal_tasks_by_sex(task: str, uniform: float, crossed: float, shift: float, reference: Check) -> None:
    data = published("psych", "bfi")[["A1", "A2", "A3", "A4", "A5", "gender"]].dropna()
    found = item_bias.ordinal(data[task], data.iloc[:, :5].sum(axis=1), data["gender"] == 2)
    source = "MASS 7.3-58 (R) polr, likelihood ratios, on psych::bfi A1–A5 by gender"
    reference(f"{task}: uniform, crossed", [found.uniform, found.nonuniform], [uniform, crossed], source, abs=1e-5)
    reference(f"{task}: shift", found.shift, shift, source, abs=1e-5)
