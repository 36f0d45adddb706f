"""Numbers and words bound to indicator rows: nothing that a reader sees as a digit is typed by hand.

A row is one record of the indicators table (`records`). «Вырос», «выше» and their kin are chosen from a verdict that
the statistics gave; without one the words say that nothing can be claimed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Run, Tone
from pipeline.tables import INDICATORS

Row = Mapping[str, Any]

STATUS_WORDS = {
    "no_data": "нет данных",
    "too_few": "недостаточно данных",
    "not_applicable": "не применимо",
    "not_drawn": "предмет не выпал школе",
    "break_in_series": "ряд прерван",
    "suppressed": "скрыто",
}
COMPARED = {"higher": "выше", "lower": "ниже", "same": "не отличается", "insufficient": "недостаточно данных"}
CHANGED = {
    "higher": "вырос",
    "lower": "снизился",
    "same": "не изменился с учётом погрешности",
    "insufficient": "недостаточно данных",
}
PER = {
    "per_100": f"на{ru.NBSP}100",
    "per_1000": f"на{ru.NBSP}1000",
    "per_class": f"на{ru.NBSP}класс",
}  # of participants
SYMBOLS = {"better": "▲", "worse": "▼", "same": "=", "unknown": "?"}


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain dicts; every missing value is None."""
    return [
        {str(name): None if value is pd.NA or value is None or _nan(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def key_of(row: Row) -> str:
    """Key of an indicator row: what `msoko trace` takes, what a bound number carries."""
    return "/".join(str(row[column]) for column in INDICATORS.key if column != "territory")


def value_text(row: Row) -> str:
    """The value as the internal edition prints it, without the interval."""
    if row["value"] is None:
        return STATUS_WORDS.get(str(row["status"]), "нет данных")
    if is_fact(row):
        return "да" if row["value"] else "нет"
    if row["unit"] == "share":
        return _share_text(row)
    if row["unit"] in PER:
        return _per_text(row)
    return ru.number(row["value"], _decimals(row))


def is_fact(row: Row) -> bool:
    """Yes or no of one organisation: a share of one that has no parts."""
    alone = row["level"] == "organisation" and row["kind"] == "share" and row["n"] == 1
    return bool(alone and row["numerator"] is None and row["value"] in (0, 1))


def _per_text(row: Row) -> str:
    """«12,3 на 1000»; of few participants the parts themselves: «3 из 17»."""
    if few(row) and row["numerator"] is not None and row["method"] != "poisson":  # events may be more than persons
        return ru.part(row["numerator"], row["denominator"])
    return f"{ru.number(row['value'], 1)}{ru.NBSP}{PER[str(row['unit'])]}"


def _share_text(row: Row) -> str:
    """Percent; of few participants the parts themselves: «3 из 17», for points «12 из 34 баллов»."""
    if row["kind"] == "rate" and few(row) and row["numerator"] is not None and row["denominator"]:
        return f"{ru.part(row['numerator'], row['denominator'])}{ru.NBSP}баллов"
    return ru.share(row["value"], row["n"], row["numerator"])


def few(row: Row) -> bool:
    """Too few participants for a percent."""
    return row["n"] is not None and row["n"] < ru.PERCENT_FROM


def _decimals(row: Row) -> int:
    """Digits after the comma of a value that is no share."""
    if row["unit"] in PER:
        return 1
    if row["kind"] == "mean":
        return 2 if row["unit"] == "mark" else 1
    return 0 if float(row["value"]).is_integer() else 1


def interval_text(row: Row) -> str:
    """« (9,8–15,6)» or nothing where no interval is known."""
    if row["lower"] is None or row["value"] is None:
        return ""
    if row["unit"] != "share":
        return f" {ru.bounds(row['lower'], row['upper'], _decimals(row))}"
    unit = f"{ru.NARROW}%" if few(row) else ""
    return f" {ru.interval(row['lower'], row['upper'], row['n'])[:-1]}{unit})"


def bound(row: Row, *, interval: bool = True) -> Run:
    """A number in a sentence, bound to its row."""
    return Run(value_text(row) + (interval_text(row) if interval else ""), key=key_of(row))


def participants(row: Row) -> Run:
    """The number of participants in a sentence, bound to the row."""
    return Run("нет данных" if row["n"] is None else ru.number(row["n"]), key=key_of(row))


def value_cell(row: Row | None, *, interval: bool = True) -> Cell:
    """A number in a table; a missing row, no data, suppressed and not applicable have marks of their own."""
    if row is None:
        return Cell(MARKS["no_data"], tone="muted")
    if row["value"] is None:
        mark = {"suppressed": "suppressed", "not_applicable": "not_applicable"}.get(str(row["status"]), "no_data")
        return Cell(MARKS[mark], key=key_of(row), tone="muted")
    return Cell(bound(row, interval=interval).text, key=key_of(row), sort=float(row["value"]))


def count_cell(row: Row | None) -> Cell:
    """The number of participants of a row."""
    if row is None or row["n"] is None:
        return Cell(MARKS["no_data"], tone="muted")
    return Cell(ru.number(row["n"]), key=key_of(row), sort=float(row["n"]))


def difference_text(row: Row, other: Row) -> str:
    """Difference of two values in percentage points or units of the indicator."""
    change = Decimal(str(row["value"])) - Decimal(str(other["value"]))
    if row["unit"] == "share":
        return ru.points(change, _smaller(row["n"], other["n"]))
    return ru.signed(change, max(_decimals(row), _decimals(other)))


def _smaller(first: int | None, second: int | None) -> int | None:
    known = [n for n in (first, second) if n is not None]
    return min(known) if known else None


def tone(verdict: str, better: str) -> Tone:
    """The colour of a verdict. better: higher, lower or neutral (of the passport); neutral differences have none."""
    if verdict == "insufficient":
        return "unknown"
    if verdict == "same":
        return "same"
    if better == "neutral":
        return ""
    return "better" if verdict == better else "worse"
