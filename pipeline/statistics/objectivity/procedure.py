"""One procedure as the markers read it: pupils × tasks, where each pupil sits, and what else is known of the pupil."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FEWEST_SCHOOLS, FEWEST_PUPILS, FEWEST_TASKS = 2, 40, 4
OUTSIDE = ("prior", "later", "journal")  # measures from outside the procedure that the level is compared with


@dataclass(frozen=True)
class Procedure:
    """Results of one subject and grade of a district.

    `scores` pupils × tasks, whole points; `maxima` of the tasks; `cuts` the lowest totals of «3», «4», «5»;
    `school` 0…S−1 and `room` (class) 0…R−1 of every pupil, a room lies in one school; `variant` of the test;
    `outside` other measures of the same pupils on any linear scale, nan where unknown.
    """

    scores: Ints
    maxima: Ints
    cuts: Ints
    school: Ints
    room: Ints
    variant: Ints | None = None
    outside: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.scores.ndim != 2 or self.scores.shape[1] != len(self.maxima):
            raise ValueError("scores are pupils by tasks, with one maximum per task")
        if len(self.scores) and ((self.scores < 0) | (self.scores > self.maxima)).any():
            raise ValueError("a score lies outside 0 and the maximum of its task")
        if not len(self.scores) == len(self.school) == len(self.room):
            raise ValueError("every pupil has a school and a room")

    @cached_property
    def totals(self) -> Ints:
        return np.asarray(self.scores.sum(axis=1), dtype=np.int64)

    @cached_property
    def marks(self) -> Ints:
        """2–5 by the cuts."""
        return 2 + np.searchsorted(self.cuts, self.totals, side="right")

    @property
    def maximum(self) -> int:
        return int(self.maxima.sum())

    @cached_property
    def schools(self) -> int:
        return int(self.school.max()) + 1 if len(self.school) else 0

    @cached_property
    def rooms(self) -> int:
        return int(self.room.max()) + 1 if len(self.room) else 0

    @cached_property
    def school_of_room(self) -> Ints:
        place = np.zeros(self.rooms, dtype=np.int64)
        place[self.room] = self.school
        return place


def untestable(procedure: Procedure) -> str:
    """Why nothing can be looked for in this procedure; empty where it can."""
    if len(np.unique(procedure.school)) < FEWEST_SCHOOLS:
        return "школа одна: сравнить не с кем"
    if len(procedure.school) < FEWEST_PUPILS:
        return "участников меньше сорока"
    if len(procedure.maxima) < FEWEST_TASKS:
        return "заданий меньше четырёх"
    if not procedure.totals.std() > 0:
        return "у всех одинаковый результат"
    return ""


def group_sum(values: Floats, group: Ints, groups: int) -> Floats:
    """Sums of a column, or of each column of a table, over groups 0…groups−1."""
    if values.ndim == 1:
        return np.asarray(np.bincount(group, values, groups), dtype=float)
    columns = values.shape[1]
    place = (group[:, None] * columns + np.arange(columns)).ravel()
    return np.asarray(np.bincount(place, values.ravel(), groups * columns), dtype=float).reshape(groups, columns)


def weighted_median(values: Floats, weights: Floats) -> float:
    """The value under which half of the weight lies; nan of nothing."""
    if not len(values):
        return float("nan")
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])
