"""The real thing: Papermill, kernels, failures, Ctrl-C and kill -9. Kernel starts are dear: six in this file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import NotebookError
from pipeline.execution import kernels, runner
from pipeline.execution.plan import Notebook
from pipeline.paths import Paths
from tests.execution.notebooks import PARAMETERS, FakeEngine, chapter, gone, workspace
from tests.execution.test_lock import dead_pid

ROOT = Path(__file__).resolve().parents[2]
FIRST, LAST = Notebook("00", "first"), Notebook("13", "last", waits=True)
# The contract forbids `import os` in notebooks, so these reach it through pandas.
KERNEL = "import pandas as pd\nos = pd.io.common.os\nhandoff = os.environ['MSOKO_HANDOFF']"
HAND_ON = f"{KERNEL}\nos.close(os.open(handoff + f'/{{report_year}}.txt', os.O_CREAT | os.O_WRONLY))\n"
LOOK = "print(os.getcwd() == os.environ['MSOKO_WORKSPACE'], os.environ['MSOKO_NOTEBOOK'])\nprint(os.getcwd())\nobject()"
UPSTREAM = f"{KERNEL}\nos.listdir(os.environ['MSOKO_UPSTREAM'] + '/00_first/handoff')"

DRIVER = """
import os, signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
from pipeline.errors import MsokoError
from pipeline.execution import papermill_engine, runner
from pipeline.execution.lock import run_lock
from pipeline.execution.plan import Notebook
from pipeline.paths import Paths
from tests.execution.notebooks import PARAMETERS, FakeEngine

fake = FakeEngine()
def engine(task, into, living):
    (fake if task.name == "00_first" else papermill_engine.run)(task, into, living)

paths = Paths(Path(sys.argv[1]), "demo", 2026)
plan = (Notebook("00", "first"), Notebook("13", "last", waits=True))
try:
    with run_lock(paths):
        runner.execute(paths, PARAMETERS, "", notebooks=plan, engine=engine)
except MsokoError as error:
    print(error)
    sys.exit(error.exit_code)
"""
SLEEPER = f"{KERNEL}\nos.close(os.open(handoff + f'/pid-{{os.getpid()}}', os.O_CREAT))\nos.system('sleep 60')"


def outputs(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    parts = [
        output.get("data", {}).get("text/plain", output.get("text")) for c in cells for output in c.get("outputs", ())
    ]
    return ["".join(part) for part in parts]


def test_notebooks_are_executed_cleaned_and_the_same_twice(tmp_path) -> None:
    long_name = "рабочая папка {с пробелами} " + "длинная " * 8
    paths = workspace(tmp_path / long_name.strip(), n00_first=chapter(HAND_ON, LOOK), n13_last=chapter(UPSTREAM))
    parameters = PARAMETERS | {"report_year": 2031}
    done = runner.execute(paths, parameters, "", notebooks=(FIRST, LAST))
    first, last = (one.entry.executed for one in done)
    assert outputs(first) == ["True 00_first\n\n", "<object>"]
    assert outputs(last) == ["['2031.txt']"]

    content = json.loads(first.read_text(encoding="utf-8"))
    assert set(content["metadata"]) == {"kernelspec", "language_info"}
    assert [cell["id"] for cell in content["cells"]] == ["title", "parameters", "injected-parameters", "c1", "c2"]
    tags = [cell["metadata"] for cell in content["cells"]]
    assert tags == [{}, {"tags": ["parameters"]}, {"tags": ["injected-parameters"]}, {}, {}]
    assert "report_year = 2031" in "".join(content["cells"][2]["source"])
    assert str(tmp_path) not in first.read_text(encoding="utf-8")

    before = first.read_bytes()
    first.unlink()
    again = runner.execute(paths, parameters, "", notebooks=(FIRST, LAST))
    assert [one.reused for one in again] == [False, True]
    assert first.read_bytes() == before


def test_a_failing_cell_is_named_and_the_copy_is_kept(tmp_path) -> None:
    fail = "import pandas as pd\npd.io.common.os.stat(pd.io.common.os.getcwd() + '/нет.csv')"
    paths = workspace(tmp_path / "папка", n00_first=chapter("x = 1", fail, "y = 2"))
    with pytest.raises(NotebookError) as caught:
        runner.execute(paths, PARAMETERS, "", notebooks=(FIRST,))
    message = str(caught.value)
    assert "Блокнот «00_first» остановился в ячейке 4: «import pandas as pd»" in message
    assert "FileNotFoundError" in message
    assert "data/processed/demo/2026/failed/00_first.ipynb" in message
    assert str(tmp_path) not in message
    assert "Traceback" not in message
    assert (caught.value.place.file, caught.value.place.cell) == ("00_first.ipynb", "4 (id «c2»)")
    kept = json.loads((paths.failed / "00_first.ipynb").read_text(encoding="utf-8"))
    assert [cell["id"] for cell in kept["cells"]][3:] == ["c1", "stopped-here", "c2", "c3"]
    assert [output["output_type"] for output in kept["cells"][5]["outputs"]] == ["error"]
    assert [path.name for path in paths.executed.iterdir()] == []


class Broken:
    """Stands in for `papermill.execute_notebook`: raises the given errors, then executes nothing and succeeds."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self, source: Any, output: None, *, on_cell_start: Any, **options: Any) -> Any:
        self.calls += 1
        if not self.errors:
            return source
        error = self.errors.pop(0)
        if not str(error).startswith("Kernel died before"):
            on_cell_start(cell=source.cells[2], cell_index=2)
        raise error


