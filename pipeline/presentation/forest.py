"""The forest: one line an effect, its interval, and how large it had to be to be seen at all.

Effects are drawn so that better is to the right. The smallest effect that would have been seen is a tick: an interval
that holds zero says little where the tick is far out.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pipeline.presentation import theme
from pipeline.presentation.text import number

MARKERS = {"better": "^", "worse": "v", "same": "o", "unknown": "o"}
WORDS = {
    "better": "видно улучшение",
    "worse": "видно ухудшение",
    "same": "не видно",
    "unknown": "нельзя судить",
}
ROOM = 1.12
WIDER = 1.6  # times the widest judged line: what cannot be judged may leave the chart, with an arrow


def forest(chart_id: str, rows: pd.DataFrame, x_title: str) -> str:
    """Rows `label`, `value`, `lower`, `upper`, `detectable` (shares, better is more), `tone` (better, worse, same,
    unknown); first row on top."""
    if rows.empty:
        return theme.nothing(chart_id)
    reach = _reach(rows)
    lines = sum(str(label).count("\n") + 1 for label in rows["label"])

    def paint(figure: Figure) -> None:
        axis = figure.subplots()
        axis.axvline(0, color=theme.INK, linewidth=1, zorder=1)
        for place, row in enumerate(rows.to_dict("records")):
            tone = str(row["tone"])
            colour = theme.TONE_COLOURS.get(tone, theme.GREY)
            axis.plot([row["lower"], row["upper"]], [place, place], color=colour, linewidth=1.6)
            filled = theme.GREY if tone == "same" else "white" if tone == "unknown" else colour
            axis.plot(row["value"], place, MARKERS[tone], color=colour, markerfacecolor=filled, markersize=6.5)
            axis.plot(row["detectable"], place, "|", color=theme.INK, markersize=13, markeredgewidth=1.4)
            _arrows(axis, row, place, reach)
        axis.set_yticks(range(len(rows)), list(rows["label"]))
        axis.set_ylim(len(rows) - 0.4, -0.6)
        axis.tick_params(axis="y", length=0)
        axis.spines["left"].set_visible(False)
        axis.set_xlim(-reach, reach)
        axis.grid(axis="x")
        axis.set_axisbelow(True)
        axis.xaxis.set_major_formatter(lambda value, _: _points(value))
        axis.set_xlabel(x_title)
        _legend(figure, list(rows["tone"]))

    return theme.draw(chart_id, 0.95 + 0.19 * lines + 0.2 * len(rows), paint)


def _reach(rows: pd.DataFrame) -> float:
    """Half of the axis: room for every line, or for those that are judged when the others are far wider."""
    ends = rows[["lower", "upper", "detectable"]].abs().max(axis=1)
    judged = ends[rows["tone"] != "unknown"]
    widest = float(ends.max())
    return (min(widest, WIDER * float(judged.max())) if len(judged) else widest) * ROOM or 0.01


def _arrows(axis: Axes, row: dict[Hashable, Any], place: int, reach: float) -> None:
    """An arrow where a line goes on beyond the chart."""
    ends = ((row["lower"] < -reach, -reach, 4), (max(row["upper"], row["detectable"]) > reach, reach, 5))
    for beyond, edge, marker in ends:
        if beyond:
            axis.plot(edge, place, marker=marker, color=theme.GREY, markersize=6, clip_on=False)


def _points(value: float) -> str:
    """Percentage points as they are: a step of 2,5 is not printed as 3."""
    exact = round(value * 100, 6)
    printed = next(number(exact, places) for places in range(7) if round(exact, places) == exact)
    return f"+{printed}" if exact > 0 else printed


def _legend(figure: Figure, tones: list[str]) -> None:
    marks = [
        Line2D(
            [],
            [],
            marker=MARKERS[tone],
            linestyle="none",
            color=theme.TONE_COLOURS.get(tone, theme.GREY),
            markerfacecolor="white" if tone == "unknown" else theme.TONE_COLOURS.get(tone, theme.GREY),
            label=word,
        )
        for tone, word in WORDS.items()
        if tone in tones
    ]
    tick = Line2D([], [], marker="|", linestyle="none", color=theme.INK, markersize=11, label="было бы видно от")
    figure.legend(handles=[*marks, tick], loc="outside upper left", ncols=4, frameon=False)
