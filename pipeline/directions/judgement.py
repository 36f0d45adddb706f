"""From intervals to verdicts: which words the rows of the indicators table allow.

A row is compared with a wider group that holds it (school and municipality, municipality and region) as a part with the
rest, by the interval of the difference (Newcombe 1998, method 10). A group over 10 000 participants, or published
without a numerator, carries no interval and is taken as a fixed line: for a part of it that errs towards «same».
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.statistics import comparison, rates
from pipeline.statistics.comparison import Verdict
from pipeline.statistics.intervals import CONFIDENCE

Row = Mapping[str, Any]
KEY = ("indicator", "procedure", "subject", "grade", "task", "category")
# Of twenty alike schools at least one lies outside 95 % two times in three, outside 99.8 % one time in twenty-five:
# where many are compared at once, the outer limits of funnel plots are used (Spiegelhalter 2005).
OF_MANY = 0.998
PER: Mapping[str, int] = {"share": 1, "per_class": 1, "per_100": 100, "per_1000": 1000}


def of_persons(row: Row) -> bool:
    """A share, or persons per 100 or 1000 (a share of another unit): its interval is Wilson's."""
    return row["kind"] == "share" or (row["unit"] in ("per_100", "per_1000") and row["method"] == "wilson")


def of_events(row: Row) -> bool:
    """Events per class, per 100 or 1000 persons, of which one may have several: its interval is Poisson's."""
    return bool(row["unit"] in ("per_100", "per_1000", "per_class") and row["method"] == "poisson")


def comparable(row: Row) -> bool:
    """A share or a rate whose numerator and denominator are known."""
    counted = row["value"] is not None and row["numerator"] is not None
    return counted and (of_persons(row) or of_events(row))


def against_wider(row: Row, wider: Row, least: int, confidence: float = CONFIDENCE) -> Verdict:
    """The row against a group that holds it; insufficient without a numerator or under `least` participants."""
    if wider["value"] is None or not comparable(row):
        return "insufficient"
    if of_events(row):
        return _events_against_rest(row, wider, least, confidence)
    part = _share(row)
    if wider["lower"] is None or wider["numerator"] is None:
        level = float(wider["value"]) / PER[str(wider["unit"])]
        return comparison.verdict_against(part, level, least=least, confidence=confidence)
    whole = _share(wider)
    if not _inside(part, whole):
        return "insufficient"
    return comparison.verdict_against_rest(part, whole, least=least, confidence=confidence)


def _events_against_rest(row: Row, wider: Row, least: int, confidence: float) -> Verdict:
    """Events of a part beside those of the rest of its whole."""
    if not comparable(wider):
        return "insufficient"
    part, whole = _events(row), _events(wider)
    if part.number > whole.number or part.exposure >= whole.exposure:
        return "insufficient"
    rest = rates.Events(whole.number - part.number, whole.exposure - part.exposure)
    return rates.verdict(part, rest, least=least, confidence=confidence)


def _inside(part: comparison.Share, whole: comparison.Share) -> bool:
    """Published counts may contradict each other; then nothing is said."""
    return part.numerator <= whole.numerator and part.n - part.numerator <= whole.n - whole.numerator


def against_row(row: Row, other: Row, least: int, confidence: float = CONFIDENCE) -> Verdict:
    """The row against an independent one (another year): by the interval of the difference of two counted shares, of
    events by their ratio. Across a break of the series nothing is said, whoever asks."""
    if row.get("series") != other.get("series") or of_events(row) != of_events(other):
        return "insufficient"
    if not (comparable(row) and comparable(other)):
        return "insufficient"
    if of_events(row):
        return rates.verdict(_events(row), _events(other), least=least, confidence=confidence)
    return comparison.verdict(_share(row), _share(other), least=least, confidence=confidence)


def against_level(row: Row, level: float, least: int, confidence: float = CONFIDENCE) -> Verdict:
    """The row against a norm: by its own interval."""
    return comparison.verdict_against(_share(row), level, least=least, confidence=confidence)


def _share(row: Row) -> comparison.Share:
    return comparison.Share(int(row["numerator"]), int(row["denominator"]))


def _events(row: Row) -> rates.Events:
    return rates.Events(int(row["numerator"]), float(row["denominator"]))


def answered(row: Row) -> int:
    """How many organisations stand behind a value (of several sheets the fullest); 0 where the source has none."""
    by_sheet: Counter[str] = Counter()
    for entry in json.loads(row["inputs"]):
        by_sheet[entry["sheet"]] += int(entry.get("organisations", 0))
    return max(by_sheet.values(), default=0)


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
