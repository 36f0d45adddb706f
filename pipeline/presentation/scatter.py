"""Schools as dots over two quantities, with a robust line and the interval of its slope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from pipeline.presentation import charts, theme

HEIGHT = 3.4
LONGEST = 26


@dataclass(frozen=True)
class Line:
    """y = intercept + slope · x, with the interval of the slope."""

    slope: float
    intercept: float
    lower: float
    upper: float


def scatter(
    chart_id: str, points: pd.DataFrame, line: Line, x_title: str, y_title: str, *, x_percent: bool = False
) -> str:
    """Points: rows `x`, `y`, `name` (empty — not named); y is a difference of shares, in percentage points on the axis.

    The band holds the lines of the slope's interval through the middle of the points.
    """
    if points.empty:
        return theme.nothing(chart_id)

    def paint(figure: Figure) -> None:
        axis = figure.subplots()
        middle = float(points["x"].median())
        ends = np.array([float(points["x"].min()), middle, float(points["x"].max())])
        level = line.intercept + line.slope * middle
        low, high = (level + slope * (ends - middle) for slope in (line.lower, line.upper))
        axis.fill_between(ends, np.minimum(low, high), np.maximum(low, high), color=theme.FAINT, alpha=0.6, zorder=0)
        axis.plot(ends, line.intercept + line.slope * ends, color=theme.INK, linewidth=1.1, zorder=1)
        axis.plot(points["x"], points["y"], "o", color=theme.ACCENT, markersize=5)
        axis.axhline(0, color=theme.GREY, linewidth=0.6, linestyle=":", zorder=0)
        _names(axis, points[points["name"] != ""])
        charts.points_axis(axis)
        (charts.percent_axis if x_percent else charts.number_axis)(axis, "x")
        axis.grid(axis="y")
        axis.set_axisbelow(True)
        axis.margins(x=0.08, y=0.1)
        axis.set_xlabel(x_title)
        axis.set_ylabel(y_title)
        handles = [
            Line2D([], [], color=theme.INK, linewidth=1.1, label="наклон по Тейлу и Сену"),
            Patch(color=theme.FAINT, alpha=0.6, label="интервал наклона 95 %"),
        ]
        figure.legend(handles=handles, loc="outside upper left", ncols=2, frameon=False)

    return theme.draw(chart_id, HEIGHT, paint)


def _names(axis: Axes, named: pd.DataFrame) -> None:
    """Names beside their dots, towards the middle of the chart."""
    low, high = axis.get_xlim()
    for x, y, name in zip(named["x"], named["y"], named["name"], strict=True):
        left = float(x) < (low + high) / 2
        axis.annotate(
            name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…",
            xy=(float(x), float(y)),
            xytext=(6 if left else -6, 0),
            textcoords="offset points",
            ha="left" if left else "right",
            va="center",
            fontsize=8,
        )
