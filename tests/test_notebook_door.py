"""The door of the notebooks on a prepared tiny workspace, without a kernel."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import notebook, tables
from pipeline.directions.chapter import SECTIONS
from pipeline.directions.store import save_view
from pipeline.errors import UsageError, WorkspaceError
from pipeline.notebook import ChapterView, open_chapter
from pipeline.paths import Paths
from pipeline.presentation.blocks import BLOCK_MIME, Strip
from pipeline.validation import store as checks
from pipeline.validation.ledger import CheckResult
from tests.directions.inputs import EMPTY, exact, indicators, share
from tests.structure.checkout import ROOT

PARAMETERS: dict[str, Any] = {
    "report_year": 2026,
    "edition": "internal",
    "as_of": "2026-12-31",
    "report_date": "2026-12-31",
}
PROFILE = """
code: town
name: {nominative: Город, genitive: Города, dative: Городу, prepositional: Городе}
region: Область
chapters: [{direction: talent, title: Таланты}]
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose data are prepared and whose notebooks have not run."""
    profile = tmp_path / "config" / "territories" / "town.yml"
    profile.parent.mkdir(parents=True)
    profile.write_text(PROFILE, encoding="utf-8")
    paths = Paths(tmp_path, "town", 2026)
    save_view(paths, EMPTY, indicators(share(30, 100), exact(0.05)))
    paths.clean.mkdir(parents=True)
    found = CheckResult("c1", "suite", "results", "warning", passed=False, evaluated=9, failed=1, message="Не сошлось.")
    checks.save([found], paths.clean / "checks.json")
    file = {
        "file": "2026/ф.xlsx",
        "layout": "x",
        "title": "Отметки",
        "rows": 9,
        "sha256": "0",
        "size": 1,
        "remarks": [],
    }
    (paths.clean / "run_inventory.json").write_text(json.dumps([file]), encoding="utf-8")
    monkeypatch.setenv("MSOKO_WORKSPACE", str(tmp_path))
    monkeypatch.delenv("MSOKO_HANDOFF", raising=False)
    return tmp_path


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a notebook would display."""
    blocks: list[Any] = []
    monkeypatch.setattr(notebook, "display", lambda block, raw=False: blocks.append(block))
    return blocks


def opened(direction: str = "achievement", **changes: Any) -> ChapterView:
    return open_chapter(direction, **{"territory": "town", **PARAMETERS, **changes})


def test_a_chapter_shows_its_strip_and_sections(
    workspace: Path, shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MSOKO_HANDOFF", str(workspace / "handoff"))
    chapter = opened()
    chapter.strip()
    for section in SECTIONS:
        chapter.show(section)
    assert isinstance(shown[0], Strip)
    assert len(shown) > len(SECTIONS)
    ids = [block.id for block in shown if hasattr(block, "id")]
    assert "achievement-indicators" in ids


@pytest.mark.usefixtures("workspace")
def test_a_person_sees_the_strip_too(shown: list[Any]) -> None:
    opened().strip()
    (bundle,) = shown
    assert "Источники" in bundle["text/html"]
    assert bundle[BLOCK_MIME]["kind"] == "strip"


@pytest.mark.usefixtures("workspace")
def test_every_notebook_of_the_report_opens_and_asks_for_known_sections(shown: list[Any]) -> None:
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    for path in notebooks:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        lines = [line for cell in cells if cell["cell_type"] == "code" for line in "".join(cell["source"]).splitlines()]
        asked = [line.split('"')[1] for line in lines if line.startswith('chapter.show("')]
        chapter = opened(path.stem.partition("_")[2])
        before = len(shown)
        for section in asked:
            chapter.show(section)
        assert asked
        assert len(shown) - before >= len(asked)
        assert f'    "{chapter.chapter.code}",' in lines
    assert len(notebooks) == 14


@pytest.mark.usefixtures("workspace")
def test_an_unknown_section_is_told_the_known_ones() -> None:
    with pytest.raises(UsageError, match="Раздела «leed» нет") as caught:
        opened().show("leed")
    assert "lead, goals, indicators" in caught.value.advice


@pytest.mark.usefixtures("workspace")
def test_sections_of_the_year_are_its_own(shown: list[Any]) -> None:
    opened("annual_report").show("reading")
    assert shown
    with pytest.raises(UsageError, match="Раздела «reading» нет"):
        opened().show("reading")


@pytest.mark.usefixtures("workspace")
def test_frames_are_copies() -> None:
    chapter = opened()
    copied = chapter.frame("indicators")
    copied["value"] = 99.0
    assert chapter.frame("indicators")["value"].tolist() == [0.3]
    with pytest.raises(UsageError, match="Таблицы «x» в этой главе нет") as caught:
        chapter.frame("x")
    assert "indicators" in caught.value.advice


def test_nothing_is_written_by_looking(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(workspace.rglob("*"))
    opened().hand_on()
    assert "не записываются" in capsys.readouterr().out
    assert sorted(workspace.rglob("*")) == before


def test_a_run_hands_on_findings_and_data(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = workspace / "handoff"
    monkeypatch.setenv("MSOKO_HANDOFF", str(folder))
    chapter = opened()
    chapter.hand_on()
    stored = tables.read("findings", folder / "findings.parquet")
    assert set(stored["id"]) == set(chapter.findings["id"])
    assert "achievement.vpr_mark_2.russian.4.2026" in set(stored["id"])
    assert set(stored["territory"]) == {"town"}
    path = folder / "data" / "01_indicators.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file, delimiter=";")
    assert (line["value"], line["numerator"], line["n"]) == ("0,3", "30,0", "100")
    assert sorted(file.name for file in folder.rglob("*.csv")) == sorted(
        f"01_{name}.csv" for name in chapter.chapter.frames
    )


def test_the_last_notebook_reads_what_the_others_handed_on(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executed = Paths(workspace, "town", 2026).executed
    monkeypatch.setenv("MSOKO_HANDOFF", str(executed / "01_achievement" / "handoff"))
    opened().hand_on()
    assert opened("annual_report").inputs.earlier["direction"].unique().tolist() == ["achievement"]
    assert opened("objectivity").inputs.earlier.empty


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"territory": "toun"}, WorkspaceError, "ещё не подготовлены"),
        ({"report_year": 2025}, WorkspaceError, "за 2025 год ещё не подготовлены"),
        ({"direction": "achivement"}, UsageError, "Направления «achivement» нет"),
        ({"edition": "public"}, UsageError, "Открытая редакция ещё не готова"),
        ({"edition": "secret"}, UsageError, "Редакция «secret» неизвестна"),
        ({"as_of": "31.12.2026"}, UsageError, "«31.12.2026» не дата"),
    ],
)
@pytest.mark.usefixtures("workspace")
def test_wrong_parameters_are_told_in_russian(changes: dict[str, Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        opened(**changes)


@pytest.mark.usefixtures("workspace")
def test_the_chapter_has_the_title_of_the_territory() -> None:
    assert opened("talent").inputs.plan.title == "Таланты"
    (statement,) = opened("talent").findings["statement"]
    assert "".join(words for words, _ in json.loads(statement)).startswith("Таланты: за 2026 год не представлены")


def test_the_door_shows_only_what_it_promises() -> None:
    assert sorted(notebook.__all__) == ["ChapterView", "SECTIONS", "open_chapter"]
