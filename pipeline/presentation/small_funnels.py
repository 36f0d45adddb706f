"""Organisations of several works by their number of participants: a panel a work, limits or intervals, names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.presentation import theme
from pipeline.presentation.small_multiples import (
    Frame,
    document,
    filled,
    fitted,
    frames,
    legend,
    legend_more,
    line,
    mark,
    place,
    scale,
    share_axis,
    words,
)
from pipeline.presentation.text import number

HEIGHT, HEAD, ABOVE, BELOW, LEFT = 68.0, 16.0, 17.0, 16.0, 30.0
WIDE = 4  # so many panels stand in two columns, more of them in three
ALONE = 140.0  # height of a panel that has the width to itself
TICKS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10**6)  # steps of participants
SHAPES = {"worse": "down", "better": "up", "inside": "circle", "apart": "diamond", "": "circle"}
COLOURS = {**theme.TONE_COLOURS, "apart": theme.INK, "inside": theme.INK}


@dataclass(frozen=True)
class Panel:
    """One work. `points`: rows `n`, `value`, `lower`, `upper`, `tone` (worse, better, apart, inside, empty), `name`
    (empty: not named). `limits`: rows `n`, `inner_lower`, … `outer_upper`, or None: intervals are drawn then.
    `centre`: the municipality's share, None where there is none; `others`: shares of wider groups."""

    title: str
    points: pd.DataFrame
    limits: pd.DataFrame | None
    centre: float | None
    others: tuple[float, ...] = ()


def small_funnels(panels: Sequence[Panel], names: Mapping[str, str]) -> str:
    """SVG of all panels with one scale of shares. `names`: words of the legend by what is drawn (centre, others, inner,
    outer and the tones that occur)."""
    step, most = scale(max(_highest(panel) for panel in panels))
    columns = min(len(panels), 2 if len(panels) <= WIDE else 3)
    height, head = ALONE if columns == 1 else HEIGHT, HEAD + legend_more(list(names.values()))
    spots = frames(len(panels), columns, height, left=LEFT, above=ABOVE, below=BELOW, head=head, most=most)
    body = list(legend([(_sample(what), said) for what, said in names.items()]))
    for spot, panel in zip(spots, panels, strict=True):
        body += share_axis(spot, step, fitted(panel.title, spot.width + 26, 8.5), labelled=spot.left <= LEFT)
        body += _panel(spot, panel)
    return document(head + -(-len(panels) // columns) * (ABOVE + height + BELOW), body)


def _highest(panel: Panel) -> float:
    """Of what must be seen: values and, where drawn, intervals; limits of tiny organisations may leave the panel."""
    ends = [float(panel.points["value"].max()), panel.centre or 0.0, *panel.others]
    if panel.limits is None:
        ends.append(float(panel.points["upper"].fillna(0).max()))
    return min(1.0, max(ends))


def _panel(spot: Frame, panel: Panel) -> Iterator[str]:
    largest = float(panel.points["n"].max())
    wide = spot.width / (largest * 1.06)

    def x(n: float) -> float:
        return spot.left + n * wide

    for n in _sizes(largest):
        yield words(x(n), spot.floor + 9, number(n), "middle", 7)
    for share in panel.others:
        yield line(f"M{place(spot.left)} {place(spot.y(share))}H{place(spot.right)}", theme.GREY, 0.7, "1 2")
    if panel.centre is not None:
        yield line(f"M{place(spot.left)} {place(spot.y(panel.centre))}H{place(spot.right)}", theme.INK, 0.9)
    if panel.limits is not None:
        yield from _limits(spot, panel.limits, x)
    else:
        known = panel.points.dropna(subset=["lower", "upper"])
        ways = (
            f"M{place(x(n))} {place(spot.y(low))}V{place(spot.y(high))}"
            for n, low, high in zip(known["n"], known["lower"], known["upper"], strict=True)
        )
        yield line("".join(ways), theme.GREY, 0.9)
    for tone, part in panel.points.groupby("tone", sort=True):
        marks = [
            mark(SHAPES[str(tone)], x(n), spot.y(value), 2.6 if tone else 1.9)
            for n, value in zip(part["n"], part["value"], strict=True)
        ]
        yield _dots(str(tone), marks)
    for n, value, name in zip(panel.points["n"], panel.points["value"], panel.points["name"], strict=True):
        if name:
            yield _name(spot, x(n), spot.y(value), str(name))


def _dots(tone: str, marks: Sequence[str]) -> str:
    colour = COLOURS.get(tone, theme.GREY)
    if tone == "inside":
        return filled("white", marks, f' stroke="{colour}" stroke-width="1"')
    return filled(colour, marks)


def _name(spot: Frame, x: float, y: float, name: str) -> str:
    """Beside its dot, on the side that has more room."""
    left, right = x - spot.left - 5, spot.right - x + 5
    if right >= left:
        return words(x + 4.5, y + 2.5, fitted(name, right), size=7)
    return words(x - 4.5, y + 2.5, fitted(name, left), "end", 7)


def _limits(spot: Frame, limits: pd.DataFrame, x: object) -> Iterator[str]:
    for side, dash in (("outer", ""), ("inner", "3 2")):
        ways = []
        for bound in ("lower", "upper"):
            spots = [
                (float(n), float(share))
                for n, share in zip(limits["n"], limits[f"{side}_{bound}"], strict=True)
                if share <= spot.most
            ]
            ways += [f"{'L' if at else 'M'}{place(x(n))} {place(spot.y(share))}" for at, (n, share) in enumerate(spots)]  # type: ignore[operator]
        yield line("".join(ways), theme.GREY, 0.8, dash)


def _sizes(largest: float) -> list[int]:
    """Ticks of participants: three or four round numbers."""
    step = next(step for step in TICKS if largest / step <= 4)
    return list(range(0, int(largest) + 1, step))


def _sample(what: str) -> str:
    """How something of the legend looks."""
    if what in ("centre", "others", "inner", "outer"):
        dash = {"others": "1 2", "inner": "3 2"}.get(what, "")
        return line("M-6 0H6", theme.INK if what == "centre" else theme.GREY, 0.9, dash)
    return _dots(what, [mark(SHAPES[what], 0, 0, 2.6)])
