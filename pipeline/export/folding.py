"""Print less where there is nothing: empty sections become one sentence, an empty chapter a compact paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.export.outline import Piece, Section
from pipeline.presentation.blocks import Paragraphs, Run, Text, text


@dataclass(frozen=True)
class Folded:
    """A chapter as printed. `compact`: it does not ask for a page of its own."""

    sections: tuple[Section, ...]
    compact: bool


def fold(sections: Sequence[Section]) -> Folded:
    """Drop empty sections of one chapter and name them at its end with the first reason given."""
    groups = _groups(sections)
    if says_nothing(sections):
        return Folded((_compact(sections),), compact=True)
    kept = [group for group in groups if not (group[0].level and is_empty(group))]
    empty = [group for group in groups if group[0].level and is_empty(group)]
    printed = [section for group in kept for section in group]
    if empty and printed:
        printed[-1] = replace(printed[-1], pieces=(*printed[-1].pieces, _named(empty)))
    return Folded(tuple(printed), compact=_small(sections))


def is_empty(group: Sequence[Section]) -> bool:
    """A section with its subsections holds nothing but `empty` paragraphs (or nothing at all)."""
    pieces = [piece for section in group for piece in section.pieces]
    outputs = [piece for piece in pieces if not piece.prose]
    if not outputs:
        return not pieces
    return all(_role(piece) == "empty" for piece in outputs)


def _groups(sections: Sequence[Section]) -> list[list[Section]]:
    """Sections cut where a heading of the highest level begins (level 0 stands before the first heading)."""
    top = min((section.level for section in sections if section.level), default=0)
    groups: list[list[Section]] = []
    for section in sections:
        if groups and section.level > top:
            groups[-1].append(section)
        else:
            groups.append([section])
    return groups


def _role(piece: Piece) -> str:
    block = piece.block
    if block is None:
        return "foreign"
    return str(block.get("role", "body")) if block["kind"] == "paragraphs" else str(block["kind"])


def _roles(sections: Sequence[Section]) -> list[str]:
    return [_role(piece) for section in sections for piece in section.pieces if not piece.prose]


def says_nothing(sections: Sequence[Section]) -> bool:
    """A chapter that only tells what it lacks, with at most one table of missing sources."""
    roles = _roles(sections)
    return (
        set(roles) <= {"empty", "strip", "note", "tableblock"} and "empty" in roles and roles.count("tableblock") <= 1
    )


def _small(sections: Sequence[Section]) -> bool:
    roles = _roles(sections)
    return not {"figureblock", "foreign", "lead"} & set(roles) and roles.count("tableblock") <= 1


def _compact(sections: Sequence[Section]) -> Section:
    """One paragraph with the first reason, then the table of what is missing."""
    pieces = [piece for section in sections for piece in section.pieces]
    paragraph = Piece().with_block(Paragraphs(tuple(_reasons(pieces)[:1])).payload())
    tables = [piece for piece in pieces if _role(piece) in ("tableblock", "note")]
    return Section(0, "", sections[0].place, (paragraph, *tables))


def _reasons(pieces: Sequence[Piece]) -> list[Text]:
    found: dict[str, Text] = {}
    for piece in pieces:
        if _role(piece) == "empty" and piece.block is not None:
            for item in piece.block["items"]:
                found.setdefault("".join(run["text"] for run in item), tuple(Run(**run) for run in item))
    return list(found.values())


def _named(empty: Sequence[Sequence[Section]]) -> Piece:
    """«Не заполнены за отсутствием данных: «Цели», «Меры и мероприятия». Причина.»"""
    names = ", ".join(f"«{group[0].title}»" for group in empty)
    words = "Не заполнен за отсутствием данных раздел " if len(empty) == 1 else "Не заполнены за отсутствием данных: "
    reasons = _reasons([piece for group in empty for section in group for piece in section.pieces])
    reason: Text = (Run(" "), *reasons[0]) if reasons else ()
    return Piece().with_block(Paragraphs(((*text(f"{words}{names}."), *reason),), role="note").payload())
