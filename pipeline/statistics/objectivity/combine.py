"""From p-values to signs: Benjamini–Hochberg over groups × procedures; classes first, then schools.

Several procedures of one school, all pointing the same way though none alone suffices, are joined by Stouffer's sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from pipeline.statistics.objectivity.procedure import Floats
from pipeline.statistics.objectivity.reference import LEAST_P, Judged

Q = 0.10
LEAST_CLASS = 8  # pupils: of fewer in a class no sign is looked for
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Signs:
    """Per procedure, in its own order of schools and classes: adjusted p and whether it is a sign at level q."""

    schools: Mapping[str, Floats]
    rooms: Mapping[str, Floats]
    q: float = Q

    def school_flags(self, procedure: str) -> Flags:
        return np.asarray(self.schools[procedure] <= self.q)

    def room_flags(self, procedure: str) -> Flags:
        return np.asarray(self.rooms[procedure] <= self.q)


def signs(judged: Mapping[str, Judged], q: float = Q) -> Signs:
    """Classes of all procedures are tested together, then schools of all procedures: two separate claims."""
    rooms = {name: _class_p(one) for name, one in judged.items()}
    return Signs(adjusted({name: one.combined for name, one in judged.items()}), adjusted(rooms), q)


def _class_p(one: Judged) -> Floats:
    """p of classes; nan where a school has one class only (it is tested as the school) or the class is too small."""
    several = np.bincount(one.signals.school_of_room)[one.signals.school_of_room] > 1
    tested = several & (one.signals.rooms.size >= LEAST_CLASS)
    return np.where(tested, one.combined_rooms, np.nan)


def adjusted(p: Mapping[str, Floats]) -> dict[str, Floats]:
    """Benjamini–Hochberg (1995) adjusted p over all values of all procedures at once; nan stays nan."""
    if not p:
        return {}
    joined = np.concatenate([np.asarray(values, dtype=float) for values in p.values()])
    known = np.isfinite(joined)
    result = np.full(len(joined), np.nan)
    if known.any():
        result[known] = stats.false_discovery_control(joined[known], method="bh")
    edges = np.cumsum([len(values) for values in p.values()])[:-1]
    return dict(zip(p, np.split(result, edges), strict=True))


def stouffer(p: Floats) -> Floats:
    """Procedures × schools → one p per school (Stouffer 1949); nan is a procedure without this school."""
    values = np.asarray(p, dtype=float)
    known = np.isfinite(values)
    z = np.where(known, stats.norm.isf(np.clip(np.where(known, values, 0.5), LEAST_P, 1 - LEAST_P)), 0.0)
    count = known.sum(axis=0)
    return np.asarray(np.where(count > 0, stats.norm.sf(z.sum(axis=0) / np.sqrt(np.maximum(count, 1))), np.nan))
