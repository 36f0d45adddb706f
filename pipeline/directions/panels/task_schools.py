"""Tasks that a school does worse or better than its own total lets expect: a gap in teaching or a practice to share.

Pupils are compared with all pupils of the municipality who have the same total of the same variant, so a weak school is
not taken for one that drops tasks. Organisations of the official list of marked ones are left out of both sides: filled
in hard tasks look like a practice, and push the others down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels.level_tables import natural
from pipeline.directions.panels.panel import Panel
from pipeline.directions.panels.task_points import Points, read
from pipeline.directions.schools import short
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, Paragraphs, TableBlock, text
from pipeline.statistics import items, multiple

FALSE_PART = 0.05  # expected part of false ones among those named (Benjamini and Hochberg)
LEVELS = {"basic": "базовый", "advanced": "повышенный", "high": "высокий"}
CONDITION = (
    "Выше ожидаемого — повод узнать, как это задание отрабатывают в школе, если в главе об объективности у неё нет "
    "признаков."
)


@dataclass(frozen=True)
class Found:
    """One task in one organisation that stands apart."""

    work: Points
    apart: items.Apart
    p: float


def panel(inputs: Inputs) -> Panel:
    """A table of what stands apart, or one line that nothing does; nothing without points of pupils by tasks."""
    listed = _listed(inputs)
    works = [_without(work, listed) for work in _works(inputs)]
    works = [work for work in works if len(set(work.organisation)) > 1]
    known = [(work, one) for work in works for one in _apart(work, inputs.compare_from) if not np.isnan(one.p)]
    if not known:
        return Panel()
    found = _named(_purified(known, _named(known), inputs.compare_from))
    said = _method(inputs, len(known), listed)
    if not found:
        nothing = (
            "Школ, где отдельное задание выполнено иначе, чем учениками других школ с тем же общим баллом, не видно."
        )
        return Panel(analysis=(Paragraphs((text(f"{nothing} {said}"),)),))
    names = _names(inputs)
    ordered = sorted(found, key=lambda one: (one.apart.difference > 0, natural(names[str(one.apart.school)])))
    table = TableBlock(
        id="vpr-tasks-schools",
        caption=f"Задания, выполненные школой иначе, чем учениками с тем же общим баллом: {len(found)} из {len(known)}",
        heads=(
            Head("Организация", width=1.6),
            Head("Работа", width=1.8),
            Head("Задание (уровень)", width=1.4),
            Head("Участников", "right", 0.9),
            Head("От ожидаемого, п. п.", "right", 1.1),
            Head("Вывод", width=1.2),
        ),
        rows=tuple(_row(inputs, one, names) for one in ordered),
        statement=text(f"{CONDITION} {said}"),
        data=f"data/{inputs.direction.number}_task_schools.csv",
    )
    frame = _frame(ordered, names)
    findings = tuple(_finding(inputs, one, names) for one in ordered)
    return Panel(analysis=(table,), findings=findings, frames={"task_schools": frame})


Tested = tuple[Points, items.Apart]


def _named(tested: Sequence[Tested]) -> list[Found]:
    """What stands apart, of all tests together."""
    adjusted = multiple.adjusted([one.p for _, one in tested])
    return [Found(work, one, float(p)) for (work, one), p in zip(tested, adjusted, strict=True) if p < FALSE_PART]


def _purified(tested: Sequence[Tested], found: Sequence[Found], least: int) -> list[Tested]:
    """The same tests, where others did a task otherwise without the pupils of the school that drops it farthest.

    A task that one school drops lowers what is expected of all, and they would all seem to do it well (Holland and
    Thayer 1988 purify the same way).
    """
    farthest: dict[tuple[str, str], Found] = {}
    for one in sorted(found, key=lambda one: abs(one.apart.z)):
        farthest[one.work.stem, str(one.apart.task)] = one
    again: dict[tuple[str, str, str], items.Apart] = {}
    for (stem, task), one in farthest.items():
        others = _without(one.work, {str(one.apart.school)})
        for other in _apart(others, least):
            if str(other.task) == task and not np.isnan(other.p):
                again[stem, task, str(other.school)] = other
    return [(work, again.get((work.stem, str(one.task), str(one.school)), one)) for work, one in tested]


def _works(inputs: Inputs) -> list[Points]:
    rows = inputs.rows(indicator="vpr_task_rate", level="municipality", school_year=inputs.settings.school_year)
    cells = sorted({(int(row["grade"]), str(row["subject"])) for row in rows if row["value"] is not None})
    found = (read(inputs, subject, grade) for grade, subject in cells)
    return [work for work in found if work is not None]


def _listed(inputs: Inputs) -> set[str]:
    """Organisations of the official list of the report year, by any marker."""
    table = inputs.clean["marked_schools"]
    chosen = table[(table["school_year"] == inputs.settings.school_year) & (table["marker"].fillna(0) > 0)]
    return set(chosen["org_id"].astype(str))


def _without(work: Points, listed: set[str]) -> Points:
    return work.of(np.array([one not in listed for one in work.organisation], dtype=bool))


def _apart(work: Points, least: int) -> tuple[items.Apart, ...]:
    return items.apart(work.points, work.maxima, work.tasks, work.organisation, least, work.variant or None)


def _method(inputs: Inputs, tests: int, listed: set[str]) -> str:
    """How it was compared and who was left out."""
    least = ru.counted(inputs.compare_from, "участника", "участников", "участников")
    said = (
        f"Сравнений {ru.number(tests)} (школы от {least}), при равном общем балле и варианте (Mantel 1963), "
        f"с поправкой Бенджамини{ru.DASH}Хохберга."
    )
    if not listed:
        return said
    verb = ru.plural(len(listed), "не сравнивается", "не сравниваются", "не сравниваются")
    organisations = ru.counted(len(listed), "организация", "организации", "организаций")
    return f"{said} {ru.capitalised(verb)} {organisations} из официального списка: сначала перепроверка."


def _names(inputs: Inputs) -> dict[str, str]:
    """Organisation → short name, as the other tables of the chapter print it."""
    rows = inputs.rows(indicator="vpr_task_rate", level="organisation", school_year=inputs.settings.school_year)
    known = {str(row["group"]): short(ru.organisation(str(row["group_label"]))) for row in rows}
    register = inputs.clean["organisations"].drop_duplicates("org_id")
    titles = {
        str(org): short(ru.organisation(str(name)))
        for org, name in zip(register["org_id"], register["name"], strict=True)
    }
    scores = inputs.clean["task_scores"]["org_id"].astype(str).unique()
    return {org: known.get(org, titles.get(org, org)) for org in {*known, *titles, *scores}}


def _scope(inputs: Inputs, work: Points) -> str:
    year = inputs.settings.school_year
    return scope_of(inputs, {"subject": work.subject, "grade": work.grade, "school_year": year})


def _row(inputs: Inputs, one: Found, names: dict[str, str]) -> tuple[Cell, ...]:
    higher = one.apart.difference > 0
    task = str(one.apart.task)
    level = LEVELS.get(one.work.levels[one.work.tasks.index(task)], "не указан")
    return (
        Cell(names[str(one.apart.school)]),
        Cell(_scope(inputs, one.work)),
        Cell(f"{task} ({level})"),
        Cell(ru.number(one.apart.n), sort=one.apart.n),
        Cell(ru.signed(round(one.apart.difference * 100)), sort=one.apart.difference),
        Cell("выше ожидаемого" if higher else "ниже ожидаемого", tone="better" if higher else "worse"),
    )


def _frame(found: Sequence[Found], names: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": [names[str(one.apart.school)] for one in found],
            "subject": [one.work.subject for one in found],
            "grade": [one.work.grade for one in found],
            "task": [str(one.apart.task) for one in found],
            "n": [one.apart.n for one in found],
            "difference": [one.apart.difference for one in found],
            "p_adjusted": [one.p for one in found],
        }
    )


def _finding(inputs: Inputs, one: Found, names: dict[str, str]) -> Finding:
    """A gap is a deficit of the school; a task done better is a sign to look at, not yet a practice."""
    higher = one.apart.difference > 0
    word = "выше" if higher else "ниже"
    points = ru.points(one.apart.difference, one.apart.n)
    name, task = names[str(one.apart.school)], str(one.apart.task)
    return Finding(
        id=f"task_apart.{one.work.subject}.{one.work.grade}.{task}.{one.apart.school}",
        kind="sign" if higher else "deficit",
        statement=text(
            f"ВПР, {_scope(inputs, one.work)}, {name}: задание {task} выполнено {word}, чем учениками других школ с "
            f"тем же общим баллом ({points})."
        ),
        strength=f"поправка Бенджамини{ru.DASH}Хохберга, {ru.percent(FALSE_PART, 10)}",
        org_id=str(one.apart.school),
        addressee="школа и методическое объединение учителей-предметников",
    )
