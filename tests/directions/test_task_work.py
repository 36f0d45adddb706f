"""Tasks of one work: zeros apart from not attempted, reliability by variant, unequal variants, schools that differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipeline.directions.chapter import Chapter
from pipeline.directions.panels.task_points import Points
from pipeline.directions.panels.task_words import sentences
from pipeline.presentation.blocks import plain
from tests.directions.inputs import SOURCE, TEST, chapter, figures, findings, frame, pupil, rate, said, tables_of

NBSP, NARROW = "\u00a0", "\u202f"
TASKS = tuple(str(number) for number in range(1, 9))
Change = Callable[[np.ndarray, np.ndarray, np.ndarray], None]


def words(text: Any) -> str:
    return (text if isinstance(text, str) else plain(text)).replace(NBSP, " ").replace(NARROW, " ")


def drawn(change: Change | None = None, schools: int = 6, size: int = 40) -> Points:
    """Eight tasks of one point, pupils of alike schools, two variants of equal difficulty."""
    rng = np.random.default_rng(12)
    member = np.repeat(np.arange(schools), size)
    ability = rng.normal(size=(len(member), 1))
    chance = 1 / (1 + np.exp(-(1.4 * ability - np.linspace(-1.2, 1.2, len(TASKS)))))
    table = (rng.random(chance.shape) < chance).astype(float)
    variant = np.where(np.arange(len(member)) % 2 == 0, "1", "2")
    if change:
        change(table, member, variant)
    levels = ("basic",) * 6 + ("advanced",) * 2
    names = tuple(f"s{one}" for one in member)
    skipped = np.zeros(table.shape, dtype=bool)
    return Points("russian", 4, TASKS, levels, (1.0,) * len(TASKS), table, skipped, names, tuple(variant))


def made(points: Points, **clean: Any) -> Chapter:
    """The chapter of these points, with the rows of the tasks that the indicators stage would give."""
    scores, pupils = [], []
    for number, row in enumerate(points.points):
        who = {"org_id": points.organisation[number], "participant": f"p{number}"}
        pupils.append({**pupil(number), **who, "variant": points.variant[number], "primary_score": row.sum()})
        for place, task in enumerate(points.tasks):
            one = {"task": task, "task_order": place, "task_level": points.levels[place], "max_score": 1}
            state = "not_attempted" if points.skipped[number, place] else "observed"
            scores.append({**TEST, **SOURCE, **who, **one, "score": row[place], "state": state})
    n = len(points.points)
    rows = [
        rate(task, float(sums), n, n, (float(sums) / n - 0.05, float(sums) / n + 0.05), category=level)
        for task, level, sums in zip(points.tasks, points.levels, points.points.sum(axis=0), strict=True)
    ]
    tables = {"task_scores": frame("task_scores", *scores), "results": frame("results", *pupils), **clean}
    return chapter("achievement", *rows, clean=tables)


def test_zero_and_not_attempted_stand_apart() -> None:
    """Of 240 pupils the last task has its zeros; thirty of them gave no answer."""
    points = drawn()
    zeros = np.flatnonzero(points.points[:, 7] == 0)
    points.skipped[zeros[:30], 7] = True
    line = [words(cell.text) for cell in tables_of(made(points))["vpr_russian_4-tasks"].rows[7]]
    assert line[1:3] == ["повышенный", "1"]
    wrote = (len(zeros) - 30) / 240 * 100
    assert line[4:6] == [f"{wrote:.1f} %".replace(".", ","), "12,5 %"]


def test_reliability_is_told_by_variant_with_its_number() -> None:
    text = words(sentences(drawn(), 10)[0])
    assert text.startswith("Надёжность работы (α Кронбаха): вариант 1 — 0,")
    assert text.count("n = 120") == 2


def test_equal_variants_are_called_so_and_an_unequal_task_is_named() -> None:
    def harder(table: np.ndarray, member: np.ndarray, variant: np.ndarray) -> None:
        table[(variant == "2") & (np.arange(len(table)) % 3 > 0), 2] = 0

    assert "Различий между вариантами при том же общем балле не видно." in sentences(drawn(), 10)
    unequal = next(sentence for sentence in sentences(drawn(harder), 10) if sentence.startswith("Варианты неравны"))
    assert "задание 3 труднее в варианте 2 (большое различие)" in unequal


def test_a_task_of_chance_is_called_weakly_linked() -> None:
    def chance(table: np.ndarray, member: np.ndarray, variant: np.ndarray) -> None:
        table[:, 0] = np.random.default_rng(3).random(len(table)) < 0.5

    weak = [sentence for sentence in sentences(drawn(chance), 10) if sentence.startswith("Слабо связаны")]
    assert len(weak) == 1
    assert weak[0].startswith("Слабо связаны с остальными (меньше 0,2 вместе с интервалом): 1 (")
    assert not [sentence for sentence in sentences(drawn(), 10) if sentence.startswith("Слабо связаны")]


def dropped(table: np.ndarray, member: np.ndarray, variant: np.ndarray) -> None:
    table[member == 3, 4] = 0


def test_a_task_that_one_school_drops_is_named_and_nothing_else() -> None:
    found = made(drawn(dropped))
    table = tables_of(found)["vpr-tasks-schools"]
    assert [[words(cell.text) for cell in line][:3] for line in table.rows] == [
        ["s3", "русский язык, 4 класс", "5 (базовый)"]
    ]
    assert words(table.rows[0][5].text) == "ниже ожидаемого"
    (text,) = (text for name, text in findings(found).items() if name.startswith("task_apart"))
    assert "s3: задание 5 выполнено ниже, чем учениками других школ с тем же общим баллом (−" in words(text)


def test_a_marked_school_is_left_out_on_both_sides() -> None:
    marked = {"procedure": "vpr", "school_year": 2026, "subject": "russian", "grade": 4, "state": "observed", **SOURCE}
    listed = frame("marked_schools", {**marked, "org_id": "s3", "marker": 1})
    found = made(drawn(dropped), marked_schools=listed)
    assert "vpr-tasks-schools" not in tables_of(found)
    text = next(words(item) for item in said(found, "analysis") if "отдельное задание" in item)
    assert "не видно. Сравнений 40 (школы от 10 участников)" in text
    assert text.endswith("Не сравнивается 1 организация из официального списка: сначала перепроверка.")


@pytest.mark.parametrize("size", [9, 1])
def test_schools_of_few_pupils_are_not_compared(size: int) -> None:
    found = made(drawn(size=size, schools=3))
    assert "vpr-tasks-schools" not in tables_of(found)
    assert not [item for item in said(found, "analysis") if "отдельное задание" in item]


def test_without_variants_the_whole_work_is_one() -> None:
    whole = drawn()
    one = Points(*(getattr(whole, name) for name in list(Points.__dataclass_fields__)[:-1]))
    text = sentences(one, 10)
    assert text[0].startswith("Надёжность работы (α Кронбаха): 0,")
    assert len(text) == 1


def test_pupils_without_a_part_of_the_work_are_counted() -> None:
    def absent(table: np.ndarray, member: np.ndarray, variant: np.ndarray) -> None:
        table[:3, 6:] = np.nan

    assert sentences(drawn(absent), 10)[-1] == f"Без 3{NBSP}участников, у которых нет баллов за часть заданий."


def test_tasks_and_pupils_stand_on_one_scale_from_a_hundred_pupils() -> None:
    """The last task is solved by few: surely by less than a quarter; the first by more than three quarters."""

    def only_hard(table: np.ndarray, member: np.ndarray, variant: np.ndarray) -> None:
        table[np.random.default_rng(1).random(len(table)) < 0.8, 7] = 0

    figure = figures(made(drawn(only_hard)))["vpr-map"]
    assert words(figure.title).startswith("Половину баллов набирают меньше четверти учеников — ")
    hard, easy = words(figure.statement).split(" набирают меньше четверти учеников; ")
    assert hard.endswith(" 8")
    assert easy.startswith("половину баллов за 1")
    assert "задание 8: " in figure.alt
    assert "vpr-map" not in figures(made(drawn(schools=3, size=33)))
    assert "vpr-map" in figures(made(drawn(schools=4, size=25)))
