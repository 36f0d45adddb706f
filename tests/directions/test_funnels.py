"""A share of many organisations: title, sentence and findings tell the same organisations that the funnel colours."""

from __future__ import annotations

from typing import Any

from pipeline.directions.panels import organisations
from pipeline.directions.panels.panel import Panel
from pipeline.presentation.blocks import FigureBlock, plain
from tests.directions.inputs import inputs, share

FORM = {"procedure": "", "subject": "", "grade": 0, "series": "||0||"}


def drawn(*parts: tuple[int, int]) -> Panel:
    def volunteers(part: int, whole: int, **given: Any) -> dict[str, Any]:
        return share(part, whole, "volunteers", **{**FORM, **given})

    rows = [
        volunteers(*one, level="organisation", group=f"s{place}", group_label=f"Школа {place}", org_id=f"s{place}")
        for place, one in enumerate(parts)
    ]
    total = volunteers(sum(part for part, _ in parts), sum(whole for _, whole in parts))
    return organisations.panel(inputs("upbringing", *rows, total), "volunteers")


def words(panel: Panel) -> tuple[str, str]:
    (figure,) = panel.monitoring
    assert isinstance(figure, FigureBlock)
    pair = (figure.title, plain(figure.statement))
    title, statement = (one.replace("\u00a0", " ").replace("\u202f", " ") for one in pair)
    return title, statement


def test_organisations_that_differ_no_more_than_usual_are_no_findings() -> None:
    """Sixteen of 200 with 10 and 50 by turns: z = ±3.96 around 15 %, τ² = (16 · 15.69 − 15) / 23529 = 0.01003."""
    panel = drawn(*((10 if place % 2 else 50, 200) for place in range(16)))
    title, statement = words(panel)
    assert title.endswith(": за границы воронки не вышла ни одна организация из 16")
    assert "16 организаций отличаются от остальных вместе (интервал разности 99,8 %), но не больше" in statement
    assert "обычное различие организаций между собой (10,0 п. п.)" in statement
    assert panel.findings == ()


def test_who_is_outside_is_in_the_title_and_the_finding() -> None:
    panel = drawn(*[(20, 100)] * 15, (60, 100))
    title, _ = words(panel)
    assert title.endswith(": за границы воронки вышла 1 организация из 16")
    assert [one.org_id for one in panel.findings] == ["s15"]


def test_of_few_the_interval_of_the_difference_leads() -> None:
    panel = drawn(*((10 if place % 2 else 50, 200) for place in range(14)))
    title, statement = words(panel)
    assert title.endswith(": от остальных отличаются 14 организаций из 14")
    assert "кружок" not in statement
    assert len(panel.findings) == 14
