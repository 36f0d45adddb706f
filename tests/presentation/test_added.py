"""Charts of what schools add: words in the SVG, the same bytes for the same data, empty rows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest

from pipeline.presentation import added

LINES = pd.DataFrame(
    {
        "panel": ["Русский язык", "Русский язык", "Математика"],
        "label": ["СОШ № 1", "СОШ № 2", "СОШ № 1"],
        "value": [2.0, -7.0, 0.5],
        "lower": [-3.0, -12.0, -4.0],
        "upper": [7.0, -2.0, 5.0],
        "tone": ["same", "worse", "same"],
    }
)
DOTS = pd.DataFrame(
    {"panel": ["Математика"] * 3, "n": [12, 40, 90], "value": [-3.0, 14.0, 1.0], "tone": ["same", "better", "same"]}
)
LIMITS = pd.DataFrame({"panel": ["Математика"] * 3, "n": [12, 40, 90], "limit": [20.0, 10.0, 6.0]})
LEVELS = pd.DataFrame({"panel": ["Математика"] * 2, "label": ["муниципалитет", "страна"], "value": [5.0, 2.0]})


def intervals() -> str:
    return added.intervals("added", LINES, "Отличие, балла")


def by_size() -> str:
    return added.by_size("added", DOTS, LIMITS, "Отличие, балла")


def sizes() -> str:
    return added.sizes("added", DOTS, LEVELS, "Средний балл")


def words(svg: str) -> set[str]:
    return {text.strip() for text in re.findall(r">([^<>]+)<", svg) if text.strip()}


@pytest.mark.parametrize("chart", [intervals, by_size, sizes], ids=lambda chart: chart.__name__)
def test_the_same_data_give_the_same_bytes(chart: Callable[[], str]) -> None:
    assert chart() == chart()


def test_only_tones_that_occur_stand_in_the_legend() -> None:
    said = words(intervals())
    assert {"ниже ожидаемого", "в пределах ожидаемого", "как ожидалось", "СОШ № 2", "Отличие, балла"} <= said
    assert "выше ожидаемого" not in said


def test_schools_by_size_have_the_limit_of_chance_and_no_names() -> None:
    said = words(by_size())
    assert {"граница случайного (95 %)", "выше ожидаемого", "Участников в школе"} <= said
    assert not any("СОШ" in one for one in said)


def test_schools_beside_the_country_have_its_line_and_words() -> None:
    assert {"муниципалитет", "страна", "выше страны", "Средний балл", "Математика"} <= words(sizes())
    same = added.sizes("added", DOTS.assign(tone="same"), LEVELS, "Средний балл")
    assert "выше страны" not in words(same)
    assert "не отличается или мало участников" not in words(same)  # nothing to tell apart


def test_no_rows_are_an_answer() -> None:
    empty = LINES.iloc[:0]
    assert "<svg" in added.intervals("x", empty, "x")
    assert "<svg" in added.by_size("x", DOTS.iloc[:0], LIMITS, "x")
    assert "<svg" in added.sizes("x", DOTS.iloc[:0], LEVELS, "x")
