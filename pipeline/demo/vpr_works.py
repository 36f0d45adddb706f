"""ВПР works of the synthetic territory and how its pupils do them: tasks, bounds of marks, points of a pupil."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from random import Random

from pipeline.ingest.layouts.fisoko_frame import Heading
from pipeline.ingest.layouts.participants import Task

Percents = tuple[float, float, float, float]
RUSSIAN, MATHEMATICS = "Русский язык", "Математика"
SHORT = {RUSSIAN: "РУ", MATHEMATICS: "МА", "Биология": "БИ", "География": "ГГ", "Английский язык": "АЯ"}
HELPED_OFTEN, FILLED_IN, WITHIN_REACH = 0.9, 0.35, 3
NEW_VERSION = 2025  # ВПР changed: shorter Russian of class 4, subjects drawn at random in classes 5–8
ABILITY_SPREAD, SLOPE = 0.62, 1.3


@dataclass(frozen=True)
class Work:
    """One work: tasks and the highest primary score of marks 2, 3, 4; shares of marks of the country and region."""

    subject: str
    grade: int
    date: dt.date
    tasks: tuple[Task, ...]
    bounds: tuple[int, int, int]
    country: Percents
    region: Percents
    ease: float = 0.0

    @property
    def max_score(self) -> int:
        return sum(task.max_score for task in self.tasks)

    def mark(self, score: int) -> int:
        return 2 + sum(score > bound for bound in self.bounds)

    def heading(self) -> Heading:
        return Heading(self.date.year, self.subject, self.grade, self.max_score, self.date, SHORT[self.subject])


@dataclass(frozen=True)
class _Kind:
    """A work over the years: maxima of its tasks, bounds, ease of its points, shares of country and region."""

    subject: str
    grade: int
    maxima: tuple[int, ...]
    bounds: tuple[int, int, int]
    ease: float
    country: Percents
    region: Percents
    first: int = 0
    last: int = 9999


_KINDS = (
    _Kind(
        RUSSIAN,
        4,
        (4, 3, 3, 2, 2, 3, 3, 2, 2, 2, 3, 2, 2, 2, 3),
        (15, 24, 31),
        1.0,
        (8.6, 31.9, 40.8, 18.7),
        (8.8, 32.2, 40.6, 18.4),
        last=NEW_VERSION - 1,
    ),
    _Kind(
        RUSSIAN,
        4,
        (2, 1, 2, 3, 2, 1, 1, 2, 2, 2, 3, 3),
        (9, 15, 20),
        1.3,
        (5.5, 31.2, 45.9, 17.4),
        (5.7, 31.5, 45.7, 17.1),
        first=NEW_VERSION,
    ),
    _Kind(
        MATHEMATICS,
        4,
        (1, 1, 2, 1, 2, 2, 2, 1, 2, 2, 2, 2),
        (6, 11, 15),
        1.15,
        (4.6, 24.8, 39.1, 31.5),
        (4.8, 25.1, 38.9, 31.2),
    ),
    _Kind(
        RUSSIAN,
        5,
        (4, 3, 3, 2, 3, 3, 4, 3, 2, 3, 3, 4, 3, 2, 3),
        (17, 28, 36),
        0.7,
        (12.5, 37.9, 35.3, 14.3),
        (12.7, 38.2, 35.1, 14.0),
    ),
    _Kind(
        MATHEMATICS,
        5,
        (1, 1, 2, 1, 2, 1, 2, 2, 2, 2, 2, 2),
        (6, 10, 14),
        0.65,
        (12.2, 26.7, 36.8, 24.3),
        (12.4, 27.0, 36.6, 24.0),
    ),
    _Kind(
        RUSSIAN,
        8,
        (4, 4, 4, 3, 3, 2, 2, 3, 3, 4, 3, 3, 3, 3, 3, 4),
        (21, 33, 42),
        0.9,
        (11.5, 36.5, 37.5, 14.5),
        (11.7, 36.8, 37.3, 14.2),
    ),
    _Kind(
        MATHEMATICS,
        8,
        (1, 1, 1, 2, 1, 1, 2, 1, 1, 2, 2, 2, 2, 2, 2, 2),
        (7, 14, 19),
        0.32,
        (14.2, 44.7, 30.6, 10.5),
        (14.4, 45.0, 30.4, 10.2),
    ),
    _Kind(
        "Биология",
        6,
        (2, 2, 3, 2, 3, 2, 4, 3, 3, 4),
        (10, 17, 22),
        1.0,
        (9.5, 35.4, 36.7, 18.4),
        (9.7, 35.7, 36.5, 18.1),
        first=NEW_VERSION,
    ),
    _Kind(
        "География",
        6,
        (4, 4, 3, 4, 4, 3, 4, 4, 3, 4),
        (9, 21, 29),
        0.7,
        (3.9, 42.0, 41.2, 12.9),
        (4.1, 42.3, 41.0, 12.6),
        first=NEW_VERSION,
    ),
)
# A school draws one of these subjects for class 6.
DRAWN = ("Биология", "География")


def works(year: int) -> tuple[Work, ...]:
    """The works of a year, in the order of classes."""
    kinds = [kind for kind in _KINDS if kind.first <= year <= kind.last]
    return tuple(
        Work(k.subject, k.grade, _date(year, place), _tasks(k.maxima), k.bounds, k.country, k.region, k.ease)
        for place, k in enumerate(kinds)
    )


def _date(year: int, place: int) -> dt.date:
    return dt.date(year, 4, 14) + dt.timedelta(days=place)


def _tasks(maxima: tuple[int, ...]) -> tuple[Task, ...]:
    hard_from = len(maxima) - 2
    return tuple(
        Task(str(number), points, "advanced" if number > hard_from else "basic")
        for number, points in enumerate(maxima, start=1)
    )


def points(work: Work, level: float, generator: Random) -> tuple[int | str, ...]:
    """Points of a pupil of a school of this level, task by task; a hard task is sometimes left out («X»)."""
    ability = generator.gauss(level, ABILITY_SPREAD)
    return tuple(_task(task, SLOPE * ability + work.ease, generator) for task in work.tasks)


def _task(task: Task, logit: float, generator: Random) -> int | str:
    hard = task.level == "advanced"
    chance = 1 / (1 + math.exp(-(logit - 1.6 if hard else logit)))
    if hard and generator.random() < 0.05 * (1 - chance):
        return "X"
    return sum(generator.random() < chance for _ in range(task.max_score))


def helped(work: Work, scores: tuple[int | str, ...], generator: Random) -> tuple[int | str, ...]:
    """What a helping hand makes of a pupil's points: some hard tasks filled in, a total short of a bound of marks
    lifted to the first point above it."""
    if generator.random() > HELPED_OFTEN:
        return scores
    lifted = [0 if score == "X" else int(score) for score in scores]
    for place, task in enumerate(work.tasks):
        if task.level == "advanced" and generator.random() < FILLED_IN:
            lifted[place] = task.max_score
    total = sum(lifted)
    short = next((bound + 1 - total for bound in work.bounds if 0 < bound + 1 - total <= WITHIN_REACH), 0)
    for place, task in enumerate(work.tasks):
        given = min(short, task.max_score - lifted[place])
        lifted[place] += given
        short -= given
    return tuple(lifted)
