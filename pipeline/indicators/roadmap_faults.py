"""Rows of the form about items that the territory's roadmap does not have: they count nowhere, and are told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.errors import Place

NAMED = 5  # so many unknown keys are named, the rest counted


@dataclass(frozen=True)
class RoadmapFault:
    """Unknown items of one sheet."""

    message: str
    place: Place
    advice: str = (
        "пишите пункт так, как он напечатан на листе формы («Л-12»); если карта другая, проверьте roadmap в профиле."
    )
    code: str = "roadmap_item_unknown"


def roadmap_faults(reported: pd.DataFrame, known: Mapping[str, str]) -> tuple[RoadmapFault, ...]:
    """One fault a sheet. `reported`: clean table roadmap; `known`: keys of the roadmap, empty when there is none."""
    strange = reported[~reported["item"].isin(list(known))] if known else reported.iloc[:0]
    return tuple(
        _fault(str(file), str(sheet), sorted(rows["item"].unique()))
        for (file, sheet), rows in strange.groupby(["source_file", "source_sheet"], sort=True)
    )


def _fault(file: str, sheet: str, keys: list[str]) -> RoadmapFault:
    more = f" и ещё {len(keys) - NAMED}" if len(keys) > NAMED else ""
    listed = ", ".join(f"«{key}»" for key in keys[:NAMED])
    message = f"Пунктов нет в дорожной карте территории, их состояние не учтено: {listed}{more}."
    return RoadmapFault(message, Place(file, sheet or None))
