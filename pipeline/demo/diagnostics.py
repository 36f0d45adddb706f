"""Diagnostic works of the synthetic territory that no export brings: how many pupils stand at which level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.demo.chance import binomial, chance_of, logit_of, stream
from pipeline.demo.pupils import Population
from pipeline.demo.territory import School, schools

BY_LEVEL = 2.0  # logits by which an able cohort stands higher, as far apart as in the other procedures


@dataclass(frozen=True)
class Work:
    """One diagnostic work: kind, literacy or name, subject, class, shares below the base level and advanced.

    `sample`: numbers of the schools that were drawn; empty: all.
    """

    kind: str
    part: str
    subject: str
    grade: int
    below: float
    advanced: float
    sample: tuple[int, ...] = ()


WORKS = (
    Work("start", "", "mathematics", 5, 0.16, 0.22),
    Work("final", "", "mathematics", 5, 0.13, 0.25),
    Work("regional", "", "mathematics", 8, 0.19, 0.18),
    Work("literacy", "reading", "", 8, 0.14, 0.3),
    Work("literacy", "mathematical", "", 8, 0.22, 0.17),
    Work("metasubject", "", "", 4, 0.12, 0.28),
    Work("niko", "", "russian", 6, 0.15, 0.24, (3, 8, 14)),
)


def diagnostics(population: Population, year: int) -> Iterator[Mapping[str, object]]:
    """Rows of the sheet: a work, a school. The national study takes a sample of schools."""
    for work in WORKS:
        for school in schools(year):
            if not work.sample or school.number in work.sample:
                yield _row(population, work, school, year)


def _row(population: Population, work: Work, school: School, year: int) -> Mapping[str, object]:
    luck = stream(population.seed, "diagnostics", work.kind, work.part, work.grade, year, school.number)
    able = BY_LEVEL * population.ability(school, year, work.grade)
    sat = binomial(luck, population.pupils(school, year, work.grade), 0.95)
    below = binomial(luck, sat, chance_of(logit_of(work.below) - able))
    over = chance_of(logit_of(work.advanced) + able)
    advanced = binomial(luck, sat - below, min(1.0, over / (1 - work.below)))
    return {
        "org_id": school.org_id,
        "procedure": work.kind,
        "part": work.part,
        "subject": work.subject,
        "grade": work.grade,
        "participants": sat,
        "below_base": below,
        "base": sat - below - advanced,
        "advanced": advanced,
    }
