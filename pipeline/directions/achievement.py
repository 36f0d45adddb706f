"""01. Quality of pupils' preparation: ВПР marks and tasks, ОГЭ, external exams with published means."""

from __future__ import annotations

import pandas as pd

from pipeline.directions import awaiting, indicator_table, parts
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.lead import lead
from pipeline.directions.panels import (
    diagnostics,
    exam_groups,
    exams,
    external,
    mark_schools,
    marks,
    school_results,
    scores,
    task_map,
    task_schools,
    tasks,
    years,
)
from pipeline.directions.panels.panel import joined
from pipeline.presentation.blocks import Block, Paragraphs, text

TABLES = ("group_results", "results", "diagnostics")


def analyse(inputs: Inputs) -> Chapter:
    """The chapter from whatever of its sources has come; without any, the honest empty one."""
    rows = inputs.own_rows()
    if not rows:
        return awaiting.analyse(inputs)
    panel = joined(
        (
            marks.panel(inputs),
            mark_schools.panel(inputs),
            years.panel(inputs, "vpr_mark_2", "Доля отметок «2» за ВПР по годам", "Доля «2»"),
            tasks.panel(inputs),
            task_schools.panel(inputs),
            task_map.panel(inputs),
            scores.panel(inputs),
            exams.panel(inputs),
            years.panel(inputs, "oge_below_minimum", "Доля не преодолевших минимум ОГЭ по годам", "Доля «2»"),
            years.panel(inputs, "ege_below_minimum", "Доля не набравших минимум ЕГЭ по годам", "Доля ниже минимума"),
            diagnostics.panel(inputs),
            school_results.panel(inputs),
            exam_groups.panel(inputs),
            external.panel(inputs),
        )
    )
    table = indicator_table.build(inputs, rows, inputs.compare_from)
    frames = dict(panel.frames) | {"indicators": pd.DataFrame(indicator_table.newest(inputs, rows))}
    return Chapter(
        code="achievement",
        strip=parts.strip(inputs, parts.used(inputs, TABLES)),
        sections={
            "lead": lead(inputs, panel.findings),
            "goals": parts.goals(inputs),
            "indicators": (table,) if table else (),
            "collection": parts.collection(inputs),
            "monitoring": panel.monitoring,
            "analysis": (*panel.analysis, *_limits(inputs)),
        },
        findings=panel.findings,
        frames=frames,
    )


def _limits(inputs: Inputs) -> tuple[Block, ...]:
    """What these data cannot say."""
    items = []
    if any(row["lower"] is not None for row in inputs.rows(direction="achievement")):
        items.append(
            text(
                "Интервалы учитывают случайные различия между выпусками: даже при неизменной работе школы доля "
                "год от года колеблется в этих пределах."
            )
        )
    if inputs.rows(indicator=("vpr_mark_2",)):
        items.append(
            text(
                "Результаты ВПР не служат для оценки учителей и руководителей, оплаты труда и рейтингов; "
                "объективность проведения рассмотрена в отдельной главе."
            )
        )
    shown = {row["indicator"] for row in inputs.own_rows()}
    if any(one.for_reference_only for one in inputs.passports.values() if one.id in shown):
        items.append(
            text(
                "Доли отметок ВПР и ОГЭ даны справочно, объективность не подтверждена: документы о порядке процедуры и "
                "о её объективности в паспортах показателей не названы."
            )
        )
    if inputs.rows(indicator=("external_mean",)):
        items.append(
            text(
                "Источник публикует средние без разброса. Слова о различиях стоят там, где разброс учеников удалось "
                "оценить по тому, как средние школ меняются по годам; остальные значения даны справочно."
            )
        )
    return (Paragraphs(tuple(items), role="list"),) if items else ()
