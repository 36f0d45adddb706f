"""Tasks and primary scores of ВПР from individual results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.directions import parts, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels.panel import Panel, joined
from pipeline.presentation import charts, claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, Run, Text, text

Row = Mapping[str, Any]
LEVEL_WORDS = {"basic": "базового", "advanced": "повышенного", "high": "высокого"}

BOUNDS = "Пунктир — наименьший балл, при котором в этих результатах стоит «3», «4» и «5»."
UNMARKED = "Отметок за работу в файле нет: границы не показаны."
CROWDED = "Скопление работ сразу за пунктиром было бы основанием для перепроверки, а не выводом."
NO_NORM = "Достаточный уровень на этот год не задан."


def panel(inputs: Inputs) -> Panel:
    """A chart of tasks and a histogram of scores for each subject and grade with individual results."""
    found = inputs.rows(indicator="vpr_task_rate", level="municipality", school_year=inputs.settings.school_year)
    rows = [row for row in found if row["value"] is not None]
    cells = sorted({(row["grade"], row["subject"]) for row in rows})
    return joined(
        Panel(
            monitoring=(_tasks(inputs, chosen, stem), *_histogram(inputs, subject, grade, stem)),
            findings=_findings(inputs, chosen, subject, grade),
            frames={f"{stem}_tasks": _frame(inputs, chosen)},
        )
        for grade, subject in cells
        for chosen in [[row for row in rows if (row["grade"], row["subject"]) == (grade, subject)]]
        for stem in [f"vpr_{subject}_{grade}"]
    )


def _frame(inputs: Inputs, rows: Sequence[Row]) -> pd.DataFrame:
    """Rows `label`, `value`, `lower`, `upper`, `task_level` in the order of the test."""
    scores = inputs.clean["task_scores"]
    same = [scores[name] == rows[0][name] for name in ("procedure", "school_year", "subject", "grade")]
    order = scores[np.logical_and.reduce(same)].groupby("task")["task_order"].min().to_dict()
    ordered = sorted(rows, key=lambda row: (order.get(row["task"], len(order)), row["task"]))
    return pd.DataFrame(
        {
            "label": [row["task"] for row in ordered],
            "value": [row["value"] for row in ordered],
            "lower": [row["lower"] for row in ordered],
            "upper": [row["upper"] for row in ordered],
            "task_level": [row["category"] for row in ordered],
            "n": [row["n"] for row in ordered],
        }
    ).astype({"lower": "float64", "upper": "float64"})


def _levels(inputs: Inputs) -> dict[str, float]:
    norm = inputs.rules.norm("task_sufficient_level", inputs.settings.school_year)
    return {name: level.level for name, level in norm.levels.items()} if norm else {}


def _below(inputs: Inputs, frame: pd.DataFrame) -> pd.DataFrame:
    """Tasks, of as many participants as may be compared, whose whole interval lies under the level of their kind."""
    lines = frame["task_level"].map(_levels(inputs)).astype("float64")
    return frame[(frame["upper"] < lines) & (frame["n"] >= inputs.compare_from)]


def _tasks(inputs: Inputs, rows: Sequence[Row], stem: str) -> FigureBlock:
    frame = _frame(inputs, rows)
    levels = _levels(inputs)
    below = _below(inputs, frame)
    by_task = {row["task"]: row for row in rows}
    scope = scope_of(inputs, rows[0])
    counted = ru.counted(len(below), "задание", "задания", "заданий")
    title = f"Ниже достаточного уровня — {counted}" if len(below) else _span(frame, levels)
    norm = inputs.rules.norm("task_sufficient_level", inputs.settings.school_year)
    shown = [level for level in LEVEL_WORDS if level in levels and (frame["task_level"] == level).any()]
    lines = ", ".join(f"{ru.percent(levels[k], 20)} для {LEVEL_WORDS[k]} уровня" for k in shown)
    return FigureBlock(
        id=f"{stem}-tasks",
        title=f"{title}: {scope}",
        subtitle=f"Доля набранных баллов по каждому заданию с интервалом 95 %, участников {_between(frame['n'])}",
        alt="; ".join(f"задание {task}: {claims.bound(by_task[task]).text}" for task in frame["label"]) + ".",
        svg=charts.tasks(f"{stem}-tasks", frame, levels),
        source=text(f"Пунктир — достаточный уровень: {lines} ({norm.source})." if norm and lines else NO_NORM),
        statement=_statement(inputs, frame, below) if lines else (),
        how=parts.how_counted(rows, ["Сумма баллов всех участников за задание, делённая на наибольшую возможную."]),
        data=f"data/{inputs.direction.number}_{stem}_tasks.csv",
    )


def _span(frame: pd.DataFrame, levels: Mapping[str, float]) -> str:
    """What the title states where no task is proven below the level: that, or the range where there is no level."""
    if frame["task_level"].isin(list(levels)).any():
        return "Ни одно задание не ниже достаточного уровня с учётом погрешности"
    ends = (float(frame["value"].min()), float(frame["value"].max()))
    least, most = (ru.percent(value, int(frame["n"].max())) for value in ends)
    return f"За задания набрано от {least} до {most} баллов"


def _points(maximum: float) -> str:
    word = ru.plural(int(maximum), "балла", "баллов", "баллов")  # after «из»
    return f"{ru.number(maximum)}{ru.NBSP}{word}"


def _between(numbers: pd.Series) -> str:
    """«409» or «398–409»: not every pupil has every task."""
    least, most = int(numbers.min()), int(numbers.max())
    return ru.number(most) if least == most else f"{ru.number(least)}{ru.DASH}{ru.number(most)}"


def _statement(inputs: Inputs, frame: pd.DataFrame, below: pd.DataFrame) -> Text:
    if (frame["n"] < inputs.compare_from).all():
        return text(f"Участников меньше {inputs.compare_from}: с достаточным уровнем задания не сравниваются.")
    if below.empty:
        return text("Ни для одного задания весь интервал не лежит ниже достаточного уровня.")
    names = ru.listed([str(label) for label in below["label"]], 12)
    return text(f"Весь интервал лежит ниже достаточного уровня у заданий: {names}.")


def _findings(inputs: Inputs, rows: Sequence[Row], subject: str, grade: int) -> tuple[Finding, ...]:
    frame = _frame(inputs, rows)
    below = _below(inputs, frame)
    if below.empty:
        return ()
    by_task = {row["task"]: row for row in rows}
    weakest = below.sort_values("value").head(3)
    verb = ru.plural(len(below), "выполнено задание", "выполнены задания", "выполнены задания")
    said: list[str | Run] = [f"ВПР, {scope_of(inputs, rows[0])}: ниже достаточного уровня {verb} "]
    for place, row in enumerate(by_task[task] for task in weakest["label"]):
        said += ["; " if place else "", Run(str(row["task"]), key=claims.key_of(row)), ": ", claims.bound(row)]
    if len(below) > len(weakest):
        said.append(f" и ещё {ru.number(len(below) - len(weakest))}")
    return (
        Finding(
            id=f"vpr_tasks.{subject}.{grade}",
            kind="deficit",
            statement=text(*said, "."),
            strength="интервал 95 %",
            addressee="методические объединения учителей-предметников",
            weight=weight.GAP,
        ),
    )


def _histogram(inputs: Inputs, subject: str, grade: int, stem: str) -> tuple[FigureBlock, ...]:
    """Drawn from as many participants as publication.yml asks; mark bounds are read off the results themselves."""
    results = inputs.clean["results"]
    chosen = results[
        (results["procedure"] == "vpr")
        & (results["subject"] == subject)
        & (results["grade"] == grade)
        & (results["school_year"] == inputs.settings.school_year)
        & results["primary_score"].notna()
    ]
    if len(chosen) < inputs.rules.publication.histogram.value:
        return ()
    lowest = chosen.dropna(subset=["mark"]).groupby("mark")["primary_score"].min()
    bounds = [float(lowest[mark]) for mark in (3, 4, 5) if mark in lowest.index]
    scores = chosen["primary_score"].astype(float)
    median = scores.sort_values().iloc[(len(scores) - 1) // 2]
    scope = scope_of(inputs, {"subject": subject, "grade": grade, "school_year": inputs.settings.school_year})
    counts = scores.value_counts().sort_index()
    maximum = float(chosen["max_score"].dropna().max()) if chosen["max_score"].notna().any() else float(scores.max())
    return (
        FigureBlock(
            id=f"{stem}-scores",
            title=f"Половина участников набрала не больше {ru.number(median)} из {_points(maximum)}: {scope}",
            subtitle=f"Распределение первичных баллов. Участников {ru.number(len(chosen))}",
            alt="; ".join(
                f"балл {ru.number(score)}: {ru.number(count)}"
                for score, count in zip(counts.index.tolist(), counts.tolist(), strict=True)
            )
            + ".",
            svg=charts.score_histogram(f"{stem}-scores", scores.tolist(), bounds, maximum),
            source=text(BOUNDS if bounds else UNMARKED),
            statement=text(CROWDED) if bounds else (),
        ),
    )
