"""Official lists of schools over the years: who entered, left, stayed. A list is set by an act, not counted here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.directions import listed, schools, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.listed import Answers
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Block, Cell, Head, Paragraphs, Run, TableBlock, Text, text

YEARS_AT_MOST = 5
ROWS_AT_MOST = 30
LISTS: Mapping[str, str] = {listed.LOW: "● ШНОР", listed.HARD: "◆ ШНСУ"}
CHANGES = ("shnor_entered", "shnor_left", "shnor_stayed")
BY_CHANCE = (
    "Часть школ входит в перечень и выходит из него потому, что год был случайно неудачным или удачным: без сравнения "
    "с похожими школами выход не доказывает, что помогла поддержка."
)


def panel(inputs: Inputs) -> Panel:
    """A table of the schools that were ever listed, and what changed in the report year."""
    asked = {item: listed.answers(inputs, item) for item in LISTS}
    years = sorted({year for found in asked.values() for year in found})[-YEARS_AT_MOST:]
    if not years:
        return Panel()
    ever = {org for found in asked.values() for year in years for org, yes in found.get(year, {}).items() if yes}
    names = listed.names(inputs)
    shown = schools.ordered({org: names.get(org, org) for org in ever})
    blocks: list[Block] = [Paragraphs((_counts(inputs),))] if _totals(inputs) else []
    if shown and inputs.settings.edition == "internal":
        blocks.append(_table(inputs, asked, years, shown, names))
    return Panel(
        monitoring=tuple(blocks),
        analysis=(Paragraphs((text(BY_CHANCE),)),) if any(_value(inputs, one) for one in CHANGES) else (),
        findings=tuple(_findings(inputs, asked[listed.LOW], names)),
        frames={"lists": _frame(asked, years, shown, names)},
    )


def _totals(inputs: Inputs) -> list[claims.Row]:
    """Numbers of listed schools of the report year."""
    year = inputs.settings.school_year
    ids = ("shnor_schools", *CHANGES, "shnsu_schools")
    found = {
        row["indicator"]: row for row in inputs.rows(indicator=ids, level="municipality", school_year=year, category="")
    }
    return [found[one] for one in ids if one in found and found[one]["value"] is not None]


def _value(inputs: Inputs, indicator: str) -> float:
    return next((float(row["value"]) for row in _totals(inputs) if row["indicator"] == indicator), 0.0)


def _counts(inputs: Inputs) -> Text:
    """«Школы в перечне ШНОР: 1; вошли …: 0; …»"""
    runs: list[str | Run] = []
    for row in _totals(inputs):
        runs += ["; " if runs else "", f"{inputs.passports[str(row['indicator'])].short} — ", claims.bound(row)]
    first = runs[1]
    return text(ru.capitalised(str(first)), *runs[2:], ".")


def _table(
    inputs: Inputs, asked: Mapping[str, Answers], years: Sequence[int], shown: Sequence[str], names: Mapping[str, str]
) -> TableBlock:
    rest = len(shown) - ROWS_AT_MOST
    return TableBlock(
        id="school-lists",
        caption="Школы, стоявшие в перечнях ШНОР и ШНСУ",
        heads=(Head("Школа", width=1.8), *(Head(ru.school_year(year)) for year in years)),
        rows=tuple(
            (Cell(names.get(org, org)), *(_cell(asked, year, org) for year in years)) for org in shown[:ROWS_AT_MOST]
        ),
        source=text(
            "По ответам школ в социальном паспорте; номер и дата приказа — в реестре документов. Школы — по алфавиту."
            + (f" Ещё {ru.number(rest)} — в файле данных." if rest > 0 else "")
        ),
        legend=(
            "● ШНОР — в перечне школ с низкими результатами",
            "◆ ШНСУ — в перечне школ в неблагоприятных условиях",
            f"{MARKS['blank']} — в перечнях нет; {MARKS['no_data']} — школа не ответила или не работала",
        ),
        data=f"data/{inputs.direction.number}_lists.csv",
    )


def _cell(asked: Mapping[str, Answers], year: int, org: str) -> Cell:
    said = [found.get(year, {}).get(org) for found in asked.values()]
    if all(one is None for one in said):
        return Cell(MARKS["no_data"], tone="muted")
    words = [word for word, one in zip(LISTS.values(), said, strict=True) if one]
    return Cell(" ".join(words) or MARKS["blank"], tone="" if words else "muted")


def _findings(inputs: Inputs, asked: Answers, names: Mapping[str, str]) -> list[Finding]:
    """Who entered, stayed and left in the report year, each with the number of the municipality."""
    year = inputs.settings.school_year
    now, before = asked.get(year, {}), asked.get(year - 1, {})
    moved = {
        "shnor_entered": ("problem", [org for org, yes in now.items() if yes and before.get(org) is False]),
        "shnor_stayed": ("problem", [org for org, yes in now.items() if yes and before.get(org)]),
        "shnor_left": ("sign", [org for org, yes in before.items() if yes and now.get(org) is False]),
    }
    rows = {str(row["indicator"]): row for row in _totals(inputs)}
    found = []
    for indicator, (kind, orgs) in moved.items():
        if not orgs or indicator not in rows:
            continue
        named = ru.listed([names.get(org, org) for org in sorted(orgs)], 6)
        who = f" ({named})" if inputs.settings.edition == "internal" else ""
        title = ru.capitalised(inputs.passports[indicator].short)
        found.append(
            Finding(
                id=indicator,
                kind=kind,
                statement=text(f"{title}: ", claims.bound(rows[indicator]), f"{who}."),
                strength="перечень по приказу",
                org_id=orgs[0] if len(orgs) == 1 else None,
                weight=weight.GAP / 2,
            )
        )
    return found


def _frame(
    asked: Mapping[str, Answers], years: Sequence[int], shown: Sequence[str], names: Mapping[str, str]
) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"org_id": org, "organisation": names.get(org, org), "school_year": year, "list": item, "listed": yes}
            for item, found in asked.items()
            for year in years
            for org in shown
            if (yes := found.get(year, {}).get(org)) is not None
        ]
    )
