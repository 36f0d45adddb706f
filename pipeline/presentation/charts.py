"""The charts of the report, each a pure function from plain rows to SVG text.

Which chart answers which question is said in report.md; nothing here decides what is shown or named. Rows are frames
with the columns named in each docstring; values are shares 0–1 or points; missing bounds draw no interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from pipeline.presentation import theme
from pipeline.presentation.text import NARROW, PERCENT_FROM, number

LABEL_FROM = 0.03  # a narrower part of a bar holds no label
SPOT = ["value", "lower", "upper"]
Style = tuple[str, str, Literal["-", "--", ":", "-."]]  # colour, marker, dash
LINES: tuple[Style, ...] = (
    (theme.ACCENT, "o", "-"),
    (theme.INK, "s", "--"),
    ("#b4432f", "^", ":"),
    (theme.GREY, "D", "-."),
)
TASK_LEVELS = {
    "basic": ("базовый уровень", "o", theme.ACCENT),
    "advanced": ("повышенный уровень", "D", "#b4432f"),
    "high": ("высокий уровень", "^", theme.INK),
    "": ("уровень не указан", "s", theme.GREY),
}


@dataclass(frozen=True)
class Reference:
    """A comparator drawn as a line with its name."""

    label: str
    value: float
    dashed: bool = False


def percent_axis(axis: Axes, which: str = "x") -> None:
    """Ticks of shares 0–1 as percent."""
    formatter = FuncFormatter(lambda value, _: f"{_tick(value * 100)}{NARROW}%")
    (axis.xaxis if which == "x" else axis.yaxis).set_major_formatter(formatter)


def number_axis(axis: Axes, which: str) -> None:
    """Ticks with a decimal comma and thousands apart."""
    formatter = FuncFormatter(lambda value, _: _tick(value))
    (axis.xaxis if which == "x" else axis.yaxis).set_major_formatter(formatter)


def points_axis(axis: Axes) -> None:
    """Ticks of differences of shares as percentage points."""
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value * 100)))


def _tick(value: float) -> str:
    """The place of a tick as it is: a step of 2,5 is not printed as 3."""
    exact = round(float(value), 6)
    return next(number(exact, places) for places in range(7) if round(exact, places) == exact)


def composition(
    chart_id: str,
    rows: pd.DataFrame,
    colours: Mapping[str, str],
    titles: Mapping[str, str],
    *,
    x_title: str = "Доля участников",
    counts: bool = False,
    columns: int | None = None,
) -> str:
    """Stacked bars, first group on top: rows `group` (what tells bars apart), `label`, `category`, `value` (shares that
    sum to 1), `n`. Percents are written into the bars of as many participants as a percent may be printed of; with
    `counts` the numbers themselves (share × n) into every bar. `columns` of the legend: all in one line by default."""
    if rows.empty:
        return theme.nothing(chart_id)
    groups = rows.drop_duplicates("group").set_index("group")
    labels, places = groups["label"].tolist(), range(len(groups))
    table = (
        rows.pivot(index="group", columns="category", values="value").reindex(groups.index).astype(float).fillna(0.0)
    )
    scales = [_whole_bar(n, counts=counts) for n in groups["n"]]

    def paint(figure: Figure) -> None:
        axis = figure.subplots()
        left = [0.0] * len(labels)
        for category, colour in colours.items():
            part = table[category].tolist() if category in table else [0.0] * len(labels)
            axis.barh(places, part, left=left, color=colour, height=0.62, edgecolor="white", label=titles[category])
            _bar_labels(axis, part, left, colour, scales)
            left = [start + width for start, width in zip(left, part, strict=True)]
        axis.set_yticks(list(places), labels)
        axis.set_xlim(0, 1)
        axis.invert_yaxis()
        axis.tick_params(axis="y", length=0)
        axis.spines["left"].set_visible(False)
        percent_axis(axis)
        axis.set_xlabel(x_title)
        names = columns or len(colours)
        figure.legend(loc="outside upper left", ncols=names, frameon=False, handlelength=1, columnspacing=1.2)

    return theme.draw(chart_id, 0.9 + 0.24 * len(labels) + 0.1 * sum(label.count("\n") for label in labels), paint)


def _whole_bar(n: Any, *, counts: bool) -> float:
    """What a whole bar is written as: its number, 100 %, or nothing where a percent may not be printed."""
    if counts:
        return 0.0 if pd.isna(n) else float(n)
    return 100.0 if pd.isna(n) or n >= PERCENT_FROM else 0.0


def _bar_labels(axis: Axes, part: Sequence[float], left: Sequence[float], colour: str, scales: Sequence[float]) -> None:
    ink = theme.LABEL_ON.get(colour, theme.INK)
    for position, (width, start, whole) in enumerate(zip(part, left, scales, strict=True)):
        if width >= LABEL_FROM and whole:
            axis.text(start + width / 2, position, number(width * whole), ha="center", va="center", color=ink, size=8.5)


def dots(
    chart_id: str,
    rows: pd.DataFrame,
    references: Sequence[Reference],
    x_title: str,
    *,
    percent: bool = True,
    limits: tuple[float, float] | None = None,
) -> str:
    """Dots with interval lines: rows `label`, `value`, `lower`, `upper`, `tone`; comparators as vertical lines."""

    if rows.empty:
        return theme.nothing(chart_id)

    def paint(figure: Figure) -> None:
        axis = figure.subplots()
        places = range(len(rows))
        spots = numeric(rows)[SPOT].to_numpy()
        for place, (value, lower, upper), tone in zip(places, spots, rows["tone"], strict=True):
            colour = theme.TONE_COLOURS.get(str(tone), theme.GREY)
            if not np.isnan(lower):
                axis.plot([lower, upper], [place, place], color=colour, linewidth=1.6, solid_capstyle="round")
            axis.plot([value], [place], "o", color=colour, markersize=5.5)
        axis.set_yticks(list(places), list(rows["label"]))
        axis.set_ylim(len(rows) - 0.4, -0.6)
        axis.tick_params(axis="y", length=0)
        axis.grid(axis="x")
        axis.set_axisbelow(True)
        axis.spines["left"].set_visible(False)
        if limits:
            axis.set_xlim(*limits)
        (percent_axis if percent else lambda a: number_axis(a, "x"))(axis)
        axis.set_xlabel(x_title)
        _reference_lines(figure, axis, references)

    return theme.draw(chart_id, 0.95 + 0.23 * len(rows), paint)


def numeric(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with value and bounds as floats, nan where missing (a bound without its fellow is no interval)."""
    floats = {name: rows[name].astype("Float64").to_numpy(dtype="float64", na_value=np.nan) for name in SPOT}
    ready = rows.assign(**floats)
    return ready.assign(lower=ready["lower"].where(ready["upper"].notna()))


