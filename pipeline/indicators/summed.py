"""Numerators of a municipality from those of its organisations, where a rounded percent leaves several possible.

Of more than five thousand participants a percent of two decimals fits more than one count: the municipality of a city
would have no interval and no trend, though every school's count is known.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.indicators.cells import numbers
from pipeline.indicators.unified import BY

TEST = [name for name in BY if name not in ("level", "group")]


def from_organisations(found: pd.DataFrame, numerator: NDArray[np.float64], error: pd.Series) -> NDArray[np.float64]:
    """`numerator` with those of the own municipality filled in; `found` has index BY, `n`, `value` and `error` (how far
    rounding may have moved the share, nan where unknown) in the same order.

    Only where organisations with known counts are all the participants that the municipality has, and their sum is a
    count that its published share allows.
    """
    rows = found.index.to_frame(index=False).assign(
        numerator=numerator, n=numbers(found["n"]), value=numbers(found["value"]), error=numbers(error)
    )
    parts = rows[(rows["level"] == "organisation") & (rows["n"] > 0)].groupby(TEST)[["numerator", "n"]]
    sums = parts.sum(min_count=1).where(parts.count() == parts.size().to_numpy()[:, None])
    beside = rows[TEST].merge(sums.reset_index(), on=TEST, how="left")
    whole, count = numbers(beside["n"]), numbers(beside["numerator"])
    town = (rows["level"] == "municipality").to_numpy() & ~np.isfinite(numerator) & (whole == rows["n"].to_numpy())
    share = np.divide(count, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    near = np.abs(share - rows["value"].to_numpy()) <= rows["error"].to_numpy() + 1e-12
    return np.where(town & near, count, numerator)
