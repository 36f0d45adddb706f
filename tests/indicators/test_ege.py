"""ЕГЭ under the minimum: each subject has its own; expectations are the sums themselves."""

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
