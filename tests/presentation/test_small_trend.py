"""Hand-drawn small multiples: the axis from zero, lines only inside one series, text as text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pandas as pd
import pytest

from pipeline.presentation.small_trend import BOTTOM, HEIGHT, TOP, small_trend

JOINED = re.compile(r'<path d="M[\d. ]+L[^"]*" fill="none"')


def rows(*years: tuple[int, float], line: str = "организация", **given: Any) -> pd.DataFrame:
    points = [
        {"panel": "Физика", "line": line, "year": year, "value": value, "lower": value - 0.05, "upper": value + 0.05}
        for year, value in years
    ]
    return pd.DataFrame(points).assign(**{"series": "s", **given})


def test_a_share_stands_at_its_height() -> None:
    drawn = small_trend(rows((2024, 0.25), (2025, 0.0), (2026, 0.2), lower=None, upper=None))
    heights = [float(y) for y in re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)"', drawn)[1:]]
    floor, top = HEIGHT - BOTTOM, TOP  # ticks 0, 5 … 25 %: the highest point touches the last
    assert heights == pytest.approx([top, floor, floor - (floor - top) * 0.8], abs=0.06)
    assert re.findall(r">(\d+)\u202f%<", drawn) == ["0", "5", "10", "15", "20", "25"]


def test_lines_join_years_of_one_series_without_a_gap_and_only_from_three_points_on() -> None:
    assert len(JOINED.findall(small_trend(rows((2024, 0.1), (2025, 0.2), (2026, 0.3))))) == 1
    assert JOINED.findall(small_trend(rows((2025, 0.2), (2026, 0.3)))) == []
    assert len(JOINED.findall(small_trend(rows((2022, 0.1), (2023, 0.2), (2025, 0.2), (2026, 0.3))))) == 2
    broken = rows((2024, 0.1), (2025, 0.2), (2026, 0.3), series=["a", "b", "b"])
    assert len(JOINED.findall(small_trend(broken))) == 1


def test_an_unknown_interval_is_not_drawn() -> None:
    known, unknown = small_trend(rows((2026, 0.2))), small_trend(rows((2026, 0.2), lower=None, upper=None))
    assert (len(re.findall(r'V[\d.]+"', known)), len(re.findall(r'V[\d.]+"', unknown))) == (1, 0)


def test_it_is_one_small_picture_with_its_words_and_the_same_twice() -> None:
    two = pd.concat([rows((2025, 0.2), (2026, 0.3), panel="А & Б <в>"), rows((2026, 0.1), line="муниципалитет")])
    drawn = small_trend(two)
    words = [element.text for element in ET.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]
    assert {"А & Б <в>", "Физика", "организация", "муниципалитет", "2025", "2026"} <= set(words)
    assert re.match(r'<svg [^>]*width="468pt" height="128pt"', drawn)
    assert len(drawn) < 8_000
    assert small_trend(two) == drawn
