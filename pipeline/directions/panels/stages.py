"""Stages of the olympiad over the years: participations, winners, prize-winners, share of places.

Everything is counted in participations: a pupil of three subjects is three. Places depend on the rules of a stage
(thresholds, quotas), so stages are never compared with each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import parts
from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import category_of
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, TableBlock, Text, text

Row = Mapping[str, Any]
STAGES = ("school", "municipal", "regional", "final")
YEARS_AT_MOST = 4
COUNTED, SHARE = "olympiad_participations", "olympiad_prize_share"


def panel(inputs: Inputs) -> Panel:
    """The table of stages: a line a stage, participations of each year, places of the newest."""
    found = inputs.rows(indicator=COUNTED, level="municipality")
    rows = [row for row in found if row["value"] is not None and row["category"] in STAGES]
    if not rows:
        return Panel()
    years = sorted({int(row["school_year"]) for row in rows})[-YEARS_AT_MOST:]
    stages = [stage for stage in STAGES if any(row["category"] == stage for row in rows)]
    shares = inputs.rows(indicator=SHARE, level="municipality", school_year=years[-1])
    table = TableBlock(
        id="olympiad-stages",
        caption=f"Всероссийская олимпиада по этапам, {inputs.profile.name.nominative}",
        heads=_heads(years),
        rows=tuple(_line(inputs, rows, shares, stage, years) for stage in stages),
        source=parts.source_line(rows),
        statement=_statement(inputs, rows, stages, years),
        how=parts.how_counted(
            [*rows, *(row for row in shares if row["value"] is not None)],
            ["Участие — один ученик по одному предмету на одном этапе: ученик трёх предметов даёт три участия."],
        ),
        legend=(
            f"{MARKS['no_data']} — нет данных",
            f"{MARKS['not_applicable']} — доля мест на этом этапе не показатель",
        ),
        data=f"data/{inputs.direction.number}_olympiad_stages.csv",
    )
    return Panel(monitoring=(table,), frames={"olympiad_stages": places_frame(inputs)})


def _heads(years: Sequence[int]) -> tuple[Head, ...]:
    columns = (Head(f"Участий, {ru.school_year(year)}", "right", 0.9) for year in years)
    last = ru.school_year(years[-1])
    places = (Head(f"Победителей, {last}", "right", 1.1), Head(f"Призёров, {last}", "right", 1.0))
    return (Head("Этап", width=1.3), *columns, *places, Head("Доля мест (интервал 95 %)", "right", 1.5))


def _line(
    inputs: Inputs, rows: Sequence[Row], shares: Sequence[Row], stage: str, years: Sequence[int]
) -> tuple[Cell, ...]:
    own = [row for row in rows if row["category"] == stage]
    by_year = {int(row["school_year"]): row for row in own}
    share = next((row for row in shares if row["category"] == stage), None)
    counted = stage in ("municipal", "regional")
    return (
        Cell(ru.capitalised(category_of(inputs, own[0]))),
        *(claims.value_cell(by_year.get(year), interval=False) for year in years),
        *(_places(inputs, stage, years[-1], column) for column in ("winners", "prize_winners")),
        claims.value_cell(share) if counted else Cell(MARKS["not_applicable"], tone="muted"),
    )


def _places(inputs: Inputs, stage: str, year: int, column: str) -> Cell:
    """Winners or prize-winners of a stage; where some lines are blank, how many are is said beside the sum."""
    frame = places_frame(inputs)
    chosen = frame[(frame["stage"] == stage) & (frame["school_year"] == year)]
    if chosen[column].notna().sum() == 0:
        return Cell(MARKS["no_data"], tone="muted")
    total = int(chosen[column].sum())
    blank = int(chosen["blank"].sum())
    lines = ru.counted(blank, "строка", "строки", "строк")
    return Cell(f"{ru.number(total)} (не заполнено: {lines})" if blank else ru.number(total), sort=total)


def places_frame(inputs: Inputs) -> pd.DataFrame:
    """`school_year`, `stage`, `subject` and sums of participants, prize_winners, winners; `blank`: lines not filled."""
    counts = ["participants", "prize_winners", "winners"]
    table = inputs.clean["olympiad"]
    table = table[(table["event"] == "vsosh") & (table["school_year"] <= inputs.settings.school_year)]
    blank = table[counts].isna().any(axis=1) & (table["state"] != "not_attempted")
    keyed = table.assign(blank=blank.astype(int)).groupby(["school_year", "stage", "subject"])
    sums = keyed[counts].sum(min_count=1).join(keyed["blank"].sum())
    return sums.reset_index().sort_values(["school_year", "stage", "subject"], ascending=[False, True, True])


def _statement(inputs: Inputs, rows: Sequence[Row], stages: Sequence[str], years: Sequence[int]) -> Text:
    """Counts are arithmetic; a stage that gave no lines this year is named as missing, not as empty."""
    now = {row["category"] for row in rows if row["school_year"] == years[-1]}
    gone = [
        category_of(inputs, row) for stage in stages if stage not in now for row in rows if row["category"] == stage
    ]
    said = "Числа участий — полный счёт. Этапы между собой не сравниваются: порог и число мест у каждого свои."
    if not gone:
        return text(said)
    names = ", ".join(dict.fromkeys(gone))
    year = ru.school_year(years[-1])
    return text(f"{said} За {year} нет строк об этапах: {names}; это не значит, что участников не было.")
