"""Ordinal levels of organisations: shares of organisations at each level, never a mean level, never a rank.

A level is a word of an ordered list. Two levels are told apart, their distance is not: nothing is added or averaged,
and a change is counted in organisations whose level is another than a year before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import parts
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import category_of
from pipeline.directions.panels import level_tables
from pipeline.directions.panels.level_tables import Base
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import charts, claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, Run, Text, text

Row = Mapping[str, Any]
__all__ = ["Area", "Base", "panel"]
# From the lowest level to the highest, safe for colour-blind; the order and the numbers in the bars say the same.
COLOURS: Mapping[int, tuple[str, ...]] = {
    2: ("#efc27b", "#2f6c9e"),
    3: ("#efc27b", "#d7dce0", "#2f6c9e"),
    4: ("#b4432f", "#efc27b", "#a9cbe0", "#2f6c9e"),
    5: ("#b4432f", "#efc27b", "#d7dce0", "#a9cbe0", "#2f6c9e"),
}
LEGEND_COLUMNS = 3
# A share of organisations under the base level, on the scale of weights: all of them weigh as a small-to-middling
# difference (Cohen's h 0.3), for a level is given by assessors and carries no proof of a change.
BELOW = 0.3


@dataclass(frozen=True)
class Area:
    """One indicator of levels in its newest year: rows of the municipality by level, and the year before."""

    indicator: str
    name: str
    scale: tuple[int, ...]
    now: Mapping[int, Row]
    before: Mapping[int, Row]

    @property
    def any_row(self) -> Row:
        return next(iter(self.now.values()))

    @property
    def n(self) -> int:
        return int(self.any_row["n"])

    def under(self, base: Base) -> list[Row]:
        """Rows of the levels under the base one that some organisation has."""
        return [row for level, row in self.now.items() if level < base.level and row["value"]]


def panel(
    inputs: Inputs,
    indicators: Sequence[str],
    stem: str,
    title: str,
    *,
    base: Base | None = None,
    noun: str = "организаций",
) -> Panel:
    """Chart of levels (this year and the one before), table organisation × area, changes of level in organisations.

    `title` says what the levels are of, `noun` is the genitive plural of the organisations («детских садов»). With a
    `base` level, areas where organisations are under it are named and become a finding.
    """
    areas = [area for indicator in indicators if (area := _area(inputs, indicator)) is not None]
    if not areas:
        return Panel()
    year, shown = _year(areas), [area.indicator for area in areas]
    practice = level_tables.practice(inputs, shown, year, base, stem) if base else ()
    return Panel(
        monitoring=(
            _figure(inputs, areas, stem, title, base, noun),
            *level_tables.grid(inputs, shown, year, stem, title),
        ),
        analysis=(*practice, *level_tables.moves(inputs, shown, year, stem)),
        findings=_findings(areas, base, noun, stem) if base else (),
        frames={stem: _frame(inputs, areas), **level_tables.frames(inputs, shown, stem)},
    )


def _area(inputs: Inputs, indicator: str) -> Area | None:
    rows = [row for row in inputs.rows(indicator=indicator, level="municipality") if row["value"] is not None]
    if not rows:
        return None
    passport = inputs.passports[indicator]
    scale = level_tables.scale(inputs, indicator)
    year = max(row["school_year"] for row in rows)
    now, before = (_by_level(rows, wanted) for wanted in (year, year - 1))
    series = {row["series"] for row in (*now.values(), *before.values())}
    return Area(indicator, passport.short, scale, now, before if len(series) == 1 else {})


def _by_level(rows: Sequence[Row], year: int) -> dict[int, Row]:
    found = {int(row["category"]): row for row in rows if row["school_year"] == year and row["category"]}
    return dict(sorted(found.items()))


def _year(areas: Sequence[Area]) -> int:
    return max(int(area.any_row["school_year"]) for area in areas)


def _frame(inputs: Inputs, areas: Sequence[Area]) -> pd.DataFrame:
    """Rows `group`, `label`, `category`, `word`, `value`, `n`, `organisations`, `school_year`; this year first."""
    rows = []
    for area in areas:
        for spot, levels in enumerate((area.now, area.before)):
            for level, row in levels.items():
                year = ru.school_year(int(row["school_year"]))
                rows.append(
                    {
                        "group": f"{area.indicator} {row['school_year']}",
                        "label": f"{ru.capitalised(area.name)}, {year} ({row['n']})"
                        if spot == 0
                        else f"{year} ({row['n']})",
                        "category": str(level),
                        "word": category_of(inputs, row),
                        "value": float(row["value"]),
                        "n": int(row["n"]),
                        "organisations": int(row["numerator"]),
                        "school_year": int(row["school_year"]),
                    }
                )
    return pd.DataFrame(rows)


def _figure(inputs: Inputs, areas: Sequence[Area], stem: str, title: str, base: Base | None, noun: str) -> FigureBlock:
    frame = _frame(inputs, areas)
    scale = areas[0].scale
    colours = {str(level): colour for level, colour in zip(scale, COLOURS[len(scale)], strict=True)}
    words = {str(level): inputs.words.get((areas[0].indicator, str(level)), str(level)) for level in scale}
    rows = [row for area in areas for row in (*area.now.values(), *area.before.values())]
    return FigureBlock(
        id=stem.replace("_", "-"),
        title=f"{title}: {_outcome(areas, base, noun)}",
        subtitle=f"{inputs.profile.name.nominative}, {ru.years(frame['school_year'].tolist())}; "
        f"сколько {noun} на каждом уровне, в скобках — у скольких он определён",
        alt="; ".join(f"{ru.capitalised(area.name)}: {_levels(inputs, area)}" for area in areas) + ".",
        svg=charts.composition(
            stem, frame, colours, words, x_title=f"Доля {noun}", counts=True, columns=LEGEND_COLUMNS
        ),
        source=parts.source_line(rows),
        statement=_statement(areas, base, noun, inputs),
        how=parts.how_counted(rows, ["Уровни порядковые: показано число организаций на каждом, среднего уровня нет."]),
        data=f"data/{inputs.direction.number}_{stem}.csv",
    )


def _levels(inputs: Inputs, area: Area) -> str:
    return ", ".join(f"{category_of(inputs, row)} — {claims.value_text(row)}" for row in area.now.values())


def _outcome(areas: Sequence[Area], base: Base | None, noun: str) -> str:
    """What the title states: in how many areas somebody is under the base level, else how many hold the highest."""
    if base is None:
        top = areas[0].now[max(areas[0].now)]
        return f"высший уровень у {claims.value_text(top)} {noun}"
    under = sum(bool(area.under(base)) for area in areas)
    if not under:
        return f"{base.below} нет никого ни в одной области"
    where = ru.counted(len(areas), "области", "областей", "областей")
    return f"{base.below} есть организации в {ru.number(under)} из {where}"


def _statement(areas: Sequence[Area], base: Base | None, noun: str, inputs: Inputs) -> Text:
    """The levels under the base one by area; without a base, all levels of each area."""
    said: list[str | Run] = []
    for area in areas:
        rows = area.under(base) if base else [row for row in area.now.values() if row["value"]]
        if rows:
            said += [
                "; " if said else "",
                f"{area.name if said else ru.capitalised(area.name)}: ",
                *_named(inputs, rows),
            ]
    if not said:
        return text(f"Ни одна из организаций не оценена {base.below if base else 'в этом году'}.")
    return text(*said, ".")


def _named(inputs: Inputs, rows: Sequence[Row]) -> list[str | Run]:
    """«близко к базовому» — 3 из 12, «нужна серьёзная работа» — 1 из 12."""
    named: list[str | Run] = []
    for row in rows:
        named += [f"{', ' if named else ''}«{category_of(inputs, row)}» — ", claims.bound(row, interval=False)]
    return named


def _findings(areas: Sequence[Area], base: Base, noun: str, stem: str) -> tuple[Finding, ...]:
    """The areas with organisations under the base level, the largest part first: three at most."""
    parts_under = [(area, sum(float(row["numerator"]) for row in area.under(base))) for area in areas]
    under = sorted(((area, count) for area, count in parts_under if count), key=lambda pair: -pair[1] / pair[0].n)
    if not under:
        return ()
    said: list[str | Run] = []
    for area, count in under[:3]:
        key = claims.key_of(area.under(base)[0])  # the goal of the next cycle begins with the lowest level
        said += ["; " if said else "", f"{area.name} — ", Run(ru.part(count, area.n), key=key)]
    rest = len(under) - len(under[:3])
    more = f" и ещё в {ru.counted(rest, 'области', 'областях', 'областях')}" if rest else ""
    return (
        Finding(
            id=f"{stem}.below",
            kind="deficit",
            statement=text(f"{ru.capitalised(base.below)} оценено {noun}: ", *said, f"{more}."),
            strength="все оценённые организации",
            weight=BELOW * under[0][1] / under[0][0].n,
        ),
    )
