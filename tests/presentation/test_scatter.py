"""Schools over two quantities: the line, the interval of its slope, names only where given."""

from __future__ import annotations

import pandas as pd

from pipeline.presentation.scatter import Line, scatter

LINE = Line(slope=-0.02, intercept=0.05, lower=-0.04, upper=0.01)


def drawn(**columns: object) -> str:
    given = {"x": [-2.0, 0.0, 1.5], "y": [0.1, 0.04, 0.02], "name": ["СОШ № 5", "", ""]}
    return scatter("s", pd.DataFrame({**given, **columns}), LINE, "Индекс условий", "Доля «2», п. п.")


def test_axes_and_the_line_are_named() -> None:
    for word in ("Индекс условий", "Доля «2», п. п.", "интервал наклона 95 %", "СОШ № 5"):
        assert word in drawn(), word


def test_differences_of_shares_are_percentage_points() -> None:
    """0.10 is the tick 10."""
    assert ">10<" in drawn().replace("\n", "")


def test_without_a_name_there_is_none() -> None:
    assert "СОШ" not in drawn(name="")


def test_the_same_data_give_the_same_bytes() -> None:
    assert drawn() == drawn()


def test_no_school_no_scatter() -> None:
    empty = pd.DataFrame({"x": [], "y": [], "name": []})
    assert "Нет данных" in scatter("s", empty, LINE, "x", "y")
