"""Tasks of one test by classical test theory: difficulty, discrimination, reliability; tasks that drop in a school.

Difficulty is the percent of the maximum; discrimination the correlation of a task with the rest of the test (without
the task itself: Lord and Novick 1968, ch. 15); reliability Cronbach's alpha (1951, Psychometrika 16, 297) with Feldt's
interval (1965, Psychometrika 30, 357). Scores are pupils × tasks in points: nan where a task was not in the pupil's
variant, 0 where it was not attempted. Variants are analysed apart: only pupils with all tasks count here.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.statistics.intervals import CONFIDENCE
from pipeline.statistics.multiple import adjusted

Floats = NDArray[np.float64]
NOBODY = "нет участников со всеми заданиями (варианты считают отдельно)"
LITTLE = "участников меньше, чем можно показать"
ALL_ZERO = "задание не выполнил никто: связь с остальными не считается"
ALL_FULL = "задание выполнили все: связь с остальными не считается"
ALL_SAME = "у всех один балл за задание: связь с остальными не считается"
REST_SAME = "остальные задания у всех выполнены одинаково: связь не считается"
ONE_TASK = "задание одно: надёжность не считается"
SAME_TOTAL = "у всех один общий балл: надёжность не считается"
TINY = 1e-12  # of deviations: what rounding leaves of none
NO_ONE_ELSE = "не с кем сравнить при том же общем балле"


@dataclass(frozen=True)
class Task:
    """`difficulty`: share of the maximum, 0–1; `rest`: correlation with the other tasks, nan with a `reason`;
    `zeros`, `full`, `not_attempted`: shares of pupils (the last nan where it is not known)."""

    name: Hashable
    difficulty: float
    rest: float
    zeros: float
    full: float
    not_attempted: float
    reason: str = ""


@dataclass(frozen=True)
class TestAnalysis:
    """Tasks in the order given; alpha with bounds (nan with a `reason`); pupils counted and left out."""

    tasks: tuple[Task, ...]
    alpha: float
    lower: float
    upper: float
    n: int
    left_out: int
    reason: str = ""


def analyse(
    scores: ArrayLike,
    maxima: Sequence[float],
    names: Sequence[Hashable],
    *,
    not_attempted: ArrayLike | None = None,
    least: int = 1,
    confidence: float = CONFIDENCE,
    variant: Sequence[Hashable] | None = None,
) -> TestAnalysis:
    """All tasks of one test. `not_attempted`: true where no answer was given; `least`: fewest pupils shown.

    With `variant` of each pupil a task and the rest are correlated as deviations from the means of the variant:
    variants of unequal difficulty would look like a link. ValueError when shapes differ or a score is not 0..maximum.
    """
    table, left_out = _complete(scores, maxima, names)
    nothing = float("nan")
    if len(table) < max(1, least):
        empty = tuple(Task(name, nothing, nothing, nothing, nothing, nothing) for name in names)
        reason = LITTLE if len(table) else NOBODY
        return TestAnalysis(empty, nothing, nothing, nothing, len(table), left_out, reason)
    whole = np.isfinite(np.asarray(scores, dtype=float)).all(axis=1)
    skipped = np.full(table.shape, np.nan)
    if not_attempted is not None:
        skipped = np.asarray(not_attempted, dtype=float)[whole]
    parts = np.zeros(len(table), dtype=np.int64)
    if variant is not None:
        parts = np.unique(np.asarray(variant, dtype=str)[whole], return_inverse=True)[1]
    tasks = tuple(_task(table, place, maxima[place], names[place], skipped, parts) for place in range(len(names)))
    value, lower, upper, reason = alpha(table, confidence)
    return TestAnalysis(tasks, value, lower, upper, len(table), left_out, reason)


def alpha(table: Floats, confidence: float = CONFIDENCE) -> tuple[float, float, float, str]:
    """Cronbach's alpha of complete rows, its bounds and the reason where there is none."""
    from scipy import stats

    n, count = table.shape
    nothing = float("nan")
    if count < 2:
        return nothing, nothing, nothing, ONE_TASK
    if n < 2 or np.ptp(table.sum(axis=1)) == 0:
        return nothing, nothing, nothing, SAME_TOTAL
    value = count / (count - 1) * (1 - table.var(axis=0, ddof=1).sum() / table.sum(axis=1).var(ddof=1))
    free, tail = (n - 1, (n - 1) * (count - 1)), (1 - confidence) / 2
    low, high = (1 - (1 - value) * stats.f.ppf(side, *free) for side in (1 - tail, tail))
    return float(value), float(low), float(high), ""


