"""A notebook as the flat list of things an exporter sets: the same list for HTML and for PDF."""

from __future__ import annotations

import base64
import datetime as dt
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from pipeline.export.book import STAMP, Book
from pipeline.export.numbering import Numbers, resolve
from pipeline.export.outline import Section, Writer, sections, slug
from pipeline.presentation.blocks import BLOCK_MIME


@dataclass(frozen=True)
class Heading:
    """`role`: title, part, matter (front and back), chapter, section. `compact`: asks for no page of its own."""

    level: int
    number: str
    title: str
    anchor: str
    role: str = "section"
    compact: bool = False

    @property
    def words(self) -> str:
        return f"{self.number}\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{self.title}" if self.number else self.title


@dataclass(frozen=True)
class Prose:
    """Markdown with the attachments of its cell."""

    text: str
    attachments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BlockItem:
    """A block of ours; `place` is front, chapter or back."""

    payload: Mapping[str, Any]
    place: str = "chapter"


@dataclass(frozen=True)
class Html:
    """HTML made by somebody else: a DataFrame, a styled table."""

    html: str


@dataclass(frozen=True)
class Picture:
    """An image of a foreign notebook; `kind` is svg, png or jpg."""

    kind: str
    data: bytes


@dataclass(frozen=True)
class Plain:
    """Printed text, an error, a representation nobody can draw."""

    text: str


Item = Heading | Prose | BlockItem | Html | Picture | Plain


def book_of(notebook: NotebookNode) -> Book:
    """The Book of a joined notebook."""
    return Book.model_validate(notebook.metadata["msoko"])


def prepared(notebook: NotebookNode, name: str = "") -> NotebookNode:
    """The notebook as `join` would leave it; a notebook exported alone gets a Book of its own."""
    return notebook if "msoko" in notebook.metadata else alone(notebook, name)


def alone(notebook: NotebookNode, name: str) -> NotebookNode:
    """Any single notebook as a small book without title page; ours carry the stamp of the internal edition."""
    outline = sections(notebook, streams=True)
    numbers = Numbers()
    counted = [numbers.number(section, "") for section in outline]
    first = next((section for section in counted if section.level == 1), None)
    title = first.title if first else name or "Блокнот"
    deeper = 1 if first is None or sum(section.level == 1 for section in counted) > 1 else 0
    writer = Writer()
    writer.heading(1, title, "report", role="title")
    for section in counted:
        if section.level and section is not first:
            writer.heading(section.level + deeper, section.title, slug(section.title), role="section")
        for piece in section.pieces:
            writer.piece(resolve(piece, numbers.labels, {}, frozenset(references(piece.block))))
    return writer.notebook(_own_book(notebook, title, counted).model_dump(mode="json"))


def _own_book(notebook: NotebookNode, title: str, outline: list[Section]) -> Book:
    ours = any(section.blocks for section in outline)
    parameters = notebook.metadata.get("papermill", {}).get("parameters", {})
    date = parameters.get("report_date") or _epoch()
    return Book(title=title, stamp=STAMP if ours else "", report_date=dt.date.fromisoformat(date), front_page=False)


def _epoch() -> str:
    """A date for a notebook that has none: fixed, so that the same notebook gives the same bytes."""
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", "946684800"))
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date().isoformat()


def references(node: Any) -> Iterator[str]:
    """Targets of the references in a block."""
    if isinstance(node, Mapping):
        if node.get("ref"):
            yield str(node["ref"])
        node = list(node.values())
    if isinstance(node, list | tuple):
        for child in node:
            yield from references(child)


def items(notebook: NotebookNode) -> list[Item]:
    """The content of a prepared notebook in reading order; a list that only repeats its heading loses its caption."""
    found = [item for cell in notebook.cells for item in _cell(cell)]
    return [_uncaptioned(item, before) for before, item in zip([None, *found], found, strict=False)]


def _uncaptioned(item: Item, before: Item | None) -> Item:
    if not isinstance(before, Heading) or not isinstance(item, BlockItem) or item.payload["kind"] != "pairs":
        return item
    same = item.payload["caption"] == before.title
    return BlockItem({**item.payload, "caption": ""}, item.place) if same else item


def _cell(cell: NotebookNode) -> Iterator[Item]:
    about = cell.metadata.get("msoko", {})
    if about.get("kind") == "heading":
        yield Heading(**{name: about[name] for name in Heading.__dataclass_fields__ if name in about})
    elif cell.cell_type == "markdown":
        yield Prose(cell.source, cell.get("attachments", {}))
    else:
        for output in cell.outputs:
            yield _output(output.data, about.get("place", "chapter"))


def _output(data: Mapping[str, Any], place: str) -> Item:
    if BLOCK_MIME in data:
        return BlockItem(data[BLOCK_MIME], place)
    kind, value = next(iter(data.items()))
    text = value if isinstance(value, str) else "".join(value)
    if kind == "image/svg+xml":
        return Picture("svg", text.encode())
    if kind in ("image/png", "image/jpeg"):
        return Picture("png" if kind.endswith("png") else "jpg", base64.b64decode(text))
    if kind == "text/html":
        return Html(text)
    return Plain(text) if kind == "text/plain" else Prose(text)