def _reference_lines(figure: Figure, axis: Axes, references: Sequence[Reference], *, horizontal: bool = False) -> None:
    line = axis.axhline if horizontal else axis.axvline
    for reference, style in zip(references, ("-", "--", ":", "-."), strict=False):
        line(reference.value, color=theme.INK, linewidth=1, linestyle=style, label=reference.label, zorder=1)
    if references:
        figure.legend(loc="outside upper left", ncols=min(3, len(references)), frameon=False)


def by_size(chart_id: str, rows: pd.DataFrame, references: Sequence[Reference], y_title: str) -> str:
    """Every organisation by its number of participants: rows `n`, `value`. No names, no limits: spread is unknown."""

    if rows.empty:
        return theme.nothing(chart_id)

    def paint(figure: Figure) -> None:
        axis = figure.subplots()
        import seaborn as sns

        sns.scatterplot(data=rows, x="n", y="value", ax=axis, color=theme.ACCENT, alpha=0.65, s=22, edgecolor="white")
        axis.grid(axis="y")
        axis.set_axisbelow(True)
        axis.set_xlim(left=0)
        number_axis(axis, "x")
        number_axis(axis, "y")
        axis.set_xlabel("Участников в организации, человек")
        axis.set_ylabel(y_title)
        _reference_lines(figure, axis, references, horizontal=True)

    return theme.draw(chart_id, 3.2, paint)


def trend(chart_id: str, rows: pd.DataFrame, y_title: str, *, percent: bool = True) -> str:
    """Small multiples: rows `panel`, `line`, `year`, `value`, `lower`, `upper`, `series`; up to four lines.

    Points of one line are joined only inside one series of comparable values and over years without a gap; below three
    points stay dots.
    """
    if rows.empty:
        return theme.nothing(chart_id)
    ready = numeric(rows)
    panels = list(dict.fromkeys(ready["panel"]))
    columns = min(3, len(panels))
    depth = -(-len(panels) // columns)
    years = range(int(ready["year"].min()), int(ready["year"].max()) + 1)
    styles = dict(zip(dict.fromkeys(ready["line"]), LINES, strict=False))

    def paint(figure: Figure) -> None:
        grid = figure.subplots(depth, columns, sharey=True, squeeze=False)
        for spot, axis in enumerate(grid.flat):
            if spot >= len(panels):
                axis.set_visible(False)
                continue
            _panel(axis, ready[ready["panel"] == panels[spot]], styles)
            axis.set_title(panels[spot], fontsize=9, loc="left")
            axis.set_xlim(years[0] - 0.4, years[-1] + 0.4)
            axis.set_xticks(list(years), [str(year) for year in years], fontsize=7.5)
            percent_axis(axis, "y") if percent else number_axis(axis, "y")
            axis.yaxis.set_major_locator(MaxNLocator(5))
        grid[0, 0].set_ylabel(y_title)
        _line_names(figure, styles)

    return theme.draw(chart_id, 0.6 + 1.9 * depth, paint)


def _line_names(figure: Figure, styles: Mapping[str, Style]) -> None:
    if len(styles) > 1:
        marks = [Line2D([], [], color=c, marker=m, linestyle=d, markersize=4) for c, m, d in styles.values()]
        figure.legend(marks, list(styles), loc="outside upper left", ncols=len(styles), frameon=False)


def _panel(axis: Axes, rows: pd.DataFrame, styles: Mapping[str, Style]) -> None:
    axis.grid(axis="y")
    axis.set_axisbelow(True)
    for line, points in rows.groupby("line", sort=False):
        colour, marker, dash = styles[str(line)]
        for part in unbroken(points):
            joined = dash if len(points) > 2 and len(part) > 1 else "none"
            axis.plot(part["year"], part["value"], color=colour, marker=marker, linestyle=joined, markersize=4)
            known = part.dropna(subset=SPOT)
            if len(known):
                heights = [known["value"] - known["lower"], known["upper"] - known["value"]]
                reach = [height.clip(lower=0) for height in heights]
                axis.errorbar(known["year"], known["value"], yerr=reach, fmt="none", ecolor=colour, elinewidth=1)


def unbroken(points: pd.DataFrame) -> list[pd.DataFrame]:
    """The points of a line cut where the series changes or a year is missing."""
    ordered = points.sort_values("year", kind="stable")
    parted = (ordered["series"] != ordered["series"].shift()) | (ordered["year"].diff() != 1)
    return [part for _, part in ordered.groupby(parted.cumsum())]
