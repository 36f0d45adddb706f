"""Several shares at once: a table organisation × share with a sign where an organisation differs from all the others.

Organisations stand in the order of their names; nothing is summed over shares. The sign is a verdict of the interval
at the confidence for many comparisons, so a table without signs is an honest and usual result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import judgement, parts, sensitive
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.level_tables import natural
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, TableBlock, text

Row = Mapping[str, Any]
SIGNS: Mapping[str, str] = {"higher": "▲", "lower": "▼"}
ROWS_AT_MOST = 30
NAMES_AT_MOST = 6
FEWEST = 3


@dataclass(frozen=True)
class Column:
    """One share of the newest year: the municipality, rows by organisation, and how each stands to the others."""

    indicator: str
    name: str
    own: Row
    held: Mapping[str, Row]
    hidden: Mapping[str, Row]
    verdicts: Mapping[str, str]

    def apart(self, verdict: str) -> list[Row]:
        """Organisations with this verdict in the order of their names."""
        found = [row for org, row in self.held.items() if self.verdicts[org] == verdict]
        return sorted(found, key=lambda row: natural(label(row)))


def label(row: Row) -> str:
    return ru.organisation(str(row["group_label"]))


def panel(inputs: Inputs, indicators: Sequence[str], stem: str, caption: str) -> Panel:
    """The table of the newest year, and in the analysis who differs from the others, share by share."""
    found = [column for indicator in indicators if (column := _column(inputs, indicator)) is not None]
    year = max((int(column.own["school_year"]) for column in found), default=0)
    columns = [column for column in found if column.own["school_year"] == year]
    if not columns:
        return Panel()
    return Panel(
        monitoring=(_table(inputs, columns, stem, f"{caption}, {ru.school_year(year)} учебный год"),),
        analysis=_practice(inputs, columns, stem),
        frames={stem: _frame(columns)},
    )


def _column(inputs: Inputs, indicator: str) -> Column | None:
    """None where fewer than three organisations have a value: of two each is the other's rest."""
    rows = [row for row in inputs.rows(indicator=indicator, category="") if row["value"] is not None]
    year = max((row["school_year"] for row in rows if row["level"] == "organisation"), default=None)
    now = [row for row in rows if row["school_year"] == year]
    own = next((row for row in now if row["level"] == "municipality"), None)
    every = [row for row in now if row["level"] == "organisation"]
    held = {str(row["group"]): row for row in sensitive.shown(inputs, every)}
    hidden = {str(row["group"]): row for row in every if sensitive.hidden(inputs, row)}
    if own is None or len(held) < FEWEST:
        return None
    verdicts = {
        org: judgement.against_wider(row, own, inputs.compare_from, judgement.OF_MANY) for org, row in held.items()
    }
    return Column(indicator, inputs.passports[indicator].short, own, held, hidden, verdicts)


def _table(inputs: Inputs, columns: Sequence[Column], stem: str, caption: str) -> TableBlock:
    labels = {org: label(row) for column in columns for org, row in (*column.held.items(), *column.hidden.items())}
    organisations = sorted(labels, key=lambda org: (natural(labels[org]), org))
    shown = organisations[:ROWS_AT_MOST]
    rest = len(organisations) - len(shown)
    more = f" Показаны первые {len(shown)} по алфавиту, ещё {rest} — в файле данных." if rest else ""
    whole = (Cell("Муниципалитет"), *(claims.value_cell(column.own, interval=False) for column in columns))
    lines = tuple((Cell(labels[org]), *(_cell(inputs, column, org) for column in columns)) for org in shown)
    rows = [column.own for column in columns]
    return TableBlock(
        id=stem.replace("_", "-"),
        caption=caption,
        heads=(Head("Организация", width=1.8), *(Head(ru.capitalised(column.name), "right") for column in columns)),
        rows=(whole, *lines),
        source=text(f"Организации — по алфавиту: порядок не говорит о качестве.{more}"),
        legend=_legend(inputs, columns, organisations),
        how=parts.how_counted(rows, [_definition(inputs, column.indicator) for column in columns]),
        data=f"data/{inputs.direction.number}_{stem}.csv",
        wide=len(columns) > 5,
    )


def _definition(inputs: Inputs, indicator: str) -> str:
    passport = inputs.passports[indicator]
    return f"{ru.capitalised(passport.short)}: {passport.numerator} / {passport.denominator}"


def _legend(inputs: Inputs, columns: Sequence[Column], organisations: Sequence[str]) -> tuple[str, ...]:
    gaps = any(org not in {*column.held, *column.hidden} for column in columns for org in organisations)
    hidden = any(column.hidden for column in columns)
    return (
        "▲ выше, ▼ ниже, чем в остальных организациях вместе (интервал 99,8 %)",
        "без знака — отличие не больше погрешности или участников мало",
        *([f"{MARKS['no_data']} — нет ответа или некого считать"] if gaps else []),
        *([f"{MARKS['suppressed']} — скрыто: одно из чисел {sensitive.fewer(inputs)}"] if hidden else []),
    )


def _cell(inputs: Inputs, column: Column, org: str) -> Cell:
    row = column.held.get(org)
    if org in column.hidden:
        return Cell(MARKS["suppressed"], tone="muted")
    if row is None:
        return claims.value_cell(None)
    verdict = column.verdicts[org]
    sign = SIGNS.get(verdict, "")
    tone = claims.tone(verdict, inputs.passports[column.indicator].better) if sign else ""
    shown = f"{claims.value_text(row)}{ru.NBSP}{sign}".strip()
    return Cell(shown, key=claims.key_of(row), sort=float(row["value"]), tone=tone)


def _practice(inputs: Inputs, columns: Sequence[Column], stem: str) -> tuple[TableBlock, ...]:
    """Share by share: who is under the others and who above; shares in which nobody differs are named below."""
    apart = [column for column in columns if column.apart("higher") or column.apart("lower")]
    if not apart:
        return ()
    alike = [column.name for column in columns if column not in apart]
    tail = f" Организации не отличаются друг от друга: {', '.join(alike)}." if alike else ""
    return (
        TableBlock(
            id=f"{stem}-apart".replace("_", "-"),
            caption="Какие организации отличаются от остальных",
            heads=(Head("Показатель", width=1.5), Head("Ниже остальных", width=2), Head("Выше остальных", width=2)),
            rows=tuple(
                (
                    Cell(ru.capitalised(column.name)),
                    Cell(_listed(column, "lower")),
                    Cell(_listed(column, "higher")),
                )
                for column in apart
            ),
            source=text("Группы по интервалу разности 99,8 %; внутри группы — по алфавиту."),
            statement=text(
                f"У организаций правого столбца можно узнать, как устроена работа.{tail} Отличие может объясняться "
                "составом учеников, расстоянием до партнёров и тем, как школа вела учёт: форма этого не различает."
            ),
        ),
    )


def _listed(column: Column, verdict: str) -> str:
    named = [f"{label(row)} ({claims.value_text(row)})" for row in column.apart(verdict)]
    return ru.listed(named, NAMES_AT_MOST) if named else "—"


def _frame(columns: Sequence[Column]) -> pd.DataFrame:
    """One row an organisation and share: value, bounds, numerator, denominator, verdict."""
    kept = ("school_year", "org_id", "value", "lower", "upper", "numerator", "denominator", "n")
    return pd.DataFrame(
        [
            {"indicator": column.indicator, "organisation": label(row), **{key: row[key] for key in kept}}
            | {"verdict": column.verdicts[org]}
            for column in columns
            for org, row in column.held.items()
        ]
    )
