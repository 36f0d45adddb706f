"""The report of the demo claims what was planted and nothing else: a fixed list of findings at the fixed seed.

The list is reviewed by hand against docs/demo.md. A finding that appears or goes is a change of what the report says of
the same files: either the list is renewed with that reason in the commit, or the change is a fault.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.demo.sample import SEED

pytestmark = pytest.mark.pages

EXPECTED = Path(__file__).with_name("claims_of_demo.txt")
SEED_OF_THE_LIST = 20261122


def claims(folder: Path) -> Iterator[str]:
    with (folder / "data" / "13_findings.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            yield f"{row['kind']} {row['id']}"


def test_the_findings_of_the_demo_are_the_reviewed_ones(run_folder: Path) -> None:
    if "demo" not in run_folder.parts:
        pytest.skip("другая территория: перечень составлен для demo")
    assert SEED == SEED_OF_THE_LIST
    expected = EXPECTED.read_text(encoding="utf-8").split("\n")
    assert sorted(claims(run_folder)) == [line for line in expected if line and not line.startswith("#")]


def test_what_was_planted_is_among_them() -> None:
    """docs/demo.md, truth by truth: the low school, both trends, the mistake in the form, the measure that worked."""
    listed = EXPECTED.read_text(encoding="utf-8")
    for planted in (
        "risk integrated.risk.demo-05",
        "strength achievement.oge_below_minimum.mathematics.9.trend",
        "strength career.career_diagnostics.trend",
        "problem data_quality.check.form_part_exceeds",
        "strength upbringing.effect.2025.",
    ):
        assert planted in listed
