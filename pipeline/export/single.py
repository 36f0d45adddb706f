"""Documents of one subject: a chapter on its own (аналитическая справка), blocks of one organisation (карточка).

They are set by the same exporters and templates as the report, without title page, chapter numbers and fonts inside:
many files of tens of kilobytes that open from a folder beside the report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from pipeline.export.book import Book, Chapter
from pipeline.export.content import references
from pipeline.export.folding import fold, says_nothing
from pipeline.export.html import MsokoHtmlExporter
from pipeline.export.join import own_sections
from pipeline.export.numbering import Numbers, resolve
from pipeline.export.outline import Piece, Section, Writer, sections, slug
from pipeline.export.pdf import compile_pdf
from pipeline.presentation.blocks import Block

UP = "../"


@dataclass(frozen=True)
class Part:
    """A heading of a document and the blocks under it; without a title they stand before the first heading."""

    title: str
    blocks: tuple[Block, ...]


def of_chapter(
    executed: Mapping[str, NotebookNode], chapter: Chapter, book: Book, tail: Sequence[Part]
) -> NotebookNode | None:
    """A printed chapter as a document with `tail` at its end; None when it says nothing but what it lacks."""
    outlines = {name: sections(notebook) for name, notebook in executed.items()}
    own = own_sections(outlines, chapter)
    if not own or says_nothing(own):
        return None
    moved = [replace(section, pieces=tuple(map(_moved, section.pieces))) for section in fold(own).sections]
    return _written([*moved, *map(_section, tail)], book)


def of_parts(parts: Sequence[Part], book: Book) -> NotebookNode:
    """Parts as a document; paths of their data files are meant from the document's own folder."""
    return _written([_section(part) for part in parts], book)


def _section(part: Part) -> Section:
    pieces = tuple(Piece().with_block(block.payload()) for block in part.blocks)
    return Section(2 if part.title else 0, part.title, "chapter", pieces)


def _moved(piece: Piece) -> Piece:
    """The piece with the path of its data file as seen from a folder beside `data`."""
    block = piece.block
    return piece.with_block({**block, "data": UP + block["data"]}) if block and block.get("data") else piece


def _written(parts: Sequence[Section], book: Book) -> NotebookNode:
    numbers = Numbers()
    counted = [numbers.number(section, "") for section in parts]
    known = frozenset(target for section in counted for piece in section.pieces for target in references(piece.block))
    writer = Writer()
    writer.heading(1, book.title, "report", role="title")
    for section in counted:
        if section.level:
            writer.heading(section.level, section.title, slug(section.title), role="section")
        for piece in section.pieces:
            writer.piece(resolve(piece, numbers.labels, {}, known))
    return writer.notebook(book.model_dump(mode="json"))


@dataclass(frozen=True)
class Press:
    """Writes documents one after another: what is slow to make (templates) is made once."""

    page: MsokoHtmlExporter

    @classmethod
    def ready(cls) -> Press:
        return cls(MsokoHtmlExporter(default_preprocessors=[]))  # type: ignore[no-untyped-call]

    def write(self, notebook: NotebookNode, stem: Path) -> None:
        """`stem`.html and `stem`.pdf."""
        self.page_alone(notebook, stem.with_suffix(".html"))
        stem.with_suffix(".pdf").write_bytes(compile_pdf(notebook))

    def page_alone(self, notebook: NotebookNode, path: Path) -> None:
        """The HTML only."""
        text, _ = self.page.from_notebook_node(notebook)
        path.write_text(text, encoding="utf-8", newline="\n")


def small_book(book: Book, **about: Any) -> Book:
    """The book of a document beside the report: the same territory, year and stamps, a head instead of a title page."""
    return book.model_copy(update={"chapters": (), "front_page": False, "fonts_inside": False, **about})
