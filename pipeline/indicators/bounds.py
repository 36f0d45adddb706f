"""Intervals of indicator values: which method a kind of indicator has, and where there is nothing to build on."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.indicators.cells import numbers
from pipeline.indicators.context import Scope
from pipeline.indicators.form_sources import FormRate
from pipeline.indicators.passport import Passport
from pipeline.statistics.intervals import mean_t, wilson
from pipeline.statistics.rates import poisson_exact

COMPARATORS = ("country", "region")
Bounds = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.str_]]


def per(passport: Passport) -> tuple[str, int]:
    """What a rate of the form counts, and per how many; of everything else nothing."""
    rates = [source for source in passport.sources if isinstance(source, FormRate)]
    return (rates[0].counts, rates[0].per) if rates else ("", 1)


def interval(passport: Passport, found: pd.DataFrame, scope: Scope) -> Bounds:
    """Bounds and method; nan where there is nothing to build an interval on, and for large comparators.

    `found` may hold rows of several indicators of the shape of `passport`.
    """
    value, n = numbers(found["value"]), numbers(found["n"])
    exact = found["level"].isin(COMPARATORS).to_numpy() & (n > scope.context.rules.publication.comparator_exact.value)
    open_ = np.isfinite(value) & (n > 0) & ~exact & (found["status"] == "ok").to_numpy()
    confidence = scope.context.confidence
    if passport.kind in ("share", "ordinal"):
        return _share(found, open_, confidence)
    if per(passport)[0]:
        return _per(passport, found, open_, confidence)
    if passport.kind == "rate":
        return _points(found, open_, confidence)
    deviation = np.where(open_, numbers(found["deviation"]), np.nan)
    lower, upper = mean_t(value, deviation, n, confidence)
    return lower, upper, np.full(len(found), "t")


def _share(found: pd.DataFrame, open_: NDArray[np.bool_], confidence: float) -> Bounds:
    known = open_ & np.isfinite(numbers(found["numerator"]))
    x = np.where(known, numbers(found["numerator"]), np.nan)
    lower, upper = wilson(x, numbers(found["denominator"]), confidence)
    return lower, upper, np.full(len(found), "wilson")


def _per(passport: Passport, found: pd.DataFrame, open_: NDArray[np.bool_], confidence: float) -> Bounds:
    """Of persons a share times 100 or 1000; of events, which may fall on one person twice, the exact Poisson bounds."""
    counts, many = per(passport)
    if counts == "persons":
        lower, upper, method = _share(found, open_, confidence)
        return lower * many, upper * many, method
    events = np.where(open_, numbers(found["numerator"]), np.nan)
    lower, upper = poisson_exact(events, numbers(found["denominator"]), confidence)
    return lower * many, upper * many, np.full(len(found), "poisson")


def _points(found: pd.DataFrame, open_: NDArray[np.bool_], confidence: float) -> Bounds:
    """Interval of a rate of points: Student's t over pupils, cut at 0 and 1.

    One-point tasks are shares, and where all pupils scored alike the spread says nothing: Wilson over points in units
    of the maximum, which is exact for the former and conservative for the latter.
    """
    value, n = numbers(found["value"]), numbers(found["n"])
    deviation = numbers(found["deviation"])
    as_share = (numbers(found["max_score"]) == 1) | (deviation == 0) | (n == 1)
    lower, upper = mean_t(value, deviation, n, confidence)
    low, high = wilson(np.where(open_, np.clip(value * n, 0, n), np.nan), n, confidence)
    chosen_lower = np.where(as_share, low, np.clip(lower, 0, 1))
    chosen_upper = np.where(as_share, high, np.clip(upper, 0, 1))
    return (
        np.where(open_, chosen_lower, np.nan),
        np.where(open_, chosen_upper, np.nan),
        np.where(as_share, "wilson", "t"),
    )
