"""04 Выявление, поддержка и развитие способностей и талантов: whom the work reaches and what it gives."""

from __future__ import annotations

from pipeline.directions import cycle
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.panels import amounts, dynamics, matrix, olympiad_subjects, organisations, stages

REACH = ("added_education_reach", "olympiad_school_reach")
RARER = ("olympiad_municipal_reach", "listed_contests_share", "individual_curriculum", "shifts_share")
RESULTS = ("olympiad_prize_share", "listed_contests_winners", "contests_winners", "ege_profile_high")
BY_SCHOOL = (
    "olympiad_municipal_reach",
    "listed_contests_share",
    "individual_curriculum",
    "shifts_share",
    "gifted_supported",
    "gifted_routes",
)
COUNTS = (
    "gifted_register",
    "contests_participations",
    "prizes_awarded",
    "joint_projects",
    "talent_parent_events",
    "added_education_programmes",
)
BY_SUBJECT = ("olympiad_participations_subject", "olympiad_prize_share_subject")
LIMITS = (
    "Доля участников говорит об охвате, а не о способностях: она растёт и оттого, что интерес шире, и оттого, что "
    "школа записала на школьный этап целые классы. Эти объяснения различит доля участников, набравших хотя бы половину "
    "баллов: её может дать оргкомитет олимпиады.",
    "Места олимпиады и конкурсов считаются по участиям: один ученик может дать несколько, поэтому настоящая "
    "неопределённость больше, чем показывает интервал.",
    "Число учеников в базе одарённых зависит от правил её ведения и между школами не сравнивается.",
    "Этапы олимпиады идут в течение года один за другим: глава говорит только о тех, по которым сведения уже пришли.",
    "Занятия в школах искусств и спортивных школах видны лишь настолько, насколько о них знает школа; сверить охват "
    "может муниципальный опорный центр дополнительного образования.",
    "По этим показателям не назначают выплат и не составляют списков мест школ и педагогов.",
)


def analyse(inputs: Inputs) -> Chapter:
    """The chapter in the order of the question: reach, schools, the olympiad, what came of it, support."""
    panels = (
        dynamics.panel(inputs, REACH, "talent_reach", "Охват учеников"),
        organisations.panel(inputs, "added_education_reach"),
        organisations.panel(inputs, "olympiad_school_reach"),
        dynamics.panel(inputs, RARER, "talent_rarer", "Формы, до которых доходят немногие"),
        stages.panel(inputs),
        olympiad_subjects.panel(inputs),
        dynamics.panel(inputs, RESULTS, "talent_results", "Победы и высокие результаты"),
        matrix.panel(inputs, BY_SCHOOL, "talent_by_school", "Работа со способными учениками по школам"),
        amounts.panel(inputs, COUNTS, "talent_counts", "Поддержка способных учеников в числах"),
    )
    return cycle.chapter(inputs, panels, LIMITS, apart=BY_SUBJECT)
