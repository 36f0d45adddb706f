"""Rules about schools as data: zones of risk, features of context, formal lists of schools with low results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Literal

from pydantic import Field, StrictInt, model_validator

from pipeline.settings import Strict, load_model

Share = float


class RiskIndicator(Strict):
    """One column of the risk map: an indicator, of one procedure, subject or category where it has several.

    `delta`: the smallest difference of weight, in shares; without it the file's own holds.
    """

    indicator: str
    title: str
    procedure: str | None = None
    subject: str | None = None
    category: str = ""
    delta: Share | None = None


class RiskZones(Strict):
    """config/norms/risk_zones.yml: from which probability a zone is red (or green) or amber, and by which weight."""

    red: Share = Field(gt=0.5, lt=1)
    amber: Share = Field(gt=0.5, lt=1)
    delta: Share = Field(ge=0, lt=1)
    discoveries: Share = Field(gt=0, lt=1)
    source: str
    indicators: tuple[RiskIndicator, ...]


class Feature(Strict):
    """A feature of a school's context. `favourable`: whether more of it makes the school's work easier."""

    indicator: str
    favourable: bool


class ContextRules(Strict):
    """config/norms/school_context.yml: features named before results, the cut of hard conditions, neighbours."""

    features: tuple[Feature, ...] = Field(min_length=1)
    hard_below: float = Field(lt=0)
    neighbours: StrictInt = Field(ge=1)
    fewest: StrictInt = Field(ge=1)
    source: str


class Act(Strict):
    """The act that set a rule."""

    issuer: str
    number: str
    date: dt.date


class ListRule(Strict):
    """A formal rule by which a school counts as one with low results.

    A test is low when the share of its participants under the minimum is `threshold` or more. `in_year`: low tests (or
    procedures) of one year that suffice; `same_in_years`: years running in which one and the same is low; `joined`:
    whether both conditions are needed or one, `unclear` where the act can be read either way. `training`: made up for
    synthetic data; it never touches a real territory.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    act: Act
    from_year: StrictInt
    to_year: StrictInt | None = None
    indicators: tuple[str, ...] = Field(min_length=1)
    threshold: Share = Field(gt=0, lt=1)
    unit: Literal["test", "procedure"]
    in_year: StrictInt | None = Field(default=None, ge=1)
    same_in_years: StrictInt | None = Field(default=None, ge=2)
    joined: Literal["all", "any", "unclear"] = "any"
    least: StrictInt = Field(default=1, ge=1)
    territories: tuple[str, ...] = ()
    training: bool = False

    @model_validator(mode="after")
    def _training_stays_at_home(self) -> ListRule:
        if self.training and not self.territories:
            raise ValueError("учебное правило (training) должно называть свои territories")
        return self

    @property
    def readings(self) -> tuple[str, ...]:
        """`all`, `any`: the ways in which the two conditions may be joined; one way where there is one condition."""
        if self.in_year is None or self.same_in_years is None:
            return ("any",)
        return ("all", "any") if self.joined == "unclear" else (self.joined,)

    @property
    def exact(self) -> Fraction:
        """The threshold as it is written: 0.3 is three tenths."""
        return Fraction(str(self.threshold))

    def holds(self, school_year: int, territory: str, *, synthetic: bool = False) -> bool:
        """In force for a territory; a training rule only where the data are synthetic too."""
        in_force = self.from_year <= school_year and (self.to_year is None or school_year <= self.to_year)
        here = not self.territories or territory in self.territories
        return in_force and here and (synthetic or not self.training)


class ListRules(Strict):
    rules: tuple[ListRule, ...] = ()


def load_list_rules(files: Iterable[Path]) -> tuple[ListRule, ...]:
    """Rules of all files `low_results*.yml`."""
    return tuple(rule for path in files for rule in load_model(ListRules, path).rules)
