"""Schools that left the official list: their results in the last year on it, after it, and what was to be expected.

A school is put on a list for a bad year, and the next one is better by itself. So beside the change stands the share
that the year on the list let expect with nothing changed: shrunk to those of all schools (empirical Bayes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.directions import judgement, listed, schools
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.directions.schools import Counted, Row
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, TableBlock, text
from pipeline.statistics import comparison, shrinkage_shares
from pipeline.statistics.comparison import Verdict

INDICATORS = ("vpr_mark_2", "oge_below_minimum")
TEST = ("procedure", "subject", "grade")
ROWS_AT_MOST = 20


@dataclass(frozen=True)
class Exit:
    """One school and indicator over tests that both years have; `expected`: with nothing changed, None if unsaid."""

    name: str
    indicator: str
    before: Counted
    after: Counted
    expected: float | None
    verdict: Verdict


def panel(inputs: Inputs) -> Panel:
    """The table of those who left in the report year; nothing when nobody did, or in the public edition."""
    year = inputs.settings.school_year
    answers = listed.answers(inputs, listed.LOW)
    left = [org for org in sorted(listed.on(inputs, listed.LOW, year - 1)) if answers.get(year, {}).get(org) is False]
    if inputs.settings.edition != "internal" or not left:
        return Panel()
    found = [one for org in left for indicator in INDICATORS if (one := _exit(inputs, org, indicator)) is not None]
    if not found:
        return Panel()
    return Panel(analysis=(_table(inputs, found),), frames={"list_exits": _frame(found)})


def _exit(inputs: Inputs, org: str, indicator: str) -> Exit | None:
    year = inputs.settings.school_year
    now, before = (_rows(inputs, indicator, one) for one in (year, year - 1))
    same = {_test(row) for row in now.get(org, [])} & {_test(row) for row in before.get(org, [])}
    if not same:
        return None
    kept = {whose: [row for row in rows if _test(row) in same] for whose, rows in before.items()}
    first = _together(kept[org])
    last = _together([row for row in now[org] if _test(row) in same])
    everybody = [_together(rows).share for rows in kept.values() if rows]
    expected = None
    if not shrinkage_shares.unsaid([one.n for one in everybody]):
        prior = shrinkage_shares.fit([one.numerator for one in everybody], [one.n for one in everybody])
        expected = shrinkage_shares.shrunk(first.share.numerator, first.share.n, prior)
    verdict = comparison.verdict(last.share, first.share, least=inputs.compare_from, confidence=judgement.OF_MANY)
    return Exit(last.label, indicator, first, last, expected, verdict)


def _rows(inputs: Inputs, indicator: str, year: int) -> dict[str, list[Row]]:
    held: dict[str, list[Row]] = {}
    for row in inputs.rows(indicator=indicator, school_year=year, level="organisation"):
        if row["numerator"] is not None and row["denominator"]:
            held.setdefault(str(row["org_id"]), []).append(row)
    return held


def _test(row: Row) -> tuple[object, ...]:
    return (*(row[name] for name in TEST), row["series"])


def _together(rows: Sequence[Row]) -> Counted:
    return Counted(schools.label(rows[0]), tuple(rows))


def _table(inputs: Inputs, found: Sequence[Exit]) -> TableBlock:
    changed = sum(one.verdict in ("lower", "higher") for one in found)
    said = (
        f"Изменились больше погрешности {ru.number(changed)} из {ru.number(len(found))} показателей вышедших школ. "
        "Если «после» близко к ожидаемому без перемен, улучшение — возврат к среднему."
    )
    return TableBlock(
        id="list-exits",
        caption="Школы, вышедшие из перечня ШНОР: последний год в нём и после",
        heads=(
            Head("Школа", width=1.5),
            Head("Показатель", width=1.3),
            Head("Год в перечне", "right", 1.3),
            Head("Ожидалось без перемен", "right"),
            Head("После", "right", 1.3),
            Head("Вывод", width=1.2),
        ),
        rows=tuple(_line(inputs, one) for one in found[:ROWS_AT_MOST]),
        source=text(
            "Таблица показателей; предметы и классы, которые есть в обоих годах, вместе: один ученик мог писать "
            "несколько работ, поэтому вывод — по интервалу 99,8 %. Школы — по алфавиту."
        ),
        statement=text(said),
        how=(text("Ожидаемое — доля года в перечне, стянутая к долям всех школ (бета-биномиальная модель)."),),
        data=f"data/{inputs.direction.number}_list_exits.csv",
    )


def _line(inputs: Inputs, one: Exit) -> tuple[Cell, ...]:
    passport, share = inputs.passports[one.indicator], one.after.share
    expected = "·" if one.expected is None else ru.percent(one.expected, max(share.n, ru.PERCENT_FROM))
    return (
        Cell(one.name),
        Cell(ru.capitalised(passport.short)),
        Cell(one.before.bound().text, key=one.before.key, sort=one.before.share.value),
        Cell(expected, sort=one.expected),
        Cell(one.after.bound().text, key=one.after.key, sort=share.value),
        Cell(claims.CHANGED[one.verdict], tone=claims.tone(one.verdict, passport.better)),
    )


def _frame(found: Sequence[Exit]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "organisation": one.name,
                "indicator": one.indicator,
                "before_numerator": one.before.share.numerator,
                "before_denominator": one.before.share.n,
                "expected": one.expected,
                "after_numerator": one.after.share.numerator,
                "after_denominator": one.after.share.n,
                "verdict": one.verdict,
            }
            for one in found
        ]
    )
