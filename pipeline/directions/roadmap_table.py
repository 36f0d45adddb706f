"""Items of the municipality's roadmap as a reader sees them: due, office, evidence, state.

The document states no progress; it comes from the clean table `roadmap`. Without a record the word is «нет сведений»,
never «просрочено».
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.directions import acts
from pipeline.directions.acts import Document
from pipeline.directions.chapter import Inputs
from pipeline.presentation.blocks import Cell, Head, TableBlock, Tone, text
from pipeline.presentation.claims import records
from pipeline.territory.roadmap import Item

NO_RECORD = "нет сведений"
WORDS = {"done": "исполнено", "in_progress": "в работе", "not_done": "не исполнено"}
LATE = "просрочено"
NO_EVIDENCE = "исполнено, документа нет"
DONE_LATE = "исполнено позже срока"
TONES: Mapping[str, Tone] = {
    "исполнено": "ok",
    LATE: "critical",
    NO_EVIDENCE: "warning",
    DONE_LATE: "warning",
    "не исполнено": "warning",
    NO_RECORD: "muted",
}
STATES = ("исполнено", DONE_LATE, NO_EVIDENCE, "в работе", "не исполнено", LATE, NO_RECORD)


def progress(inputs: Inputs) -> dict[str, dict[str, Any]]:
    """The newest record of each item up to the report year."""
    table = inputs.clean.get("roadmap")
    if table is None or table.empty:
        return {}
    known = records(table[table["school_year"] <= inputs.settings.school_year].sort_values("school_year"))
    return {str(record["item"]): record for record in known}


def state(item: Item, record: Mapping[str, Any] | None, as_of: dt.date) -> str:
    """The word for an item on a day: late only when it is recorded as not done and its last day has passed; done late
    when its recorded day lies after the last one."""
    if record is None:
        return NO_RECORD
    word = WORDS[str(record["progress"])]
    if word == "исполнено":
        return _done(item, record)
    return LATE if item.due.end is not None and item.due.end < as_of else word


def _done(item: Item, record: Mapping[str, Any]) -> str:
    """Done: without a document, after its last day, or as it was due."""
    if not record.get("evidence"):
        return NO_EVIDENCE
    day = record.get("done_on")
    return DONE_LATE if day and item.due.end is not None and str(day)[:10] > item.due.end.isoformat() else "исполнено"


def table(inputs: Inputs, identifier: str, caption: str, items: Sequence[Item], data: str = "") -> TableBlock:
    """Items with their key, title, due as written, office, evidence and state."""
    found, known = progress(inputs), acts.documents(inputs)
    title = inputs.roadmap.title if inputs.roadmap else "Дорожная карта"
    return TableBlock(
        id=identifier,
        caption=caption,
        heads=(
            Head("Пункт", width=0.9),
            Head("Мероприятие", width=3),
            Head("Срок по документу", width=1.4),
            Head("Ответственный", width=1.8),
            Head("Чем подтверждается", width=1.5),
            Head("Состояние", width=1.1),
        ),
        rows=tuple(_line(item, found.get(item.key), inputs.settings.as_of, known) for item in items),
        source=text(f"{title}; названия мероприятий сокращены нами, состояние — по форме сбора."),
        data=data,
    )


def _line(item: Item, record: Mapping[str, Any] | None, as_of: dt.date, known: Sequence[Document]) -> tuple[Cell, ...]:
    word = state(item, record, as_of)
    return (
        Cell(item.key),
        Cell(item.title + (" (замечание к документу)" if item.remarks else "")),
        Cell(item.due_as_written or "не указан"),
        Cell(item.responsible or "не указан"),
        Cell(_evidence(item, record, known)),
        Cell(word, tone=TONES.get(word, "")),
    )


def _evidence(item: Item, record: Mapping[str, Any] | None, known: Sequence[Document]) -> str:
    """The document that shows the item was done; before that, the kind of document the roadmap asks for."""
    key = (record or {}).get("evidence")
    if not key:
        return item.evidence or "не указан"
    paper = acts.document_of(known, str(key), int((record or {})["school_year"]))
    return paper.words if paper else str(key)


def measures(inputs: Inputs) -> tuple[TableBlock, ...]:
    """«Меры и мероприятия» of one direction: its items in the roadmap."""
    if inputs.roadmap is None:
        return ()
    items = inputs.roadmap.of_direction(inputs.direction.code)
    if not items:
        return ()
    return (table(inputs, f"{inputs.direction.code}-measures", "Мероприятия дорожной карты по направлению", items),)
