"""`msoko templates`: the form of a year from the register and the roadmap."""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import pytest

from pipeline import cli
from pipeline.errors import WorkspaceError
from pipeline.ingest.layouts.declared_register import RegisterRow, write_register
from pipeline.paths import Paths
from pipeline.templates import register_rows, write_templates
from pipeline.territory.roadmap import load_roadmap
from tests.forms.workspace import made

ROWS = (
    RegisterRow("school-1", "МБОУ «СОШ № 1»", "школа", fisoko="edu990001"),
    RegisterRow("garden-1", "МБДОУ «Детский сад № 1»", "детский сад"),
    RegisterRow("club-1", "Дом творчества", ""),
)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return made(tmp_path, "pochep")


def sheet(path: Path, title: str) -> openpyxl.worksheet.worksheet.Worksheet:
    return next(page for page in openpyxl.load_workbook(path).worksheets if page["B2"].value == title)


def names(page: openpyxl.worksheet.worksheet.Worksheet) -> list[str]:
    found = [page.cell(row, 2).value for row in range(8, page.max_row + 1)]
    return list(dict.fromkeys(filter(None, found)))


def test_the_register_is_found_among_other_files(paths: Paths) -> None:
    write_register(paths.raw / "любое имя.xlsx", ROWS)
    (paths.raw / "письмо.pdf").write_bytes(b"%PDF-1.4")
    (paths.raw / "битый.xlsx").write_bytes(b"PK\x03\x04 broken xl/")
    assert [row.org_id for row in register_rows(paths)] == ["school-1", "garden-1", "club-1"]


def test_each_organisation_stands_on_the_sheets_of_its_kind(paths: Paths) -> None:
    write_register(paths.raw / "реестр.xlsx", ROWS)
    said: list[str] = []
    whole = write_templates(paths, said.append).whole
    assert whole == paths.workspace / "forms" / "pochep" / "2026" / "Форма_сбора_2026.xlsx"
    assert names(sheet(whole, "Социальный паспорт и условия")) == ["МБОУ «СОШ № 1»", "Дом творчества"]
    assert "МБДОУ «Детский сад № 1»" in names(sheet(whole, "Дошкольное образование"))
    assert said == ["Вид организации в реестре не указан или не узнан (1): «Дом творчества». Они учтены как школы."]


def test_the_items_of_the_roadmap_stand_in_its_sheet(paths: Paths) -> None:
    said: list[str] = []
    page = sheet(write_templates(paths, said.append).whole, "Дорожная карта")
    roadmap = load_roadmap(paths, "pochep")
    assert names(page) == [item.key for item in roadmap.items]
    assert page["C8"].value == roadmap.items[0].title
    assert page["B8"].protection.locked and page["C8"].protection.locked and not page["G8"].protection.locked
    assert said == ["Реестр организаций в data/raw не найден: в форме пустые строки, названия впишут вручную."]


def test_one_file_for_each_organisation(paths: Paths) -> None:
    write_register(paths.raw / "реестр.xlsx", ROWS[:2])
    single = write_templates(paths, lambda _: None, each=True).single
    assert [path.name for path in single] == ["school-1.xlsx", "garden-1.xlsx", "pochep.xlsx"]
    titles = [page["B2"].value for page in openpyxl.load_workbook(single[1]).worksheets]
    assert "Дошкольное образование" in titles and "Социальный паспорт и условия" not in titles


def test_written_again_it_is_the_same_file(paths: Paths) -> None:
    first = write_templates(paths, lambda _: None).whole
    before = first.read_bytes()
    assert write_templates(paths, lambda _: None).whole.read_bytes() == before


def test_a_form_that_is_being_filled_is_not_overwritten(paths: Paths) -> None:
    write_register(paths.raw / "реестр.xlsx", ROWS)
    whole = write_templates(paths, lambda _: None).whole
    book = openpyxl.load_workbook(whole)
    sheet_name = next(page.title for page in book.worksheets if page["B2"].value == "Социальный паспорт и условия")
    book[sheet_name]["C8"] = 400
    book.save(whole)
    with pytest.raises(WorkspaceError, match="уже заполняется") as caught:
        write_templates(paths, lambda _: None)
    assert "data/raw/pochep/2026" in caught.value.advice


def test_the_command_prints_where_the_form_lies(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(paths.workspace)
    monkeypatch.setattr(sys, "argv", ["msoko", "templates", "pochep", "2026"])
    monkeypatch.setattr(sys.stdout, "reconfigure", lambda **_: None, raising=False)
    monkeypatch.setattr(sys.stderr, "reconfigure", lambda **_: None, raising=False)
    cli.main()
    assert capsys.readouterr().out.splitlines() == [str(Path("forms", "pochep", "2026", "Форма_сбора_2026.xlsx"))]
