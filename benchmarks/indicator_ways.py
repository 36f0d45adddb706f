"""One way from result rows to shares, alone in its process: `indicators` starts these and reads the last line."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from benchmarks.indicator_queries import HITS, KEY, NUMBERS, by_duckdb, by_polars
from benchmarks.results_world import OWN, results

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
IDS = [name for hits in HITS.values() for name in hits]
Said = Mapping[str, float]


def world(folder: Path, rows: str) -> Said:
    from pipeline import tables

    tables.write("results", results(int(rows)), folder / "results.parquet")
    return {}


def ours(folder: Path, *, intervals: bool = True, counts: bool = False) -> Said:
    """The stage over the clean table, as the pipeline calls it."""
    from pipeline import tables
    from pipeline.indicators import compute

    passports, context = declared()
    if not intervals:
        compute.interval = _no_interval
    work = _counts if counts else compute.compute
    work({"results": results(1000)}, passports, context)  # loads libraries, as the first query of the others does
    begun = time.perf_counter()
    held = tables.read("results", folder / "results.parquet")
    read = time.perf_counter() - begun
    found, cost = _timed(lambda: work({"results": held}, passports, context))
    if intervals and not counts:
        found[[*KEY, *NUMBERS]].to_parquet(folder / "ours.parquet")
    return {**cost, "file": read + cost["memory"]}


def declared() -> tuple[Any, Any]:
    """The nine passports as shipped, and a territory of one district."""
    from pipeline.indicators.context import Context
    from pipeline.indicators.norms import load_rules
    from pipeline.indicators.passport import load_passports
    from pipeline.paths import Paths

    paths = Paths(ROOT / "benchmarks", "town", 2026)
    passports = [one for one in load_passports(paths.config_files("indicators")) if one.id in IDS]
    return passports, Context("town", 2026, load_rules(paths), OWN, (OWN,))


def _no_interval(passport: Any, found: pd.DataFrame, scope: Any) -> Any:
    import numpy as np

    nothing = np.full(len(found), np.nan)
    return nothing, nothing, np.full(len(found), "")


def _counts(given: Mapping[str, pd.DataFrame], passports: Any, context: Any) -> Any:
    """Numerators and denominators with labels and source rows; no series, no interval, no table in its final form."""
    from pipeline.indicators.context import build_scope
    from pipeline.indicators.counted import COUNTED, counted_values

    scope = build_scope(given, context)
    return [
        counted_values(source, scope, passport.levels, passport.breakdowns)
        for passport in passports
        for source in passport.sources
        if isinstance(source, COUNTED)
    ]


def duckdb(folder: Path) -> Said:
    import duckdb as engine

    connection = engine.connect()
    file = (folder / "results.parquet").as_posix()
    connection.execute(f"CREATE VIEW results AS SELECT * FROM '{file}'")
    found, from_file = _timed(lambda: by_duckdb(connection))
    connection.execute(f"DROP VIEW results; CREATE TABLE results AS SELECT * FROM '{file}'")
    _, in_memory = _timed(lambda: by_duckdb(connection))
    found.to_parquet(folder / "duckdb.parquet")
    return {**in_memory, "file": from_file["memory"]}


def polars(folder: Path) -> Said:
    import polars as engine

    file = folder / "results.parquet"
    found, from_file = _timed(lambda: by_polars(engine.scan_parquet(file)))
    rows = engine.read_parquet(file)
    _, in_memory = _timed(lambda: by_polars(rows.lazy()))
    found.to_parquet(folder / "polars.parquet")
    return {**in_memory, "file": from_file["memory"]}


def read(workspace: Path, territory: str, year: str) -> Said:
    """Read and check the files of a territory, out of the cache where it holds them."""
    _tables(workspace, territory, int(year))
    return {}


def stage(workspace: Path, territory: str, year: str) -> Said:
    """The whole stage over the files of a territory: every passport."""
    from pipeline.context import context_of
    from pipeline.indicators.compute import compute
    from pipeline.indicators.passport import load_passports
    from pipeline.territory.profile import load_profile

    paths, settings, clean = _tables(workspace, territory, int(year))
    passports = load_passports(paths.config_files("indicators"), paths.config_files("items"))
    context = context_of(paths, settings, load_profile(paths))
    before = _mib()
    found, cost = _timed(lambda: compute(clean, passports, context))
    rows = sum(map(len, clean.values()))
    return {**cost, "seconds": cost["memory"], "rows": rows, "found": len(found), "grown": cost["mib"] - before}


def _tables(workspace: Path, territory: str, year: int) -> tuple[Any, Any, Any]:
    from pipeline import check
    from pipeline.paths import Paths
    from pipeline.provenance.fingerprint import fingerprint
    from pipeline.settings import run_settings

    paths = Paths(workspace, territory, year)
    settings = run_settings(territory, year, "internal", None, None)
    checked = check.examine(paths, settings, fingerprint(paths, settings), lambda *_, **__: None)
    return paths, settings, checked.gathered.tables


def _timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What the work gives; its wall and processor seconds, and the highest resident memory while it ran."""
    peak, done = [_mib()], threading.Event()
    watch = threading.Thread(target=_watch, args=(peak, done), daemon=True)
    watch.start()
    begun, cpu = time.perf_counter(), time.process_time()
    found = work()
    cost = {"memory": time.perf_counter() - begun, "cpu": time.process_time() - cpu}
    done.set()
    watch.join()
    return found, {**cost, "mib": max(peak[0], _mib())}


def _watch(peak: list[float], done: threading.Event) -> None:
    while not done.wait(0.02):
        peak[0] = max(peak[0], _mib())


def _mib() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


WAYS: dict[str, Callable[..., Said]] = {
    "world": world,
    "ours": ours,
    "ours-without-intervals": lambda folder: ours(folder, intervals=False),
    "ours-counts": lambda folder: ours(folder, counts=True),
    "duckdb": duckdb,
    "polars": polars,
    "read": read,
    "stage": stage,
}

if __name__ == "__main__":
    way, place, *more = sys.argv[1:]
    print(json.dumps(WAYS[way](Path(place), *more)))
