"""Small and odd districts get an answer, and what cannot matter does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.cheating_world import Cheating, World, district, honest
from pipeline.statistics.objectivity import heaping, model, reference, signals
from pipeline.statistics.objectivity.combine import signs
from pipeline.statistics.objectivity.procedure import Procedure, untestable

Change = Callable[[Procedure], Procedure]


def of(schools: int, seed: int = 1) -> Procedure:
    return honest(World(schools=schools), np.random.default_rng(seed))


def only(one: Procedure, rows: slice) -> Procedure:
    outside = {name: values[rows] for name, values in one.outside.items()}
    return replace(one, scores=one.scores[rows], school=one.school[rows], room=one.room[rows], outside=outside)


REASONS: dict[str, tuple[Change, str]] = {
    "one school": (lambda one: replace(one, school=0 * one.school, room=0 * one.room), "школа одна"),
    "few pupils": (lambda one: only(replace(one, school=np.arange(len(one.school)) % 8), slice(0, 24)), "участников"),
    "few tasks": (lambda one: replace(one, scores=one.scores[:, :3], maxima=one.maxima[:3]), "заданий"),
    "all nothing": (lambda one: replace(one, scores=0 * one.scores), "одинаковый"),
    "all everything": (lambda one: replace(one, scores=0 * one.scores + one.maxima), "одинаковый"),
}


@pytest.mark.parametrize("name", REASONS)
def test_where_nothing_can_be_looked_for_the_reason_is_said(name: str) -> None:
    change, reason = REASONS[name]
    odd = change(of(8))
    assert reason in untestable(odd)
    with pytest.raises(ValueError, match=reason):
        model.fit(odd)
    assert untestable(of(8)) == ""


ODD: dict[str, Change] = {
    "two schools": lambda _: of(2, 6),
    "four schools of one class each": lambda _: replace(of(4), room=of(4).school),
    "nothing from outside": lambda one: replace(one, outside={}),
    "a journal nobody filled in": lambda one: replace(one, outside={"journal": np.full(len(one.school), np.nan)}),
    "the same mark in every journal": lambda one: replace(one, outside={"journal": np.full(len(one.school), 4.0)}),
    "no bounds of marks": lambda one: replace(one, cuts=np.array([], dtype=np.int64)),
    "bounds at both ends": lambda one: replace(one, cuts=np.array([1, 2, 20])),
    "a task that nobody did": lambda one: replace(one, scores=one.scores * (np.arange(14) != 3)),
    "a number that no school has": lambda one: replace(one, school=np.where(one.school == 3, 9, one.school)),
    "one pupil with another variant": lambda one: replace(one, variant=(np.arange(len(one.school)) == 0).astype(int)),
    "all schools with the same answers": lambda one: replace(
        one,
        scores=np.tile(one.scores[:20], (8, 1)),
        school=np.repeat(np.arange(8), 20),
        room=np.repeat(np.arange(8), 20),
        outside={},
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_districts_are_searched_and_nobody_is_named(name: str) -> None:
    odd = ODD[name](of(8))
    assert untestable(odd) == ""
    judged = reference.judge(odd, reference.build(model.fit(odd).draw, 120, 1))
    assert np.isfinite(judged.combined).all()
    assert ((judged.combined > 0) & (judged.combined <= 1)).all()
    assert not signs({"work": judged}).school_flags("work").any()


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(12)))
def test_numbers_of_schools_tell_nothing(order: list[int]) -> None:
    one, places = of(12, 3), np.array(order)
    moved = replace(one, school=places[one.school])
    first, second = signals.measure(one).schools, signals.measure(moved).schools
    for name, values in first.z.items():
        assert second.z[name][places] == pytest.approx(values, abs=1e-6), name


def test_one_more_ordinary_school_changes_little_for_the_others() -> None:
    one = of(41, 7)
    without = only(one, slice(0, int((one.school < 40).sum())))
    more, fewer = signals.measure(one).schools, signals.measure(without).schools
    for name in ("heap", "hard", "together", "twins", "level"):
        assert np.abs(more.z[name][:40] - fewer.z[name]).max() < 0.5, name


def test_a_helped_class_is_named_by_itself_before_its_school() -> None:
    cheating = Cheating("B", 0.6, who=(4,), one_class=True)
    world = World(schools=16)
    seed = next(seed for seed in range(50) if (_classes(district(world, (cheating,), _chance(seed)).procedure)[4] == 3))
    helped = district(world, (cheating,), _chance(seed)).procedure
    judged = reference.judge(helped, reference.build(model.fit(helped).draw, 60, 1))
    found = signs({"work": judged})
    named = np.nonzero(found.room_flags("work"))[0]
    assert named.tolist() == [int(helped.room[helped.school == 4].min())]  # the first of its three classes
    assert np.nonzero(found.school_flags("work"))[0].tolist() in ([4], [])


def _chance(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _classes(one: Procedure) -> list[int]:
    return np.bincount(one.school_of_room, minlength=one.schools).tolist()


def test_heap_without_a_distribution_per_school() -> None:
    who = 5
    helped = district(World(schools=12), (Cheating("A", 0.9, who=(who,)),), _chance(3)).procedure
    found = heaping.without_distribution(helped, helped.school, helped.schools)
    near = [
        [int(((helped.totals == c + step) & (helped.school == who)).sum()) for c in helped.cuts]
        for step in range(-1, 2)
    ]
    assert found[who] == heaping.frandsen(*(sum(counts) for counts in near), k=heaping.CURVED)
    assert found[who] < 0.01
    others = np.delete(found, who)
    assert (others < 0.01).sum() == 0
