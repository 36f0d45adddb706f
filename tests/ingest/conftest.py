"""Fixtures of the readers: the shipped dictionary of subjects and pseudonyms under a fixed key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.layouts import LAYOUTS
from pipeline.ingest.privacy import Pseudonyms
from pipeline.ingest.reading import Door, Reading
from pipeline.ingest.workbook import open_workbook
from pipeline.paths import Paths
from pipeline.settings import load_subjects
from tests.ingest.forms import FORM, ORGANISATIONS, YEAR


@pytest.fixture(scope="session")
def door() -> Door:
    return Door(load_subjects(Paths(Path("nowhere"), "x", 2026)), Pseudonyms(b"k" * 32))


@pytest.fixture(scope="session")
def read(door: Door) -> Callable[[Path], Reading]:
    """Read a file by the one layout that recognises it."""

    def one(path: Path) -> Reading:
        book = open_workbook(path)
        layouts = [layout for layout in LAYOUTS if layout.recognises(book)]
        assert len(layouts) == 1, f"{path.name}: {[layout.id for layout in layouts]}"
        return layouts[0].read(book, door)

    return one


@pytest.fixture(scope="session")
def blank_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    FORM.write(path, YEAR, ORGANISATIONS)
    return path.read_bytes()


@pytest.fixture
def blank(tmp_path: Path, blank_bytes: bytes) -> Path:
    """The small collection form, not filled in."""
    path = tmp_path / "form.xlsx"
    path.write_bytes(blank_bytes)
    return path


@pytest.fixture
def reading(door: Door) -> Callable[[Path], Reading]:
    """Read a file as the small collection form."""
    return lambda path: FORM.read(open_workbook(path), door)
