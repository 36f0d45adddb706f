"""docs/errors.md, the docstring of pipeline.errors and the classes say the same."""

from __future__ import annotations

import re

from pipeline import errors
from tests.structure.checkout import ROOT

CODES = {kind.__name__: kind.exit_code for kind in errors.tree()}
SEVERITIES = ("критическое", "предупреждение", "к сведению")
DOCUMENT = (ROOT / "docs/errors.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """Cells of the table under a heading, without its head."""
    section = DOCUMENT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_class_is_documented_with_its_code() -> None:
    assert [(name, int(code)) for code, name, *_ in rows("Коды выхода") if name != "—"] == list(CODES.items())


def test_the_docstring_draws_the_same_tree() -> None:
    drawn = re.findall(r"(\w+) {2,}(\d+) {2}", errors.__doc__ or "")
    assert {name: int(code) for name, code in drawn} == CODES


def test_every_code_is_used_by_one_class() -> None:
    assert len(set(CODES.values())) == len(CODES)


def test_every_case_names_a_severity_and_a_code_that_exist() -> None:
    for case, severity, name, code, _ in rows("Случаи"):
        assert severity in SEVERITIES, case
        if severity == "критическое":
            assert int(code) == CODES[name], case
        else:
            assert (name, code) == ("—", "0"), case
