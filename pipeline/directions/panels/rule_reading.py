"""What a formal rule finds, school by school and year by year, and how likely that is to be true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from pipeline.directions import schools
from pipeline.directions.chapter import Inputs
from pipeline.directions.schools import Row
from pipeline.indicators.school_rules import ListRule
from pipeline.presentation import claims
from pipeline.statistics import low_results, shrinkage_shares
from pipeline.statistics.comparison import Share
from pipeline.statistics.low_results import Flag, Odds, Result
from pipeline.statistics.shrinkage_shares import Prior

SELF_MARKED = ("vpr",)  # procedures that schools hold and mark themselves
Held = Mapping[str, Sequence[Result]]  # organisation → its results of all years
Priors = Mapping[tuple[str, int], Prior]


@dataclass(frozen=True)
class Low:
    """A unit of the year that reached the threshold: its count, the probability that it is truly over, its rows."""

    unit: str
    share: Share
    probability: float
    key: str


@dataclass(frozen=True)
class Found:
    """One school in one year: what the rule finds by either reading, the probability that each is true, the low units,
    and whether a flag rests on procedures that the school marks itself."""

    org: str
    name: str
    flag: Flag
    readings: tuple[bool, ...]
    probabilities: tuple[float, ...]
    low: tuple[Low, ...] = field(default=())
    own_marks: bool = False

    @property
    def any(self) -> bool:
        return any(self.readings)

    @property
    def all(self) -> bool:
        return all(self.readings)

    @property
    def probability(self) -> float:
        """Of the strict reading."""
        return self.probabilities[0]


@dataclass(frozen=True)
class Reading:
    """The rule over its results: one school's year, and the chance that it would be flagged without any change."""

    rule: ListRule
    held: Held
    names: Mapping[str, str]
    priors: Priors
    keys: Mapping[tuple[str, str, int], str]  # organisation, unit, year → keys of its rows

    def years(self, last: int) -> list[int]:
        """Years in force that have results, up to the last."""
        known = {one.year for results in self.held.values() for one in results}
        return sorted(year for year in known if self.rule.from_year <= year <= last)

    def of_year(self, year: int) -> dict[str, Found]:
        """Schools with results of the year, by name."""
        with_results = {org for org, results in self.held.items() if any(one.year == year for one in results)}
        return {org: self._found(org, year) for org in schools.ordered(self.names) if org in with_results}

    def _flag(self, results: Sequence[Result], year: int) -> Flag:
        rule = self.rule
        return low_results.flag(
            results, year, rule.exact, in_year=rule.in_year, same_in_years=rule.same_in_years, least=rule.least
        )

    def _over(self, unit: str, year: int, share: Share) -> float:
        return shrinkage_shares.over(share.numerator, share.n, self.rule.threshold, self.priors[unit, year])

    def _met(self, odds: Sequence[Odds]) -> tuple[float, ...]:
        return tuple(low_results.met(odds, in_year=self.rule.in_year, how=how) for how in self.rule.readings)

    def _found(self, org: str, year: int) -> Found:
        rule, results = self.rule, self.held[org]
        flag = self._flag(results, year)
        readings = tuple(flag.joined(how) for how in rule.readings)
        odds = low_results.odds(results, year, self._over, same_in_years=rule.same_in_years, least=rule.least)
        shares = low_results.pooled(results)
        low = tuple(
            Low(unit, share, self._over(unit, year, share), self.keys[org, unit, year])
            for unit in flag.low
            if (share := shares[unit, year])
        )
        outside = self._flag([one for one in results if not _self_marked(one.unit)], year)
        own = any(readings) and not any(outside.joined(how) for how in rule.readings)
        return Found(org, self.names[org], flag, readings, self._met(odds), low, own)

    def stays(self, org: str, year: int) -> float:
        """Probability that the strict reading finds the school again in `year` if nothing changed since the year
        before; by the numbers of participants of `year`."""
        rule, shares = self.rule, low_results.pooled(self.held[org])
        before = {unit: share for (unit, when), share in shares.items() if when == year - 1}
        span = range(year - (rule.same_in_years or 1) + 1, year)
        odds = []
        for unit, when in shares:
            if when != year or unit not in before:
                continue
            again = partial(low_results.low_next, before[unit], shares[unit, year].n, rule.exact, least=rule.least)
            chance = again(self.priors[unit, year - 1])
            always = all((unit, one) in shares and self._low(shares[unit, one]) for one in span)
            odds.append(Odds(chance, chance if rule.same_in_years and always else 0.0))
        return self._met(odds)[0]

    def _low(self, share: Share) -> bool:
        return low_results.is_low(share, self.rule.exact, self.rule.least)


def _self_marked(unit: str) -> bool:
    return unit.split("|")[0] in SELF_MARKED


def read(inputs: Inputs, rule: ListRule) -> Reading:
    """The rule with every result that it counts, up to the report year."""
    rows = _rows(inputs, rule)
    held: dict[str, list[Result]] = {}
    keys: dict[tuple[str, str, int], list[str]] = {}
    for row in rows:
        org, unit, year = str(row["org_id"]), _unit(rule, row), int(row["school_year"])
        share = Share(int(row["numerator"]), int(row["denominator"]))
        held.setdefault(org, []).append(Result(unit, year, share))
        keys.setdefault((org, unit, year), []).append(claims.key_of(row))
    names = {str(row["org_id"]): schools.label(row) for row in rows}
    return Reading(rule, held, names, _priors(held), {place: ";".join(found) for place, found in keys.items()})


def _rows(inputs: Inputs, rule: ListRule) -> list[Row]:
    first = rule.from_year - (rule.same_in_years or 1) + 1
    years = tuple(range(first, inputs.settings.school_year + 1))
    rows = inputs.rows(indicator=rule.indicators, level="organisation", school_year=years)
    counted = [row for row in rows if row["numerator"] is not None and row["denominator"]]
    return sorted(counted, key=lambda row: int(row["school_year"]))


def _unit(rule: ListRule, row: Row) -> str:
    test = (str(row["procedure"]), str(row["subject"]), str(row["grade"]))
    return "|".join(test if rule.unit == "test" else test[:1])


def _priors(held: Held) -> Priors:
    """What all schools together say of the shares of each unit in each year."""
    units: dict[tuple[str, int], list[Share]] = {}
    for results in held.values():
        for place, share in low_results.pooled(results).items():
            units.setdefault(place, []).append(share)
    return {
        place: shrinkage_shares.fit([share.numerator for share in shares], [share.n for share in shares])
        for place, shares in units.items()
    }
