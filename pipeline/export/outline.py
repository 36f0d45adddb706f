"""An executed notebook as headings with what stands under them, and the cells of the joined notebook.

Only what is printed survives: prose, and outputs without execution counts, timings, streams or metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from nbformat import NotebookNode, from_dict

from pipeline.presentation.blocks import BLOCK_MIME
from pipeline.presentation.html import render

# Representations that can be printed, best first.
PRINTABLE = (
    BLOCK_MIME,
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/html",
    "text/markdown",
    "text/latex",
    "text/plain",
)
Place = str  # chapter, front, back
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_MARKUP = re.compile(r"(\*\*|__|`|(?<!\w)[*_]|[*_](?!\w))")
_LATIN = str.maketrans(
    dict(zip("абвгдеёзийклмнопрстуфхцыэ", "abvgdeezijklmnoprstufhcye", strict=True))
    | {"ж": "zh", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ъ": "", "ь": ""}
)


@dataclass(frozen=True)
class Piece:
    """One printed thing: prose (Markdown) or an output (a mime bundle)."""

    prose: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    attachments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def block(self) -> dict[str, Any] | None:
        """The payload if this is a block of ours."""
        return self.data.get(BLOCK_MIME)

    def with_block(self, payload: Mapping[str, Any]) -> Piece:
        return replace(self, data={BLOCK_MIME: dict(payload), "text/html": render(payload)})


@dataclass(frozen=True)
class Section:
    """A heading (level 0: before the first heading) and what follows it up to the next heading."""

    level: int
    title: str
    place: Place
    pieces: tuple[Piece, ...] = ()

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return [piece.block for piece in self.pieces if piece.block is not None]


def sections(notebook: NotebookNode, *, streams: bool = False) -> list[Section]:
    """Split a notebook at its headings. `streams` keeps printed text and errors (a notebook exported alone)."""
    found: list[Section] = [Section(0, "", "chapter")]
    for cell in notebook.cells:
        place = _place(cell)
        for heading, piece in _parts(cell, streams=streams):
            if heading is not None:
                found.append(Section(heading[0], heading[1], place or "chapter"))
            elif piece is not None:
                found[-1:] = _placed(found[-1], piece, place)
    return [section for section in found if section.level or section.pieces]


def _placed(last: Section, piece: Piece, place: Place | None) -> list[Section]:
    if place is None or place == last.place:
        return [replace(last, pieces=(*last.pieces, piece))]
    return [last, Section(0, "", place, (piece,))]


def _place(cell: NotebookNode) -> Place | None:
    tags = cell.metadata.get("tags", [])
    return next((tag for tag in ("front", "back") if tag in tags), None)


def _parts(cell: NotebookNode, *, streams: bool) -> Iterable[tuple[tuple[int, str] | None, Piece | None]]:
    if cell.cell_type == "markdown":
        yield from _markdown_parts(cell.source, cell.get("attachments", {}))
    elif cell.cell_type == "code":
        for output in cell.get("outputs", []):
            data = _printed(output, streams=streams)
            if data:
                yield None, Piece(data=data)


def _markdown_parts(
    source: str, attachments: Mapping[str, Any]
) -> Iterable[tuple[tuple[int, str] | None, Piece | None]]:
    lines: list[str] = []
    fenced = False
    for line in source.splitlines():
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        yield from _prose(lines, attachments)
        lines = []
        yield (len(heading.group(1)), _MARKUP.sub("", heading.group(2)).strip()), None
    yield from _prose(lines, attachments)


def _prose(lines: list[str], attachments: Mapping[str, Any]) -> Iterable[tuple[None, Piece]]:
    text = "\n".join(lines).strip("\n")
    if text.strip():
        yield None, Piece(prose=text, attachments=attachments)


def _printed(output: NotebookNode, *, streams: bool) -> dict[str, Any]:
    """The best representation of an output; nothing for printed text unless `streams`."""
    if output.output_type in ("display_data", "execute_result"):
        data = {kind: output.data[kind] for kind in PRINTABLE if kind in output.data}
        return {BLOCK_MIME: data[BLOCK_MIME]} if BLOCK_MIME in data else dict(list(data.items())[:1])
    if not streams:
        return {}
    if output.output_type == "stream":
        return {"text/plain": output.text}
    return {"text/plain": re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output.get("traceback", [])))}


def slug(text: str) -> str:
    """A heading as an ASCII anchor: «Меры и мероприятия» → mery-i-meropriyatiya."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().translate(_LATIN)).strip("-") or "razdel"


class Writer:
    """Collects the cells of the joined notebook: levels never jump down by two, anchors never repeat."""

    def __init__(self) -> None:
        self._cells: list[dict[str, Any]] = []
        self._anchors: set[str] = set()
        self._level = 0

    def heading(self, level: int, title: str, anchor: str, *, role: str, number: str = "", **more: Any) -> str:
        """Write a heading; the anchor actually used is returned."""
        level = min(level, self._level + 1)
        self._level = level
        anchor = self._free(anchor)
        words = f"{number} {title}".strip()
        about = {"kind": "heading", "level": level, "number": number, "title": title, "anchor": anchor, "role": role}
        self._add({"cell_type": "markdown", "source": f"{'#' * level} {words}"}, about | more)
        return anchor

    def piece(self, piece: Piece, **more: Any) -> None:
        """Write prose or an output."""
        if piece.prose:
            cell: dict[str, Any] = {"cell_type": "markdown", "source": piece.prose}
            if piece.attachments:
                cell["attachments"] = dict(piece.attachments)
            self._add(cell, {"kind": "prose"} | more)
        else:
            output = {"output_type": "display_data", "data": dict(piece.data), "metadata": {}}
            cell = {"cell_type": "code", "source": "", "execution_count": None, "outputs": [output]}
            self._add(cell, {"kind": "output"} | more)

    def notebook(self, about: Mapping[str, Any]) -> NotebookNode:
        """What has been written, as a notebook with `about` in metadata.msoko."""
        content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"msoko": dict(about)}, "cells": self._cells}
        return cast(NotebookNode, from_dict(content))  # type: ignore[no-untyped-call]

    def _free(self, anchor: str) -> str:
        names = (anchor if n == 1 else f"{anchor}-{n}" for n in range(1, len(self._anchors) + 2))
        free = next(name for name in names if name not in self._anchors)
        self._anchors.add(free)
        return free

    def _add(self, cell: dict[str, Any], about: dict[str, Any]) -> None:
        identifier = f"cell-{len(self._cells) + 1:04d}"
        self._cells.append(cell | {"id": identifier, "metadata": {"msoko": about}})
