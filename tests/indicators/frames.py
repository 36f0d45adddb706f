"""Small clean tables for tests: only what a test is about is named, the rest has plain defaults."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.indicators.compute import compute
from pipeline.indicators.context import Context
from pipeline.indicators.norms import load_rules
from pipeline.indicators.passport import Passport, load_passports
from pipeline.paths import Paths

ROOT = Path(__file__).resolve().parents[2]
PATHS = Paths(ROOT / "tests" / "indicators", "town", 2026)
RULES = load_rules(PATHS)
PASSPORTS = load_passports(PATHS.config_files("indicators"))
TOWN = Context("town", 2026, RULES, "Город", ("Город", "reg00_m001"))

TEST = {"procedure": "vpr", "school_year": 2026, "wave": "main", "subject": "russian", "grade": 4}
SOURCE = {"source_file": "ф.xlsx", "source_sheet": "лист", "source_row": 9}


def build(name: str, rows: Sequence[dict[str, Any]], defaults: dict[str, Any]) -> pd.DataFrame:
    """A conformed table; each row overrides the defaults."""
    whole = [{**defaults, **SOURCE, "source_row": 9 + place, **row} for place, row in enumerate(rows)]
    frame = pd.DataFrame(whole, dtype="object")
    return tables.conform(name, frame.reindex(columns=tables.TABLES[name].names))


def marks(*rows: dict[str, Any]) -> pd.DataFrame:
    """group_results of «Статистика по отметкам»: give level, group, category, value, n."""
    defaults = {"measure": "mark_share", "state": "observed", "unit": "share", "decimals": 2, "max_score": 24, **TEST}
    full = [{"group_label": row["group"], "org_id": row["group"], **row} for row in rows]
    for row in full:
        if row["level"] != "organisation":
            row["org_id"] = None
    return build("group_results", full, {"scale": "vpr-marks-2-5", "exam_date": "2026-04-20", **defaults})


def means(*rows: dict[str, Any]) -> pd.DataFrame:
    """group_results of schools with means only: give group, value, n, municipality."""
    defaults = {
        "measure": "mean_score",
        "category": "all",
        "unit": "points",
        "decimals": 2,
        "state": "observed",
        **TEST,
    }
    full = [{"group_label": row["group"], "org_id": row["group"], "level": "organisation", **row} for row in rows]
    return build("group_results", full, {**defaults, "procedure": "nvo", "scale": "nvo7-100"})


def results(*rows: dict[str, Any]) -> pd.DataFrame:
    """results: give mark and journal_mark; participants are numbered."""
    defaults = {"org_id": "s1", "state": "observed", "municipality": "Город", "max_score": 24, **TEST}
    full = [
        {"participant": f"p{place}", "mark_state": "observed", "journal_mark_state": "observed", **row}
        for place, row in enumerate(rows)
    ]
    return build("results", full, defaults)


def scores(*rows: dict[str, Any]) -> pd.DataFrame:
    """task_scores: give task, score, max_score; participants are numbered."""
    defaults = {"org_id": "s1", "task": "1", "task_order": 1, "task_level": "basic", "state": "observed", **TEST}
    full = [{"participant": f"p{place}", **row} for place, row in enumerate(rows)]
    return build("task_scores", full, {**defaults, "max_score": 1})


def marked(*rows: dict[str, Any]) -> pd.DataFrame:
    """marked_schools: give school_year and org_id."""
    defaults = {"procedure": "vpr", "subject": "russian", "grade": 4, "marker": 1, "state": "observed"}
    return build("marked_schools", rows, defaults)


def passports(*ids: str) -> list[Passport]:
    return [passport for passport in PASSPORTS if passport.id in ids]


def computed(*ids: str, context: Context = TOWN, **given: pd.DataFrame) -> pd.DataFrame:
    """Indicators of the given passports over the given tables."""
    return compute(given, passports(*ids), context)


def only(frame: pd.DataFrame, **where: Any) -> dict[str, Any]:
    """The one row with these values, missing values as None."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, frame[["indicator", "school_year", "level", "group", "task", "category"]]
    return {name: None if pd.isna(value) else value for name, value in frame.iloc[0].items()}
