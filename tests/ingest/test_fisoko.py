"""ФИС ОКО reports: what is written is read back, faults are remarked with their cell, real files give real figures."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import tables
from pipeline.errors import InputError
from pipeline.ingest.layouts.fisoko_frame import Heading, find_login, groups, named_exam
from pipeline.ingest.layouts.fisoko_individual import IndividualResults, PupilCells, School
from pipeline.ingest.layouts.fisoko_journal import JournalComparison, JournalRow
from pipeline.ingest.layouts.fisoko_marks import MarkRow, MarkStatistics
from pipeline.ingest.layouts.participants import Task, tasks
from pipeline.ingest.reading import Reading

Read = Callable[[Path], Reading]
HEADING = Heading(2026, "Русский язык", 4, 24, dt.date(2026, 4, 20), "РУ")
MUNICIPALITY = "Энский муниципальный район(reg99_m001)"
SCHOOL = "МБОУ «СОШ № 1»(edu990001)"


def codes(reading: Reading) -> dict[str, str]:
    return {remark.code: remark.severity for remark in reading.remarks}


def conformed(reading: Reading, name: str) -> pd.DataFrame:
    """The frame as the pipeline will keep it, once organisations are known."""
    frame = reading.tables[name]
    org_id = frame["org_alias_code"]
    ready = frame.drop(columns=list(tables.ORG_REFERENCE)).assign(org_id=org_id)
    if name == "group_results":
        ready["group"] = ready["group"].fillna(org_id)
    return tables.conform(name, ready)


def edit(path: Path, **cells: object) -> Path:
    book = openpyxl.load_workbook(path)
    for where, cell in cells.items():
        book.active[where] = cell
    book.save(path)
    return path


# --- the frame ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("ВПР 2026 Русский язык 4 класс", (2026, 4, "Русский язык")),
        ("ВПР 2021. 4 класс. Математика", (2021, 4, "Математика")),
        ("ВПР 2025 Английский язык 10-й класс", (2025, 10, "Английский язык")),
        ("ВПР Окружающий мир", (None, None, "Окружающий мир")),
    ],
)
def test_title_of_a_work(title: str, expected: tuple[int | None, int | None, str]) -> None:
    assert named_exam(title) == expected


def test_login_in_its_present_form() -> None:
    assert find_login("МБОУ (sch203389)") == find_login("EDU203389") == "edu203389"
    assert find_login("edu2033891") is None
    assert find_login("СОШ № 1") is None


def test_groups_know_what_stands_above_them() -> None:
    labels = ["Вся выборка", "Край А", "Район Б(reg01_m01)", "Школа (филиал)(sch010001)", "Школа 2(edu010002)"]
    labels += ["Район В(reg01_m02)", "Школа 3(edu010003)", "Край Г", "Район Д(reg02_m01)"]
    found = [(group.level, group.group, group.label, group.municipality, group.region) for group in groups(labels)]
    assert found == [
        ("country", "RU", "Вся выборка", None, None),
        ("region", "Край А", "Край А", None, "Край А"),
        ("municipality", "reg01_m01", "Район Б", "Район Б", "Край А"),
        ("organisation", None, "Школа (филиал)", "Район Б", "Край А"),
        ("organisation", None, "Школа 2", "Район Б", "Край А"),
        ("municipality", "reg01_m02", "Район В", "Район В", "Край А"),
        ("organisation", None, "Школа 3", "Район В", "Край А"),
        ("region", "Край Г", "Край Г", None, "Край Г"),
        ("municipality", "reg02_m01", "Район Д", "Район Д", "Край Г"),
    ]
    assert [group.login for group in groups(labels)][3:5] == ["edu010001", "edu010002"]


def test_autumn_work_belongs_to_the_later_year(tmp_path: Path, read: Read) -> None:
    heading = Heading(2020, "Математика", 5, 20, dt.date(2020, 9, 21))
    MarkStatistics().write(tmp_path / "a.xlsx", heading, [MarkRow("Вся выборка", 1, 10, (10.0, 20.0, 30.0, 40.0))])
    reading = read(tmp_path / "a.xlsx")
    frame = reading.tables["group_results"]
    assert set(frame["school_year"]) == {2021}
    assert set(frame["wave"]) == {"autumn"}
    assert codes(reading) == {"autumn_wave": "info"}


def test_unknown_subject_is_kept_and_remarked(tmp_path: Path, read: Read) -> None:
    heading = Heading(2026, "Черчение", 10, 20, dt.date(2026, 4, 20))
    MarkStatistics().write(tmp_path / "a.xlsx", heading, [MarkRow("Вся выборка", 1, 10, (10.0, 20.0, 30.0, 40.0))])
    reading = read(tmp_path / "a.xlsx")
    assert set(reading.tables["group_results"]["subject"]) == {"unknown:Черчение"}
    assert codes(reading) == {"unknown_subject": "warning"}


@pytest.mark.parametrize("spoil", [{"A3": None}, {"A3": "ВПР Русский язык"}])
def test_report_without_its_title_says_where(tmp_path: Path, read: Read, spoil: dict[str, object]) -> None:
    MarkStatistics().write(tmp_path / "a.xlsx", HEADING, [MarkRow("Вся выборка", 1, 10, (10.0, 20.0, 30.0, 40.0))])
    with pytest.raises(InputError) as caught:
        read(edit(tmp_path / "a.xlsx", **spoil))
    assert caught.value.place.file == "a.xlsx"
    assert caught.value.place.cell in {"A3", "A8"}


# --- statistics of marks -----------------------------------------------------------------------------------------

MARK_ROWS = [
    MarkRow("Вся выборка", 35589, 1722202, (5.06, 32.92, 44.33, 17.69)),
    MarkRow("Энская область", 560, 30216, (13.44, 44.15, 36.28, 6.14)),
    MarkRow(MUNICIPALITY, 47, 3162, (13.57, 46.9, 33.65, 5.88)),
    MarkRow(SCHOOL, None, 89, (12.36, 52.81, 26.97, 7.87)),
]


def test_marks_come_back(tmp_path: Path, read: Read) -> None:
    MarkStatistics().write(tmp_path / "2849657.xlsx", HEADING, MARK_ROWS)
    reading = read(tmp_path / "2849657.xlsx")
    frame = conformed(reading, "group_results")
    assert (reading.layout, reading.school_years, reading.rows, reading.remarks) == ("fisoko_marks", (2026,), 4, ())
    wide = frame.pivot(index="source_row", columns="category", values="value")
    assert [tuple(row) for row in wide.to_numpy()] == [
        (0.0506, 0.3292, 0.4433, 0.1769),
        (0.1344, 0.4415, 0.3628, 0.0614),
        (0.1357, 0.469, 0.3365, 0.0588),
        (0.1236, 0.5281, 0.2697, 0.0787),
    ]
    assert list(wide.index) == [9, 10, 11, 12]
    last = frame.iloc[-1]
    assert (last["org_id"], last["group_label"], last["n"]) == ("edu990001", "МБОУ «СОШ № 1»", 89)
    assert (last["municipality"], last["region"]) == ("Энский муниципальный район", "Энская область")
    assert pd.isna(last["n_orgs"])
    shared = {"procedure": "vpr", "wave": "main", "subject": "russian", "grade": 4, "measure": "mark_share"}
    shared |= {"unit": "share", "decimals": 2, "max_score": 24.0, "scale": "vpr-marks-2-5", "exam_date": "2026-04-20"}
    assert {name: set(frame[name]) for name in shared} == {name: {value} for name, value in shared.items()}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[st.integers(0, 10_000)] * 4), min_size=1, max_size=6))
def test_any_percents_come_back(tmp_path: Path, read: Read, cents: list[tuple[int, ...]]) -> None:
    rows = [MarkRow(f"Школа {k}(edu{k:06})", None, 50, tuple(c / 100 for c in row)) for k, row in enumerate(cents)]
    MarkStatistics().write(tmp_path / "a.xlsx", HEADING, rows)
    got = read(tmp_path / "a.xlsx").tables["group_results"]["value"].tolist()
    assert got == [c / 10_000 for row in cents for c in row]


def test_states_and_sums_of_marks(tmp_path: Path, read: Read) -> None:
    rows = [
        MarkRow("Школа 1(edu000001)", None, 10, (10.0, 20.0, 30.0, 40.1)),  # 100.1 passes
        MarkRow("Школа 2(edu000002)", None, 10, (10.0, 20.0, 30.0, 40.2)),  # 100.2 does not
        MarkRow("Школа 3(edu000003)", None, 0, (0, 0, 0, 0)),
        MarkRow("Школа 4(edu000004)", None, 3, ("*", "-", None, "много")),
    ]
    MarkStatistics().write(tmp_path / "a.xlsx", HEADING, rows)
    reading = read(tmp_path / "a.xlsx")
    frame = reading.tables["group_results"]
    assert codes(reading) == {"percent_sum": "warning", "unreadable_value": "warning"}
    assert [remark.place.cell for remark in reading.remarks] == ["D10", "G12"]
    assert frame["state"].tolist()[12:] == ["suppressed", "blank", "blank", "blank"]
    assert frame["value"].tolist()[8:12] == [0, 0, 0, 0]
    assert frame["value"].isna().tolist()[12:] == [True] * 4


def test_distribution_of_points_is_not_taken_for_marks(tmp_path: Path, read: Read) -> None:
    MarkStatistics().write(tmp_path / "a.xlsx", HEADING, MARK_ROWS)
    edit(tmp_path / "a.xlsx", H8=6, I8=7)
    with pytest.raises(AssertionError, match=r"\[\]"):
        read(tmp_path / "a.xlsx")


def test_several_sheets_are_read_and_an_alien_one_is_named(tmp_path: Path, read: Read) -> None:
    MarkStatistics().write(tmp_path / "a.xlsx", HEADING, MARK_ROWS)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book.active.title = "РУ"
    second = book.copy_worksheet(book.active)
    second["A3"], second["B4"] = "ВПР 2025 Математика 4 класс", "Математика"
    book.create_sheet("Заметки")["A1"] = "позвонить"
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx")
    assert reading.school_years == (2025, 2026)
    assert reading.rows == 8
    assert [(remark.code, remark.place.sheet) for remark in reading.remarks] == [("sheet_not_read", "Заметки")]


# --- comparison with the journal ---------------------------------------------------------------------------------

JOURNAL_ROWS = [
    JournalRow("Энская область", 29589, (11011, 17951, 624)),
    JournalRow(MUNICIPALITY, 2817, (1151, 1596, 70)),
    JournalRow(SCHOOL, 93, (52, 37, 4)),
]


@pytest.mark.parametrize("long", [False, True], ids=["wide", "long"])
def test_journal_comes_back(tmp_path: Path, read: Read, long: bool) -> None:
    JournalComparison().write(tmp_path / "a.xlsx", HEADING, JOURNAL_ROWS, long=long)
    reading = read(tmp_path / "a.xlsx")
    frame = conformed(reading, "group_results")
    assert reading.rows == 3
    assert frame["category"].tolist() == ["lowered", "confirmed", "raised"] * 3
    assert frame["count"].tolist() == [11011, 17951, 624, 1151, 1596, 70, 52, 37, 4]
    assert frame["n"].tolist() == [29589] * 3 + [2817] * 3 + [93] * 3
    # as the real report prints them: 37.22, 60.67, 2.11; 40.86, 56.66, 2.48; 55.91, 39.78, 4.30
    assert frame["value"].tolist() == [0.3722, 0.6067, 0.0211, 0.4086, 0.5666, 0.0248, 0.5591, 0.3978, 0.043]
    assert codes(reading) == {"no_journal_mark": "info"}
    assert "— 3." in reading.remarks[0].message


def test_journal_faults(tmp_path: Path, read: Read) -> None:
    JournalComparison().write(tmp_path / "a.xlsx", HEADING, JOURNAL_ROWS[1:])
    edit(tmp_path / "a.xlsx", C9=41.86, B10=92)
    reading = read(tmp_path / "a.xlsx")
    assert codes(reading) == {"percent_count_mismatch": "warning", "counts_exceed_total": "warning"}
    assert [remark.place.cell for remark in reading.remarks] == ["B9", "B10"]


# --- individual results ------------------------------------------------------------------------------------------

TASKS = (Task("1", 2, "basic"), Task("4К1", 3, "advanced"), Task("12.2", 1, "basic"))
SCHOOLS = (
    School(
        "edu990001",
        "Энский район",
        "МБОУ «СОШ № 1»",
        (
            PupilCells(40001, 1, 1, (2, 3, 1), 5, 5),
            PupilCells(40002, 1, 2, (0, "X", None), 2, "нет отметки"),
        ),
    ),
    School("sch990002", "Энский район", "МБОУ «СОШ № 2»", (PupilCells(40001, 2, 1, (1, 1, 0), 3, 4),), declared=3),
)


def test_individual_results_come_back(tmp_path: Path, read: Read) -> None:
    heading = Heading(2026, "Русский язык", 4, 6, dt.date(2026, 4, 20))
    IndividualResults().write(tmp_path / "a.xlsx", heading, TASKS, SCHOOLS)
    reading = read(tmp_path / "a.xlsx")
    results, scores = conformed(reading, "results"), conformed(reading, "task_scores")
    assert reading.rows == 3
    assert results["org_id"].tolist() == ["edu990001", "edu990001", "edu990002"]
    assert reading.tables["results"]["org_name"].tolist() == ["МБОУ «СОШ № 1»"] * 2 + ["МБОУ «СОШ № 2»"]
    assert results["primary_score"].tolist() == [6, 0, 2]
    assert results["mark"].tolist() == [5, 2, 3]
    assert results["journal_mark"].fillna(0).tolist() == [5, 0, 4]
    assert results["journal_mark_state"].tolist() == ["observed", "blank", "observed"]
    assert results["class_label"].tolist() == ["1", "1", "2"]
    assert results["variant"].tolist() == ["1", "2", "1"]
    assert results["source_row"].tolist() == [10, 11, 13]
    assert scores["task"].tolist() == ["1", "4К1", "12.2"] * 3
    assert scores["task_level"].tolist() == ["basic", "advanced", "basic"] * 3
    assert scores["state"].tolist()[3:6] == ["observed", "not_attempted", "blank"]
    assert scores["score"].tolist()[3:5] == [0, 0]
    assert pd.isna(scores["score"][5])
    # the code 40001 is met in two schools: two pupils
    assert results["participant"].nunique() == 3
    assert [(r.code, r.place.cell) for r in reading.remarks] == [("declared_count_differs", "A12")]
    assert "указано 3, строк 1" in reading.remarks[0].message


def test_individual_faults_are_named_by_cell(tmp_path: Path, read: Read) -> None:
    heading = Heading(2026, "Русский язык", 4, 24, dt.date(2026, 4, 20))
    IndividualResults().write(tmp_path / "a.xlsx", heading, TASKS, SCHOOLS[:1])
    edit(tmp_path / "a.xlsx", G10=5, D11=40001, K11=7, A12="edu990001", J12=3)
    found = {remark.code: remark.place.cell for remark in read(tmp_path / "a.xlsx").remarks}
    assert found == {
        "max_score_differs": None,
        "score_above_max": "G10",
        "primary_sum_differs": "J10",
        "unreadable_value": "K11",
        "duplicate_codes": "D11",
        "row_without_code": "D12",
    }


def test_headers_of_tasks() -> None:
    cells = ["Вариант", "1 (2б)", "9,1 (1б)", "4К1 (3б)", "4K2(2 балла)", "13(1) (1б)", "Первичный балл", 5, None]
    assert [(task.code, task.max_score, task.column) for task in tasks(cells)] == [
        ("1", 2, 1),
        ("9.1", 1, 2),
        ("4К1", 3, 3),
        ("4К2", 2, 4),
        ("13(1)", 1, 5),
    ]


def test_same_data_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        MarkStatistics().write(tmp_path / name, HEADING, MARK_ROWS)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


# --- real files --------------------------------------------------------------------------------------------------


@pytest.mark.real
def test_real_marks(real: Path, read: Read) -> None:
    reading = read(real / "vpr-fioko-layouts" / "F3_mark_statistics_RU4_2026.xlsx")
    frame = conformed(reading, "group_results")
    twos = frame[frame["category"] == "2"].set_index("level")["value"]
    assert twos.to_dict() == {"country": 0.0506, "region": 0.1344, "municipality": 0.1357, "organisation": 0.1236}
    assert frame.set_index("level")["n_orgs"].dropna().groupby(level=0).first().to_dict() == {
        "country": 35589,
        "region": 560,
        "municipality": 47,
    }
    assert reading.remarks == ()
    assert set(frame["group"]) == {"RU", "Чеченская Республика", "reg20_m012", "edu203389"}


@pytest.mark.real
def test_real_journal(real: Path, read: Read) -> None:
    reading = read(real / "vpr-fioko-layouts" / "mark_vs_journal_MA4_2024.xlsx")
    frame = conformed(reading, "group_results")
    town = frame[frame["level"] == "municipality"]
    assert town["value"].tolist() == [0.4086, 0.5666, 0.0248]
    assert town["count"].tolist() == [1151, 1596, 70]
    assert set(frame["subject"]) == {"mathematics"}
    assert codes(reading) == {"no_journal_mark": "info"}


@pytest.mark.real
def test_real_individual_results(real: Path, read: Read) -> None:
    reading = read(real / "vpr-fioko-layouts" / "F1_individual_RU4_2026.xlsx")
    results, scores = conformed(reading, "results"), conformed(reading, "task_scores")
    assert (reading.rows, len(results), len(scores)) == (50, 50, 50 * 15)
    assert codes(reading) == {"declared_count_differs": "warning"}
    assert "указано 89, строк 50" in reading.remarks[0].message
    assert not results.duplicated(list(tables.RESULTS.key)).any()
    assert scores.groupby("task", sort=False)["task_level"].first().value_counts().to_dict() == {
        "basic": 11,
        "advanced": 4,
    }
    first = scores.groupby("participant", sort=False)["score"].sum().iloc[0]
    assert first == results["primary_score"].iloc[0] == 15
