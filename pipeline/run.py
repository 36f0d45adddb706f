"""One report from beginning to end. This file is the table of contents: the stages in order, no logic.

Nothing heavy is imported on the way of a run that has nothing to do.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.execution.lock import run_lock
from pipeline.execution.publication import (
    building,
    check_free_space,
    disk_errors,
    latest_run,
    publish,
    remove_leftovers,
)
from pipeline.paths import Paths
from pipeline.progress import Say, steps
from pipeline.provenance.fingerprint import Fingerprint, fingerprint
from pipeline.provenance.passport import made_from_same
from pipeline.settings import RunSettings
from pipeline.territory.profile import load_profile


def make_report(paths: Paths, settings: RunSettings, say: Say) -> Path:
    """Folder of the newest whole report: the present one when nothing has changed, else a new one."""
    load_profile(paths)
    ready = unchanged(paths, fingerprint(paths, settings))
    if ready is not None:
        say("Ничего не изменилось: отчёт уже собран.")
        return ready
    with disk_errors(paths), run_lock(paths):
        check_free_space(paths)
        remove_leftovers(paths)
        return _build(paths, settings, say)


def unchanged(paths: Paths, made_from: Fingerprint) -> Path | None:
    """The published report, if it was made from exactly these files, code and parameters."""
    ready = latest_run(paths)
    return ready if ready is not None and made_from_same(ready, made_from) else None


def _build(paths: Paths, settings: RunSettings, say: Say) -> Path:
    from pipeline import assemble, check, compute, documents
    from pipeline.execution.runner import execute

    started, seconds = assemble.now(), dict[str, float]()
    made_from = fingerprint(paths, settings)
    with _timed(seconds, "ingest_and_validation"):
        checked = check.passed(paths, settings, made_from, say)
    with _timed(seconds, "indicators"):
        compute.indicators(paths, settings, checked, say)
    with _timed(seconds, "notebooks"):
        say("Исполняю блокноты…")
        done = execute(paths, settings.parameters(), made_from.inputs, progress=steps(say, "блокнот"))
    with building(paths) as folder:
        with _timed(seconds, "export"):
            say("Собираю HTML и PDF…")
            assemble.report(paths, settings, done, folder)
        with _timed(seconds, "documents"):
            say("Собираю справки и карточки организаций…")
            documents.documents(paths, settings, made_from, assemble.book(paths, settings), folder, say)
        assemble.passports(paths, made_from, folder, started, seconds)
        return publish(paths, folder, made_from.total)


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    seconds[stage] = round(time.monotonic() - begun, 3)
