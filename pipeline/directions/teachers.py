"""07. Teachers: does training answer the deficits that were found; staff, vacancies and need. No single teacher."""

from __future__ import annotations

from pipeline.directions import cycle
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.panels import amounts, dynamics, need, organisations

TRAINED = (
    "teachers_diagnosed",
    "training_addressed",
    "course_requests_met",
    "trained_three_years",
    "data_trained",
    "assessment_teams",
)
STAFF = ("teachers_category", "teachers_higher_education", "young_teachers", "teachers_retirement", "vacancies_share")
COUNTED = ("teachers_needed", "newcomers", "course_requests", "teacher_contests")
LIMITS = (
    "Разбивки по педагогам нет и не будет: организация сообщает числа. Результаты учеников о педагоге не говорят "
    "ничего, пока он сам этого не попросит (П, раздел об объективности, пункт 1.3); результаты ВПР сюда не входят.",
    "Доля найденных дефицитов зависит от того, кого и чем диагностируют: по ней организации не сравниваются.",
    "Удостоверение говорит об обучении, а не о том, изменилась ли работа на уроке: для этого нужна повторная "
    "диагностика тех же педагогов, которой в форме нет.",
    "Числа даны на разные даты: кадры — на 20 сентября, обучение — по итогам учебного года, поэтому доли от всех "
    "педагогов приблизительны там, где за год сменилось много людей.",
)


def analyse(inputs: Inputs) -> Chapter:
    """The chapter from deficits to training, then staff against need."""
    return cycle.chapter(
        inputs,
        (
            need.addressed(inputs),
            organisations.panel(inputs, "training_addressed"),
            dynamics.panel(inputs, TRAINED, "teachers_trained", "Диагностика и обучение"),
            dynamics.panel(inputs, STAFF, "teachers_staff", "Кадры"),
            organisations.panel(inputs, "vacancies_share"),
            need.staffing(inputs),
            amounts.panel(inputs, COUNTED, "teachers_amounts", "Потребность, приём, заявки и конкурсы"),
        ),
        LIMITS,
    )
