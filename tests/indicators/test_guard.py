"""Every harmful construction is refused by name, and the harmless one beside it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from pipeline.errors import MsokoError, WorkspaceError
from pipeline.indicators.norms import Publication
from pipeline.indicators.passport import USES, Passport, load_passports
from pipeline.settings import load_model
from tests.indicators.frames import PATHS
from tests.indicators.test_passport import MEAN, SHARE, VPR

MEASURE = {"type": "published_share", "measure": "mark_share", "categories": ["2"]}
OGE = [{"column": "procedure", "eq": "oge"}]
AGGREGATED = {"type": "mean", "table": "group_results", "column": "value", "where": OGE}
COUNTED_AGGREGATES = {
    "type": "counted_share",
    "table": "group_results",
    "where": OGE,
    "hit": [{"column": "n", "ge": 5}],
}
LISTED = {
    "type": "consecutive",
    "table": "marked_schools",
    "entity": "org_id",
    "years": 3,
    "where": [{"column": "procedure", "eq": "oge"}],
}
COUNT = {**SHARE, "kind": "count", "unit": "organisations"}
YEARS_OF_MARKS = {
    **LISTED,
    "table": "results",
    "entity": "org_id",
    "where": [*OGE, {"column": "mark", "le": 2}],
}


def refused(passport: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        Passport.model_validate(passport)
    return str(caught.value)


@pytest.mark.parametrize(
    ("harmful", "reason"),
    [
        (MEAN, "средний балл запрещён"),
        (
            {**MEAN, "kind": "rate", "unit": "share", "sources": [{**MEAN["sources"][0], "over": "max_score"}]},
            "средний балл",
        ),
        ({**MEAN, "sources": [{"type": "published_mean", "measure": "m", "where": OGE}]}, "средний балл"),
        ({**MEAN, "sources": [{**MEAN["sources"][0], "column": "mark"}]}, "средний балл"),
        ({**MEAN, "sources": [AGGREGATED]}, "опубликованных значений"),
        ({**SHARE, "sources": [COUNTED_AGGREGATES]}, "опубликованных значений"),
        ({**SHARE, "direction": "heads", "sources": VPR, "forbidden": list(USES)}, "о руководителях и педагогах"),
        ({**SHARE, "direction": "teachers", "sources": VPR, "forbidden": list(USES)}, "о руководителях и педагогах"),
        ({**SHARE, "also": ["methodical"], "sources": VPR, "forbidden": list(USES)}, "о руководителях и педагогах"),
        ({**SHARE, "sources": VPR, "forbidden": ["teachers", "heads", "ranks"]}, "запрещать использование: pay"),
        ({**SHARE, "title": "Место в рейтинге школ"}, "рейтинги и места"),
        ({**SHARE, "short": "топ-10 школ"}, "рейтинги и места"),
        ({**SHARE, "title": "Доля лучших школ"}, "рейтинги и места"),
        ({**SHARE, "series": "register"}, "series должен быть test"),
        ({**SHARE, "series": "register", "sources": [{**MEASURE, "where": OGE}]}, "series должен быть test"),
        ({**COUNT, "sources": [YEARS_OF_MARKS]}, "годы подряд"),
    ],
)
def test_harm_is_refused(harmful: dict[str, Any], reason: str) -> None:
    assert reason in refused(harmful)


@pytest.mark.parametrize(
    "harmless",
    [
        {**MEAN, "means_of_scores": True},
        {**SHARE, "direction": "heads"},
        {**SHARE, "sources": VPR, "forbidden": list(USES)},
        {**SHARE, "title": "Число призовых мест", "short": "призовые места"},
        {**SHARE, "series": "single_year"},
        {**COUNT, "series": "register", "sources": [LISTED]},
        {
            **SHARE,
            "series": "register",
            "sources": [{**SHARE["sources"][0], "hit": [{"column": "journal_mark", "missing": True}]}],
        },
    ],
)
def test_what_stands_beside_it_is_not(harmless: dict[str, Any]) -> None:
    assert Passport.model_validate(harmless).id == "some_share"


LEVEL = {"table": "context", "items": [{"id": "internet", "kind": "level"}, {"id": "pupils_total", "kind": "count"}]}
FORM = {**SHARE, "series": "register"}


def of_form(tmp_path: Path, source: dict[str, Any], **changes: Any) -> tuple[Passport, ...]:
    items, passports = tmp_path / "items.yml", tmp_path / "мои.yml"
    items.write_text(yaml.safe_dump(LEVEL, allow_unicode=True), encoding="utf-8")
    declared = {"passports": [{**FORM, **changes, "sources": [{"table": "context", **source}]}]}
    passports.write_text(yaml.safe_dump(declared, allow_unicode=True), encoding="utf-8")
    return load_passports([passports], [items])


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ({"type": "form_share", "numerator": ["internet"], "denominator": ["pupils_total"]}, {}),
        ({"type": "form_count", "items": ["internet"]}, {"kind": "count", "unit": "places"}),
        ({"type": "form_reached", "items": ["internet", "pupils_total"], "at_least": 3}, {}),
    ],
)
def test_levels_are_not_added_up(tmp_path: Path, source: dict[str, Any], changes: dict[str, Any]) -> None:
    with pytest.raises(WorkspaceError, match="порядковые"):
        of_form(tmp_path, source, **changes)


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ({"type": "form_levels", "item": "internet", "scale": [1, 2, 3]}, {"kind": "ordinal"}),
        ({"type": "form_reached", "items": ["internet"], "at_least": 3}, {}),
        ({"type": "form_count", "items": ["pupils_total"]}, {"kind": "count", "unit": "pupils"}),
    ],
)
def test_levels_may_be_shown_and_counted(tmp_path: Path, source: dict[str, Any], changes: dict[str, Any]) -> None:
    assert len(of_form(tmp_path, source, **changes)) == 1


def test_every_shipped_passport_passes_with_the_questions_of_the_form() -> None:
    assert len(load_passports(PATHS.config_files("indicators"), PATHS.config_files("items"))) > 130


# --- percents of few ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"percent": 4}, "percent"),
        ({"compare": 4}, "compare"),
        ({"print_count": 2}, "print_count"),
        ({"print_count_sensitive": 4}, "print_count_sensitive"),
        ({"one_decimal": 19}, "one_decimal"),
        ({"percent": 30}, "percent"),
        ({"compare": 25}, "percent"),
    ],
)
def test_limits_of_printing_cannot_be_turned_round(tmp_path: Path, changed: dict[str, int], named: str) -> None:
    limits = yaml.safe_load(PATHS.config("norms/publication.yml").read_text(encoding="utf-8"))
    for name, value in changed.items():
        limits[name]["value"] = value
    path = tmp_path / "publication.yml"
    path.write_text(yaml.safe_dump(limits, allow_unicode=True), encoding="utf-8")
    with pytest.raises(MsokoError, match=f"порог {named}"):
        load_model(Publication, path)
