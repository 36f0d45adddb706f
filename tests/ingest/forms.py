"""A small form for tests: two item tables, the shipped registers, four organisations; and how to work in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from pipeline.ingest.items import ItemTable
from pipeline.ingest.layouts.declared_register import RegisterRow
from pipeline.ingest.layouts.form_cells import BLANK, Answer, observed
from pipeline.ingest.layouts.form_model import Form, load_form
from pipeline.ingest.layouts.municipal_form import MunicipalForm
from pipeline.ingest.reading import Reading
from pipeline.paths import Paths

YEAR = 2026
CAREER_SHEET, PRESCHOOL_SHEET, OLYMPIAD_SHEET = "1. Профориентация", "2. Дошкольное образование", "3. Олимпиада"
NOT_HELD = Answer("not_attempted")
Sheets = Any
ORGANISATIONS = (
    RegisterRow("school-1", "МБОУ «СОШ № 1»", "общеобразовательная организация", fisoko="edu990001"),
    RegisterRow("school-2", "МБОУ «ООШ с. Полевое»", "школа", fisoko="edu990002"),
    RegisterRow("garden-1", "МБДОУ «Детский сад № 1»", "дошкольная образовательная организация"),
    RegisterRow("school-0", "МБОУ «Закрытая школа»", "школа", valid_to="2024-08-31"),
)
CAREER: dict[str, Any] = {
    "table": "career",
    "title": "Профориентация",
    "filled_by": "общеобразовательная организация",
    "org_types": ["school"],
    "groups": {"grade_9": "9 класс", "grade_11": "11 класс"},
    "items": [
        {"id": "pupils", "title": "Учеников", "hint": "Всего.", "kind": "count", "unit": "pupils"},
        {
            "id": "diagnosed",
            "title": "Прошли диагностику",
            "hint": "Из них.",
            "kind": "count",
            "unit": "pupils",
            "at_most": "pupils",
            "groups": ["grade_9", "grade_11"],
        },
        {"id": "hours", "title": "Часов", "hint": "За год.", "kind": "number", "unit": "hours"},
        {
            "id": "level",
            "title": "Уровень",
            "hint": "Какой.",
            "kind": "level",
            "levels": {1: "начальный", 2: "базовый", 3: "хороший"},
        },
        {"id": "plan", "title": "Есть план", "hint": "На год.", "kind": "yes_no"},
        {
            "id": "project",
            "title": "Профессионалы",
            "hint": "Участники.",
            "kind": "count",
            "aliases": [{"title": "Молодые профессионалы", "until": 2022}],
        },
    ],
}
PRESCHOOL: dict[str, Any] = {
    "table": "preschool",
    "title": "Дошкольное образование",
    "filled_by": "детский сад",
    "org_types": ["kindergarten", "school"],
    "period": "half_year",
    "items": [
        {"id": "children", "title": "Детей", "hint": "На 1 января.", "kind": "count", "unit": "pupils"},
        {
            "id": "groups_open",
            "title": "Групп",
            "hint": "Открыто.",
            "kind": "count",
            "org_types": ["kindergarten"],
        },
    ],
}


def shipped() -> Form:
    return load_form(Paths(Path("nowhere"), "x", YEAR))


def small(*tables: Mapping[str, Any]) -> MunicipalForm:
    """The shipped registers, with few blank rows, and only these item tables."""
    form = shipped()
    items = [ItemTable.model_validate(table) for table in tables or (CAREER, PRESCHOOL)]
    registers = {name: sheet.model_copy(update={"rows": 6}) for name, sheet in form.registers.items()}
    return MunicipalForm(Form({table.table: table for table in items}, registers, form.words, form.lists))


FORM = small()


def filled(path: Path, changes: Callable[[Sheets], None]) -> Path:
    """The form after somebody worked in it."""
    book = openpyxl.load_workbook(path)
    changes(book)
    book.save(path)
    return path


def values(frame: pd.DataFrame) -> dict[tuple[str, str, str, str], Answer]:
    """Whose answer → answer, as the clean table of items holds them."""
    keys = zip(frame["org_alias_code"], frame["period"], frame["group"], frame["item"], strict=True)
    answers = (
        Answer(state, None if pd.isna(value) else float(value))
        for state, value in zip(frame["state"], frame["value"], strict=True)
    )
    return dict(zip(keys, answers, strict=True))


def codes(reading: Reading) -> dict[str, str | None]:
    return {remark.code: remark.place.cell for remark in reading.remarks}


RECORDS: dict[str, list[dict[str, object]]] = {
    "olympiad": [
        {
            "org_id": "school-1",
            "event": "vsosh",
            "stage": "school",
            "subject": "russian",
            "grade": 9,
            "participants": observed(12),
            "prize_winners": observed(2),
            "winners": observed(0),
        },
        {
            "org_id": "school-2",
            "event": "Турнир городов",
            "stage": "final",
            "subject": "astronomy",
            "grade": 11,
            "participants": NOT_HELD,
        },
    ],
    "contests": [
        {
            "org_id": "garden-1",
            "contest": "Конкурс имени А. С. Пушкина",
            "audience": "teachers",
            "level": "national",
            "participants": observed(3),
            "winners": BLANK,
        }
    ],
    "diagnostics": [
        {
            "org_id": "school-1",
            "procedure": "literacy",
            "part": "reading",
            "subject": "",
            "grade": 8,
            "participants": observed(25),
            "below_base": observed(4),
            "base": observed(16),
            "advanced": observed(5),
        },
        {
            "org_id": "school-2",
            "procedure": "regional",
            "part": "работа 15 марта",
            "subject": "mathematics",
            "grade": 8,
            "participants": NOT_HELD,
        },
    ],
    "roadmap": [
        {
            "item": "К-1.1",
            "title": "Анализ",
            "progress": "done",
            "done_on": "2026-08-25",
            "evidence": "Д-1",
            "responsible": "методист",
            "note": "перенесено",
        }
    ],
    "decisions": [
        {
            "decision": "2",
            "direction": "career",
            "org_id": "school-1",
            "kind": "measure",
            "parent": "1",
            "title": "Провести экскурсии",
            "addressee": "школа",
            "responsible": "директор",
            "due": "2026-05-01",
            "taken_on": "2026-01-15",
            "progress": "sent",
            "act": "Д-1",
            "indicator": "career_x",
        },
        {
            "decision": "1",
            "direction": "career",
            "kind": "recommendation",
            "title": "Расширить пробы",
            "progress": "planned",
        },
    ],
    "documents": [
        {
            "document": "Д-1",
            "kind": "order",
            "number": "50а",
            "date": "2026-01-12",
            "title": "Об итогах",
            "direction": "career",
            "component": "analysis",
            "office": "Управление образования",
            "published_at": "https://example.org/a",
        }
    ],
    "monitoring_form": [
        {
            "row_code": "1.10",
            "title": "Охват",
            "unit": "процент",
            "value": observed(0.506),
            "act": "№ 955",
            "act_status": "confirmed",
        }
    ],
    "comparators": [
        {
            "indicator": "vpr_x",
            "level": "country",
            "group": "",
            "subject": "russian",
            "grade": 4,
            "value": observed(0.0506),
            "n": observed(1500000),
            "reference": "сборник",
        }
    ],
}
