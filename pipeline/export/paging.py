"""Pages that are filled: the document is set once, looked at, and set again with other widths of charts.

The template tells where each item began and ended (`spots`). Items are then laid on pages again: a chart that would
move to the next page and leave white behind is made smaller together with the others on its page, down to letters
that are still read; where that is not enough, the charts before it grow to their own size. A page that lies across
goes where a page ends anyway, so that none is broken off for it. Notes that would stand under nothing on a new page
take the last rows of their table along. Lengths are mm.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.export.fit import PORTRAIT

Json = Mapping[str, Any]
TOP, HEIGHT = 20.0, 257.0  # of the text on a page
GAP, HEADING_GAP = 6.0, 9.5  # between an item and the next or its heading, when it cannot be seen
SPARE = 2.5  # left free on a page that charts are fitted into: spots are near to a millimetre
SMALLEST = 0.72  # of the drawn size: its 9 pt letters are still read
TALLEST = 195.0  # what a chart may take of a page
PALE = 0.08  # white at the end of a page that nobody notices, as a share of it
LEAST = 14.0  # of an item that may be broken, on the page where it begins
BIG = ("part", "matter", "chapter")


@dataclass(frozen=True)
class Spot:
    """Where an item (by its place in the document) begins (`top`) and ends (`end`) on paper; `rows`: where the rows of
    a table end and its notes begin; `held`: where a chart with its notes ends and the sentence about it begins."""

    at: int
    edge: str
    page: int
    y: float

    @property
    def depth(self) -> float:
        """Distance from the beginning of the first page, as if pages were one roll."""
        return self.page * HEIGHT + min(max(self.y - TOP, 0.0), HEIGHT)


@dataclass(frozen=True)
class Chart:
    """A chart: its place in the document, the width it has now, height per width, width as drawn."""

    at: int
    width: float
    ratio: float
    drawn: float

    @property
    def smallest(self) -> float:
        return min(self.width, SMALLEST * self.drawn)

    @property
    def largest(self) -> float:
        return max(self.width, min(PORTRAIT, self.drawn, TALLEST / self.ratio))


@dataclass(frozen=True)
class Step:
    """What an item takes of a page after the item before it; `first`: what of it must stand where it begins; `gap`:
    what falls away at the top of a page."""

    takes: float
    first: float
    gap: float = 0.0
    chart: Chart | None = None
    breaks: bool = False


@dataclass(frozen=True)
class Layout:
    """Items of the document (their places in it) in the order in which they are set; widths of charts that differ;
    tables whose last rows are kept with the notes under them."""

    order: tuple[int, ...]
    widths: Mapping[int, float] = field(default_factory=dict)
    kept: frozenset[int] = frozenset()


Look = Callable[[Layout], Sequence[Spot]]
TRIES = 4


def fill(items: Sequence[Json], look: Look) -> Layout:
    """The layout with the least white among a few tries; `look` sets the document and tells where items fall."""
    across = [at for at, item in enumerate(items) if item.get("floats")]
    layout = Layout(tuple(at for at in range(len(items)) if at not in across))
    if not across and not any(item["kind"] in ("figureblock", "tableblock") for item in items):
        return layout
    layout, spots = _filled(items, layout, look)
    filled = layout
    for at in across:
        layout = replace(layout, order=_with(items, layout.order, spots, at))
    layout = replace(layout, kept=layout.kept | parted(spots))
    return layout if layout == filled else _held(layout, look)


def _held(layout: Layout, look: Look) -> Layout:
    """The layout with every table kept whose notes begin a page after the last changes."""
    for _ in range(TRIES):
        kept = layout.kept | parted(look(layout))
        if kept == layout.kept:
            break
        layout = replace(layout, kept=kept)
    return layout


def _filled(items: Sequence[Json], layout: Layout, look: Look) -> tuple[Layout, Sequence[Spot]]:
    best, seen = layout, look(layout)
    for _ in range(TRIES):
        kept = best.kept | parted(seen)
        tried = Layout(best.order, {**best.widths, **widths(items, best, seen)}, kept)
        if tried == best:
            break
        there = look(tried)
        if white(there) >= white(seen) and kept == best.kept:
            break
        best, seen = tried, there
    return best, seen


def parted(spots: Sequence[Spot]) -> frozenset[int]:
    """Tables whose notes begin a page: the last row stands on the page before."""
    ends = {spot.at: spot.page for spot in spots if spot.edge == "end"}
    rows = [spot for spot in spots if spot.edge == "rows"]
    return frozenset(spot.at for spot in rows if spot.page != ends.get(spot.at) or spot.y < TOP + 1.0)


def _with(items: Sequence[Json], order: Sequence[int], spots: Sequence[Spot], at: int) -> tuple[int, ...]:
    """The order with a page that lies across after the item of its chapter that leaves least white when it ends one.

    An item after which a page ends anyway leaves none.
    """
    inside = [one for one in order if items[at]["since"] < one < at]
    ends = {spot.at: spot for spot in spots if spot.edge == "end"}
    tops = {spot.at: spot for spot in spots if spot.edge == "top"}
    closing = [one for one in order if one in ends and one in tops and one > items[at]["since"]]
    after = {one: following for one, following in zip(closing, closing[1:], strict=False)}

    def left(one: int) -> float:
        following = tops.get(after.get(one, -1))
        over = following is not None and following.page > ends[one].page
        return 0.0 if over else HEIGHT - (ends[one].y - TOP)

    known = [one for one in inside if one in ends and not items[one].get("sticky") and _followed(items, order, one)]
    place = min(known, key=left, default=None)
    cut = order.index(place) + 1 if place is not None else sum(one < at for one in order)
    return (*order[:cut], at, *order[cut:])


def _followed(items: Sequence[Json], order: Sequence[int], one: int) -> bool:
    """Whether what follows an item tells where it stands: nothing without spots lies between it and the next."""
    following = order[order.index(one) + 1 :]
    return not following or items[following[0]]["kind"] not in ("piece", "picture", "plain", "elsewhere")


def widths(items: Sequence[Json], layout: Layout, spots: Sequence[Spot]) -> dict[int, float]:
    """New widths of charts by their place in the document; those that stay as they are, are left out."""
    page = _Page()
    for step in _steps(items, layout, spots):
        page.set(step)
    return page.widths


def white(spots: Sequence[Spot]) -> float:
    """How bad the ends of pages look: the sum of squares of their white shares, the last page and those that lie
    across apart."""
    ends: dict[int, float] = {}
    for spot in spots:
        ends[spot.page] = max(ends.get(spot.page, 0.0), spot.y - TOP)
    last = max(ends, default=0)
    return sum((1 - min(end / HEIGHT, 1.0)) ** 2 for page, end in ends.items() if page != last)


def _steps(items: Sequence[Json], layout: Layout, spots: Sequence[Spot]) -> list[Step]:
    tops = {spot.at: spot for spot in spots if spot.edge == "top"}
    held = {spot.at: spot for spot in spots if spot.edge == "held"}
    ends = {spot.at: spot for spot in spots if spot.edge == "end"}
    found: list[Step] = []
    before: Spot | None = None
    heading = 0.0
    for at in layout.order:
        item = items[at]
        heading = max(heading, _room(item))
        if item["kind"] == "landscape":
            found.append(Step(0.0, 0.0, breaks=True))
            before, heading = None, 0.0
        elif at in tops and at in ends:
            width = layout.widths.get(at, item.get("width", 0.0))
            found.append(_step(item, width, (tops[at], held.get(at, ends[at]), ends[at]), before, heading))
            before, heading = ends[at], 0.0
    return found


def _room(item: Json) -> float:
    """What must be free under the beginning of a heading."""
    if item["kind"] != "heading":
        return 0.0
    return float(item["room"]) if item["role"] in BIG else LEAST


def _step(item: Json, width: float, edges: tuple[Spot, Spot, Spot], before: Spot | None, heading: float) -> Step:
    top, held, end = edges
    lead = top.y - TOP if before is None or top.page > before.page else top.depth - before.depth
    gap = 0.0 if before is None else HEADING_GAP if lead > GAP and top.page > before.page else GAP
    if before is not None and top.page > before.page:
        lead += gap
    takes = lead + end.depth - top.depth
    if item["kind"] == "figureblock":
        chart = Chart(top.at, width, float(item["ratio"]), float(item["drawn"]))
        return Step(takes, max(lead + held.depth - top.depth, heading), gap, chart)
    first = lead + min(takes - lead, float(item.get("room", LEAST)))
    return Step(takes, max(first, heading), gap)


class _Page:
    """Lays items on pages one after another and sets the widths of charts on the way."""

    def __init__(self) -> None:
        self.widths: dict[int, float] = {}
        self._used = 0.0
        self._charts: list[Chart] = []

    def set(self, step: Step) -> None:
        """Put a step on the page, or on the next one."""
        if step.breaks:
            self._turn(grow=True)
        elif self._used and self._used + step.first > HEIGHT and not self._squeezed(step):
            self._turn(grow=True)
            self._put(step)
        else:
            self._put(step)

    def _put(self, step: Step) -> None:
        self._used += step.takes - (0.0 if self._used else step.gap)
        if step.chart:
            self._charts.append(step.chart)
            self._used -= (step.chart.width - self._width(step.chart)) * step.chart.ratio
        while self._used > HEIGHT:
            over = self._used - HEIGHT
            self._turn(grow=False)
            self._used = over

    def _turn(self, *, grow: bool) -> None:
        if grow and HEIGHT - self._used > PALE * HEIGHT:
            self._resize(self._charts, HEIGHT - self._used - SPARE)
        self._used, self._charts = 0.0, []

    def _squeezed(self, step: Step) -> bool:
        """Whether the chart fits when those on its page are made smaller, with its sentence or at least without;
        does it."""
        if not step.chart or HEIGHT - self._used < PALE * HEIGHT:
            return False
        charts = [*self._charts, step.chart]
        most = sum((self._width(one) - one.smallest) * one.ratio for one in charts)
        wanted = [max(self._used + part - HEIGHT + SPARE, 0.0) for part in (step.takes, step.first)]
        if wanted[1] > most:
            return False
        before = self._height(self._charts)
        self._resize(charts, -(wanted[0] if wanted[0] <= most else wanted[1]))
        self._used -= before - self._height(self._charts)
        return True

    def _resize(self, charts: Sequence[Chart], by: float) -> None:
        """Change the height of charts by so much in all, each in proportion and within its bounds."""
        free = list(charts)
        while free and math.fabs(by) > 0.1:
            factor = 1 + by / self._height(free)
            wishes = {one.at: self._width(one) * factor for one in free}
            bounds = {one.at: min(max(wishes[one.at], one.smallest), one.largest) for one in free}
            stuck = [one for one in free if bounds[one.at] != wishes[one.at]] or free
            for one in stuck:
                by -= (bounds[one.at] - self._width(one)) * one.ratio
                self.widths[one.at] = round(bounds[one.at], 2)
            free = [one for one in free if one not in stuck]

    def _height(self, charts: Sequence[Chart]) -> float:
        return sum(self._width(one) * one.ratio for one in charts)

    def _width(self, chart: Chart) -> float:
        return self.widths.get(chart.at, chart.width)
