"""11 Комплексный анализ: procedures together, risk zones, links, similar schools, what several chapters have found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.directions import cycle, weight
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.lead import strongest
from pipeline.directions.panels import (
    crossing,
    exam_added,
    indices,
    links,
    procedures,
    risk_map,
    school_years,
    similar_schools,
)
from pipeline.directions.panels.next_goal import PROBLEMS
from pipeline.directions.panels.panel import Panel

LIMITS = (
    "Коды участников разных процедур не связаны между собой: глава видит, что школа слаба в двух процедурах, но не "
    "видит, одни ли и те же это ученики.",
    "Связь между школами не переносится на учеников: из того, что в школах с более сложными условиями результаты ниже, "
    "не следует, что ниже результаты детей из таких семей.",
    "Связь не называет причины: и результаты, и условия могут зависеть от третьего — размера школы, удалённости, "
    "состава класса этого года.",
    "Сведения о семьях школы собирают анкетами, полнота которых не проверяется; ошибка паспорта меняет и индекс, и "
    "группу похожих школ.",
    "Если результаты во всём муниципалитете завышены одинаково, сравнение школ между собой этого не увидит: нужны "
    "значения региона и РФ или работы под внешним наблюдением.",
    "Зона риска говорит, куда смотреть сначала. Она не оценивает учителей и руководителей, а ВПР для этого "
    "использовать нельзя.",
)


def analyse(inputs: Inputs) -> Chapter:
    """The chapter in the order of its question: procedures, risks, then links, similar schools and meeting findings."""
    panels = (
        procedures.panel(inputs),
        school_years.panel(inputs),
        risk_map.panel(inputs),
        links.panel(inputs),
        similar_schools.panel(inputs),
        exam_added.panel(inputs),
        indices.panel(inputs),
        crossing.panel(inputs),
    )
    return cycle.chapter(inputs, _once(panels), LIMITS)


def _once(panels: Sequence[Panel]) -> list[Panel]:
    """What one panel has said of an organisation weighs little the second time: «Главное» is not told twice."""
    told: set[tuple[str | None, str]] = set()
    kept = []
    for panel in panels:
        lighter = tuple(
            replace(one, weight=one.weight * weight.GAP) if one.org_id and (one.org_id, one.kind) in told else one
            for one in panel.findings
        )
        told |= {(one.org_id, one.kind) for one in panel.findings}
        kept.append(replace(panel, findings=lighter))
    return _one_goal(kept)


def _one_goal(panels: Sequence[Panel]) -> list[Panel]:
    """Of the goals that panels propose, the one that is about the weightiest problem."""
    told = [one for panel in panels for one in panel.findings]
    goals = [one for one in told if one.kind == "goal"]
    problems = strongest([one for one in told if one.kind in PROBLEMS], len(told))
    about = (goal for problem in problems for goal in goals if set(goal.keys) & set(problem.keys))
    chosen = next(about, next(iter(goals), None))
    return [
        replace(panel, findings=tuple(one for one in panel.findings if one.kind != "goal" or one is chosen))
        for panel in panels
    ]
