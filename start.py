"""One way in, the same on every system: `python start.py report | test | check | lab | clean [-- more arguments]`.

Standard library only. Makes its own virtual environments (`.venv`; `.venv-lab` for JupyterLab, whose presence would
slow every run down), fills them from requirements.lock and then calls the tool inside. A stamp in the environment
says what it was made from, so nothing is installed twice. Must be readable by old Pythons: it has to tell them why not.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
STAMP = "msoko-stamp.json"
LOG = "install.log"
LAB_STAYS_HOME = (
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)
LAB_IS_QUIET = ("--log-level=ERROR", "--ServerApp.answer_yes=True")
LAB_SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", "dist", "build")


class StartError(Exception):
    """What went wrong and what to do, in Russian; ends the program with code 1."""


# ---------------------------------------------------------------- commands


def report(args: list[str]) -> int:
    return run(environment(".venv"), "pipeline.cli", "report", *args)


def test(args: list[str]) -> int:
    return run(environment(".venv", "dev"), "pytest", "-m", "not real", "-n", "2", "--dist", "loadfile", *args)


def check(args: list[str]) -> int:
    python = environment(".venv", "dev")
    codes = [run(python, *tool) for tool in (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",))]
    return next((code for code in codes if code), 0)


def lab(args: list[str]) -> int:
    python = environment(".venv-lab", "lab")
    if not (ROOT / "data" / "processed" / "demo").is_dir():
        run(python, "pipeline.cli", "report")
    settings = ROOT / ".venv-lab" / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps(LAB_SETTINGS), encoding="utf-8")
    place = [f"--ServerApp.root_dir={ROOT}", "--LabApp.default_url=/lab/tree/notebooks"]
    say("JupyterLab открывается в браузере. Закончить работу: Ctrl-C в этом окне.")
    return run(python, "jupyterlab", *place, *LAB_STAYS_HOME, *LAB_IS_QUIET, *args)


def clean(args: list[str]) -> int:
    """Remove what runs made. Never data/raw, the key of the pseudonyms, the environments or a README.md."""
    made = [path for folder in ("data/processed", "reports") for path in (ROOT / folder).glob("*")]
    made += [ROOT / name for name in CACHES]
    made += [
        path
        for folder in ("pipeline", "tests", "benchmarks", "notebooks")
        for name in ("__pycache__", ".ipynb_checkpoints")
        for path in (ROOT / folder).rglob(name)
    ]
    stuck = [path for path in made if path.name != "README.md" and not remove(path)]
    for path in stuck:
        say(f"Не удалено: {path.relative_to(ROOT).as_posix()}. Закройте программу, в которой это открыто.")
    say("Исходные файлы в data/raw не тронуты.")
    return 1 if stuck else 0


COMMANDS = {
    "report": (report, "собрать отчёт по учебной территории demo и напечатать, где лежат report.html и report.pdf"),
    "test": (test, "выполнить тесты"),
    "check": (check, "проверить код: ruff, mypy"),
    "lab": (lab, "открыть тетради (notebooks) в JupyterLab"),
    "clean": (clean, "удалить всё, что сделали прогоны; исходные файлы в data/raw остаются"),
}


# ---------------------------------------------------------------- environments


def environment(name: str, *extras: str) -> Path:
    """The Python of the environment, made, mended or brought up to date when its stamp does not fit."""
    folder = ROOT / name
    python = interpreter(folder)
    stamp = read_stamp(folder)
    wanted = origin()
    missing = set(extras) - set(stamp.get("extras", []))
    if stamp.get("origin") == wanted and not missing and python.exists():
        return python
    began = time.monotonic()
    say(f"Готовлю окружение {name}: первый раз это занимает 1–3 минуты…")
    if not reusable(folder, stamp, wanted):
        create(folder)
    install(folder, sorted({*extras, *stamp.get("extras", [])}), wanted)
    say(f"Окружение готово за {time.monotonic() - began:.0f} с.")
    return python


def origin() -> dict[str, str]:
    """What an environment is made from. The place counts: launchers inside hold the full path of this folder."""
    inputs = [(ROOT / name).read_bytes() for name in ("requirements.lock", "pyproject.toml")]
    return {
        "inputs": hashlib.sha256(b"\0".join(inputs)).hexdigest(),
        "python": str(sys.implementation.cache_tag),
        "place": str(ROOT),
    }


def reusable(folder: Path, stamp: dict, wanted: dict[str, str]) -> bool:
    """Whether packages may be installed into what is there. A stamp without origin marks work that was broken off."""
    if stamp:
        made = stamp.get("origin") or {}
        return all(made.get(key) == wanted[key] for key in ("python", "place")) and interpreter(folder).exists()
    question = [str(interpreter(folder)), "-c", "import pip, sys; print(sys.implementation.cache_tag)"]
    try:
        answer = subprocess.run(question, env=child_environment(), capture_output=True, text=True)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == wanted["python"]


def create(folder: Path) -> None:
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise StartError(
                f"В этом Python нет модуля {module}, окружение создать нельзя. Установите его "
                "(Debian и Ubuntu: sudo apt install python3-venv) или Python с сайта python.org и повторите."
            )
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], env=child_environment())
    if made.returncode:
        raise StartError(
            f"Окружение {folder.name} создать не удалось. Закройте программы, которые им пользуются, проверьте, "
            "что в эту папку можно писать и на диске есть 2 ГБ, и повторите."
        )


def install(folder: Path, extras: list[str], wanted: dict[str, str]) -> None:
    write_stamp(folder, {"origin": None, "extras": extras})
    target = f".[{','.join(extras)}]" if extras else "."
    pip = ["-m", "pip", "install", "--compile", "--no-input", "--progress-bar", "off", "-c", "requirements.lock", "-e"]
    say("Ставлю библиотеки из requirements.lock…")
    if follow([str(interpreter(folder)), *pip, target], folder / LOG):
        tail = (folder / LOG).read_text(encoding="utf-8").splitlines()[-8:]
        raise StartError(
            "\n".join(f"  {line}" for line in tail) + "\nБиблиотеки поставить не удалось. Чаще всего нет доступа "
            "в интернет или мешает прокси (его указывают в настройках pip), реже кончилось место на диске. "
            f"Исправьте и повторите ту же команду; весь ход установки: {folder.name}/{LOG}."
        )
    point_relatively(folder)
    write_stamp(folder, {"origin": wanted, "extras": extras})


def follow(command: list[str], log: Path) -> int:
    """Run pip, keep all it says in the log and show how far it is."""
    pip = subprocess.Popen(command, cwd=ROOT, env=child_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    count = 0
    with log.open("w", encoding="utf-8") as kept:
        for raw in pip.stdout or ():
            line = raw.decode("utf-8", "replace")
            kept.write(line)
            count += line.startswith("Collecting ")
            if line.startswith("Collecting ") and count % 25 == 0:
                say(f"  получено: {count}")
            if line.startswith("Installing collected packages"):
                say(f"  устанавливаю: {line.count(',') + 1}")
    return pip.wait()


def point_relatively(folder: Path) -> None:
    """Say in ASCII where the code lies: Python before 3.13 reads .pth files in the system's own encoding."""
    for pattern in ("lib/python*/site-packages", "Lib/site-packages"):
        for packages in folder.glob(pattern):
            for pointer in packages.glob("*editable*msoko*.pth"):
                pointer.write_text(os.path.relpath(ROOT, packages) + "\n", encoding="ascii")


