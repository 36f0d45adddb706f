"""What three and more years of one share allow to say: the sentence under a chart and the finding of a proven trend.

Several lines of one chart are looked at together, so their trends are proven with Holm's correction for the number of
lines. A change of several years may be a change of who was counted: it is split into inside the organisations and
composition, and one that goes the other way inside is not claimed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.directions import judgement, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Text, text
from pipeline.statistics import multiple, shift_share
from pipeline.statistics.comparison import Share
from pipeline.statistics.intervals import CONFIDENCE
from pipeline.statistics.shift_share import Split
from pipeline.statistics.trend import FALL, LITTLE, RISE, SAME, Point, Trend, trend

Row = Mapping[str, Any]
SPELLED = {3: "три года", 4: "четыре года", 5: "пять лет", 6: "шесть лет", 7: "семь лет", 8: "восемь лет"}
VERDICTS = {RISE: "higher", FALL: "lower"}
LATELY = 1  # a trend that ended earlier than the year before is no news
COVERED = 0.8  # of the participants: in fewer of them the split says little of the whole
HOW = (
    "Тренд — по трём и более годам одного ряда: три года — интервал разности последнего и первого (Ньюкомб), четыре и "
    "больше — критерий Кокрана — Армитиджа по участникам с поправкой на разброс лет; для всех рядов рисунка вместе — "
    "поправка Холма. Пропущенный год не достраивается."
)


def trends(inputs: Inputs, lines: Sequence[Sequence[Row]]) -> list[Trend]:
    """The trend of each line of a chart; rows of one line in any order, uncounted values are gaps."""
    found = [trend([_point(row) for row in line if _counted(row)], inputs.compare_from) for line in lines]
    if len(found) == 1:
        return found
    adjusted = multiple.adjusted([one.p for one in found], "holm")
    return [
        replace(one, word=SAME) if one.proven and not p < 1 - CONFIDENCE else one
        for one, p in zip(found, adjusted, strict=True)
    ]


def _counted(row: Row) -> bool:
    return judgement.comparable(row) and judgement.of_persons(row)


def _point(row: Row) -> Point:
    return Point(
        int(row["school_year"]), Share(int(row["numerator"]), int(row["denominator"])), str(row["series"] or "")
    )


def span(found: Trend) -> str:
    """«за пять лет (2022–2026)»; with gaps the years that have data."""
    years = [point.year for point in found.points]
    whole = SPELLED.get(len(years), ru.counted(len(years), "год", "года", "лет"))
    said = f"за {whole}" if not found.gaps else f"по{ru.NBSP}{ru.counted(len(years), 'году', 'годам', 'годам')}"
    return f"{said} ({ru.years(years)})"


def sentence(names: Sequence[str], found: Sequence[Trend]) -> str:
    """What the years of each line together say; empty where no line has three years at all."""
    if not any(one.test or one.word != LITTLE for one in found):
        return " О тренде судить рано: нужны три года одного ряда." if any(one.points for one in found) else ""
    groups: dict[tuple[str, str], list[str]] = {}
    for name, one in sorted(zip(names, found, strict=True), key=lambda pair: not pair[1].proven):
        groups.setdefault((f"{ru.capitalised(span(one))} " if one.word != LITTLE else "", _said(one)), []).append(name)
    said = [
        f"{years}{word if years else ru.capitalised(word)}: {who(part, len(names))}."
        for (years, word), part in groups.items()
    ]
    return f" {' '.join(said)}"


def who(names: Sequence[str], every: int) -> str:
    """«все ряды», or the lines by name: names hold commas themselves."""
    return "все ряды" if len(names) == every > 1 else "; ".join(names)


def _said(found: Trend) -> str:
    return f"{LITTLE} для тренда ({found.reason})" if found.word == LITTLE else found.word


def title_words(found: Sequence[Trend]) -> str:
    """«; за несколько лет изменились 2 из 4» when any did."""
    moved = sum(one.proven for one in found)
    if not moved:
        return ""
    verb = ru.plural(moved, "изменился", "изменились", "изменились")
    return f"; за несколько лет {verb} {ru.number(moved)} из {ru.number(len(found))}"


def finding(inputs: Inputs, name: str, line: Sequence[Row], found: Trend, lines: int) -> Finding | None:
    """The finding of a proven trend that reaches the report year; None otherwise, and for a change that goes the other
    way inside the organisations. `lines`: how many were looked at together."""
    if not found.proven or found.points[-1].year < inputs.settings.school_year - LATELY:
        return None
    by_year = {int(row["school_year"]): row for row in line}
    first, last = by_year[found.points[0].year], by_year[found.points[-1].year]
    inside = _split(inputs, first, last)
    if inside is not None and inside.reversed:
        return None
    passport = inputs.passports[str(last["indicator"])]
    tone = claims.tone(VERDICTS[found.word], passport.better)
    return Finding(
        id=".".join(filter(None, (*_cell(last), "trend"))),
        kind={"better": "strength", "worse": "problem"}.get(tone, "sign"),
        statement=_statement(name, first, last, found, inside),
        strength="интервал 95 %" + (f", поправка на {ru.number(lines)} рядов" if lines > 1 else ""),
        weight=weight.of_difference(last, first),
    )


def _cell(row: Row) -> tuple[str, ...]:
    """What tells lines of one direction apart."""
    return (str(row["indicator"]), str(row["subject"] or ""), str(row["grade"] or ""), str(row["category"] or ""))


def _statement(name: str, first: Row, last: Row, found: Trend, inside: Split | None) -> Text:
    return text(
        f"{ru.capitalised(name)}: {span(found)} {found.word}, {claims.difference_text(last, first)}: ",
        claims.bound(first),
        f" в{ru.NBSP}{first['school_year']}{ru.NBSP}году, ",
        claims.bound(last),
        f" в{ru.NBSP}{last['school_year']}{ru.NBSP}году{_composition(inside)}.",
    )


def _composition(inside: Split | None) -> str:
    """Who was counted changed more than what was counted."""
    if inside is None or not inside.composed:
        return ""
    return "; большая часть изменения — другие доли организаций среди участников, а не изменения внутри них"


def _split(inputs: Inputs, first: Row, last: Row) -> Split | None:
    """The change of the municipality split over its organisations; None where too few of them are counted."""
    same = {name: last[name] for name in judgement.KEY}
    rows = inputs.rows(level="organisation", school_year=(first["school_year"], last["school_year"]), **same)
    years: dict[int, dict[str, Share]] = {int(first["school_year"]): {}, int(last["school_year"]): {}}
    for row in rows:
        if _counted(row):
            share = Share(int(row["numerator"]), int(row["denominator"]))
            years[int(row["school_year"])][str(row["org_id"])] = share
    before, after = years.values()
    whole = int(first["denominator"]) + int(last["denominator"])
    known = sum(one.n for year in (before, after) for one in year.values())
    if known < COVERED * whole:
        return None
    return shift_share.split(before, after)
