"""Similar schools: by features of their context that are named before any result, and who does better among them.

A school that does better than those in like conditions may have a practice that others can take over; it is proposed
only when nothing in this report asks for its results to be confirmed first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.directions import judgement, schools, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels import context_groups, procedures
from pipeline.directions.panels.context_groups import Conditions
from pipeline.directions.panels.panel import Panel
from pipeline.directions.panels.procedures import Test
from pipeline.directions.schools import Context
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, Paragraphs, Run, TableBlock, Text, text
from pipeline.statistics import comparison
from pipeline.statistics.comparison import Verdict

ROWS_AT_MOST = 30
DOUBTED = ("sign", "risk", "problem")
YEARS_OF_DOUBT = 2
EXAMS = ("oge", "ege")


def panel(inputs: Inputs) -> Panel:
    """Features, groups and verdicts of the report year; findings about schools whose practice is worth a look."""
    found, tests = schools.context(inputs), procedures.tests(inputs)
    if found is None:
        return Panel()
    verdicts = {org: tuple(_verdict(inputs, test, org, near) for test in tests) for org, near in found.near.items()}
    better = [org for org in schools.ordered(found.names) if _better(verdicts.get(org, ()))]
    doubted = doubtful(inputs)
    proposed = [org for org in better if _confirmed(tests, verdicts[org]) and org not in doubted]
    conditions = context_groups.conditions(inputs, found)
    return Panel(
        analysis=(
            _features(inputs, conditions),
            _table(inputs, found, tests, verdicts),
            _practice(len(better) - len(proposed)),
        ),
        findings=tuple(_finding(inputs, found, tests, verdicts[org], org) for org in proposed),
        frames={
            "similar_schools": _frame(conditions, tests, verdicts),
            "context_index": context_groups.frame(conditions),
        },
    )


def _better(verdicts: Sequence[Verdict]) -> bool:
    """Better than the similar ones somewhere and worse nowhere."""
    return "lower" in verdicts and "higher" not in verdicts


def _confirmed(tests: Sequence[Test], verdicts: Sequence[Verdict]) -> bool:
    """By an exam that others mark: a school's own ВПР alone proves no practice."""
    return any(test.procedure in EXAMS and said == "lower" for test, said in zip(tests, verdicts, strict=True))


def _verdict(inputs: Inputs, test: Test, org: str, near: Sequence[str]) -> Verdict:
    """The school against its similar ones together."""
    group = [test.held[other] for other in near if other in test.held]
    if org not in test.held or not group:
        return "insufficient"
    rest = schools.total(group)
    return comparison.verdict(test.held[org].share, rest, least=inputs.compare_from, confidence=judgement.OF_MANY)


def doubtful(inputs: Inputs) -> frozenset[str]:
    """Schools whose results somebody asks to confirm: on an official list lately, or named by the chapter about it."""
    marked = inputs.clean["marked_schools"]
    year = inputs.settings.school_year
    lately = marked[(marked["school_year"] > year - YEARS_OF_DOUBT) & (marked["marker"].fillna(0) > 0)]
    earlier = inputs.earlier[inputs.earlier["direction"] == "objectivity"]
    asked = earlier["kind"].isin(DOUBTED) | earlier["id"].str.contains("school_raised", regex=False)
    return frozenset(lately["org_id"].dropna()) | frozenset(earlier[asked]["org_id"].dropna())


def _features(inputs: Inputs, conditions: Conditions) -> Paragraphs:
    found = conditions.context
    named = [inputs.passports[one].title.lower() for one in found.loadings]
    without = f" Без всех признаков: {ru.number(len(found.incomplete))}." if found.incomplete else ""
    return Paragraphs(
        (
            text(
                f"Похожими названы школы с близкими условиями. Признаки выбраны до взгляда на результаты: "
                f"{'; '.join(named)} (социальный паспорт, {ru.school_year(found.year)} учебный год).{without}"
            ),
            context_groups.index_words(conditions),
            *context_groups.group_words(inputs, conditions),
        )
    )


