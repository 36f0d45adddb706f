"""Shares, trends, summaries and many tests against R and published tables that no other test uses."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.statistics import association, context_index, effect, funnel, items, multiple, risk_zones
from pipeline.statistics.comparison import Share, difference
from pipeline.statistics.intervals import clopper_pearson, jeffreys, wilson
from pipeline.statistics.rates import poisson_exact
from pipeline.statistics.shrinkage_shares import fit
from pipeline.statistics.summary_effects import combine
from pipeline.statistics.trend import cochran_armitage, dispersion, theil_sen
from tests.statistics.published import published
from tests.statistics.references import Check

NEWCOMBE = "Newcombe 1998, Statistics in Medicine 17, 873, table II, method 10"
TREND = "R 4.2.2 prop.trend.test on {}"
METAFOR = "metafor 3.8-1 (R), rma(method = PM) on {}"


def numbers(package: str, item: str) -> np.ndarray:
    return published(package, item).drop(columns="rownames", errors="ignore").select_dtypes("number").to_numpy(float)


@pytest.mark.parametrize(
    ("first", "second", "bounds"),
    [
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((0, 10), (0, 10), (-0.2775, 0.2775)),
        ((10, 10), (0, 20), (0.6791, 1.0)),
    ],
)
def test_further_differences_of_newcombe(
    first: tuple[int, int], second: tuple[int, int], bounds: tuple[float, float], reference: Check
) -> None:
    found = difference(Share(*first), Share(*second))
    what = f"{first[0]}/{first[1]} − {second[0]}/{second[1]}: 95 % bounds"
    reference(what, (found.lower, found.upper), bounds, NEWCOMBE, decimals=4)


def test_ends_of_exact_intervals(reference: Check) -> None:
    """x = 0: 1 − (α/2)^(1/n), in closed form; and events of none: −ln(α/2)."""
    assert [float(clopper_pearson(0, n)[1]) for n in (1, 10, 300)] == pytest.approx(
        [1 - 0.025 ** (1 / n) for n in (1, 10, 300)]
    )
    assert float(poisson_exact(0, 1)[1]) == pytest.approx(-np.log(0.025))
    reference("0 of 10 and 7 of 10, exact", [clopper_pearson(0, 10), clopper_pearson(7, 10)],
              [0, 0.3084971, 0.3475471, 0.9332605], "R 4.2.2 binom.test", abs=1e-7)  # fmt: skip


def test_huge_numbers_of_participants(reference: Check) -> None:
    half, few = wilson(5_000_000, 10_000_000), wilson(3, 10_000_000)
    expected = [0.4996901025, 0.5003098975, 1.02027078e-07, 8.82118426e-07]
    source = "R 4.2.2 prop.test(correct = FALSE)"
    reference("Wilson 5 000 000 and 3 of 10 000 000", [*half, *few], expected, source, rel=1e-5)
    lower, upper = jeffreys(10_000_000, 10_000_000)
    assert 0.999999 < lower < upper == 1


@pytest.mark.parametrize(
    ("x", "n", "scores", "chi2", "p", "source"),
    [
        ([48, 38, 5, 1, 1], [17114, 14502, 793, 127, 38], [0, 0.5, 1.5, 4, 7], 6.57013395, 0.01037041,
         "Agresti 2002, Categorical Data Analysis, table 5.3 (alcohol and malformation: 6.57)"),
        ([24, 35, 21, 30], [1379, 638, 213, 254], [0, 2, 4, 5], 72.68808651, 1.51847976e-17,
         "Agresti 2002, table 4.2 (snoring and heart disease)"),
    ],
)  # fmt: skip
def test_trends_of_agresti(
    x: list[int], n: list[int], scores: list[float], chi2: float, p: float, source: str, reference: Check
) -> None:
    found = cochran_armitage(x, n, scores)
    assert found is not None
    reference("Cochran–Armitage χ²", found.chi2, chi2, TREND.format(source), abs=1e-7)
    reference("Cochran–Armitage p", found.p, p, TREND.format(source), rel=1e-6)


def test_scatter_around_a_line(reference: Check) -> None:
    cases = published("datasets", "esoph").groupby("agegp", observed=True)[["ncases", "ncontrols"]].sum()
    order = sorted(cases.index)
    x = cases.loc[order, "ncases"].to_numpy(float)
    n = x + cases.loc[order, "ncontrols"].to_numpy(float)
    found = cochran_armitage(x, n, range(1, 7))
    assert found is not None
    reference("age groups: χ², χ² of the logit line by its freedom", [found.chi2, dispersion(x, n, range(1, 7))],
              [83.4516100, 7.64302604], "R 4.2.2 prop.trend.test, glm on esoph", rel=1e-7)  # fmt: skip


def test_slope_of_sen(reference: Check) -> None:
    found = theil_sen([1, 2, 3, 4, 10, 12, 18], [9, 15, 19, 20, 45, 55, 78], 0.93)
    assert found is not None
    reference("slope and 93 % bounds", [found.value, found.lower, found.upper], [4, 3.71, 4.38],
              "Sen 1968, JASA 63, 1379, example", decimals=2)  # fmt: skip


# --- summaries ---------------------------------------------------------------------------------------------------
TEACHERS = (
    [0.03, 0.12, -0.14, 1.18, 0.26, -0.06, -0.02, -0.32, 0.27, 0.8, 0.54, 0.18, -0.02, 0.23, -0.18, -0.06, 0.3, 0.07,
     -0.07],
    [0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269, 0.063, 0.0912, 0.0497, 0.0835, 0.0841,
     0.0253, 0.0279, 0.0193, 0.0088, 0.0303],
)  # fmt: skip
STROKE = (
    [-20, -2, -55, -71, -4, 1, 11, -10, 7],
    [40.5080232, 2.0806452, 15.6984038, 150.2222222, 17.3076923, 1.1673414, 94.5891266, 6.3108793, 19.8423077],
)
LIDOCAINE = (
    [0.028026, 0, 0.019711, 0.017961, 0.035334, 0.044031],
    [0.0017757, 0.0037566, 0.0008132, 0.00109, 0.0008011, 0.0006132],
)


@pytest.mark.parametrize(
    ("item", "data", "expected"),
    [
        ("dat.raudenbush1985 (teacher expectancy)", TEACHERS, [0.10395697, 0.06820839, 0.05177331, 35.8295363]),
        ("dat.normand1999 (length of stay)", STROKE, [-15.14568003, 9.2142716, 728.25112859, 238.91581086]),
        ("dat.hine1989 (lidocaine)", LIDOCAINE, [0.02944432, 0.01306832, 0, 0.85969268]),
    ],
)
def test_summaries_of_metafor(
    item: str, data: tuple[list[float], list[float]], expected: list[float], reference: Check
) -> None:
    found = combine(data[0], np.sqrt(data[1]))
    ours = [found.mean, found.se, found.tau2, found.q]
    reference("mean, error, τ², Q", ours, expected, METAFOR.format(item), rel=1e-4)


def test_variance_between_trials_of_bcg(reference: Check) -> None:
    bcg = published("HSAUR", "BCG")
    risk = np.log((bcg["BCGTB"] / bcg["BCGVacc"]) / (bcg["NoVaccTB"] / bcg["NoVacc"]))
    error = np.sqrt(1 / bcg["BCGTB"] - 1 / bcg["BCGVacc"] + 1 / bcg["NoVaccTB"] - 1 / bcg["NoVacc"])
    found = combine(risk, error)
    ours = [found.mean, found.se, found.tau2]
    reference("mean, error, τ²", ours, [-0.71496815, 0.18089219, 0.31806845], METAFOR.format("dat.bcg"), rel=1e-6)


# --- the prior of shares -----------------------------------------------------------------------------------------
RATS = (
    [0] * 14 + [1] * 8 + [2] * 9 + [1, 5, 2, 5, 3, 2, 7, 7, 3, 3, 2, 9, 10] + [4] * 7
    + [10, 4, 4, 4, 5, 11, 12, 5, 5, 6, 5] + [6] * 4 + [16, 15, 15, 9, 4],
    [20] * 7 + [19] * 4 + [18, 18, 17] + [20] * 4 + [19, 19, 18, 18, 25, 24, 23] + [20] * 6
    + [10, 49, 19, 46, 27, 17, 49, 47, 20, 20, 13, 48, 50] + [20] * 7 + [48, 19, 19, 19, 22, 46, 49, 20, 20, 23, 19, 22]
    + [20] * 3 + [52, 46, 47, 24, 14],
)  # fmt: skip
SURGERY = (
    [0, 18, 8, 46, 8, 13, 9, 31, 14, 8, 29, 24],
    [47, 148, 119, 810, 211, 196, 148, 215, 207, 97, 256, 360],
)
ADMISSIONS = ([601, 370, 322, 269, 147, 46], [933, 585, 918, 792, 584, 714])
ENDS = ([0, 10, 0, 9, 10, 0, 10, 1, 0, 10], [10] * 10)


@pytest.mark.parametrize(
    ("item", "data", "mean", "size"),
    [
        ("tumours of rats (Tarone 1982; Gelman et al., BDA3, table 5.1)", RATS, 0.14229186, 16.456418),
        ("heart operations of infants (BUGS examples I, Surgical)", SURGERY, 0.07649886, 107.8903),
        ("admissions to Berkeley by department (UCBAdmissions)", ADMISSIONS, 0.3739857, 4.602022),
        ("ten organisations that have nearly all or none", ENDS, 0.5, 0.1580155),
    ],
)
def test_prior_of_largest_likelihood(
    item: str, data: tuple[list[int], list[int]], mean: float, size: float, reference: Check
) -> None:
    found = fit(*data)
    source = f"beta-binomial likelihood by optim (R 4.2.2) on {item}"
    reference("mean and size", [found.mean, found.size], [mean, size], source, rel=1e-5)


def test_prior_of_herds(reference: Check) -> None:
    herds = published("lme4", "cbpp").groupby("herd")[["incidence", "size"]].sum()
    found = fit(herds["incidence"], herds["size"])
    source = "beta-binomial likelihood by optim (R 4.2.2) on lme4::cbpp"
    reference("mean and size", [found.mean, found.size], [0.14048661, 13.946334], source, rel=1e-6)


# --- funnels -----------------------------------------------------------------------------------------------------
def test_limits_of_standardised_ratios(reference: Check) -> None:
    source = "tests of the R package FunnelPlotR"
    inner, outer = (funnel.ratio_limits([15, 20, 30], level) for level in (funnel.INNER, funnel.OUTER))
    reference("15, 20, 30 expected: 95 % lower", inner[0], [0.5596924, 0.6108260, 0.6746958], source, abs=1e-6)
    reference("15, 20, 30 expected: 95 % upper", inner[1], [1.649348, 1.544419, 1.427562], source, abs=1e-6)
    reference("15, 20, 30 expected: 99.8 % lower", outer[0], [0.3862650, 0.4479107, 0.5289724], source, abs=1e-6)
    reference("15, 20, 30 expected: 99.8 % upper", outer[1], [2.082907, 1.902094, 1.702771], source, abs=1e-6)
    assert np.isnan(funnel.ratio_limits([0, np.nan])).all()


def test_limits_of_huge_organisations_join_those_counted_pupil_by_pupil() -> None:
    for tau in (0.0, 0.03):
        counted, smooth = (funnel.limits(0.3, [n], tau=tau) for n in (funnel.LARGE, funnel.LARGE + 1))
        assert np.ravel(counted) == pytest.approx(np.ravel(smooth), abs=2e-5)


def test_distances_by_hand() -> None:
    assert funnel.z_scores([40, 60, 5], [100, 100, 0], 0.5)[:2] == pytest.approx([-2, 2])
    assert funnel.z_scores([60], [100], 0.5, tau=0.05)[0] == pytest.approx(0.1 / np.sqrt(0.0025 + 0.0025))
    assert np.isnan(funnel.z_scores([5, 0], [0, 9], 0.0)).all()
    assert funnel.spread([40, 45, 55, 60, 0, np.nan], [100] * 4 + [0, 9], 0.5, 0) == funnel.spread(
        [40, 45, 55, 60], [100] * 4, 0.5, 0
    )


# --- one quantity with another; many tests; parts and indices ------------------------------------------------------
def test_two_groups_by_all_divisions(reference: Check) -> None:
    source = "coin 1.4-2 (R), oneway_test(distribution = exact) on {}"
    plants, sprays = published("datasets", "PlantGrowth"), published("datasets", "InsectSprays")
    both = plants[plants["group"] != "ctrl"]
    ours = association.groups_p([3.1, 4.2, 5.9, 2.2, 7.3, 6.1, 3.3], [1, 1, 1, 0, 0, 0, 0])
    reference("3 against 4 numbers: p", ours, 0.828571429, source.format("seven numbers"), abs=1e-9)
    two = sprays[sprays["spray"].isin(["C", "E"])]
    drawn = association.groups_p(two["count"], two["spray"] == "C")
    reference("12 against 12: p of a sample of ways", drawn, 0.09491464, source.format("InsectSprays C, E"), abs=0.004)
    drawn = association.groups_p(both["weight"], both["group"] == "trt1")
    reference("10 against 10: p of a sample of ways", drawn, 0.00861677, source.format("PlantGrowth"), abs=0.002)
    assert association.groups_p([1.0, 2.0, np.nan], [1, 1, 0]) is None
    assert association.groups_p([5.0, 1, 1, 1], [1, 0, 0, 0]) == 0.25


def test_measure_inside_blocks(reference: Check) -> None:
    peas = published("datasets", "npk")
    sets = [list(np.flatnonzero(peas["block"].astype(str) == str(block))) for block in range(1, 7)]
    found = effect.effect(np.zeros(len(peas)), peas["yield"], peas["N"].astype(str) == "1", sets)
    source = "coin 1.4-2 (R), oneway_test(yield ~ N | block, exact) and lm on npk"
    reference(
        "effect of nitrogen, p over all ways", [found.value, found.p], [5.616667, 0.00621570645], source, rel=1e-6
    )


def test_many_tests_as_in_r(reference: Check) -> None:
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.324,
        0.4262,
        0.5719,
        0.6528,
        0.759,
        1,
    ]
    source = "R 4.2.2 p.adjust on the p-values of Benjamini and Hochberg 1995, section 4.1"
    by = [
        0.0049773435,
        0.0099546870,
        0.0315231754,
        0.1182119079,
        0.2000892083,
        0.2118926229,
        0.2118926229,
        0.2140257701,
    ]
    holm = [0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213, *[1] * 6]
    reference("Benjamini–Yekutieli, the first eight", multiple.adjusted(p, "by")[:8], by, source, abs=1e-9)
    reference("Holm", multiple.adjusted(p, "holm"), holm, source, abs=1e-12)


def test_schools_of_california(reference: Check) -> None:
    columns = ["calworks", "lunch", "income", "english", "expenditure"]
    matrix = published("AER", "CASchools")[columns].to_numpy(float)
    found, fits = context_index.component(matrix, [-1, -1, 1, -1, 1]), context_index.adequacy(matrix)
    source = "prcomp and psych 2.2.9 KMO, cortest.bartlett (R) on AER::CASchools"
    eigen = [2.664343, 1.107163, 0.744387, 0.366778, 0.117329]
    loadings = [-0.485012, -0.583697, 0.487550, -0.417006, 0.111636]
    reference("eigenvalues", found.eigenvalues, eigen, source, abs=1e-6)
    reference("loadings, a favourable context high", found.loadings, loadings, source, abs=1e-6)
    reference("Kaiser's measure", fits.kmo, 0.569623237, source, abs=1e-8)
    each = [0.64259441, 0.55409409, 0.63329409, 0.49691875, 0.36166217]
    reference("Kaiser's measure of each feature", fits.each, each, source, abs=1e-7)
    reference("Bartlett's χ² on 10 degrees", fits.chi2, 982.61097, source, abs=1e-4)
    scores = published("AER", "CASchools")[["read", "math"]].mean(axis=1)
    with_results = float(np.corrcoef(found.scores, scores)[0, 1])
    reference(
        "correlation with results", with_results, 0.887367, "methods of the project, prcomp on CASchools", abs=1e-6
    )


@pytest.mark.parametrize(
    ("item", "kmo", "chi2", "df"),
    [
        ("attitude", 0.763275432, 98.7527787, 21),
        ("swiss", 0.625680725, 144.749552, 15),
        ("USArrests", 0.653815006, 88.2881469, 6),
    ],
)
def test_adequacy_of_other_sets(item: str, kmo: float, chi2: float, df: int, reference: Check) -> None:
    found = context_index.adequacy(numbers("datasets", item))
    source = f"psych 2.2.9 (R) KMO, cortest.bartlett on {item}"
    reference("Kaiser's measure, Bartlett's χ²", [found.kmo, found.chi2], [kmo, chi2], source, rel=1e-8)
    assert found.df == df
    assert found.p < 1e-9


def test_features_that_say_nothing_of_adequacy() -> None:
    table = np.random.default_rng(1).normal(size=(12, 3))
    for bad in (np.column_stack([table, table[:, 0]]), table[:3], np.ones((12, 3)), table[:, :1]):
        assert context_index.adequacy(bad).reason == context_index.DEPENDENT
    with pytest.raises(ValueError, match="every school"):
        context_index.adequacy([[1.0, np.nan], [2.0, 3.0], [1.0, 1.0]])
    flat = np.column_stack([table, np.full(12, 4.0)])
    assert context_index.component(flat, [1, 1, 1, 1]).loadings[-1] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("package", "item", "columns", "alpha", "bounds"),
    [
        ("datasets", "attitude", slice(0, 7), 0.843142770, (0.739375686, 0.915773072)),
        ("psych", "bfi", slice(0, 5), 0.430616923, (0.395999167, 0.463829326)),
        ("psych", "sat.act", slice(3, 6), 0.613468917, (0.560564339, 0.660968913)),
    ],
)
def test_alpha_with_the_interval_of_feldt(
    package: str, item: str, columns: slice, alpha: float, bounds: tuple[float, float], reference: Check
) -> None:
    table = numbers(package, item)[:, columns]
    value, lower, upper, _ = items.alpha(table[np.isfinite(table).all(axis=1)])
    source = f"psych 2.2.9 (R) alpha, alpha.ci on {item}"
    reference("alpha and bounds", [value, lower, upper], [alpha, *bounds], source, abs=1e-8)


# --- zones -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("pair", [((3, 10), (300_000, 1_000_000)), ((12, 30), (300, 1000)), ((0, 10), (0, 10))])
def test_two_posteriors_by_integration(pair: tuple[tuple[int, int], tuple[int, int]]) -> None:
    """P(first > second + δ) by a fine sum over the first's quantiles, whichever has more participants."""
    from scipy import stats

    for (x, n), (y, m) in (pair, pair[::-1]):
        first, second = stats.beta(x + 0.5, n - x + 0.5), stats.beta(y + 0.5, m - y + 0.5)
        levels = first.ppf((np.arange(200_000) + 0.5) / 200_000)
        limits = risk_zones.Limits(0.95, 0.75, 0.05, 1)
        found = risk_zones.against_share(Share(x, n), Share(y, m), "lower", limits)
        assert found.worse == pytest.approx(second.cdf(levels - 0.05).mean(), abs=2e-5)
        assert found.better == pytest.approx(1 - second.cdf(levels).mean(), abs=2e-5)
