"""Small multiples of shares over the years as SVG written by hand: a hundred cards need a hundred of them.

The same look and rules as `charts.trend` (lines only inside one series, intervals as bars, the axis from zero), two
hundred times quicker than matplotlib: nothing is measured, every text has room of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from pipeline.presentation import theme
from pipeline.presentation.charts import LINES, numeric, unbroken
from pipeline.presentation.text import NARROW, number

WIDTH, HEIGHT = 468.0, 128.0  # points: the width of every chart of the report
LEFT, TOP, BOTTOM, GAP = 34.0, 38.0, 18.0, 22.0
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
AT_MOST = 5  # ticks above zero
APART = 5.0  # points between the intervals of two lines in one year
MARKS = {"o": '<circle cx="{x}" cy="{y}" r="2.6"/>', "s": '<rect x="{a}" y="{b}" width="4.8" height="4.8"/>'}
DASHES = {"-": "", "--": ' stroke-dasharray="4 2"'}


@dataclass(frozen=True)
class Panel:
    """Where one panel stands and what its axes span."""

    left: float
    width: float
    years: tuple[int, ...]
    top: float  # the share at the upper end

    def x(self, year: float) -> float:
        return self.left + self.width * (year - self.years[0] + 0.5) / len(self.years)

    def y(self, share: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share / self.top


def small_trend(
    rows: pd.DataFrame, since: Mapping[str, float] | None = None, word: str = "", *, alike: bool = True
) -> str:
    """SVG of up to three panels and two lines: rows `panel`, `line`, `year`, `value`, `lower`, `upper`, `series`.

    `since`: panel → the place on its axis of years where something began, drawn as a line with `word` beside it.
    `alike`: one scale for all panels; else each has its own, from zero.
    """
    ready = numeric(rows)
    names, lines = list(dict.fromkeys(ready["panel"])), list(dict.fromkeys(ready["line"]))
    years = tuple(range(int(ready["year"].min()), int(ready["year"].max()) + 1))
    gap = GAP if alike else GAP + LEFT
    wide = (WIDTH - LEFT - gap * (len(names) - 1)) / len(names)
    body = list(_legend(lines))
    for place, name in enumerate(names):
        shown = ready if alike else ready[ready["panel"] == name]
        highest = float(shown[["value", "upper"]].max().max())
        step = _step(highest)
        panel = Panel(LEFT + place * (wide + gap), wide, years, _top(highest, step))
        body += _axes(panel, name, step, labelled=place == 0 or not alike)
        if since and name in since:
            body += _since(panel.x(since[name]), word)
        for order, line in enumerate(lines):
            points = ready[(ready["panel"] == name) & (ready["line"] == line)]
            body += _line(panel, points, order, len(lines))
    return _document(body)


def _step(highest: float) -> float:
    return next((step for step in STEPS if step * AT_MOST >= highest), STEPS[-1])


def _top(highest: float, step: float) -> float:
    """The first tick at or above the highest point; at least one."""
    return max(-(-highest // step), 1.0) * step


def _document(body: Sequence[str]) -> str:
    size = f'width="{WIDTH:g}pt" height="{HEIGHT:g}pt" viewBox="0 0 {WIDTH:g} {HEIGHT:g}"'
    font = f'font-family="\'{theme.FONT}\', sans-serif" font-size="8" fill="{theme.INK}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><g {font}>{"".join(body)}</g></svg>'


def _text(x: float, y: float, words: str, anchor: str = "start", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(words, quote=False)}</text>'


def _legend(lines: Sequence[str]) -> Iterator[str]:
    at = LEFT
    for order, name in enumerate(lines):
        colour, mark, dash = LINES[order]
        yield f'<path d="M{at:.1f} 8h22" stroke="{colour}" stroke-width="1.4"{DASHES[dash]}/>'
        yield f'<g fill="{colour}">{_mark(mark, at + 11, 8)}</g>'
        yield _text(at + 27, 10.8, name)
        at += 42 + 5.2 * len(name)


def _mark(mark: str, x: float, y: float) -> str:
    return MARKS[mark].format(x=f"{x:.1f}", y=f"{y:.1f}", a=f"{x - 2.4:.1f}", b=f"{y - 2.4:.1f}")


def _axes(panel: Panel, name: str, step: float, *, labelled: bool) -> Iterator[str]:
    right, floor = panel.left + panel.width, panel.y(0)
    yield _text(panel.left, TOP - 9, name, more=' font-size="8.5"')
    for tick in range(round(panel.top / step) + 1):
        y = panel.y(tick * step)
        yield f'<path d="M{panel.left:.1f} {y:.1f}H{right:.1f}" stroke="{theme.FAINT}" stroke-width=".6"/>'
        if labelled:
            yield _text(panel.left - 4, y + 2.8, f"{number(round(tick * step * 100))}{NARROW}%", "end")
    yield f'<path d="M{panel.left:.1f} {floor:.1f}H{right:.1f}" stroke="{theme.GREY}" stroke-width=".6"/>'
    for year in panel.years:
        yield _text(panel.x(year), floor + 11, str(year), "middle")


def _since(x: float, word: str) -> Iterator[str]:
    yield f'<path d="M{x:.1f} {TOP - 4:.1f}V{HEIGHT - BOTTOM:.1f}" stroke="{theme.GREY}" stroke-dasharray="2 2"/>'
    yield _text(x + 3, TOP + 4, word, more=f' fill="{theme.GREY}"')


def _line(panel: Panel, points: pd.DataFrame, order: int, lines: int) -> Iterator[str]:
    colour, mark, dash = LINES[order]
    shift = APART * (order - (lines - 1) / 2)
    for part in unbroken(points) if len(points) else ():
        spots = [(panel.x(int(y)) + shift, float(v)) for y, v in zip(part["year"], part["value"], strict=True)]
        if len(points) > 2 and len(spots) > 1:
            way = "L".join(f"{x:.1f} {panel.y(value):.1f}" for x, value in spots)
            yield f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="1.4"{DASHES[dash]}/>'
        for (x, value), lower, upper in zip(spots, part["lower"], part["upper"], strict=True):
            if lower == lower:  # an unknown bound is nan
                ends = f"M{x:.1f} {panel.y(lower):.1f}V{panel.y(upper):.1f}"
                yield f'<path d="{ends}" stroke="{colour}" stroke-width="1"/>'
            yield f'<g fill="{colour}">{_mark(mark, x, panel.y(value))}</g>'
