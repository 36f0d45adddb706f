"""What an analyst reads when a notebook stops, and what is cut from an executed notebook."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import DiskFullError, GateError, NotebookError, Place
from pipeline.execution import failure
from pipeline.execution.cleaning import without_paths
from pipeline.execution.failure import Stop
from pipeline.execution.kernels import Launch

WORK = Path("/srv/отчёт 2026/рабочая папка")
COPY = WORK / "data" / "processed" / "demo" / "2026" / "failed" / "01_a.ipynb"


def told(stop: Stop, number: int = 5) -> str:
    return str(failure.error("01_a", stop, number, WORK, COPY))


def test_an_ordinary_error_is_one_short_line() -> None:
    long = "строка 1\nстрока 2" + "x" * 1000
    message = told(Stop("ValueError", long, "abc", "\n  rows = nb.table('results')\nnb.show(rows)"))
    assert message == (
        "Блокнот «01_a» остановился в ячейке 5: «rows = nb.table('results')».\n"
        "ValueError: строка 1\n"
        "Где: файл «01_a.ipynb», ячейка 5 (id «abc»).\n"
        "Что делать: откройте в JupyterLab сохранённую копию data/processed/demo/2026/failed/01_a.ipynb, посмотрите "
        "на эту ячейку и исправьте причину; при новом запуске готовые блокноты не пересчитываются."
    )


def test_an_error_of_ours_speaks_for_itself() -> None:
    ours = GateError("Нет таблицы.", place=Place("а.xlsx", "Лист1", "B2"), advice="добавьте файл.")
    message = told(Stop("GateError", str(ours), "abc", "nb.start()"))
    assert "Нет таблицы.\nГде: файл «а.xlsx», лист «Лист1», ячейка B2.\nЧто делать: добавьте файл." in message
    assert "GateError" not in message


@pytest.mark.parametrize(
    "text",
    [
        "[Errno 2] No such file or directory: '/srv/отчёт 2026/рабочая папка/data/a.csv'",
        "[Errno 2] No such file or directory: '/home/ivan/other/a.csv'",
        "cannot open C:\\Users\\Ivan\\a.csv",
    ],
)
def test_no_folder_of_the_machine_is_shown(text) -> None:
    message = told(Stop("FileNotFoundError", text, "abc", "x = 1"))
    assert "a.csv" in message
    assert not [folder for folder in ("/srv", "/home", "ivan", "Ivan", "Users") if folder in message]


def test_slashes_in_russian_words_are_no_paths() -> None:
    assert "и/или/либо, 2025/26" in told(Stop("ValueError", "и/или/либо, 2025/26", "abc", "x"))


def test_a_full_disk_in_a_cell_keeps_its_own_exit_code() -> None:
    text = "[Errno 28] No space left on device: '/srv/x.parquet'"
    full = failure.error("01_a", Stop("OSError", text, "abc", "x"), 5, WORK, COPY)
    other = failure.error("01_a", Stop("OSError", "[Errno 13] Permission denied", "abc", "x"), 5, WORK, COPY)
    assert (type(full), full.exit_code) == (DiskFullError, 50)
    assert (type(other), other.exit_code) == (NotebookError, 30)


def test_parameters_and_the_start_have_no_cell_in_the_source() -> None:
    assert "остановился на подстановке параметров" in told(
        Stop("NameError", "x", "injected-parameters", "# Parameters"), 0
    )
    assert "остановился до первой ячейки.\nПроцесс расчёта не запустился" in told(
        Stop("start", "Процесс расчёта не запустился."), 0
    )


def test_outputs_lose_folders_temporary_files_and_addresses() -> None:
    text = f"{WORK}/data/a.csv\n/var/tmp/ipykernel_123/456.py:3: UserWarning\n<FacetGrid at 0x7f00aa>\n{WORK}"
    assert without_paths(text, WORK) == "data/a.csv\nячейка:3: UserWarning\n<FacetGrid>\n"
    assert without_paths(f"{WORK}-копия и {sys.prefix}/lib/x.py", WORK) == f"{WORK}-копия и lib/x.py"


def test_sockets_are_used_only_where_their_path_is_short() -> None:
    assert Launch(WORK, {}, Path("/tmp") / ("д" * 60)).transport == "tcp"


def test_importing_the_runner_loads_nothing_heavy() -> None:
    heavy = "{'papermill', 'nbformat', 'nbclient', 'pandas', 'pydantic', 'jupyter_client', 'psutil'}"
    modules = "pipeline.execution.runner, pipeline.execution.publication, pipeline.provenance.passport"
    script = f"import sys, {modules}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
