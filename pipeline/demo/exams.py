"""ОГЭ and ЕГЭ of the synthetic territory as РЦОИ sends them; the invented names are there to be dropped at the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from pipeline.demo import truths
from pipeline.demo.chance import stream
from pipeline.demo.pupils import Population
from pipeline.demo.territory import MUNICIPALITY_CODE, REGION, REGION_CODE, School, schools
from pipeline.ingest.layouts.ege_writer import Exam, Leaver, write_ege
from pipeline.ingest.layouts.rcoi_writer import ExamBlock, ExamPupil
from pipeline.ingest.layouts.rcoi_writer import write as write_protocol

SPREAD, BY_LEVEL = 0.15, 0.17  # shares of the maximum score


@dataclass(frozen=True)
class Subject:
    """An exam: code, maximum, the least scores of marks 3, 4, 5, the mean share of points, who chooses it."""

    title: str
    code: int
    maximum: int
    least: tuple[int, int, int]
    mean: float
    chosen: float = 1.0

    def mark(self, score: int) -> int:
        return 2 + sum(score >= bound for bound in self.least)


OGE = (
    Subject("Русский язык", 1, 33, (15, 23, 29), 0.71),
    Subject("Математика", 2, 31, (8, 15, 22), 0.465),
    Subject("Обществознание", 12, 37, (14, 24, 32), 0.6, chosen=0.5),
)
# code, subject, highest primary score, mean test score, who chooses it
AGAIN, AGAIN_FROM, LEAST = "Обществознание", 2024, 42  # the subject of resits, since when, its least score
EGE = ((1, "Русский язык", 46, 66, 1.0), (12, "Обществознание", 58, 57, 0.4), (3, "Физика", 45, 58, 0.22))


def write_oge(folder: Path, population: Population, year: int) -> Path:
    """A protocol with several subject blocks."""
    blocks = [
        ExamBlock(s.code, s.title, dt.date(year, 6, 3 + s.code), tuple(_examinees(population, s, year))) for s in OGE
    ]
    path = folder / f"Протокол ОГЭ {year}.xls"
    write_protocol(path, REGION_CODE, REGION, blocks)
    return path


def _examinees(population: Population, subject: Subject, year: int) -> Iterator[ExamPupil]:
    for school in schools(year):
        luck = stream(population.seed, "oge", subject.title, year, school.number)
        mean = subject.mean + BY_LEVEL * population.ability(school, year, 9) + luck.gauss(0, 0.008)
        mean += truths.oge_shift(school.number, subject.title, year)
        for order in range(population.pupils(school, year, 9)):
            if luck.random() < 0.97 * subject.chosen:
                score = min(subject.maximum, max(0, round(luck.gauss(mean, SPREAD) * subject.maximum)))
                yield _examinee(school, order, score, subject)


def _examinee(school: School, order: int, score: int, subject: Subject) -> ExamPupil:
    return ExamPupil(
        school=school.rcoi,
        class_label="9А" if order % 2 else "9Б",
        municipality=MUNICIPALITY_CODE,
        surname=f"Вымышленный{school.number}-{order}",
        name="Имя",
        patronymic="Отчество",
        primary=score,
        mark=subject.mark(score),
    )


def write_ege_protocol(folder: Path, population: Population, year: int) -> Path:
    """ЕГЭ of the leavers of class 11."""
    exams = [
        Exam(code, title, dt.date(year, 5, 25 + place), tuple(_leavers(population, year, title, top, mean, chosen)))
        for place, (code, title, top, mean, chosen) in enumerate(EGE)
    ]
    path = folder / f"ЕГЭ {year} протокол.csv"
    write_ege(path, exams)
    return path


def write_ege_again(folder: Path, population: Population, year: int) -> Path:
    """One subject that leavers wrote once more in July: most of those under the minimum, a few of the others."""
    code, title, top, mean, chosen = next(exam for exam in EGE if exam[1] == AGAIN)
    first = _leavers(population, year, title, top, mean, chosen)
    luck = stream(population.seed, "again", title, year)
    again = tuple(_once_more(one, top, luck) for one in first if luck.random() < (0.7 if one.score < LEAST else 0.03))
    path = folder / f"ЕГЭ {year} пересдача.csv"
    write_ege(path, [Exam(code, title, dt.date(year, 7, 4), again)])
    return path


def _once_more(leaver: Leaver, top: int, luck: Random) -> Leaver:
    score = min(100, max(5, round(leaver.score + luck.gauss(7, 8))))
    return replace(leaver, score=score, primary=round(score / 100 * top))


def _leavers(population: Population, year: int, subject: str, top: int, mean: float, chosen: float) -> Iterator[Leaver]:
    for school in schools(year):
        luck = stream(population.seed, "leavers", subject, year, school.number)
        level = mean + 9 * population.ability(school, year, 11)
        for order in range(population.pupils(school, year, 11)):
            if luck.random() >= chosen:
                continue
            score = min(100, max(5, round(luck.gauss(level, 14))))
            surname, document = f"Вымышленный{school.number}-{order}", 100000 + school.number * 1000 + order
            primary = round(score / 100 * top)
            yield Leaver(MUNICIPALITY_CODE, school.rcoi, "11А", surname, document, primary, score)
