"""A change beyond that of others over the same time: the difference of two differences of shares with its interval.

By recovering variances from the intervals of both (MOVER: Zou and Donner 2008, Statistics in Medicine 27, 1693), so
that the asymmetry of Newcombe's intervals is kept. Pupils are taken as independent: of schools say `effect`.
"""

from __future__ import annotations

import math

from pipeline.statistics.comparison import Difference


def beyond(own: Difference, others: Difference) -> Difference:
    """own − others, in shares; both of one confidence, else ValueError. Others known exactly have no interval width."""
    if own.confidence != others.confidence:
        raise ValueError("two intervals of different confidence have none together")
    value = own.value - others.value
    down = math.hypot(own.value - own.lower, others.upper - others.value)
    up = math.hypot(own.upper - own.value, others.value - others.lower)
    return Difference(value, value - down, value + up, own.confidence, "mover")


def exact(value: float, confidence: float) -> Difference:
    """A difference that is known: of a country or region published without its spread."""
    return Difference(value, value, value, confidence, "exact")
