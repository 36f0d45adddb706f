"""A direction known from the collection form: what was answered, as one table of indicators with their intervals.

The analysis that the direction deserves is still to be written; until then nothing is claimed beyond the table, and a
chapter over read data never says that there are none.
"""

from __future__ import annotations

import pandas as pd

from pipeline.directions import awaiting, indicator_table, parts
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Paragraphs, text

PLAIN = ("share", "rate", "count")


def analyse(inputs: Inputs) -> Chapter:
    """The chapter from the indicators of the form; without any value, the honest empty one."""
    rows = [row for row in inputs.rows(direction=inputs.direction.code) if row["value"] is not None]
    if not rows:
        return awaiting.analyse(inputs)
    whole = [row for row in rows if row["kind"] in PLAIN and not row["category"]]
    table = indicator_table.build(inputs, whole, inputs.compare_from)
    used = parts.used(inputs, [name for source in inputs.direction.sources for name in source.tables])
    count = len({row["indicator"] for row in rows})
    said = text(
        f"По форме сбора {ru.plural(count, 'посчитан', 'посчитаны', 'посчитаны')} "
        f"{ru.counted(count, 'показатель', 'показателя', 'показателей')} направления; выводов глава пока не делает."
    )
    sections = {
        "lead": (Paragraphs((said,)),),
        "goals": parts.goals(inputs),
        "indicators": (table,) if table else (),
        "collection": parts.collection(inputs),
        "monitoring": (
            Paragraphs((text("Значения по организациям и разрезам — в файле данных этой главы."),), role="note"),
        ),
    }
    return Chapter(
        code=inputs.direction.code,
        strip=parts.strip(inputs, used),
        sections=sections,
        frames={"indicators": pd.DataFrame(rows)},
    )
