"""Points in the middle of a run where something strikes: a full disk, Ctrl-C, the death of the process."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline import assemble, documents, tables
from pipeline.execution import publication, runner
from tests.bad_input import door

Strike = Callable[[], None]
LAST = runner.NOTEBOOKS[-1].name


def at_tables(patch: pytest.MonkeyPatch, strike: Strike) -> None:
    """Among the clean tables: the organisations are written, the results are not."""
    write = tables.write

    def struck(name: str, frame: Any, path: Path) -> None:
        if path.parent.name == "1_clean" and name != "organisations":
            strike()
        write(name, frame, path)

    patch.setattr(tables, "write", struck)


def at_notebooks(patch: pytest.MonkeyPatch, strike: Strike) -> None:
    """In the last notebook, the first one is finished; a notebook whose kernel is killed ends at once."""

    def struck(task: Any, into: Any, living: Any) -> None:
        if task.name == LAST:
            (into.handoff / "half.csv").write_text("полов", encoding="utf-8")
            strike()
            deadline = time.monotonic() + 20
            while not living.closed and time.monotonic() < deadline:
                time.sleep(0.01)
        door.engine(task, into, living)

    patch.setitem(runner.execute.__kwdefaults__, "engine", struck)


def at_export(patch: pytest.MonkeyPatch, strike: Strike) -> None:
    """The page is half written, the PDF is not begun."""

    def struck(executed_dir: Path, book: Any, target: Path) -> None:
        (target / "report.html").write_text("<html>полов", encoding="utf-8")
        strike()
        door.export(executed_dir, book, target)

    patch.setattr(assemble, "export_report", struck)


def at_documents(patch: pytest.MonkeyPatch, strike: Strike) -> None:
    """The report is written, the first card is half written, the page of the run is not begun."""

    def struck(paths: Any, settings: Any, made_from: Any, book: Any, folder: Path, say: Any) -> None:
        (folder / "cards").mkdir()
        (folder / "cards" / "org.html").write_text("<html>полов", encoding="utf-8")
        strike()
        (folder / "cards" / "org.html").unlink()
        (folder / "cards").rmdir()
        door.papers(paths, settings, made_from, book, folder, say)

    patch.setattr(documents, "documents", struck)


def at_publishing(patch: pytest.MonkeyPatch, strike: Strike) -> None:
    """The new folder has its name, the pointer has not moved."""
    point = publication._point

    def struck(pointer: Path, name: str) -> None:
        strike()
        point(pointer, name)

    patch.setattr(publication, "_point", struck)


POINTS = {
    "tables": at_tables,
    "notebooks": at_notebooks,
    "export": at_export,
    "documents": at_documents,
    "publishing": at_publishing,
}
