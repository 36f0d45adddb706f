"""Runs the plan: checks everything first, reuses what is fresh, executes the rest by Papermill, keeps the results."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import Interrupted, MsokoError
from pipeline.execution import cache, contract, kernels, papermill_engine, plan
from pipeline.execution.kernels import Living
from pipeline.execution.plan import NOTEBOOKS, Notebook
from pipeline.paths import Paths

JOBS = 2
CELL_TIMEOUT = 600
Progress = Callable[[int, int, str], None]
Engine = Callable[[papermill_engine.Task, cache.Entry, Living], None]


@dataclass(frozen=True)
class Executed:
    """One notebook of a finished run. `reused`: taken from the cache; `seconds` spent now."""

    notebook: Notebook
    title: str
    entry: cache.Entry
    reused: bool
    seconds: float


@dataclass
class _Run:
    """State of one run: what is finished, what stopped it, the kernels alive."""

    paths: Paths
    parameters: Mapping[str, Any]
    inputs: str
    files: dict[Notebook, Path]
    cell_timeout: int
    engine: Engine
    progress: Progress
    living: Living = field(default_factory=Living)
    stopped: threading.Event = field(default_factory=threading.Event)
    done: dict[Notebook, Executed] = field(default_factory=dict)


def execute(
    paths: Paths,
    parameters: Mapping[str, Any],
    inputs: str,
    *,
    notebooks: Sequence[Notebook] = NOTEBOOKS,
    jobs: int = JOBS,
    cell_timeout: int = CELL_TIMEOUT,
    progress: Progress | None = None,
    engine: Engine | None = None,
) -> tuple[Executed, ...]:
    """Execute the plan and return its notebooks in order.

    `inputs` is the fingerprint of everything the notebooks read (data, settings, code), `cell_timeout` is in seconds,
    `progress(done, total, title)` is called from this thread after each notebook. Raises NotebookError or UsageError
    before any kernel starts; NotebookError or DiskFullError when a cell fails; Interrupted after Ctrl-C.
    """
    files = plan.sources(notebooks, paths.workspace)
    contract.check(files.values())
    for file in files.values():
        contract.check_parameters(file, parameters)
    paths.executed.mkdir(parents=True, exist_ok=True)
    cache.sweep(paths.executed)
    kernels.remove_leftovers()
    run = _Run(
        paths=paths,
        parameters=parameters,
        inputs=inputs,
        files=files,
        cell_timeout=cell_timeout,
        engine=engine or papermill_engine.run,
        progress=progress or (lambda done, total, title: None),
    )
    with ThreadPoolExecutor(max_workers=max(1, jobs), thread_name_prefix="notebook") as pool:
        try:
            for group in plan.groups(notebooks):
                _run_group(run, group, pool, jobs)
        except KeyboardInterrupt:
            _stop(run)
            raise Interrupted(
                "Расчёт остановлен пользователем. Прошлый отчёт не тронут.",
                advice="запустите снова: готовые блокноты не пересчитываются.",
            ) from None
        except BaseException:
            run.stopped.set()
            raise
    return tuple(run.done[notebook] for notebook in notebooks)


def _stop(run: _Run) -> None:
    """Start nothing new and end the kernels, so that their threads return at once."""
    run.stopped.set()
    run.living.kill()


def _run_group(run: _Run, group: tuple[Notebook, ...], pool: ThreadPoolExecutor, jobs: int) -> None:
    """Run one group, at most `jobs` notebooks at once, in order of start. The first failure in plan order is raised."""
    upstream = tuple(run.done[earlier].entry for earlier in run.files if earlier in run.done) if group[0].waits else ()
    waiting = list(group)
    running: dict[Future[Executed], Notebook] = {}
    failures: dict[Notebook, MsokoError] = {}
    while running or (waiting and not failures):
        while waiting and len(running) < jobs and not failures:
            notebook = waiting.pop(0)
            running[pool.submit(_one, run, notebook, upstream)] = notebook
        finished, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)  # wakes up for Ctrl-C on Windows
        for future in finished:
            _collect(run, running.pop(future), future, failures)
    for notebook in group:
        if notebook in failures:
            raise failures[notebook]


def _collect(run: _Run, notebook: Notebook, future: Future[Executed], failures: dict[Notebook, MsokoError]) -> None:
    try:
        run.done[notebook] = future.result()
    except MsokoError as error:
        failures[notebook] = error
    else:
        run.progress(len(run.done), len(run.files), run.done[notebook].title)


def _one(run: _Run, notebook: Notebook, upstream: tuple[cache.Entry, ...]) -> Executed:
    """One notebook: from the cache when fresh, else executed into a draft that then takes its place."""
    started = time.monotonic()
    file = run.files[notebook]
    kept = cache.entry(run.paths.executed, notebook)
    wanted = cache.key(file, run.parameters, run.inputs, upstream)
    reused = cache.fresh(kept, wanted)
    if not reused:
        if run.stopped.is_set():
            raise Interrupted("Расчёт остановлен.")
        task = papermill_engine.Task(
            name=notebook.name,
            source=file,
            parameters=run.parameters,
            workspace=run.paths.workspace,
            failed=run.paths.failed / notebook.file,
            cell_timeout=run.cell_timeout,
        )
        with cache.draft(kept) as building:
            run.engine(task, building, run.living)
            cache.keep(building, kept, wanted)
        task.failed.unlink(missing_ok=True)
    return Executed(notebook, contract.title_of(file), kept, reused, time.monotonic() - started)
