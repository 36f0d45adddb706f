"""Our shares against hand-written queries of two engines; the benchmark compares the same on millions of rows."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmarks.indicator_queries import KEY, NUMBERS, by_duckdb, by_polars
from benchmarks.indicator_ways import declared
from benchmarks.results_world import results
from pipeline.indicators.compute import compute

TABLE = results(20_000)


@pytest.fixture(scope="module")
def ours() -> pd.DataFrame:
    passports, context = declared()
    return compute({"results": TABLE}, passports, context)


def same(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """The same cells, the same numbers."""
    both = [frame[[*KEY, *NUMBERS]].sort_values(KEY, ignore_index=True) for frame in (ours, theirs)]
    assert len(both[0]) == len(both[1]) > 10_000
    pd.testing.assert_frame_equal(both[0], both[1], check_dtype=False, check_exact=False, rtol=0, atol=1e-12)


def test_duckdb_gives_the_same_shares(ours: pd.DataFrame) -> None:
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.register("results", TABLE)
    same(ours, by_duckdb(connection))


def test_polars_gives_the_same_shares(ours: pd.DataFrame) -> None:
    polars = pytest.importorskip("polars")
    same(ours, by_polars(polars.from_pandas(TABLE).lazy()))
