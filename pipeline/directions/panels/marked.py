"""The official list of organisations with signs of biased results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.directions import parts, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, TableBlock, text

Row = Mapping[str, Any]
COUNTS = ("marked_schools", "marked_markers", "marked_three_years")


def panel(inputs: Inputs) -> Panel:
    """Counts by year, and the organisations of the newest list (internal edition)."""
    rows = [row for row in inputs.rows(indicator=COUNTS, level="municipality") if row["value"] is not None]
    if not rows:
        return Panel()
    years = sorted({row["school_year"] for row in rows})
    by_cell = {(row["indicator"], row["school_year"]): row for row in rows}
    lines = tuple(
        (
            Cell(inputs.passports[indicator].short),
            *(claims.value_cell(by_cell.get((indicator, year)), interval=False) for year in years),
        )
        for indicator in COUNTS
        if any((indicator, year) in by_cell for year in years)
    )
    table = TableBlock(
        id="marked-years",
        caption="Организации в официальном списке с признаками необъективных результатов",
        heads=(Head("Показатель", width=3), *(Head(ru.school_year(year), "right") for year in years)),
        rows=lines,
        source=parts.source_line(rows),
        how=parts.how_counted(rows),
        data=f"data/{inputs.direction.number}_marked_schools.csv",
    )
    newest = by_cell.get(("marked_schools", years[-1]))
    return Panel(
        monitoring=(table, *_organisations(inputs, years[-1])),
        findings=(_finding(newest),) if newest and newest["value"] > 0 else (),
        frames={"marked_schools": pd.DataFrame(rows)},
    )


def _finding(row: Row) -> Finding:
    count, year = int(row["value"]), int(row["school_year"])
    return Finding(
        id=f"marked.{year}",
        kind="sign",
        statement=text(
            f"В официальный список за {ru.school_year(year)} учебный год "
            f"{ru.plural(count, 'вошла', 'вошли', 'вошли')} ",
            claims.bound(row),
            f" {ru.plural(count, 'организация', 'организации', 'организаций')}: "
            "основание для перепроверки, а не вывод о нарушении.",
        ),
        strength="полный перечень",
        weight=weight.GAP,
    )


def _organisations(inputs: Inputs, year: int) -> tuple[TableBlock, ...]:
    marked = inputs.clean["marked_schools"]
    chosen = marked[(marked["school_year"] == year) & (marked["marker"] == 1)]
    if chosen.empty:
        return ()
    names = inputs.clean["organisations"].drop_duplicates("org_id").set_index("org_id")["name"]
    rows = []
    for org_id, part in chosen.sort_values(["org_id", "grade", "subject"]).groupby("org_id", sort=True):
        cells = [
            f"{inputs.subjects.title(s).lower()}, {g}{ru.NBSP}класс"
            for s, g in zip(part["subject"], part["grade"], strict=True)
        ]
        rows.append(
            (Cell(str(names.get(org_id, org_id))), Cell("; ".join(cells)), Cell(str(len(part)), sort=float(len(part))))
        )
    return (
        TableBlock(
            id="marked-organisations",
            caption=f"Признаки по организациям, {ru.school_year(year)} учебный год",
            heads=(Head("Организация", width=3), Head("Предмет и класс", width=3), Head("Признаков", "right", 0.8)),
            rows=tuple(rows),
            source=text("Список составлен федеральным или региональным органом; наших оценок в таблице нет."),
        ),
    )
