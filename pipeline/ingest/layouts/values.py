"""The one dictionary of cell values: number, zero, blank, absent, not attempted and suppressed are different things."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from pipeline.ingest.workbook import Cell

UNREADABLE = "unreadable"
PERCENT_DECIMALS = 2
ABSURD = 10**12  # no count, score or percent: a code glued to a number, digits of two cells

_WORDS = {
    "": "blank",
    "-": "blank",
    "–": "blank",
    "—": "blank",
    "нет отметки": "blank",
    "нет": "blank",
    "н/д": "blank",
    "x": "not_attempted",
    "х": "not_attempted",
    "отсутствовал": "absent",
    "отсутствовала": "absent",
    "отсутсвовал": "absent",
    "отсутсвовала": "absent",
    "*": "suppressed",
    "**": "suppressed",
    "***": "suppressed",
    "supp": "suppressed",
    "скрыто": "suppressed",
}
_SUPPRESSED = re.compile(r"(<|менее)\s*\d+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Value:
    """A cell as one of the states of `pipeline.tables`, or UNREADABLE; X is zero points with its own state."""

    state: str
    number: Decimal | None = None

    @property
    def real(self) -> float | None:
        return None if self.number is None else float(self.number)

    @property
    def whole(self) -> int | None:
        """The number when it is an integer."""
        return int(self.number) if self.number is not None and self.number == self.number.to_integral_value() else None

    @property
    def share(self) -> float | None:
        """A percent as a share 0–1, divided exactly: 13.57 is 0.1357."""
        return None if self.number is None else float(self.number / 100)


def text(cell: Cell) -> str:
    """A cell as one line of text: 9306.0 is «9306», runs of spaces are one space, blank is «»."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def plain(cell: Cell) -> str:
    """Text for comparing headers: lower case, ё as е."""
    return text(cell).lower().replace("ё", "е")


def value(cell: Cell) -> Value:
    """The state and the number of a cell."""
    if isinstance(cell, bool | dt.date | dt.time | dt.timedelta):
        return Value(UNREADABLE)
    if isinstance(cell, int | float):
        return Value("observed", Decimal(str(cell))) if abs(cell) < ABSURD else Value(UNREADABLE)
    words = plain(cell)
    if words in _WORDS:
        state = _WORDS[words]
        return Value(state, Decimal(0) if state == "not_attempted" else None)
    if _SUPPRESSED.fullmatch(words):
        return Value("suppressed")
    return _number(words)


def _number(words: str) -> Value:
    """A number written as text: decimal comma or point, spaces between thousands, a percent sign."""
    bare = words.replace(" ", "").removesuffix("%").replace(",", ".")
    number = Decimal(bare) if _NUMBER.fullmatch(bare) else None
    return Value(UNREADABLE) if number is None or abs(number) >= ABSURD else Value("observed", number)


def iso_date(cell: Cell) -> str | None:
    """A date as 2026-04-20, from a date cell or a text with 20.04.2026 or 2026.07.03; None when there is none."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    words = text(cell)
    found = re.search(r"\b(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})\b", words) or re.search(
        r"\b(?P<y>\d{4})[.-](?P<m>\d{1,2})[.-](?P<d>\d{1,2})\b", words
    )
    if not found:
        return None
    try:
        return dt.date(int(found["y"]), int(found["m"]), int(found["d"])).isoformat()
    except ValueError:
        return None
