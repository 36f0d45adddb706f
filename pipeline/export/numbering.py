"""Numbers of tables and figures, and the words of references to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.errors import ExportError
from pipeline.export.outline import Piece, Section

NBSP = "\N{NO-BREAK SPACE}"
KINDS = {"tableblock": "Таблица", "figureblock": "Рисунок"}
TEXT_FIELDS = ("source", "statement")


class Numbers:
    """Numbers given so far: one count of tables and one of figures for each prefix (the chapter's number)."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self.labels: dict[str, str] = {}

    def name(self, target: str, label: str) -> None:
        """Remember what a target is called («таблица 2.3», «раздел 2»); a repeated id is an ExportError."""
        if target in self.labels:
            raise ExportError(
                f"Обозначение «{target}» стоит у двух разных таблиц, рисунков или разделов отчёта.",
                advice="дайте каждой таблице и каждому рисунку в блокнотах своё обозначение (id).",
            )
        self.labels[target] = label

    def number(self, section: Section, prefix: str) -> Section:
        """The section with its blocks numbered «Таблица 2.3»; prefix «2.», «П.» or empty."""
        return Section(
            section.level, section.title, section.place, tuple(self._piece(p, prefix) for p in section.pieces)
        )

    def _piece(self, piece: Piece, prefix: str) -> Piece:
        block = piece.block
        if block is None or "id" not in block:
            return piece
        word = KINDS.get(block["kind"])
        if word is None:
            self.name(block["id"], f"«{block['caption']}»")
            return piece
        count = self._counts.get((prefix, word), 0) + 1
        self._counts[prefix, word] = count
        label = f"{word}{NBSP}{prefix}{count}"
        self.name(block["id"], label[0].lower() + label[1:])
        return piece.with_block({**block, "number": label})


def resolve(piece: Piece, labels: Mapping[str, str], anchors: Mapping[str, str], left_out: frozenset[str]) -> Piece:
    """The piece with the texts of its references written out; an unknown target is an ExportError."""
    block = piece.block
    if block is None:
        return piece

    def words(text: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [_reference(run, labels, anchors, left_out) if run.get("ref") else dict(run) for run in text]

    changed = dict(block)
    changed |= {name: words(block[name]) for name in TEXT_FIELDS if name in block}
    if "how" in block:
        changed["how"] = [words(line) for line in block["how"]]
    if block["kind"] == "paragraphs":
        changed["items"] = [words(item) for item in block["items"]]
    if block["kind"] in ("strip", "pairs"):
        changed["items"] = [[name, words(item)] for name, item in block["items"]]
    return piece.with_block(changed)


def _reference(
    run: Mapping[str, Any], labels: Mapping[str, str], anchors: Mapping[str, str], left_out: frozenset[str]
) -> dict[str, Any]:
    """«рисунок 2.1» for an empty text; words keep their case and get the number, «на рисунке 2.1»; a bound number is
    followed by the label, «12,4 % (рисунок 2.1)»."""
    target = run["ref"]
    if target in left_out and target not in labels:
        return {**run, "ref": "", "text": run["text"] or "не вошло в эту редакцию"}
    if target not in labels:
        raise ExportError(
            f"Ссылка на «{target}» никуда не ведёт: такой таблицы, такого рисунка и раздела в отчёте нет.",
            advice="проверьте обозначение (ref) в блокноте, где стоит ссылка.",
        )
    label = labels[target]
    return {**run, "ref": anchors.get(target, target), "text": _words(run, label)}


def _words(run: Mapping[str, Any], label: str) -> str:
    text = str(run["text"]).rstrip()
    if not text:
        return label
    if run.get("key") or text[-1].isdigit():
        return f"{text} ({label})"
    return f"{text}{NBSP}{label.rpartition(NBSP)[2]}" if NBSP in label else text
