"""Official lists of schools and other yes or no answers of the collection form, by organisation and year."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.directions.chapter import Inputs
from pipeline.presentation import text as ru

LOW, HARD = "shnor_listed", "shnsu_listed"
Answers = Mapping[int, Mapping[str, bool]]  # school year → organisation → yes


def answers(inputs: Inputs, item: str, table: str = "context") -> Answers:
    """Answers up to the report year; an organisation that did not answer is absent."""
    frame = inputs.clean[table]
    chosen = frame[(frame["item"] == item) & frame["value"].notna() & (frame["period"] == "year")]
    chosen = chosen[chosen["school_year"] <= inputs.settings.school_year]
    found: dict[int, dict[str, bool]] = {}
    for year, org, value in zip(chosen["school_year"], chosen["org_id"], chosen["value"], strict=True):
        found.setdefault(int(year), {})[str(org)] = bool(value >= 1)
    return found


def on(inputs: Inputs, item: str, year: int) -> frozenset[str]:
    """Organisations on a list in a school year."""
    return frozenset(org for org, yes in answers(inputs, item).get(year, {}).items() if yes)


def names(inputs: Inputs) -> dict[str, str]:
    """Organisation → its newest printed name."""
    rows = inputs.indicators[inputs.indicators["level"] == "organisation"].sort_values("school_year", kind="stable")
    found = dict(zip(rows["org_id"], rows["group_label"], strict=True))
    return {str(org): ru.organisation(str(name)) for org, name in found.items()}
