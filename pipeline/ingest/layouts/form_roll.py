"""The organisations of a form: who gets a row on which sheets, under which label, and back from label to code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.ingest.items import ORG_TYPES, OrgType
from pipeline.ingest.layouts.declared_register import OWN, RegisterRow
from pipeline.ingest.layouts.form_model import Words
from pipeline.ingest.layouts.form_page import LISTS, mark_of
from pipeline.ingest.layouts.values import plain, text
from pipeline.ingest.workbook import Sheet, Workbook

# Kind, code and name of an organisation; one that is in no register has a name only.
Reference = tuple[str | None, str | None, str]
LABELS, CODES, TYPES = "organisation", "organisation_code", "organisation_types"


@dataclass(frozen=True)
class Roll:
    """Organisations in the order of the register: org_id → label, and the types of each."""

    labels: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, tuple[OrgType, ...]] = field(default_factory=dict)

    @cached_property
    def by_label(self) -> Mapping[str, str]:
        return {plain(label): org_id for org_id, label in self.labels.items()}

    @property
    def lists(self) -> dict[str, list[str]]:
        """The columns of the hidden sheet from which `roll_in` reads it back."""
        kinds = [" ".join(self.types.get(org_id, ())) for org_id in self.labels]
        return {LABELS: list(self.labels.values()), CODES: list(self.labels), TYPES: kinds}

    def of_types(self, wanted: Iterable[OrgType]) -> list[str]:
        """Organisations of any of the types."""
        kinds = set(wanted)
        return [org_id for org_id in self.labels if kinds & set(self.types[org_id])]


def roll_of(rows: Iterable[RegisterRow], words: Words, year: int) -> Roll:
    """Who exists in the school year; one whose type the register does not say is taken for a school."""
    existing = {row.org_id: row for row in rows if _exists(row, year)}
    types = {org_id: words.types_of(row.org_type) or ("school",) for org_id, row in existing.items()}
    return Roll(_labels(list(existing.values())), types)


def _exists(row: RegisterRow, year: int) -> bool:
    begins, ends = f"{year - 1}-09-01", f"{year}-08-31"
    return (not row.valid_to or row.valid_to >= begins) and (not row.valid_from or row.valid_from <= ends)


def _labels(rows: Sequence[RegisterRow]) -> dict[str, str]:
    """Names; those that repeat are told apart by settlement, else by code."""
    labels = {row.org_id: text(row.name) for row in rows}
    for tail in ({row.org_id: text(row.settlement) for row in rows}, {row.org_id: row.org_id for row in rows}):
        count = Counter(map(plain, labels.values()))
        labels = {
            org_id: f"{label} ({tail[org_id]})" if count[plain(label)] > 1 and tail[org_id] else label
            for org_id, label in labels.items()
        }
    return labels


def roll_in(book: Workbook) -> Roll:
    """The organisations that a form was written for, from its hidden lists; none when the lists are gone."""
    for sheet in book.sheets:
        mark = mark_of(sheet)
        if mark and mark[0].table == LISTS and len(sheet.rows) > mark[1] + 1:
            names = [text(cell) for cell in sheet.rows[mark[1] + 1]]
            if {LABELS, CODES, TYPES} <= set(names):
                return _listed(sheet, mark[1] + 2, names)
    return Roll()


def _listed(sheet: Sheet, first: int, names: Sequence[str]) -> Roll:
    places = [names.index(name) for name in (CODES, LABELS, TYPES)]
    rows = [[text(sheet.cell(row, place)) for place in places] for row in range(first, len(sheet.rows))]
    known = [(org_id, label, types.split()) for org_id, label, types in rows if org_id and label]
    kinds = {org_id: tuple(kind for kind in ORG_TYPES if kind in types) for org_id, _, types in known}
    return Roll({org_id: label for org_id, label, _ in known}, kinds)


def reference(roll: Roll, org_id: str, label: str) -> tuple[Reference | None, bool]:
    """Whose a line is: what a person reads in it goes before the hidden code. And whether the two disagree."""
    read = roll.by_label.get(plain(label)) if label else None
    doubt = bool(org_id and label and roll.labels and read != org_id)
    known = read or org_id
    if known:
        return (OWN, known, label or roll.labels.get(known, known)), doubt
    return ((None, None, label) if label else None), doubt


__all__ = ["LABELS", "Reference", "Roll", "reference", "roll_in", "roll_of"]
