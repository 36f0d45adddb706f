"""The table of indicators: rows that say nothing new are quiet, what another row tells is not printed twice."""

from __future__ import annotations

from typing import Any

from pipeline.directions.indicator_table import complements


def row(indicator: str, hits: int, of: int = 100, **changes: Any) -> dict[str, Any]:
    test = {"procedure": "vpr", "subject": "russian", "grade": 4, "task": "", "category": ""}
    return {"indicator": indicator, "kind": "share", "numerator": hits, "denominator": of, **test, **changes}


def test_a_complement_is_told_by_the_first() -> None:
    """5 of 100 got «2», so 95 of 100 are at the base level or above."""
    assert complements([row("two", 5), row("base", 95), row("good", 60)]) == {"base": "two"}


def test_a_complement_in_one_test_alone_is_none() -> None:
    others = [row("two", 5, grade=5), row("base", 94, grade=5)]
    assert complements([row("two", 5), row("base", 95), *others]) == {}
    assert complements([row("two", 5), row("base", 95, of=101)]) == {}
    assert complements([row("two", 5), row("base", 95), row("base", 90, grade=5)]) == {}


def test_unknown_numerators_and_indicators_of_the_form_are_left_alone() -> None:
    assert complements([row("two", 5, numerator=None), row("base", 95)]) == {}
    assert complements([row("yes", 5, procedure=""), row("no", 95, procedure="")]) == {}
