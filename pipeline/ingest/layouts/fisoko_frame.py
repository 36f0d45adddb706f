"""The frame that all ВПР reports of ФИС ОКО share: rows 1–6 above the header, and labels of groups.

Row 1 report name, row 3 `ВПР 2026 Русский язык 4 класс`, row 4 subject, row 5 maximum score, row 6 date, row 8 header.
Rows are found by their labels, not by their numbers.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.errors import InputError, Place
from pipeline.ingest.layouts.remarks import remark
from pipeline.ingest.layouts.values import iso_date, plain, text, value
from pipeline.ingest.reading import Remark
from pipeline.ingest.workbook import Cell, Sheet, address
from pipeline.settings import Subjects

PROCEDURE = "vpr"
MARK_SCALE = "vpr-marks-2-5"
ALIAS_KIND = "fisoko"
WHOLE_SAMPLE = "Вся выборка"
COUNTRY = "RU"
FIRST_AUTUMN_MONTH = 9

GROUP_COLUMNS = (
    *("level", "group", "group_label", "municipality", "region"),
    *("org_alias_kind", "org_alias_code", "org_name"),
)

_CODE = re.compile(r"(?P<label>.*?)\s*\((?P<code>reg\d+_m\d+|(?:edu|sch)\d{6})\)", re.DOTALL)
_LOGIN = re.compile(r"(?<![a-z])(?:edu|sch)(\d{6})(?!\d)", re.IGNORECASE)
_YEAR = re.compile(r"\b20\d\d\b")
_GRADE = re.compile(r"\b(\d{1,2})\s*(?:-?\s?й\s*)?класс\w*", re.IGNORECASE)
_COUNTRIES = ("вся выборка", "российская федерация", "рф")


@dataclass(frozen=True)
class Exam:
    """One work: what was written, when, by which class."""

    school_year: int
    wave: str
    subject: str
    grade: int
    max_score: float | None = None
    exam_date: str | None = None

    def constants(self, file: str, sheet: str) -> dict[str, object]:
        """Columns that are the same in every row of a sheet."""
        return {
            "procedure": PROCEDURE,
            "school_year": self.school_year,
            "wave": self.wave,
            "subject": self.subject,
            "grade": self.grade,
            "max_score": self.max_score,
            "exam_date": self.exam_date,
            "source_file": file,
            "source_sheet": sheet,
        }


@dataclass(frozen=True)
class Heading:
    """What is written above the header of a report; `short` is the subject in the sheet's name, such as РУ."""

    year: int
    subject: str
    grade: int
    max_score: int
    date: dt.date
    short: str = ""

    def sheet(self, report: str) -> str:
        """Name of the sheet: `РУ 4 Статистика по отметкам`."""
        return f"{self.short or self.subject} {self.grade} {report}"

    def rows(self, report: str) -> list[list[Cell]]:
        """Rows 1–7 of a report."""
        return [
            [report],
            [],
            [f"ВПР {self.year} {self.subject} {self.grade} класс"],
            ["Предмет:", self.subject],
            ["Максимальный первичный балл:", self.max_score],
            ["Дата:", self.date.strftime("%d.%m.%Y")],
            [],
        ]


@dataclass(frozen=True)
class Group:
    """A group of participants as a row label states it; `group` of an organisation is filled when it is known."""

    level: str
    group: str | None
    label: str
    municipality: str | None = None
    region: str | None = None
    login: str | None = None

    def cells(self) -> tuple[str | None, ...]:
        """Values of GROUP_COLUMNS; no reference to an organisation above its level."""
        reference = (ALIAS_KIND, self.login, self.label) if self.login else (None, None, None)
        return (self.level, self.group, self.label, self.municipality, self.region, *reference)


def find_login(words: str) -> str | None:
    """The first login in a text, in its present form: sch203389 is edu203389."""
    found = _LOGIN.search(words)
    return f"edu{found[1]}" if found else None


def subject_code(spelling: str, subjects: Subjects, place: Place) -> tuple[str, list[Remark]]:
    """The code of a subject; an unknown one keeps its title behind `unknown:` and is remarked."""
    code = subjects.code(spelling)
    if code:
        return code, []
    return f"unknown:{spelling}", [remark("unknown_subject", place, subject=spelling)]


def read_exam(sheet: Sheet, header: int, file: str, subjects: Subjects) -> tuple[Exam, list[Remark]]:
    """The work a sheet is about, from the rows above its header. Raises InputError without a year or a class."""
    row = next((row for row in range(header) if "впр" in plain(sheet.cell(row, 0)).split()), None)
    if row is None:
        raise InputError(
            "Над заголовком таблицы нет строки вида «ВПР 2026 Русский язык 4 класс».",
            place=Place(file, sheet.name or None, address(header, 0)),
            advice="выгрузите отчёт заново и не удаляйте его верхние строки.",
        )
    place = Place(file, sheet.name or None, address(row, 0))
    year, grade, title = named_exam(text(sheet.cell(row, 0)))
    if year is None or grade is None:
        raise InputError(
            "В строке с названием работы не найдены год или класс.",
            place=place,
            advice="строка должна быть вида «ВПР 2026 Русский язык 4 класс»; выгрузите отчёт заново.",
        )
    labels = _labelled(sheet, header)
    subject, remarks = subject_code(text(labels.get("предмет")) or title, subjects, place)
    date = iso_date(labels.get("дата"))
    school_year, wave, autumn = season(year, date, place)
    score = value(labels.get("максимальный первичный балл")).real
    return Exam(school_year, wave, subject, grade, score, date), remarks + autumn


def named_exam(words: str) -> tuple[int | None, int | None, str]:
    """(year, class, subject) from a text such as `ВПР 2026 Русский язык 4 класс`, in any order."""
    year, grade = _YEAR.search(words), _GRADE.search(words)
    rest = _GRADE.sub(" ", _YEAR.sub(" ", re.sub(r"\bВПР\b", " ", words, flags=re.IGNORECASE)))
    subject = " ".join(re.sub(r"[.,;:_\-–—()«»]", " ", rest).split())
    return int(year[0]) if year else None, int(grade[1]) if grade else None, subject


def season(year: int, date: str | None, place: Place) -> tuple[int, str, list[Remark]]:
    """(school year, wave, remarks): what is written in autumn belongs to the year that ends in the next spring."""
    if date and int(date[:4]) == year and int(date[5:7]) >= FIRST_AUTUMN_MONTH:
        return year + 1, "autumn", [remark("autumn_wave", place, year=f"{year}/{(year + 1) % 100:02}")]
    return year, "main", []


def _labelled(sheet: Sheet, header: int) -> dict[str, Cell]:
    """Values of the rows `Label: value` above the header."""
    found: dict[str, Cell] = {}
    for row in sheet.rows[:header]:
        label = plain(row[0] if row else None)
        if label.endswith(":"):
            found[label.rstrip(": ")] = next((cell for cell in row[1:] if cell is not None), None)
    return found


def groups(labels: Sequence[str]) -> Iterator[Group]:
    """Groups in the order of the rows; each one knows the region and the municipality named above it."""
    region: str | None = None
    municipality: str | None = None
    for printed in labels:
        found = _CODE.fullmatch(printed)
        label, code = (found["label"], found["code"]) if found else (printed, "")
        if label.lower() in _COUNTRIES:
            region = municipality = None
            yield Group("country", COUNTRY, label)
        elif code.startswith("reg"):
            municipality = label
            yield Group("municipality", code, label, municipality, region)
        elif code:
            yield Group("organisation", None, label, municipality, region, find_login(code))
        else:
            region, municipality = label, None
            yield Group("region", label, label, None, region)
