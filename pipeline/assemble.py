"""The last stage: executed notebooks become the report folder with its data, passport and run record."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline import tables
from pipeline.execution.runner import Executed
from pipeline.export.book import Book
from pipeline.export.book import Chapter as PrintedChapter
from pipeline.export.report import export_report
from pipeline.paths import PACKAGE, Paths
from pipeline.presentation import text as ru
from pipeline.provenance.fingerprint import Fingerprint
from pipeline.provenance.passport import build_passport, build_run, commit_of, list_outputs, write_json
from pipeline.settings import RunSettings
from pipeline.territory.profile import Profile, chapter_plans, load_directions, load_profile
from pipeline.validation import store

OWN_SECTIONS = ("annual_report",)  # its cells are printed before and after the chapters


def now() -> str:
    """The clock, for run.json alone."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def report(paths: Paths, settings: RunSettings, done: Sequence[Executed], folder: Path) -> None:
    """report.html, report.pdf, the executed notebooks, the data behind charts, the ledger of checks."""
    for item in done:
        _copy(item.entry.executed, folder / "notebooks" / item.notebook.file)
        for frame in sorted((item.entry.handoff / "data").glob("*.csv")):
            _copy(frame, folder / "data" / frame.name)
    _copy(paths.clean / "checks.json", folder / "checks.json")
    _keep_findings(paths, done)
    export_report(folder / "notebooks", book(paths, settings), folder)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _keep_findings(paths: Paths, done: Sequence[Executed]) -> None:
    """All findings of the run as one table, for later runs and for whoever reads the data."""
    frames = [tables.read("findings", item.entry.handoff / "findings.parquet") for item in done]
    tables.write("findings", tables.combine("findings", frames), paths.findings / "findings.parquet")


def book(paths: Paths, settings: RunSettings) -> Book:
    """Title page, stamps and order of chapters of this report."""
    profile, directions = load_profile(paths), load_directions(paths)
    names = {direction.code: f"{direction.number}_{direction.code}" for direction in directions.directions}
    plans = [plan for plan in chapter_plans(profile, directions) if plan.direction not in OWN_SECTIONS]
    return Book(
        title=profile.report_title,
        subtitle=_subtitle(profile),
        territory=profile.name.nominative,
        report_year=settings.report_year,
        school_year=ru.school_year(settings.school_year),
        issuer=(profile.department,) if profile.department else (),
        synthetic=profile.synthetic,
        report_date=settings.report_date,
        chapters=tuple(
            PrintedChapter(
                code=names[plan.direction],
                title=plan.title,
                part=plan.part or None,
                printed=plan.printed,
                also=tuple(names[other.direction] for other in plans if other.within == plan.direction),
            )
            for plan in plans
            if not plan.within
        ),
    )


def _subtitle(profile: Profile) -> tuple[str, ...]:
    """Where: unless the title of the report names the territory itself."""
    said = any(case in profile.report_title for case in profile.name.model_dump().values())
    return () if said else (f"в {profile.name.prepositional}",)


def passports(paths: Paths, made_from: Fingerprint, folder: Path, started: str, seconds: Mapping[str, float]) -> None:
    """passport.json (what the report was made from) and run.json (clock, seconds, commit)."""
    inventory: list[dict[str, Any]] = json.loads((paths.clean / "run_inventory.json").read_text(encoding="utf-8"))
    indicators = tables.read("indicators", paths.indicators / "indicators.parquet")
    passport = build_passport(
        made_from,
        files=[_described(paths, record) for record in inventory],
        checks={"summary": store.summary(store.load(paths.clean / "checks.json"))},
        indicators=len(indicators),
        outputs=list_outputs(folder),
    )
    write_json(folder / "passport.json", passport)
    run = build_run(started=started, finished=now(), seconds=seconds, commit=commit_of(PACKAGE.parent))
    write_json(folder / "run.json", run)


def _described(paths: Paths, record: Mapping[str, Any]) -> dict[str, Any]:
    file = str(record["file"])
    path = file if file.startswith("_shared/") else f"{paths.territory}/{file}"
    remarks = [remark["code"] for remark in record["remarks"]]
    return {"path": path, "layout": record["layout"], "rows": record["rows"], "remarks": remarks}
