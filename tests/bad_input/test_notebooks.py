"""Notebooks of the workspace that cannot be run; one real kernel, the rest stops before any starts."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from pipeline.execution import runner
from pipeline.paths import shipped
from tests.bad_input.cases import proves
from tests.bad_input.door import stops
from tests.bad_input.territory import YEAR, Place

FIRST = "00_data_quality.ipynb"


def overlay(place: Place, text: str) -> None:
    folder = place.root / "notebooks"
    folder.mkdir()
    (folder / FIRST).write_text(text, encoding="utf-8")


def shipped_first() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((shipped("notebooks") / FIRST).read_text(encoding="utf-8"))
    return content


def with_cell(source: str) -> str:
    """The shipped notebook with one more cell, after the parameters."""
    content = shipped_first()
    at = next(i for i, cell in enumerate(content["cells"]) if "parameters" in cell["metadata"].get("tags", ()))
    cell = {"cell_type": "code", "id": "broken", "metadata": {}, "outputs": [], "execution_count": None}
    content["cells"].insert(at + 1, cell | {"source": source})
    return json.dumps(content, ensure_ascii=False)


@proves("broken_cell")
def test_a_broken_cell_in_a_real_kernel(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notebook and cell are named, the failed copy is kept with the error under its cell."""
    monkeypatch.setitem(runner.execute.__kwdefaults__, "engine", None)
    monkeypatch.setitem(runner.execute.__kwdefaults__, "notebooks", runner.NOTEBOOKS[:1])
    overlay(place, with_cell("доля = 1 / (report_year - report_year)"))
    number = 1 + next(
        i
        for i, cell in enumerate(json.loads((place.root / "notebooks" / FIRST).read_text())["cells"])
        if cell["id"] == "broken"
    )
    kept = f"data/processed/pole/{YEAR}/failed/{FIRST}"
    told = ("«00_data_quality»", f"в ячейке {number}: «доля = 1", "ZeroDivisionError", f"«{FIRST}»", kept)
    stops(place, "broken_cell", *told)
    cells = json.loads((place.root / kept).read_text(encoding="utf-8"))["cells"]
    assert [output["output_type"] for cell in cells if cell["id"] == "broken" for output in cell["outputs"]] == [
        "error"
    ]
    assert str(place.root) not in (place.root / kept).read_text(encoding="utf-8")


@proves("parameter")
def test_a_misspelt_name_in_the_cell_of_parameters(place: Place) -> None:
    overlay(place, json.dumps(shipped_first(), ensure_ascii=False).replace("report_year", "report_yaer"))
    stops(place, "parameter", "report_year", "report_yaer", f"«{FIRST}»", "ячейке параметров")


@proves("parameter")
def test_a_parameter_of_another_kind(place: Place) -> None:
    text = json.dumps(shipped_first(), ensure_ascii=False)
    overlay(place, re.sub(r"report_year = \d+", "report_year = 'этот'", text))
    stops(place, "parameter", "report_year", "передано 2026, ожидается строка", f"«{FIRST}»")


@proves("contract")
@pytest.mark.parametrize(
    ("text", "part"),
    [
        (with_cell("for x in range(3):\n    print(x)"), "id «broken»"),
        ("{", "не читается как блокнот"),
        ('{"nbformat": 4, "nbformat_minor": 5, "cells": [null]}', "не читается как блокнот"),
    ],
)
def test_a_notebook_that_breaks_the_rules(place: Place, text: str, part: str) -> None:
    overlay(place, text)
    stops(place, "contract", f"«{FIRST}»", part)


@proves("export")
def test_executed_notebooks_that_cannot_be_joined(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline import assemble
    from pipeline.export.report import export_report

    def spoilt(executed_dir: Any, book: Any, target: Any) -> None:
        (executed_dir / FIRST).write_text("{", encoding="utf-8")
        export_report(executed_dir, book, target)

    monkeypatch.setattr(assemble, "export_report", spoilt)
    place.touch()
    stops(place, "export", "Исполненный блокнот повреждён", f"«{FIRST}»")
