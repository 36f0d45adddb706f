"""Does a task work differently for two groups of pupils with the same total? Differential item functioning (DIF).

Tasks of one point: Mantel–Haenszel with continuity correction, the common odds ratio and the ETS classes A, B, C
(Holland and Thayer 1988; Zwick 2012, ETS RR-12-08). Tasks of several points: ordinal logistic regression, likelihood
ratio for the group (uniform) and for group × total (non-uniform) (Zumbo 1999). A sign that a task is worth a look: it
blames no group and no school.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Size = Literal["A", "B", "C"]
FEWEST = 30  # pupils of each group
DELTA = -2.35  # ETS's scale of the log odds ratio
MIDDLE, LARGE = 1.0, 1.5  # of |delta|: A below the first, C from the second
SMALL_GROUP = "в одной из групп меньше 30 участников"
NO_STRATA = "нет общих баллов, с которыми были бы ученики обеих групп"
ONE_VALUE = "у всех один балл за задание"
NOT_CONVERGED = "оценка не сошлась"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MantelHaenszel:
    """`odds`: of the reference group over the focal one; `delta` = −2.35 ln odds; `size` by the rules of ETS, where B
    and C need a significant difference. nan and None with a `reason`."""

    chi2: float
    p: float
    odds: float
    delta: float
    size: Size | None
    reason: str = ""


@dataclass(frozen=True)
class Ordinal:
    """Likelihood ratios with p on one degree of freedom each; `shift`: log odds of the focal group; `delta` and `size`:
    the same on the scale of ETS, by the cuts of Penfield 2007 (Applied Measurement in Education 20, 335)."""

    uniform: float
    p_uniform: float
    nonuniform: float
    p_nonuniform: float
    shift: float
    reason: str = ""
    delta: float = math.nan
    size: Size | None = None


def mantel_haenszel(task: ArrayLike, total: ArrayLike, focal: ArrayLike) -> MantelHaenszel:
    """`task` 0 or 1, `total` the matching score (with the task), `focal` true for one group; one value a pupil.

    Raises ValueError for other scores or lengths.
    """
    points, matched, group = _checked(task, total, focal)
    if not np.isin(points, (0, 1)).all():
        raise ValueError("Mantel–Haenszel takes tasks of one point; use `ordinal`")
    nothing = float("nan")
    reason = _unsaid(points, group)
    tables = [] if reason else _tables(points, matched, group)
    if not tables:
        return MantelHaenszel(nothing, nothing, nothing, nothing, None, reason or NO_STRATA)
    from statsmodels.stats.contingency_tables import StratifiedTable

    with np.errstate(divide="ignore", invalid="ignore"):
        found = StratifiedTable(tables)
        tested = found.test_null_odds(correction=True)
        odds, log_se = float(found.oddsratio_pooled), float(found.logodds_pooled_se)
    delta = DELTA * math.log(odds) if 0 < odds < math.inf else math.copysign(math.inf, 1 - odds)
    p = float(tested.pvalue)
    return MantelHaenszel(float(tested.statistic), p, odds, delta, _size(delta, abs(DELTA) * log_se, p))


def ordinal(task: ArrayLike, total: ArrayLike, focal: ArrayLike) -> Ordinal:
    """`task` in whole points from 0; otherwise as `mantel_haenszel`."""
    points, matched, group = _checked(task, total, focal)
    nothing = float("nan")
    reason = _unsaid(points, group) or (NO_STRATA if np.ptp(matched) == 0 else "")
    if reason:
        return Ordinal(nothing, nothing, nothing, nothing, nothing, reason)
    standard = (matched - matched.mean()) / matched.std()
    columns = [standard, group.astype(float), standard * group]
    fits = [_fit(points, np.column_stack(columns[:terms])) for terms in (1, 2, 3)]
    if any(fit is None for fit in fits):
        return Ordinal(nothing, nothing, nothing, nothing, nothing, NOT_CONVERGED)
    from scipy import stats

    alone, shifted, crossed = fits
    uniform, nonuniform = (
        max(0.0, 2 * float(more.llf - less.llf)) for less, more in ((alone, shifted), (shifted, crossed))
    )
    p = [float(stats.chi2.sf(ratio, 1)) for ratio in (uniform, nonuniform)]
    shift = float(np.asarray(shifted.params)[1])
    delta = -DELTA * shift
    se = abs(delta) / math.sqrt(uniform) if uniform > 0 else math.inf  # of a likelihood ratio of one freedom
    return Ordinal(uniform, p[0], nonuniform, p[1], shift, "", delta, _size(delta, se, p[0]))


def _checked(task: ArrayLike, total: ArrayLike, focal: ArrayLike) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    points, matched = (np.asarray(part, dtype=float).ravel() for part in (task, total))
    group = np.asarray(focal, dtype=bool).ravel()
    if not len(points) == len(matched) == len(group):
        raise ValueError("a task, a total and a group need one value a pupil")
    known = np.isfinite(points) & np.isfinite(matched)
    return points[known], matched[known], group[known]


def _unsaid(points: Floats, group: NDArray[np.bool_]) -> str:
    if min(group.sum(), (~group).sum()) < FEWEST:
        return SMALL_GROUP
    return ONE_VALUE if np.ptp(points) == 0 else ""


def _tables(points: Floats, matched: Floats, group: NDArray[np.bool_]) -> list[Floats]:
    """For each total with both groups and both outcomes: reference and focal × solved and not."""
    found = []
    for score in np.unique(matched):
        at = matched == score
        table = np.array([[(at & (group == side) & (points == hit)).sum() for hit in (1, 0)] for side in (False, True)])
        if (table.sum(axis=0) > 0).all() and (table.sum(axis=1) > 0).all():
            found.append(table.astype(float))
    return found


def _size(delta: float, se: float, p: float) -> Size:
    """A: small or not significant; C: at least 1.5 and significantly over 1; B: between."""
    if p > 0.05 or abs(delta) < MIDDLE:
        return "A"
    sure = math.isinf(delta) or abs(delta) - 1.645 * se > MIDDLE
    return "C" if abs(delta) >= LARGE and sure else "B"


def _fit(points: Floats, design: Floats) -> Any:
    """Ordinal logit; None when it does not converge."""
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    levels = np.unique(points, return_inverse=True)[1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = OrderedModel(levels, design, distr="logit").fit(method="bfgs", disp=0, gtol=1e-6, maxiter=500)
        except (np.linalg.LinAlgError, ValueError):
            return None
    return found if np.isfinite(found.llf) else None
