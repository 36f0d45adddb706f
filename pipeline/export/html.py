"""Notebook → one HTML file that needs neither a server nor a network.

The template `msoko` sets the joined report or any single notebook: contents at the side, search inside the page,
sortable tables. Fonts, style and script are inside the file.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets import default

from pipeline.export.content import BlockItem, Heading, Html, Item, Picture, Plain, Prose, book_of, items, prepared
from pipeline.export.markdown import convert, localise
from pipeline.paths import PACKAGE
from pipeline.presentation.html import inline_svg, render

TEMPLATES = PACKAGE / "export" / "templates"
FONTS = (
    ("PT Sans", 400, "PTS55F.ttf"),
    ("PT Sans", 700, "PTS75F.ttf"),
    ("PT Serif", 400, "PTF55F.ttf"),
    ("PT Serif", 700, "PTF75F.ttf"),
)
TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml"}
_FETCHED = ("script", "style", "link", "iframe", "object", "embed", "base", "meta")


class MsokoHtmlExporter(HTMLExporter):
    """HTML of a joined report or of any single notebook; code is never printed."""

    export_from_notebook = "HTML (МСОКО)"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "msoko"

    @default("extra_template_basedirs")
    def _basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The whole page as text."""
        about = (resources or {}).get("metadata", {})
        ready = prepared(nb, str(about.get("name", "")))
        folder = Path(about["path"]) if "path" in about else None
        given = dict(resources or {}) | {"msoko": page(ready, folder)}
        # not HTMLExporter's own: it would parse megabytes again only to add English alternative texts
        text, resources = TemplateExporter.from_notebook_node(self, ready, given, **kw)
        return text, resources


def page(notebook: NotebookNode, pictures: Path | None = None) -> dict[str, Any]:
    """What the template needs: the book, the headings for the contents, the fragments, style, script, fonts."""
    book = book_of(notebook)
    content = items(notebook)
    headings = [item for item in content if isinstance(item, Heading) and item.role != "title"]
    return {
        "book": book,
        "contents": _contents(headings),
        "fragments": list(_fragments(content, pictures)),
        "style": (TEMPLATES / "msoko" / "report.css").read_text(encoding="utf-8"),
        "script": (TEMPLATES / "msoko" / "report.js").read_text(encoding="utf-8"),
        "fonts": _fonts() if book.fonts_inside else "",
        "running": ". ".join([*book.stamps]),
    }


@dataclass
class Entry:
    """An entry of the contents with the sections under it."""

    heading: Heading
    inner: list[Heading]


def _contents(headings: Sequence[Heading]) -> list[Entry]:
    """Parts, chapters and matter, each with its sections; in a single notebook, its second-level headings."""
    entries: list[Entry] = []
    for heading in headings:
        above = entries[-1].heading if entries else None
        if above is None or heading.role != "section" or (above.role == "section" and heading.level <= above.level):
            entries.append(Entry(heading, []))
        elif heading.level <= above.level + 1:
            entries[-1].inner.append(heading)
    return entries


def _fragments(content: Sequence[Item], pictures: Path | None) -> Iterator[str]:
    prose = [localise(i.text, i.attachments, pictures, _address) for i in content if isinstance(i, Prose)]
    converted = iter(convert(prose, "markdown", "html"))
    for number, item in enumerate(content):
        if isinstance(item, Heading):
            yield _heading(item)
        elif isinstance(item, BlockItem):
            yield render(item.payload)
        elif isinstance(item, Prose):
            yield f'<div class="ms-prose">{_harmless(next(converted))}</div>'
        else:
            yield _foreign(item, number)


def _heading(item: Heading) -> str:
    if item.role == "title":
        return ""
    number = f'<span class="ms-no">{item.number}</span> ' if item.number else ""
    small = " ms-compact" if item.compact else ""
    return (
        f'<h{item.level} id="{item.anchor}" class="ms-h-{item.role}{small}" tabindex="-1">'
        f"{number}{escape(item.title, quote=False)}</h{item.level}>"
    )


def _foreign(item: Html | Picture | Plain, number: int) -> str:
    if isinstance(item, Html):
        return f'<div class="ms-scroll ms-foreign">{_harmless(item.html)}</div>'
    if isinstance(item, Plain):
        return f'<pre class="ms-plain">{escape(item.text, quote=False)}</pre>'
    if item.kind == "svg":
        return f'<div class="ms-scroll ms-chart">{inline_svg(item.data.decode(), f"picture-{number}", "Рисунок")}</div>'
    return f'<p><img src="{_address(item.data, "." + item.kind)}" alt="Рисунок"></p>'


def _address(content: bytes, suffix: str) -> str:
    return f"data:{TYPES[suffix]};base64,{b64encode(content).decode()}"


def _harmless(html: str) -> str:
    """HTML of others without scripts, styles and anything that would be fetched; tables get scopes."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(_FETCHED):
        tag.decompose()
    for tag in soup.find_all("img"):
        if not str(tag.get("src", "")).startswith("data:"):
            tag.replace_with(f"[{tag.get('alt') or 'рисунок'}]")
        elif not tag.get("alt"):
            tag["alt"] = "Рисунок"
    for tag in soup.select("thead th"):
        tag["scope"] = "col"
    for tag in soup.select("tbody th"):
        tag["scope"] = "row"
    for tag in soup.find_all(True):
        tag.attrs = {name: value for name, value in tag.attrs.items() if not name.startswith("on") and name != "border"}
    return str(soup)


@lru_cache(maxsize=1)
def _fonts() -> str:
    """@font-face rules with the shipped fonts, unmodified, inside the file."""
    return "\n".join(_face(family, weight, PACKAGE / "export" / "fonts" / name) for family, weight, name in FONTS)


def _face(family: str, weight: int, path: Path) -> str:
    data = b64encode(path.read_bytes()).decode()
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;'
        f'src:url("data:font/ttf;base64,{data}") format("truetype")}}'
    )
