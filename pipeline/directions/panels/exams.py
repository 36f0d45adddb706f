"""ОГЭ from protocols: share under the minimum and share of «4» and «5» by subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import parts, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import charts, claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, text

Row = Mapping[str, Any]
MAIN = ("russian", "mathematics")


def panel(inputs: Inputs) -> Panel:
    """One chart of the share of «2» over subjects, and a finding for each subject that may be spoken of."""
    rows = inputs.rows(indicator="oge_below_minimum", level="municipality", school_year=inputs.settings.school_year)
    known = [row for row in rows if row["value"] is not None]
    shown = [row for row in known if (row["n"] or 0) >= inputs.compare_from]
    if not shown:
        return Panel()
    ordered = sorted(shown, key=lambda row: (-row["n"], row["subject"]))
    frame = _frame(inputs, ordered)
    return Panel(
        monitoring=(_figure(inputs, ordered, frame, len(known) - len(shown)),),
        findings=tuple(_finding(inputs, row) for row in ordered if row["numerator"]),
        frames={"oge_below_minimum": frame},
    )


def _subject(inputs: Inputs, row: Row) -> str:
    return inputs.subjects.title(str(row["subject"]))


def _frame(inputs: Inputs, rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": [f"{_subject(inputs, row)} (n={row['n']})" for row in rows],
            "value": [row["value"] for row in rows],
            "lower": [row["lower"] for row in rows],
            "upper": [row["upper"] for row in rows],
            "tone": "",
        }
    )


def _figure(inputs: Inputs, rows: Sequence[Row], frame: pd.DataFrame, left_out: int) -> FigureBlock:
    top = min(1.0, float(frame["upper"].max()) * 1.08)
    subjects = ru.counted(left_out, "предмет", "предмета", "предметов")
    year = ru.school_year(inputs.settings.school_year)
    return FigureBlock(
        id="oge-minimum",
        title="Доля не преодолевших минимум ОГЭ по предметам",
        subtitle=f"Доля отметок «2» с интервалом 95 %, {year} учебный год; предметы по числу участников",
        alt="; ".join(f"{_subject(inputs, row)}: {claims.bound(row).text}, участников {row['n']}" for row in rows)
        + ".",
        svg=charts.dots("oge-minimum", frame, (), "Доля отметок «2»", limits=(0, top)),
        source=text("Источник: протоколы проверки результатов РЦОИ; отметка взята из протокола."),
        statement=text(f"Не показано: {subjects}, где участников меньше {inputs.compare_from}.") if left_out else (),
        how=parts.how_counted(rows),
        data=f"data/{inputs.direction.number}_oge_below_minimum.csv",
    )


def _finding(inputs: Inputs, row: Row) -> Finding:
    said = ("ОГЭ, ", f"{_subject(inputs, row).lower()}: минимум не преодолели ", claims.bound(row), " участников.")
    return Finding(
        id=f"oge_minimum.{row['subject']}",
        kind="sign",
        statement=text(*said),
        strength="интервал 95 %",
        weight=weight.GAP / 2 if row["subject"] in MAIN else 0.0,
    )
