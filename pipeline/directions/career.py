"""05 Самоопределение и профессиональная ориентация: how many try a profession and where leavers go."""

from __future__ import annotations

from pipeline.directions import cycle
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.panels import amounts, dynamics, leavers, matrix, organisations

REACH = (
    "career_diagnostics",
    "career_trials",
    "bilet_share",
    "career_course",
    "proektoria_share",
    "career_excursions",
    "career_open_days",
    "career_meetings",
    "parents_supported",
)
PROFILE = (
    "leavers_entered",
    "leavers_11_universities",
    "preprofile_share",
    "profile_share",
    "profile_exam_choice",
    "entered_by_profile",
)
BY_SCHOOL = (
    "career_diagnostics",
    "career_excursions",
    "career_open_days",
    "career_meetings",
    "proektoria_share",
    "parents_supported",
)
COUNTS = ("trial_workplaces", "career_agreements", "career_events", "abilympics_participants")
LIMITS = (
    "Доля поступивших выпускников 9 и 11 классов вместе посчитана со знаменателем пункта 7.1 документа К: в нём все "
    "выпускники, поэтому девятиклассники, перешедшие в 10 класс, её уменьшают. Рост этой доли может значить и то, что "
    "меньше учеников осталось в 10 классе.",
    "Доля участников «Билета в будущее» берётся, как в том же пункте, от всех учеников, хотя участвуют 6–11 классы: "
    "предел у неё ниже 100 %.",
    "Поступление зависит и от мест в колледжах рядом, и от дохода семьи, и от результатов экзаменов: доказать по этим "
    "данным, что его изменила профориентация, нельзя.",
    "Ученик, побывавший на трёх мероприятиях, учтён в трёх показателях: складывать доли нельзя.",
    "Сведения о выпускниках школы дают до 1 октября после выпуска: пока их нет, глава показывает последний год, за "
    "который они есть.",
    "Индекс готовности к ЕГЭ назван в документе Е без определения и потому не считается: его может определить орган "
    "управления образованием.",
)


def analyse(inputs: Inputs) -> Chapter:
    """The chapter in the order of the question: reach, schools, leavers, profile, partners."""
    panels = (
        dynamics.panel(inputs, REACH, "career_reach", "Охват профориентацией"),
        organisations.panel(inputs, "career_trials"),
        matrix.panel(inputs, BY_SCHOOL, "career_by_school", "Формы профориентации по школам"),
        leavers.panel(inputs),
        dynamics.panel(inputs, PROFILE, "career_profile", "Профиль и поступление"),
        organisations.panel(inputs, "leavers_11_universities", findings=False),
        amounts.panel(inputs, COUNTS, "career_counts", "Места для проб, партнёры и мероприятия"),
    )
    return cycle.chapter(inputs, panels, LIMITS)
