"""What the notebooks read: the prepared data of one (territory, report year), and what earlier notebooks handed on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.directions import rules
from pipeline.directions.category_words import category_words
from pipeline.directions.chapter import Inputs
from pipeline.errors import UsageError, WorkspaceError
from pipeline.indicators.norms import load_rules
from pipeline.indicators.passport import load_passports
from pipeline.ingest.items import load_items
from pipeline.paths import Paths
from pipeline.settings import RunSettings, load_subjects, read_yaml
from pipeline.territory.profile import chapter_plans, load_directions, load_profile
from pipeline.territory.roadmap import load_roadmap
from pipeline.validation import store as checks
from pipeline.validation.ledger import CheckResult

VIEW = "view"
COUNTRY = "country_schools"
WITH_COUNTRY = ("achievement",)  # the others have no use for fifty thousand rows
FIRST_THAT_WAITS = "11"  # execution.plan runs 00–10 side by side


def save_view(
    paths: Paths, clean: Mapping[str, pd.DataFrame], indicators: pd.DataFrame, country: pd.DataFrame | None = None
) -> None:
    """The territory's own part of the clean tables, its indicators and the means of the country's schools: all that
    notebooks look at."""
    beside = {COUNTRY: tables.empty(COUNTRY) if country is None else country}
    for name, frame in {**clean, **beside}.items():
        path = paths.indicators / VIEW / f"{name}.parquet"
        if len(frame):
            tables.write(name, frame, path)
        else:
            path.unlink(missing_ok=True)  # an absent file is read as an empty table
    tables.write("indicators", indicators, paths.indicators / "indicators.parquet")


def load_inputs(paths: Paths, settings: RunSettings, direction: str) -> Inputs:
    """Everything one direction may look at. WorkspaceError when nothing has been prepared yet."""
    if not (paths.indicators / "indicators.parquet").exists():
        raise WorkspaceError(
            f"Данные территории «{paths.territory}» за {paths.year} год ещё не подготовлены.",
            advice=f"выполните: msoko run {paths.territory} {paths.year} (для примера — make report).",
        )
    profile = load_profile(paths)
    directions = load_directions(paths).of_country(profile.country.code)
    plans = {plan.direction: plan for plan in chapter_plans(profile, directions)}
    if direction not in plans:
        raise UsageError(f"Направления «{direction}» нет.", advice=f"есть: {', '.join(plans)}.")
    passports = load_passports(paths.config_files("indicators"))
    return Inputs(
        settings=settings,
        profile=profile,
        directions=directions,
        plan=plans[direction],
        passports={passport.id: passport for passport in passports},
        subjects=load_subjects(paths),
        indicators=tables.read("indicators", paths.indicators / "indicators.parquet"),
        clean={name: tables.read(name, paths.indicators / VIEW / f"{name}.parquet") for name in tables.CLEAN},
        ledger=load_ledger(paths),
        inventory=load_inventory(paths),
        earlier=earlier_findings(paths, directions.get(direction).number),
        rules=load_rules(paths),
        recommendations=rules.load_rules(paths.config_files("recommendations")),
        roadmap=load_roadmap(paths, profile.roadmap) if profile.roadmap else None,
        words=category_words(passports, load_items(paths), read_yaml(paths.config("forms/words.yml"))["words"]),
        before=last_year(paths),
        country_schools=_country(paths, direction),
    )


def _country(paths: Paths, direction: str) -> pd.DataFrame:
    if direction not in WITH_COUNTRY:
        return tables.empty(COUNTRY)
    return tables.read(COUNTRY, paths.indicators / VIEW / f"{COUNTRY}.parquet")


def last_year(paths: Paths) -> pd.DataFrame:
    """Findings of the report of the year before; none when it was not made, or by a version with another schema."""
    try:
        return tables.read("findings", paths.for_year(int(paths.year) - 1).findings / "findings.parquet")
    except tables.SchemaError:
        return tables.empty("findings")


def load_ledger(paths: Paths) -> pd.DataFrame:
    """The checks of the run as a frame; `places` are lists of words."""
    columns = [field.name for field in fields(CheckResult)]
    results = checks.load(paths.clean / "checks.json")
    rows = [{name: getattr(result, name) for name in columns} for result in results]
    frame = pd.DataFrame(rows, columns=columns)
    places = [[str(place) for place in result.places] for result in results]
    return frame.assign(places=pd.Series(places, index=frame.index, dtype="object"))


def load_inventory(paths: Paths) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((paths.clean / "run_inventory.json").read_text(encoding="utf-8"))
    return records


def earlier_findings(paths: Paths, number: str) -> pd.DataFrame:
    """Findings of the notebooks with smaller numbers, in their order; only for those that run after all the others."""
    if number < FIRST_THAT_WAITS:
        return tables.empty("findings")
    folders = sorted(folder for folder in paths.executed.glob("[0-9][0-9]_*") if folder.name[:2] < number)
    frames = (tables.read("findings", folder / "handoff" / "findings.parquet") for folder in folders)
    return tables.combine("findings", frames)
