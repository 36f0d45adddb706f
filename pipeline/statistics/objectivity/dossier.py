"""What a reader gets on a school with signs: which, how strong, on how many pupils, with what power, what else could
explain them, and what to do. Plain data: words for the page are made where the page is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from pipeline.statistics.objectivity.combine import Flags
from pipeline.statistics.objectivity.evidence import MECHANISMS
from pipeline.statistics.objectivity.procedure import Floats, Procedure
from pipeline.statistics.objectivity.reference import Judged, Reference, judge_signals
from pipeline.statistics.objectivity.signals import join, measure

SPARED = 8  # one school of so many is spoilt at a time
SINGLE = 0.01  # p under which a marker by itself is named in a dossier
Spoil = Callable[[Procedure, Generator], Procedure]


@dataclass(frozen=True)
class Marker:
    """One marker of the school with its p against honest schools of the same size."""

    name: str
    p: float


@dataclass(frozen=True)
class Dossier:
    """A school in one procedure. `mechanism` is the likeliest of four, `markers` those that speak, strongest first,
    `classes` places of the classes that stand out by themselves."""

    school: int
    procedure: str
    n: int
    p: float
    adjusted: float
    mechanism: str
    markers: tuple[Marker, ...]
    classes: tuple[int, ...] = ()


def dossier(name: str, judged: Judged, school: int, adjusted: float, class_flags: Flags | None = None) -> Dossier:
    """Of a school of this procedure; at least its strongest marker is named."""
    values = sorted((Marker(key, float(p[school])) for key, p in judged.markers.items()), key=lambda one: one.p)
    spoken = tuple(one for one in values if one.p < SINGLE) or tuple(values[:1])
    rooms = np.nonzero(judged.signals.school_of_room == school)[0]
    flagged = tuple(int(room) for room in rooms if class_flags is not None and class_flags[room])
    factors = {one: float(judged.evidence.mechanisms[one][school]) for one in MECHANISMS}
    return Dossier(
        school,
        name,
        int(judged.signals.schools.size[school]),
        float(judged.combined[school]),
        adjusted,
        max(factors, key=lambda one: factors[one]),
        spoken,
        flagged,
    )


def power(
    draw: Callable[[Generator], Procedure], spoil: Spoil, reference: Reference, limit: float, replicates: int, seed: int
) -> Floats:
    """Per school: how often it would fall under p `limit` were its results spoilt so; the others stay honest.

    Every replicate spoils one school of eight, so that the district remains mostly honest.
    """
    generator = np.random.default_rng(seed)
    measured, spoilt = [], []
    for replicate in range(replicates):
        honest = draw(generator)
        chosen = (np.arange(honest.schools) + replicate) % SPARED == 0
        helped = np.where(chosen[honest.school][:, None], spoil(honest, generator).scores, honest.scores)
        measured.append(measure(replace(honest, scores=helped)))
        spoilt.append(chosen)
    seen = judge_signals(join(measured), reference).combined.reshape(replicates, -1) <= limit
    tried = np.stack(spoilt)
    count = tried.sum(axis=0)
    return np.asarray(np.where(count > 0, (seen & tried).sum(axis=0) / np.maximum(count, 1), np.nan))
