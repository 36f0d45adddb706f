"""What a report was made from: complete, safe against unnoticed changes, and cheap when nothing changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.paths import Paths
from pipeline.provenance import fingerprint as module
from pipeline.provenance.fingerprint import Hashes, RawFile, fingerprint, raw_files, run_fingerprint
from pipeline.settings import RunSettings


class Reads:
    """Counts the files that were really read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []
        real = module.file_sha256
        monkeypatch.setattr(module, "file_sha256", lambda path: self.names.append(path.name) or real(path))

    def since(self) -> list[str]:
        seen, self.names = sorted(self.names), []
        return seen


@pytest.fixture
def reads(monkeypatch) -> Reads:
    return Reads(monkeypatch)


@pytest.fixture
def later(monkeypatch):
    """Hash as if an hour had passed, so that fresh files are not racy."""
    real = module.time.time_ns
    monkeypatch.setattr(module.time, "time_ns", lambda: real() + 3600 * 10**9)


@pytest.fixture
def paths(tmp_path, monkeypatch) -> Paths:
    shipped = tmp_path / "code"
    monkeypatch.setattr(module, "PACKAGE", shipped / "pipeline")
    monkeypatch.setattr(module, "shipped", lambda name: shipped / name)
    for name, text in {
        "pipeline/run.py": "run",
        "pipeline/export/html.py": "html",
        "pipeline/export/fonts/a.ttf": "font",
        "pipeline/__pycache__/run.pyc": "bytes",
        "pipeline/.run.py.swp": "editor",
        "pipeline/_shipped/config/a.yml": "copy",
        "config/norms/a.yml": "a: 1",
        "expectations/results.json": "{}",
        "notebooks/00_a.ipynb": "{}",
    }.items():
        write(shipped / name, text)
    for name in (
        "demo/2026/a.xlsx",
        "demo/2025/б.xls",
        "demo/2027/later.xlsx",
        "demo/прочее/x.xlsx",
        "other/2026/o.xlsx",
    ):
        write(tmp_path / "work" / "data" / "raw" / name, name)
    for name in ("_shared/multi/all.csv", "_shared/2026/deep/s.csv", "_shared/2027/later.csv"):
        write(tmp_path / "work" / "data" / "raw" / name, name)
    return Paths(tmp_path / "work", "demo", 2026)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def settings(**changes) -> RunSettings:
    day = dt.date(2026, 12, 31)
    return RunSettings(**({"territory": "demo", "report_year": 2026, "as_of": day, "report_date": day} | changes))


def test_raw_files_of_the_territory_and_shared_up_to_the_report_year(paths) -> None:
    names = ["demo/2025/б.xls", "demo/2026/a.xlsx", "_shared/2026/deep/s.csv", "_shared/multi/all.csv"]
    expected = [RawFile(name, hashlib.sha256(name.encode()).hexdigest(), len(name.encode())) for name in names]
    assert raw_files(paths) == expected


def test_code_without_what_is_made_from_it(paths) -> None:
    assert [file.path for file in fingerprint(paths, settings()).code] == [
        "pipeline/run.py",
        "pipeline/export/html.py",
        "pipeline/export/fonts/a.ttf",
        "config/norms/a.yml",
        "expectations/results.json",
        "notebooks/00_a.ipynb",
    ]


def test_a_second_fingerprint_reads_no_file(paths, reads, later) -> None:
    first = run_fingerprint(paths, settings())
    assert len(reads.since()) == 10
    assert run_fingerprint(paths, settings()) == first
    assert reads.since() == []


def test_files_just_written_are_read_again(paths, reads) -> None:
    run_fingerprint(paths, settings())
    reads.since()
    run_fingerprint(paths, settings())
    assert len(reads.since()) == 10


def test_a_change_of_the_same_size_and_time_within_two_seconds_is_seen(paths, monkeypatch) -> None:
    file = paths.raw / "a.xlsx"
    now = file.stat().st_mtime_ns
    monkeypatch.setattr(module.time, "time_ns", lambda: now + 1_999_999_999)
    before = run_fingerprint(paths, settings())
    file.write_text("demo/2026/A.xlsx", encoding="utf-8")
    os.utime(file, ns=(now, now))
    assert run_fingerprint(paths, settings()) != before


