"""A small territory in clean tables on which every check passes: two schools, one municipality, ВПР, a list, a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline import tables
from tests.validation import form_frames

Row = dict[str, Any]
VPR: Row = {"procedure": "vpr", "school_year": 2026, "wave": "main", "subject": "russian", "grade": 4}
PLACE: Row = {"municipality": "Тестовый район", "region": "Тестовый край"}
SCHOOLS = ("edu990001", "edu990002")
# Marks of the pupils of both schools: 20 and 20 participants, shares with two decimals of a percent are exact.
MARKS = {"edu990001": [2] * 2 + [3] * 8 + [4] * 6 + [5] * 4, "edu990002": [2] * 1 + [3] * 9 + [4] * 8 + [5] * 2}
SCORES = {2: (1.0, 1.0), 3: (2.0, 1.0), 4: (3.0, 2.0), 5: (4.0, 2.0)}


def source(file: str, row: int) -> Row:
    return {"source_file": file, "source_sheet": "Лист1", "source_row": row}


def pseudonym(number: int) -> str:
    return f"{number:020x}"


def organisations() -> list[Row]:
    return [
        {
            "org_id": school,
            "name": f"Школа № {number}",
            "alias_kind": "fisoko",
            "alias_code": school,
            "provisional": False,
            "valid_from": "2015-09-01",
            "valid_to": "2030-08-31",
            **PLACE,
            **source("register.xlsx", number + 1),
        }
        for number, school in enumerate(SCHOOLS, start=1)
    ]


def results() -> list[Row]:
    rows = []
    for school in SCHOOLS:
        for mark in MARKS[school]:
            number = len(rows)
            rows.append(
                {
                    **VPR,
                    **PLACE,
                    "org_id": school,
                    "participant": pseudonym(number),
                    "state": "observed",
                    "primary_score": sum(SCORES[mark]),
                    "max_score": 6.0,
                    "test_score": None,
                    "mark": mark,
                    "mark_state": "observed",
                    "journal_mark": mark,
                    "journal_mark_state": "observed",
                    "scale": "vpr-2025",
                    "exam_date": "2026-04-20",
                    **source("f1.xlsx", 10 + number),
                }
            )
    absent = {"primary_score": None, "mark": None, "journal_mark": None, "state": "absent"}
    states = {"mark_state": "absent", "journal_mark_state": "blank"}
    rows.append({**rows[-1], "participant": pseudonym(len(rows)), **absent, **states, "source_row": 10 + len(rows)})
    rows.append(_oge(len(rows)))
    return rows


def _oge(number: int) -> Row:
    """One ОГЭ result with a test score, so that no optional column of results is empty."""
    exam = {"procedure": "oge", "school_year": 2026, "wave": "main", "subject": "history", "grade": 9}
    return {
        **results_defaults(),
        **exam,
        "participant": pseudonym(number),
        "primary_score": 20.0,
        "max_score": 37.0,
        "test_score": 54.0,
        "mark": 3,
        "mark_state": "observed",
        "journal_mark_state": "blank",
        **source("oge.xls", 7),
    }


def results_defaults() -> Row:
    return {**PLACE, "org_id": SCHOOLS[0], "state": "observed", "journal_mark": None, "exam_date": "2026-06-02"}


def task_scores() -> list[Row]:
    rows = []
    for result in results():
        if result["procedure"] != "vpr" or result["state"] != "observed":
            continue
        for order, score in enumerate(SCORES[result["mark"]], start=1):
            rows.append(
                {
                    **VPR,
                    "org_id": result["org_id"],
                    "participant": result["participant"],
                    "task": ("1", "12.2")[order - 1],
                    "task_order": order,
                    "score": score,
                    "max_score": (4.0, 2.0)[order - 1],
                    "state": "observed",
                    **source("f1.xlsx", result["source_row"]),
                }
            )
    return rows


def group_results() -> list[Row]:
    both = [mark for marks in MARKS.values() for mark in marks]
    rows = _shares("municipality", "Тестовый район", None, both, 10, 2)
    for number, school in enumerate(SCHOOLS):
        rows += _shares("organisation", school, school, MARKS[school], 11 + number, None)
    rows += _journal("municipality", "Тестовый район", None, (4, 34, 2), 10)
    rows += _journal("organisation", SCHOOLS[0], SCHOOLS[0], (3, 16, 1), 11)
    rows.append(_mean(2025, 20))
    rows.append(_mean(2026, 21))
    rows.append({**_mean(2026, 22), "subject": "history", "n": 0, "value": None, "state": "blank", "decimals": None})
    return rows


def _group(level: str, group: str, org: str | None) -> Row:
    return {**VPR, **PLACE, "level": level, "group": group, "group_label": group, "org_id": org, "state": "observed"}


def _shares(level: str, group: str, org: str | None, marks: list[int], row: int, n_orgs: int | None) -> list[Row]:
    return [
        {
            **_group(level, group, org),
            "measure": "mark_share",
            "category": str(mark),
            "value": round(marks.count(mark) / len(marks), 4),
            "unit": "share",
            "decimals": 2,
            "n": len(marks),
            "n_orgs": n_orgs,
            "max_score": 6.0,
            "exam_date": "2026-04-20",
            **source("f3.xlsx", row),
        }
        for mark in (2, 3, 4, 5)
    ]


def _journal(level: str, group: str, org: str | None, counts: tuple[int, int, int], row: int) -> list[Row]:
    return [
        {
            **_group(level, group, org),
            "measure": "journal_agreement",
            "category": category,
            "value": round(count / sum(counts), 4),
            "unit": "share",
            "decimals": 2,
            "count": count,
            "n": sum(counts),
            "max_score": 6.0,
            **source("journal.xlsx", row),
        }
        for category, count in zip(("lowered", "confirmed", "raised"), counts, strict=True)
    ]


def _mean(year: int, row: int) -> Row:
    return {
        **_group("organisation", SCHOOLS[0], SCHOOLS[0]),
        "procedure": "nvo",
        "school_year": year,
        "measure": "mean_score",
        "category": "all",
        "value": 48.6,
        "unit": "points",
        "decimals": 2,
        "n": 17,
        "max_score": 100.0,
        "scale": "nvo-100",
        **source("nvo.csv", row),
    }


def marked_schools() -> list[Row]:
    markers = [("russian", 4, 1), ("mathematics", 4, 0), ("russian", 5, None), ("mathematics", 5, 1)]
    return [
        {
            "school_year": 2026,
            "org_id": SCHOOLS[0],
            "procedure": "vpr",
            "subject": subject,
            "grade": grade,
            **PLACE,
            "marker": marker,
            "state": "blank" if marker is None else "observed",
            "n_markers": 2,
            **source("bias.xlsx", 2),
        }
        for subject, grade, marker in markers
    ]


ROWS = {
    "organisations": organisations,
    "results": results,
    "task_scores": task_scores,
    "group_results": group_results,
    "marked_schools": marked_schools,
    **form_frames.ROWS,
}


def territory(**changed: list[Row]) -> dict[str, pd.DataFrame]:
    """All clean tables; `changed` replaces the rows of some."""
    return {name: frame(name, changed.get(name, rows())) for name, rows in ROWS.items()}


def exported(**changed: list[Row]) -> dict[str, pd.DataFrame]:
    """The same without the collection form: half of the checks, for tests of something else."""
    return {name: table for name, table in territory(**changed).items() if name not in form_frames.ROWS}


def frame(name: str, rows: list[Row]) -> pd.DataFrame:
    return tables.conform(name, pd.DataFrame(rows, columns=tables.TABLES[name].names)) if rows else tables.empty(name)


def patched(name: str, index: int, change: Mapping[str, Any]) -> list[Row]:
    """The good rows of a table with one row changed."""
    rows = ROWS[name]()
    rows[index] = {**rows[index], **change}
    return rows
