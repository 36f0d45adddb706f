"""What the registers of the collection form say of acts: recommendations, measures, decisions and their documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.directions.chapter import Inputs
from pipeline.presentation import text as ru
from pipeline.presentation.claims import records

PROGRESS: Mapping[str, str] = {
    "planned": "намечено",
    "sent": "направлено адресату",
    "answered": "получен ответ",
    "done": "исполнено",
    "cancelled": "отменено",
}
DOCUMENTS: Mapping[str, str] = {
    "order": "приказ",
    "report": "отчёт",
    "protocol": "протокол",
    "letter": "письмо",
    "regulation": "положение",
    "plan": "план",
}
OPEN = ("planned", "sent")


@dataclass(frozen=True)
class Act:
    """One record of the register of decisions; `document` is the key of the act that holds it."""

    id: str
    year: int
    direction: str
    org_id: str | None
    kind: str
    parent: str | None
    title: str
    addressee: str | None
    responsible: str | None
    due: str | None
    taken_on: str | None
    progress: str
    document: str | None
    indicator: str | None

    @property
    def open(self) -> bool:
        return self.progress in OPEN

    def late(self, as_of: dt.date) -> bool:
        """Not done though its last day has passed."""
        return self.open and self.due is not None and self.due[:10] < as_of.isoformat()


@dataclass(frozen=True)
class Document:
    """One document of the register of evidence."""

    id: str
    year: int
    kind: str
    number: str | None
    date: str | None
    title: str
    direction: str | None
    component: str | None
    office: str | None
    address: str | None

    @property
    def words(self) -> str:
        """«приказ № 15 от 25.08.2026»; a document without number and date is told by its title."""
        number = f" №{ru.NBSP}{self.number}" if self.number else ""
        date = f" от{ru.NBSP}{ru.date(self.date)}" if self.date else ""
        kind = DOCUMENTS.get(self.kind, self.kind)
        return f"{kind}{number}{date}" if number or date else f"{kind} «{self.title}»"


def acts(inputs: Inputs, direction: str = "") -> list[Act]:
    """Records of the register up to the report year, of one direction or of all, oldest first."""
    rows = _rows(inputs, "decisions", direction)
    return [_act(row) for row in sorted(rows, key=lambda row: (int(row["school_year"]), str(row["decision"])))]


def documents(inputs: Inputs, direction: str = "") -> list[Document]:
    """Documents of the register up to the report year, of one direction or of all, oldest first."""
    rows = _rows(inputs, "documents", direction)
    return [_document(row) for row in sorted(rows, key=lambda row: (int(row["school_year"]), str(row["document"])))]


def current(inputs: Inputs, found: Sequence[Act]) -> list[Act]:
    """Acts of the report year, and those of earlier years that are still open."""
    return [act for act in found if act.year == inputs.settings.school_year or act.open]


def document_of(known: Sequence[Document], key: str | None, year: int) -> Document | None:
    """The document under a key: of the same year, else the newest earlier one (keys are unique within a year)."""
    alike = [one for one in known if one.id == key and one.year <= year]
    return max(alike, key=lambda one: one.year, default=None)


def organisations(inputs: Inputs) -> dict[str, str]:
    """Names of organisations by their id, as printed."""
    frame = inputs.clean["organisations"]
    names = frame.drop_duplicates("org_id")[["org_id", "name"]] if len(frame) else frame
    return {str(row["org_id"]): ru.organisation(str(row["name"])) for row in records(names)}


def _rows(inputs: Inputs, name: str, direction: str) -> list[dict[str, Any]]:
    frame = inputs.clean.get(name)
    if frame is None or frame.empty:
        return []
    known = frame[frame["school_year"] <= inputs.settings.school_year]
    return records(known[known["direction"] == direction] if direction else known)


def _act(row: Mapping[str, Any]) -> Act:
    return Act(
        id=str(row["decision"]),
        year=int(row["school_year"]),
        direction=str(row["direction"]),
        org_id=row["org_id"],
        kind=str(row["kind"]),
        parent=row["parent"],
        title=str(row["title"]),
        addressee=row["addressee"],
        responsible=row["responsible"],
        due=row["due"],
        taken_on=row["taken_on"],
        progress=str(row["progress"]),
        document=row["act"],
        indicator=row["indicator"],
    )


def _document(row: Mapping[str, Any]) -> Document:
    return Document(
        id=str(row["document"]),
        year=int(row["school_year"]),
        kind=str(row["kind"]),
        number=row["number"],
        date=row["date"],
        title=str(row["title"]),
        direction=row["direction"],
        component=row["component"],
        office=row["office"],
        address=row["published_at"],
    )
