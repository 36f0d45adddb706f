"""The collection form: filled, blank, of two parts, of other years; what it does not say comes from the file name."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline.ingest.layouts.collection_form import CollectionForm, FormRow
from pipeline.ingest.layouts.participants import Task
from pipeline.ingest.layouts.writing import save_xlsx
from pipeline.ingest.reading import Reading

Read = Callable[[Path], Reading]
NAME = "edu203389 Английский язык 8 класс ВПР 2026.xlsx"
PART = (Task("1", 5), Task("4К1", 3), Task("4К2", 2))
ROWS = (
    FormRow(80001, (1,), (5, 3, 2), 1, 5),
    FormRow(80002, (2,), (0, "X", None), 2, "нет отметки"),
    FormRow(80003, ("отсутствовал",), (None, None, None), 1, 4),
)


def codes(reading: Reading) -> dict[str, str]:
    return {remark.code: remark.severity for remark in reading.remarks}


def test_form_comes_back(tmp_path: Path, read: Read) -> None:
    CollectionForm().write(tmp_path / NAME, [PART], ROWS)
    reading = read(tmp_path / NAME)
    results, scores = reading.tables["results"], reading.tables["task_scores"]
    assert (reading.layout, reading.school_years, reading.rows, reading.remarks) == ("fisoko_form", (2026,), 3, ())
    assert set(zip(results["subject"], results["grade"], results["max_score"], strict=True)) == {("english", 8, 10.0)}
    assert results["org_alias_code"].tolist() == ["edu203389"] * 3
    assert results["state"].tolist() == ["observed", "observed", "absent"]
    assert results["primary_score"].fillna(-1).tolist() == [10, 0, -1]
    assert results["journal_mark"].fillna(-1).tolist() == [5, -1, 4]
    assert results["mark_state"].tolist() == ["blank", "blank", "absent"]
    assert results["variant"].fillna("").tolist() == ["1", "2", ""]
    assert results["class_label"].tolist() == ["1", "2", "1"]
    assert scores["state"].tolist() == ["observed"] * 4 + ["not_attempted", "blank"] + ["absent"] * 3
    assert scores["score"].fillna(-1).tolist() == [5, 3, 2, 0, 0, -1, -1, -1, -1]
    assert results["participant"].nunique() == 3


def test_blank_form_gives_no_rows(tmp_path: Path, read: Read) -> None:
    titles = ["Код участника", "Вариант", "1 (5б)", "Порядковый номер класса", "Итого баллов", None, "1 (9б)"]
    save_xlsx(tmp_path / NAME, [("Протокол", [titles, *[[None] * 4 + [0, None, "X"]] * 1498]), ("Служебный", [[1, 5]])])
    reading = read(tmp_path / NAME)
    assert reading.rows == 0
    assert dict(reading.tables) == {}
    assert codes(reading) == {"empty_form": "info"}


def test_two_parts(tmp_path: Path, read: Read) -> None:
    rows = (
        FormRow(40001, (1, 2), (5, 3, 2), 1, 4),
        FormRow(40002, (1, "отсутсвовал"), (4, None, None), 1, 4),
        FormRow(40003, ("Отсутствовал", "отсутствовал"), (None, None, None), 1, 4),
    )
    CollectionForm().write(tmp_path / NAME, [PART[:1], PART[1:]], rows)
    reading = read(tmp_path / NAME)
    results, scores = reading.tables["results"], reading.tables["task_scores"]
    assert results["variant"].fillna("").tolist() == ["1/2", "1", ""]
    assert results["state"].tolist() == ["observed", "observed", "absent"]
    assert results["primary_score"].fillna(-1).tolist() == [10, 4, -1]
    assert scores["state"].tolist()[3:] == ["observed", "absent", "absent"] + ["absent"] * 3
    assert [(remark.code, remark.place.cell) for remark in reading.remarks] == [("absent_in_part", "D3")]


@pytest.mark.parametrize(
    "titles",
    [
        ["Код", "Вариант", "1 (5б)", "Наименование класса", "Отметка за предыдущий год", "Пол", "Итого баллов"],
        ["Код участника", "Вариант", "1(5б)", 'Класс № (список формируется из листа "Классы")', None, "Учебник", None],
        ["Код участника", "Вариант", "1  (5 баллов)", "Порядковый номер класса", "Отметка за предыдущий  триместр"],
    ],
)
def test_headers_of_other_years(tmp_path: Path, read: Read, titles: list[str | None]) -> None:
    save_xlsx(tmp_path / NAME, [("Протокол", [titles, [80001, 1, 4, 2, 3, "м", 4], [None, None, 3]])])
    reading = read(tmp_path / NAME)
    row = reading.tables["results"].iloc[0]
    assert (row["primary_score"], row["class_label"]) == (4, "2")
    assert codes(reading) == {"row_without_code": "warning"}
    assert reading.remarks[0].place.cell == "A3"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("edu203389 Русский язык 4 класс ВПР 2026.xlsx", ("russian", 4, 2026)),
        ("sch203389_РУ4_2025.xlsx", ("russian", 4, 2025)),
        ("2024 МА 5 edu203389 (копия).xlsx", ("mathematics", 5, 2024)),
        ("Форма сбора edu203389 Окружающий мир 4 класс 2023 СОШ.xlsx", ("nature", 4, 2023)),
    ],
)
def test_work_from_the_file_name(tmp_path: Path, read: Read, name: str, expected: tuple[str, int, int]) -> None:
    CollectionForm().write(tmp_path / name, [PART], ROWS[:1])
    frame = read(tmp_path / name).tables["results"]
    assert (frame["subject"][0], frame["grade"][0], frame["school_year"][0]) == expected
    assert frame["org_alias_code"][0] == "edu203389"


def test_unnamed_forms_are_not_used(tmp_path: Path, read: Read) -> None:
    for name, code in {
        "Русский язык 4 класс ВПР 2026.xlsx": "organisation_unknown",
        "edu203389 Иванов 4 класс 2026.xlsx": "form_unnamed",
        "edu203389 Русский язык 4 класс.xlsx": "form_unnamed",
    }.items():
        CollectionForm().write(tmp_path / name, [PART], ROWS)
        reading = read(tmp_path / name)
        assert codes(reading) == {code: "warning"}
        assert reading.rows == 3
        assert sum(map(len, reading.tables.values())) == 0


def test_merged_regional_book_names_the_school_in_each_row(tmp_path: Path, read: Read) -> None:
    titles = ["Пользователь", "Код участника", "Вариант", "1 (5б)", "Итого баллов"]
    lines = [titles, ["sch203389", 80001, 1, 4, 4], ["edu203390", 80001, 1, 5, 6], [None, 80002, 1, 5, 5]]
    save_xlsx(tmp_path / "АЯ8 2022.xlsx", [("Лист1", lines)])
    reading = read(tmp_path / "АЯ8 2022.xlsx")
    frame = reading.tables["results"]
    assert frame["org_alias_code"].tolist() == ["edu203389", "edu203390"]
    assert frame["participant"].nunique() == 2
    assert codes(reading) == {"organisation_unknown": "warning", "primary_sum_differs": "warning"}


def test_a_pupil_has_one_pseudonym_in_form_and_report(tmp_path: Path, read: Read) -> None:
    """The form and «Индивидуальные результаты» of one work speak of the same pupil."""
    CollectionForm().write(tmp_path / NAME, [PART], ROWS[:1])
    frame = [None, None, "ВПР 2026 Английский язык 8 класс"], ["Дата:", "20.04.2026"]
    titles = ["ОО", "Код участника", "1 (5б)", "Первичный балл"]
    save_xlsx(tmp_path / "b.xlsx", [("x", [[frame[0][2]], frame[1], titles, ["sch203389", "80001", 5, 5]])])
    same = [read(tmp_path / name).tables["results"]["participant"][0] for name in (NAME, "b.xlsx")]
    assert same[0] == same[1]


@pytest.mark.real
def test_real_blank_form(real: Path, read: Read) -> None:
    reading = read(real / "vpr-fioko-layouts" / "result_collection_form_EN8_2026_blank.xlsx")
    assert (reading.layout, reading.rows) == ("fisoko_form", 0)
    assert codes(reading) == {"empty_form": "info"}


@pytest.mark.real
def test_real_form_filled_in(real: Path, read: Read, tmp_path: Path) -> None:
    """The real blank with two pupils typed in; its formulas are gone, so «Итого баллов» is typed too."""
    book = openpyxl.load_workbook(real / "vpr-fioko-layouts" / "result_collection_form_EN8_2026_blank.xlsx")
    page = book["Протокол"]
    for row, cells in {2: [80001, 1, 5, 4, 3, 3, 2, 1, "X", 1, 4, 18], 3: [80002, "отсутствовал"]}.items():
        for column, cell in enumerate(cells, start=1):
            page.cell(row, column, cell)
    book.save(tmp_path / "edu000001_EN8_2026.xlsx")
    reading = read(tmp_path / "edu000001_EN8_2026.xlsx")
    results = reading.tables["results"]
    assert results["primary_score"].fillna(-1).tolist() == [18, -1]
    assert results["max_score"].tolist() == [25, 25]
    assert pd.isna(results["mark"]).all()
    assert reading.remarks == ()
