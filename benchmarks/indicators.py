"""The indicator stage over many result rows beside hand-written queries for the same shares, in the same minutes.

    python -m benchmarks.indicators [--rows 2000000] [--repeats 3]
    python -m benchmarks.indicators --workspace DIR TERRITORY YEAR

Needs the extra `bench` (duckdb, polars). Invents the clean table `results` once (results_world.py); nine shipped
passports of ВПР, ОГЭ and ЕГЭ. Each way is a process of its own that reads the file and is timed from the file to the
shares and from rows in memory (of pandas', DuckDB's or Polars' own kind) to the shares; its peak memory holds both. The
queries give shares alone. Our stage also gives labels, source files and rows of every number, series and intervals: it
is timed as it is, without intervals, and up to the counts. Shares must agree to 1e-12 or the benchmark fails.

With `--workspace`: the whole stage, all passports, over the files of a territory; reading and checking is told apart.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from benchmarks.indicator_queries import KEY, NUMBERS
from benchmarks.measure import Cost, measure
from benchmarks.notebooks import environment

ROOT = Path(__file__).resolve().parents[1]
WAYS = {
    "ours": "our stage",
    "ours-without-intervals": "our stage, no intervals",
    "ours-counts": "our stage, up to the counts",
    "duckdb": "DuckDB",
    "polars": "Polars",
}
RIVALS = ("duckdb", "polars")
TOLERANCE, RATIO, GIB = 1e-12, 1.5, 3.0


def main(rows: int, repeats: int) -> None:
    """Run every way so often, in turns; compare the shares; print seconds, memory and ratios."""
    with tempfile.TemporaryDirectory(prefix="msoko-benchmark-") as name:
        folder = Path(name)
        _apart("world", folder, str(rows))
        said: dict[str, list[Mapping[str, float]]] = {way: [] for way in WAYS}
        for _ in range(repeats):
            for way in WAYS:
                said[way].append(_apart(way, folder))
        cells = agreed(folder)
    print(f"{rows} result rows, {cells} shares, {repeats} repeats; all shares agree to {TOLERANCE:g}\n")
    summarise(said)


def _apart(way: str, folder: Path, *more: str) -> Mapping[str, float]:
    """One way in a process of its own; what it measured of itself."""
    command = [sys.executable, "-m", "benchmarks.indicator_ways", way, str(folder), *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"{way}: {done.stderr[-2000:]}")
    measured: Mapping[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def agreed(folder: Path) -> int:
    """Number of shares when all three ways gave the same; AssertionError when they did not."""
    ours = pd.read_parquet(folder / "ours.parquet").astype(dict.fromkeys(NUMBERS, "float64"))
    for rival in RIVALS:
        theirs = pd.read_parquet(folder / f"{rival}.parquet")
        both = ours.merge(theirs, on=KEY, suffixes=("", "_theirs"), validate="one_to_one")
        assert len(both) == len(ours) == len(theirs) > 0, f"{rival}: {len(both)} of {len(ours)} and {len(theirs)} cells"
        for name in NUMBERS:
            apart = float((both[name] - both[f"{name}_theirs"]).abs().max())
            assert apart <= TOLERANCE, f"{rival}: {name} differs by {apart}"
    return len(ours)


def summarise(said: Mapping[str, Sequence[Mapping[str, float]]]) -> None:
    medians = {
        way: {key: statistics.median(one[key] for one in costs) for key in costs[0]} for way, costs in said.items()
    }
    print(f"{'median':<30}{'file → shares':>15}{'memory → shares':>17}{'of them CPU':>13}{'peak MiB':>10}")
    for way, cost in medians.items():
        print(
            f"{WAYS[way]:<30}{cost['file']:>13.2f} s{cost['memory']:>15.2f} s{cost['cpu']:>11.2f} s{cost['mib']:>10.0f}"
        )
    print()
    for rival in RIVALS:
        told = [f"{what} {medians['ours'][what] / medians[rival][what]:.2f}" for what in ("file", "memory", "cpu")]
        print(f"our stage / {WAYS[rival]}: {', '.join(told)} (aim: {RATIO:g} of the faster)")
    print(f"peak of our stage: {medians['ours']['mib'] / 1024:.2f} GiB (aim: under {GIB:g})")


def of_workspace(workspace: Path, territory: str, year: str) -> None:
    """Time and memory of the stage over the files of a territory, which are read first so that the cache holds them."""
    command = [sys.executable, "-m", "benchmarks.indicator_ways"]
    run = [str(workspace.resolve()), territory, year]
    costs: dict[str, Cost] = {}
    for way in ("read", "read", "stage"):
        costs[way] = measure([*command, way, *run], cwd=ROOT, env=environment(workspace.resolve()))
    told = _apart("stage", *(Path(word) for word in run[:1]), *run[1:])
    print(f"{territory} {year}: {told['rows']:.0f} rows of clean tables, {told['found']:.0f} rows of indicators")
    print(f"indicator stage: {told['seconds']:.2f} s, {told['cpu']:.2f} s CPU, grows by {told['grown']:.0f} MiB")
    for way, what in {"read": "files in the cache read and checked", "stage": "the same and the stage"}.items():
        print(f"{what}: {costs[way].seconds:.2f} s, peak {costs[way].mib:.0f} MiB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("territory", nargs="?", default="demo")
    parser.add_argument("year", nargs="?", default="2026")
    asked = parser.parse_args()
    if asked.workspace:
        of_workspace(asked.workspace, asked.territory, asked.year)
    else:
        main(asked.rows, asked.repeats)
