"""The search in small invented districts: floors of the benchmark, invariances, honest districts, edges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import Generator

from benchmarks import objectivity as benchmark
from benchmarks.cheating_world import MAXIMA, Cheating, World, district, districts, honest
from pipeline.statistics.objectivity import curves, dossier, model, reference, signals, similarity, spoiling, tasks
from pipeline.statistics.objectivity.combine import signs
from pipeline.statistics.objectivity.procedure import Procedure
from pipeline.statistics.objectivity.reference import Reference

WORLD = World(schools=40)


@pytest.fixture(scope="module")
def against() -> Reference:
    return benchmark.honest_reference(WORLD, 120)


@pytest.fixture(scope="module")
def one() -> Procedure:
    return honest(WORLD, np.random.default_rng(4))


@pytest.mark.parametrize(
    ("cheating", "marker", "floor", "combined"),
    [
        (Cheating("A", 0.6), "heap", 0.92, 0.86),
        (Cheating("B", 0.3), "hard", 0.97, 0.95),
        (Cheating("C", 0.4), "twins", 0.82, 0.90),
        (Cheating("D", 0.6), "level", 0.94, 0.88),
    ],
)
def test_each_kind_of_help_is_found(
    against: Reference, cheating: Cheating, marker: str, floor: float, combined: float
) -> None:
    seen = benchmark.see(districts(WORLD, (cheating,), 12, 3), against)
    assert seen.auc(seen.markers[marker]) >= floor
    assert seen.auc() >= combined
    assert seen.false_positives <= 0.02


def test_honest_districts_are_left_alone(against: Reference) -> None:
    seen = benchmark.see(districts(WORLD, (), 60, 5), against)
    assert 0.003 <= seen.small_p <= 0.02
    assert seen.any_flag <= 0.16


def test_order_of_pupils_tells_nothing(one: Procedure) -> None:
    order = np.random.default_rng(1).permutation(len(one.school))
    moved = replace(
        one,
        scores=one.scores[order],
        school=one.school[order],
        room=one.room[order],
        outside={name: values[order] for name, values in one.outside.items()},
    )
    first, second = signals.measure(one), signals.measure(moved)
    for name, values in first.schools.z.items():
        assert second.schools.z[name] == pytest.approx(values, abs=1e-4), name


def test_order_of_tasks_tells_nothing(one: Procedure) -> None:
    order = np.random.default_rng(2).permutation(len(MAXIMA))
    moved = replace(one, scores=one.scores[:, order], maxima=one.maxima[order])
    first, second = signals.measure(one), signals.measure(moved)
    for name, values in first.schools.z.items():
        assert second.schools.z[name] == pytest.approx(values, abs=1e-4), name


def test_scale_of_the_journal_tells_nothing(one: Procedure) -> None:
    moved = replace(one, outside={"journal": 20 * one.outside["journal"] + 3})
    first = signals.measure(replace(one, outside={"journal": one.outside["journal"]}))
    assert signals.measure(moved).schools.z["journal"] == pytest.approx(first.schools.z["journal"], abs=1e-6)


@pytest.mark.parametrize("kind", list(spoiling.KINDS))
def test_help_moves_the_marker_of_its_kind(one: Procedure, kind: str) -> None:
    chosen = one.school == int(np.bincount(one.school).argmax())
    spoilt = spoiling.KINDS[kind](one, np.random.default_rng(6))
    mixed = replace(one, scores=np.where(chosen[:, None], spoilt.scores, one.scores))
    school, marker = int(one.school[chosen][0]), {"lifted": "heap", "filled": "hard", "copied": "twins"}[kind]
    before, after = signals.measure(one).schools.z[marker][school], signals.measure(mixed).schools.z[marker][school]
    assert after > before + 1
    assert (spoilt.scores >= 0).all()
    assert (spoilt.scores <= one.maxima).all()


def test_residuals_add_up_to_little_at_every_total(one: Procedure) -> None:
    usual = curves.answers(one)
    assert abs(usual.residual.sum(axis=1).mean()) < 0.1
    assert ((usual.chance > 0) & (usual.chance <= 1)).all()


def test_a_copy_of_a_classmate_is_likelier_copied_than_anyone() -> None:
    small = honest(World(schools=30), np.random.default_rng(8))
    members = np.nonzero(small.room == 3)[0]
    scores = small.scores.copy()
    scores[members[0]] = scores[members[1]]
    found = similarity.twins(replace(small, scores=scores), curves.answers(replace(small, scores=scores)))
    before = similarity.twins(small, curves.answers(small))
    assert found[members[0]] > before[members[0]]


def test_flattened_difficulty_has_a_slope_under_one() -> None:
    wider = np.array([0.9, 0.8, 0.6, 0.4, 0.2])
    logits = np.log(wider / (1 - wider))
    school = 1 / (1 + np.exp(-(0.3 + 0.5 * logits)))
    slope, error = tasks.flattening(school, wider)
    assert slope == pytest.approx(0.5)
    assert error == pytest.approx(0, abs=1e-9)
    assert np.isnan(tasks.flattening(np.array([1.0, 0.5]), np.array([0.9, 0.5]))[0])


def test_fitted_reference_is_the_same_every_time() -> None:
    small = honest(World(schools=12), np.random.default_rng(9))
    first, second = (reference.build(model.fit(small).draw, 10, seed=1) for _ in range(2))
    found = [reference.judge(small, one).combined for one in (first, second)]
    assert found[0].tolist() == found[1].tolist()


def test_fitted_district_looks_like_its_own() -> None:
    small = honest(replace(WORLD, outside=False), np.random.default_rng(10))
    drawn = model.fit(small).draw(np.random.default_rng(1))
    assert drawn.school.tolist() == small.school.tolist()
    assert drawn.scores.mean(axis=0) == pytest.approx(small.scores.mean(axis=0), abs=0.12)
    assert drawn.totals.std() == pytest.approx(small.totals.std(), rel=0.1)


def test_helped_school_is_found_from_the_data_alone() -> None:
    who = (2, 7)
    helped = district(World(schools=20), (Cheating("B", 0.6, who=who),), np.random.default_rng(12)).procedure
    judged = reference.judge(helped, reference.build(model.fit(helped).draw, 60, seed=1))
    found = signs({"work": judged})
    flagged = np.nonzero(found.school_flags("work"))[0]
    assert set(who) >= set(flagged.tolist())
    assert len(flagged)
    told = dossier.dossier("work", judged, int(flagged[0]), float(found.schools["work"][flagged[0]]))
    assert told.mechanism in ("filled", "copied")
    assert "hard" in [marker.name for marker in told.markers]
    assert told.n == (helped.school == flagged[0]).sum()


def test_power_grows_with_the_school(against: Reference) -> None:
    def draw(generator: Generator) -> Procedure:
        return honest(replace(WORLD, schools=39), generator)

    shares = dossier.power(draw, spoiling.filled, against, 0.01, 9, seed=1)
    assert np.nanmean(shares) > 0.4
    assert shares.shape == (39,)


def test_one_school_has_nobody_to_stand_beside(one: Procedure) -> None:
    alone = replace(one, school=np.zeros_like(one.school), room=np.zeros_like(one.room))
    with pytest.raises(ValueError, match="школа одна"):
        model.fit(alone)
    assert (signals.measure(alone).schools.z["hard"] == 0).all()


def test_impossible_scores_are_refused(one: Procedure) -> None:
    with pytest.raises(ValueError, match="maximum"):
        replace(one, scores=one.scores + 5)
