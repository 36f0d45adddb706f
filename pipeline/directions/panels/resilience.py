"""Schools that hold out: hard conditions, and results that are not lower than elsewhere.

«Not lower» within the error is not «as good»: only an exam that others mark is called so, where it is better than
elsewhere or better than the school's earlier results and conditions let expect (value added).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.directions import added_exam, listed, schools, weight
from pipeline.directions.added_exam import Exam
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels import procedures, similar_schools
from pipeline.directions.panels.panel import Panel
from pipeline.directions.panels.procedures import Test
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, Run, TableBlock, text
from pipeline.statistics.comparison import Verdict
from pipeline.statistics.value_added import ABOVE, BELOW

ROWS_AT_MOST = 30
LOWER, HOLDS, BETTER, UNKNOWN = "результаты ниже", "не отличаются", "лучше остальных", "мало данных"
ADDS, ADDS_ALONE = "прибавка выше ожидаемой", "результаты ниже, прибавка выше ожидаемой"
RESILIENT = (BETTER, ADDS)
UNJUDGED = (f"{MARKS['not_applicable']} — мало участников, нет ВПР 8 класса или её результаты просят перепроверить",)
EXPECTED = " ОГЭ к ожидаемому — доля «4» и «5» по ВПР 8 класса год назад и условиям (интервал 95 %, глава 11)."


def panel(inputs: Inputs) -> Panel:
    """The table of schools in hard conditions by the index or the official list, test by test."""
    context, tests = schools.context(inputs), procedures.tests(inputs)
    official = listed.on(inputs, listed.HARD, inputs.settings.school_year)
    by_index = {org for org in context.index if context.hard(org)} if context else set()
    names = listed.names(inputs)
    order = schools.ordered({org: names[org] for org in official | by_index if org in names})
    if not order or not tests or inputs.settings.edition != "internal":
        return Panel()
    doubted = similar_schools.doubtful(inputs)
    exams = added_exam.exams(inputs, context, doubted)
    words = {
        org: _with_added(_word([test.verdicts.get(org) for test in tests], tests, org in doubted), _added(exams, org))
        for org in order
    }
    table = TableBlock(
        id="resilience",
        caption="Школы в сложных условиях: результаты рядом с остальными школами, "
        f"{ru.school_year(inputs.settings.school_year)} учебный год",
        heads=(
            Head("Школа", width=1.6),
            Head("Почему условия сложные", width=1.3),
            *(Head(ru.capitalised(procedures.name_of(inputs, test))) for test in tests),
            *((Head("ОГЭ к ожидаемому", width=1.2),) if exams else ()),
            Head("Вывод", width=1.1),
        ),
        rows=tuple(
            (
                Cell(names[org]),
                Cell(" и ".join(word for word, on in (("перечень", official), ("индекс", by_index)) if org in on)),
                *(_cell(test, org) for test in tests),
                *((_added_cell(inputs, exams, org),) if exams else ()),
                Cell(words[org]),
            )
            for org in order[:ROWS_AT_MOST]
        ),
        source=text("Доля участников ниже минимального уровня; школы — по алфавиту." + (EXPECTED if exams else "")),
        statement=_statement(words, names),
        legend=(*procedures.LEGEND, f"{MARKS['no_data']} — данных нет", *(UNJUDGED if exams else ())),
        data=f"data/{inputs.direction.number}_resilience.csv",
        wide=len(tests) > 4,
    )
    found = [_finding(inputs, org, names[org], tests) for org in order if words[org] == BETTER]
    found += [_adds(inputs, org, names[org], exams) for org in order if words[org] == ADDS]
    return Panel(analysis=(table,), findings=tuple(found), frames={"resilience": _frame(order, names, tests, words)})


def _word(verdicts: Sequence[Verdict | None], tests: Sequence[Test], doubted: bool) -> str:
    known = [verdict for verdict in verdicts if verdict not in (None, "insufficient")]
    if not known:
        return UNKNOWN
    if "higher" in known:
        return LOWER
    exam = any(
        test.procedure in similar_schools.EXAMS and verdict == "lower"
        for test, verdict in zip(tests, verdicts, strict=True)
    )
    return BETTER if exam and not doubted else HOLDS


def _with_added(word: str, added: Sequence[str]) -> str:
    """What the school adds changes the conclusion only where it is above in one subject and below in none."""
    if ABOVE not in added or BELOW in added or word == BETTER:
        return word
    return ADDS_ALONE if word == LOWER else ADDS


def _added(exams: Sequence[Exam], org: str) -> list[str]:
    return [exam.judged[org].school.word for exam in exams if org in exam.judged]


def _added_cell(inputs: Inputs, exams: Sequence[Exam], org: str) -> Cell:
    """The words by subject; one word where they agree."""
    if not any(org in exam.judged for exam in exams):
        return Cell(MARKS["not_applicable"], tone="muted")
    words = {_short(inputs, exam): exam.judged[org].school.word for exam in exams if org in exam.judged}
    if len(set(words.values())) == 1:
        return Cell(next(iter(words.values())))
    return Cell("; ".join(f"{name} {word}" for name, word in words.items()))


def _short(inputs: Inputs, exam: Exam) -> str:
    return inputs.subjects.subjects[exam.subject].short


def _adds(inputs: Inputs, org: str, name: str, exams: Sequence[Exam]) -> Finding:
    part = [exam for exam in exams if org in exam.judged and exam.judged[org].school.word == ABOVE]
    said: list[str | Run] = [f"{name}: условия сложные, а на ОГЭ «4» и «5» больше, чем дают ожидать ВПР 8 класса и "]
    said.append("условия: ")
    for place, exam in enumerate(part):
        later, _ = exam.held[org]
        said += ["; " if place else "", f"{_short(inputs, exam)} — ", later.bound()]
        said.append(f", ожидалось {ru.percent(exam.judged[org].expected, later.share.n)}")
    return Finding(
        id=f"resilience.{org}",
        kind="strength",
        statement=text(*said, "."),
        strength="байесовский интервал 95 %",
        org_id=org,
        weight=weight.GAP,
    )


def _cell(test: Test, org: str) -> Cell:
    if org not in test.held:
        return Cell(MARKS["no_data"], tone="muted")
    words, tone = procedures.WORDS[test.verdicts[org]]
    one = test.held[org]
    return Cell(f"{one.bound(interval=False).text} {words}", key=one.key, sort=one.share.value, tone=tone)


def _statement(words: Mapping[str, str], names: Mapping[str, str]) -> tuple[Run, ...]:
    better = [names[org] for org, word in words.items() if word in RESILIENT]
    holds = [names[org] for org, word in words.items() if word == HOLDS]
    said = (
        f"Резильентные школы (условия сложные, экзамены лучше остальных или ожидаемого): {ru.listed(better, 6)}."
        if better
        else "Школ, о которых доказано, что при сложных условиях результаты лучше, нет."
    )
    if holds:
        said += (
            f" Не отличаются от остальных: {ru.listed(holds, 6)} — при малом числе учеников это ещё не значит, что "
            "результаты такие же."
        )
    return text(said)


def _finding(inputs: Inputs, org: str, name: str, tests: Sequence[Test]) -> Finding:
    part = [test for test in tests if test.verdicts.get(org) == "lower"]
    said: list[str | Run] = [
        f"{name}: условия сложные, а участников ниже минимального уровня меньше, чем в остальных: "
    ]
    for place, test in enumerate(part):
        said += ["; " if place else "", f"{procedures.name_of(inputs, test)} — ", test.held[org].bound()]
    return Finding(
        id=f"resilience.{org}",
        kind="strength",
        statement=text(*said, "."),
        strength="интервал 99,8 %",
        org_id=org,
        weight=weight.GAP,
    )


def _frame(
    order: Sequence[str], names: Mapping[str, str], tests: Sequence[Test], words: Mapping[str, str]
) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "org_id": org,
                "organisation": names[org],
                **{f"{test.procedure}_{test.subject}": test.verdicts.get(org) for test in tests},
                "conclusion": words[org],
            }
            for org in order
        ]
    )
