"""Differences of shares and the verdicts that follow from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics.comparison import (
    Share,
    difference,
    rest,
    verdict,
    verdict_against,
    verdict_against_rest,
)
from tests.statistics.references import Check

SHARES = st.integers(10, 200).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))
LEAST = 10


METHOD_10 = "Newcombe 1998, Statistics in Medicine 17, 873, table II, method 10"


@pytest.mark.parametrize(
    ("first", "second", "lower", "upper"),
    [
        (Share(56, 70), Share(48, 80), 0.0524, 0.3339),
        (Share(9, 10), Share(3, 10), 0.1705, 0.8090),
        (Share(10, 10), Share(0, 10), 0.6075, 1.0),
        (Share(5, 56), Share(0, 29), -0.0381, 0.1926),
    ],
)
def test_difference_as_published(first: Share, second: Share, lower: float, upper: float, reference: Check) -> None:
    found = difference(first, second)
    assert found.value == pytest.approx(first.numerator / first.n - second.numerator / second.n)
    what = f"difference of {first.numerator} of {first.n} and {second.numerator} of {second.n}: 95 % bounds"
    reference(what, (found.lower, found.upper), (lower, upper), METHOD_10, abs=1e-4)


@given(SHARES, SHARES)
def test_difference_is_antisymmetric_and_bounded(first: Share, second: Share) -> None:
    there, back = difference(first, second), difference(second, first)
    assert there.lower == pytest.approx(-back.upper, abs=1e-12)
    assert there.upper == pytest.approx(-back.lower, abs=1e-12)
    assert -1 - 1e-12 <= there.lower <= there.value + 1e-12
    assert there.value - 1e-12 <= there.upper <= 1 + 1e-12


@given(SHARES, SHARES)
def test_verdicts_mirror_each_other(first: Share, second: Share) -> None:
    mirrored = {"higher": "lower", "lower": "higher", "same": "same"}
    assert verdict(second, first, least=LEAST) == mirrored[verdict(first, second, least=LEAST)]


@given(st.integers(10, 100), SHARES)
def test_more_hits_never_lower_the_verdict(n: int, other: Share) -> None:
    order = {"lower": 0, "same": 1, "higher": 2}
    found = [order[verdict(Share(x, n), other, least=LEAST)] for x in range(n + 1)]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Share(56, 70), Share(48, 80), "higher"),
        (Share(48, 80), Share(56, 70), "lower"),
        (Share(5, 56), Share(0, 29), "same"),
        (Share(9, 9), Share(0, 80), "insufficient"),
        (Share(0, 0), Share(0, 0), "insufficient"),
        (Share(10, 10), Share(0, 10), "higher"),
    ],
)
def test_verdict_at_the_limit_of_comparison(first: Share, second: Share, expected: str) -> None:
    assert verdict(first, second, least=LEAST) == expected


# Wilson of 81 of 263 is 0.2552885–0.3662096 (Newcombe 1998).
@pytest.mark.parametrize(("fixed", "expected"), [(0.25, "higher"), (0.26, "same"), (0.36, "same"), (0.37, "lower")])
def test_verdict_against_a_known_value(fixed: float, expected: str) -> None:
    assert verdict_against(Share(81, 263), fixed, least=LEAST) == expected
    assert verdict_against(Share(81, 263), fixed, least=264) == "insufficient"


def test_a_school_is_taken_out_of_its_municipality() -> None:
    assert rest(Share(11, 89), Share(429, 3162)) == Share(429 - 11, 3162 - 89)
    # The only school has nobody to be compared with.
    assert verdict_against_rest(Share(11, 89), Share(11, 89), least=LEAST) == "insufficient"
    # 40 of 50 against 10 of 50, although the whole (50 of 100) holds the school.
    assert verdict_against_rest(Share(40, 50), Share(50, 100), least=LEAST) == "higher"


def test_parts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="larger"):
        rest(Share(1, 11), Share(1, 10))
    with pytest.raises(ValueError, match="numerator"):
        rest(Share(5, 5), Share(4, 10))
    with pytest.raises(ValueError, match="numerator"):
        Share(2, 1)