# ---------------------------------------------------------------- small parts


def interpreter(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def read_stamp(folder: Path) -> dict:
    """What the environment was made from; empty where there is no stamp; without origin when it is damaged."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        stamp = None
    return stamp if isinstance(stamp, dict) and "origin" in stamp else {"origin": None}


def write_stamp(folder: Path, stamp: dict) -> None:
    (folder / STAMP).write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def child_environment() -> dict[str, str]:
    """UTF-8 whatever the locale, byte code kept, nothing from other Pythons of this machine."""
    dropped = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PYTHONUTF8": "1", "PYTHONNOUSERSITE": "1", "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def run(python: Path, module: str, *args: str) -> int:
    """Run a module of the environment from the root of the repository; Ctrl-C is the tool's to answer."""
    child = subprocess.Popen([str(python), "-m", module, *args], cwd=ROOT, env=child_environment())
    while True:
        try:
            code = child.wait()
        except KeyboardInterrupt:
            continue
        return code if code >= 0 else 128 - code


def remove(path: Path) -> bool:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.exists() or path.is_symlink():
            path.unlink()
    except OSError:
        return False
    return True


def say(text: str) -> None:
    print(text, flush=True)


def usage() -> str:
    lines = [f"  python start.py {name:<7} {text}" for name, (_, text) in COMMANDS.items()]
    return "\n".join(["Что можно сделать (то же самое: make КОМАНДА):", *lines])


def prepare_output() -> None:
    """Speak UTF-8 as the children do, whatever the locale."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


def main(argv: list[str]) -> int:
    prepare_output()
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        say(f"Нужен Python 3.11 или новее, а это {found} (Python 3.11+ is required).")
        say("Установите его с сайта python.org. Если он уже есть под другим именем: make report PYTHON=python3.12")
        return 1
    if not argv or argv[0] not in COMMANDS:
        say(usage())
        return 2 if argv and argv[0] not in ("-h", "--help", "help") else 0
    command, _ = COMMANDS[argv[0]]
    args = argv[2:] if argv[1:2] == ["--"] else argv[1:]
    try:
        return command(args)
    except StartError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("\nОстановлено. Повторите ту же команду: недоделанное окружение будет собрано заново.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
