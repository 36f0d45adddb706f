"""Rates per 1000: the years, and organisations beside the municipality. A register of minors is help, not a mark.

Persons per 1000 are compared as shares, events by the exact test of two rates; of few children of a protected group
no organisation is drawn, compared or named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import judgement, parts, sensitive, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.dynamics import changed_words
from pipeline.directions.panels.marks import DOTS_AT_MOST, shown_of, wrapped
from pipeline.directions.panels.organisations import FEWEST, outside_words
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import charts, claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, Paragraphs, text
from pipeline.statistics.comparison import Verdict

Row = Mapping[str, Any]
AXIS = "На 1000 учеников"


def years(inputs: Inputs, indicators: Sequence[str], stem: str, title: str) -> Panel:
    """Small multiples of rates of the municipality with two years or more; a finding for each proven change."""
    lines = [line for indicator in indicators if len(line := _line(inputs, indicator)) > 1]
    if not lines:
        return Panel()
    verdicts = [_step(inputs, line) for line in lines]
    rows = [row for line in lines for row in line]
    frame = _years_frame(inputs, rows)
    changed = changed_words(verdicts)
    words = [claims.CHANGED[verdict] for verdict in verdicts]
    said = [f"{_name(inputs, line[-1])} — {word}" for line, word in zip(lines, words, strict=True)]
    if len(lines) > 1 and len(set(words)) == 1:
        said = [f"все ряды — {words[0]}"]
    figure = FigureBlock(
        id=stem.replace("_", "-"),
        title=f"{title}: {changed}",
        subtitle=f"{inputs.profile.name.nominative}, {ru.years(frame['year'].tolist())}, интервал 95 %",
        alt="; ".join(f"{_name(inputs, row)}, {row['school_year']} — {claims.bound(row).text}" for row in rows) + ".",
        svg=charts.trend(stem, frame, AXIS, percent=False),
        source=parts.source_line(rows),
        statement=text("К предыдущему году с данными: " + "; ".join(said) + "."),
        how=parts.how_counted(rows),
        data=f"data/{inputs.direction.number}_{stem}.csv",
    )
    found = (_change(inputs, line, verdict) for line, verdict in zip(lines, verdicts, strict=True) if _said(verdict))
    return Panel(monitoring=(figure,), findings=tuple(found), frames={stem: frame})


def _line(inputs: Inputs, indicator: str) -> list[Row]:
    rows = inputs.rows(indicator=indicator, level="municipality", kind="rate", category="")
    return sorted((row for row in rows if row["value"] is not None), key=lambda row: int(row["school_year"]))


def _step(inputs: Inputs, line: Sequence[Row]) -> Verdict:
    """The last step, between neighbouring years of one series."""
    last, before = line[-1], line[-2]
    if last["series"] != before["series"] or last["school_year"] != before["school_year"] + 1:
        return "insufficient"
    return judgement.against_row(last, before, inputs.compare_from)


def _said(verdict: Verdict) -> bool:
    return verdict in ("higher", "lower")


def _name(inputs: Inputs, row: Row) -> str:
    return inputs.passports[str(row["indicator"])].short.removesuffix(", на 1000")


def _years_frame(inputs: Inputs, rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "panel": [ru.capitalised(_name(inputs, row)) for row in rows],
            "line": inputs.profile.name.nominative,
            "year": [row["school_year"] for row in rows],
            "value": [float(row["value"]) for row in rows],
            "lower": [row["lower"] for row in rows],
            "upper": [row["upper"] for row in rows],
            "series": [row["series"] for row in rows],
            "n": [row["n"] for row in rows],
        }
    ).astype({"lower": "float64", "upper": "float64"})


def _change(inputs: Inputs, line: Sequence[Row], verdict: Verdict) -> Finding:
    """A proven change is a sign: more children on registers may also be trouble that was noticed earlier."""
    return Finding(
        id=f"{line[-1]['indicator']}.change",
        kind="sign",
        statement=text(
            f"{ru.capitalised(_name(inputs, line[-1]))}: ",
            claims.bound(line[-1]),
            f" — за год показатель {claims.CHANGED[verdict]} (было ",
            claims.bound(line[-2], interval=False),
            ").",
        ),
        strength="интервал 95 %",
        weight=weight.of_difference(line[-1], line[-2]),
    )


def organisations(inputs: Inputs, indicator: str) -> Panel:
    """Dots of the newest year beside the municipality; where too few organisations may be shown, a sentence says so."""
    line = _line(inputs, indicator)
    if not line:
        return Panel()
    own = line[-1]
    rows = inputs.rows(indicator=indicator, level="organisation", school_year=int(own["school_year"]))
    known = [row for row in rows if row["value"] is not None]
    ordered = sorted(sensitive.shown(inputs, known), key=lambda row: (-int(row["n"] or 0), str(row["group"])))
    aside = sensitive.left_out(inputs, known)
    if len(ordered) < FEWEST:
        said = f"{ru.capitalised(_name(inputs, own))} по организациям: {aside or 'организаций мало для рисунка'}."
        return Panel(monitoring=(Paragraphs((text(said),), role="note"),)) if known else Panel()
    verdicts = [judgement.against_wider(row, own, inputs.compare_from, judgement.OF_MANY) for row in ordered]
    stem = f"{indicator}_organisations"
    figure = _dots(inputs, own, ordered, verdicts, stem, aside)
    found = (
        _outside(inputs, row, own, verdict) for row, verdict in zip(ordered, verdicts, strict=True) if _said(verdict)
    )
    return Panel(monitoring=(figure,), findings=tuple(found), frames={stem: pd.DataFrame(ordered)})


def _dots(
    inputs: Inputs, own: Row, ordered: Sequence[Row], verdicts: Sequence[Verdict], stem: str, aside: str
) -> FigureBlock:
    shown, passport = ordered[:DOTS_AT_MOST], inputs.passports[str(own["indicator"])]
    highest = max(float(row["upper"] or row["value"]) for row in (own, *shown))
    frame = pd.DataFrame(
        {
            "label": [f"{wrapped(str(row['group_label']))} (n={row['n']})" for row in shown],
            "value": [row["value"] for row in shown],
            "lower": [row["lower"] for row in shown],
            "upper": [row["upper"] for row in shown],
            "tone": ["" if verdict == "same" else "same" for verdict in verdicts[: len(shown)]],
        }
    )
    words = outside_words(verdicts)
    return FigureBlock(
        id=stem.replace("_", "-"),
        title=f"{ru.capitalised(_name(inputs, own))}: {words}",
        subtitle=f"{passport.title}; {ru.school_year(int(own['school_year']))} учебный год; интервал 95 %, "
        f"организации по убыванию числа учеников{shown_of(len(shown), len(ordered))}",
        alt="; ".join(f"{row['group_label']}: {claims.bound(row).text}, n = {row['n']}" for row in shown) + ".",
        svg=charts.dots(
            stem,
            frame,
            [charts.Reference("муниципалитет", float(own["value"]))],
            AXIS,
            percent=False,
            limits=(0.0, highest * 1.08),
        ),
        source=parts.source_line(ordered),
        statement=text("В муниципалитете ", claims.bound(own), f"; {'; '.join(filter(None, (words, aside)))}."),
        how=parts.how_counted([own, *shown], [f"{passport.title}: {passport.numerator} / {passport.denominator}"]),
        data=f"data/{inputs.direction.number}_{stem}.csv",
    )


def _outside(inputs: Inputs, row: Row, own: Row, verdict: Verdict) -> Finding:
    return Finding(
        id=f"{row['indicator']}.{row['org_id']}",
        kind="sign",
        statement=text(
            f"{ru.organisation(str(row['group_label']))}: {_name(inputs, row)} — ",
            claims.bound(row),
            f", {claims.COMPARED[verdict]}, чем в остальных организациях вместе (в муниципалитете ",
            claims.bound(own, interval=False),
            ").",
        ),
        strength="интервал 99,8 %",
        org_id=str(row["org_id"]),
        weight=weight.of_part(row, own),
    )
