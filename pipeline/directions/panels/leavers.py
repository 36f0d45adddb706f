"""Where leavers of classes 9 and 11 went: shares with the denominators of К-7.1, the rest said to be unknown.

The form knows who entered; who did not is mixed with those nobody has word of, and of class 9 with those who went on
to class 10. So the rest is drawn as one part and never called «не поступили».
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import parts
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import charts, claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, Run, Text, text

Row = Mapping[str, Any]
STEM = "leavers"
YEARS_AT_MOST = 4
COLOURS = {"universities": "#2f6c9e", "colleges": "#efc27b", "rest": "#d7dce0"}
TITLES = {"universities": "вузы", "colleges": "колледжи и техникумы", "rest": "остальные и те, о ком сведений нет"}


@dataclass(frozen=True)
class Grade:
    """Which indicators tell of a class, in the order of the bar."""

    number: int
    shares: Mapping[str, str]


GRADES = (
    Grade(9, {"colleges": "leavers_9_colleges"}),
    Grade(11, {"universities": "leavers_11_universities", "colleges": "leavers_11_colleges"}),
)


@dataclass(frozen=True)
class Bar:
    """One class in one year; `rows` by destination have one denominator."""

    grade: int
    year: int
    rows: Mapping[str, Row]

    @property
    def n(self) -> int:
        return int(next(iter(self.rows.values()))["denominator"])


def panel(inputs: Inputs) -> Panel:
    """Bars of both classes over the years; a year whose destinations were answered by different schools is left out."""
    bars = [bar for grade in GRADES for bar in _bars(inputs, grade)]
    if not bars:
        return Panel()
    frame = _frame(bars)
    rows = [row for bar in bars for row in bar.rows.values()]
    newest = [
        max((bar for bar in bars if bar.grade == grade.number), key=lambda bar: bar.year, default=None)
        for grade in GRADES
    ]
    known = [bar for bar in newest if bar is not None]
    figure = FigureBlock(
        id="leavers",
        title=f"Куда поступили выпускники: {_outcome(known)}",
        subtitle=f"{inputs.profile.name.nominative}, {ru.years([bar.year for bar in bars])}; в скобках — выпускников "
        "в школах, которые дали сведения",
        alt="; ".join(_told(bar) for bar in bars) + ".",
        svg=charts.composition(
            STEM,
            frame,
            {key: colour for key, colour in COLOURS.items() if (frame["category"] == key).any()},
            TITLES,
            x_title="Доля выпускников",
        ),
        source=parts.source_line(rows),
        statement=_statement(known),
        how=parts.how_counted(rows, ["Знаменатель — все выпускники своего класса, как в пункте 7.1 документа К."]),
        data=f"data/{inputs.direction.number}_{STEM}.csv",
    )
    return Panel(monitoring=(figure,), frames={STEM: frame})


def _bars(inputs: Inputs, grade: Grade) -> list[Bar]:
    """Newest year first."""
    found: dict[int, dict[str, Row]] = {}
    for key, indicator in grade.shares.items():
        for row in inputs.rows(indicator=indicator, level="municipality"):
            if row["value"] is not None and row["numerator"] is not None:
                found.setdefault(int(row["school_year"]), {})[key] = row
    whole = [Bar(grade.number, year, rows) for year, rows in found.items() if _one_whole(rows, grade)]
    return sorted(whole, key=lambda bar: -bar.year)[:YEARS_AT_MOST]


def _one_whole(rows: Mapping[str, Row], grade: Grade) -> bool:
    """All destinations of the class are known, over the same leavers, and no more of them than there were."""
    same = len({row["denominator"] for row in rows.values()}) == 1
    return len(rows) == len(grade.shares) and same and sum(float(row["value"]) for row in rows.values()) <= 1


def _frame(bars: Sequence[Bar]) -> pd.DataFrame:
    """Rows `group`, `label`, `category`, `value`, `n`, `count`, `grade`, `school_year`."""
    rows: list[dict[str, Any]] = []
    for bar in bars:
        counts = {key: float(row["numerator"]) for key, row in bar.rows.items()}
        counts["rest"] = bar.n - sum(counts.values())
        label = f"{bar.grade} класс, {ru.school_year(bar.year)} ({ru.number(bar.n)})"
        rows += [
            {
                "group": f"{bar.grade}-{bar.year}",
                "label": label,
                "category": key,
                "value": count / bar.n,
                "n": bar.n,
                "count": int(count),
                "grade": bar.grade,
                "school_year": bar.year,
            }
            for key, count in counts.items()
        ]
    return pd.DataFrame(rows)


def _told(bar: Bar) -> str:
    shares = ", ".join(f"{TITLES[key]} — {claims.value_text(row)}" for key, row in bar.rows.items())
    return f"{bar.grade} класс, {ru.school_year(bar.year)}: {shares}"


def _outcome(bars: Sequence[Bar]) -> str:
    said = []
    for bar in bars:
        key = next(iter(bar.rows))
        word = {"universities": "в вузы", "colleges": "в колледжи"}[key]
        said.append(f"из {bar.grade} класса {word} — {claims.value_text(bar.rows[key])}")
    return "; ".join(said)


def _statement(bars: Sequence[Bar]) -> Text:
    said: list[str | Run] = []
    for bar in bars:
        for key, row in bar.rows.items():
            word = {"universities": "вузы", "colleges": "колледжи и техникумы"}[key]
            said += [f"{'; ' if said else ''}{bar.grade} класс, {word}: ", claims.bound(row)]
    return text(
        *said,
        ". Остальные — не только не поступившие: среди девятиклассников это и те, кто пошёл в 10 класс, и в обоих "
        "классах — те, о ком школа сведений не дала.",
    )
