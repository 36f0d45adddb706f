"""The list of marked schools of Dagestan: read whole through the drop folder, counted again with openpyxl."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.ingest.stage import Gathered, gather
from pipeline.paths import SHARED, Paths
from tests.real import workspace

pytestmark = pytest.mark.real

TERRITORY = "dagestan_sample"
YEAR, LOGIN, MUNICIPALITY, NAME, FIRST_MARK, MARKERS = 0, 1, 2, 3, 4, 8
MARKS = (("russian", 4), ("mathematics", 4), ("russian", 5), ("mathematics", 5))


@pytest.fixture(scope="module")
def rows(real: Path) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(real / workspace.DAGESTAN / "bias.xlsx", read_only=True)
    return [row for row in book.worksheets[0].iter_rows(min_row=2, values_only=True) if row[LOGIN]]


@pytest.fixture(scope="module")
def gathered(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    root = workspace.dagestan(real, tmp_path_factory.mktemp("dagestan"))
    tokens = {TERRITORY: "any", SHARED: "any"}
    return gather(Paths(root, TERRITORY, 2026), tokens, lambda done, total, name: None)


def test_the_list_is_what_we_think(rows: list[tuple[Any, ...]]) -> None:
    assert len(rows) == 599
    assert len({row[LOGIN] for row in rows}) == 341
    assert Counter(str(row[YEAR]) for row in rows) == {"2023": 159, "2024": 296, "2025": 144}
    assert len(rows) - len(set(rows)) == 148


def test_the_inventory_counts_every_row(gathered: Gathered) -> None:
    (record,) = gathered.inventory

    assert (record["layout"], record["rows"]) == ("marked_schools", 599)


def test_the_repeats_are_reported(gathered: Gathered) -> None:
    (remark,) = [remark for remark in gathered.remarks if remark.code == "duplicate_rows"]

    assert remark.severity == "warning"
    assert "лишних строк 148" in remark.message
    assert "каждая учтена один раз" in remark.message
    assert {remark.severity for remark in gathered.remarks} == {"warning", "info"}


def test_every_school_stands_once_with_its_marks(rows: list[tuple[Any, ...]], gathered: Gathered) -> None:
    logins = gathered.tables["organisations"].set_index("org_id")["alias_code"]
    marked = gathered.tables["marked_schools"]
    read = {
        (int(row.school_year), logins[row.org_id], row.subject, int(row.grade)): row.marker
        for row in marked.dropna(subset=["marker"]).itertuples()
    }
    stated = {
        (int(row[YEAR]), row[LOGIN], *MARKS[place]): row[FIRST_MARK + place]
        for row in rows
        for place in range(4)
        if row[FIRST_MARK + place] is not None
    }

    assert logins.nunique() == 341
    assert len(marked) == 4 * (599 - 148)
    assert read == stated


def test_blank_is_not_zero(rows: list[tuple[Any, ...]], gathered: Gathered) -> None:
    marked = gathered.tables["marked_schools"]
    cells = Counter(row[FIRST_MARK + place] for row in set(rows) for place in range(4))

    assert (marked["marker"] == 1).sum() == cells[1]
    assert (marked["marker"] == 0).sum() == cells[0]
    assert (marked["state"] == "blank").sum() == marked["marker"].isna().sum() == cells[None]
    assert min(cells.values()) > 0