def _table(
    inputs: Inputs, found: Context, tests: Sequence[Test], verdicts: Mapping[str, Sequence[Verdict]]
) -> TableBlock:
    order = [org for org in schools.ordered(found.names) if org in found.index][:ROWS_AT_MOST]
    alone = sum(not found.near[org] for org in found.near)
    return TableBlock(
        id="similar-schools",
        caption="Школы рядом с похожими по условиям: доля участников ниже минимального уровня",
        heads=(
            Head("Школа", width=2),
            Head("Условия", width=1.3),
            Head("Похожие школы", width=2.6),
            *(Head(ru.capitalised(procedures.name_of(inputs, test))) for test in tests),
        ),
        rows=tuple(
            (
                Cell(found.names[org]),
                Cell(found.word(org), sort=found.index[org]),
                Cell(_group(found, org)),
                *(_cell(verdict, bool(found.near[org])) for verdict in verdicts[org]),
            )
            for org in order
        ),
        source=text(
            "Школы — по алфавиту; похожие — от самых близких. Условия сложнее или благополучнее — дальше "
            f"{ru.number(-found.rules.hard_below, 1)} стандартного отклонения от среднего."
        ),
        statement=_statement(found, verdicts, alone),
        how=(
            text(
                f"Группа — до {ru.number(found.rules.neighbours)} ближайших школ по стандартизованным логитам "
                "признаков, не дальше медианы всех расстояний; при числе меньше "
                f"{ru.number(found.rules.fewest)} группы нет."
            ),
            text(
                "Нагрузки признаков в индексе: "
                + "; ".join(
                    f"{inputs.passports[one].short} {ru.signed(loading, 2)}" for one, loading in found.loadings.items()
                )
            ),
            *context_groups.how(found),
        ),
        legend=procedures.LEGEND[1:] + ("▼ больше, ▲ меньше, чем в похожих школах вместе (интервал разности 99,8 %)",),
        data=f"data/{inputs.direction.number}_similar_schools.csv",
        wide=len(tests) > 2,
    )


def _statement(found: Context, verdicts: Mapping[str, Sequence[Verdict]], alone: int) -> Text:
    apart = [org for org, said in verdicts.items() if {"higher", "lower"} & set(said)]
    words = (
        "Отличий от похожих школ больше погрешности нет."
        if not apart
        else f"Отличаются от похожих: {ru.counted(len(apart), 'школа', 'школы', 'школ')} из {ru.number(len(verdicts))}."
    )
    return text(words + (f" Похожих школ нет у {ru.number(alone)}: сравнивать их не с кем." if alone else ""))


def _group(found: Context, org: str) -> str:
    near = found.near[org]
    return "; ".join(schools.short(found.names[other]) for other in near) if near else "нет близких"


def _cell(verdict: Verdict, near: bool) -> Cell:
    if not near:
        return Cell(MARKS["not_applicable"], tone="muted")
    words, tone = procedures.WORDS[verdict]
    return Cell(words, tone=tone)


def _practice(left_out: int) -> Paragraphs:
    said = (
        "Если школа работает лучше похожих, это повод узнать, как устроена её работа, прежде чем предлагать другим. "
        "Отличие может объясняться и тем, чего в признаках нет: составом класса этого года, отбором при приёме, сменой "
        "учителя, порядком проведения работы."
    )
    if left_out:
        said += (
            " Практика предлагается, только если её подтверждает экзамен и нет повода перепроверить результаты: не "
            f"предложено школ — {ru.number(left_out)}."
        )
    return Paragraphs((text(said),))


def _finding(inputs: Inputs, found: Context, tests: Sequence[Test], verdicts: Sequence[Verdict], org: str) -> Finding:
    part = [test for test, verdict in zip(tests, verdicts, strict=True) if verdict == "lower"]
    near = [found.names[other] for other in found.near[org]]
    said: list[str | Run] = [f"{found.names[org]}: при похожих условиях участников ниже минимального уровня меньше: "]
    for place, test in enumerate(part):
        said += ["; " if place else "", f"{procedures.name_of(inputs, test)} — ", test.held[org].bound()]
    said.append(f". Узнать, как устроена работа, могут похожие школы: {ru.listed(near, 5)}.")
    heaviest = max(
        weight.of_shares(
            test.held[org].share.value or 0.0,
            schools.total(test.held[other] for other in found.near[org] if other in test.held).value or 0.0,
        )
        * (test.held[org].share.n / schools.total(test.held.values()).n) ** 0.5
        for test in part
    )
    return Finding(
        id=f"practice.{org}",
        kind="strength",
        statement=text(*said),
        strength="интервал 99,8 % рядом с похожими школами",
        org_id=org,
        weight=float(heaviest),
    )


def _frame(conditions: Conditions, tests: Sequence[Test], verdicts: Mapping[str, Sequence[Verdict]]) -> pd.DataFrame:
    """One row a school: index, stable group (1 the hardest; empty where there is none), similar schools, verdicts."""
    found, labels = conditions.context, conditions.labels
    return pd.DataFrame(
        [
            {
                "org_id": org,
                "organisation": found.names[org],
                "index": found.index[org],
                "conditions": found.word(org),
                "group": labels.get(org),
                "similar": ";".join(found.near[org]),
                **{f"{test.procedure}_{test.subject}": said for test, said in zip(tests, verdicts[org], strict=True)},
            }
            for org in schools.ordered(found.names)
            if org in found.index
        ]
    )
