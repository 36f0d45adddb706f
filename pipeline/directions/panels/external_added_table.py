"""The table of what schools add between two external exams: results of both years, the expected one, the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.directions.added_means import Step
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels import external_added_words as said
from pipeline.directions.panels.external_added_words import HOW, TONES, Schools
from pipeline.directions.panels.level_tables import natural
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, TableBlock, text
from pipeline.statistics.value_added import School

Row = Mapping[str, Any]
ROWS_AT_MOST = 30
OTHERS_NOW = "состав сменился"


def table(
    inputs: Inputs, part: Sequence[Step], judged: Mapping[str, Schools], names: Mapping[str, str], *, drawn: bool
) -> TableBlock:
    """Schools that differ first when there are too many to print."""
    tables = {step.subject: _rows(step) for step in part}
    orgs = sorted({org for rows in tables.values() for org in rows}, key=lambda org: natural(names[org]))
    apart = _apart(orgs, judged)
    shown = orgs if len(orgs) <= ROWS_AT_MOST else apart[:ROWS_AT_MOST]
    heads = [Head("Школа", width=2.6)]
    for step in part:
        short = said.subject(inputs, step)
        heads += [
            Head(f"{short}: участников", "right"),
            Head("Результат: был → стал", "right", 1.2),
            Head("Ожидался", "right", 0.8),
            Head("Отличие (интервал)", "right", 1.5),
        ]
    return TableBlock(
        id=f"{said.stem(part[0]).replace('_', '-')}-table",
        caption=f"{said.title(part[0])}: результат рядом с ожидаемым, {part[0].after[1]}{ru.NBSP}год",
        heads=tuple(heads),
        rows=tuple(_line(inputs, part, tables, judged, names, org) for org in shown),
        source=text(
            f"Порядок — по названию. Участники и результат: {said.cohort(part[0])}.{_cut(len(orgs), len(apart))}"
        ),
        statement=() if drawn else said.statement(inputs, part, judged),
        how=() if drawn else (text(HOW), *(text(said.line(inputs, step)) for step in part)),
        legend=(f"{MARKS['no_data']} — нет одного из двух экзаменов", "▲ выше ожидаемого, ▼ ниже, = в пределах"),
        data=f"data/{inputs.direction.number}_external_added.csv",
        wide=len(part) > 1,
    )


def _cut(schools: int, apart: int) -> str:
    """What of a long table is printed."""
    if schools <= ROWS_AT_MOST:
        return ""
    shown = f"первые {ROWS_AT_MOST} из {ru.number(apart)} отличающихся" if apart > ROWS_AT_MOST else "отличающиеся"
    return f" Показаны {shown}, все {ru.number(schools)} — в файле данных."


def _rows(step: Step) -> dict[str, Row]:
    own = step.table[step.table["own"]]
    return {str(row["org_id"]): {str(name): value for name, value in row.items()} for row in own.to_dict("records")}


def _apart(orgs: Sequence[str], judged: Mapping[str, Schools]) -> list[str]:
    return [org for org in orgs if any(own[org].word in TONES for own in judged.values() if org in own)]


def _line(
    inputs: Inputs,
    part: Sequence[Step],
    tables: Mapping[str, Mapping[str, Row]],
    judged: Mapping[str, Schools],
    names: Mapping[str, str],
    org: str,
) -> tuple[Cell, ...]:
    cells = [Cell(ru.organisation(names[org]))]
    for step in part:
        if org not in tables[step.subject]:
            cells += [Cell(MARKS["no_data"], tone="muted")] * 4
            continue
        row, one = tables[step.subject][org], judged[step.subject].get(org)
        decimals = said.decimals(step)
        before, after = (ru.number(float(row[name]), decimals) for name in ("value_before", "value_after"))
        cells += [
            Cell(f"{int(row['n_before'])} → {int(row['n_after'])}", sort=int(row["n_after"])),
            Cell(f"{before} → {after}", sort=float(row["value_after"])),
        ]
        if one is None:
            cells += [Cell(MARKS["not_applicable"], tone="muted"), _unjudged(inputs, row)]
            continue
        expected = float(row["value_after"]) - one.group.residual
        cells += [Cell(ru.number(expected, decimals), sort=expected), _cell(step, one)]
    return tuple(cells)


def _unjudged(inputs: Inputs, row: Row) -> Cell:
    few = min(int(row["n_before"]), int(row["n_after"])) < inputs.compare_from
    return Cell("мало участников" if few else OTHERS_NOW, tone="muted")


def _cell(step: Step, one: School) -> Cell:
    tone = TONES.get(one.word, "same")
    return Cell(f"{claims.SYMBOLS[tone]} {said.difference(step, one)}", sort=one.group.effect, tone=tone)
