"""Composition of marks of several works: a panel a work, a bar a group and a year, percents in the bars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from pipeline.presentation import theme
from pipeline.presentation.small_multiples import Frame, document, fitted, frames, legend, line, place, words
from pipeline.presentation.text import NBSP, PERCENT_FROM, number

BAR, STEP, COLUMNS = 8.6, 10.4, 2
LABEL_ROOM, N_ROOM = 62.0, 36.0
LABEL_FROM = 0.075  # a narrower part holds no number
HEAD, ABOVE, BELOW = 16.0, 16.0, 6.0
CUT = 4.0  # room where another series begins


def small_marks(rows: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """SVG: rows `panel`, `bar`, `label`, `category`, `value` (shares of a bar sum to 1), `n`, `cut` (another series
    begins with this bar); bars in the order given. `titles` of the categories, in their order.

    A bar of fewer participants than a percent may be printed of holds no numbers.
    """
    panels = {str(name): list(_bars(part)) for name, part in rows.groupby("panel", sort=False)}
    body = list(legend([(_swatch(theme.MARK_COLOURS[mark]), said) for mark, said in titles.items()]))
    names, top = list(panels), HEAD
    columns = min(COLUMNS, len(names))
    for start in range(0, len(names), COLUMNS):
        beside = names[start : start + COLUMNS]
        height = max(len(panels[name]) * STEP + CUT * any(bar[3] for bar in panels[name]) for name in beside)
        spots = frames(len(beside), columns, height, left=LABEL_ROOM, above=ABOVE, below=BELOW, head=top)
        for spot, name in zip(spots, beside, strict=True):
            body.append(words(spot.left, spot.top - 5, name, size=8.5))
            body += _panel(spot, panels[name], tuple(titles))
        top += ABOVE + height + BELOW
    return document(top, body)


def _bars(part: pd.DataFrame) -> Iterator[tuple[str, dict[str, float], float | None, bool]]:
    """Label, shares by mark, participants, whether a new series begins."""
    for _, bar in part.groupby("bar", sort=False):
        first = bar.iloc[0]
        n = None if pd.isna(first["n"]) else float(first["n"])
        shares = {str(mark): float(value) for mark, value in zip(bar["category"], bar["value"], strict=True)}
        yield str(first["label"]), shares, n, bool(first["cut"])


def _swatch(colour: str) -> str:
    return f'<rect x="-4" y="-3.5" width="8" height="7" fill="{colour}"/>'


def _panel(
    spot: Frame, bars: Sequence[tuple[str, dict[str, float], float | None, bool]], marks: Sequence[str]
) -> Iterator[str]:
    wide = spot.width - N_ROOM
    y, inks, parts = spot.top, [], {mark: [] for mark in marks}  # type: ignore[var-annotated]
    for label, shares, n, cut in bars:
        if cut:
            yield line(f"M{place(spot.left - 40)} {place(y + CUT / 2 - 1)}H{place(spot.right)}", theme.GREY, 0.5, "2 2")
            y += CUT
        yield words(spot.left - 4, y + 6.8, fitted(label, LABEL_ROOM, 7), "end", 7)
        yield words(spot.right, y + 6.8, "" if n is None else _people(n), "end", 7, theme.GREY)
        at = spot.left
        for mark in marks:
            width = shares.get(mark, 0.0) * wide
            parts[mark].append(f"M{place(at)} {place(y)}h{place(width)}v{place(BAR)}h-{place(width)}z")
            if shares.get(mark, 0.0) >= LABEL_FROM and (n is None or n >= PERCENT_FROM):
                ink = theme.LABEL_ON.get(theme.MARK_COLOURS[mark], "")
                inks.append(words(at + width / 2, y + 6.6, number(shares[mark] * 100), "middle", 6.8, ink))
            at += width
        y += STEP
    for mark in marks:
        yield f'<path d="{"".join(parts[mark])}" fill="{theme.MARK_COLOURS[mark]}" stroke="white" stroke-width=".5"/>'
    yield from inks


def _people(n: float) -> str:
    return f"{number(n / 1_000_000, 1)}{NBSP}млн" if n >= 1_000_000 else number(n)
