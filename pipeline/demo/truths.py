"""What is planted in the synthetic data on purpose; docs/demo.md tells an analyst where each should show.

Everything that is not here is noise around a steady level of each organisation.
"""

from __future__ import annotations

# 1. One school is below the district in every procedure and year.
LOW_SCHOOL = 5
# 2. The share of «2» in ОГЭ mathematics falls and the reach of career diagnostics grows, everywhere and every year.
OGE_TREND_SUBJECT = "Математика"
OGE_TREND = 0.016  # of the maximum score a year
CAREER_TREND = 0.28  # logit a year
# 3. A part larger than its whole: young teachers with a mentor, more than there are young teachers.
MISTAKE_YEAR, MISTAKE_SCHOOL = 2026, 13
MISTAKE_TABLE, MISTAKE_ITEM, MISTAKE_WHOLE = "staff", "young_mentored", "young_teachers"
MISTAKE_VALUE = 31
# 4. One school's ВПР was helped since 2024: scores are lifted over the bounds of marks; its ОГЭ is what it was.
HELPED_SCHOOL, HELPED_FROM = 6, 2024
# 5. A measure that worked (pupils who miss lessons) and one that did not (extra mathematics for schools with a bad
#    year): both since the school year 2024/25, each in schools of its own.
MEASURE_FROM = 2025
WORKED_SCHOOLS = (2, 7, 10, 12, 14)
WORKED_TABLE, WORKED_ITEM, WORKED_EFFECT = "attendance", "absent_often", -0.9
IDLE_SCHOOLS = (3, 4, 9, 15)
IDLE_BAD_YEAR, IDLE_BAD_LUCK = 2024, -0.07  # of the maximum score: chance that chose them and passed by itself


def form_shift(number: int, table: str, item: str, year: int) -> float:
    """Logit shift of a share in the collection form of a school (0 for other organisations)."""
    if (table, item) == ("career", "diagnostics"):
        return CAREER_TREND * (year - 2024)
    if (table, item) == (WORKED_TABLE, WORKED_ITEM) and number in WORKED_SCHOOLS and year >= MEASURE_FROM:
        return WORKED_EFFECT
    return 0.0


def oge_shift(number: int, subject: str, year: int) -> float:
    """Shift of the expected share of points in ОГЭ."""
    if subject != OGE_TREND_SUBJECT:
        return 0.0
    unlucky = IDLE_BAD_LUCK if year == IDLE_BAD_YEAR and number in IDLE_SCHOOLS else 0.0
    return OGE_TREND * (year - 2024) + unlucky


def helped(number: int, year: int) -> bool:
    return number == HELPED_SCHOOL and year >= HELPED_FROM
