"""A grid of organisations by questions: a filled or an empty circle for yes and no, a number for a share.

Readable without colour: the circle is filled or not, a number is text. Text stays text in the SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline.presentation import theme

HEAD_LETTERS, HEAD_INCHES, ROW_INCHES, LINE_INCHES = 26, 1.75, 0.21, 0.13
SMALL = 7.5


@dataclass(frozen=True)
class Spot:
    """One cell: `yes` fills the circle, False leaves it empty, None prints `words` instead."""

    yes: bool | None = None
    words: str = ""


def grid(chart_id: str, labels: Sequence[str], heads: Sequence[str], spots: Sequence[Sequence[Spot]]) -> str:
    """Rows `labels`, columns `heads`, `spots` by row. Heads stand upright over their columns."""
    if not labels or not heads:
        return theme.nothing(chart_id)

    def paint(figure: Figure) -> None:
        axis = figure.subplots()
        axis.set_xlim(-0.5, len(heads) - 0.5)
        axis.set_ylim(len(labels) - 0.5, -0.5)
        axis.set_yticks(range(len(labels)), list(labels), fontsize=8.5)
        axis.set_xticks(range(len(heads)), [folded(head) for head in heads], rotation=90, fontsize=8)
        axis.xaxis.tick_top()
        axis.tick_params(length=0)
        for spine in axis.spines.values():
            spine.set_visible(False)
        _rules(axis, len(labels))
        for place, row in enumerate(spots):
            for column, spot in enumerate(row):
                _draw(axis, column, place, spot)

    lines = max(label.count("\n") for label in labels)  # rows are alike, so the tallest label decides
    return theme.draw(chart_id, HEAD_INCHES + (ROW_INCHES + LINE_INCHES * lines) * len(labels), paint)


def folded(head: str) -> str:
    """A head in up to three lines that fit over a column."""
    lines = [""]
    for word in head.split():
        if lines[-1] and len(lines[-1]) + len(word) >= HEAD_LETTERS and len(lines) < 3:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _rules(axis: Axes, rows: int) -> None:
    for place in range(rows + 1):
        axis.axhline(place - 0.5, color=theme.FAINT, linewidth=0.6)


def _draw(axis: Axes, column: int, row: int, spot: Spot) -> None:
    if spot.yes is None:
        axis.text(column, row, spot.words, ha="center", va="center", size=SMALL, color=theme.INK)
        return
    face = theme.ACCENT if spot.yes else "white"
    edge = theme.ACCENT if spot.yes else theme.GREY
    axis.plot([column], [row], "o", markersize=7, markerfacecolor=face, markeredgecolor=edge, markeredgewidth=1.2)
