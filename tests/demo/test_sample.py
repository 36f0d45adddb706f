"""The synthetic territory: the same bytes from the same seed, files of a year that agree, nothing real inside."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest

from pipeline.demo import sample
from pipeline.demo.answers import answers
from pipeline.demo.pupils import Population
from pipeline.demo.territory import SCHOOLS
from pipeline.demo.vpr import results
from pipeline.demo.vpr_works import works
from pipeline.ingest.stage import Gathered, gather
from pipeline.paths import SHARED, Paths
from pipeline.tables import CLEAN
from pipeline.territory.profile import load_profile
from pipeline.validation.crosschecks import run_crosschecks

YEARS = (2025, 2026)
MARKS = ("2", "3", "4", "5")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    workspace = tmp_path_factory.mktemp("demo")
    sample.write_demo(workspace / "data" / "raw" / "demo", years=YEARS)
    return Paths(workspace, "demo", 2026)


@pytest.fixture(scope="module")
def gathered(paths: Paths) -> Gathered:
    return gather(paths, {"demo": "1", SHARED: "1"}, lambda *_: None)


def digests(root: Path) -> dict[str, str]:
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes_of_a_year_alone_or_with_others(paths: Paths, tmp_path: Path) -> None:
    written = sample.write_demo(tmp_path, years=[2026])
    assert digests(paths.raw) == digests(tmp_path / "2026")
    assert {path.relative_to(tmp_path / "2026").as_posix() for path in written} == set(digests(paths.raw))


def test_another_seed_gives_other_pupils_and_other_answers() -> None:
    mine, other = Population(sample.SEED), Population(1)
    work = works(2026)[0]
    assert results(mine, work) == results(Population(sample.SEED), work)
    assert [school for school, cells in results(mine, work).items() if cells == results(other, work)[school]] == []
    own, others = answers(mine, 2026), answers(other, 2026)
    assert [table for table, sheet in own.items() if sheet == others[table]] == []


def test_every_clean_table_has_rows_in_the_last_year(gathered: Gathered) -> None:
    rows = {
        name: len(frame if "school_year" not in frame else frame[frame["school_year"] == 2026])
        for name, frame in gathered.tables.items()
    }
    assert {name: count for name, count in rows.items() if not count} == {}
    assert set(rows) == set(CLEAN)


def test_the_dirt_is_remarked_and_nothing_stops_the_run(gathered: Gathered) -> None:
    found = Counter(remark.code for remark in gathered.remarks if remark.severity != "info")
    assert {remark.severity for remark in gathered.remarks} == {"warning", "info"}
    assert found == {
        "service_file": 1,
        "same_file_twice": 1,
        "not_a_table": 1,
        "unrecognised_table": 1,
        "form_unreadable": 2,
        "form_part_exceeds": 1,
        "form_person_named": 1,
    }


def test_checks_across_tables_find_the_planted_faults_only(gathered: Gathered) -> None:
    failed = {result.id: result.severity for result in run_crosschecks(gathered.tables) if not result.passed}
    assert failed == {"document_unknown": "warning"}


def test_percents_are_those_of_the_pupils_in_the_same_year(gathered: Gathered) -> None:
    pupils = gathered.tables["results"].query("procedure == 'vpr' and state == 'observed' and subject != 'english'")
    shares = gathered.tables["group_results"].query("measure == 'mark_share' and grade in (4, 8)")
    schools = shares[shares["level"] == "organisation"]
    assert len(schools) == 17 * 4 * len(MARKS) * len(YEARS)
    key = ["school_year", "org_id", "subject", "grade"]
    held = {name: part for name, part in pupils.groupby(key)}
    for row in schools.to_dict("records"):
        mine = held[tuple(row[name] for name in key)]
        count = int((mine["mark"] == int(row["category"])).sum())
        percent = (Decimal(100 * count) / len(mine)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert row["n"] == len(mine)
        assert Decimal(str(round(row["value"] * 100, 6))) == percent


def test_the_district_is_the_sum_of_its_schools(gathered: Gathered) -> None:
    shares = gathered.tables["group_results"].query("measure == 'mark_share'")
    for _, part in shares.groupby(["school_year", "subject", "grade", "category"]):
        schools, district = part[part["level"] == "organisation"], part[part["level"] == "municipality"]
        counts = (schools["value"] * schools["n"]).astype(float).round().sum()
        assert float(district["n"].item()) == schools["n"].sum()
        assert float(district["value"].item()) == pytest.approx(counts / schools["n"].sum(), abs=5.1e-5)


def test_a_closed_school_gives_nothing_after_it_joined_another(gathered: Gathered) -> None:
    register = gathered.tables["organisations"]
    assert set(register.loc[register["org_id"] == "demo-11", "valid_to"]) == {"2024-08-31"}
    assert not register["provisional"].any()
    held = {name: frame for name, frame in gathered.tables.items() if "org_id" in frame and name != "organisations"}
    assert [name for name, frame in held.items() if (frame["org_id"] == "demo-11").any()] == []


def test_a_school_has_one_of_the_drawn_subjects(gathered: Gathered) -> None:
    sixth = gathered.tables["group_results"].query("grade == 6 and level == 'organisation' and measure == 'mark_share'")
    drawn = sixth.groupby(["school_year", "org_id"])["subject"].nunique()
    assert set(drawn) == {1}
    assert set(sixth["subject"]) == {"biology", "geography"}


def test_nothing_real_is_inside(gathered: Gathered, paths: Paths) -> None:
    profile = load_profile(paths)
    groups = gathered.tables["group_results"]
    assert profile.synthetic
    assert set(groups["region"].dropna()) <= {profile.region}
    register = gathered.tables["organisations"]
    logins = set(register.loc[register["alias_kind"] == "fisoko", "alias_code"])
    assert logins == {school.login for school in SCHOOLS}
    assert all(re.fullmatch(r"edu990\d{3}", login) for login in logins)


def test_invented_names_die_at_the_door(gathered: Gathered) -> None:
    person = re.compile(r"Вымышленн\w+[\d ][\d-]|Вымышленная [А-Я]\.|Отчество")
    assert person.search("Вымышленный3-12")
    assert person.search("ведёт Вымышленная А. А.")
    words = [
        str(value)
        for frame in gathered.tables.values()
        for column in frame.select_dtypes("string")
        for value in frame[column].dropna().unique()
    ]
    words += [remark.message for remark in gathered.remarks]
    assert len(words) > 1000
    assert [word for word in words if person.search(word)] == []


def test_the_change_of_the_russian_test_breaks_its_maximum() -> None:
    maxima = {year: {(work.subject, work.grade): work.max_score for work in works(year)} for year in sample.YEARS}
    assert [maxima[year][("Русский язык", 4)] for year in sample.YEARS] == [38, 38, 38, 24, 24]
    assert len({maxima[year][("Математика", 4)] for year in sample.YEARS}) == 1


@pytest.mark.parametrize(("score", "mark"), [(0, 2), (6, 2), (7, 3), (11, 3), (12, 4), (15, 4), (16, 5), (20, 5)])
def test_a_mark_begins_above_the_highest_score_of_the_lower_one(score: int, mark: int) -> None:
    mathematics = next(work for work in works(2026) if (work.subject, work.grade) == ("Математика", 4))
    assert mathematics.mark(score) == mark


def test_answers_are_given_by_the_form_of_the_year(gathered: Gathered) -> None:
    """Pupils in the passport of a school are those of the attendance sheet: two sheets, one population."""
    total = gathered.tables["context"].query("item == 'pupils_total'").set_index(["school_year", "org_id"])["value"]
    start = gathered.tables["attendance"].query("item == 'pupils_start'")
    assert len(total) == 17 * len(YEARS)
    pd.testing.assert_series_equal(
        total.sort_index(), start.groupby(["school_year", "org_id"])["value"].sum().sort_index()
    )
