"""Показатели мониторинга: the rows that the department filled in, with the act of each and whether it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions.chapter import Inputs, empty_section
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Block, Cell, Head, Paragraphs, TableBlock, text
from pipeline.presentation.claims import records

Row = Mapping[str, Any]
ACT = "постановление Правительства РФ от 05.08.2013 № 662"
ABSENT = (
    f"Показатели мониторинга системы образования ({ACT}) за этот год не внесены. Заполните лист «Показатели "
    "мониторинга» формы сбора: код и название строки, единицу, значение, приказ, которым строка утверждена, и его "
    "статус. Состав строк программа не придумывает: его берут из действующего приказа."
)
STATUS = {"confirmed": "подтверждён", "unconfirmed": "не подтверждён"}
NO_STATUS = "статус не указан"


def blocks(inputs: Inputs) -> tuple[tuple[Block, ...], pd.DataFrame]:
    """The table as filled in, what blocks the final edition, and the rows as data."""
    frame = inputs.clean["monitoring_form"]
    own = frame[frame["school_year"] == inputs.settings.school_year]
    if own.empty:
        said = ABSENT if inputs.profile.country.code == "RU" else "Формы показателей мониторинга за этот год нет."
        return (empty_section(said),), own
    rows = sorted(records(own), key=lambda row: (_order(str(row["row_code"])), str(row["row_code"])))
    return (*_blocking(rows), _table(inputs, rows)), own


def _order(code: str) -> tuple[tuple[int, int | str], ...]:
    """1.10 stands after 1.9; letters after numbers."""
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in code.split("."))


def _blocking(rows: Sequence[Row]) -> tuple[Block, ...]:
    """Said aloud: an unconfirmed act keeps the final edition from coming out."""
    open_ = [row for row in rows if row["act_status"] != "confirmed"]
    if not open_:
        return (Paragraphs((text("Приказ подтверждён у всех строк."),)),)
    count = ru.counted(len(open_), "строки", "строк", "строк")
    codes = ru.listed([str(row["row_code"]) for row in open_], 12)
    said = (
        f"Окончательную редакцию выпускать нельзя: статус приказа не подтверждён у {count} ({codes}). Сверьте приказ с "
        "действующим и исправьте столбец «Статус приказа» формы сбора."
    )
    return (Paragraphs((text(said),), role="warning"),)


def _table(inputs: Inputs, rows: Sequence[Row]) -> TableBlock:
    return TableBlock(
        id="monitoring-form",
        caption="Показатели мониторинга системы образования",
        heads=(
            Head("Код", width=0.9),
            Head("Показатель", width=3.6),
            Head("Единица", width=0.9),
            Head("Значение", "right", 0.9),
            Head("Приказ", width=1.5),
            Head("Статус приказа", width=1.1),
        ),
        rows=tuple(_line(row) for row in rows),
        source=text(f"Лист «Показатели мониторинга» формы сбора ({ACT}); значения полного учёта, интервала у них нет."),
        legend=(f"{MARKS['no_data']} — нет данных",) if any(row["value"] is None for row in rows) else (),
        data=f"data/{inputs.direction.number}_monitoring_form.csv",
    )


def _line(row: Row) -> tuple[Cell, ...]:
    confirmed = row["act_status"] == "confirmed"
    return (
        Cell(str(row["row_code"])),
        Cell(str(row["title"])),
        Cell(row["unit"] or MARKS["blank"]),
        _value(row),
        Cell(row["act"] or "не указан", tone="" if row["act"] else "warning"),
        Cell(STATUS.get(str(row["act_status"]), NO_STATUS), tone="" if confirmed else "warning"),
    )


def _value(row: Row) -> Cell:
    """The value as filled in: whole numbers whole, others with as many digits as they have."""
    if row["value"] is None:
        return Cell(MARKS["no_data"], tone="muted")
    value = float(row["value"])
    digits = next((places for places in range(4) if round(value, places) == value), 4)
    return Cell(ru.number(value, digits), sort=value)
