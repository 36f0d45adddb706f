"""Executed notebooks of a run → report.html and report.pdf."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from pipeline.errors import ExportError, Place
from pipeline.export.book import Book
from pipeline.export.html import MsokoHtmlExporter
from pipeline.export.join import join
from pipeline.export.pdf import MsokoPdfExporter

HTML, PDF = "report.html", "report.pdf"


def export_report(executed_dir: Path, book: Book, target: Path) -> None:
    """Join the executed notebooks of `executed_dir` and write report.html and report.pdf into `target`."""
    report = join(read_executed(executed_dir), book)
    page, _ = MsokoHtmlExporter().from_notebook_node(report)  # type: ignore[no-untyped-call]
    paper, _ = MsokoPdfExporter().from_notebook_node(report)  # type: ignore[no-untyped-call]
    target.mkdir(parents=True, exist_ok=True)
    (target / HTML).write_text(page, encoding="utf-8", newline="\n")
    (target / PDF).write_bytes(paper)


def read_executed(folder: Path) -> dict[str, NotebookNode]:
    """Executed notebooks by name, in order of name (in `folder` itself or in a folder of each notebook)."""
    paths = sorted([*folder.glob("*.ipynb"), *folder.glob("*/*.ipynb")], key=lambda path: path.stem)
    if not paths:
        raise ExportError("Нет исполненных блокнотов.", advice="выполните отчёт целиком (msoko run).")
    return {path.stem: _read(path) for path in paths}


def _read(path: Path) -> NotebookNode:
    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call, no-any-return]
    except (ValueError, OSError, nbformat.validator.NotebookValidationError) as error:
        raise ExportError(
            "Исполненный блокнот повреждён.",
            place=Place(path.name),
            advice="удалите его и выполните отчёт ещё раз: блокнот будет исполнен заново.",
        ) from error
