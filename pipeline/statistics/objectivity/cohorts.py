"""The same cohort at two procedures whose pupils cannot be linked: is the later result lower than foretold?

Only margins are compared: of a school's cohort x₁ of n₁ earlier and x₂ of n₂ later. What the district's other schools
keep of their odds, δ, and how much they differ in it beyond chance, τ², foretell the school's later share:

    logit p₂ ~ N(logit p̂₁ + δ, v₁ + τ² + se²(δ)),   X₂ ~ Bin(n₂, p₂)

v₁ is the chance in the earlier share itself: a cohort that was lucky once is not expected to be so again. p is the
exact binomial tail averaged over that uncertainty; with none left it is the exact binomial of the expected share.
Pupils being mostly the same, the two results go up and down together, so p errs on the cautious side. Pupils who left
or came between the two procedures are not seen. Logits after Anscombe (a half is added to each count); δ and τ² by
Paule and Mandel; methods §3.4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from pipeline.statistics import summary_effects

FEWEST = 5  # schools: of fewer nothing can be said about how they differ
NODES = 61
FEW = "школ с обоими результатами меньше пяти: ожидать не из чего"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cohort:
    """A school: later result `observed` of `n`, how many are `expected`, p of as few or fewer; `z` is p as a normal
    score, positive where the later result is low."""

    n: int
    observed: int
    expected: float
    p: float
    reason: str = ""

    @property
    def ratio(self) -> float:
        """Observed to expected; nan when nothing is expected."""
        return self.observed / self.expected if self.expected else float("nan")

    @property
    def z(self) -> float:
        return float(stats.norm.isf(self.p))


def cohorts(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> list[Cohort]:
    """Each school against the others; arrays of counts of equal length.

    A school without participants at either procedure has p nan and the reason; so have all where too few schools are
    known. ValueError for counts that do not fit.
    """
    first, size1, second, size2 = (np.asarray(part, dtype=float) for part in (x1, n1, x2, n2))
    if ((first > size1) | (second > size2) | (first < 0) | (second < 0)).any():
        raise ValueError("a numerator must lie between 0 and its denominator")
    known = (size1 > 0) & (size2 > 0)
    level, chance = _logits(first, size1)
    later, later_chance = _logits(second, size2)
    moved, error = np.where(known, later - level, np.nan), np.sqrt(chance + later_chance)
    found = []
    for one in range(len(known)):
        others = known & (np.arange(len(known)) != one)
        if not known[one] or others.sum() < FEWEST - 1:
            found.append(Cohort(int(size2[one]), int(second[one]), float("nan"), float("nan"), FEW))
            continue
        usual = summary_effects.combine(moved[others], error[others])
        spread = float(np.sqrt(chance[one] + usual.tau2 + usual.se**2))
        found.append(foretold(int(second[one]), int(size2[one]), float(level[one] + usual.mean), spread))
    return found


def _logits(x: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Logits of shares and their variances; a half in each cell keeps 0 and n finite."""
    hit, missed = x + 0.5, n - x + 0.5
    return np.log(hit / missed), 1 / hit + 1 / missed


def foretold(observed: int, n: int, logit: float, spread: float) -> Cohort:
    """P(X ≤ observed) of n where the logit of the chance is normal around `logit`; Gauss–Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    chance = special.expit(logit + spread * nodes)
    weight = weights / weights.sum()
    p = float((weight * stats.binom.cdf(observed, n, chance)).sum())
    return Cohort(n, observed, float(n * (weight * chance).sum()), min(1.0, p))


def together(p_of_years: ArrayLike) -> Floats:
    """One p for each school from rows of schools and blocks years × subjects (nan: not known).

    Subjects of one year are the same pupils: their normal scores are averaged as if they were one; years are different
    cohorts and are added by Stouffer 1949.
    """
    z = stats.norm.isf(np.asarray(p_of_years, dtype=float))
    counted = np.isfinite(z)
    number = counted.sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        by_year = np.where(number > 0, np.nansum(np.where(counted, z, 0), axis=2) / number, np.nan)
        years = np.isfinite(by_year).sum(axis=1)
        total = np.nansum(by_year, axis=1) / np.sqrt(years)
    return np.asarray(np.where(years > 0, stats.norm.sf(total), np.nan))
