"""Few children of a protected group: neither drawn, nor named, nor recommended about; the total stands."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.directions import sensitive
from pipeline.directions.panels import organisations
from pipeline.presentation.blocks import FigureBlock, plain
from tests.directions.inputs import inputs, per_1000, share

FORM = {"procedure": "", "subject": "", "grade": 0, "series": "||0||"}


def supported(part: int, whole: int, **given: Any) -> dict[str, Any]:
    return share(part, whole, "difficult_supported", **{**FORM, **given})


def school(name: str, part: int, whole: int) -> dict[str, Any]:
    return supported(part, whole, level="organisation", group=name)


@pytest.mark.parametrize(
    ("part", "whole", "hidden"),
    [(9, 30, True), (10, 30, False), (21, 30, True), (20, 30, False), (0, 9, True), (0, 10, False), (0, 0, False)],
)
def test_the_boundary_stands_at_ten_on_every_side(part: int, whole: int, hidden: bool) -> None:
    row = {**supported(1, 2, level="organisation", group="s1"), "numerator": part, "denominator": whole}
    assert sensitive.hidden(inputs("upbringing"), row) is hidden


def test_of_a_rate_only_those_counted_are_few() -> None:
    town = inputs("upbringing")
    assert sensitive.hidden(town, per_1000(9, 400, level="organisation"))
    assert not sensitive.hidden(town, per_1000(12, 15, level="organisation"))
    assert not sensitive.hidden(town, per_1000(0, 400, level="organisation"))


def test_the_municipality_and_usual_indicators_are_not_hidden() -> None:
    town = inputs("upbringing")
    assert not sensitive.hidden(town, supported(3, 5))
    assert not sensitive.hidden(town, share(3, 5, "class_teachers_trained", level="organisation", **FORM))


def test_a_chart_leaves_them_out_and_says_how_many() -> None:
    rows = [school("a", 20, 40), school("b", 15, 30), school("c", 12, 36), school("d", 4, 6), supported(51, 112)]
    (figure,) = organisations.panel(inputs("upbringing", *rows), "difficult_supported").monitoring
    assert isinstance(figure, FigureBlock)
    assert ">d (n=" not in figure.svg
    assert "d:" not in figure.alt
    said = plain(figure.statement).replace("\u00a0", " ")
    assert said.endswith("не показано организаций: 1 (одно из чисел менее 10).")
