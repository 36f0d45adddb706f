"""Items of a roadmap that nobody has."""

from __future__ import annotations

import pandas as pd

from pipeline.errors import Place
from pipeline.indicators.roadmap_faults import roadmap_faults


def reported(*keys: str) -> pd.DataFrame:
    return pd.DataFrame({"item": list(keys), "source_file": "2026/форма.xlsx", "source_sheet": "Дорожная карта"})


def test_unknown_items_are_named_once_a_sheet() -> None:
    (fault,) = roadmap_faults(reported("Л-1", "Л-99", "В-1", "В-1"), {"Л-1": "achievement"})
    assert fault.message.endswith("«В-1», «Л-99».")
    assert fault.place == Place("2026/форма.xlsx", "Дорожная карта")


def test_many_are_counted() -> None:
    (fault,) = roadmap_faults(reported(*(f"В-{number}" for number in range(9))), {"Л-1": "achievement"})
    assert fault.message.endswith("«В-4» и ещё 4.")


def test_known_items_and_a_territory_without_a_roadmap_are_silent() -> None:
    assert roadmap_faults(reported("Л-1"), {"Л-1": "achievement"}) == ()
    assert roadmap_faults(reported("Л-1"), {}) == ()
