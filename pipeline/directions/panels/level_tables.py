"""Tables of ordinal levels: organisation × area, whose level changed, who may share a practice and who needs one.

Organisations stand in the order of their names. Nothing is summed over areas: a sum of levels would be a mean in
disguise, and an order by it a rank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import category_of
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, TableBlock, text

Row = Mapping[str, Any]
FULL, HOLLOW = "●", "○"
ROWS_AT_MOST = 30
NAMES_AT_MOST = 6


@dataclass(frozen=True)
class Base:
    """The level that every organisation should reach, and how the levels beside it are spoken of."""

    level: int
    below: str = "ниже базового уровня"
    above: str = "выше базового уровня"


def grid(inputs: Inputs, indicators: Sequence[str], year: int, stem: str, title: str) -> tuple[TableBlock, ...]:
    """Organisation × area: a row of circles and the level's word in each cell; no organisation, no table."""
    found = held(inputs, indicators, year)
    if not found:
        return ()
    organisations = sorted({org for levels in found.values() for org in levels}, key=_order(found))
    shown = organisations[:ROWS_AT_MOST]
    rest = len(organisations) - len(shown)
    note = f" Показаны первые {len(shown)} по алфавиту, ещё {rest} — в файле данных." if rest else ""
    rows = tuple((Cell(_label(found, org)), *(_cell(inputs, found[i].get(org)) for i in found)) for org in shown)
    return (
        TableBlock(
            id=f"{stem}-organisations".replace("_", "-"),
            caption=f"{title} по организациям, {ru.school_year(year)} учебный год",
            heads=(Head("Организация", width=1.7), *(Head(ru.capitalised(_short(inputs, i))) for i in found)),
            rows=rows,
            source=text(f"Организации — по алфавиту: порядок не говорит о качестве.{note}"),
            legend=(_key(inputs, indicators[0]), f"{MARKS['no_data']} — нет ответа", "× — не оценивали"),
            data=f"data/{inputs.direction.number}_{stem}_organisations.csv",
            wide=len(found) > 4,
        ),
    )


def moves(inputs: Inputs, indicators: Sequence[str], year: int, stem: str) -> tuple[TableBlock, ...]:
    """How many organisations with a level in both years have another one now: counted, not averaged."""
    now, before = held(inputs, indicators, year), held(inputs, indicators, year - 1)
    lines = [(i, _pairs(now[i], before.get(i, {}))) for i in now]
    if not any(pairs for _, pairs in lines):
        return ()
    rows = tuple(
        (
            Cell(ru.capitalised(_short(inputs, i))),
            *(_amount(sum(test(*pair) for pair in pairs)) for test in (_lower, _same, _higher)),
            _amount(sum(row["value"] is not None for row in now[i].values()) - len(pairs)),
        )
        for i, pairs in lines
    )
    return (
        TableBlock(
            id=f"{stem}-moves".replace("_", "-"),
            caption=f"Уровень тех же организаций: {ru.school_year(year)} к {ru.school_year(year - 1)}",
            heads=(
                Head("Область", width=2.2),
                Head("Ниже, чем год назад", "right"),
                Head("Тот же", "right"),
                Head("Выше, чем год назад", "right"),
                Head("Год назад уровня нет", "right"),
            ),
            rows=rows,
            source=text("Посчитаны организации, а не ступени: расстояние между уровнями не определено."),
            statement=text(
                "Уровень мог стать другим и оттого, что сменились эксперты или вид оценки (внутренняя, внешняя): "
                "данные этого не различают."
            ),
        ),
    )


def practice(inputs: Inputs, indicators: Sequence[str], year: int, base: Base, stem: str) -> tuple[TableBlock, ...]:
    """By area: the organisations under the base level, and those above it whose practice they could look at."""
    found = held(inputs, indicators, year)
    lines = []
    for indicator, levels in found.items():
        under = [row for row in levels.values() if row["value"] is not None and int(row["category"]) < base.level]
        above = [row for row in levels.values() if row["value"] is not None and int(row["category"]) > base.level]
        if under:
            names = Cell(_names(under, inputs)), Cell(_names(above, inputs) if above else "таких нет в муниципалитете")
            lines.append((Cell(ru.capitalised(_short(inputs, indicator))), *names))
    if not lines:
        return ()
    return (
        TableBlock(
            id=f"{stem}-practice".replace("_", "-"),
            caption="Кому нужна помощь и чья практика может подойти, по областям",
            heads=(
                Head("Область", width=1.3),
                Head(ru.capitalised(base.below), width=2),
                Head(ru.capitalised(base.above), width=2),
            ),
            rows=tuple(lines),
            source=text("Группы по уровню; внутри группы — по алфавиту."),
            statement=text(
                "Перенять практику можно там, где условия похожи: состав групп, кадры и помещения "
                "сверяют сами организации."
            ),
        ),
    )


