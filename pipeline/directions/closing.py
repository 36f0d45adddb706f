"""How every chapter closes the management cycle: last year's problem, measures, decisions, their effect, a new goal.

Applied by the registry, so that a direction module speaks of its own subject alone. A section that the module filled
itself is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.directions import acts, roadmap_table
from pipeline.directions.acts import Act
from pipeline.directions.chapter import NO_DATA_REASONS, Chapter, Finding, Inputs, empty_section, statement_of
from pipeline.directions.lead import ORDER
from pipeline.directions.panels import decisions, effect, next_goal
from pipeline.directions.panels.next_goal import GOAL_ID, PROBLEMS
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Paragraphs, Text, text
from pipeline.presentation.claims import records

Sections = Mapping[str, tuple[Block, ...]]
Row = Mapping[str, Any]
NO_GOALS = "Дорожная карта муниципалитета целей этого направления не называет."
NO_MEASURES = "Судить об эффективности мер нельзя: в реестре мер и решений записей по направлению нет."
NO_PROBLEM = "проблем, доказанных данными, в направлении не нашёл."
MISSING = "missing_sources"
OF_THE_RUN = "data_quality"  # audits the files of this run: no goals of a document, no next cycle


def closed(inputs: Inputs, chapter: Chapter) -> Chapter:
    """The chapter with its goals tied to last year and its end: measures, decisions, effect, problem and goal."""
    found = acts.acts(inputs, chapter.code)
    told = Panel() if chapter.sections.get("effect") else effect.panel(inputs, chapter.code, found)
    goal = _next_goal(inputs, chapter)
    own = chapter.sections
    sections = {
        **own,
        "goals": goals(inputs, own.get("goals", ())),
        "measures": own.get("measures") or _measures(inputs, chapter.code, found),
        "decisions": own.get("decisions") or decisions.decisions(inputs, chapter.code, found),
        "effect": (*(own.get("effect") or _effect(inputs, told)), *goal.analysis),
        "recommendations": (*own.get("recommendations", ()), *decisions.sent(inputs, chapter.code, found)),
    }
    return replace(
        chapter,
        sections=sections,
        findings=(*chapter.findings, *told.findings, *goal.findings),
        frames={**chapter.frames, **told.frames},
    )


def goals(inputs: Inputs, stated: tuple[Block, ...]) -> tuple[Block, ...]:
    """Goals of the document, then last year's problem and the goal proposed for it, or that no problem was found then;
    nothing where last year was not reported."""
    before = _last_year(inputs)
    if stated:
        return (*stated, *before)
    named = inputs.profile.roadmap and inputs.direction.code != OF_THE_RUN
    nothing = (empty_section(NO_GOALS),) if named else ()
    return (*nothing, *before)


def _last_year(inputs: Inputs) -> tuple[Block, ...]:
    frame = inputs.before[inputs.before["direction"] == inputs.direction.code]
    rows = records(frame)
    goal = next((row for row in rows if row["id"].endswith(f".{GOAL_ID}")), None)
    problem = _answered(rows, goal)
    year = inputs.settings.report_year - 1
    if problem is None:
        lacked = not rows or any(row["id"].endswith(f".{MISSING}") for row in rows)
        quiet = lacked or inputs.direction.code == OF_THE_RUN
        return () if quiet else (Paragraphs((text(f"Отчёт за {year}{ru.NBSP}год {NO_PROBLEM}"),), role="list"),)
    said: list[Text] = [(*text(f"Проблема, найденная отчётом за {year} год: "), *statement_of(problem))]
    if goal is not None:
        said.append((*text("Цель, предложенная тогда на этот цикл: "), *statement_of(goal)))
    return (Paragraphs(tuple(said), role="list"),)


def _answered(rows: Sequence[Row], goal: Row | None) -> Row | None:
    """The problem that the goal is about: the heaviest that begins with its number, else the heaviest of all, of equal
    ones that of the same source (the table keeps no order of findings)."""
    aimed, source = (set(_keys(goal)[:1]), goal["strength"]) if goal is not None else (set(), None)
    problems = [row for row in rows if row["kind"] in PROBLEMS and row["weight"] > 0]
    problems.sort(key=lambda row: (-float(row["weight"]), ORDER[row["kind"]], row["strength"] != source))
    return next((row for row in problems if aimed & set(_keys(row)[:1])), next(iter(problems), None))


def _keys(row: Row) -> list[str]:
    return [run.key for run in statement_of(row) if run.key]


def _measures(inputs: Inputs, code: str, found: list[Act]) -> tuple[Block, ...]:
    return (*decisions.measures(inputs, code, found), *roadmap_table.measures(inputs))


def _effect(inputs: Inputs, told: Panel) -> tuple[Block, ...]:
    if told.analysis:
        return told.analysis
    return (empty_section(NO_MEASURES if len(inputs.clean["decisions"]) else NO_DATA_REASONS["effect"]),)


def _next_goal(inputs: Inputs, chapter: Chapter) -> Panel:
    if chapter.code == OF_THE_RUN:
        return Panel()
    if any(_is_missing(finding) for finding in chapter.findings):
        return Panel(analysis=next_goal.unanswered(inputs))
    return next_goal.panel(inputs, chapter.findings)


def _is_missing(finding: Finding) -> bool:
    return finding.id == MISSING
