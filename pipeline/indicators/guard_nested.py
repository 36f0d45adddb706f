"""Harm that a passport alone does not show: it lies in the questions it sums, or in the indicator it is made from.

levels     ordinal levels added up or averaged, also over the breakdowns of one question
averages   percents, indices and means that organisations typed, summed or divided
means      a mean of scores that an organisation typed
vpr        ВПР behind a code of its own, or behind a derived indicator
ranks      a place or rating that an organisation typed
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.indicators import guard_words
from pipeline.indicators.form_sources import FORM, Form, FormLevels, FormOrganisations, FormReached, named_cells
from pipeline.indicators.guard import OF_PEOPLE, vpr_misused
from pipeline.indicators.sources import TasksBelow

if TYPE_CHECKING:
    from pipeline.indicators.passport import Passport

Key = tuple[str, str]  # table, item
UNITS_OF_SCORES = {"points", "mark", "marks", "score"}
UNITS_OF_PORTIONS = {"percent", "share", "index", "ratio"}


@dataclass(frozen=True)
class Question:
    """One item of the collection form as the guard needs it; `groups`: code of a breakdown → its title."""

    title: str
    kind: str
    unit: str
    groups: Mapping[str, str]


Questions = Mapping[Key, Question]


def nested_harm(passport: Passport, questions: Questions, known: Mapping[str, Passport]) -> str:
    """Why the passport is refused, in words; empty when it does no harm. `known`: all declared passports."""
    levels = {key for key, question in questions.items() if question.kind == "level"}
    for source in passport.sources:
        if isinstance(source, TasksBelow) and (reason := _derived(passport, known[source.indicator])):
            return reason
        if isinstance(source, FORM) and (reason := _asked(passport, source, questions) or _levels(source, levels)):
            return reason
    return ""


def act_harm(passport: Passport, direction: str, words: str) -> str:
    """Why no recommendation of a direction may rest on the indicator; `words`: what is to be done and its evidence.

    A head may be asked to look into the marks of the school; nobody is judged, certified or paid by them.
    """
    if not {"heads", "teachers", "pay"} <= set(passport.forbidden):
        return ""
    if direction in OF_PEOPLE:
        return f"по показателю «{passport.id}» не судят о руководителях и педагогах"
    judged = guard_words.found_in(guard_words.PAY, words) or guard_words.found_in(guard_words.JUDGED, words)
    return f"по показателю «{passport.id}» не судят о людях и не платят («{judged}»)" if judged else ""


def _derived(passport: Passport, origin: Passport) -> str:
    """What is made from an indicator inherits what that one must not be used for."""
    if lost := [use for use in origin.forbidden if use not in passport.forbidden]:
        return f"показатель сделан из «{origin.id}» и должен запрещать то же: {', '.join(lost)} (forbidden)"
    if origin.publication != "usual" and passport.publication == "usual":
        return f"показатель сделан из «{origin.id}» и не может печататься свободнее его (publication)"
    return ""


def _asked(passport: Passport, source: Form, questions: Questions) -> str:
    """What the wording and the unit of a question tell of its answers."""
    for table, item, groups in source.asked:
        question = questions.get((table, item))
        if question is None or _listed(source, item):
            continue
        words = "\n".join((question.title, *(question.groups.get(group, "") for group in groups)))
        if reason := _worded(passport, source, question, words):
            return reason
    return ""


def _worded(passport: Passport, source: Form, question: Question, words: str) -> str:
    if guard_words.VPR.search(words) and (reason := vpr_misused(passport)):
        return reason
    if word := guard_words.found_in(guard_words.RATING, words):
        return f"рейтинги и места не составляются («{word}» в вопросе формы «{question.title}»)"
    if not _amount(question):
        return ""
    if guard_words.MEAN.search(words) or question.unit in UNITS_OF_SCORES:
        return f"средний балл запрещён: его спрашивает вопрос формы «{question.title}»"
    added = not isinstance(source, (FormReached, FormOrganisations, FormLevels))
    if added and (guard_words.PORTION.search(words) or question.unit in UNITS_OF_PORTIONS):
        return f"проценты и доли не складывают и не усредняют (вопрос «{question.title}»): спросите числа, а не доли"
    return ""


def _amount(question: Question) -> bool:
    return question.kind in ("count", "number")


def _levels(source: Form, levels: Set[Key]) -> str:
    """A level may be shown by levels, or counted from a level up."""
    asked = [item for table, item, _ in source.asked if (table, item) in levels and not _listed(source, item)]
    if not asked or isinstance(source, FormLevels):
        return ""
    if not isinstance(source, (FormReached, FormOrganisations)):
        return f"уровни «{asked[0]}» порядковые: их не складывают и не усредняют, нужен источник form_levels"
    cells = 1 if source.each_group else len(named_cells(source.items, source.groups))
    if len(source.items) > 1 or cells > 1:
        return f"уровни «{asked[0]}» порядковые: их не складывают, условие ставится на один показатель и один разрез"
    return ""


def _listed(source: object, item: str) -> bool:
    """Named as a list of organisations, not as a value."""
    return any(getattr(getattr(source, name, None), "item", None) == item for name in ("among", "listed"))
