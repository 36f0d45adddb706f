"""«Главное за год»: at most ten findings, no more than two of one direction, each with a reference to its chapter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.directions import judgement
from pipeline.directions.chapter import Inputs, statement_of
from pipeline.directions.panels.next_goal import row_of
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Paragraphs, Run, Text, text
from pipeline.presentation.claims import records

AT_MOST = 10
OF_ONE_DIRECTION = 2
SILENT_KINDS = ("recommendation", "goal", "decision")
NOT_FOR_MAIN = ("data_quality",)  # it has a page of its own
CHANGE = ".change"  # how panels.dynamics ends the id of a change
MEASURES = "management_cycle.measures"  # tells of every measure that `<direction>.effect.…` tells of one by one
NOTHING = "В данных года нет выводов, которые позволял бы сделать интервал."


def blocks(inputs: Inputs) -> tuple[Block, ...]:
    """The weightiest findings, then how many more the chapters hold, then what is unknown."""
    chosen, rest = _chosen(inputs)
    if not chosen:
        found: list[Block] = [Paragraphs((text(NOTHING),))]
    else:
        found = [Paragraphs(tuple(_sentence(record) for record in chosen), role="lead")]
    if rest:
        counted = ru.counted(rest, "вывод", "вывода", "выводов")
        said = (
            f"Ещё {counted} — в главах; здесь не больше {OF_ONE_DIRECTION} на направление, самые заметные, а изменения "
            "с прошлого года — только доказанные среди многих."
        )
        found.append(Paragraphs((text(said),), role="note"))
    return (*found, *_unknown(inputs))


def _chosen(inputs: Inputs) -> tuple[list[Mapping[str, Any]], int]:
    """Findings of the front page by weight, and how many with a weight are left to the chapters."""
    together = MEASURES in set(inputs.earlier["id"])
    spoken = [
        record
        for record in records(inputs.earlier)
        if record["weight"] > 0
        and record["kind"] not in SILENT_KINDS
        and record["direction"] not in NOT_FOR_MAIN
        and inputs.prints(str(record["direction"]))
        and not (together and ".effect." in str(record["id"]))
        and _stands_among_many(inputs, record)
    ]
    spoken.sort(key=lambda record: (-float(record["weight"]), str(record["id"])))
    taken: dict[str, int] = {}
    chosen: list[Mapping[str, Any]] = []
    for record in spoken:
        direction = str(record["direction"])
        if len(chosen) < AT_MOST and taken.get(direction, 0) < OF_ONE_DIRECTION:
            chosen.append(record)
            taken[direction] = taken.get(direction, 0) + 1
    return chosen, len(spoken) - len(chosen)


def _stands_among_many(inputs: Inputs, record: Mapping[str, Any]) -> bool:
    """A change on last year, chosen from all changes of the report, must be proven as one of many; others stand."""
    if not str(record["id"]).endswith(CHANGE):
        return True
    rows = [row_of(inputs, key) for key in json.loads(str(record["indicators"]))]
    if len(rows) < 2 or rows[0] is None or rows[1] is None:
        return True
    return judgement.against_row(rows[0], rows[1], inputs.compare_from, judgement.OF_MANY) in ("higher", "lower")


def _sentence(record: Mapping[str, Any]) -> Text:
    """The finding with a reference to its chapter before the full stop."""
    *first, last = statement_of(record)
    ending = replace(last, text=last.text.rstrip().removesuffix("."))
    return (*first, ending, Run(" ("), Run("глава", ref=str(record["direction"])), Run(")."))


def _unknown(inputs: Inputs) -> tuple[Block, ...]:
    """Printed directions that have no data of the year: a gap, told as one."""
    lacking = inputs.earlier[inputs.earlier["id"].str.endswith(".missing_sources")]
    lacking = lacking[[inputs.prints(code) for code in lacking["direction"]]]
    if lacking.empty:
        return ()
    count = ru.counted(len(lacking), "направлению", "направлениям", "направлениям")
    names = "; ".join(inputs.directions.get(code).title for code in lacking["direction"])
    return (Paragraphs((text(f"По {count} данных за год нет: {names}. Это пробел, а не ноль."),), role="note"),)
