"""No room on the disk, wherever it strikes: 50, the last report whole, nothing half made left."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from pipeline.execution import lock, publication
from tests.bad_input.cases import proves
from tests.bad_input.door import CHECKOUT, goes_on, stops
from tests.bad_input.points import POINTS
from tests.bad_input.territory import Place

Usage = namedtuple("Usage", "total used free")


def no_room() -> None:
    raise OSError(errno.ENOSPC, "No space left on device", "/srv/data/x.parquet")


@proves("disk_full")
@pytest.mark.parametrize("point", POINTS)
def test_the_disk_fills_up_in_the_middle(place: Place, point: str) -> None:
    place.touch()
    if point == "tables":
        place.marks.rename(place.drop / "переименован.xlsx")
    with pytest.MonkeyPatch.context() as patch:
        POINTS[point](patch, no_room)
        stops(place, "disk_full", "не осталось места", "освободите место")
    goes_on(place)


@proves("disk_full")
def test_there_is_not_even_room_for_the_lock(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_create", lambda path, me: no_room())
    place.touch()
    stops(place, "disk_full", "не осталось места")
    stops(place, "disk_full", "не осталось места", name="check")


@proves("disk_full")
def test_too_little_room_is_noticed_before_the_start(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**9, 0, 12_345_678))
    place.touch()
    stops(place, "disk_full", "свободно 12\u00a0МБ", "нужно 200\u00a0МБ")


@proves("disk_full")
def test_the_pointer_cannot_be_written(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new folder is taken back: a report that nothing points to would only eat the room that is missing."""
    monkeypatch.setattr(publication.os, "fsync", lambda handle: no_room())
    place.touch()
    stops(place, "disk_full", "не осталось места")


@proves("disk_full")
def test_a_disk_that_is_really_full(good: Place, tmp_path: Path) -> None:
    """A file system of 4 MB in a namespace of its own, filled up to 40 KB before the run."""
    if not shutil.which("unshare"):
        pytest.skip("нет unshare: настоящий полный диск не проверен")
    target = tmp_path / "диск"
    target.mkdir()
    done = subprocess.run(
        [
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            sys.executable,
            "-m",
            "tests.bad_input.full_disk",
            good.root,
            target,
        ],
        cwd=CHECKOUT,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    if done.returncode == 77 or done.stderr.startswith(b"unshare:"):
        pytest.skip(f"смонтировать tmpfs нельзя, настоящий полный диск не проверен: {done.stderr.decode().strip()}")
    told = json.loads(done.stdout.decode() or done.stderr.decode())
    assert told["before"] == told["after"] == good.published()
    assert told["codes"] == [50, 50], told["messages"]
    assert "для отчёта нужно 200" in told["messages"][0]
    assert "не осталось места" in told["messages"][1]
