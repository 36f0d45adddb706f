"""Answers of the collection form that contradict one another: told as remarks before anybody reads a number.

A numerator above its denominator, or a level outside its scale, is left out of every indicator; here is said of whom
and in which file. The check of one sheet alone (`at_most`) is the form reader's; these also see across sheets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.errors import Place
from pipeline.indicators.context import Context, Scope, build_scope
from pipeline.indicators.form_answers import Answer, answers_to
from pipeline.indicators.form_sources import FormLevels, FormRate, FormShare
from pipeline.indicators.passport import Passport

ADVICE = "сверьте ячейки с организацией и исправьте форму; пока они не исправлены, организация в показатель не входит."


@dataclass(frozen=True)
class FormFault:
    """One contradiction: the organisation and year, the indicators that lack them, what is wrong and where."""

    code: str
    indicators: tuple[str, ...]
    org_id: str
    school_year: int
    message: str
    place: Place
    advice: str = ADVICE


def form_faults(
    given: Mapping[str, pd.DataFrame], passports: Sequence[Passport], context: Context
) -> tuple[FormFault, ...]:
    """Contradictions in the territory's own rows, each said once, in order of file and row."""
    scope = build_scope(given, context)
    found: dict[tuple[str, ...], list[tuple[str, FormFault]]] = {}
    for passport in passports:
        for source in passport.sources:
            if isinstance(source, FormShare | FormRate | FormLevels):
                for fault in _faults(source, passport, scope):
                    key = (fault.message, str(fault.place), fault.org_id, str(fault.school_year))
                    found.setdefault(key, []).append((passport.id, fault))
    merged = [_merged([fault for _, fault in same]) for same in found.values()]
    return tuple(sorted(merged, key=lambda fault: (fault.place.file or "", str(fault.place), fault.message)))


def _merged(same: Sequence[FormFault]) -> FormFault:
    first = same[0]
    names = tuple(dict.fromkeys(name for fault in same for name in fault.indicators))
    return FormFault(first.code, names, first.org_id, first.school_year, first.message, first.place, first.advice)


def _faults(source: FormShare | FormRate | FormLevels, passport: Passport, scope: Scope) -> list[FormFault]:
    wrong = (answer for answer in answers_to(source, scope) if answer.said == "contradictory")
    return [_fault(source, passport, answer) for answer in wrong]


def _fault(source: FormShare | FormRate | FormLevels, passport: Passport, answer: Answer) -> FormFault:
    scale = isinstance(source, FormLevels)
    wrong = "уровень вне шкалы" if scale else f"в числителе больше, чем в знаменателе ({_amounts(answer)})"
    file, sheet, row = answer.places[0]
    return FormFault(
        code="form_level_out_of_scale" if scale else "form_numerator_above_denominator",
        indicators=(passport.id,),
        org_id=answer.org_id,
        school_year=answer.school_year,
        message=f"Показатель «{passport.short}»: {wrong}.",
        place=Place(file, sheet or None, f"строка {row}"),
    )


def _amounts(answer: Answer) -> str:
    return f"{answer.over:g} и {answer.under:g}".replace(".", ",")
