"""Parts of a card that come from registers: recommendations, measures and decisions, sheets without an answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions.chapter import Inputs, statement_of
from pipeline.directions.rules import Rule
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Block, Cell, Head, Paragraphs, TableBlock, plain, text
from pipeline.presentation.claims import records

Row = Mapping[str, Any]
Said = Callable[[str, str, str], str]
BASIS = "Основание: "
GROUNDS = 2  # grounds of one act that are printed
DECISION_HEADS = (
    Head("Что", width=2.6),
    Head("Ответственный", width=1.4),
    Head("Срок", width=0.9),
    Head("Состояние", width=1.1),
    Head("Документ", width=1.4),
)


@dataclass(frozen=True)
class Organisation:
    """Who gets a card. `kinds` are types of the form (school, kindergarten …)."""

    org_id: str
    name: str
    kinds: tuple[str, ...] = ("school",)


@dataclass(frozen=True)
class Asked:
    """A sheet of the collection form: its table, who fills it, which kinds of organisations have a row in it."""

    table: str
    title: str
    filled_by: str
    kinds: tuple[str, ...]


def recommendations(inputs: Inputs, found: Sequence[Row]) -> tuple[Block, ...]:
    """One row an act: what, on what grounds, by when, what will show it; acts asked for twice are joined."""
    acts: dict[tuple[str, str, str, str], list[tuple[str, str]]] = {}
    for one in sorted(found, key=lambda one: (str(one["due"] or "9999"), str(one["id"]))):
        rule = _rule(inputs, one)
        words = plain(statement_of(one))
        act, _, basis = words.partition(f". {BASIS}")
        key = next((run.key for run in statement_of(one) if run.key), "")
        about = (act.rstrip("."), str(one["addressee"] or ""), str(one["due"] or ""), rule.evidence if rule else "")
        acts.setdefault(about, []).append((basis.rstrip("."), key))
    if not acts:
        return ()
    heads = ("Что сделать", 2.2), ("На каком основании", 2.4), ("Срок", 0.9), ("Чем подтверждается", 1.3)
    return (
        TableBlock(
            id="recommendations",
            caption="Что сделать и к какому сроку",
            heads=tuple(Head(title, width=width) for title, width in heads),
            rows=tuple(_recommended(about, grounds) for about, grounds in acts.items()),
        ),
    )


def _recommended(about: tuple[str, str, str, str], grounds: Sequence[tuple[str, str]]) -> tuple[Cell, ...]:
    act, addressee, due, evidence = about
    return (
        Cell(f"{act} ({addressee})" if addressee else act),
        Cell(_listed([basis for basis, _ in grounds if basis]), key=grounds[0][1]),
        Cell(ru.date(due), sort=due) if due else Cell(MARKS["no_data"], tone="muted"),
        Cell(evidence) if evidence else Cell(MARKS["no_data"], tone="muted"),
    )


def _listed(grounds: Sequence[str]) -> str:
    more = len(grounds) - GROUNDS
    return "; ".join(grounds[:GROUNDS]) + (f"; и ещё {ru.number(more)} подобных" if more > 0 else "")


def _rule(inputs: Inputs, finding: Row) -> Rule | None:
    """The rule a recommendation came from; its id stands inside the finding's."""
    ids = str(finding["id"]).split(".")
    rules = inputs.recommendations.get(str(finding["direction"]), ())
    return next((rule for rule in rules if rule.id in ids), None)


