"""Formal rules of low results, applied exactly as written, and how likely their verdict is to be true.

A share is compared with the threshold in whole numbers: 3 of 10 is low at 0.30, 29.96 % printed as 30.0 % is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pipeline.statistics.comparison import Share


@dataclass(frozen=True)
class Result:
    """One test of one school in one year; `unit` is what the rule counts (a test, or a whole procedure)."""

    unit: str
    year: int
    share: Share


@dataclass(frozen=True)
class Flag:
    """What the rule finds: low units of the year, units that were low in every year asked for; both conditions."""

    low: tuple[str, ...]
    repeated: tuple[str, ...]
    in_year: bool
    same: bool

    def joined(self, how: str) -> bool:
        """`all`: both conditions, `any`: one of them."""
        return (self.in_year and self.same) if how == "all" else (self.in_year or self.same)


def is_low(share: Share, threshold: Fraction, least: int = 1) -> bool:
    """The threshold is reached by the exact share of enough participants."""
    return share.n >= max(1, least) and share.numerator * threshold.denominator >= threshold.numerator * share.n


def flag(
    results: Iterable[Result],
    year: int,
    threshold: Fraction,
    *,
    in_year: int | None,
    same_in_years: int | None,
    least: int = 1,
) -> Flag:
    """Both conditions of a rule for one school; a condition that the rule does not have is never met."""
    held = pooled(results)
    low = {(unit, when) for (unit, when), share in held.items() if is_low(share, threshold, least)}
    now = tuple(sorted(unit for unit, when in low if when == year))
    span = range(year - (same_in_years or 1) + 1, year + 1)
    repeated = tuple(unit for unit in now if same_in_years and all((unit, when) in low for when in span))
    return Flag(now, repeated, bool(in_year and len(now) >= in_year), bool(repeated))


def pooled(results: Iterable[Result]) -> Mapping[tuple[str, int], Share]:
    """Tests of one unit and year together."""
    sums: dict[tuple[str, int], Share] = {}
    for one in results:
        before = sums.get((one.unit, one.year), Share(0, 0))
        sums[one.unit, one.year] = Share(before.numerator + one.share.numerator, before.n + one.share.n)
    return sums


def at_least(probabilities: Sequence[float], count: int) -> float:
    """Probability that `count` or more of independent events happen (Poisson binomial, by convolution)."""
    spread = [1.0]
    for p in probabilities:
        spread = [
            (spread[k] if k < len(spread) else 0.0) * (1 - p) + (spread[k - 1] * p if k else 0.0)
            for k in range(len(spread) + 1)
        ]
    return float(sum(spread[count:]))


def truly(results: Iterable[Result], year: int, count: int, probability: Callable[[str, Share], float]) -> float:
    """Probability that `count` or more units of the year are truly low; `probability` gives that of one unit."""
    return at_least(
        [probability(unit, share) for (unit, when), share in pooled(results).items() if when == year], count
    )
