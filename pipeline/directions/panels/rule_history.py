"""The formal rule over the years: who would have entered and left, and who would have left with nothing changed.

A school crosses the line by a bad year and comes back under it by itself. How likely that was is told from the year
before: the shares shrunk to those of all schools, thrown again over the participants of the next year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.directions.panels.rule_reading import Found, Reading
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, TableBlock, text

YEARS_AT_MOST = 5
ROWS_AT_MOST = 30
OFTEN = 0.5  # from this probability an exit is what chance alone would bring
ENTERED, STAYED, LEFT = "вошла", "осталась", "вышла"
Years = Mapping[int, Mapping[str, Found]]


@dataclass(frozen=True)
class Move:
    """What happened to a school from the year before: word, and the chance to leave if nothing had changed."""

    word: str
    leaves: float | None = None


def panel(inputs: Inputs, reading: Reading) -> Panel:
    """The table of schools that the rule ever finds; nothing with one year, nobody found, or in the public edition."""
    last = inputs.settings.school_year
    years = {year: reading.of_year(year) for year in reading.years(last)[-YEARS_AT_MOST:]}
    ever = [org for org in reading.of_year(last) if any(found[org].any for found in years.values() if org in found)]
    if len(years) < 2 or not ever or inputs.settings.edition != "internal":
        return Panel()
    moves = {org: _move(reading, years, org, last) for org in ever}
    return Panel(
        monitoring=(_table(inputs, reading, years, ever, moves),),
        frames={f"rule_{reading.rule.id}_years": _frame(years, ever, moves)},
    )


def _move(reading: Reading, years: Years, org: str, year: int) -> Move:
    """By the strict reading, between the last year and the one before it."""
    now, before = years.get(year, {}).get(org), years.get(year - 1, {}).get(org)
    if now is None or before is None or not (now.all or before.all):
        return Move("")
    if now.all and not before.all:
        return Move(ENTERED)
    return Move(STAYED if now.all else LEFT, 1 - reading.stays(org, year))


def _table(
    inputs: Inputs, reading: Reading, years: Years, ever: Sequence[str], moves: Mapping[str, Move]
) -> TableBlock:
    rule = reading.rule
    return TableBlock(
        id=f"rule-{rule.id}-years".replace("_", "-"),
        caption="Формальный признак по годам, если применять одно и то же правило",
        heads=(
            Head("Школа", width=1.5),
            *(Head(ru.school_year(year)) for year in years),
            Head("К прошлому году", width=1.6),
        ),
        rows=tuple(
            (
                Cell(reading.names[org]),
                *(_cell(found.get(org)) for found in years.values()),
                Cell(_words(moves[org]), sort=moves[org].leaves),
            )
            for org in ever[:ROWS_AT_MOST]
        ),
        source=text("Таблица показателей. Школы — по алфавиту; показаны те, у кого признак был хотя бы в одном году."),
        statement=text(_statement(reading, moves)),
        how=(
            text(
                "Вероятность выйти без перемен: доли прошлого года стянуты к долям всех школ и разыграны на числе "
                "участников отчётного года (бета-биномиальное предсказание)."
            ),
        ),
        legend=(
            "● признак есть; ○ зависит от прочтения правила",
            f"{MARKS['blank']} — признака нет; {MARKS['no_data']} — результатов нет",
        ),
        data=f"data/{inputs.direction.number}_rule_{rule.id}_years.csv",
    )


def _cell(found: Found | None) -> Cell:
    if found is None:
        return Cell(MARKS["no_data"], tone="muted")
    if not found.any:
        return Cell(MARKS["blank"], tone="muted")
    return Cell("● есть" if found.all else "○ зависит")


def _words(move: Move) -> str:
    if not move.word:
        return MARKS["blank"]
    if move.leaves is None:
        return move.word
    return f"{move.word}; без перемен вышла бы с вероятностью {ru.number(move.leaves, 2)}"


def _statement(reading: Reading, moves: Mapping[str, Move]) -> str:
    entered, stayed, left = (
        [org for org, move in moves.items() if move.word == word] for word in (ENTERED, STAYED, LEFT)
    )
    said = (
        f"По этому правилу за год вошло {ru.number(len(entered))}, осталось {ru.number(len(stayed))}, вышло "
        f"{ru.number(len(left))} (строгое прочтение)."
    )
    alone = [reading.names[org] for org in left if (moves[org].leaves or 0.0) >= OFTEN]
    if alone:
        said += (
            f" Выход ({ru.listed(alone, 6)}) случился бы, скорее всего, и без перемен: это возврат к среднему, а не "
            "доказательство действия поддержки."
        )
    return said


def _frame(years: Years, ever: Sequence[str], moves: Mapping[str, Move]) -> pd.DataFrame:
    last = max(years)
    return pd.DataFrame(
        [
            {
                "org_id": org,
                "organisation": one.name,
                "school_year": year,
                "flag_strict": one.all,
                "flag_wide": one.any,
                "probability": one.probability,
                "move": moves[org].word if year == last else "",
                "leaves_by_chance": moves[org].leaves if year == last else None,
            }
            for org in ever
            for year, found in years.items()
            if (one := found.get(org)) is not None
        ]
    )
