"""Indices of bias and of non-confirmation, side by side (П-объективность-2): each with its own definition, because no
official formula was published. What cannot be counted from the files of the year says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.cohort_results import Schools
from pipeline.directions.panels.medals import Degree
from pipeline.directions.panels.oge_heap import Heaps
from pipeline.directions.panels.olympiad_confirmed import Confirmed
from pipeline.directions.panels.panel import Panel
from pipeline.directions.panels.sign_search import Search
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, TableBlock, text
from pipeline.presentation.claims import key_of

OFFICIAL = "bias_index_vpr"


@dataclass(frozen=True)
class Found:
    """What the searches of the chapter gave; None where their data did not come."""

    signs: Search | None
    cohorts: Schools | None
    heaps: Heaps | None
    olympiad: Confirmed | None
    medals: Sequence[Degree]


@dataclass(frozen=True)
class Line:
    """One index: what of what; `key` of the indicator row where there is one."""

    title: str
    part: int
    whole: int
    definition: str
    key: str = ""


def panel(inputs: Inputs, found: Found) -> Panel:
    """One table of all indices of the report year; nothing where none can be counted."""
    lines = [*_official(inputs), *_ours(found), *_medals(found)]
    if not lines:
        return Panel()
    table = TableBlock(
        id="bias-indices",
        caption="Индексы необъективности и неподтверждения",
        heads=(Head("Индекс", width=2.0), Head("Значение", "right", 1.3), Head("Что считается", width=4.2)),
        rows=(*(_row(line) for line in lines), *_not_counted(found)),
        source=text(
            "Определения наши: официальных формул этих индексов нет. Доля признаков — не доля нарушений: признак — "
            "основание для перепроверки."
        ),
        data=f"data/{inputs.direction.number}_bias_indices.csv",
    )
    return Panel(monitoring=(table,), frames={"bias_indices": _frame(lines)})


def _official(inputs: Inputs) -> Iterator[Line]:
    rows = inputs.rows(indicator=OFFICIAL, level="municipality", school_year=inputs.settings.school_year)
    for row in rows:
        if row["numerator"] is not None:
            passport = inputs.passports[OFFICIAL]
            words = f"{passport.numerator} / {passport.denominator}"
            yield Line("ВПР, официальный список", int(row["numerator"]), int(row["denominator"]), words, key_of(row))


def _ours(found: Found) -> Iterator[Line]:
    if found.signs is not None:
        yield Line(
            "ВПР, признаки в ответах",
            len(found.signs.signs),
            found.signs.tested,
            "пары «школа и работа» с признаками после поправки на число проверок — из всех проверенных пар",
        )
    if found.cohorts is not None:
        yield Line(
            "ВПР, не подтверждённые ОГЭ",
            len(found.cohorts.named),
            len(found.cohorts.by_school),
            "школы, где «4» и «5» за ОГЭ меньше ожидаемого по ВПР тех же выпусков, — из школ с обоими результатами",
        )
    if found.heaps is not None:
        yield Line(
            "ОГЭ, скопление баллов у границ отметок",
            len(found.heaps.named),
            found.heaps.tested,
            "пары «школа и предмет», где первичных баллов сразу над границами отметок больше обычного, — из всех пар",
        )
    if found.olympiad is not None:
        yield Line(
            "Олимпиада, неподтверждённые места",
            len(found.olympiad.named),
            len(found.olympiad.by_school),
            "школы, где муниципальный этап не подтвердил мест больше ожидаемого, — из школ с местами школьного этапа",
        )


def _medals(found: Found) -> Iterator[Line]:
    for degree in found.medals:
        if degree.pooled.n:
            words = f"не подтвердившие на ЕГЭ из претендентов, {ru.years(list(degree.years))} годы"
            title = f"Медаль, {degree.title}"
            yield Line(title, degree.pooled.numerator, degree.pooled.n, words, key_of(degree.newest))


def _row(line: Line) -> tuple[Cell, ...]:
    value = ru.part(line.part, line.whole)
    if line.whole >= ru.PERCENT_FROM:
        value += f" ({ru.percent(line.part / line.whole, line.whole)})"
    return Cell(line.title), Cell(value, key=line.key, sort=line.part / line.whole), Cell(line.definition)


def _not_counted(found: Found) -> Iterator[tuple[Cell, ...]]:
    absent = [
        ("ВПР, признаки в ответах", found.signs, "баллы за задания ВПР этого года не представлены"),
        ("ВПР, не подтверждённые ОГЭ", found.cohorts, "нет ВПР и ОГЭ одного выпуска в пяти и более школах"),
        ("ОГЭ, скопление баллов у границ отметок", found.heaps, "протоколы ОГЭ с первичными баллами не представлены"),
        ("Региональные работы", None, "баллы учеников за региональные работы не собираются"),
    ]
    for title, there, why in absent:
        if there is None:
            yield Cell(title), Cell("не считается", tone="muted"), Cell(why)


def _frame(lines: Sequence[Line]) -> pd.DataFrame:
    return pd.DataFrame(
        [{"index": one.title, "part": one.part, "whole": one.whole, "definition": one.definition} for one in lines]
    )
