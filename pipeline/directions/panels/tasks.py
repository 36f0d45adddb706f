"""Tasks and primary scores of ВПР from individual results: what is below its level, how tasks and variants work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import parts, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels import task_words
from pipeline.directions.panels.panel import Panel
from pipeline.directions.panels.task_points import Points, read
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, FigureBlock, Head, Run, TableBlock, Text, text
from pipeline.presentation.small_tasks import small_tasks

Row = Mapping[str, Any]
LEVEL_WORDS = {"basic": "базового", "advanced": "повышенного", "high": "высокого"}
LEVEL_NAMES = {"basic": "базовый", "advanced": "повышенный", "high": "высокий"}
NO_NORM = "Достаточный уровень на этот год не задан."
HOW = (
    "Сумма баллов всех участников за задание, делённая на наибольшую возможную.",
    "Ноль баллов — писали и не набрали ничего; не приступали — ответа нет («X»), в выполнение входит нулём.",
    "Связь с остальными — корреляция балла за задание с суммой остальных заданий внутри варианта (Lord, Novick 1968).",
    "Надёжность — α Кронбаха по каждому варианту с интервалом Фельдта.",
)


@dataclass(frozen=True)
class Work:
    """One work: rows of its tasks for the municipality in the order of the test, the frame of its chart, the points."""

    subject: str
    grade: int
    rows: tuple[Row, ...]
    frame: pd.DataFrame
    points: Points | None

    @property
    def stem(self) -> str:
        return f"vpr_{self.subject}_{self.grade}"


def panel(inputs: Inputs) -> Panel:
    """One figure of the tasks of all works, a table of the tasks of each, findings of tasks below their level."""
    works = _works(inputs)
    if not works:
        return Panel()
    blocks: list[Block] = [_figure(inputs, works), *(_table(inputs, work) for work in works)]
    frames = {f"{work.stem}_tasks": work.frame for work in works}
    whole = pd.concat([work.frame.assign(subject=work.subject, grade=work.grade) for work in works], ignore_index=True)
    findings = tuple(finding for work in works for finding in _findings(inputs, work))
    return Panel(monitoring=tuple(blocks), findings=findings, frames={"vpr_tasks": whole, **frames})


def _works(inputs: Inputs) -> list[Work]:
    found = inputs.rows(indicator="vpr_task_rate", level="municipality", school_year=inputs.settings.school_year)
    cells: dict[tuple[int, str], list[Row]] = {}
    for row in found:
        if row["value"] is not None:
            cells.setdefault((int(row["grade"]), str(row["subject"])), []).append(row)
    return [_work(inputs, subject, grade, rows) for (grade, subject), rows in sorted(cells.items())]


def _work(inputs: Inputs, subject: str, grade: int, rows: Sequence[Row]) -> Work:
    scores = inputs.clean["task_scores"]
    same = (scores["subject"] == subject) & (scores["grade"] == grade) & (scores["procedure"] == "vpr")
    same &= scores["school_year"] == inputs.settings.school_year
    order = scores[same].groupby("task")["task_order"].min().to_dict()
    ordered = tuple(sorted(rows, key=lambda row: (order.get(row["task"], len(order)), row["task"])))
    points = read(inputs, subject, grade)
    return Work(subject, grade, ordered, _frame(ordered, points), points)


def _frame(rows: Sequence[Row], points: Points | None) -> pd.DataFrame:
    """Rows `label`, `value`, `lower`, `upper`, `task_level`, `n`; with points of pupils also `zeros`, `not_attempted`
    (shares of those who had the task) and `rest` (correlation with the other tasks)."""
    frame = pd.DataFrame(
        {
            "label": [str(row["task"]) for row in rows],
            "value": [row["value"] for row in rows],
            "lower": [row["lower"] for row in rows],
            "upper": [row["upper"] for row in rows],
            "task_level": [row["category"] for row in rows],
            "n": [row["n"] for row in rows],
        }
    ).astype({"lower": "float64", "upper": "float64"})
    if points is None:
        return frame
    zeros, skipped = points.nothing_earned()
    rest = {str(task.name): task.rest for task in points.analysed().tasks}
    place = {task: number for number, task in enumerate(points.tasks)}
    return frame.assign(
        zeros=[zeros[place[task]] if task in place else float("nan") for task in frame["label"]],
        not_attempted=[skipped[place[task]] if task in place else float("nan") for task in frame["label"]],
        rest=[rest.get(task, float("nan")) for task in frame["label"]],
    )


def _levels(inputs: Inputs) -> dict[str, float]:
    norm = inputs.rules.norm("task_sufficient_level", inputs.settings.school_year)
    return {name: level.level for name, level in norm.levels.items()} if norm else {}


def _below(inputs: Inputs, frame: pd.DataFrame) -> pd.DataFrame:
    """Tasks, of as many participants as may be compared, whose whole interval lies under the level of their kind."""
    lines = frame["task_level"].map(_levels(inputs)).astype("float64")
    return frame[(frame["upper"] < lines) & (frame["n"] >= inputs.compare_from)]


def _figure(inputs: Inputs, works: Sequence[Work]) -> FigureBlock:
    levels = _levels(inputs)
    every = pd.concat([work.frame for work in works], ignore_index=True)
    titles = [f"{_scope(inputs, work)} (n = {_between(work.frame['n'])})" for work in works]
    return FigureBlock(
        id="vpr-tasks",
        title=_title(inputs, every, len(_below(inputs, every))),
        subtitle="Доля набранных баллов по каждому заданию ВПР с интервалом 95 %, "
        f"{ru.school_year(inputs.settings.school_year)} учебный год",
        alt=" ".join(_alt(title, work) for title, work in zip(titles, works, strict=True)),
        svg=small_tasks(dict(zip(titles, (work.frame for work in works), strict=True)), levels),
        source=_source(inputs, every),
        data=f"data/{inputs.direction.number}_vpr_tasks.csv",
    )


def _alt(title: str, work: Work) -> str:
    said = (f"задание {row['task']}: {claims.bound(row).text}" for row in work.rows)
    return f"{title}: {'; '.join(said)}."


def _scope(inputs: Inputs, work: Work) -> str:
    return ru.capitalised(scope_of(inputs, work.rows[0]))


def _title(inputs: Inputs, every: pd.DataFrame, below: int) -> str:
    """What is stated: how many tasks are proven below their level, or the range where there is no level."""
    if below:
        return f"Ниже достаточного уровня — {ru.counted(below, 'задание', 'задания', 'заданий')} из {len(every)}"
    if every["task_level"].isin(list(_levels(inputs))).any():
        return "Ни одно задание не ниже достаточного уровня с учётом погрешности"
    ends = (float(every["value"].min()), float(every["value"].max()))
    least, most = (ru.percent(value, int(every["n"].max())) for value in ends)
    return f"За задания набрано от {least} до {most} баллов"


def _source(inputs: Inputs, frame: pd.DataFrame) -> Text:
    """What the sufficient levels are and who set them."""
    norm = inputs.rules.norm("task_sufficient_level", inputs.settings.school_year)
    levels = _levels(inputs)
    shown = [level for level in LEVEL_WORDS if level in levels and (frame["task_level"] == level).any()]
    if norm is None or not shown:
        return text(NO_NORM)
    lines = ", ".join(f"{ru.percent(levels[k], 20)} для {LEVEL_WORDS[k]} уровня" for k in shown)
    return text(f"Достаточный уровень: {lines} ({norm.source}).")


def _between(numbers: pd.Series) -> str:
    """«409» or «398–409»: not every pupil has every task."""
    least, most = int(numbers.min()), int(numbers.max())
    return ru.number(most) if least == most else f"{ru.number(least)}{ru.DASH}{ru.number(most)}"


def _table(inputs: Inputs, work: Work) -> TableBlock:
    """The tasks of one work as a methodist reads them."""
    below = _below(inputs, work.frame)
    heads = [Head("Задание", width=0.8), Head("Уровень", width=1.2), Head("Из", "right", 0.6)]
    heads.append(Head("Выполнение (интервал 95 %)", "right", 1.8))
    if work.points is not None:
        heads += [Head("Ноль баллов", "right", 1.0), Head("Не приступали", "right", 1.1)]
        heads.append(Head("Связь с остальными", "right", 1.1))
    low = set(below["label"])
    legend = ["▼ — весь интервал ниже достаточного уровня"] if low else []
    return TableBlock(
        id=f"{work.stem}-tasks",
        caption=f"Задания: {scope_of(inputs, work.rows[0])}, участников {_between(work.frame['n'])}. "
        f"{_title(inputs, work.frame, len(below))}",
        heads=tuple(heads),
        rows=tuple(
            _line(row, record, low=row["task"] in low)
            for row, record in zip(work.rows, work.frame.to_dict("records"), strict=True)
        ),
        statement=text(*_statement(inputs, work, below)),
        how=parts.how_counted(work.rows, HOW),
        legend=tuple(legend),
        data=f"data/{inputs.direction.number}_{work.stem}_tasks.csv",
    )


def _line(row: Row, record: Mapping[Any, Any], *, low: bool) -> tuple[Cell, ...]:
    """One task; the cells of pupils' points only where there are any."""
    value = claims.value_cell(row)
    if low:
        value = Cell(f"▼{ru.NBSP}{value.text}", key=value.key, sort=value.sort, tone="worse")
    level = LEVEL_NAMES.get(str(row["category"]), "не указан")
    maximum = "" if row["max_score"] is None else ru.number(row["max_score"])
    line = (Cell(str(row["task"])), Cell(level), Cell(maximum, sort=row["max_score"]), value)
    if "zeros" not in record:
        return line
    return (*line, *(_share(record[name], int(row["n"])) for name in ("zeros", "not_attempted")), _rest(record["rest"]))


