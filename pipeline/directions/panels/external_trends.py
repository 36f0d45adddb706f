"""External exams over the years: how each school moves beside the country, borrowed from all schools.

The scale and the difficulty of a test change from year to year, so what is followed is the difference from the mean of
the country of the same year; a year is known no better than its pupils and the chance that makes classes unlike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.external_spread import Spreads
from pipeline.directions.panels.level_tables import natural
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, TableBlock, Text, text
from pipeline.statistics.school_trends import SchoolTrends, pooled, slope_of_means
from pipeline.statistics.trend import FALL, FEWEST, LITTLE, RISE, SAME
from pipeline.statistics.unknown_spread import Spread

Row = Mapping[str, Any]
STEM = "external_trends"
WORDS = (RISE, FALL, SAME)
NAMED = 3
HOW = (
    "Для каждой школы — наклон разности со страной по трём и более годам одного ряда (годы с числом участников не "
    "меньше порога сравнения). Погрешность года — разброс учеников и то, насколько средние школ меняются от года к "
    "году сверх него. Наклоны стянуты к среднему по школам муниципалитета; рост и снижение — если их вероятность "
    "больше 97,5 %."
)


@dataclass(frozen=True)
class Line:
    """One subject and class: trends of its schools by name."""

    subject: str
    grade: int
    years: tuple[int, int]
    found: SchoolTrends
    names: Mapping[str, str]


def panel(inputs: Inputs, given: Sequence[Row], spreads: Spreads, subjects: Sequence[str]) -> Panel:
    """The table of tests with three years in five schools; nothing where the spread of pupils is unknown.

    `given`: rows of external means of all levels and years.
    """
    rows = [row for row in given if row["subject"] in subjects and row["value"] is not None and row["n"]]
    grades = sorted({int(row["grade"]) for row in rows if row["school_year"] == inputs.settings.school_year})
    tests = [(subject, grade) for grade in grades for subject in subjects]
    lines = [line for test in tests if (line := _line(inputs, rows, *test, spreads.get(test)))]
    if not lines:
        return Panel()
    table = TableBlock(
        id=STEM.replace("_", "-"),
        caption=f"Школы по годам рядом со страной: {inputs.profile.country.title}",
        heads=(
            Head("Экзамен", width=1.6),
            Head("Годы"),
            Head("Рост", width=1.5),
            Head("Снижение", width=1.5),
            Head("Без доказанных изменений", width=1.2),
            Head("Недостаточно данных", width=1.2),
        ),
        rows=tuple(_cells(inputs, line) for line in lines),
        source=text("Разность среднего школы и среднего страны того же года; три года и больше."),
        statement=_statement(inputs, lines),
        how=(text(HOW),),
        data=f"data/{inputs.direction.number}_{STEM}.csv",
    )
    return Panel(monitoring=(table,), frames={STEM: _frame(lines)})


def _line(inputs: Inputs, rows: Sequence[Row], subject: str, grade: int, spread: Spread | None) -> Line | None:
    if spread is None or spread.state != "estimated":
        return None
    alike = [row for row in rows if (row["subject"], row["grade"]) == (subject, grade)]
    country = {int(row["school_year"]): row for row in alike if row["level"] == "country"}
    series = country[max(country)]["series"] if country else None
    held: dict[str, list[Row]] = {}
    for row in alike:
        known = country.get(int(row["school_year"]))
        if row["level"] == "organisation" and known is not None and row["series"] == known["series"] == series:
            held.setdefault(str(row["org_id"]), []).append(row)
    names = {org: ru.organisation(str(part[-1]["group_label"])) for org, part in held.items()}
    years = {org: [row for row in part if row["n"] >= inputs.compare_from] for org, part in held.items()}
    enough = {org: part for org, part in years.items() if len(part) >= FEWEST}
    slopes = {org: _slope(part, country, spread) for org, part in enough.items()}
    found = pooled(slopes, [org for org in held if org not in enough])
    if not found.schools:
        return None
    known_years = sorted({int(row["school_year"]) for part in enough.values() for row in part})
    return Line(subject, grade, (known_years[0], known_years[-1]), found, names)


def _slope(part: Sequence[Row], country: Mapping[int, Row], spread: Spread) -> tuple[float, float]:
    """A change of two years holds the chance of both, so a year holds half of what it has beyond pupils."""
    years = [int(row["school_year"]) for row in part]
    above = [float(row["value"]) - float(country[year]["value"]) for row, year in zip(part, years, strict=True)]
    variance = [spread.sigma2 / int(row["n"]) + spread.tau2 / 2 for row in part]
    return slope_of_means(years, above, variance)


def _name(inputs: Inputs, line: Line) -> str:
    known = inputs.subjects.subjects.get(line.subject)
    return f"{ru.capitalised(known.short if known else line.subject)}, {line.grade}{ru.NBSP}класс"


def _cells(inputs: Inputs, line: Line) -> tuple[Cell, ...]:
    by_word = [[org for org, one in line.found.schools.items() if one.word == word] for word in WORDS]
    years = ru.years(list(range(line.years[0], line.years[1] + 1)))
    return (Cell(_name(inputs, line)), Cell(years), *(_who(group, line) for group in (*by_word, list(line.found.left))))


def _who(orgs: Sequence[str], line: Line) -> Cell:
    few = 0 < len(orgs) <= NAMED and len(orgs) < len(line.found.schools) / 2
    named = sorted((line.names[org] for org in orgs), key=natural) if few else []
    return Cell(f"{ru.number(len(orgs))}{': ' + '; '.join(named) if named else ''}", sort=len(orgs))


def _statement(inputs: Inputs, lines: Sequence[Line]) -> Text:
    moved = []
    for line in lines:
        words = [one.word for one in line.found.schools.values()]
        parts = [f"{word} у {ru.number(words.count(word))}" for word in (RISE, FALL) if word in words]
        moved += [f"{_name(inputs, line)} — {', '.join(parts)} из {ru.number(len(words))}"] if parts else []
    if not moved:
        return text("Ни в одной школе изменение рядом со страной не доказано.")
    still = len(lines) - len(moved)
    rest = f" По остальным экзаменам ({ru.number(still)}) изменения не доказаны." if still else ""
    return text(f"Рядом со страной: {'; '.join(moved)}.{rest}")


def _frame(lines: Sequence[Line]) -> pd.DataFrame:
    """One row a test and school: points (or marks) a year beside the country, alone and shrunk."""
    rows: list[dict[str, Any]] = []
    for line in lines:
        about = {"subject": line.subject, "grade": line.grade, "from_year": line.years[0], "to_year": line.years[1]}
        for org, one in line.found.schools.items():
            measures = {"slope_alone": one.own, "slope": one.value, "error": one.error, "rises": one.rises}
            rows.append({**about, "org_id": org, "organisation": line.names[org], **measures, "word": one.word})
        rows += [{**about, "org_id": org, "organisation": line.names[org], "word": LITTLE} for org in line.found.left]
    return pd.DataFrame(rows)
