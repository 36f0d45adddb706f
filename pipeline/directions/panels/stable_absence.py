"""Schools where signs are stably absent: three years, four works of thirty pupils and more, nothing seen in any."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.directions import listed
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.answers import Written, written
from pipeline.directions.panels.panel import Panel
from pipeline.directions.panels.sign_search import Search, judge
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Paragraphs, Text, text
from pipeline.statistics.objectivity.absence import LEAST, LEVEL, PROCEDURES, YEARS, Absence, Tried, absence
from pipeline.statistics.objectivity.reference import Judged

NAMES_AT_MOST = 20
Found = Mapping[str, Absence]


def panel(inputs: Inputs, found: Search | None) -> Panel:
    """A sentence on who shows nothing over three years; where fewer years have answers, that."""
    if found is None:
        return Panel()
    last = inputs.settings.school_year
    works = {year: written(inputs.clean, year) for year in range(last - YEARS + 1, last)}
    known = [year for year, of_year in works.items() if of_year]
    if len(known) + 1 < YEARS:
        return Panel(monitoring=(Paragraphs((_not_yet([*known, last]),)),))
    schools = _schools(inputs, found, works)
    internal = inputs.settings.edition == "internal"
    return Panel(
        monitoring=(Paragraphs((_summary(inputs, schools, named=internal),)),),
        frames={"stable_absence": _frame(schools)} if internal else {},
    )


def _not_yet(years: list[int]) -> Text:
    have = ru.counted(len(years), "год", "года", "лет")
    return text(
        f"Школы, где признаков стабильно нет, назвать пока нельзя: для этого нужны баллы по заданиям за {YEARS} года "
        f"подряд и не меньше {PROCEDURES} работ, где участников {LEAST} и больше; есть за {have} ({ru.years(years)})."
    )


def _schools(inputs: Inputs, found: Search, works: Mapping[int, list[Written]]) -> Found:
    tried: dict[str, list[Tried]] = {}
    last = inputs.settings.school_year
    for year, of_year in [*works.items(), (last, list(found.works))]:
        judged = found.judged if year == last else judge(of_year, inputs.compare_from)
        for work in (one for one in of_year if one.name in judged):
            for org, one in _of_work(work, judged[work.name], year).items():
                tried.setdefault(org, []).append(one)
    marked = inputs.clean["marked_schools"]
    marked = marked[marked["marker"] == 1]
    years = {str(org): {int(year) for year in part["school_year"]} for org, part in marked.groupby("org_id")}
    return {org: absence(ones, last, years.get(org, ())) for org, ones in sorted(tried.items())}


def _of_work(work: Written, judged: Judged, year: int) -> dict[str, Tried]:
    sizes = np.bincount(work.procedure.school, minlength=len(work.organisations))
    values = zip(work.organisations, sizes, judged.combined, strict=True)
    return {org: Tried(year, int(size), float(p)) for org, size, p in values if np.isfinite(p)}


def _summary(inputs: Inputs, schools: Found, *, named: bool) -> Text:
    names = listed.names(inputs)
    absent = [org for org, one in schools.items() if one.state == "absent"]
    little = sum(one.state == "little" for one in schools.values())
    seen = len(schools) - len(absent) - little
    number = ru.counted(len(absent), "школа", "школы", "школ")
    who = f": {ru.listed([names.get(org, org) for org in absent], NAMES_AT_MOST)}" if absent and named else ""
    rest = (
        f"; у {ru.number(seen)} хотя бы в одной работе порог не пройден или школа была в списке, для "
        f"{ru.number(little)} данных мало"
    )
    return text(
        f"Признаков стабильно нет ({YEARS} года, не меньше {PROCEDURES} работ, где участников {LEAST} и больше, ни в "
        f"одной p < {ru.number(LEVEL, 2)}, в официальном списке школы не было) — {number}{who}{rest}."
        f"{_by_chance(schools)}"
    )


def _by_chance(schools: Found) -> str:
    """How many pass where nobody helped: not having passed is no sign by itself."""
    tried = [one.procedures for one in schools.values() if one.state != "little"]
    if not tried:
        return ""
    works = round(float(np.median(tried)))
    chance = ru.number((1 - LEVEL) ** works * 100)
    return (
        f" Не пройти порог — ещё не признак: из школ, которым никто не помогал, за "
        f"{ru.counted(works, 'работу', 'работы', 'работ')} его проходят во всех около {chance}{ru.NARROW}%."
    )


def _frame(schools: Found) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"org_id": org, "state": one.state, "works": one.procedures, "years": one.years, "signs": one.seen}
            for org, one in schools.items()
        ]
    )
