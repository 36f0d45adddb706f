"""What schools answer in the collection form: pupils, conditions, talents, career, leavers, upbringing.

table → item → rule, or group → rule where the item has a breakdown. Shares are invented and plausible.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.demo.rules import Count, Fact, Growing, Level, Listed, Part, Remaining, Rule, Since, Yes

Rules = Mapping[str, Rule | Mapping[str, Rule]]
STAGES = ("primary", "basic", "upper")
LOW_RESULTS = {"demo-05": (2023, 2024, 2025, 2026), "demo-09": (2025,), "demo-15": (2023, 2024)}
HARD_CONDITIONS = {org: (2022, 2023, 2024, 2025, 2026) for org in ("demo-05", "demo-17", "demo-18")}


def staged(rule: Rule) -> dict[str, Rule]:
    return dict.fromkeys(STAGES, rule)


UPBRINGING: Rules = {
    "programme": Yes(0.96),
    "volunteers": Part("pupils", 0.16),
    "associations": Part("pupils", 0.42),
    "movement_first": Part("associations", 0.55),
    "young_army": Part("associations", 0.14),
    "road_inspectors": Part("associations", 0.1),
    "on_registers": Part("pupils", 0.012, slope=-0.5),
    "offenders": Part("on_registers", 0.3),
    "difficult": Part("pupils", 0.03, slope=-0.3),
    "difficult_supported": Part("difficult", 0.72),
    "prevention_events": Count(14),
    "class_teachers": Fact("classes"),
    "class_teachers_trained": Part("class_teachers", 0.62),
    "first_language_supported": Part("context_language", 0.66),
    "holidays": Part("pupils", 0.51),
    "families": Part("pupils", 0.035, slope=-0.3),
    "families_supported": Part("families", 0.78),
    "parent_education": Count(9),
    "parents_council": Yes(0.8),
    "mediation_service": Yes(0.75),
    "conflicts": Count(0.008, "pupils"),
    "techniques": {
        "mediation": Part("conflicts", 0.35),
        "circle": Part("conflicts", 0.15),
        "talks": Part("conflicts", 0.45),
    },
}
CONTEXT: Rules = {
    "pupils_total": Fact("pupils"),
    "classes_total": Fact("classes"),
    "pupils_second_shift": Part("pupils_total", 0.11, spread=0.8),
    "pupils_transported": Part("pupils_total", 0.06, spread=0.9),
    "pupils_disabilities": Fact("ovz"),
    "pupils_invalid": Part("pupils_total", 0.018),
    "pupils_other_language": Fact("context_language"),
    "pupils_low_income": Part("pupils_total", 0.17, slope=-0.7),
    "pupils_large_families": Part("pupils_total", 0.19, slope=-0.2),
    "pupils_single_parent": Part("pupils_total", 0.2, slope=-0.3),
    "pupils_in_care": Part("pupils_total", 0.02, slope=-0.3),
    "families_at_risk": Count(0.009, "pupils_total", slope=-0.5),
    "pupils_parents_higher": Part("pupils_total", 0.36, slope=0.9),
    "pupils_parents_unemployed": Part("pupils_total", 0.045, slope=-0.5),
    "textbooks_full": Part("pupils_total", 0.965),
    "parents_meetings": Count(11),
    "conflicts_registered": Part("upbringing.conflicts", 0.6),
    "conflicts_settled": Part("conflicts_registered", 0.75),
    "growth_point": Yes(0.45),
    "network_partner": Yes(0.7),
    "shnor_listed": Listed(LOW_RESULTS),
    "shnsu_listed": Listed(HARD_CONDITIONS),
    "internet": Level(3.1, 4),
}
ATTENDANCE: Rules = {
    "pupils_start": {stage: Fact(f"pupils_{stage}") for stage in STAGES},
    "arrived": staged(Part("pupils_start", 0.018)),
    "left": staged(Part("pupils_start", 0.02)),
    "pupils_end": staged(Remaining("pupils_start", "arrived", "left")),
    "never_started": staged(Part("pupils_start", 0.0012)),
    "absent_often": {
        "primary": Part("pupils_start", 0.012, slope=-0.4),
        "basic": Part("pupils_start", 0.042, slope=-0.4),
        "upper": Part("pupils_start", 0.03, slope=-0.4),
    },
    "repeated": staged(Part("pupils_end", 0.004, slope=-0.5)),
    "transferred_conditionally": staged(Part("pupils_end", 0.02, slope=-0.6)),
    "individual_curriculum": staged(Part("pupils_end", 0.05)),
    "grade_9_distinction": Part("grade_9", 0.06, slope=0.5),
    "procedures_schedule": Yes(0.9),
    "scheduled_classes": {
        "primary": Part("classes", 0.36),
        "basic": Part("classes", 0.5),
        "upper": Count(0.042, "pupils_upper", spread=0.05),
    },
    "scheduled_works": {
        "primary": Count(9.5, "scheduled_classes", spread=0.15),
        "basic": Count(17.0, "scheduled_classes", spread=0.15),
        "upper": Count(14.0, "scheduled_classes", spread=0.15),
    },
    "gia_preparation_studied": Yes(0.6),
}
ADDITIONAL_EDUCATION: Rules = {
    "in_programmes": Part("pupils", 0.79),
    "in_programmes_ovz": Part("ovz", 0.6),
    "gifted_register": Part("pupils", 0.06, slope=0.5),
    "gifted_supported": Part("gifted_register", 0.55),
    "gifted_routes": Part("gifted_register", 0.4),
    "shifts": Part("pupils", 0.05),
    "shifts_ovz": Part("shifts", 0.03),
    "talent_events_ovz": Part("ovz", 0.25),
    "pupils_4_11": Fact("pupils_4_11"),
    "olympiad_school_pupils": Part("pupils_4_11", 0.46, slope=0.2),
    "olympiad_municipal_pupils": Part("olympiad_school_pupils", 0.12, slope=0.3),
    "listed_contests": {"regional": Part("pupils", 0.05, slope=0.4), "national": Part("pupils", 0.02, slope=0.4)},
    "listed_winners": {"regional": Part("listed_contests", 0.28), "national": Part("listed_contests", 0.2)},
    "ege_profile": Part("pupils_11", 0.5),
    "ege_profile_high": Part("ege_profile", 0.24, slope=0.5),
    "prizes": Count(0.004, "pupils", slope=0.6),
    "joint_projects": Growing(0.6),
    "parent_events": Count(4),
    "own_programmes": Count(13),
}
CAREER: Rules = {
    "pupils_6_11": Fact("pupils_6_11"),
    "pupils_8_11": Fact("pupils_8_11"),
    "pupils_special": Fact("nothing"),
    "parents": Count(1.6, "pupils", spread=0.03),
    "juniors": Part("pupils_6_11", 0.008),
    "master_classes": Part("pupils_6_11", 0.18),
    "abilympics_special": Fact("nothing"),
    "abilympics": Part("ovz", 0.05),
    "bilet": Part("pupils_6_11", 0.34),
    "bilet_8_11": Part("bilet", 0.6),
    "diagnostics": Part("pupils_6_11", 0.44),
    "workplaces": Count(7),
    "parents_supported": Part("parents", 0.12),
    "career_course": Part("pupils_6_11", 0.88),
    "proektoria": Part("pupils_8_11", 0.66),
    "trials": Part("pupils_6_11", 0.27),
    "excursions": Part("pupils_6_11", 0.49),
    "open_days": Part("pupils_6_11", 0.31),
    "meetings": Part("pupils_6_11", 0.38),
    "viewers": Part("pupils", 0.14),
    "pupils_9": Fact("grade_9"),
    "preprofile_9": Part("pupils_9", 0.72),
    "pupils_10_11": Fact("pupils_upper"),
    "profile_10_11": Part("pupils_10_11", 0.74),
    "profile_11": Part("pupils_11", 0.72),
    "profile_choice": Part("profile_11", 0.8),
    "psychological_service": Yes(0.72),
    "agreements": Count(4),
    "career_events": Count(11),
}
DESTINATIONS: Rules = {
    "graduates": {"grade_9": Fact("grade_9"), "grade_11": Fact("pupils_11")},
    "to_colleges": {"grade_9": Part("graduates", 0.53, slope=-0.3), "grade_11": Part("graduates", 0.24, slope=-0.3)},
    "to_universities": {"grade_11": Part("graduates", 0.84, slope=0.4, beside=("to_colleges",))},
    "by_profile": {"grade_9": Part("graduates", 0.3), "grade_11": Part("graduates", 0.55)},
    "gifted_graduates": {"grade_9": Part("graduates", 0.06), "grade_11": Part("graduates", 0.13)},
    "gifted_entered": {"grade_9": Part("gifted_graduates", 0.5), "grade_11": Part("gifted_graduates", 0.72)},
    "essay_taken": {"grade_11": Fact("pupils_11")},
    "essay_passed": {"grade_11": Part("essay_taken", 0.985)},
    "interview_taken": {"grade_9": Fact("grade_9")},
    "interview_passed": {"grade_9": Part("interview_taken", 0.975)},
    "trial_taken": {"grade_9": Part("grade_9", 0.95), "grade_11": Part("pupils_11", 0.93)},
    "trial_below": {
        "grade_9": Part("trial_taken", 0.13, slope=-0.5),
        "grade_11": Part("trial_taken", 0.05, slope=-0.5),
    },
    "gve_taken": {"grade_9": Part("grade_9", 0.04), "grade_11": Part("pupils_11", 0.02)},
    "gve_passed": {"grade_9": Part("gve_taken", 0.97), "grade_11": Part("gve_taken", 0.97)},
    "gia_ovz": {"grade_9": Part("grade_9", 0.05), "grade_11": Part("pupils_11", 0.03)},
    "gia_ovz_passed": {"grade_9": Part("gia_ovz", 0.96), "grade_11": Part("gia_ovz", 0.97)},
    "medal_claimants": {"grade_11": Part("pupils_11", 0.14, slope=0.3)},
    "medal_confirmed": {"grade_11": Part("medal_claimants", 0.8)},
    "medal_second_claimants": {"grade_11": Since(2024, Part("pupils_11", 0.07))},
    "medal_second_confirmed": {"grade_11": Since(2024, Part("medal_second_claimants", 0.85))},
}
SCHOOL_TABLES: Mapping[str, Rules] = {
    "upbringing": UPBRINGING,
    "context": CONTEXT,
    "attendance": ATTENDANCE,
    "additional_education": ADDITIONAL_EDUCATION,
    "career": CAREER,
    "destinations": DESTINATIONS,
}
