"""Declared layouts: what a YAML file may say and what the reader does with it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from pipeline.errors import InputError, WorkspaceError
from pipeline.ingest.layouts.declared import DeclaredLayout, declared_layouts, year_in_name
from pipeline.ingest.layouts.declared_match import heading
from pipeline.ingest.layouts.declared_model import Declaration, declarations_of
from pipeline.ingest.reading import Door, Reading
from pipeline.ingest.workbook import Cell, Workbook, sheet
from pipeline.paths import Paths
from pipeline.settings import load_subjects
from pipeline.tables import GROUP_RESULTS, ORG_REFERENCE, conform

SHIPPED = Paths(Path(), "demo", 2026)
HEAD: tuple[Cell, ...] = ("Район", "Код", "Школа", "Сдавали РУС", "Балл РУС", "Сдавали MAT", "Балл MAT")


def declaration(**changes: Any) -> Declaration:
    """A small declaration of two subjects; `measures` are changed key by key."""
    measures: dict[str, Any] = {
        "procedure": "trial",
        "grade": 9,
        "unit": "points",
        "n": r"Сдавали (?P<subject>\S+)",
        "mean": r"Балл (?P<subject>\S+)",
        "subjects": {"РУС": "russian", "МАТ": "mathematics"},
        "scale": {"id": "trial-100", "note": "не напечатано"},
    }
    base: dict[str, Any] = {
        "id": "trial",
        "title": "Пробный экзамен",
        "source": "выдумано",
        "target": "group_results",
        "years": [2024, 2025],
        "school_year": ["content", "folder", "name"],
        "year_pattern": r"за (?P<year>\d{4}) год",
        "columns": {"municipality": "Район", "code": "Код", "name": "Школа"},
        "code_kind": "trial",
        "measures": measures | changes.pop("measures", {}),
    }
    return Declaration.model_validate(base | changes)


def book(*rows: tuple[Cell, ...], name: str = "итоги.csv") -> Workbook:
    return Workbook(name, (sheet("", rows),))


def read(layout: Declaration, source: Workbook, folder: int | None = 2025) -> Reading:
    reader = DeclaredLayout((layout,))
    assert reader.recognises(source)
    return reader.read(source, door(folder))


def door(folder: int | None) -> Door:
    return Door(load_subjects(SHIPPED), None, folder)  # type: ignore[arg-type]


def results(reading: Reading) -> pd.DataFrame:
    return reading.tables["group_results"]


def remarks(reading: Reading) -> dict[str, str]:
    return {remark.code: str(remark.place.cell) for remark in reading.remarks}


def test_rows_become_one_row_per_school_and_subject() -> None:
    reading = read(declaration(), book(HEAD, ("Лесной", "105", "Школа № 5", "20", "61,5", "18", "48.25")))

    frame = results(reading)
    assert reading.rows == 1
    assert (reading.layout, reading.title) == ("trial", "Пробный экзамен")
    assert frame["subject"].tolist() == ["russian", "mathematics"], "Latin MAT is Cyrillic МАТ"
    assert frame["value"].tolist() == [61.5, 48.25]
    assert frame["decimals"].tolist() == [1, 2]
    assert frame["n"].tolist() == [20, 18]
    first = frame.iloc[0]
    assert (first["org_alias_kind"], first["org_alias_code"], first["org_name"]) == ("trial", "105", "Школа № 5")
    assert (first["level"], first["measure"], first["category"]) == ("organisation", "mean_score", "all")
    assert (first["source_file"], first["source_row"], first["municipality"]) == ("итоги.csv", 2, "Лесной")
    assert pd.isna(first["max_score"]), "a maximum that no file states is not invented"


def test_frame_is_the_clean_table_but_for_the_organisation() -> None:
    frame = results(read(declaration(), book(HEAD, ("Лесной", "105", "Школа № 5", 20, 61.5, 18, 48))))

    given = frame.drop(columns=[*ORG_REFERENCE, "org_settlement"]).assign(org_id="school-5", group="school-5")
    assert conform("group_results", given).columns.tolist() == GROUP_RESULTS.names


@pytest.mark.parametrize(
    ("n", "mean", "expected"),
    [
        ("0", "0", ("absent", None, 0)),
        ("0", "0,00", ("absent", None, 0)),
        (None, None, ("blank", None, None)),
        ("3", None, ("blank", None, 3)),
        ("3", "0", ("observed", 0.0, 3)),
        (None, "40", ("observed", 40.0, None)),
        ("0", None, ("absent", None, 0)),
    ],
)
def test_nobody_sat_blank_and_zero_are_different(
    n: Cell, mean: Cell, expected: tuple[str, float | None, int | None]
) -> None:
    frame = results(read(declaration(), book(HEAD, ("Лесной", "105", "Школа № 5", n, mean, "18", "48"))))

    state, value, count = frame.loc[0, ["state", "value", "n"]]
    assert (state, None if pd.isna(value) else value, None if pd.isna(count) else count) == expected


@pytest.mark.parametrize(
    ("n", "mean", "code", "cell"),
    [
        ("20", "много", "not_a_number", "E2"),
        ("двадцать", "40", "not_a_number", "D2"),
        ("20.5", "40", "not_a_number", "D2"),
        ("20", dt.date(2025, 8, 5), "not_a_number", "E2"),
        ("20", "05.08", "looks_like_date", "E2"),
        ("0", "40", "value_without_participants", "E2"),
        ("20", "0", "zero_mean", "E2"),
        ("20", None, "mean_missing", "E2"),
        (None, "40", "count_missing", "D2"),
    ],
)
def test_doubtful_cells_are_named(n: Cell, mean: Cell, code: str, cell: str) -> None:
    reading = read(declaration(), book(HEAD, ("Лесной", "105", "Школа № 5", n, mean, "18", "48")))

    assert remarks(reading) == {code: cell}


def test_a_leading_zero_is_a_number_where_declared() -> None:
    layout = declaration(measures={"leading_zero": "так пишет источник"})

    reading = read(layout, book(HEAD, ("Лесной", "105", "Школа № 5", "20", "05.08", "18", "48")))

    assert results(reading).loc[0, "value"] == 5.08
    assert remarks(reading) == {}


def test_three_heading_rows_are_joined_and_blank_uppers_filled() -> None:
    head = (("Код", "Школа", "АЕ(ПП)", None, None, None), (None, None, "B1", None, "B2"))
    low = (None, None, "Бр.", "Ср.", "Бр.", "Ср.")

    assert heading((*head, low)) == (
        "Код",
        "Школа",
        "АЕ(ПП) / B1 / Бр.",
        "АЕ(ПП) / B1 / Ср.",
        "АЕ(ПП) / B2 / Бр.",
        "АЕ(ПП) / B2 / Ср.",
    )


def test_byte_order_marks_and_quotes_of_headings_are_ignored() -> None:
    head = ('\ufeff"Район"', *HEAD[1:])

    assert read(declaration(), book(head, ("Лесной", "105", "Школа № 5", "20", "61", "18", "48"))).rows == 1


def test_codes_are_repaired_by_declared_rules_and_checked() -> None:
    layout = declaration(
        codes=[
            {"pattern": r"(\d{3}) (\d{3})", "replace": r"\1\2", "reason": "пробел"},
            {"pattern": r"(\d{3})-(\d{1,2})", "replace": r"\1\2", "zeros_to": 6, "reason": "нули потеряны"},
        ],
        code_format=r"\d{6}",
    )
    rows = [("Лесной", code, "Школа", "1", "2", "1", "2") for code in ("105 201", "100-02", "100-2", "10-5", None)]

    reading = read(layout, book(HEAD, *rows))

    codes = results(reading)["org_alias_code"].drop_duplicates().tolist()
    assert codes == ["105201", "100020", "100200", "10-5", ""]
    assert {"bad_code": "B5", "row_without_code": "B6"}.items() <= remarks(reading).items()
    assert {remark.severity for remark in reading.remarks if remark.code == "bad_code"} == {"critical"}
    assert reading.rows == 5


def test_names_get_one_spelling() -> None:
    names = {"municipality": {"drop": "^ГР\\.", "case": "title", "spellings": {"Нова Загора": "Нова загора"}}}
    rows = [(name, "105", "Школа", "1", "2", "1", "2") for name in ("ГР.НОВА ЗАГОРА", "СОФИЯ-ГРАД")]

    frame = results(read(declaration(names=names), book(HEAD, *rows)))

    assert frame["municipality"].tolist() == ["Нова загора"] * 2 + ["София-Град"] * 2


def test_glued_rows_are_split_and_said() -> None:
    layout = declaration(glued_rows={"column": "name", "separator": ";", "reason": "кавычка"})
    glued = ("Лесной", "105", 'Школа "Заря"\\";20;61,5;18;48,5\r\nСосновый"', "106", "Школа № 6", "7", "50", "8", "40")

    reading = read(layout, book(HEAD, glued))

    frame = results(reading)
    assert reading.rows == 2
    assert frame["org_name"].tolist() == ['Школа "Заря"', 'Школа "Заря"', "Школа № 6", "Школа № 6"]
    assert frame["municipality"].tolist() == ["Лесной", "Лесной", "Сосновый", "Сосновый"]
    assert frame["value"].tolist() == [61.5, 48.5, 50.0, 40.0]
    assert remarks(reading) == {"glued_row": "C2"}


def test_unknown_columns_and_cells_outside_are_said() -> None:
    head = (*HEAD, "Телефон")

    reading = read(declaration(), book(head, ("Лесной", "105", "Школа", "1", "2", "1", "2", "нет", "ещё")))

    assert remarks(reading) == {"unknown_column": "H1", "cells_outside_header": "I2"}


def test_ignored_columns_are_silent() -> None:
    layout = declaration(ignore=[{"pattern": "Телефон", "reason": "личное"}])

    reading = read(layout, book((*HEAD, "Телефон"), ("Лесной", "105", "Школа", "1", "2", "1", "2", "нет")))

    assert remarks(reading) == {}


def test_another_subject_makes_another_layout_where_declared() -> None:
    more = book((*HEAD, "Сдавали ХИМ", "Балл ХИМ"), ("Лесной", "105", "Школа", *["1"] * 6))

    assert DeclaredLayout((declaration(),)).recognises(more)
    assert not DeclaredLayout((declaration(measures={"unknown_subjects": "refuse"}),)).recognises(more)


def test_a_missing_subject_or_another_order_is_another_layout() -> None:
    swapped = (HEAD[0], HEAD[2], HEAD[1], *HEAD[3:])

    assert not DeclaredLayout((declaration(),)).recognises(book(HEAD[:5]))
    assert DeclaredLayout((declaration(),)).recognises(book(swapped))
    assert not DeclaredLayout((declaration(header={"ordered": True}),)).recognises(book(swapped))


@pytest.mark.parametrize(
    ("title", "folder", "name", "year", "stated"),
    [
        ("Итоги за 2024 год", 2025, "итоги-2025.csv", 2024, (2024,)),
        ("Итоги", 2025, "итоги.csv", 2025, ()),
        ("Итоги", None, "итоги-2024.csv", 2024, ()),
    ],
)
def test_year_comes_from_content_then_folder_then_name(
    title: str, folder: int | None, name: str, year: int, stated: tuple[int, ...]
) -> None:
    source = book((title,), HEAD, ("Лесной", "105", "Школа", "1", "2", "1", "2"), name=name)

    reading = read(declaration(), source, folder)

    assert set(results(reading)["school_year"]) == {year}
    assert reading.school_years == stated


def test_a_file_name_of_another_year_is_remarked() -> None:
    source = book(HEAD, ("Лесной", "105", "Школа", "1", "2", "1", "2"), name="итоги-2024.csv")

    assert "name_says_another_year" in remarks(read(declaration(), source, 2025))


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("nvo-7-2019.csv", 2019),
        ("multi/2018/итоги 2018-2019.csv", 2019),
        ("2018/итоги.csv", None),
        ("2018 и 2021.csv", None),
        ("приказ 120190.csv", None),
    ],
)
def test_year_in_a_file_name(name: str, year: int | None) -> None:
    assert year_in_name(name) == year


def test_no_year_and_an_undeclared_year_are_errors_with_advice() -> None:
    source = book(HEAD, ("Лесной", "105", "Школа", "1", "2", "1", "2"))
    reader = DeclaredLayout((declaration(),))

    with pytest.raises(InputError, match="не назван учебный год") as nowhere:
        reader.read(source, door(None))
    with pytest.raises(InputError, match="для 2026 года раскладка не объявлена") as undeclared:
        reader.read(source, door(2026))

    assert "в имени файла" in nowhere.value.advice
    assert "config/layouts" in undeclared.value.advice


def test_one_heading_with_another_meaning_in_another_year() -> None:
    older = declaration(id="older", years=[2024], measures={"grade": 8})
    newer = declaration(id="newer", years=[2025], measures={"grade": 9})
    source = book(HEAD, ("Лесной", "105", "Школа", "1", "2", "1", "2"))
    reader = DeclaredLayout((older, newer))

    grades = {year: set(results(reader.read(source, door(year)))["grade"]) for year in (2024, 2025)}

    assert grades == {2024: {8}, 2025: {9}}
    with pytest.raises(InputError, match="подходят несколько раскладок: older, again"):
        DeclaredLayout((older, declaration(id="again", years=[2024]))).read(source, door(2024))


def test_maximum_from_the_heading_the_title_and_a_constant() -> None:
    row = ("Лесной", "105", "Школа", "1", "2", "1", "2")
    head = (*HEAD[:4], "Балл РУС (макс 65)", HEAD[5], "Балл MAT (макс 100)")
    stated = {"mean": r"Балл (?P<subject>\S+) \(макс (?P<max>\d+)\)"}
    scale = {"id": "trial{grade}-{max}", "note": "напечатано"}
    title = (("Максимум",), ("Русский (РУС)", None, "40"), ("Математика (МАТ)", None, 30))

    header = read(declaration(measures=stated | {"scale": scale | {"max_score": {"header": True}}}), book(head, row))
    above = read(
        declaration(measures={"scale": scale | {"max_score": {"title": r"\((?P<subject>\S+)\) (?P<max>\d+)$"}}}),
        book(*title, HEAD, row),
    )
    constant = read(declaration(measures={"scale": scale | {"max_score": {"constant": 6}}}), book(HEAD, row))

    assert results(header)[["max_score", "scale"]].values.tolist() == [[65.0, "trial9-65"], [100.0, "trial9-100"]]
    assert results(above)[["max_score", "scale"]].values.tolist() == [[40.0, "trial9-40"], [30.0, "trial9-30"]]
    assert set(results(constant)["max_score"]) == {6.0}
    with pytest.raises(InputError, match="максимальный балл"):
        read(declaration(measures={"scale": scale | {"max_score": {"header": True}}}), book(HEAD, row))


def test_grade_from_the_title() -> None:
    grade = {"title": r"за (?P<grade>[IVX]+) клас", "values": {"VII": 7, "X": 10}}
    row = ("Лесной", "105", "Школа", "1", "2", "1", "2")
    layout = declaration(measures={"grade": grade})

    assert set(results(read(layout, book(("Итоги за X клас",), HEAD, row)))["grade"]) == {10}
    with pytest.raises(InputError, match="не найден класс"):
        read(layout, book(("Итоги за IV клас",), HEAD, row))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"colunms": {}}, "colunms: неизвестный ключ"),
        ({"years": []}, "нужны years"),
        ({"columns": {"code": "Код", "name": "Школа", "phone": "Тел"}}, "неизвестные столбцы"),
        ({"columns": {"code": "(", "name": "Школа"}}, "не регулярное выражение"),
        ({"optional": ["region"]}, "необъявленные столбцы"),
        ({"measures": {"scale": {"max_score": {"header": True, "constant": 6}}}}, "ровно одно"),
    ],
)
def test_mistakes_in_a_declaration_are_named(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    right = declaration().model_dump(mode="json", exclude_none=True)
    path = tmp_path / "trial.yml"
    path.write_text(yaml.safe_dump({"common": right, "layouts": [{}]}, allow_unicode=True), encoding="utf-8")
    assert declarations_of(path) == [declaration()]

    path.write_text(yaml.safe_dump({"common": right, "layouts": [change]}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(WorkspaceError, match="не приняты") as error:
        declarations_of(path)
    assert said in str(error.value)


def test_shipped_declarations_load_and_name_known_subjects() -> None:
    subjects = load_subjects(SHIPPED).subjects
    layouts = declared_layouts(SHIPPED).declarations

    codes = {code for layout in layouts if layout.measures for code in layout.measures.subjects.values()}
    assert len(layouts) >= 19
    assert codes <= set(subjects)
