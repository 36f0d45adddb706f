"""Counts over the years as one table: how many there were, and how many more or fewer than the year before.

A full count has no interval: what is said of it is arithmetic, not a claim about chance. Two years are compared only
when the same number of organisations answered in both, so that a form that did not come is never read as a fall.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import indicator_table, parts
from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import category_of
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, TableBlock, Text, text

Row = Mapping[str, Any]
Line = Sequence[Row]
YEARS_AT_MOST = 5
MORE, FEWER, AS_MANY = "больше", "меньше", "столько же"
ALONE, BROKEN = "не с чем сравнить", "ряд прерван"
UNITS: Mapping[str, str] = {
    "people": "чел.",
    "teachers": "чел.",
    "pupils": "чел.",
    "families": "семей",
    "organisations": "организаций",
    "places": "мест",
    "programmes": "программ",
}


def panel(inputs: Inputs, indicators: Sequence[str], stem: str, caption: str) -> Panel:
    """One table of the municipality's counts: a line an indicator and category, a column a year (the newest five).

    No findings: that there is more of something is not yet better or worse.
    """
    lines = [line for indicator in indicators for line in _lines(inputs, indicator)]
    if not lines:
        return Panel()
    rows = [row for line in lines for row in line]
    years = sorted({int(row["school_year"]) for row in rows})[-YEARS_AT_MOST:]
    words = [change(inputs, line) for line in lines]
    table = TableBlock(
        id=stem.replace("_", "-"),
        caption=f"{caption}, {inputs.profile.name.nominative}",
        heads=_heads(years),
        rows=tuple(_cells(inputs, line, years, said) for line, said in zip(lines, words, strict=True)),
        source=parts.source_line(rows),
        statement=_statement(inputs, lines, words),
        how=parts.how_counted(rows, [inputs.passports[indicator].title for indicator in _ids(rows)]),
        legend=_legend(lines, years),
        data=f"data/{inputs.direction.number}_{stem}.csv",
    )
    return Panel(monitoring=(table,), frames={stem: pd.DataFrame(rows)})


def _lines(inputs: Inputs, indicator: str) -> list[list[Row]]:
    """Counts of the municipality by category, oldest first."""
    found: dict[str, list[Row]] = {}
    for row in inputs.rows(indicator=indicator, level="municipality", kind="count"):
        if row["value"] is not None:
            found.setdefault(str(row["category"]), []).append(row)
    return [sorted(part, key=lambda row: row["school_year"]) for part in found.values()]


def _ids(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(str(row["indicator"]) for row in rows))


def _heads(years: Sequence[int]) -> tuple[Head, ...]:
    columns = (Head(ru.school_year(year), "right", 0.8) for year in years)
    return (Head("Показатель", width=2.6), *columns, Head("К предыдущему году", width=1.8))


def _cells(inputs: Inputs, line: Line, years: Sequence[int], said: str) -> tuple[Cell, ...]:
    by_year = {int(row["school_year"]): row for row in line}
    unit = UNITS.get(str(line[0]["unit"]))
    name = ", ".join(filter(None, (ru.capitalised(_name(inputs, line[0])), unit)))
    values = (claims.value_cell(by_year.get(year), interval=False) for year in years)
    return (Cell(name), *values, Cell(said, tone="muted" if said in (ALONE, BROKEN) else ""))


def _name(inputs: Inputs, row: Row) -> str:
    category = category_of(inputs, row)
    short = inputs.passports[str(row["indicator"])].short
    return f"{short}: {category}" if category else short


def change(inputs: Inputs, line: Line) -> str:
    """«на 3 больше», «столько же» — or why the newest year of a line cannot be compared with the one before."""
    last, before = line[-1], line[-2] if len(line) > 1 else None
    if before is None or before["school_year"] != last["school_year"] - 1:
        return ALONE
    if before["series"] != last["series"]:
        return BROKEN
    if uneven := indicator_table.uneven(inputs, last, before):
        return uneven
    difference = float(last["value"]) - float(before["value"])
    if not difference:
        return AS_MANY
    return f"на{ru.NBSP}{ru.number(abs(difference))} {MORE if difference > 0 else FEWER}"


def _statement(inputs: Inputs, lines: Sequence[Line], words: Sequence[str]) -> Text:
    """What there is more and what fewer of, in the words of the table."""
    said: dict[str, list[str]] = {MORE: [], FEWER: [], AS_MANY: []}
    for line, word in zip(lines, words, strict=True):
        tail = word.rsplit(" ", 1)[-1] if word.startswith("на") else word
        if tail in said:
            said[tail].append(_name(inputs, line[-1]))
    told = [f"{tail} — {ru.listed(names)}" for tail, names in said.items() if names]
    if not told:
        return text("Сравнить с предыдущим годом нельзя: сопоставимых чисел за два соседних года нет.")
    return text(f"К предыдущему году {'; '.join(told)}. Это полный счёт: интервала у него нет.")


def _legend(lines: Sequence[Line], years: Sequence[int]) -> tuple[str, ...]:
    gaps = any({int(row["school_year"]) for row in line}.isdisjoint({year}) for line in lines for year in years)
    return (f"{MARKS['no_data']} — нет данных",) if gaps else ()
