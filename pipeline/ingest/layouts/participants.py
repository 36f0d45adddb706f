"""Points of pupils by task, as ФИС ОКО writes them: headers of tasks, cells of points, rows of the clean tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.ingest.layouts.remarks import Tally
from pipeline.ingest.layouts.sheets import checked
from pipeline.ingest.layouts.values import Value, plain, text
from pipeline.ingest.workbook import Cell, Sheet

RESULT_COLUMNS = (
    *("participant", "org_alias_kind", "org_alias_code", "org_name", "municipality", "class_label", "variant", "state"),
    *("primary_score", "mark", "mark_state", "journal_mark", "journal_mark_state", "source_row"),
)
TASK_COLUMNS = (
    *("participant", "org_alias_kind", "org_alias_code", "org_name", "task", "task_order", "task_level"),
    *("max_score", "score", "state", "source_row"),
)
SHARED_CONSTANTS = ("procedure", "school_year", "wave", "subject", "grade", "source_file", "source_sheet")
LEVELS = {"б": "basic", "п": "advanced", "в": "high"}
MARKS = range(2, 6)

_TASK = re.compile(r"(?P<task>\d+[^\s(]*(?:\(\d+\))?)\s*\(\s*(?P<max>\d+)\s*б[^)]*\)", re.IGNORECASE)


@dataclass(frozen=True)
class Task:
    """A column of points: code, maximum, level of difficulty, place in the sheet and in the work."""

    code: str
    max_score: int
    level: str | None = None
    column: int = -1
    order: int = 0

    @property
    def header(self) -> str:
        return f"{self.code} ({self.max_score}б)"


@dataclass(frozen=True)
class Pupil:
    """One pupil: who, where, and the cells of marks; `absent` holds codes of tasks of a part not written."""

    participant: str
    organisation: tuple[str | None, str | None, str | None]
    row: int
    municipality: str | None
    class_label: str | None
    variant: str | None
    primary: Value
    mark: Value
    journal: Value
    absent: frozenset[str] = frozenset()


def tasks(names: Sequence[Cell], levels: Sequence[Cell] = ()) -> list[Task]:
    """Tasks of a header row, with the difficulty from the row above it when there is one."""
    found: list[Task] = []
    for column, name in enumerate(names):
        match = _TASK.fullmatch(text(name))
        if match:
            code = match["task"].replace(",", ".").replace("K", "К").replace("k", "К").replace("к", "К")
            level = LEVELS.get(plain(levels[column])) if column < len(levels) else None
            found.append(Task(code, int(match["max"]), level, column, len(found) + 1))
    return found


def task_level_letter(level: str | None) -> str | None:
    """The letter a report shows for a level of difficulty."""
    return next((letter.upper() for letter, name in LEVELS.items() if name == level), None)


def points(sheet: Sheet, row: int, columns: Iterable[Task], tally: Tally) -> dict[str, Value]:
    """Points of one pupil by task code; a value out of 0…maximum is noted and kept."""
    found = {}
    for task in columns:
        score = checked(sheet, row, task.column, tally)
        if score.number is not None and not 0 <= score.number <= task.max_score:
            tally.note("score_above_max", row, task.column)
        found[task.code] = score
    return found


def read_mark(sheet: Sheet, row: int, column: int | None, tally: Tally) -> Value:
    """A mark 2–5 with its state; a column that is not there is blank."""
    if column is None:
        return Value("blank")
    found = checked(sheet, row, column, tally)
    if found.state == "not_attempted":
        return Value("not_attempted")
    if found.number is not None and found.whole not in MARKS:
        tally.note("unreadable_value", row, column)
        return Value("blank")
    return found


def total(scores: Mapping[str, Value]) -> Decimal | None:
    """Sum of the points; None when there is not one point."""
    numbers = [score.number for score in scores.values() if score.number is not None]
    return sum(numbers, Decimal(0)) if numbers else None


def result_row(pupil: Pupil) -> tuple[object, ...]:
    """The values of RESULT_COLUMNS. X in place of the score is no score of a work."""
    return (
        *(pupil.participant, *pupil.organisation, pupil.municipality, pupil.class_label, pupil.variant),
        *(pupil.primary.state, pupil.primary.real, pupil.mark.whole, pupil.mark.state),
        *(pupil.journal.whole, pupil.journal.state, pupil.row + 1),
    )


def task_rows(pupil: Pupil, columns: Sequence[Task], scores: Mapping[str, Value]) -> list[tuple[object, ...]]:
    """The values of TASK_COLUMNS, one row a task."""
    rows: list[tuple[object, ...]] = []
    for task in columns:
        score = Value("absent") if task.code in pupil.absent else scores[task.code]
        rows.append(
            (
                *(pupil.participant, *pupil.organisation, task.code, task.order, task.level),
                *(task.max_score, score.real, score.state, pupil.row + 1),
            )
        )
    return rows
