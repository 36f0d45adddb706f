"""Counts recovered from published percentages: known n and enough decimals often leave exactly one possibility."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike, NDArray

UNKNOWN = -1


def recover(percent: Decimal, decimals: int, n: int) -> int | None:
    """The only count x of n for which x / n rounds to the published percent; None when several do, or none does.

    The last digit may have been rounded by any rule of ties (half away from zero, half to even): both ends of the
    rounding interval count as possible, so that no count is recovered which rests on a guess about the rule.
    """
    units = percent.scaleb(decimals)
    if units != units.to_integral_value():
        raise ValueError("the percent has more decimals than stated")
    found = int(recover_many(int(units), decimals, n))
    return None if found == UNKNOWN else found


def recover_many(units: ArrayLike, decimals: ArrayLike, n: ArrayLike) -> NDArray[np.int64]:
    """`recover` over arrays in whole numbers; `units` are percents times 10 ** decimals; UNKNOWN (−1) for None.

    x is possible when (2u − 1) n ≤ 2 s x ≤ (2u + 1) n, where s = 100 · 10 ** decimals.
    """
    lowest, highest = _possible(units, decimals, n)
    return np.where((lowest == highest) & (np.asarray(n) > 0), lowest, UNKNOWN)


def agrees(count: ArrayLike, units: ArrayLike, decimals: ArrayLike, n: ArrayLike) -> NDArray[np.bool_]:
    """True where count / n may round to the published percent."""
    lowest, highest = _possible(units, decimals, n)
    found = np.asarray(count)
    return (lowest <= found) & (found <= highest) & (np.asarray(n) > 0)


def _possible(units: ArrayLike, decimals: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Smallest and largest count that may round to the percent (an empty range when the smallest is the larger)."""
    unit, size = np.asarray(units, dtype=np.int64), np.asarray(n, dtype=np.int64)
    scale = 2 * 100 * 10 ** np.asarray(decimals, dtype=np.int64)
    lowest = -((-(2 * unit - 1) * size) // scale)
    highest = ((2 * unit + 1) * size) // scale
    return np.maximum(lowest, 0), np.minimum(highest, size)
