"""ВПР marks against journal marks: lowered, confirmed, raised; the table of both marks from individual results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import judgement, parts, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels.marks import (
    counted_for,
    organisations,
    shares_in_words,
    shown_name,
    shown_of,
    wrapped_labels,
)
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import charts, claims, theme
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, FigureBlock, Head, Run, TableBlock, Text, text
from pipeline.statistics.comparison import Verdict

Row = Mapping[str, Any]
PARTS = {"lowered": "понизили", "confirmed": "подтвердили", "raised": "повысили"}
INDICATORS = {f"journal_{part}": part for part in PARTS}
GROUPS_AT_MOST = 20
LEVEL_ORDER = {"country": 0, "region": 1, "municipality": 2, "organisation": 3}


def panel(inputs: Inputs) -> Panel:
    """For each subject and grade (newest year): bars of agreement, the 4 × 4 table where individual marks exist."""
    rows = inputs.rows(indicator=tuple(INDICATORS))
    blocks: list[Block] = []
    frames: dict[str, pd.DataFrame] = {}
    findings: list[Finding] = []
    for subject, grade in sorted({(row["subject"], row["grade"]) for row in rows}, key=lambda cell: (cell[1], cell[0])):
        of_cell = [
            row for row in rows if (row["subject"], row["grade"]) == (subject, grade) and row["value"] is not None
        ]
        if not of_cell:
            continue
        year = max(row["school_year"] for row in of_cell)
        chosen = [row for row in of_cell if row["school_year"] == year]
        stem = f"journal_{subject}_{grade}"
        frame = _frame(inputs, chosen)
        blocks.append(_bars(inputs, chosen, frame, stem))
        frames[stem] = frame
        blocks += _square(inputs, subject, grade, year, stem)
        findings += _findings(inputs, chosen)
    return Panel(monitoring=tuple(blocks), findings=tuple(findings), frames=frames)


def _frame(inputs: Inputs, rows: Sequence[Row]) -> pd.DataFrame:
    """Rows `group`, `label`, `category`, `value`, `n`: wider groups first, organisations by size."""
    ordered = sorted(rows, key=lambda r: (LEVEL_ORDER[r["level"]], -(r["n"] or 0), str(r["group"])))
    groups = list(dict.fromkeys(row["group"] for row in ordered))[:GROUPS_AT_MOST]
    kept = [row for row in ordered if row["group"] in groups]
    return pd.DataFrame(
        {
            "group": [row["group"] for row in kept],
            "label": [shown_name(str(row["group_label"]), row["level"], inputs) for row in kept],
            "category": [INDICATORS[row["indicator"]] for row in kept],
            "value": [float(row["value"]) for row in kept],
            "n": [row["n"] for row in kept],
        }
    )


def _bars(inputs: Inputs, rows: Sequence[Row], frame: pd.DataFrame, stem: str) -> FigureBlock:
    scope = scope_of(inputs, rows[0])
    own = _of_level(rows, "municipality")
    said = _agreement(own) if own else text()
    return FigureBlock(
        id=f"{stem}-agreement",
        title=f"{_headline(inputs, own)}: {scope}",
        subtitle=f"Отметка ВПР рядом с отметкой по журналу, {ru.school_year(int(rows[0]['school_year']))} учебный год"
        f"{shown_of(*organisations(rows, frame))}",
        alt=f"{shares_in_words(frame, PARTS)}.",
        svg=charts.composition(f"{stem}-agreement", wrapped_labels(frame), theme.AGREEMENT_COLOURS, PARTS),
        source=parts.source_line(rows),
        statement=said,
        how=counted_for(rows, frame),
        data=f"data/{inputs.direction.number}_{stem}.csv",
    )


def _of_level(rows: Sequence[Row], level: str) -> dict[str, Row]:
    return {INDICATORS[row["indicator"]]: row for row in rows if row["level"] == level}


def _headline(inputs: Inputs, own: Mapping[str, Row]) -> str:
    """Which way marks differ more often, where the two intervals lie apart (cautious: both are of the same pupils)."""
    lowered, raised = own.get("lowered"), own.get("raised")
    if lowered and raised and (lowered["n"] or 0) >= inputs.compare_from:
        below, above = claims.value_text(lowered), claims.value_text(raised)
        if _apart(raised, lowered):
            return f"Отметки ВПР чаще ниже журнальных, чем выше ({below} и {above})"
        if _apart(lowered, raised):
            return f"Отметки ВПР чаще выше журнальных, чем ниже ({above} и {below})"
    return "Отметки ВПР и журнала"


def _apart(below: Row, above: Row) -> bool:
    known = below["upper"] is not None and above["lower"] is not None
    return known and bool(below["upper"] < above["lower"])


def _agreement(own: Mapping[str, Row]) -> Text:
    pieces: list[str | Run] = []
    for part, word in PARTS.items():
        if part in own:
            pieces += [", " if pieces else "", f"{word} отметку ", claims.bound(own[part])]
    return text("В муниципалитете ", *pieces, " участников.")


def _findings(inputs: Inputs, rows: Sequence[Row]) -> list[Finding]:
    own, region = _of_level(rows, "municipality"), _of_level(rows, "region")
    if "confirmed" not in own:
        return []
    row = own["confirmed"]
    said: list[str | Run] = [f"ВПР и журнал, {scope_of(inputs, row)}: отметку подтвердили ", claims.bound(row)]
    verdict: Verdict = "insufficient"
    if "confirmed" in region:
        verdict = judgement.against_wider(row, region["confirmed"], inputs.compare_from)
        rarer = {"lower": ", реже, чем в регионе", "higher": ", чаще, чем в регионе"}.get(verdict, "; в регионе")
        said += [f"{rarer} — ", claims.bound(region["confirmed"], interval=False)]
    for part in ("lowered", "raised"):
        if part in own:
            said += [f"; {PARTS[part]} ", claims.bound(own[part], interval=False)]
    return [
        Finding(
            id=f"journal.{row['subject']}.{row['grade']}.{row['school_year']}",
            kind={"lower": "problem", "higher": "strength"}.get(verdict, "sign"),
            statement=text(*said, "."),
            strength="интервал 95 %" if row["lower"] is not None else "без интервала",
            weight=weight.of_difference(row, region["confirmed"]) if verdict == "lower" else 0.0,
        )
    ]


def _square(inputs: Inputs, subject: str, grade: int, year: int, stem: str) -> list[Block]:
    """Journal mark × ВПР mark, counts; from as many pupils as a histogram needs."""
    results = inputs.clean["results"]
    both = results[
        (results["procedure"] == "vpr")
        & (results["subject"] == subject)
        & (results["grade"] == grade)
        & (results["school_year"] == year)
    ].dropna(subset=["mark", "journal_mark"])
    if len(both) < inputs.rules.publication.histogram.value:
        return []
    table = pd.crosstab(both["journal_mark"].astype(int), both["mark"].astype(int))
    table = table.reindex(index=[5, 4, 3, 2], columns=[2, 3, 4, 5], fill_value=0)
    rows = tuple(_line(journal, [int(n) for n in table.loc[[journal]].to_numpy().flat]) for journal in (5, 4, 3, 2))
    return [
        TableBlock(
            id=f"{stem}-square",
            caption=f"Отметка по журналу и отметка ВПР: {_scope(inputs, subject, grade, year)}, человек",
            heads=(
                Head("", width=1.6),
                *(Head(f"«{mark}» за ВПР", "right") for mark in (2, 3, 4, 5)),
                Head("Всего", "right"),
            ),
            rows=rows,
            source=text(f"Участников с обеими отметками: {ru.number(len(both))}. Диагональ — совпавшие отметки."),
        )
    ]


def _line(journal: int, counts: Sequence[int]) -> tuple[Cell, ...]:
    """How many of those with this mark in the journal got «2», «3», «4», «5» for the ВПР, and all of them."""
    cells = [Cell(ru.number(n), sort=float(n), tone=_tone(journal, mark, n)) for mark, n in enumerate(counts, start=2)]
    return Cell(f"«{journal}» в журнале"), *cells, Cell(ru.number(sum(counts)), sort=float(sum(counts)))


def _scope(inputs: Inputs, subject: str, grade: int, year: int) -> str:
    return scope_of(inputs, {"subject": subject, "grade": grade, "school_year": year})


def _tone(journal: int, mark: int, count: int) -> Any:
    if not count:
        return "muted"
    if journal == mark:
        return "same"
    return "warning" if abs(journal - mark) >= 2 else ""
