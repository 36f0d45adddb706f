"""Family 2: hard tasks done better, and easy ones worse, than is usual at the same total.

The second sign that Рособрнадзор named in 2017. With pupils' answers: points on the hardest third of the tasks over
those usual at the pupil's total. With percentages of schools only: the slope of a school's logits on the region's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.statistics.objectivity.curves import Answers
from pipeline.statistics.objectivity.procedure import Floats, Ints, Procedure, group_sum
from pipeline.statistics.objectivity.standardised import standardise

HARD_PART = 3  # one task of so many counts as hard


@dataclass(frozen=True)
class Hard:
    """Of each group: z of the contrast; the expected z were every lost point of the hard tasks given (`reach`);
    points per pupil on hard tasks over the usual (`points`)."""

    z: Floats
    reach: Floats
    points: Floats


def hardest(procedure: Procedure) -> Ints:
    """Places of the hardest third of the tasks, by the share of points earned."""
    earned = procedure.scores.mean(axis=0) / procedure.maxima
    return np.sort(np.argsort(earned, kind="stable")[: max(1, round(len(earned) / HARD_PART))])


def hard_against_easy(procedure: Procedure, answers: Answers, group: Ints, groups: int) -> Hard:
    """Residuals given the total add up to nothing over the tasks, so the hard ones alone make the contrast."""
    hard = hardest(procedure)
    contrast = answers.residual[:, hard].sum(axis=1)
    found = standardise(contrast, group, groups)
    lost = (procedure.maxima[hard] - procedure.scores[:, hard]).sum(axis=1).astype(float)
    n = np.maximum(np.bincount(group, minlength=groups), 1)
    per_pupil = group_sum(lost, group, groups) / n * (1 - min(float(answers.slope[hard].sum()), 0.9))
    return Hard(found.z, per_pupil / found.error, group_sum(contrast, group, groups) / n)


def flattening(school_share: Floats, wider_share: Floats) -> tuple[float, float]:
    """Slope of a school's logits of the tasks on the wider ones', and its standard error.

    Shares of points, tasks without a spread of their own; a slope under 1 is a flattened order of difficulty. nan under
    four tasks with shares strictly between 0 and 1.
    """
    first, second = np.asarray(school_share, dtype=float), np.asarray(wider_share, dtype=float)
    inner = (first > 0) & (first < 1) & (second > 0) & (second < 1)
    if inner.sum() < 4:
        return float("nan"), float("nan")
    y, x = (np.log(part[inner] / (1 - part[inner])) for part in (first, second))
    deviation = x - x.mean()
    squares = float((deviation**2).sum())
    if squares == 0:
        return float("nan"), float("nan")
    slope = float((deviation * y).sum() / squares)
    rest = y - y.mean() - slope * deviation
    return slope, float(np.sqrt((rest**2).sum() / (len(x) - 2) / squares))
