"""Figures of small multiples: what is drawn and written, by shape and not only by colour, in stable bytes."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

import pandas as pd
import pytest

from pipeline.presentation import theme
from pipeline.presentation.small_funnels import Panel, small_funnels
from pipeline.presentation.small_map import Panel as Map
from pipeline.presentation.small_map import small_map
from pipeline.presentation.small_marks import small_marks
from pipeline.presentation.small_multiples import fitted, frames, legend, legend_more, mark, scale, two_lines
from pipeline.presentation.small_scores import Panel as Scores
from pipeline.presentation.small_scores import small_scores
from pipeline.presentation.small_tasks import small_tasks
from pipeline.presentation.small_years import small_years
from pipeline.presentation.verdict_grid import BETTER, FEW, SAME, WORSE, verdict_grid

TITLES = {mark: f"«{mark}»" for mark in "2345"}


def words(svg: str) -> list[str]:
    return [unescape(text) for text in re.findall(r">([^<>]+)</text>", svg)]


def bars(**given: object) -> pd.DataFrame:
    shares = (0.05, 0.25, 0.4, 0.3)
    row = {"panel": "Математика, 4", "bar": "m 2026", "label": "2026", "n": 400, "cut": False, **given}
    return pd.DataFrame([{**row, "category": mark, "value": value} for mark, value in zip("2345", shares, strict=True)])


def points(**given: object) -> pd.DataFrame:
    rows = {"n": [10, 50, 90], "value": [0.1, 0.4, 0.2], "lower": [0.0, 0.3, 0.1], "upper": [0.4, 0.5, 0.3]}
    return pd.DataFrame({**rows, "tone": ["", "worse", "inside"], "name": ["", "Школа 5", ""], **given})


def tasks(levels: tuple[str, ...] = ("basic", "advanced", "high")) -> pd.DataFrame:
    given = {"label": ["1", "2К1", "3"], "value": [0.9, 0.4, 0.5], "lower": [0.8, 0.3, None], "upper": [1, 0.5, None]}
    return pd.DataFrame({**given, "task_level": list(levels)}).astype({"lower": float, "upper": float})


LIMITS = pd.DataFrame(
    {"n": [1, 90], "inner_lower": [0.0, 0.1], "inner_upper": [0.9, 0.3], "outer_lower": [0, 0], "outer_upper": [1, 0.4]}
)
ONE = {"centre": "муниципалитет", "worse": "отличается, хуже"}
DRAWN = {
    "marks": small_marks(bars(), TITLES),
    "funnels": small_funnels([Panel("Русский <язык>, 4", points(), LIMITS, 0.2, (0.25,))], ONE),
    "tasks": small_tasks({"Русский язык (n = 30)": tasks()}, {"basic": 0.6}),
    "scores": small_scores([Scores("Русский язык", ((0.0, 3), (7.0, 40)), (5.0,), 12.0)]),
    "grid": verdict_grid(["Школа & 1"], ["Математика, 4"], 4, [[[WORSE, BETTER, SAME, FEW]]], {WORSE: "выше"}),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_is_whole_svg_in_the_font_of_the_report(name: str) -> None:
    root = ElementTree.fromstring(DRAWN[name])  # our own text
    assert root.attrib["width"] == "468pt"
    assert theme.FONT in DRAWN[name]
    _, _, wide, high = (float(size) for size in root.attrib["viewBox"].split())
    spots = [(float(one.attrib["x"]), float(one.attrib["y"])) for one in root.iter() if one.tag.endswith("}text")]
    assert all(-1 <= x <= wide and -1 <= y <= high for x, y in spots)


def test_bars_hold_percents_of_enough_pupils_and_of_wide_enough_parts() -> None:
    assert words(small_marks(bars(), TITLES)) == [*TITLES.values(), "Математика, 4", "2026", "400", "25", "40", "30"]
    assert words(small_marks(bars(n=19), TITLES))[-1] == "19"
    assert "1,7\u00a0млн" in words(small_marks(bars(n=1_651_234), TITLES))
    assert "" not in words(small_marks(bars(n=None), TITLES))


def test_parts_of_a_bar_are_as_long_as_their_shares() -> None:
    ways = re.findall(r'<path d="M[\d.]+ [\d.]+h([\d.]+)v', small_marks(bars(), TITLES))
    lengths = [float(way) for way in ways]
    assert [length / sum(lengths) for length in lengths] == pytest.approx([0.05, 0.25, 0.4, 0.3], abs=0.002)


def test_a_new_series_is_cut_off_by_a_broken_line() -> None:
    assert "stroke-dasharray" not in small_marks(bars(), TITLES)
    both = pd.concat([bars(), bars(bar="m 2025", label="2025", cut=True)])
    assert small_marks(both, TITLES).count("stroke-dasharray") == 1


def test_who_is_outside_has_a_shape_and_a_name() -> None:
    svg = DRAWN["funnels"]
    assert "Школа 5" in words(svg)
    assert "Русский <язык>, 4" in words(svg)
    assert svg.count(theme.TONE_COLOURS["worse"]) == 2  # the mark and its sample in the legend
    assert svg.count('fill="white"') == 1  # a ring: apart from the others, but inside the limits


def test_without_limits_intervals_are_drawn() -> None:
    svg = small_funnels([Panel("Русский", points(), None, None)], ONE)
    assert len(re.findall(r"M[\d.]+ [\d.]+V[\d.]+", svg)) == 3
    unknown = small_funnels([Panel("Русский", points(lower=None, upper=None).astype({"upper": float}), None, 0.2)], ONE)
    assert not re.findall(r"M[\d.]+ [\d.]+V[\d.]+", unknown)


def test_tasks_of_each_level_have_a_mark_of_their_own() -> None:
    said = words(DRAWN["tasks"])
    assert {"базовый уровень", "повышенный уровень", "высокий уровень", "достаточный уровень", "2К1"} <= set(said)
    assert DRAWN["tasks"].count("<circle") == 2  # one task and the legend
    assert "уровень не указан" in words(small_tasks({"Р": tasks(("basic", "", "иной"))}, {}))
    assert "достаточный уровень" not in words(small_tasks({"Р": tasks()}, {}))


def test_states_of_the_grid_differ_without_colour() -> None:
    body = DRAWN["grid"]
    assert body.count("<path") == 6  # a rule, two triangles with one sample of them, two kinds of dots
    assert {"Школа & 1", "Математика, 4"} <= set(words(body))


def test_panels_stand_in_rows_and_do_not_touch() -> None:
    spots = frames(5, 3, 50, left=30, above=10, below=10, head=5)
    assert [(spot.left, spot.top) for spot in spots[:4]] == [(30, 15), (186, 15), (342, 15), (30, 85)]
    assert all(one.right < other.left for one, other in zip(spots[:2], spots[1:3], strict=True))


@pytest.mark.parametrize(("highest", "found"), [(0.04, (0.01, 0.04)), (0.24, (0.05, 0.25)), (0.99, (0.2, 1.0))])
def test_ticks_reach_over_the_highest(highest: float, found: tuple[float, float]) -> None:
    assert scale(highest) == pytest.approx(found)


def test_words_are_cut_to_their_room() -> None:
    assert fitted("Короткое", 100) == "Короткое"
    assert fitted("Очень длинное название", 40) == "Очень дли…"
    assert mark("circle", 1, 2.04) == '<circle cx="1" cy="2" r="2.4"/>'


def test_a_long_title_takes_two_lines_and_keeps_its_bracket() -> None:
    assert two_lines("Физика, 7 (n = 30)", 100, 8) == ["Физика, 7 (n = 30)"]
    assert two_lines("Английский язык, 8 класс (n = 1380)", 142, 8) == ["Английский язык, 8 класс", "(n = 1380)"]
    assert two_lines("Английский язык и другие, 8 класс", 80, 8) == ["Английский язык и", "другие, 8 класс"]
    svg = small_scores([Scores("Английский язык, 8 класс (n = 1380)", ((0.0, 3), (7.0, 40)), (5.0,), 12.0)] * 3)
    assert {"Английский язык, 8 класс", "(n = 1380)"} <= set(words(svg))


def test_a_long_legend_goes_on_in_the_next_line() -> None:
    """Each item of forty letters is 24 + 40 · 3.9 = 180 points: two in a line of 468."""
    items = [("", "о" * 40)] * 5
    spots = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"', "".join(legend(items)))
    assert spots == [("17", "11.7"), ("197", "11.7"), ("17", "22.7"), ("197", "22.7"), ("17", "33.7")]
    assert legend_more(["о" * 40] * 5) == 22
    assert legend_more([]) == legend_more(["о", "б"]) == 0


def test_one_work_has_the_width_to_itself() -> None:
    def ends(svg: str) -> float:
        return max(float(left) + float(wide) for left, wide in re.findall(r"M([\d.]+) [\d.]+h([\d.]+)", svg))

    alone = small_funnels([Panel("Русский", points(), LIMITS, 0.2)], ONE)
    assert ends(alone) == ends(small_years(years())) == ends(small_tasks({"Р": tasks()}, {})) == 458
    assert ends(small_scores([Scores("Русский", ((0.0, 3), (7.0, 40)), (5.0,), 12.0)])) == 458


def years(**given: object) -> pd.DataFrame:
    rows = {"year": [2022, 2023, 2025, 2026], "value": [0.1, 0.12, 0.2, 0.18], "lower": [0.08, 0.1, 0.16, None]}
    whole = {**rows, "upper": [0.12, 0.15, 0.25, None], "series": ["a", "a", "b", "b"], "panel": "Русский", **given}
    return pd.DataFrame(whole)


def test_a_line_of_years_is_cut_at_a_gap_and_a_change_of_the_series() -> None:
    svg = small_years(years())
    assert words(svg).count("2024") == 1  # the year without a value has its place
    (ways,) = re.findall(r'<path d="([^"]+)" fill="none" stroke="#1f5f8b"', svg)
    assert ways.count("L") == 2  # 2022–2023 and 2025–2026
    assert ways.count("V") == 3  # an unknown interval is not drawn
    assert svg.count("<circle") == 4


def test_two_points_stay_dots_and_long_titles_take_two_lines() -> None:
    svg = small_years(years(panel="Охват\nдиагностикой").head(2))
    assert "L" not in re.findall(r'<path d="([^"]+)" fill="none" stroke="#1f5f8b"', svg)[0]
    assert {"Охват", "диагностикой"} <= set(words(svg))


def test_tasks_of_one_level_share_a_label_and_others_stand_apart() -> None:
    pupils = ((-1.0, 3), (0.0, 9), (1.0, 4))
    tasks_of = (("1", -1.2, "basic"), ("2", 0.4, "basic"), ("3", -1.1, "basic"), ("4", -1.15, "advanced"))
    said = words(small_map([Map("Математика", pupils, tasks_of)]))
    assert {"1 3", "2", "4", "базовый уровень", "повышенный уровень"} <= set(said)
    svg = small_map([Map("Математика", pupils, tasks_of)])
    places = dict(re.findall(r'y="([\d.]+)" text-anchor="middle" font-size="6.8" fill="[^"]+">([^<]+)<', svg)[::-1])
    depth = {label: float(y) for y, label in places.items()}
    assert depth["4"] > depth["1 3"]  # so near that it would touch


def test_the_area_of_a_bar_is_its_number_of_pupils() -> None:
    svg = small_map([Map("Математика", ((-1.0, 10), (0.0, 20), (2.0, 15)), (("1", 0.0, "basic"),))])
    bars_of = re.findall(r"M([\d.]+) [\d.]+v-([\d.]+)H([\d.]+)v", svg)
    areas = [(float(end) - float(start)) * float(high) for start, high, end in bars_of]
    assert [area / areas[0] for area in areas] == pytest.approx([1, 2, 1.5], rel=0.03)


def test_numbers_of_tasks_are_never_cut() -> None:
    rows = pd.DataFrame({"label": [f"1{n}.1" for n in range(15)], "value": 0.5, "lower": 0.4, "upper": 0.6})
    said = words(small_tasks({"Р": rows.assign(task_level="basic"), "М": tasks()}, {}))
    assert {"10.1", "114.1"} <= set(said)
