"""The world of the objectivity benchmark: districts of schools, honest or not, as methods §12 describes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from pipeline.statistics.objectivity.procedure import Floats, Ints, Procedure

MAXIMA = np.array([1, 1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2])
DIFFICULTY = np.linspace(-2.2, 1.7, 14)
STEP = 0.5  # between the two points of a task and its difficulty
SLOPE = 1.3
CUTS = np.array([7, 11, 15])
HARDEST = 5
CLASS_SIZE = 28
KINDS = {"A": (0.3, 0.6, 0.9), "B": (0.15, 0.3, 0.6), "C": (0.2, 0.4, 0.7), "D": (0.3, 0.6, 1.0)}
JOURNAL_CUTS = np.array([-1.1, 0.0, 1.1])  # of ability


@dataclass(frozen=True)
class World:
    """What honest schools differ by."""

    schools: int = 200
    item_spread: float = 0.25
    recheck: float = 0.05
    leniency: float = 0.1
    journal_spread: float = 0.35
    outside_noise: float = 0.6
    prior_shift: float = 0.15
    later_shift: float = 0.15
    strong_part: float = 0.0  # of schools that chose their pupils: a лицей
    strong_gain: float = 1.0
    variants: float = 0.0  # spread of the difficulty of tasks between two variants
    outside: bool = True  # are prior results, the later exam and the journal known


@dataclass(frozen=True)
class Cheating:
    """Kind and strength; `part` of the schools, or those in `who`; with `one_class` only one class of such a school;
    `others` is the strength, as a part of it, with which all other schools do the same."""

    kind: str
    strength: float
    part: float = 0.15
    one_class: bool = False
    who: tuple[int, ...] = ()
    others: float = 0.0


@dataclass(frozen=True)
class District:
    """A procedure with who cheated."""

    procedure: Procedure
    cheats: Ints


def sizes(world: World, generator: Generator) -> Ints:
    return np.clip(np.round(generator.lognormal(np.log(32), 0.75, world.schools)), 5, 150).astype(np.int64)


def honest(world: World, generator: Generator) -> Procedure:
    return district(world, (), generator).procedure


def district(world: World, cheating: tuple[Cheating, ...], generator: Generator) -> District:
    """One procedure; of several kinds each cheating school has one, by chance. `cheats` per school, 0 or 1.

    Kinds: A totals lifted to a bound; B hard tasks filled in; C answers copied; D all pupils helped; E the weakest
    pupils of each class do not take part.
    """
    n = sizes(world, generator)
    school = np.repeat(np.arange(world.schools), n)
    room, first = _rooms(n)
    ability = _ability(world, generator, school)
    kind = _who(world, cheating, generator)
    strength = np.zeros((len(cheating), len(school)))
    for place, one in enumerate(cheating):
        own = (kind[school] == place) & ((room == first[school]) | (not one.one_class))
        strength[place] = one.strength * np.where(own, 1.0, one.others)
    shown = ability + sum((part for one, part in zip(cheating, strength, strict=True) if one.kind == "D"), 0.0)
    variant = generator.integers(0, 2, len(school)) if world.variants else None
    scores = _answers(world, generator, shown, school, variant)
    scores = _lift(scores, np.where(_short(scores) == 1, world.recheck, 0.0), generator)
    for one, part in zip(cheating, strength, strict=True):
        scores = _cheat(one, scores, part, room, generator)
    outside = _outside(world, generator, ability, school) if world.outside else {}
    whole = Procedure(scores, MAXIMA, CUTS, school, room, variant, outside)
    absent = [part for one, part in zip(cheating, strength, strict=True) if one.kind == "E"]
    return District(_present(whole, absent[0], ability) if absent else whole, (kind >= 0).astype(np.int64))


def districts(world: World, cheating: tuple[Cheating, ...], repeats: int, seed: int) -> Iterator[District]:
    generator = np.random.default_rng(seed)
    return (district(world, cheating, generator) for _ in range(repeats))


def _who(world: World, cheating: tuple[Cheating, ...], generator: Generator) -> Ints:
    """Place of the school's kind in `cheating`, −1 of honest schools."""
    kind = np.full(world.schools, -1)
    if cheating:
        drawn = generator.permutation(world.schools)[: round(cheating[0].part * world.schools)]
        chosen = np.array(cheating[0].who) if cheating[0].who else drawn
        kind[chosen] = generator.integers(0, len(cheating), len(chosen))
    return kind


def _present(whole: Procedure, share: Floats, ability: Floats) -> Procedure:
    """Without the weakest `share` of each class."""
    order = np.lexsort((ability, whole.room))
    sizes_of = np.bincount(whole.room)
    starts = np.concatenate([[0], np.cumsum(sizes_of)])[:-1]
    rank = np.empty(len(order))
    rank[order] = (np.arange(len(order)) - np.repeat(starts, sizes_of)) / np.repeat(sizes_of, sizes_of)
    here = rank >= share
    return replace(
        whole,
        scores=whole.scores[here],
        school=whole.school[here],
        room=whole.room[here],
        variant=None if whole.variant is None else whole.variant[here],
        outside={name: values[here] for name, values in whole.outside.items()},
    )