def correlation_bounds(value: float, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Fisher's interval of a correlation (1921, Metron 1, 3); nan below four pupils or where it is ±1 or missing."""
    from scipy import stats

    if n < 4 or not abs(value) < 1:
        return float("nan"), float("nan")
    half = stats.norm.ppf(0.5 + confidence / 2) / (n - 3) ** 0.5
    low, high = (float(np.tanh(np.arctanh(value) + side)) for side in (-half, half))
    return low, high


@dataclass(frozen=True)
class Apart:
    """One task in one school against other pupils with the same total. `difference`: points over what these reach, as
    a share of the maximum; `p_adjusted` over all tasks and schools (Benjamini and Hochberg); nan with a `reason`."""

    school: Hashable
    task: Hashable
    n: int
    difference: float
    z: float
    p: float
    p_adjusted: float
    reason: str = ""


def apart(
    scores: ArrayLike,
    maxima: Sequence[float],
    names: Sequence[Hashable],
    school: Sequence[Hashable],
    least: int = 1,
    variant: Sequence[Hashable] | None = None,
) -> tuple[Apart, ...]:
    """Tasks that a school does worse or better than its own total lets expect.

    Mantel 1963 (JASA 58, 690): the school's points against their expectation and variance among all pupils with the
    same total (and the same variant, where it is given). Schools with fewer than `least` pupils have no value. Schools
    sorted by name, tasks as given.
    """
    given = np.asarray(scores, dtype=float)
    table, _ = _complete(given, maxima, names)
    if len(school) != len(given) or (variant is not None and len(variant) != len(given)):
        raise ValueError("a school (and a variant, if any) is needed for each pupil")
    whole = np.isfinite(given).all(axis=1)
    member = [name for name, row in zip(school, whole, strict=True) if row]
    total = _strata(table.sum(axis=1).round(6), None if variant is None else np.asarray(variant, dtype=str)[whole])
    found = []
    for label in sorted(set(member), key=str):
        inside = np.array([one == label for one in member])
        for place, task in enumerate(names):
            n = int(inside.sum())
            if n < least:
                found.append((label, task, n, np.nan, np.nan, LITTLE))
                continue
            beyond, variance = _beyond(table[:, place], total, inside)
            if variance < 1e-12:
                found.append((label, task, n, np.nan, np.nan, NO_ONE_ELSE))
                continue
            found.append((label, task, n, beyond / n / maxima[place], beyond / variance**0.5, ""))
    return _judged(found)


def stratified_p(points: ArrayLike, total: ArrayLike, inside: ArrayLike) -> float:
    """Two-sided p that those inside do a task as others with the same total do (Mantel 1963); nan with nobody to
    compare. One value a pupil."""
    from scipy import stats

    values, member = np.asarray(points, dtype=float), np.asarray(inside, dtype=bool)
    beyond, variance = _beyond(values, _strata(np.asarray(total, dtype=float).round(6), None), member)
    return float(2 * stats.norm.sf(abs(beyond) / variance**0.5)) if variance > TINY else float("nan")


def _strata(totals: Floats, variants: NDArray[np.str_] | None) -> NDArray[np.int64]:
    """A number for each total, or for each total of each variant."""
    of_total = np.unique(totals, return_inverse=True)[1]
    if variants is None:
        return np.asarray(of_total, dtype=np.int64)
    of_variant = np.unique(variants, return_inverse=True)[1]
    return np.asarray(np.unique(of_total + (of_total.max() + 1) * of_variant, return_inverse=True)[1], dtype=np.int64)


def _judged(found: Sequence[tuple[Hashable, Hashable, int, float, float, str]]) -> tuple[Apart, ...]:
    from scipy import stats

    p = 2 * stats.norm.sf(np.abs([z for *_, z, _ in found]))
    return tuple(
        Apart(label, task, n, float(difference), float(z), float(own), float(of_many), reason)
        for (label, task, n, difference, z, reason), own, of_many in zip(found, p, adjusted(p), strict=True)
    )


def _beyond(points: Floats, stratum: NDArray[np.int64], inside: NDArray[np.bool_]) -> tuple[float, float]:
    """Points of those inside over their expectation given the stratum, and the variance of that by permutation."""
    size, held = np.bincount(stratum), np.bincount(stratum, inside)
    total, squares = np.bincount(stratum, points), np.bincount(stratum, points**2)
    mean = total / size
    spread = np.where(size > 1, (squares - size * mean**2) / np.maximum(size - 1, 1), 0.0)
    variance = held * (size - held) / size * np.clip(spread, 0, None)
    return float((points * inside).sum() - (held * mean).sum()), float(variance.sum())


def _complete(scores: ArrayLike, maxima: Sequence[float], names: Sequence[Hashable]) -> tuple[Floats, int]:
    table = np.asarray(scores, dtype=float)
    if table.ndim != 2 or not table.shape[1] == len(maxima) == len(names):
        raise ValueError("scores are pupils × tasks, with a maximum and a name for each task")
    if ((table < 0) | (table > np.asarray(maxima, dtype=float))).any():
        raise ValueError("a score must lie between 0 and the maximum of its task")
    whole = np.isfinite(table).all(axis=1)
    return table[whole], int((~whole).sum())


def _task(table: Floats, place: int, maximum: float, name: Hashable, skipped: Floats, parts: NDArray[np.int64]) -> Task:
    points = table[:, place]
    others = table.sum(axis=1) - points
    own, rests = _within(points, parts), _within(others, parts)
    reason = _no_correlation(points, others, maximum) or (REST_SAME if min(np.ptp(own), np.ptp(rests)) < TINY else "")
    rest = float("nan") if reason else float(np.corrcoef(own, rests)[0, 1])
    share = (float((points == 0).mean()), float((points == maximum).mean()), float(skipped[:, place].mean()))
    return Task(name, float(points.mean() / maximum) if maximum > 0 else float("nan"), rest, *share, reason)


def _within(values: Floats, parts: NDArray[np.int64]) -> Floats:
    """Deviations from the mean of each part."""
    return np.asarray(values - (np.bincount(parts, values) / np.bincount(parts))[parts], dtype=float)


def _no_correlation(points: Floats, others: Floats, maximum: float) -> str:
    if np.ptp(points) == 0:
        return {0.0: ALL_ZERO, float(maximum): ALL_FULL}.get(float(points[0]), ALL_SAME)
    return REST_SAME if np.ptp(others) == 0 else ""
