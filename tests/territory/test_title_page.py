"""The title page names the territory once: in the title itself or under it."""

from __future__ import annotations

import pytest

from pipeline.assemble import book
from pipeline.settings import run_settings
from tests.directions.inputs import PATHS


@pytest.mark.parametrize(
    ("code", "under"),
    [("pochep", ()), ("lesnoy", ("в Лесном муниципальном округе",)), ("eniseysk", ("в городе Енисейске",))],
)
def test_a_title_that_names_the_territory_is_not_followed_by_it(code: str, under: tuple[str, ...]) -> None:
    paths = type(PATHS)(PATHS.workspace, code, 2026)
    assert book(paths, run_settings(code, 2026, "internal", None, None)).subtitle == under
