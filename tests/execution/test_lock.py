"""One run at a time; a lock of a dead process locks nobody out."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys

import pytest

from pipeline.errors import BusyError
from pipeline.execution import lock
from pipeline.execution.lock import run_lock
from pipeline.paths import Paths


@pytest.fixture
def paths(tmp_path) -> Paths:
    return Paths(tmp_path, "demo", 2026)


def hold(paths: Paths, pid: int, started: float = 0.0, host: str | None = None) -> None:
    paths.lock.parent.mkdir(parents=True)
    content = {"pid": pid, "started": started, "host": platform.node() if host is None else host}
    paths.lock.write_text(json.dumps(content), encoding="utf-8")


def dead_pid() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_the_lock_is_held_and_given_back(paths) -> None:
    with run_lock(paths):
        assert json.loads(paths.lock.read_text(encoding="utf-8"))["pid"] == os.getpid()
    assert not paths.lock.exists()


def test_a_second_run_of_the_same_report_is_refused(paths) -> None:
    with run_lock(paths):
        with pytest.raises(BusyError, match=f"процесс {os.getpid()}") as caught, run_lock(paths):
            pass
        assert caught.value.exit_code == 51
        assert paths.lock.exists()
        with run_lock(Paths(paths.workspace, "demo", 2025)):
            assert Paths(paths.workspace, "demo", 2025).lock.exists()


def test_the_lock_is_given_back_after_an_error(paths) -> None:
    with pytest.raises(ZeroDivisionError), run_lock(paths):
        _ = 1 / 0
    assert not paths.lock.exists()


def test_a_dead_holder_is_replaced(paths) -> None:
    hold(paths, dead_pid())
    with run_lock(paths):
        assert json.loads(paths.lock.read_text(encoding="utf-8"))["pid"] == os.getpid()
    assert [path.name for path in paths.reports.iterdir()] == []


def test_a_number_reused_by_another_process_does_not_hold(paths) -> None:
    hold(paths, os.getpid(), started=1.0)
    with run_lock(paths):
        assert json.loads(paths.lock.read_text(encoding="utf-8"))["started"] > 1.0


def test_a_holder_on_another_computer_is_believed(paths) -> None:
    hold(paths, dead_pid(), host="другой")
    with pytest.raises(BusyError, match="на другом компьютере"), run_lock(paths):
        pass


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"pid": 1}'])
def test_a_broken_lock_file_is_replaced(paths, text) -> None:
    paths.lock.parent.mkdir(parents=True)
    paths.lock.write_text(text, encoding="utf-8")
    with run_lock(paths):
        assert json.loads(paths.lock.read_text(encoding="utf-8"))["pid"] == os.getpid()


def test_a_lock_taken_by_a_quicker_process_is_put_back(paths) -> None:
    hold(paths, os.getpid())
    before = paths.lock.read_text(encoding="utf-8")
    lock._remove_stale(paths.lock, lock.Holder(1, 0.0, "умер"), lock._me())
    assert paths.lock.read_text(encoding="utf-8") == before


def test_liveness_without_psutil(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert lock.alive(os.getpid())
    assert lock._started(os.getpid()) == 0.0
    if os.name == "posix":
        assert not lock.alive(dead_pid())
