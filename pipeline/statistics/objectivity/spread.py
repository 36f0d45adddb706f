"""Family 5: totals closer together than usual. A weak sign: a class taught alike, or chosen alike, has it too."""

from __future__ import annotations

import numpy as np

from pipeline.statistics.objectivity.procedure import Floats, Ints, Procedure, group_sum


def narrow(procedure: Procedure, group: Ints, groups: int) -> Floats:
    """z of the log variance of totals against the pooled one, positive when narrower; 0 under three pupils."""
    totals = procedure.totals.astype(float)
    n = np.bincount(group, minlength=groups).astype(float)
    mean = group_sum(totals, group, groups) / np.maximum(n, 1)
    squares = group_sum((totals - mean[group]) ** 2, group, groups)
    many = n >= 3
    variance = squares / np.maximum(n - 1, 1)
    if not many.any() or not variance[many].max() > 0:
        return np.zeros(groups)
    pooled = squares[many].sum() / (n[many] - 1).sum()
    ratio = np.log(np.maximum(variance, pooled / 400) / pooled)
    return np.where(many, -ratio * np.sqrt(np.maximum(n - 1, 1) / 2), 0.0)
