"""All or nothing: a report appears whole, and the last one stays whole."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from pipeline.errors import DiskFullError
from pipeline.execution import publication
from pipeline.paths import Paths
from tests.execution.test_lock import dead_pid

Usage = namedtuple("Usage", "total used free")
FINGERPRINT = "0123456789abcdef" * 4


@pytest.fixture
def paths(tmp_path) -> Paths:
    return Paths(tmp_path, "demo", 2026)


def fill(folder: Path, text: str = "отчёт") -> None:
    (folder / "report.html").write_text(text, encoding="utf-8")
    passport = {"outputs": [{"path": "report.html"}]}
    (folder / "passport.json").write_text(json.dumps(passport), encoding="utf-8")


def publish(paths: Paths, text: str = "отчёт", fingerprint: str = FINGERPRINT) -> Path:
    with publication.building(paths) as folder:
        fill(folder, text)
        return publication.publish(paths, folder, fingerprint)


def test_runs_are_numbered_and_the_pointer_moves(paths) -> None:
    assert publication.latest_run(paths) is None
    first = publish(paths, "первый")
    assert (first.name, publication.latest_run(paths)) == ("001-01234567", first)
    second = publish(paths, "второй", "f" * 64)
    assert (second.name, publication.latest_run(paths)) == ("002-ffffffff", second)
    assert (first / "report.html").read_text(encoding="utf-8") == "первый"
    assert paths.latest.read_bytes() == b"002-ffffffff\n"
    assert sorted(path.name for path in paths.reports.iterdir()) == ["001-01234567", "002-ffffffff", "latest"]


def test_a_page_of_the_year_leads_to_the_newest_run(paths) -> None:
    publish(paths)
    page = paths.reports.parent / "index.html"
    assert 'href="internal/001-01234567/index.html"' in page.read_text(encoding="utf-8")
    second = publish(paths, "второй", "f" * 64)
    assert page.read_text(encoding="utf-8").count(f"internal/{second.name}/index.html") == 2
    assert sorted(path.name for path in paths.reports.parent.iterdir()) == ["index.html", "internal"]


def test_a_page_of_the_year_that_cannot_be_written_harms_no_report(paths) -> None:
    (paths.reports.parent / "index.html").mkdir(parents=True)
    run = publish(paths)
    assert publication.latest_run(paths) == run
    assert [path.name for path in paths.reports.parent.iterdir() if path.name.startswith(".")] == []


def test_an_error_while_building_leaves_the_last_report(paths) -> None:
    first = publish(paths)
    with pytest.raises(ZeroDivisionError), publication.building(paths) as folder:
        fill(folder)
        _ = 1 / 0
    assert publication.latest_run(paths) == first
    assert sorted(path.name for path in paths.reports.iterdir()) == ["001-01234567", "latest"]


def test_a_report_without_its_passport_or_an_output_is_not_published(paths) -> None:
    with publication.building(paths) as folder:
        with pytest.raises(ValueError, match=r"passport\.json"):
            publication.publish(paths, folder, FINGERPRINT)
        fill(folder)
        (folder / "report.html").unlink()
        with pytest.raises(ValueError, match=r"passport\.json"):
            publication.publish(paths, folder, FINGERPRINT)
    assert publication.latest_run(paths) is None


def test_a_kill_between_the_folder_and_the_pointer_shows_the_old_report(paths, monkeypatch) -> None:
    first = publish(paths)
    monkeypatch.setattr(publication, "_point", lambda pointer, name: None)
    publish(paths, "второй", "f" * 64)
    assert publication.latest_run(paths) == first
    monkeypatch.undo()
    assert publish(paths, "третий", "e" * 64).name == "003-eeeeeeee"


@pytest.mark.parametrize("text", ["", "..", "001-01234567/..", "002-ffffffff", "\0"])
def test_a_pointer_to_nothing_whole_is_no_report(paths, text) -> None:
    publish(paths)
    paths.latest.write_text(text, encoding="utf-8")
    assert publication.latest_run(paths) is None


def test_a_published_run_that_lost_a_file_is_not_whole(paths) -> None:
    run = publish(paths)
    (run / "report.html").unlink()
    assert publication.latest_run(paths) is None


def test_leftovers_of_dead_runs_are_removed(paths) -> None:
    run = publish(paths)
    mine, dead, living = (paths.reports / f".building-{pid}" for pid in (os.getpid(), dead_pid(), os.getppid()))
    for folder in (mine, dead, living):
        folder.mkdir()
    publication.remove_leftovers(paths)
    assert (mine.exists(), dead.exists(), living.exists()) == (False, False, True)
    assert publication.latest_run(paths) == run


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "/srv/x"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        OSError("Could not write: [errno 28] No space left on device"),
    ],
)
def test_a_full_disk_is_said_in_russian_with_what_is_free(paths, monkeypatch, error) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**9, 10**9, 12_345_678))
    with pytest.raises(DiskFullError) as caught, publication.disk_errors(paths):
        raise error
    message = str(caught.value)
    assert "не осталось места" in message
    assert "Свободно 12\u00a0МБ." in message
    assert "/srv" not in message
    assert caught.value.exit_code == 50


def test_other_errors_pass_unchanged(paths) -> None:
    with pytest.raises(PermissionError), publication.disk_errors(paths):
        raise PermissionError(errno.EACCES, "Permission denied")


def test_a_full_disk_while_writing_leaves_the_last_report(paths, monkeypatch) -> None:
    first = publish(paths)

    def full(self: Path, *args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(DiskFullError), publication.disk_errors(paths):
        publish(paths, "второй")
    assert publication.latest_run(paths) == first
    assert sorted(path.name for path in paths.reports.iterdir()) == ["001-01234567", "latest"]


@pytest.mark.parametrize(("free", "enough"), [(200_000_000, True), (199_999_999, False)])
def test_space_is_checked_before_the_start(paths, monkeypatch, free, enough) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**9, 0, free))
    if enough:
        publication.check_free_space(paths)
        return
    with pytest.raises(DiskFullError, match="свободно 199\u00a0МБ, для отчёта нужно 200\u00a0МБ"):
        publication.check_free_space(paths)
