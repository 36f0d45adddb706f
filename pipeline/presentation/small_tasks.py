"""Tasks of several works: a panel a work, a dot with its interval a task, the sufficient level as a broken line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from pipeline.presentation.charts import TASK_LEVELS
from pipeline.presentation.small_multiples import (
    LETTER,
    WIDTH,
    Frame,
    document,
    filled,
    fitted,
    frames,
    legend,
    line,
    mark,
    place,
    share_axis,
    words,
)
from pipeline.presentation.theme import INK

SHAPES = {"basic": "circle", "advanced": "diamond", "high": "up", "": "square"}
HEIGHT, HEAD, ABOVE, BELOW, LEFT = 60.0, 16.0, 17.0, 13.0, 30.0
SIZE = 6.8
APART = 0.8  # of a place: between tasks of different levels


def small_tasks(panels: Mapping[str, pd.DataFrame], levels: Mapping[str, float]) -> str:
    """SVG: title → rows `label`, `value`, `lower`, `upper`, `task_level`; `levels`: sufficient level by kind of task.

    Tasks of one kind stand together, told apart by the shape of their dots.
    """
    columns = 1 if max(_room(rows) for rows in panels.values()) > WIDTH / 2 - LEFT - 10 else 2
    columns = min(columns, len(panels))
    spots = frames(len(panels), columns, HEIGHT, left=LEFT, above=ABOVE, below=BELOW, head=HEAD)
    kinds = [kind for kind in TASK_LEVELS if any((_kind(rows) == kind).any() for rows in panels.values())]
    named = [(filled(TASK_LEVELS[kind][2], [mark(SHAPES[kind], 0, 0)]), TASK_LEVELS[kind][0]) for kind in kinds]
    if any(kind in levels for kind in kinds):
        named.append((line("M-6 0H6", INK, 0.9, "3 2"), "достаточный уровень"))
    body = list(legend(named))
    for spot, (title, rows) in zip(spots, panels.items(), strict=True):
        body += share_axis(spot, 0.25, fitted(title, spot.width + 20, 8.5), labelled=spot.left <= LEFT)
        body += _panel(spot, rows, kinds, levels)
    return document(HEAD + -(-len(panels) // columns) * (ABOVE + HEIGHT + BELOW), body)


def _room(rows: pd.DataFrame) -> float:
    """How wide a panel must be for the longest number of a task to fit under each."""
    return (len(rows) + APART) * max(4 + SIZE * LETTER * len(str(label)) for label in rows["label"]) / 1.15


def _kind(rows: pd.DataFrame) -> pd.Series:
    return rows["task_level"].where(rows["task_level"].isin(list(TASK_LEVELS)), "")


def _panel(spot: Frame, rows: pd.DataFrame, kinds: Sequence[str], levels: Mapping[str, float]) -> Iterator[str]:
    parts = [(kind, part) for kind in kinds if len(part := rows[_kind(rows) == kind])]
    step = spot.width / (len(rows) + APART * (len(parts) - 1))
    at = spot.left + step / 2
    for kind, part in parts:
        colour = TASK_LEVELS[kind][2]
        marks, ways, first = [], [], at
        for label, value, lower, upper in part[["label", "value", "lower", "upper"]].itertuples(index=False):
            marks.append(mark(SHAPES[kind], at, spot.y(value)))
            if lower == lower and upper == upper:  # an unknown bound is nan
                ways.append(f"M{place(at)} {place(spot.y(lower))}V{place(spot.y(upper))}")
            yield words(at, spot.floor + 9, fitted(str(label), step * 1.15, SIZE), "middle", SIZE)
            at += step
        if kind in levels:
            y = place(spot.y(levels[kind]))
            yield line(f"M{place(first - step / 2)} {y}H{place(at - step / 2)}", INK, 0.9, "3 2")
        yield line("".join(ways), colour, 1.2)
        yield filled(colour, marks)
        at += step * APART
