"""ЕГЭ under the minimum: each subject has its own; expectations are the sums themselves."""

import pandas as pd
import pytest

from tests.indicators.frames import computed, only, results

EGE = {"procedure": "ege", "grade": 11, "mark_state": "blank", "journal_mark_state": "blank"}
# Least scores as Rosobrnadzor announced them for 2026 (formats of the design, 2.1).
LEAST = {"russian": 24, "mathematics": 27, "physics": 36, "informatics": 40, "social_studies": 42, "history": 32}
LEAST |= {"geography": 37, "english": 22, "chemistry": 36, "biology": 36, "literature": 32}


@pytest.mark.parametrize("subject", LEAST)
def test_the_least_score_itself_is_enough(subject: str) -> None:
    scores = (LEAST[subject] - 1, LEAST[subject], 90, 80)
    table = results(*({**EGE, "subject": subject, "test_score": score} for score in scores))
    found = only(computed("ege_below_minimum", results=table), level="municipality")
    assert (found["numerator"], found["denominator"]) == (1, 4)
    high = only(computed("ege_high", results=table), level="municipality")
    assert (high["numerator"], high["denominator"]) == (2, 4)


def test_base_mathematics_has_marks_and_stays_apart() -> None:
    base = {**EGE, "subject": "mathematics_base", "mark_state": "observed"}
    profile = {**EGE, "subject": "mathematics", "test_score": 26}
    found = computed("ege_below_minimum", results=results({**base, "mark": 2}, {**base, "mark": 3}, profile))
    town = found[found["level"] == "municipality"].set_index("subject")
    assert town["value"].to_dict() == {"mathematics": 1.0, "mathematics_base": 0.5}


def test_who_took_an_exam_again_is_not_counted_twice() -> None:
    again = {**EGE, "subject": "russian", "wave": "resit", "test_score": 60, "participant": "p0"}
    first = {**EGE, "subject": "russian", "test_score": 20, "participant": "p0"}
    found = only(computed("ege_below_minimum", results=results(first, again)), level="municipality")
    assert (found["numerator"], found["denominator"]) == (1, 1)


# --- results after resits ----------------------------------------------------------------------------------------
def told(score: float, participant: str, wave: str = "main", **changes: object) -> dict[str, object]:
    return {**EGE, "subject": "russian", "test_score": score, "participant": participant, "wave": wave, **changes}


def test_the_last_result_of_a_leaver_counts() -> None:
    """p0 rose over the 24 points, p1 fell under them (the earlier result is annulled), p2 and p3 wrote once."""
    table = results(told(20, "p0"), told(60, "p0", "resit"), told(30, "p1"), told(23, "p1", "resit"), told(90, "p2"))
    table = pd.concat([table, results(told(23, "p3", "reserve"))], ignore_index=True)
    final = only(computed("ege_below_minimum_final", results=table), level="municipality")
    assert (final["numerator"], final["denominator"]) == (2, 4)
    main = only(computed("ege_below_minimum", results=table), level="municipality")
    assert (main["numerator"], main["denominator"]) == (1, 3)
    assert only(computed("ege_taken_again", results=table), level="municipality")["value"] == 2


@pytest.mark.parametrize(
    "rows",
    [
        [told(20, "p0"), told(30, "p1")],
        [told(20, "p0", school_year=2023), told(60, "p0", "resit", school_year=2023)],
        [told(20, "p0"), told(60, "p0", "resit", procedure="oge", grade=9)],
        [told(20, "p0"), told(60, "p0", "resit", state="absent", test_score=None)],
    ],
)
def test_without_a_resit_there_is_no_final_value(rows: list[dict[str, object]]) -> None:
    """Nobody wrote again; before 2024 nobody could; ОГЭ has resits of its own; who did not come wrote nothing."""
    found = computed("ege_below_minimum_final", results=results(*rows))
    assert found.empty


def test_rows_after_resits_change_no_other_indicator() -> None:
    rows = [told(20 + place, f"p{place}") for place in range(9)]
    before = computed("ege_below_minimum", "ege_high", "ege_participants", results=results(*rows))
    again = results(*rows, told(80, "p3", "resit"), told(10, "p4", "resit"))
    after = computed("ege_below_minimum", "ege_high", "ege_participants", results=again)
    pd.testing.assert_frame_equal(before, after)
