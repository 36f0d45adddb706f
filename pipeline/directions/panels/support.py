"""Support of the listed schools: partner, centre, trained team, help on request — what there is and what not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.directions import listed, schools, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, TableBlock, Text, text

ROWS_AT_MOST = 30
# What a school may have: item, table of the form, head of the column.
KINDS: tuple[tuple[str, str, str], ...] = (
    ("network_partner", "context", "Сетевой партнёр"),
    ("growth_point", "context", "«Точка роста»"),
    ("low_results_team", "training", "Команда обучена"),
)
HELP = "shnor_help_given"


def panel(inputs: Inputs) -> Panel:
    """The table of the report year over schools of both lists; a finding where a school has no support at all."""
    year = inputs.settings.school_year
    low, hard = (listed.on(inputs, item, year) for item in (listed.LOW, listed.HARD))
    names = listed.names(inputs)
    order = schools.ordered({org: names.get(org, org) for org in low | hard})
    asked = {item: listed.answers(inputs, item, table).get(year, {}) for item, table, _ in KINDS}
    if not order or not any(asked.values()) or inputs.settings.edition != "internal":
        return Panel()
    return Panel(
        monitoring=(_table(inputs, order, names, low, hard, asked),),
        findings=tuple(_findings(order, names, asked)),
        frames={"support": _frame(order, names, asked)},
    )


def _table(
    inputs: Inputs,
    order: Sequence[str],
    names: Mapping[str, str],
    low: frozenset[str],
    hard: frozenset[str],
    asked: Mapping[str, Mapping[str, bool]],
) -> TableBlock:
    helped = {
        str(row["org_id"]): row
        for row in inputs.rows(indicator=HELP, level="organisation", school_year=inputs.settings.school_year)
    }
    return TableBlock(
        id="support",
        caption=f"Поддержка школ перечней, {ru.school_year(inputs.settings.school_year)} учебный год",
        heads=(
            Head("Школа", width=1.8),
            Head("Перечень", width=1.1),
            *(Head(title, width=1.1) for _, _, title in KINDS),
            Head("Методическая помощь по обращениям", "right", 1.4),
        ),
        rows=tuple(
            (
                Cell(names.get(org, org)),
                Cell(", ".join(word for word, on in (("ШНОР", low), ("ШНСУ", hard)) if org in on)),
                *(_yes(asked[item].get(org)) for item, _, _ in KINDS),
                claims.value_cell(helped.get(org), interval=False),
            )
            for org in order[:ROWS_AT_MOST]
        ),
        source=text(
            "Социальный паспорт и сведения об обучении за отчётный год; методическую помощь форма считает по школам "
            "перечня ШНОР. Школы — по алфавиту."
        ),
        statement=_statement(order, names, asked),
        legend=(f"{MARKS['no_data']} — нет ответа или некого считать",),
        data=f"data/{inputs.direction.number}_support.csv",
    )


def _yes(answer: bool | None) -> Cell:
    if answer is None:
        return Cell(MARKS["no_data"], tone="muted")
    return Cell("✓ есть" if answer else "✗ нет", tone="ok" if answer else "warning")


def _without(order: Sequence[str], asked: Mapping[str, Mapping[str, bool]]) -> list[str]:
    """Schools that answered every question about support with no."""
    return [org for org in order if all(found.get(org) is False for found in asked.values())]


def _statement(order: Sequence[str], names: Mapping[str, str], asked: Mapping[str, Mapping[str, bool]]) -> Text:
    number = {item: ru.number(sum(found.get(org, False) for org in order)) for item, found in asked.items()}
    has = [f"{title[:1].lower()}{title[1:]} — у {number[item]}" for item, _, title in KINDS]
    bare = [names.get(org, org) for org in _without(order, asked)]
    said = f"Из {ru.counted(len(order), 'школы', 'школ', 'школ')} перечней: {'; '.join(has)}."
    if bare:
        said += f" Нет ни одного вида поддержки: {ru.listed(bare, 6)}."
    return text(f"{said} Наличие поддержки — охват, а не действие: помогла ли она, показывают только результаты.")


def _findings(order: Sequence[str], names: Mapping[str, str], asked: Mapping[str, Mapping[str, bool]]) -> list[Finding]:
    return [
        Finding(
            id=f"support.{org}",
            kind="deficit",
            statement=text(
                f"{names.get(org, org)}: школа стоит в перечне, но у неё нет ни сетевого партнёра, ни центра «Точка "
                "роста», ни обученной команды."
            ),
            strength="ответы школы",
            org_id=org,
            weight=weight.GAP / 2,
        )
        for org in _without(order, asked)
    ]


def _frame(order: Sequence[str], names: Mapping[str, str], asked: Mapping[str, Mapping[str, bool]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "org_id": org,
                "organisation": names.get(org, org),
                **{item: found.get(org) for item, found in asked.items()},
            }
            for org in order
        ]
    )