@pytest.mark.parametrize(
    "change",
    [
        "work/data/raw/demo/2026/a.xlsx",
        "work/data/raw/demo/2025/new.xlsx",
        "work/data/raw/demo/2026/Thumbs.db",
        "work/data/raw/_shared/multi/all.csv",
        "work/config/norms/a.yml",
        "work/notebooks/00_a.ipynb",
        "code/pipeline/run.py",
        "code/pipeline/export/html.py",
        "code/pipeline/export/fonts/a.ttf",
        "code/config/new.yml",
        "code/expectations/results.json",
        "code/notebooks/00_a.ipynb",
    ],
)
def test_whatever_a_report_depends_on_changes_the_fingerprint(paths, tmp_path, later, change) -> None:
    before = fingerprint(paths, settings())
    write(tmp_path / change, "другое")
    after = fingerprint(paths, settings())
    assert after.total != before.total
    recompute = "notebooks/" not in change and not change.endswith("html.py")
    assert (after.inputs != before.inputs) == recompute


@pytest.mark.parametrize(
    "change",
    [
        "work/data/raw/demo/2027/later.xlsx",
        "work/data/raw/other/2026/o.xlsx",
        "work/reports/demo/x.html",
        "code/pipeline/__pycache__/run.pyc",
        "code/pipeline/_shipped/config/a.yml",
    ],
)
def test_what_it_does_not_depend_on_changes_nothing(paths, tmp_path, later, change) -> None:
    before = run_fingerprint(paths, settings())
    write(tmp_path / change, "другое")
    assert run_fingerprint(paths, settings()) == before


def test_findings_of_last_years_report_count(paths, later) -> None:
    """This year's goals cite them; those of other years are not read."""
    before = run_fingerprint(paths, settings())
    write(paths.for_year(int(paths.year) - 2).findings / "findings.parquet", "older")
    assert run_fingerprint(paths, settings()) == before
    write(paths.for_year(int(paths.year) - 1).findings / "findings.parquet", "last year")
    assert run_fingerprint(paths, settings()) != before
    found = fingerprint(paths, settings())
    assert [file.path.rpartition("/")[2] for file in found.before] == ["findings.parquet"]
    assert not [file for file in found.raw if "findings" in file.path]


def test_parameters_and_library_versions_count(paths, later, monkeypatch) -> None:
    before = fingerprint(paths, settings())
    other = fingerprint(paths, settings(as_of=dt.date(2026, 6, 1)))
    assert (other.total != before.total, other.inputs == before.inputs) == (True, True)
    monkeypatch.setattr(module, "LIBRARIES", ("pandas", "no-such-library"))
    versions = module.library_versions(module.LIBRARIES)
    assert set(versions) == {"python", "pandas", "no-such-library"}
    assert versions["no-such-library"] == ""


def test_a_broken_memory_is_only_a_memory(paths, later) -> None:
    before = run_fingerprint(paths, settings())
    store = Hashes.of(paths.workspace).store
    for text in ("", "[]", '{"raw/demo/2026/a.xlsx": ["?"]}', '{"raw/demo/2026/a.xlsx": 1}'):
        store.write_text(text, encoding="utf-8")
        assert run_fingerprint(paths, settings()) == before
    assert str(paths.workspace) not in store.read_text(encoding="utf-8")
    assert "raw/demo/2026/a.xlsx" in json.loads(store.read_text(encoding="utf-8"))


def test_a_memory_that_cannot_be_written_is_no_error(paths) -> None:
    (paths.workspace / ".msoko").write_text("", encoding="utf-8")
    assert len(raw_files(paths)) == 4


def test_an_unreadable_file_is_named(paths, monkeypatch) -> None:
    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(module, "file_sha256", refuse)
    with pytest.raises(InputError, match="не открывается") as caught:
        raw_files(paths)
    assert caught.value.place.file == "б.xls"
    assert str(paths.workspace) not in str(caught.value)


def test_no_folder_no_files(tmp_path) -> None:
    assert raw_files(Paths(tmp_path, "demo", 2026)) == []
