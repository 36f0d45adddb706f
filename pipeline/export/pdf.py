"""Notebook → PDF through Typst: an nbconvert exporter that needs no system package.

`jupyter nbconvert --to msoko-pdf NOTEBOOK` works on any notebook; the joined report is set as a book.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import typst
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from pipeline.errors import ExportError
from pipeline.export import paging
from pipeline.export.book import Book
from pipeline.export.content import book_of, items, prepared
from pipeline.export.packing import packed
from pipeline.export.typst import Folder, write_document, write_layout
from pipeline.paths import PACKAGE

FONTS = PACKAGE / "export" / "fonts"
Standard = Literal["a-2a", "ua-1"]
TEMPLATE = PACKAGE / "export" / "templates" / "report.typ"
STANDARDS: tuple[Standard, ...] = ("a-2a", "ua-1")


class MsokoPdfExporter(Exporter):
    """PDF of a joined report or of any single notebook; code is never printed."""

    export_from_notebook = "PDF (МСОКО)"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Bytes of the PDF; ExportError if Typst refuses the document."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        about = resources.get("metadata", {})
        ready = prepared(nb, str(about.get("name", "")))
        folder = Path(about["path"]) if "path" in about else None
        return compile_pdf(ready, folder), resources


def compile_pdf(notebook: NotebookNode, pictures: Path | None = None) -> bytes:
    """PDF of a prepared notebook; `pictures` is where relative images of its Markdown lie."""
    book = book_of(notebook)
    with tempfile.TemporaryDirectory(prefix="msoko-pdf-") as name:
        folder = Folder(Path(name), pictures)
        shutil.copy(TEMPLATE, folder.path / "main.typ")
        fill_pages(folder.path, write_document(items(notebook), book, folder))
        try:
            return _compile(folder.path, book, STANDARDS)
        except typst.TypstError:
            # a foreign notebook may hold what PDF/UA forbids; it is still worth a PDF
            return _checked(folder.path, book)


def fill_pages(folder: Path, document: Sequence[Mapping[str, Any]]) -> None:
    """Set the document, look where its items fall, and choose the layout whose pages are filled best."""

    def look(layout: paging.Layout) -> list[paging.Spot]:
        write_layout(layout, folder)
        return _spots(folder)

    try:
        layout = paging.fill(document, look)
    except (typst.TypstError, RuntimeError):
        layout = paging.Layout(tuple(range(len(document))), {})  # what is wrong will be told by the real attempt
    write_layout(layout, folder)


def _spots(folder: Path) -> list[paging.Spot]:
    """Where items begin and end when the document is set as it stands in `folder`."""
    told = typst.query(
        str(folder / "main.typ"),
        "<spot>",
        field="value",
        root=str(folder),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )
    return [paging.Spot(**value) for value in json.loads(told)]


def _checked(folder: Path, book: Book) -> bytes:
    try:
        return _compile(folder, book, ())
    except typst.TypstError as error:
        raise ExportError(
            f"Программа вёрстки Typst не приняла отчёт: {_without_paths(error.message)}.",
            advice="найдите в блокнотах последнее изменение таблицы, рисунка или текста и проверьте его.",
        ) from error


def _without_paths(message: str) -> str:
    return re.sub(r"\s*\(searched at [^)]*\)|(?:[A-Za-z]:)?[\\/][^\s:]+[\\/]", "", message).rstrip(".")


def _compile(folder: Path, book: Book, standards: tuple[Standard, ...]) -> bytes:
    day = book.report_date
    compiled: bytes = typst.compile(
        str(folder / "main.typ"),
        root=str(folder),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=list(standards),
        timestamp=dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC),
    )
    return packed(compiled)
