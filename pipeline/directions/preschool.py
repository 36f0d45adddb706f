"""10 Качество дошкольного образования: access by age, levels by area (never averaged), staff and families."""

from __future__ import annotations

from pipeline.directions import cycle
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.panels import amounts, dynamics, levels, matrix

ACCESS = ("preschool_reach", "preschool_queue")
AREAS = (
    "preschool_level_programmes",
    "preschool_level_content",
    "preschool_level_conditions",
    "preschool_level_ovz",
    "preschool_level_family",
    "preschool_level_health",
    "preschool_level_management",
)
WORK = (
    "preschool_families",
    "preschool_teachers_category",
    "preschool_teachers_trained",
    "preschool_vacancies",
    "preschool_ovz_programmes",
    "preschool_monitored",
)
BY_KINDERGARTEN = (
    "preschool_families",
    "preschool_teachers_category",
    "preschool_teachers_trained",
    "preschool_vacancies",
)
COUNTS = ("preschool_children", "preschool_queue_children")
BASE = levels.Base(level=3, above="хороший и превосходный уровень")
LIMITS = (
    "Уровни качества — слова, а не баллы: среднего уровня по областям или по муниципалитету нет, и детские сады по "
    "местам не расставляются.",
    "Уровень ставят те, кто оценивал; внутренняя и внешняя оценка могут расходиться, а вид оценки форма не спрашивает: "
    "его может назвать детский сад.",
    "Дети, место и очередь — на 1 января учебного года: что изменилось позже, отчёт не видит.",
    "Охват считается от детей, живущих в муниципалитете: семьи, которые место не запрашивали, тоже входят в "
    "знаменатель, поэтому охват ниже 100 % ещё не значит нехватки мест — о ней говорит очередь.",
    "Детских садов немного: отличие и изменение доказать трудно, и «не отличается» не значит «одинаково».",
)


def analyse(inputs: Inputs) -> Chapter:
    """The chapter in the order of the question: access, levels by area, staff and families."""
    panels = (
        dynamics.panel(inputs, ACCESS, "preschool_access", "Доступность дошкольного образования"),
        amounts.panel(inputs, COUNTS, "preschool_counts", "Дети в детских садах и в очереди"),
        levels.panel(inputs, AREAS, "preschool_levels", "Уровни качества по областям", base=BASE, noun="детских садов"),
        dynamics.panel(inputs, WORK, "preschool_work", "Семьи, кадры и участие в мониторинге"),
        matrix.panel(inputs, BY_KINDERGARTEN, "preschool_by_kindergarten", "Семьи и кадры по детским садам"),
    )
    return cycle.chapter(inputs, panels, LIMITS)
