"""Which function analyses which direction. A direction that is not here has no sources yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from pipeline.directions import (
    achievement,
    annual_report,
    awaiting,
    data_quality,
    management_cycle,
    objectivity,
    recommendations,
    roadmap_table,
)
from pipeline.directions.chapter import Chapter, Inputs

ANALYSES: Mapping[str, Callable[[Inputs], Chapter]] = {
    "data_quality": data_quality.analyse,
    "achievement": achievement.analyse,
    "objectivity": objectivity.analyse,
    "management_cycle": management_cycle.analyse,
    "annual_report": annual_report.analyse,
}


def analyse(inputs: Inputs) -> Chapter:
    """The chapter of the direction that `inputs.plan` names, with the recommendations that its rules give."""
    chapter = ANALYSES.get(inputs.plan.direction, awaiting.analyse)(inputs)
    if chapter.code != "management_cycle" and "measures" not in chapter.sections:
        chapter = replace(chapter, sections={**chapter.sections, "measures": roadmap_table.measures(inputs)})
    found = recommendations.evaluate(inputs, inputs.recommendations.get(chapter.code, ()))
    if not found:
        return chapter
    return replace(
        chapter,
        sections={**chapter.sections, "recommendations": recommendations.table(inputs, found)},
        findings=(*chapter.findings, *recommendations.findings(found)),
        frames={**chapter.frames, "recommendations": recommendations.frame(found)},
    )
