"""Small multiples of dots with intervals, one panel a work, one line a school, as SVG written by hand.

Eight works of eighteen schools are one picture of forty kilobytes instead of eight of a hundred. Labels stand once a
band of panels; what is told apart is a filled diamond, the rest grey dots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from pipeline.presentation import theme
from pipeline.presentation.charts import numeric
from pipeline.presentation.text import MINUS, number

WIDTH, LABELS, GAP = 468.0, 98.0, 12.0  # points
HEAD, ROW, FOOT, LEGEND = 28.0, 10.0, 16.0, 18.0
COLUMNS = 4
LONGEST = 22  # letters of a label
STEP = 0.2


@dataclass(frozen=True)
class Spot:
    """Where a panel stands, and what its axis spans."""

    left: float
    top: float
    width: float
    ends: tuple[float, float]
    rows: int

    def x(self, value: float) -> float:
        low, high = self.ends
        return self.left + self.width * (min(max(value, low), high) - low) / (high - low)

    def y(self, place: int) -> float:
        return self.top + HEAD + ROW * (place + 0.5)

    @property
    def floor(self) -> float:
        return self.top + HEAD + ROW * self.rows


def small_dots(rows: pd.DataFrame, usual: dict[str, float], legend: tuple[str, str, str], x_title: str) -> str:
    """SVG of differences of shares −1…1: rows `panel`, `label`, `value`, `lower`, `upper`, `apart` (yes or no).

    `usual`: panel → the value of all together, a dashed line. `legend`: words for a dot, a diamond and that line.
    """
    if rows.empty:
        return theme.nothing("small-dots")
    ready = numeric(rows)
    labels, panels = list(dict.fromkeys(ready["label"])), list(dict.fromkeys(ready["panel"]))
    ends = _ends(ready)
    columns = min(COLUMNS, len(panels))
    width = (WIDTH - LABELS - GAP * (columns - 1)) / columns
    depth = HEAD + ROW * len(labels) + FOOT
    body = list(_legend(legend))
    for place, panel in enumerate(panels):
        band, column = divmod(place, columns)
        spot = Spot(LABELS + column * (width + GAP), LEGEND + band * depth, width, ends, len(labels))
        body += _names(spot, labels) if column == 0 else []
        body += _panel(spot, panel, ready[ready["panel"] == panel], labels, usual.get(panel))
    height = LEGEND + depth * -(-len(panels) // columns) + 8
    body.append(_text(LABELS, height - 2, x_title))
    return _document(body, height)


def _ends(rows: pd.DataFrame) -> tuple[float, float]:
    """The axis holds nought and every value, to whole steps; the few longest intervals are cut at its ends."""
    low = min(0.0, float(rows["value"].min()), float(rows["lower"].quantile(0.05)))
    high = max(0.0, float(rows["value"].max()), float(rows["upper"].quantile(0.95)))
    return max(-1.0, low // STEP * STEP), min(1.0, -(-max(high, STEP) // STEP) * STEP)


def _document(body: Sequence[str], height: float) -> str:
    size = f'width="{WIDTH:g}pt" height="{height:g}pt" viewBox="0 0 {WIDTH:g} {height:g}"'
    font = f'font-family="\'{theme.FONT}\', sans-serif" font-size="7.5" fill="{theme.INK}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><g {font}>{"".join(body)}</g></svg>'


def _text(x: float, y: float, words: str, anchor: str = "start", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(words, quote=False)}</text>'


def _mark(x: float, y: float, *, apart: bool) -> str:
    if apart:
        return f'<path d="M{x:.1f} {y - 3.4:.1f}l3.4 3.4l-3.4 3.4l-3.4-3.4z" fill="{theme.INK}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{theme.GREY}"/>'


def _dashed(x: float, top: float, floor: float) -> str:
    return f'<path d="M{x:.1f} {top:.1f}V{floor:.1f}" stroke="{theme.ACCENT}" stroke-width="1" stroke-dasharray="4 2"/>'


def _legend(words: tuple[str, str, str]) -> Iterator[str]:
    yield _mark(6, 6, apart=False) + _text(13, 8.6, words[0])
    second = 26 + 4.3 * len(words[0])
    yield _mark(second, 6, apart=True) + _text(second + 7, 8.6, words[1])
    third = second + 20 + 4.3 * len(words[1])
    yield _dashed(third, 1, 11) + _text(third + 6, 8.6, words[2])


def _names(spot: Spot, labels: Sequence[str]) -> Iterator[str]:
    for place, label in enumerate(labels):
        shown = label if len(label) <= LONGEST else f"{label[: LONGEST - 1].rstrip()}…"
        yield _text(LABELS - 6, spot.y(place) + 2.6, shown, "end")


def _panel(spot: Spot, title: str, rows: pd.DataFrame, labels: Sequence[str], usual: float | None) -> Iterator[str]:
    for line, part in enumerate(_halves(title)):
        yield _text(spot.left, spot.top + 13 + 9 * line, part, more=' font-size="8"')
    top = spot.top + HEAD - 3
    yield f'<path d="M{spot.left:.1f} {spot.floor:.1f}h{spot.width:.1f}" stroke="{theme.GREY}" stroke-width=".6"/>'
    yield f'<path d="M{spot.x(0):.1f} {top:.1f}V{spot.floor:.1f}" stroke="{theme.FAINT}" stroke-width="1"/>'
    for tick in sorted({*spot.ends, 0.0}):
        anchor = "middle" if not tick else "start" if tick < 0 else "end"
        yield _text(spot.x(tick), spot.floor + 9, _signed(tick), anchor, ' font-size="7"')
    if usual is not None:
        yield _dashed(spot.x(usual), top, spot.floor)
    values = rows[["value", "lower", "upper"]].to_numpy()
    for label, (value, lower, upper), apart in zip(rows["label"], values, rows["apart"], strict=True):
        y = spot.y(labels.index(label))
        if lower == lower:  # an unknown bound is nan
            colour = theme.INK if apart else theme.GREY
            ends = f"M{spot.x(lower):.1f} {y:.1f}H{spot.x(upper):.1f}"
            yield f'<path d="{ends}" stroke="{colour}" stroke-width=".9"/>'
        yield _mark(spot.x(value), y, apart=bool(apart))


def _halves(title: str) -> list[str]:
    """«Русский язык, 4 класс» as two lines."""
    first, _, second = title.partition(", ")
    return [f"{first},", second] if second else [first]


def _signed(value: float) -> str:
    whole = number(abs(value) * 100)
    return f"{MINUS}{whole}" if value < 0 else f"+{whole}" if value > 0 else whole
