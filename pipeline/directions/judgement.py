"""From intervals to verdicts: which words the rows of the indicators table allow.

A comparator over 10 000 participants, or a published value without spread, carries no interval: the row's own interval
is held against it as against a fixed line. Two rows with known numerators are compared by the interval of their
difference (Newcombe 1998, method 10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.statistics import comparison

Row = Mapping[str, Any]
KEY = ("indicator", "procedure", "subject", "grade", "task", "category")


def against_line(row: Row, line: float, least: int) -> str:
    """higher, lower, same or insufficient (no interval, or fewer participants than may be compared)."""
    if row["value"] is None or row["lower"] is None or row["n"] is None or row["n"] < least:
        return "insufficient"
    if row["lower"] > line:
        return "higher"
    return "lower" if row["upper"] < line else "same"


def against_row(row: Row, other: Row, least: int) -> str:
    """The row against an independent one (another year): by the interval of the difference where both are shares."""
    if row["value"] is None or other["value"] is None:
        return "insufficient"
    if row["kind"] == "share" and row["numerator"] is not None and other["numerator"] is not None:
        return comparison.verdict(_share(row), _share(other), least=least)
    return against_line(row, float(other["value"]), least) if other["lower"] is None else "insufficient"


def _share(row: Row) -> comparison.Share:
    return comparison.Share(int(row["numerator"]), int(row["denominator"]))


def latest(rows: Sequence[Row], **where: Any) -> Row | None:
    """The row of the newest year among those with the given values."""
    chosen = [row for row in rows if all(row[name] == value for name, value in where.items())]
    return max(chosen, key=lambda row: row["school_year"], default=None)


def same_cell(row: Row, rows: Sequence[Row], level: str, year: int) -> Row | None:
    """The row of the same indicator, subject and grade at another level or in another year."""
    return next(
        (
            other
            for other in rows
            if other["level"] == level
            and other["school_year"] == year
            and all(other[name] == row[name] for name in KEY)
            and (level != row["level"] or other["group"] == row["group"])
        ),
        None,
    )


def previous(row: Row, rows: Sequence[Row]) -> Row | None:
    """The newest earlier row of the same cell, whether or not its series is the same."""
    earlier = [
        other
        for other in rows
        if other["level"] == row["level"]
        and other["group"] == row["group"]
        and other["school_year"] < row["school_year"]
        and all(other[name] == row[name] for name in KEY)
    ]
    return max(earlier, key=lambda other: other["school_year"], default=None)


def comparators(row: Row, rows: Sequence[Row]) -> list[Row]:
    """Region and country rows of the same cell and year, narrowest first."""
    found = (same_cell(row, rows, level, row["school_year"]) for level in ("region", "country"))
    return [other for other in found if other is not None and other["value"] is not None]


def same_cell_of_level(row: Row, rows: Sequence[Row], level: str) -> Row | None:
    """The row of the same cell and year one level up, with a value."""
    found = same_cell(row, rows, level, int(row["school_year"]))
    return found if found is not None and found["value"] is not None else None
