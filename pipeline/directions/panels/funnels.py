"""From fifteen organisations on a share is drawn as a funnel, and its outer limits are the verdict.

The limits hold what chance alone would give around the municipality's share. Where organisations differ more than by
chance, as schools of different places do, the limits are widened by that spread: what is outside then stands out even
among organisations that differ. One that differs from the others by the interval of the difference and yet is inside
is a ring: it is told second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.directions.chapter import Inputs
from pipeline.presentation import claims
from pipeline.presentation import funnel as chart
from pipeline.presentation import text as ru
from pipeline.presentation.charts import Reference
from pipeline.statistics import funnel
from pipeline.statistics.comparison import Verdict

Row = Mapping[str, Any]
FUNNEL_FROM = 15
INSIDE = "inside"
HOW = (
    "Воронка: чем меньше участников, тем шире границы. За границу 95 % случайно выходит одна организация из двадцати, "
    "за границу 99,8 % — одна из пятисот (Spiegelhalter 2005; точные границы, разброс сверх случайного — по "
    "отклонениям с подрезанными краями)."
)


@dataclass(frozen=True)
class Drawn:
    """The picture, its verdict in words and who is outside, what its limits mean, and what a reader who does not see
    it is told."""

    svg: str
    verdict: str
    outside: tuple[Row, ...]
    words: str
    alt: str
    how: str = ""


def fits(rows: Sequence[Row], own: Row | None) -> bool:
    """Enough organisations with counts of their own for a funnel."""
    return own is not None and len(_counted(rows)) >= FUNNEL_FROM and 0 < float(own["value"]) < 1


def drawn(
    inputs: Inputs,
    stem: str,
    rows: Sequence[Row],
    verdicts: Sequence[Verdict],
    references: Sequence[Reference],
    titles: tuple[str, str],
) -> Drawn:
    """The funnel of one share. `verdicts` are those of the rows, the first of `references` is the municipality's share,
    `titles` those of the axes."""
    centre = references[0].value
    pairs = [(row, verdict) for row, verdict in zip(rows, verdicts, strict=True) if row in _counted([row])]
    large = [row for row, _ in pairs if int(row["denominator"]) >= inputs.compare_from]
    found = funnel.spread(*counts(large), centre)
    spots = points(inputs, pairs, centre, found.tau)
    svg = chart.funnel(stem, spots, limits_of(centre, int(spots["n"].max()), found.tau), references, *titles)
    outside = tuple(row for (row, _), tone in zip(pairs, spots["tone"], strict=True) if tone not in ("", INSIDE))
    said = verdict_words(len(outside), sum(one != "insufficient" for _, one in pairs), len(pairs))
    words = _words(inputs, found, len(outside), int((spots["tone"] == INSIDE).sum()))
    return Drawn(svg, said, outside, words, _alt(inputs, [row for row, _ in pairs], outside), HOW)


def verdict_words(outside: int, compared: int, every: int) -> str:
    """«за границы воронки вышли 2 организации из 17»; where some are too small to be compared, of how many that is."""
    if not compared:
        return "для сравнения организаций мало участников"
    small = compared < every
    if not outside:
        of_whom = (
            f"из {ru.number(compared)} сравниваемых организаций" if small else f"организация из {ru.number(every)}"
        )
        return f"за границы воронки не вышла ни одна {of_whom}"
    verb = ru.plural(outside, "вышла", "вышли", "вышли")
    counted = ru.counted(outside, "организация", "организации", "организаций")
    return f"за границы воронки {verb} {counted} из {ru.number(compared)}{' сравниваемых' if small else ''}"


def rings_words(rings: int, *, usual: bool, somewhere: bool = False) -> str:
    """Who is a ring and what that means; `usual`: the limits hold the usual difference, not chance alone;
    `somewhere`: in one work of several."""
    verb = ru.plural(rings, "отличается", "отличаются", "отличаются")
    counted = ru.counted(rings, "организация", "организации", "организаций")
    inside = "не больше обычного различия организаций" if usual else "внутри границ"
    where = " хотя бы в одной работе" if somewhere else ""
    return f"Пустой кружок: {counted}{where} {verb} от остальных вместе (интервал разности 99,8 %), но {inside}."


def _alt(inputs: Inputs, rows: Sequence[Row], outside: Sequence[Row]) -> str:
    """The range of shares and sizes, and who is outside."""
    values = sorted(rows, key=lambda row: float(row["value"]))
    named = [f"{row['group_label']} {claims.bound(row).text}, n = {row['n']}" for row in outside]
    if inputs.settings.edition != "internal":
        named = [ru.number(len(outside))] if outside else []
    counts = sorted(int(row["n"] or 0) for row in rows)
    return (
        f"Воронка: точек {ru.number(len(rows))}, участников от {ru.number(counts[0])} до {ru.number(counts[-1])}, доли "
        f"от {claims.value_text(values[0])} до {claims.value_text(values[-1])}. "
        f"За внешней границей: {'; '.join(named) if named else 'нет организаций'}."
    )


def _counted(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["numerator"] is not None and row["denominator"]]


def counts(rows: Sequence[Row]) -> tuple[list[int], list[int]]:
    return [int(row["numerator"]) for row in rows], [int(row["denominator"]) for row in rows]


def points(inputs: Inputs, pairs: Sequence[tuple[Row, Verdict]], centre: float, tau: float) -> pd.DataFrame:
    """Rows `n`, `value`, `tone`, `name`: coloured and named where the limit is crossed by one that may be compared; a
    ring where only the verdict of the interval differs."""
    x, n = (np.array(part) for part in counts([row for row, _ in pairs]))
    lower, upper = funnel.limits(centre, n, funnel.OUTER, tau)
    crossed = np.where(x / n > upper, "higher", np.where(x / n < lower, "lower", ""))
    better = inputs.passports[str(pairs[0][0]["indicator"])].better
    sides = [side if verdict != "insufficient" else "" for (_, verdict), side in zip(pairs, crossed, strict=True)]
    named = inputs.settings.edition == "internal"
    return pd.DataFrame(
        {
            "n": n,
            "value": x / n,
            "tone": [
                (claims.tone(side, better) or "apart") if side else INSIDE if verdict in ("higher", "lower") else ""
                for (_, verdict), side in zip(pairs, sides, strict=True)
            ],
            "name": [
                ru.organisation(str(row["group_label"])) if side and named else ""
                for (row, _), side in zip(pairs, sides, strict=True)
            ],
        }
    )


def limits_of(centre: float, largest: int, tau: float) -> pd.DataFrame:
    """Rows of limits as the chart wants them, from one participant to the largest organisation."""
    sizes = funnel.sizes(largest)
    inner, outer = (funnel.limits(centre, sizes, confidence, tau) for confidence in (funnel.INNER, funnel.OUTER))
    return pd.DataFrame(
        {
            "n": sizes,
            "inner_lower": inner[0],
            "inner_upper": inner[1],
            "outer_lower": outer[0],
            "outer_upper": outer[1],
        }
    )


def _words(inputs: Inputs, found: funnel.Spread, outside: int, rings: int) -> str:
    """Who differs and yet is inside, what the limits hold, and who is not coloured."""
    said = [rings_words(rings, usual=found.tau > 0)] if rings else []
    if found.tau:
        usual = f"{ru.number(found.tau * 100, 1)}{ru.NBSP}п.{ru.NBSP}п."
        said.append(f"Границы учитывают и случайность, и обычное различие организаций между собой ({usual}).")
    else:
        said.append("Внутри границ доля отличается от муниципальной не больше, чем по случайности.")
    said += ["Выделены те, что за внешней границей."] if outside else []
    said.append(f"Организации, где участников меньше {inputs.compare_from}, не выделяются.")
    return " ".join(said)
