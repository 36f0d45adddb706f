"""Words that several declarations share: tables, levels, kinds of organisations, periods of a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pipeline.form_tables import FORM_TABLES, ITEM_TABLES, REGISTER_TABLES
from pipeline.schema import Table
from pipeline.tables import CLEAN

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
RegisterName = Literal["olympiad", "contests", "roadmap", "decisions", "documents"]
OrgType = Literal["school", "kindergarten", "additional", "department"]
FormPeriod = Literal["year", "half_1", "half_2", "quarter_1", "quarter_2", "quarter_3", "quarter_4"]

# Every clean table that an indicator may read, those of the collection form among them.
DECLARED: Mapping[str, Table] = {table.name: table for table in (*CLEAN.values(), *FORM_TABLES)}
ITEMS = tuple(table.name for table in ITEM_TABLES)
REGISTERS = tuple(table.name for table in REGISTER_TABLES)
