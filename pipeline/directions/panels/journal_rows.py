"""Rows of the comparison of ВПР marks with the journal: their three parts and what is counted in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
PARTS = {"lowered": "понизили", "confirmed": "подтвердили", "raised": "повысили"}
INDICATORS = {f"journal_{part}": part for part in PARTS}


def of_level(rows: Sequence[Row], level: str) -> dict[str, Row]:
    """Part → row of one level (of one organisation when the rows are of one)."""
    return {INDICATORS[row["indicator"]]: row for row in rows if row["level"] == level}


def counts(found: Mapping[str, Row]) -> tuple[int, int, int] | None:
    """Raised, lowered and all with both marks; None where a part is not counted."""
    if any(part not in found or found[part]["numerator"] is None for part in PARTS):
        return None
    up, down = int(found["raised"]["numerator"]), int(found["lowered"]["numerator"])
    whole = int(found["confirmed"]["denominator"])
    return (up, down, whole) if whole and up + down <= whole else None
