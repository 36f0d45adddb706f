"""Family 1: totals heap just above the bounds of marks.

Where c is the lowest total of a mark, honest totals run smoothly over c−2, c−1, c; lifting empties c−1 (and, half as
often, c−2) into c. Three readings: the whole district against a smooth counterfactual (Chetty, Friedman, Olsen,
Pistaferri 2011; Kleven 2016); each group by an exact conditional test and by the likelihood ratio of lifting; a
check that needs no distribution (Frandsen 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from pipeline.statistics.objectivity.procedure import Floats, Ints, Procedure, group_sum

DEGREE = 5
TOLERANCE = 1e-6
LIFTED = 0.5  # the share of works lifted for which the weights of the ratio are the best
CURVED = 0.1  # bound on the curvature of totals; a normal with a deviation of 3.5 points has about 0.06
PART = np.array([0.5, 1.0])  # totals c−2 and c−1: how often they are lifted, in units of the strength


@dataclass(frozen=True)
class Excess:
    """District-wide: works over the counterfactual at c, and per cut as a share of the counterfactual's works at c."""

    works: float
    share: float
    counterfactual: Floats


@dataclass(frozen=True)
class Heap:
    """Of each group: z of the likelihood-ratio score, the expected z were all lifted with strength 1 (`reach`, about
    linear in the strength), works in the windows."""

    z: Floats
    reach: Floats
    window: Ints


def district_excess(counts: Sequence[float], cuts: Sequence[int], degree: int = DEGREE) -> Excess:
    """Excess mass at the cuts: Poisson regression of the counts of totals 0…T on a polynomial of the total, with a
    dummy for every total of [c−2, c+1], which is the same as leaving these totals out of the fit.

    B = Σ over c of (observed − counterfactual) at c and c+1; b = B / counterfactual at c, summed over cuts.
    """
    observed = np.asarray(counts, dtype=float)
    places = np.arange(len(observed))
    inside = np.isin(places, [t for c in cuts for t in range(c - 2, c + 2)])
    outside = ~inside
    free = min(degree, max(1, int(outside.sum()) - 2))
    basis = np.asarray(np.polynomial.legendre.legvander(np.linspace(-1, 1, len(observed)), free), dtype=float)
    smooth = np.exp(basis @ poisson_shape(basis[outside], observed[outside]))
    upper = sorted({t for c in cuts for t in (c, c + 1) if t < len(observed)})
    works = float((observed - smooth)[upper].sum())
    return Excess(works, works / float(smooth[list(cuts)].sum()), smooth)


