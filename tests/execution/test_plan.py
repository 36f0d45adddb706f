"""The fixed order of the notebooks."""

import pytest

from pipeline.errors import NotebookError
from pipeline.execution import plan
from pipeline.execution.plan import NOTEBOOKS, Notebook


def test_fourteen_notebooks_in_the_agreed_order() -> None:
    assert [notebook.file for notebook in NOTEBOOKS] == [
        "00_data_quality.ipynb",
        "01_achievement.ipynb",
        "02_objectivity.ipynb",
        "03_low_results.ipynb",
        "04_talent.ipynb",
        "05_career.ipynb",
        "06_heads.ipynb",
        "07_teachers.ipynb",
        "08_methodical.ipynb",
        "09_upbringing.ipynb",
        "10_preschool.ipynb",
        "11_integrated.ipynb",
        "12_management_cycle.ipynb",
        "13_annual_report.ipynb",
    ]


def test_the_last_three_wait_for_all_before_them() -> None:
    groups = plan.groups(NOTEBOOKS)
    assert [len(group) for group in groups] == [11, 1, 1, 1]
    assert [group[0].number for group in groups] == ["00", "11", "12", "13"]


def test_the_workspace_copy_of_a_notebook_wins_over_the_shipped_one(tmp_path, monkeypatch) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "work" / "notebooks"
    monkeypatch.setattr(plan, "shipped", lambda name: shipped / name)
    first, second = Notebook("00", "a"), Notebook("01", "b")
    for folder, notebook in ((shipped / "notebooks", first), (shipped / "notebooks", second), (own, second)):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / notebook.file).write_text("{}", encoding="utf-8")
    assert plan.sources([first, second], tmp_path / "work") == {
        first: shipped / "notebooks" / "00_a.ipynb",
        second: own / "01_b.ipynb",
    }
    with pytest.raises(NotebookError, match="02_c.ipynb"):
        plan.source(Notebook("02", "c"), tmp_path / "work")
