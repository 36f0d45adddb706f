"""Comparison of two shares, of a school with the rest of its municipality, and of a share with a fixed value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.statistics.intervals import CONFIDENCE, wilson

Verdict = Literal["higher", "lower", "same", "insufficient"]


@dataclass(frozen=True)
class Share:
    """A count and its denominator, both in pupils (or whatever is counted)."""

    numerator: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.n:
            raise ValueError("a numerator must lie between 0 and its denominator")

    @property
    def value(self) -> float | None:
        """The share, 0–1; None when nobody took part."""
        return self.numerator / self.n if self.n else None


@dataclass(frozen=True)
class Difference:
    """first − second, in shares, with its interval."""

    value: float
    lower: float
    upper: float
    confidence: float
    method: str = "newcombe"


def difference(first: Share, second: Share, confidence: float = CONFIDENCE) -> Difference:
    """Difference of two independent shares with Newcombe's hybrid score interval (method 10, Newcombe 1998)."""
    if not (first.n and second.n):
        raise ValueError("a difference needs participants in both groups")
    from statsmodels.stats.proportion import confint_proportions_2indep  # half a second, which most notebooks save

    lower, upper = confint_proportions_2indep(
        first.numerator, first.n, second.numerator, second.n, method="newcomb", compare="diff", alpha=1 - confidence
    )
    value = first.numerator / first.n - second.numerator / second.n
    return Difference(value, float(lower), float(upper), confidence)


def verdict(first: Share, second: Share, *, least: int, confidence: float = CONFIDENCE) -> Verdict:
    """Is `first` higher than `second`? Only when the interval of the difference excludes 0.

    `least` is the smallest n that may be compared (publication.yml, `compare`); under it the answer is `insufficient`.
    """
    if min(first.n, second.n) < max(least, 1):
        return "insufficient"
    found = difference(first, second, confidence)
    if found.lower > 0:
        return "higher"
    return "lower" if found.upper < 0 else "same"


def verdict_against(share: Share, fixed: float, *, least: int, confidence: float = CONFIDENCE) -> Verdict:
    """A share against a value taken as known: a norm, or a comparator published without its spread."""
    if share.n < max(least, 1):
        return "insufficient"
    lower, upper = (float(bound) for bound in wilson(share.numerator, share.n, confidence))
    if lower > fixed:
        return "higher"
    return "lower" if upper < fixed else "same"


def rest(part: Share, whole: Share) -> Share:
    """The whole without the part: a school is compared with the others, not with a total that holds it.

    Raises ValueError when the part cannot lie inside the whole.
    """
    if part.n > whole.n:
        raise ValueError("a part is larger than its whole")
    return Share(whole.numerator - part.numerator, whole.n - part.n)


def verdict_against_rest(part: Share, whole: Share, *, least: int, confidence: float = CONFIDENCE) -> Verdict:
    """A school against the rest of its municipality."""
    return verdict(part, rest(part, whole), least=least, confidence=confidence)
