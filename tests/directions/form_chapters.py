"""Rows of indicators over the collection form, with the Russian words of their categories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from pipeline.directions import registry
from pipeline.directions.category_words import category_words
from pipeline.directions.chapter import Chapter, Inputs
from pipeline.directions.rules import load_rules
from pipeline.ingest.items import load_items
from pipeline.presentation.blocks import TableBlock
from pipeline.settings import read_yaml
from tests.directions import inputs as built
from tests.directions.inputs import PASSPORTS, PATHS

PLAIN = {"procedure": "", "subject": "", "grade": 0, "series": "register"}
NBSP, NARROW = "\u00a0", "\u202f"


@cache
def words() -> Mapping[tuple[str, str], str]:
    lists = read_yaml(PATHS.config("forms/words.yml"))["words"]
    return category_words(PASSPORTS.values(), load_items(PATHS), lists)


def inputs(direction: str, *rows: Mapping[str, Any], **given: Any) -> Inputs:
    """Inputs that know the words of categories and the shipped rules of recommendations."""
    rules = load_rules(PATHS.config_files("recommendations"))
    return replace(built.inputs(direction, *rows, **given), words=words(), recommendations=rules)


def chapter(direction: str, *rows: Mapping[str, Any], **given: Any) -> Chapter:
    return registry.analyse(inputs(direction, *rows, **given))


def share(part: int, whole: int, indicator: str, **given: Any) -> dict[str, Any]:
    return built.share(part, whole, indicator, **{**PLAIN, **given})


def school(number: int, part: int, whole: int, indicator: str, **given: Any) -> dict[str, Any]:
    """A share of one school."""
    name = f"МБОУ «СОШ № {number}»"
    return share(part, whole, indicator, level="organisation", group=f"s{number}", group_label=name, **given)


def count(value: int, indicator: str, **given: Any) -> dict[str, Any]:
    return built.row(indicator, value=value, n=value, **{**PLAIN, **given})


def level(number: int, step: int | None, indicator: str, **given: Any) -> dict[str, Any]:
    """The level of one kindergarten; None: not assessed."""
    held = {"value": 1.0, "n": 1, "category": str(step)} if step else {"value": None, "status": "not_applicable"}
    name = {"group": f"k{number}", "group_label": f"МБДОУ «Детский сад № {number}»"}
    return built.row(indicator, level="organisation", **{**PLAIN, **name, **held, **given})


def levels(indicator: str, *steps: int | None, **given: Any) -> list[dict[str, Any]]:
    """Rows of all kindergartens and of the municipality at each of the five levels."""
    known = [step for step in steps if step]
    own = [level(number, step, indicator, **given) for number, step in enumerate(steps, 1)]
    town = [share(known.count(step), len(known), indicator, category=str(step), **given) for step in range(1, 6)]
    return [*own, *town]


def cells(table: TableBlock) -> list[list[str]]:
    """The words of a table with ordinary spaces."""
    return [[plain(cell.text) for cell in row] for row in table.rows]


def plain(text: str) -> str:
    return text.replace(NBSP, " ").replace(NARROW, " ")
