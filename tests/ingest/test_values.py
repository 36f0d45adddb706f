"""The dictionary of cell values: five states and no guessing."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import tables
from pipeline.ingest.layouts.values import UNREADABLE, Value, iso_date, text, value


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("X", "x", "Х", "х", " X "), Value("not_attempted", Decimal(0))),
        (("отсутствовал", "Отсутствовал", "отсутсвовал"), Value("absent")),
        (("нет отметки", "Нет отметки", "-", "–", "—", "", None, "  "), Value("blank")),
        (("SUPP", "*", "<5", "менее 10"), Value("suppressed")),
        ((0, 0.0, "0", "0,0"), Value("observed", Decimal(0))),
        ((13.57, "13,57", "13.57", "13,57%", " 13,57 "), Value("observed", Decimal("13.57"))),
        ((1722202, "1 722 202", "1\xa0722\xa0202", "1\u202f722\u202f202"), Value("observed", Decimal(1722202))),
        (("абв", "1,722,202", "12.2.1", True, dt.date(2026, 2, 1), float("nan"), "1e5"), Value(UNREADABLE)),
    ],
)
def test_states(cells: tuple[object, ...], expected: Value) -> None:
    assert [value(cell) for cell in cells] == [expected] * len(cells)  # type: ignore[arg-type]


def test_states_are_those_of_the_tables() -> None:
    states = {value(cell).state for cell in ("X", "отсутствовал", "", "*", 0)}
    assert states < set(tables.STATES)


@given(st.integers(0, 9_999))
def test_a_percent_of_two_decimals_is_an_exact_share(cents: int) -> None:
    assert value(cents / 100).share == float(f"0.{cents:04}")


def test_text_of_cells() -> None:
    assert [text(cell) for cell in (9306.0, 4, 12.5, " а \n б ", None)] == ["9306", "4", "12.5", "а б", ""]


def test_dates() -> None:
    assert iso_date("20.04.2026") == iso_date("2026.04.20") == iso_date(dt.datetime(2026, 4, 20)) == "2026-04-20"
    assert iso_date("с 15.03.2021 по 21.05.2021") == "2021-03-15"
    assert iso_date("31.02.2026") is None
    assert iso_date(None) is None
