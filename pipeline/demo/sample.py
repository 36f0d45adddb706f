"""A small synthetic territory: eight schools, three years, written in the real layouts from one seed.

Nobody in it exists. The same seed gives the same pupils; what a source would publish (percents, counts) is computed
from those pupils, so the files of one year agree with each other.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from pipeline.ingest.layouts.declared_register import RegisterRow, write_register
from pipeline.ingest.layouts.fisoko_frame import Heading
from pipeline.ingest.layouts.fisoko_individual import IndividualResults, PupilCells, School
from pipeline.ingest.layouts.fisoko_journal import JournalComparison, JournalRow
from pipeline.ingest.layouts.fisoko_marks import MarkRow, MarkStatistics
from pipeline.ingest.layouts.participants import Task
from pipeline.ingest.layouts.rcoi_writer import ExamBlock, ExamPupil
from pipeline.ingest.layouts.rcoi_writer import write as write_protocol

SEED = 20261122
YEARS = (2024, 2025, 2026)
REGION = "Демонстрационная область"
MUNICIPALITY = "Демонстрационный муниципальный округ"
MUNICIPALITY_CODE = 101
# Shares of marks 2, 3, 4, 5 of the wider groups: invented, as everything here.
COUNTRY = {"Русский язык": (5.2, 32.4, 44.6, 17.8), "Математика": (2.9, 22.8, 43.1, 31.2)}
WIDER = {"Русский язык": (6.1, 34.0, 43.0, 16.9), "Математика": (3.6, 24.4, 42.7, 29.3)}
OGE = (
    ("Русский язык", 1, 33, (15, 23, 29)),
    ("Математика", 2, 31, (8, 15, 22)),
    ("Обществознание", 12, 37, (14, 24, 32)),
)


@dataclass(frozen=True)
class DemoSchool:
    """A school: pupils a year, general level (0 is the district's middle, in standard deviations)."""

    number: int
    name: str
    settlement: str
    pupils: int
    level: float

    @property
    def login(self) -> str:
        return f"edu990{self.number:03d}"

    @property
    def rcoi(self) -> int:
        return 101000 + self.number


SCHOOLS = (
    DemoSchool(1, "МБОУ «Гимназия № 1»", "г. Демоград", 96, 0.7),
    DemoSchool(2, "МБОУ «СОШ № 2»", "г. Демоград", 88, 0.1),
    DemoSchool(3, "МБОУ «СОШ № 3»", "г. Демоград", 74, 0.0),
    DemoSchool(4, "МБОУ «СОШ № 4»", "г. Демоград", 61, -0.1),
    DemoSchool(5, "МБОУ «СОШ № 5»", "пос. Заречный", 47, -0.9),
    DemoSchool(6, "МБОУ «СОШ с. Лесное»", "с. Лесное", 24, 0.0),
    DemoSchool(7, "МБОУ «ООШ с. Полевое»", "с. Полевое", 13, -0.1),
    DemoSchool(8, "МБОУ «ООШ д. Дальняя»", "д. Дальняя", 7, 0.1),
)


@dataclass(frozen=True)
class Work:
    """One ВПР work: tasks and the highest primary score of marks 2, 3, 4."""

    subject: str
    grade: int
    date: dt.date
    tasks: tuple[Task, ...]
    bounds: tuple[int, int, int]

    @property
    def max_score(self) -> int:
        return sum(task.max_score for task in self.tasks)

    def mark(self, score: int) -> int:
        return 2 + sum(score > bound for bound in self.bounds)

    def heading(self) -> Heading:
        year = self.date.year
        return Heading(year, self.subject, self.grade, self.max_score, self.date)


def _tasks(*maxima: int) -> tuple[Task, ...]:
    hard_from = len(maxima) - 2
    return tuple(
        Task(str(number), points, "advanced" if number > hard_from else "basic")
        for number, points in enumerate(maxima, start=1)
    )


def works(year: int) -> tuple[Work, ...]:
    """Two works of class 4 a year; the Russian one became shorter in 2025, which breaks its series."""
    long, short = _tasks(4, 3, 3, 2, 2, 3, 3, 2, 2, 2, 3, 2, 2, 2, 3), _tasks(2, 1, 2, 3, 2, 1, 1, 2, 2, 2, 3, 3)
    russian = (long, (15, 25, 33)) if year < 2025 else (short, (9, 15, 20))
    return (
        Work("Русский язык", 4, dt.date(year, 4, 20), *russian),
        Work("Математика", 4, dt.date(year, 4, 22), _tasks(1, 1, 2, 1, 2, 2, 2, 1, 2, 2, 2, 2), (6, 11, 16)),
    )


def write_demo(root: Path, seed: int = SEED) -> list[Path]:
    """Fill `root`/<year>/ with files in the real layouts; gives the files written."""
    generator = random.Random(seed)  # noqa: S311 - synthetic data, not secrets
    written = list(_register(root))
    for year in YEARS:
        for work in works(year):
            pupils = {school: _pupils(work, school, generator) for school in SCHOOLS}
            written += _vpr(root / str(year), work, pupils, individual=year == YEARS[-1])
        written.append(_oge(root / str(year), year, generator))
    return written


def _register(root: Path) -> Iterator[Path]:
    rows = [
        RegisterRow(
            org_id=f"demo-{school.number:02d}",
            name=school.name,
            org_type="общеобразовательная организация",
            fisoko=school.login,
            rcoi=str(school.rcoi),
            settlement=school.settlement,
        )
        for school in SCHOOLS
    ]
    path = root / str(YEARS[-1]) / "Реестр организаций.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_register(path, rows)
    yield path


def _pupils(work: Work, school: DemoSchool, generator: random.Random) -> list[PupilCells]:
    """Pupils of one school: ability decides points, points decide the mark, the journal is kinder by chance."""
    pupils = []
    for order in range(max(3, round(school.pupils * generator.uniform(0.92, 1.08)))):
        ability = generator.gauss(school.level, 0.75)
        scores = tuple(_points(task, ability, generator) for task in work.tasks)
        total = sum(score for score in scores if isinstance(score, int))
        mark = work.mark(total)
        journal = min(5, max(3, mark + generator.choices((-1, 0, 1), (0.06, 0.66, 0.28))[0]))
        class_number = 1 + order * max(1, school.pupils // 25) // max(1, school.pupils)
        pupils.append(PupilCells(40001 + order, class_number, 1 + order % 2, scores, mark, journal))
    return pupils


def _points(task: Task, ability: float, generator: random.Random) -> int | str:
    """Each point is won with a chance that grows with ability; a hard task is sometimes left out («X»)."""
    ease = 1.25 if task.level == "basic" else -0.6
    chance = 1 / (1 + math.exp(-(1.3 * ability + ease)))
    if task.level == "advanced" and generator.random() < 0.05 * (1 - chance):
        return "X"
    return sum(generator.random() < chance for _ in range(task.max_score))


def _vpr(
    folder: Path, work: Work, pupils: Mapping[DemoSchool, Sequence[PupilCells]], *, individual: bool
) -> list[Path]:
    """What ФИС ОКО would publish of these pupils. File names are numbers, as downloads have them."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 2800000 + work.date.year % 100 * 1000 + (work.subject == "Математика") * 100
    marks, journal = folder / f"{number + 1}.xlsx", folder / f"{number + 2}.xlsx"
    MarkStatistics().write(marks, work.heading(), _mark_rows(work, pupils))
    JournalComparison().write(journal, work.heading(), _journal_rows(pupils))
    if not individual:
        return [marks, journal]
    single = folder / f"{number + 3}.xlsx"
    schools = [School(s.login, MUNICIPALITY, s.name, tuple(cells)) for s, cells in pupils.items()]
    IndividualResults().write(single, work.heading(), work.tasks, schools)
    return [marks, journal, single]


def _mark_rows(work: Work, pupils: Mapping[DemoSchool, Sequence[PupilCells]]) -> list[MarkRow]:
    everybody = [pupil for cells in pupils.values() for pupil in cells]
    rows = [
        MarkRow("Вся выборка", 35000, 1700000, COUNTRY[work.subject]),
        MarkRow(REGION, 420, 15400, WIDER[work.subject]),
        MarkRow(f"{MUNICIPALITY}(reg99_m001)", len(pupils), len(everybody), _percents(everybody)),
    ]
    rows += [MarkRow(f"{s.name}({s.login})", None, len(cells), _percents(cells)) for s, cells in pupils.items()]
    return rows


def _percents(pupils: Sequence[PupilCells]) -> tuple[float, ...]:
    return tuple(_percent(sum(pupil.mark == mark for pupil in pupils), len(pupils)) for mark in (2, 3, 4, 5))


def _percent(count: int, total: int) -> float:
    return float((Decimal(100 * count) / Decimal(total)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _journal_rows(pupils: Mapping[DemoSchool, Sequence[PupilCells]]) -> list[JournalRow]:
    everybody = [pupil for cells in pupils.values() for pupil in cells]
    rows = [
        JournalRow(REGION, 15400, (3542, 11242, 616)),
        JournalRow(f"{MUNICIPALITY}(reg99_m001)", len(everybody), _agreement(everybody)),
    ]
    rows += [JournalRow(f"{s.name}({s.login})", len(cells), _agreement(cells)) for s, cells in pupils.items()]
    return rows


def _agreement(pupils: Sequence[PupilCells]) -> tuple[int, int, int]:
    steps = [int(pupil.mark or 0) - int(pupil.journal_mark or 0) for pupil in pupils]
    return sum(s < 0 for s in steps), sum(s == 0 for s in steps), sum(s > 0 for s in steps)


def _oge(folder: Path, year: int, generator: random.Random) -> Path:
    """A protocol with several subject blocks; the invented names are there to be dropped at the door."""
    blocks = []
    for subject, code, maximum, bounds in OGE:
        blank = ExamBlock(code, subject, dt.date(year, 6, 3 + code), ())
        blocks.append(replace(blank, pupils=tuple(_examinees(subject, maximum, bounds, generator))))
    path = folder / f"Протокол ОГЭ {year}.xls"
    write_protocol(path, 99, REGION, blocks)
    return path


def _examinees(
    subject: str, maximum: int, bounds: tuple[int, int, int], generator: random.Random
) -> Iterator[ExamPupil]:
    for school in SCHOOLS:
        chosen = 1.0 if subject in ("Русский язык", "Математика") else 0.5
        for order in range(round(school.pupils * 0.8 * chosen)):
            share = generator.gauss(0.68 + 0.08 * school.level, 0.15)
            score = min(maximum, max(0, round(share * maximum)))
            yield ExamPupil(
                school=school.rcoi,
                class_label="9А" if order % 2 else "9Б",
                municipality=MUNICIPALITY_CODE,
                surname=f"Вымышленный{school.number}-{order}",
                name="Имя",
                patronymic="Отчество",
                primary=score,
                mark=2 + sum(score >= bound for bound in bounds),
            )
