"""What schools add: intervals around the expected result, or every school by its size inside the limits of chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pipeline.presentation import charts, theme
from pipeline.presentation.funnel import MARKERS, Dash

EXPECTED = "как ожидалось"
WORDS = {"better": "выше ожидаемого", "worse": "ниже ожидаемого", "same": "в пределах ожидаемого"}
BESIDE = {"better": "выше страны", "worse": "ниже страны", "same": "не отличается или мало участников"}
DASHES: tuple[Dash, ...] = ("-", "--")
FUNNEL_HEIGHT = 2.9


def intervals(chart_id: str, rows: pd.DataFrame, x_title: str) -> str:
    """Rows `panel`, `label`, `value`, `lower`, `upper`, `tone` (better, worse, same): panels side by side, one line a
    school in the order of first rows; 0 is what was expected."""
    if rows.empty:
        return theme.nothing(chart_id)
    panels, labels = (list(dict.fromkeys(rows[name])) for name in ("panel", "label"))
    place = {label: spot for spot, label in enumerate(labels)}
    lines = sum(label.count("\n") + 1 for label in labels)

    def paint(figure: Figure) -> None:
        axes = figure.subplots(1, len(panels), sharey=True, sharex=True, squeeze=False)[0]
        for panel, axis in zip(panels, axes, strict=True):
            _expected(axis, vertical=True)
            for row in rows[rows["panel"] == panel].to_dict("records"):
                tone = str(row["tone"])
                colour = theme.TONE_COLOURS.get(tone, theme.GREY)
                axis.plot([row["lower"], row["upper"]], [place[row["label"]]] * 2, color=colour, linewidth=1.6)
                axis.plot(row["value"], place[row["label"]], _marker(tone), color=colour, markersize=5.5)
            axis.set_title(panel, fontsize=9, loc="left")
            axis.set_yticks(range(len(labels)), labels)
            axis.set_ylim(len(labels) - 0.4, -0.6)
            axis.tick_params(axis="y", length=0)
            axis.grid(axis="x")
            axis.set_axisbelow(True)
            axis.spines["left"].set_visible(False)
            charts.number_axis(axis, "x")
        figure.supxlabel(x_title, fontsize=9)
        _legend(figure, list(rows["tone"]))

    return theme.draw(chart_id, 1.15 + 0.14 * lines + 0.1 * len(labels), paint)


def by_size(chart_id: str, rows: pd.DataFrame, limits: pd.DataFrame, y_title: str) -> str:
    """Rows `panel`, `n`, `value` (difference from the expected result), `tone`; limits: `panel`, `n`, `limit` by rising
    n, drawn on both sides of 0."""
    if rows.empty:
        return theme.nothing(chart_id)
    panels = list(dict.fromkeys(rows["panel"]))

    def paint(figure: Figure) -> None:
        axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for panel, axis in zip(panels, axes, strict=True):
            _expected(axis, vertical=False)
            bounds = limits[limits["panel"] == panel]
            for sign in (-1, 1):
                axis.plot(bounds["n"], sign * bounds["limit"], "--", color=theme.GREY, linewidth=0.9, zorder=1)
            _points(axis, rows[rows["panel"] == panel])
            _sized(axis, panel)
            top = 1.08 * float(rows["value"].abs().max())
            axis.set_ylim(-top, top)
        axes[0].set_ylabel(y_title)
        _legend(figure, list(rows["tone"]), limit=True)

    return theme.draw(chart_id, FUNNEL_HEIGHT, paint)


def sizes(chart_id: str, rows: pd.DataFrame, levels: pd.DataFrame, y_title: str) -> str:
    """Rows `panel`, `n`, `value`, `tone` (better, worse — apart from the country; same); levels: `panel`, `label`,
    `value`, drawn as lines of one style a label."""
    if rows.empty:
        return theme.nothing(chart_id)
    panels = list(dict.fromkeys(rows["panel"]))
    styles = dict(zip(dict.fromkeys(levels["label"]), DASHES, strict=False))

    def paint(figure: Figure) -> None:
        axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for panel, axis in zip(panels, axes, strict=True):
            for label, value in levels[levels["panel"] == panel][["label", "value"]].itertuples(index=False):
                axis.axhline(float(value), color=theme.INK, linewidth=1, linestyle=styles[label], zorder=1)
            _points(axis, rows[rows["panel"] == panel])
            _sized(axis, panel)
        axes[0].set_ylabel(y_title)
        lines = [
            Line2D([], [], color=theme.INK, linewidth=1, linestyle=dash, label=name) for name, dash in styles.items()
        ]
        tones = list(rows["tone"]) if set(rows["tone"]) != {"same"} else []
        figure.legend(handles=[*lines, *_marks(tones, BESIDE)], loc="outside upper left", ncols=3, frameon=False)

    return theme.draw(chart_id, FUNNEL_HEIGHT, paint)


def _points(axis: Axes, rows: pd.DataFrame) -> None:
    for tone, part in rows.groupby("tone", sort=True):
        colour = theme.TONE_COLOURS.get(str(tone), theme.GREY)
        axis.plot(part["n"], part["value"], _marker(str(tone)), color=colour, markersize=4.5, alpha=0.8)


def _sized(axis: Axes, panel: str) -> None:
    axis.set_title(panel, fontsize=9, loc="left")
    axis.set_xlim(left=0)
    axis.grid(axis="y")
    axis.set_axisbelow(True)
    axis.set_xlabel("Участников в школе")
    charts.number_axis(axis, "x")
    charts.number_axis(axis, "y")


def _expected(axis: Axes, *, vertical: bool) -> None:
    (axis.axvline if vertical else axis.axhline)(0, color=theme.INK, linewidth=1, zorder=1)


def _marker(tone: str) -> str:
    return MARKERS.get(tone, "o")


def _legend(figure: Figure, tones: list[str], *, limit: bool = False) -> None:
    handles: list[Any] = [Line2D([], [], color=theme.INK, linewidth=1, label=EXPECTED)]
    if limit:
        handles.append(
            Line2D([], [], color=theme.GREY, linewidth=0.9, linestyle="--", label="граница случайного (95 %)")
        )
    handles += _marks(tones, WORDS)
    figure.legend(handles=handles, loc="outside upper left", ncols=3, frameon=False)


def _marks(tones: list[str], words: Mapping[str, str]) -> list[Line2D]:
    return [
        Line2D([], [], marker=_marker(tone), linestyle="none", color=theme.TONE_COLOURS[tone], label=word)
        for tone, word in words.items()
        if tone in tones
    ]
