"""Panels side by side as SVG written by hand: places, axes and words that every figure of small multiples shares.

The look is that of `charts` (font, colours, grid), a page of panels costs milliseconds and a few kilobytes. Points are
those of the page: every chart of the report is 468 wide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from pipeline.presentation import theme
from pipeline.presentation.text import NARROW, number

WIDTH = 468.0
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
AT_MOST = 5  # ticks above zero
LETTER = 0.52  # of the size: how wide a letter is, about
LEGEND_LEFT, LEGEND_LINE = 4.0, 11.0
TITLE_LINE = 9.0


@dataclass(frozen=True)
class Frame:
    """The field of one panel; `most`: the value at its upper end."""

    left: float
    top: float
    width: float
    height: float
    most: float = 1.0

    @property
    def floor(self) -> float:
        return self.top + self.height

    @property
    def right(self) -> float:
        return self.left + self.width

    def y(self, value: float) -> float:
        return self.top + self.height * (1 - value / self.most)


def frames(
    count: int, columns: int, height: float, *, left: float, above: float, below: float, head: float, most: float = 1.0
) -> list[Frame]:
    """Fields of `count` panels in rows: `left`, `above`, `below` are room around each, `head` room over all."""
    wide = WIDTH / columns
    return [
        Frame(
            left + wide * (place % columns),
            head + above + (above + height + below) * (place // columns),
            wide - left - 10,
            height,
            most,
        )
        for place in range(count)
    ]


def document(height: float, body: Sequence[str]) -> str:
    """The <svg> element around its parts."""
    size = f'width="{WIDTH:g}pt" height="{height:g}pt" viewBox="0 0 {WIDTH:g} {height:g}"'
    font = f'font-family="\'{theme.FONT}\', sans-serif" font-size="7.5" fill="{theme.INK}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><g {font}>{"".join(body)}</g></svg>'


def place(value: float) -> str:
    """A coordinate with one digit, as short as it goes."""
    return f"{value:.1f}".removesuffix(".0")


def words(x: float, y: float, said: str, anchor: str = "", size: float = 0, fill: str = "") -> str:
    """Text from a point: `anchor` middle or end; size and colour of the figure by default."""
    more = f' text-anchor="{anchor}"' if anchor else ""
    more += f' font-size="{size:g}"' if size else ""
    more += f' fill="{fill}"' if fill else ""
    return f'<text x="{place(x)}" y="{place(y)}"{more}>{escape(said, quote=False)}</text>'


def fitted(said: str, room: float, size: float = 7.5) -> str:
    """The words cut to their room, with dots where something is left out."""
    letters = int(room / (size * LETTER))
    return said if len(said) <= letters else f"{said[: max(1, letters - 1)].rstrip()}…"


def two_lines(said: str, room: float, size: float = 7.5) -> list[str]:
    """The words in one line where they fit, else in two, the second cut to its room; a bracket is not torn."""
    if fitted(said, room, size) == said:
        return [said]
    first, bracket, second = said.partition(" (")
    if bracket and fitted(first, room, size) == first:
        return [first, fitted(f"({second}", room, size)]
    letters = int(room / (size * LETTER))
    at = said.rfind(" ", 0, letters + 1)
    return [said[:at], fitted(said[at + 1 :], room, size)] if at > 0 else [fitted(said, room, size)]


def line(way: str, colour: str, width: float = 1.0, dash: str = "") -> str:
    """A stroke along a path."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{way}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashed}/>'


def mark(shape: str, x: float, y: float, r: float = 2.4) -> str:
    """Path of a mark: circle, square, diamond, up, down. Filled by the group it stands in."""
    a, b, s = place(x), place(y), place(r)
    if shape == "circle":
        return f'<circle cx="{a}" cy="{b}" r="{s}"/>'
    t = place(2 * r)
    ways = {
        "square": f"M{place(x - r)} {place(y - r)}h{t}v{t}h-{t}z",
        "diamond": f"M{a} {place(y - r * 1.3)}l{place(r * 1.3)} {place(r * 1.3)}l-{place(r * 1.3)} {place(r * 1.3)}"
        f"l-{place(r * 1.3)}-{place(r * 1.3)}z",
        "up": f"M{a} {place(y - r * 1.2)}l{place(r * 1.2)} {place(r * 2.1)}h-{place(r * 2.4)}z",
        "down": f"M{a} {place(y + r * 1.2)}l{place(r * 1.2)}-{place(r * 2.1)}h-{place(r * 2.4)}z",
    }
    return f'<path d="{ways[shape]}"/>'


def filled(colour: str, marks: Sequence[str], more: str = "") -> str:
    """Marks of one colour."""
    return f'<g fill="{colour}"{more}>{"".join(marks)}</g>' if marks else ""


def scale(highest: float) -> tuple[float, float]:
    """Step of the ticks of shares and the first tick at or above the highest value."""
    step = next((step for step in STEPS if step * AT_MOST >= highest), STEPS[-1])
    return step, max(-(-highest // step), 1.0) * step


def share_axis(frame: Frame, step: float, title: str, *, labelled: bool = True) -> Iterator[str]:
    """Title over the panel, lines of the grid with percents, the floor."""
    yield words(frame.left, frame.top - 7, title, size=8.5)
    ways = []
    for tick in range(1, round(frame.most / step) + 1):
        y = place(frame.y(tick * step))
        ways.append(f"M{place(frame.left)} {y}h{place(frame.width)}")
        if labelled:
            percent = f"{number(round(tick * step * 100))}{NARROW}%"
            yield words(frame.left - 3, frame.y(tick * step) + 2.6, percent, "end", 7)
    yield line("".join(ways), theme.FAINT, 0.6)
    yield line(f"M{place(frame.left)} {place(frame.floor)}h{place(frame.width)}", theme.GREY, 0.6)


def legend(items: Sequence[tuple[str, str]], y: float = 9.0) -> Iterator[str]:
    """Marks with their names, in as many lines as the width takes: pairs of a drawn mark (around 0, 0) and a word."""
    for (drawn, said), (x, row) in zip(items, _legend_spots([said for _, said in items]), strict=True):
        level = y + LEGEND_LINE * row
        yield f'<g transform="translate({place(x + 5)} {place(level)})">{drawn}</g>'
        yield words(x + 13, level + 2.7, said)


def legend_more(names: Sequence[str]) -> float:
    """Height that a legend of these words takes below its first line."""
    return LEGEND_LINE * max((row for _, row in _legend_spots(names)), default=0)


def _legend_spots(names: Sequence[str]) -> list[tuple[float, int]]:
    """Place from the left and line of each item."""
    spots: list[tuple[float, int]] = []
    x, row = LEGEND_LEFT, 0
    for said in names:
        wide = 24 + len(said) * 7.5 * LETTER
        if x > LEGEND_LEFT and x + wide > WIDTH:
            x, row = LEGEND_LEFT, row + 1
        spots.append((x, row))
        x += wide
    return spots
