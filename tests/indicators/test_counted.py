"""Values counted from pupils, tasks and lists; every expectation is written as the sum itself."""

import math

import pytest

from pipeline.indicators.context import foreign_municipalities
from tests.indicators.frames import TEST, TOWN, computed, marked, marks, only, results, scores


def test_share_of_marks_per_school_and_municipality() -> None:
    table = results(
        {"mark": 2},
        {"mark": 3},
        {"mark": 5},
        {"mark": 2, "org_id": "s2"},
        {"mark": 4, "municipality": "Село", "org_id": "s3"},
    )
    found = computed("vpr_mark_2", results=table)
    town = only(found, level="municipality")
    assert (town["numerator"], town["denominator"], town["value"]) == (1 + 1, 3 + 1, (1 + 1) / (3 + 1))
    assert (town["numerator_basis"], town["method"]) == ("counted", "wilson")
    assert only(found, group="s1")["value"] == 1 / 3
    assert sorted(found["group"]) == ["s1", "s2", "town"]
    assert foreign_municipalities({"results": table}, TOWN) == ("Село",)


def test_pupil_without_a_mark_is_in_no_denominator() -> None:
    table = results({"mark": 2}, {"mark": 3}, {"mark": None, "mark_state": "blank"}, {"mark": None, "state": "absent"})
    assert only(computed("vpr_mark_2", results=table), level="municipality")["denominator"] == 2
    assert only(computed("vpr_participants", results=table), level="municipality")["value"] == 3


def test_published_value_comes_first_and_counted_fills_the_gaps() -> None:
    published = marks({"level": "organisation", "group": "s1", "category": "2", "value": 0.5, "n": 2})
    table = results({"mark": 3}, {"mark": 3}, {"mark": 2, "org_id": "s2"})
    found = computed("vpr_mark_2", group_results=published, results=table)
    assert only(found, group="s1")["value"] == 0.5
    assert only(found, group="s2")["value"] == 1 / 1
    suppressed = marks({"level": "organisation", "group": "s1", "category": "2", "state": "suppressed", "n": 2})
    assert only(computed("vpr_mark_2", group_results=suppressed, results=table), group="s1")["value"] == 0 / 2


def test_journal_marks_below_equal_above_and_two_apart() -> None:
    table = results(
        {"mark": 3, "journal_mark": 5},
        {"mark": 3, "journal_mark": 4},
        {"mark": 4, "journal_mark": 4},
        {"mark": 5, "journal_mark": 4},
        {"mark": 5, "journal_mark": None, "journal_mark_state": "blank"},
    )
    found = computed(
        "journal_lowered", "journal_confirmed", "journal_raised", "journal_gap_2", "journal_mark_missing", results=table
    )
    shares = {row["indicator"]: row["value"] for _, row in found[found["level"] == "municipality"].iterrows()}
    assert shares == {
        "journal_lowered": 2 / 4,
        "journal_confirmed": 1 / 4,
        "journal_raised": 1 / 4,
        "journal_gap_2": 1 / 4,
        "journal_mark_missing": 1 / 5,
    }


def test_points_of_a_task_with_the_spread_between_pupils() -> None:
    """Points 2, 1, 0, 1 of 2, twice: squares around 0.5 sum to 4 · 0.25, deviation √(1 / 7), t(.975; 7) = 2.364624."""
    table = scores(*({"score": score, "max_score": 2} for score in (2, 1, 0, 1) * 2))
    row = only(computed("vpr_task_rate", task_scores=table), level="municipality")
    assert (row["numerator"], row["denominator"], row["value"], row["n"]) == (2 * (2 + 1 + 0 + 1), 8 * 2, 8 / 16, 8)
    half = 2.364624 * math.sqrt(1 / 7) / math.sqrt(8)
    assert row["method"] == "t"
    assert (row["lower"], row["upper"]) == (
        pytest.approx(0.5 - half, abs=1e-6),
        pytest.approx(0.5 + half, abs=1e-6),
    )
    assert (row["category"], row["max_score"]) == ("basic", 2)


def test_one_point_task_is_a_share() -> None:
    table = scores({"score": 1}, {"score": 1}, {"score": 0})
    found = computed("vpr_task_rate", "vpr_task_full", task_scores=table)
    rate, full = (
        only(found, indicator="vpr_task_rate", level="municipality"),
        only(found, indicator="vpr_task_full", level="municipality"),
    )
    assert rate["method"] == full["method"] == "wilson"
    assert (rate["value"], rate["lower"], rate["upper"]) == pytest.approx((full["value"], full["lower"], full["upper"]))


def test_all_alike_is_not_certainty() -> None:
    table = scores(*({"score": 2, "max_score": 2} for _ in range(5)))
    row = only(computed("vpr_task_rate", task_scores=table), level="municipality")
    assert (row["value"], row["upper"], row["method"]) == (1.0, 1.0, "wilson")
    assert row["lower"] < 0.6


