"""A grid of organisations by questions: readable without colour, text stays text."""

from __future__ import annotations

from pipeline.presentation.grid import HEAD_INCHES, LINE_INCHES, ROW_INCHES, Spot, folded, grid

POINTS = 72


def height(svg: str) -> float:
    return float(svg.split('height="', 1)[1].split("pt", 1)[0])


def test_numbers_are_text_and_circles_are_filled_or_empty() -> None:
    svg = grid("g", ["Первая", "Вторая"], ["Да", "Доля"], [[Spot(yes=True), Spot(words="47")], [Spot(yes=False)]])
    assert ">47<" in svg
    assert ">Первая<" in svg
    assert svg.count("fill: #ffffff") == 1  # the empty circle


def test_the_tallest_label_decides_the_height_of_rows() -> None:
    rows = [[Spot(yes=True)], [Spot(yes=True)]]
    low, high = (height(grid("g", labels, ["Да"], rows)) for labels in (["а", "б"], ["а", "б\nв"]))
    assert low == round(POINTS * (HEAD_INCHES + 2 * ROW_INCHES), 2)
    assert abs(high - low - POINTS * 2 * LINE_INCHES) < 0.01


def test_long_heads_stand_in_up_to_three_lines() -> None:
    assert folded("Положения о внутренней оценке качества").split("\n") == ["Положения о внутренней", "оценке качества"]
    assert folded(" ".join(["слово"] * 30)).count("\n") == 2


def test_nothing_to_show_says_so() -> None:
    assert "Нет данных" in grid("g", [], [], [])
