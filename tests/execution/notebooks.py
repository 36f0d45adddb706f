"""Small notebooks for the tests of execution, and an engine that stands in for Papermill."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from pipeline.errors import NotebookError
from pipeline.execution.plan import Notebook
from pipeline.paths import Paths

PARAMETERS = {"territory": "demo", "report_year": 2026}
DECLARED = 'territory = "demo"\nreport_year = 2026'


def markdown(text: str, cell_id: str = "title") -> dict[str, Any]:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": text}


def code(text: str, cell_id: str, *tags: str) -> dict[str, Any]:
    metadata = {"tags": list(tags)} if tags else {}
    return {
        "cell_type": "code",
        "id": cell_id,
        "metadata": metadata,
        "source": text,
        "outputs": [],
        "execution_count": None,
    }


def book(*cells: dict[str, Any]) -> dict[str, Any]:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": list(cells)}


def chapter(*codes: str, title: str = "Глава") -> dict[str, Any]:
    """A lawful notebook: heading, parameters, then the given cells c1, c2, …"""
    cells = [code(text, f"c{number}") for number, text in enumerate(codes, start=1)]
    return book(markdown(f"# {title}"), code(DECLARED, "parameters", "parameters"), *cells)


def write(folder: Path, notebook: Notebook, content: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / notebook.file
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def workspace(root: Path, **chapters: dict[str, Any]) -> Paths:
    """A workspace whose notebooks are `chapters`: n00_first=chapter(…)."""
    for name, content in chapters.items():
        number, _, stem = name.removeprefix("n").partition("_")
        write(root / "notebooks", Notebook(number, stem), content)
    return Paths(root, "demo", 2026)


class FakeEngine:
    """Writes what Papermill would leave, remembers the order of calls, fails where asked."""

    def __init__(self, fails: str = "") -> None:
        self.calls: list[str] = []
        self.fails = fails

    def __call__(self, task: Any, into: Any, living: Any) -> None:
        self.calls.append(task.name)
        if task.name == self.fails:
            raise NotebookError(f"{task.name} остановился")
        source = task.source.read_text(encoding="utf-8")
        into.executed.write_text(source, encoding="utf-8")
        (into.handoff / "findings.json").write_text(str(len(source)), encoding="utf-8")


def gone(pid: int) -> bool:
    """Whether a process has ended (a zombie has)."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True