def _rooms(n: Ints) -> tuple[Ints, Ints]:
    """Class of every pupil, and the first class of every school."""
    classes = -(-n // CLASS_SIZE)
    first = np.concatenate([[0], np.cumsum(classes)])[:-1]
    parts = [start + np.arange(size) * count // size for start, size, count in zip(first, n, classes, strict=True)]
    return np.concatenate(parts), first


def _ability(world: World, generator: Generator, school: Ints) -> Floats:
    level = 0.3 * generator.normal(size=world.schools) + generator.normal(0, 0.3, world.schools)
    level += world.strong_gain * (generator.random(world.schools) < world.strong_part)
    return np.asarray(level[school] + generator.normal(0, 0.95, len(school)))


def _answers(world: World, generator: Generator, ability: Floats, school: Ints, variant: Ints | None) -> Ints:
    tasks = len(MAXIMA)
    shift = generator.normal(0, world.item_spread, (world.schools, tasks))
    shift += np.where(MAXIMA > 1, generator.normal(0, world.leniency, (world.schools, 1)), 0.0)
    logit = SLOPE * (ability[:, None] - DIFFICULTY) + shift[school]
    if variant is not None:
        logit += (generator.normal(0, world.variants, (2, tasks)) * np.array([[1], [-1]]))[variant]
    drawn = generator.random(logit.shape)
    half = np.where(MAXIMA > 1, STEP * SLOPE, 0.0)
    upper = 1 / (1 + np.exp(-(logit - half)))
    lower = 1 / (1 + np.exp(-(logit + half)))
    return np.where(MAXIMA > 1, (drawn < lower).astype(np.int64) + (drawn < upper), drawn < upper).astype(np.int64)


def _short(scores: Ints) -> Ints:
    """Points short of the next cut; 99 above the last."""
    place = np.searchsorted(CUTS, scores.sum(axis=1), side="right")
    return np.where(place < len(CUTS), np.append(CUTS, 0)[place] - scores.sum(axis=1), 99)


def _lift(scores: Ints, chance: Floats, generator: Generator) -> Ints:
    """Works are lifted to the next cut with these chances: points are given on tasks not done in full."""
    chosen = np.nonzero(generator.random(len(scores)) < chance)[0]
    scores, short = scores.copy(), _short(scores)[chosen]
    for step in range(int(short.max(initial=0))):
        rows = chosen[short > step]
        order = generator.random((len(rows), len(MAXIMA))) * (scores[rows] < MAXIMA)
        scores[rows, order.argmax(axis=1)] += 1
    return scores


def _cheat(one: Cheating, scores: Ints, strength: Floats, room: Ints, generator: Generator) -> Ints:
    if not strength.any():
        return scores
    if one.kind == "A":
        short = _short(scores)
        part = np.where(short == 1, 1.0, np.where(short == 2, 0.5, 0.0))
        return _lift(scores, np.asarray(strength * part, dtype=float), generator)
    if one.kind == "B":
        given = generator.random((len(scores), HARDEST, 2)) < strength[:, None, None]
        lost = (MAXIMA - scores)[:, -HARDEST:]
        add = (given & (np.arange(2) < lost[..., None])).sum(axis=2)
        return np.concatenate([scores[:, :-HARDEST], scores[:, -HARDEST:] + add], axis=1)
    return _copy(scores, strength, room, generator) if one.kind == "C" else scores


def _copy(scores: Ints, strength: Floats, room: Ints, generator: Generator) -> Ints:
    """A share of the class copies 80 % of the answers of one of its better pupils (the best third)."""
    result, totals = scores.copy(), scores.sum(axis=1)
    for one in np.unique(room[strength > 0]):
        members = np.nonzero(room == one)[0]
        better = members[np.argsort(-totals[members], kind="stable")[: max(1, len(members) // 3)]]
        for pupil in members[generator.random(len(members)) < strength[members]]:
            source = generator.choice(better)
            taken = generator.random(scores.shape[1]) < 0.8
            if source != pupil:
                result[pupil, taken] = scores[source, taken]
    return result


def _outside(world: World, generator: Generator, ability: Floats, school: Ints) -> dict[str, Floats]:
    def seen(shift: float, noise: float) -> Floats:
        moved = generator.normal(0, shift, world.schools)[school]
        return np.asarray(ability + moved + generator.normal(0, noise, len(ability)))

    journal = np.asarray(np.searchsorted(JOURNAL_CUTS, seen(world.journal_spread, 0.5)) + 2.0, dtype=float)
    return {
        "prior": seen(world.prior_shift, world.outside_noise),
        "later": seen(world.later_shift, world.outside_noise),
        "journal": journal,
    }
