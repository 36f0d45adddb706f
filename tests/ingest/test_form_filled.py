"""What a secretary may do to the municipal form, and what is said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.errors import InputError, YearConflictError
from pipeline.ingest import inbox
from pipeline.ingest.layouts.form_cells import BLANK, Answer, observed
from pipeline.ingest.layouts.form_item_page import Key
from pipeline.ingest.organisations import resolve
from pipeline.ingest.reading import Door, Reading
from pipeline.ingest.workbook import open_workbook
from pipeline.tables import DTYPES, ORGANISATIONS, empty
from tests.ingest.forms import (
    CAREER_SHEET,
    FORM,
    NOT_HELD,
    OLYMPIAD_SHEET,
    PRESCHOOL,
    PRESCHOOL_SHEET,
    YEAR,
    Sheets,
    codes,
    filled,
    small,
    values,
)
from tests.ingest.forms import ORGANISATIONS as REGISTER


def test_a_new_organisation_at_the_end_is_provisional(blank: Path, reading: Callable[[Path], Reading]) -> None:
    def work(book: Sheets) -> None:
        sheet = book[CAREER_SHEET]
        sheet["B14"], sheet["D14"], sheet["E15"] = "Новая школа", 50, 5

    frame = reading(filled(blank, work)).tables["career"]
    register = _register()
    resolved = resolve([("career", frame)], register)
    [(_, done)] = resolved.frames
    new = resolved.organisations[resolved.organisations["provisional"]]
    assert new["name"].tolist() == ["Новая школа"]
    assert done["org_id"].unique().tolist() == new["org_id"].tolist()
    assert [(remark.code, remark.severity) for remark in resolved.remarks] == [("org_not_in_register", "warning")]
    assert done["group"].isin(["", "grade_9", "grade_11"]).all()


def _register() -> pd.DataFrame:
    rows = [
        {
            "org_id": row.org_id,
            "name": row.name,
            "alias_kind": "fisoko" if row.fisoko else "own",
            "alias_code": row.fisoko or row.org_id,
            "provisional": False,
            "valid_to": row.valid_to or None,
            "source_file": "r.xlsx",
            "source_sheet": "",
            "source_row": at,
        }
        for at, row in enumerate(REGISTER, start=2)
    ]
    frame = pd.DataFrame(rows).reindex(columns=ORGANISATIONS.names)
    return frame.astype({column.name: DTYPES[column.kind] for column in ORGANISATIONS.columns})


def test_organisations_are_found_in_the_register_by_their_own_code(tmp_path: Path, door: Door) -> None:
    path = tmp_path / "f.xlsx"
    FORM.write(path, YEAR, REGISTER, {"career": {Key("school-1", "year", "", "pupils"): observed(5)}})
    resolved = resolve([("career", FORM.read(open_workbook(path), door).tables["career"])], _register())
    assert set(resolved.frames[0][1]["org_id"]) == {"school-1"}
    assert resolved.remarks == ()


@pytest.mark.parametrize("said", ["двенадцать", "12 чел.", "-3", 2.5, True, dt.date(2026, 1, 2), "нет", "х", "12 %"])
def test_what_is_no_count_is_remarked_with_its_cell(blank: Path, reading: Callable[[Path], Reading], said: Any) -> None:
    def work(book: Sheets) -> None:
        book[CAREER_SHEET]["D8"], book[CAREER_SHEET]["H8"] = said, "да"

    found = reading(filled(blank, work))
    assert codes(found) == {"form_unreadable": "D8"}
    assert found.remarks[0].place.sheet == CAREER_SHEET
    answers = values(found.tables["career"])
    assert answers[("school-1", "year", "", "pupils")] == BLANK
    assert answers[("school-1", "year", "", "plan")] == observed(1)


@pytest.mark.parametrize(
    ("cell", "said", "answer"),
    [
        ("D8", "1 200", observed(1200)),
        ("D8", 0, observed(0)),
        ("D8", "—", BLANK),
        ("D8", "Не проводилась", NOT_HELD),
        ("F8", "12,5", observed(12.5)),
        ("G8", "Базовый", observed(2)),
        ("G8", 3, observed(3)),
        ("H8", "Нет", observed(0)),
        ("H8", "не проводилось", NOT_HELD),
        ("H8", True, observed(1)),
    ],
)
def test_answers_as_people_write_them(
    blank: Path, reading: Callable[[Path], Reading], cell: str, said: Any, answer: Answer
) -> None:
    def work(book: Sheets) -> None:
        book[CAREER_SHEET][cell], book[CAREER_SHEET]["I8"] = said, 1

    found = reading(filled(blank, work))
    item = {"D": "pupils", "F": "hours", "G": "level", "H": "plan"}[cell[0]]
    assert (values(found.tables["career"])[("school-1", "year", "", item)], found.remarks) == (answer, ())


@pytest.mark.parametrize(("cell", "said"), [("G8", "отличный"), ("G8", 4), ("H8", "частично"), ("H8", 2)])
def test_a_word_outside_of_the_list_is_remarked(
    blank: Path, reading: Callable[[Path], Reading], cell: str, said: Any
) -> None:
    found = reading(filled(blank, lambda book: book[CAREER_SHEET].__setitem__(cell, said)))
    assert codes(found) == {"form_unreadable": cell}


def test_a_part_above_its_whole_is_remarked(blank: Path, reading: Callable[[Path], Reading]) -> None:
    def work(book: Sheets) -> None:
        sheet = book[CAREER_SHEET]
        sheet["D8"], sheet["E9"], sheet["E10"] = 20, 20, 21

    assert codes(reading(filled(blank, work))) == {"form_part_exceeds": "E10"}


def test_a_grey_cell_is_not_read_and_remarked(blank: Path, reading: Callable[[Path], Reading]) -> None:
    def work(book: Sheets) -> None:
        book[CAREER_SHEET]["D9"] = 5  # pupils have no breakdown
        book[PRESCHOOL_SHEET]["E8"] = 2  # only kindergartens are asked

    found = reading(filled(blank, work))
    assert [(remark.code, remark.place.cell) for remark in found.remarks] == [
        ("form_closed_cell", "D9"),
        ("form_closed_cell", "E8"),
    ]
    assert dict(found.tables) == {}


def test_answers_without_an_organisation_are_remarked(blank: Path, reading: Callable[[Path], Reading]) -> None:
    found = reading(filled(blank, lambda book: book[CAREER_SHEET].__setitem__("D14", 5)))
    assert (codes(found), dict(found.tables)) == ({"form_row_unnamed": "B14"}, {})


def test_the_name_a_person_reads_goes_before_the_hidden_key(blank: Path, reading: Callable[[Path], Reading]) -> None:
    """Somebody pasted names and numbers in another order."""

    def work(book: Sheets) -> None:
        sheet = book[CAREER_SHEET]
        for row, name, number in ((8, "МБОУ «ООШ с. Полевое»", 20), (11, "МБОУ «СОШ № 1»", 10)):
            sheet.cell(row, 2).value, sheet.cell(row, 4).value = name, number

    found = reading(filled(blank, work))
    answers = values(found.tables["career"].query("item == 'pupils'"))
    assert answers == {
        ("school-2", "year", "", "pupils"): observed(20),
        ("school-1", "year", "", "pupils"): observed(10),
    }
    assert codes(found) == {"form_line_renamed": "B8"}


def test_a_rewritten_heading_is_remarked_and_read_as_before(blank: Path, reading: Callable[[Path], Reading]) -> None:
    def work(book: Sheets) -> None:
        book[CAREER_SHEET]["D5"], book[CAREER_SHEET]["D8"] = "Всего детей", 7

    found = reading(filled(blank, work))
    assert codes(found) == {"form_head_changed": "D5"}
    assert values(found.tables["career"])[("school-1", "year", "", "pupils")] == observed(7)


def test_moved_headings_are_read_as_they_say(blank: Path, reading: Callable[[Path], Reading]) -> None:
    def work(book: Sheets) -> None:
        sheet = book[CAREER_SHEET]
        sheet["D5"], sheet["F5"], sheet["D8"], sheet["F8"] = "Часов", "Учеников", 1.5, 30

    found = reading(filled(blank, work))
    assert codes(found) == {"form_heads_moved": "D5"}
    answers = values(found.tables["career"])
    assert (answers[("school-1", "year", "", "hours")], answers[("school-1", "year", "", "pupils")]) == (
        observed(1.5),
        observed(30),
    )


def test_an_own_column_is_remarked(blank: Path, reading: Callable[[Path], Reading]) -> None:
    def work(book: Sheets) -> None:
        book[CAREER_SHEET]["J5"], book[CAREER_SHEET]["J8"], book[CAREER_SHEET]["D8"] = "Примечание", "см. письмо", 1

    assert codes(reading(filled(blank, work))) == {"form_unknown_column": "J5"}


def test_a_lost_column_is_named(blank: Path, reading: Callable[[Path], Reading]) -> None:
    def work(book: Sheets) -> None:
        book[CAREER_SHEET].delete_cols(6)
        book[CAREER_SHEET]["D8"] = 1

    found = reading(filled(blank, work))
    assert [remark.message for remark in found.remarks] == ["В листе нет столбцов: 1 («Часов»)."]
    assert ("school-1", "year", "", "hours") not in values(found.tables["career"])


def test_a_sheet_alone_is_read(blank: Path, reading: Callable[[Path], Reading]) -> None:
    def work(book: Sheets) -> None:
        book[CAREER_SHEET]["D8"] = 1
        for name in book.sheetnames:
            if name != CAREER_SHEET:
                del book[name]
        book[CAREER_SHEET].title = "Лист1"

    assert values(reading(filled(blank, work)).tables["career"])[("school-1", "year", "", "pupils")] == observed(1)


def test_register_rows_that_lack_something_are_remarked(blank: Path, reading: Callable[[Path], Reading]) -> None:
    def work(book: Sheets) -> None:
        sheet = book[OLYMPIAD_SHEET]
        good = ["МБОУ «СОШ № 1»", "всероссийская олимпиада школьников", "Школьный", "русский язык", 9, 10, 2, 11]
        for row, (column, value) in enumerate([(0, None), (2, "районный"), (4, None), (5, "много"), (7, 11)], start=8):
            cells = list(good)
            cells[column] = value
            for place, cell in enumerate(cells, start=2):
                sheet.cell(row, place).value = cell

    found = reading(filled(blank, work))
    said = {(remark.code, remark.place.cell): remark.message for remark in found.remarks}
    assert set(said) == {("form_row_incomplete", "B8"), ("form_unreadable", "D9"), ("form_part_exceeds", "I11")} or said
    assert "B8, D9, F10" in next(text for (code, _), text in said.items() if code == "form_row_incomplete")
    assert "D9, G11" in next(text for (code, _), text in said.items() if code == "form_unreadable")
    assert [cell for code, cell in said if code == "form_part_exceeds"] == ["I12"]
    assert found.tables["olympiad"]["source_row"].tolist() == [11, 12]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("директор Петрова А. И.", "директор …"),
        ("А.И. Петрова, методист", "…, методист"),
        ("Петрова Анна Ивановна", "…"),
        ("Конкурс имени А. С. Пушкина", "Конкурс имени А. С. Пушкина"),
        ("Отдел общего образования", "Отдел общего образования"),
    ],
)
def test_names_of_people_do_not_pass(tmp_path: Path, reading: Callable[[Path], Reading], said: str, kept: str) -> None:
    record = {
        "decision": "1",
        "direction": "career",
        "kind": "measure",
        "title": "Мера",
        "responsible": said,
        "progress": "done",
    }
    FORM.write(tmp_path / "f.xlsx", YEAR, REGISTER, records={"decisions": [record]})
    found = reading(tmp_path / "f.xlsx")
    assert found.tables["decisions"]["responsible"].tolist() == [kept]
    assert set(codes(found)) == (set() if said == kept else {"form_person_named"})
    assert all("Петрова" not in remark.message for remark in found.remarks)


# ---- another year, another version


def test_a_form_of_another_year_stops(blank: Path, door: Door) -> None:
    folder = blank.parent / "2025"
    folder.mkdir()
    blank.rename(folder / "form.xlsx")
    [entry] = inbox.read_folder(folder, "2025", 2025, [FORM], door, lambda *_: None)
    assert isinstance(entry.error, YearConflictError)
    assert str(entry.error.place) == f"файл «2025/form.xlsx», лист «{CAREER_SHEET}»"
    assert "за 2026 год" in entry.error.what and "msoko templates" in entry.error.advice


def test_a_form_of_another_version_is_refused(blank: Path, reading: Callable[[Path], Reading]) -> None:
    filled(blank, lambda book: book[CAREER_SHEET].__setitem__("A1", "msoko-form 2 career 2026"))
    with pytest.raises(InputError, match="другой версией"):
        reading(blank)


def test_a_table_that_is_no_more_is_remarked(blank: Path, door: Door) -> None:
    found = small(PRESCHOOL).read(open_workbook(blank), door)
    assert codes(found) == {"form_table_unknown": None}


def test_empty_register_resolves(blank: Path, door: Door) -> None:
    filled(blank, lambda book: book[CAREER_SHEET].__setitem__("D8", 1))
    frame = FORM.read(open_workbook(blank), door).tables["career"]
    assert [remark.code for remark in resolve([("career", frame)], empty("organisations")).remarks] == ["no_register"]
