"""Registers of the collection form: olympiad, contests, monitoring rows and values to compare with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from pipeline.demo.chance import binomial, steady, stream
from pipeline.demo.cycle import decisions, documents, roadmap
from pipeline.demo.diagnostics import diagnostics
from pipeline.demo.pupils import Population
from pipeline.demo.territory import ADDITIONAL, School, schools

Record = Mapping[str, object]
SUBJECTS = ("russian", "mathematics", "biology", "history")
GRADES = (8, 9, 10, 11)
# contest, audience, level, how likely a school takes part, participants at most
CONTESTS = (
    ("Конкурс чтецов «Живая строка» (вымышленный)", "pupils", "municipal", 0.9, 9),
    ("Конкурс исследований «Первый шаг» (вымышленный)", "pupils", "regional", 0.6, 6),
    ("Олимпиада юных техников (вымышленная)", "pupils", "national", 0.3, 4),
    ("Педагог года округа (вымышленный)", "teachers", "municipal", 0.6, 3),
    ("Лучший урок области (вымышленный)", "teachers", "regional", 0.3, 2),
)
INVENTED = "вымышлено для учебной территории; настоящие значения берут из опубликованного источника"
# indicator, subject, class, value in 2024, change a year, participants
REGION_VALUES = (
    ("oge_below_minimum", "mathematics", 9, 0.081, -0.004, 13_900),
    ("oge_below_minimum", "russian", 9, 0.044, 0.0, 13_900),
    ("oge_quality", "mathematics", 9, 0.52, 0.004, 13_900),
    ("teachers_category", "", 0, 0.615, 0.0, 9_400),
    ("trained_three_years", "", 0, 0.81, 0.0, 9_400),
    ("career_diagnostics", "", 0, 0.47, 0.03, 71_000),
    ("added_education_reach", "", 0, 0.79, 0.0, 142_000),
    ("preschool_reach", "", 0, 0.71, 0.0, 38_000),
)
MONITORING = (
    ("В-1.1", "Доля детских садов со своим музыкальным залом (вымышленная строка)", "процент", 71.0, 0.8),
    ("В-1.2", "Детей в группах кратковременного пребывания (вымышленная строка)", "человек", 118.0, 14.0),
    ("В-2.1", "Доля учеников, получающих горячее питание (вымышленная строка)", "процент", 96.0, 0.6),
    ("В-2.2", "Доля учителей моложе 35 лет (вымышленная строка)", "процент", 24.5, 1.1),
    ("В-2.3", "Доля зданий, где есть доступ в интернет во всех кабинетах (вымышленная строка)", "процент", 61.0, 3.0),
    ("В-3.1", "Доля кружков с обновлённым оборудованием (вымышленная строка)", "процент", 39.0, 1.0),
)


def records(population: Population, year: int) -> Mapping[str, Sequence[Record]]:
    """Rows of every register sheet of a year."""
    return {
        "olympiad": list(_olympiad(population, year)),
        "contests": list(_contests(population.seed, year)),
        "diagnostics": list(diagnostics(population, year)),
        "roadmap": roadmap(year),
        "decisions": decisions(year),
        "documents": documents(year),
        "monitoring_form": list(_monitoring(population.seed, year)),
        "comparators": list(_comparators(year)),
    }


def _olympiad(population: Population, year: int) -> Iterator[Record]:
    """Stage after stage: who did well goes on."""
    for school in schools(year):
        for subject in SUBJECTS:
            for grade in GRADES:
                yield from _stages(population, school, subject, grade, year)


def _stages(population: Population, school: School, subject: str, grade: int, year: int) -> Iterator[Record]:
    pupils = population.pupils(school, year, grade)
    luck = stream(population.seed, "olympiad", school.number, subject, grade, year)
    going = binomial(luck, pupils, 0.2 + 0.04 * school.level)
    for stage, prize, on in (("school", 0.3, 0.3), ("municipal", 0.24, 0.1), ("regional", 0.25, 0.0)):
        if not going:
            return
        prizes = steady(luck, going, prize + 0.05 * school.level)
        winners = steady(luck, prizes, 0.3)
        yield {
            "org_id": school.org_id,
            "event": "vsosh",
            "stage": stage,
            "subject": subject,
            "grade": grade,
            "participants": going,
            "prize_winners": prizes - winners,
            "winners": winners,
        }
        going = binomial(luck, going, on + 0.06 * school.level) if stage == "school" or prizes else 0


def _contests(seed: int, year: int) -> Iterator[Record]:
    taking_part = [*(school.org_id for school in schools(year)), *(other.org_id for other in ADDITIONAL)]
    for org_id in taking_part:
        for contest, audience, level, chance, most in CONTESTS:
            luck = stream(seed, "contest", org_id, contest, year)
            if luck.random() < chance:
                yield _entry(org_id, contest, audience, level, luck.randint(1, most), luck)


def _entry(org_id: str, contest: str, audience: str, level: str, participants: int, luck: Random) -> Record:
    return {
        "org_id": org_id,
        "contest": contest,
        "audience": audience,
        "level": level,
        "participants": participants,
        "winners": binomial(luck, participants, 0.3),
    }


def _monitoring(seed: int, year: int) -> Iterator[Record]:
    for code, title, unit, value, spread in MONITORING:
        drawn = stream(seed, "monitoring", code, year).gauss(value, spread)
        yield {
            "row_code": code,
            "title": title,
            "unit": unit,
            "value": round(drawn) if unit == "человек" else round(drawn, 1),
            "act": "вымышленный приказ, строка придумана",
            "act_status": "unconfirmed",
        }


def _comparators(year: int) -> Iterator[Record]:
    for indicator, subject, grade, value, change, participants in REGION_VALUES:
        yield {
            "indicator": indicator,
            "level": "region",
            "group": "",
            "subject": subject,
            "grade": grade,
            "value": round(value + change * (year - 2024), 4),
            "n": participants,
            "reference": INVENTED,
        }
