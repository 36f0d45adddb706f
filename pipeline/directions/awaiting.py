"""A direction whose sources have not come: the chapter says which, and which office supplies them.

No number is invented and no section is hidden: in the notebook every stage of the cycle stands with its reason.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.directions import parts
from pipeline.directions.chapter import Chapter, Finding, Inputs, empty_section
from pipeline.presentation.blocks import Text, text


def analyse(inputs: Inputs) -> Chapter:
    """An honest empty chapter for any direction without data."""
    code = inputs.direction.code
    lacking = parts.missing_sentence(inputs)
    return Chapter(
        code=code,
        strip=parts.strip(inputs),
        sections={
            "lead": (empty_section(f"{inputs.direction.question} Данных для ответа за год нет."),),
            "goals": parts.goals(inputs),
            "indicators": (empty_section("Показатели направления не посчитаны: нет источников."),),
            "collection": parts.collection(inputs),
            "monitoring": (empty_section("Мониторинг не проводился по данным этого запуска."),),
            "analysis": (empty_section("Анализ невозможен без данных."),),
        },
        findings=(
            Finding(
                id="missing_sources",
                kind="problem",
                statement=(*text(f"{inputs.plan.title}: "), *_lowered(lacking)),
                strength="опись файлов",
                addressee="; ".join(sorted({source.office for source in parts.missing(inputs)})) or None,
            ),
        ),
    )


def _lowered(statement: Text) -> Text:
    first, *rest = statement
    return (replace(first, text=first.text[:1].lower() + first.text[1:]), *rest)
