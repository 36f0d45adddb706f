"""Pupils with both marks: the 4 × 4 tables of all works in one, with agreement and symmetry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, TableBlock, Tone, text
from pipeline.statistics.objectivity import journal_marks

Row = Mapping[str, Any]
MARKS = (2, 3, 4, 5)
LEVEL = 0.05
HOW = (
    "Согласие — каппа Коэна с квадратичными весами: 1 — полное, 0 — не больше случайного. Симметрия — критерий Боукера "
    "(Bowker 1948), одинаковость распределений — критерий Стюарта — Максвелла; пары отметок, которых ни у кого нет, "
    "степеней свободы не дают."
)


def panel(inputs: Inputs, works: Sequence[Sequence[Row]]) -> Panel:
    """Journal mark × ВПР mark, counts, of works with as many pairs as a histogram needs."""
    found = []
    for work in works:
        pairs = _pairs(inputs, work[0])
        if len(pairs) >= inputs.rules.publication.histogram.value:
            found.append((work[0], _square(pairs)))
    if not found:
        return Panel()
    table = TableBlock(
        id="journal-pairs",
        caption="Отметка по журналу и отметка ВПР одних и тех же учеников, человек",
        heads=(
            Head("Работа, отметка в журнале", width=2.2),
            *(Head(f"«{mark}» за ВПР", "right") for mark in MARKS),
            Head("Всего", "right"),
            Head("Согласие", width=2.4),
        ),
        rows=tuple(line for row, square in found for line in _lines(inputs, row, square)),
        source=text("Индивидуальные результаты, только ученики с обеими отметками. Совпавшие отметки — на диагонали."),
        statement=text(_words([square for _, square in found])),
        how=(text(HOW), *(text(_exact(inputs, row, square)) for row, square in found)),
        data=f"data/{inputs.direction.number}_journal_pairs.csv",
    )
    return Panel(monitoring=(table,), frames={"journal_pairs": _frame(found)})


def _pairs(inputs: Inputs, row: Row) -> pd.DataFrame:
    results = inputs.clean["results"]
    chosen: pd.DataFrame = results[
        (results["procedure"] == "vpr")
        & (results["subject"] == row["subject"])
        & (results["grade"] == row["grade"])
        & (results["school_year"] == row["school_year"])
    ]
    return chosen.dropna(subset=["mark", "journal_mark"])


def _square(pairs: pd.DataFrame) -> Any:
    """Rows: mark in the journal, columns: mark for the ВПР, both 2–5."""
    table = pd.crosstab(pairs["journal_mark"].astype(int), pairs["mark"].astype(int))
    return table.reindex(index=list(MARKS), columns=list(MARKS), fill_value=0).to_numpy()


def _lines(inputs: Inputs, row: Row, square: Any) -> list[tuple[Cell, ...]]:
    scope = ru.capitalised(scope_of(inputs, row))
    said = {5: _agreement(square), 4: _symmetry(square)}
    lines = []
    for place in (3, 2, 1, 0):
        if MARKS[place] == 2 and not square[place].any():  # a journal without «2» needs no line of noughts
            continue
        mark, counts = MARKS[place], [int(n) for n in square[place]]
        cells = [Cell(ru.number(n), sort=float(n), tone=_tone(mark, m, n)) for m, n in zip(MARKS, counts, strict=True)]
        total = Cell(ru.number(sum(counts)), sort=float(sum(counts)))
        lines.append((Cell(f"{scope}: «{mark}»"), *cells, total, Cell(said.get(mark, ""))))
    return lines


def _tone(journal: int, mark: int, count: int) -> Tone:
    if not count:
        return "muted"
    return "same" if journal == mark else "warning" if abs(journal - mark) >= 2 else ""


def _agreement(square: Any) -> str:
    kappa = journal_marks.kappa(square)
    return "" if np.isnan(kappa) else f"каппа {ru.number(kappa, 2)}"


def _symmetry(square: Any) -> str:
    """Which way marks differ more often, where the table is not symmetric beyond chance."""
    test = journal_marks.symmetry(square)
    if not test.freedom:
        return "отметки совпали у всех"
    if test.p >= LEVEL:
        return "сдвиг не больше случайного"
    below, above = np.tril(square, -1).sum(), np.triu(square, 1).sum()
    side = "ниже" if below > above else "выше"
    return f"отметки ВПР чаще {side}"


def _words(squares: Sequence[Any]) -> str:
    aside = sum(test.freedom > 0 and test.p < LEVEL for test in map(journal_marks.symmetry, squares))
    if not aside:
        return "Расхождения в обе стороны уравновешены: сдвига больше случайного нет ни в одной работе."
    return (
        f"Расхождения несимметричны больше случайного в {ru.part(aside, len(squares))} работ. Ученики одной школы "
        "похожи, поэтому порог здесь мягче, чем кажется: вывод о школах — только по рисунку ниже."
    )


def _exact(inputs: Inputs, row: Row, square: Any) -> str:
    bowker, stuart = journal_marks.symmetry(square), journal_marks.homogeneity(square)
    return (
        f"{ru.capitalised(scope_of(inputs, row))}: Боукер {ru.number(bowker.statistic, 2)}, степеней свободы "
        f"{bowker.freedom}, p = {_p(bowker.p)}; Стюарт — Максвелл {ru.number(stuart.statistic, 2)}, степеней свободы "
        f"{stuart.freedom}, p = {_p(stuart.p)}; учеников {ru.number(int(square.sum()))}"
    )


def _p(value: float) -> str:
    if np.isnan(value):
        return "нет"
    return ru.number(value, 3) if value >= 0.001 else "меньше 0,001"


def _frame(found: Sequence[tuple[Row, Any]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"subject": row["subject"], "grade": row["grade"], "school_year": row["school_year"]}
            | {"journal": MARKS[a], "vpr": MARKS[b], "pupils": int(square[a, b])}
            for row, square in found
            for a in range(4)
            for b in range(4)
        ]
    )
