"""Filled forms in the drop folder: parts are joined, contradictions stop, another year stops."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import YearConflictError
from pipeline.ingest.layouts.declared_register import RegisterRow, write_register
from pipeline.ingest.layouts.form_cells import Answer, observed
from pipeline.ingest.layouts.form_item_page import Key
from pipeline.ingest.layouts.municipal_form import Answers, MunicipalForm, Records, municipal_form
from pipeline.ingest.stage import Gathered, gather
from pipeline.paths import SHARED, Paths
from tests.forms.workspace import made

YEAR = 2026
SCHOOLS = (
    RegisterRow("school-1", "МБОУ «СОШ № 1»", "школа", fisoko="edu990001"),
    RegisterRow("school-2", "МБОУ «СОШ № 2»", "школа", fisoko="edu990002"),
)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = made(tmp_path, "demo")
    write_register(paths.raw / "реестр.xlsx", SCHOOLS)
    return paths


@pytest.fixture
def form(paths: Paths) -> MunicipalForm:
    return municipal_form(paths)


def gathered(paths: Paths) -> Gathered:
    return gather(paths, {"demo": "1", SHARED: "1"}, lambda *_: None)


def answer(org_id: str, item: str, value: float) -> dict[Key, Answer]:
    return {Key(org_id, "year", "", item): observed(value)}


def put(
    form: MunicipalForm, paths: Paths, name: str, answers: Answers | None = None, records: Records | None = None
) -> None:
    form.write(paths.raw / name, YEAR, SCHOOLS, answers, records)


def observed_values(frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    kept = frame[frame["state"] == "observed"]
    return {(row.org_id, row.item): row.value for row in kept.itertuples()}


def codes(found: Gathered) -> dict[str, str]:
    return {remark.code: remark.severity for remark in found.remarks}


def test_forms_of_several_schools_are_one_table(paths: Paths, form: MunicipalForm) -> None:
    put(form, paths, "один.xlsx", {"context": answer("school-1", "pupils_total", 400)})
    put(form, paths, "два.xlsx", {"context": answer("school-2", "pupils_total", 90)})
    found = gathered(paths)
    assert observed_values(found.tables["context"]) == {
        ("school-1", "pupils_total"): 400,
        ("school-2", "pupils_total"): 90,
    }
    assert codes(found) == {}
    assert [record["title"] for record in found.inventory].count("Муниципальная форма сбора") == 2


def test_a_form_filled_in_parts_is_joined(paths: Paths, form: MunicipalForm) -> None:
    """Two offices answer for one school: what one of them leaves blank contradicts nobody."""
    put(form, paths, "школа.xlsx", {"context": answer("school-1", "pupils_total", 400)})
    put(form, paths, "опека.xlsx", {"context": answer("school-1", "pupils_in_care", 7)})
    found = gathered(paths)
    assert observed_values(found.tables["context"]) == {
        ("school-1", "pupils_total"): 400,
        ("school-1", "pupils_in_care"): 7,
    }
    assert {code for code, severity in codes(found).items() if severity == "critical"} == set()


def test_forms_that_disagree_are_critical_and_name_the_question(paths: Paths, form: MunicipalForm) -> None:
    put(form, paths, "а.xlsx", {"context": answer("school-1", "pupils_total", 400)})
    put(form, paths, "б.xlsx", {"context": answer("school-1", "pupils_total", 401)})
    [remark] = [remark for remark in gathered(paths).remarks if remark.code == "files_disagree"]
    assert remark.severity == "critical"
    assert "(2026 год, school-1, Всего обучающихся): значение" in remark.message
    assert "«2026/а.xlsx», строка 8; «2026/б.xlsx», строка 8" in remark.message
    assert str(remark.place) == "файл «2026/а.xlsx», лист «1. Социальный паспорт и условия», строка 8"


def test_registers_without_organisations_pass_the_stage(paths: Paths, form: MunicipalForm) -> None:
    records: Records = {
        "roadmap": [{"item": "К-1.1", "progress": "done", "done_on": "2026-05-01", "evidence": "Д-1"}],
        "documents": [{"document": "Д-1", "kind": "order", "title": "Об итогах"}],
        "decisions": [
            {"decision": "1", "direction": "career", "kind": "measure", "title": "Мера", "progress": "done"},
            {
                "decision": "2",
                "direction": "career",
                "org_id": "school-2",
                "kind": "measure",
                "title": "Мера",
                "progress": "done",
            },
        ],
    }
    put(form, paths, "форма.xlsx", records=records)
    found = gathered(paths)
    assert {name: len(found.tables[name]) for name in records} == {"roadmap": 1, "documents": 1, "decisions": 2}
    assert found.tables["decisions"]["org_id"].fillna("").tolist() == ["", "school-2"]
    assert codes(found) == {}


def test_the_roadmap_of_two_files_disagrees_in_words(paths: Paths, form: MunicipalForm) -> None:
    for name, progress in (("а.xlsx", "done"), ("б.xlsx", "not_done")):
        put(form, paths, name, records={"roadmap": [{"item": "К-1.1", "progress": progress}]})
    [remark] = [remark for remark in gathered(paths).remarks if remark.code == "files_disagree"]
    assert "(2026 год, К-1.1)" in remark.message


def test_the_state_of_a_decision_may_change_with_the_years(paths: Paths, form: MunicipalForm) -> None:
    earlier = paths.for_year(2025)
    earlier.raw.mkdir()
    for place, year, progress in ((earlier, 2025, "planned"), (paths, YEAR, "done")):
        record = {"decision": "1", "direction": "career", "kind": "measure", "title": "Мера", "progress": progress}
        form.write(place.raw / "форма.xlsx", year, SCHOOLS, records={"decisions": [record]})
    found = gathered(paths)
    assert found.tables["decisions"]["progress"].tolist() == ["planned", "done"]
    assert codes(found) == {}


def test_a_form_of_last_year_stops(paths: Paths, form: MunicipalForm) -> None:
    form.write(paths.raw / "старая.xlsx", YEAR - 1, SCHOOLS, {"context": answer("school-1", "pupils_total", 1)})
    with pytest.raises(YearConflictError, match="за 2025 год"):
        gathered(paths)


def test_an_unknown_school_is_provisional(
    paths: Paths, form: MunicipalForm, edited: Callable[[Path, str, object], None]
) -> None:
    put(form, paths, "форма.xlsx", {"context": answer("school-1", "pupils_total", 400)})
    edited(paths.raw / "форма.xlsx", "B10", "Новая школа")
    edited(paths.raw / "форма.xlsx", "C10", 55)
    found = gathered(paths)
    [new] = found.tables["organisations"].query("provisional")["org_id"]
    assert observed_values(found.tables["context"])[(new, "pupils_total")] == 55
    assert codes(found) == {"org_not_in_register": "warning"}


@pytest.fixture
def edited() -> Callable[[Path, str, object], None]:
    """Write a cell of the first sheet of items, as a person would."""
    import openpyxl

    def change(path: Path, cell: str, value: object) -> None:
        book = openpyxl.load_workbook(path)
        book.worksheets[1][cell] = value
        book.save(path)

    return change
