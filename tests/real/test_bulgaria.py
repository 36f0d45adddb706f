"""The 21 Bulgarian files against a recount that knows nothing of ours: the csv module and columns found by eye."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from pipeline import tables
from pipeline.ingest.layouts.declared import DeclaredLayout, declared_layouts
from pipeline.ingest.merge import merge
from pipeline.ingest.organisations import Resolved, resolve
from pipeline.ingest.reading import Door, Reading
from pipeline.ingest.workbook import open_workbook
from pipeline.paths import Paths
from pipeline.settings import Subjects
from tests.real.recount import FILES, NEW_2023, grade_of, number, recount, weighted, year_of

pytestmark = pytest.mark.real

SCALES = {
    "dzi-2018": {"dzi-mark-2018"},
    "dzi-2019": {"dzi-mark-2018"},
    "dzi-2020": {"dzi-mark-2018"},
    "dzi-2021": {"dzi-mark-2018"},
    "dzi-2022": {"dzi-mark-2022"},
    "dzi-2023": {"dzi-mark-2022"},
    "nvo-4-2018": {"nvo4-100"},
    "nvo-4-2019": {"nvo4-100"},
    "nvo-4-2021": {"nvo4-2021"},
    "nvo-4-2022": {"nvo4-2021"},
    "nvo-4-2023": {"nvo4-2021"},
    "nvo-7-2018": {"nvo7-65"},
    **{f"nvo-7-{tail}": {"nvo7-100"} for tail in ("2019", "2020", "2021", "2022", "2022-sofia", "2023")},
    **{f"nvo-10-{year}": {"nvo10-100"} for year in (2021, 2022, 2023)},
}
# What the files themselves print; the others print no maximum.
STATED_MAXIMUM = {"nvo-4-2018": 100, "nvo-7-2018": 65, "nvo-7-2023": 100, "nvo-10-2023": 100}


@pytest.fixture(scope="module")
def folder(real: Path) -> Path:
    return real / "bulgaria-exams"


@pytest.fixture(scope="module")
def reader() -> DeclaredLayout:
    return declared_layouts(Paths(Path(), "demo", 2026))


@pytest.fixture(scope="module")
def readings(folder: Path, reader: DeclaredLayout) -> dict[str, Reading]:
    """All files, the year coming from the folder (as in data/raw/_shared/<year>)."""
    found = {}
    for name in FILES:
        book = open_workbook(folder / f"{name}.csv")
        assert reader.recognises(book), name
        found[name] = reader.read(book, Door(Subjects(subjects={}), None, year_of(name)))  # type: ignore[arg-type]
    return found


@pytest.fixture(scope="module")
def resolved(readings: dict[str, Reading]) -> Resolved:
    frames = [("group_results", reading.tables["group_results"]) for reading in readings.values()]
    return resolve(frames, tables.empty("organisations"))


def test_the_folder_holds_these_files_and_no_other(folder: Path) -> None:
    assert {path.stem for path in folder.glob("*.csv")} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_no_row_is_lost_or_invented(name: str, folder: Path, readings: dict[str, Reading]) -> None:
    lines = [line for line in (folder / f"{name}.csv").read_bytes().split(b"\n") if line.strip(b'\r,;"')]
    before, subjects = FILES[name][1], FILES[name][3]

    assert readings[name].rows == len(lines) - before == len(recount(folder, name))
    assert len(readings[name].tables["group_results"]) == readings[name].rows * len(subjects)


@pytest.mark.parametrize("name", FILES)
def test_counts_and_weighted_means_agree_with_the_recount(
    name: str, folder: Path, readings: dict[str, Reading]
) -> None:
    frame = readings[name].tables["group_results"]
    rows = recount(folder, name)
    subjects = FILES[name][3]

    assert set(frame["subject"]) == set(subjects)
    for subject, (count, mean) in subjects.items():
        own = frame[frame["subject"] == subject]
        people, points = weighted(rows, count, mean)
        assert own["n"].sum() == people, subject
        assert math.fsum((own["n"] * own["value"]).dropna()) == pytest.approx(points, abs=1e-6), subject
        observed = sum(1 for row in rows if number(row[count]) > 0 and row[mean].strip())
        assert (own["state"] == "observed").sum() == own["value"].notna().sum() == observed, subject


@pytest.mark.parametrize("name", FILES)
def test_what_is_true_of_a_whole_file(name: str, readings: dict[str, Reading]) -> None:
    frame = readings[name].tables["group_results"]
    procedure = "dzi" if name.startswith("dzi") else "nvo"

    assert set(frame["procedure"]) == {procedure}
    assert set(frame["grade"]) == {grade_of(name)}
    assert set(frame["school_year"]) == {year_of(name)}
    assert set(frame["scale"]) == SCALES[name]
    assert readings[name].school_years == ((2023,) if name in ("nvo-7-2023", "nvo-10-2023") else ())
    stated = 6 if procedure == "dzi" else STATED_MAXIMUM.get(name)
    assert frame["max_score"].isna().all() if stated is None else set(frame["max_score"]) == {stated}, name
    assert {remark.code for remark in readings[name].remarks if remark.severity == "critical"} == set()


def test_codes_are_those_of_the_files(folder: Path, readings: dict[str, Reading]) -> None:
    for name, (_, _, column, _) in FILES.items():
        digits = ["".join(filter(str.isdigit, row[column])) for row in recount(folder, name)]
        own = readings[name].tables["group_results"]["org_alias_code"].drop_duplicates().tolist()
        if name == "nvo-7-2018":
            # `100-2` is 100200 and `100-02` is 100020: up to six digits by zeros at the end.
            digits = [code.ljust(6, "0") for code in digits]
        assert own == digits, name


def test_repaired_codes_of_2018_are_schools_of_other_years(folder: Path, readings: dict[str, Reading]) -> None:
    broken = {row[3] for row in recount(folder, "nvo-7-2018") if row[3].count("-") == 1 and len(row[3]) < 7}
    later = pd.concat(readings[f"nvo-7-{year}"].tables["group_results"] for year in (2019, 2020))

    known = set(later["org_alias_code"])
    assert len(broken) == 55
    assert all(code.replace("-", "").ljust(6, "0") in known for code in broken)


def test_the_year_may_stand_in_the_file_name(folder: Path, reader: DeclaredLayout) -> None:
    book = open_workbook(folder / "nvo-7-2020.csv")

    reading = reader.read(book, Door(Subjects(subjects={}), None))  # type: ignore[arg-type]

    assert set(reading.tables["group_results"]["school_year"]) == {2020}


def test_the_schools_of_sofia_count_once(readings: dict[str, Reading], resolved: Resolved) -> None:
    merged, remarks = merge("group_results", [frame for _, frame in resolved.frames])

    (remark,) = remarks
    assert (remark.code, remark.severity) == ("same_rows_in_two_files", "warning")
    assert "организаций 207" in remark.message
    assert len(merged) == sum(len(frame) for _, frame in resolved.frames) - 2 * 207
    sofia = merged[(merged["school_year"] == 2022) & (merged["grade"] == 7) & (merged["municipality"] == "Столична")]
    assert len(sofia) == 2 * 207
    assert sofia["org_id"].nunique() == 207


def test_a_school_stays_in_its_municipality(resolved: Resolved) -> None:
    """Town and village spell one municipality in four ways; only moves that the files themselves state remain."""
    frame = pd.concat(frame for _, frame in resolved.frames)
    several = frame.groupby("org_id")["municipality"].nunique()

    # 1203007: Бойчиновци in 2018, then Враца; 2900001, 2900102: schools abroad, in Столична in dzi-2018;
    # 800112: a school of the town that nvo-7-2019 alone puts into the rural municipality.
    assert set(several[several > 1].index) == {"p-bg-1203007", "p-bg-2900001", "p-bg-2900102", "p-bg-800112"}


def test_provisional_organisations(resolved: Resolved) -> None:
    assert resolved.organisations["org_id"].is_unique
    assert {remark.code for remark in resolved.remarks} == {"no_register", "org_renamed", "org_moved"}
    gabrovo = resolved.organisations[resolved.organisations["municipality"] == "Габрово"]
    assert gabrovo["alias_code"].str.startswith("700").all()


def territory(folder: Path, municipality: str) -> Iterator[tuple[int, str, float, float]]:
    """(class, subject, number who sat, weighted mean) of 2023, by csv alone."""
    for name in ("nvo-4-2023", "nvo-7-2023", "nvo-10-2023", "dzi-2023"):
        rows = [row for row in recount(folder, name) if row[1] == municipality]
        for subject, (count, mean) in FILES[name][3].items():
            with_mean = [row for row in rows if row[count].strip() and row[mean].strip()]
            people, points = weighted(with_mean, count, mean)
            if people:
                yield grade_of(name), subject, people, points / people


@pytest.mark.parametrize(("printed", "municipality"), [("ГАБРОВО", "Габрово"), ("СТОЛИЧНА", "Столична")])
def test_weighted_means_of_a_municipality(printed: str, municipality: str, folder: Path, resolved: Resolved) -> None:
    merged, _ = merge("group_results", [frame for _, frame in resolved.frames])
    rows = merged[(merged["municipality"] == municipality) & (merged["school_year"] == 2023)].dropna(subset=["value"])
    own = {
        key: (part["n"].sum(), (part["n"] * part["value"]).sum() / part["n"].sum())
        for key, part in rows.groupby(["grade", "subject"])
    }

    expected = {(grade, subject): (people, mean) for grade, subject, people, mean in territory(folder, printed)}
    assert len(expected) > 10
    assert set(own) == set(expected)
    for key, (people, mean) in expected.items():
        assert own[key][0] == people, key
        assert own[key][1] == pytest.approx(mean, abs=1e-9), key


def test_totals_that_are_not_read_repeat_the_subjects(folder: Path) -> None:
    """Why `2ДЗИ` and `общо` are ignored: they are sums of the columns that are read."""
    for name in ("dzi-2018", "dzi-2020", "dzi-2021"):
        for row in recount(folder, name):
            chosen = sum(number(row[column]) for column in range(7, 33, 2))
            assert number(row[33]) == chosen
            assert number(row[35]) == chosen + number(row[5])


def test_leading_zeros_of_2023_are_fractions_under_a_tenth(folder: Path) -> None:
    """Why `05.08` is 5.08: all fractions .01–.09, and no other, are written with a zero in front."""
    means = [row[mean] for row in recount(folder, "dzi-2023") for _, mean in NEW_2023.values() if "." in row[mean]]

    dated = {text.split(".")[1] for text in means if text.startswith("0")}
    plain = {text.split(".")[1] for text in means if not text.startswith("0")}
    assert dated == {f"0{digit}" for digit in range(1, 10)}
    assert dated.isdisjoint(plain)