def decisions(inputs: Inputs, said: Said, org_id: str, foreign: Callable[[str], bool]) -> tuple[Block, ...]:
    """What the register of measures and decisions holds about the organisation in the report year."""
    frame = inputs.clean["decisions"]
    own = frame[(frame["org_id"] == org_id) & (frame["school_year"] == inputs.settings.school_year)]
    if own.empty:
        return ()
    documents = {one["document"]: one for one in records(inputs.clean["documents"])}
    rows = [_decided(one, said, documents.get(one["act"])) for one in records(own)]
    kept = [row for row in rows if not any(foreign(cell.text) for cell in row)]
    left = len(rows) - len(kept)
    blocks: list[Block] = []
    if kept:
        caption = "Меры и решения, в которых названа организация"
        blocks.append(TableBlock(id="decisions", caption=caption, heads=DECISION_HEADS, rows=tuple(kept)))
    if left:
        words = f"Записей о нескольких организациях: {ru.number(left)}; они в главе о дорожной карте."
        blocks.append(Paragraphs((text(words),), role="note"))
    return tuple(blocks)


def _decided(one: Row, said: Said, document: Row | None) -> tuple[Cell, ...]:
    kind = said("decisions", "kind", str(one["kind"]))
    due = str(one["due"] or "")
    return (
        Cell(f"{ru.capitalised(kind)}: {one['title']}"),
        _or_mark(one["responsible"]),
        Cell(ru.date(due) if _dated(due) else due, sort=due) if due else _or_mark(None),
        Cell(said("decisions", "progress", str(one["progress"]))),
        _or_mark(_document(document, said) if document else one["act"]),
    )


def _dated(words: str) -> bool:
    return len(words) >= 10 and words[4] == words[7] == "-"


def _document(document: Row, said: Said) -> str:
    number = f" №{ru.NBSP}{document['number']}" if document["number"] else ""
    date = str(document["date"] or "")
    day = f" от {ru.date(date)}" if _dated(date) else ""
    return f"{ru.capitalised(said('documents', 'kind', str(document['kind'])))}{day}{number}"


def _or_mark(words: Any) -> Cell:
    return Cell(str(words)) if words else Cell(MARKS["no_data"], tone="muted")


@dataclass(frozen=True)
class Answers:
    """What one organisation wrote on one sheet this year: cells, blank ones among them, files."""

    cells: int
    blank: int
    files: frozenset[str]


Sheets = Sequence[tuple[Asked, Mapping[str, Answers]]]


def sheets(inputs: Inputs, asked: Sequence[Asked]) -> Sheets:
    """The sheets that somebody answered this year, each with the answers of its organisations."""
    found = []
    for sheet in asked:
        frame = inputs.clean[sheet.table]
        frame = frame[(frame["school_year"] == inputs.settings.school_year) & frame["org_id"].notna()]
        answers = {str(org_id): _answers(own) for org_id, own in frame.groupby("org_id")}
        if answers:
            found.append((sheet, answers))
    return found


def _answers(own: pd.DataFrame) -> Answers:
    return Answers(len(own), int((own["state"] == "blank").sum()), frozenset(map(str, own["source_file"].unique())))


def missing(answered: Sheets, organisation: Organisation) -> tuple[Block, ...]:
    """Sheets that were collected this year without an answer of this organisation, and cells it left blank."""
    said, collected = [], 0
    for sheet, answers in answered:
        if not set(sheet.kinds) & set(organisation.kinds):
            continue
        collected += 1
        own = answers.get(organisation.org_id)
        if own is None:
            said.append(text(f"{sheet.title}: сведений организации нет (заполняет: {sheet.filled_by})."))
        elif own.blank:
            said.append(text(f"{sheet.title}: без ответа {ru.part(own.blank, own.cells)} клеток."))
    if said:
        return (Paragraphs(tuple(said), role="list"),)
    words = f"Все листы формы, которые собирались в этом году ({ru.number(collected)}), заполнены."
    return (Paragraphs((text(words),)),) if collected else ()


def files(own: Sequence[Row], answered: Sheets, org_id: str) -> tuple[str, ...]:
    """Files in which the organisation's rows stand."""
    found = {str(item["file"]) for inputs in {row["inputs"] for row in own} for item in json.loads(inputs)}
    return tuple(sorted(found.union(*(answers[org_id].files for _, answers in answered if org_id in answers))))
