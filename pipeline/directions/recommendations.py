"""Recommendations are rules as data: a condition on indicators with their intervals → addressee, act, due, evidence.

A rule speaks only where the interval allows: «higher» and «lower» come from the same verdicts as the words of the
chapter, and only of the report year. The same list feeds the chapter, the справка and the card of a school.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import judgement, sensitive
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import category_of, norm_level, norm_text, scope_of, within
from pipeline.directions.rules import Rule
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, Run, TableBlock, Text, text
from pipeline.statistics.intervals import CONFIDENCE

Row = Mapping[str, Any]
NAMED_AT_MOST = 8  # more organisations than this stand in one line
GROUNDS_AT_MOST = 4  # values of one organisation that are printed; the rest is in the data file


@dataclass(frozen=True)
class Ground:
    """A value that a rule speaks of, and what it was held against: a row, or a level in words."""

    row: Row
    other: Row | None = None
    level: str = ""


@dataclass(frozen=True)
class Recommendation:
    """One addressed recommendation; `basis` is what it rests on, `org_id` whom it names (None: the municipality)."""

    rule: Rule
    org_id: str | None
    org_name: str
    basis: Text
    due: dt.date


def evaluate(inputs: Inputs, rules: Sequence[Rule]) -> list[Recommendation]:
    """All recommendations that the rows of the report year support: in the order of the rules, by organisation."""
    return [found for rule in rules for found in _of_rule(inputs, rule)]


def _of_rule(inputs: Inputs, rule: Rule) -> list[Recommendation]:
    """One recommendation an organisation, whatever the number of subjects and grades that ask for it."""
    if rule.against == "zone":
        return [_recommendation(inputs, rule, found) for found in _in_zone(inputs, rule)]
    rows = inputs.rows(indicator=rule.indicator)
    own = [row for row in rows if row["level"] == rule.level and row["school_year"] == inputs.settings.school_year]
    grounds: dict[str, list[Ground]] = {}
    for row in sensitive.shown(inputs, own):
        fits = not rule.categories or row["category"] in rule.categories
        if fits and (ground := _ground(inputs, rule, row, rows)) is not None:
            grounds.setdefault(str(row["group"]), []).append(ground)
    return [_recommendation(inputs, rule, found) for found in grounds.values()]


def _in_zone(inputs: Inputs, rule: Rule) -> list[list[Ground]]:
    """Values behind each zone of risk of the rule's indicator, organisation by organisation."""
    from pipeline.directions import zones  # one chapter of fourteen asks for them, and scipy costs half a second

    found = zones.in_risk(inputs, rule.indicator)
    return [[Ground(row, level="зона риска") for row in rows] for rows in found.values()]


def _ground(inputs: Inputs, rule: Rule, row: Row, rows: Sequence[Row]) -> Ground | None:
    """Why the rule speaks of a row; None when it does not."""
    confidence = judgement.OF_MANY if rule.level == "organisation" else CONFIDENCE
    if row["value"] is None:
        return None
    if rule.against in ("norm", "number"):
        level = norm_level(inputs, row) if rule.against == "norm" else rule.number
        if level is None or _against_level(inputs, row, level, confidence) != rule.verdict:
            return None
        word = "норма" if rule.against == "norm" else "порог правила"
        said = "а нужно «да»" if claims.is_fact(row) else f"{word} {norm_text(row, level)}"
        return Ground(row, level=said)
    other = _other(row, rows, rule.against)
    if other is None:
        return None
    judge = judgement.against_row if rule.against == "last_year" else judgement.against_wider
    return Ground(row, other) if judge(row, other, inputs.compare_from, confidence) == rule.verdict else None


def _against_level(inputs: Inputs, row: Row, level: float, confidence: float) -> str:
    """A counted share by its interval; a full count, and a share that must be whole, as they are."""
    if row["kind"] == "share" and row["numerator"] is not None and 0 < level < 1:
        return judgement.against_level(row, level, inputs.compare_from, confidence)
    value = float(row["value"])
    return "same" if value == level else "higher" if value > level else "lower"


def _other(row: Row, rows: Sequence[Row], against: str) -> Row | None:
    if against != "last_year":
        return judgement.same_cell_of_level(row, rows, against)
    before = judgement.previous(row, rows)
    if before is None or before["series"] != row["series"] or before["school_year"] != row["school_year"] - 1:
        return None
    return before


def _recommendation(inputs: Inputs, rule: Rule, grounds: Sequence[Ground]) -> Recommendation:
    month, day = map(int, rule.due.split("-"))
    named = rule.level == "organisation"
    row = grounds[0].row
    return Recommendation(
        rule=rule,
        org_id=str(row["org_id"]) if named else None,
        org_name=ru.organisation(str(row["group_label"])) if named else "",
        basis=_basis(inputs, rule, grounds),
        due=dt.date(inputs.settings.report_year + 1, month, day),
    )


