"""Indices: the published HDI, fixed goalposts, groups only where no choice overturns them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.statistics.composite import Goalpost, index, normalised, robust
from tests.statistics.references import Check

HDI = [Goalpost(20, 85), Goalpost(0, 1), Goalpost(100, 75_000, log=True)]
UNIT = [Goalpost(0, 1)] * 4
TABLE = np.vstack(
    [
        np.linspace([0.02, 0.05, 0.1, 0.03], [0.2, 0.15, 0.12, 0.2], 4),
        np.linspace([0.42, 0.5, 0.45, 0.55], [0.58, 0.5, 0.6, 0.42], 6),
        np.linspace([0.9, 0.86, 0.95, 0.99], [1, 0.97, 0.88, 0.9], 4),
        [[0.05, 0.95, 0.9, 0.1]],
    ]
)


def education(expected: float, mean: float) -> float:
    return (min(expected, 18) / 18 + mean / 15) / 2


def test_human_development_index_of_2019(reference: Check) -> None:
    values = [(82.4, education(18.1, 12.9), 66_494), (72.6, education(15.0, 12.2), 26_157)]
    source = "UNDP, Human Development Report 2020, statistical annex, table 1 (year 2019)"
    reference("human development index of Norway and Russia", index(values, HDI), [0.957, 0.824], source, abs=5e-4)


def test_less_is_better_and_values_beyond_a_post() -> None:
    post = Goalpost(worst=0.3, best=0.0)
    assert post.scaled([0.3, 0.15, 0, 0.5, np.nan]) == pytest.approx([0, 0.5, 1, 0, np.nan], nan_ok=True)
    with pytest.raises(ValueError, match="goalposts"):
        Goalpost(1, 1)
    with pytest.raises(ValueError, match="weight"):
        index([[0.5, 0.5]], UNIT[:2], [1, 0])
    with pytest.raises(ValueError, match="goalpost"):
        index([[0.5]], UNIT)


def test_means_by_hand() -> None:
    assert index([[0.25, 1.0]], UNIT[:2]) == pytest.approx([0.5])
    assert index([[0.25, 1.0]], UNIT[:2], mean="arithmetic") == pytest.approx([0.625])
    assert index([[0.25, 1.0]], UNIT[:2], [3, 1], "arithmetic") == pytest.approx([0.4375])
    assert index([[0.0, 1.0]], UNIT[:2])[0] < 0.01  # nothing makes up for a zero


def test_the_logit_keeps_the_ends_and_the_middle() -> None:
    assert normalised([[0.0, 0.5, 1.0, 0.02]], UNIT, "logit")[0] == pytest.approx([0, 0.5, 1, 0])


def test_a_missing_indicator_makes_the_index_missing() -> None:
    assert np.isnan(index([[0.5, np.nan]], UNIT[:2])).all()
    found = robust(np.vstack([TABLE, [[0.5, np.nan, 0.5, 0.5]]]), UNIT, (0.33, 0.67), 2000)
    assert found.group[-1] == "нет данных"
    assert found.group[:-1] == robust(TABLE, UNIT, (0.33, 0.67), 2000).group


def test_groups_that_no_choice_overturns() -> None:
    found = robust(TABLE, UNIT, (0.33, 0.67))
    assert found.group == (*["нижняя"] * 4, *["средняя"] * 6, *["верхняя"] * 4, "не определена")
    assert all(sum(one) == pytest.approx(1) for one in found.probability)
    assert max(found.probability[-1]) <= 0.8
    assert found.lowest[-1] < 0.3 < 0.6 < found.highest[-1]  # its place depends on the weights


def test_another_school_moves_nobody() -> None:
    alone = robust(TABLE, UNIT, (0.33, 0.67), 2000)
    more = robust(np.vstack([TABLE, [[1, 1, 1, 1]]]), UNIT, (0.33, 0.67), 2000)
    assert more.probability[:-1] == alone.probability
    assert more.index[:-1] == alone.index


def test_too_little_is_an_answer() -> None:
    assert robust(TABLE[:5], UNIT, (0.3, 0.6), 100).reason == "организаций со всеми показателями слишком мало"
    few = robust(TABLE[:, :2], UNIT[:2], (0.3, 0.6), 100)
    assert few.reason == "показателей меньше трёх: сводить нечего"
    assert set(few.group) == {"нет данных"}


ROWS = st.lists(st.floats(0, 1), min_size=4, max_size=4)


@settings(max_examples=30, deadline=None)
@given(ROWS, st.integers(0, 3), st.floats(0, 1))
def test_monotone_and_without_units(row: list[float], place: int, more: float) -> None:
    better = [max(value, more) if at == place else value for at, value in enumerate(row)]
    for mean in ("geometric", "arithmetic"):
        first, second = index([row, better], UNIT, mean=mean)  # type: ignore[arg-type]
        assert second >= first - 1e-12
    percent = index([[100 * value for value in row]], [Goalpost(0, 100)] * 4)
    assert percent == pytest.approx(index([row], UNIT))
