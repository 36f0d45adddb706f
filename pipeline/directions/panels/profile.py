"""A profile of organisations: which questions each answers with yes, which shares it has. Never a rating or a sum.

Rows are organisations of one kind in the order of their names, columns are indicators in the order of components.
Nothing is counted over a row: a number of filled circles would be a rating in disguise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import parts, sensitive, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import definition
from pipeline.directions.panels.level_tables import natural
from pipeline.directions.panels.marks import wrapped
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Block, Cell, FigureBlock, Head, TableBlock, text
from pipeline.presentation.grid import Spot, grid

Row = Mapping[str, Any]
ROWS_AT_MOST = 30
NAMES_AT_MOST = 6
LEGEND = (
    "закрашенный кружок — да, пустой — нет; число — доля в процентах, «3/17» — части малого целого, "
    f"{MARKS['no_data']} — нет данных"
)
KINDS_OF_LEAST: Mapping[str, str] = {
    "yes": "Меньше всего ответов «да» в профиле",
    "plan": "Меньше всего из намеченного выполнено",
}


@dataclass(frozen=True)
class Component:
    """A side of the work and its indicators; `complete` are those that should hold fully (facts, plans carried out)."""

    title: str
    indicators: tuple[str, ...]
    complete: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One indicator in the newest year of the profile: rows of organisations by id."""

    indicator: str
    fact: bool
    rows: Mapping[str, Row]


def panel(inputs: Inputs, components: Sequence[Component], stem: str, title: str) -> Panel:
    """A grid for each kind of organisations, then by component what is lacking and where. `title` names the profile."""
    names = [indicator for component in components for indicator in component.indicators]
    rows = [row for row in inputs.rows(indicator=tuple(names), level="organisation") if row["value"] is not None]
    if not rows:
        return Panel()
    year = max(int(row["school_year"]) for row in rows)
    now = [row for row in rows if row["school_year"] == year]
    columns = [column for name in names for column in _columns(name, now)]
    groups = enumerate(kinds(inputs, now), start=1)
    named = [
        (f"{stem}_{place}", f"{title} ({kind.lower()})" if kind else title, orgs) for place, (kind, orgs) in groups
    ]
    figures = tuple(_figure(inputs, columns, name, words, orgs, stem, year) for name, words, orgs in named)
    table = _lacking(inputs, components, now, stem, year)
    return Panel(
        monitoring=figures,
        analysis=table,
        findings=_findings(inputs, components, now, stem),
        frames={stem: _frame(inputs, now), **_lacking_frame(inputs, components, now, stem)},
    )


def _columns(indicator: str, now: Sequence[Row]) -> list[Column]:
    """One column an indicator; subjects of an exam each their own."""
    own = [row for row in now if row["indicator"] == indicator and row["kind"] == "share"]
    subjects = dict.fromkeys((str(row["subject"]), str(row["category"])) for row in own)
    found = []
    for place in subjects:
        rows = {str(row["group"]): row for row in own if (str(row["subject"]), str(row["category"])) == place}
        found.append(Column(indicator, claims.is_fact(next(iter(rows.values()))), rows))
    return found


def kinds(inputs: Inputs, rows: Sequence[Row]) -> list[tuple[str, list[str]]]:
    """Organisations by the kind that the register names, small groups first, each in the order of names: kind → ids."""
    register = inputs.clean["organisations"]
    words = dict(zip(register["org_id"], register["org_type"].fillna(""), strict=True)) if len(register) else {}
    labels = {str(row["group"]): str(row["group_label"]) for row in rows}
    found: dict[str, list[str]] = {}
    for org in sorted(labels, key=lambda org: natural(ru.organisation(labels[org]))):
        found.setdefault(str(words.get(org, "")), []).append(org)
    return sorted(found.items(), key=lambda item: (len(item[1]), item[0]))