def _share(value: float, n: int) -> Cell:
    if pd.isna(value):
        return claims.value_cell(None)
    return Cell(ru.share(value, n, round(value * n)), sort=float(value))


def _rest(value: float) -> Cell:
    if pd.isna(value):
        return Cell("×", tone="muted")
    return Cell(ru.number(value, 2), sort=float(value))


def _statement(inputs: Inputs, work: Work, below: pd.DataFrame) -> list[str | Run]:
    """What is below, basic and advanced apart; then how the tasks and the variants work."""
    if (work.frame["n"] < inputs.compare_from).all():
        return [f"Участников меньше {inputs.compare_from}: с достаточным уровнем задания не сравниваются."]
    said: list[str | Run] = [] if below.empty else _below_words(work, below)
    if work.points is not None:
        told = " ".join(task_words.sentences(work.points, inputs.compare_from))
        said.append(f"{' ' if said else ''}{told}")
    return said


def _below_words(work: Work, below: pd.DataFrame) -> list[str | Run]:
    """Basic and advanced tasks apart: a gap in the base asks for another help than hard tasks do."""
    said: list[str | Run] = ["Весь интервал лежит ниже достаточного уровня: "]
    for level, name in LEVEL_NAMES.items():
        rows = [row for row in work.rows if row["task"] in set(below.loc[below["task_level"] == level, "label"])]
        for place, row in enumerate(rows):
            said.append(", " if place else f"{'; ' if len(said) > 1 else ''}{name} уровень — ")
            said.append(Run(str(row["task"]), key=claims.key_of(row)))
    return [*said, "."]


def _findings(inputs: Inputs, work: Work) -> tuple[Finding, ...]:
    below = _below(inputs, work.frame)
    if below.empty:
        return ()
    by_task = {row["task"]: row for row in work.rows}
    weakest = below.sort_values("value").head(3)
    verb = ru.plural(len(below), "выполнено задание", "выполнены задания", "выполнены задания")
    said: list[str | Run] = [f"ВПР, {scope_of(inputs, work.rows[0])}: ниже достаточного уровня {verb} "]
    for place, row in enumerate(by_task[task] for task in weakest["label"]):
        said += ["; " if place else "", Run(str(row["task"]), key=claims.key_of(row)), ": ", claims.bound(row)]
    if len(below) > len(weakest):
        said.append(f" и ещё {ru.number(len(below) - len(weakest))}")
    return (
        Finding(
            id=f"vpr_tasks.{work.subject}.{work.grade}",
            kind="deficit",
            statement=text(*said, "."),
            strength="интервал 95 %",
            addressee="методические объединения учителей-предметников",
            weight=weight.GAP,
        ),
    )
