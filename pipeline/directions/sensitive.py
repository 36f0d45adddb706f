"""Small numbers of children with ОВЗ, on registers, with another first language, in conflicts: no school is named.

The municipality's total may be printed in the internal edition; of one organisation a number under the limit is
«менее 10» (config/norms/publication.yml, `print_count_sensitive`), and it is neither drawn, compared nor named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pipeline.directions.chapter import Inputs
from pipeline.presentation import text as ru

Row = Mapping[str, Any]
AnyRow = TypeVar("AnyRow", bound=Row)


def hidden(inputs: Inputs, row: Row) -> bool:
    """Whether a row of one organisation tells of fewer children than may be printed.

    Of a share both parts count, and those that it leaves out: 28 of 30 supported names two who are not.
    """
    if row["level"] != "organisation" or inputs.passports[str(row["indicator"])].publication != "sensitive":
        return False
    limit = inputs.rules.publication.print_count_sensitive.value
    return any(0 < number < limit for number in _numbers(row))


def _numbers(row: Row) -> list[float]:
    if row["numerator"] is None or row["denominator"] is None:
        return [float(row["value"])] if row["kind"] == "count" and row["value"] is not None else []
    part, whole = float(row["numerator"]), float(row["denominator"])
    return [part, whole, whole - part] if row["unit"] == "share" else [part, whole]


def shown(inputs: Inputs, rows: Sequence[AnyRow]) -> list[AnyRow]:
    """The rows that may be named."""
    return [row for row in rows if not hidden(inputs, row)]


def fewer(inputs: Inputs) -> str:
    """«менее 10»."""
    return f"менее{ru.NBSP}{ru.number(inputs.rules.publication.print_count_sensitive.value)}"


def left_out(inputs: Inputs, rows: Sequence[Row]) -> str:
    """How many organisations are not shown, and why; nothing when all are."""
    number = sum(hidden(inputs, row) for row in rows)
    if not number:
        return ""
    return f"не показано организаций: {ru.number(number)} (одно из чисел {fewer(inputs)})"
