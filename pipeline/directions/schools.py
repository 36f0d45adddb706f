"""Schools as wholes: counts pooled over tests of one procedure, and the context in which each of them works."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.level_tables import natural
from pipeline.indicators.school_rules import ContextRules
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Run
from pipeline.statistics import context_index, similar
from pipeline.statistics.comparison import Share
from pipeline.statistics.intervals import wilson

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Counted:
    """A count of one organisation, pooled over the tests of one procedure (other pupils wrote each of them)."""

    label: str
    rows: tuple[Row, ...]

    @property
    def share(self) -> Share:
        numerator, denominator = (sum(int(row[name]) for row in self.rows) for name in ("numerator", "denominator"))
        return Share(numerator, denominator)

    @property
    def key(self) -> str:
        return ";".join(claims.key_of(row) for row in self.rows)

    def bound(self, *, interval: bool = True) -> Run:
        """The share in a sentence, bound to the rows it was pooled from."""
        share = self.share
        words = ru.share(share.numerator / share.n, share.n, share.numerator)
        if interval:
            lower, upper = (float(bound) for bound in wilson(share.numerator, share.n))
            unit = f"{ru.NARROW}%" if share.n < ru.PERCENT_FROM else ""
            words += f" {ru.interval(lower, upper, share.n)[:-1]}{unit})"
        return Run(words, key=self.key)


def counts(inputs: Inputs, indicator: str, year: int, **where: Any) -> dict[str, Counted]:
    """Organisation → its pooled count in a school year; only rows with a numerator and participants."""
    rows = inputs.rows(indicator=indicator, school_year=year, level="organisation", **where)
    held: dict[str, list[Row]] = {}
    for row in rows:
        if row["kind"] == "share" and row["numerator"] is not None and row["denominator"]:
            held.setdefault(str(row["org_id"]), []).append(row)
    return {org: Counted(label(part[0]), tuple(part)) for org, part in held.items()}


def known(inputs: Inputs, year: int) -> frozenset[str]:
    """Organisations that teach: those with results of a procedure or a social passport in a school year. A school is
    compared with schools: kindergartens have staff too, but of another kind."""
    table = inputs.indicators
    own = table[(table["level"] == "organisation") & (table["school_year"] == year) & table["value"].notna()]
    taught = (own["procedure"] != "") | own["indicator"].str.startswith("context_")
    return frozenset(own[taught]["org_id"].dropna())


def label(row: Row) -> str:
    """The name of an organisation as charts and tables print it."""
    return ru.organisation(str(row["group_label"]))


_FORM = re.compile(r"^М[БАК]?ОУ\s+«(.+)»$")


def short(name: str) -> str:
    """«МБОУ «СОШ № 5»» as «СОШ № 5»: for lists of several schools in one cell."""
    found = _FORM.match(name)
    return found[1] if found else name


def ordered(names: Mapping[str, str]) -> list[str]:
    """Organisations by their names, numbers as numbers: an order that says nothing of results."""
    return sorted(names, key=lambda org: (natural(names[org]), org))


def total(parts: Iterable[Counted]) -> Share:
    """All the counts together."""
    shares = [part.share for part in parts]
    return Share(sum(share.numerator for share in shares), sum(share.n for share in shares))


def others(parts: Mapping[str, Counted], org: str) -> Share:
    """All organisations but one."""
    return total(part for other, part in parts.items() if other != org)


@dataclass(frozen=True)
class Context:
    """Context of the schools of one year. `index`: in standard deviations, high is favourable; `near`: organisation →
    similar schools; `features`: logits, schools in the order of `index`; `agrees`: rank correlation of the index with a
    plain sum of the features; `adequacy`: whether they are one thing at all."""

    year: int
    rules: ContextRules
    names: Mapping[str, str]
    index: Mapping[str, float]
    near: Mapping[str, tuple[str, ...]]
    loadings: Mapping[str, float]
    explained: float
    agrees: float
    features: context_index.Matrix
    adequacy: context_index.Adequacy
    incomplete: tuple[str, ...]
    rows: tuple[Row, ...]

    def hard(self, org: str) -> bool:
        """Whether conditions count as hard."""
        return org in self.index and self.index[org] < self.rules.hard_below

    def word(self, org: str) -> str:
        """«сложнее», «обычные», «благополучнее»; schools without all features are not judged."""
        if org not in self.index:
            return "не оценены"
        if self.hard(org):
            return "сложнее"
        return "благополучнее" if self.index[org] > -self.rules.hard_below else "обычные"


def context(inputs: Inputs) -> Context | None:
    """Index and neighbours from the features of the rules; None below ten schools that have them all, and
    where these do not differ."""
    rules = inputs.rules.context
    ids = tuple(feature.indicator for feature in rules.features)
    rows = [row for row in inputs.rows(indicator=ids, level="organisation") if row["numerator"] is not None]
    year = max((int(row["school_year"]) for row in rows), default=0)
    now = [row for row in rows if row["school_year"] == year and row["denominator"]]
    held: dict[str, dict[str, Row]] = {}
    for row in now:
        held.setdefault(str(row["org_id"]), {})[str(row["indicator"])] = row
    names = {org: label(next(iter(found.values()))) for org, found in held.items()}
    whole = [org for org in ordered(names) if len(held[org]) == len(ids)]
    if len(whole) < context_index.FEWEST:
        return None
    matrix = _matrix(held, whole, ids)
    if not np.ptp(matrix, axis=0).any():
        return None
    signs = [1.0 if feature.favourable else -1.0 for feature in rules.features]
    found = context_index.component(matrix, signs)
    near = similar.neighbours(whole, context_index.standardised(matrix), rules.neighbours, rules.fewest)
    return Context(
        year=year,
        rules=rules,
        names=names,
        index=dict(zip(whole, (float(score) for score in found.scores), strict=True)),
        near=near,
        loadings=dict(zip(ids, (float(loading) for loading in found.loadings), strict=True)),
        explained=found.explained,
        agrees=context_index.agreement(found.scores, context_index.plain_sum(matrix, signs)),
        features=matrix,
        adequacy=context_index.adequacy(matrix),
        incomplete=tuple(org for org in ordered(names) if org not in whole),
        rows=tuple(now),
    )


def _matrix(held: Mapping[str, Mapping[str, Row]], schools: Sequence[str], ids: Sequence[str]) -> context_index.Matrix:
    """Logits of the features, schools × features."""
    columns = [
        context_index.logits(
            [int(held[org][one]["numerator"]) for org in schools],
            [int(held[org][one]["denominator"]) for org in schools],
        )
        for one in ids
    ]
    return np.column_stack(columns)
