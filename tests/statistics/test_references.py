"""docs/references.md names every test that compares with a published number, and the comparison itself is right."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.statistics.references import DOCUMENT, Row, compared, missing, written

HERE = Path(__file__).parent
WHERE = ("family", "test_it")


def told() -> dict[str, list[str]]:
    """Family → names of tests in the document."""
    parts = re.split(r"^## ", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    heads = [part.split("\n", 3) for part in parts]
    return {family: sorted(re.findall(r"`(\w+)`", tests)) for family, _, tests, *_ in heads}


def taken() -> dict[str, list[str]]:
    """Family → names of tests that take the fixture."""
    found: dict[str, list[str]] = {}
    for path in sorted(HERE.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        family = path.relative_to(HERE).with_suffix("").as_posix().replace("test_", "")
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and "reference" in [argument.arg for argument in node.args.args]:
                found.setdefault(family, []).append(node.name)
    return {family: sorted(names) for family, names in found.items()}


def test_the_document_names_every_test_and_no_other() -> None:
    assert told() == taken()


def test_no_difference_is_larger_than_allowed() -> None:
    rows = [line.strip("| ").split(" | ") for line in DOCUMENT.read_text(encoding="utf-8").splitlines()]
    for what, _, _, difference, allowed in (row for row in rows if len(row) == 5 and row[0] != "what"):
        if "%" not in allowed and allowed not in ("rounds", "allowed"):
            assert float(difference) <= 1.1 * float(allowed) + 1e-14, what


@pytest.mark.parametrize(
    ("ours", "published", "by", "agree", "allowed"),
    [
        (0.25, 0.25, (0.0, 0.0, None), True, "0"),
        (0.25 + 1e-9, 0.25, (0.0, 0.0, None), False, "0"),
        ([0.5, 0.2501], [0.5, 0.25], (1e-3, 0.0, None), True, "0.001"),
        ([0.5, 0.2511], [0.5, 0.25], (1e-3, 0.0, None), False, "0.001"),
        (101.0, 100.0, (0.0, 0.01, None), True, "1 %"),
        (102.0, 100.0, (0.0, 0.01, None), False, "1 %"),
        (0.2549, 0.255, (0.0, 0.0, 3), True, "rounds"),
        (0.2556, 0.255, (0.0, 0.0, 3), False, "rounds"),
        (float("nan"), 0.25, (1.0, 0.0, None), False, "1"),
    ],
)
def test_comparison(
    ours: float, published: float, by: tuple[float, float, int | None], agree: bool, allowed: str
) -> None:
    row, found = compared(WHERE, "a number", (ours, published), "a book", by)
    assert (found, row.allowed) == (agree, allowed)


def test_lists_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 numbers against 1"):
        compared(WHERE, "a number", ([1, 2], [1]), "a book", (0, 0, None))


def test_a_family_is_written_anew_and_others_stay() -> None:
    rows = [Row("b", "test_it", "a book", what, "1", "1", "0", "0") for what in ("first", "second")]
    once = written("", rows)
    assert "Comparisons: 2. Sources: 1. Families: 1." in once
    more = written(once, [Row("a", "test_other", "a paper", "third", "2", "2", "0", "0")])
    assert more.index("## a") < more.index("## b") < more.index("| second |")
    assert "Comparisons: 3. Sources: 2. Families: 2." in more
    assert written(more, rows[:1]).count("| second |") == 0


def test_what_is_not_in_the_document_is_missing() -> None:
    assert missing(Row("nowhere", "test_it", "a book", "a number", "1", "1", "0", "0"))
