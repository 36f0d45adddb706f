"""Small inputs of directions, written by hand: rows of the indicators table, clean tables, checks, files."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.directions import registry
from pipeline.directions.chapter import Chapter, Inputs, findings_frame
from pipeline.indicators.norms import load_rules
from pipeline.indicators.passport import Passport, load_passports
from pipeline.paths import Paths
from pipeline.presentation.blocks import Block, FigureBlock, Paragraphs, TableBlock, plain
from pipeline.presentation.claims import key_of
from pipeline.settings import RunSettings, load_subjects
from pipeline.statistics.rates import poisson_exact
from pipeline.territory.profile import ChapterPlan, Country, Goal, Name, Profile, chapter_plans, load_directions
from tests.structure.checkout import ROOT

PATHS = Paths(ROOT / "tests" / "directions", "town", 2026)
RULES = load_rules(PATHS)
SUBJECTS = load_subjects(PATHS)
DIRECTIONS = load_directions(PATHS)
PASSPORTS: Mapping[str, Passport] = {one.id: one for one in load_passports(PATHS.config_files("indicators"))}
CODES = [direction.code for direction in DIRECTIONS.directions]
GROUPS = {"country": ("RU", "РФ"), "region": ("Область", "Область"), "municipality": ("town", "Город")}
FILE = json.dumps([{"file": "2026/ф.xlsx", "sheet": "лист", "rows": 1, "first_row": 9}], ensure_ascii=False)
SOURCE = {"source_file": "2026/ф.xlsx", "source_sheet": "лист", "source_row": 9}
TEST = {"procedure": "vpr", "school_year": 2026, "wave": "main", "subject": "russian", "grade": 4}
LEDGER = ["id", "origin", "table", "severity", "passed", "evaluated", "failed", "message", "advice", "places"]
EMPTY = {name: tables.empty(name) for name in tables.CLEAN}
NO_FINDINGS = tables.empty("findings")


def wilson(part: float, whole: float) -> tuple[float, float]:
    """Wilson's interval by its formula."""
    z, share = 1.959963984540054, part / whole
    centre, root = share + z * z / (2 * whole), z * math.sqrt(share * (1 - share) / whole + (z / (2 * whole)) ** 2)
    return (centre - root) / (1 + z * z / whole), (centre + root) / (1 + z * z / whole)


def row(indicator: str = "vpr_mark_2", **given: Any) -> dict[str, Any]:
    """One indicator row; only what a test is about is named."""
    passport = PASSPORTS[indicator]
    level = given.get("level", "municipality")
    group, label = GROUPS.get(level, (given.get("group", "s1"), given.get("group", "s1")))
    plain_row = {
        "indicator": indicator,
        "direction": passport.direction,
        "territory": "town",
        "school_year": 2026,
        "period": "year",
        "procedure": "vpr",
        "subject": "russian",
        "grade": 4,
        "level": level,
        "group": group,
        "group_label": label,
        "org_id": group if level == "organisation" else None,
        "task": "",
        "category": "",
        "series": "vpr|russian|4|2025|marks",
        "kind": passport.kind,
        "unit": passport.unit,
        "numerator": None,
        "denominator": None,
        "n": None,
        "numerator_basis": "counted",
        "value": None,
        "published": None,
        "lower": None,
        "upper": None,
        "confidence": None,
        "method": "",
        "status": "ok",
        "max_score": 24,
        "inputs": FILE,
    }
    return {**plain_row, **given}


def share(part: int, whole: int, indicator: str = "vpr_mark_2", **given: Any) -> dict[str, Any]:
    """A share with its interval."""
    lower, upper = wilson(part, whole)
    found = {"numerator": part, "denominator": whole, "n": whole, "value": part / whole, "lower": lower, "upper": upper}
    return row(indicator, **{**found, "confidence": 0.95, "method": "wilson", **given})


def per_1000(part: int, whole: int, indicator: str = "registers_per_1000", **given: Any) -> dict[str, Any]:
    """Persons or events per 1000 persons of the form, with the interval of their kind."""
    events = indicator == "conflicts_per_1000"
    if events:
        lower, upper = (float(bound) for bound in poisson_exact(part, whole))
    else:
        lower, upper = wilson(part, whole)
    found = {"numerator": part, "denominator": whole, "n": whole, "value": part / whole * 1000}
    found |= {"lower": lower * 1000, "upper": upper * 1000, "confidence": 0.95}
    form = {"method": "poisson" if events else "wilson", "procedure": "", "subject": "", "grade": 0, "series": "||0||"}
    return row(indicator, **{**found, **form, **given})


def exact(value: float, level: str = "country", indicator: str = "vpr_mark_2", **given: Any) -> dict[str, Any]:
    """A comparator of so many participants that it carries no interval."""
    return row(indicator, level=level, value=value, n=1_700_000, numerator_basis="published", **given)


def rate(task: str, part: float, whole: float, n: int, bounds: tuple[float, float], **given: Any) -> dict[str, Any]:
    """Points won at a task of a level, with its interval."""
    found = {"numerator": part, "denominator": whole, "n": n, "value": part / whole, "max_score": whole / n}
    ends = {"lower": bounds[0], "upper": bounds[1], "confidence": 0.95, "method": "t", "category": "basic"}
    return row("vpr_task_rate", task=task, **{**found, **ends, **given})


def mean(value: float | None, n: int, level: str = "municipality", **given: Any) -> dict[str, Any]:
    """A mean of an external exam; its spread is unknown."""
    found = {"value": value, "n": n, "denominator": n, "numerator_basis": "published", "status": "spread_unknown"}
    about = {"procedure": "nvo", "subject": "mathematics", "grade": 7, "series": "nvo|mathematics|7||100"}
    return row("external_mean", level=level, **{**found, **about, **given})


