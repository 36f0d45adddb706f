"""Most tests of directions look at words: charts are drawn only for those that ask for the fixture `drawn`."""

from __future__ import annotations

import pytest

from pipeline.presentation import theme


@pytest.fixture
def drawn() -> None:
    """Draw the charts."""


@pytest.fixture(autouse=True)
def _undrawn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "drawn" not in request.fixturenames:
        monkeypatch.setattr(theme, "draw", lambda chart_id, height, paint: f'<svg id="{chart_id}"></svg>')
