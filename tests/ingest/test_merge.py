"""Frames of one table as one: repeated rows count once, contradictions are critical."""

from __future__ import annotations

import time

import pandas as pd

from pipeline.ingest.merge import merge
from pipeline.tables import conform


def frame(file: str, *rows: dict) -> pd.DataFrame:
    common = {
        "procedure": "nvo",
        "school_year": 2022,
        "wave": "main",
        "subject": "mathematics",
        "grade": 7,
        "level": "organisation",
        "measure": "mean_score",
        "category": "all",
        "state": "observed",
        "unit": "points",
        "source_file": file,
        "source_sheet": "",
    }
    built = [
        common | {"group": row["org_id"], "group_label": row["org_id"], "source_row": number} | row
        for number, row in enumerate(rows, start=2)
    ]
    return conform("group_results", pd.DataFrame(built))


def test_different_rows_are_joined_silently() -> None:
    joined, remarks = merge(
        "group_results",
        [frame("a.csv", {"org_id": "s1", "value": 1.0}), frame("b.csv", {"org_id": "s2", "value": 2.0})],
    )

    assert joined["org_id"].tolist() == ["s1", "s2"]
    assert remarks == ()


def test_the_same_rows_of_two_files_count_once() -> None:
    national = frame("страна.csv", *({"org_id": f"s{number}", "value": 1.0, "n": 5} for number in range(4)))
    city = frame("город.csv", *({"org_id": f"s{number}", "value": 1.0, "n": 5} for number in range(3)))

    joined, remarks = merge("group_results", [national, city])

    assert len(joined) == 4
    assert set(joined["source_file"]) == {"страна.csv"}
    (remark,) = remarks
    assert (remark.code, remark.severity) == ("same_rows_in_two_files", "warning")
    assert "«страна.csv» и «город.csv»" in remark.message
    assert "организаций 3" in remark.message


def test_a_contradiction_names_both_files_the_rows_and_the_measure() -> None:
    first = frame("a.csv", {"org_id": "s1", "value": 1.0, "n": 5}, {"org_id": "s2", "value": 1.0, "n": 5})
    second = frame("b.csv", {"org_id": "s0", "value": 1.0, "n": 5}, {"org_id": "s2", "value": 1.5, "n": 5})

    joined, remarks = merge("group_results", [first, second])

    assert len(joined) == 3
    (remark,) = remarks
    assert (remark.code, remark.severity) == ("files_disagree", "critical")
    assert "«a.csv», строка 3; «b.csv», строка 3" in remark.message
    assert "средний балл" in remark.message
    assert "значение" in remark.message
    assert "число участников" not in remark.message


def test_one_file_may_complete_another_and_labels_may_differ() -> None:
    poor = frame("a.csv", {"org_id": "s1", "value": 1.0, "n": 5, "group_label": "СУ 1"})
    rich = frame("b.csv", {"org_id": "s1", "value": 1.0, "n": 5, "max_score": 100.0, "decimals": 2})

    joined, remarks = merge("group_results", [poor, rich])

    assert joined["max_score"].tolist() == [100.0]
    assert [remark.code for remark in remarks] == ["same_rows_in_two_files"]


def test_a_repetition_inside_one_file_is_told_apart() -> None:
    twice = frame("a.csv", {"org_id": "s1", "value": 1.0}, {"org_id": "s1", "value": 1.0})

    joined, remarks = merge("group_results", [twice])

    assert len(joined) == 1
    assert [(remark.code, remark.place.cell) for remark in remarks] == [("same_rows_in_one_file", "A3")]


def test_many_contradictions_are_counted() -> None:
    first = frame("a.csv", *({"org_id": f"s{number}", "value": 1.0} for number in range(25)))
    second = frame("b.csv", *({"org_id": f"s{number}", "value": 2.0} for number in range(25)))

    _, remarks = merge("group_results", [first, second])

    assert [remark.code for remark in remarks] == ["files_disagree"] * 11
    assert "ещё 15" in remarks[-1].message


def test_a_missing_mean_against_a_stated_one_is_a_contradiction() -> None:
    stated = frame("a.csv", {"org_id": "s1", "value": 1.0, "n": 1})
    blank = frame("b.csv", {"org_id": "s1", "n": 1, "state": "blank"})

    _, remarks = merge("group_results", [stated, blank])

    assert [remark.code for remark in remarks] == ["files_disagree"]


def test_two_hundred_thousand_rows_take_seconds() -> None:
    rows = 100_000
    one = frame("a.csv", {"org_id": "s", "value": 1.0})
    big = pd.DataFrame({column: [one[column].iloc[0]] * rows for column in one.columns})
    big = conform("group_results", big.assign(org_id=[f"s{number}" for number in range(rows)]))
    big["group"] = big["org_id"]
    started = time.perf_counter()

    joined, remarks = merge("group_results", [big, big.assign(source_file="b.csv")])

    assert len(joined) == rows
    assert len(remarks) == 1
    assert time.perf_counter() - started < 10
