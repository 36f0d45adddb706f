"""09. Upbringing: movements and volunteers, registers and prevention, support of children and families."""

from __future__ import annotations

from pipeline.directions import cycle
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.panels import amounts, dynamics, organisations, profile, rates
from pipeline.directions.panels.profile import Component

COMPONENTS = (
    Component("Программа воспитания", ("upbringing_programmes",), ("upbringing_programmes",)),
    Component("Служба примирения", ("mediation_services",), ("mediation_services",)),
    Component("Участие родителей", ("parents_council",), ("parents_council",)),
    Component("Классные руководители", ("class_teachers_trained",)),
    Component("Дела учеников", ("volunteers", "youth_associations", "movement_first", "young_army", "road_inspectors")),
    Component("Каникулы", ("holidays_reach",)),
)
MOVEMENTS = ("volunteers", "youth_associations", "movement_first", "young_army", "road_inspectors", "holidays_reach")
SUPPORT = ("difficult_supported", "first_language_supported", "families_supported", "class_teachers_trained")
PER_1000 = ("registers_per_1000", "offenders_per_1000", "conflicts_per_1000")
COUNTED = ("prevention_events", "parent_education", "parents_meetings", "conflict_techniques")
LIMITS = (
    "Постановка на учёт — тоже помощь: показатель растёт и там, где трудности стали раньше замечать, и там, где их "
    "стало больше. Различить это можно по времени постановки и снятия; его знает комиссия по делам несовершеннолетних.",
    "Школы, где на учёте или в поддержке мало детей, не названы и не сравниваются: по числу и названию ребёнка можно "
    "узнать.",
    "Число участников движений говорит о записи, а не об участии; один ученик бывает в нескольких, и доли движений не "
    "складываются.",
    "Число мероприятий по профилактике говорит об объёме работы, а не о её действии.",
    "Личностное развитие учеников по этим числам не оценивается: таких измерений в данных нет.",
)


def analyse(inputs: Inputs) -> Chapter:
    """The chapter: what schools have, movements, registers, support, amounts of work."""
    return cycle.chapter(
        inputs,
        (
            profile.panel(inputs, COMPONENTS, "upbringing_profile", "Программы, службы, участие"),
            dynamics.panel(inputs, MOVEMENTS, "upbringing_movements", "Волонтёры, объединения, каникулы"),
            organisations.panel(inputs, "volunteers", findings=False),
            rates.years(inputs, PER_1000, "upbringing_rates", "Учёты, правонарушения, конфликты"),
            rates.organisations(inputs, "registers_per_1000"),
            dynamics.panel(inputs, SUPPORT, "upbringing_support", "Поддержка учеников и семей"),
            amounts.panel(inputs, COUNTED, "upbringing_amounts", "Мероприятия и процедуры примирения"),
        ),
        LIMITS,
    )
