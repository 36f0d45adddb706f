"""Rules of recommendations as they stand in config/recommendations/<direction>.yml."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pipeline.settings import Strict, load_model


class Rule(Strict):
    """`verdict` is what the value of `indicator` at `level` must be beside `against`: a wider group, last year, the
    norm of its passport, or the `number` that the rule itself names. Only values of the report year count. `zone`: the
    organisation is in the zone of risk by this indicator (risk map of chapter 11); `verdict` names the side of risk.

    `categories`: only these breakdowns of the indicator (empty: all of them). `due` is month and day of the year after
    the report («03-01»); the office that signs may move it. `evidence` is the document that will show the act was done.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    indicator: str
    level: Literal["municipality", "organisation"]
    against: Literal["municipality", "region", "country", "last_year", "norm", "number", "zone"]
    number: float | None = None
    verdict: Literal["higher", "lower"]
    categories: tuple[str, ...] = ()
    addressee: str
    act: str
    due: str = Field(pattern=r"^\d\d-\d\d$")
    evidence: str
    documents: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _number_is_named(self) -> Rule:
        if (self.against == "number") != (self.number is not None):
            raise ValueError("ключ number нужен тогда и только тогда, когда against: number")
        return self


class Rules(Strict):
    rules: tuple[Rule, ...]


def load_rules(files: Iterable[Path]) -> dict[str, tuple[Rule, ...]]:
    """Rules by direction; the file's name is the direction's code."""
    return {path.stem: load_model(Rules, path).rules for path in files}
