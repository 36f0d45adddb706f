"""From checked tables to the table of indicators and the territory's own view of the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from pipeline.check import NAMED, Checked
from pipeline.context import context_of
from pipeline.directions.store import save_view
from pipeline.errors import EmptyInboxError
from pipeline.indicators.compute import of_scope
from pipeline.indicators.context import Context, build_scope
from pipeline.indicators.country_schools import country_schools
from pipeline.indicators.passport import load_passports
from pipeline.indicators.unified import unified
from pipeline.paths import Paths
from pipeline.settings import RunSettings
from pipeline.territory.profile import Profile, load_profile


def indicators(paths: Paths, settings: RunSettings, checked: Checked, say: Callable[[str], None]) -> None:
    """Compute every declared indicator and store it beside the rows the territory may look at."""
    say("Считаю показатели…")
    view = territory_rows(paths, settings, checked)
    context = context_of(paths, settings, load_profile(paths))
    passports = load_passports(paths.config_files("indicators"), paths.config_files("items"))
    scope = unified(build_scope(checked.gathered.tables, context, after_resits=True))
    save_view(paths, view, of_scope(scope, passports), country_schools(scope, passports))


def territory_rows(paths: Paths, settings: RunSettings, checked: Checked) -> dict[str, pd.DataFrame]:
    """The territory's own view of the clean tables; EmptyInboxError when there is not a row of it."""
    profile = load_profile(paths)
    view = own_rows(checked.gathered.tables, context_of(paths, settings, profile))
    if any(_own(frame) for name, frame in view.items() if name != "organisations"):
        return view
    raise _nothing_of_territory(profile, checked) if _anything_read(checked) else _nothing_read()


def _own(frame: pd.DataFrame) -> bool:
    """Is there a row of the territory itself, not only of the country or the region?"""
    wider = frame["level"].isin(("country", "region")) if "level" in frame.columns else pd.Series(False, frame.index)
    return bool((~wider).any())


def _anything_read(checked: Checked) -> bool:
    return any(record["rows"] for record in checked.gathered.inventory)


def _nothing_read() -> EmptyInboxError:
    return EmptyInboxError(
        "Ни в одном файле папки нет таблицы, которую можно прочитать.",
        advice="посмотрите опись файлов (msoko check) и положите выгрузки ФИС ОКО, протоколы РЦОИ и другие таблицы.",
    )


def _nothing_of_territory(profile: Profile, checked: Checked) -> EmptyInboxError:
    """The municipalities that the files do name are listed: one of them may be ours, spelt otherwise."""
    frames = (frame for frame in checked.gathered.tables.values() if "municipality" in frame.columns)
    named = sorted({str(name) for frame in frames for name in frame["municipality"].dropna().unique()})
    listed = f" В файлах названы: {', '.join(named[:NAMED])}{'…' if len(named) > NAMED else ''}." if named else ""
    return EmptyInboxError(
        f"Файлы прочитаны, но строк территории «{profile.name.nominative}» в них нет.{listed}",
        advice=f"если это ваш муниципалитет, впишите такое написание в municipalities в config/territories/"
        f"{profile.code}.yml; если нет, проверьте, те ли файлы лежат в папке.",
    )


def own_rows(clean: Mapping[str, pd.DataFrame], context: Context) -> dict[str, pd.DataFrame]:
    """The territory's rows of each clean table, and the published rows of wider groups."""
    scope = build_scope(clean, context)
    view: dict[str, pd.DataFrame] = {}
    for name, frame in scope.tables.items():
        kept = scope.own(frame) if "org_id" in frame.columns else np.ones(len(frame), dtype=bool)
        if name == "group_results":
            kept = kept | frame["level"].isin(("country", "region")).to_numpy()
        view[name] = frame.loc[kept]
    return view
