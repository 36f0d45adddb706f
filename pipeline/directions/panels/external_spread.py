"""External exams published as means alone: what may still be said of a school beside the country.

The spread of pupils is read from how the means of schools change between years by their size (statistics.
unknown_spread); where it cannot be read, nothing is said. The country's mean rests on tens of thousands and is taken as
a fixed line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import judgement
from pipeline.presentation import text as ru
from pipeline.statistics.comparison import Verdict
from pipeline.statistics.unknown_spread import Spread, changes

Row = Mapping[str, Any]
Test = tuple[str, int]
Spreads = Mapping[Test, Spread]
MARKS_SCALE = (2.0, 6.0)
ASSUMED = (
    "Разброс учеников источник не публикует; он оценён по тому, насколько сильнее средние небольших школ меняются от "
    "года к году, чем средние крупных, и считается одинаковым во всех школах. В погрешности взята его верхняя граница."
)


def spreads(schools: pd.DataFrame, subjects: Sequence[str], year: int) -> Spreads:
    """(subject, grade) → the spread of pupils, from all years of the newest series; rows of `country_schools`."""
    rows = schools[schools["subject"].isin(subjects) & (schools["school_year"] <= year)]
    tests = sorted({(str(subject), int(grade)) for subject, grade in zip(rows["subject"], rows["grade"], strict=True)})
    return {test: _spread(rows[(rows["subject"] == test[0]) & (rows["grade"] == test[1])]) for test in tests}


def _spread(rows: pd.DataFrame) -> Spread:
    newest = rows.sort_values("school_year", kind="stable")["series"].iloc[-1]
    alike = rows[rows["series"] == newest]
    found = changes(*(alike[name].tolist() for name in ("value", "n", "org_id", "school_year")))
    return found.spread(MARKS_SCALE if set(alike["unit"]) == {"mark"} else None)


def beside(
    row: Row, country: Row | None, spread: Spread | None, least: int, confidence: float = judgement.OF_MANY
) -> Verdict:
    """One school of many against the country's mean; `confidence` where it is not one of many."""
    if country is None or country["value"] is None or row["value"] is None or (row["n"] or 0) < least:
        return "insufficient"
    interval = spread.mean_interval(float(row["value"]), int(row["n"]), confidence) if spread else None
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