def frames(inputs: Inputs, indicators: Sequence[str], stem: str) -> dict[str, pd.DataFrame]:
    """Every organisation and area of every year: the level as a code and as a word."""
    rows = [
        {
            "organisation": row["group_label"],
            "org_id": row["org_id"],
            "area": inputs.passports[str(row["indicator"])].short,
            "school_year": row["school_year"],
            "level": row["category"],
            "word": category_of(inputs, row) if row["value"] is not None else "",
            "status": row["status"],
        }
        for row in inputs.rows(indicator=tuple(indicators), level="organisation")
    ]
    return {f"{stem}_organisations": pd.DataFrame(rows)} if rows else {}


def held(inputs: Inputs, indicators: Sequence[str], year: int) -> dict[str, dict[str, Row]]:
    """Rows of organisations in a year by indicator and organisation; areas nobody answered about are left out."""
    found: dict[str, dict[str, Row]] = {}
    for indicator in indicators:
        rows = inputs.rows(indicator=indicator, level="organisation", school_year=year)
        if any(row["value"] is not None for row in rows):
            found[indicator] = {str(row["group"]): row for row in rows}
    return found


def _pairs(now: Mapping[str, Row], before: Mapping[str, Row]) -> list[tuple[int, int]]:
    """(level now, level a year before) of organisations with both, on one scale."""
    both = ((now[org], before[org]) for org in now if org in before)
    return [
        (int(new["category"]), int(old["category"]))
        for new, old in both
        if new["value"] is not None and old["value"] is not None and new["series"] == old["series"]
    ]


def _lower(now: int, before: int) -> bool:
    return now < before


def _same(now: int, before: int) -> bool:
    return now == before


def _higher(now: int, before: int) -> bool:
    return now > before


def _amount(count: int) -> Cell:
    return Cell(ru.number(count), sort=count)


def _short(inputs: Inputs, indicator: str) -> str:
    return inputs.passports[indicator].short


def _names(rows: Sequence[Row], inputs: Inputs) -> str:
    ordered = sorted((ru.organisation(str(row["group_label"])) for row in rows), key=natural)
    return ru.listed(ordered, NAMES_AT_MOST)


def _label(found: Mapping[str, Mapping[str, Row]], org: str) -> str:
    row = next(levels[org] for levels in found.values() if org in levels)
    return ru.organisation(str(row["group_label"]))


def _order(found: Mapping[str, Mapping[str, Row]]) -> Callable[[str], list[tuple[int, int, str]]]:
    return lambda org: natural(_label(found, org))


def natural(name: str) -> list[tuple[int, int, str]]:
    """Key by which «№ 5» stands before «№ 12»."""
    pieces = re.findall(r"\d+|\D+", name.casefold())
    return [(0, int(piece), "") if piece.isdigit() else (1, 0, piece) for piece in pieces]


def _cell(inputs: Inputs, row: Row | None) -> Cell:
    """«●●○○○ близко к базовому»; no answer and not assessed have marks of their own."""
    if row is None or row["value"] is None:
        return claims.value_cell(row)
    symbol = _symbol(int(row["category"]), len(scale(inputs, str(row["indicator"]))))
    return Cell(f"{symbol} {category_of(inputs, row)}", key=claims.key_of(row), sort=symbol)


def _symbol(level: int, steps: int) -> str:
    return FULL * level + HOLLOW * (steps - level)


def scale(inputs: Inputs, indicator: str) -> tuple[int, ...]:
    """The levels of an indicator from the lowest to the highest: those the form has words for, else those met."""
    named = {int(level) for code, level in inputs.words if code == indicator}
    met = (row["category"] for row in inputs.rows(indicator=indicator))
    return tuple(sorted(named or {int(level) for level in met if level}))


def _key(inputs: Inputs, indicator: str) -> str:
    """The steps of the scale from the lowest to the highest."""
    words = [inputs.words.get((indicator, str(level)), str(level)) for level in scale(inputs, indicator)]
    return "; ".join(f"{_symbol(spot, len(words))} {word}" for spot, word in enumerate(words, 1))
