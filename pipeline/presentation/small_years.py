"""Shares of the municipality over the years: a panel an indicator, one scale for all, lines only inside one series.

The rules of `charts.trend` for one line a panel, a tenth of its size.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.presentation.charts import numeric, unbroken
from pipeline.presentation.small_multiples import (
    Frame,
    document,
    filled,
    fitted,
    frames,
    line,
    mark,
    place,
    scale,
    share_axis,
    words,
)
from pipeline.presentation.theme import ACCENT

COLUMNS, HEIGHT, BELOW, LEFT, LINE = 3, 60.0, 16.0, 30.0, 9.0
ALONE = 100.0  # height of a panel that has the width to itself


def small_years(rows: pd.DataFrame) -> str:
    """SVG: rows `panel` (its title in one or two lines), `year`, `value`, `lower`, `upper` (shares), `series`.

    Points are joined inside one series over neighbouring years; below three points stay dots. The axis starts at zero.
    """
    ready = numeric(rows)
    panels = list(dict.fromkeys(ready["panel"]))
    step, most = scale(float(ready[["value", "upper"]].max().max()))
    above = 13.0 + LINE * max(str(name).count("\n") for name in panels)
    years = tuple(range(int(ready["year"].min()), int(ready["year"].max()) + 1))
    columns = min(COLUMNS, len(panels))
    height = ALONE if columns == 1 else HEIGHT
    spots = frames(len(panels), columns, height, left=LEFT, above=above, below=BELOW, head=0.0, most=most)
    body: list[str] = []
    for spot, name in zip(spots, panels, strict=True):
        *upper, last = str(name).split("\n")
        for back, said in enumerate(reversed(upper), start=1):
            body.append(words(spot.left, spot.top - 7 - LINE * back, fitted(said, spot.width + 18, 8.5), size=8.5))
        body += share_axis(spot, step, fitted(last, spot.width + 18, 8.5), labelled=spot.left <= LEFT)
        body += _points(spot, ready[ready["panel"] == name], years)
    return document(-(-len(panels) // columns) * (above + height + BELOW), body)


def _points(spot: Frame, points: pd.DataFrame, years: tuple[int, ...]) -> Iterator[str]:
    wide = spot.width / len(years)

    def x(year: int) -> float:
        return spot.left + wide * (year - years[0] + 0.5)

    for year in years:
        yield words(x(year), spot.floor + 9, str(year), "middle", 7)
    marks, ways = [], []
    for part in unbroken(points):
        spots = [(x(int(year)), float(value)) for year, value in zip(part["year"], part["value"], strict=True)]
        marks += [mark("circle", at, spot.y(value)) for at, value in spots]
        if len(points) > 2 and len(spots) > 1:
            ways.append("M" + "L".join(f"{place(at)} {place(spot.y(value))}" for at, value in spots))
        for (at, _), low, high in zip(spots, part["lower"], part["upper"], strict=True):
            if low == low and high == high:  # an unknown bound is nan
                ways.append(f"M{place(at)} {place(spot.y(low))}V{place(spot.y(high))}")
    yield line("".join(ways), ACCENT, 1.1)
    yield filled(ACCENT, marks)
