"""The search for signs of biased results in the answers of a year: what is found and with what power.

The reference of honest schools is simulated from the works themselves, with a fixed seed: the same data give the same
signs. For eighteen schools and four works it takes two to three seconds of one core.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.directions.panels.answers import Written
from pipeline.statistics.objectivity import heaping, model, reference, spoiling
from pipeline.statistics.objectivity.bunching import LiftedShare, lifted_share
from pipeline.statistics.objectivity.combine import Q, Signs, signs
from pipeline.statistics.objectivity.dossier import SPARED, Dossier, dossier, power
from pipeline.statistics.objectivity.procedure import Floats, untestable
from pipeline.statistics.objectivity.reference import Judged

SEED = 20170101
TRIALS = 32  # districts for the power of each kind, shared by the works
BANDS = (15, 30, 60)  # pupils: under 15, 15–29, 30–59, 60 and more
FEWEST_TRIALS = 5


@dataclass(frozen=True)
class Sign:
    """A school in one work: its dossier, works just above the bounds of marks, near them, and usual above them, and
    p of the heap by the school's own neighbouring totals alone."""

    work: Written
    dossier: Dossier
    above: int
    near: int
    usual: float
    alone: float

    @property
    def organisation(self) -> str:
        return self.work.organisations[self.dossier.school]


@dataclass(frozen=True)
class Search:
    """Signs, strongest first; `tested` schools × works; `power` kind of help × band of size, nan where unknown;
    `judged` and `heaps`, the lifting of the whole district, by name of the work."""

    works: tuple[Written, ...]
    signs: tuple[Sign, ...]
    tested: int
    power: Mapping[str, Floats]
    judged: Mapping[str, Judged]
    heaps: Mapping[str, LiftedShare]

    @property
    def organisations(self) -> list[str]:
        """All that were looked at."""
        return sorted({one for work in self.works for one in work.organisations})


def search(works: Sequence[Written], least: int) -> Search:
    """Signs in schools of at least `least` pupils in a work."""
    works = _testable(works)
    models = {work.name: model.fit(work.procedure) for work in works}
    references = {name: _reference(one) for name, one in models.items()}
    judged = {work.name: _large(reference.judge(work.procedure, references[work.name]), least) for work in works}
    found = signs(judged)
    tested = sum(int(np.isfinite(one.combined).sum()) for one in judged.values())
    named = [sign for work in works for sign in _signs(work, judged[work.name], found)]
    powers = _power(works, models, references, Q / max(1, tested))
    strongest = sorted(named, key=lambda one: one.dossier.p)
    heaps = {work.name: lifted_share(work.procedure, np.random.default_rng(SEED)) for work in works}
    return Search(tuple(works), tuple(strongest), tested, powers, judged, heaps)


def judge(works: Sequence[Written], least: int) -> dict[str, Judged]:
    """What `search` finds out of each work that can be tested before it names anybody, without the power: for earlier
    years."""
    works = _testable(works)
    references = {work.name: _reference(model.fit(work.procedure)) for work in works}
    return {work.name: _large(reference.judge(work.procedure, references[work.name]), least) for work in works}


def _testable(works: Sequence[Written]) -> list[Written]:
    return [work for work in works if not untestable(work.procedure)]


def _reference(one: model.Model) -> reference.Reference:
    return reference.build(one.draw, reference.replicates_for(one.design.schools), SEED)


def _large(judged: Judged, least: int) -> Judged:
    """Schools under the limit of comparison are not tested."""
    return replace(judged, combined=np.where(judged.signals.schools.size >= least, judged.combined, np.nan))


def _signs(work: Written, judged: Judged, found: Signs) -> list[Sign]:
    procedure = work.procedure
    above, near, chance = heaping.windows(procedure, heaping.shape_of(procedure), procedure.school, procedure.schools)
    alone = heaping.without_distribution(procedure, procedure.school, procedure.schools)
    return [
        Sign(
            work,
            dossier(work.name, judged, place, float(found.schools[work.name][place]), found.room_flags(work.name)),
            int(above[place].sum()),
            int(near[place].sum()),
            float((near[place] * chance[place]).sum()),
            float(alone[place]),
        )
        for place in np.nonzero(found.school_flags(work.name))[0].tolist()
    ]


def _power(
    works: Sequence[Written],
    models: Mapping[str, model.Model],
    references: Mapping[str, reference.Reference],
    limit: float,
) -> dict[str, Floats]:
    """By kind and band of size, over all works; a band with few trials is unknown."""
    found, replicates = {}, max(SPARED, TRIALS // max(1, len(works)))
    for kind, spoil in spoiling.KINDS.items():
        seen, tried = np.zeros(len(BANDS) + 1), np.zeros(len(BANDS) + 1)
        for work in works:
            size = np.bincount(work.procedure.school)
            shares = power(models[work.name].draw, spoil, references[work.name], limit, replicates, SEED)
            known = np.isfinite(shares)
            band = np.searchsorted(BANDS, size[known], side="right")
            seen += np.bincount(band, shares[known], len(seen))
            tried += np.bincount(band, minlength=len(seen))
        trials = tried * replicates / SPARED
        found[kind] = np.where(trials >= FEWEST_TRIALS, seen / np.maximum(tried, 1), np.nan)
    return found
