"""Young teachers, their mentors and the young teachers' school: where somebody is without a mentor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.level_tables import natural
from pipeline.directions.panels.need import newest
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, Paragraphs, Run, TableBlock, text

Row = Mapping[str, Any]
COLUMNS = ("young_mentored", "young_in_school", "mentors_trained")
ROWS_AT_MOST, NAMES_AT_MOST = 30, 8
ALONE = 0.3  # nobody with a mentor weighs as a small-to-middling difference: no proof of a change stands behind it


def panel(inputs: Inputs) -> Panel:
    """Table of the newest year by organisation, and in the analysis where mentors are lacking and where they are not.

    Parts are printed as they are: a percent of three young teachers says nothing.
    """
    own = newest(inputs, "young_mentored")
    if own is None:
        return Panel()
    year = int(own["school_year"])
    held = _held(inputs, year)
    if not held:
        return Panel()
    names = sorted(held, key=lambda name: natural(ru.organisation(name)))
    without = [name for name in names if _left(held[name].get("young_mentored")) > 0]
    lines = [_cells(name, held[name]) for name in names]
    heads = (
        Head("Организация", width=2.2),
        Head("Молодые педагоги с наставником", "right", 1.3),
        Head("Молодые в школе молодого педагога", "right", 1.3),
        Head("Обученные наставники", "right", 1.2),
    )
    table = TableBlock(
        id="mentoring",
        caption=f"Наставничество по организациям, {ru.school_year(year)} учебный год",
        heads=heads,
        rows=tuple(lines[:ROWS_AT_MOST]),
        source=text(f"Сведения организаций; порядок — по алфавиту.{_cut(len(lines))}"),
        statement=text("В муниципалитете наставник закреплён за ", claims.bound(own), " молодых педагогов."),
        legend=("× — молодых педагогов или наставников нет", f"{MARKS['no_data']} — нет данных"),
        data=f"data/{inputs.direction.number}_mentoring.csv",
    )
    frame = pd.DataFrame([[cell.text for cell in line] for line in lines], columns=[head.title for head in heads])
    return Panel(
        monitoring=(table,),
        analysis=_where(held, names, without),
        findings=(_finding(own, len(without)),) if without else (),
        frames={"mentoring": frame},
    )


def _held(inputs: Inputs, year: int) -> dict[str, dict[str, Row]]:
    """Rows of organisations that have young teachers or mentors, by name and indicator."""
    found: dict[str, dict[str, Row]] = {}
    for row in inputs.rows(indicator=COLUMNS, level="organisation", school_year=year):
        found.setdefault(str(row["group_label"]), {})[str(row["indicator"])] = row
    return {name: rows for name, rows in found.items() if any(row["value"] is not None for row in rows.values())}


def _cut(lines: int) -> str:
    rest = lines - ROWS_AT_MOST
    return f" Показаны первые {ROWS_AT_MOST}, ещё {rest} — в файле данных." if rest > 0 else ""


def _left(row: Row | None) -> float:
    return float(row["denominator"] - row["numerator"]) if row and row["numerator"] is not None else 0.0


def _cells(name: str, rows: Mapping[str, Row]) -> tuple[Cell, ...]:
    return (Cell(ru.organisation(name)), *(_part(rows.get(indicator)) for indicator in COLUMNS))


def _part(row: Row | None) -> Cell:
    if row is None or row["numerator"] is None:
        return claims.value_cell(row)
    return Cell(ru.part(row["numerator"], row["denominator"]), key=claims.key_of(row), sort=float(row["value"]))


def _where(
    held: Mapping[str, Mapping[str, Row]], names: Sequence[str], without: Sequence[str]
) -> tuple[Paragraphs, ...]:
    """Where somebody young has no mentor, and where everybody has one and mentors are trained."""
    whole = [name for name in names if name not in without and _full(held[name])]
    said = []
    if without:
        said.append(f"Не за всеми молодыми педагогами закреплён наставник: {_listed(without)}.")
    if whole:
        said.append(f"Наставник есть у каждого молодого педагога и все наставники обучены: {_listed(whole)}.")
    said.append("Без наставника бывает и тот, кто пришёл в середине года или уже уходит: причину знает организация.")
    return (Paragraphs((text(" ".join(said)),)),)


def _full(rows: Mapping[str, Row]) -> bool:
    return all(
        indicator in rows and rows[indicator]["value"] == 1 for indicator in ("young_mentored", "mentors_trained")
    )


def _listed(names: Sequence[str]) -> str:
    return ru.listed([ru.organisation(name) for name in names], NAMES_AT_MOST)


def _finding(own: Row, where: int) -> Finding:
    left = Run(ru.number(_left(own)), key=claims.key_of(own))
    count = ru.counted(where, "организации", "организациях", "организациях")
    return Finding(
        id="young_mentored.left",
        kind="deficit",
        statement=text("Наставник есть у ", claims.bound(own), " молодых педагогов; без него — ", left, f" в {count}."),
        strength="сведения организаций",
        weight=ALONE * (1 - float(own["value"])),
    )
