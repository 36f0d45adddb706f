"""Signs that Рособрнадзор names, beside ours and the official list, school by school.

In 2017 it named two: results far above the region in a school that is no gymnasium and whose exam does not confirm
them; hard tasks done better and easy ones worse than elsewhere (nversia.ru, 2017; a secondary source). Since then the
official list tells school, subject and class without saying which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import judgement, listed
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.cohort_results import Schools
from pipeline.directions.panels.panel import Panel
from pipeline.directions.panels.sign_search import Search, Sign
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, TableBlock, text
from pipeline.statistics.objectivity.dossier import SINGLE

Row = Mapping[str, Any]
LEVEL = "vpr_quality"
SELECTIVE = ("гимнази", "лице")  # such a school may honestly stand above its region
YEARS = 3
NO, UNKNOWN = "нет", "нет данных"
HOW = (
    "«Выше региона» — доля «4» и «5» за ВПР выше, чем в остальном регионе, по интервалу разности 99,8 %; гимназии и "
    "лицеи в этот признак не входят. «Трудные задания» — они выполнены лучше, чем обычно при той же сумме баллов "
    "(случайно реже, чем в 1 случае из 100)."
)


@dataclass(frozen=True)
class School:
    """What is known of one school: works with our signs and all searched, works above the region and all compared,
    whether the exam confirms (None: not known), works with hard tasks done better, years on the official list."""

    org: str
    ours: int
    searched: int
    above: int
    compared: int
    confirmed: bool | None
    hard: int
    listed: tuple[int, ...]
    selective: bool

    @property
    def named(self) -> bool:
        """Whether there is anything to show; standing above the region is none by itself."""
        return bool(self.ours or self.hard or self.listed or self.confirmed is False)


def panel(inputs: Inputs, signs: Search | None, cohorts: Schools | None) -> Panel:
    """One line a school that has any of the signs; internal edition only."""
    if inputs.settings.edition != "internal":
        return Panel()
    schools = [one for one in _schools(inputs, signs, cohorts) if one.named]
    if not schools or (signs is None and cohorts is None):
        return Panel()
    names = listed.names(inputs)
    table = TableBlock(
        id="signs-beside",
        caption="Признаки, названные Рособрнадзором, официальный список и наши признаки рядом",
        heads=(
            Head("Организация", width=2.0),
            Head("Признаки в ответах", width=1.5),
            Head("«4» и «5» выше региона", width=1.6),
            Head("ОГЭ подтверждает ВПР", width=1.4),
            Head("Трудные задания лучше обычного", width=1.5),
            Head("Официальный список", width=1.6),
        ),
        rows=tuple(_row(one, names) for one in schools),
        source=text(
            "Признаки Рособрнадзора 2017 года — по вторичному источнику (nversia.ru): результат намного выше региона, "
            "не подтверждённый экзаменом, и трудные задания, выполненные лучше лёгких. Действующий алгоритм списка не "
            "опубликован."
        ),
        statement=text(
            "Чем больше столбцов говорят об одном, тем раньше стоит перепроверить работы; столбец, где данных нет, не "
            "говорит ничего."
        ),
        how=(text(HOW),),
        data=f"data/{inputs.direction.number}_signs_beside.csv",
    )
    return Panel(monitoring=(table,), frames={"signs_beside": pd.DataFrame([vars(one) for one in schools])})


def _schools(inputs: Inputs, signs: Search | None, cohorts: Schools | None) -> list[School]:
    lists = _listed(inputs)
    above, names = _above(inputs), listed.names(inputs)
    searched = signs.organisations if signs else ()
    orgs = sorted({*lists, *above, *searched, *(cohorts.by_school["org"] if cohorts else ())})
    return [
        School(
            org,
            *_ours(org, signs),
            *above.get(org, (0, 0)),
            _confirmed(org, cohorts),
            sum(_hard(sign) for sign in signs.signs if sign.organisation == org) if signs else 0,
            lists.get(org, ()),
            any(word in names.get(org, "").lower() for word in SELECTIVE),
        )
        for org in orgs
    ]


def _ours(org: str, signs: Search | None) -> tuple[int, int]:
    if signs is None:
        return 0, 0
    written = sum(org in work.organisations for work in signs.works)
    return sum(sign.organisation == org for sign in signs.signs), written


def _hard(sign: Sign) -> bool:
    return any(one.name == "hard" and one.p < SINGLE for one in sign.dossier.markers)


def _confirmed(org: str, cohorts: Schools | None) -> bool | None:
    if cohorts is None or org not in set(cohorts.by_school["org"]):
        return None
    return org not in cohorts.named


def _listed(inputs: Inputs) -> dict[str, tuple[int, ...]]:
    """Organisation → years of the last three in which it stood on the official list."""
    marked, last = inputs.clean["marked_schools"], inputs.settings.school_year
    chosen = marked[(marked["marker"] == 1) & marked["school_year"].between(last - YEARS + 1, last)]
    years = chosen.groupby("org_id")["school_year"]
    return {str(org): tuple(sorted({int(year) for year in part})) for org, part in years}


def _above(inputs: Inputs) -> dict[str, tuple[int, int]]:
    """Organisation → works of the report year where it stands above the rest of the region, and all compared."""
    year = inputs.settings.school_year
    rows = inputs.rows(indicator=LEVEL, procedure="vpr", school_year=year, level=("organisation", "region"))
    regions = {_cell(row): row for row in rows if row["level"] == "region"}
    found: dict[str, list[bool]] = {}
    for row in rows:
        if row["level"] == "organisation" and _cell(row) in regions:
            verdict = judgement.against_wider(row, regions[_cell(row)], inputs.compare_from, judgement.OF_MANY)
            if verdict != "insufficient":
                found.setdefault(str(row["group"]), []).append(verdict == "higher")
    return {org: (sum(works), len(works)) for org, works in found.items()}


def _cell(row: Row) -> tuple[str, int]:
    return str(row["subject"]), int(row["grade"])


def _row(one: School, names: Mapping[str, str]) -> tuple[Cell, ...]:
    return (
        Cell(names.get(one.org, one.org)),
        _part(one.ours, one.searched),
        _part(one.above, one.compared, " (гимназия, лицей)" if one.selective else ""),
        Cell(UNKNOWN, tone="muted") if one.confirmed is None else Cell("да" if one.confirmed else "меньше ожидаемого"),
        _part(one.hard, one.searched),
        Cell(_years(one.listed)),
    )


def _part(part: int, whole: int, more: str = "") -> Cell:
    if not whole:
        return Cell(UNKNOWN, tone="muted")
    return Cell(f"{ru.part(part, whole)} работ{more}" if part else NO, sort=float(part))


def _years(years: Sequence[int]) -> str:
    return ", ".join(ru.school_year(year) for year in years) or NO
