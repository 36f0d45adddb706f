"""What an indicator row says of answers that are missing: numbers beside the first source entry of `inputs`."""

from __future__ import annotations

import json

import pandas as pd

NOT_ANSWERED = "not_answered"  # organisations (of a register: rows) that left a needed cell blank
CONTRADICTORY = "contradictory"  # numerator above denominator: left out


def with_gaps(told: pd.Series, blank: pd.Series, wrong: pd.Series) -> pd.Series:
    """`inputs` with the numbers of what was left out; zero is not said."""
    changed = [_one(*record) for record in zip(told, blank, wrong, strict=True)]
    return pd.Series(changed, index=told.index, dtype="str")


def _one(told: str, blank: int, wrong: int) -> str:
    said = {name: int(number) for name, number in ((NOT_ANSWERED, blank), (CONTRADICTORY, wrong)) if number}
    entries = json.loads(told)
    if not said or not entries:
        return told
    first, *rest = entries
    return json.dumps([{**first, **said}, *rest], ensure_ascii=False, separators=(",", ":"))
