"""The funnel: limits as lines, names only where given, meaning never by colour alone."""

from __future__ import annotations

import re

import pandas as pd

from pipeline.presentation.charts import Reference
from pipeline.presentation.funnel import funnel

LIMITS = pd.DataFrame(
    {
        "n": [1, 50, 100],
        "inner_lower": [0.0, 0.05, 0.1],
        "inner_upper": [1.0, 0.4, 0.3],
        "outer_lower": [0.0, 0.01, 0.05],
        "outer_upper": [1.0, 0.5, 0.4],
    }
)
REFERENCES = (Reference("муниципалитет", 0.2), Reference("РФ", 0.05))


def drawn(**columns: object) -> str:
    given = {"n": [20, 60, 100], "value": [0.0, 0.6, 0.2], "tone": ["", "worse", ""], "name": ["", "СОШ № 5", ""]}
    return funnel("f", pd.DataFrame({**given, **columns}), LIMITS, REFERENCES, "Участников", "Доля «2»")


def test_lines_are_named_and_so_is_what_lies_outside() -> None:
    svg = drawn()
    for word in ("муниципалитет", "РФ", "граница 99,8 %", "граница 95 %", "СОШ № 5", "Участников", "Доля «2»"):
        assert word in svg, word


def test_the_same_data_give_the_same_bytes() -> None:
    assert drawn() == drawn()


def test_without_a_name_there_is_none() -> None:
    assert "СОШ" not in drawn(name=["", "", ""])


def test_outside_has_a_marker_of_its_own() -> None:
    """The red triangle is not a red dot: without colour the two pictures still differ."""
    grey = "#5b6670"
    assert drawn(name="").replace("#b4432f", grey) != drawn(name="", tone="").replace("#b4432f", grey)


def test_long_names_are_cut_and_close_ones_stand_apart() -> None:
    names = ["Основная общеобразовательная школа имени героя", "СОШ № 1", "СОШ № 2"]
    svg = drawn(value=[0.6, 0.6, 0.6], tone="worse", name=names, n=[20, 20, 20])
    assert "Основная общеобразовательная…" in svg
    heights = [re.search(rf'y="([\d.]+)"[^>]*>{name}<', svg) for name in ("СОШ № 1", "СОШ № 2")]
    assert all(heights)
    first, second = (float(found[1]) for found in heights if found)
    assert abs(first - second) > 8


def test_no_organisation_no_funnel() -> None:
    empty = pd.DataFrame({"n": [], "value": [], "tone": [], "name": []})
    assert "Нет данных" in funnel("f", empty, LIMITS, REFERENCES, "x", "y")
