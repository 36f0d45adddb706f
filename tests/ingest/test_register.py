"""The register of organisations: written for the demo, typed by a municipality, read by its declared layout."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipeline.ingest.layouts.declared import declared_layouts
from pipeline.ingest.layouts.declared_register import RegisterRow, write_register
from pipeline.ingest.reading import Door
from pipeline.ingest.workbook import Workbook, open_workbook, sheet
from pipeline.paths import Paths
from pipeline.settings import Subjects
from pipeline.tables import conform

READER = declared_layouts(Paths(Path(), "demo", 2026))
DOOR = Door(Subjects(subjects={}), None, 2026)  # type: ignore[arg-type]


def test_register_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "реестр.xlsx"
    write_register(
        path,
        [
            RegisterRow("school-5", "МБОУ «СОШ № 5»", "школа", "edu203389", "9306", "12345678", "Лесной", "2020-09-01"),
            RegisterRow("garden-1", "МБДОУ «Детский сад № 1»", valid_from="01.09.2019", valid_to="2024-08-31"),
        ],
    )

    reading = READER.read(open_workbook(path), DOOR)

    frame = conform("organisations", reading.tables["organisations"])
    assert (reading.rows, reading.school_years, reading.remarks) == (2, (), ())
    assert frame[["org_id", "alias_kind", "alias_code"]].values.tolist() == [
        ["school-5", "fisoko", "edu203389"],
        ["school-5", "rcoi", "9306"],
        ["school-5", "okpo", "12345678"],
        ["garden-1", "own", "garden-1"],
    ]
    assert frame.loc[3, ["valid_from", "valid_to"]].tolist() == ["2019-09-01", "2024-08-31"]
    assert not frame["provisional"].any()


def test_register_typed_by_hand() -> None:
    head = ("КОД ОРГАНИЗАЦИИ", "Наименование", "Код РЦОИ", "Действует с")
    rows = [("Школа5", "МБОУ", 9306.0, dt.datetime(2020, 9, 1)), ("school-6", None, None, "осень")]

    reading = READER.read(Workbook("реестр.xlsx", (sheet("Реестр", [head, *rows]),)), DOOR)

    frame = reading.tables["organisations"]
    assert frame["alias_code"].tolist() == ["9306", "school-6"]
    assert frame.loc[0, "valid_from"] == "2020-09-01"
    assert {remark.code: remark.place.cell for remark in reading.remarks} == {
        "bad_org_id": "A2",
        "org_without_name": "B3",
        "bad_date": "D3",
    }
