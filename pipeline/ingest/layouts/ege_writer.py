"""Writing РЦОИ protocols of ЕГЭ as the compact csv saved from Excel, from plain data of invented pupils."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HEADER = (
    "№;Код МСУ;Код ОО;Класс;Код ППЭ;Аудитория;Фамилия;Имя;Отчество;Серия;Номер;"
    "Задания с кратким ответом;Задания с развёрнутым ответом;Первичный балл;Балл"
)
TAIL = ";" * 12  # words of the tail stand among the points


@dataclass(frozen=True)
class Leaver:
    """One pupil to write; names and the document are invented."""

    municipality: int
    school: int
    class_label: str
    surname: str
    document: int
    primary: int
    score: int


@dataclass(frozen=True)
class Exam:
    """One subject to write."""

    code: int
    subject: str
    date: dt.date
    leavers: tuple[Leaver, ...]


def write_ege(path: Path, exams: Iterable[Exam]) -> None:
    """Write the protocols one below the other in cp1251, as they come."""
    lines = [line for exam in exams for line in _lines(exam)]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1251"))


def _lines(exam: Exam) -> Iterator[str]:
    empty = ";" * HEADER.count(";")
    yield f"{exam.code:02} - {exam.subject} {exam.date:%Y.%m.%d}{empty}"
    yield HEADER
    for number, one in enumerate(exam.leavers, start=1):
        cells: list[object] = [number, one.municipality, one.school, one.class_label, 101, 1 + number % 9]
        cells += [one.surname, "Имя", "Отчество", 9900, one.document, "++--+", "1(2)", one.primary, one.score]
        yield ";".join(map(str, cells))
    yield f"{TAIL}Средние;;"
    yield f"{TAIL}Всего участников;;{len(exam.leavers)}"


__all__ = ["Exam", "Leaver", "write_ege"]
