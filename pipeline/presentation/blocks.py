"""What a notebook shows: blocks that carry their own data, so that HTML and PDF are drawn from the same thing.

A block displayed in Jupyter gives two representations: `text/html` (seen in JupyterLab and in the HTML report) and
BLOCK_MIME, the block itself as JSON, from which the PDF is set. Numbers in text are runs with the key of the
indicator row or finding they came from; `presentation.html` and `export.typst` render every kind of block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pipeline.presentation.text import typeset

BLOCK_MIME = "application/vnd.msoko.block+json"

NOT_WORDS = {"svg", "id", "key", "ref", "data", "number", "role", "tone", "sort"}
Tone = Literal["", "better", "worse", "same", "unknown", "muted", "warning", "critical", "ok"]
# State marks in tables: four things that must not look alike (explained in the legend under the table).
MARKS = {"suppressed": "•", "no_data": "…", "not_applicable": "×", "blank": "—"}


@dataclass(frozen=True)
class Run:
    """A piece of text. `key` binds a number to its indicator row or finding; `ref` names a figure or table."""

    text: str
    key: str = ""
    ref: str = ""
    strong: bool = False


Text = tuple[Run, ...]


@dataclass(frozen=True)
class Cell:
    """A table cell; `sort` is what sorting uses (exact number), `tone` colours and is always doubled by words."""

    text: str
    key: str = ""
    sort: float | str | None = None
    tone: Tone = ""


@dataclass(frozen=True)
class Head:
    """A column head. `width` is a weight for the PDF; `align` left, right or center."""

    title: str
    align: Literal["left", "right", "center"] = "left"
    width: float = 1.0


@dataclass(frozen=True)
class Block:
    """Base: a block knows its kind and shows itself in Jupyter."""

    def payload(self) -> dict[str, Any]:
        """The block as JSON-ready data, `kind` first."""
        return {"kind": type(self).__name__.lower(), **_typeset(asdict(self))}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from pipeline.presentation.html import render

        payload = self.payload()
        return {BLOCK_MIME: payload, "text/html": render(payload), "text/plain": f"<{payload['kind']}>"}


@dataclass(frozen=True)
class Paragraphs(Block):
    """Sentences. role: body, lead (the chapter's main conclusions, as a list), note (small), warning, empty (says that
    a section has no data; the printed report folds sections that hold nothing else)."""

    items: tuple[Text, ...]
    role: Literal["body", "lead", "list", "note", "warning", "empty"] = "body"


@dataclass(frozen=True)
class Strip(Block):
    """The strip under a chapter's title: sources, year, coverage, checks."""

    items: tuple[tuple[str, Text], ...]


@dataclass(frozen=True)
class TableBlock(Block):
    """A table. `id` is stable and unique in a report; number («Таблица 2.3») is given when chapters are joined.

    `how` are lines of «как посчитано»; `legend` explains the state marks used; `data` is the path of the data file
    relative to the report folder; `span` (first, last row index, title) groups rows under a subheading.
    """

    id: str
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: Text = ()
    statement: Text = ()
    how: tuple[Text, ...] = ()
    legend: tuple[str, ...] = ()
    data: str = ""
    number: str = ""
    wide: bool = False


@dataclass(frozen=True)
class FigureBlock(Block):
    """A chart as SVG text. `title` states the finding, `subtitle` says what, who, year and n; `alt` is made from the
    same data; `statement` is the sentence under the chart."""

    id: str
    title: str
    subtitle: str
    alt: str
    svg: str
    source: Text = ()
    statement: Text = ()
    how: tuple[Text, ...] = ()
    data: str = ""
    number: str = ""


@dataclass(frozen=True)
class Pairs(Block):
    """A two-column list of names and values: report passport, title facts, definitions of an indicator."""

    id: str
    caption: str
    items: tuple[tuple[str, Text], ...]


KINDS: dict[str, type[Block]] = {
    kind.__name__.lower(): kind for kind in (Paragraphs, Strip, TableBlock, FigureBlock, Pairs)
}


def text(*parts: str | Run) -> Text:
    """Runs from plain strings and runs: text("Доля ", Run("12 %", key="…"))."""
    return tuple(part if isinstance(part, Run) else Run(part) for part in parts)


def _typeset(value: Any) -> Any:
    """Every sentence of a payload typeset; identifiers, keys and pictures stay as they are."""
    if isinstance(value, str):
        return typeset(value)
    if isinstance(value, dict):
        return {name: item if name in NOT_WORDS else _typeset(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_typeset(item) for item in value]
    return value


def plain(runs: Sequence[Run] | Sequence[dict[str, Any]]) -> str:
    """The words of a text without bindings."""
    return "".join(run["text"] if isinstance(run, dict) else run.text for run in runs)
