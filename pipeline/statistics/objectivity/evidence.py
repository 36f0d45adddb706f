"""The markers of a school as evidence of one of four mechanisms, by Bayes factors whose strengths are set beforehand.

Nothing is trained. A mechanism says which markers it moves: lifted totals move only the heap; filled-in hard tasks the
contrast and perhaps the level; copied answers the likeness and perhaps the level; help to all only the level. Each
marker, as a normal score z, gives the mean over a few strengths of exp(δz − δ²/2), where δ is what that strength would
move in a school of this size: a school too small to show a mechanism says nothing about it, for or against. One class
may do what its school does not: the school's factor is the mean of its own and of its classes'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from pipeline.statistics.objectivity.procedure import Floats, Ints
from pipeline.statistics.objectivity.signals import LEVEL, Both, Signals

MECHANISMS = ("lifted", "filled", "copied", "raised")
LIFTED = (0.3, 0.6, 0.9)  # share of works short of a bound that are lifted to it
FILLED = (0.15, 0.3, 0.6)  # share of the points lost on hard tasks that are given
RAISED = (0.3, 0.6, 1.0)  # standard deviations of ability
GENERIC = (1.0, 2.0, 3.0, 4.0)  # z, where the shift at a given strength is not known beforehand
FULL_SIZE = 30  # pupils from which the generic shifts are believed
LEAST_P, MOST_P = 1e-10, 1 - 1e-6
USUAL_PART = 0.1  # of schools helped, all mechanisms together, before anything is seen
SEEN_BEFORE = 2.0  # schools of each mechanism
MOST_FACTOR, ROUNDS = 30.0, 15


@dataclass(frozen=True)
class Evidence:
    """Log Bayes factors of schools and of classes; `mechanisms` of schools: mechanism → log factor."""

    schools: Floats
    rooms: Floats
    mechanisms: Mapping[str, Floats]


def evidence(both: Both, schools: Mapping[str, Floats], rooms: Mapping[str, Floats]) -> Evidence:
    """From the signals and their p-values at both levels."""
    of_schools, of_rooms = _mechanisms(both.schools, schools), _mechanisms(both.rooms, rooms)
    place, count = both.school_of_room, len(both.schools.size)
    several = np.bincount(place, minlength=count)
    shared = {name: _with_rooms(of_schools[name], of_rooms[name], place, several) for name in MECHANISMS}
    weight = _weights(_stack(shared), both.district)
    return Evidence(_any(shared, weight[:, both.district]), _any(of_rooms, weight[:, both.district[place]]), shared)


def _with_rooms(school: Floats, room: Floats, place: Ints, several: Ints) -> Floats:
    top = np.bincount(place, np.exp(np.minimum(room, 600)), len(school)) / np.maximum(several, 1)
    return np.where(several > 1, np.logaddexp(school, np.log(np.maximum(top, 1e-300))) - np.log(2), school)


def _weights(factors: Floats, district: Ints) -> Floats:
    """Mechanisms × districts, adding up to 1: expected schools of each mechanism by EM for the mixture of honest
    schools and of four kinds of helped ones, with two schools of each kind seen beforehand."""
    districts = int(district.max()) + 1
    schools = np.bincount(district, minlength=districts).astype(float)
    bounded = np.exp(np.minimum(factors, MOST_FACTOR))
    part = np.full((len(factors), districts), USUAL_PART / len(factors))
    helped = part * schools
    for _ in range(ROUNDS):
        likely = part[:, district] * bounded
        likely /= 1 - part.sum(axis=0)[district] + likely.sum(axis=0)
        helped = np.stack([np.bincount(district, row, districts) for row in likely])
        part = (helped + USUAL_PART) / (schools + 2 * len(factors))
    return np.asarray((helped + SEEN_BEFORE) / (helped.sum(axis=0) + SEEN_BEFORE * len(factors)))


def _stack(mechanisms: Mapping[str, Floats]) -> Floats:
    return np.stack(list(mechanisms.values()))


def _any(mechanisms: Mapping[str, Floats], weight: Floats) -> Floats:
    return np.asarray(special.logsumexp(_stack(mechanisms), axis=0, b=weight))


def _mechanisms(signals: Signals, p: Mapping[str, Floats]) -> dict[str, Floats]:
    z = {name: np.asarray(stats.norm.isf(np.clip(values, LEAST_P, MOST_P))) for name, values in p.items()}
    nothing = np.zeros(len(signals.size))
    believed = np.minimum(1.0, np.sqrt(signals.size / FULL_SIZE))
    level = _factor(z, LEVEL, signals.reach.get(LEVEL, nothing), RAISED, nothing)
    perhaps = np.logaddexp(0, level) - np.log(2)
    alike = [_factor(z, name, believed, GENERIC, nothing) for name in ("twins", "together")]
    return {
        "lifted": _factor(z, "heap", signals.reach["heap"], LIFTED, nothing),
        "filled": _factor(z, "hard", signals.reach["hard"], FILLED, nothing) + perhaps,
        "copied": alike[0] + perhaps,
        "raised": level,
    }


def _factor(z: Mapping[str, Floats], name: str, reach: Floats, strengths: Sequence[float], nothing: Floats) -> Floats:
    """Log of the mean Bayes factor over strengths; 0 where the marker has no data."""
    if name not in z:
        return nothing
    shift = np.asarray(strengths)[:, None] * reach
    return np.asarray(special.logsumexp(shift * z[name] - shift**2 / 2, axis=0) - np.log(len(strengths)))
