"""The shape in which sources hand values to `compute`, and the record of the rows each value came from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

KEY = ["school_year", "procedure", "subject", "grade", "level", "group", "task", "category"]
# What a source gives beside the key; absent columns are missing values. `deviation` is the spread between pupils.
FIELDS = {
    "group_label": "str",
    "org_id": "str",
    "unit": "str",
    "numerator": "Float64",
    "denominator": "Float64",
    "n": "Int64",
    "numerator_basis": "str",
    "value": "Float64",
    "published": "str",
    "deviation": "Float64",
    "status": "str",
    "scale": "str",
    "max_score": "Float64",
    "exam_date": "str",
    "inputs": "str",
}
EMPTY_KEY: dict[str, str | int] = {"procedure": "", "subject": "", "grade": 0, "task": "", "category": ""}
ROLLED_UP = ("country", "region", "municipality")


def typed(values: pd.Series, dtype: str) -> pd.Series:
    """The series in the type of a field."""
    return values.astype(dtype)  # type: ignore[call-overload, no-any-return]


def cells(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with all key and field columns, typed; status defaults to ok, or to no_data without a value."""
    built = {name: frame[name] if name in frame.columns else EMPTY_KEY.get(name, "") for name in KEY}
    fields = {
        name: typed(frame[name], dtype) if name in frame.columns else pd.Series(pd.NA, index=frame.index, dtype=dtype)
        for name, dtype in FIELDS.items()
    }
    default = np.where(fields["value"].isna(), "no_data", "ok")
    fields["status"] = fields["status"].fillna(pd.Series(default, index=frame.index, dtype="str"))
    fields["inputs"] = fields["inputs"].fillna("[]")
    return pd.DataFrame({**built, **fields}, index=frame.index).reset_index(drop=True)


@cache
def nothing() -> pd.DataFrame:
    """Cells without rows."""
    return cells(pd.DataFrame(columns=KEY))


def preferred(alternatives: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row per key: the first alternative that has a value, else the first that has a row."""
    filled = [frame for frame in alternatives if len(frame)]
    if not filled:
        return nothing()
    if len(filled) == 1 and not filled[0].duplicated(KEY).any():
        return filled[0]
    together = pd.concat(filled, ignore_index=True)
    order = together["value"].isna().to_numpy().argsort(kind="stable")
    return together.iloc[order].drop_duplicates(KEY).sort_values(KEY, ignore_index=True)


def broken_down(frame: pd.DataFrame, breakdowns: Sequence[str]) -> pd.DataFrame:
    """The frame with key columns outside the breakdowns emptied, so that rows fall together."""
    emptied = {name: EMPTY_KEY[name] for name in ("procedure", "subject", "grade", "task") if name not in breakdowns}
    return frame.assign(**emptied)


def inputs(rows: pd.DataFrame, keys: list[str]) -> pd.Series:
    """For each key the source rows as compact JSON: file, sheet, number of rows, first row, organisations behind it."""
    source = ["source_file", "source_sheet"]
    found = rows.groupby([*keys, *source], dropna=False)
    summed = found.agg(
        rows=("source_row", "nunique"), first=("source_row", "min"), organisations=("org_id", "nunique")
    ).reset_index()
    entries = [_entry(*record) for record in summed[[*source, "rows", "first", "organisations"]].to_numpy()]
    summed["entry"] = pd.Series(entries, index=summed.index, dtype="str")  # also of no rows
    if not summed.duplicated(keys).any():
        return "[" + summed.set_index(keys)["entry"] + "]"
    return "[" + summed.groupby(keys)["entry"].agg(",".join) + "]"


def _entry(file: str, sheet: str, rows: int, first: int, organisations: int) -> str:
    record: dict[str, str | int] = {"file": file, "sheet": sheet, "rows": int(rows), "first_row": int(first)}
    if organisations:
        record["organisations"] = int(organisations)
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def numbers(column: pd.Series) -> NDArray[np.float64]:
    """A nullable column as floats with nan."""
    return column.to_numpy(dtype="float64", na_value=np.nan)
