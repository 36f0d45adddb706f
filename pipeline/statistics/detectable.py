"""The smallest change of a share that two samples of given sizes would show.

By Cohen's h (Cohen 1988, ch. 6): with n and m participants a difference is seen with probability `power` at two-sided
`1 - confidence` when h = (z[confidence] + z[power]) · √(1/n + 1/m). Checked against his table 6.4.1.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from pipeline.statistics.intervals import CONFIDENCE

POWER = 0.8


def smallest_h(n: int, m: int, confidence: float = CONFIDENCE, power: float = POWER) -> float:
    """The smallest difference that would be seen, in units of h. ValueError without participants."""
    if n < 1 or m < 1:
        raise ValueError("a change needs participants before and after")
    normal = NormalDist()
    return (normal.inv_cdf((1 + confidence) / 2) + normal.inv_cdf(power)) * math.sqrt(1 / n + 1 / m)


def detectable_share(
    before: float, n: int, m: int, *, higher: bool, confidence: float = CONFIDENCE, power: float = POWER
) -> float | None:
    """The share nearest to `before` that would be seen as a rise (`higher`) or a fall; None when even 1 or 0 would not.

    `before` is a share 0–1 of n participants, the other is of m.
    """
    if not 0 <= before <= 1:
        raise ValueError("a share lies between 0 and 1")
    angle = 2 * math.asin(math.sqrt(before))
    reached = angle + (1 if higher else -1) * smallest_h(n, m, confidence, power)
    return math.sin(reached / 2) ** 2 if 0 <= reached <= math.pi else None
