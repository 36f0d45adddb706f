"""Did a measure work? What would have happened anyway, then the difference in differences judged over schools.

The order of questions: regression to the mean first (Galton; Davis 1976, Am. J. Epidemiol. 104, 493); then schools with
the measure beside alike ones without it (`matching`), each school as one change from its mean before to its mean after
(collapsed: Bertrand, Duflo and Mullainathan 2004, QJE 119, 249); judged by all the ways the measure could have fallen
on these schools (randomisation inference: Fisher 1935, The Design of Experiments, §21) and by Student's t over schools.
Nothing is claimed from robust errors of fewer than six treated schools. Units: those of the values given.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.statistics.intervals import CONFIDENCE

Floats = NDArray[np.float64]
Better = Literal["higher", "lower"]
Word = Literal["видно улучшение", "видно ухудшение", "не видно", "нельзя судить"]
POWER = 0.8
EXACT_AT_MOST = 50_000  # more ways than that are sampled
SEED = 20_260_101
FEWEST_OF_LINE = 8  # units that a line of two slopes is drawn through
FEWEST = 3  # pairs of which a correlation may be taken


@dataclass(frozen=True)
class Regression:
    """Regression to the mean of units chosen by a value before. `slope` = r · s₂ / s₁ of the reference units; `excess`:
    how much more the chosen gained than the reference; `expected`: (1 − slope)(μ₁ − mean of the chosen), the excess
    that comes with no measure at all."""

    r: float
    slope: float
    gain: float
    gain_reference: float
    expected: float

    @property
    def excess(self) -> float:
        return self.gain - self.gain_reference


def regression_to_the_mean(
    before: ArrayLike, after: ArrayLike, chosen: ArrayLike, reference: ArrayLike | None = None
) -> Regression | None:
    """What being chosen for an extreme value before brings by itself. Arrays of one length, one entry a unit.

    `reference`: the units that r, the deviations and μ₁ come from (those without the measure); all units when None.
    None where there are under three of them, none is chosen or nothing varies; a gap leaves a unit out.
    """
    first, second = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    known = np.isfinite(first) & np.isfinite(second)
    taken = np.asarray(chosen, dtype=bool) & known
    beside = known if reference is None else np.asarray(reference, dtype=bool) & known
    if beside.sum() < FEWEST or not taken.any() or np.ptp(first[beside]) == 0 or np.ptp(second[beside]) == 0:
        return None
    r = float(np.corrcoef(first[beside], second[beside])[0, 1])
    slope = r * float(second[beside].std(ddof=1) / first[beside].std(ddof=1))
    gain = second - first
    expected = (1 - slope) * float(first[beside].mean() - first[taken].mean())
    return Regression(r, slope, float(gain[taken].mean()), float(gain[beside].mean()), expected)


def expected_after(
    earlier: ArrayLike, last: ArrayLike, after: ArrayLike, reference: ArrayLike
) -> NDArray[np.float64] | None:
    """What each unit was to come to without a measure: a line through the `reference` units (those without it) from the
    mean of the earlier years and the last year before (analysis of covariance; Vickers and Altman 2001, BMJ 323, 1123).

    A bad last year is taken for as lasting as it proves among the reference. None under eight of them (three unknowns).
    """
    beside = np.asarray(reference, dtype=bool)
    if beside.sum() < FEWEST_OF_LINE:
        return None
    before = [np.asarray(part, dtype=float) for part in (earlier, last)]
    design = np.column_stack([np.ones(len(beside)), *before])
    then = np.asarray(after, dtype=float)
    return np.asarray(design @ np.linalg.lstsq(design[beside], then[beside], rcond=None)[0])


@dataclass(frozen=True)
class Effect:
    """Difference in differences over schools. `reason` stands where it cannot be judged; then numbers may be nan.

    `value` with its t interval of `df` degrees; `p` by randomisation, two-sided; `smallest_p` = 1 / ways (1 / C(S, T)
    where T of S schools have the measure), `exact` when all ways were tried; `detectable`: the effect that is seen in
    four cases of five; `treated`, `controls`: schools.
    """

    value: float = math.nan
    lower: float = math.nan
    upper: float = math.nan
    p: float = math.nan
    smallest_p: float = math.nan
    exact: bool = True
    detectable: float = math.nan
    treated: int = 0
    controls: int = 0
    df: int = 0
    confidence: float = CONFIDENCE
    reason: str = ""

    def word(self, better: Better) -> Word:
        """Seen only when randomisation and interval both say so; a p that could never be small cannot judge."""
        if self.reason:
            return "нельзя судить"
        outside = self.lower > 0 or self.upper < 0
        if not outside or self.p > 1 - self.confidence + 1e-12:
            return "не видно"
        return "видно улучшение" if (self.value > 0) == (better == "higher") else "видно ухудшение"


@dataclass(frozen=True)
class _Stratum:
    """Changes of schools among which the measure could have fallen otherwise."""

    changes: Floats
    treated: NDArray[np.bool_]

    @property
    def centred(self) -> Floats:
        return np.asarray(self.changes - self.changes.mean())

    @property
    def ways(self) -> int:
        return math.comb(len(self.changes), int(self.treated.sum()))

    @property
    def mirrored(self) -> bool:
        return 2 * int(self.treated.sum()) == len(self.changes)

    @property
    def weight(self) -> float:
        taken, size = int(self.treated.sum()), len(self.changes)
        return taken * (size - taken) / size


def effect(
    before: ArrayLike,
    after: ArrayLike,
    treated: ArrayLike,
    sets: Sequence[Sequence[int]] | None = None,
    *,
    slope: float = 1.0,
    confidence: float = CONFIDENCE,
    power: float = POWER,
) -> Effect:
    """How much more the treated changed than the others: means of a school before and after, one entry a school.

    `sets`: places of schools matched with each other (`matching.sets`); the measure is then shuffled inside sets alone,
    and schools in none are left out. `slope` under 1 takes the change as after − slope · before: what the schools
    without the measure show of regression to the mean (Regression.slope). A school with a gap is left out.
    """
    change = np.asarray(after, dtype=float) - slope * np.asarray(before, dtype=float)
    taken = np.asarray(treated, dtype=bool)
    known = np.isfinite(change)
    groups = [[place for place in one if known[place]] for one in ([range(len(change))] if sets is None else sets)]
    strata = [_Stratum(change[one], taken[one]) for one in groups if 0 < taken[one].sum() < len(one)]
    counts = (sum(int(one.treated.sum()) for one in strata), sum(int((~one.treated).sum()) for one in strata))
    if not strata:
        lacking = "школ с мерой нет" if not taken.any() else "похожих школ без меры нет"
        return Effect(treated=int(taken.sum()), confidence=confidence, reason=lacking)
    found = replace(_estimate(strata, confidence, power), treated=counts[0], controls=counts[1])
    return replace(found, reason=_reason(found, mirrored=all(one.mirrored for one in strata)))


def _reason(found: Effect, *, mirrored: bool) -> str:
    """`mirrored`: exchanging those with and without the measure is a way too, so a two-sided p counts two ways."""
    if found.df < 1 or math.isnan(found.lower):
        return "школ слишком мало, чтобы узнать их разброс"
    if (2 if mirrored else 1) * found.smallest_p > 1 - found.confidence + 1e-12:
        return "школ слишком мало: и самый ясный исход мог быть случайным"
    return ""


def _estimate(strata: Sequence[_Stratum], confidence: float, power: float) -> Effect:
    """Least squares of changes on the measure with a level for each stratum."""
    from scipy import stats

    weight = sum(one.weight for one in strata)
    total = sum(float(one.centred[one.treated].sum()) for one in strata)
    value = total / weight
    df = sum(len(one.changes) for one in strata) - len(strata) - 1
    left = [one.centred - value * (one.treated - one.treated.mean()) for one in strata]
    squares = float(sum((part**2).sum() for part in left))
    p, smallest, exact = _randomised(strata, total)
    if df < 1:
        return Effect(value, p=p, smallest_p=smallest, exact=exact, df=df, confidence=confidence)
    error = math.sqrt(squares / df / weight)
    half = float(stats.t.ppf((1 + confidence) / 2, df)) * error
    seen = minimum_detectable(error, df, confidence, power)
    bounds = (value - half, value + half)
    return Effect(value, *bounds, p, smallest, exact, seen, df=df, confidence=confidence)


def _randomised(strata: Sequence[_Stratum], total: float) -> tuple[float, float, bool]:
    """Two-sided p of |total|, the smallest there could be, and whether all ways were tried."""
    ways = math.prod(one.ways for one in strata)
    exact = ways <= EXACT_AT_MOST
    sums = _all_sums(strata) if exact else _sampled_sums(strata)
    scale = max(1.0, float(np.abs(sums).max(initial=0.0)))
    extreme = int((np.abs(sums) >= abs(total) - 1e-9 * scale).sum())
    return (extreme / ways if exact else (extreme + 1) / (len(sums) + 1)), 1 / ways, exact


def _all_sums(strata: Sequence[_Stratum]) -> Floats:
    sums = np.zeros(1)
    for one in strata:
        chosen = np.array(list(combinations(range(len(one.changes)), int(one.treated.sum()))))
        sums = np.add.outer(sums, one.centred[chosen].sum(axis=1)).ravel()
    return sums


def _sampled_sums(strata: Sequence[_Stratum]) -> Floats:
    """A fixed sample of ways, the same in every run and in any order of schools and strata."""
    chance = np.random.default_rng(SEED)
    sums = np.zeros(EXACT_AT_MOST)
    for one in sorted(strata, key=lambda one: (int(one.treated.sum()), *np.sort(one.centred).tolist())):
        drawn = chance.permuted(np.tile(np.sort(one.centred), (EXACT_AT_MOST, 1)), axis=1)
        sums += drawn[:, : int(one.treated.sum())].sum(axis=1)
    return sums


def minimum_detectable(error: float, df: int, confidence: float = CONFIDENCE, power: float = POWER) -> float:
    """The smallest true effect that is found with probability `power`: (t[confidence] + t[power]) · standard error
    (Bloom 1995, Evaluation Review 19, 547: 2.80 errors for many schools)."""
    from scipy import stats

    return float(stats.t.ppf((1 + confidence) / 2, df) + stats.t.ppf(power, df)) * error


@dataclass(frozen=True)
class TwoByTwo:
    """Means of four groups as a regression: y = constant + after + treated + effect · after · treated."""

    constant: float
    after: float
    treated: float
    effect: float
    error: float


def two_by_two(y: ArrayLike, treated: ArrayLike, after: ArrayLike) -> TwoByTwo | None:
    """Difference in differences of separate units (no panel) with its ordinary standard error; None where one of the
    four groups is empty. Units of one school are not independent: for schools use `effect`."""
    import statsmodels.api as sm

    value, taken, late = (np.asarray(part, dtype=float) for part in (y, treated, after))
    if min(int(((taken == i) & (late == j)).sum()) for i in (0, 1) for j in (0, 1)) == 0:
        return None
    design = np.column_stack([np.ones_like(value), late, taken, late * taken])
    fitted = sm.OLS(value, design).fit()
    constant, late_alone, taken_alone, both = (float(one) for one in fitted.params)
    return TwoByTwo(constant, late_alone, taken_alone, both, float(fitted.bse[3]))
