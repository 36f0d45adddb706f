"""Where a run works: as named, by the environment, or the nearest folder with data/raw; a typo makes no folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import cli
from pipeline.errors import WorkspaceError
from pipeline.paths import find_workspace


@pytest.fixture(autouse=True)
def _no_workspace_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MSOKO_WORKSPACE", raising=False)


def test_the_nearest_folder_with_data_raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert find_workspace() == tmp_path


def test_the_named_one_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("один", "два"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("MSOKO_WORKSPACE", str(tmp_path / "один"))
    assert find_workspace() == tmp_path / "один"
    assert find_workspace(tmp_path / "два") == tmp_path / "два"


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_name_mistyped_is_said_and_nothing_is_made(command: str, tmp_path: Path) -> None:
    typo = tmp_path / "Рабочая папкаа"
    with pytest.raises(WorkspaceError, match="Рабочей папки «Рабочая папкаа» нет") as stopped:
        cli.app([command, "demo", "2026", "--workspace", str(typo)], standalone_mode=False)
    assert str(tmp_path) not in str(stopped.value)
    assert list(tmp_path.iterdir()) == []


def test_the_demo_makes_the_workspace_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pipeline.demo.sample.YEARS", (2022,))  # one year is quicker
    cli.app(["demo", "--workspace", str(tmp_path / "Новая папка")], standalone_mode=False)
    assert "Создана рабочая папка «Новая папка»." in capsys.readouterr().out
    assert len(list((tmp_path / "Новая папка/data/raw/demo").rglob("*.xls*"))) > 10


def test_printed_paths_lead_to_the_report_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "Папка" / "reports" / "demo"
    run.mkdir(parents=True)
    for name in ("index.html", "report.html", "report.pdf", "run.json"):
        (run / name).touch()
    (tmp_path / "other").mkdir()
    for here, expected in ((tmp_path / "other", run), (tmp_path, Path("Папка/reports/demo"))):
        monkeypatch.chdir(here)
        cli._print_report(run)
        printed = [str(expected / name) for name in ("report.html", "report.pdf", "index.html")]
        assert capsys.readouterr().out.splitlines() == printed


def test_the_environment_counts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSOKO_WORKSPACE", str(tmp_path / "нет"))
    with pytest.raises(WorkspaceError):
        find_workspace()
