"""Organisations by works and years: in each cell a small mark a year, told apart by shape before colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.presentation import theme
from pipeline.presentation.small_multiples import (
    WIDTH,
    document,
    filled,
    fitted,
    legend,
    legend_more,
    line,
    mark,
    place,
    words,
)

NAME_ROOM, ROW, LEGEND, SLANT = 100.0, 12.0, 18.0, 76.0
LEAN = 34.0  # the last head leans over the edge
WIDEST, APART = 110.0, 14.0  # a column of few, and marks of its years
WORSE, BETTER, SAME, FEW, ABSENT = "worse", "better", "same", "few", ""
QUIET = {SAME: (theme.GREY, 2.0), FEW: ("#c3cad1", 1.2)}
SHAPES = {WORSE: ("down", theme.TONE_COLOURS["worse"], 2.7), BETTER: ("up", theme.TONE_COLOURS["better"], 2.7)}


def verdict_grid(
    labels: Sequence[str],
    heads: Sequence[str],
    years: int,
    cells: Sequence[Sequence[Sequence[str]]],
    names: Mapping[str, str],
) -> str:
    """SVG: rows `labels`, columns `heads`, in each cell `years` states from the earliest on: worse, better, same, few
    (too few to compare) or empty (no result). `names`: words of the legend by state."""
    wide = min(WIDEST, (WIDTH - NAME_ROOM - LEAN) / len(heads))
    top = LEGEND + SLANT + legend_more(list(names.values()))
    floor = top + ROW * len(labels)
    body = list(legend([(_sample(state), said) for state, said in names.items()]))
    body += _heads(heads, wide, top)
    body += _rules(len(labels), len(heads), wide, top, floor)
    for row, label in enumerate(labels):
        body.append(words(NAME_ROOM - 5, top + ROW * row + 8.6, fitted(label, NAME_ROOM - 8, 8), "end", 8))
    body += _marks(cells, wide, top, years)
    return document(floor + 4, body)


def _sample(state: str) -> str:
    if state in SHAPES:
        shape, colour, size = SHAPES[state]
        return filled(colour, [mark(shape, 0, 0, size)])
    colour, width = QUIET[SAME if state == SAME else FEW]
    return filled(colour, [mark("circle", 0, 0, width / 2)])


def _heads(heads: Sequence[str], wide: float, top: float) -> Iterator[str]:
    for column, head in enumerate(heads):
        x, y = NAME_ROOM + wide * (column + 0.5) + 2, top - 5
        turned = f'<g transform="translate({place(x)} {place(y)}) rotate(-62)">'
        yield f"{turned}{words(0, 0, fitted(head, 84, 7.5))}</g>"


def _rules(rows: int, columns: int, wide: float, top: float, floor: float) -> Iterator[str]:
    right = NAME_ROOM + wide * columns
    across = "".join(f"M0 {place(top + ROW * row)}H{place(right)}" for row in range(rows + 1))
    down = "".join(f"M{place(NAME_ROOM + wide * column)} {place(top)}V{place(floor)}" for column in range(columns + 1))
    yield line(across + down, theme.FAINT, 0.6)


def _marks(cells: Sequence[Sequence[Sequence[str]]], wide: float, top: float, years: int) -> Iterator[str]:
    gap = min(APART, (wide - 3) / years)
    found: dict[str, list[str]] = {}
    for row, line_of in enumerate(cells):
        y = top + ROW * (row + 0.5)
        for column, states in enumerate(line_of):
            first = NAME_ROOM + wide * (column + 0.5) - gap * (years - 1) / 2
            for year, state in enumerate(states):
                x = first + gap * year
                if state in SHAPES:
                    shape, _, size = SHAPES[state]
                    found.setdefault(state, []).append(mark(shape, x, y, min(size, gap * 0.48)))
                elif state:
                    found.setdefault(state, []).append(f"M{place(x)} {place(y)}h0")
    for state, marks in found.items():
        yield filled(SHAPES[state][1], marks) if state in SHAPES else _quiet(state, marks)


def _quiet(state: str, dots: Sequence[str]) -> str:
    """Many like dots in one path: round caps of no length."""
    colour, width = QUIET[SAME if state == SAME else FEW]
    return f'<path d="{"".join(dots)}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"/>'
