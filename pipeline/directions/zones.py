"""Zones of risk of schools: which value each indicator is held against, and how sure it is that it is worse.

A risk is real and large at once: by the posterior probability that the share is worse than its norm, the country's, the
region's value or, where none is known, the other schools' by at least the smallest difference of weight. It must also
survive the correction for as many comparisons as there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.directions import judgement, schools, sensitive
from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import norm_level
from pipeline.directions.schools import Counted
from pipeline.errors import Place, WorkspaceError
from pipeline.indicators.school_rules import RiskIndicator
from pipeline.statistics import risk_zones
from pipeline.statistics.risk_zones import Limits, Risk

Row = Mapping[str, Any]
WHOLE = "municipality"


@dataclass(frozen=True)
class Judged:
    """One cell: the count, the value it is held against, the zone. `p` is what the correction for many is made of."""

    counted: Counted
    against: float
    risk: Risk
    p: float


@dataclass(frozen=True)
class Column:
    """One indicator of the map: what its values are held against, in words, and its cells by organisation."""

    spec: RiskIndicator
    basis: str
    better: risk_zones.Better
    cells: Mapping[str, Judged]
    hidden: Mapping[str, str]


def in_risk(inputs: Inputs, indicator: str) -> dict[str, tuple[Row, ...]]:
    """Organisation → the rows behind its risks by one indicator; for the rules of recommendations."""
    found: dict[str, tuple[Row, ...]] = {}
    for column in columns(inputs):
        for org, cell in column.cells.items():
            if column.spec.indicator == indicator and org != WHOLE and cell.risk.zone == "red":
                found[org] = (*found.get(org, ()), *cell.counted.rows)
    return found


def columns(inputs: Inputs) -> list[Column]:
    """The indicators of the map that have data, zones corrected for the number of comparisons."""
    return _corrected(inputs, [one for spec in inputs.rules.risks.indicators if (one := _column(inputs, spec))])


def _column(inputs: Inputs, spec: RiskIndicator) -> Column | None:
    passport = inputs.passports.get(spec.indicator)
    if passport is None or passport.better == "neutral" or passport.kind != "share":
        raise WorkspaceError(
            f"Показатель «{spec.indicator}» карты рисков не объявлен или не годится для неё.",
            place=Place("risk_zones.yml"),
            advice="назовите долю из config/indicators, у которой есть лучшая сторона (better).",
        )
    where = {name: value for name, value in (("procedure", spec.procedure), ("subject", spec.subject)) if value}
    year = inputs.settings.school_year
    known = schools.known(inputs, year)
    every = schools.counts(inputs, spec.indicator, year, category=spec.category, **where)
    counted = {org: one for org, one in every.items() if org in known}
    hidden = {org: one.label for org, one in counted.items() if any(sensitive.hidden(inputs, row) for row in one.rows)}
    if not counted:
        return None
    wider = inputs.rows(indicator=spec.indicator, school_year=year, category=spec.category, **where)
    basis = _basis(inputs, counted, wider)
    better: risk_zones.Better = "higher" if passport.better == "higher" else "lower"
    held = {org: one for org, one in counted.items() if org not in hidden}
    cells = {org: _judged(inputs, spec, one, counted, org, basis, better, wider) for org, one in held.items()}
    if basis != "rest" and (own := _own(inputs, wider)):
        cells[WHOLE] = _judged(inputs, spec, own, counted, WHOLE, basis, better, wider)
    return Column(spec, basis, better, cells, hidden)


def _own(inputs: Inputs, rows: Sequence[Row]) -> Counted | None:
    own = [
        row for row in rows if row["level"] == "municipality" and row["numerator"] is not None and row["denominator"]
    ]
    return Counted(inputs.profile.name.nominative, tuple(own)) if own else None


def _basis(inputs: Inputs, counted: Mapping[str, Counted], rows: Sequence[Row]) -> str:
    """norm, country, region — whatever of them every test has — or the rest of the municipality."""
    tests = [row for one in counted.values() for row in one.rows]
    if all(norm_level(inputs, row) is not None for row in tests):
        return "norm"
    for level in ("country", "region"):
        if all(judgement.same_cell_of_level(row, rows, level) is not None for row in tests):
            return level
    return "rest"


def _judged(
    inputs: Inputs,
    spec: RiskIndicator,
    one: Counted,
    counted: Mapping[str, Counted],
    org: str,
    basis: str,
    better: risk_zones.Better,
    rows: Sequence[Row],
) -> Judged:
    rules = inputs.rules.risks
    delta = rules.delta if spec.delta is None else spec.delta
    limits = Limits(rules.red, rules.amber, delta, inputs.compare_from)
    if basis == "rest":
        rest = schools.others(counted, org)
        risk = risk_zones.against_share(one.share, rest, better, limits)
        return Judged(one, rest.value if rest.value is not None else 0.0, risk, 1 - risk.worse)
    expected = sum(int(row["denominator"]) * _level(inputs, row, rows, basis) for row in one.rows) / one.share.n
    risk = risk_zones.against_value(one.share, expected, better, limits)
    return Judged(one, expected, risk, risk_zones.exact_p(one.share, expected, better, delta))


def _level(inputs: Inputs, row: Row, rows: Sequence[Row], basis: str) -> float:
    """The norm or the wider value of one test."""
    if basis == "norm":
        return float(norm_level(inputs, row) or 0.0)
    wider = judgement.same_cell_of_level(row, rows, basis)
    return float(wider["value"]) if wider else 0.0


def _corrected(inputs: Inputs, columns: Sequence[Column]) -> list[Column]:
    """A risk that may well be one of the mistakes among so many comparisons asks for attention only."""
    judged = [
        (place, org, cell)
        for place, column in enumerate(columns)
        for org, cell in column.cells.items()
        if cell.risk.zone != "insufficient"
    ]
    adjusted = risk_zones.discoveries([cell.p for _, _, cell in judged])
    weak = {
        (place, org)
        for (place, org, cell), p in zip(judged, adjusted, strict=True)
        if cell.risk.zone == "red" and p > inputs.rules.risks.discoveries
    }
    return [
        replace(
            column,
            cells={
                org: replace(cell, risk=replace(cell.risk, zone="amber")) if (place, org) in weak else cell
                for org, cell in column.cells.items()
            },
        )
        for place, column in enumerate(columns)
    ]
