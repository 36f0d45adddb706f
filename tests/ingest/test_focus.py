"""Which shared files concern a territory: those that name it and those that hold the same tests."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline import tables
from pipeline.errors import Place
from pipeline.focus import focused
from pipeline.indicators.context import Context
from pipeline.indicators.norms import load_rules
from pipeline.ingest.reading import Remark
from pipeline.ingest.stage import Gathered
from pipeline.paths import Paths

NATIONAL, CITY, OLD = "_shared/2022/страна.csv", "_shared/2022/город.csv", "_shared/2018/страна.csv"
ABROAD, PICTURE, OWN = "_shared/2022/чужие.csv", "_shared/2022/фото.xlsx", "2022/свои.xlsx"


def row(file: str, org: str, municipality: str, year: int = 2022, procedure: str = "nvo") -> dict[str, object]:
    return {
        "procedure": procedure,
        "school_year": year,
        "wave": "main",
        "subject": "mathematics",
        "grade": 7,
        "level": "organisation",
        "group": org,
        "group_label": org,
        "org_id": org,
        "municipality": municipality,
        "measure": "mean_score",
        "category": "all",
        "value": 5.0,
        "state": "observed",
        "unit": "points",
        "n": 5,
        "source_file": file,
        "source_sheet": "",
        "source_row": 2,
    }


def organisation(file: str, org: str) -> dict[str, object]:
    return {
        "org_id": org,
        "name": org,
        "alias_kind": "",
        "alias_code": org,
        "provisional": True,
        "source_file": file,
        "source_sheet": "",
        "source_row": 2,
    }


@pytest.fixture
def gathered() -> Gathered:
    """Schools c1 (of the city) and t1 (of the town); the city's row of 2022 was kept from the city's own file."""
    results = [
        row(CITY, "c1", "Столична"),
        row(NATIONAL, "t1", "Габрово"),
        row(OLD, "c1", "Столична", 2018),
        row(OWN, "o1", "Чужой", 2022, "vpr"),
        row(ABROAD, "a1", "Чужой", 2022, "dzi"),
    ]
    register = [organisation(NATIONAL, "t1"), organisation(ABROAD, "c1"), organisation(ABROAD, "a1")]
    frames = {name: tables.empty(name) for name in tables.CLEAN}
    frames["group_results"] = tables.conform("group_results", pd.DataFrame(results))
    frames["organisations"] = tables.conform("organisations", pd.DataFrame(register))
    files = (NATIONAL, CITY, OLD, ABROAD, PICTURE, OWN)
    remarks = [Remark("said", "warning", "Сказано.", Place(file)) for file in files]
    return Gathered(frames, [{"file": file, "rows": 1, "remarks": []} for file in files], remarks)


def focus_on(municipality: str, gathered: Gathered) -> Gathered:
    context = Context("here", 2023, load_rules(Paths(Path("nowhere"), "x", 2023)), municipalities=(municipality,))
    return focused(gathered, context)


@pytest.mark.parametrize(
    ("municipality", "files"),
    [("Столична", {NATIONAL, CITY, OLD, OWN}), ("Габрово", {NATIONAL, CITY, OWN}), ("Иное", {OWN})],
)
def test_the_comparator_stays_whole_and_strangers_go(municipality: str, files: set[str], gathered: Gathered) -> None:
    kept = focus_on(municipality, gathered)

    assert set(kept.tables["group_results"]["source_file"]) == files
    assert {record["file"] for record in kept.inventory} == {*files, PICTURE}
    assert {remark.place.file for remark in kept.remarks} == {*files, PICTURE}


def test_a_school_that_a_stranger_named_first_is_kept_while_rows_mention_it(gathered: Gathered) -> None:
    assert set(focus_on("Столична", gathered).tables["organisations"]["org_id"]) == {"t1", "c1"}
