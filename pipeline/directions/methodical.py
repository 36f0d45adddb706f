"""08. Methodical work: whom the help reaches, whether it minds what schools ask for, mentoring."""

from __future__ import annotations

from pipeline.directions import cycle
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.panels import amounts, dynamics, mentoring, organisations

HELP = ("help_asked_share", "help_given_share", "teachers_networks")
YOUNG = ("young_mentored", "young_in_school", "mentors_trained", "mentoring_model")
SERVICE = (
    "school_needs_considered",
    "school_services_supported",
    "unions_revised",
    "subject_areas_planned",
    "experience_spread",
)
COUNTED = (
    "union_leader_meetings",
    "network_meetings",
    "seminars",
    "problem_groups",
    "young_consultations",
    "mentoring_pairs",
    "contestants_supported",
    "teacher_contests",
)
LIMITS = (
    "Обращение за помощью — не слабость: доля обратившихся зависит и от доверия к службе, поэтому лучше или хуже у неё "
    "нет. Оценивают, оказана ли помощь по обращению.",
    "Число встреч и семинаров говорит об объёме работы, а не о её действии; действие видно по тому, что меняется у "
    "участников, — этих сведений в форме нет.",
    "Запросы, о которых организация не сообщила службе, в данные не попадают: «учтены все запросы» значит «все "
    "сообщённые».",
    "Объединений, служб и предметных областей немного: изменение на одно-два случайно, и интервалы это показывают.",
)


def analyse(inputs: Inputs) -> Chapter:
    """The chapter: help, requests of schools, mentoring, amounts of work."""
    return cycle.chapter(
        inputs,
        (
            dynamics.panel(inputs, HELP, "methodical_help", "Методическая помощь и сообщества"),
            organisations.panel(inputs, "help_given_share"),
            dynamics.panel(inputs, SERVICE, "methodical_service", "Запросы школ, объединения, опыт"),
            dynamics.panel(inputs, YOUNG, "methodical_young", "Молодые педагоги и наставничество"),
            mentoring.panel(inputs),
            amounts.panel(inputs, COUNTED, "methodical_amounts", "Объём методической работы"),
        ),
        LIMITS,
    )
