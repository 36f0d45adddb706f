"""Claimants of medals whose ЕГЭ did not confirm them, by degree, over the years in which one rule held.

Over claimants, not over medallists: a medal itself asks for the points, so among medallists nobody failed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import judgement, parts
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.indicators.norms import Norm
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, Run, TableBlock, Text, text
from pipeline.statistics.comparison import Share, verdict_against_rest
from pipeline.statistics.intervals import CONFIDENCE, wilson

Row = Mapping[str, Any]
YEARS = 3
DEGREES = {"medal_confirmed": ("medal_first", "I степень"), "medal_second_confirmed": ("medal_second", "II степень")}
NOBODY = "претендентов нет"
HOW = (
    "Индекс неподтверждения — не подтвердившие / претенденты с результатами ЕГЭ; официальной формулы нет, определение "
    "наше. За три года — сумма претендентов; интервал Уилсона, 95 %. Складываются только годы, за которые внесён один "
    "порядок выдачи (config/norms/medals.yml)."
)


@dataclass(frozen=True)
class Degree:
    """One degree: its rows by year, the rule of the report year, claimants not confirmed of all under that rule."""

    title: str
    rows: Mapping[int, Row]
    norm: Norm | None
    pooled: Share
    years: tuple[int, ...]

    @property
    def newest(self) -> Row:
        return self.rows[max(self.rows)]


def degrees(inputs: Inputs) -> list[Degree]:
    """Degrees of which the form was answered in the last three years."""
    return [found for code in DEGREES if (found := _degree(inputs, code)) is not None]


def _degree(inputs: Inputs, code: str) -> Degree | None:
    identifier, title = DEGREES[code]
    last = inputs.settings.school_year
    asked = tuple(range(last - YEARS + 1, last + 1))
    rows = {
        int(row["school_year"]): row for row in inputs.rows(indicator=code, level="municipality", school_year=asked)
    }
    rows = {year: row for year, row in rows.items() if row["numerator"] is not None or not row["denominator"]}
    if not any(row["denominator"] for row in rows.values()):
        return None
    norm = inputs.rules.norm(identifier, last, inputs.profile.code)
    alike = [year for year in sorted(rows) if norm and norm.in_force(year) and rows[year]["denominator"]]
    counted = [unconfirmed(rows[year]) for year in alike]
    pooled = Share(sum(one.numerator for one in counted), sum(one.n for one in counted))
    return Degree(title, rows, norm, pooled, tuple(alike))


def unconfirmed(row: Row) -> Share:
    """Claimants that were not confirmed, of all."""
    whole = int(row["denominator"] or 0)
    return Share(whole - int(row["numerator"] or 0), whole)


def panel(inputs: Inputs) -> Panel:
    """A table of degrees by year, a finding on the pooled index, the data of schools."""
    found = degrees(inputs)
    if not found:
        return Panel()
    rows = [row for degree in found for row in degree.rows.values()]
    return Panel(
        monitoring=(_table(inputs, found),),
        findings=tuple(_finding(degree) for degree in found if degree.pooled.n),
        frames={"medals": pd.DataFrame(rows)},
    )


def _table(inputs: Inputs, found: Sequence[Degree]) -> TableBlock:
    last = inputs.settings.school_year
    years = range(last - YEARS + 1, last + 1)
    rows = [row for degree in found for row in degree.rows.values()]
    return TableBlock(
        id="medals",
        caption="Претенденты на медаль, не подтвердившие её результатами ЕГЭ",
        heads=(
            Head("Медаль", width=1.0),
            Head("Баллы ЕГЭ: русский язык, предмет по выбору", "right", 1.6),
            *(Head(ru.school_year(year), "right") for year in years),
            Head("Вместе (интервал 95 %)", "right", 1.8),
        ),
        rows=tuple(
            (
                Cell(degree.title),
                _points(degree.norm),
                *(_year(degree.rows.get(year)) for year in years),
                _pooled(degree),
            )
            for degree in found
        ),
        source=text(_norm_source(found)),
        statement=_statement(inputs, found),
        how=(text(HOW), *parts.how_counted(rows)),
        legend=(f"{MARKS['no_data']} — нет данных",),
        data=f"data/{inputs.direction.number}_medals.csv",
    )


def _points(norm: Norm | None) -> Cell:
    if norm is None:
        return Cell("порядок на этот год не внесён", tone="warning")
    return Cell(" и ".join(ru.number(norm.levels[name].level) for name in ("russian", "other")))


def _year(row: Row | None) -> Cell:
    if row is None or row["denominator"] is None:
        return Cell(MARKS["no_data"], tone="muted")
    share = unconfirmed(row)
    words = ru.part(share.numerator, share.n) if share.n else NOBODY
    return Cell(words, key=claims.key_of(row), sort=share.value)


def _pooled(degree: Degree) -> Cell:
    if degree.norm is None:
        return Cell("не считается", tone="muted")
    return Cell(_index(degree.pooled), key=claims.key_of(degree.newest), sort=degree.pooled.value)


def _index(share: Share) -> str:
    """«12 из 96 — 12 % (7–21)» of as many as a percent may be printed of; the interval always."""
    if not share.n:
        return NOBODY
    lower, upper = (float(bound) for bound in wilson(share.numerator, share.n, CONFIDENCE))
    part, bounds = ru.part(share.numerator, share.n), ru.interval(lower, upper, share.n)
    if share.n < ru.PERCENT_FROM:
        return f"{part} {bounds[:-1]}{ru.NARROW}%)"
    return f"{part} — {ru.percent(share.numerator / share.n, share.n)} {bounds}"


def _norm_source(found: Sequence[Degree]) -> str:
    known = [degree.norm.source for degree in found if degree.norm]
    if not known:
        return "Форма сбора; порядок выдачи медалей на этот год не внесён (config/norms/medals.yml)."
    return f"Форма сбора; {known[0]}."


def _statement(inputs: Inputs, found: Sequence[Degree]) -> Text:
    said = (
        "Считаются претенденты, а не медалисты: медаль получает только подтвердивший. Неподтверждение — основание "
        "сверить итоговые отметки с требованиями программы, а не вывод о школе."
    )
    return text(f"{said} {_schools(inputs, found)}".strip())


def _schools(inputs: Inputs, found: Sequence[Degree]) -> str:
    """Organisations whose claimants of all degrees and years differ from the others; named in the internal edition."""
    sums = _of_schools(inputs, {year for degree in found for year in degree.years})
    whole = Share(sum(one.numerator for one in sums.values()), sum(one.n for one in sums.values()))
    least = inputs.compare_from
    large = {name: one for name, one in sums.items() if least <= one.n < whole.n}
    if not large:
        return f"Школ, где претендентов {least} и больше, нет: между собой школы не сравниваются."
    more = [
        f"{name} ({ru.part(one.numerator, one.n)})"
        for name, one in sorted(large.items())
        if verdict_against_rest(one, whole, least=least, confidence=judgement.OF_MANY) == "higher"
    ]
    if not more:
        return "По школам отличий больше погрешности нет."
    if inputs.settings.edition != "internal":
        return f"Больше, чем в остальных вместе, — в {ru.counted(len(more), 'школе', 'школах', 'школах')}."
    return f"Больше, чем в остальных школах вместе: {', '.join(more)}."


def _of_schools(inputs: Inputs, years: set[int]) -> dict[str, Share]:
    """Name of an organisation → its claimants not confirmed, of all degrees and years."""
    sums: dict[str, Share] = {}
    for row in inputs.rows(indicator=tuple(DEGREES), level="organisation", school_year=tuple(years)):
        if row["numerator"] is not None:
            name, share = ru.organisation(str(row["group_label"])), unconfirmed(row)
            before = sums.get(name, Share(0, 0))
            sums[name] = Share(share.numerator + before.numerator, share.n + before.n)
    return sums


def _finding(degree: Degree) -> Finding:
    years, share = ru.years(list(degree.years)), degree.pooled
    return Finding(
        id=f"medals.{degree.norm.id if degree.norm else 'unknown'}",
        kind="sign",
        statement=text(
            f"Медаль, {degree.title}, {years}: из претендентов не подтвердили результатами ЕГЭ ",
            Run(_index(share), key=claims.key_of(degree.newest)),
            ".",
        ),
        strength="интервал 95 %",
    )
