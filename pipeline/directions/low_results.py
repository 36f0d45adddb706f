"""03 Школы с низкими результатами и в неблагоприятных условиях: lists, conditions, results, support, who holds out."""

from __future__ import annotations

from dataclasses import replace

from pipeline.directions import cycle, weight
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.panels import (
    amounts,
    dynamics,
    formal_rule,
    list_exits,
    list_results,
    resilience,
    school_lists,
    social_passport,
    support,
)
from pipeline.directions.panels.panel import Panel

CONFLICTS = ("mediation_services", "conflicts_mediated", "conflicts_settled", "parents_council")
COUNTS = ("shnor_olympiad_participations", "conflict_techniques", "parents_meetings")
LIMITS = (
    "Состав перечня меняется, поэтому результаты «школ перечня» за разные годы относятся к разным школам: их изменение "
    "не показывает, помогла ли поддержка.",
    "Школа с малым числом участников переходит порог доли «2» и случайно: при истинной доле 20 % и десяти участниках "
    "порог 30 % достигается примерно в каждом третьем случае.",
    "Если результаты части школ не подтверждены, сопоставление с ними ограничено: школа, которая оценивает честно, "
    "может выглядеть слабее.",
    "Социальный паспорт школа заполняет сама, сведения о семьях — по анкетам: полнота не проверяется.",
    "Больше записанных конфликтов бывает и там, где их лучше замечают: число конфликтов не показатель качества.",
    "Поименно школы перечней называет только внутренняя редакция; в открытой остаются итоги по муниципалитету.",
)


def analyse(inputs: Inputs) -> Chapter:
    """The chapter in the order of its question: which schools need support, and what support has changed."""
    panels = (
        school_lists.panel(inputs),
        list_exits.panel(inputs),
        formal_rule.panel(inputs),
        list_results.panel(inputs),
        support.panel(inputs),
        social_passport.panel(inputs),
        resilience.panel(inputs),
        _of_less_weight(dynamics.panel(inputs, CONFLICTS, "conflicts", "Примирение и участие родителей")),
        amounts.panel(
            inputs, COUNTS, "low_results_counts", "Олимпиада, примирительные процедуры, встречи с родителями"
        ),
    )
    return cycle.chapter(inputs, panels, LIMITS)


def _of_less_weight(panel: Panel) -> Panel:
    """A few dozen conflicts are no main thing beside the results of whole schools."""
    return replace(panel, findings=tuple(replace(one, weight=one.weight * weight.GAP) for one in panel.findings))