def test_not_attempted_is_zero_points_and_absent_is_nobody() -> None:
    table = scores({"score": 1}, {"score": None, "state": "not_attempted"}, {"score": None, "state": "absent"})
    row = only(computed("vpr_task_rate", task_scores=table), level="municipality")
    assert (row["numerator"], row["denominator"], row["n"]) == (1, 2, 2)


def test_tasks_below_the_norm_by_level() -> None:
    """Basic tasks at 0.56 and 0.57 (zone 0.60 ± 0.03), an advanced one at 0.28 (zone 0.30 ± 0.015)."""

    def task(name: str, level: str, hits: int) -> list[dict[str, object]]:
        return [
            {"task": name, "task_level": level, "score": int(place < hits), "participant": f"p{place}"}
            for place in range(100)
        ]

    table = scores(
        *task("1", "basic", 56), *task("2", "basic", 57), *task("3", "advanced", 28), *task("4", "advanced", 29)
    )
    found = computed("vpr_task_rate", "vpr_tasks_below_level", task_scores=table)
    below = found[(found["indicator"] == "vpr_tasks_below_level") & (found["level"] == "municipality")]
    assert {row["category"]: (row["value"], row["denominator"]) for _, row in below.iterrows()} == {
        "basic": (1, 2),
        "advanced": (1, 2),
    }


def test_norm_is_not_borrowed_by_another_year() -> None:
    found = computed("vpr_task_rate", "vpr_tasks_below_level", task_scores=scores({"score": 0, "school_year": 2024}))
    row = only(found, indicator="vpr_tasks_below_level", level="municipality")
    assert (row["value"], row["status"]) == (None, "not_applicable")


def test_marked_schools_markers_and_three_years_running() -> None:
    table = marked(
        {"school_year": 2024, "org_id": "a"},
        {"school_year": 2025, "org_id": "a"},
        {"school_year": 2026, "org_id": "a"},
        {"school_year": 2026, "org_id": "a", "subject": "mathematics"},
        {"school_year": 2026, "org_id": "b"},
        {"school_year": 2025, "org_id": "b"},
        {"school_year": 2026, "org_id": "c", "marker": 0},
        {"school_year": 2026, "org_id": "d", "municipality": "Село"},
    )
    found = computed("marked_schools", "marked_markers", "marked_by_test", "marked_three_years", marked_schools=table)
    town = found[found["level"] == "municipality"]
    assert only(town, indicator="marked_schools", school_year=2026)["value"] == 2
    assert only(town, indicator="marked_markers", school_year=2026)["value"] == 3
    assert only(town, indicator="marked_by_test", school_year=2026, subject="mathematics")["value"] == 1
    assert only(town, indicator="marked_three_years", school_year=2026)["value"] == 1
    early = only(town, indicator="marked_three_years", school_year=2025)
    assert (early["value"], early["status"]) == (None, "no_data")


def test_oge_by_subject() -> None:
    sat = {"procedure": "oge", "grade": 9}
    table = results({**sat, "mark": 2}, {**sat, "mark": 5}, {**sat, "mark": 4, "subject": "mathematics"})
    found = computed("oge_below_minimum", "oge_quality", "oge_mark_5", "oge_participants", results=table)
    town = found[(found["level"] == "municipality") & (found["subject"] == TEST["subject"])]
    assert {row["indicator"]: row["value"] for _, row in town.iterrows()} == {
        "oge_below_minimum": 1 / 2,
        "oge_quality": 1 / 2,
        "oge_mark_5": 1 / 2,
        "oge_participants": 2,
    }


def test_procedures_are_counted_although_the_whole_is_not_broken_down_by_them() -> None:
    table = results({"mark": 3}, {"mark": 4, "procedure": "oge", "grade": 9}, {"mark": 2, "org_id": "s2"})
    found = computed("procedures_together", results=table)
    assert only(found, level="municipality")["value"] == len({"vpr", "oge"})
    assert only(found, group="s2")["value"] == 1


def test_index_of_bias_is_over_the_tests_that_the_list_covers() -> None:
    school = {"level": "organisation", "category": "2", "value": 0.5, "n": 20, "school_year": 2026}
    written = marks(
        *({**school, "group": org, "org_id": org} for org in ("a", "b", "c", "d")),
        *({**school, "group": org, "org_id": org, "category": "3"} for org in ("a", "b")),
        {**school, "group": "a", "org_id": "a", "subject": "mathematics"},
        {**school, "group": "a", "org_id": "a", "grade": 8},
        {**school, "group": "a", "org_id": "a", "school_year": 2025},
    )
    listed = marked(
        {"school_year": 2026, "org_id": "a"},
        {"school_year": 2026, "org_id": "b", "marker": 0},
        {"school_year": 2026, "org_id": "a", "subject": "mathematics", "marker": 0},
    )
    found = computed("bias_index_vpr", group_results=written, marked_schools=listed)
    town = only(found, level="municipality")
    # Russian 4 of four schools and mathematics 4 of one: class 8 and the year 2025 are not in the list.
    assert (town["school_year"], town["numerator"], town["denominator"]) == (2026, 1, 4 + 1)
    assert computed("bias_index_vpr", group_results=written).empty
