"""Rows under a declared heading as clean text: glued rows split, codes repaired, names in one spelling."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import Place
from pipeline.ingest.layouts.declared_match import Match
from pipeline.ingest.layouts.declared_model import CodeRule, Names
from pipeline.ingest.layouts.declared_remarks import Found
from pipeline.ingest.layouts.sheets import is_blank
from pipeline.ingest.layouts.values import text
from pipeline.ingest.reading import Remark
from pipeline.ingest.workbook import Cell


@dataclass(frozen=True)
class Row:
    """A row of data: its number in the sheet (from 0) and its cells."""

    number: int
    cells: Sequence[Cell]

    def cell(self, column: int | None) -> Cell:
        return self.cells[column] if column is not None and column < len(self.cells) else None


def data_rows(match: Match, found: Found) -> list[Row]:
    """All rows below the heading that are not blank; a glued record gives two rows with one number."""
    rows: list[Row] = []
    for number, cells in enumerate(match.sheet.rows[match.data :], start=match.data):
        if is_blank(cells):
            continue
        pieces = _split(match, number, cells, found)
        rows.extend(Row(number, piece) for piece in pieces)
        if any(len(piece) > match.width for piece in pieces):
            found.note("cells_outside_header", number, match.width)
    return rows


def _split(match: Match, number: int, cells: Sequence[Cell], found: Found) -> list[Sequence[Cell]]:
    rule = match.declaration.glued_rows
    column = match.fields.get(rule.column) if rule else None
    cell = cells[column] if column is not None and column < len(cells) else None
    if rule is None or column is None or not isinstance(cell, str) or "\n" not in cell or rule.separator not in cell:
        return [cells]
    head, tail = cell.split("\n", 1)
    first = [*cells[:column], *(_unquoted(part) for part in head.split(rule.separator))]
    second = [_unquoted(tail), *cells[column + 1 :]]
    if len(first) != match.width or len(second) != match.width:
        found.note("glued_unclear", number, column)
        return [cells]
    found.note("glued_row", number, column)
    return [first, second]


def _unquoted(part: str) -> str:
    """A cell without the broken quote: the escaped one goes, and an odd one at the end."""
    cut = part.replace('\\"', "").strip()
    return cut[:-1].strip() if cut.count('"') % 2 and cut.endswith('"') else cut


def codes(match: Match, rows: Sequence[Row], found: Found) -> tuple[list[str], list[Remark]]:
    """The code of each row after the declared repairs, with one remark a repair; no code is «»."""
    column = match.fields["code"]
    declaration = match.declaration
    repaired: Counter[CodeRule] = Counter()
    cleaned = []
    for row in rows:
        code = text(row.cell(column))
        for rule in declaration.codes:
            if re.fullmatch(rule.pattern, code):
                repaired[rule] += 1
                code = _repair(rule, code)
        if not code:
            found.note("row_without_code", row.number, column)
        elif declaration.code_format and not re.fullmatch(declaration.code_format, code):
            found.note("bad_code", row.number, column)
        cleaned.append(code)
    return cleaned, [_repaired(found.place, rule, count) for rule, count in repaired.items()]


def _repair(rule: CodeRule, code: str) -> str:
    made = re.sub(rule.pattern, rule.replace, code)
    return made.ljust(rule.zeros_to, "0") if rule.zeros_to else made


def _repaired(place: Place, rule: CodeRule, count: int) -> Remark:
    message = f"Коды организаций исправлены по правилу раскладки: {count}. Причина: {rule.reason.rstrip('.')}."
    return Remark("codes_repaired", "info", message, place)


def names(match: Match, field: str, rows: Sequence[Row]) -> list[str | None]:
    """One column of names, cleaned as declared; None where the column or the cell is blank."""
    column = match.fields.get(field)
    rule = match.declaration.names.get(field, Names())
    known: dict[str, str | None] = {}
    cleaned = []
    for row in rows:
        name = text(row.cell(column))
        if name not in known:
            known[name] = clean_name(rule, name) or None
        cleaned.append(known[name])
    return cleaned


def clean_name(rule: Names, name: str) -> str:
    cut = re.sub(rule.drop, "", name).strip() if rule.drop else name
    cased = re.sub(r"[^\s\-.(]+", lambda word: word[0].capitalize(), cut) if rule.case == "title" else cut
    return rule.spellings.get(cased, cased)
