"""How many pupils a school has in a class of a year, and how able a cohort is: one model for all files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.demo.chance import binomial, stream
from pipeline.demo.territory import SCHOOLS, School

CLASS_SIZE = 25
STAYING = 0.44  # of class 9 go on to class 10
BASIC, UPPER = range(1, 10), range(10, 12)


@dataclass(frozen=True)
class Population:
    """Pupils by school, year and class: a cohort goes up through the classes."""

    seed: int

    def pupils(self, school: School, year: int, grade: int) -> int:
        """Pupils on 1 September; a closed school's pupils went over to its successor."""
        return _pupils(self.seed, school, year, grade)

    def total(self, school: School, year: int, grades: range) -> int:
        return sum(self.pupils(school, year, grade) for grade in grades)

    def classes(self, school: School, year: int) -> int:
        """Classes of at most 25; small parallels of the small schools share a room."""
        parallels = [self.pupils(school, year, grade) for grade in (*BASIC, *UPPER)]
        full = sum(-(-size // CLASS_SIZE) for size in parallels if size)
        return full if school.parallel > 15 else max(4, sum(parallels) // 12)

    def ability(self, school: School, year: int, grade: int) -> float:
        """Level of a school plus the luck of the cohort, which keeps it from class to class."""
        return school.level + stream(self.seed, "cohort", school.number, year - grade).gauss(0, 0.06)


@cache
def _pupils(seed: int, school: School, year: int, grade: int) -> int:
    if not school.exists(year):
        return 0
    joined = [other for other in SCHOOLS if other.successor == school.number and not other.exists(year)]
    own = _of_cohort(seed, school, year, grade)
    return own + sum(_of_cohort(seed, other, year, grade) for other in joined)


def _of_cohort(seed: int, school: School, year: int, grade: int) -> int:
    if grade in UPPER:
        if not school.upper:
            return 0
        ninth = _cohort_size(seed, school, year - grade)
        return max(5, binomial(stream(seed, "upper", school.number, year - grade), ninth, STAYING))
    return _cohort_size(seed, school, year - grade)


def _cohort_size(seed: int, school: School, cohort: int) -> int:
    spread = 0.07 if school.parallel > 15 else 0.18
    return max(4, round(school.parallel * (1 + stream(seed, "size", school.number, cohort).gauss(0, spread))))
