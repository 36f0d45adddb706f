"""Sentences on how the tasks of a work and its variants work: reliability, weak links, unequal variants."""

from __future__ import annotations

import numpy as np

from pipeline.directions.panels.task_points import Points
from pipeline.presentation import text as ru
from pipeline.statistics import item_bias, items, multiple

WEAK = 0.2  # Ebel and Frisbie 1991, ch. 13: a task of a smaller correlation hardly tells pupils apart
LEVEL = 0.05
SIZES = {"B": "умеренное", "C": "большое"}


def sentences(points: Points, least: int) -> list[str]:
    """At most four: reliability by variant, weakly linked tasks, tasks unequal in the variants, who was left out."""
    analysed = points.analysed()
    found = [_reliability(points, least), _weak(analysed), _variants(points)]
    if analysed.left_out:
        pupils = ru.counted(analysed.left_out, "участника", "участников", "участников")
        found.append(f"Без {pupils}, у которых нет баллов за часть заданий.")
    return [sentence for sentence in found if sentence]


def _reliability(points: Points, least: int) -> str:
    """«Надёжность (α): вариант 1 — 0,70 (0,66–0,74), n = 430; …», or why there is none."""
    parts = {f"вариант {name}": points.of(np.array(points.variant) == name) for name in sorted(set(points.variant))}
    said = []
    for name, part in (parts or {"": points}).items():
        found = items.analyse(part.points, part.maxima, part.tasks, least=least)
        bounds = ru.bounds(found.lower, found.upper, 2) if not found.reason and found.alpha == found.alpha else ""
        value = f"{ru.number(found.alpha, 2)} {bounds}, n = {ru.number(found.n)}" if bounds else _why(part, found)
        said.append(f"{name}{' — ' if name else ''}{value}")
    return f"Надёжность работы (α Кронбаха): {'; '.join(said)}."


def _why(part: Points, found: items.TestAnalysis) -> str:
    if found.reason:
        return found.reason
    return items.ONE_TASK if len(part.tasks) < 2 else items.SAME_TOTAL


def _weak(analysed: items.TestAnalysis) -> str:
    """Tasks whose whole interval of the correlation lies under the level."""
    weak = [
        f"{task.name} ({ru.number(task.rest, 2)})"
        for task in analysed.tasks
        if items.correlation_bounds(task.rest, analysed.n)[1] < WEAK
    ]
    if not weak:
        return ""
    return f"Слабо связаны с остальными (меньше {ru.number(WEAK, 1)} вместе с интервалом): {', '.join(weak)}."


def _variants(points: Points) -> str:
    """Tasks that pupils of one variant do otherwise than pupils of the others with the same total."""
    names = [name for name in sorted(set(points.variant)) if _both_large(points, name)]
    if len(set(points.variant)) < 2 or not names:
        return ""
    names = names[1:] if len(set(points.variant)) == 2 else names
    total = points.points.sum(axis=1)
    tests = [(name, place, _p(points, total, name, place)) for name in names for place in range(len(points.tasks))]
    adjusted = multiple.adjusted([p for _, _, p in tests])
    found = [
        (name, place) for (name, place, _), p in zip(tests, adjusted, strict=True) if p < LEVEL and not np.isnan(p)
    ]
    told = [words for name, place in found if (words := _unequal(points, total, name, place))]
    if told:
        return f"Варианты неравны при том же общем балле: {'; '.join(told)}. Школы сравниваются внутри варианта."
    return "Различий между вариантами при том же общем балле не видно."


def _both_large(points: Points, name: str) -> bool:
    own = int((np.array(points.variant) == name).sum())
    return min(own, len(points.variant) - own) >= item_bias.FEWEST


def _p(points: Points, total: items.Floats, name: str, place: int) -> float:
    """p of a task: Mantel 1963 over the totals (for tasks of one point the statistic of Mantel and Haenszel)."""
    focal = np.array(points.variant) == name
    known = np.isfinite(total)
    return items.stratified_p(points.points[known, place], total[known], focal[known])


def _unequal(points: Points, total: items.Floats, name: str, place: int) -> str:
    """«задание 5 труднее в варианте 2 (умеренное различие)»; nothing of a small difference (class A of ETS)."""
    focal, known = np.array(points.variant) == name, np.isfinite(total)
    task, matched, group = points.points[known, place], total[known], focal[known]
    found: item_bias.MantelHaenszel | item_bias.Ordinal
    if np.isin(task, (0, 1)).all():
        found = item_bias.mantel_haenszel(task, matched, group)
    else:
        found = item_bias.ordinal(task, matched, group)
    if found.size not in SIZES:
        return ""
    harder = "труднее" if found.delta < 0 else "легче"
    return f"задание {points.tasks[place]} {harder} в варианте {name} ({SIZES[str(found.size)]} различие)"
