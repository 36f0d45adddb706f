"""The end of a chapter: the problem that was found and the goal proposed for the next cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.directions import judgement, parts
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import category_of, level_title, name_of, norm_level, norm_text
from pipeline.directions.lead import strongest
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Paragraphs, Run, Text, text
from pipeline.statistics.detectable import detectable_share

Row = Mapping[str, Any]
PROBLEMS = ("problem", "deficit", "risk")
GOAL = "Предлагаемая цель следующего цикла: "
NO_PROBLEM = "Проблем, доказанных данными года, в направлении не найдено."
ONLY_SIGNS = "Нарушений данные не доказывают, но есть признаки, которые трудно объяснить случаем: они названы выше."
CHECK_AGAIN = (
    "перепроверить работы, в которых признаки найдены, и провести следующую процедуру в этих школах под независимым "
    "наблюдением."
)
UNMEASURED = "устранить названное; показателя, по которому это можно измерить, в направлении пока нет."
GOAL_ID = "next_goal"


def panel(inputs: Inputs, findings: Sequence[Finding]) -> Panel:
    """«Проблема: …. Предлагаемая цель следующего цикла: …» from the strongest problem of the chapter; a goal that the
    chapter has set itself is kept."""
    problems = strongest([one for one in findings if one.kind in PROBLEMS and one.weight > 0], len(findings))
    if not problems:
        return Panel(analysis=_without_problem(inputs, findings))
    own = next((one for one in findings if one.id == GOAL_ID), None)
    if own is not None:
        first, *rest = own.statement
        goal = text(GOAL, replace(first, text=first.text[:1].lower() + first.text[1:]), *rest)
        meant = next((one for one in problems if set(one.keys) & set(own.keys)), problems[0])
        return Panel(analysis=(Paragraphs((text("Проблема: ", *meant.statement), goal)),))
    measured = ((problem, goal) for problem in problems if (goal := _goal(inputs, problem)))
    problem, goal = next(measured, (problems[0], text(UNMEASURED)))
    return Panel(
        analysis=(Paragraphs((text("Проблема: ", *problem.statement), text(GOAL, *goal))),),
        findings=(_handed_on(goal, problem),),
    )


def _handed_on(goal: Text, problem: Finding) -> Finding:
    words = ru.capitalised(goal[0].text)
    return Finding(
        id=GOAL_ID,
        kind="goal",
        statement=(Run(words, key=goal[0].key), *goal[1:]),
        strength=problem.strength,
        org_id=problem.org_id,
    )


def _without_problem(inputs: Inputs, findings: Sequence[Finding]) -> tuple[Paragraphs, ...]:
    """Nothing proven: what to keep; signs about schools are checked again first, which is no verdict on them."""
    if any(one.kind == "sign" and one.id.startswith("signs.") for one in findings):
        return (Paragraphs((text(ONLY_SIGNS), text(GOAL, CHECK_AGAIN))),)
    lacking = [source.title for source in parts.missing(inputs)]
    what = f" и получить то, чего не хватило: {'; '.join(lacking)}" if lacking else ""
    return (Paragraphs((text(NO_PROBLEM), text(f"{GOAL}удержать достигнутое{what}."))),)


def unanswered(inputs: Inputs) -> tuple[Paragraphs, ...]:
    """The end of a chapter without data."""
    if not parts.missing(inputs):
        return ()
    goal = f"{GOAL}получить недостающие источники, чтобы о направлении можно было судить."
    return (Paragraphs((text(goal),), role="note"),)


def _goal(inputs: Inputs, problem: Finding) -> Text:
    """What to reach, with the number of today; empty when the problem rests on no indicator that has a better side."""
    row = row_of(inputs, problem.keys[0]) if problem.keys else None
    if row is None or row["value"] is None:
        return ()
    if row["kind"] == "ordinal":  # a share at one level has no better side: organisations move up, not the share
        short, level = inputs.passports[str(row["indicator"])].short, category_of(inputs, row)
        held = claims.bound(row, interval=False)
        return text(f"поднять на следующий уровень ({short}) тех, кто сейчас на уровне «{level}», — ", held, ".")
    better = inputs.passports[str(row["indicator"])].better
    if better == "neutral":
        return ()
    where = f" в организации {ru.organisation(str(row['group_label']))}" if row["level"] == "organisation" else ""
    verb = "повысить" if better == "higher" else "снизить"
    return text(
        f"{verb} показатель «{_named(inputs, row)}»{where} с{ru.NBSP}",
        claims.bound(row),
        *_target(inputs, row, better),
    )


def _named(inputs: Inputs, row: Row) -> str:
    return f"{name_of(inputs, row)}, задание{ru.NBSP}{row['task']}" if row["task"] else name_of(inputs, row)


def row_of(inputs: Inputs, key: str) -> Row | None:
    """The indicator row under a key of a bound number."""
    rows = inputs.rows(indicator=key.partition("/")[0])
    return next((row for row in rows if claims.key_of(row) == key), None)


def _target(inputs: Inputs, row: Row, better: str) -> Text:
    """Which way: to the norm, to the wider group, back to an earlier year; and the first step that would be seen."""
    value = float(row["value"])
    norm = norm_level(inputs, row)
    if norm is not None and _worse(value, norm, better):
        return text(f" до нормы {norm_text(row, norm)}", *_seen(row, better, norm), ".")
    if better == "higher" and _of_organisations(inputs, row):
        return text(f" — до всех {ru.counted(int(row['n']), 'организации', 'организаций', 'организаций')}.")
    for other, words in _marks(inputs, row, inputs.rows(indicator=row["indicator"])):
        if _worse(value, float(other["value"]), better):
            mark = claims.bound(other, interval=False)
            return text(f" {words} ", mark, *_seen(row, better, float(other["value"])), ".")
    return text(*_seen(row, better), ".")


def _of_organisations(inputs: Inputs, row: Row) -> bool:
    """A full count of «да» over organisations: nothing there is chance, so no step is told from it."""
    own = inputs.rows(indicator=row["indicator"], level="organisation", school_year=row["school_year"])
    return row["level"] == "municipality" and bool(row["n"]) and any(claims.is_fact(one) for one in own)


def _marks(inputs: Inputs, row: Row, rows: Sequence[Row]) -> list[tuple[Row, str]]:
    """Values that may serve as a mark, the nearest first, with the words before the number."""
    marks: list[tuple[Row, str]] = []
    if row["level"] == "organisation":
        whole = judgement.same_cell_of_level(row, rows, "municipality")
        marks += [(whole, "в сторону значения муниципалитета —")] if whole else []
    for other in judgement.comparators(row, rows):
        title = "региона" if other["level"] == "region" else level_title(inputs, other)
        marks.append((other, f"в сторону значения {title} —"))
    before = judgement.previous(row, rows)
    if before is not None and before["value"] is not None and before["series"] == row["series"]:
        marks.append((before, f"в сторону значения {ru.school_year(int(before['school_year']))} года —"))
    return marks


def _worse(value: float, mark: float, better: str) -> bool:
    return value < mark if better == "higher" else value > mark


def _seen(row: Row, better: str, mark: float | None = None) -> Text:
    """The nearest share that the same number of pupils would tell from today's, where it lies before the mark."""
    if row["kind"] != "share" or row["unit"] != "share" or not row["n"]:
        return ()
    n = int(row["n"])
    found = detectable_share(float(row["value"]), n, n, higher=better == "higher")
    if found is None or (mark is not None and not _worse(found, mark, better)):
        return ()
    step = Run(ru.percent(found, n), key=claims.key_of(row))
    return text(f"; при том же числе участников отличить от случайного можно шаг до{ru.NBSP}", step)
