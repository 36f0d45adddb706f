"""Values from tables of items of the collection form: shares, rates, sums, levels, numbers of organisations."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import pandas as pd

from pipeline.indicators.cells import cells, nothing
from pipeline.indicators.context import Scope
from pipeline.indicators.form_answers import Answer, answers_to
from pipeline.indicators.form_sources import (
    Form,
    FormCount,
    FormLevels,
    FormOrganisations,
    FormRate,
    FormReached,
    FormShare,
)
from pipeline.indicators.gaps import CONTRADICTORY, NOT_ANSWERED

Record = dict[str, Any]
Summary = Callable[[Sequence[Answer], str], list[Record]]


def form_values(source: Form, scope: Scope, levels: Sequence[str]) -> pd.DataFrame:
    """Cells of one source over a table of items."""
    answers = answers_to(source, scope)
    summarise = _summary(source)
    records: list[Record] = []
    for level in levels:
        if level in source.levels:
            for (year, group, category), behind in _gathered(answers, level, scope).items():
                label = scope.group_label(level, group)
                place = {"school_year": year, "level": level, "group": group, "group_label": label}
                made = summarise(behind, level)
                records += [{**place, "category": category, "inputs": _inputs(behind), **one} for one in made]
    return cells(pd.DataFrame(records)) if records else nothing()


def _gathered(answers: Iterable[Answer], level: str, scope: Scope) -> dict[tuple[int, str, str], list[Answer]]:
    """Answers behind each value of a level."""
    found: dict[tuple[int, str, str], list[Answer]] = {}
    for answer in answers:
        if level == "organisation" and not answer.places:
            continue  # it sent the form without this sheet: missing in the total, no row of its own
        group = answer.org_id if level == "organisation" else scope.context.territory
        found.setdefault((answer.school_year, group, answer.category), []).append(answer)
    return found


def _inputs(answers: Sequence[Answer]) -> str:
    """Files, sheets, rows, organisations; with the first, how many answers are missing or contradictory."""
    behind: dict[tuple[str, str], tuple[set[int], set[str]]] = {}
    answered = [answer for answer in answers if answer.said == "answered"] or answers
    for answer in answered:
        for file, sheet, row in answer.places:
            rows, organisations = behind.setdefault((file, sheet), (set(), set()))
            rows.add(row)
            organisations.add(answer.org_id)
    entries: list[Record] = [
        {"file": file, "sheet": sheet, "rows": len(rows), "first_row": min(rows), "organisations": len(organisations)}
        for (file, sheet), (rows, organisations) in sorted(behind.items())
    ]
    gaps = {NOT_ANSWERED: _said(answers, "blank"), CONTRADICTORY: _said(answers, "contradictory")}
    entries[0] |= {name: number for name, number in gaps.items() if number}
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":"))


def _said(answers: Iterable[Answer], kind: str) -> int:
    return sum(answer.said == kind for answer in answers)


def _summary(source: Form) -> Summary:
    """How answers of organisations become values of one level."""
    match source:
        case FormShare():
            return partial(_part, per=1.0)
        case FormRate():
            return partial(_part, per=float(source.per))
        case FormCount():
            return _total
        case FormLevels():
            return partial(_at_levels, scale=source.scale)
        case FormReached():
            return partial(_reached, at_least=source.at_least)
        case FormOrganisations():
            return partial(_number, at_least=1.0 if source.change else source.at_least)


def _status(answers: Sequence[Answer]) -> str:
    """ok when somebody answered; no data when answers are missing; not applicable where it was not held."""
    if any(answer.said == "answered" for answer in answers):
        return "ok"
    return "not_applicable" if all(answer.said == "not_held" for answer in answers) else "no_data"


def _empty(answers: Sequence[Answer]) -> Record:
    """No value: everybody answered and there is nobody to speak of, or a part is missing."""
    whole = all(answer.said in ("answered", "not_held") for answer in answers)
    return {"value": None, "status": "not_applicable" if whole else "no_data"}


def _part(answers: Sequence[Answer], level: str, per: float) -> list[Record]:
    answered = [answer for answer in answers if answer.said == "answered"]
    over = math.fsum(answer.over or 0.0 for answer in answered)
    under = math.fsum(answer.under or 0.0 for answer in answered)
    if under <= 0:
        return [_empty(answers)]
    sums = {"numerator": over, "denominator": under, "n": _people(under), "numerator_basis": "counted"}
    return [{"value": over / under * per, "status": "ok", **sums}]


def _total(answers: Sequence[Answer], level: str) -> list[Record]:
    """A total lacks nothing: one blank cell leaves it missing."""
    return [_whole(answers, lambda answer: answer.over or 0.0)]


def _number(answers: Sequence[Answer], level: str, at_least: float) -> list[Record]:
    return [_whole(answers, lambda answer: float((answer.over or 0.0) >= at_least))]


def _whole(answers: Sequence[Answer], amount: Callable[[Answer], float]) -> Record:
    answered = [answer for answer in answers if answer.said == "answered"]
    if not answered or _said(answers, "blank"):
        return _empty(answers)
    total = math.fsum(map(amount, answered))
    return {"value": total, "status": "ok", "n": _people(total)}


def _people(number: float) -> int | None:
    """A whole number as such; hours and the like are no number of participants."""
    return int(number) if number.is_integer() else None


def _reached(answers: Sequence[Answer], level: str, at_least: float) -> list[Record]:
    """Of organisations together a share; of one organisation a fact, 1 or 0, without an interval."""
    answered = [answer for answer in answers if answer.said == "answered"]
    hits = sum((answer.over or 0.0) >= at_least for answer in answered)
    return [_of_organisations(answers, level, hits, len(answered))]


def _of_organisations(answers: Sequence[Answer], level: str, hits: int, n: int) -> Record:
    if not n:
        return {"value": None, "status": _status(answers)}
    counted = {"numerator": float(hits), "denominator": float(n), "numerator_basis": "counted"}
    return {"value": hits / n, "status": "ok", "n": n, **(counted if level == "municipality" else {})}


def _at_levels(answers: Sequence[Answer], level: str, scale: Sequence[int]) -> list[Record]:
    """A record per level of the scale; an organisation has one, of its own level."""
    held = [answer.over for answer in answers if answer.said == "answered"]
    if level == "organisation":
        own = f"{held[0]:g}" if held else ""
        return [{**_of_organisations(answers, level, len(held), len(held)), "category": own}]
    made = ((step, _of_organisations(answers, level, held.count(step), len(held))) for step in scale)
    return [{**record, "category": str(step)} for step, record in made]
