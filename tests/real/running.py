"""Runs the product as an analyst would, from outside, and counts what was checked of its reports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psutil

from tests.real.evidence import Report

ROOT = Path(__file__).resolve().parent.parent.parent
STEP = 0.25  # seconds between two looks at the memory


class NoReportError(Exception):
    """A run ended without a report."""


@dataclass
class Tally:
    """Checks that held and checks that did not; each is printed as it is made."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)

    def check(self, what: str, holds: bool, seen: object = "") -> None:
        if holds:
            self.passed += 1
            print(f"  ok    {what}", flush=True)
        else:
            self.failed.append(what)
            print(f"  FAIL  {what}: {seen}", flush=True)

    def same(self, what: str, seen: object, wanted: object) -> None:
        self.check(what, seen == wanted, f"{seen!r}, not {wanted!r}")


@dataclass(frozen=True)
class Made:
    """A finished run. `peak` is the largest memory of all its processes together, in MB."""

    workspace: Path
    territory: str
    year: int
    seconds: float
    peak: int
    said: str

    @property
    def folder(self) -> Path:
        reports = self.workspace / "reports" / self.territory / str(self.year) / "internal"
        return reports / (reports / "latest").read_text(encoding="utf-8").strip()

    @cached_property
    def report(self) -> Report:
        return Report(self.folder)

    def figures(self) -> str:
        """Seconds (of each stage too), memory, pages, sizes in one line."""
        stages = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))["seconds"]
        parts = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in stages.items())
        sizes = {name: (self.folder / name).stat().st_size / 1e6 for name in ("report.html", "report.pdf")}
        return (
            f"{self.territory} {self.year}: {self.seconds:.1f} s ({parts}); peak {self.peak} MB; "
            f"{len(self.report.pdf_pages)} pages, PDF {sizes['report.pdf']:.2f} MB, HTML {sizes['report.html']:.2f} MB"
        )


def make(workspace: Path, territory: str, year: int) -> Made:
    """`msoko run` in a process of its own; NoReportError, and what it said is printed, when it made none."""
    print(f"\n=== {territory} {year}", flush=True)
    began = time.perf_counter()
    command = [sys.executable, "-m", "pipeline.cli", "run", territory, str(year), "--workspace", str(workspace)]
    with (workspace / "said.txt").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
        peak = _watch(process)
        seconds = time.perf_counter() - began
        said.seek(0)
        words = said.read()
    if process.returncode:
        print(words)
        raise NoReportError(f"{territory} {year}: no report, exit code {process.returncode}")
    return Made(workspace, territory, year, seconds, peak, words)


def _watch(process: subprocess.Popen[bytes]) -> int:
    """Wait for the process; the largest memory of it and its children together seen on the way, MB."""
    peak, over = 0, threading.Event()

    def look() -> None:
        nonlocal peak
        while not over.wait(STEP):
            peak = max(peak, _memory(process.pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        process.wait()
    finally:
        over.set()
        watcher.join()
    return peak // 1_000_000


def _memory(pid: int) -> int:
    """Bytes of a process and all below it; pages that they share are counted once where the system says so."""
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0
    return sum(_own_memory(one) for one in family)


def _own_memory(process: psutil.Process) -> int:
    try:
        if sys.platform == "linux" and os.access(f"/proc/{process.pid}/smaps_rollup", os.R_OK):
            return int(process.memory_full_info().pss)
        return int(process.memory_info().rss)
    except (psutil.Error, OSError):
        return 0
