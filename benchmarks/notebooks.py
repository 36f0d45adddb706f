"""The fourteen notebooks by our runner and by plain Papermill, in the same minutes, on the same prepared data.

    python -m benchmarks.notebooks [--repeats 3]

Makes a workspace of its own in a temporary folder, runs the demo there once from nothing and once with nothing to do,
then executes the notebooks again and again with an empty cache: our runner with two jobs, the `papermill` command one
notebook after another, our runner with one job. Prints every figure, the medians and the ratios.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from benchmarks.measure import Cost, measure
from pipeline.execution.cache import Entry
from pipeline.execution.plan import NOTEBOOKS, source
from pipeline.paths import Paths
from pipeline.settings import run_settings

TERRITORY, YEAR = "demo", 2026
PLAIN = "plain papermill, one after another"
ROOT = Path(__file__).resolve().parents[1]


def main(repeats: int) -> None:
    with tempfile.TemporaryDirectory(prefix="msoko-benchmark-") as folder:
        ours, plain = Path(folder) / "ours", Path(folder) / "plain"
        whole(ours)
        shutil.copytree(ours, plain)
        ways: dict[str, Callable[[], Cost]] = {
            "our runner, 2 jobs": lambda: by_runner(ours, 2),
            PLAIN: lambda: by_papermill(plain),
            "our runner, 1 job": lambda: by_runner(ours, 1),
        }
        costs: dict[str, list[Cost]] = {name: [] for name in ways}
        for repeat in range(repeats):
            for name, way in ways.items():
                costs[name].append(way())
                tell(f"{name}, {repeat + 1} of {repeats}", costs[name][-1])
        summarise(costs)


def whole(workspace: Path) -> None:
    """One report from nothing, then the same command with nothing to do."""
    (workspace / "data" / "raw").mkdir(parents=True)
    command = [sys.executable, "-m", "pipeline.cli", "report", "--workspace", str(workspace)]
    tell("msoko report, from nothing", measure(command, cwd=ROOT, env=environment(workspace)))
    tell("msoko report, nothing to do", measure(command, cwd=ROOT, env=environment(workspace)))


def by_runner(workspace: Path, jobs: int) -> Cost:
    empty_cache(workspace)
    command = [sys.executable, "-m", "benchmarks.notebooks", "--execute", str(workspace), "--jobs", str(jobs)]
    return measure(command, cwd=ROOT, env=environment(workspace))


def execute(workspace: Path, jobs: int) -> None:
    """What `msoko run` does between computing and exporting."""
    from pipeline.execution.runner import execute as run_notebooks

    run_notebooks(paths_of(workspace), parameters(), "benchmark", jobs=jobs)


def by_papermill(workspace: Path) -> Cost:
    """The command `papermill` for each notebook in turn; peak is that of the hungriest."""
    empty_cache(workspace)
    costs = []
    for notebook in NOTEBOOKS:
        into = Entry(paths_of(workspace).executed / notebook.name)
        into.handoff.mkdir(parents=True)
        given = [word for name, value in parameters().items() for word in ("-p", name, str(value))]
        command = [sys.executable, "-m", "papermill", "--no-progress-bar", "-k", "python3", "--cwd", str(workspace)]
        files = [str(source(notebook, workspace)), str(into.executed)]
        handing_on = {"MSOKO_HANDOFF": str(into.handoff), "MSOKO_NOTEBOOK": notebook.name}
        costs.append(measure([*command, *files, *given], cwd=ROOT, env=environment(workspace) | handing_on))
    return Cost(sum(cost.seconds for cost in costs), sum(cost.cpu for cost in costs), max(cost.mib for cost in costs))


def paths_of(workspace: Path) -> Paths:
    return Paths(workspace, TERRITORY, YEAR)


def parameters() -> Mapping[str, str | int]:
    return run_settings(TERRITORY, YEAR, "internal", None, None).parameters()


def environment(workspace: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ours = {"MSOKO_WORKSPACE": str(workspace), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONHASHSEED": "0"}
    return kept | ours


def empty_cache(workspace: Path) -> None:
    shutil.rmtree(paths_of(workspace).executed, ignore_errors=True)


def tell(what: str, cost: Cost) -> None:
    print(f"{what:<52}{cost.seconds:8.2f} s {cost.cpu:8.2f} s CPU {cost.mib:6.0f} MiB", flush=True)


def summarise(costs: Mapping[str, list[Cost]]) -> None:
    print()
    medians = {name: median(found) for name, found in costs.items()}
    for name, cost in medians.items():
        tell(f"median: {name}", cost)
    for name, cost in medians.items():
        print(f"{PLAIN} / {name}: {medians[PLAIN].seconds / cost.seconds:.2f} of wall time")


def median(costs: Sequence[Cost]) -> Cost:
    """Each figure's own median."""
    return Cost(*(statistics.median(getattr(cost, field.name) for cost in costs) for field in fields(Cost)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--execute", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--jobs", type=int, default=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.execute:
        execute(asked.execute, asked.jobs)
    else:
        main(asked.repeats)
