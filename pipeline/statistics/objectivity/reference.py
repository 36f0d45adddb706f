"""What honest schools of these sizes show by chance: the reference distribution of every marker and of their sum.

Simulated for the district's own number and sizes of schools: with few schools the curves and spreads are themselves
estimated roughly, and chance is wider. Deterministic: the seed is an argument, replicates are drawn one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from pipeline.statistics.objectivity.evidence import Evidence, evidence
from pipeline.statistics.objectivity.procedure import Floats, Ints, Procedure
from pipeline.statistics.objectivity.signals import Both, Signals, join, measure

KNOTS = 6
UPPER = np.array([0.999, 0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01])
TAIL = (0.005, 0.02)  # beyond an upper part within these bounds the tail is exponential
IN_TAIL = 25  # values that a tail is drawn from, where they can be had
SAFETY = 1.0  # standard errors that the mean excess of the tail is raised by
LIGHT = 0.3  # part by which it is raised at least: the true tail is a little heavier than exponential
MARGIN = 0.75  # standard errors of an upper part by which its quantile is moved out
LEAST_SCALE = 0.2  # of the mean scale: a smoothed scale is nowhere under it
LEAST_P = 1e-10
FOLDS = 5
VALUES, LEAST_REPLICATES, MOST_REPLICATES = 2000, 40, 500  # simulated schools that make a reference sure

Draw = Callable[[Generator], Procedure]


@dataclass(frozen=True)
class Bend:
    """How a statistic of honest groups changes with the log of their size: parabolas of its centre and of its scale."""

    middle: float
    half: float
    centre: Floats
    scale: Floats
    least: float

    def standard(self, value: Floats, size: Ints) -> Floats:
        """Values in units of the scale; sizes outside those simulated count as the nearest simulated."""
        basis = self.basis(size)
        return np.asarray((value - basis @ self.centre) / np.maximum(basis @ self.scale, self.least))

    def basis(self, size: Ints) -> Floats:
        place = np.clip((np.log(np.maximum(size, 1)) - self.middle) / self.half, -1, 1)
        return np.stack([np.ones_like(place), place, place**2], axis=-1)


def bend(values: Floats, size: Ints) -> Bend:
    """Least squares of the values and of their absolute deviations: all sizes lend their strength to each."""
    logs = np.log(np.maximum(size, 1))
    low, high = float(logs.min()), float(logs.max())
    flat = Bend((low + high) / 2, max((high - low) / 2, 1e-9), np.zeros(3), np.zeros(3), 0.0)
    basis = flat.basis(size)
    centre = _least_squares(basis, values)
    apart = np.abs(values - basis @ centre)
    least = max(LEAST_SCALE * float(apart.mean()), 1e-9)
    return replace(flat, centre=centre, scale=_least_squares(basis, apart), least=least)


def _least_squares(basis: Floats, values: Floats) -> Floats:
    """Coefficients, the shortest where sizes are too alike to tell them apart."""
    return np.asarray(np.linalg.lstsq(basis, values, rcond=1e-8)[0], dtype=float)


@dataclass(frozen=True)
class Null:
    """Upper-tail probabilities of one statistic by size of the group: its bend with the size, and of what is left the
    quantiles of the upper parts `upper` at knots of log size and the mean excess over the last of them."""

    bend: Bend
    upper: Floats
    knots: Floats
    quantiles: Floats
    tail: Floats

    def p(self, value: Floats, size: Ints) -> Floats:
        """P(statistic ≥ value) of honest groups of these sizes, linear in log p between knots."""
        rest = self.bend.standard(value, size)
        place = np.interp(np.log(np.maximum(size, 1)), self.knots, np.arange(len(self.knots)))
        low = np.floor(place).astype(int)
        high = np.minimum(low + 1, len(self.knots) - 1)
        by_knot = np.stack([self._log_p(knot, rest) for knot in range(len(self.knots))])
        here = np.arange(len(rest))
        mixed = by_knot[low, here] * (1 - (place - low)) + by_knot[high, here] * (place - low)
        return np.asarray(np.clip(np.exp(mixed), LEAST_P, 1.0))

    def _log_p(self, knot: int, value: Floats) -> Floats:
        quantiles = self.quantiles[knot]
        inner = np.interp(value, quantiles, np.log(self.upper))
        beyond = np.maximum(value - quantiles[-1], 0.0)
        return np.asarray(inner - beyond / self.tail[knot])


def null(values: Floats, size: Ints) -> Null:
    """From honest values of groups of these sizes."""
    own = bend(values, size)
    order = np.argsort(size, kind="stable")  # within one size in the order of drawing, not of values
    logs, rest = np.log(np.maximum(size[order], 1)), own.standard(values, size)[order]
    windows = _windows(len(rest))
    tail = float(np.clip(IN_TAIL / max(window.stop - window.start for window in windows), *TAIL))
    upper = np.append(UPPER[tail < UPPER], tail)
    parts = [(float(logs[window].mean()), np.sort(rest[window])) for window in windows]
    knots, first = np.unique([centre for centre, _ in parts], return_index=True)
    quantiles = np.array([_quantiles(parts[place][1], upper) for place in first])
    quantiles += np.arange(len(upper)) * 1e-9  # ties of discrete statistics, kept in order
    return Null(own, upper, knots, quantiles, np.array([_excess(parts[place][1], tail) for place in first]))


def _windows(length: int) -> list[slice]:
    """Each knot reads a quarter, nearest to it in size; those at both ends an eighth."""
    wide, narrow = max(1, length // 4), max(1, length // 8)
    starts = np.linspace(0, max(0, length - wide), KNOTS - 2).astype(int).tolist()
    return [slice(0, narrow), *(slice(start, start + wide) for start in starts), slice(length - narrow, length)]


def _quantiles(ordered: Floats, upper: Floats) -> Floats:
    """Quantiles of the upper parts, on the safe side by MARGIN."""
    return np.asarray(np.quantile(ordered, 1 - upper * (1 - MARGIN / np.sqrt(1 + len(ordered) * upper))))


def _excess(ordered: Floats, tail: float) -> float:
    """Mean excess over the quantile of the tail, on the safe side by its own error or by LIGHT."""
    bound = np.quantile(ordered, 1 - tail)
    over = ordered[ordered > bound] - bound
    if not len(over) or not over.mean() > 0:
        return 1e-3
    return float(over.mean() * (1 + max(SAFETY / np.sqrt(len(over)), LIGHT)))


@dataclass(frozen=True)
class Reference:
    """Nulls of the markers for schools and for classes, and of the combined evidence of schools and of classes."""

    schools: Mapping[str, Null]
    rooms: Mapping[str, Null]
    combined: Null
    combined_rooms: Null


@dataclass(frozen=True)
class Judged:
    """A procedure against its reference: p of each marker, of classes too, and of all signs together."""

    markers: Mapping[str, Floats]
    rooms: Mapping[str, Floats]
    combined: Floats
    combined_rooms: Floats
    evidence: Evidence
    signals: Both


def replicates_for(schools: int) -> int:
    """How many simulated districts of so many schools: with 2000 schools in all the p of a small school differs
    between seeds by a factor of about 1.3."""
    return int(np.clip(-(-VALUES // max(1, schools)), LEAST_REPLICATES, MOST_REPLICATES))


def build(draw: Draw, replicates: int, seed: int) -> Reference:
    """Simulate `replicates` honest districts; `draw` gives one procedure of the district's own design."""
    generator = np.random.default_rng(seed)
    return built([measure(draw(generator)) for _ in range(replicates)])


