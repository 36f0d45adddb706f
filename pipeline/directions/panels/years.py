"""Shares over the years: small multiples with intervals, lines only inside one series of comparable values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import judgement, multi_year, parts
from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, text
from pipeline.presentation.small_years import small_years

Row = Mapping[str, Any]
PANELS_AT_MOST = 9


def panel(inputs: Inputs, indicator: str, title: str, y_title: str, *, findings: bool = True) -> Panel:
    """One chart of one share at the level of the municipality, a panel for each subject and grade with two years; a
    finding for each proven trend, but where another chapter tells it (`findings` off).
    """
    rows = [row for row in inputs.rows(indicator=indicator, level="municipality") if row["value"] is not None]
    cells: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        cells.setdefault((row["grade"], row["subject"]), []).append(row)
    long = {cell: part for cell, part in sorted(cells.items()) if len(part) > 1}
    largest = sorted(long, key=lambda cell: -max(row["n"] or 0 for row in long[cell]))[:PANELS_AT_MOST]
    long = {cell: part for cell, part in long.items() if cell in largest}
    if not long:
        return Panel()
    ordered = [sorted(part, key=lambda row: row["school_year"]) for part in long.values()]
    frame = _frame(inputs, ordered)
    names, found = [_name(inputs, part[0]) for part in ordered], multi_year.trends(inputs, ordered)
    stem = f"{indicator}_years"
    figure = FigureBlock(
        id=stem.replace("_", "-"),
        title=f"{title}{multi_year.title_words(found)}",
        subtitle=f"{y_title}, {inputs.profile.name.nominative}, {ru.years(frame['year'].tolist())}, интервал 95 %",
        alt="; ".join(
            f"{_name(inputs, part[0])}: "
            + ", ".join(f"{row['school_year']} — {claims.bound(row).text}" for row in part)
            for part in ordered
        )
        + ".",
        svg=small_years(frame),
        source=parts.source_line([row for part in ordered for row in part]),
        statement=text(_statement(inputs, ordered), multi_year.sentence(names, found)),
        how=(*parts.how_counted([row for part in ordered for row in part]), text(multi_year.HOW)),
        data=f"data/{inputs.direction.number}_{stem}.csv",
    )
    short = inputs.passports[indicator].short
    said = (
        multi_year.finding(inputs, f"{short}, {scope}", part, one, len(ordered))
        for scope, part, one in zip((_scope(inputs, part[0]) for part in ordered), ordered, found, strict=True)
    )
    return Panel(monitoring=(figure,), findings=tuple(one for one in said if one and findings), frames={stem: frame})


def _name(inputs: Inputs, row: Row) -> str:
    return ru.capitalised(_scope(inputs, row))


def _scope(inputs: Inputs, row: Row) -> str:
    """Subject and grade; the years stand with the values."""
    return scope_of(inputs, {**row, "school_year": inputs.settings.school_year})


def _frame(inputs: Inputs, cells: Sequence[Sequence[Row]]) -> pd.DataFrame:
    rows = [row for part in cells for row in part]
    return pd.DataFrame(
        {
            "panel": [_name(inputs, row) for row in rows],
            "line": inputs.profile.name.nominative,
            "year": [row["school_year"] for row in rows],
            "value": [float(row["value"]) for row in rows],
            "lower": [row["lower"] for row in rows],
            "upper": [row["upper"] for row in rows],
            "series": [row["series"] for row in rows],
            "n": [row["n"] for row in rows],
        }
    ).astype({"lower": "float64", "upper": "float64"})


def _statement(inputs: Inputs, cells: Sequence[Sequence[Row]]) -> str:
    """What the last step allows to say, panels with the same word together; a break in the series is named."""
    said: dict[str, list[str]] = {}
    for part in cells:
        last, before = part[-1], part[-2]
        if last["series"] != before["series"]:
            words = "ряд прерван: работа или шкала другие"
        else:
            verdict = judgement.against_row(last, before, inputs.compare_from)
            words = f"{'' if verdict == 'insufficient' else 'показатель '}{claims.CHANGED[verdict]}"
        said.setdefault(f"{words} ({_span(before, last)})", []).append(_name(inputs, last))
    broken = _breaks(inputs, cells)
    reason = f" Линия прервана там, где сменилась работа или шкала: {'; '.join(broken)}." if broken else ""
    told = ". ".join(ru.capitalised(f"{words} — {multi_year.who(names, len(cells))}") for words, names in said.items())
    return f"К предыдущему году с данными: {told[0].lower()}{told[1:]}.{reason}"


def _span(before: Row, last: Row) -> str:
    return ru.years([int(before["school_year"]), int(last["school_year"])])


def _breaks(inputs: Inputs, cells: Sequence[Sequence[Row]]) -> list[str]:
    """«2025 — все ряды»: first years of a new series and the panels that have it."""
    found: dict[str, list[str]] = {}
    for part in cells:
        pairs = zip(part, part[1:], strict=False)
        years = [int(later["school_year"]) for earlier, later in pairs if earlier["series"] != later["series"]]
        if years:
            found.setdefault(ru.years(years), []).append(_name(inputs, part[0]))
    return [f"{years} — {multi_year.who(names, len(cells))}" for years, names in sorted(found.items())]
