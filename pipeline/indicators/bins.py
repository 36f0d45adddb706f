"""Rows of a clean table counted once per organisation, test and source sheet; every wider value is a sum of these.

A bin is what no value tells apart: one organisation, one test (and task), one sheet of one file. Millions of rows make
thousands of bins, and all that follows (levels, labels, source files) is done with bins.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.indicators.cells import KEY, broken_down
from pipeline.indicators.codes import Coded, Whole, first_places
from pipeline.indicators.context import PLACE, SHEET, TESTS, Scope
from pipeline.indicators.filters import Filter, Mask, matching
from pipeline.indicators.final_wave import FINAL
from pipeline.indicators.rows import first_wave, of_list
from pipeline.indicators.sources import Count, CountedShare

BIN = [*TESTS, *PLACE, *SHEET, "task"]
DENSE = 8  # a table of marks is worth its memory up to so many places per row


@dataclass(frozen=True)
class Cells:
    """Cells of a source without values: `about` has a row per cell with key, label, wave, inputs.

    `cell` and `bin` are the pairs (a bin lies in a cell of each level); `kept` are the rows that count.
    """

    about: pd.DataFrame
    pairs: pd.DataFrame
    cell: Whole
    number: Whole
    kept: Mask

    @property
    def size(self) -> NDArray[np.float64]:
        """Number of rows of each cell."""
        return self._sum(self.pairs["size"].to_numpy())

    def of_which(self, rows: Mask) -> NDArray[np.float64]:
        """Number of rows of each cell that are in the mask."""
        bins = self.pairs["bin"].to_numpy()
        counted = np.bincount(self.number[self.kept & rows], minlength=int(bins.max(initial=0)) + 1)
        return self._sum(counted[bins])

    def _sum(self, counts: Whole) -> NDArray[np.float64]:
        return np.bincount(self.cell, weights=counts, minlength=len(self.about)).astype("float64")

    def distinct(self, column: str) -> NDArray[np.float64]:
        """Number of distinct values in each cell; missing ones do not count."""
        return _distinct(self.cell, pd.factorize(self.pairs[column])[0], len(self.about)).astype("float64")


def cells_of(source: CountedShare | Count, scope: Scope, levels: Sequence[str], breakdowns: Sequence[str]) -> Cells:
    """The cells of a source; sources that take the same rows share them."""
    wanted = tuple(level for level in levels if level in source.levels)
    extra = (source.distinct,) if isinstance(source, Count) and source.distinct else ()
    coded = scope.coded[source.table]
    key = ("cells", source.where, source.waves, source.listed, wanted, tuple(breakdowns), extra)
    return coded.once(key, lambda: _cells(source, scope, wanted, breakdowns, extra))


def _cells(
    source: CountedShare | Count, scope: Scope, levels: Sequence[str], breakdowns: Sequence[str], extra: tuple[str, ...]
) -> Cells:
    coded = scope.coded[source.table]
    columns = [name for name in dict.fromkeys((*BIN, *extra)) if name in coded.frame.columns]
    number = coded.grouped(columns).number
    whole = [condition for condition in source.where if set(condition.columns) <= set(columns)]
    within = [condition for condition in source.where if condition not in whole]
    bins = _bins(coded, columns, within)
    bins = of_list(first_wave(bins[matching(bins, whole)], source.waves), source.listed, scope)
    for name in extra:
        bins = bins.assign(told_apart=bins[name])
    bins = broken_down(bins, breakdowns).assign(category="")
    bins = bins if "wave" in bins.columns else bins.assign(wave="")
    gathered = [scope.gathered(bins, level) for level in levels]
    pairs = pd.concat([one[one["group"].notna()] for one in gathered], ignore_index=True) if gathered else bins.head(0)
    kept = coded.mask(within)
    if pairs.empty:
        return Cells(pairs.assign(inputs=""), pairs, np.zeros(0, dtype=np.int64), number, kept)
    groups = Coded(pairs).grouped(KEY)
    about = pairs[[*KEY, "group_label", "wave"]].take(groups.first).reset_index(drop=True)
    about = about.assign(inputs=_inputs(coded, pairs, groups.number, number, kept))
    about = about.merge(scope.tests, on=TESTS, how="left")
    return Cells(about, pairs, groups.number, number, kept)


def _bins(coded: Coded, columns: Sequence[str], within: Sequence[Filter]) -> pd.DataFrame:
    """Bins with rows that meet the conditions, in order of the first such row; `source_row` is the smallest."""

    def make() -> pd.DataFrame:
        distinct = coded.distinct(columns)
        kept = coded.mask(within)
        number = coded.grouped(columns).number[kept]
        row = coded.frame["source_row"].to_numpy(dtype="int64")[kept]
        smallest = np.full(len(distinct), np.iinfo(np.int64).max)
        np.minimum.at(smallest, number, row)
        size = np.bincount(number, minlength=len(distinct))
        place = first_places(number, len(distinct))
        found = distinct.assign(bin=np.arange(len(distinct)), size=size, source_row=smallest)
        return found.take(np.argsort(place, kind="stable")[: int((size > 0).sum())])

    return coded.once(("bins", *columns, *within), make)


def _inputs(coded: Coded, pairs: pd.DataFrame, cell: Whole, number: Whole, kept: Mask) -> pd.Series:
    """For each cell the source rows as compact JSON, as `cells.inputs` tells them."""
    groups = Coded(pairs.assign(cell=cell)).grouped(["cell", *SHEET])
    entry, entries = groups.number, len(groups.first)
    if _one_value_a_row(coded):
        rows = np.bincount(entry, weights=pairs["size"], minlength=entries).astype(np.int64)
    else:
        rows = _distinct_rows(coded, pairs, entry, entries, (number, kept))
    first = np.full(entries, np.iinfo(np.int64).max)
    np.minimum.at(first, entry, pairs["source_row"].to_numpy())
    organisations = _distinct(entry, pd.factorize(pairs["org_id"])[0], entries)
    about = pairs[SHEET].take(groups.first)
    owner = cell[groups.first]
    texts = pd.Series(_entries(about, rows, first, organisations), dtype="object")
    order = np.lexsort([*(pd.factorize(about[name], sort=True)[0] for name in reversed(SHEET)), owner])
    texts, owner = texts.take(order), owner[order]
    together = texts if (np.diff(owner) > 0).all() else texts.groupby(owner).agg(",".join)
    return ("[" + together.astype("str") + "]").reset_index(drop=True)


def _entries(about: pd.DataFrame, rows: Whole, first: Whole, organisations: Whole) -> list[str]:
    """`{…}` of each entry; what `json.dumps` would write, at a tenth of its price."""
    sheets = Coded(about)
    heads = [
        f'{{"file":{_quoted(file)},"sheet":{_quoted(sheet)},"rows":'
        for file, sheet in sheets.distinct(SHEET).itertuples(index=False)
    ]
    number = sheets.grouped(SHEET).number
    told = zip(number.tolist(), rows.tolist(), first.tolist(), organisations.tolist(), strict=True)
    tail = ',"organisations":'
    return [
        f'{heads[sheet]}{many},"first_row":{row}{tail + str(orgs) if orgs else ""}}}' for sheet, many, row, orgs in told
    ]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _one_value_a_row(coded: Coded) -> bool:
    """Does every row of the table come from a row of a sheet of its own? Then rows need not be told apart.

    Rows of the wave `final` repeat rows of the same test, and of a test a value takes one wave.
    """

    def make() -> bool:
        frame = coded.frame
        told = (frame["wave"] != FINAL).to_numpy() if "wave" in frame.columns else np.ones(len(frame), dtype=bool)
        row = frame["source_row"].to_numpy(dtype="int64")[told]
        key = coded.grouped(SHEET).number[told] * (int(row.max(initial=0)) + 1) + row
        if int(key.max(initial=0)) > DENSE * len(key):
            return len(pd.unique(key)) == len(key)
        return int(np.bincount(key, minlength=1).max()) <= 1

    return coded.once("one value a row", make)


def _distinct_rows(coded: Coded, pairs: pd.DataFrame, entry: Whole, entries: int, rows: tuple[Whole, Mask]) -> Whole:
    """Number of distinct source rows of each entry; of every level apart, since a bin lies in each."""
    number, kept = rows
    counts = np.zeros(entries, dtype=np.int64)
    row = coded.frame["source_row"].to_numpy(dtype="int64")[kept]
    for places in pairs.groupby("level").indices.values():
        entry_of = np.full(int(number.max()) + 1, -1)
        entry_of[pairs["bin"].to_numpy()[places]] = entry[places]
        owner = entry_of[number[kept]]
        counts += _distinct(owner[owner >= 0], row[owner >= 0], entries)
    return counts


def _distinct(owner: Whole, value: Whole, owners: int) -> Whole:
    """Number of distinct values (−1: missing) of each owner."""
    known = value >= 0
    span = int(value.max(initial=0)) + 1
    pairs = pd.unique(owner[known] * span + value[known])
    return np.bincount(pairs // span, minlength=owners)
