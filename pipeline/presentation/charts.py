"""The charts of the report, each a pure function from plain rows to SVG text.

Which chart answers which question is said in report.md; nothing here decides what is shown or named. Rows are frames
with the columns named in each docstring; values are shares 0–1 or points; missing bounds draw no interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from pipeline.presentation import theme
from pipeline.presentation.text import NARROW, number

LABEL_FROM = 0.03  # a narrower part of a bar holds no label


@dataclass(frozen=True)
class Reference:
    """A comparator drawn as a line with its name."""

    label: str
    value: float
    dashed: bool = False


def _percent_axis(axis: Axes, which: str = "x") -> None:
    formatter = FuncFormatter(lambda value, _: f"{number(round(value * 100, 6))}{NARROW}%")
    (axis.xaxis if which == "x" else axis.yaxis).set_major_formatter(formatter)


def _number_axis(axis: Axes, which: str) -> None:
    formatter = FuncFormatter(lambda value, _: number(value, 0 if float(value).is_integer() else 1))
    (axis.xaxis if which == "x" else axis.yaxis).set_major_formatter(formatter)


def composition(chart_id: str, rows: pd.DataFrame, colours: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """Stacked bars: rows `label`, `category`, `value` (shares that sum to 1), first label on top."""
    labels = list(dict.fromkeys(rows["label"]))
    table = rows.pivot_table(index="label", columns="category", values="value", sort=False).reindex(labels)

    def paint(figure: Figure) -> None:
        axis = figure.subplots()
        left = pd.Series(0.0, index=labels)
        for category, colour in colours.items():
            part = table.get(category, pd.Series(0.0, index=labels)).fillna(0.0).astype(float)
            axis.barh(labels, part, left=left, color=colour, height=0.62, edgecolor="white", label=titles[category])
            _bar_labels(axis, part, left, colour)
            left = left + part
        axis.set_xlim(0, 1)
        axis.invert_yaxis()
        axis.tick_params(axis="y", length=0)
        axis.spines["left"].set_visible(False)
        _percent_axis(axis)
        axis.set_xlabel("Доля участников")
        figure.legend(loc="outside upper left", ncols=len(colours), frameon=False, handlelength=1, columnspacing=1.2)

    return theme.draw(chart_id, 0.9 + 0.28 * len(labels) + 0.1 * sum(label.count("\n") for label in labels), paint)


def _bar_labels(axis: Axes, part: pd.Series, left: pd.Series, colour: str) -> None:
    for position, (width, start) in enumerate(zip(part, left, strict=True)):
        if width >= LABEL_FROM:
            ink = theme.LABEL_ON.get(colour, theme.INK)
            axis.text(start + width / 2, position, number(width * 100), ha="center", va="center", color=ink, size=8.5)


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

    def paint(figure: Figure) -> None:
        axis = figure.subplots()
        places = range(len(rows))
        for place, row in zip(places, rows.itertuples(), strict=True):
            colour = theme.TONE_COLOURS.get(str(row.tone), theme.GREY)
            if pd.notna(row.lower):
                axis.plot([row.lower, row.upper], [place, place], color=colour, linewidth=1.6, solid_capstyle="round")
            axis.plot([row.value], [place], "o", color=colour, markersize=5.5)
        axis.set_yticks(list(places), list(rows["label"]))
        axis.set_ylim(len(rows) - 0.4, -0.6)
        axis.tick_params(axis="y", length=0)
        axis.grid(axis="x")
        axis.set_axisbelow(True)
        axis.spines["left"].set_visible(False)
        if limits:
            axis.set_xlim(*limits)
        (_percent_axis if percent else lambda a: _number_axis(a, "x"))(axis)
        axis.set_xlabel(x_title)
        _reference_lines(figure, axis, references)

    return theme.draw(chart_id, 0.95 + 0.26 * len(rows), paint)


def _reference_lines(figure: Figure, axis: Axes, references: Sequence[Reference], *, horizontal: bool = False) -> None:
    line = axis.axhline if horizontal else axis.axvline
    for reference, style in zip(references, ("-", "--", ":", "-."), strict=False):
        line(reference.value, color=theme.INK, linewidth=1, linestyle=style, label=reference.label, zorder=1)
    if references:
        figure.legend(loc="outside upper left", ncols=min(3, len(references)), frameon=False)


def by_size(chart_id: str, rows: pd.DataFrame, references: Sequence[Reference], y_title: str) -> str:
    """Every organisation by its number of participants: rows `n`, `value`. No names, no limits: spread is unknown."""

    def paint(figure: Figure) -> None:
        axis = figure.subplots()
        sns.scatterplot(data=rows, x="n", y="value", ax=axis, color=theme.ACCENT, alpha=0.65, s=22, edgecolor="white")
        axis.grid(axis="y")
        axis.set_axisbelow(True)
        axis.set_xlim(left=0)
        _number_axis(axis, "x")
        _number_axis(axis, "y")
        axis.set_xlabel("Участников в организации, человек")
        axis.set_ylabel(y_title)
        _reference_lines(figure, axis, references, horizontal=True)

    return theme.draw(chart_id, 3.2, paint)


def trend(chart_id: str, rows: pd.DataFrame, y_title: str, *, percent: bool = True) -> str:
    """Small multiples: rows `panel`, `line`, `year`, `value`, `lower`, `upper`, `series`.

    Points of one line are joined only inside one series of comparable values; below three points stay dots.
    """
    panels = list(dict.fromkeys(rows["panel"]))
    columns = min(3, len(panels))
    depth = -(-len(panels) // columns)
    years = range(int(rows["year"].min()), int(rows["year"].max()) + 1)
    lines = list(dict.fromkeys(rows["line"]))
    styles = dict(zip(lines, ((theme.ACCENT, "o", "-"), (theme.INK, "s", "--"), ("#b4432f", "^", ":")), strict=False))

    def paint(figure: Figure) -> None:
        grid = figure.subplots(depth, columns, sharey=True, squeeze=False)
        for spot, axis in enumerate(grid.flat):
            if spot >= len(panels):
                axis.set_visible(False)
                continue
            _panel(axis, rows[rows["panel"] == panels[spot]], styles)
            axis.set_title(panels[spot], fontsize=9, loc="left")
            axis.set_xlim(years[0] - 0.4, years[-1] + 0.4)
            axis.set_xticks(list(years), [str(year) for year in years], fontsize=7.5)
            _percent_axis(axis, "y") if percent else _number_axis(axis, "y")
            axis.yaxis.set_major_locator(MaxNLocator(5))
        grid[0, 0].set_ylabel(y_title)
        handles, names = grid[0, 0].get_legend_handles_labels()
        if len(lines) > 1:
            figure.legend(handles, names, loc="outside upper left", ncols=len(lines), frameon=False)

    return theme.draw(chart_id, 0.6 + 1.9 * depth, paint)


def _panel(axis: Axes, rows: pd.DataFrame, styles: Mapping[str, tuple[str, str, str]]) -> None:
    axis.grid(axis="y")
    axis.set_axisbelow(True)
    for line, points in rows.groupby("line", sort=False):
        colour, marker, dash = styles[str(line)]
        axis.plot([], [], color=colour, marker=marker, linestyle=dash, markersize=4, label=str(line))
        for _, part in points.groupby("series", sort=False):
            ordered = part.sort_values("year")
            joined = dash if len(points) > 2 and len(ordered) > 1 else "none"
            axis.plot(ordered["year"], ordered["value"], color=colour, marker=marker, linestyle=joined, markersize=4)
            known = ordered.dropna(subset=["lower", "upper"])
            if len(known):
                heights = [known["value"] - known["lower"], known["upper"] - known["value"]]
                axis.errorbar(known["year"], known["value"], yerr=heights, fmt="none", ecolor=colour, elinewidth=1)


def score_histogram(chart_id: str, scores: Sequence[float], bounds: Sequence[float], maximum: float) -> str:
    """Distribution of primary scores with the first score of each mark as a line."""

    def paint(figure: Figure) -> None:
        axis = figure.subplots()
        sns.histplot(x=list(scores), discrete=True, ax=axis, color="#a9cbe0", edgecolor="white", stat="count")
        for bound in bounds:
            axis.axvline(bound - 0.5, color=theme.INK, linewidth=0.9, linestyle="--")
        axis.set_xlim(-0.7, maximum + 0.7)
        axis.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axis.xaxis.set_major_locator(MaxNLocator(13, integer=True))
        axis.set_xlabel("Первичный балл")
        axis.set_ylabel("Участников, человек")

    return theme.draw(chart_id, 2.6, paint)


def tasks(chart_id: str, rows: pd.DataFrame, levels: Mapping[str, float]) -> str:
    """Dots per task: rows `label`, `value`, `lower`, `upper`, `task_level`; the sufficient level of each as a line.

    Basic and advanced tasks stand apart: in two groups with a gap, by marker and by colour.
    """
    shapes = {
        "basic": ("базовый уровень", "o", theme.ACCENT),
        "advanced": ("повышенный уровень", "D", "#b4432f"),
        "": ("уровень не указан", "s", theme.GREY),
    }
    groups = [level for level in shapes if (rows["task_level"] == level).any()]

    def paint(figure: Figure) -> None:
        axis = figure.subplots()
        places: list[float] = []
        names: list[str] = []
        for order, level in enumerate(groups):
            part = rows[rows["task_level"] == level]
            spots = [len(names) + 0.8 * order + step for step in range(len(part))]
            title, marker, colour = shapes[level]
            known = part["lower"].notna().to_numpy()
            axis.vlines(
                [s for s, k in zip(spots, known, strict=True) if k],
                part["lower"].dropna(),
                part["upper"].dropna(),
                color=colour,
                linewidth=1.6,
            )
            axis.plot(spots, part["value"], marker, color=colour, markersize=5, label=title)
            if level in levels:
                axis.hlines(
                    levels[level], spots[0] - 0.4, spots[-1] + 0.4, color=theme.INK, linewidth=1, linestyle="--"
                )
            places += spots
            names += list(part["label"])
        axis.set_xticks(places, names, fontsize=8)
        axis.set_xlim(-0.7, places[-1] + 0.7)
        axis.set_ylim(0, 1.02)
        axis.grid(axis="y")
        axis.set_axisbelow(True)
        _percent_axis(axis, "y")
        axis.set_ylabel("Доля набранных баллов")
        axis.set_xlabel("Номер задания")
        figure.legend(loc="outside upper left", ncols=len(groups), frameon=False)

    return theme.draw(chart_id, 2.8, paint)
