"""ОГЭ beside what ВПР of class 8 and the conditions of a school let expect: a figure where a school differs, else a
sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.directions import added_exam, schools
from pipeline.directions.added_exam import Exam, Judged
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels import similar_schools
from pipeline.directions.panels.marks import wrapped
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import added
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, FigureBlock, Paragraphs, Text, Tone, text
from pipeline.statistics.value_added import ABOVE, BELOW, order_uncertainty

TONES: Mapping[str, Tone] = {ABOVE: "better", BELOW: "worse"}
STEM = "exam_added"
FEWEST_ORDERED = 5
LINES_AT_MOST = 30
HOW = (
    "Доля «4» и «5» на ОГЭ школы по доле «4» и «5» её же ВПР 8 класса год назад и по индексу условий, если он есть у "
    "всех: регрессия логитов со случайным вкладом школы; ошибка прежнего результата учтена. Отличие сжато к нулю тем "
    "сильнее, чем меньше школа (эмпирический байесовский интервал 95 %)."
)
CAUTION = "Состав выпуска за год мог измениться, и ВПР мог быть завышен: это повод разобраться, а не оценка работы."


def panel(inputs: Inputs) -> Panel:
    """Nothing without both exams of the same schools."""
    doubted = similar_schools.doubtful(inputs)
    found = added_exam.exams(inputs, schools.context(inputs), doubted)
    if not found:
        return Panel()
    names = {org: later.label for exam in found for org, (later, _) in exam.held.items()}
    said = _statement(inputs, found, sum(org in doubted for org in names))
    differ = any(one.school.word in TONES for exam in found for one in exam.judged.values())
    block: Block = _figure(inputs, found, names, said) if differ else Paragraphs((said,))
    return Panel(analysis=(block,), frames={STEM: _frame(found, names)})


def _figure(inputs: Inputs, found: Sequence[Exam], names: Mapping[str, str], said: Text) -> FigureBlock:
    drawn = [exam for exam in found if exam.judged]
    words = [one.school.word for exam in drawn for one in exam.judged.values()]
    apart = sum(word in TONES for word in words)
    year = inputs.settings.school_year
    return FigureBlock(
        id=STEM.replace("_", "-"),
        title=f"ОГЭ рядом с ожидаемым по ВПР 8{ru.NBSP}класса: отличается "
        f"{ru.counted(apart, 'результат', 'результата', 'результатов')} из {ru.number(len(words))}",
        subtitle=f"Доля «4» и «5», 9{ru.NBSP}класс {year} года и ВПР 8{ru.NBSP}класса {year - 1} года тех же школ",
        alt="; ".join(
            f"{_subject(inputs, exam)}: {names[org]} {ru.points(one.difference)}"
            for exam in drawn
            for org, one in list(exam.judged.items())[:LINES_AT_MOST]
        )
        + ".",
        svg=added.intervals(STEM, _lines(inputs, drawn, names), "Отличие от ожидаемого, п. п."),
        source=text("Протоколы ОГЭ, выгрузки ВПР, социальный паспорт; школы — по алфавиту."),
        statement=said,
        how=(text(HOW),),
        data=f"data/{inputs.direction.number}_{STEM}.csv",
    )


def _subject(inputs: Inputs, exam: Exam) -> str:
    return ru.capitalised(inputs.subjects.subjects[exam.subject].short)


def _statement(inputs: Inputs, found: Sequence[Exam], doubted: int) -> Text:
    """What the subjects together allow to say of the same schools a year later."""
    told = [f"ОГЭ школ рядом с тем, чего дают ожидать их ВПР 8{ru.NBSP}класса год назад{_conditions(found)}."]
    told += [_said(inputs, exam) for exam in found]
    width = max((_width(exam) for exam in found), default=0.0)
    if width >= 1:
        told.append(f"Места школ эти данные определяют с точностью до {ru.number(round(width))}: порядка у них нет.")
    if doubted:
        count = ru.counted(doubted, "школа", "школы", "школ")
        told.append(f"Не судятся: {count}, где результаты просят перепроверить.")
    return text(" ".join([*told, CAUTION]))


def _conditions(found: Sequence[Exam]) -> str:
    return " и условия" if all(exam.conditions for exam in found) else ""


def _said(inputs: Inputs, exam: Exam) -> str:
    model, name = exam.added.model, _subject(inputs, exam)
    if model.state == "insufficient":
        return f"{name}: судить нельзя — {model.reason}."
    rough = f"; {model.warning}" if model.warning else ""
    if model.state == "no_difference":
        return f"{name}: {ru.counted(len(exam.judged), 'школа', 'школы', 'школ')}, отличия не больше случайных{rough}."
    words = [one.school.word for one in exam.judged.values()]
    told = [f"у {ru.number(words.count(word))} {word}" for word in (ABOVE, BELOW) if word in words]
    rest = len(words) - words.count(ABOVE) - words.count(BELOW)
    told += [f"у {ru.number(rest)} в пределах ожидаемого"] if rest else []
    return f"{name}: {'; '.join(told)}{rough}."


def _width(exam: Exam) -> float:
    groups = [one.school.group for one in exam.judged.values()]
    estimated = exam.added.model.state == "estimated" and len(groups) >= FEWEST_ORDERED
    return order_uncertainty(groups) if estimated else 0.0


def _lines(inputs: Inputs, drawn: Sequence[Exam], names: Mapping[str, str]) -> pd.DataFrame:
    order = schools.ordered({org: names[org] for exam in drawn for org in exam.judged})[:LINES_AT_MOST]
    return pd.DataFrame(
        [
            {
                "panel": _subject(inputs, exam),
                "label": wrapped(names[org]),
                "value": 100 * exam.judged[org].difference,
                "lower": 100 * exam.judged[org].lower,
                "upper": 100 * exam.judged[org].upper,
                "tone": TONES.get(exam.judged[org].school.word, "same"),
            }
            for exam in drawn
            for org in order
            if org in exam.judged
        ]
    )


def _frame(found: Sequence[Exam], names: Mapping[str, str]) -> pd.DataFrame:
    """One row a subject and school with both exams; bounds are empty where a school is not judged."""
    rows = []
    for exam in found:
        for org, (later, earlier) in exam.held.items():
            one = exam.judged.get(org)
            rows.append(
                {
                    "org_id": org,
                    "organisation": names[org],
                    "subject": exam.subject,
                    "later_numerator": later.share.numerator,
                    "later_n": later.share.n,
                    "earlier_numerator": earlier.share.numerator,
                    "earlier_n": earlier.share.n,
                    **_measures(one),
                    "indicators": ";".join((later.key, earlier.key)),
                }
            )
    return pd.DataFrame(rows)


def _measures(one: Judged | None) -> dict[str, object]:
    if one is None:
        return dict.fromkeys(("expected", "difference", "lower", "upper", "word"))
    ends = {"expected": one.expected, "difference": one.difference, "lower": one.lower, "upper": one.upper}
    return {**ends, "word": one.school.word}
