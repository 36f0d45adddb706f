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
from pipeline.presentation.blocks import MARKS, Cell, Head, TableBlock, Tone, text

Row = Mapping[str, Any]
BESIDE: Mapping[str, str] = {"higher": "выше", "lower": "ниже"}  # of shares that are neither better nor worse
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
    better: str

    def tone(self, org: str) -> Tone:
        """better, worse or nothing: no difference and a neutral share have no colour."""
        verdict = self.verdicts[org]
        return claims.tone(verdict, self.better) if verdict in BESIDE else ""

    def apart(self, tone: Tone) -> list[Row]:
        """Organisations that differ to this side, in the order of their names."""
        found = [row for org, row in self.held.items() if self.tone(org) == tone]
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
    passport = inputs.passports[indicator]
    return Column(indicator, passport.short, own, held, hidden, _verdicts(inputs, own, held), passport.better)


def _verdicts(inputs: Inputs, own: Row, held: Mapping[str, Row]) -> dict[str, str]:
    return {org: judgement.against_wider(row, own, inputs.compare_from, judgement.OF_MANY) for org, row in held.items()}


def _table(inputs: Inputs, columns: Sequence[Column], stem: str, caption: str) -> TableBlock:
    labels = {org: label(row) for column in columns for org, row in (*column.held.items(), *column.hidden.items())}
    organisations = sorted(labels, key=lambda org: (natural(labels[org]), org))
    shown = organisations[:ROWS_AT_MOST]
    rest = len(organisations) - len(shown)
    more = f" Показаны первые {len(shown)} по алфавиту, ещё {rest} — в файле данных." if rest else ""
    whole = (Cell("Муниципалитет"), *(claims.value_cell(column.own, interval=False) for column in columns))
    lines = tuple((Cell(labels[org]), *(_cell(column, org) for column in columns)) for org in shown)
    rows = [column.own for column in columns]
    return TableBlock(
        id=stem.replace("_", "-"),
        caption=caption,
        heads=(Head("Организация", width=1.8), *(Head(ru.capitalised(column.name), "right") for column in columns)),
        rows=(whole, *lines),
        source=text(f"Организации — по алфавиту: порядок не говорит о качестве.{more}"),
        statement=text(_outcome(columns)),
        legend=_legend(inputs, columns, organisations),
        how=parts.how_counted(rows, [_definition(inputs, column.indicator) for column in columns]),
        data=f"data/{inputs.direction.number}_{stem}.csv",
        wide=len(columns) > 6,
    )


def _outcome(columns: Sequence[Column]) -> str:
    """In how many shares somebody differs from the others."""
    apart = [column.name for column in columns if any(verdict in BESIDE for verdict in column.verdicts.values())]
    if not apart:
        return "Ни по одному показателю организации не отличаются друг от друга больше погрешности."
    return f"Больше погрешности организации отличаются от остальных по показателям: {', '.join(apart)}."


def _definition(inputs: Inputs, indicator: str) -> str:
    passport = inputs.passports[indicator]
    return f"{ru.capitalised(passport.short)}: {passport.numerator} / {passport.denominator}"


def _legend(inputs: Inputs, columns: Sequence[Column], organisations: Sequence[str]) -> tuple[str, ...]:
    gaps = any(org not in {*column.held, *column.hidden} for column in columns for org in organisations)
    hidden = any(column.hidden for column in columns)
    return (
        "знак — отличие от остальных организаций вместе больше погрешности (интервал 99,8 %)",
        "без знака — такого отличия нет или участников мало",
        *([f"{MARKS['no_data']} — нет ответа или некого считать"] if gaps else []),
        *([f"{MARKS['suppressed']} — скрыто: одно из чисел {sensitive.fewer(inputs)}"] if hidden else []),
    )


def _cell(column: Column, org: str) -> Cell:
    row = column.held.get(org)
    if org in column.hidden:
        return Cell(MARKS["suppressed"], tone="muted")
    if row is None:
        return claims.value_cell(None)
    tone = column.tone(org)
    word = BESIDE.get(column.verdicts[org], "") if not tone else ""  # a tone brings its own sign
    shown = f"{claims.value_text(row)} {word}".strip()
    return Cell(shown, key=claims.key_of(row), sort=float(row["value"]), tone=tone)


def _practice(inputs: Inputs, columns: Sequence[Column], stem: str) -> tuple[TableBlock, ...]:
    """Share by share: who is under the others and who above; shares in which nobody differs are named below."""
    apart = [column for column in columns if column.apart("better") or column.apart("worse")]
    if not apart:
        return ()
    alike = [column.name for column in columns if column not in apart]
    tail = f" Организации не отличаются друг от друга: {', '.join(alike)}." if alike else ""
    return (
        TableBlock(
            id=f"{stem}-apart".replace("_", "-"),
            caption="Какие организации отличаются от остальных",
            heads=(Head("Показатель", width=1.5), Head("Показатель хуже", width=2), Head("Показатель лучше", width=2)),
            rows=tuple(
                (
                    Cell(ru.capitalised(column.name)),
                    Cell(_listed(column, "worse")),
                    Cell(_listed(column, "better")),
                )
                for column in apart
            ),
            source=text("Группы — те же, что отмечены знаком в таблице выше; внутри группы — по алфавиту."),
            statement=text(
                f"У организаций правого столбца можно узнать, как устроена работа.{tail} Отличие — повод спросить, а "
                "не вывод: на мероприятия ходят целыми группами, поэтому организации различаются сильнее, чем "
                "разошлись бы независимые участники; причиной бывает и состав детей, и расстояние до партнёров, и то, "
                "как вели учёт."
            ),
        ),
    )


def _listed(column: Column, tone: Tone) -> str:
    named = [f"{label(row)} ({claims.value_text(row)})" for row in column.apart(tone)]
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
