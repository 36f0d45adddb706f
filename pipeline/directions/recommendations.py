"""Recommendations are rules as data: a condition on indicators with their intervals → addressee, act, due, evidence.

A rule speaks only where the interval allows: «worse» and «better» come from the same verdicts as the words of the
chapter. The same list feeds the chapter, the справка and the card of a school.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import judgement, sensitive
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import name_of, within
from pipeline.directions.rules import Rule
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, Run, TableBlock, Text, text
from pipeline.statistics.intervals import CONFIDENCE

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Recommendation:
    """One addressed recommendation; `rows` are what it rests on, `org_id` whom it names (None: the municipality)."""

    rule: Rule
    org_id: str | None
    org_name: str
    basis: Text
    due: dt.date


def evaluate(inputs: Inputs, rules: Sequence[Rule]) -> list[Recommendation]:
    """All recommendations that the rows of this direction support, in the order of the rules, then by organisation."""
    return [found for rule in rules for found in _of_rule(inputs, rule)]


def _of_rule(inputs: Inputs, rule: Rule) -> list[Recommendation]:
    rows = inputs.rows(indicator=rule.indicator)
    newest = max((row["school_year"] for row in rows if row["value"] is not None), default=None)
    own = [row for row in rows if row["level"] == rule.level and row["school_year"] == newest]
    own = sensitive.shown(inputs, own)
    many = judgement.OF_MANY if rule.level == "organisation" else CONFIDENCE
    found = []
    for row in own:
        other = _other(row, rows, rule.against)
        if other is None:
            continue
        if rule.against == "last_year":
            verdict = judgement.against_row(row, other, inputs.compare_from, many)
        else:
            verdict = judgement.against_wider(row, other, inputs.compare_from, many)
        if verdict == rule.verdict:
            found.append(_recommendation(inputs, rule, row, other))
    return found


def _other(row: Row, rows: Sequence[Row], against: str) -> Row | None:
    if against != "last_year":
        return judgement.same_cell_of_level(row, rows, against)
    before = judgement.previous(row, rows)
    if before is None or before["series"] != row["series"] or before["school_year"] != row["school_year"] - 1:
        return None
    return before


def _recommendation(inputs: Inputs, rule: Rule, row: Row, other: Row) -> Recommendation:
    month, day = map(int, rule.due.split("-"))
    named = rule.level == "organisation"
    return Recommendation(
        rule=rule,
        org_id=str(row["org_id"]) if named else None,
        org_name=str(row["group_label"]) if named else "",
        basis=text(
            f"{ru.capitalised(name_of(inputs, row))}: ",
            claims.bound(row),
            f"; {_against_words(inputs, rule, other)} ",
            claims.bound(other, interval=False),
        ),
        due=dt.date(inputs.settings.report_year + 1, month, day),
    )


def _against_words(inputs: Inputs, rule: Rule, other: Row) -> str:
    words = {"municipality": "в муниципалитете", "last_year": "годом раньше"}
    return words.get(rule.against) or within(inputs, other)


def table(inputs: Inputs, found: Sequence[Recommendation]) -> tuple[TableBlock, ...]:
    """«Адресные рекомендации»: whom, what, on what evidence, by when, what will show it."""
    if not found:
        return ()
    return (
        TableBlock(
            id=f"{inputs.direction.code}-recommendations",
            caption="Адресные рекомендации",
            heads=(
                Head("Кому", width=1.5),
                Head("Что сделать", width=2.2),
                Head("На каком основании", width=2.4),
                Head("Срок", width=0.9),
                Head("Чем подтверждается", width=1.3),
            ),
            rows=tuple(_line(item) for item in found),
            source=text(
                "Правила: config/recommendations; основание — показатель, отличие которого больше погрешности."
            ),
            data=f"data/{inputs.direction.number}_recommendations.csv",
        ),
    )


def _line(item: Recommendation) -> tuple[Cell, ...]:
    who = f"{item.org_name}: {item.rule.addressee}" if item.org_name else ru.capitalised(item.rule.addressee)
    basis = "".join(run.text for run in item.basis)
    key = next((run.key for run in item.basis if run.key), "")
    due = ru.date(item.due.isoformat())
    return (
        Cell(who),
        Cell(item.rule.act),
        Cell(basis, key=key),
        Cell(due, sort=item.due.isoformat()),
        Cell(item.rule.evidence),
    )


def frame(found: Sequence[Recommendation]) -> pd.DataFrame:
    """The list as data: one row a recommendation, its basis in words and as keys of indicator rows."""
    return pd.DataFrame(
        {
            "rule": [item.rule.id for item in found],
            "org_id": [item.org_id for item in found],
            "organisation": [item.org_name for item in found],
            "addressee": [item.rule.addressee for item in found],
            "act": [item.rule.act for item in found],
            "due": [item.due.isoformat() for item in found],
            "evidence": [item.rule.evidence for item in found],
            "basis": ["".join(run.text for run in item.basis) for item in found],
            "indicators": [";".join(run.key for run in item.basis if run.key) for item in found],
        }
    )


def findings(found: Sequence[Recommendation]) -> tuple[Finding, ...]:
    """Recommendations as findings that the report, the справка and the cards read."""
    return tuple(
        Finding(
            id=f"recommendation.{item.rule.id}.{item.org_id or 'municipality'}.{number}",
            kind="recommendation",
            statement=(Run(f"{item.rule.act}. Основание: "), *item.basis, Run(".")),
            strength="интервал",
            org_id=item.org_id,
            addressee=item.rule.addressee,
            due=item.due.isoformat(),
        )
        for number, item in enumerate(found, start=1)
    )
