"""РЦОИ protocols of ОГЭ and ЕГЭ: one or several subject blocks in a sheet, each a title, a header and pupils.

ОГЭ comes as .xls (`12 - Обществознание 2026.07.03`, gaps between columns from merged cells), ЕГЭ as csv, compact or
sparse.
Names and documents of pupils live here only as long as it takes to make a pseudonym of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.errors import InputError, Place
from pipeline.ingest.layouts.fisoko_frame import subject_code
from pipeline.ingest.layouts.remarks import Tally, remark
from pipeline.ingest.layouts.sheets import LOOK_FOR_HEADER, Part, assemble, checked, clean_frame, headers
from pipeline.ingest.layouts.values import UNREADABLE, Value, iso_date, plain, text, value
from pipeline.ingest.privacy import Pseudonyms
from pipeline.ingest.reading import Door, Reading, Remark
from pipeline.ingest.workbook import Cell, Sheet, Workbook, address

ALIAS_KIND = "rcoi"
LAST_GRADES = {"oge": 9, "ege": 11}
SCALES = {"oge": "oge-marks-2-5", "ege": "ege-100"}
BASE_SCALE = "ege-marks-2-5"
RESIT_MONTH = 9
AGAIN_FROM, AGAIN_MONTH = 2024, 7  # since 2024 a leaver may write one subject once more, on days after the main period

_SCHOOL, _NUMBER, _CLASS, _MUNICIPALITY = "код оо", "№", "класс", "код мсу"
_PRIMARY, _MARK, _TEST = "первичный балл", "оценка", ("балл", "тестовый балл")
_NAMES = ("фамилия", "имя", "отчество")
_DOCUMENTS = ("серия", "номер", "документ")
_TITLE = re.compile(
    r"(?:\d{1,3}\s*-\s*)?(?P<subject>[^\W\d][^:]*?)[\s,;]*(?:п\.?\s*:)?\s*(?P<date>\d{4}\.\d\d\.\d\d).*"
)
_REGION = re.compile(r"\d{1,3}\s*-\s*(?P<region>[^\W\d].*)")
# In a protocol with shifted columns names stand where codes should: what is no code does not pass.
_CODE = re.compile(r"\d{1,12}")
_CLASS_LABEL = re.compile(r"\d{1,2}\W{0,2}\w{0,2}\W?")
_TAILS = ("средни", "минимальн", "всего")
_COLUMNS = (
    *("procedure", "school_year", "wave", "subject", "grade", "participant", "org_alias_kind", "org_alias_code"),
    *("municipality", "class_label", "state", "primary_score", "test_score", "mark", "mark_state"),
    *("journal_mark_state", "scale", "exam_date", "source_row"),
)


@dataclass(frozen=True)
class Block:
    """One subject in a sheet: rows of its title and header, the rows below it up to the next block."""

    title: int
    header: int
    end: int
    subject: str
    date: str
    columns: dict[str, int]

    @property
    def year(self) -> int:
        """A resit in September still belongs to the school year that has ended."""
        return int(self.date[:4])

    def wave(self, procedure: str) -> str:
        """A resit is written in September, one subject of ЕГЭ also in the first days of July."""
        month = int(self.date[5:7])
        again = procedure == "ege" and self.year >= AGAIN_FROM and month == AGAIN_MONTH
        return "resit" if again or month == RESIT_MONTH else "main"


class ExamProtocol:
    """Reader of the protocols; they are written by `rcoi_writer`."""

    id = "rcoi_protocol"
    title = "РЦОИ: протокол результатов ОГЭ или ЕГЭ"

    def recognises(self, book: Workbook) -> bool:
        return any(_header_rows(sheet, LOOK_FOR_HEADER) for sheet in book.sheets)

    def read(self, book: Workbook, door: Door) -> Reading:
        parts = [_read(sheet, book.name, door) for sheet in book.sheets if _header_rows(sheet)]
        return assemble(self.id, self.title, book, parts)


def _header_rows(sheet: Sheet, limit: int | None = None) -> list[int]:
    """All header rows: the code of a school, the class, a score, and who wrote it."""
    found = []
    for row, cells in enumerate(sheet.rows[:limit]):
        names = {plain(cell) for cell in cells if isinstance(cell, str)}
        if {_SCHOOL, _CLASS} <= names and names & {_PRIMARY, _MARK} and names & {*_NAMES, *_DOCUMENTS}:
            found.append(row)
    return found


def _read(sheet: Sheet, file: str, door: Door) -> Part:
    place, tally = Place(file, sheet.name or None), Tally(file, sheet.name)
    blocks = list(_blocks(sheet, place))
    rows: list[tuple[object, ...]] = []
    remarks: list[Remark] = []
    for block in blocks:
        read, noted = _block(sheet, block, place, door, tally)
        rows.extend(read)
        remarks.extend(noted)
    constants = {"region": _region(sheet, blocks[0].title), "source_file": file, "source_sheet": sheet.name}
    frame = clean_frame("results", _COLUMNS, rows, constants)
    years = tuple(sorted({block.year for block in blocks}))
    return Part(sheet.name, {"results": frame}, years, len(rows), (*remarks, *tally.remarks()))


def _blocks(sheet: Sheet, place: Place) -> Iterator[Block]:
    """Blocks from top to bottom. Raises InputError for a header with no title of an exam above it."""
    starts = _header_rows(sheet)
    previous = -1
    for header, following in zip(starts, [*starts[1:], len(sheet.rows)], strict=True):
        titles = [row for row in range(previous + 1, header) if _title(sheet, row)]
        if not titles:
            raise InputError(
                "Над заголовком протокола нет строки с предметом и датой экзамена.",
                place=Place(place.file, place.sheet, address(header, 0)),
                advice="строка должна быть вида «12 - Обществознание 2026.07.03»; выгрузите протокол заново.",
            )
        title = titles[-1]
        found = _title(sheet, title)
        end = next((row for row in range(header + 1, following) if _title(sheet, row)), following)
        names = headers(sheet, header)
        columns = {name: column for column, name in reversed(list(enumerate(names))) if name}
        if found:
            yield Block(title, header, end, found[0], found[1], columns)
        previous = header


def _title(sheet: Sheet, row: int) -> tuple[str, str] | None:
    """(subject, ISO date) of a row that holds nothing but the title of an exam, wherever it stands."""
    filled = [cell for cell in sheet.rows[row] if text(cell)]
    match = _TITLE.fullmatch(text(filled[0])) if len(filled) == 1 else None
    date = iso_date(match["date"]) if match else None
    return (match["subject"].strip(), date) if match and date else None


def _region(sheet: Sheet, before: int) -> str | None:
    """The region from a row such as `20 - Чеченская Республика` above the first block."""
    for row in range(before):
        match = _REGION.fullmatch(text(sheet.cell(row, 0)))
        if match:
            return match["region"]
    return None


def _block(
    sheet: Sheet, block: Block, place: Place, door: Door, tally: Tally
) -> tuple[list[tuple[object, ...]], list[Remark]]:
    """Rows of one block and remarks on it."""
    where = Place(place.file, place.sheet, address(block.title, 0))
    subject, remarks = subject_code(block.subject, door.subjects, where)
    pupils, totals = _sort_rows(sheet, block, tally)
    procedure = _procedure(sheet, block, pupils)
    if block.wave(procedure) == "resit":
        remarks.append(remark("september_resit", where))
    if totals is not None and totals != len(pupils):
        remarks.append(remark("declared_count_differs", where, declared=totals, rows=len(pupils)))
    identities = [_identity(sheet, row, block) for row in pupils]
    met: Counter[tuple[str, ...]] = Counter()
    rows = []
    for row, identity in zip(pupils, identities, strict=True):
        met[identity] += 1
        participant = _participant(identity, met[identity], door.pseudonyms)
        rows.append(_row(sheet, row, block, procedure, subject, participant, tally))
        if met[identity] > 1 and identity[0] == "gia":
            tally.note("duplicate_pupils", row, 0)
    repeated = sum(times - 1 for identity, times in met.items() if identity[0] == "gia-block")
    if repeated:
        remarks.append(remark("namesakes", where, count=repeated))
    return rows, remarks


def _sort_rows(sheet: Sheet, block: Block, tally: Tally) -> tuple[list[int], int | None]:
    """Rows of pupils, and the number of participants if the tail declares it. «Средние» is not a pupil."""
    pupils, declared = [], None
    for row in range(block.header + 1, block.end):
        words = [plain(cell) for cell in sheet.rows[row] if text(cell)]
        tail = next((word for word in words if word.startswith(_TAILS)), None)
        if not words:
            continue
        if tail is not None:
            if tail.startswith("всего"):
                declared = next((found.whole for word in words if (found := value(word)).whole is not None), None)
        elif _is_pupil(sheet, row, block):
            pupils.append(row)
        else:
            tally.note("rows_not_understood", row, 0)
    return pupils, declared


def _is_pupil(sheet: Sheet, row: int, block: Block) -> bool:
    numbered = _NUMBER not in block.columns or value(_cell(sheet, row, block, _NUMBER)).number is not None
    return numbered and bool(_CODE.fullmatch(text(_cell(sheet, row, block, _SCHOOL))))


def _fitting(sheet: Sheet, row: int, block: Block, name: str, form: re.Pattern[str], tally: Tally) -> str | None:
    """The text of a cell that looks as it should; anything else is noted and left out."""
    found = text(_cell(sheet, row, block, name))
    column = _column(block, name)
    if found and column is not None and not form.fullmatch(found):
        tally.note("unreadable_value", row, column)
    return found if form.fullmatch(found) else None


def _cell(sheet: Sheet, row: int, block: Block, *names: str) -> Cell:
    """The first of the named columns; in merged cells the value may stand to the right, under an empty header."""
    column = _column(block, *names)
    if column is None:
        return None
    found = sheet.cell(row, column)
    merged = not text(sheet.cell(block.header, column + 1))
    return sheet.cell(row, column + 1) if found is None and merged else found


def _column(block: Block, *names: str) -> int | None:
    return next((block.columns[name] for name in names if name in block.columns), None)


def _procedure(sheet: Sheet, block: Block, pupils: Sequence[int]) -> str:
    """`oge` or `ege`, by the classes of the pupils, else by whether the block ends in marks."""
    grades = Counter(_grade(_cell(sheet, row, block, _CLASS)) for row in pupils)
    grades.pop(None, None)
    if grades:
        return "oge" if (grades.most_common(1)[0][0] or 0) < 10 else "ege"
    return "oge" if _MARK in block.columns and "базов" not in block.subject.lower() else "ege"


def _grade(cell: Cell) -> int | None:
    """The class in «9А»."""
    match = re.match(r"\d{1,2}(?!\d)", text(cell))
    return int(match[0]) if match else None


def _identity(sheet: Sheet, row: int, block: Block) -> tuple[str, ...]:
    """What names a pupil: names and document, or, without a document, names within one school and exam."""
    names = [text(_cell(sheet, row, block, name)) for name in _NAMES]
    document = [text(_cell(sheet, row, block, name)) for name in _DOCUMENTS]
    if any(document):
        return ("gia", *names, "".join(document).replace(" ", ""))
    return ("gia-block", text(_cell(sheet, row, block, _SCHOOL)), *names, block.subject, block.date)


def _participant(identity: tuple[str, ...], time: int, pseudonyms: Pseudonyms) -> str:
    """The pseudonym; a namesake without a document gets one of his own by the order of rows."""
    apart = (str(time),) if time > 1 and identity[0] == "gia-block" else ()
    return pseudonyms.of(*identity, *apart)


def _row(
    sheet: Sheet, row: int, block: Block, procedure: str, subject: str, participant: str, tally: Tally
) -> tuple[object, ...]:
    """The values of _COLUMNS."""
    primary = _points(sheet, row, block, tally, _PRIMARY)
    test = _points(sheet, row, block, tally, *_TEST)
    mark = _points(sheet, row, block, tally, _MARK)
    grade = _grade(_cell(sheet, row, block, _CLASS)) or LAST_GRADES[procedure]
    scale = BASE_SCALE if procedure == "ege" and _MARK in block.columns else SCALES[procedure]
    first = next((found for found in (primary, test, mark) if found.state != "blank"), primary)
    return (
        *(procedure, block.year, block.wave(procedure), subject, grade, participant),
        *(ALIAS_KIND, text(_cell(sheet, row, block, _SCHOOL))),
        _fitting(sheet, row, block, _MUNICIPALITY, _CODE, tally),
        _fitting(sheet, row, block, _CLASS, _CLASS_LABEL, tally),
        *(first.state, primary.real, test.real),
        *(mark.whole, mark.state, "blank", scale, block.date, row + 1),
    )


def _points(sheet: Sheet, row: int, block: Block, tally: Tally, *names: str) -> Value:
    """A number with its state; a column that is not there is blank, an unreadable value is noted."""
    column = _column(block, *names)
    found = value(_cell(sheet, row, block, *names))
    if column is None or found.state != UNREADABLE:
        return found
    return checked(sheet, row, column, tally)
