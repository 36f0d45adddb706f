"""Counting by codes and bins against pandas' own grouping, which knows nothing of either."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.indicators import cells
from pipeline.indicators.bins import cells_of
from pipeline.indicators.cells import KEY
from pipeline.indicators.codes import Coded, first_places
from pipeline.indicators.context import build_scope
from pipeline.indicators.counted import counted_share
from pipeline.indicators.filters import Filter
from pipeline.indicators.sources import CountedShare
from tests.indicators.frames import TOWN, results

WORDS = st.sampled_from(["а", "б", None])
ROWS = st.lists(st.tuples(WORDS, WORDS, st.sampled_from([1, 2, None])), min_size=1, max_size=30)


@pytest.mark.parametrize("base", [(), ("first", "second", "third")])
@settings(max_examples=40)
@given(ROWS)
def test_groups_are_those_of_drop_duplicates(base: tuple[str, ...], rows: list[tuple[str | None, ...]]) -> None:
    frame = pd.DataFrame(rows, columns=["first", "second", "third"]).astype({"first": "str", "third": "Int64"})
    coded = Coded(frame.astype({"second": "str"}), base)
    for columns in (["first"], ["third", "first"], ["second", "first", "third"]):
        expected = coded.frame[columns].drop_duplicates()
        pd.testing.assert_frame_equal(coded.distinct(columns), expected.reset_index(drop=True))
        assert list(coded.grouped(columns).first) == list(expected.index)
        again = coded.distinct(columns).take(coded.grouped(columns).number).reset_index(drop=True)
        pd.testing.assert_frame_equal(again, coded.frame[columns])


def test_first_places() -> None:
    assert list(first_places(np.array([1, 0, 1, 3]), 4)) == [1, 0, 4, 3]


def many(rng: np.random.Generator, sheets: int) -> pd.DataFrame:
    """Results of five schools in two files; with few sheets several results come from one row."""
    schools = [f"s{number}" for number in rng.integers(0, 5, 300)]
    marks = rng.choice([2, 3, 4, 5], 300)
    states = rng.choice(["observed", "blank", "absent", "not_attempted"], 300, p=[0.7, 0.1, 0.1, 0.1])
    subjects = rng.choice(["russian", "mathematics"], 300)
    rows = [
        {"org_id": school, "mark": int(mark) if state == "observed" else None, "state": state, "subject": subject}
        for school, mark, state, subject in zip(schools, marks, states, subjects, strict=True)
    ]
    table = results(*rows)
    places = {"source_file": rng.choice(["б.xlsx", 'а "1".xlsx'], 300), "source_row": rng.integers(1, sheets, 300)}
    return table.assign(**places).astype({"source_file": "str", "source_row": "Int64"})


MARKED = (Filter(column="state", eq="observed"), Filter(column="mark", not_null=True))


@pytest.mark.parametrize("sheets", [20, 100_000])
@pytest.mark.parametrize("breakdowns", [["procedure", "subject", "grade"], ["procedure"]])
def test_shares_and_their_sources_are_those_of_plain_grouping(sheets: int, breakdowns: list[str]) -> None:
    table = many(np.random.default_rng(sheets), sheets)
    scope = build_scope({"results": table}, TOWN)
    source = CountedShare(type="counted_share", table="results", where=MARKED, hit=(Filter(column="mark", ge=4),))
    found = counted_share(source, scope, ["municipality", "organisation"], breakdowns).set_index(KEY).sort_index()
    seen = cells.broken_down(table[(table["state"] == "observed") & table["mark"].notna()], breakdowns)
    for level in ("municipality", "organisation"):
        rows = scope.gathered(seen.assign(category="", task=""), level)
        own = found[found.index.get_level_values("level") == level]
        groups = rows.assign(hit=(rows["mark"] >= 4).astype("float64")).groupby(KEY)["hit"]
        assert own["numerator"].tolist() == groups.sum().tolist()
        assert own["denominator"].tolist() == groups.size().tolist()
        assert own["value"].tolist() == pytest.approx(groups.mean().tolist(), abs=1e-15)
        assert own["inputs"].tolist() == cells.inputs(rows, KEY).tolist()


@pytest.mark.parametrize(("mathematics", "rows"), [((4, 5, 6), 6), ((1, 2, 3), 4)])
def test_rows_after_resits_are_told_by_their_sheet(mathematics: tuple[int, ...], rows: int) -> None:
    """Of Russian rows 10, 2, 3 count, since the leaver of row 1 wrote again; both subjects may stand in one row."""
    told = [("russian", "main", (1, 2, 3)), ("mathematics", "main", mathematics), ("russian", "resit", (10,))]
    table = results(
        *(
            {"procedure": "ege", "subject": subject, "wave": wave, "source_row": row, "participant": f"p{place}"}
            for subject, wave, of_wave in told
            for place, row in enumerate(of_wave)
        )
    )
    source = CountedShare.model_validate(
        {"type": "counted_share", "table": "results", "waves": ("final", "main"), "where": (), "hit": MARKED}
    )
    scope = build_scope({"results": table}, TOWN, after_resits=True)
    found = counted_share(source, scope, ["municipality"], ["procedure"])
    assert found["denominator"].tolist() == [6]
    assert f'"rows":{rows},' in found["inputs"].item()


def test_sources_that_take_the_same_rows_share_their_cells() -> None:
    scope = build_scope({"results": many(np.random.default_rng(1), 50)}, TOWN)
    told = [
        CountedShare(type="counted_share", table="results", where=MARKED, hit=(Filter(column="mark", eq=mark),))
        for mark in (2, 5)
    ]
    first, second = (cells_of(one, scope, ["organisation"], ["subject"]) for one in told)
    assert first is second


def test_no_rows_make_no_cells() -> None:
    scope = build_scope({"results": many(np.random.default_rng(1), 50)}, TOWN)
    nobody = (Filter(column="procedure", eq="oge"),)
    source = CountedShare(type="counted_share", table="results", where=nobody, hit=(Filter(column="mark", eq=2),))
    assert counted_share(source, scope, ["municipality"], ["subject"]).empty
    assert counted_share(source, build_scope({}, TOWN), ["municipality"], ["subject"]).empty
