"""02. Objectivity of procedures: ВПР against the journal, signs in the answers, the official list."""

from __future__ import annotations

import pandas as pd

from pipeline.directions import awaiting, indicator_table, parts
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.lead import lead
from pipeline.directions.panels import (
    bias_index,
    cohort_results,
    journal,
    later_exam,
    marked,
    medals,
    oge_heap,
    olympiad_confirmed,
    signs,
    signs_beside,
    stable_absence,
)
from pipeline.directions.panels.journal_rows import INDICATORS
from pipeline.directions.panels.panel import Panel, joined
from pipeline.presentation.blocks import Paragraphs, text

OBSERVED = "sittings_observed"
TABLES = ("group_results", "results", "marked_schools")


def analyse(inputs: Inputs) -> Chapter:
    """The chapter from whatever of its sources has come; without any, the honest empty one."""
    rows = inputs.own_rows()
    if not rows:
        return awaiting.analyse(inputs)
    panel = _panels(inputs)
    tabled = [row for row in rows if row["indicator"] not in INDICATORS]  # the table of works prints these in full
    table = indicator_table.build(inputs, tabled or rows, inputs.compare_from)
    return Chapter(
        code="objectivity",
        strip=parts.strip(inputs, _used(inputs)),
        sections={
            "lead": lead(inputs, panel.findings),
            "goals": parts.goals(inputs),
            "indicators": (table,) if table else (),
            "collection": parts.collection(inputs),
            "monitoring": panel.monitoring,
            "analysis": (
                Paragraphs(
                    (
                        text(
                            "Расхождение отметок ВПР и журнала имеет несколько честных объяснений: разные темы, разные "
                            "требования, болезнь, волнение. Поэтому здесь говорится о признаке, а не о нарушении."
                        ),
                        text(
                            "Сопоставление уверенно лишь там, где порядок проведения и проверки соблюдён; "
                            f"{_observed(inputs)}."
                        ),
                    )
                ),
                *panel.analysis,
            ),
        },
        findings=panel.findings,
        frames=dict(panel.frames) | {"indicators": pd.DataFrame(indicator_table.newest(inputs, rows))},
    )


def _panels(inputs: Inputs) -> Panel:
    """From the index of everything to its parts: answers, later exam, journal, medals, olympiad, official list."""
    found = bias_index.Found(
        signs=signs.searched(inputs),
        cohorts=cohort_results.compared(inputs),
        heaps=oge_heap.heaps(inputs),
        olympiad=olympiad_confirmed.compared(inputs),
        medals=medals.degrees(inputs),
    )
    return joined(
        (
            bias_index.panel(inputs, found),
            signs.panel(inputs, found.signs),
            later_exam.panel(inputs, found.cohorts),
            signs_beside.panel(inputs, found.signs, found.cohorts),
            stable_absence.panel(inputs, found.signs),
            journal.panel(inputs),
            medals.panel(inputs),
            olympiad_confirmed.panel(inputs, found.olympiad),
            marked.panel(inputs),
        )
    )


def _observed(inputs: Inputs) -> str:
    """What is known of the observation of procedures in the report year."""
    year = inputs.settings.school_year
    known = inputs.rows(indicator=OBSERVED, level="municipality", school_year=year)
    if any(row["value"] is not None for row in known):
        return "доля процедур, за которыми наблюдали, — в таблице показателей"
    return "сведения о наблюдении за процедурами за этот год не представлены"


def _used(inputs: Inputs) -> pd.DataFrame:
    used = parts.used(inputs, TABLES)
    groups = inputs.clean["group_results"]
    marks_only = set(groups["source_file"]) - set(groups[groups["measure"] == "journal_agreement"]["source_file"])
    return used[~used["source_file"].isin(marks_only)]