def built(drawn: Sequence[Both]) -> Reference:
    """From measured honest districts. The evidence of each is read with markers' nulls that had not seen it: a null
    knows its own extremes too well, and what a real district shows would look rarer than it is."""
    folds = [list(drawn[place::FOLDS]) for place in range(min(FOLDS, len(drawn)))]
    read = []
    for place, fold in enumerate(folds):
        others = [one for other in (folds[:place] + folds[place + 1 :] or [fold]) for one in other]
        read.append(_evidence(join(fold), _both_nulls(join(others))))
    seen = join([one for fold in folds for one in fold])
    schools, rooms = (np.concatenate(parts) for parts in zip(*((one.schools, one.rooms) for one in read), strict=True))
    return Reference(*_both_nulls(seen), null(schools, seen.schools.size), null(rooms, seen.rooms.size))


def _both_nulls(drawn: Both) -> tuple[dict[str, Null], dict[str, Null]]:
    return _nulls(drawn.schools), _nulls(drawn.rooms)


def _evidence(both: Both, nulls: tuple[Mapping[str, Null], Mapping[str, Null]]) -> Evidence:
    return evidence(both, _p(nulls[0], both.schools), _p(nulls[1], both.rooms))


def judge(procedure: Procedure, reference: Reference) -> Judged:
    """p-values of a real procedure."""
    return judge_signals(measure(procedure), reference)


def judge_signals(both: Both, reference: Reference) -> Judged:
    """p-values of what has been measured already, of one district or of several joined."""
    schools, rooms = _p(reference.schools, both.schools), _p(reference.rooms, both.rooms)
    found = evidence(both, schools, rooms)
    return Judged(
        schools,
        rooms,
        reference.combined.p(found.schools, both.schools.size),
        reference.combined_rooms.p(found.rooms, both.rooms.size),
        found,
        both,
    )


def _nulls(drawn: Signals) -> dict[str, Null]:
    return {name: null(values, drawn.size) for name, values in drawn.z.items() if np.ptp(values) > 0}


def _p(nulls: Mapping[str, Null], signals: Signals) -> dict[str, Floats]:
    return {name: one.p(signals.z[name], signals.size) for name, one in nulls.items()}
