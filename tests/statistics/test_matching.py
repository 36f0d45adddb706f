"""Matched schools: nearest, nobody twice, nobody too far."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.statistics.matching import match, per_school


def test_the_nearest_by_hand() -> None:
    """Treated 1 and 9 among 0, 2, 5, 8: each takes the one beside it."""
    found = match([[1], [9], [0], [2], [5], [8]], [True, True, False, False, False, False], per=1)
    assert found.sets in (((0, 2), (1, 5)), ((0, 3), (1, 5)))
    assert found.alone == ()


def test_the_sum_of_distances_is_the_least() -> None:
    """All assignments of three treated to five others tried."""
    chance = np.random.default_rng(3)
    points = chance.normal(size=(8, 2))
    found = match(points, [True] * 3 + [False] * 5, per=1)
    standard = (points - points.mean(axis=0)) / points.std(axis=0)

    def length(others: tuple[int, ...]) -> float:
        return sum(float(np.linalg.norm(standard[i] - standard[o])) for i, o in enumerate(others))

    best = min(itertools.permutations(range(3, 8), 3), key=length)
    if not found.alone:
        assert tuple(one[1] for one in found.sets) == best


def test_a_school_unlike_all_others_stays_alone() -> None:
    found = match([[0], [1], [2], [3], [100]], [False, False, False, False, True])
    assert (found.sets, found.alone) == ((), (4,))
    assert match([[1], [2]], [True, True]).alone == (0, 1)


def test_a_column_without_variation_tells_nobody_apart() -> None:
    treated = [True, False, False, True, False, False]
    plain = match([[1], [1.1], [3], [5], [5.1], [7]], treated, per=1)
    assert match([[1, 4], [1.1, 4], [3, 4], [5, 4], [5.1, 4], [7, 4]], treated, per=1) == plain


def test_how_many_neighbours() -> None:
    assert [per_school(t, c) for t, c in ((4, 13), (1, 16), (5, 4), (0, 3))] == [3, 5, 1, 3]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(-9, 9), st.booleans()), min_size=2, max_size=14), st.integers(1, 4))
def test_nobody_is_matched_twice(schools: list[tuple[float, bool]], per: int) -> None:
    treated = [one for _, one in schools]
    found = match([[value] for value, _ in schools], treated, per)
    used = [place for one in found.sets for place in one]
    assert len(used) == len(set(used))
    assert sorted([one[0] for one in found.sets] + list(found.alone)) == [i for i, one in enumerate(treated) if one]
    assert all(len(one) <= per + 1 and not any(treated[place] for place in one[1:]) for one in found.sets)
