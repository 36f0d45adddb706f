"""What organisations of all kinds answer: staff, training, heads, surveys, observation, methodical work, preschool."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.demo.answers_school import Rules
from pipeline.demo.rules import NEVER, Count, Fact, Level, NotHeld, Part, Remaining, Yes

STAFF: Rules = {
    "teachers": Fact("teachers"),
    "teachers_category": {
        "first": Part("teachers", 0.34),
        "highest": Part("teachers", 0.42, beside=("staff.teachers_category/first",)),
    },
    "teachers_higher_education": Part("teachers", 0.84, slope=0.3),
    "teachers_retirement": Part("teachers", 0.22),
    "young_teachers": Part("teachers", 0.11),
    "young_mentored": Part("young_teachers", 0.7),
    "young_in_school": Part("young_teachers", 0.55),
    "newcomers": Part("young_teachers", 0.35),
    "mentors": Part("teachers", 0.1),
    "mentors_trained": Part("mentors", 0.5),
    "mentoring_pairs": Part("young_teachers", 0.7),
    "mentoring_model": Yes(0.72),
    "positions": Remaining("teachers", "spare", "nothing"),
    "vacancies": Part("spare", 0.7),
    "needed_next": Part("positions", 0.05, slope=-0.2),
    "psychologists": Part("two", 0.45),
}
TRAINING: Rules = {
    "diagnosed": Part("teachers", 0.46),
    "deficits": Part("diagnosed", 0.52),
    "routes": Part("deficits", 0.7),
    "routes_done": Part("routes", 0.58),
    "trained_addressed": Part("deficits", 0.45),
    "trained_year": Part("teachers", 0.3),
    "trained_3y": Part("teachers", 0.81),
    "course_requests": Part("teachers", 0.38),
    "course_requests_met": Part("course_requests", 0.76),
    "assessment_team": Yes(0.55),
    "low_results_team": Yes(0.35),
    "data_trained": Part("teachers", 0.12),
    "support_assessment_trained": Part("teachers", 0.2),
    "talent_trained": Part("teachers", 0.16),
    "help_asked": Part("teachers", 0.28),
    "help_given": Part("help_asked", 0.86),
    "networks": Part("teachers", 0.4),
}
HEADS: Rules = {
    "head_attested": Yes(0.88),
    "head_trained": Yes(0.74),
    "head_self_diagnosis": Yes(0.56),
    "reserve": Count(1.4),
    "reserve_trained": Part("reserve", 0.55),
    "network_measures": Count(1.6),
    "network_measures_done": Part("network_measures", 0.7),
    "network_programmes": Count(0.9),
    "objectivity_acts": Yes(0.88),
    "internal_assessment_act": Yes(0.9),
    "inspection_remarks": Count(3.2),
    "inspection_remarks_closed": Part("inspection_remarks", 0.82),
    "accepted": Yes(0.84),
    "independent_assessment": Yes(0.78),
    "assessment_measures": Count(4),
    "assessment_measures_done": Part("assessment_measures", 0.74),
    "ovz_provided": Part("ovz", 0.83),
}
SURVEY: Rules = {
    "respondents": {
        "parents": Part("families", 0.38),
        "pupils": NotHeld(0.1, Part("pupils_8_11", 0.55)),
        "citizens": NotHeld(0.4, Count(28)),
    },
    "satisfied_quality": {
        "parents": Part("respondents", 0.8, slope=0.2),
        "pupils": Part("respondents", 0.72, slope=0.2),
        "citizens": Part("respondents", 0.68),
    },
    "satisfied_conditions": {
        "parents": Part("respondents", 0.75),
        "pupils": Part("respondents", 0.7),
        "citizens": Part("respondents", 0.66),
    },
    "trust_assessment": {"parents": Part("respondents", 0.71), "pupils": Part("respondents", 0.64)},
}
SURVEY_OF_SMALL: Rules = {
    item: {group: (rule if group == "parents" else NEVER) for group, rule in rules.items()}
    for item, rules in SURVEY.items()
    if isinstance(rules, Mapping)
}
WORKED_OVER = ("vpr", "regional", "interview", "gia", "olympiad")
OBSERVATION: Rules = {
    "sittings": dict(zip(WORKED_OVER, map(Count, (14, 5, 2, 4, 12)), strict=True)),
    "sittings_observed": dict(
        zip(WORKED_OVER, (Part("sittings", share) for share in (0.72, 0.5, 0.75, 0.92, 0.4)), strict=True)
    ),
    "sittings_video": dict(
        zip(WORKED_OVER, (Part("sittings", share) for share in (0.28, 0.1, 0.3, 0.9, 0.15)), strict=True)
    ),
    "sittings_controlled": dict(
        zip(WORKED_OVER, (Part("sittings", share) for share in (0.3, 0.2, 0.3, 0.5, 0.2)), strict=True)
    ),
    "works_rechecked": {
        "vpr": Part("pupils", 0.06),
        "regional": NotHeld(0.15, Part("pupils", 0.02)),
        "olympiad": Part("pupils", 0.02),
    },
    "works_changed": {
        "vpr": Part("works_rechecked", 0.11),
        "regional": Part("works_rechecked", 0.08),
        "olympiad": Part("works_rechecked", 0.12),
    },
    "observers": Count(0.012, "pupils"),
    "observers_trained": Part("observers", 0.7),
    "observers_parents": Part("observers", 0.45),
    "order_procedures": Yes(0.94),
    "order_objectivity": Yes(0.86),
    "observation_schedule": Yes(0.78),
    "briefings": Yes(0.9),
    "secure_channel": Yes(0.93),
    "journal_choice": Yes(0.4),
    "meetings_quarter": Count(3),
}
METHODICAL: Rules = {
    "unions": Count(14, spread=0.02),
    "unions_revised": Part("unions", 0.55),
    "union_leader_meetings": Count(3),
    "subject_areas": Fact("subject_areas"),
    "subject_areas_planned": Part("subject_areas", 0.6),
    "seminars": Count(18),
    "network_meetings": Count(7),
    "young_consultations": Count(44),
    "experience_studied": Count(12),
    "experience_spread": Part("experience_studied", 0.5),
    "school_services": Fact("schools"),
    "school_services_supported": Part("school_services", 0.6),
    "schools_asked": Part("schools", 0.5),
    "schools_considered": Part("schools_asked", 0.7),
    "contestants_supported": Count(16),
    "problem_groups": Count(4),
}
AREAS = ("programmes", "content", "conditions", "ovz", "family", "health", "management")
KINDERGARTEN: Rules = {
    "monitored": Yes(0.9),
    **{f"level_{area}": Level(mean, 5) for area, mean in zip(AREAS, (3.3, 3.2, 3.0, 2.7, 3.4, 3.6, 3.1), strict=True)},
    "children": {"under_3": Fact("under_3"), "from_3": Fact("from_3")},
    "children_ovz": Part("children", 0.07),
    "children_ovz_programme": Part("children_ovz", 0.8),
    "families_total": Fact("families"),
    "families_involved": Part("families_total", 0.6),
}
PLACES: Rules = {
    "population": {"under_3": Fact("population_under_3"), "from_3": Fact("population_from_3")},
    "covered": {"under_3": Part("population", 0.37), "from_3": Part("population", 0.93)},
    "queue": {
        "under_3": Part("population", 0.2, beside=("preschool.covered/under_3",)),
        "from_3": Part("population", 0.12, beside=("preschool.covered/from_3",)),
    },
}
STAFF_TABLES: Mapping[str, Rules] = {"staff": STAFF, "training": TRAINING, "heads": HEADS}
