"""Whom the tasks of a work suit: tasks and pupils on one scale (Rasch, partial credit), from 100 pupils."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels.panel import Panel
from pipeline.directions.panels.task_points import Points, read
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, Run, text
from pipeline.presentation.small_map import Panel as Drawn
from pipeline.presentation.small_map import small_map
from pipeline.statistics import rasch

UPPER = NormalDist().inv_cdf(0.75)  # a quarter of pupils stands higher
SURE = 1.96
HOW = (
    "Модель Раша, для заданий в несколько баллов — модель частичного зачёта (Masters 1982): у ученика один уровень, у "
    "задания тот, на котором ожидается половина его баллов. Шкала — стандартные отклонения уровня учеников, ноль — "
    "средний ученик. Считается от 100 участников, у которых есть все задания."
)


@dataclass(frozen=True)
class Mapped:
    """One work with its fitted tasks."""

    points: Points
    found: rasch.Rasch
    keys: Mapping[str, str]  # task → key of its row

    def tasks(self) -> list[tuple[str, float, float, str]]:
        """Number, level and its error in standard deviations of pupils, kind."""
        kinds = dict(zip(self.points.tasks, self.points.levels, strict=True))
        return [
            (str(one.name), one.halfway / self.found.sd, max(one.se) / self.found.sd, kinds[str(one.name)])
            for one in self.found.tasks
            if one.steps
        ]

    def above(self) -> list[str]:
        """Tasks surely higher than the upper quarter of pupils begins."""
        return [name for name, level, error, _ in self.tasks() if level - SURE * error > UPPER]

    def under(self) -> list[str]:
        """Tasks surely lower than the lower quarter of pupils ends."""
        return [name for name, level, error, _ in self.tasks() if level + SURE * error < -UPPER]


def panel(inputs: Inputs) -> Panel:
    """One figure of the works that can be fitted; nothing otherwise."""
    rows = inputs.rows(indicator="vpr_task_rate", level="municipality", school_year=inputs.settings.school_year)
    cells = sorted({(int(row["grade"]), str(row["subject"])) for row in rows if row["value"] is not None})
    works = [work for work in (read(inputs, subject, grade) for grade, subject in cells) if work is not None]
    mapped = [Mapped(work, found, _keys(rows, work)) for work in works if (found := _fitted(work)) is not None]
    return Panel(analysis=(_figure(inputs, mapped),)) if mapped else Panel()


def _keys(rows: Sequence[Mapping[str, Any]], work: Points) -> dict[str, str]:
    own = (row for row in rows if row["subject"] == work.subject and row["grade"] == work.grade)
    return {str(row["task"]): claims.key_of(row) for row in own}


def _fitted(work: Points) -> rasch.Rasch | None:
    """None of few pupils, of parts of points, or where pupils do not differ."""
    known = work.points[np.isfinite(work.points)]
    if (known != np.floor(known)).any():
        return None
    found = rasch.fit(work.points, work.tasks)
    return found if found.state == "estimated" and found.sd > 0.1 else None


def _figure(inputs: Inputs, mapped: list[Mapped]) -> FigureBlock:
    hard = sum(len(one.above()) for one in mapped)
    every = sum(len(one.tasks()) for one in mapped)
    tasks = ru.counted(hard, "задание", "задания", "заданий")
    few = f"Половину баллов набирают меньше четверти учеников — {tasks} из {every}"
    title = few if hard else "Задания и ученики на одной шкале"
    return FigureBlock(
        id="vpr-map",
        title=title,
        subtitle="Над чертой — ученики, под ней — номера заданий (близкие вместе): ученик того же уровня набирает в "
        f"среднем половину баллов; {ru.school_year(inputs.settings.school_year)} учебный год",
        alt=" ".join(_alt(inputs, one) for one in mapped),
        svg=small_map([_drawn(inputs, one) for one in mapped]),
        statement=text(*(piece for one in mapped for piece in _sentence(inputs, one))),
        how=(text(HOW),),
    )


def _scope(inputs: Inputs, one: Mapped) -> str:
    year = inputs.settings.school_year
    return ru.capitalised(
        scope_of(inputs, {"subject": one.points.subject, "grade": one.points.grade, "school_year": year})
    )


def _drawn(inputs: Inputs, one: Mapped) -> Drawn:
    kept = [place for place, task in enumerate(one.found.tasks) if task.steps]
    table = one.points.points[np.isfinite(one.points.points).all(axis=1)][:, kept]
    levels = rasch.abilities(one.found) / one.found.sd
    counts = np.bincount(table.sum(axis=1).astype(int), minlength=len(levels))
    pupils = tuple((float(level), int(count)) for level, count in zip(levels, counts, strict=True))
    tasks = tuple((name, level, kind) for name, level, _, kind in one.tasks())
    return Drawn(f"{_scope(inputs, one)} (n = {ru.number(one.found.n)})", pupils, tasks)


def _sentence(inputs: Inputs, one: Mapped) -> list[str | Run]:
    """What is too hard for three quarters and what is easy for them; both only beyond the error."""
    above, under = one.above(), one.under()
    if not above and not under:
        return [
            f"{_scope(inputs, one)}: нет заданий, половину баллов за которые набирают меньше четверти или больше трёх "
            "четвертей учеников. "
        ]
    said: list[str | Run] = [f"{_scope(inputs, one)}: "]
    if above:
        said += ["половину баллов за ", *_tasks(one, above), " набирают меньше четверти учеников"]
    if under:
        verb = " — больше трёх четвертей" if above else " набирают больше трёх четвертей учеников"
        said += ["; " if above else "", "половину баллов за ", *_tasks(one, under), verb]
    return [*said, ". "]


def _tasks(one: Mapped, names: Sequence[str]) -> list[str | Run]:
    """Numbers of tasks with the rows behind them."""
    pieces: list[str | Run] = []
    for place, name in enumerate(names):
        pieces += [", "] if place else []
        pieces.append(Run(name, key=one.keys.get(name, "")))
    return pieces


def _alt(inputs: Inputs, one: Mapped) -> str:
    said = (f"задание {name}: {ru.number(level, 1)}" for name, level, _, _ in one.tasks())
    return f"{_scope(inputs, one)}, уровни: {'; '.join(said)}."
