"""Small modules, small functions, names that say something. Complexity is ruff's (C90)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.structure.checkout import ROOT, modules

MODULE_LINES = 400
FUNCTION_LINES = 50
TABLE_OF_CONTENTS_LINES = 100
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
FILES = [ROOT / "start.py", *modules("pipeline", "tests", "benchmarks")]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_budgets(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MODULE_LINES
    functions = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def test_names_say_what_is_inside() -> None:
    assert [relative(path) for path in FILES if NO_NAMES & {part.removesuffix(".py") for part in path.parts[-3:]}] == []


def test_run_is_a_table_of_contents() -> None:
    assert len((ROOT / "pipeline/run.py").read_text(encoding="utf-8").splitlines()) <= TABLE_OF_CONTENTS_LINES
