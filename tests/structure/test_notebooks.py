"""Every notebook in the repository keeps the notebook contract, and all fourteen of the plan are there."""

from __future__ import annotations

import pytest

from pipeline.execution import contract, plan
from tests.structure.checkout import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_the_folder_holds_the_plan_and_nothing_else() -> None:
    assert [path.name for path in NOTEBOOKS] == [notebook.file for notebook in plan.NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_contract(path) -> None:
    assert [str(violation) for violation in contract.violations(path)] == []


def test_no_notebook_lies_elsewhere() -> None:
    """A second copy would drift; the one inside a built wheel is made from this folder."""
    others = [
        path for folder in ("pipeline", "docs", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.ipynb")
    ]
    assert others == []
