"""External exams published as means alone: what may still be said of a school beside the country.

The spread of pupils is read from how the means of schools change between years by their size (statistics.
unknown_spread); where it cannot be read, nothing is said. The country's mean rests on tens of thousands and is taken as
a fixed line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.directions import judgement
from pipeline.presentation import text as ru
from pipeline.statistics.comparison import Verdict
from pipeline.statistics.unknown_spread import Spread, changes

Row = Mapping[str, Any]
Test = tuple[str, int]
MARKS_SCALE = (2.0, 6.0)
ASSUMED = (
    "Разброс учеников источник не публикует; он оценён по тому, насколько сильнее средние небольших школ меняются от "
    "года к году, чем средние крупных, и считается одинаковым во всех школах. В погрешности взята его верхняя граница."
)


def spreads(schools: Sequence[Row], year: int) -> Mapping[Test, Spread]:
    """(subject, grade) → the spread of pupils, from all years of the series of the report year."""
    now = {(row["subject"], row["grade"], row["series"]) for row in schools if row["school_year"] == year}
    return {(subject, grade): _spread(schools, subject, grade, series) for subject, grade, series in sorted(now)}


def _spread(schools: Sequence[Row], subject: str, grade: int, series: str) -> Spread:
    alike = (subject, grade, series)
    rows = [
        r for r in schools if (r["subject"], r["grade"], r["series"]) == alike and r["value"] is not None and r["n"]
    ]
    marks = {row["unit"] for row in rows} == {"mark"}
    found = changes(
        [float(row["value"]) for row in rows],
        [int(row["n"]) for row in rows],
        [row["group"] for row in rows],
        [row["school_year"] for row in rows],
    )
    return found.spread(MARKS_SCALE if marks else None)


def beside(row: Row, country: Row | None, spread: Spread | None, least: int) -> Verdict:
    """One school of many against the country's mean."""
    if country is None or country["value"] is None or row["value"] is None or (row["n"] or 0) < least:
        return "insufficient"
    interval = spread.mean_interval(float(row["value"]), int(row["n"]), judgement.OF_MANY) if spread else None
    if interval is None:
        return "insufficient"
    if interval[0] > float(country["value"]):
        return "higher"
    return "lower" if interval[1] < float(country["value"]) else "same"


def statement(verdicts: Sequence[Verdict], spread: Spread, country: str, decimals: int) -> str:
    """What the figure of schools by size allows to say."""
    if spread.state != "estimated":
        return f"Судить о различиях школ нельзя: {spread.reason}."
    found: Counter[str] = Counter(verdicts)
    sigma, low, high = (ru.number(part**0.5, decimals) for part in (spread.sigma2, spread.lower, spread.upper))
    said = [
        f"у {found[verdict]} средний результат {words}"
        for verdict, words in (
            ("higher", f"выше среднего по стране ({country})"),
            ("lower", f"ниже среднего по стране ({country})"),
            ("same", "отличается от страны не больше, чем на погрешность"),
        )
        if found[verdict]
    ]
    said += [f"о {found['insufficient']} судить нельзя: мало участников"] if found["insufficient"] else []
    return (
        f"Разброс результатов учеников — около {sigma} ({low}{ru.DASH}{high}). Школ {len(verdicts)}: {'; '.join(said)}."
    )
