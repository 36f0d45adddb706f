"""Checks over the registers of the collection form: what a row names must stand in the register it names."""

from __future__ import annotations

import pandas as pd

from pipeline.validation.outcome import SOURCE, Data, Outcome, by_row


def document_unknown(data: Data) -> Outcome:
    """A document that a decision or an item of the roadmap names stands in the register of documents."""
    named = [
        data["decisions"].rename(columns={"act": "named"}),
        data["roadmap"].rename(columns={"evidence": "named"}),
    ]
    rows = pd.concat([frame[["named", *SOURCE]] for frame in named if len(frame)] or [named[0][["named", *SOURCE]]])
    rows = rows.dropna(subset=["named"]).reset_index(drop=True)
    return by_row(rows, ~rows["named"].isin(set(data["documents"]["document"])))


def parent_unknown(data: Data) -> Outcome:
    """The record that a measure or decision follows from stands in the register, this year's or an earlier one."""
    rows = data["decisions"].dropna(subset=["parent"]).reset_index(drop=True)
    return by_row(rows, ~rows["parent"].isin(set(data["decisions"]["decision"])))


def levels_do_not_add_up(data: Data) -> Outcome:
    """Below, at and above the base level together are those who sat the diagnostic work; blank cells are not judged."""
    counts = ["participants", "below_base", "base", "advanced"]
    rows = data["diagnostics"].dropna(subset=counts).reset_index(drop=True)
    return by_row(rows, rows[counts[1:]].sum(axis=1) != rows["participants"])
