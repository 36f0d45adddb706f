"""External exams whose source publishes only means and counts: years, organisations by size, every school.

Spread is not published: a value stands beside the country's with its n, and a word stands there only for schools where
the spread could be read from the means of several years (external_spread).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import added_means, judgement
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels import external_added, external_sizes, external_spread, external_trends
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import charts, claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Block, Cell, FigureBlock, Head, Run, TableBlock, text
from pipeline.statistics.intervals import CONFIDENCE

Row = Mapping[str, Any]
Spreads = external_spread.Spreads
MAIN = ("bulgarian", "mathematics")
UNJUDGED = "Источник даёт только средние и число участников, поэтому интервалов нет и о различиях судить нельзя."


def panel(inputs: Inputs) -> Panel:
    """Years of the main subjects; for each grade of the report year the schools by size and in a table."""
    given = inputs.rows(indicator="external_mean")
    if not given:
        return Panel()
    year = inputs.settings.school_year
    all_years = [row for row in given if row["level"] == "organisation"]
    known = inputs.country_schools if len(inputs.country_schools) else added_means.own_rows(all_years)
    spreads = external_spread.spreads(known, MAIN, year)
    schools = [row for row in all_years if row["school_year"] == year]
    rows = [row for row in given if row["level"] != "organisation"]
    grades = sorted({row["grade"] for row in schools})
    years = _years_frame(inputs, rows)
    blocks: list[Block] = [_years(inputs, years, spreads)] if len(years) else []
    steps = external_added.panel(inputs, all_years, known, spreads, MAIN)
    trends = external_trends.panel(inputs, given, spreads, MAIN)
    for grade in grades:
        part = [row for row in schools if row["grade"] == grade]
        blocks += external_sizes.figures(inputs, part, rows, grade, spreads, MAIN)
        blocks.append(_table(inputs, part, rows, grade, spreads))
    return Panel(
        monitoring=(*blocks, *trends.monitoring, *steps.monitoring),
        findings=(*_findings(inputs, rows, spreads), *steps.findings),
        frames={"external_years": years, "external_schools": pd.DataFrame(schools), **trends.frames, **steps.frames},
    )


def _subject(inputs: Inputs, code: str) -> str:
    known = inputs.subjects.subjects.get(code)
    return known.short if known else code


def _years_frame(inputs: Inputs, rows: Sequence[Row]) -> pd.DataFrame:
    """Rows `panel`, `line`, `year`, `value`, `lower`, `upper`, `series` for the two main subjects of each grade."""
    lines = {"municipality": inputs.profile.name.nominative, "country": inputs.profile.country.title}
    chosen = [
        row
        for row in rows
        if row["level"] in lines and row["subject"] in MAIN and row["value"] is not None and row["unit"] == "points"
    ]
    frame = pd.DataFrame(
        {
            "panel": [f"{ru.capitalised(_subject(inputs, r['subject']))}, {r['grade']} класс" for r in chosen],
            "line": [lines[row["level"]] for row in chosen],
            "year": [row["school_year"] for row in chosen],
            "value": [float(row["value"]) for row in chosen],
            "lower": None,
            "upper": None,
            "series": [row["series"] for row in chosen],
            "n": [row["n"] for row in chosen],
            "grade": [row["grade"] for row in chosen],
        }
    )
    return frame.sort_values(["grade", "panel", "line", "year"], kind="stable", ignore_index=True)


def _years(inputs: Inputs, frame: pd.DataFrame, spreads: Spreads) -> FigureBlock:
    return FigureBlock(
        id="external-years",
        title="Средние результаты внешних экзаменов по годам рядом со страной",
        subtitle=f"Средний балл, взвешенный по числу участников, {ru.years(frame['year'].tolist())}",
        alt="; ".join(
            f"{panel}, {line}: "
            + ", ".join(f"{y} — {ru.number(v, 1)}" for y, v in zip(g["year"], g["value"], strict=True))
            for (panel, line), g in frame.groupby(["panel", "line"], sort=False)
        )
        + ".",
        svg=charts.trend("external-years", frame, "Средний балл", percent=False),
        source=text("Источник: опубликованные результаты по школам."),
        statement=text((("" if _any_known(spreads) else UNJUDGED) + _cuts(frame)).strip()),
        how=(text("Средний балл — сумма (средний балл школы × участники), делённая на число участников."),),
        data=f"data/{inputs.direction.number}_external_years.csv",
    )


def _any_known(spreads: Spreads) -> bool:
    return any(spread.state == "estimated" for spread in spreads.values())


def _cuts(frame: pd.DataFrame) -> str:
    """Where lines are cut, and why: another scale, or years without data."""
    panels = list(frame.groupby("panel", sort=False))
    changed = [str(name) for name, part in panels if part.groupby("line")["series"].nunique().max() > 1]
    absent = [
        (name, sorted(set(range(part["year"].min(), part["year"].max())) - set(part["year"]))) for name, part in panels
    ]
    gaps = [f"{name} — {ru.years(years)}" for name, years in absent if years]
    return "".join(
        f" {reason}: {'; '.join(where)}."
        for reason, where in (("Линия прервана там, где сменилась шкала", changed), ("Нет данных за годы", gaps))
        if where
    )


def _table(inputs: Inputs, schools: Sequence[Row], rows: Sequence[Row], grade: int, spreads: Spreads) -> TableBlock:
    """Every school of one grade: main subjects with deviation from the country, the others in one column."""
    mains = [subject for subject in MAIN if any(row["subject"] == subject for row in schools)]
    others = any(row["subject"] not in mains for row in schools)
    heads = [Head("Школа", width=3.2)]
    for subject in mains:
        name = ru.capitalised(_subject(inputs, subject))
        heads += [Head(f"{name}: участников", "right"), Head(_mean_of(schools), "right"), Head("к стране", "right")]
    if others:
        heads.append(Head("Другие экзамены: средний (участников)", width=3.4))
    by_school: dict[str, list[Row]] = {}
    for row in schools:
        by_school.setdefault(str(row["group"]), []).append(row)
    ordered = sorted(by_school.values(), key=lambda part: (-sum(r["n"] or 0 for r in part), str(part[0]["group"])))
    return TableBlock(
        id=f"external-table-{grade}",
        caption=f"Школы, {grade}{ru.NBSP}класс, {inputs.settings.report_year} год: все предметы рядом со страной",
        heads=tuple(heads),
        rows=tuple(_school(inputs, part, mains, rows, others, spreads) for part in ordered),
        source=text(
            "Порядок — по числу участников. «К стране» — разность со взвешенным средним по стране; «выше» и «ниже» "
            "стоят там, где она больше погрешности."
        ),
        legend=(f"{MARKS['no_data']} — экзамен не сдавали или данных нет",),
        data=f"data/{inputs.direction.number}_external_schools.csv",
        wide=others and len(mains) > 1,
    )


def _school(
    inputs: Inputs, part: Sequence[Row], mains: Sequence[str], rows: Sequence[Row], others: bool, spreads: Spreads
) -> tuple[Cell, ...]:
    cells = [Cell(ru.organisation(str(part[0]["group_label"])))]
    for subject in mains:
        row = next((r for r in part if r["subject"] == subject and r["value"] is not None), None)
        cells += [claims.count_cell(row), claims.value_cell(row), _deviation(inputs, row, rows, spreads)]
    if others:
        rest = [r for r in part if r["subject"] not in mains and r["value"] is not None]
        said = "; ".join(f"{_subject(inputs, r['subject'])} {claims.value_text(r)} ({ru.number(r['n'])})" for r in rest)
        cells.append(Cell(said or MARKS["no_data"], tone="" if said else "muted"))
    return tuple(cells)


def _mean_of(rows: Sequence[Row]) -> str:
    """«средний балл», or «средняя оценка» where the source gives marks."""
    return "средняя оценка" if {row["unit"] for row in rows} == {"mark"} else "средний балл"


def _deviation(inputs: Inputs, row: Row | None, rows: Sequence[Row], spreads: Spreads) -> Cell:
    country = judgement.same_cell_of_level(row, rows, "country") if row else None
    if row is None or country is None:
        return Cell(MARKS["no_data"], tone="muted")
    change = float(row["value"]) - float(country["value"])
    spread, least = spreads.get((row["subject"], row["grade"])), inputs.rules.publication.compare.value
    verdict = external_spread.beside(row, country, spread, least)
    word = f", {claims.COMPARED[verdict]}" if verdict in ("higher", "lower") else ""
    return Cell(f"{claims.difference_text(row, country)}{word}", key=claims.key_of(row), sort=change)


def _findings(inputs: Inputs, rows: Sequence[Row], spreads: Spreads) -> list[Finding]:
    """One finding a grade: the main subjects beside the country, with a word where the spread of pupils is known."""
    year = inputs.settings.school_year
    own = [
        row
        for row in rows
        if row["level"] == "municipality"
        and row["school_year"] == year
        and row["subject"] in MAIN
        and row["value"] is not None
    ]
    found = []
    for grade in sorted({row["grade"] for row in own}):
        mean = _mean_of([row for row in own if row["grade"] == grade])
        said: list[str | Run] = [f"{grade}{ru.NBSP}класс, {mean}: "]
        words = []
        for row in sorted((r for r in own if r["grade"] == grade), key=lambda r: MAIN.index(r["subject"])):
            said += ["; " if len(said) > 1 else "", f"{_subject(inputs, row['subject'])} ", claims.bound(row)]
            country = judgement.same_cell_of_level(row, rows, "country")
            if country is None:
                continue
            words.append(_beside(inputs, row, country, spreads))
            said += [f" ({inputs.profile.country.title} ", claims.bound(country), f"){words[-1]}"]
        known = any(words)
        said.append("." if known else ". Разброс не опубликован, различие не оценивается.")
        strength = "разброс учеников оценён по школам" if known else "без интервала"
        found.append(Finding(f"external.{grade}", "sign", text(*said), strength, weight=0.001 - grade / 1e6))
    return found


def _beside(inputs: Inputs, row: Row, country: Row, spreads: Spreads) -> str:
    """«, выше» where the spread of pupils allows; nothing where it is unknown."""
    spread, least = spreads.get((row["subject"], row["grade"])), inputs.compare_from
    verdict = external_spread.beside(row, country, spread, least, CONFIDENCE)
    return "" if verdict == "insufficient" else f", {claims.COMPARED[verdict]}"
