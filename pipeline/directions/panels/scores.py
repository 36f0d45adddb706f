"""Distributions of primary scores of ВПР, all works in one figure."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, text
from pipeline.presentation.small_scores import Panel as Drawn
from pipeline.presentation.small_scores import small_scores

ON_ONE_PAGE = 15
BOUNDS = "Пунктир — наименьший балл, при котором в этих результатах стоит «3», «4» и «5»."
UNMARKED = "Отметок за работы в файлах нет: границы не показаны."
CROWDED = (
    "Скопление работ сразу за пунктиром было бы основанием для перепроверки (глава об объективности), а не выводом."
)


def panel(inputs: Inputs) -> Panel:
    """Works of the report year of as many participants as publication.yml asks of a histogram."""
    results = inputs.clean["results"]
    chosen = results[
        (results["procedure"] == "vpr")
        & (results["school_year"] == inputs.settings.school_year)
        & results["primary_score"].notna()
    ]
    works = [
        part
        for _, part in chosen.groupby(["grade", "subject"], sort=True)
        if len(part) >= inputs.rules.publication.histogram.value
    ]
    pages = [works[start : start + ON_ONE_PAGE] for start in range(0, len(works), ON_ONE_PAGE)]
    return Panel(monitoring=tuple(_figure(inputs, page, number) for number, page in enumerate(pages)))


def _figure(inputs: Inputs, works: Sequence[pd.DataFrame], number: int) -> FigureBlock:
    drawn = [_drawn(inputs, part) for part in works]
    marked = any(one.bounds for one in drawn)
    if len(works) == 1:
        middle, scope = _middle(works[0]), _scope(inputs, works[0])
        title = f"Половина участников набрала не больше {middle} из {_points(_maximum(works[0]))}: {scope}"
    else:
        title = f"Распределение первичных баллов ВПР, {ru.counted(len(works), 'работа', 'работы', 'работ')}"
    return FigureBlock(
        id=f"vpr-scores{f'-{number + 1}' if number else ''}",
        title=title,
        subtitle="Число участников по первичному баллу, "
        f"{ru.school_year(inputs.settings.school_year)} учебный год; на каждой панели своя шкала",
        alt=" ".join(_alt(one, _middle(part)) for one, part in zip(drawn, works, strict=True)),
        svg=small_scores(drawn),
        source=text(BOUNDS if marked else UNMARKED),
        statement=text(CROWDED) if marked else (),
    )


def _scope(inputs: Inputs, part: pd.DataFrame) -> str:
    first = part.iloc[0]
    year = inputs.settings.school_year
    return scope_of(inputs, {"subject": first["subject"], "grade": int(first["grade"]), "school_year": year})


def _drawn(inputs: Inputs, part: pd.DataFrame) -> Drawn:
    lowest = part.dropna(subset=["mark"]).groupby("mark")["primary_score"].min()
    counts = part["primary_score"].astype(float).value_counts().sort_index()
    title = f"{ru.capitalised(_scope(inputs, part))} (n = {ru.number(len(part))})"
    pairs = tuple((float(score), int(count)) for score, count in counts.items())  # type: ignore[arg-type]
    bounds = tuple(float(lowest[mark]) for mark in (3, 4, 5) if mark in lowest.index)
    return Drawn(title, pairs, bounds, _maximum(part))


def _maximum(part: pd.DataFrame) -> float:
    known = part["max_score"].dropna()
    return float(known.max()) if len(known) else float(part["primary_score"].max())


def _middle(part: pd.DataFrame) -> str:
    scores = part["primary_score"].astype(float).sort_values()
    return ru.number(scores.iloc[(len(scores) - 1) // 2])


def _points(maximum: float) -> str:
    word = ru.plural(int(maximum), "балла", "баллов", "баллов")  # after «из»
    return f"{ru.number(maximum)}{ru.NBSP}{word}"


def _alt(one: Drawn, middle: str) -> str:
    said = (f"балл {ru.number(score)}: {ru.number(count)}" for score, count in one.counts)
    return f"{one.title}, половина набрала не больше {middle}: {'; '.join(said)}."
