"""Did schools with a measure and similar ones without it go alike before it? Lines of both, and the test of a nothing.

The difference of changes is taken over years in which no measure was: an «effect» there is a sign that the comparison
is not one of like with like. The last year before a measure is drawn and left out of the test: it is often the bad year
for which schools were chosen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from statistics import fmean, stdev

import pandas as pd

from pipeline.directions.chapter import Inputs
from pipeline.directions.like_schools import Compared, Year
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, text
from pipeline.presentation.small_trend import small_trend
from pipeline.statistics.intervals import CONFIDENCE

PANELS_AT_MOST = 3
YEARS_BEFORE = 2
LONGEST = 34  # letters over a panel
STEM = "measures_before"
OWN, OTHERS = "школы с мерой", "похожие без неё"
METHOD = (
    "Точка — среднее по школам (каждая считается один раз), отрезок — интервал Стьюдента по школам, 95 %. Проверка до "
    "меры — та же разность изменений, взятая между первым и последним годом, с которыми сравнение считает «до»."
)


def panel(inputs: Inputs, found: Sequence[Compared]) -> Panel:
    """The chart of up to three measures with two years before them or more; nothing without such."""
    drawn = [one for one in found if one.judged and _before(one) >= YEARS_BEFORE][:PANELS_AT_MOST]
    if not drawn:
        return Panel()
    names = _names(drawn)
    rows = pd.DataFrame([row for one, name in zip(drawn, names, strict=True) for row in _rows(one, name)])
    figure = FigureBlock(
        id="measures-before",
        title="Школы с мерой и похожие школы до неё и после",
        subtitle=f"{inputs.profile.name.nominative}, доля по показателю меры, среднее по школам",
        alt=_alt(drawn),
        svg=small_trend(rows, dict(zip(names, map(_since, drawn), strict=True)), "мера", alike=False),
        source=text("Реестр мер и таблица показателей; те же школы, что на рисунке выше."),
        statement=text(" ".join(_said(one) for one in drawn)),
        how=(text(METHOD),),
        data=f"data/{inputs.direction.number}_{STEM}.csv",
    )
    return Panel(analysis=(figure,), frames={STEM: rows})


def _before(one: Compared) -> int:
    return sum(year.year < min(one.years[1]) for year in one.path)


def _since(one: Compared) -> float:
    """Half-way between the last year before the measure and the first after it."""
    first = min(one.years[1])
    return (max(year.year for year in one.path if year.year < first) + first) / 2


def _names(drawn: Sequence[Compared]) -> list[str]:
    """Short titles; with their place where a measure has several values."""
    titles = [one.change.act.title for one in drawn]
    several = len(set(titles)) < len(titles)
    named = [f"{place}. {title}" if several else title for place, title in enumerate(titles, 1)]
    return [one if len(one) <= LONGEST else f"{one[:LONGEST].rsplit(' ', 1)[0]}…" for one in named]


def _rows(one: Compared, name: str) -> Iterator[dict[str, object]]:
    for year in one.path:
        for line, shares in ((OWN, year.treated), (OTHERS, year.others)):
            lower, upper = _interval(shares)
            yield {
                "panel": name,
                "measure": one.change.act.id,
                "line": line,
                "year": year.year,
                "value": fmean(shares),
                "lower": lower,
                "upper": upper,
                "schools": len(shares),
                "series": "",
            }


def _interval(shares: Sequence[float]) -> tuple[float, float]:
    """Student's interval of the mean over schools, inside 0–1; unknown under three schools."""
    from scipy import stats

    if len(shares) < 3:
        return math.nan, math.nan
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(shares) - 1)) * stdev(shares) / math.sqrt(len(shares))
    return max(0.0, fmean(shares) - half), min(1.0, fmean(shares) + half)


def _said(one: Compared) -> str:
    """What the years before say of the comparison: a drift that was there without the measure, or none that is seen."""
    title, drift = f"«{one.change.act.title}»", one.drift
    if drift.reason or math.isnan(drift.lower):
        return f"{title}: проверить, одинаково ли школы менялись до меры, нечем ({drift.reason})."
    low, high = (ru.signed(bound * 100, 1) for bound in (drift.lower, drift.upper))
    apart = f"разность изменений {ru.points(drift.value)} (от{ru.NBSP}{low} до{ru.NBSP}{high})"
    if drift.word("higher") == "не видно":
        return f"{title}: до меры школы с ней и без неё менялись одинаково с учётом погрешности, {apart}."
    return f"{title}: школы менялись по-разному ещё до меры, {apart}; вывод о её действии ненадёжен."


def _alt(drawn: Sequence[Compared]) -> str:
    return "; ".join(f"{one.change.act.title}: {', '.join(_point(year) for year in one.path)}" for one in drawn) + "."


def _point(year: Year) -> str:
    own, others = (ru.percent(fmean(shares)) for shares in (year.treated, year.others))
    return f"{ru.school_year(year.year)} — с мерой {own}, без неё {others}"
