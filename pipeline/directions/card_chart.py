"""The small chart of a card: one share over the years with the municipality as a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline.directions import judgement, parts
from pipeline.directions.card_rows import CardRules, Row, Rows
from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock
from pipeline.presentation.small_trend import small_trend

PANELS = 3
OWN, WHOLE = "организация", "муниципалитет"


@dataclass(frozen=True)
class Drawn:
    """A chart with its data; empty when there is nothing to draw."""

    blocks: tuple[FigureBlock, ...] = ()
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def chart(inputs: Inputs, rules: CardRules, rows: Rows, org_id: str, stem: str) -> Drawn:
    """The first declared indicator with two years of enough participants, its largest tests side by side."""
    for indicator in rules.charts:
        panels = _panels([row for row in rows.own.get(org_id, ()) if row["indicator"] == indicator])
        if panels:
            return _drawn(inputs, rows, panels, stem)
    return Drawn()


def _panels(own: Sequence[Row]) -> list[list[Row]]:
    """Years of each test, of so many participants that a percent may be printed."""
    cells: dict[tuple[object, ...], list[Row]] = {}
    for row in sorted(own, key=lambda row: int(row["school_year"])):
        if row["n"] is not None and not claims.few(row) and not row["category"]:
            cells.setdefault((row["procedure"], row["subject"], row["grade"]), []).append(row)
    newest = max((part[-1]["school_year"] for part in cells.values()), default=0)
    long = [part for part in cells.values() if len(part) > 1 and part[-1]["school_year"] == newest]
    largest = sorted(long, key=lambda part: (-int(part[-1]["n"]), str(part[-1]["subject"]), part[-1]["grade"]))
    return sorted(largest[:PANELS], key=lambda part: (part[-1]["grade"], str(part[-1]["subject"])))


def _drawn(inputs: Inputs, rows: Rows, panels: Sequence[Sequence[Row]], stem: str) -> Drawn:
    frame = _frame(inputs, rows, panels)
    passport = inputs.passports[str(panels[0][-1]["indicator"])]
    procedure = ru.procedure(str(panels[0][-1]["procedure"]))
    named = ru.capitalised(passport.short if procedure in passport.short else f"{procedure}, {passport.short}")
    figure = FigureBlock(
        id="years",
        title=f"{named}: {_said(inputs, rows, panels)}",
        subtitle=f"По годам, интервал 95 %; {ru.years(frame['year'].tolist())}",
        alt=_alt(inputs, panels),
        svg=small_trend(frame),
        source=parts.source_line([row for part in panels for row in part]),
        data=f"{stem}_years.csv",
    )
    return Drawn((figure,), {"_years": frame})


def _name(inputs: Inputs, row: Row) -> str:
    return ru.capitalised(scope_of(inputs, {**row, "school_year": inputs.settings.school_year}))


def _said(inputs: Inputs, rows: Rows, panels: Sequence[Sequence[Row]]) -> str:
    """What the newest year allows to say of each panel beside the municipality."""
    words = []
    for part in panels:
        whole = rows.beside(part[-1])
        verdict = judgement.against_wider(part[-1], whole, inputs.compare_from, judgement.OF_MANY) if whole else None
        if verdict in ("higher", "lower"):
            words.append(f"{_name(inputs, part[-1]).lower()} — {claims.COMPARED[verdict]}, чем в муниципалитете")
    return "; ".join(words) or "от муниципалитета не отличается с учётом погрешности"


def _alt(inputs: Inputs, panels: Sequence[Sequence[Row]]) -> str:
    said = (
        f"{_name(inputs, part[0])}: " + ", ".join(f"{row['school_year']} — {claims.bound(row).text}" for row in part)
        for part in panels
    )
    return f"{'; '.join(said)}."


def _frame(inputs: Inputs, rows: Rows, panels: Sequence[Sequence[Row]]) -> pd.DataFrame:
    points = []
    for part in panels:
        beside = [whole for row in part if (whole := rows.beside(row)) is not None]
        for line, drawn in ((OWN, part), (WHOLE, beside)):
            points += [(_name(inputs, part[0]), line, row) for row in drawn]
    return pd.DataFrame(
        {
            "panel": [panel for panel, _, _ in points],
            "line": [line for _, line, _ in points],
            "year": [row["school_year"] for _, _, row in points],
            "value": [float(row["value"]) for _, _, row in points],
            "lower": [row["lower"] for _, _, row in points],
            "upper": [row["upper"] for _, _, row in points],
            "series": [row["series"] for _, _, row in points],
            "n": [row["n"] for _, _, row in points],
        }
    ).astype({"lower": "float64", "upper": "float64"})
