"""Pages of a PDF as poppler draws and reads them: where ink ends, where words stand, where headings lead.

Run as `python -m tests.browser.paper FILE.pdf` it prints how much of each page stays white under its text.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path

import numpy as np
from pypdf import PdfReader
from pypdf.generic import Destination

DPI = 24
MM_PER_POINT = 25.4 / 72
TOP, BOTTOM = 20.0, 20.0  # margins in mm, the same on pages that lie across
LEFT, RIGHT = 30.0, 15.0
ACROSS = (20.0, 30.0)  # left and right margin of a page that lies across
INK = 200  # of 255: darker is ink, hairlines included
_WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')


@dataclass(frozen=True)
class Word:
    """A word and its box in mm from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PaperPage:
    """A page: its size in mm, its words, the rows that bear ink (mm)."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    inked: tuple[float, ...]

    @property
    def across(self) -> bool:
        return self.width > self.height

    @property
    def margins(self) -> tuple[float, float]:
        """Left and right edge of the text, mm."""
        left, right = ACROSS if self.across else (LEFT, RIGHT)
        return left, self.width - right

    @property
    def end(self) -> float:
        """Where the last ink above the foot stands, mm."""
        return max((y for y in self.inked if TOP <= y <= self.height - BOTTOM), default=TOP)

    @property
    def white(self) -> float:
        """Share of the text area that is white under the last ink."""
        return (self.height - BOTTOM - self.end) / (self.height - BOTTOM - TOP)

    @property
    def body(self) -> list[Word]:
        """Words between head and foot."""
        return [word for word in self.words if word.top > TOP - 2 and word.bottom < self.height - BOTTOM + 2]

    @property
    def first_line(self) -> str:
        """The first line of text under the head."""
        top = min((word.top for word in self.body), default=0.0)
        return " ".join(word.text for word in self.body if word.top < top + 2)


@dataclass(frozen=True)
class Mark:
    """A bookmark: a heading of the document, its page and its place on it (mm); `level` 0 for parts and chapters."""

    title: str
    page: int
    top: float
    level: int


@dataclass(frozen=True)
class Paper:
    """A PDF as it is seen."""

    path: Path

    @cached_property
    def pages(self) -> list[PaperPage]:
        drawn = _drawn(self.path)
        told = subprocess.run(["pdftotext", "-bbox", self.path, "-"], capture_output=True, text=True, check=True)
        found = []
        for number, (chunk, rows) in enumerate(zip(told.stdout.split("<page ")[1:], drawn, strict=True), 1):
            size = re.match(r'width="([\d.]+)" height="([\d.]+)"', chunk)
            assert size is not None
            width, height = (float(side) * MM_PER_POINT for side in size.groups())
            found.append(PaperPage(number, width, height, _words(chunk), rows))
        return found

    @cached_property
    def marks(self) -> list[Mark]:
        reader = PdfReader(self.path)
        heights = [float(page.mediabox.height) for page in reader.pages]
        found: list[Mark] = []

        def walk(entries: list, level: int) -> None:  # type: ignore[type-arg]
            for entry in entries:
                if isinstance(entry, Destination):
                    page = reader.get_destination_page_number(entry)
                    assert page is not None
                    top = (heights[page] - float(entry.top or 0)) * MM_PER_POINT
                    found.append(Mark(str(entry.title).replace("\u00a0", " "), page + 1, top, level))
                else:
                    walk(entry, level + 1)

        walk(reader.outline, 0)
        return found

    @property
    def openings(self) -> set[int]:
        """Pages that a chapter, a part or a matter begins at the top of."""
        return {mark.page for mark in self.marks if mark.level == 0 and mark.top < TOP + 15}


def _words(chunk: str) -> tuple[Word, ...]:
    found = []
    for left, top, right, bottom, text in _WORD.findall(chunk):
        box = (float(side) * MM_PER_POINT for side in (left, top, right, bottom))
        found.append(Word(unescape(text), *box))
    return tuple(found)


def _drawn(path: Path) -> list[tuple[float, ...]]:
    """Rows with ink of each page, mm."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", path, f"{folder}/p"], check=True, capture_output=True)
        return [_inked(picture) for picture in sorted(Path(folder).glob("p-*.pgm"))]


def _inked(picture: Path) -> tuple[float, ...]:
    head, body = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", picture.read_bytes()), picture.read_bytes()
    assert head is not None
    width, height = int(head.group(1)), int(head.group(2))
    pixels = np.frombuffer(body[head.end() :], dtype=np.uint8).reshape(height, width)
    return tuple((np.flatnonzero((pixels < INK).any(axis=1)) + 0.5) * 25.4 / DPI)


if __name__ == "__main__":
    paper = Paper(Path(sys.argv[1]))
    for page in paper.pages:
        print(f"{page.number:4d} {page.white:5.0%} {'opens next' if page.number + 1 in paper.openings else ''}")
    shares = [page.white for page in paper.pages]
    print(f"mean {np.mean(shares):.1%}, over 30 %: {sum(share > 0.3 for share in shares)} of {len(shares)}")
