"""What schools add up to the exam of class 9: ОГЭ given ВПР of class 8 of the year before, and the conditions.

Shares of «4» and «5» on their logit scale: near the middle they tell schools apart better than the few «2». ВПР is the
intake alone, never the outcome: a school whose ВПР somebody asks to confirm has no honest intake and is not judged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.directions import schools
from pipeline.directions.chapter import Inputs
from pipeline.directions.schools import Context, Counted
from pipeline.statistics.value_added import School, ValueAdded
from pipeline.statistics.value_added_means import Results, added, logits

LATER, EARLIER = ("oge_quality", "oge", 9), ("vpr_quality", "vpr", 8)
SUBJECTS = ("russian", "mathematics")


@dataclass(frozen=True)
class Judged:
    """One school: what it adds with its class, and the same in shares: expected, and the difference with its bounds."""

    school: School
    expected: float
    difference: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Exam:
    """One subject. `held`: counts later and earlier of every school with both; `judged`: those with enough pupils and
    an honest intake; `conditions`: whether the index of conditions is part of what was expected."""

    subject: str
    held: Mapping[str, tuple[Counted, Counted]]
    added: ValueAdded
    judged: Mapping[str, Judged]
    conditions: bool


def exams(inputs: Inputs, context: Context | None, doubted: Collection[str]) -> list[Exam]:
    """Subjects of the report year in which schools have both results; in their order."""
    found = [_exam(inputs, context, doubted, subject) for subject in SUBJECTS]
    return [one for one in found if one is not None]


def _exam(inputs: Inputs, context: Context | None, doubted: Collection[str], subject: str) -> Exam | None:
    year = inputs.settings.school_year
    later, earlier = (
        schools.counts(inputs, name, year - before, procedure=procedure, subject=subject, grade=grade)
        for (name, procedure, grade), before in ((LATER, 0), (EARLIER, 1))
    )
    held = {org: (later[org], earlier[org]) for org in sorted(set(later) & set(earlier))}
    if not held:
        return None
    honest = [org for org in held if org not in doubted]
    index = context.index if context else {}
    conditions = bool(honest) and all(org in index for org in honest)
    others = {"conditions": [index[org] for org in honest]} if conditions else None
    outcome, intake = (_logits([held[org][place] for org in honest]) for place in (0, 1))
    found = added(honest, outcome, intake, others)
    judged = {str(one.group.name): _judged(one, held) for one in found.schools if _large(inputs, held, one)}
    return Exam(subject, held, found, judged, conditions)


def _logits(counted: Sequence[Counted]) -> Results:
    return logits([one.share.numerator for one in counted], [one.share.n for one in counted])


def _large(inputs: Inputs, held: Mapping[str, tuple[Counted, Counted]], one: School) -> bool:
    return min(end.share.n for end in held[str(one.group.name)]) >= inputs.compare_from


def _judged(one: School, held: Mapping[str, tuple[Counted, Counted]]) -> Judged:
    """The posterior difference in shares, at the expected share of the school."""
    later = held[str(one.group.name)][0].share
    logit = np.log((later.numerator + 0.5) / (later.n - later.numerator + 0.5)) - one.group.residual
    expected, *ends = (_share(logit + step) for step in (0.0, one.group.effect, one.lower, one.upper))
    return Judged(one, expected, *(end - expected for end in ends))


def _share(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))
