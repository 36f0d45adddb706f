"""Fixtures of the whole suite."""

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every machine and every day, and no clock: a failure is about the code.
settings.register_profile("msoko", derandomize=True, deadline=None)
settings.load_profile("msoko")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real input files beside the repository, or a skip said aloud."""
    folder = ROOT.parent / "shared" / "real"
    if not folder.is_dir():
        pytest.skip("нет ../shared/real: проверка на настоящих файлах не выполнена")
    return folder
