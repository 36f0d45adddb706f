"""start.py: readable by old Pythons, installs once, mends what is broken, cleans only what runs made."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import start
from tests.structure.checkout import ROOT


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the repository, in a folder with spaces and Cyrillic."""
    root = tmp_path / "Рабочая папка"
    root.mkdir()
    for name in ("requirements.lock", "pyproject.toml"):
        (root / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(start, "ROOT", root)
    return root


@pytest.fixture
def done(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Journal of what `environment` did, with making and installing replaced by their traces on disk."""
    journal: list[str] = []

    def create(folder: Path) -> None:
        journal.append("create")
        python = start.interpreter(folder)
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text("", encoding="utf-8")

    def follow(command: list[str], log: Path) -> int:
        journal.append(command[-1])
        log.write_text("pip was here\n", encoding="utf-8")
        return 0

    monkeypatch.setattr(start, "create", create)
    monkeypatch.setattr(start, "follow", follow)
    return journal


def test_old_pythons_can_read_it() -> None:
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))
    top = {
        alias.name.split(".")[0]
        for node in ast.parse(source).body
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert top <= set(sys.stdlib_module_names)


def test_old_pythons_are_told_what_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "OLDEST", (99, 0))
    monkeypatch.setattr(start, "prepare_output", lambda: None)
    assert start.main(["report"]) == 1
    assert "Нужен Python 3.11 или новее" in capsys.readouterr().out


def test_nothing_is_installed_twice(done: list[str]) -> None:
    start.environment(".venv")
    start.environment(".venv")
    assert done == ["create", "."]


def test_an_extra_is_added_and_stays(checkout: Path, done: list[str]) -> None:
    start.environment(".venv")
    start.environment(".venv", "dev")
    start.environment(".venv")
    (checkout / "requirements.lock").write_text("newer", encoding="utf-8")
    start.environment(".venv")
    assert done == ["create", ".", ".[dev]", ".[dev]"]


def test_a_moved_folder_is_made_anew(checkout: Path, done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    start.environment(".venv")
    monkeypatch.setattr(start, "ROOT", checkout.rename(checkout.with_name("moved")))
    start.environment(".venv")
    assert done == ["create", ".", "create", "."]


def test_another_python_gets_an_environment_anew(checkout: Path, done: list[str]) -> None:
    start.environment(".venv")
    stamp = start.read_stamp(checkout / ".venv")
    stamp["origin"]["python"] = "cpython-399"
    start.write_stamp(checkout / ".venv", stamp)
    start.environment(".venv")
    assert done == ["create", ".", "create", "."]


def test_a_broken_off_installation_is_made_anew(
    checkout: Path, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(command: list[str], log: Path) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(start, "follow", killed)
        with pytest.raises(KeyboardInterrupt):
            start.environment(".venv", "dev")
    start.environment(".venv")
    assert done == ["create", "create", ".[dev]"]


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"'])
def test_a_damaged_stamp_means_broken_off(checkout: Path, done: list[str], content: str) -> None:
    start.environment(".venv")
    (checkout / ".venv" / start.STAMP).write_text(content, encoding="utf-8")
    start.environment(".venv")
    assert done == ["create", ".", "create", "."]


def test_a_missing_interpreter_is_made_anew(checkout: Path, done: list[str]) -> None:
    start.environment(".venv")
    start.interpreter(checkout / ".venv").unlink()
    start.environment(".venv")
    assert done == ["create", ".", "create", "."]


def test_a_failed_installation_shows_the_end_of_the_log(
    checkout: Path, done: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failed(command: list[str], log: Path) -> int:
        log.write_text("first\nERROR: no network\n", encoding="utf-8")
        return 1

    monkeypatch.setattr(start, "follow", failed)
    monkeypatch.setattr(start, "prepare_output", lambda: None)
    assert start.main(["test"]) == 1
    said = capsys.readouterr().out
    assert "ERROR: no network" in said
    assert ".venv/install.log" in said
    assert json.loads((checkout / ".venv" / start.STAMP).read_text(encoding="utf-8"))["origin"] is None


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_named(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], module: str
) -> None:
    monkeypatch.setattr(start, "prepare_output", lambda: None)
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None if name == module else object())
    monkeypatch.setattr(start.subprocess, "run", pytest.fail)
    monkeypatch.setattr(start, "reusable", lambda *_: False)
    assert start.main(["report"]) == 1
    said = capsys.readouterr().out
    assert f"нет модуля {module}" in said
    assert "python3-venv" in said


def test_the_pointer_of_the_code_is_relative_and_ascii(checkout: Path) -> None:
    packages = checkout / ".venv" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    pointer = packages / "_editable_impl_msoko.pth"
    pointer.write_text(str(checkout), encoding="utf-8")
    start.point_relatively(checkout / ".venv")
    text = pointer.read_text(encoding="ascii").strip()
    assert not Path(text).is_absolute()
    assert (packages / text).resolve() == checkout.resolve()


def test_children_speak_utf8_and_keep_byte_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    inside = start.child_environment()
    assert inside["PYTHONUTF8"] == "1"
    assert not {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"} & set(inside)


def test_clean_removes_runs_and_keeps_what_is_the_users(checkout: Path) -> None:
    made = ["data/processed/demo/2026/1_clean/a.parquet", "reports/demo/2026/internal/latest", ".mypy_cache/x"]
    made += ["pipeline/__pycache__/x.pyc", "notebooks/.ipynb_checkpoints/x.ipynb"]
    kept = ["data/raw/mytown/2026/a.xlsx", "data/processed/README.md", "reports/README.md", ".msoko/pseudonym.key"]
    for name in (*made, *kept):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text("", encoding="utf-8")
    assert start.clean([]) == 0
    left = {path.relative_to(checkout).as_posix() for path in checkout.rglob("*") if path.is_file()}
    assert left == {*kept, "requirements.lock", "pyproject.toml"}


def test_usage_in_a_locale_without_utf8() -> None:
    shown = subprocess.run(
        [sys.executable, str(ROOT / "start.py"), "wrong"],
        env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
    )
    assert shown.returncode == 2
    assert "собрать отчёт" in shown.stdout.decode("utf-8")


def test_the_code_of_the_tool_comes_through(checkout: Path) -> None:
    (checkout / "ends.py").write_text("import sys\nsys.exit(int(sys.argv[1]))\n", encoding="utf-8")
    assert start.run(Path(sys.executable), "ends", "14") == 14
