"""What honest schools of these sizes show by chance: the reference distribution of every marker and of their sum.

Simulated for the district's own number and sizes of schools: with few schools the curves and spreads are themselves
estimated roughly, and chance is wider. Deterministic: the seed is an argument, replicates are drawn one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from pipeline.statistics.objectivity.evidence import Evidence, evidence
from pipeline.statistics.objectivity.procedure import Floats, Ints, Procedure
from pipeline.statistics.objectivity.signals import Both, Signals, join, measure

KNOTS = 10
UPPER = np.array([0.999, 0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01])
TAIL = 0.02  # beyond this upper part the tail is exponential
SAFETY = 1.5  # standard errors that the mean excess of the tail is raised by
LEAST_P = 1e-10

Draw = Callable[[Generator], Procedure]


@dataclass(frozen=True)
class Null:
    """Upper-tail probabilities of one statistic by size of the group: quantiles at knots of log size, and the mean
    excess over the last of them."""

    knots: Floats
    quantiles: Floats
    tail: Floats

    def p(self, value: Floats, size: Ints) -> Floats:
        """P(statistic ≥ value) of honest groups of these sizes, linear in log p between knots."""
        place = np.interp(np.log(np.maximum(size, 1)), self.knots, np.arange(len(self.knots)))
        low = np.floor(place).astype(int)
        high = np.minimum(low + 1, len(self.knots) - 1)
        by_knot = np.stack([self._log_p(knot, value) for knot in range(len(self.knots))])
        here = np.arange(len(value))
        mixed = by_knot[low, here] * (1 - (place - low)) + by_knot[high, here] * (place - low)
        return np.asarray(np.clip(np.exp(mixed), LEAST_P, 1.0))

    def _log_p(self, knot: int, value: Floats) -> Floats:
        quantiles = self.quantiles[knot]
        inner = np.interp(value, quantiles, np.log(UPPER[UPPER >= TAIL]))
        beyond = np.maximum(value - quantiles[-1], 0.0)
        return np.asarray(inner - beyond / self.tail[knot])


def null(values: Floats, size: Ints) -> Null:
    """From honest values: each knot reads a sixth of them, nearest to it in size; those at both ends a fifteenth."""
    order = np.argsort(size, kind="stable")  # within one size in the order of drawing, not of values
    sizes, values = size[order].astype(float), values[order]
    parts = [(sizes[window], np.sort(values[window])) for window in _windows(len(values))]
    centres = np.array([np.log(of).mean() for of, _ in parts])
    knots, first = np.unique(centres, return_index=True)
    upper = UPPER[UPPER >= TAIL]
    quantiles = np.array([_quantiles(parts[place][1], upper) for place in first])
    quantiles += np.arange(len(upper)) * 1e-9  # ties of discrete statistics, kept in order
    return Null(knots, quantiles, np.array([_excess(parts[place][1]) for place in first]))


def _windows(length: int) -> list[slice]:
    wide, narrow = max(1, length // 6), max(1, length // 15)
    starts = np.linspace(narrow, max(narrow, length - wide - narrow), KNOTS).astype(int).tolist()
    return [slice(0, narrow), *(slice(start, start + wide) for start in starts), slice(length - narrow, length)]


def _quantiles(values: Floats, upper: Floats) -> Floats:
    """Quantiles of these upper parts, on the safe side by a standard error of the part."""
    return np.asarray(np.quantile(values, 1 - upper * (1 - 1 / np.sqrt(1 + len(values) * upper))))


def _excess(values: Floats) -> float:
    """Mean excess over the quantile of the tail, on the safe side by its own error."""
    over = values[values > np.quantile(values, 1 - TAIL)] - np.quantile(values, 1 - TAIL)
    return float(over.mean() * (1 + SAFETY / np.sqrt(len(over)))) if len(over) and over.mean() > 0 else 1e-3


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


def build(draw: Draw, replicates: int, seed: int) -> Reference:
    """Simulate `replicates` honest districts; `draw` gives one procedure of the district's own design."""
    generator = np.random.default_rng(seed)
    drawn = join([measure(draw(generator)) for _ in range(replicates)])
    schools, rooms = _nulls(drawn.schools), _nulls(drawn.rooms)
    found = evidence(drawn, _p(schools, drawn.schools), _p(rooms, drawn.rooms))
    return Reference(schools, rooms, null(found.schools, drawn.schools.size), null(found.rooms, drawn.rooms.size))


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
