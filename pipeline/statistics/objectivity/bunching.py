"""Family 1 for a whole district: where everybody lifts works, no school stands out, yet totals heap at the bounds.

`excess_mass` is the estimator of public economics for one bound on a long scale (Chetty, Friedman, Olsen, Pistaferri
2011). A school test is short and has three bounds: a polynomial that leaves their neighbourhoods out is then fitted to
a third of the totals and tells nothing. `lifted_share` keeps all totals and estimates one strength of lifting that is
common to the bounds, with the chance of schools by the bootstrap over schools.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from pipeline.statistics.objectivity.heaping import PART, poisson_shape, shape_design
from pipeline.statistics.objectivity.procedure import Floats, Procedure

SETTLED, ROUNDS = 1e-6, 200
FEWEST_SCHOOLS, FEWEST_NEAR = 5, 60  # schools; works at c−2, c−1, c of all bounds
REPLICATES = 200
USUAL = 0.15  # of works one point short: an honest second look at disputed works may lift so many


@dataclass(frozen=True)
class Mass:
    """Observations over the counterfactual in the window (`works`), the same in units of the counterfactual's mean
    there (`share`), and the counterfactual of every bin."""

    works: float
    share: float
    counterfactual: Floats


def excess_mass(counts: Sequence[float], at: int, degree: int = 7, below: int = 0, above: int = 0) -> Mass:
    """Excess in bins at−below…at+above over a polynomial of the bin with a dummy for every bin of the window.

    The mass is thought to come from above the window, so the counts there are raised in proportion until the
    counterfactual holds as many observations as there are (the integration constraint of Chetty et al. 2011).
    """
    observed = np.asarray(counts, dtype=float)
    place = np.arange(len(observed)) - at
    window, upper = (place >= -below) & (place <= above), place > above
    basis = np.polynomial.legendre.legvander(place / max(1, np.abs(place).max()), degree)
    works, smooth = 0.0, observed
    for _ in range(ROUNDS):
        raised = observed * (1 + works * upper / max(observed[upper].sum(), 1e-9))
        smooth = basis @ np.linalg.lstsq(basis[~window], raised[~window], rcond=None)[0]
        before, works = works, float((observed - smooth)[window].sum())
        if abs(works - before) < SETTLED:
            break
    return Mass(works, works / float(smooth[window].mean()), np.asarray(smooth))


@dataclass(frozen=True)
class LiftedShare:
    """Of works one point short of a mark, the share that stands at the bound instead (of those two points short: half
    of it), with a 95 % interval; nan with a `reason` where it cannot be told."""

    share: float
    lower: float
    upper: float
    reason: str = ""

    @property
    def unusual(self) -> bool:
        """More than an honest second look at disputed works explains."""
        return bool(self.lower > USUAL)


def lifted_share(procedure: Procedure, generator: Generator, replicates: int = REPLICATES) -> LiftedShare:
    """Strength of lifting in the district as a whole, from a smooth shape of all totals; negative is none.

    Order of pupils and of schools does not matter to the estimate. The smooth shape is an assumption: an interval says
    what the choice of schools could change, not what a bound at an odd place of the scale could.
    """
    length = procedure.maximum + 1
    cuts = procedure.cuts[(procedure.cuts >= 2) & (procedure.cuts < length - 1)]
    place = procedure.school * length + procedure.totals
    counts = np.bincount(place, minlength=procedure.schools * length).reshape(-1, length).astype(float)
    counts = counts[counts.sum(axis=1) > 0]
    if len(counts) < FEWEST_SCHOOLS:
        return _untold("школ меньше пяти")
    near = np.unique((cuts[:, None] + np.array([-2, -1, 0])).ravel())
    if len(near) >= length // 2 or counts[:, near].sum() < FEWEST_NEAR:
        return _untold("у границ отметок слишком мало работ или шкала слишком коротка")
    drawn = generator.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=replicates)
    design = shape_design(length, cuts)
    spread = np.array([_pattern(design, weights @ counts) for weights in drawn])
    found = _pattern(design, counts.sum(axis=0))
    lower, upper = found - 1.96 * spread.std(ddof=1), found + 1.96 * spread.std(ddof=1)
    return LiftedShare(_share(found), _share(lower), _share(upper))


def _untold(reason: str) -> LiftedShare:
    return LiftedShare(float("nan"), float("nan"), float("nan"), reason)


def _pattern(design: Floats, counts: Floats) -> float:
    """Coefficient of the pattern of lifting (+1 at c, −1 at c−1, −½ at c−2) in the log of the counts."""
    return float(poisson_shape(design, counts)[-1])


def _share(pattern: float) -> float:
    """With a share s of c−1 and s/2 of c−2 moved to c, log N(c)/N(c−1) grows by log((1 + 1.5 s)/(1 − s)): the pattern
    has two of its units there."""
    odds = float(np.exp(2 * pattern))
    return (odds - 1) / (odds + float(PART.sum()))