def _figure(
    inputs: Inputs, columns: Sequence[Column], name: str, title: str, orgs: Sequence[str], stem: str, year: int
) -> FigureBlock:
    shown = list(orgs)[:ROWS_AT_MOST]
    held = [column for column in columns if any(org in column.rows for org in shown)]
    rows = [column.rows[org] for column in held for org in shown if org in column.rows]
    labels = {str(row["group"]): str(row["group_label"]) for row in rows}
    shown = [org for org in shown if org in labels]
    spots = [[_spot(inputs, column, org) for column in held] for org in shown]
    cut = f"; показаны первые {len(shown)} из {len(orgs)} по алфавиту" if len(shown) < len(orgs) else ""
    few = f", «<» — {sensitive.fewer(inputs)} детей" if any(sensitive.hidden(inputs, row) for row in rows) else ""
    return FigureBlock(
        id=name.replace("_", "-"),
        title=f"{title}: {_full(held, shown)}",
        subtitle=f"{ru.school_year(year)} учебный год; {LEGEND}{few}; порядок — по алфавиту{cut}",
        alt=_alt(inputs, held, shown, labels),
        svg=grid(name, [wrapped(labels[org]) for org in shown], [_head(inputs, column) for column in held], spots),
        source=parts.source_line(rows),
        statement=text("Кружки по строке не складываются: это профиль, а не рейтинг."),
        how=tuple(text(definition(inputs.passports[c.indicator])) for c in held),
        data=f"data/{inputs.direction.number}_{stem}.csv",
    )


def _head(inputs: Inputs, column: Column) -> str:
    row = next(iter(column.rows.values()))
    subject = inputs.subjects.subjects.get(str(row["subject"]))
    short = inputs.passports[column.indicator].short
    return ", ".join(filter(None, (ru.capitalised(short), subject.short if subject else "")))


def _spot(inputs: Inputs, column: Column, org: str) -> Spot:
    row = column.rows.get(org)
    if row is None:
        return Spot(words=MARKS["no_data"])
    if sensitive.hidden(inputs, row):
        return Spot(words=f"<{inputs.rules.publication.print_count_sensitive.value}")
    if column.fact:
        return Spot(yes=bool(row["value"] == 1))
    if claims.few(row) and row["numerator"] is not None:
        return Spot(words=f"{ru.number(row['numerator'])}/{ru.number(row['denominator'])}")
    return Spot(words=ru.number(float(row["value"]) * 100))


def _alt(inputs: Inputs, columns: Sequence[Column], orgs: Sequence[str], labels: Mapping[str, str]) -> str:
    said = []
    for org in orgs:
        cells = [f"{_head(inputs, column)} — {_words(_spot(inputs, column, org))}" for column in columns]
        said.append(f"{ru.organisation(labels[org])}: {', '.join(cells)}")
    return "; ".join(said) + "."


def _words(spot: Spot) -> str:
    return spot.words if spot.yes is None else "да" if spot.yes else "нет"


def _full(columns: Sequence[Column], orgs: Sequence[str]) -> str:
    """How many yes-or-no questions everybody answered with yes."""
    facts = [column for column in columns if column.fact]
    full = sum(all(column.rows[org]["value"] == 1 for org in orgs if org in column.rows) for column in facts)
    if not facts:
        return "доли организаций"
    return f"у всех «да» на {ru.number(full)} из {ru.counted(len(facts), 'вопроса', 'вопросов', 'вопросов')}"


def lacking(inputs: Inputs, indicator: str, now: Sequence[Row]) -> list[Row]:
    """Organisations where what should hold fully does not, by name; of few children none is named."""
    own = [row for row in now if row["indicator"] == indicator and row["value"] < 1]
    return sorted(sensitive.shown(inputs, own), key=lambda row: natural(ru.organisation(str(row["group_label"]))))


