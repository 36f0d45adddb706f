"""Hand-made sheets of the collection form and passports over them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.indicators.compute import compute
from pipeline.indicators.context import Context
from pipeline.indicators.passport import USES, Passport
from tests.indicators.frames import SOURCE, TOWN

BLANK, NOT_HELD = "blank", "not_attempted"


def table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows of a table of the form; they are numbered as in a sheet."""
    numbered = [{**SOURCE, "source_row": 5 + place, **row} for place, row in enumerate(rows)]
    return tables.conform(name, pd.DataFrame(numbered, columns=tables.TABLES[name].names, dtype="object"))


def sheet(name: str, **answers: Mapping[str, Any]) -> pd.DataFrame:
    """A table of items: organisation → {item or "item/group": number, BLANK or NOT_HELD}."""
    rows = []
    for org, items in answers.items():
        for key, said in items.items():
            item, _, group = key.partition("/")
            rows.append(cell(org, item, group, said))
    return table(name, rows)


def cell(org: str, item: str, group: str, said: Any, year: int = 2026) -> dict[str, Any]:
    state = said if isinstance(said, str) else "observed"
    value = None if isinstance(said, str) else said
    key = {"school_year": year, "period": "year", "org_id": org, "municipality": "Город"}
    return {**key, "item": item, "group": group, "value": value, "state": state}


def passport(source: Mapping[str, Any], **changes: Any) -> Passport:
    kinds = {"form_rate": ("rate", "per_1000"), "form_count": ("count", "pupils"), "form_levels": ("ordinal", "share")}
    kinds |= {"form_organisations": ("count", "organisations"), "register_count": ("count", "records")}
    kind, unit = kinds.get(source["type"], ("share", "share"))
    plain = {
        "id": "tried",
        "title": "Проба",
        "short": "проба",
        "direction": "career",
        "kind": kind,
        "unit": unit,
        "better": "higher",
        "numerator": "одни",
        "denominator": "все",
        "levels": ["municipality", "organisation"],
        "series": "register",
        "forbidden": list(USES),
        "sources": [source],
    }
    return Passport.model_validate({**plain, **changes})


def tried(source: Mapping[str, Any], at: Context = TOWN, changes: Any = None, **given: pd.DataFrame) -> pd.DataFrame:
    """Rows of one passport with this source over the given tables."""
    return compute(given, [passport(source, **(changes or {}))], at)
