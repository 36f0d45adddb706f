"""ФИС ОКО «Форма сбора результатов» ВПР: what a school fills in, header in row 1 and nothing above it.

The work and the school are not in the form: they are taken from the file name (`edu203389 Русский язык 4 класс ВПР
2026.xlsx`); a merged regional book names the login of each row in «Пользователь».
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Place
from pipeline.ingest.layouts.fisoko_frame import ALIAS_KIND, MARK_SCALE, Exam, find_login, named_exam
from pipeline.ingest.layouts.participants import (
    RESULT_COLUMNS,
    SHARED_CONSTANTS,
    TASK_COLUMNS,
    Pupil,
    Task,
    points,
    read_mark,
    result_row,
    task_rows,
    tasks,
    total,
)
from pipeline.ingest.layouts.remarks import Tally, remark
from pipeline.ingest.layouts.sheets import Part, assemble, clean_frame, find_header, headers
from pipeline.ingest.layouts.values import Value, plain, text, value
from pipeline.ingest.layouts.writing import save_xlsx
from pipeline.ingest.privacy import Pseudonyms
from pipeline.ingest.reading import Door, Reading
from pipeline.ingest.workbook import Cell, Sheet, Workbook
from pipeline.settings import Subjects

SHEET = "Протокол"
AUXILIARY = ("Служебный", "Порядковый номер класса", "Классы")
_CODES = ("код участника", "код")
_TOTAL = "итого баллов"
_USER = "пользователь"
_JOURNAL_TITLE = "Отметка за предыдущий триместр/ четверть/полугодие"
_SHORT = re.compile(r"(?<![^\W_])(?P<subject>[A-Za-zА-Яа-яЁё]{2,3})[ _-]?(?P<grade>\d{1,2})(?!\d)")


@dataclass(frozen=True)
class FormRow:
    """One pupil to write: code, variants of the parts, points, class, mark of the previous period."""

    code: int
    variants: tuple[int | str, ...]
    scores: tuple[int | str | None, ...]
    class_number: int
    journal_mark: int | str | None

    @property
    def total(self) -> int:
        return sum(score for score in self.scores if isinstance(score, int))


@dataclass(frozen=True)
class Grid:
    """Where everything stands in the form. `parts` are (column of the variant, tasks of that part)."""

    sheet: Sheet
    header: int
    code: int
    user: int | None
    class_label: int | None
    journal: int | None
    total: int | None
    parts: tuple[tuple[int, tuple[Task, ...]], ...]
    tasks: tuple[Task, ...]
    tally: Tally


class CollectionForm:
    """Reader and writer of the form."""

    id = "fisoko_form"
    title = "ФИС ОКО: форма сбора результатов ВПР"

    def recognises(self, book: Workbook) -> bool:
        return any(_grid(sheet, "") is not None for sheet in book.sheets)

    def read(self, book: Workbook, door: Door) -> Reading:
        parts = [_read(grid, book.name, door) for sheet in book.sheets if (grid := _grid(sheet, book.name)) is not None]
        return assemble(self.id, self.title, book, parts, AUXILIARY)

    def write(self, path: Path, parts: Sequence[Sequence[Task]], rows: Iterable[FormRow]) -> None:
        """Write a form of one or two parts; the name of `path` must say login, subject, class and year."""
        one = len(parts) == 1
        titles: list[Cell] = ["Код участника"]
        for number, part in enumerate(parts, start=1):
            titles += ["Вариант" if one else f"Вариант (часть {number})", *(task.header for task in part)]
        titles += ["Порядковый номер класса", _JOURNAL_TITLE, "Итого баллов"]
        save_xlsx(path, [(SHEET, [titles, *(_line(row, parts) for row in rows)])])


def _line(row: FormRow, parts: Sequence[Sequence[Task]]) -> list[Cell]:
    line: list[Cell] = [row.code]
    scores = iter(row.scores)
    for variant, part in zip(row.variants, parts, strict=True):
        line += [variant, *(next(scores) for _ in part)]
    return [*line, row.class_number, row.journal_mark, row.total]


def _grid(sheet: Sheet, file: str) -> Grid | None:
    """The form in a sheet, or None. Nothing to the right of «Итого баллов» belongs to it."""
    header = next((row for name in _CODES if (row := find_header(sheet, [name])) is not None), None)
    if header is None:
        return None
    names = headers(sheet, header)
    end = names.index(_TOTAL) if _TOTAL in names else len(names)
    last = end if end < len(names) else None
    names = names[:end]
    found = tasks(sheet.rows[header][:end])
    variants = [column for column, name in enumerate(names) if name.startswith("вариант")]
    code = next((names.index(name) for name in _CODES if name in names), None)
    if code is None or not found or not variants or "первичный балл" in names:
        return None
    return Grid(
        sheet=sheet,
        header=header,
        code=code,
        user=_column(names, _USER),
        class_label=_column(names, "порядковый номер класса", "класс №", "наименование класса", "класс"),
        journal=_column(names, "отметка за предыдущ"),
        total=last,
        parts=_parts(variants, found),
        tasks=tuple(found),
        tally=Tally(file, sheet.name),
    )


def _column(names: Sequence[str], *starts: str) -> int | None:
    """The first column whose header begins with one of the words."""
    return next((column for column, name in enumerate(names) if name.startswith(starts)), None)


def _parts(variants: Sequence[int], found: Sequence[Task]) -> tuple[tuple[int, tuple[Task, ...]], ...]:
    """Tasks of each part stand between its «Вариант» and the next; with one part all tasks are its own."""
    if len(variants) == 1:
        return ((variants[0], tuple(found)),)
    borders = [0, *variants[1:], 10**6]
    return tuple(
        (variant, tuple(task for task in found if low <= task.column < high))
        for variant, low, high in zip(variants, borders[:-1], borders[1:], strict=True)
    )


def _read(grid: Grid, file: str, door: Door) -> Part:
    name, place = grid.sheet.name, Place(file, grid.sheet.name or None)
    body = [row for row in range(grid.header + 1, len(grid.sheet.rows)) if text(grid.sheet.cell(row, grid.code))]
    _note_uncoded(grid)
    if not body:
        return Part(name, {}, (), 0, (remark("empty_form", place), *grid.tally.remarks()))
    exam = _named(file, door.subjects)
    if exam is None:
        return Part(name, {}, (), len(body), (remark("form_unnamed", place, count=len(body)),))
    login = find_login(file)
    known = [row for row in body if _login(grid, row, login)]
    lost = len(body) - len(known)
    remarks = [remark("organisation_unknown", place, count=lost)] if lost else []
    constants = exam.constants(file, name) | {"scale": MARK_SCALE, "max_score": sum(t.max_score for t in grid.tasks)}
    read = _pupils(grid, known, login, exam, door.pseudonyms)
    scores = [line for pupil, points_of in read for line in task_rows(pupil, grid.tasks, points_of)]
    frames = {
        "results": clean_frame("results", RESULT_COLUMNS, [result_row(pupil) for pupil, _ in read], constants),
        "task_scores": clean_frame(
            "task_scores", TASK_COLUMNS, scores, {key: constants[key] for key in SHARED_CONSTANTS}
        ),
    }
    return Part(name, frames, (exam.school_year,), len(body), (*remarks, *grid.tally.remarks()))


def _note_uncoded(grid: Grid) -> None:
    """Rows with points and no code; the zeros of an untouched «Итого баллов» are no points."""
    for row in range(grid.header + 1, len(grid.sheet.rows)):
        filled = [text(grid.sheet.cell(row, task.column)) for task in grid.tasks]
        if any(filled) and not text(grid.sheet.cell(row, grid.code)):
            grid.tally.note("row_without_code", row, grid.code)


def _named(file: str, subjects: Subjects) -> Exam | None:
    """The work from a file name: `Русский язык 4 класс ВПР 2026` or `РУ4 2026`; None when something is not there."""
    words = re.sub(r"(?:edu|sch)\d{6}", " ", Path(file).stem, flags=re.IGNORECASE).replace("_", " ")
    year, grade, title = named_exam(words)
    subject = subjects.code(title) or _spelt(words, subjects)
    for short in _SHORT.finditer(words):
        if subject is None and subjects.code(short["subject"]):
            subject, grade = subjects.code(short["subject"]), grade or int(short["grade"])
    return Exam(year, "main", subject, grade) if year and grade and subject else None


def _spelt(words: str, subjects: Subjects) -> str | None:
    """The subject whose longest full spelling stands in a text among other words."""
    bare = " " + plain(re.sub(r"\W+", " ", words)) + " "
    spellings = [(plain(name), code) for code, one in subjects.subjects.items() for name in (one.title, *one.aliases)]
    found = [(len(name), code) for name, code in spellings if len(name) > 3 and f" {name} " in bare]
    return max(found)[1] if found else None


def _login(grid: Grid, row: int, of_file: str | None) -> str | None:
    own = find_login(text(grid.sheet.cell(row, grid.user))) if grid.user is not None else None
    return own or of_file


def _pupils(
    grid: Grid, rows: Sequence[int], login: str | None, exam: Exam, pseudonyms: Pseudonyms
) -> list[tuple[Pupil, dict[str, Value]]]:
    read, seen = [], set()
    for row in rows:
        pupil, scores = _pupil(grid, row, _login(grid, row, login) or "", exam, pseudonyms)
        if pupil.participant in seen:
            grid.tally.note("duplicate_codes", row, grid.code)
        seen.add(pupil.participant)
        read.append((pupil, scores))
    return read


def _pupil(grid: Grid, row: int, login: str, exam: Exam, pseudonyms: Pseudonyms) -> tuple[Pupil, dict[str, Value]]:
    missed = [part for part in grid.parts if value(grid.sheet.cell(row, part[0])).state == "absent"]
    scores = points(grid.sheet, row, grid.tasks, grid.tally)
    absent = frozenset(task.code for _, part in missed for task in part)
    written = {code: score for code, score in scores.items() if code not in absent}
    if missed and len(missed) < len(grid.parts):
        grid.tally.note("absent_in_part", row, missed[0][0])
    primary = Value("absent") if len(missed) == len(grid.parts) else _primary(grid, row, written)
    class_label = "" if grid.class_label is None else text(grid.sheet.cell(row, grid.class_label))
    variants = [text(grid.sheet.cell(row, column)) for column, _ in grid.parts]
    pupil = Pupil(
        participant=pseudonyms.of(login, "vpr", str(exam.school_year), text(grid.sheet.cell(row, grid.code))),
        organisation=(ALIAS_KIND, login, None),
        row=row,
        municipality=None,
        class_label=class_label or None,
        variant="/".join(variant for variant in variants if variant.isdigit()) or None,
        primary=primary,
        mark=Value("absent" if primary.state == "absent" else "blank"),
        journal=read_mark(grid.sheet, row, grid.journal, grid.tally),
        absent=absent,
    )
    return pupil, scores


def _primary(grid: Grid, row: int, written: dict[str, Value]) -> Value:
    """The sum of the points; «Итого баллов» is a formula that gives 0 in an untouched row and only checks it."""
    summed = total(written)
    if summed is None:
        return Value("blank")
    stated = value(grid.sheet.cell(row, grid.total)).number if grid.total is not None else None
    if stated is not None and grid.total is not None and stated != summed:
        grid.tally.note("primary_sum_differs", row, grid.total)
    return Value("observed", summed)
