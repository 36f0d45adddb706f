"""Several procedures side by side: which schools stand low or high in more than one, and where procedures disagree.

Each procedure is judged by itself, against all other schools together; nothing is added or averaged over procedures.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.directions import judgement, pooled_goal, schools, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.directions.schools import Counted
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, Run, TableBlock, Text, Tone, text
from pipeline.statistics import comparison
from pipeline.statistics.comparison import Verdict

ROWS_AT_MOST = 30
# Shares of which less is better, by subject; of one subject every pupil has one work.
TESTS = (
    ("vpr_mark_2", "vpr", "russian"),
    ("vpr_mark_2", "vpr", "mathematics"),
    ("oge_below_minimum", "oge", "russian"),
    ("oge_below_minimum", "oge", "mathematics"),
    ("ege_below_minimum", "ege", "russian"),
    ("ege_below_minimum", "ege", "mathematics"),
)
WORDS: Mapping[Verdict, tuple[str, Tone]] = {
    "higher": ("▼ больше", "worse"),
    "lower": ("▲ меньше", "better"),
    "same": ("= не отличается", ""),
    "insufficient": ("? мало", "unknown"),
}
LEGEND = (
    "▼ больше, ▲ меньше, чем в остальных школах вместе (интервал разности 99,8 %)",
    "= отличие не больше погрешности",
    "? участников меньше, чем нужно для сравнения",
)


@dataclass(frozen=True)
class Test:
    """One procedure and subject of the report year: counts and verdicts by school."""

    indicator: str
    procedure: str
    subject: str
    held: Mapping[str, Counted]
    verdicts: Mapping[str, Verdict]


def panel(inputs: Inputs) -> Panel:
    """The table of the report year and findings about schools that several procedures say the same of, or differ on."""
    found = tests(inputs)
    if len({test.procedure for test in found}) < 2:
        return Panel()
    names = {org: one.label for test in found for org, one in test.held.items()}
    agreed = {org: part for org in schools.ordered(names) if len(part := _procedures(found, org, "higher")) > 1}
    parted = [
        org
        for org in schools.ordered(names)
        if _procedures(found, org, "higher") and _procedures(found, org, "lower") and org not in agreed
    ]
    return Panel(
        monitoring=(_table(inputs, found, names, agreed, parted),),
        findings=(
            *(_low(inputs, found, org, names[org]) for org in agreed),
            *_goal(inputs, found, agreed, names),
            *(_parted(inputs, found, org, names[org]) for org in parted),
        ),
        frames={"procedures": _frame(found)},
    )


def tests(inputs: Inputs) -> list[Test]:
    """Procedures and subjects that at least three schools wrote in the report year."""
    found = []
    for indicator, procedure, subject in TESTS:
        year = inputs.settings.school_year
        held = schools.counts(inputs, indicator, year, procedure=procedure, subject=subject)
        if len(held) < 3:
            continue
        verdicts = {org: _verdict(inputs, one, schools.others(held, org)) for org, one in held.items()}
        found.append(Test(indicator, procedure, subject, held, verdicts))
    return found


def _verdict(inputs: Inputs, one: Counted, rest: comparison.Share) -> Verdict:
    return comparison.verdict(one.share, rest, least=inputs.compare_from, confidence=judgement.OF_MANY)


def _procedures(found: Sequence[Test], org: str, verdict: Verdict) -> set[str]:
    return {test.procedure for test in found if test.verdicts.get(org) == verdict}


def name_of(inputs: Inputs, test: Test) -> str:
    """«ВПР, русский язык»."""
    subject = inputs.subjects.subjects.get(test.subject)
    return f"{ru.procedure(test.procedure)}, {subject.short if subject else test.subject}"


def _table(
    inputs: Inputs,
    found: Sequence[Test],
    names: Mapping[str, str],
    agreed: Mapping[str, set[str]],
    parted: Sequence[str],
) -> TableBlock:
    order = schools.ordered(names)
    shown, rest = order[:ROWS_AT_MOST], len(order) - len(order[:ROWS_AT_MOST])
    more = f" Показаны первые {ru.number(len(shown))}, ещё {ru.number(rest)} — в файле данных." if rest else ""
    return TableBlock(
        id="procedures",
        caption="Доля участников ниже минимального уровня по процедурам, "
        f"{ru.school_year(inputs.settings.school_year)} учебный год",
        heads=(Head("Школа", width=1.5), *(Head(ru.capitalised(name_of(inputs, test))) for test in found)),
        rows=tuple((Cell(names[org]), *(_cell(test, org) for test in found)) for org in shown),
        source=text(
            f"Ниже минимального уровня: отметка «2» (ВПР, ОГЭ), балл ниже порога (ЕГЭ). Школы — по алфавиту.{more}"
        ),
        statement=_statement(names, agreed, parted),
        how=(
            text(
                "Классы одной процедуры и предмета сложены: каждый ученик учтён в предмете один раз. Школа "
                "сравнивается со всеми остальными вместе; между процедурами доли не складываются и не усредняются."
            ),
        ),
        legend=(*LEGEND, f"{MARKS['no_data']} — данных нет или предмет не сдавали"),
        data=f"data/{inputs.direction.number}_procedures.csv",
        wide=len(found) > 5,
    )


def _statement(names: Mapping[str, str], agreed: Mapping[str, set[str]], parted: Sequence[str]) -> Text:
    low = ru.listed([names[org] for org in agreed], 6)
    said = (
        f"Хуже остальных сразу в двух процедурах и больше: {low}."
        if agreed
        else "Ни об одной школе две процедуры не говорят вместе, что результаты ниже остальных."
    )
    if parted:
        said += f" Процедуры расходятся: {ru.listed([names[org] for org in parted], 6)}."
    return text(said)


def _cell(test: Test, org: str) -> Cell:
    if org not in test.held:
        return Cell(MARKS["no_data"], tone="muted")
    one = test.held[org]
    words, tone = WORDS[test.verdicts[org]]
    return Cell(f"{one.bound(interval=False).text} {words}", key=one.key, sort=one.share.value, tone=tone)


def _low(inputs: Inputs, found: Sequence[Test], org: str, name: str) -> Finding:
    part = [test for test in found if test.verdicts.get(org) == "higher"]
    said: list[str | Run] = [f"{name}: доля участников ниже минимального уровня больше, чем в остальных школах, в "]
    said.append(f"{' и в '.join(dict.fromkeys(ru.procedure(test.procedure) for test in part))}: ")
    for place, test in enumerate(part):
        said += ["; " if place else "", f"{name_of(inputs, test)} — ", test.held[org].bound()]
    return Finding(
        id=f"procedures.{org}",
        kind="risk",
        statement=text(*said, "."),
        strength="интервал 99,8 % в каждой процедуре",
        org_id=org,
        weight=max(_weight(test, org) for test in part),
    )


def _goal(
    inputs: Inputs, found: Sequence[Test], agreed: Iterable[str], names: Mapping[str, str]
) -> tuple[Finding, ...]:
    """The next goal over the school that is furthest from the others: an exam where one differs, since work that a
    school marks itself is no aim."""
    low = [(test, org) for org in agreed for test in found if test.verdicts.get(org) == "higher"]
    if not low:
        return ()
    heaviest = max(low, key=lambda one: _weight(*one))[1]
    own = [one for one in low if one[1] == heaviest]
    test, org = max(own, key=lambda one: (one[0].procedure != "vpr", _weight(*one)))
    mark = ("в сторону значения остальных школ", schools.others(test.held, org).value or 0.0)
    title = f"Ниже минимального уровня ({name_of(inputs, test)}), в организации {names[org]}"
    return (pooled_goal.finding(title, test.held[org], "lower", mark, org),)


def _parted(inputs: Inputs, found: Sequence[Test], org: str, name: str) -> Finding:
    said: list[str | Run] = [f"{name}: процедуры расходятся: "]
    part = [test for test in found if test.verdicts.get(org) in ("higher", "lower")]
    for place, test in enumerate(part):
        word = "больше" if test.verdicts[org] == "higher" else "меньше"
        said += ["; " if place else "", f"{name_of(inputs, test)} — ", test.held[org].bound()]
        said.append(f", {word}, чем в остальных")
    said.append(". Это основание сверить порядок проведения и состав участников, а не вывод о нарушении.")
    return Finding(
        id=f"parted.{org}",
        kind="sign",
        statement=text(*said),
        strength="интервал 99,8 %",
        org_id=org,
        weight=max(_weight(test, org) for test in part) / 2,
    )


def _weight(test: Test, org: str) -> float:
    """The difference from the other schools, less for a smaller school."""
    one, rest = test.held[org].share, schools.others(test.held, org)
    part = math.sqrt(one.n / (one.n + rest.n))
    return weight.of_shares(one.value or 0.0, rest.value or 0.0) * part


def _frame(found: Sequence[Test]) -> pd.DataFrame:
    """One row a school and test: count, the others' share, verdict."""
    return pd.DataFrame(
        [
            {
                "org_id": org,
                "organisation": one.label,
                "procedure": test.procedure,
                "subject": test.subject,
                "numerator": one.share.numerator,
                "denominator": one.share.n,
                "value": one.share.value,
                "others": schools.others(test.held, org).value,
                "verdict": test.verdicts[org],
                "indicators": one.key,
            }
            for test in found
            for org, one in test.held.items()
        ]
    )
