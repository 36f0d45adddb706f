"""Diagnostic works that come in the collection form: levels of each work, and schools that stand apart.

Works are not compared with each other nor over the years: each has its own content and its own bounds of levels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import judgement, parts
from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import category_of, scope_of
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import charts, claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, Run, Text, text

Row = Mapping[str, Any]
# below the base level → at an advanced level, of the works by subject and of those of literacy
PAIRS = (("diagnostics_below_base", "diagnostics_advanced"), ("literacy_below_base", "literacy_advanced"))
LEVELS = {"below": "ниже базового", "base": "базовый", "advanced": "повышенный"}
COLOURS = {"below": "#efc27b", "base": "#d7dce0", "advanced": "#2f6c9e"}
NAMED_AT_MOST = 6


@dataclass(frozen=True)
class Work:
    """One work of the report year: the municipality's rows below the base level and advanced."""

    label: str
    below: Row
    advanced: Row

    @property
    def n(self) -> int:
        return int(self.below["n"])

    @property
    def shares(self) -> dict[str, float]:
        low, high = float(self.below["value"]), float(self.advanced["value"])
        return {"below": low, "base": max(0.0, 1 - low - high), "advanced": high}


def panel(inputs: Inputs) -> Panel:
    """One chart of levels by work, and under it the schools that stand apart; nothing when no work is told of."""
    works = [work for pair in PAIRS for work in _works(inputs, *pair)]
    if not works:
        return Panel()
    frame = _frame(works)
    return Panel(monitoring=(_figure(inputs, works, frame),), frames={"diagnostics": frame})


def _works(inputs: Inputs, below: str, advanced: str) -> list[Work]:
    """Works large enough to be compared, both of whose ends are known; kinds in the order of the form."""
    year = inputs.settings.school_year
    highs = inputs.rows(indicator=advanced, level="municipality", school_year=year)
    found = []
    for low in inputs.rows(indicator=below, level="municipality", school_year=year):
        high = next((row for row in highs if all(row[name] == low[name] for name in judgement.KEY[1:])), None)
        if high is None or low["value"] is None or high["value"] is None or low["n"] < inputs.compare_from:
            continue
        scope = ", ".join(part for part in (category_of(inputs, low), scope_of(inputs, low)) if part)
        found.append(Work(ru.capitalised(scope), low, high))
    return sorted(found, key=lambda work: (list(ru.DIAGNOSTICS).index(str(work.below["procedure"])), work.label))


def _frame(works: Sequence[Work]) -> pd.DataFrame:
    """Rows `group`, `label`, `category`, `word`, `value`, `n`: three to a work."""
    rows = [
        {
            "group": claims.key_of(work.below),
            "label": f"{work.label} ({ru.number(work.n)})",
            "category": level,
            "word": LEVELS[level],
            "value": share,
            "n": work.n,
        }
        for work in works
        for level, share in work.shares.items()
    ]
    return pd.DataFrame(rows)


def _figure(inputs: Inputs, works: Sequence[Work], frame: pd.DataFrame) -> FigureBlock:
    rows = [row for work in works for row in (work.below, work.advanced)]
    return FigureBlock(
        id="diagnostics",
        title="Диагностики: сколько учеников не достигли базового уровня и сколько — на повышенном",
        subtitle=f"Доли участников по уровням, %, {ru.school_year(inputs.settings.school_year)} учебный год; "
        "в скобках — сколько писали",
        alt="; ".join(f"{work.label}: {_levels(work)}" for work in works) + ".",
        svg=charts.composition("diagnostics", frame, COLOURS, LEVELS),
        source=parts.source_line(rows),
        statement=_statement(inputs, works),
        how=parts.how_counted(
            rows, ["Границы уровней задаёт описание каждой работы: работы и годы между собой не сравниваются."]
        ),
        data=f"data/{inputs.direction.number}_diagnostics.csv",
    )


def _levels(work: Work) -> str:
    return ", ".join(f"{LEVELS[level]} — {ru.percent(share, work.n)}" for level, share in work.shares.items())


def _statement(inputs: Inputs, works: Sequence[Work]) -> Text:
    """Schools whose share below the base level differs from that of the rest, by the outer limits of many."""
    named = [found for work in works for found in _apart(inputs, work)]
    rule = "Работы между собой и с прошлым годом не сравниваются: у каждой свои задания и границы уровней. "
    if not named:
        return text(rule, "Школ, где доля ниже базового уровня отличалась бы от остальных школ, не найдено.")
    said: list[str | Run] = []
    for verdict, words, row in named[:NAMED_AT_MOST]:
        said += ["; " if said else "", f"{words} {claims.COMPARED[verdict]}: ", claims.bound(row)]
    more = f"; и ещё {len(named) - NAMED_AT_MOST}" if len(named) > NAMED_AT_MOST else ""
    return text(rule, "Доля ниже базового уровня отличается от остальных школ: ", *said, f"{more}.")


def _apart(inputs: Inputs, work: Work) -> list[tuple[str, str, Row]]:
    """(verdict, work and school in words, the school's row)."""
    low = work.below
    where: dict[str, Any] = {
        name: low[name] for name in ("indicator", "procedure", "subject", "grade", "category", "school_year")
    }
    found: list[tuple[str, str, Row]] = []
    for row in inputs.rows(level="organisation", **where):
        verdict = judgement.against_wider(row, low, inputs.compare_from, judgement.OF_MANY)
        if verdict in ("higher", "lower"):
            found.append((verdict, f"{work.label}, {ru.organisation(str(row['group_label']))} —", row))
    return found
