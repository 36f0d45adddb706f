"""«Что изменилось с прошлого года»: changes that the intervals prove over all directions; breaks of series apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.directions import judgement, parts, weight
from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import name_of
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, Paragraphs, TableBlock, text
from pipeline.statistics.intervals import CONFIDENCE

Row = Mapping[str, Any]
Pair = tuple[Row, Row]
ROWS_AT_MOST = 30
BREAKS_NAMED = 8
LISTS = "Показатели школ перечня с прошлым годом не сравниваются: за год меняется сам перечень."
GOOD = {"better": "лучше", "worse": "хуже"}


def blocks(inputs: Inputs) -> tuple[tuple[Block, ...], pd.DataFrame]:
    """The table with what it was chosen from, and its rows as data."""
    everything = _pairs(inputs)
    pairs = [pair for pair in everything if not _of_a_list(inputs, pair[0])]
    judged = [
        (now, before, _verdict(inputs, now, before)) for now, before in pairs if now["series"] == before["series"]
    ]
    compared = [one for one in judged if one[2] != "insufficient"]
    moved = [one for one in compared if one[2] in ("higher", "lower")]
    moved.sort(key=lambda one: -weight.of_difference(one[0], one[1]))
    broken = [now for now, before in pairs if now["series"] != before["series"]]
    said: list[Block] = [Paragraphs((text(_summary(len(compared), len(moved), len(pairs))),))]
    if moved:
        said.append(_table(inputs, moved))
    if broken:
        said.append(Paragraphs((text(_breaks(inputs, broken)),), role="note"))
    if len(everything) > len(pairs):
        said.append(Paragraphs((text(LISTS),), role="note"))
    return tuple(said), _frame(inputs, moved)


def _pairs(inputs: Inputs) -> list[Pair]:
    """Values of the municipality of the report year beside those of the year before."""
    year = inputs.settings.school_year
    rows = inputs.rows(level="municipality", school_year=(year, year - 1), task="")
    rows = [row for row in rows if inputs.prints(str(row["direction"]))]
    known = [row for row in rows if row["value"] is not None and row["kind"] in ("share", "rate")]
    before = {_cell(row): row for row in known if row["school_year"] == year - 1}
    return [(row, before[_cell(row)]) for row in known if row["school_year"] == year and _cell(row) in before]


def _of_a_list(inputs: Inputs, row: Row) -> bool:
    """Whether only organisations of a list are counted: the list changes, so a change says nothing of a school."""
    return any(
        getattr(source, "listed", None) is not None for source in inputs.passports[str(row["indicator"])].sources
    )


def _cell(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in (*judgement.KEY, "group"))


def _verdict(inputs: Inputs, now: Row, before: Row) -> str:
    """At the outer limits: of a hundred unchanged indicators 95 % would name five."""
    return judgement.against_row(now, before, inputs.compare_from, judgement.OF_MANY)


def _summary(compared: int, moved: int, pairs: int) -> str:
    if not pairs:
        return "Значений прошлого года, с которыми можно сравнить, нет."
    if not compared:
        return "С прошлым годом ничего не сравнить: мало участников или ряд прерван."
    counted = ru.counted(compared, "значение", "значения", "значений")
    verb = ru.plural(moved, "изменилось", "изменились", "изменились")
    what = f"{verb} {ru.number(moved)}" if moved else "доказанных изменений нет"
    return (
        f"С прошлым годом сравнено {counted}: {what}. Сравнений много, поэтому изменение названо доказанным по "
        f"интервалу {ru.percent(judgement.OF_MANY)}; в главах, где речь об одном показателе, — по интервалу "
        f"{ru.percent(CONFIDENCE, 20)}."
    )


def _table(inputs: Inputs, moved: list[tuple[Row, Row, str]]) -> TableBlock:
    shown = moved[:ROWS_AT_MOST]
    rest = len(moved) - len(shown)
    more = f" Показаны самые большие; ещё {ru.number(rest)} — в файле данных." if rest else ""
    return TableBlock(
        id="year-changes",
        caption="Доказанные изменения с прошлого года",
        heads=(
            Head("Показатель", width=2.6),
            Head("Направление", width=1.9),
            Head("Было", "right", 1.1),
            Head("Стало (интервал 95 %)", "right", 1.5),
            Head("Изменение", width=1.5),
        ),
        rows=tuple(_line(inputs, *one) for one in shown),
        source=text(f"Таблица показателей запуска, муниципалитет, соседние годы одного ряда.{more}"),
        how=parts.how_counted([row for now, before, _ in shown for row in (now, before)]),
        data=f"data/{inputs.direction.number}_changes.csv",
    )


def _line(inputs: Inputs, now: Row, before: Row, verdict: str) -> tuple[Cell, ...]:
    tone = claims.tone(verdict, inputs.passports[str(now["indicator"])].better)
    word = ": ".join(filter(None, (GOOD.get(tone, ""), claims.CHANGED[verdict])))
    change = "" if claims.few(now) or claims.few(before) else f", {claims.difference_text(now, before)}"
    return (
        Cell(ru.capitalised(name_of(inputs, now))),
        Cell(inputs.directions.get(str(now["direction"])).title),
        claims.value_cell(before, interval=False),
        claims.value_cell(now),
        Cell(f"{word}{change}", tone=tone),
    )


def _breaks(inputs: Inputs, broken: list[Row]) -> str:
    names = list(dict.fromkeys(inputs.passports[str(row["indicator"])].short for row in broken))
    named = ru.listed(names, BREAKS_NAMED)
    counted = ru.counted(len(broken), "значение", "значения", "значений")
    return f"Ряд прерван, годы не сравниваются: {counted} ({named}). Сменились работа, шкала или класс программы."


def _frame(inputs: Inputs, moved: list[tuple[Row, Row, str]]) -> pd.DataFrame:
    columns = ["indicator", "direction", "subject", "grade", "category", "before", "now", "lower", "upper", "verdict"]
    rows = [
        [
            *(now[name] for name in ("indicator", "direction", "subject", "grade", "category")),
            *(before["value"], now["value"], now["lower"], now["upper"], verdict),
        ]
        for now, before, verdict in moved
    ]
    return pd.DataFrame(rows, columns=columns)
