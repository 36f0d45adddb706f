"""Three and more years of one share: does it rise, fall, or can nothing be proven?

The unit of the test is the pupil, not the yearly share: three yearly values never give a significant rank trend (the
smallest two-sided p of Kendall is 1/3, of four 1/12, of five 1/60). Years are scores, so a missing year is a gap and
nothing is put into it; a break in the series starts a new one. Sources: Cochran 1954, Armitage 1955 (trend in
proportions); McCullagh and Nelder 1989, 4.5 (dispersion); Newcombe 1998 (difference last − first); Sen 1968.

Cohorts differ beyond chance. In 1200 simulated districts a case without any trend (5 years of 300 pupils, cohorts with
a standard deviation of 0.1 and 0.2 logit) the plain test at 5 % finds one in .12 and .27, divided by the dispersion in
.07 and .13; t with two degrees less in .05 and .07, at the price of a third of the power, so it is not used.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from pipeline.statistics.comparison import Difference, Share, difference
from pipeline.statistics.intervals import CONFIDENCE

Word = Literal["рост", "снижение", "без доказанных изменений", "недостаточно данных"]
RISE: Final = "рост"
FALL: Final = "снижение"
SAME: Final = "без доказанных изменений"
LITTLE: Final = "недостаточно данных"
FEWEST = 3  # years of a trend
PER_PUPIL = 4  # from as many years on the scatter of years around the line can be seen
EXACT_AT_MOST = 7  # values whose orders are all tried when some are equal


@dataclass(frozen=True)
class Point:
    """One year of a series: `series` names what makes years comparable (the work, its scale and bounds)."""

    year: int
    share: Share
    series: str = ""


@dataclass(frozen=True)
class Test:
    """Cochran–Armitage: `z` is positive when the share grows with the scores; `chi2` = z²; p two-sided. `dispersion`:
    mean square of the years around the logit line, at least 1; `p_dispersed`: p of z / √dispersion."""

    z: float
    chi2: float
    p: float
    dispersion: float
    p_dispersed: float


@dataclass(frozen=True)
class Trend:
    """What the years of the last unbroken series allow to say. `reason` stands where nothing can be said.

    `points`: the years judged; `change`: last − first; `breaks`: first years of a new series; `gaps`: years between the
    first and the last judged that are not among them.
    """

    word: Word
    reason: str = ""
    points: tuple[Point, ...] = ()
    change: Difference | None = None
    test: Test | None = None
    breaks: tuple[int, ...] = ()
    gaps: tuple[int, ...] = ()

    @property
    def proven(self) -> bool:
        return self.word in (RISE, FALL)

    @property
    def p(self) -> float:
        """p of the trend over pupils; nan where none was tested."""
        return self.test.p_dispersed if self.test else math.nan


def trend(points: Sequence[Point], least: int, confidence: float = CONFIDENCE) -> Trend:
    """The word for one share over the years; order does not matter. `least`: fewest participants of a year that counts.

    Three years: by Newcombe's interval of last − first. Four and more: by Cochran–Armitage over pupils, with the
    scatter of years around the line where it is more than chance. ValueError when a year stands twice.
    """
    ordered, breaks = _series(points)
    kept = _last_series(ordered, breaks)
    judged = _large(kept, least)
    gaps = _gaps(judged)
    if len(judged) < FEWEST:
        return Trend(LITTLE, _lacking(len(kept), len(judged)), judged, _change(judged, confidence), None, breaks, gaps)
    change, test = _change(judged, confidence), cochran_armitage(*_columns(judged))
    return Trend(_word(change, test, len(judged), confidence), "", judged, change, test, breaks, gaps)


def unbroken(points: Sequence[Point], least: int) -> tuple[Point, ...]:
    """The years that a trend is judged over: of the last series, of `least` participants or more, oldest first."""
    return _large(_last_series(*_series(points)), least)


def _series(points: Sequence[Point]) -> tuple[list[Point], tuple[int, ...]]:
    """Years in their order and the first years of each new series."""
    ordered = sorted(points, key=lambda point: point.year)
    if len({point.year for point in ordered}) < len(ordered):
        raise ValueError("a year stands twice in a series")
    pairs = zip(ordered, ordered[1:], strict=False)
    return ordered, tuple(later.year for earlier, later in pairs if earlier.series != later.series)


def _large(kept: Sequence[Point], least: int) -> tuple[Point, ...]:
    return tuple(point for point in kept if point.share.n >= max(1, least))


def _last_series(ordered: Sequence[Point], breaks: Sequence[int]) -> list[Point]:
    return [point for point in ordered if not breaks or point.year >= breaks[-1]]


def _gaps(judged: Sequence[Point]) -> tuple[int, ...]:
    known = {point.year for point in judged}
    return tuple(year for year in range(min(known), max(known)) if year not in known) if known else ()


def _lacking(years: int, judged: int) -> str:
    """Why there is no word of a trend."""
    if years >= FEWEST:
        return "лет с достаточным числом участников меньше трёх"
    return {0: "данных нет", 1: "один год: динамики нет"}.get(judged, "два года: только разность")


def _change(judged: Sequence[Point], confidence: float) -> Difference | None:
    return difference(judged[-1].share, judged[0].share, confidence) if len(judged) > 1 else None


def _columns(judged: Sequence[Point]) -> tuple[list[int], list[int], list[int]]:
    shares = [point.share for point in judged]
    return [one.numerator for one in shares], [one.n for one in shares], [point.year for point in judged]


def _word(change: Difference | None, test: Test | None, years: int, confidence: float) -> Word:
    if change is None or test is None:
        return SAME
    if years < PER_PUPIL:
        return RISE if change.lower > 0 else FALL if change.upper < 0 else SAME
    if test.p_dispersed >= 1 - confidence:
        return SAME
    return RISE if test.z > 0 else FALL


def cochran_armitage(x: ArrayLike, n: ArrayLike, scores: ArrayLike) -> Test | None:
    """Trend of x of n over `scores`; None when nobody or everybody has the sign, or the scores do not differ. A year
    without participants or count is left out.

    statsmodels takes the variance with N − 1; Armitage's (and R's prop.trend.test) has N: chi2 is put right.
    """
    from statsmodels.stats.contingency_tables import Table  # half a second, which most notebooks save

    count, size, score = (np.asarray(part, dtype=float) for part in (x, n, scores))
    if np.any((count < 0) | (count > size)):
        raise ValueError("a numerator must lie between 0 and its denominator")
    known = np.isfinite(count) & (size > 0)
    count, size, score = count[known], size[known], score[known]
    if len(size) < 2 or not 0 < count.sum() < size.sum() or np.ptp(score) == 0:
        return None
    table = Table(np.column_stack([size - count, count]), shift_zeros=False)
    centred = score - score.mean()
    total = float(size.sum())
    z = float(table.test_ordinal_association(row_scores=centred, col_scores=np.array([0.0, 1.0])).zscore)
    z *= math.sqrt(total / (total - 1))
    return _dispersed(z, dispersion(count, size, score))


def _dispersed(z: float, phi: float) -> Test:
    from scipy import stats

    plain, wider = (2 * float(stats.norm.sf(abs(one))) for one in (z, z / math.sqrt(phi)))
    return Test(z, z * z, plain, phi, wider)


def dispersion(x: ArrayLike, n: ArrayLike, scores: ArrayLike) -> float:
    """Pearson's chi-squared of the years around the logit line, by its degrees of freedom; 1 below four years, where
    a line leaves too little to see cohorts that differ beyond chance."""
    count, size, score = (np.asarray(part, dtype=float) for part in (x, n, scores))
    if len(size) < PER_PUPIL:
        return 1.0
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    design = sm.add_constant(score - score.mean())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)  # years that lie on the line: no spread, so 1
        fitted = sm.GLM(np.column_stack([count, size - count]), design, family=sm.families.Binomial()).fit()
    return max(1.0, float(fitted.pearson_chi2 / fitted.df_resid))


def kendall(values: ArrayLike) -> tuple[float, float] | None:
    """Kendall's τ of values in their order with its exact two-sided p; None below three values or without change. A
    missing value (nan) is left out.

    With equal values all orders are tried up to seven of them, beyond that p is asymptotic.
    """
    from scipy import stats

    found = np.asarray(values, dtype=float)
    found = found[np.isfinite(found)]
    if len(found) < FEWEST or np.ptp(found) == 0:
        return None
    order = np.arange(len(found))
    tied = len(np.unique(found)) < len(found)
    plain = stats.kendalltau(order, found, method="asymptotic" if tied else "exact")
    if not tied or len(found) > EXACT_AT_MOST:
        return float(plain.statistic), float(plain.pvalue)
    exact = stats.permutation_test(
        (found,),
        lambda shuffled: abs(stats.kendalltau(order, shuffled).statistic),
        permutation_type="pairings",
        n_resamples=math.inf,
        alternative="greater",
    )
    return float(plain.statistic), float(exact.pvalue)


@dataclass(frozen=True)
class Slope:
    """Change a unit of x with its interval."""

    value: float
    lower: float
    upper: float


def theil_sen(x: ArrayLike, y: ArrayLike, confidence: float = CONFIDENCE) -> Slope | None:
    """Median of all pairwise slopes with Sen's interval (scipy.stats.theilslopes); None below two different x."""
    from scipy import stats

    first, second = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    known = np.isfinite(first) & np.isfinite(second)
    first, second = first[known], second[known]
    if len(first) < 2 or np.ptp(first) == 0:
        return None
    found = stats.theilslopes(second, first, alpha=confidence)
    return Slope(float(found.slope), float(found.low_slope), float(found.high_slope))
