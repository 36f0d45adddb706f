"""What several chapters have found about one organisation: the only place where directions meet.

The findings themselves are repeated in their own words and with their own numbers; nothing is counted up into a score.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.directions.chapter import Inputs, statement_of
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, TableBlock, plain, text

ROWS_AT_MOST = 30
WORSE = ("risk", "deficit", "problem", "sign")
KINDS: Mapping[str, str] = {
    "risk": "риск",
    "deficit": "дефицит",
    "problem": "проблема",
    "sign": "признак",
    "strength": "сильная сторона",
}


def panel(inputs: Inputs) -> Panel:
    """Organisations that two chapters or more have found something to mend about."""
    named = inputs.earlier[inputs.earlier["org_id"].notna() & inputs.earlier["kind"].isin(KINDS)]
    worse = named[named["kind"].isin(WORSE)]
    chapters = worse.groupby("org_id")["direction"].nunique()
    several = frozenset(chapters[chapters > 1].index)
    kept = claims.records(named[named["org_id"].isin(several)].sort_values(["org_id", "direction", "id"]))
    if not kept:
        return Panel()
    return Panel(
        analysis=(_table(inputs, kept, len(several)),),
        frames={"crossing": pd.DataFrame([_plain(inputs, record) for record in kept])},
    )


def _plain(inputs: Inputs, record: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: record[name] for name in ("org_id", "direction", "kind", "id", "strength")}
    return kept | {"statement": plain(statement_of(record))}


def _table(inputs: Inputs, kept: list[dict[str, Any]], several: int) -> TableBlock:
    shown, rest = kept[:ROWS_AT_MOST], len(kept) - len(kept[:ROWS_AT_MOST])
    return TableBlock(
        id="crossing",
        caption="Организации, о которых говорят две главы и больше",
        heads=(Head("Глава", width=1.3), Head("Вид", width=0.8), Head("Что найдено", width=4)),
        rows=tuple(_line(inputs, record) for record in shown),
        source=text(
            "Выводы глав 00–10 этого отчёта их же словами; порядок организаций не говорит о качестве."
            + (f" Ещё {ru.number(rest)} — в файле данных." if rest else "")
        ),
        statement=text(
            "Две главы и больше находят, что исправить, у "
            f"{ru.counted(several, 'организации', 'организаций', 'организаций')}. Рядом стоят и сильные стороны этих "
            "организаций: на них можно опереться. Причина может быть общей — нехватка учителей, состав учеников, "
            "смена руководителя, — и глава её не называет."
        ),
        data=f"data/{inputs.direction.number}_crossing.csv",
    )


def _line(inputs: Inputs, record: Mapping[str, Any]) -> tuple[Cell, ...]:
    statement = statement_of(record)
    key = next((run.key for run in statement if run.key), "")
    return (
        Cell(inputs.directions.get(str(record["direction"])).title),
        Cell(KINDS[str(record["kind"])], tone="better" if record["kind"] == "strength" else ""),
        Cell(plain(statement), key=key),
    )