def count(value: int, indicator: str = "marked_schools", **given: Any) -> dict[str, Any]:
    return row(indicator, value=value, n=value, **{"subject": "", "grade": 0, "series": "vpr", **given})


def frame(name: str, *rows: Mapping[str, Any]) -> pd.DataFrame:
    """A conformed clean table."""
    whole = pd.DataFrame([dict(one) for one in rows], dtype="object").reindex(columns=tables.TABLES[name].names)
    return tables.conform(name, whole)


def indicators(*rows: Mapping[str, Any]) -> pd.DataFrame:
    return frame("indicators", *rows)


def marks(level: str, group: str, n: int, *values: float, **given: Any) -> list[dict[str, Any]]:
    """group_results of one group: shares of «2», «3», «4», «5»."""
    about = {"level": level, "group": group, "group_label": group, "n": n, "measure": "mark_share", "unit": "share"}
    about |= {"org_id": group if level == "organisation" else None, "state": "observed"}
    return [
        {**TEST, **SOURCE, **about, "category": m, "value": v, **given} for m, v in zip("2345", values, strict=True)
    ]


def pupil(number: int, **given: Any) -> dict[str, Any]:
    states = {"state": "observed", "mark_state": "observed", "journal_mark_state": "observed"}
    return {**TEST, **SOURCE, **states, "org_id": "s1", "participant": f"p{number}", "max_score": 24, **given}


def check(severity: str = "warning", *, passed: bool = False, **given: Any) -> dict[str, Any]:
    plain_check = {"id": "c1", "origin": "suite", "table": "results", "evaluated": 9, "failed": int(not passed)}
    words = {"message": "Сумма не сошлась.", "advice": "сверьте файл.", "places": ["файл «ф.xlsx», ячейка B2"]}
    return {
        **plain_check,
        **words,
        "waived_by": "",
        "waived_why": "",
        "files": ("2026/ф.xlsx",),
        "severity": severity,
    } | {
        "passed": passed,
        **given,
    }


def listed(file: str = "2026/ф.xlsx", rows: int = 10, **given: Any) -> dict[str, Any]:
    """One file of the inventory."""
    return {"file": file, "layout": "x", "title": "Отметки", "rows": rows, "sha256": "0" * 64, "remarks": [], **given}


def inputs(
    direction: str,
    *rows: Mapping[str, Any],
    clean: Mapping[str, pd.DataFrame] | None = None,
    checks: Sequence[Mapping[str, Any]] = (),
    files: Sequence[Mapping[str, Any]] = (),
    earlier: pd.DataFrame | None = None,
    year: int = 2026,
    country: Country | None = None,
    goals: tuple[Goal, ...] = (),
) -> Inputs:
    """What a direction may look at, with the shipped configuration and a town of our own."""
    cases = dict.fromkeys(("nominative", "genitive", "dative", "prepositional"), "Город")
    chapters = (ChapterPlan(direction=direction, goals=goals),)
    profile = Profile(
        code="town", name=Name(**cases), region="Область", country=country or Country(), chapters=chapters
    )
    plans = {plan.direction: plan for plan in chapter_plans(profile, DIRECTIONS)}
    day = dt.date(year, 12, 31)
    return Inputs(
        settings=RunSettings(territory="town", report_year=year, as_of=day, report_date=day),
        profile=profile,
        directions=DIRECTIONS,
        plan=plans[direction],
        passports=PASSPORTS,
        subjects=SUBJECTS,
        indicators=indicators(*rows),
        clean=EMPTY | dict(clean or {}),
        ledger=pd.DataFrame(list(checks), columns=[*LEDGER, "waived_by", "waived_why", "files"]),
        inventory=list(files),
        earlier=NO_FINDINGS if earlier is None else earlier,
        rules=RULES,
    )


@cache
def bare(direction: str) -> Inputs:
    """Inputs without any data, for what needs only the direction."""
    return inputs(direction)


def chapter(direction: str, *rows: Mapping[str, Any], **given: Any) -> Chapter:
    """The chapter of a direction from these rows."""
    return registry.analyse(inputs(direction, *rows, **given))


def handed_on(*chapters: tuple[str, Chapter]) -> pd.DataFrame:
    """Findings of chapters as the notebooks after them read them."""
    return tables.combine("findings", [findings_frame(made, bare(code)) for code, made in chapters])


def blocks(made: Chapter) -> Iterator[Block]:
    for part in made.sections.values():
        yield from part


def figures(made: Chapter) -> dict[str, FigureBlock]:
    return {block.id: block for block in blocks(made) if isinstance(block, FigureBlock)}


def tables_of(made: Chapter) -> dict[str, TableBlock]:
    return {block.id: block for block in blocks(made) if isinstance(block, TableBlock)}


def findings(made: Chapter) -> dict[str, str]:
    """Conclusions of the chapter as words by id; the goal that closes every chapter is none of them."""
    return {finding.id: plain(finding.statement) for finding in made.findings if finding.kind != "goal"}


def goal(made: Chapter) -> str:
    """The goal proposed for the next cycle."""
    return next(plain(finding.statement) for finding in made.findings if finding.kind == "goal")


def said(made: Chapter, section: str) -> list[str]:
    """The paragraphs of a section as words."""
    return [plain(item) for block in made.blocks(section) if isinstance(block, Paragraphs) for item in block.items]


def keys(rows: Sequence[Mapping[str, Any]]) -> set[str]:
    return {key_of(one) for one in rows}
