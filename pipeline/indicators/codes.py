"""Columns of a clean table as whole-number codes, made once: to group millions of rows by text costs most of all."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.indicators.filters import Filter, Mask, matching

Whole = NDArray[np.int64]
Made = TypeVar("Made")
ROOM = 2**62  # combined codes must fit into 64 bits
MANY = 100_000  # rows from which it pays to look at several columns at once


@dataclass(frozen=True)
class Grouped:
    """`number`: group of each row, in order of first appearance; `first`: position of the first row of each group."""

    number: Whole
    first: Whole


class Coded:
    """A frame that remembers what was worked out of it; the frame itself is never changed.

    `base`: columns that most questions are about. They are grouped once, and what is asked about some of them is
    answered from these few groups instead of all rows.
    """

    def __init__(self, frame: pd.DataFrame, base: Sequence[str] = ()) -> None:
        self.frame = frame
        self._base = [name for name in base if name in frame.columns]
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives, made the first time the key is asked for."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    def codes(self, column: str) -> tuple[NDArray[np.int32], pd.Index]:
        """Code of each row in order of first appearance, −1 for a missing value; the distinct values."""

        def make() -> tuple[NDArray[np.int32], pd.Index]:
            found, values = pd.factorize(self.frame[column])
            return found.astype(np.int32), pd.Index(values)

        return self.once(("codes", column), make)

    def grouped(self, columns: Sequence[str]) -> Grouped:
        """Groups of rows that are alike in all columns; missing values are alike."""
        return self.once(("grouped", *columns), lambda: self._from_base(columns) or self._group(columns))

    def distinct(self, columns: Sequence[str]) -> pd.DataFrame:
        """The columns of the first row of each group, as `drop_duplicates` gives them."""

        def make() -> pd.DataFrame:
            first = self.grouped(columns).first
            return pd.DataFrame({name: self._taken(name, first) for name in columns})

        return self.once(("distinct", *columns), make)

    def _taken(self, column: str, places: Whole) -> Any:
        """Values at some places: out of the few distinct ones, not out of all rows."""
        if not isinstance(self.frame[column].dtype, pd.api.extensions.ExtensionDtype):
            return self.frame[column].to_numpy()[places]
        codes, values = self.codes(column)
        return values.array.take(codes[places], allow_fill=True)

    def mask(self, conditions: Sequence[Filter]) -> Mask:
        """Rows that meet all conditions."""
        masks = [self.once(condition, lambda one=condition: matching(self.frame, [one])) for condition in conditions]  # type: ignore[misc]
        return np.logical_and.reduce(masks) if masks else np.ones(len(self.frame), dtype=bool)

    def _from_base(self, columns: Sequence[str]) -> Grouped | None:
        if not set(columns) < set(self._base):
            return None
        whole = self.grouped(self._base)
        few = self.once("base", lambda: Coded(self.distinct(self._base))).grouped(columns)
        return Grouped(few.number[whole.number], whole.first[few.first])

    def _group(self, columns: Sequence[str]) -> Grouped:
        if len(self.frame) > MANY:
            with ThreadPoolExecutor() as pool:  # Arrow works without Python's lock
                list(pool.map(self.codes, columns))
        key, span = np.zeros(len(self.frame), dtype=np.int64), 1
        for column in columns:
            codes, values = self.codes(column)
            kinds = len(values) + 1  # and a missing value
            if kinds == 2 and codes.min() == 0:
                continue
            if span * kinds >= ROOM:
                key, distinct = pd.factorize(key)
                span = len(distinct)
            key *= kinds
            key += codes
            key += 1
            span *= kinds
        number, distinct = pd.factorize(key)
        return Grouped(number, first_places(number, len(distinct)))


def first_places(number: Whole, groups: int) -> Whole:
    """Position of the first row of each group; groups without rows get the number of rows."""
    first = np.full(groups, len(number), dtype=np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]  # of equal indices the last assignment stays
    return first
