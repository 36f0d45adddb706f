"""Kernels of notebooks: ordinary ones of the running interpreter, their environment, and the list of those alive."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pipeline.execution.cache import Entry
from pipeline.execution.lock import alive
from pipeline.paths import PACKAGE

RUNTIME = "msoko-"
SOCKET_PATH_LIMIT = 100  # sun_path holds 104 bytes on macOS, 108 on Linux
INHERITED_AND_HARMFUL = ("PYTHONWARNINGS", "PYTHONSTARTUP", "PYTHONINSPECT", "JUPYTER_CONFIG_DIR", "IPYTHONDIR")


@dataclass(frozen=True)
class Launch:
    """What a kernel is started with: folder it works in, its environment, a private folder for sockets."""

    cwd: Path
    env: Mapping[str, str]
    runtime: Path

    @property
    def transport(self) -> str:
        """Unix sockets where their path is short enough (no race for ports), else TCP."""
        longest = len(os.fsencode(self.runtime / "kernel-ipc-99"))
        return "ipc" if os.name == "posix" and longest <= SOCKET_PATH_LIMIT else "tcp"


class Living:
    """Kernels alive now. `kill` ends them and everything that starts afterwards."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self.closed = False

    def add(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._processes.add(process)
            closed = self.closed
        if closed:
            _kill(process)

    def kill(self) -> None:
        with self._lock:
            self.closed = True
            processes = tuple(self._processes)
        for process in processes:
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a kernel with the processes it started; each kernel leads its own group on POSIX."""
    with suppress(ProcessLookupError, PermissionError):
        if process.poll() is None and os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            process.kill()


@contextmanager
def runtime_folder() -> Iterator[Path]:
    """A short private folder for a kernel's connection file, sockets and IPython profile."""
    folder = Path(tempfile.mkdtemp(prefix=f"{RUNTIME}{os.getpid()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers() -> None:
    """Remove the private folders of kernels whose run was killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{RUNTIME}*-*"):
        pid = folder.name.removeprefix(RUNTIME).partition("-")[0]
        if pid.isdigit() and not alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def environment(workspace: Path, into: Entry, notebook: str, runtime: Path) -> dict[str, str]:
    """Environment of a kernel: ours plus what makes its output the same on every run.

    MSOKO_HANDOFF is where the notebook leaves its findings and frames, MSOKO_UPSTREAM the folder that holds those of
    the others: NN_code/handoff.
    """
    kept = {name: value for name, value in os.environ.items() if name not in INHERITED_AND_HARMFUL}
    ours = {
        "MSOKO_WORKSPACE": str(workspace),
        "MSOKO_HANDOFF": str(into.handoff),
        "MSOKO_UPSTREAM": str(into.folder.parent),
        "MSOKO_NOTEBOOK": notebook,
        "IPYTHONDIR": str(runtime / "ipython"),
        "JUPYTER_CONFIG_DIR": str(runtime / "jupyter"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "COLUMNS": "120",
        "LINES": "40",
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
    if sys.getfilesystemencoding() == "utf-8":  # the kernel must read paths as this process does
        ours["PYTHONUTF8"] = "1"
    if PACKAGE.parent.name not in ("site-packages", "dist-packages"):
        ours["PYTHONPATH"] = os.pathsep.join(filter(None, (str(PACKAGE.parent), kept.get("PYTHONPATH", ""))))
    return kept | ours


def manager_class(launch: Launch, living: Living) -> type:
    """A kernel manager class bound to one launch; nbclient makes and cleans up the manager itself."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    command = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher"]
    options = ["--IPKernelApp.ignore_cwd=True", "-f", "{connection_file}"]

    class BoundKernelManager(AsyncKernelManager):
        def __init__(self, **given: Any) -> None:
            connection = str(launch.runtime / "kernel.json")
            super().__init__(**(given | {"transport": launch.transport, "connection_file": connection}))

        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=[*command, *options], display_name="Python 3", language="python")

        async def start_kernel(self, **given: Any) -> None:  # type: ignore[override]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            await super().start_kernel(**(given | quiet | {"env": dict(launch.env), "cwd": str(launch.cwd)}))
            living.add(cast(Any, self.provisioner).process)

    return BoundKernelManager
