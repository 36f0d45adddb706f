"""A roadmap on a time line: a bar an item, grouped by section, the state in a word at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from pipeline.presentation import theme

ROW = 0.175  # inches an item
LETTERS = 44  # of an item's title beside its bar
SIZE = 7.5
# state → colour of the bar; the word beside it says the same
COLOURS: Mapping[str, str] = {
    "исполнено": "#1f5f8b",
    "исполнено позже срока": "#6f9bb8",
    "исполнено, документа нет": "#a9cbe0",
    "в работе": "#5b6670",
    "не исполнено": "#efc27b",
    "просрочено": "#b4432f",
    "нет сведений": "#b9c1c8",
}


@dataclass(frozen=True)
class Bar:
    """One item. `start` and `end` are years with a fraction; None: open, or nothing that a calendar can check.

    `days`: moments when a recurring item is due. `heading`: a row that only names a section.
    """

    label: str
    start: float | None = None
    end: float | None = None
    state: str = ""
    days: tuple[float, ...] = ()
    recurs: bool = False
    heading: bool = False


def timeline(chart_id: str, bars: Sequence[Bar], span: tuple[float, float], today: float) -> str:
    """The bars from top to bottom over `span` (years with fractions), the day of the report as a line."""
    if not bars:
        return theme.nothing(chart_id)

    def paint(figure: Figure) -> None:
        axis = figure.subplots()
        for place, bar in enumerate(bars):
            _draw(axis, place, bar, span)
        axis.axvline(today, color=theme.INK, linewidth=0.9, linestyle="--", zorder=1)
        axis.set_xlim(*span)
        axis.set_ylim(len(bars) - 0.4, -0.6)
        axis.set_yticks(range(len(bars)), [bar.label for bar in bars], fontsize=SIZE)
        for tick, bar in zip(axis.get_yticklabels(), bars, strict=True):
            tick.set_fontweight("bold" if bar.heading else "normal")
        axis.tick_params(axis="y", length=0)
        axis.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
        axis.tick_params(axis="x", labelsize=SIZE)
        axis.grid(axis="x")
        axis.set_axisbelow(True)
        axis.spines["left"].set_visible(False)
        axis.set_xlabel("Начало календарного года; пунктир — дата, на которую считаются сроки", fontsize=SIZE)

    return theme.draw(chart_id, 0.55 + ROW * len(bars), paint)


def _draw(axis: Axes, place: int, bar: Bar, span: tuple[float, float]) -> None:
    if bar.heading:
        return
    colour = COLOURS.get(bar.state, theme.GREY)
    start = span[0] if bar.start is None else max(bar.start, span[0])
    end = span[1] if bar.end is None else min(bar.end, span[1])
    if bar.start is None and bar.end is not None and not bar.recurs:
        start = end
    thick = 1.2 if bar.recurs or (bar.start is None and bar.end is None) else 5.0
    style = ":" if bar.start is None and bar.end is None and not bar.recurs else "-"
    axis.plot([start, end], [place, place], style, color=colour, linewidth=thick, solid_capstyle="butt")
    if start == end:
        axis.plot([end], [place], "D", color=colour, markersize=4)
    axis.plot(list(bar.days), [place] * len(bar.days), "|", color=colour, markersize=6, markeredgewidth=1.6)
    axis.text(1.01, place, bar.state, transform=axis.get_yaxis_transform(), va="center", fontsize=SIZE - 0.5)
