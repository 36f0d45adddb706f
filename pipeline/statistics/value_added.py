"""Value added: what a school's pupils reach beyond pupils with the same intake elsewhere.

score = β₀ + β₁ intake + u_school + e (Goldstein et al. 1993, Oxford Review of Education 19, 425–433; the model of the
data set Exam). The intake must be an external, honest measure: where it was inflated, the school looks ineffective
later. Classes by the posterior interval, never a place: an order of schools is mostly chance (Goldstein and
Spiegelhalter 1996, JRSS A 159, 385–443), and `order_uncertainty` says how much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from pipeline.statistics.intervals import CONFIDENCE
from pipeline.statistics.shrinkage_scores import Group, Model, random_intercept

Word = Literal["выше ожидаемого", "в пределах ожидаемого", "ниже ожидаемого", "недостаточно данных"]
ABOVE: Final = "выше ожидаемого"
WITHIN: Final = "в пределах ожидаемого"
BELOW: Final = "ниже ожидаемого"
LITTLE: Final = "недостаточно данных"
DRAWS = 2000


@dataclass(frozen=True)
class School:
    """The word for one school, with what it adds and the interval of that, in units of the score."""

    group: Group
    word: Word
    lower: float
    upper: float


@dataclass(frozen=True)
class ValueAdded:
    """`model` tells what was estimated, or its `reason` why not (then `schools` is empty)."""

    model: Model
    schools: tuple[School, ...]


def value_added(
    score: ArrayLike,
    intake: ArrayLike,
    school: Sequence[Any],
    *,
    others: Mapping[str, ArrayLike] | None = None,
    least: int = 1,
    confidence: float = CONFIDENCE,
) -> ValueAdded:
    """Pupils' `score` given their earlier `intake` (and `others`, further facts of a pupil or a school); ML.

    `least`: fewest pupils with which a school is judged. Arrays have one value a pupil; a gap leaves the pupil out.
    """
    model = random_intercept(score, school, {"intake": intake, **(others or {})}, reml=False)
    return ValueAdded(model, tuple(judged(group, least, confidence) for group in model.groups))


def order_uncertainty(groups: Sequence[Group], confidence: float = CONFIDENCE, draws: int = DRAWS) -> float:
    """Median width (in places) of the interval of a school's place among `groups`, by draws from the posterior.

    One number for all, so that no place of a school is ever printed; 0 for one school, nan for none.
    """
    if not groups:
        return float("nan")
    effect, se = np.array([group.effect for group in groups]), np.array([group.se for group in groups])
    drawn = np.random.default_rng(len(groups)).normal(effect, se, (draws, len(groups)))
    places = drawn.argsort(axis=1).argsort(axis=1)
    low, high = np.quantile(places, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    return float(np.median(high - low))


def judged(group: Group, least: int, confidence: float) -> School:
    """The word for one school by its posterior interval."""
    lower, upper = group.interval(confidence)
    if group.n < max(1, least):
        return School(group, LITTLE, lower, upper)
    if lower > 0:
        return School(group, ABOVE, lower, upper)
    return School(group, BELOW if upper < 0 else WITHIN, lower, upper)
