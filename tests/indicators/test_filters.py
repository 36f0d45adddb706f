"""Typed conditions: what a row must meet, and that a missing value meets nothing."""

from typing import Any

import pandas as pd
import pytest

from pipeline.indicators.filters import Filter, matching

FRAME = pd.DataFrame(
    {
        "text": pd.Series(["a", "b", None], dtype="str"),
        "mark": pd.Series([2, 4, None], dtype="Int64"),
        "other": pd.Series([4, 4, 3], dtype="Int64"),
        "score": pd.Series([0.5, None, 2.0], dtype="Float64"),
        "flag": pd.Series([True, False, None], dtype="boolean"),
    }
)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"column": "text", "eq": "a"}, [True, False, False]),
        ({"column": "text", "in": ["a", "b"]}, [True, True, False]),
        ({"column": "flag", "eq": True}, [True, False, False]),
        ({"column": "mark", "eq": 4}, [False, True, False]),
        ({"column": "mark", "ge": 3}, [False, True, False]),
        ({"column": "mark", "le": 3}, [True, False, False]),
        ({"column": "score", "ge": 0.5}, [True, False, True]),
        ({"column": "mark", "not_null": True}, [True, True, False]),
        ({"column": "mark", "missing": True}, [False, False, True]),
        ({"column": "mark", "below": "other"}, [True, False, False]),
        ({"column": "mark", "above": "other"}, [False, False, False]),
        ({"column": "mark", "equals": "other"}, [False, True, False]),
        ({"column": "mark", "apart": {"column": "other", "at_least": 2}}, [True, False, False]),
    ],
)
def test_condition(condition: dict[str, Any], expected: list[bool]) -> None:
    assert matching(FRAME, [Filter.model_validate(condition)]).tolist() == expected


def test_all_conditions_must_hold() -> None:
    conditions = [Filter(column="mark", not_null=True), Filter(column="score", not_null=True)]
    assert matching(FRAME, conditions).tolist() == [True, False, False]
    assert matching(FRAME, []).tolist() == [True, True, True]


def test_columns_read_are_known() -> None:
    assert Filter(column="mark", below="other").columns == ("mark", "other")
    assert Filter.model_validate({"column": "mark", "apart": {"column": "other", "at_least": 2}}).columns == (
        "mark",
        "other",
    )
