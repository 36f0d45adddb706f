"""Tasks and primary scores of ВПР from individual results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import parts
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels.panel import Panel, joined
from pipeline.presentation import charts, claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, Text, text

Row = Mapping[str, Any]
LEVEL_WORDS = {"basic": "базового уровня", "advanced": "повышенного уровня"}


def panel(inputs: Inputs) -> Panel:
    """A chart of tasks and a histogram of scores for each subject and grade with individual results."""
    rows = inputs.rows(indicator="vpr_task_rate", level="municipality", school_year=inputs.settings.school_year)
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
    tasks = inputs.clean["task_scores"]
    order = tasks.groupby("task")["task_order"].min().to_dict()
    levels = tasks.dropna(subset=["task_level"]).groupby("task")["task_level"].first().to_dict()
    ordered = sorted(rows, key=lambda row: order.get(row["task"], 999))
    return pd.DataFrame(
        {
            "label": [row["task"] for row in ordered],
            "value": [row["value"] for row in ordered],
            "lower": [row["lower"] for row in ordered],
            "upper": [row["upper"] for row in ordered],
            "task_level": [levels.get(row["task"], "") for row in ordered],
        }
    )


def _levels(inputs: Inputs) -> dict[str, float]:
    norm = inputs.rules.norm("task_sufficient_level", inputs.settings.school_year)
    return {name: level.level for name, level in norm.levels.items()} if norm else {}


def _below(frame: pd.DataFrame, levels: Mapping[str, float]) -> pd.DataFrame:
    """Tasks whose whole interval lies under the sufficient level of their difficulty."""
    lines = frame["task_level"].map(levels)
    return frame[(frame["upper"] < lines).fillna(False)]


def _tasks(inputs: Inputs, rows: Sequence[Row], stem: str) -> FigureBlock:
    frame = _frame(inputs, rows)
    levels = _levels(inputs)
    below = _below(frame, levels)
    scope = scope_of(inputs, rows[0])
    counted = ru.counted(len(below), "задание", "задания", "заданий")
    title = f"Ниже достаточного уровня — {counted}" if len(below) else "Выполнение заданий ВПР"
    norm = inputs.rules.norm("task_sufficient_level", inputs.settings.school_year)
    lines = ", ".join(f"{ru.percent(levels[k], 20)} для {LEVEL_WORDS[k]}" for k in LEVEL_WORDS if k in levels)
    return FigureBlock(
        id=f"{stem}-tasks",
        title=f"{title}: {scope}",
        subtitle=f"Доля набранных баллов по каждому заданию с интервалом 95 %, участников {ru.number(rows[0]['n'])}",
        alt="; ".join(f"задание {t}: {ru.percent(v)}" for t, v in zip(frame["label"], frame["value"], strict=True))
        + ".",
        svg=charts.tasks(f"{stem}-tasks", frame, levels),
        source=text(f"Пунктир — достаточный уровень: {lines} ({norm.source})." if norm else "Норма на год не задана."),
        statement=_statement(below),
        how=parts.how_counted(rows[:3], ["Сумма баллов всех участников за задание, делённая на наибольшую возможную."]),
        data=f"data/{inputs.direction.number}_{stem}_tasks.csv",
    )


def _statement(below: pd.DataFrame) -> Text:
    if below.empty:
        return text("Ни для одного задания весь интервал не лежит ниже достаточного уровня.")
    names = ru.listed([str(label) for label in below["label"]], 12)
    return text(f"Весь интервал лежит ниже достаточного уровня у заданий: {names}.")


def _findings(inputs: Inputs, rows: Sequence[Row], subject: str, grade: int) -> tuple[Finding, ...]:
    frame = _frame(inputs, rows)
    below = _below(frame, _levels(inputs))
    if below.empty:
        return ()
    by_task = {row["task"]: row for row in rows}
    weakest = below.sort_values("value").head(3)
    said: list[Any] = [f"ВПР, {scope_of(inputs, rows[0])}: ниже достаточного уровня выполнены задания "]
    for place, task in enumerate(weakest["label"]):
        said += ["; " if place else "", f"{task} (", claims.bound(by_task[task]), ")"]
    if len(below) > len(weakest):
        said.append(f" и ещё {ru.number(len(below) - len(weakest))}")
    return (
        Finding(
            id=f"vpr_tasks.{subject}.{grade}",
            kind="deficit",
            statement=text(*said, "."),
            strength="интервал 95 %",
            addressee="методические объединения учителей-предметников",
            weight=0.05,
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
    scope = scope_of(inputs, {"subject": subject, "grade": grade, "school_year": inputs.settings.school_year})
    counts = scores.value_counts().sort_index()
    maximum = float(chosen["max_score"].dropna().max()) if chosen["max_score"].notna().any() else float(scores.max())
    return (
        FigureBlock(
            id=f"{stem}-scores",
            title=f"Распределение первичных баллов: {scope}",
            subtitle=f"Участников {ru.number(len(chosen))}, наибольший возможный балл {ru.number(maximum)}",
            alt="; ".join(f"{ru.number(score)} баллов: {ru.number(count)}" for score, count in counts.items()) + ".",
            svg=charts.score_histogram(f"{stem}-scores", scores.tolist(), bounds, maximum),
            source=text("Пунктир — наименьший балл, при котором в этих результатах стоит «3», «4» и «5»."),
            statement=text("Пик сразу за границей отметки — основание для перепроверки, а не вывод."),
        ),
    )
