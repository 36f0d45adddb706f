"""One run at a time for a (territory, year, edition): a lock file that a killed run cannot leave locked."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.errors import BusyError
from pipeline.paths import Paths

SAME_START = 5.0  # seconds by which two readings of one process's start may differ
ATTEMPTS = 5


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: process id, when that process started (seconds, 0 when unknown), name of the computer."""

    pid: int
    started: float
    host: str


def alive(pid: int) -> bool:
    """Whether a process with this id exists on this computer."""
    try:
        import psutil  # type: ignore[import-untyped]  # comes with ipykernel
    except ImportError:
        return _alive_by_signal(pid)
    return bool(psutil.pid_exists(pid))


def _alive_by_signal(pid: int) -> bool:
    if os.name != "posix":  # on Windows os.kill would end the process: take it for a living one
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(pid: int) -> float:
    """When a process started, 0 when that cannot be learnt."""
    try:
        import psutil

        return float(psutil.Process(pid).create_time())
    except Exception:  # noqa: BLE001  psutil is optional and raises its own errors for a process that is gone
        return 0.0


def _me() -> Holder:
    return Holder(os.getpid(), _started(os.getpid()), platform.node())


def _holds(holder: Holder) -> bool:
    """Whether the holder still runs. Another computer's holder cannot be asked, so it is taken for a living one."""
    if holder.host != platform.node():
        return True
    if not alive(holder.pid):
        return False
    started = _started(holder.pid)
    return not (holder.started and started) or abs(started - holder.started) < SAME_START


@contextmanager
def run_lock(paths: Paths) -> Iterator[None]:
    """Hold the lock of this report while the block runs; BusyError when another live run holds it."""
    paths.lock.parent.mkdir(parents=True, exist_ok=True)
    me = _me()
    _acquire(paths.lock, me)
    try:
        yield
    finally:
        if _read(paths.lock) == me:
            paths.lock.unlink(missing_ok=True)


def _acquire(lock: Path, me: Holder) -> None:
    for _ in range(ATTEMPTS):
        if _create(lock, me):
            return
        holder = _settled(lock)
        if holder is not None and _holds(holder):
            _refuse(holder)
        _remove_stale(lock, holder, me)
    raise BusyError("Не удалось занять папку отчёта: её одновременно занимают несколько запусков.", advice="повторите.")


def _create(lock: Path, me: Holder) -> bool:
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(json.dumps(asdict(me)).encode())
    return True


def _read(lock: Path) -> Holder | None:
    with suppress(OSError, ValueError, TypeError):
        return Holder(**json.loads(lock.read_bytes()))
    return None


def _settled(lock: Path) -> Holder | None:
    """The holder; a file just created may still be empty, so it is given a moment."""
    holder = _read(lock)
    if holder is None and lock.exists():
        time.sleep(0.2)
        holder = _read(lock)
    return holder


def _remove_stale(lock: Path, seen: Holder | None, me: Holder) -> None:
    """Take a dead holder's file away; when another process was quicker and it is a new lock, put it back."""
    aside = lock.with_name(f"{lock.name}.{me.pid}")
    try:
        lock.rename(aside)
    except FileNotFoundError:
        return
    if _read(aside) != seen and not lock.exists():
        aside.rename(lock)
    aside.unlink(missing_ok=True)


def _refuse(holder: Holder) -> None:
    elsewhere = "" if holder.host == platform.node() else " на другом компьютере"
    raise BusyError(
        f"Этот отчёт уже собирает другой запуск{elsewhere} (процесс {holder.pid}).",
        advice="дождитесь его окончания. Если вы уверены, что он не работает, удалите файл .lock в папке отчёта.",
    )
