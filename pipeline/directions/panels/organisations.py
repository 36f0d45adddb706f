"""One share by organisation beside the municipality, and which of them differ from the rest.

Few are dots with intervals, judged by the interval of the difference; many are a funnel, judged by its limits: title,
sentence and findings tell the same organisations that the picture colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import judgement, parts, sensitive, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import category_of
from pipeline.directions.panels import funnels
from pipeline.directions.panels.marks import DOTS_AT_MOST, shown_of, wrapped
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import charts, claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, text
from pipeline.statistics.comparison import Verdict

Row = Mapping[str, Any]
APART = ("higher", "lower")
FEWEST = 3  # of two organisations each is the other's rest: nothing to see in a chart
ORGANISATIONS = ("организация", "организации", "организаций")
LONGEST_AXIS = 80  # letters under a chart of full width


def panel(inputs: Inputs, indicator: str, category: str = "", *, findings: bool = True) -> Panel:
    """Chart of the newest year of one share; a finding for each organisation that differs from all the others.

    `findings` is off where a difference says nothing of the organisation's work (indicators that are neutral).
    """
    rows = [row for row in inputs.rows(indicator=indicator, category=category) if row["value"] is not None]
    year = max((row["school_year"] for row in rows if row["level"] == "organisation"), default=None)
    now = [row for row in rows if row["school_year"] == year]
    own = next((row for row in now if row["level"] == "municipality"), None)
    every = [row for row in now if row["level"] == "organisation" and row["kind"] == "share"]
    single, aside = sensitive.shown(inputs, every), sensitive.left_out(inputs, every)
    if own is None or len(single) < FEWEST:
        return Panel()
    ordered = sorted(single, key=lambda row: (-int(row["n"] or 0), str(row["group"])))
    verdicts = [judgement.against_wider(row, own, inputs.compare_from, judgement.OF_MANY) for row in ordered]
    stem = "_".join(filter(None, (indicator, category, "organisations")))
    picture = _picture(inputs, own, ordered, verdicts, stem)
    figure = _figure(inputs, own, ordered, stem, aside, picture)
    apart = {row["group"] for row in picture.outside}
    told = [(row, one) for row, one in zip(ordered, verdicts, strict=True) if row["group"] in apart and one in APART]
    said = tuple(_finding(inputs, row, own, verdict) for row, verdict in told) if findings else ()
    return Panel(monitoring=(figure,), findings=said, frames={stem: pd.DataFrame(ordered)})


def _figure(inputs: Inputs, own: Row, ordered: Sequence[Row], stem: str, aside: str, picture: _Picture) -> FigureBlock:
    passport = inputs.passports[str(own["indicator"])]
    said = "; ".join(filter(None, (picture.verdict, aside)))
    return FigureBlock(
        id=stem.replace("_", "-"),
        title=f"{ru.capitalised(name_in_titles(inputs, own))}: {picture.verdict}",
        subtitle=f"{passport.title}; {ru.school_year(int(own['school_year']))} учебный год; {picture.order}",
        alt=picture.alt,
        svg=picture.svg,
        source=parts.source_line(ordered),
        statement=text("В муниципалитете ", claims.bound(own), f"; {said}.{picture.words}"),
        how=parts.how_counted(
            [own, *picture.shown], [f"{passport.title}: {passport.numerator} / {passport.denominator}", *picture.how]
        ),
        data=f"data/{inputs.direction.number}_{stem}.csv",
    )


@dataclass(frozen=True)
class _Picture:
    """A chart with its verdict in words and the rows that it tells apart, the rows it shows, its alternative text, the
    order of rows and what limits mean in words."""

    svg: str
    verdict: str
    outside: Sequence[Row]
    shown: Sequence[Row]
    alt: str
    order: str
    words: str = ""
    how: tuple[str, ...] = ()


def _references(inputs: Inputs, own: Row) -> list[charts.Reference]:
    """The municipality, then wider groups."""
    others = judgement.comparators(own, inputs.rows(indicator=str(own["indicator"])))
    wider = (charts.Reference(str(row["group_label"]), float(row["value"])) for row in others)
    return [charts.Reference("муниципалитет", float(own["value"])), *wider]


def _picture(inputs: Inputs, own: Row, ordered: Sequence[Row], verdicts: Sequence[Verdict], stem: str) -> _Picture:
    """A funnel of many organisations, dots with intervals of few."""
    references = _references(inputs, own)
    if funnels.fits(ordered, own):
        titles = (_size_title(inputs.passports[str(own["indicator"])].denominator), "Доля")
        funnel = funnels.drawn(inputs, stem, ordered, verdicts, references, titles)
        order = ru.counted(len(ordered), *ORGANISATIONS)
        drawn = (funnel.svg, funnel.verdict, funnel.outside, ordered, funnel.alt, order)
        return _Picture(*drawn, f" {funnel.words}", (funnel.how,))
    shown = ordered[:DOTS_AT_MOST]
    svg = charts.dots(stem, _frame(inputs, shown, verdicts), references, "Доля", limits=_limits(shown, references))
    order = f"интервал 95 %, организации по убыванию знаменателя{shown_of(len(shown), len(ordered))}"
    alt = "; ".join(f"{row['group_label']}: {claims.bound(row).text}, n = {row['n']}" for row in shown) + "."
    outside = [row for row, verdict in zip(ordered, verdicts, strict=True) if verdict in APART]
    return _Picture(svg, outside_words(verdicts), outside, shown, alt, order)


def _size_title(denominator: str) -> str:
    """What the size of an organisation is counted in: «Ученики 6–11 классов — сколько в организации»."""
    said = f"{ru.capitalised(denominator)} — сколько в организации"
    return said if denominator and len(said) <= LONGEST_AXIS else "Сколько в организации"


def name_in_titles(inputs: Inputs, row: Row) -> str:
    """Short name of the indicator with its category."""
    short, category = inputs.passports[str(row["indicator"])].short, category_of(inputs, row)
    return f"{short} ({category})" if category else short  # brackets: titles stand in lists with commas


def _frame(inputs: Inputs, rows: Sequence[Row], verdicts: Sequence[Verdict]) -> pd.DataFrame:
    better = inputs.passports[str(rows[0]["indicator"])].better
    return pd.DataFrame(
        {
            "label": [f"{wrapped(str(row['group_label']))} (n={row['n']})" for row in rows],
            "value": [row["value"] for row in rows],
            "lower": [row["lower"] for row in rows],
            "upper": [row["upper"] for row in rows],
            "tone": [claims.tone(verdict, better) for verdict in verdicts[: len(rows)]],
        }
    )


def _limits(rows: Sequence[Row], references: Sequence[charts.Reference]) -> tuple[float, float]:
    bounds = [float(row["upper"]) for row in rows if row["upper"] is not None]
    highest = max([*bounds, *(float(row["value"]) for row in rows), *(one.value for one in references)])
    return 0.0, min(1.02, highest * 1.08)


def outside_words(verdicts: Sequence[Verdict]) -> str:
    """«отличаются 2 организации из 18», «отличий больше погрешности нет»; the sizes that may not be compared aside."""
    compared = [verdict for verdict in verdicts if verdict != "insufficient"]
    if not compared:
        return "для сравнения организаций мало участников"
    outside = sum(verdict != "same" for verdict in compared)
    if not outside:
        return "отличий организаций больше погрешности нет"
    verb = ru.plural(outside, "отличается", "отличаются", "отличаются")
    counted = ru.counted(outside, *ORGANISATIONS)
    return f"от остальных {verb} {counted} из {ru.number(len(verdicts))}"


def _finding(inputs: Inputs, row: Row, own: Row, verdict: Verdict) -> Finding:
    better = inputs.passports[str(row["indicator"])].better
    kind = {"better": "strength", "worse": "risk"}.get(claims.tone(verdict, better), "sign")
    return Finding(
        id=".".join(filter(None, (str(row["indicator"]), str(row["category"]), str(row["org_id"])))),
        kind=kind,
        statement=text(
            f"{ru.organisation(str(row['group_label']))}: {name_in_titles(inputs, row)} — ",
            claims.bound(row),
            f", {claims.COMPARED[verdict]}, чем в остальных организациях вместе (в муниципалитете ",
            claims.bound(own, interval=False),
            ").",
        ),
        strength="интервал 99,8 %",
        org_id=str(row["org_id"]),
        weight=weight.of_part(row, own),
    )
