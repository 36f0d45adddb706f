"""Executed notebooks → one notebook that reads as a book: numbered, cross-referenced, nothing volatile in it.

Order: front matter (cells tagged `front`), chapters as the book lists them, back matter (cells tagged `back`). The
result is a plain notebook whose headings and captions carry their numbers; `metadata.msoko` keeps the Book.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from pipeline.errors import ExportError, Place
from pipeline.export.book import Book, Chapter
from pipeline.export.folding import Folded, fold
from pipeline.export.numbering import NBSP, Numbers, resolve
from pipeline.export.outline import Section, Writer, sections, slug

__all__ = ["Book", "Chapter", "join"]


@dataclass(frozen=True)
class Numbered:
    """A chapter ready to be written: its number in printed order and its folded sections."""

    chapter: Chapter
    number: str
    folded: Folded

    @property
    def anchor(self) -> str:
        return f"c-{slug(self.chapter.code)}"


def join(executed: Mapping[str, NotebookNode], book: Book) -> NotebookNode:
    """Join executed notebooks (by name: `01_achievement`) into the report.

    Raises ExportError if a chapter's notebook is missing, an id repeats or a reference leads nowhere.
    """
    numbers = Numbers()
    outlines = {name: sections(notebook) for name, notebook in executed.items()}
    front = [numbers.number(section, "") for section in _matter(outlines, "front")]
    chapters = _chapters(outlines, book, numbers)
    back = [numbers.number(section, "П.") for section in _matter(outlines, "back")]
    targets = [(target, item) for item in chapters for target in _codes(item.chapter)]
    labels = {target: f"раздел{NBSP}{item.number}" for target, item in targets} | numbers.labels
    anchors = {target: item.anchor for target, item in targets if target not in numbers.labels}

    writer = _Report(labels, anchors, _all_ids(outlines) | _left_out(book))
    writer.heading(1, book.title, "report", role="title")
    writer.matter(front, "front")
    writer.chapters(chapters)
    writer.matter(back, "back")
    return writer.notebook(book.model_dump(mode="json"))


def _chapters(outlines: Mapping[str, Sequence[Section]], book: Book, numbers: Numbers) -> list[Numbered]:
    printed: list[Numbered] = []
    for chapter in book.chapters:
        own = own_sections(outlines, chapter) if chapter.printed else []
        if not own:
            continue
        number = str(len(printed) + 1)
        folded = fold(own)
        counted = tuple(numbers.number(section, f"{number}.") for section in folded.sections)
        printed.append(Numbered(chapter, number, Folded(counted, folded.compact)))
    return printed


def own_sections(outlines: Mapping[str, Sequence[Section]], chapter: Chapter) -> list[Section]:
    """Sections of a chapter's notebooks without their H1; notebooks named in `also` keep theirs as a section."""
    main = [section for section in _outline(outlines, chapter.code) if section.place == "chapter"]
    own = [Section(0, "", s.place, s.pieces) if s.level == 1 else s for s in main if s.level != 1 or s.pieces]
    for code in chapter.also:
        for section in _outline(outlines, code):
            if section.place == "chapter":
                own.append(Section(section.level + 1 if section.level else 0, section.title, "chapter", section.pieces))
    return own


def _outline(outlines: Mapping[str, Sequence[Section]], code: str) -> Sequence[Section]:
    for name, outline in outlines.items():
        if code in (name, name.partition("_")[2], name.partition("_")[0]):
            return outline
    raise ExportError(
        f"Для раздела «{code}» нет исполненного блокнота.",
        place=Place(f"{code}.ipynb"),
        advice="выполните отчёт целиком (msoko run) или исправьте перечень разделов в профиле территории.",
    )


def _codes(chapter: Chapter) -> list[str]:
    """Names a reference may use for a chapter: `01_achievement`, `achievement`."""
    codes = (chapter.code, *chapter.also)
    return list(dict.fromkeys([*codes, *(re.sub(r"^\d+_", "", code) for code in codes)]))


def _matter(outlines: Mapping[str, Sequence[Section]], place: str) -> list[Section]:
    return [section for outline in outlines.values() for section in outline if section.place == place]


def _all_ids(outlines: Mapping[str, Sequence[Section]]) -> frozenset[str]:
    every = (section for outline in outlines.values() for section in outline)
    return frozenset(block["id"] for section in every for block in section.blocks if "id" in block)


def _left_out(book: Book) -> frozenset[str]:
    return frozenset(code for chapter in book.chapters for code in _codes(chapter))


class _Report(Writer):
    """Writes the parts of the report at their heading levels, with references resolved."""

    def __init__(self, labels: Mapping[str, str], anchors: Mapping[str, str], known: frozenset[str]) -> None:
        super().__init__()
        self._labels, self._targets, self._known = labels, anchors, known

    def matter(self, parts: Sequence[Section], place: str) -> None:
        """Front and back matter: unnumbered, at the level of parts."""
        for section in parts:
            if section.level:
                level = max(section.level, 2)
                role = "matter" if level == 2 else "section"
                self.heading(level, section.title, f"{place}-{slug(section.title)}", role=role, place=place)
            self._pieces(section, place)

    def chapters(self, chapters: Sequence[Numbered]) -> None:
        """Chapters, under the headings of their parts where the profile has parts."""
        part = None
        for item in chapters:
            if item.chapter.part and item.chapter.part != part:
                self.heading(2, item.chapter.part, f"part-{slug(item.chapter.part)}", role="part")
            part = item.chapter.part or None
            level = 3 if part else 2
            compact = item.folded.compact
            self.heading(level, item.chapter.title, item.anchor, role="chapter", number=item.number, compact=compact)
            self._sections(item, level)

    def _sections(self, item: Numbered, level: int) -> None:
        count = 0
        for section in item.folded.sections:
            if section.level == 2:
                count += 1
            if section.level:
                number = f"{item.number}.{count}" if section.level == 2 else ""
                anchor = f"{item.anchor}-{slug(section.title)}"
                self.heading(level + section.level - 1, section.title, anchor, role="section", number=number)
            self._pieces(section, "chapter")

    def _pieces(self, section: Section, place: str) -> None:
        for piece in section.pieces:
            self.piece(resolve(piece, self._labels, self._targets, self._known), place=place)
