"""Trends of single schools over three and more years: how many rise, fall, stay, or have too little to say.

A school of thirty pupils a year shows nothing alone, so its slope is borrowed from all of them (statistics.
school_trends); a school is named only where few differ from what most do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.directions import schools
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels import procedures
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, TableBlock, Text, text
from pipeline.statistics.comparison import Share
from pipeline.statistics.school_trends import SchoolTrends, school_trends
from pipeline.statistics.trend import FALL, LITTLE, RISE, SAME, Point

STEM = "school_years"
TITLES: Mapping[str, str] = {"vpr": "доля «2» в ВПР", "oge": "ниже порога ОГЭ", "ege": "ниже минимума ЕГЭ"}
WORDS = (RISE, FALL, SAME)
NAMED = 3  # more schools of one word are counted
HOW = (
    "Наклон школы — взвешенная регрессия логитов её долей на годы последнего непрерывного ряда (годы с числом "
    "участников не меньше порога сравнения, не меньше трёх); наклоны стянуты к среднему по школам тем сильнее, чем "
    "меньше школа. Рост и снижение — если вероятность этого больше 97,5 %. Пропущенный год не достраивается."
)


@dataclass(frozen=True)
class Line:
    """One test: the trends of its schools and their names."""

    name: str
    found: SchoolTrends
    names: Mapping[str, str]


def panel(inputs: Inputs) -> Panel:
    """The table of tests with three years in five schools; nothing where no test has them."""
    lines = [line for test in _tests(inputs) if (line := _line(inputs, *test)).found.schools]
    if not lines:
        return Panel()
    table = TableBlock(
        id=STEM.replace("_", "-"),
        caption="Школы по годам: доля участников ниже минимального уровня",
        heads=(
            Head("Работа", width=1.8),
            Head("Рост", width=1.3),
            Head("Снижение", width=1.3),
            Head("Без доказанных изменений", width=1.3),
            Head("Недостаточно данных", width=1.3),
        ),
        rows=tuple(_cells(line) for line in lines),
        source=text("Каждая школа — по своим трём и более годам; рост доли — хуже, снижение — лучше."),
        statement=_statement(lines),
        how=(text(HOW),),
        data=f"data/{inputs.direction.number}_{STEM}.csv",
    )
    return Panel(monitoring=(table,), frames={STEM: _frame(lines)})


def _tests(inputs: Inputs) -> list[tuple[str, str, str, int]]:
    """Indicator, procedure, subject and grade of every test of the report year."""
    found = []
    for indicator, procedure, subject in procedures.TESTS:
        rows = inputs.rows(
            indicator=indicator,
            procedure=procedure,
            subject=subject,
            level="organisation",
            school_year=inputs.settings.school_year,
        )
        found += [(indicator, procedure, subject, grade) for grade in sorted({int(row["grade"]) for row in rows})]
    return found


def _line(inputs: Inputs, indicator: str, procedure: str, subject: str, grade: int) -> Line:
    same = {"procedure": procedure, "subject": subject, "grade": grade, "level": "organisation"}
    held: dict[str, list[Point]] = {}
    names: dict[str, str] = {}
    now = set()
    for row in inputs.rows(indicator=indicator, **same):
        if row["numerator"] is None or not row["denominator"]:
            continue
        org, year = str(row["org_id"]), int(row["school_year"])
        names[org] = schools.label(row)
        now |= {org} if year == inputs.settings.school_year else set()
        share = Share(int(row["numerator"]), int(row["denominator"]))
        held.setdefault(org, []).append(Point(year, share, str(row["series"] or "")))
    present = {org: points for org, points in held.items() if org in now}
    title = f"{ru.capitalised(inputs.subjects.subjects[subject].short)}, {grade}{ru.NBSP}класс: {TITLES[procedure]}"
    return Line(title, school_trends(present, inputs.compare_from), names)


def _cells(line: Line) -> tuple[Cell, ...]:
    by_word = {word: [org for org, one in line.found.schools.items() if one.word == word] for word in WORDS}
    groups = [*by_word.values(), list(line.found.left)]
    return (Cell(line.name), *(_who(group, line) for group in groups))


def _who(orgs: Sequence[str], line: Line) -> Cell:
    """The number of schools; their names too where they are few among many."""
    if not orgs:
        return Cell("0", sort=0)
    whole = len(line.found.schools)
    if len(orgs) == whole and not line.found.left:
        return Cell(f"все {ru.number(whole)}", sort=whole)
    named = [schools.short(line.names[org]) for org in schools.ordered({org: line.names[org] for org in orgs})]
    few = len(orgs) <= NAMED and len(orgs) < whole / 2
    return Cell(f"{ru.number(len(orgs))}{': ' + '; '.join(named) if few else ''}", sort=len(orgs))


def _statement(lines: Sequence[Line]) -> Text:
    told = []
    for line in lines:
        words = [one.word for one in line.found.schools.values()]
        common = next((word for word in (RISE, FALL) if words.count(word) == len(words)), "")
        apart = {word: words.count(word) for word in (RISE, FALL) if word in words}
        if common:
            told.append(f"{line.name} — {common} во всех школах, где хватает лет: общий тренд, а не отдельные школы.")
        elif apart:
            parts = ", ".join(
                f"{word} у {ru.number(count)} из {ru.number(len(words))}" for word, count in apart.items()
            )
            told.append(f"{line.name} — {parts}.")
        else:
            told.append(f"{line.name} — ни в одной школе изменение не доказано.")
    return text(" ".join(told))


def _frame(lines: Sequence[Line]) -> pd.DataFrame:
    """One row a test and school: the slope in logits a year, alone and shrunk, the probability that it is above 0."""
    rows = []
    for line in lines:
        rows += [
            {
                "test": line.name,
                "org_id": org,
                "organisation": line.names[org],
                "slope_alone": one.own,
                "slope": one.value,
                "error": one.error,
                "rises": one.rises,
                "word": one.word,
            }
            for org, one in line.found.schools.items()
        ]
        rows += [
            {"test": line.name, "org_id": org, "organisation": line.names[org], "word": LITTLE}
            for org in line.found.left
        ]
    return pd.DataFrame(rows)
