"""Counts recovered from percentages: exactly one, several, none."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics.recovery import UNKNOWN, agrees, recover, recover_many


@pytest.mark.parametrize(
    ("percent", "n", "expected"),
    [
        ("12.36", 89, 11),  # 11 / 89 = 12.3596 %
        ("13.57", 3162, 429),  # 429 / 3162 = 13.5674 %
        ("5.06", 1722202, None),  # 87057 … 87230 would all do
        ("12.40", 89, None),  # 11 / 89 = 12.36 %, 12 / 89 = 13.48 %: none does
        ("0.00", 89, 0),
        ("100.00", 89, 89),
        ("50.00", 0, None),
    ],
)
def test_exactly_one_count(percent: str, n: int, expected: int | None) -> None:
    assert recover(Decimal(percent), 2, n) == expected


@pytest.mark.parametrize("printed", ["12", "13"])
def test_a_tie_may_have_been_rounded_either_way(printed: str) -> None:
    """1 of 8 is 12.5 %: half away from zero prints 13, half to even prints 12."""
    assert recover(Decimal(printed), 0, 8) == 1


def test_two_counts_at_the_two_ends_of_a_tie_are_not_recovered() -> None:
    """n = 100, one decimal fewer than needed: 0.5 % and 1.5 % may both be printed as 1 %, and 1 % is 1 %."""
    assert recover(Decimal("1"), 0, 200) is None


@given(
    st.integers(1, 4000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.sampled_from([0, 1, 2]),
    st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]),
)
def test_never_a_wrong_count(pair: tuple[int, int], decimals: int, rounding: str) -> None:
    """Round a known count as a source would; what comes back is that count or nothing, by an independent route."""
    x, n = pair
    printed = (Decimal(100 * x) / n).quantize(Decimal(1).scaleb(-decimals), rounding=rounding)
    found = recover(printed, decimals, n)
    assert found in (x, None)
    if 100 * 10**decimals >= 2 * n:  # neighbours differ by at least two last digits
        assert found == x
    assert agrees(x, int(printed.scaleb(decimals)), decimals, n)


def test_arrays_and_single_values_agree() -> None:
    units, decimals, n = np.array([1236, 506, 1240]), np.array([2, 2, 2]), np.array([89, 1722202, 89])
    assert recover_many(units, decimals, n).tolist() == [11, UNKNOWN, UNKNOWN]


def test_a_count_that_contradicts_its_percent() -> None:
    """29589 pupils, of them 29586 with a journal mark: 11011 is 37.22 % of the latter and 37.21 % of the former."""
    assert agrees(11011, 3722, 2, 29586)
    assert not agrees(11011, 3722, 2, 29589)


def test_more_decimals_than_stated_are_refused() -> None:
    with pytest.raises(ValueError, match="decimals"):
        recover(Decimal("12.36"), 1, 89)
