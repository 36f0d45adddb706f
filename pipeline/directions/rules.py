"""Rules of recommendations as they stand in config/recommendations/<direction>.yml."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field

from pipeline.settings import Strict, load_model


class Rule(Strict):
    """`verdict` is what the newest value of `indicator` at `level` must be beside `against`: a wider group, last year.

    `due` is month and day of the year after the report («03-01»); the office that signs may move it. `evidence` is the
    document that will show the act was done.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    indicator: str
    level: Literal["municipality", "organisation"]
    against: Literal["municipality", "region", "country", "last_year"]
    verdict: Literal["higher", "lower"]
    addressee: str
    act: str
    due: str = Field(pattern=r"^\d\d-\d\d$")
    evidence: str
    documents: tuple[str, ...] = ()


class Rules(Strict):
    rules: tuple[Rule, ...]


def load_rules(files: Iterable[Path]) -> dict[str, tuple[Rule, ...]]:
    """Rules by direction; the file's name is the direction's code."""
    return {path.stem: load_model(Rules, path).rules for path in files}
