"""Verdicts: only what an interval allows; a part is held against the rest, never against a whole that holds it."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.directions import judgement
from tests.directions.inputs import exact, mean, per_1000, rate, row, share


def test_a_line_inside_the_interval_is_no_difference() -> None:
    # Wilson, 30 of 100: 0.219–0.396
    assert judgement.against_wider(share(30, 100), exact(0.218), 10) == "higher"
    assert judgement.against_wider(share(30, 100), exact(0.220), 10) == "same"
    assert judgement.against_wider(share(30, 100), exact(0.395), 10) == "same"
    assert judgement.against_wider(share(30, 100), exact(0.397), 10) == "lower"


@pytest.mark.parametrize(
    "odd",
    [
        row(value=0.9, n=100, numerator=None),
        row(value=None, n=100, numerator=None),
        share(9, 9),
        mean(95.0, 100),
        rate("1", 90, 100, 100, (0.85, 0.95)),
    ],
    ids=["no numerator", "no value", "nine pupils", "mean", "rate"],
)
def test_without_a_counted_share_of_enough_pupils_nothing_is_said(odd: dict[str, Any]) -> None:
    assert judgement.against_wider(odd, exact(0.05), 10) == "insufficient"


def test_a_comparator_without_value_decides_nothing() -> None:
    assert judgement.against_wider(share(30, 100), exact(0.05) | {"value": None}, 10) == "insufficient"


def test_a_part_is_held_against_the_rest_of_its_whole() -> None:
    # 12 of 40 against the other 8 of 60: 0.3 − 0.133 with Newcombe's bounds 0.006 and 0.334 by hand
    school, town = share(12, 40, level="organisation"), share(20, 100)
    assert school["lower"] < town["value"]  # a fixed line would find nothing
    assert judgement.against_wider(school, town, 10) == "higher"
    assert judgement.against_wider(share(8, 60, level="organisation"), town, 10) == "lower"


def test_among_many_the_interval_is_wider() -> None:
    school, town = share(12, 40, level="organisation"), share(20, 100)
    assert judgement.against_wider(school, town, 10, judgement.OF_MANY) == "same"
    assert (
        judgement.against_wider(share(35, 40, level="organisation"), share(43, 100), 10, judgement.OF_MANY) == "higher"
    )


def test_the_only_school_of_a_town_has_nothing_to_be_compared_with() -> None:
    assert judgement.against_wider(share(20, 100, level="organisation"), share(20, 100), 10) == "insufficient"


def test_a_rest_of_few_pupils_is_not_compared_with() -> None:
    assert judgement.against_wider(share(60, 95, level="organisation"), share(60, 104), 10) == "insufficient"
    assert judgement.against_wider(share(60, 95, level="organisation"), share(60, 105), 10) == "higher"


@pytest.mark.parametrize("whole", [(10, 100), (60, 64), (20, 30)])
def test_counts_that_contradict_each_other_decide_nothing(whole: tuple[int, int]) -> None:
    assert judgement.against_wider(share(12, 40, level="organisation"), share(*whole), 10) == "insufficient"


def test_two_years_are_compared_by_the_interval_of_the_difference() -> None:
    # Newcombe 1998, table II, example (a): 56/70 − 48/80, method 10: 0.0524 to 0.3339
    assert judgement.against_row(share(56, 70), share(48, 80), 10) == "higher"
    assert judgement.against_row(share(48, 80), share(56, 70), 10) == "lower"
    # example (b): 9/10 − 3/10 is 0.1705 to 0.8090; of nine pupils nothing is said
    assert judgement.against_row(share(9, 10), share(3, 10), 10) == "higher"
    assert judgement.against_row(share(9, 10), share(3, 9), 10) == "insufficient"
    assert judgement.against_row(share(20, 100), share(22, 100), 10) == "same"


def test_a_year_known_only_as_a_percent_is_no_ground_for_a_change() -> None:
    published = row(value=0.05, n=400, numerator=None)
    assert judgement.against_row(share(80, 400), published, 10) == "insufficient"
    assert judgement.against_row(published, share(80, 400), 10) == "insufficient"
    assert judgement.against_row(mean(50.0, 400), mean(10.0, 400), 10) == "insufficient"


def test_the_year_before_is_the_newest_one_with_a_row() -> None:
    rows = [share(1, 100, school_year=year) for year in (2022, 2024, 2026)]
    other = share(1, 100, school_year=2025, subject="mathematics")
    assert judgement.previous(rows[2], [*rows, other]) == rows[1]
    assert judgement.previous(rows[0], [*rows, other]) is None


def test_comparators_are_of_the_same_cell_and_have_values() -> None:
    own = share(10, 100)
    region, country = exact(0.07, "region"), exact(0.05)
    strangers = [exact(0.5, subject="mathematics"), exact(0.5, school_year=2025), exact(0.5, grade=5)]
    assert judgement.comparators(own, [own, country, region, *strangers]) == [region, country]
    assert judgement.comparators(own, [own, region | {"value": None}]) == []


def test_persons_per_1000_are_compared_as_shares() -> None:
    # the same counts as above: 12 of 40 against 8 of 60, said per 1000
    school, town = per_1000(12, 40, level="organisation"), per_1000(20, 100)
    assert judgement.against_wider(school, town, 10) == "higher"
    assert judgement.against_row(per_1000(30, 100), per_1000(30, 100, school_year=2025), 10) == "same"
    assert judgement.against_wider(per_1000(30, 100), exact(218.0, unit="per_1000", kind="rate"), 10) == "higher"
    assert judgement.against_wider(per_1000(30, 100), exact(220.0, unit="per_1000", kind="rate"), 10) == "same"


def test_events_are_compared_as_events() -> None:
    # of 10 conflicts on half of the pupils none: chance 0.5 ** 10
    none = per_1000(0, 100, "conflicts_per_1000", level="organisation")
    assert judgement.against_wider(none, per_1000(10, 200, "conflicts_per_1000"), 10) == "lower"
    assert judgement.against_wider(none, per_1000(5, 200, "conflicts_per_1000"), 10) == "same"
    assert judgement.against_row(none, per_1000(6, 100, "conflicts_per_1000"), 10) == "lower"
    more = per_1000(150, 100, "conflicts_per_1000")  # more conflicts than pupils
    assert judgement.against_row(more, per_1000(20, 100, "conflicts_per_1000"), 10) == "higher"


def test_persons_and_events_are_not_compared_with_each_other() -> None:
    events = per_1000(20, 100, "conflicts_per_1000")
    assert judgement.against_row(events, per_1000(20, 100), 10) == "insufficient"
    assert judgement.against_wider(events, exact(5.0, unit="per_1000", kind="rate"), 10) == "insufficient"
