"""References become `org_id` by the register at the school year, or provisionally by the code."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline import tables
from pipeline.ingest.organisations import adopt, canonical_code, provisional_id, resolve
from pipeline.tables import conform


def reference(code: str | None, name: str = "Школа", year: int = 2026, kind: str = "fisoko", **more: object) -> dict:
    row = {
        "procedure": "vpr",
        "school_year": year,
        "wave": "main",
        "subject": "russian",
        "grade": 4,
        "level": "organisation",
        "group": None,
        "group_label": name,
        "org_alias_kind": kind,
        "org_alias_code": code,
        "org_name": name,
        "municipality": "Лесной",
        "region": None,
        "measure": "mean_score",
        "category": "all",
        "value": 10.0,
        "state": "observed",
        "unit": "points",
        "source_file": "a.csv",
        "source_sheet": "",
        "source_row": 2,
    }
    return row | more


def group_results(*rows: dict) -> tuple[str, pd.DataFrame]:
    return "group_results", pd.DataFrame(list(rows))


def register(*rows: dict) -> pd.DataFrame:
    common = {"provisional": False, "source_file": "реестр.xlsx", "source_sheet": "Реестр", "source_row": 2}
    return conform("organisations", pd.DataFrame([common | row for row in rows]))


def alias(org_id: str, code: str, kind: str = "fisoko", **more: object) -> dict:
    return {"org_id": org_id, "name": f"МБОУ {org_id}", "alias_kind": kind, "alias_code": code} | more


NONE = tables.empty("organisations")


def test_without_a_register_schools_are_provisional_with_one_warning() -> None:
    done = resolve([group_results(reference("edu203389"), reference("edu203390", source_row=3))], NONE)

    (name, frame), *_ = done.frames
    ready = conform(name, frame)
    assert ready["org_id"].tolist() == ["p-edu203389", "p-edu203390"]
    assert ready["group"].tolist() == ready["org_id"].tolist()
    assert [(remark.code, remark.severity) for remark in done.remarks] == [("no_register", "warning")]
    assert done.organisations["provisional"].all()
    assert done.organisations["municipality"].tolist() == ["Лесной", "Лесной"]


def test_register_gives_the_id_and_older_logins_mean_the_same_school() -> None:
    rows = [reference("sch203389"), reference("9306", kind="rcoi", source_row=3)]
    known = register(alias("school-5", "edu203389"), alias("school-5", "9306", "rcoi"))

    done = resolve([group_results(*rows)], known)

    assert done.frames[0][1]["org_id"].tolist() == ["school-5", "school-5"]
    assert done.remarks == ()
    pd.testing.assert_frame_equal(done.organisations, known)


def test_an_unknown_school_goes_on_with_a_warning_that_names_it() -> None:
    known = register(alias("school-5", "edu203389"))

    done = resolve([group_results(reference("edu203389"), reference("edu7", "МБОУ № 7", source_row=9))], known)

    assert done.frames[0][1]["org_id"].tolist() == ["school-5", "p-edu7"]
    (remark,) = done.remarks
    assert (remark.code, remark.severity, remark.place.cell) == ("org_not_in_register", "warning", "A9")
    assert "МБОУ № 7" in remark.message
    assert "edu7" in remark.message


def test_many_unknown_schools_are_counted_not_listed() -> None:
    rows = [reference(f"edu{number:06}", source_row=number) for number in range(2, 52)]

    done = resolve([group_results(*rows)], register(alias("school-5", "edu999999")))

    assert [remark.code for remark in done.remarks] == ["org_not_in_register"] * 21
    assert "(30)" in done.remarks[-1].message


@pytest.mark.parametrize(
    ("year", "expected"),
    [(2024, "old"), (2025, "old"), (2026, "new"), (2027, "new")],
)
def test_a_code_passed_on_is_read_at_its_school_year(year: int, expected: str) -> None:
    known = register(
        alias("old", "edu203389", valid_to="2025-08-31"), alias("new", "edu203389", valid_from="2025-09-01")
    )

    done = resolve([group_results(reference("edu203389", year=year))], known)

    assert done.frames[0][1]["org_id"].tolist() == [expected]
    assert done.remarks == ()


def test_a_code_of_two_schools_at_once_is_critical() -> None:
    known = register(alias("first", "edu203389"), alias("second", "edu203389"))

    done = resolve([group_results(reference("edu203389"))], known)

    assert [(remark.code, remark.severity) for remark in done.remarks] == [("org_ambiguous", "critical")]
    assert "first, second" in done.remarks[0].message


def test_a_code_outside_its_dates_is_provisional() -> None:
    known = register(alias("old", "edu203389", valid_to="2024-08-31"))

    done = resolve([group_results(reference("edu203389"))], known)

    assert done.frames[0][1]["org_id"].tolist() == ["p-edu203389"]
    assert "по реестру не действует" in done.remarks[0].message


def test_the_latest_name_of_a_code_is_kept_and_changes_are_counted() -> None:
    rows = [
        reference("edu203389", "Новое имя", 2026, source_row=5),
        reference("edu203389", "Старое имя", 2024, municipality="Сосновый"),
        reference("edu203390", "Одно имя"),
    ]

    done = resolve([group_results(*rows)], NONE)

    first = done.organisations.set_index("org_id").loc["p-edu203389"]
    assert (first["name"], first["municipality"], first["source_row"]) == ("Новое имя", "Лесной", 5)
    counted = {remark.code: remark.message for remark in done.remarks if remark.severity == "info"}
    assert set(counted) == {"org_renamed", "org_moved"}
    assert ": 1;" in counted["org_renamed"]


def test_groups_above_an_organisation_stay_as_they_are() -> None:
    country = reference(None, "Вся выборка", level="country", group="RU", org_alias_kind=None, org_name=None)

    done = resolve([group_results(country, reference("edu203389", source_row=3))], NONE)

    frame = conform(*done.frames[0])
    assert frame["group"].tolist() == ["RU", "p-edu203389"]
    assert frame["org_id"].isna().tolist() == [True, False]


def test_an_organisation_without_a_code_goes_by_its_name() -> None:
    rows = [reference(None, "Школа А", kind="fisoko"), reference(None, "Школа Б", source_row=3)]

    done = resolve([group_results(*rows)], NONE)

    ids = done.frames[0][1]["org_id"].tolist()
    assert len(set(ids)) == 2
    assert all(org_id.isascii() and org_id.startswith("p-name-") for org_id in ids)
    assert done.organisations["alias_kind"].tolist() == ["name", "name"]


def test_settlement_reaches_the_organisations_and_leaves_the_frame() -> None:
    done = resolve([group_results(reference("105", kind="bg", org_settlement="Банско"))], NONE)

    assert done.organisations["settlement"].tolist() == ["Банско"]
    assert "org_settlement" not in done.frames[0][1].columns


def test_tables_read_without_the_register_adopt_its_ids() -> None:
    country = reference(None, "РФ", level="country", group="RU", org_alias_kind=None, org_name=None, year=2024)
    shared = resolve(
        [group_results(country, *(reference("edu203389", year=year, source_row=year) for year in (2024, 2026)))], NONE
    )
    known = register(alias("school-5", "sch203389", valid_from="2025-09-01"))

    frame = conform("group_results", adopt(*shared.frames[0], known))

    assert frame["group"].tolist() == ["RU", "p-edu203389", "school-5"]
    assert frame["org_id"].fillna("").tolist() == ["", "p-edu203389", "school-5"]
    assert len(adopt("organisations", shared.organisations, known)) == 1, "2024 still needs the provisional one"
    assert adopt("organisations", shared.organisations, register(alias("school-5", "edu203389"))).empty
    assert len(adopt("organisations", shared.organisations, NONE)) == 1


def test_no_frames_leave_the_register() -> None:
    known = register(alias("school-5", "edu203389"))

    assert resolve([], known).remarks == ()
    assert len(resolve([], known).organisations) == 1
    assert len(resolve([], NONE).organisations) == 0


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        ("fisoko", "edu203389", "p-edu203389"),
        ("bg", "105201", "p-bg-105201"),
        ("rcoi", "20-9306", "p-rcoi-20-9306"),
    ],
)
def test_provisional_ids(kind: str, code: str, expected: str) -> None:
    assert provisional_id(kind, code) == expected


def test_provisional_ids_of_odd_codes_differ() -> None:
    ids = {provisional_id("rcoi", code) for code in ("20-9306", "20 9306", "20/9306", "школа 1", "школа 2")}

    assert len(ids) == 5


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [("fisoko", " SCH203389 ", "edu203389"), ("fisoko", "school1", "school1"), ("rcoi", "sch203389", "sch203389")],
)
def test_one_spelling_of_codes(kind: str, code: str, expected: str) -> None:
    assert canonical_code(kind, code) == expected
