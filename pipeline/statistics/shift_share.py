"""A change of a share split into what changed inside the groups and what only their sizes changed (Simpson check).

Kitagawa 1955 (JASA 50, 1168): P₂ − P₁ = Σ w̄ᵢ (p₂ᵢ − p₁ᵢ) + Σ p̄ᵢ (w₂ᵢ − w₁ᵢ), w the group's part of all participants, a
bar the mean of both years. A group of one year only (opened, closed) has no change inside: all of it is composition.
The interval of the part inside: MOVER over Wilson's bounds of each share (Zou and Donner 2008, Statist. Med. 27, 1693).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.statistics.comparison import Share
from pipeline.statistics.intervals import CONFIDENCE, wilson

Groups = Mapping[str, Share]


@dataclass(frozen=True)
class Split:
    """Parts of a change in shares: `total` = `within` + `composition`; bounds are those of `within` (nan where no group
    is in both years). `both`: groups of both years; `coverage`: their part of all participants of both years."""

    total: float
    within: float
    composition: float
    lower: float
    upper: float
    both: int
    coverage: float

    @property
    def reversed(self) -> bool:
        """Simpson's case: inside the groups the share proves to go the other way than in total."""
        return (self.lower > 0 and self.total < 0) or (self.upper < 0 and self.total > 0)

    @property
    def composed(self) -> bool:
        """Most of the change is composition."""
        return abs(self.composition) > abs(self.within)


def split(before: Groups, after: Groups, confidence: float = CONFIDENCE) -> Split | None:
    """The change from `before` to `after` (group → count) split in two; None when a year has no participants."""
    first, second = _sized(before), _sized(after)
    n1, n2 = (sum(share.n for share in year.values()) for year in (first, second))
    if not (n1 and n2):
        return None
    both = sorted(first.keys() & second.keys())
    total = sum(one.numerator for one in second.values()) / n2 - sum(one.numerator for one in first.values()) / n1
    weights = np.array([(first[name].n / n1 + second[name].n / n2) / 2 for name in both])
    within, lower, upper = _within(weights, [first[name] for name in both], [second[name] for name in both], confidence)
    covered = sum(first[name].n + second[name].n for name in both) / (n1 + n2)
    return Split(total, within, total - within, lower, upper, len(both), covered)


def _sized(groups: Groups) -> dict[str, Share]:
    return {name: share for name, share in groups.items() if share.n}


def _within(
    weights: NDArray[np.float64], first: list[Share], second: list[Share], confidence: float
) -> tuple[float, float, float]:
    """Σ w̄ (p₂ − p₁) with its interval."""
    if not len(weights):
        return 0.0, float("nan"), float("nan")
    signed = np.concatenate([-weights, weights])
    counts = np.array([[share.numerator, share.n] for share in (*first, *second)], dtype=float)
    shares = counts[:, 0] / counts[:, 1]
    low, high = wilson(counts[:, 0], counts[:, 1], confidence)
    value = float(signed @ shares)
    near, far = np.where(signed > 0, shares - low, high - shares), np.where(signed > 0, high - shares, shares - low)
    return value, value - float(np.hypot.reduce(signed * near)), value + float(np.hypot.reduce(signed * far))
