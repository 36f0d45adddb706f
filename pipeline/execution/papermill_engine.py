"""One notebook through Papermill: parameters injected, a fresh kernel, the result cleaned or the failure explained."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import Interrupted
from pipeline.execution import failure
from pipeline.execution.cache import Entry
from pipeline.execution.cleaning import clean
from pipeline.execution.kernels import Launch, Living, environment, manager_class, runtime_folder

START_TIMEOUT = 120
KERNEL = "python3"
QUIET = logging.NullHandler()  # what Papermill logs about failures reaches the analyst as our own message


@dataclass(frozen=True)
class Task:
    """What to execute. `failed` is where the copy goes when a cell fails; `cell_timeout` in seconds."""

    name: str
    source: Path
    parameters: Mapping[str, Any]
    workspace: Path
    failed: Path
    cell_timeout: int


@dataclass
class _Trace:
    """Cells met so far, the last of them is the one being executed; filled by nbclient's hook."""

    cells: list[Any] = field(default_factory=list)

    def note(self, cell: Any, cell_index: int) -> None:
        self.cells.append(cell)


def run(task: Task, into: Entry, living: Living) -> None:
    """Execute one notebook into `into.executed`, its handoff into `into.handoff`. A kernel that dies at start is
    started once more. Raises NotebookError, DiskFullError, or Interrupted when `living` was closed."""
    import nbformat

    source = nbformat.reads(task.source.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]
    executed, trace, stop = _attempt(task, source, into, living)
    if stop is not None and stop.kind == "start" and not living.closed:
        executed, trace, stop = _attempt(task, source, into, living)
    if living.closed:
        raise Interrupted("Расчёт остановлен.")
    if stop is not None:
        _write(failure.failed_copy(source, trace.cells, stop.cell_id), task.failed)
        number = next((i for i, cell in enumerate(source.cells, start=1) if cell.id == stop.cell_id), 0)
        raise failure.error(task.name, stop, number, task.workspace, task.failed)
    _write(clean(executed, source, task.workspace), into.executed)


def _attempt(task: Task, source: Any, into: Entry, living: Living) -> tuple[Any, _Trace, failure.Stop | None]:
    """Execute once: (executed notebook or None, cells met, why it stopped or None)."""
    import papermill
    from jupyter_core.utils import ensure_event_loop
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from zmq import ZMQError

    trace = _Trace()
    logging.getLogger("papermill").addHandler(QUIET)
    loop = ensure_event_loop(prefer_selector_loop=True)  # one a thread, and nobody else closes it
    with runtime_folder() as runtime, closing(loop):
        env = environment(task.workspace, into, task.name, runtime)
        launch = Launch(task.workspace, env, runtime)
        try:
            executed = papermill.execute_notebook(
                source,  # a node, not a path: Papermill formats paths, and braces in them would break
                None,
                parameters=dict(task.parameters),
                kernel_name=KERNEL,
                language="python",
                progress_bar=False,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                start_timeout=START_TIMEOUT,
                execution_timeout=task.cell_timeout,
                kernel_manager_class=manager_class(launch, living),
                on_cell_start=trace.note,
                record_timing=False,
                coalesce_streams=True,
                shutdown_kernel="immediate",
            )
        except PapermillExecutionError as error:
            return None, trace, _stop(trace, error.ename, error.evalue)
        except CellTimeoutError:
            return (
                None,
                trace,
                _stop(trace, "timeout", f"Ячейка считалась дольше {task.cell_timeout}\u00a0с и остановлена."),
            )
        except DeadKernelError:
            return None, trace, _stop(trace, "died", "Процесс расчёта прерван системой; обычно не хватает памяти.")
        except (RuntimeError, ZMQError):
            if trace.cells:
                raise
            return None, trace, failure.Stop("start", "Процесс расчёта не запустился, в том числе со второй попытки.")
    return executed, trace, None


def _stop(trace: _Trace, kind: str, text: str) -> failure.Stop:
    cell = trace.cells[-1] if trace.cells else None
    return failure.Stop(kind, text, getattr(cell, "id", ""), getattr(cell, "source", ""))


def _write(notebook: Any, path: Path) -> None:
    """Write a notebook whole or not at all."""
    import nbformat

    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.part")
    text = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    partial.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    partial.replace(path)
