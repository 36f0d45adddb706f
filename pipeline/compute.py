"""From checked tables to the table of indicators and the territory's own view of the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from pipeline.check import Checked
from pipeline.context import context_of
from pipeline.directions.store import save_view
from pipeline.errors import EmptyInboxError
from pipeline.indicators.compute import compute
from pipeline.indicators.context import Context, build_scope
from pipeline.indicators.passport import load_passports
from pipeline.paths import Paths
from pipeline.settings import RunSettings
from pipeline.territory.profile import Profile, load_profile


def indicators(paths: Paths, settings: RunSettings, checked: Checked, say: Callable[[str], None]) -> None:
    """Compute every declared indicator and store it beside the rows the territory may look at."""
    say("Считаю показатели…")
    profile = load_profile(paths)
    context = context_of(paths, settings, profile)
    passports = load_passports(paths.config_files("indicators"))
    computed = compute(checked.gathered.tables, passports, context)
    view = own_rows(checked.gathered.tables, context)
    if not any(len(frame) for frame in view.values()):
        raise _nothing_of_territory(profile)
    save_view(paths, view, computed)


def _nothing_of_territory(profile: Profile) -> EmptyInboxError:
    return EmptyInboxError(
        f"Файлы прочитаны, но строк территории «{profile.name.nominative}» в них нет.",
        advice="проверьте написания муниципалитета (municipalities) в config/territories и папку года.",
    )


def own_rows(clean: Mapping[str, pd.DataFrame], context: Context) -> dict[str, pd.DataFrame]:
    """The territory's rows of each clean table, and the published rows of wider groups."""
    scope = build_scope(clean, context)
    view = {}
    for name, frame in scope.tables.items():
        kept = scope.own(frame) if "org_id" in frame.columns else True
        if name == "group_results":
            kept = kept | frame["level"].isin(("country", "region")).to_numpy()
        view[name] = frame[kept]
    return view
