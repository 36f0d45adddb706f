"""Words for what schools add between two external exams: the same sentences under charts, tables and in findings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pipeline.directions.added_means import Step
from pipeline.directions.chapter import Inputs
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Text, Tone, text
from pipeline.statistics.shrinkage_scores import Group
from pipeline.statistics.summary_effects import combine
from pipeline.statistics.value_added import ABOVE, BELOW, LITTLE, School, order_uncertainty

Schools = Mapping[str, School]
FEWEST_ORDERED = 5  # of fewer schools an order is nobody's question
TONES: Mapping[str, Tone] = {ABOVE: "better", BELOW: "worse"}
CAUTION = (
    "Источник не следит за учениками: за эти годы часть из них сменила школу, и больше всего там, где принимают по "
    "результатам. Отличие от ожидаемого — повод разобраться, а не заслуга или вина школы, и не работа одного учителя."
)
HOW = (
    "Ожидаемый результат — по линии, проведённой через все школы, у которых есть оба экзамена (от полусотни школ линия "
    "может изгибаться). Разность сжата к нулю тем сильнее, чем меньше школа (эмпирический байесовский интервал 95 %). "
    "Случайный разброс взят таким, будто ученики другие: для тех же самых он меньше, и слов могло бы быть больше. "
    "Школы, где участников стало вдвое меньше или вдвое больше, не судятся."
)


def stem(step: Step) -> str:
    return f"external_added_{step.grades[0]}_{step.grades[1]}"


def title(step: Step) -> str:
    return f"От {step.before[0]} к{ru.NBSP}{step.after[0]}{ru.NBSP}классу"


def cohort(step: Step) -> str:
    first, last = (f"{grade}{ru.NBSP}класс {year} года" for grade, year in (step.before, step.after))
    return f"{first} и {last} тех же школ"


def subject(inputs: Inputs, step: Step) -> str:
    known = inputs.subjects.subjects.get(step.subject)
    return ru.capitalised(known.short if known else step.subject)


def decimals(step: Step) -> int:
    """Decimals of a difference: marks have two, points one."""
    return 2 if step.marks else 1


def difference(step: Step, one: School) -> str:
    places = decimals(step)
    return f"{ru.signed(one.group.effect, places)} {ru.bounds(one.lower, one.upper, places)}"


def counted(apart: Sequence[Step], judged: Mapping[str, Schools]) -> str:
    words = [one.word for step in apart for one in judged[step.subject].values()]
    above, below = words.count(ABOVE), words.count(BELOW)
    if not above + below:
        return "отличий от ожидаемого больше погрешности нет"
    differ = ru.counted(above + below, "результат", "результата", "результатов")
    verb = ru.plural(above + below, "отличается", "отличаются", "отличаются")
    return f"от ожидаемого {verb} {differ} из {ru.number(len(words))}"


def statement(inputs: Inputs, part: Sequence[Step], judged: Mapping[str, Schools]) -> Text:
    told = [f"{title(part[0])}, {cohort(part[0])}."]
    told += [_said(inputs, step, judged[step.subject]) for step in part]
    return text(
        " ".join(told) + _order([judged[step.subject] for step in part if step.added.model.state == "estimated"])
    )


def _said(inputs: Inputs, step: Step, own: Schools) -> str:
    name, model = subject(inputs, step), step.added.model
    if model.state == "insufficient":
        return f"{name}: судить нельзя — {model.reason}."
    if not own:
        return f"{name}: в муниципалитете нет школ с обоими экзаменами и достаточным числом участников."
    if model.state == "no_difference":
        return (
            f"{name}: по {ru.counted(step.schools, 'школе', 'школам', 'школам')} отличия от ожидаемого не больше, чем "
            "случайные: прежний результат школы предсказывает следующий."
        )
    rough = f"; {model.warning}" if model.warning else ""
    words = [one.word for one in own.values()]
    if len(words) == 1:
        return f"{name}: результат единственной школы с обоими экзаменами — {words[0]}."
    told = [f"у {ru.number(words.count(word))} {word}" for word in (ABOVE, BELOW) if word in words]
    rest = len(words) - words.count(ABOVE) - words.count(BELOW)
    told += [f"у {ru.number(rest)} в пределах ожидаемого"] if rest else []
    return f"{name}: школ {ru.number(len(words))}, {'; '.join(told)}{_together(step, own)}{rough}."


def _together(step: Step, own: Schools) -> str:
    """How far all schools of the municipality lie from the line of the country together."""
    if len(own) < FEWEST_ORDERED or len(own) > step.schools / 2:
        return ""
    groups = [one.group for one in own.values()]
    error = [chance(step, group) ** 0.5 for group in groups]
    found = combine([group.residual for group in groups], error)
    if found.lower <= 0 <= found.upper:
        return "; все вместе — как по стране"
    places = decimals(step)
    word = "выше" if found.mean > 0 else "ниже"
    low, high = sorted((abs(found.lower), abs(found.upper)))
    return f"; все вместе {word} линии страны на {ru.number(abs(found.mean), places)} {ru.bounds(low, high, places)}"


def chance(step: Step, group: Group) -> float:
    """The variance that chance gives the result of a school: from the part of its difference that was kept."""
    tau2 = step.added.model.tau2
    return tau2 * (group.residual / group.effect - 1) if group.effect else math.inf


def _order(judged: Sequence[Schools]) -> str:
    """Why no order of schools is printed."""
    own = max(judged, key=len, default={})
    if len(own) < FEWEST_ORDERED:
        return ""
    width = max(order_uncertainty([one.group for one in part.values()]) for part in judged if part)
    places = ru.counted(round(width), "места", "мест", "мест")
    return f" Порядок школ определён этими данными с точностью до {places} из {ru.number(len(own))}, поэтому его нет."


def line(inputs: Inputs, step: Step) -> str:
    found = step.added.model
    known = f"школ с обоими экзаменами {ru.number(step.schools)} из {ru.number(step.later)}"
    if found.state == "insufficient":
        return f"{subject(inputs, step)}: {known}."
    return (
        f"{subject(inputs, step)}: {known}; различие школ сверх случайного — стандартное отклонение "
        f"{ru.number(math.sqrt(found.tau2), decimals(step))}."
    )


def judged_schools(inputs: Inputs, step: Step) -> dict[str, School]:
    """Own schools that are judged, the largest first."""
    least = inputs.compare_from
    own = step.table[step.table["own"]].sort_values(["n_after", "org_id"], ascending=[False, True])
    large = own[own[["n_before", "n_after"]].min(axis=1) >= least]["org_id"]
    by_name = {school.group.name: school for school in step.added.schools}
    return {org: by_name[org] for org in large if org in by_name and by_name[org].word != LITTLE}
