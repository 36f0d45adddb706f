"""Blocks → what the Typst template sets: plain data for `report.typ`, text never parsed as markup.

Everything that comes from data goes to the template as JSON, so no character of it can be taken for a command. Only
what pandoc wrote from Markdown is markup; it stands in a file of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.export import long_tables
from pipeline.export.book import Book
from pipeline.export.content import BlockItem, Heading, Html, Item, Picture, Plain, Prose
from pipeline.export.fit import MM, PORTRAIT, SIZES, Fit, breakable, fit, hyphenated
from pipeline.export.foreign import cleaned, tables
from pipeline.export.markdown import convert, localise
from pipeline.export.paging import SMALLEST, TALLEST, Layout
from pipeline.presentation.html import added_sign, signs_used

Json = dict[str, Any]
MAX_PLAIN_LINES = 200
TALL = 92.0  # mm: two charts of this height with their captions fill a page
ROOM = {"chapter": 75.0, "part": 50.0, "matter": 50.0}  # mm that must be free under the beginning of a heading
DRAWN = str.maketrans("＝", "=")  # characters that no shipped font has
ONE_LINE = 120  # letters that may be one line
HOW_LETTERS = 170  # «как посчитано» on paper is a line; the rest is in the HTML and in the data file


@dataclass
class Folder:
    """The folder a document is compiled in: pictures and converted Markdown beside the template."""

    path: Path
    notebook: Path | None = None  # where relative pictures of Markdown lie
    _saved: list[str] = field(default_factory=list)

    def save(self, content: bytes, suffix: str) -> str:
        """Keep a file; its name is returned."""
        name = f"picture-{len(self._saved) + 1:03d}{suffix}"
        (self.path / name).write_bytes(content)
        self._saved.append(name)
        return name


def write_document(content: Sequence[Item], book: Book, folder: Folder) -> list[Json]:
    """Write `report.json` and `pieces.typ`, the data that the template reads; the items set are returned."""
    prose = [localise(i.text, i.attachments, folder.notebook, folder.save) for i in content if isinstance(i, Prose)]
    foreign = [cleaned(i.html) for i in content if isinstance(i, Html) and not tables(i.html)]
    pieces = convert(prose, "markdown", "typst") + convert(foreign, "html", "typst")
    (folder.path / "pieces.typ").write_text(_pieces(pieces), encoding="utf-8")
    found = _items(content, folder, len(prose))
    document = {"book": _book(book), "items": found}
    (folder.path / "report.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return found


def write_layout(layout: Layout, folder: Path) -> None:
    """Write `layout.json`: the order of items, the widths (mm) of charts that differ from those in `report.json`, the
    tables whose last rows and notes are kept together."""
    widths = {str(at): width for at, width in layout.widths.items()}
    content = json.dumps({"order": layout.order, "widths": widths, "kept": sorted(layout.kept)})
    (folder / "layout.json").write_text(content, encoding="utf-8")


def _pieces(pieces: Sequence[str]) -> str:
    """Converted Markdown as an array of contents."""
    head = "#let horizontalrule = line(length: 30%, stroke: 0.4pt)\n"
    body = "".join(f"[\n{piece}\n],\n" for piece in pieces)
    return f"{head}#let pieces = (\n{body})\n"


def _book(book: Book) -> Json:
    data = book.model_dump(mode="json", exclude={"chapters"})
    day = book.report_date
    return data | {
        "date": [day.year, day.month, day.day],
        "stamps": list(book.stamps),
        "year_line": book.year_line,
        "school_line": book.school_line,
    }


def _items(content: Sequence[Item], folder: Folder, prose: int) -> list[Json]:
    """Items in order; landscape tables wait for the end of a page of their chapter, so that none stays half empty."""
    setter = _Setter(folder, prose)
    for item in content:
        setter.add(item)
    setter.close()
    return [{**item, "at": at} for at, item in enumerate(setter.done)]


class _Setter:
    """Turns items into JSON one by one, counting the pieces of markup and holding landscape tables back."""

    def __init__(self, folder: Folder, prose: int) -> None:
        self.done: list[Json] = []
        self._turned: list[Json] = []
        self._whole: list[Json] = []
        self._folder = folder
        self._prose, self._foreign = 0, prose

    def add(self, item: Item) -> None:
        if isinstance(item, Heading):
            self._heading(item)
        elif isinstance(item, BlockItem):
            self._block(item)
        elif isinstance(item, Prose):
            self.done.append({"kind": "piece", "index": self._prose})
            self._prose += 1
        elif isinstance(item, Picture):
            name = self._folder.save(item.data, f".{item.kind}")
            self.done.append({"kind": "picture", "file": name, "alt": "Рисунок из блокнота"})
        elif isinstance(item, Html):
            self._html(item)
        elif isinstance(item, Plain):
            lines = item.text.rstrip().splitlines()[:MAX_PLAIN_LINES]
            self.done.append({"kind": "plain", "text": "\n".join(lines)})

    def flush(self) -> None:
        """Set the landscape tables held back so far: anywhere after `since`, the place of the first of them."""
        if self._turned:
            since = next(at for at, one in enumerate(self.done) if one.get("id") == self._turned[0]["id"])
            self.done.append({"kind": "landscape", "items": self._turned, "floats": True, "since": since})
            self._turned = []

    def close(self) -> None:
        """Set what has waited for the end: landscape tables of the last chapter, long tables as an appendix."""
        self.flush()
        if self._whole:
            as_matter = any(one.get("role") in ("chapter", "matter") for one in self.done)
            self.done.append(long_tables.heading(as_matter=as_matter))
        for payload in self._whole:
            self._table(table(payload, small=True))
        self.flush()

    def _heading(self, item: Heading) -> None:
        if item.role in ("part", "matter", "chapter"):
            self.flush()
        room = ROOM["part"] if item.compact else ROOM.get(item.role, 0.0)
        self.done.append({"kind": "heading", **vars(item), "words": item.words, "room": room})

    def _block(self, item: BlockItem) -> None:
        payload = _loose(_shortened(item.payload))
        if payload["kind"] == "tableblock" and long_tables.is_long(payload) and item.place == "chapter":
            upright = table(long_tables.beginning(payload))
            across = upright["landscape"]
            self._table(table(long_tables.beginning(payload, long_tables.SHOWN_ACROSS)) if across else upright)
            self._whole.append(long_tables.whole(payload))
        elif payload["kind"] == "tableblock":
            self._table(table(payload, small=long_tables.is_long(payload)))
        elif payload["kind"] == "figureblock":
            payload |= drawing(payload["svg"])
            payload["file"] = self._folder.save(payload.pop("svg").encode(), ".svg")
            self.done.append(payload)
        else:
            self.done.append(payload | {"place": item.place, "sticky": self._one_line_after_heading(payload)})

    def _one_line_after_heading(self, payload: Json) -> bool:
        """A lone line under a heading would stay at the foot of a page with it: it holds on to what follows."""
        plain = payload.get("role") in ("body", "note", "empty")
        one = plain and payload["kind"] == "paragraphs" and len(payload["items"]) == 1
        after = bool(self.done) and self.done[-1]["kind"] == "heading"
        return one and after and sum(len(run["text"]) for run in payload["items"][0]) < ONE_LINE

    def _table(self, payload: Json) -> None:
        if payload["landscape"] and payload["number"]:
            self._turned.append(payload)
            self.done.append({"kind": "elsewhere", "id": payload["id"], "number": payload["number"]})
        elif payload["landscape"]:
            self.done.append({"kind": "landscape", "items": [payload]})
        else:
            self.done.append(payload)

    def _html(self, item: Html) -> None:
        found = tables(item.html)
        for one in found:
            self._table(table(one))
        if not found:
            self.done.append({"kind": "piece", "index": self._foreign})
            self._foreign += 1


def table(payload: Mapping[str, Any], *, small: bool = False) -> Json:
    """A table block with its layout: type size, parts with columns and widths, signs of the tones, legend."""
    heads = payload["heads"]
    rows = [[{**cell, "text": breakable(str(cell["text"]))} for cell in row] for row in payload["rows"]]
    layout = fit(heads, rows, wide=bool(payload.get("wide")), sizes=SIZES[-1:] if small else SIZES)
    columns = [_head(head, [row[i] for row in rows if i < len(row)], layout, i) for i, head in enumerate(heads)]
    parts = [
        {
            "widths": [layout.widths[i] for i in part],
            "heads": [columns[i] for i in part],
            "rows": [[_cell(row[i]) for i in part if i < len(row)] for row in rows],
        }
        for part in layout.parts
    ]
    kept = {name: value for name, value in payload.items() if name not in ("heads", "rows")}
    legend = "; ".join([*payload.get("legend", ()), *signs_used(rows, payload.get("legend", ()))])
    room = min(48.0, 26.0 + 8.0 * len(rows))  # the caption, the head and the first rows stand together
    return kept | {"size": layout.size, "landscape": layout.landscape, "parts": parts, "legend": legend, "room": room}


def _head(head: Mapping[str, Any], cells: Sequence[Mapping[str, Any]], layout: Fit, index: int) -> Json:
    texts = [str(cell["text"]) for cell in cells]
    return {**head, "hyphenate": hyphenated(head["title"], texts, layout.widths[index], layout.size)}


def _cell(cell: Mapping[str, Any]) -> Json:
    return {"text": cell["text"], "tone": cell.get("tone", ""), "sign": added_sign(cell)}


def drawing(svg: str) -> dict[str, float]:
    """Size of a chart: `width` in mm at which it is set at first (no wider than the text, no taller than TALL), the
    width as `drawn`, `ratio` of height to width."""
    sizes = [re.search(rf'<svg[^>]*\s{side}="([\d.]+)(pt|px|)"', svg) for side in ("width", "height")]
    width, height = (
        float(size.group(1)) * (1.0 if size.group(2) == "pt" else 0.75) * MM if size else 0 for size in sizes
    )
    if not width or not height:
        return {"width": PORTRAIT, "drawn": PORTRAIT, "ratio": 0.6}
    ratio = height / width
    least = min(SMALLEST * width, TALLEST / ratio)
    return {"width": max(min(width, PORTRAIT, TALL / ratio), least), "drawn": width, "ratio": ratio}


def _shortened(payload: Mapping[str, Any]) -> Json:
    """A block whose «как посчитано» is cut after whole lines to what a page can bear."""
    lines, letters = list(payload.get("how", ())), 0
    kept: list[Any] = []
    for line in lines:
        letters += sum(len(run["text"]) for run in line)
        if kept and letters > HOW_LETTERS:
            break
        kept.append(line)
    more = [[{"text": "полностью — в report.html"}]] if len(kept) < len(lines) else []
    return {**payload, "how": kept + more} if lines else dict(payload)


def _loose(node: Any) -> Any:
    """A payload whose long words may be broken."""
    if isinstance(node, Mapping):
        return {
            name: breakable(value.translate(DRAWN)) if name == "text" else _loose(value) for name, value in node.items()
        }
    return [_loose(child) for child in node] if isinstance(node, list | tuple) else node
