"""Rows of the collection form for tests of its chapters: one organisation or the municipality, one school year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.directions.inputs import PASSPORTS, frame, row, share

NBSP, NARROW = "\u00a0", "\u202f"
FORM = {"procedure": "", "subject": "", "grade": 0, "series": "||0||"}


def part(indicator: str, x: int, n: int, year: int = 2026, **given: Any) -> dict[str, Any]:
    """A share of the municipality."""
    return share(x, n, indicator, school_year=year, **{**FORM, **given})


def of(org: str, indicator: str, x: int, n: int, year: int = 2026, **given: Any) -> dict[str, Any]:
    """A share of one organisation."""
    return part(indicator, x, n, year, level="organisation", group=org, **given)


def fact(org: str, indicator: str, yes: bool, year: int = 2026) -> dict[str, Any]:
    """Yes or no of one organisation."""
    return row(indicator, school_year=year, level="organisation", group=org, value=float(yes), n=1, method="", **FORM)


def whole(indicator: str, value: int, year: int = 2026, **given: Any) -> dict[str, Any]:
    """A full count."""
    assert PASSPORTS[indicator].kind == "count"
    return row(indicator, school_year=year, value=value, n=value, **{**FORM, **given})


def register(**kinds: str) -> Any:
    """The register of organisations: id → kind."""
    rows = [
        {
            "org_id": org,
            "name": org,
            "alias_kind": "own",
            "alias_code": org,
            "org_type": kind,
            "provisional": False,
            "source_file": "о.xlsx",
            "source_sheet": "1",
            "source_row": 2,
        }
        for org, kind in kinds.items()
    ]
    return frame("organisations", *rows)


def words(sentence: str) -> str:
    return sentence.replace(NBSP, " ").replace(NARROW, " ")


def found(texts: Mapping[str, str]) -> dict[str, str]:
    """Findings with plain spaces."""
    return {name: words(said) for name, said in texts.items()}
