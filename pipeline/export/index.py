"""The page of a run folder: the report, справки, cards, data files with what is in them, checks, notebooks.

It is set by the template of the report from lists of links; every address is relative, so it opens from a file share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from nbformat import NotebookNode

from pipeline.export.book import Book
from pipeline.export.outline import Piece, Writer, sections, slug

INDEX = "index.html"


@dataclass(frozen=True)
class Link:
    """A line of a list: words with their address and the same thing in other forms («PDF» → address)."""

    words: str
    address: str
    also: tuple[tuple[str, str], ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Shelf:
    """A heading with what stands under it: a sentence, links; `filter` asks for a field that narrows a long list."""

    title: str
    links: tuple[Link, ...] = ()
    words: str = ""
    filter: str = ""
    level: int = 2


def document(words: str, stem: str) -> Link:
    """A document that lies in both formats."""
    return Link(words, f"{stem}.html", (("PDF", f"{stem}.pdf"),))


def index(shelves: Iterable[Shelf], book: Book) -> NotebookNode:
    """The page as a notebook for the HTML exporter."""
    writer = Writer()
    writer.heading(1, book.title, "report", role="title")
    for shelf in shelves:
        writer.heading(shelf.level, shelf.title, slug(shelf.title), role="section")
        writer.piece(Piece(data={"text/html": _shelf(shelf)}))
    return writer.notebook(book.model_dump(mode="json"))


def _shelf(shelf: Shelf) -> str:
    words = f"<p>{escape(shelf.words, quote=False)}</p>" if shelf.words else ""
    if not shelf.links:
        return words
    narrow = f' data-filter="{escape(shelf.filter)}"' if shelf.filter else ""
    return f'<ul class="ms-files"{narrow}>{"".join(map(_line, shelf.links))}</ul>{words}'


def _line(link: Link) -> str:
    also = "".join(
        f' <a class="ms-also" href="{_address(address)}" aria-label="{escape(f"{words}: {link.words}")}">'
        f"{escape(words)}</a>"
        for words, address in link.also
    )
    about = f" — {escape(link.about, quote=False)}" if link.about else ""
    return f'<li><a href="{_address(link.address)}">{escape(link.words, quote=False)}</a>{also}{about}</li>'


def _address(path: str) -> str:
    return escape(quote(path))


def data_files(executed: Mapping[str, NotebookNode]) -> dict[str, str]:
    """Path of a data file → the caption of the table or chart that stands on it, of all notebooks in order."""
    found: dict[str, str] = {}
    for path, words in _captions(executed.values()):
        found.setdefault(path, words)
    return found


def _captions(notebooks: Iterable[NotebookNode]) -> Iterator[tuple[str, str]]:
    for block in (block for one in notebooks for section in sections(one) for block in section.blocks):
        if block.get("data"):
            yield block["data"], block.get("caption") or ". ".join(filter(None, (block["title"], block["subtitle"])))


def shelves_of_data(
    names: Sequence[str], captions: Mapping[str, str], chapters: Mapping[str, str], otherwise: str
) -> list[Shelf]:
    """Data files under the titles of their chapters (`chapters`: the two digits a name begins with → title)."""
    found = []
    for number, title in chapters.items():
        own = [name for name in names if name.startswith(f"{number}_")]
        links = tuple(Link(name, f"data/{name}", about=captions.get(f"data/{name}", otherwise)) for name in own)
        if links:
            found.append(Shelf(title, links, level=3))
    return found
