"""What a direction gets and gives: the same frame for all fourteen.

A direction is a pure function `analyse(inputs) -> Chapter`. The chapter holds blocks by section of the management
cycle, findings to hand on, and the frames behind its charts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.directions.rules import Rule
from pipeline.indicators.norms import Rules
from pipeline.indicators.passport import Passport
from pipeline.presentation.blocks import Block, Paragraphs, Run, Strip, Text, text
from pipeline.presentation.claims import records
from pipeline.settings import RunSettings, Subjects
from pipeline.territory.profile import ChapterPlan, Direction, Directions, Profile, chapter_plans
from pipeline.territory.roadmap import Roadmap

# The management cycle, in the order every chapter follows (report.md «A chapter»).
SECTIONS: Mapping[str, str] = {
    "lead": "Главное",
    "goals": "Цели",
    "indicators": "Показатели",
    "collection": "Методы сбора",
    "monitoring": "Мониторинг",
    "analysis": "Анализ",
    "recommendations": "Адресные рекомендации",
    "measures": "Меры и мероприятия",
    "decisions": "Управленческие решения",
    "effect": "Анализ эффективности принятых мер",
}
NO_DATA_REASONS: Mapping[str, str] = {
    "goals": "Цели направления не внесены в профиль территории.",
    "recommendations": "Рекомендации по этому направлению не сформулированы: для них нет оснований в данных года.",
    "measures": "Реестр мер и мероприятий за отчётный год не представлен.",
    "decisions": "Реестр управленческих решений за отчётный год не представлен.",
    "effect": "Судить об эффективности мер нельзя: реестр мер не представлен.",
}


@dataclass(frozen=True)
class Inputs:
    """Everything a direction may look at. `clean` are the clean tables of the territory, `ledger` the checks,
    `inventory` the files, `earlier` the findings handed on by the notebooks before this one, `before` the findings of
    last year's report (none when there was no such report), `country_schools` the means of the country's schools that
    shared files hold (for the directions that compare with them)."""

    settings: RunSettings
    profile: Profile
    directions: Directions
    plan: ChapterPlan
    passports: Mapping[str, Passport]
    subjects: Subjects
    indicators: pd.DataFrame
    clean: Mapping[str, pd.DataFrame]
    ledger: pd.DataFrame
    inventory: Sequence[Mapping[str, Any]]
    earlier: pd.DataFrame
    rules: Rules
    recommendations: Mapping[str, Sequence[Rule]] = field(default_factory=dict)
    roadmap: Roadmap | None = None
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (indicator, category) → Russian word
    before: pd.DataFrame = field(default_factory=lambda: tables.empty("findings"))
    country_schools: pd.DataFrame = field(default_factory=lambda: tables.empty("country_schools"))

    @property
    def compare_from(self) -> int:
        """Fewest participants that may be compared or coloured."""
        return self.rules.publication.compare.value

    @property
    def direction(self) -> Direction:
        return self.directions.get(self.plan.direction)

    def prints(self, direction: str) -> bool:
        """Whether the territory's report has a chapter of this direction, of its own or inside another."""
        plans = {plan.direction: plan for plan in chapter_plans(self.profile, self.directions)}
        plan = plans[direction]
        return plans[plan.within].printed if plan.within else plan.printed

    def rows(self, **where: Any) -> list[dict[str, Any]]:
        """Indicator rows with these values, as plain records in table order; a tuple means any of."""
        frame = self.indicators
        for column, wanted in where.items():
            values = wanted if isinstance(wanted, tuple) else (wanted,)
            frame = frame[frame[column].isin(values)]
        return records(frame)

    def own_rows(self) -> list[dict[str, Any]]:
        """Rows of this direction's indicators and of those that name it in `also`, with a value."""
        code = self.direction.code
        chosen = [one.id for one in self.passports.values() if code == one.direction or code in one.also]
        return [row for row in self.rows(indicator=tuple(chosen)) if row["value"] is not None]


@dataclass(frozen=True)
class Finding:
    """A conclusion with the rows it rests on; `weight` orders «Главное за год»."""

    id: str
    kind: str
    statement: Text
    strength: str = ""
    org_id: str | None = None
    addressee: str | None = None
    due: str | None = None
    weight: float = 0.0

    @property
    def keys(self) -> list[str]:
        return [run.key for run in self.statement if run.key]


@dataclass(frozen=True)
class Chapter:
    """A direction's result. Sections that are absent say why they are empty."""

    code: str
    strip: Strip
    sections: Mapping[str, tuple[Block, ...]]
    findings: tuple[Finding, ...] = ()
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def blocks(self, section: str) -> tuple[Block, ...]:
        """The blocks of a section; an empty one gives its reason."""
        return self.sections.get(section) or (empty_section(NO_DATA_REASONS.get(section, "Нет данных.")),)


def empty_section(reason: str) -> Paragraphs:
    return Paragraphs((text(reason),), role="empty")


def findings_frame(chapter: Chapter, inputs: Inputs) -> pd.DataFrame:
    """Findings as the table that later notebooks, the report and the cards read."""
    rows = [
        {
            "id": f"{chapter.code}.{finding.id}",
            "direction": chapter.code,
            "territory": inputs.profile.code,
            "org_id": finding.org_id,
            "kind": finding.kind,
            "statement": json.dumps([[run.text, run.key] for run in finding.statement], ensure_ascii=False),
            "indicators": json.dumps(finding.keys, ensure_ascii=False),
            "strength": finding.strength,
            "addressee": finding.addressee,
            "due": finding.due,
            "weight": finding.weight,
        }
        for finding in chapter.findings
    ]
    return tables.conform("findings", pd.DataFrame(rows)) if rows else tables.empty("findings")


def statement_of(record: Mapping[str, Any]) -> Text:
    """The words of a stored finding with their bindings."""
    return tuple(Run(words, key=key) for words, key in json.loads(record["statement"]))
