"""Words that several declarations share: tables, levels, periods of a form."""

from __future__ import annotations

from typing import Literal

from pipeline.form_tables import ITEM_TABLES

LevelName = Literal["country", "region", "municipality", "organisation"]
ItemTableName = Literal[
    "context",
    "staff",
    "training",
    "methodical",
    "additional_education",
    "career",
    "destinations",
    "heads",
    "upbringing",
    "preschool",
    "attendance",
    "satisfaction",
    "observation",
]
RegisterName = Literal["olympiad", "contests", "diagnostics", "roadmap", "decisions", "documents"]
FormPeriod = Literal["year", "half_1", "half_2", "quarter_1", "quarter_2", "quarter_3", "quarter_4"]

ITEMS = tuple(table.name for table in ITEM_TABLES)
