"""External exams, class by class: what the same school reached later than its own earlier result lets expect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist, median
from typing import Any

import numpy as np
import pandas as pd

from pipeline.directions import added_means
from pipeline.directions.added_means import Step
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels import external_added_table
from pipeline.directions.panels import external_added_words as said
from pipeline.directions.panels.external_added_words import Schools
from pipeline.directions.panels.external_spread import Spreads
from pipeline.directions.panels.marks import wrapped
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import added
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, FigureBlock, Paragraphs, text
from pipeline.statistics.intervals import CONFIDENCE
from pipeline.statistics.value_added import ABOVE, BELOW

Row = Mapping[str, Any]
LINES_AT_MOST = 24  # schools drawn one by one; more of them stand by size
FEWEST_DRAWN = 3
CURVE = 60  # points of a curve
NAMED = 3
WEIGHT = 0.0005  # under the municipality beside the country


def panel(
    inputs: Inputs, own: Sequence[Row], schools: pd.DataFrame, spreads: Spreads, subjects: Sequence[str]
) -> Panel:
    """A figure and a table for every pair of exam classes; one sentence where nothing can be told apart.

    `own`: rows of external means of the own schools; `schools`: table `country_schools` (or the own schools alone).
    """
    names = {str(row["org_id"]): str(row["group_label"]) for row in sorted(own, key=lambda row: row["school_year"])}
    found = added_means.steps(schools, list(names), spreads, subjects, inputs.settings.school_year)
    grades = list(dict.fromkeys(step.grades for step in found))
    parts = [[step for step in found if step.grades == pair] for pair in grades]
    blocks: list[Block] = [block for part in parts for block in _blocks(inputs, part, names)]
    if not blocks:
        return Panel()
    return Panel(
        monitoring=(*blocks, Paragraphs((text(said.CAUTION),))),
        findings=tuple(one for part in parts if (one := _finding(inputs, part, names))),
        frames={"external_added": _frame(found, names)},
    )


def _blocks(inputs: Inputs, part: Sequence[Step], names: Mapping[str, str]) -> list[Block]:
    judged = {step.subject: said.judged_schools(inputs, step) for step in part}
    apart = [step for step in part if step.added.model.state == "estimated" and judged[step.subject]]
    if not apart:
        return [Paragraphs((said.statement(inputs, part, judged),))]
    blocks: list[Block] = []
    if max(len(judged[step.subject]) for step in apart) >= FEWEST_DRAWN:
        blocks.append(_figure(inputs, part, apart, judged, names))
    return [*blocks, external_added_table.table(inputs, part, judged, names, drawn=bool(blocks))]


def _figure(
    inputs: Inputs,
    part: Sequence[Step],
    apart: Sequence[Step],
    judged: Mapping[str, Schools],
    names: Mapping[str, str],
) -> FigureBlock:
    stem = said.stem(part[0])
    many = max(len(judged[step.subject]) for step in apart) > LINES_AT_MOST
    unit = "балла" if said.decimals(part[0]) == 1 else "оценки"
    if many:
        svg = added.by_size(stem, _dots(inputs, apart, judged), _limits(inputs, apart, judged), f"Отличие, {unit}")
    else:
        svg = added.intervals(stem, _lines(inputs, apart, judged, names), f"Отличие от ожидаемого результата, {unit}")
    return FigureBlock(
        id=stem.replace("_", "-"),
        title=f"{said.title(part[0])}: {said.counted(apart, judged)}",
        subtitle=f"{said.cohort(part[0])}; {'школы по числу участников' if many else 'школы по убыванию численности'}",
        alt="; ".join(
            f"{said.subject(inputs, step)}: {names[org]} {said.difference(step, one)}"
            for step in apart
            for org, one in list(judged[step.subject].items())[:LINES_AT_MOST]
        )
        + ".",
        svg=svg,
        source=text("Источник: опубликованные результаты по школам."),
        statement=said.statement(inputs, part, judged),
        how=(text(said.HOW), *(text(said.line(inputs, step)) for step in part)),
        data=f"data/{inputs.direction.number}_external_added.csv",
    )


def _lines(
    inputs: Inputs, apart: Sequence[Step], judged: Mapping[str, Schools], names: Mapping[str, str]
) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "panel": said.subject(inputs, step),
                "label": wrapped(ru.organisation(names[org])),
                "value": one.group.effect,
                "lower": one.lower,
                "upper": one.upper,
                "tone": said.TONES.get(one.word, "same"),
            }
            for step in apart
            for org, one in judged[step.subject].items()
        ]
    )


def _dots(inputs: Inputs, apart: Sequence[Step], judged: Mapping[str, Schools]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "panel": said.subject(inputs, step),
                "n": one.group.n,
                "value": one.group.residual,
                "tone": said.TONES.get(one.word, "same"),
            }
            for step in apart
            for one in judged[step.subject].values()
        ]
    )


def _limits(inputs: Inputs, apart: Sequence[Step], judged: Mapping[str, Schools]) -> pd.DataFrame:
    """The difference from which an interval leaves 0, by size: z √(v (τ² + v)) / τ, where v = σ²/n is chance."""
    z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
    parts = []
    for step in apart:
        groups = [one.group for one in judged[step.subject].values() if one.group.effect]
        sigma2 = median(said.chance(step, group) * group.n for group in groups)
        sizes = np.geomspace(min(group.n for group in groups), max(group.n for group in groups), CURVE)
        v, tau2 = sigma2 / sizes, step.added.model.tau2
        limit = z * np.sqrt(v * (tau2 + v) / tau2)
        parts.append(pd.DataFrame({"panel": said.subject(inputs, step), "n": sizes, "limit": limit}))
    return pd.concat(parts, ignore_index=True)


def _finding(inputs: Inputs, part: Sequence[Step], names: Mapping[str, str]) -> Finding | None:
    """How many schools are not where their earlier result lets expect, by name where they are few; None for none."""
    told = []
    for step in part:
        own = said.judged_schools(inputs, step)
        groups = {word: [org for org, one in own.items() if one.word == word] for word in (ABOVE, BELOW)}
        few = sum(map(len, groups.values())) <= NAMED
        words = [
            f"{word} — {ru.listed([ru.organisation(names[org]) for org in orgs]) if few else ru.number(len(orgs))}"
            for word, orgs in groups.items()
            if orgs
        ]
        told += (
            [f"{said.subject(inputs, step).lower()}, школ {ru.number(len(own))}: {', '.join(words)}"] if words else []
        )
    if not told:
        return None
    return Finding(
        id=f"external_added.{part[0].grades[0]}.{part[0].grades[1]}",
        kind="sign",
        statement=text(f"{said.title(part[0])} по прежним результатам тех же школ: {'; '.join(told)}."),
        strength="интервал 95 %, линия по школам страны",
        weight=WEIGHT - part[0].grades[0] / 1e6,
    )


def _frame(found: Sequence[Step], names: Mapping[str, str]) -> pd.DataFrame:
    """One row an own school, subject and pair of classes."""
    rows = []
    for step in found:
        by_name = {school.group.name: school for school in step.added.schools}
        for row in step.table[step.table["own"]].to_dict("records"):
            one = by_name.get(row["org_id"])
            rows.append(
                {
                    "org_id": row["org_id"],
                    "organisation": names[row["org_id"]],
                    "subject": step.subject,
                    "grade_before": step.before[0],
                    "year_before": step.before[1],
                    "grade_after": step.after[0],
                    "year_after": step.after[1],
                    **{name: row[name] for name in ("n_before", "n_after", "value_before", "value_after")},
                    "expected": row["value_after"] - one.group.residual if one else None,
                    "effect": one.group.effect if one else None,
                    "lower": one.lower if one else None,
                    "upper": one.upper if one else None,
                    "word": one.word if one else external_added_table.OTHERS_NOW,
                    "tau": math.sqrt(step.added.model.tau2) if one else None,
                    "schools": step.schools,
                }
            )
    return pd.DataFrame(rows)
