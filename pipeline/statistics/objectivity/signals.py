"""All markers of one procedure, for schools and for classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.statistics.objectivity import heaping, level, similarity, spread, tasks
from pipeline.statistics.objectivity.curves import Answers, answers
from pipeline.statistics.objectivity.procedure import OUTSIDE, Floats, Ints, Procedure
from pipeline.statistics.objectivity.standardised import standardise_skewed

MARKERS = ("heap", "hard", "together", "twins", "narrow", *OUTSIDE)
LEVEL = "level"  # the outside measures together
WEIGHT: Mapping[str, float] = {"prior": 1.0, "later": 1.0, "journal": 0.7}  # journals differ more between schools
ALIKE = 0.5  # usual correlation of two levels: the same results stand in both


@dataclass(frozen=True)
class Signals:
    """Of each group: pupils; z of every marker (and of `level`); expected z at full strength where it is known."""

    size: Ints
    z: Mapping[str, Floats]
    reach: Mapping[str, Floats]


@dataclass(frozen=True)
class Both:
    """The signals of schools and of their classes, the school of each class, and the district of each school."""

    schools: Signals
    rooms: Signals
    school_of_room: Ints
    district: Ints


def measure(procedure: Procedure) -> Both:
    """Every marker at both levels; a marker without its data is 0 everywhere."""
    usual = answers(procedure)
    common = _Common(
        usual, heaping.shape_of(procedure), similarity.twins(procedure, usual), level.attainment(procedure)
    )
    return Both(
        _signals(procedure, common, procedure.school, procedure.schools),
        _signals(procedure, common, procedure.room, procedure.rooms),
        procedure.school_of_room,
        np.zeros(procedure.schools, dtype=np.int64),
    )


def join(several: Sequence[Both]) -> Both:
    """Districts side by side, schools and classes numbered on."""
    counts = np.cumsum([0, *(len(one.schools.size) for one in several[:-1])])
    places = [one.school_of_room + first for one, first in zip(several, counts, strict=True)]
    last = np.cumsum([0, *(int(one.district.max()) + 1 for one in several[:-1])])
    return Both(
        _joined([one.schools for one in several]),
        _joined([one.rooms for one in several]),
        np.concatenate(places),
        np.concatenate([one.district + first for one, first in zip(several, last, strict=True)]),
    )


def _joined(several: Sequence[Signals]) -> Signals:
    return Signals(
        np.concatenate([one.size for one in several]),
        {name: np.concatenate([one.z[name] for one in several]) for name in several[0].z},
        {name: np.concatenate([one.reach[name] for one in several]) for name in several[0].reach},
    )


@dataclass(frozen=True)
class _Common:
    """What both levels read: usual answers, shape of the totals, likeness to classmates and attainment of pupils."""

    usual: Answers
    shape: Floats
    alike: Floats
    attainment: Floats


def _signals(procedure: Procedure, common: _Common, group: Ints, groups: int) -> Signals:
    size = np.bincount(group, minlength=groups)
    heap = heaping.heap(procedure, common.shape, group, groups)
    hard = tasks.hard_against_easy(procedure, common.usual, group, groups)
    outside = procedure.outside.items()
    levels = {name: level.above_outside(common.attainment, values, group, groups) for name, values in outside}
    z = {
        "heap": heap.z,
        "hard": hard.z,
        "together": similarity.together(common.usual, group, groups),
        "twins": standardise_skewed(common.alike, group, groups).z,
        "narrow": spread.narrow(procedure, group, groups),
    }
    z |= {name: levels[name].z if name in levels else np.zeros(groups) for name in OUTSIDE}
    scale = _scale([WEIGHT[name] for name in levels])
    reach = {"heap": heap.reach, "hard": hard.reach}
    if levels:
        z[LEVEL] = sum((WEIGHT[name] * one.z for name, one in levels.items()), np.zeros(groups)) / scale
        reach[LEVEL] = sum((WEIGHT[name] * one.reach for name, one in levels.items()), np.zeros(groups)) / scale
    return Signals(size, z, reach)


def _scale(weights: list[float]) -> float:
    """Standard deviation of the weighted sum of alike z-values."""
    total, squares = sum(weights), sum(weight**2 for weight in weights)
    return float(np.sqrt(squares + ALIKE * (total**2 - squares))) if weights else 1.0
