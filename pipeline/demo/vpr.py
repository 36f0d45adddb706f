"""ВПР of the synthetic territory in the layouts of ФИС ОКО. What a report prints is computed from the same pupils."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path
from random import Random

from pipeline.demo import truths
from pipeline.demo.chance import stream
from pipeline.demo.pupils import CLASS_SIZE, Population
from pipeline.demo.territory import MUNICIPALITY, MUNICIPALITY_LABEL, REGION, School, schools
from pipeline.demo.vpr_works import DRAWN, MATHEMATICS, Work, helped, points, works
from pipeline.ingest.layouts.fisoko_individual import IndividualResults, PupilCells
from pipeline.ingest.layouts.fisoko_individual import School as SchoolCells
from pipeline.ingest.layouts.fisoko_journal import JournalComparison, JournalRow
from pipeline.ingest.layouts.fisoko_marks import MarkRow, MarkStatistics

WRITTEN = dict.fromkeys((2024, 2025, 2026), (4, 8))  # years and classes whose individual results were kept
UNMARKED = (2026, MATHEMATICS, 8)  # some pupils of this work had no mark in the journal
# Of several rolls the one in which the district of 2026 stands, by luck too, where its model does: neither off the
# country nor off the year before.
ROLL = "vpr-10"
STRICTER, KINDER = 0.05, 0.19  # how often the journal is a mark below or above the work
Results = Mapping[School, Sequence[PupilCells]]


def results(population: Population, work: Work) -> Results:
    """Pupils of every school that wrote the work."""
    year = work.date.year
    return {school: _pupils(population, work, school) for school in schools(year) if _wrote(population, work, school)}


def _wrote(population: Population, work: Work, school: School) -> bool:
    """Russian and mathematics are written by all, of the drawn subjects a school has one."""
    if work.subject not in DRAWN:
        return True
    drawn = stream(population.seed, "drawn", school.number, work.date.year).choice(DRAWN)
    return drawn == work.subject


def _pupils(population: Population, work: Work, school: School) -> list[PupilCells]:
    year = work.date.year
    luck = stream(population.seed, ROLL, work.subject, work.grade, year, school.number)
    level = population.ability(school, year, work.grade) + luck.gauss(0, 0.06)
    listed = population.pupils(school, year, work.grade)
    present = max(3, sum(luck.random() < 0.94 for _ in range(listed)))
    rooms = -(-listed // CLASS_SIZE)
    return [_pupil(work, school, order, order * rooms // present, level, luck) for order in range(present)]


def _pupil(work: Work, school: School, order: int, room: int, level: float, luck: Random) -> PupilCells:
    """Ability decides points, points decide the mark; the journal is a little kinder by chance."""
    scores = points(work, level, luck)
    lifted = truths.helped(school.number, work.date.year)
    scores = helped(work, scores, luck) if lifted else scores
    mark = work.mark(sum(score for score in scores if isinstance(score, int)))
    weights = (0.02, 0.93, 0.05) if lifted else (STRICTER, 1 - STRICTER - KINDER, KINDER)
    journal: int | str = min(5, max(3, mark + luck.choices((-1, 0, 1), weights)[0]))
    if (work.date.year, work.subject, work.grade) == UNMARKED and luck.random() < 0.01:
        journal = "нет отметки"
    return PupilCells(work.grade * 10000 + 1 + order, room + 1, 1 + order % 2, scores, mark, journal)


def write_vpr(folder: Path, population: Population, year: int) -> list[Path]:
    """Reports of a year; downloads are named by numbers."""
    written: list[Path] = []
    for place, work in enumerate(works(year)):
        number = 2800000 + year % 100 * 1000 + place * 10
        written += _reports(folder, number, work, results(population, work))
    return written


def _reports(folder: Path, number: int, work: Work, pupils: Results) -> list[Path]:
    marks, journal, single = (folder / f"{number + place}.xlsx" for place in (1, 2, 3))
    MarkStatistics().write(marks, work.heading(), _mark_rows(work, pupils))
    JournalComparison().write(journal, work.heading(), _journal_rows(work, pupils))
    if work.grade not in WRITTEN.get(work.date.year, ()):
        return [marks, journal]
    rows = [SchoolCells(s.login, MUNICIPALITY, s.name, tuple(cells)) for s, cells in pupils.items()]
    IndividualResults().write(single, work.heading(), work.tasks, rows)
    return [marks, journal, single]


def _mark_rows(work: Work, pupils: Results) -> list[MarkRow]:
    everybody = [pupil for cells in pupils.values() for pupil in cells]
    part = _part_of_schools(work)
    wider = _wider(work)
    return [
        MarkRow("Вся выборка", round(35_000 * part), wider[0], work.country),
        MarkRow(REGION, round(420 * part), wider[1], work.region),
        MarkRow(MUNICIPALITY_LABEL, len(pupils), len(everybody), percents(everybody)),
        *(
            MarkRow(printed(school, work.date.year), None, len(cells), percents(cells))
            for school, cells in pupils.items()
        ),
    ]


def _part_of_schools(work: Work) -> float:
    return 0.5 if work.subject in DRAWN else 1.0


def _wider(work: Work) -> tuple[int, int]:
    """Participants of the country and of the region."""
    size, part = stream("wider", work.subject, work.grade, work.date.year), _part_of_schools(work)
    return round(part * size.randint(1_600_000, 1_720_000)), round(part * size.randint(14_900, 15_600))


def printed(school: School, year: int) -> str:
    """A group label as ФИС ОКО prints it; older reports spell the same school a little otherwise."""
    if year < 2024 and school.number in (3, 8, 14):
        return f"{school.name.replace('«СОШ № ', '«СОШ №')} (sch{school.login[3:]})"
    return f"{school.name}({school.login})"


def percents(pupils: Sequence[PupilCells]) -> tuple[float, ...]:
    """Shares of marks 2–5 in percent with two decimals."""
    share = partial(_percent, total=len(pupils))
    return tuple(share(sum(pupil.mark == mark for pupil in pupils)) for mark in (2, 3, 4, 5))


def _percent(count: int, total: int) -> float:
    return float((Decimal(100 * count) / Decimal(total)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _journal_rows(work: Work, pupils: Results) -> list[JournalRow]:
    everybody = [pupil for cells in pupils.values() for pupil in cells]
    region = _wider(work)[1]
    two, three, four, five = work.region
    lowered = round(region * (two + KINDER * (three + four)) / 100)  # nobody has a «2» in the journal
    raised = round(region * STRICTER * (four + five) / 100)
    rows = [
        JournalRow(REGION, region, (lowered, region - lowered - raised, raised)),
        JournalRow(MUNICIPALITY_LABEL, len(everybody), _agreement(everybody)),
    ]
    rows += [JournalRow(f"{s.name}({s.login})", len(cells), _agreement(cells)) for s, cells in pupils.items()]
    return rows


def _agreement(pupils: Sequence[PupilCells]) -> tuple[int, int, int]:
    """Pupils with both marks: lowered, confirmed, raised."""
    steps = [
        pupil.mark - pupil.journal_mark
        for pupil in pupils
        if isinstance(pupil.mark, int) and isinstance(pupil.journal_mark, int)
    ]
    return sum(s < 0 for s in steps), sum(s == 0 for s in steps), sum(s > 0 for s in steps)


__all__ = ["percents", "results", "write_vpr"]
