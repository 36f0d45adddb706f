"""The municipal form as a secretary sees it: rows, headings, locks, lists, checks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.ingest.layouts.declared_register import RegisterRow
from pipeline.ingest.layouts.form_cells import observed
from pipeline.ingest.reading import Reading
from tests.ingest.forms import (
    CAREER_SHEET,
    FORM,
    PRESCHOOL_SHEET,
    YEAR,
    Sheets,
    filled,
    shipped,
    values,
)
from tests.ingest.forms import ORGANISATIONS as REGISTER


def test_organisations_of_the_right_type_and_year_have_rows(blank: Path) -> None:
    book = openpyxl.load_workbook(blank)
    career, preschool = book[CAREER_SHEET], book[PRESCHOOL_SHEET]
    assert [career.cell(row, 2).value for row in (8, 11)] == ["МБОУ «СОШ № 1»", "МБОУ «ООШ с. Полевое»"]
    assert [career.cell(row, 3).value for row in (8, 9, 10)] == ["в целом", "9 класс", "11 класс"]
    assert career.cell(14, 2).value is None
    assert [preschool.cell(row, 3).value for row in (8, 9)] == ["1-е полугодие", "2-е полугодие"]
    assert preschool.cell(12, 2).value == "МБДОУ «Детский сад № 1»"
    assert "закрытая школа" not in str([cell.value for row in career.iter_rows() for cell in row]).lower()


def test_heading_says_what_how_and_in_what_unit(blank: Path) -> None:
    sheet = openpyxl.load_workbook(blank)[CAREER_SHEET]
    assert [sheet.cell(row, 5).value for row in (5, 6, 7)] == ["Прошли диагностику", "Из них.", "целое число, человек"]
    assert [sheet.cell(7, column).value for column in (6, 7, 8)] == ["число, часов", "выберите из списка", "да или нет"]
    assert sheet.cell(3, 2).value.startswith("2025/26 учебный год. Заполняет: общеобразовательная организация.")


def test_headings_are_locked_cells_to_fill_are_not(blank: Path) -> None:
    sheet = openpyxl.load_workbook(blank)[CAREER_SHEET]
    assert sheet.protection.sheet and not sheet.protection.password
    assert [sheet[cell].protection.locked for cell in ("B5", "E5", "B8", "E8", "D9")] == [True] * 5
    assert [sheet[cell].protection.locked for cell in ("D8", "E9", "G8", "B14")] == [False] * 4
    assert (sheet.freeze_panes, sheet.row_dimensions[1].hidden, sheet.column_dimensions["A"].hidden) == (
        "D8",
        True,
        True,
    )
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def rules(sheet: Any, cell: str) -> list[Any]:
    return [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]


def test_cells_are_checked_while_they_are_filled(blank: Path) -> None:
    book = openpyxl.load_workbook(blank)
    [diagnosed] = rules(book[CAREER_SHEET], "E9")
    assert diagnosed.formula1 == (
        'IF(ISNUMBER(E9),AND(E9>=0,E9=INT(E9),IF(ISNUMBER(D8),E9<=D8,TRUE)),OR(E9="",E9="не проводилось"))'
    )
    assert "не больше, чем в столбце «Учеников»" in diagnosed.error
    [eleventh] = rules(book[CAREER_SHEET], "E10")
    assert "IF(ISNUMBER(D8),E10<=D8,TRUE)" in eleventh.formula1
    [level] = rules(book[CAREER_SHEET], "G8")
    sheet, area = level.formula1.replace("$", "").replace("'", "").split("!")
    assert [cell.value for [cell] in book[sheet][area]] == ["начальный", "базовый", "хороший", "не проводилось"]
    assert book[sheet].sheet_state == "hidden"
    for page in book.worksheets:
        for rule in page.data_validations.dataValidation:
            assert len(rule.error) <= 255 and len(rule.errorTitle) <= 32 and len(rule.formula1) <= 255


def test_excel_limits_hold_for_the_shipped_form(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    type(FORM)(shipped()).write(path, YEAR, REGISTER)
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == len(set(book.sheetnames)) == 2 + len(shipped().items) + 8
    for page in book.worksheets:
        assert len(page.title) <= 31
        for rule in page.data_validations.dataValidation:
            assert len(rule.error) <= 255 and len(rule.formula1) <= 255, page.title


def test_the_form_of_one_organisation_has_only_its_sheets(tmp_path: Path, reading: Callable[[Path], Reading]) -> None:
    path = tmp_path / "one.xlsx"
    FORM.write_one(path, YEAR, REGISTER[2])
    assert openpyxl.load_workbook(path).sheetnames == [
        "Как заполнять",
        "1. Дошкольное образование",
        "2. Олимпиада",
        "3. Конкурсы",
        "4. Диагностики",
        "Списки",
    ]
    filled(path, lambda book: book["1. Дошкольное образование"].__setitem__("D8", 40))
    assert values(reading(path).tables["preschool"])[("garden-1", "half_1", "", "children")] == observed(40)


@pytest.mark.parametrize(
    ("spelling", "types"),
    [
        ("общеобразовательная организация", ("school",)),
        ("Гимназия", ("school",)),
        ("СОШ", ("school",)),
        ("дошкольная образовательная организация", ("kindergarten",)),
        ("Детский сад", ("kindergarten",)),
        ("ДОУ", ("kindergarten",)),
        ("школа с дошкольными группами", ("school", "kindergarten")),
        ("Детская школа искусств", ("additional",)),
        ("организация дополнительного образования", ("additional",)),
        ("Управление образования", ("department",)),
        ("завод", ()),
        ("", ()),
    ],
)
def test_the_kind_of_an_organisation_is_understood(spelling: str, types: tuple[str, ...]) -> None:
    assert FORM.form.words.types_of(spelling) == types


def test_namesakes_are_told_apart(tmp_path: Path) -> None:
    rows = [
        RegisterRow(f"s-{at}", "СОШ № 1", "школа", settlement=place)
        for at, place in enumerate(["с. Лесное", "с. Полевое", ""])
    ]
    FORM.write(tmp_path / "f.xlsx", YEAR, rows)
    sheet = openpyxl.load_workbook(tmp_path / "f.xlsx")[CAREER_SHEET]
    assert [sheet.cell(row, 2).value for row in (8, 11, 14)] == [
        "СОШ № 1 (с. Лесное)",
        "СОШ № 1 (с. Полевое)",
        "СОШ № 1",
    ]


def test_without_a_register_there_are_blank_rows(tmp_path: Path, reading: Callable[[Path], Reading]) -> None:
    path = tmp_path / "f.xlsx"
    FORM.write(path, YEAR, [])

    def work(book: Sheets) -> None:
        sheet = book[CAREER_SHEET]
        sheet["B8"], sheet["D8"], sheet["E9"] = "Школа без реестра", 10, 4

    found = reading(filled(path, work)).tables["career"]
    assert found["org_name"].unique().tolist() == ["Школа без реестра"]
    assert found.loc[found["state"] == "observed", ["group", "value"]].to_numpy().tolist() == [
        ["", 10.0],
        ["grade_9", 4.0],
    ]
