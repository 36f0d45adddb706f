"""Distributions of primary scores of several works: a panel a work, bars of counts, bounds of marks as broken lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.presentation import theme
from pipeline.presentation.small_multiples import (
    TITLE_LINE,
    WIDTH,
    Frame,
    document,
    frames,
    line,
    place,
    two_lines,
    words,
)
from pipeline.presentation.text import number

COLUMNS, HEIGHT, ABOVE, BELOW, LEFT = 3, 62.0, 20.0, 14.0, 24.0
ALONE = 110.0  # height of a panel that has the width to itself


@dataclass(frozen=True)
class Panel:
    """One work: participants by score, the lowest score of each further mark, the greatest score possible."""

    title: str
    counts: tuple[tuple[float, int], ...]
    bounds: tuple[float, ...]
    maximum: float


def small_scores(panels: Sequence[Panel]) -> str:
    """SVG of all panels, each with its own scale of participants: works differ in number and in scores."""
    columns = min(COLUMNS, len(panels))
    height = ALONE if columns == 1 else HEIGHT
    titles = [two_lines(panel.title, WIDTH / columns - LEFT - 10 + 20, 8) for panel in panels]
    above = ABOVE + TITLE_LINE * (max(len(title) for title in titles) - 1)
    spots = frames(len(panels), columns, height, left=LEFT, above=above, below=BELOW, head=0.0)
    body: list[str] = []
    for spot, panel, title in zip(spots, panels, titles, strict=True):
        for back, said in enumerate(reversed(title)):
            body.append(words(spot.left, spot.top - 7 - TITLE_LINE * back, said, size=8))
        body += _panel(spot, panel)
    return document(-(-len(panels) // columns) * (above + height + BELOW), body)


def _panel(spot: Frame, panel: Panel) -> Iterator[str]:
    most = max(count for _, count in panel.counts)
    tick = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10**6) if most / step <= 3)
    field = Frame(spot.left, spot.top, spot.width, spot.height, most * 1.04)
    for count in range(tick, most + 1, tick):
        yield words(spot.left - 3, field.y(count) + 2.6, number(count), "end", 7)
        yield line(f"M{place(spot.left)} {place(field.y(count))}h{place(spot.width)}", theme.FAINT, 0.6)
    wide = spot.width / (panel.maximum + 1)
    bars = (
        f"M{place(spot.left + wide * score)} {place(spot.floor)}V{place(field.y(count))}h{place(wide * 0.88)}"
        f"V{place(spot.floor)}z"
        for score, count in panel.counts
    )
    yield f'<path d="{"".join(bars)}" fill="#a9cbe0"/>'
    cuts = "".join(
        f"M{place(spot.left + wide * bound)} {place(spot.top)}V{place(spot.floor)}" for bound in panel.bounds
    )
    yield line(cuts, theme.INK, 0.8, "3 2")
    yield line(f"M{place(spot.left)} {place(spot.floor)}h{place(spot.width)}", theme.GREY, 0.6)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if panel.maximum / step <= 6)
    for score in range(0, int(panel.maximum) + 1, step):
        yield words(spot.left + wide * (score + 0.44), spot.floor + 8.5, number(score), "middle", 7)
