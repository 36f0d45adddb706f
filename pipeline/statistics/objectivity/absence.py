"""«Стабильно отсутствуют признаки»: enough procedures over enough years, large enough to show something, and no marker.

Methods §2.3 (Т-9.5): three years, at least four procedures, n of at least thirty, no marker at p < .05. Absence of
evidence in a tiny school is not that: it is «мало данных».
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

YEARS, PROCEDURES, LEAST, LEVEL = 3, 4, 30, 0.05
State = Literal["absent", "seen", "little"]


@dataclass(frozen=True)
class Tried:
    """A school in one procedure of a year: its pupils and the smallest p that was looked at there."""

    year: int
    n: int
    p: float


@dataclass(frozen=True)
class Absence:
    """`procedures` large enough to count and their `years`; `seen` of all procedures with p under the level; `honest`:
    the chance that a school that nobody helped shows none in as many procedures."""

    state: State
    procedures: int
    years: int
    seen: int
    reason: str = ""

    @property
    def honest(self) -> float:
        return float((1 - LEVEL) ** self.procedures)


def absence(tried: Sequence[Tried], last: int, listed: Collection[int] = ()) -> Absence:
    """Of one school over the three years up to `last`; `listed`: years in which it was on an official list."""
    recent = [one for one in tried if last - YEARS < one.year <= last and one.p == one.p]
    large = [one for one in recent if one.n >= LEAST]
    years = {one.year for one in large}
    seen = sum(one.p < LEVEL for one in recent) + sum(last - YEARS < year <= last for year in listed)
    reason = _too_little(len(large), len(years))
    state: State = "seen" if seen else "little" if reason else "absent"
    return Absence(state, len(large), len(years), seen, reason)


def _too_little(procedures: int, years: int) -> str:
    if years < YEARS:
        return "работы с достаточным числом учеников есть не за все три года"
    return "процедур с достаточным числом учеников меньше четырёх" if procedures < PROCEDURES else ""