def _lacking(
    inputs: Inputs, components: Sequence[Component], now: Sequence[Row], stem: str, year: int
) -> tuple[Block, ...]:
    """By component: the indicators that do not hold fully, in how many organisations, and in which."""
    lines = [
        (component, indicator, found, sum(row["indicator"] == indicator for row in now))
        for component in components
        for indicator in component.complete
        if (found := lacking(inputs, indicator, now))
    ]
    if not lines:
        return ()
    return (
        TableBlock(
            id=f"{stem}-lacking".replace("_", "-"),
            caption=f"Что выполнено не полностью и где, {ru.school_year(year)} учебный год",
            heads=(
                Head("Составляющая", width=1.5),
                Head("Показатель", width=1.5),
                Head("Организаций", "right", 0.9),
                Head("Где", width=2.8),
            ),
            rows=tuple(_line(inputs, *line) for line in lines),
            source=text("Группы, а не места: внутри строки организации стоят по алфавиту. Ответы даны организациями."),
            statement=text(
                "Опыт остальных организаций той же строки можно перенять: у них показатель выполнен полностью."
            ),
            data=f"data/{inputs.direction.number}_{stem}_lacking.csv",
        ),
    )


def _line(inputs: Inputs, component: Component, indicator: str, found: Sequence[Row], asked: int) -> tuple[Cell, ...]:
    names = ru.listed([_named(row) for row in found], NAMES_AT_MOST)
    return (
        Cell(component.title),
        Cell(ru.capitalised(inputs.passports[indicator].short)),
        Cell(ru.part(len(found), asked), sort=len(found)),
        Cell(names),
    )


def _named(row: Row) -> str:
    """The organisation and, of a plan, what is done of it."""
    name = ru.organisation(str(row["group_label"]))
    if claims.is_fact(row) or row["numerator"] is None:
        return name
    return f"{name} ({ru.part(row['numerator'], row['denominator'])})"


def _findings(inputs: Inputs, components: Sequence[Component], now: Sequence[Row], stem: str) -> tuple[Finding, ...]:
    """The yes that is rarest and the plan that is least carried out, each with the share of the municipality."""
    complete = [indicator for component in components for indicator in component.complete]
    year = int(now[0]["school_year"])
    found = []
    for kind, start in KINDS_OF_LEAST.items():
        chosen = tuple(
            i for i in complete if any(row["indicator"] == i for row in now) and _of_facts(i, now) == (kind == "yes")
        )
        rows = inputs.rows(indicator=chosen, level="municipality", school_year=year)
        held = [row for row in rows if row["value"] is not None and row["value"] < 1]
        if held:
            found.append(_least(inputs, min(held, key=lambda row: float(row["value"])), start, f"{stem}.{kind}"))
    return tuple(found)


def _least(inputs: Inputs, row: Row, start: str, identifier: str) -> Finding:
    title = inputs.passports[str(row["indicator"])].title
    return Finding(
        id=identifier,
        kind="deficit",
        statement=text(f"{start}: {title[:1].lower()}{title[1:]}, — ", claims.bound(row), "."),
        strength="сведения организаций",
        weight=weight.GAP,
    )


def _of_facts(indicator: str, now: Sequence[Row]) -> bool:
    return any(row["indicator"] == indicator and claims.is_fact(row) for row in now)


def _frame(inputs: Inputs, now: Sequence[Row]) -> pd.DataFrame:
    """Every cell of the profile; few children of a protected group only as «менее 10»."""
    return pd.DataFrame(
        [
            {
                "organisation": row["group_label"],
                "org_id": row["org_id"],
                "indicator": row["indicator"],
                "title": inputs.passports[str(row["indicator"])].title,
                "subject": row["subject"],
                "school_year": row["school_year"],
                **(
                    {"said": sensitive.fewer(inputs)}
                    if sensitive.hidden(inputs, row)
                    else {name: row[name] for name in ("value", "numerator", "denominator", "lower", "upper")}
                ),
            }
            for row in now
        ]
    )


def _lacking_frame(
    inputs: Inputs, components: Sequence[Component], now: Sequence[Row], stem: str
) -> dict[str, pd.DataFrame]:
    rows = [
        {"component": component.title, "indicator": indicator, "organisation": _named(row), "org_id": row["org_id"]}
        for component in components
        for indicator in component.complete
        for row in lacking(inputs, indicator, now)
    ]
    return {f"{stem}_lacking": pd.DataFrame(rows)} if rows else {}
