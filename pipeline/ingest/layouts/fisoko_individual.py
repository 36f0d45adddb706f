"""ФИС ОКО «Индивидуальные результаты»: points and marks of every participant, school after school."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline.errors import Place
from pipeline.ingest.layouts.fisoko_frame import ALIAS_KIND, MARK_SCALE, Exam, Heading, find_login, read_exam
from pipeline.ingest.layouts.participants import (
    RESULT_COLUMNS,
    SHARED_CONSTANTS,
    TASK_COLUMNS,
    Pupil,
    Task,
    points,
    read_mark,
    result_row,
    task_level_letter,
    task_rows,
    tasks,
    total,
)
from pipeline.ingest.layouts.remarks import Tally, remark
from pipeline.ingest.layouts.sheets import Part, assemble, checked, clean_frame, find_header, headers, is_blank
from pipeline.ingest.layouts.values import text
from pipeline.ingest.layouts.writing import save_xlsx
from pipeline.ingest.privacy import Pseudonyms
from pipeline.ingest.reading import Door, Reading, Remark
from pipeline.ingest.workbook import Cell, Sheet, Workbook, address

REPORT = "Индивидуальные результаты"
_LOGIN, _MUNICIPALITY, _NAME, _CODE = "оо", "муниципалитет", "название оо", "код участника"
_CLASS, _VARIANT = "класс", "вариант"
_PRIMARY, _MARK, _JOURNAL = "первичный балл", "отметка", "отметка по журналу"
_NEEDED = (_LOGIN, _CODE, _PRIMARY)
_LEADING = ("ОО", "Муниципалитет", "Название ОО", "Код участника", "Класс", "Вариант")
_DECLARED = re.compile(r"кол-?во участников\s*:?\s*(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class PupilCells:
    """One pupil to write; a score is points, "X" or None."""

    code: int
    class_number: int
    variant: int
    scores: tuple[int | str | None, ...]
    mark: int | str | None
    journal_mark: int | str | None

    @property
    def primary(self) -> int:
        return sum(score for score in self.scores if isinstance(score, int))


@dataclass(frozen=True)
class School:
    """One school to write; `declared` is the number in its title row when it differs from the pupils given."""

    login: str
    municipality: str
    name: str
    pupils: tuple[PupilCells, ...]
    declared: int | None = None


@dataclass(frozen=True)
class Grid:
    """Where everything stands in one sheet."""

    sheet: Sheet
    columns: dict[str, int]
    tasks: Sequence[Task]
    exam: Exam
    tally: Tally

    def text(self, row: int, name: str) -> str:
        return text(self.sheet.cell(row, self.columns[name])) if name in self.columns else ""


class IndividualResults:
    """Reader and writer of the report."""

    id = "fisoko_individual"
    title = "ФИС ОКО: индивидуальные результаты"

    def recognises(self, book: Workbook) -> bool:
        return any(find_header(sheet, _NEEDED) is not None for sheet in book.sheets)

    def read(self, book: Workbook, door: Door) -> Reading:
        found = ((sheet, find_header(sheet, _NEEDED)) for sheet in book.sheets)
        parts = [_read(sheet, header, book.name, door) for sheet, header in found if header is not None]
        return assemble(self.id, self.title, book, parts)

    def write(self, path: Path, heading: Heading, columns: Sequence[Task], schools: Iterable[School]) -> None:
        letters = [task_level_letter(task.level) for task in columns]
        titles: list[Cell] = [*_LEADING, *(task.header for task in columns)]
        lines: list[list[Cell]] = heading.rows(REPORT)[:-1]
        lines.append([None, None, "Уровень сложности задания", None, None, None, *letters])
        lines.append([*titles, "Первичный балл", "Отметка", "Отметка по журналу"])
        for school in schools:
            lines.extend(_school_lines(school))
        save_xlsx(path, [(heading.sheet(REPORT), lines)])


def _school_lines(school: School) -> list[list[Cell]]:
    """The title row of a school and its pupils."""
    title = f"{school.name}({school.login})"
    declared = len(school.pupils) if school.declared is None else school.declared
    lines: list[list[Cell]] = [[f"{title} | Кол-во участников: {declared}"]]
    for pupil in school.pupils:
        place: list[Cell] = [school.login, school.municipality, title, pupil.code, pupil.class_number, pupil.variant]
        lines.append([*place, *pupil.scores, pupil.primary, pupil.mark, pupil.journal_mark])
    return lines


def _read(sheet: Sheet, header: int, file: str, door: Door) -> Part:
    exam, remarks = read_exam(sheet, header, file, door.subjects)
    levels = sheet.rows[header - 1] if header else ()
    columns = {name: column for column, name in reversed(list(enumerate(headers(sheet, header)))) if name}
    grid = Grid(sheet, columns, tasks(sheet.rows[header], levels), exam, Tally(file, sheet.name))
    pupils, declared = _walk(grid, header, Place(file, sheet.name or None), door.pseudonyms)
    remarks += [*_maximum(grid, Place(file, sheet.name or None)), *declared, *grid.tally.remarks()]
    constants = exam.constants(file, sheet.name) | {"scale": MARK_SCALE}
    shared = {name: constants[name] for name in SHARED_CONSTANTS}
    scores = [row for pupil, rows in pupils for row in rows]
    frames = {
        "results": clean_frame("results", RESULT_COLUMNS, [result_row(pupil) for pupil, _ in pupils], constants),
        "task_scores": clean_frame("task_scores", TASK_COLUMNS, scores, shared),
    }
    return Part(sheet.name, frames, (exam.school_year,), len(pupils), tuple(remarks))


def _walk(
    grid: Grid, header: int, place: Place, pseudonyms: Pseudonyms
) -> tuple[list[tuple[Pupil, list[tuple[object, ...]]]], list[Remark]]:
    """Pupils with their task rows, and remarks on title rows whose number does not hold."""
    pupils: list[tuple[Pupil, list[tuple[object, ...]]]] = []
    seen: set[str] = set()
    titles: list[tuple[int, int, int]] = []  # row, declared number, pupils before it
    for row in range(header + 1, len(grid.sheet.rows)):
        declared = _DECLARED.search(text(grid.sheet.cell(row, 0)))
        if declared:
            titles.append((row, int(declared[1]), len(pupils)))
        elif find_login(grid.text(row, _LOGIN)) and grid.text(row, _CODE):
            pupil, rows = _pupil(grid, row, pseudonyms)
            if pupil.participant in seen:
                grid.tally.note("duplicate_codes", row, grid.columns[_CODE])
            seen.add(pupil.participant)
            pupils.append((pupil, rows))
        elif not is_blank(grid.sheet.rows[row]):
            grid.tally.note("row_without_code", row, grid.columns[_CODE])
    return pupils, _declared(titles, len(pupils), place)


def _declared(titles: Sequence[tuple[int, int, int]], end: int, place: Place) -> list[Remark]:
    """Remarks on schools whose title row declares another number than the rows that follow."""
    ends = [*(before for _, _, before in titles), end][1:] if titles else []
    return [
        remark("declared_count_differs", Place(place.file, place.sheet, address(row, 0)), declared=number, rows=rows)
        for (row, number, before), after in zip(titles, ends, strict=True)
        if (rows := after - before) != number
    ]


def _pupil(grid: Grid, row: int, pseudonyms: Pseudonyms) -> tuple[Pupil, list[tuple[object, ...]]]:
    login = find_login(grid.text(row, _LOGIN)) or ""
    code = grid.text(row, _CODE)
    scores = points(grid.sheet, row, grid.tasks, grid.tally)
    primary = checked(grid.sheet, row, grid.columns[_PRIMARY], grid.tally)
    if primary.number is not None and grid.tasks and (total(scores) or Decimal(0)) != primary.number:
        grid.tally.note("primary_sum_differs", row, grid.columns[_PRIMARY])
    pupil = Pupil(
        participant=pseudonyms.of(login, "vpr", str(grid.exam.school_year), code),
        organisation=(ALIAS_KIND, login, _school_name(grid.text(row, _NAME))),
        row=row,
        municipality=grid.text(row, _MUNICIPALITY) or None,
        class_label=grid.text(row, _CLASS) or None,
        variant=grid.text(row, _VARIANT) or None,
        primary=primary,
        mark=read_mark(grid.sheet, row, grid.columns.get(_MARK), grid.tally),
        journal=read_mark(grid.sheet, row, grid.columns.get(_JOURNAL), grid.tally),
    )
    return pupil, task_rows(pupil, grid.tasks, scores)


def _school_name(printed: str) -> str | None:
    """The name of a school without its login in brackets."""
    return re.sub(r"\s*\((?:edu|sch)\d{6}\)$", "", printed) or None


def _maximum(grid: Grid, place: Place) -> list[Remark]:
    """A remark when the tasks do not sum to the declared maximum."""
    by_tasks = sum(task.max_score for task in grid.tasks)
    if grid.exam.max_score is None or by_tasks == grid.exam.max_score:
        return []
    return [remark("max_score_differs", place, declared=f"{grid.exam.max_score:g}", rows=by_tasks)]