def _basis(inputs: Inputs, rule: Rule, grounds: Sequence[Ground]) -> Text:
    """«Доля «2»: математика, 4 класс — 46 % (31–62), в муниципалитете 12,8 %; русский язык, 4 класс — …»."""
    runs: list[str | Run] = [f"{ru.capitalised(inputs.passports[rule.indicator].short)}: "]
    for place, ground in enumerate(grounds[:GROUNDS_AT_MOST]):
        runs += ["; " if place else "", *_told(inputs, rule, ground)]
    rest = len(grounds) - GROUNDS_AT_MOST
    if rest > 0:
        runs.append(f" и ещё {ru.counted(rest, 'значение', 'значения', 'значений')}")
    return text(*(run for run in runs if run))


def _told(inputs: Inputs, rule: Rule, ground: Ground) -> list[str | Run]:
    """One value and what it was held against; of an organisation's ordinal level the word alone."""
    row = ground.row
    if rule.level == "organisation" and row["kind"] == "ordinal":
        return [Run(f"уровень «{category_of(inputs, row)}»", key=claims.key_of(row))]
    scope = ", ".join(filter(None, (category_of(inputs, row), scope_of(inputs, row))))
    said: list[str | Run] = [f"{scope} — " if scope else "", claims.bound(row), ", "]
    if ground.other is None:
        return [*said, ground.level]
    return [*said, f"{_against_words(inputs, rule, ground.other)} ", claims.bound(ground.other, interval=False)]


def _against_words(inputs: Inputs, rule: Rule, other: Row) -> str:
    words = {"municipality": "в муниципалитете", "last_year": "годом раньше"}
    return words.get(rule.against) or within(inputs, other)


def table(inputs: Inputs, found: Sequence[Recommendation]) -> tuple[TableBlock, ...]:
    """«Адресные рекомендации»: whom, what, on what evidence, by when, what will show it."""
    if not found:
        return ()
    alike: dict[tuple[str, ...], list[Recommendation]] = {}
    for item in found:  # several rules may ask for one act: areas of the kindergarten, kinds of procedures
        act = (item.rule.addressee, item.rule.act, item.due.isoformat(), item.rule.evidence)
        alike.setdefault(act, []).append(item)
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
            rows=tuple(line for part in alike.values() for line in _lines(part)),
            source=text(
                "Правила рекомендаций направления; основание — значение отчётного года, отличие которого больше "
                "погрешности."
            ),
            data=f"data/{inputs.direction.number}_recommendations.csv",
        ),
    )


def _lines(of_act: Sequence[Recommendation]) -> list[tuple[Cell, ...]]:
    """Of one act a line an organisation; one line that lists them where all rest on the same or there are many."""
    found: dict[str, list[Recommendation]] = {}
    for item in of_act:
        found.setdefault(item.org_id or "", []).append(item)
    said = [(items[0], ". ".join(_said(item) for item in items)) for items in found.values()]
    bases = {basis for _, basis in said}
    if len(said) < 2 or (len(said) <= NAMED_AT_MOST and len(bases) > 1):
        return [_line(item, _whom(item), basis) for item, basis in said]
    first, basis = said[0]
    if len(bases) > 1:
        basis = f"{basis} ({first.org_name}); остальные значения — в файле данных таблицы"
    count = ru.counted(len(said), "организация", "организации", "организаций")
    names = ", ".join(item.org_name for item, _ in said)
    return [_line(first, f"{ru.capitalised(first.rule.addressee)}, {count}: {names}", basis)]


def _said(item: Recommendation) -> str:
    return "".join(run.text for run in item.basis)


def _whom(item: Recommendation) -> str:
    return f"{item.org_name}: {item.rule.addressee}" if item.org_name else ru.capitalised(item.rule.addressee)


def _line(item: Recommendation, whom: str, basis: str) -> tuple[Cell, ...]:
    key = next((run.key for run in item.basis if run.key), "")
    due = item.due.isoformat()
    return (
        Cell(whom),
        Cell(item.rule.act),
        Cell(basis, key=key),
        Cell(ru.date(due), sort=due),
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
            id=f"recommendation.{item.rule.id}.{item.org_id or 'municipality'}",
            kind="recommendation",
            statement=(Run(f"{item.rule.act}. Основание: "), *item.basis, Run(".")),
            strength="интервал",
            org_id=item.org_id,
            addressee=item.rule.addressee,
            due=item.due.isoformat(),
        )
        for item in found
    )
