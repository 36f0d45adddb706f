"""Which module analyses which direction. One that is not here is shown as the collection form tells it."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from pipeline.directions import closing, lead, recommendations
from pipeline.directions.chapter import Chapter, Inputs

# Modules of this package, imported when asked for: a notebook then loads charts only if it draws.
ANALYSED = (
    "data_quality",
    "achievement",
    "objectivity",
    "low_results",
    "talent",
    "career",
    "heads",
    "teachers",
    "methodical",
    "upbringing",
    "preschool",
    "integrated",
    "management_cycle",
    "annual_report",
)


def analyse(inputs: Inputs) -> Chapter:
    """The chapter of the direction that `inputs.plan` names, with the recommendations that its rules give, closed."""
    direction = inputs.plan.direction
    module = import_module(f"pipeline.directions.{direction if direction in ANALYSED else 'surveyed'}")
    chapter: Chapter = module.analyse(inputs)
    if chapter.code == "annual_report":
        return chapter
    return lead.with_effects(inputs, closing.closed(inputs, _recommended(inputs, chapter)))


def _recommended(inputs: Inputs, chapter: Chapter) -> Chapter:
    found = recommendations.evaluate(inputs, inputs.recommendations.get(chapter.code, ()))
    if not found:
        return chapter
    return replace(
        chapter,
        sections={**chapter.sections, "recommendations": recommendations.table(inputs, found)},
        findings=(*chapter.findings, *recommendations.findings(found)),
        frames={**chapter.frames, "recommendations": recommendations.frame(found)},
    )
