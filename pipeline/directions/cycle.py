"""A chapter over the whole management cycle, the same frame for every direction that analyses rows of indicators."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from pipeline.directions import awaiting, indicator_table, parts
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.lead import lead
from pipeline.directions.panels.panel import Panel, joined
from pipeline.presentation.blocks import Block, Paragraphs, Text, text

NOTHING_CLAIMED = (
    "Показатели посчитаны, но ни одно отличие и ни одно изменение не больше погрешности: выводов глава не делает."
)


def chapter(
    inputs: Inputs, panels: Sequence[Panel], limits: Sequence[str | Text] = (), apart: Collection[str] = ()
) -> Chapter:
    """The chapter of `inputs.direction` from its panels; without a value of its indicators, the honest empty one.

    `limits`: what these data cannot say, each one sentence, at the end of the analysis. `apart`: indicators of
    many lines that a panel prints in full (subjects of the olympiad), left out of the table of indicators.
    """
    rows = inputs.own_rows()
    if not rows:
        return awaiting.analyse(inputs)
    panel = joined(panels)
    tabled = [row for row in rows if row["indicator"] not in apart]
    table = indicator_table.build(inputs, tabled, inputs.compare_from)
    return Chapter(
        code=inputs.direction.code,
        strip=parts.strip(inputs, parts.used(inputs, read_tables(inputs))),
        sections={
            "lead": lead(inputs, panel.findings) or (Paragraphs((text(NOTHING_CLAIMED),)),),
            "goals": parts.goals(inputs),
            "indicators": (table,) if table else (),
            "collection": parts.collection(inputs),
            "monitoring": panel.monitoring,
            "analysis": (*panel.analysis, *limits_block(limits)),
        },
        findings=panel.findings,
        frames={**panel.frames, "indicators": pd.DataFrame(indicator_table.newest(inputs, rows))},
    )


def read_tables(inputs: Inputs) -> list[str]:
    """Clean tables that the declared sources of the direction fill."""
    return list(dict.fromkeys(name for source in inputs.direction.sources for name in source.tables))


def limits_block(limits: Sequence[str | Text]) -> tuple[Block, ...]:
    items = tuple(text(item) if isinstance(item, str) else item for item in limits)
    return (Paragraphs(items, role="list"),) if items else ()
