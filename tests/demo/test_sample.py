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
from pipeline.ingest.inbox import Entry, first_error, read_folder
from pipeline.ingest.layouts import LAYOUTS
from pipeline.ingest.privacy import Pseudonyms
from pipeline.ingest.reading import Door
from pipeline.ingest.stage import declared_layouts
from pipeline.paths import Paths
from pipeline.settings import load_subjects
from pipeline.territory.profile import load_profile
from tests.structure.checkout import ROOT

PATHS = Paths(ROOT / "tests", "demo", 2026)
MARKS = ("2", "3", "4", "5")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("demo")
    sample.write_demo(root)
    return root


@pytest.fixture(scope="module")
def entries(folder: Path) -> list[Entry]:
    door = Door(load_subjects(PATHS), Pseudonyms(b"k" * 32))
    layouts = [*LAYOUTS, declared_layouts(PATHS)]
    return [
        entry
        for year in sample.YEARS
        for entry in read_folder(folder / str(year), str(year), year, layouts, door, lambda *_: None)
    ]


def digests(root: Path) -> dict[str, str]:
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def frame(entries: list[Entry], name: str) -> pd.DataFrame:
    """One clean table of all files; `org_id` is the code that the file prints."""
    frames = [entry.reading.tables[name] for entry in entries if entry.reading and name in entry.reading.tables]
    assert frames
    return pd.concat(frames, ignore_index=True)


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    written = sample.write_demo(tmp_path)
    assert digests(folder) == digests(tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in written} == set(digests(tmp_path))


def test_another_seed_gives_other_pupils(folder: Path, tmp_path: Path) -> None:
    sample.write_demo(tmp_path, seed=1)
    same = {name for name, digest in digests(folder).items() if digests(tmp_path)[name] == digest}
    assert same == {"2026/Реестр организаций.xlsx"}


def test_every_file_is_recognised_without_a_remark_that_warns(entries: list[Entry]) -> None:
    assert first_error(entries) is None
    assert [entry.file for entry in entries if not entry.layout or entry.reading is None] == []
    serious = [(entry.file, r.code) for entry in entries for r in entry.remarks if r.severity != "info"]
    assert serious == []
    found = Counter(entry.layout for entry in entries)
    assert sum(found.values()) == len(entries) == 18
    assert sorted(found.values()) == [1, 2, 3, 6, 6]


def test_percents_are_those_of_the_pupils_in_the_same_year(entries: list[Entry]) -> None:
    pupils = frame(entries, "results").query("procedure == 'vpr' and state == 'observed'")
    shares = frame(entries, "group_results").query("measure == 'mark_share' and school_year == 2026")
    schools = shares[shares["level"] == "organisation"]
    assert len(schools) == len(sample.SCHOOLS) * 2 * 4
    for row in schools.to_dict("records"):
        mine = pupils[(pupils["org_alias_code"] == row["org_alias_code"]) & (pupils["subject"] == row["subject"])]
        count = int((mine["mark"] == int(row["category"])).sum())
        percent = (Decimal(100 * count) / len(mine)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert row["n"] == len(mine)
        assert Decimal(str(round(row["value"] * 100, 6))) == percent


def test_the_district_is_the_sum_of_its_schools(entries: list[Entry]) -> None:
    shares = frame(entries, "group_results").query("measure == 'mark_share'")
    for (_, _, _), part in shares.groupby(["school_year", "subject", "category"]):
        schools, district = part[part["level"] == "organisation"], part[part["level"] == "municipality"]
        counts = (schools["value"] * schools["n"]).astype(float).round().sum()
        assert float(district["n"].item()) == schools["n"].sum()
        assert float(district["value"].item()) == pytest.approx(counts / schools["n"].sum(), abs=5.1e-5)


def test_the_journal_comparison_counts_the_same_pupils(entries: list[Entry]) -> None:
    pupils = frame(entries, "results").query("procedure == 'vpr'").dropna(subset=["mark", "journal_mark"])
    compared = frame(entries, "group_results").query("measure == 'journal_agreement' and school_year == 2026")
    district = compared[compared["level"] == "municipality"]
    for subject, part in district.groupby("subject"):
        mine = pupils[pupils["subject"] == subject]
        steps = (mine["mark"] - mine["journal_mark"]).astype(int)
        expected = {"lowered": (steps < 0).sum(), "confirmed": (steps == 0).sum(), "raised": (steps > 0).sum()}
        assert dict(zip(part["category"], part["count"].astype(int), strict=True)) == expected


def test_marks_of_every_group_make_a_whole(entries: list[Entry]) -> None:
    shares = frame(entries, "group_results").query("measure == 'mark_share'")
    sums = shares.groupby(["school_year", "subject", shares["group_label"].fillna("")])["value"].sum().astype(float)
    assert set(shares["category"]) == set(MARKS)
    assert sums.between(0.9997, 1.0003).all()


def test_nothing_real_is_inside(entries: list[Entry]) -> None:
    profile = load_profile(PATHS)
    groups = frame(entries, "group_results")
    assert profile.synthetic
    assert set(groups["region"].dropna()) <= {profile.region}
    named = groups.loc[groups["level"] == "municipality", "municipality"].dropna()
    assert len(named)
    assert all(name.startswith(profile.name.nominative) for name in named)
    logins = {str(code) for code in groups["org_alias_code"].dropna()}
    assert logins == {school.login for school in sample.SCHOOLS}
    assert all(re.fullmatch(r"edu990\d{3}", login) for login in logins)


def test_invented_names_die_at_the_door(entries: list[Entry]) -> None:
    protocol = frame([entry for entry in entries if "Протокол" in entry.file], "results")
    assert set(protocol["procedure"]) == {"oge"}
    assert not protocol.astype("str").apply(lambda column: column.str.contains("Вымышленный|Отчество")).any().any()


def test_the_change_of_the_russian_test_breaks_its_maximum() -> None:
    maxima = {year: {work.subject: work.max_score for work in sample.works(year)} for year in sample.YEARS}
    assert [maxima[year]["Русский язык"] for year in sample.YEARS] == [38, 24, 24]
    assert len({maxima[year]["Математика"] for year in sample.YEARS}) == 1


@pytest.mark.parametrize(("score", "mark"), [(0, 2), (6, 2), (7, 3), (11, 3), (12, 4), (16, 4), (17, 5), (20, 5)])
def test_a_mark_begins_above_the_highest_score_of_the_lower_one(score: int, mark: int) -> None:
    mathematics = next(work for work in sample.works(2026) if work.subject == "Математика")
    assert mathematics.mark(score) == mark
