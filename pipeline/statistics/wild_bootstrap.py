"""Wild cluster bootstrap with Webb's weights: a second opinion on an effect judged over schools.

The null is imposed, whole schools are thrown with one of six weights ±√½, ±1, ±√1.5 (Webb 2023, Canadian Journal of
Economics 56, 839; two-point weights have too few ways for a dozen schools), and the cluster-robust t of each throw is
set beside the observed one (Cameron, Gelbach and Miller 2008, Review of Economics and Statistics 90, 414). With few
treated schools it is not to be trusted either (MacKinnon and Webb 2018, Econometrics Journal 21, 114): refused.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

WEBB = (-math.sqrt(1.5), -1.0, -math.sqrt(0.5), math.sqrt(0.5), 1.0, math.sqrt(1.5))
FEWEST_TREATED = 6
THROWS = 9_999
SEED = 20_260_101
FEW = "школ с мерой или без неё меньше шести"
FLAT = "изменения не различаются"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Wild:
    """Coefficient, its cluster-robust t (no small-sample factor: it cancels in p) and p; nan with a `reason`."""

    value: float = math.nan
    t: float = math.nan
    p: float = math.nan
    throws: int = 0
    reason: str = ""


def wild_cluster(
    y: ArrayLike, design: ArrayLike, tested: int, cluster: Sequence[object], throws: int = THROWS, seed: int = SEED
) -> Wild:
    """Test that coefficient `tested` of `design` (rows × columns, with its constant) is 0; two-sided symmetric p.

    Units of `y`. Numbers of treated clusters are not looked at here: `of_effect` does.
    """
    value, x = np.asarray(y, dtype=float), np.asarray(design, dtype=float)
    if not np.isfinite(value).all():
        raise ValueError("a bootstrap needs every value")
    own = np.unique(np.asarray([str(one) for one in cluster]), return_inverse=True)[1]
    member = np.equal.outer(np.arange(own.max() + 1), own).astype(float)  # clusters × rows
    inverse = np.linalg.pinv(x.T @ x)
    row = inverse[tested] @ x.T  # the coefficient is row · y
    leaves = np.eye(len(value)) - x @ inverse @ x.T
    others = np.delete(x, tested, axis=1)
    null = value - others @ np.linalg.lstsq(others, value, rcond=None)[0]
    error = math.sqrt(float(((member @ (row * (leaves @ value))) ** 2).sum()))
    if error < 1e-12:
        return Wild(float(row @ value), reason=FLAT)
    moved = member @ (row * null)  # what each cluster adds to the coefficient
    spread = (member * row) @ leaves @ (member * null).T  # score of cluster g from cluster h
    weights = np.random.default_rng(seed).choice(WEBB, size=(throws, len(member)))
    errors = np.sqrt(((weights @ spread.T) ** 2).sum(axis=1))
    t = float(row @ value) / error
    thrown = np.abs(weights @ moved) / np.maximum(errors, 1e-300)
    return Wild(float(row @ value), t, float((thrown > abs(t)).mean()), throws)


def of_effect(change: ArrayLike, treated: ArrayLike, sets: Sequence[Sequence[int]] | None = None) -> Wild:
    """The difference of changes between schools with and without a measure, a level for each set of similar schools.

    One entry a school; a gap leaves it out. Refused (with a reason) under six schools with the measure or six without.
    """
    known = np.isfinite(np.asarray(change, dtype=float))
    groups = [[place for place in one if known[place]] for one in (sets if sets is not None else [range(len(known))])]
    places = [place for one in groups for place in one]
    taken = np.asarray(treated, dtype=bool)[places]
    if min(int(taken.sum()), int((~taken).sum())) < FEWEST_TREATED:
        return Wild(reason=FEW)
    level = [number for number, one in enumerate(groups) for _ in one]
    design = np.column_stack([taken, np.equal.outer(level, sorted(set(level)))]).astype(float)
    return wild_cluster(np.asarray(change, dtype=float)[places], design, 0, places)
