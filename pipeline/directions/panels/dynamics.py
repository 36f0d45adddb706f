"""Shares of the form over the years: a panel for each indicator, and what changed since the year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import judgement, multi_year, parts, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.organisations import name_in_titles
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, Text, text
from pipeline.presentation.small_years import small_years

Row = Mapping[str, Any]
PANELS_AT_MOST = 9
TITLE_WIDTH = 26  # letters of a panel's title in one line


def panel(inputs: Inputs, indicators: Sequence[str], stem: str, title: str) -> Panel:
    """One chart of several shares of the municipality, those with two years or more; a finding for each proven change.

    `title` says what the shares are about; whether they changed is added to it.
    """
    lines = [line for indicator in indicators for line in _lines(inputs, indicator)][:PANELS_AT_MOST]
    if not lines:
        return Panel()
    verdicts = [judgement.against_row(line[-1], line[-2], inputs.compare_from) for line in lines]
    rows = [row for line in lines for row in line]
    names, found = [name_in_titles(inputs, line[-1]) for line in lines], multi_year.trends(inputs, lines)
    frame = _frame(inputs, rows)
    figure = FigureBlock(
        id=stem.replace("_", "-"),
        title=f"{title}: {changed_words(verdicts)}{multi_year.title_words(found)}",
        subtitle=f"{inputs.profile.name.nominative}, {ru.years(frame['year'].tolist())}, интервал 95 %",
        alt="; ".join(
            f"{name_in_titles(inputs, line[0])}: "
            + ", ".join(f"{row['school_year']} — {claims.bound(row).text}" for row in line)
            for line in lines
        )
        + ".",
        svg=small_years(frame),
        source=parts.source_line(rows),
        statement=(*_statement(inputs, lines, verdicts), *text(multi_year.sentence(names, found))),
        how=(*parts.how_counted(rows), text(multi_year.HOW)),
        data=f"data/{inputs.direction.number}_{stem}.csv",
    )
    lasting = (
        multi_year.finding(inputs, name, line, one, len(lines))
        for name, line, one in zip(names, lines, found, strict=True)
    )
    moved = (
        _finding(inputs, line[-1], line[-2], verdict)
        for line, verdict, one in zip(lines, verdicts, found, strict=True)
        if verdict in ("higher", "lower") and _just_now(line) and multi_year.VERDICTS.get(one.word) != verdict
    )
    return Panel(monitoring=(figure,), findings=(*(one for one in lasting if one), *moved), frames={stem: frame})


def _lines(inputs: Inputs, indicator: str) -> list[list[Row]]:
    """Rows of the municipality by category, oldest first; one point is no line."""
    cells: dict[str, list[Row]] = {}
    for row in inputs.rows(indicator=indicator, level="municipality", kind="share"):
        if row["value"] is not None:
            cells.setdefault(str(row["category"]), []).append(row)
    ordered = (sorted(part, key=lambda row: row["school_year"]) for part in cells.values())
    return [part for part in ordered if len(part) > 1]


def _just_now(line: Sequence[Row]) -> bool:
    """A change within one series between neighbouring years."""
    last, before = line[-1], line[-2]
    return bool(last["series"] == before["series"] and last["school_year"] == before["school_year"] + 1)


def _frame(inputs: Inputs, rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "panel": [_folded(ru.capitalised(name_in_titles(inputs, row))) for row in rows],
            "line": inputs.profile.name.nominative,
            "year": [row["school_year"] for row in rows],
            "value": [float(row["value"]) for row in rows],
            "lower": [row["lower"] for row in rows],
            "upper": [row["upper"] for row in rows],
            "series": [row["series"] for row in rows],
            "n": [row["n"] for row in rows],
        }
    ).astype({"lower": "float64", "upper": "float64"})


def _folded(title: str) -> str:
    """A title in lines that fit over a small panel."""
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + len(word) >= TITLE_WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def changed_words(verdicts: Sequence[str]) -> str:
    moved = sum(verdict in ("higher", "lower") for verdict in verdicts)
    if not moved:
        return "за год без доказанных изменений"
    verb = ru.plural(moved, "изменился", "изменились", "изменились")
    return f"за год {verb} {ru.number(moved)} из {ru.number(len(verdicts))}"


def _statement(inputs: Inputs, lines: Sequence[Sequence[Row]], verdicts: Sequence[str]) -> Text:
    """What the last step allows to say of each indicator."""
    said: dict[str, list[str]] = {}
    for line, verdict in zip(lines, verdicts, strict=True):
        word = claims.CHANGED[verdict] if line[-1]["series"] == line[-2]["series"] else "ряд прерван"
        said.setdefault(word, []).append(name_in_titles(inputs, line[-1]))
    told = (f"{word} — {'все ряды' if len(part) == len(lines) > 1 else ', '.join(part)}" for word, part in said.items())
    return text(f"К предыдущему году с данными: {'; '.join(told)}.")


def _finding(inputs: Inputs, now: Row, before: Row, verdict: str) -> Finding:
    tone = claims.tone(verdict, inputs.passports[str(now["indicator"])].better)
    return Finding(
        id=".".join(filter(None, (str(now["indicator"]), str(now["category"]), "change"))),
        kind={"better": "strength", "worse": "problem"}.get(tone, "sign"),
        statement=text(
            f"{ru.capitalised(name_in_titles(inputs, now))}: ",
            claims.bound(now),
            f" — за год показатель {claims.CHANGED[verdict]} (было ",
            claims.bound(before, interval=False),
            ").",
        ),
        strength="интервал 95 %",
        weight=weight.of_difference(now, before),
    )