def broken(monkeypatch: pytest.MonkeyPatch, *errors: Exception) -> Broken:
    import papermill

    stand_in = Broken(*errors)
    monkeypatch.setattr(papermill, "execute_notebook", stand_in)
    return stand_in


AT_START = "Kernel died before replying to kernel_info"


def test_a_kernel_that_dies_at_start_is_started_once_more(tmp_path, monkeypatch) -> None:
    paths = workspace(tmp_path, n00_first=chapter("x = 1"))
    engine = broken(monkeypatch, start_failed())
    runner.execute(paths, PARAMETERS, "", notebooks=(FIRST,))
    assert engine.calls == 2


def start_failed() -> Exception:
    return RuntimeError(AT_START)


def died() -> Exception:
    from nbclient.exceptions import DeadKernelError

    return DeadKernelError("Kernel died")


def timed_out() -> Exception:
    from nbclient.exceptions import CellTimeoutError

    return CellTimeoutError("late")


@pytest.mark.parametrize(
    ("errors", "calls", "told"),
    [
        ([start_failed, start_failed], 2, "до первой ячейки.\nПроцесс расчёта не запустился"),
        ([died], 1, "в ячейке 3: «x = 1».\nПроцесс расчёта прерван системой"),
        ([timed_out], 1, "в ячейке 3: «x = 1».\nЯчейка считалась дольше 7\u00a0с"),
    ],
)
def test_a_kernel_that_is_lost_is_explained(tmp_path, monkeypatch, errors, calls, told) -> None:
    paths = workspace(tmp_path, n00_first=chapter("x = 1"))
    engine = broken(monkeypatch, *(make() for make in errors))
    with pytest.raises(NotebookError) as caught:
        runner.execute(paths, PARAMETERS, "", notebooks=(FIRST,), cell_timeout=7)
    assert told in str(caught.value)
    assert engine.calls == calls
    assert (paths.failed / "00_first.ipynb").is_file()


def test_private_folders_of_killed_runs_are_removed(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead, mine, foreign = (tmp_path / name for name in (f"msoko-{dead_pid()}-x", f"msoko-{os.getpid()}-x", "msoko-a-b"))
    for folder in (dead, mine, foreign):
        folder.mkdir()
    kernels.remove_leftovers()
    assert (dead.exists(), mine.exists(), foreign.exists()) == (False, True, True)


def start(paths: Paths) -> tuple[subprocess.Popen[bytes], int]:
    """A run in its own process, waited for until its last notebook's kernel works; (process, pid of the kernel)."""
    temporary = paths.workspace.parent  # a long path: these kernels talk over TCP
    environment = os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C", "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", DRIVER, str(paths.workspace)]
    process = subprocess.Popen(
        command, cwd=paths.workspace, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        found = list(paths.executed.glob(".draft-*-13_last/handoff/pid-*"))
        if found:
            return process, int(found[0].name.removeprefix("pid-"))
        time.sleep(0.1)
    process.kill()
    raise AssertionError(process.communicate())


def wait_until_gone(pid: int) -> bool:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and not gone(pid):
        time.sleep(0.1)
    return gone(pid)


@pytest.fixture
def sleeping(tmp_path) -> Paths:
    return workspace(tmp_path / "папка", n00_first=chapter("x = 1"), n13_last=chapter(SLEEPER))


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_ends_the_kernels_and_says_so(sleeping) -> None:
    process, kernel = start(sleeping)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, b"")
    assert "Расчёт остановлен пользователем" in out.decode()
    assert wait_until_gone(kernel)
    assert not sleeping.lock.exists()
    assert [path.name for path in sleeping.executed.iterdir()] == ["00_first"]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_after_kill_9_the_next_run_goes_on_from_what_was_finished(sleeping) -> None:
    from pipeline.execution.lock import run_lock

    process, kernel = start(sleeping)
    process.kill()
    process.communicate(timeout=20)
    assert wait_until_gone(kernel)
    assert sleeping.lock.exists()
    engine = FakeEngine()
    with run_lock(sleeping):
        done = runner.execute(sleeping, PARAMETERS, "", notebooks=(FIRST, LAST), engine=engine)
    assert engine.calls == ["13_last"]
    assert [one.reused for one in done] == [True, False]
    assert sorted(path.name for path in sleeping.executed.iterdir()) == ["00_first", "13_last"]
    assert not sleeping.lock.exists()
