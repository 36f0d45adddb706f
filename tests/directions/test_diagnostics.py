"""Diagnostic works of the collection form in chapter 01: levels by work, schools that stand apart, nothing else."""

from __future__ import annotations

from typing import Any

from pipeline.directions.chapter import Chapter
from pipeline.presentation.blocks import plain
from pipeline.presentation.text import NARROW, NBSP
from tests.directions.inputs import chapter, figures, share

WORK = {"procedure": "regional", "subject": "mathematics", "grade": 8, "series": "regional|mathematics|8|2026|"}


def work(below: int, advanced: int, of: int, **given: Any) -> list[dict[str, Any]]:
    """Both ends of one work: pupils below the base level and advanced, of so many."""
    about = {**WORK, **given}
    return [share(below, of, "diagnostics_below_base", **about), share(advanced, of, "diagnostics_advanced", **about)]


def school(number: int, below: int, of: int) -> dict[str, Any]:
    about = {**WORK, "level": "organisation", "group": f"s{number}"}
    return share(below, of, "diagnostics_below_base", **about)


def made(*rows: dict[str, Any]) -> Chapter:
    return chapter("achievement", *rows)


def said(found: Chapter) -> str:
    return plain(figures(found)["diagnostics"].statement).replace(NBSP, " ").replace(NARROW, " ")


def test_the_base_level_is_all_the_others() -> None:
    """100 pupils, 20 below, 30 advanced: 50 at the base level."""
    found = made(*work(20, 30, 100))
    frame = found.frames["diagnostics"].set_index("category")
    assert frame["value"].to_dict() == {"below": 0.2, "base": 0.5, "advanced": 0.3}
    assert figures(found)["diagnostics"].alt.startswith("Региональная диагностика, математика, 8")
    assert "не найдено" in said(found)


def test_a_school_beyond_the_outer_limit_is_named() -> None:
    """40 of 50 below against 20 of 150 in the rest; 4 of 25 against 56 of 175 is within the outer limits."""
    found = made(*work(60, 20, 200), school(1, 40, 50), school(2, 4, 25))
    assert "s1 — выше: 80 % (67–89)" in said(found)
    assert "s2" not in said(found)


def test_years_are_never_compared_and_few_are_not_drawn() -> None:
    found = made(*work(2, 30, 100), *work(60, 10, 100, school_year=2025, series="regional|mathematics|8|2025|"))
    assert "с прошлым годом не сравниваются" in said(found)
    assert not [one for one in found.findings if "diagnostic" in one.id]
    assert "diagnostics" not in figures(made(*work(2, 3, 9)))


def test_one_end_alone_draws_nothing() -> None:
    assert "diagnostics" not in figures(made(*work(20, 30, 100)[:1]))
