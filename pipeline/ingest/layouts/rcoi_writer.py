"""Writing РЦОИ protocols of ОГЭ in their .xls layout, from plain data of invented pupils."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.ingest.layouts.writing import save_xls
from pipeline.ingest.workbook import Cell

SHEET = "Page 1"
_WIDTH = 21
_PLACES = {
    0: "№",
    1: "Код ОО",
    2: "Класс",
    4: "Код ППЭ",
    6: "Аудитория",
    8: "Код МСУ",
    10: "Фамилия",
    12: "Имя",
    13: "Отчество",
    14: "Задания с кратким ответом",
    17: "Задания с развёрнутым ответом",
    18: "Первичный балл",
    20: "Оценка",
}


@dataclass(frozen=True)
class ExamPupil:
    """One pupil to write; the names are invented ones."""

    school: int
    class_label: str
    municipality: int
    surname: str
    name: str
    patronymic: str
    primary: int
    mark: int
    short_answers: str = ""
    long_answers: str = ""


@dataclass(frozen=True)
class ExamBlock:
    """One subject to write."""

    code: int
    subject: str
    date: dt.date
    pupils: tuple[ExamPupil, ...]


def write(path: Path, region_code: int, region: str, blocks: Iterable[ExamBlock]) -> None:
    """Write a protocol with several subject blocks in one sheet."""
    lines: list[list[Cell]] = [["Протокол проверки результатов"], [f"{region_code:02} - {region}"]]
    for block in blocks:
        lines.append([f"{block.code:02} - {block.subject} {block.date:%Y.%m.%d}"])
        lines.append([])
        lines.append([_PLACES.get(column) for column in range(_WIDTH)])
        lines.extend(_line(number, pupil) for number, pupil in enumerate(block.pupils, start=1))
        lines.append(["Средние"])
    save_xls(path, SHEET, lines)


def _line(number: int, pupil: ExamPupil) -> list[Cell]:
    cells: dict[int, Cell] = {
        0: float(number),
        1: float(pupil.school),
        2: pupil.class_label,
        8: float(pupil.municipality),
        10: pupil.surname,
        12: pupil.name,
        13: pupil.patronymic,
        14: pupil.short_answers or None,
        17: pupil.long_answers or None,
        18: float(pupil.primary),
        20: float(pupil.mark),
    }
    return [cells.get(column) for column in range(_WIDTH)]
