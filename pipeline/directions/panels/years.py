"""Shares over the years: small multiples with intervals, lines only inside one series of comparable values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.directions import judgement, parts
from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import charts, claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, Text, text

Row = Mapping[str, Any]
PANELS_AT_MOST = 9


def panel(inputs: Inputs, indicator: str, title: str, y_title: str) -> Panel:
    """One chart of one share at the level of the municipality, a panel for each subject and grade with two years."""
    rows = [row for row in inputs.rows(indicator=indicator, level="municipality") if row["value"] is not None]
    cells: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        cells.setdefault((row["grade"], row["subject"]), []).append(row)
    long = {cell: part for cell, part in sorted(cells.items()) if len(part) > 1}
    long = dict(sorted(long.items(), key=lambda item: -max(r["n"] or 0 for r in item[1]))[:PANELS_AT_MOST])
    if not long:
        return Panel()
    frame = _frame(inputs, long)
    stem = f"{indicator}_years"
    figure = FigureBlock(
        id=stem.replace("_", "-"),
        title=title,
        subtitle=f"{inputs.profile.name.nominative}, {ru.years(frame['year'].tolist())}, интервал 95 %",
        alt="; ".join(
            f"{name}: " + ", ".join(f"{y} — {ru.percent(v)}" for y, v in zip(part["year"], part["value"], strict=True))
            for name, part in frame.groupby("panel", sort=False)
        )
        + ".",
        svg=charts.trend(stem, frame, y_title),
        source=parts.source_line([row for part in long.values() for row in part]),
        statement=_statement(inputs, long),
        how=parts.how_counted([row for part in long.values() for row in part]),
        data=f"data/{inputs.direction.number}_{stem}.csv",
    )
    return Panel(monitoring=(figure,), frames={stem: frame})


def _name(inputs: Inputs, row: Row) -> str:
    return ru.capitalised(scope_of(inputs, {**row, "school_year": inputs.settings.school_year}))


def _frame(inputs: Inputs, cells: Mapping[tuple[Any, ...], list[Row]]) -> pd.DataFrame:
    rows = [row for part in cells.values() for row in sorted(part, key=lambda r: r["school_year"])]
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


def _statement(inputs: Inputs, cells: Mapping[tuple[Any, ...], list[Row]]) -> Text:
    """What the last step allows to say in each panel; a break in the series is named."""
    said = []
    for part in cells.values():
        ordered = sorted(part, key=lambda row: row["school_year"])
        last, before = ordered[-1], ordered[-2]
        if last["series"] != before["series"]:
            words = "ряд прерван: работа или шкала другие"
        else:
            words = claims.CHANGED[judgement.against_row(last, before, inputs.compare_from)]
        said.append(f"{_name(inputs, last)} — {words}")
    broken = _breaks(inputs, cells)
    reason = f" Линия прервана там, где сменилась работа или шкала: {'; '.join(broken)}." if broken else ""
    return text(f"К прошлому году: {'; '.join(said)}.{reason}")


def _breaks(inputs: Inputs, cells: Mapping[tuple[Any, ...], list[Row]]) -> list[str]:
    """«Русский язык, 4 класс — 2025»: panels and the first years of a new series."""
    found = []
    for part in cells.values():
        ordered = sorted(part, key=lambda row: row["school_year"])
        pairs = zip(ordered, ordered[1:], strict=False)
        years = [int(later["school_year"]) for earlier, later in pairs if earlier["series"] != later["series"]]
        if years:
            found.append(f"{_name(inputs, ordered[0])} — {ru.years(years)}")
    return found
