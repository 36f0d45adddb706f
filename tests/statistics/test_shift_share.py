"""A change split into what changed inside groups and what only their sizes changed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.statistics.comparison import Share, difference
from pipeline.statistics.shift_share import split
from tests.statistics.references import Check

# Admissions to Berkeley in 1973 by department (Bickel, Hammel, O'Connell 1975; R's UCBAdmissions): admitted of applied.
MEN = {"A": (512, 825), "B": (353, 560), "C": (120, 325), "D": (138, 417), "E": (53, 191), "F": (22, 373)}
WOMEN = {"A": (89, 108), "B": (17, 25), "C": (202, 593), "D": (131, 375), "E": (94, 393), "F": (24, 341)}
SHARES = st.integers(1, 60).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))
GROUPS = st.dictionaries(st.sampled_from("abcdef"), SHARES, min_size=1)


def shares(counts: dict[str, tuple[int, int]]) -> dict[str, Share]:
    return {name: Share(*both) for name, both in counts.items()}


def test_simpson_at_berkeley(reference: Check) -> None:
    """Women 557 of 1835, men 1198 of 2691: 14.2 points less in total, more inside the departments."""
    found = split(shares(MEN), shares(WOMEN))
    assert found is not None
    source = "Bickel, Hammel and O'Connell 1975, Science 187, 398, table 1: women 557 of 1835, men 1198 of 2691"
    reference("difference of admission", found.total, 557 / 1835 - 1198 / 2691, source, rel=1e-6)
    by_hand = sum(
        (MEN[d][1] / 2691 + WOMEN[d][1] / 1835) / 2 * (WOMEN[d][0] / WOMEN[d][1] - MEN[d][0] / MEN[d][1]) for d in MEN
    )
    assert found.within == pytest.approx(by_hand)
    assert found.within > 0 > found.total
    assert found.lower > 0  # department A, where women were admitted more often, proves it
    assert found.reversed and found.composed
    assert found.coverage == 1


def test_one_group_changes_only_inside_with_newcombes_interval() -> None:
    """Of one group MOVER over Wilson's bounds is Newcombe's method 10."""
    found, newcombe = split({"a": Share(48, 80)}, {"a": Share(56, 70)}), difference(Share(56, 70), Share(48, 80))
    assert found is not None
    assert (found.lower, found.upper) == pytest.approx((newcombe.lower, newcombe.upper))
    assert found.composition == pytest.approx(0)


def test_sizes_alone_by_hand() -> None:
    """Shares stay 1/2 and 1/10; the parts go from half and half to 1 : 3. Change 0.3 − 0.2 = all composition."""
    before, after = {"a": Share(20, 40), "b": Share(4, 40)}, {"a": Share(10, 20), "b": Share(6, 60)}
    found = split(before, after)
    assert found is not None
    assert found.total == pytest.approx(-0.1)
    assert found.within == pytest.approx(0)
    assert found.composition == pytest.approx(-0.1)
    assert not found.reversed


def test_opened_and_closed_groups_are_composition() -> None:
    found = split({"a": Share(5, 10), "old": Share(9, 10)}, {"a": Share(5, 10), "new": Share(1, 10)})
    assert found is not None
    assert (found.within, found.both, found.coverage) == (0, 1, 0.5)
    assert found.composition == pytest.approx(-0.4)
    apart = split({"old": Share(1, 4)}, {"new": Share(3, 4)})
    assert apart is not None
    assert apart.both == 0
    assert apart.lower != apart.lower  # nothing inside is known
    assert not apart.reversed


def test_a_year_without_participants_says_nothing() -> None:
    assert split({}, {"a": Share(1, 2)}) is None
    assert split({"a": Share(0, 0)}, {"a": Share(1, 2)}) is None


@settings(max_examples=40, deadline=None)
@given(GROUPS, GROUPS)
def test_parts_sum_and_there_and_back_are_opposite(before: dict[str, Share], after: dict[str, Share]) -> None:
    there, back = split(before, after), split(after, before)
    assert there is not None and back is not None
    assert there.within + there.composition == pytest.approx(there.total)
    assert there.within == pytest.approx(-back.within)
    assert there.total == pytest.approx(-back.total)
    named = split({f"x{k}": v for k, v in before.items()}, {f"x{k}": v for k, v in after.items()})
    assert named is not None
    assert named.within == pytest.approx(there.within)
