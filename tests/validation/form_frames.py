"""Good rows of the tables of the collection form, and the small defect that each of their checks must notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.form_tables import ITEM_TABLES

Row = dict[str, Any]
SCHOOL = "edu990001"
PERSON = "Петрова А. И."


def source(row: int) -> Row:
    return {"source_file": "form.xlsx", "source_sheet": "Форма", "source_row": row}


def answers() -> list[Row]:
    """One organisation: a number, a zero, a breakdown, a blank cell, something that was not held."""
    said = [
        ("pupils", "", 40.0, "observed"),
        ("excursions", "", 0.0, "observed"),
        ("diagnosed", "grade_9", 20.0, "observed"),
        ("diagnosed", "grade_11", None, "blank"),
        ("master_classes", "", None, "not_attempted"),
    ]
    return [
        {
            "school_year": 2026,
            "period": "year",
            "org_id": SCHOOL,
            "item": item,
            "group": group,
            "value": value,
            "state": state,
            **source(8),
        }
        for item, group, value, state in said
    ]


def olympiad() -> list[Row]:
    stage: Row = {"school_year": 2026, "org_id": SCHOOL, "event": "vsosh", "stage": "school", "subject": "russian"}
    held: Row = {"participants": 12, "prize_winners": 2, "winners": 1, "state": "observed"}
    absent: Row = {"participants": None, "prize_winners": None, "winners": None, "state": "not_attempted"}
    return [{**stage, "grade": 9, **held, **source(8)}, {**stage, "grade": 10, **absent, **source(9)}]


def contests() -> list[Row]:
    return [
        {
            "school_year": 2026,
            "org_id": SCHOOL,
            "contest": "Учитель года",
            "audience": "teachers",
            "level": "municipal",
            "participants": 3,
            "winners": 1,
            "state": "observed",
            **source(8),
        }
    ]


def roadmap() -> list[Row]:
    done: Row = {
        "progress": "done",
        "done_on": "2026-08-25",
        "evidence": "Д-1",
        "responsible": "методист",
        "note": None,
    }
    waiting: Row = {"progress": "in_progress", "done_on": None, "evidence": None, "responsible": None, "note": "идёт"}
    return [
        {"school_year": 2026, "item": "К-1.1", **done, **source(8)},
        {"school_year": 2026, "item": "К-1.2", **waiting, **source(9)},
    ]


def decisions() -> list[Row]:
    """A measure and the decision that follows from it."""
    measure: Row = {
        "decision": "1",
        "school_year": 2026,
        "direction": "career",
        "org_id": SCHOOL,
        "kind": "measure",
        "parent": None,
        "title": "Расширить пробы",
        "addressee": "школа",
        "responsible": "директор школы",
        "due": "2026-05-01",
        "taken_on": None,
        "progress": "sent",
        "act": None,
        "indicator": "career_trials",
    }
    decided: Row = {"decision": "2", "kind": "decision", "org_id": None, "parent": "1", "taken_on": "2026-06-01"}
    return [{**measure, **source(8)}, {**measure, **decided, "act": "Д-1", **source(9)}]


def diagnostics() -> list[Row]:
    row: Row = {
        "school_year": 2026,
        "org_id": SCHOOL,
        "procedure": "regional",
        "part": "",
        "subject": "mathematics",
    }
    counts: Row = {"participants": 25, "below_base": 4, "base": 16, "advanced": 5}
    return [
        {**row, "grade": 8, **counts, "state": "observed", **source(8)},
        {**row, "grade": 9, **dict.fromkeys(counts), "state": "not_attempted", **source(9)},
    ]


def documents() -> list[Row]:
    return [
        {
            "document": "Д-1",
            "school_year": 2026,
            "kind": "order",
            "number": "50а",
            "date": "2026-01-12",
            "title": "Об итогах",
            "direction": "career",
            "component": "decisions",
            "office": "Управление образования",
            "published_at": "https://example.org/50a",
            **source(8),
        }
    ]


def monitoring_form() -> list[Row]:
    row: Row = {"school_year": 2026, "title": "Охват", "unit": "процент", "act": "№ 955", "act_status": "confirmed"}
    return [
        {**row, "row_code": "1.1", "value": 0.5, "state": "observed", **source(8)},
        {**row, "row_code": "1.2", "value": None, "state": "blank", **source(9)},
    ]


def comparators() -> list[Row]:
    row: Row = {"indicator": "vpr_mark_2", "school_year": 2026, "level": "country", "group": "", "subject": "russian"}
    return [
        {**row, "grade": 4, "value": 0.0506, "n": 1_500_000, "state": "observed", "reference": "сборник", **source(8)},
        {**row, "grade": 5, "value": None, "n": None, "state": "blank", "reference": "сборник", **source(9)},
    ]


ITEM_NAMES = tuple(table.name for table in ITEM_TABLES)
ROWS: dict[str, Callable[[], list[Row]]] = dict.fromkeys(ITEM_NAMES, answers) | {
    "olympiad": olympiad,
    "contests": contests,
    "diagnostics": diagnostics,
    "roadmap": roadmap,
    "decisions": decisions,
    "documents": documents,
    "monitoring_form": monitoring_form,
    "comparators": comparators,
}
TWICE: Row = {}
# name of the check → (row of the good table, what is changed in its copy); TWICE repeats the row as it is.
OF_ITEMS: dict[str, tuple[int, Row]] = {
    "key_unique": (0, TWICE),
    "period": (0, {"period": "полугодие"}),
    "item": (0, {"item": "Учеников"}),
    "group": (0, {"group": "9 класс"}),
    "state": (0, {"state": "absent"}),
    "value_observed": (0, {"value": None}),
    "value_empty": (4, {"value": 0.0}),
    "value": (0, {"value": -1.0}),
    "value_plausible": (0, {"value": 1_000_001.0}),
}
OF_REGISTERS: dict[str, tuple[int, Row]] = {
    "olympiad.key_unique": (0, TWICE),
    "olympiad.event": (0, {"event": " "}),
    "olympiad.stage": (0, {"stage": "районный"}),
    "olympiad.participants": (0, {"participants": -1}),
    "olympiad.prize_winners": (0, {"prize_winners": -1}),
    "olympiad.winners": (0, {"winners": -1}),
    "olympiad.winners_within": (0, {"winners": 13}),
    "olympiad.prize_winners_within": (0, {"prize_winners": 13}),
    "olympiad.participants_observed": (0, {"participants": None}),
    "contests.key_unique": (0, TWICE),
    "contests.contest": (0, {"contest": " "}),
    "contests.audience": (0, {"audience": "родители"}),
    "contests.level": (0, {"level": "районный"}),
    "contests.participants": (0, {"participants": -1}),
    "contests.winners": (0, {"winners": -1}),
    "contests.winners_within": (0, {"winners": 4}),
    "contests.participants_observed": (0, {"participants": None}),
    "diagnostics.key_unique": (0, TWICE),
    "diagnostics.procedure": (0, {"procedure": "РДР"}),
    "diagnostics.part": (0, {"part": "ВПР, весна"}),
    "diagnostics.grade": (0, {"grade": 13}),
    "diagnostics.participants": (0, {"participants": -1}),
    "diagnostics.below_base": (0, {"below_base": -1}),
    "diagnostics.base": (0, {"base": -1}),
    "diagnostics.advanced": (0, {"advanced": -1}),
    "diagnostics.below_base_within": (0, {"below_base": 26}),
    "diagnostics.base_within": (0, {"base": 26}),
    "diagnostics.advanced_within": (0, {"advanced": 26}),
    "diagnostics.participants_observed": (0, {"participants": None}),
    "roadmap.key_unique": (0, TWICE),
    "roadmap.item": (0, {"item": "К 1.1"}),
    "roadmap.progress": (0, {"progress": "просрочено"}),
    "roadmap.done_on": (0, {"done_on": "25.08.2026"}),
    "roadmap.done_on_of_open": (1, {"done_on": "2026-08-25"}),
    "roadmap.done_on_of_done": (0, {"done_on": None}),
    "roadmap.evidence_of_done": (0, {"evidence": None}),
    "roadmap.responsible": (0, {"responsible": PERSON}),
    "decisions.key_unique": (0, TWICE),
    "decisions.decision": (0, {"decision": " "}),
    "decisions.direction": (0, {"direction": "Профориентация"}),
    "decisions.kind": (0, {"kind": "мера"}),
    "decisions.title": (0, {"title": " "}),
    "decisions.progress": (0, {"progress": "в работе"}),
    "decisions.due": (0, {"due": "до мая"}),
    "decisions.taken_on": (1, {"taken_on": "01.06.2026"}),
    "decisions.act_of_decision": (1, {"act": None}),
    "decisions.responsible": (0, {"responsible": PERSON}),
    "decisions.indicator": (0, {"indicator": "Доля проб"}),
    "documents.key_unique": (0, TWICE),
    "documents.document": (0, {"document": " "}),
    "documents.kind": (0, {"kind": "приказ"}),
    "documents.date": (0, {"date": "12.01.2026"}),
    "documents.date_of_order": (0, {"date": None}),
    "documents.number_of_order": (0, {"number": None}),
    "documents.title": (0, {"title": " "}),
    "documents.direction": (0, {"direction": "Профориентация"}),
    "documents.component": (0, {"component": "решения"}),
    "documents.office": (0, {"office": PERSON}),
    "documents.published_at": (0, {"published_at": "на сайте"}),
    "monitoring_form.key_unique": (0, TWICE),
    "monitoring_form.row_code": (0, {"row_code": " "}),
    "monitoring_form.title": (0, {"title": " "}),
    "monitoring_form.value_observed": (0, {"value": None}),
    "monitoring_form.value_empty": (1, {"value": 0.5}),
    "monitoring_form.value": (0, {"value": -0.5}),
    "monitoring_form.act_status": (0, {"act_status": "действует"}),
    "monitoring_form.act": (0, {"act": None}),
    "monitoring_form.unit": (0, {"unit": None}),
    "comparators.key_unique": (0, TWICE),
    "comparators.indicator": (0, {"indicator": "Доля «2»"}),
    "comparators.level": (0, {"level": "municipality"}),
    "comparators.value_observed": (0, {"value": None}),
    "comparators.value_empty": (1, {"value": 0.5}),
    "comparators.value": (0, {"value": -0.5}),
    "comparators.n": (0, {"n": 0}),
    "comparators.reference": (0, {"reference": " "}),
}
SPECIAL = {f"{table}.{name}": defect for table in ITEM_NAMES for name, defect in OF_ITEMS.items()} | OF_REGISTERS