def usual(procedure: Procedure, shape: Floats, group: Ints, groups: int) -> Floats:
    """Probability of each total in each group, groups × totals, were it like the district around its own mean."""
    totals = procedure.totals
    n = np.bincount(group, minlength=groups).astype(float)
    mean = group_sum(totals.astype(float), group, groups) / np.maximum(n, 1)
    overall, whole = float(totals.mean()), max(float(totals.var()), 1e-6)
    within = float(((totals - mean[group]) ** 2).sum() / max(1, len(totals) - int((n > 0).sum())))
    within = min(max(within, 0.2 * whole), whole)
    between = max(float((n * (mean - overall) ** 2).sum() / max(n.sum(), 1)) - within * groups / max(n.sum(), 1), 0.0)
    shrunk = overall + (mean - overall) * between / (between + within / np.maximum(n, 1) + 1e-12)
    steps = np.arange(len(shape))
    tilt = -0.5 * (steps - shrunk[:, None]) ** 2 / within + 0.5 * (steps - overall) ** 2 / whole
    weights = shape * np.exp(tilt - tilt.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def shape_of(procedure: Procedure) -> Floats:
    """The district's totals as a smooth shape but for one common strength of heaping, which is no sign of anyone:
    Poisson fit of the counts of 0…T by a polynomial of the total and a pattern of heaping common to all cuts."""
    counts = np.bincount(procedure.totals, minlength=procedure.maximum + 1).astype(float)
    design = shape_design(len(counts), procedure.cuts)
    return np.asarray(np.exp(np.clip(design @ poisson_shape(design, counts), -30, 30)))


def shape_design(length: int, cuts: Ints) -> Floats:
    """Polynomial of the totals 0…length−1 and, last, the pattern of lifting: +1 at c, −1 at c−1, −½ at c−2."""
    pattern = np.zeros(length)
    for c in cuts[(cuts >= 2) & (cuts < length)]:
        pattern[c] += 1.0
        pattern[c - 2 : c] -= PART
    return np.column_stack([np.polynomial.legendre.legvander(np.linspace(-1, 1, length), DEGREE), pattern])


def poisson_shape(design: Floats, counts: Floats) -> Floats:
    """Coefficients of a log-linear Poisson model, by iteratively reweighted least squares with a slight ridge."""
    level = np.log(counts + 0.5)
    ridge = 1e-6 * np.eye(design.shape[1])
    beta = np.zeros(design.shape[1])
    for _ in range(12):
        mean = np.exp(np.clip(level, -20, 20))
        work = level + (counts - mean) / mean
        beta = np.linalg.solve(design.T @ (mean[:, None] * design) + ridge, design.T @ (mean * work))
        before, level = level, design @ beta
        if np.abs(level - before).max() < TOLERANCE:
            break
    return beta


def heap(procedure: Procedure, shape: Floats, group: Ints, groups: int) -> Heap:
    """Score of the likelihood ratio of lifting, per group, given the works in each window, pooled over cuts."""
    length = procedure.maximum + 1
    place = group * length + procedure.totals
    counts = np.bincount(place, minlength=groups * length).reshape(groups, length).astype(float)
    chances = usual(procedure, shape, group, groups)
    cuts = procedure.cuts[(procedure.cuts >= 2) & (procedure.cuts < length)]
    near = cuts[:, None] + np.array([-2, -1, 0])
    here, q = counts[:, near], chances[:, near]  # groups × cuts × (c−2, c−1, c)
    q = np.maximum(q, 1e-12)
    q = q / q.sum(axis=2, keepdims=True)
    works = here.sum(axis=2)
    lifted = _lifted(q, LIFTED)
    weight = np.log(lifted / q)
    mean = (q * weight).sum(axis=2)
    over = ((here * weight).sum(axis=2) - works * mean).sum(axis=1)
    error = np.sqrt((works * ((q * weight**2).sum(axis=2) - mean**2)).sum(axis=1))
    shift = (works * ((lifted * weight).sum(axis=2) - mean) / LIFTED).sum(axis=1)
    there = error > 0
    safe = np.where(there, error, 1.0)
    window = works.sum(axis=1).astype(np.int64)
    return Heap(np.where(there, over / safe, 0.0), np.where(there, shift / safe, 0.0), window)


def _lifted(q: Floats, strength: float) -> Floats:
    """Chances of c−2, c−1, c (last axis) after lifting."""
    gone = q[..., :2] * PART * strength
    return np.concatenate([q[..., :2] - gone, q[..., 2:] + gone.sum(axis=-1, keepdims=True)], axis=-1)


def exact_p(just_above: Sequence[int], works: Sequence[int], chance: Sequence[float]) -> float:
    """Exact one-sided p of Σ works just above the cuts, given the works of each window.

    Of window w the number at c is binomial(works, chance); windows of all cuts and subjects are added by convolution.
    1.0 without works.
    """
    distribution = np.ones(1)
    for n, p in zip(works, chance, strict=True):
        distribution = np.convolve(distribution, stats.binom.pmf(np.arange(n + 1), n, p))
    return float(min(1.0, distribution[int(sum(just_above)) :].sum()))


def windows(procedure: Procedure, shape: Floats, group: Ints, groups: int) -> tuple[Ints, Ints, Floats]:
    """For `exact_p`: works at c, works at c−2…c, and the usual chance of c among them; each groups × cuts."""
    length = procedure.maximum + 1
    counts = np.bincount(group * length + procedure.totals, minlength=groups * length).reshape(groups, length)
    chances = usual(procedure, shape, group, groups)
    cuts = procedure.cuts[procedure.cuts >= 2]
    above = counts[:, cuts]
    inside = np.stack([counts[:, c - 2 : c + 1].sum(axis=1) for c in cuts], axis=1)
    chance = np.stack([chances[:, c] / chances[:, c - 2 : c + 1].sum(axis=1) for c in cuts], axis=1)
    return above, inside, chance


def without_distribution(procedure: Procedure, group: Ints, groups: int, k: float = CURVED) -> Floats:
    """p of `frandsen` of each group, works of all bounds added up: it knows neither the district nor a distribution.

    With the same k at every bound the sum over bounds is no more often large than one binomial of the upper chance.
    """
    length = procedure.maximum + 1
    counts = np.bincount(group * length + procedure.totals, minlength=groups * length).reshape(groups, length)
    cuts = procedure.cuts[(procedure.cuts >= 1) & (procedure.cuts < length - 1)]
    below, at, above = (counts[:, cuts + step].sum(axis=1) for step in (-1, 0, 1))
    return np.array([frandsen(b, a, u, k) for b, a, u in zip(below.tolist(), at.tolist(), above.tolist(), strict=True)])


def frandsen(below: int, at: int, above: int, k: float = 0.0) -> float:
    """Two-sided p of a heap or a gap at a total (Frandsen 2017): given N(c−1) + N(c) + N(c+1), N(c) is binomial with
    a chance between (1−k)/(3−k) and (1+k)/(3+k), where k bounds the curvature of the distribution. 1.0 of nothing."""
    n = below + at + above
    if n == 0:
        return 1.0
    upper = float(stats.binom.sf(at - 1, n, (1 + k) / (3 + k)))
    lower = float(stats.binom.cdf(at, n, (1 - k) / (3 - k)))
    return min(1.0, 2 * min(upper, lower))
