"""The formal rule of the list, exactly as its act puts it, and beside it how likely its verdict is to be true.

Without an act there is no rule: the chapter says where to enter one. A threshold that is crossed by 3 of 8 pupils says
little of the school; the probability that the true share is over the line tells how much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.directions import listed, schools, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.directions.schools import Row
from pipeline.indicators.school_rules import ListRule
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, Paragraphs, TableBlock, text
from pipeline.statistics import low_results, shrinkage_shares
from pipeline.statistics.comparison import Share
from pipeline.statistics.low_results import Flag, Result

ROWS_AT_MOST = 30
SURE, UNSURE = 0.9, 0.1
NOT_ENTERED = (
    "Формальное правило, по которому школа относится к школам с низкими результатами, за этот год не внесено: его "
    "ставит региональный приказ, и без номера и даты приказа программа признаков не считает. Внести правило: "
    "config/norms/low_results.yml (там есть образец)."
)


@dataclass(frozen=True)
class Found:
    """One school under the rule: what it finds by either reading, and how likely that is true."""

    org: str
    name: str
    flag: Flag
    readings: tuple[bool, ...]
    probability: float

    @property
    def any(self) -> bool:
        return any(self.readings)


def panel(inputs: Inputs) -> Panel:
    """The rule in force in the report year for this territory, school by school; else where to enter one."""
    year, territory = inputs.settings.school_year, inputs.profile.code
    rules = [rule for rule in inputs.rules.lists if rule.holds(year, territory)]
    if not rules:
        return Panel(monitoring=(Paragraphs((text(NOT_ENTERED),), role="note"),))
    panels = [_of_rule(inputs, rule) for rule in rules]
    return Panel(
        monitoring=tuple(block for one in panels for block in one.monitoring),
        findings=tuple(finding for one in panels for finding in one.findings),
        frames={name: frame for one in panels for name, frame in one.frames.items()},
    )


def _of_rule(inputs: Inputs, rule: ListRule) -> Panel:
    rows = _rows(inputs, rule)
    held = _results(rows, rule)
    if not held:
        return Panel(monitoring=(Paragraphs((text(f"{_act(rule)}: результатов, к которым его применить, нет."),)),))
    priors = _priors(held, inputs.settings.school_year)
    names = {str(row["org_id"]): schools.label(row) for row in rows}
    found = [_found(inputs, rule, org, names[org], held[org], priors) for org in schools.ordered(names) if org in held]
    return Panel(
        monitoring=(_table(inputs, rule, found),),
        findings=tuple(_finding(inputs, rule, one) for one in found if all(one.readings)),
        frames={f"rule_{rule.id}": _frame(found)},
    )


def _rows(inputs: Inputs, rule: ListRule) -> list[Row]:
    years = range(inputs.settings.school_year - (rule.same_in_years or 1) + 1, inputs.settings.school_year + 1)
    rows = inputs.rows(indicator=rule.indicators, level="organisation", school_year=tuple(years))
    return [row for row in rows if row["numerator"] is not None and row["denominator"]]


def _results(rows: Sequence[Row], rule: ListRule) -> dict[str, list[Result]]:
    """School → its results by what the rule counts."""
    held: dict[str, list[Result]] = {}
    for row in rows:
        test = (str(row["procedure"]), str(row["subject"]), str(row["grade"]))
        unit = "|".join(test if rule.unit == "test" else test[:1])
        share = Share(int(row["numerator"]), int(row["denominator"]))
        held.setdefault(str(row["org_id"]), []).append(Result(unit, int(row["school_year"]), share))
    return held


def _priors(held: Mapping[str, Sequence[Result]], year: int) -> dict[str, shrinkage_shares.Prior]:
    """What all schools together say of the shares of each unit in the report year."""
    units: dict[str, list[Share]] = {}
    for results in held.values():
        for (unit, when), share in low_results.pooled(results).items():
            if when == year:
                units.setdefault(unit, []).append(share)
    return {
        unit: shrinkage_shares.fit([share.numerator for share in shares], [share.n for share in shares])
        for unit, shares in units.items()
    }


def _found(
    inputs: Inputs,
    rule: ListRule,
    org: str,
    name: str,
    results: Sequence[Result],
    priors: Mapping[str, shrinkage_shares.Prior],
) -> Found:
    year = inputs.settings.school_year
    flag = low_results.flag(
        results, year, rule.exact, in_year=rule.in_year, same_in_years=rule.same_in_years, least=rule.least
    )
    both = rule.in_year is not None and rule.same_in_years is not None
    how = ("all", "any") if rule.joined == "unclear" and both else (rule.joined if both else "any",)
    probability = low_results.truly(
        results,
        year,
        rule.in_year or 1,
        lambda unit, share: shrinkage_shares.over(share.numerator, share.n, rule.threshold, priors[unit]),
    )
    return Found(org, name, flag, tuple(flag.joined(one) for one in how), probability)


def _act(rule: ListRule) -> str:
    return f"{rule.title} ({rule.act.issuer}, № {rule.act.number} от {ru.date(rule.act.date.isoformat())})"


def _table(inputs: Inputs, rule: ListRule, found: Sequence[Found]) -> TableBlock:
    shown = [one for one in found if one.flag.low or one.any or one.probability >= UNSURE][:ROWS_AT_MOST]
    named = sum(all(one.readings) for one in found)
    apart = sum(one.any and not all(one.readings) for one in found)
    said = f"Признак по правилу — у {ru.number(named)} из {ru.counted(len(found), 'школы', 'школ', 'школ')}."
    if apart:
        said += f" Ещё у {ru.number(apart)} признак зависит от прочтения правила: показаны оба."
    return TableBlock(
        id=f"rule-{rule.id}".replace("_", "-"),
        caption=f"Формальный признак: {rule.title}",
        heads=(
            Head("Школа", width=1.8),
            Head("Низких результатов в году", "right"),
            Head("Низких подряд", "right"),
            Head("Признак", width=1.2),
            Head("Вероятность, что признак верен", "right", 1.1),
            Head("В перечне", width=0.9),
        ),
        rows=tuple(_line(inputs, rule, one) for one in shown),
        source=text(f"{_act(rule)}. Показаны школы, о которых правило что-то говорит; по алфавиту."),
        statement=text(f"{said} Перечень утверждает приказ: признак лишь показывает, на что он опирается."),
        how=(
            text(
                f"Результат низкий, если доля участников ниже минимума не меньше {ru.percent(rule.threshold, 10)}; "
                "доля сравнивается точно, без округления."
            ),
            text(
                "Вероятность — по бета-распределению с априорным по всем школам: верна ли доля выше порога в стольких "
                "процедурах, сколько требует правило. Больше 0,9 — признак надёжен, от 0,1 до 0,9 — пограничен."
            ),
        ),
        data=f"data/{inputs.direction.number}_rule_{rule.id}.csv",
    )


def _line(inputs: Inputs, rule: ListRule, one: Found) -> tuple[Cell, ...]:
    on = listed.answers(inputs, listed.LOW).get(inputs.settings.school_year, {}).get(one.org)
    word = "надёжен" if one.probability > SURE else "не подтверждён" if one.probability < UNSURE else "пограничен"
    return (
        Cell(one.name),
        Cell(ru.number(len(one.flag.low))),
        Cell(ru.number(len(one.flag.repeated)) if rule.same_in_years else MARKS["not_applicable"]),
        Cell(_reading(one), tone="worse" if all(one.readings) else ""),
        Cell(f"{ru.number(one.probability, 2)}, {word}", sort=one.probability),
        Cell(MARKS["no_data"] if on is None else "да" if on else "нет"),
    )


def _reading(one: Found) -> str:
    if len(set(one.readings)) == 1:
        return "есть" if one.any else "нет"
    return "зависит от прочтения: оба условия — нет, одно — есть"


def _finding(inputs: Inputs, rule: ListRule, one: Found) -> Finding:
    return Finding(
        id=f"rule.{rule.id}.{one.org}",
        kind="risk",
        statement=text(
            f"{one.name}: есть формальный признак «{rule.title}»: низких результатов в году "
            f"{ru.number(len(one.flag.low))}; вероятность, что он верен, {ru.number(one.probability, 2)}."
        ),
        strength=f"правило: № {rule.act.number} от {ru.date(rule.act.date.isoformat())}",
        org_id=one.org,
        weight=weight.GAP * one.probability,
    )


def _frame(found: Sequence[Found]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "org_id": one.org,
                "organisation": one.name,
                "low": ";".join(one.flag.low),
                "repeated": ";".join(one.flag.repeated),
                "flag_strict": all(one.readings),
                "flag_wide": one.any,
                "probability": one.probability,
            }
            for one in found
        ]
    )
