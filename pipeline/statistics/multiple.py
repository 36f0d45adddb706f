"""Many tests at once: p-values adjusted for how many were looked at. The one door for every family and chapter.

Benjamini and Hochberg 1995 (JRSS B 57, 289): among those called found at `level` the expected part of false ones is at
most `level`; Benjamini and Yekutieli 2001: the same under any dependence; Holm 1979 (Scand. J. Statist. 6, 65): the
chance of even one false one. Computed by statsmodels.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Method = Literal["bh", "by", "holm"]
CODES = {"bh": "fdr_bh", "by": "fdr_by", "holm": "holm"}


def adjusted(p_values: ArrayLike, method: Method = "bh") -> NDArray[np.float64]:
    """Adjusted p-values in the order given; a missing one (nan) was no test: it stays missing and is not counted.

    ValueError outside 0–1.
    """
    given = np.asarray(p_values, dtype=float)
    known = ~np.isnan(given)
    if np.any((given[known] < 0) | (given[known] > 1)):
        raise ValueError("a p-value lies between 0 and 1")
    found = np.full(given.shape, np.nan)
    if known.any():
        from statsmodels.stats.multitest import multipletests  # half a second, which most notebooks save

        found[known] = multipletests(given[known], method=CODES[method])[1]
    return found


def rejected(p_values: ArrayLike, level: float, method: Method = "bh") -> NDArray[np.bool_]:
    """Which tests are found at `level` (bh, by: false discovery rate; holm: familywise); a missing one is not."""
    return np.asarray(np.nan_to_num(adjusted(p_values, method), nan=np.inf) <= level + 1e-12)
