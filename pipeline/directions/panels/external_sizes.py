"""External exams of one class: every school by its number of participants, the main subjects side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import judgement
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels import external_spread
from pipeline.directions.panels.external_spread import Spreads
from pipeline.presentation import added, claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, text
from pipeline.statistics.comparison import Verdict

Row = Mapping[str, Any]
BY_SIZE_FROM = 12
TONES: Mapping[Verdict, str] = {"higher": "better", "lower": "worse"}


@dataclass(frozen=True)
class Subject:
    """Schools of one subject with the values of the municipality and the country beside them."""

    name: str
    schools: Sequence[Row]
    verdicts: Sequence[Verdict]
    lines: Mapping[str, Row]
    said: str


def figures(
    inputs: Inputs, schools: Sequence[Row], rows: Sequence[Row], grade: int, spreads: Spreads, subjects: Sequence[str]
) -> list[FigureBlock]:
    """One figure of the subjects that a dozen schools sat; none without such a subject.

    `rows` hold the municipality and the country.
    """
    found = [one for name in subjects if (one := _subject(inputs, schools, rows, name, grade, spreads))]
    if not found:
        return []
    marks = {row["unit"] for one in found for row in one.schools} == {"mark"}
    most = max(len(one.schools) for one in found)
    fans = [one.name.lower() for one in found if fans_out(one.schools)]
    found_words = "Средние небольших школ различаются сильнее, чем крупных" if fans else "Школы по числу участников"
    names = ", ".join(fans or [one.name.lower() for one in found])
    stem = f"external-{grade}"
    return [
        FigureBlock(
            id=stem,
            title=f"{found_words}: {names}, {grade}{ru.NBSP}класс",
            subtitle=f"{'Средняя оценка' if marks else 'Средний балл'} и число участников, "
            f"{ru.counted(most, 'школа', 'школы', 'школ')}",
            alt=" ".join(_alt(one) for one in found),
            svg=added.sizes(stem, _frame(found), _levels(found), "Средняя оценка" if marks else "Средний балл"),
            source=text("Каждая точка — школа; линии — средние, взвешенные по участникам."),
            statement=text(" ".join(one.said for one in found if one.said)),
            how=(text(external_spread.ASSUMED),),
            data=f"data/{inputs.direction.number}_external_schools.csv",
        )
    ]


def _subject(
    inputs: Inputs, schools: Sequence[Row], rows: Sequence[Row], subject: str, grade: int, spreads: Spreads
) -> Subject | None:
    part = [row for row in schools if row["subject"] == subject and row["value"] is not None and row["n"]]
    if len(part) < BY_SIZE_FROM:
        return None
    known = inputs.subjects.subjects.get(subject)
    name = ru.capitalised(known.short if known else subject)
    own = judgement.same_cell_of_level(part[0], rows, "municipality")
    wider = judgement.same_cell_of_level(part[0], rows, "country")
    spread = spreads.get((subject, grade))
    verdicts = [external_spread.beside(row, wider, spread, inputs.compare_from) for row in part]
    decimals = 2 if {row["unit"] for row in part} == {"mark"} else 1
    said = ""
    if wider is not None and spread is not None:
        words = external_spread.statement(verdicts, spread, inputs.profile.country.title, decimals)
        said = f"{name}: {words[:1].lower()}{words[1:]}"
    lines = {label: row for label, row in (("муниципалитет", own), (inputs.profile.country.title, wider)) if row}
    return Subject(name, part, verdicts, lines, said)


def fans_out(schools: Sequence[Row]) -> bool:
    """Is the spread of the smaller half of schools wider than of the larger half (interquartile range)?"""
    ordered = [float(row["value"]) for row in sorted(schools, key=lambda row: int(row["n"]))]
    half = len(ordered) // 2
    small, large = pd.Series(ordered[:half]), pd.Series(ordered[half:])
    return bool(small.quantile(0.75) - small.quantile(0.25) > large.quantile(0.75) - large.quantile(0.25))


def _alt(one: Subject) -> str:
    values = [float(row["value"]) for row in one.schools]
    beside = " и ".join(f"{label} {claims.value_text(row)}" for label, row in one.lines.items())
    return f"{one.name}: точки от {ru.number(min(values), 1)} до {ru.number(max(values), 1)}; {beside}."


def _frame(found: Sequence[Subject]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "panel": one.name,
                "n": int(row["n"]),
                "value": float(row["value"]),
                "tone": TONES.get(verdict, "same"),
            }
            for one in found
            for row, verdict in zip(one.schools, one.verdicts, strict=True)
        ]
    )


def _levels(found: Sequence[Subject]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"panel": one.name, "label": label, "value": float(row["value"])}
            for one in found
            for label, row in one.lines.items()
        ],
        columns=["panel", "label", "value"],
    )
