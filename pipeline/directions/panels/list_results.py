"""Results of the schools on the list of low results in every procedure of the year, beside all other schools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pipeline.directions import listed, pooled_goal, schools, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.directions.schools import Counted
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, Paragraphs, Run, TableBlock, text
from pipeline.statistics import comparison
from pipeline.statistics.comparison import Share, Verdict

ROWS_AT_MOST = 30
# Procedures in which the list is followed, in the order of the table; less or more is better by their passports.
INDICATORS = ("vpr_mark_2", "oge_below_minimum", "ege_below_minimum", "olympiad_prize_share", "repeated_year")
NOT_READ = "Официальный перечень школ с низкими результатами за отчётный год не представлен: сравнивать некого."


@dataclass(frozen=True)
class Line:
    """One test: the listed schools together, the others together, and the verdict."""

    indicator: str
    name: str
    own: Counted
    others: Share
    verdict: Verdict


def panel(inputs: Inputs) -> Panel:
    """The table of the report year; one finding that says in how many of the tests the listed schools are lower."""
    year = inputs.settings.school_year
    on = listed.on(inputs, listed.LOW, year)
    if not on:
        known = bool(listed.answers(inputs, listed.LOW).get(year))
        said = "В отчётном году в перечне школ с низкими результатами никого нет." if known else NOT_READ
        return Panel(monitoring=(Paragraphs((text(said),)),))
    lines = [line for indicator in INDICATORS for line in _lines(inputs, indicator, on)]
    if not lines:
        return Panel()
    return Panel(
        monitoring=(_table(inputs, lines, len(on)),),
        findings=tuple(_findings(inputs, lines, len(on))),
        frames={"list_results": _frame(lines)},
    )


def _lines(inputs: Inputs, indicator: str, on: frozenset[str]) -> list[Line]:
    """Each test that a listed school and another one wrote."""
    if indicator not in inputs.passports:
        return []
    rows = inputs.rows(indicator=indicator, school_year=inputs.settings.school_year, level="organisation")
    tests: dict[tuple[str, str, int, str], None] = {}
    for row in rows:
        tests.setdefault((str(row["procedure"]), str(row["subject"]), int(row["grade"]), str(row["category"])))
    found = [_line(inputs, indicator, test, on) for test in sorted(tests)]
    return [line for line in found if line is not None]


def _line(inputs: Inputs, indicator: str, test: tuple[str, str, int, str], on: frozenset[str]) -> Line | None:
    procedure, subject, grade, category = test
    where = {"procedure": procedure, "subject": subject, "grade": grade, "category": category}
    counted = schools.counts(inputs, indicator, inputs.settings.school_year, **where)
    own = [one for org, one in counted.items() if org in on]
    rest = [one for org, one in counted.items() if org not in on]
    if not own or not rest:
        return None
    together = Counted("школы перечня", tuple(row for one in own for row in one.rows))
    others = schools.total(rest)
    verdict = comparison.verdict(together.share, others, least=inputs.compare_from)
    return Line(indicator, _name(inputs, indicator, test), together, others, verdict)


def _name(inputs: Inputs, indicator: str, test: tuple[str, str, int, str]) -> str:
    procedure, subject, grade, category = test
    known = inputs.subjects.subjects.get(subject)
    pieces = [
        inputs.passports[indicator].short,
        inputs.words.get((indicator, category), category),
        known.short if known else "",
        f"{grade}{ru.NBSP}класс" if grade else "",
    ]
    return ru.capitalised(", ".join(piece for piece in pieces if piece))


def _table(inputs: Inputs, lines: Sequence[Line], listed_schools: int) -> TableBlock:
    rest = len(lines) - ROWS_AT_MOST
    return TableBlock(
        id="list-results",
        caption=f"Школы перечня ШНОР в процедурах, {ru.school_year(inputs.settings.school_year)} учебный год",
        heads=(
            Head("Показатель", width=2.4),
            Head("Школы перечня (интервал 95 %)", "right", 1.6),
            Head("Остальные школы", "right"),
            Head("Разность", "right"),
            Head("Вывод", width=1.2),
        ),
        rows=tuple(_cells(inputs, line) for line in lines[:ROWS_AT_MOST]),
        source=text(
            f"Школ в перечне — {ru.number(listed_schools)}; они взяты вместе, как и все остальные школы. Вывод — по "
            "интервалу 95 %; там, где школы сравниваются поимённо, граница строже (99,8 %), и вывод может быть "
            "осторожнее." + (f" Ещё {ru.number(rest)} — в файле данных." if rest > 0 else "")
        ),
        statement=_statement(inputs, lines),
        how=(text("Вывод — по интервалу Ньюкомба разности двух долей, 95 %."),),
        data=f"data/{inputs.direction.number}_list_results.csv",
    )


def _tone(inputs: Inputs, line: Line) -> str:
    return claims.tone(line.verdict, inputs.passports[line.indicator].better)


def _cells(inputs: Inputs, line: Line) -> tuple[Cell, ...]:
    own, others = line.own.share, line.others
    smaller = min(own.n, others.n)
    apart = (own.value or 0.0) - (others.value or 0.0)
    few = smaller < ru.PERCENT_FROM
    tone = claims.tone(line.verdict, inputs.passports[line.indicator].better)
    judged = {"better": "лучше: ", "worse": "хуже: "}.get(tone, "")
    return (
        Cell(line.name),
        Cell(line.own.bound().text, key=line.own.key, sort=own.value),
        Cell(ru.share(others.value or 0.0, others.n, others.numerator), sort=others.value),
        Cell("·" if few else ru.points(apart, smaller), sort=apart, tone="muted" if few else ""),
        Cell(f"{judged}{claims.COMPARED[line.verdict]}", tone=tone),
    )


def _statement(inputs: Inputs, lines: Sequence[Line]) -> tuple[Run, ...]:
    tones = [_tone(inputs, line) for line in lines]
    worse, compared = tones.count("worse"), sum(tone != "unknown" for tone in tones)
    if not compared:
        return text("Участников в школах перечня мало для сравнения.")
    return text(
        f"Результаты школ перечня ниже, чем у остальных, в {ru.number(worse)} из {ru.number(compared)} сравнений; "
        "в прочих отличие не больше погрешности или в пользу школ перечня."
    )


def _findings(inputs: Inputs, lines: Sequence[Line], listed_schools: int) -> list[Finding]:
    worse = [line for line in lines if _tone(inputs, line) == "worse"]
    if not worse:
        return []
    heaviest = max(worse, key=lambda line: abs((line.own.share.value or 0.0) - (line.others.value or 0.0)))
    compared = sum(_tone(inputs, line) != "unknown" for line in lines)
    others = ru.share(heaviest.others.value or 0.0, heaviest.others.n, heaviest.others.numerator)
    part = heaviest.own.share.n / (heaviest.own.share.n + heaviest.others.n)
    better: Literal["higher", "lower"] = (
        "higher" if inputs.passports[heaviest.indicator].better == "higher" else "lower"
    )
    mark = ("в сторону значения остальных школ", heaviest.others.value or 0.0)
    return [
        pooled_goal.finding(f"{heaviest.name}: школы перечня ШНОР", heaviest.own, better, mark, None),
        Finding(
            id="list_results",
            kind="problem",
            statement=text(
                f"Школы перечня ШНОР ({ru.number(listed_schools)}) уступают остальным в {ru.number(len(worse))} из "
                f"{ru.number(compared)} сравнений; больше всего: {heaviest.name.lower()} — ".replace(
                    "впр", "ВПР"
                ).replace("огэ", "ОГЭ"),
                heaviest.own.bound(),
                f", в остальных школах {others}.",
            ),
            strength="интервал 95 %",
            weight=weight.of_shares(heaviest.own.share.value or 0.0, heaviest.others.value or 0.0) * part**0.5,
        ),
    ]


def _frame(lines: Sequence[Line]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "indicator": line.indicator,
                "test": line.name,
                "listed_numerator": line.own.share.numerator,
                "listed_denominator": line.own.share.n,
                "listed": line.own.share.value,
                "others_numerator": line.others.numerator,
                "others_denominator": line.others.n,
                "others": line.others.value,
                "verdict": line.verdict,
                "indicators": line.own.key,
            }
            for line in lines
        ]
    )
