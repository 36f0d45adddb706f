"""How weighty a finding is: one scale for all chapters, so that «Главное за год» can choose among them.

The scale is Cohen's h (Cohen 1988, ch. 6): the difference of two shares after the arcsine transform, 0.2 is small, 0.5
middling, 0.8 large. What concerns a part of the municipality weighs as much less as the part is smaller.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
GAP = 0.1  # a source that did not come, a measure without evidence: under any difference that an interval proves


def of_shares(first: float, second: float) -> float:
    """Cohen's h of two shares 0–1, without sign."""
    return abs(2 * math.asin(math.sqrt(first)) - 2 * math.asin(math.sqrt(second)))


def of_difference(row: Row, other: Row) -> float:
    """Cohen's h of two rows of shares; of anything else the relative difference, at most 1."""
    first, second = float(row["value"]), float(other["value"])
    if row["unit"] == "share":
        return of_shares(first, second)
    return min(1.0, abs(first - second) / max(abs(first), abs(second), 1e-9))


def of_part(row: Row, whole: Row) -> float:
    """The difference of a part from its whole, times the root of the part's size in it."""
    size = math.sqrt(float(row["n"] or 0) / float(whole["n"])) if whole["n"] else 0.0
    return of_difference(row, whole) * min(1.0, size)
