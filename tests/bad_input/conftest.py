"""A territory with a published report, made once; each test spoils a copy of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input import door
from tests.bad_input.territory import Place, make


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = make(tmp_path_factory.mktemp("bad_input") / "рабочая папка")
    with pytest.MonkeyPatch.context() as patch:
        door.stand_ins(patch)
        outcome = door.command(place)
    assert outcome.code == 0, outcome.err
    assert sorted(Path(name).name for name in place.published() if "notebooks" not in name) == [
        "checks.json",
        "index.html",
        "latest",
        "org.html",
        "passport.json",
        "report.html",
        "report.pdf",
        "run.json",
    ]
    return place


@pytest.fixture
def place(good: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A copy of the good workspace; what is slow is stood in for, see `door.stand_ins`."""
    door.stand_ins(monkeypatch)
    return good.copy(tmp_path / "рабочая папка")


@pytest.fixture
def checks(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks of tables are not stood in for: seconds."""
    door.with_checks(monkeypatch)
