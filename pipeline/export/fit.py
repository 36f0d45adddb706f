"""How a table is made to stay inside the margins: size of type, widths of columns, orientation, splitting.

The rule, in order: the largest type at which no word is cut; a landscape page when the smallest type is not enough or
when a long table declared wide would have tall rows; a split into parts with the first column repeated when even that
fails.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.paths import PACKAGE

PORTRAIT, LANDSCAPE = 165.0, 247.0  # mm between the margins
SIZES = (9.0, 8.5, 8.0, 7.5)  # pt
GUTTER = 3.2  # mm between the texts of two columns
MM = 25.4 / 72
LONG_WORD = 24
HYPHENATE_FROM = 12  # longer words of letters alone may be hyphenated
SPLIT_AT = re.compile(r"[ \n\u200b]")
BOLD = 1.12  # a column head is set in bold
WASTE = 1.12
MANY = 7  # columns from which type is made smaller to keep rows low
LOW = 2.0  # lines in a usual row that need no smaller type
TALL = 3.0  # lines in a usual row of a wide table that send it to a landscape page
SAMPLE = 80  # rows that are looked at when widths are evened
STEPS = (8.0, 4.0, 2.0)  # mm that are moved from column to column
MOVES = 12  # at most, of each step
NEARER = 0.05
SHORT = 40.0  # lines of a whole wide table that stays upright all the same


Array = NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """Type size in points, widths in mm, orientation, and the columns of each part (one part unless split)."""

    size: float
    widths: tuple[float, ...]
    landscape: bool
    parts: tuple[tuple[int, ...], ...]


def fit(
    heads: Sequence[Mapping[str, Any]],
    rows: Sequence[Sequence[Mapping[str, Any]]],
    *,
    wide: bool = False,
    sizes: Sequence[float] = SIZES,
) -> Fit:
    """The layout of a table with these heads and rows, in one of the sizes of type (largest first)."""
    columns = [_Column.of(index, head, rows) for index, head in enumerate(heads)]
    every = (tuple(range(len(columns))),)
    for landscape, total in ((False, PORTRAIT), (True, LANDSCAPE)):
        found = _best(columns, total, sizes)
        if found and (landscape or not wide or found[2] <= TALL or found[2] * len(rows) <= SHORT):
            return Fit(found[0], found[1], landscape, every)
    return _split(columns)


def _best(
    columns: Sequence[_Column], total: float, sizes: Sequence[float]
) -> tuple[float, tuple[float, ...], float] | None:
    """Size, widths and lines of a usual row: the largest type with low rows, else the type with the lowest rows."""
    tried = []
    for size in sizes:
        widths = _widths(columns, size, total)
        if widths:
            lines = _lines(columns, widths, size)
            tried.append((size, widths, lines))
            if lines <= LOW or len(columns) < MANY:
                return tried[-1]
    return min(tried, key=lambda one: one[0] * math.ceil(one[2]), default=None)


@dataclass(frozen=True)
class _Column:
    """Widths of a column at 1 pt, in mm: the widest piece that cannot be broken, the widest and the usual cell, and
    the head with the first cells one by one."""

    least: float
    natural: float
    usual: float
    weight: float
    cells: tuple[float, ...]

    @classmethod
    def of(cls, index: int, head: Mapping[str, Any], rows: Sequence[Sequence[Mapping[str, Any]]]) -> _Column:
        texts = [_shown(row[index]) for row in rows if index < len(row)]
        sizes = [_width(text) for text in texts] or [0.0]
        title = head["title"]
        least = max([BOLD * _unbreakable(title), *(_unbreakable(text) for text in texts)])
        natural = max([*sizes, BOLD * _unbreakable(title)])
        cells = (BOLD * _width(title), *sizes[:SAMPLE])
        return cls(least, natural, sum(sizes) / len(sizes), float(head.get("width", 1.0)), cells)


def breakable(text: str) -> str:
    """Text whose very long words (file names, hashes) may be broken: after separators, else every 16 letters."""
    words = (_loosened(word) if len(word) > LONG_WORD else word for word in text.split(" "))
    return " ".join(words)


def _loosened(word: str) -> str:
    loose = re.sub(r"([_./\\\-–:;,])(?=\w)", "\\1\u200b", word)
    return re.sub(r"([^\u200b\s]{16})(?=[^\u200b\s]{4})", "\\1\u200b", loose)


def hyphenated(title: str, texts: Sequence[str], width: float, size: float) -> bool:
    """Whether a column of this width (mm) has a word that must be hyphenated."""
    room = (width - GUTTER) / size
    words = [(BOLD, word) for word in SPLIT_AT.split(title)] + [
        (1.0, w) for text in texts for w in SPLIT_AT.split(text)
    ]
    return any(weight * _width(word) > room for weight, word in words if word.isalpha())


def _shown(cell: Mapping[str, Any]) -> str:
    return ("▲ " if cell.get("tone") else "") + str(cell["text"])


def _unbreakable(text: str) -> float:
    return max((_word(word) for word in SPLIT_AT.split(text)), default=0.0)


def _word(word: str) -> float:
    if word.isalpha() and len(word) > HYPHENATE_FROM:
        return _width(word[:HYPHENATE_FROM])
    return _width(word)


def _widths(columns: Sequence[_Column], size: float, total: float) -> tuple[float, ...] | None:
    """Widths that fill `total`: nobody under its minimum, the rest shared by what each column asks for."""
    least = [column.least * size + GUTTER for column in columns]
    if sum(least) > total:
        return None
    natural = [max(column.natural * size + GUTTER, low) for column, low in zip(columns, least, strict=True)]
    wishes = [math.sqrt(column.weight * wish) for column, wish in zip(columns, natural, strict=True)]
    widths = _poured(total, wishes, least, natural)
    filled = total / sum(widths)
    return _evened(columns, [width * filled for width in widths], least, size)


def _evened(
    columns: Sequence[_Column], widths: Sequence[float], least: Sequence[float], size: float
) -> tuple[float, ...]:
    """Widths moved from column to column, nobody under `least`, as long as that makes the table lower."""
    if len({len(column.cells) for column in columns}) > 1:
        return tuple(widths)
    lengths = size * np.array([column.cells for column in columns]).T
    best = np.array(widths)
    lines = _all_lines(lengths, best)
    for step in STEPS:
        for _ in range(MOVES):
            moved = [_moved(best, giver, taker, step) for giver, taker in permutations(range(len(best)), 2)]
            tried = [(_all_lines(lengths, one), at) for at, one in enumerate(moved) if (one >= least).all()]
            found, at = min(tried, default=(lines, -1))
            if found >= lines:
                break
            best, lines = moved[at], found
    return tuple(float(width) for width in best)


def _moved(widths: Array, giver: int, taker: int, by: float) -> Array:
    changed = widths.copy()
    changed[giver] -= by
    changed[taker] += by
    return changed


def _all_lines(lengths: Array, widths: Array) -> float:
    """Lines of all rows together: a row is as tall as its tallest cell; a line is never filled to its end.

    A cell that comes nearer to a line less counts a little: one step alone seldom wins a line.
    """
    shares = lengths / np.maximum(widths - GUTTER, 1.0)
    lines = np.where(shares <= 1.0, 1.0, np.ceil(WASTE * shares)).max(axis=1)
    return float((lines + NEARER * shares.max(axis=1)).sum())


def _poured(total: float, weights: Sequence[float], least: Sequence[float], natural: Sequence[float]) -> list[float]:
    """Shares of `total` by weight, nobody under `least` or over `natural`; what one does not take others may."""
    widths: dict[int, float] = {}
    free = set(range(len(weights)))
    while free:
        rest = total - sum(widths.values())
        unit = rest / sum(weights[i] for i in free)
        low = {i: least[i] for i in free if unit * weights[i] < least[i]}
        high = {i: natural[i] for i in free if unit * weights[i] > natural[i]}
        settled = low or high or {i: unit * weights[i] for i in free}
        widths |= settled
        free -= settled.keys()
    return [widths[i] for i in range(len(weights))]


def _lines(columns: Sequence[_Column], widths: Sequence[float], size: float) -> float:
    """Lines of the tallest usual cell of a row; a line is never filled to its end."""
    pairs = zip(columns, widths, strict=True)
    return max((WASTE * column.usual * size / max(width - GUTTER, 1.0) for column, width in pairs), default=0.0)


def _split(columns: Sequence[_Column]) -> Fit:
    """Parts of a table too wide for a landscape page; each begins with the first column."""
    size = SIZES[-1]
    least = [min(column.least * size + GUTTER, LANDSCAPE / 2) for column in columns]
    parts: list[list[int]] = [[0]]
    for index in range(1, len(columns)):
        if len(parts[-1]) > 1 and sum(least[i] for i in parts[-1]) + least[index] > LANDSCAPE:
            parts.append([0])
        parts[-1].append(index)
    return Fit(size, tuple(least), True, tuple(tuple(part) for part in parts))


@lru_cache(maxsize=1)
def _advances() -> tuple[dict[str, float], float]:
    """Advance widths of the table face in mm at 1 pt, and the width of an unknown character."""
    from fontTools.ttLib import TTFont

    with TTFont(PACKAGE / "export" / "fonts" / "PTS55F.ttf", lazy=True) as font:
        scale = MM / font["head"].unitsPerEm
        metrics = font["hmtx"]
        widths = {chr(code): metrics[name][0] * scale for code, name in font.getBestCmap().items()}
    return widths, 0.6 * MM


@lru_cache(maxsize=8192)
def _width(text: str) -> float:
    widths, unknown = _advances()
    return 1.04 * sum(widths.get(letter, unknown) for letter in text)
