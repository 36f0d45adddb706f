"""Wall time, processor time and peak memory of a command with everything it starts."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

STEP = 0.15  # seconds between two looks; a process that lives shorter may be missed


@dataclass(frozen=True)
class Cost:
    """Wall and processor seconds (the latter 0 on Windows) and peak MiB of the process tree: PSS on Linux, elsewhere
    RSS, which counts shared pages twice."""

    seconds: float
    cpu: float
    mib: float


def measure(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Cost:
    """Run a command to its end. RuntimeError with its last words when it fails."""
    begun, cpu = time.perf_counter(), _cpu()
    process = subprocess.Popen(
        command, cwd=cwd, env=dict(env), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    peak = [0.0]
    watch = threading.Thread(target=_watch, args=(psutil.Process(process.pid), peak), daemon=True)
    watch.start()
    _, said = process.communicate()
    seconds = time.perf_counter() - begun
    watch.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:6])}: code {process.returncode}\n{said[-2000:]}")
    return Cost(seconds, _cpu() - cpu, peak[0])


def _cpu() -> float:
    """Processor seconds of everything that was started from here and has ended."""
    spent = os.times()
    return spent.children_user + spent.children_system


def _watch(root: psutil.Process, peak: list[float]) -> None:
    with suppress(psutil.Error):
        while root.is_running() and root.status() != psutil.STATUS_ZOMBIE:
            peak[0] = max(peak[0], sum(_memory(process) for process in [root, *root.children(recursive=True)]))
            time.sleep(STEP)


def _memory(process: psutil.Process) -> float:
    """MiB of one process; zero when it has just ended."""
    with suppress(psutil.Error):
        full = process.memory_full_info()
        return float(getattr(full, "pss", 0) or full.rss) / 2**20
    return 0.0
