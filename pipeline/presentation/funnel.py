"""The funnel: a share against the number of participants, with control limits that narrow as organisations grow.

What lies outside is coloured, has a marker of its own and may carry a name; the rest are grey dots. Limits are computed
elsewhere (statistics.funnel); nothing here decides who is outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pipeline.presentation import charts, theme
from pipeline.presentation.charts import Reference

HEIGHT = 3.6
GAP = 0.052  # of the height: closer labels would touch
LONGEST = 30  # letters of a name beside its dot
MARKERS = {"worse": "v", "better": "^", "": "o", "apart": "D", "inside": "o"}
COLOURS = {**theme.TONE_COLOURS, "apart": theme.INK}
Dash = Literal["-", "--", "-.", ":"]
LIMITS: tuple[tuple[str, Dash, str], ...] = (("outer", "-", "граница 99,8 %"), ("inner", "--", "граница 95 %"))
CENTRE_AND_OTHERS: tuple[Dash, ...] = ("-", "-.", ":")


def funnel(
    chart_id: str,
    points: pd.DataFrame,
    limits: pd.DataFrame,
    references: Sequence[Reference],
    x_title: str,
    y_title: str,
) -> str:
    """Points: rows `n`, `value`, `tone` (worse, better, apart — outside without a better side, inside — apart from the
    others though inside, drawn as a ring; empty — not apart), `name` (empty — not named).

    Limits: rows `n`, `inner_lower`, `inner_upper`, `outer_lower`, `outer_upper`, by rising n. The first reference is
    the centre.
    """
    if points.empty:
        return theme.nothing(chart_id)
    top = _top(points, limits, references)

    def paint(figure: Figure) -> None:
        axis = figure.subplots()
        for side, dash, _ in LIMITS:
            for bound in ("lower", "upper"):
                axis.plot(limits["n"], limits[f"{side}_{bound}"], dash, color=theme.GREY, linewidth=0.9, zorder=1)
        for reference, style in zip(references, CENTRE_AND_OTHERS, strict=False):
            axis.axhline(reference.value, color=theme.INK, linewidth=1, linestyle=style, zorder=1)
        for tone, part in points.groupby("tone", sort=True):
            colour, marker = COLOURS.get(str(tone), theme.GREY), MARKERS.get(str(tone), "o")
            axis.plot(
                part["n"],
                part["value"],
                marker,
                color=colour,
                markerfacecolor="white" if tone == "inside" else colour,
                markersize=5.5 if tone else 4.5,
                linestyle="none",
                clip_on=False,
            )
        axis.set_ylim(0, top)
        axis.set_xlim(0, float(limits["n"].max()) * 1.02)
        _names(axis, points[points["name"] != ""], top)
        axis.grid(axis="y")
        axis.set_axisbelow(True)
        charts.percent_axis(axis, "y")
        charts.number_axis(axis, "x")
        axis.set_xlabel(x_title)
        axis.set_ylabel(y_title)
        _legend(figure, references)

    return theme.draw(chart_id, HEIGHT, paint)


def _top(points: pd.DataFrame, limits: pd.DataFrame, references: Sequence[Reference]) -> float:
    """Room for every point and for the upper limit at the size of the smallest organisation, unless it towers."""
    smallest = limits[limits["n"] >= points["n"].min()]["outer_upper"]
    highest = max([float(points["value"].max()), *(reference.value for reference in references)])
    return min(1.02, max(highest * 1.15, min(float(smallest.max()) * 1.05, 1.4 * highest), 0.05))


def _names(axis: Axes, named: pd.DataFrame, top: float) -> None:
    """Names beside their dots, towards the middle of the chart; one under another where they would touch."""
    widest = axis.get_xlim()[1]
    for left, part in ((True, named[named["n"] <= widest * 0.55]), (False, named[named["n"] > widest * 0.55])):
        last = float("inf")
        for n, value, name in part.sort_values("value", ascending=False)[["n", "value", "name"]].itertuples(
            index=False
        ):
            height = min(float(value), last - GAP * top)
            place = float(n) + widest * (0.02 if left else -0.02)
            axis.annotate(
                name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…",
                xy=(float(n), float(value)),
                xytext=(place, height),
                ha="left" if left else "right",
                va="center",
                fontsize=8,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
                arrowprops={"arrowstyle": "-", "color": theme.GREY, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 2},
            )
            last = height


def _legend(figure: Figure, references: Sequence[Reference]) -> None:
    lines = [
        Line2D([], [], color=theme.INK, linewidth=1, linestyle=style, label=reference.label)
        for reference, style in zip(references, CENTRE_AND_OTHERS, strict=False)
    ]
    lines += [Line2D([], [], color=theme.GREY, linewidth=0.9, linestyle=dash, label=word) for _, dash, word in LIMITS]
    figure.legend(handles=lines, loc="outside upper left", ncols=3 if len(lines) in (3, 5, 6) else 4, frameon=False)
