"""Checks inside published totals: shares, counts, numbers of participants, levels, changes of scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.validation.outcome import EPS, SOURCE, TEST, Data, Outcome, by_group, by_row, half_step

GROUP = [*TEST, "level", "group", "measure"]
WHOLES = {"mark_share": 4, "journal_agreement": 3}  # measures whose categories make up a whole, and how many there are
SUM_TOLERANCE = 0.001  # ФИС ОКО rounds each share by itself: sums of 99,9–100,1 % are normal
WIDER = {
    "organisation": ("municipality", ["municipality"]),
    "municipality": ("region", ["region"]),
    "region": ("country", []),
}


def shares_sum(data: Data) -> Outcome:
    """Shares of a whole sum to 1; a group with a hidden category must not exceed 1."""
    shares = _wholes(data)
    shares = shares[shares["value"].notna() & shares["n"].ne(0).fillna(True)]
    totals = shares.groupby(GROUP, sort=False)["value"].agg(["sum", "size"])
    whole = totals["size"] == _expected(totals)
    excess = (totals["sum"] - 1).round(9)
    wrong = (excess > SUM_TOLERANCE) | (whole & (excess < -SUM_TOLERANCE))
    return by_group(shares, GROUP, wrong, f"наибольшее расхождение {_percent(excess[wrong].abs().max())}")


def categories_complete(data: Data) -> Outcome:
    """Every group has all categories of its measure, be they observed or not."""
    rows = _wholes(data)
    sizes = rows.groupby(GROUP, sort=False)["category"].nunique()
    return by_group(rows, GROUP, sizes < _expected(sizes))


def _expected(groups: pd.DataFrame | pd.Series) -> NDArray[np.int64]:
    """How many categories the measure of each group has; empty for no groups."""
    return np.array([WHOLES[measure] for measure in groups.index.get_level_values("measure")], dtype=np.int64)


def counts_within_n(data: Data) -> Outcome:
    """Counts of the categories of a whole sum to at most the number of participants."""
    rows = _wholes(data).dropna(subset=["count", "n"])
    totals = rows.groupby(GROUP, sort=False).agg(total=("count", "sum"), n=("n", "max"))
    return by_group(rows, GROUP, totals["total"] > totals["n"])


def share_vs_count(data: Data) -> Outcome:
    """count / n rounds to the published share; or count / sum of counts, as in the journal comparison."""
    rows = _wholes(data).dropna(subset=["count", "n", "value", "decimals"])
    rows = rows[rows["n"] > 0]
    base = rows.groupby(GROUP, sort=False)["count"].transform("sum")
    half = half_step(rows) + EPS
    by_n = (rows["count"] / rows["n"] - rows["value"]).abs()
    by_sum = (rows["count"] / base.where(base > 0) - rows["value"]).abs().fillna(1)
    wrong = (by_n > half) & (by_sum > half)
    return by_row(rows, wrong, f"наибольшее расхождение {_percent(by_n[wrong].max())}")


def n_same_in_group(data: Data) -> Outcome:
    """All categories of a group state the same number of participants."""
    rows = _wholes(data).dropna(subset=["n"])
    sizes = rows.groupby(GROUP, sort=False)["n"].nunique()
    return by_group(rows, GROUP, sizes > 1)


def municipality_total(data: Data) -> Outcome:
    """Participants of a municipality are the sum over its schools, where the file holds all of them."""
    rows = _with_schools(data)
    rows = rows[rows["schools"] == rows["n_orgs"]].dropna(subset=["n", "schools_n"])
    return by_row(rows, rows["n"] != rows["schools_n"])


def municipality_coverage(data: Data) -> Outcome:
    """The number of schools printed for a municipality is the number of its school rows."""
    rows = _with_schools(data)
    note = "; ".join(f"{held} из {stated}" for held, stated in _distinct(rows, ["schools", "n_orgs"])[:3])
    return by_row(rows, rows["schools"] != rows["n_orgs"], f"школ в файле {note}")


def narrower_n(data: Data) -> Outcome:
    """A school has no more participants than its municipality, a municipality than its region, a region than all."""
    pairs = _nested(data)
    return by_row(pairs, pairs["n"] > pairs["n_wider"])


def narrower_share(data: Data) -> Outcome:
    """The participants of one category in a narrower group are not more than in the wider one, within rounding."""
    pairs = _nested(data)
    pairs = pairs[pairs["unit"].eq("share")].dropna(subset=["value", "value_wider", "n", "n_wider", "decimals"])
    half = half_step(pairs)
    least = (pairs["value"] - half) * pairs["n"]
    most = (pairs["value_wider"] + half) * pairs["n_wider"]
    return by_row(pairs, least > most + EPS)


def journal_vs_marks_n(data: Data) -> Outcome:
    """The journal comparison and the mark statistics of one group speak of the same number of participants."""
    key = [*TEST, "level", "group"]
    first = _wholes(data).dropna(subset=["n"]).drop_duplicates(GROUP)
    journal, marks = (first[first["measure"] == name] for name in ("journal_agreement", "mark_share"))
    pairs = journal.merge(marks[[*key, "n"]], on=key, suffixes=("", "_marks"))
    return by_row(pairs, pairs["n"] != pairs["n_marks"])


def max_score_conflict(data: Data) -> Outcome:
    """One work of one year has one maximum score in all files."""
    rows = _scales(data).dropna(subset=["max_score"])
    maxima = rows.groupby(TEST, sort=False)["max_score"].nunique()
    return by_group(rows, TEST, maxima > 1)


def scale_changed(data: Data) -> Outcome:
    """The maximum score and the scale are those of the year before; a change is a break in the series."""
    series = ["procedure", "wave", "subject", "grade", "measure"]
    stated = _scales(data)
    rows = stated.drop_duplicates([*TEST, "measure"]).sort_values([*series, "school_year"], kind="stable")
    changed = pd.Series(False, index=rows.index)
    compared = pd.Series(False, index=rows.index)
    for column in ("max_score", "scale"):
        values = _all_values(stated, column).reindex(pd.MultiIndex.from_frame(rows[[*TEST, "measure"]]))
        now = pd.Series(values.to_numpy(), index=rows.index)
        before = now.groupby([rows[name] for name in series], sort=False).shift()
        known = now.notna() & before.notna()
        compared |= known
        changed |= known & (now != before)
    broken = _distinct(rows[changed], ["subject", "grade", "school_year"])[:3]
    note = "; ".join(f"{data.title(subject)}, {grade} класс, {year} год" for subject, grade, year in broken)
    return by_row(rows[compared], changed[compared], note)


def _wholes(data: Data) -> pd.DataFrame:
    rows = data["group_results"]
    return rows[rows["measure"].isin(list(WHOLES))]


def _with_schools(data: Data) -> pd.DataFrame:
    """One row per municipality and measure that has school rows: their number and the sum of their participants."""
    key = [*TEST, "measure", "municipality"]
    rows = data["group_results"].drop_duplicates(GROUP)
    schools = rows[rows["level"] == "organisation"].dropna(subset=["municipality"])
    sums = schools.groupby(key, sort=False).agg(
        schools=("group", "nunique"), schools_n=("n", "sum"), known=("n", "count"), size=("n", "size")
    )
    sums["schools_n"] = sums["schools_n"].where(sums["known"] == sums["size"])
    wider = rows[(rows["level"] == "municipality") & rows["n_orgs"].notna()]
    return wider.merge(sums[["schools", "schools_n"]].reset_index(), on=key)


def _nested(data: Data) -> pd.DataFrame:
    """Rows of narrower groups beside the row of the wider group they belong to (`n_wider`, `value_wider`)."""
    rows = data["group_results"]
    found = []
    for level, (wider_level, place) in WIDER.items():
        key = [*TEST, "measure", "category", *place]
        narrow = rows[rows["level"] == level].dropna(subset=["n", *place])
        wide = rows[rows["level"] == wider_level].dropna(subset=["n", *place])
        wide = wide.drop_duplicates(key, keep=False)
        found.append(narrow.merge(wide[[*key, "n", "value"]], on=key, suffixes=("", "_wider")))
    return pd.concat(found, ignore_index=True)


def _scales(data: Data) -> pd.DataFrame:
    """Every statement of a maximum or a scale, from pupils' results (measure "") and published totals."""
    columns = [*TEST, "measure", "max_score", "scale", *SOURCE]
    frames = [data["results"].assign(measure=""), data["group_results"]]
    rows = pd.concat([frame[columns] for frame in frames if len(frame)] or [frames[1][columns]], ignore_index=True)
    rows = rows[rows["max_score"].notna() | rows["scale"].notna()]
    return rows.drop_duplicates([*TEST, "measure", "max_score", "scale"], ignore_index=True)


def _all_values(rows: pd.DataFrame, column: str) -> pd.Series:
    """All values of a column stated for a work and measure, as one text; works without any are left out."""
    known = rows.dropna(subset=[column]).sort_values(column, kind="stable")
    texts = known[column].astype("str").groupby([known[name] for name in (*TEST, "measure")], sort=False)
    return texts.agg(lambda values: "|".join(dict.fromkeys(values)))


def _distinct(rows: pd.DataFrame, columns: list[str]) -> list[tuple[Any, ...]]:
    return sorted(set(rows[columns].dropna().itertuples(index=False, name=None)), key=str)


def _percent(share: float) -> str:
    """A difference of shares in percentage points with two decimals and a comma."""
    return "—" if pd.isna(share) else f"{share * 100:.2f}".replace(".", ",") + "\u00a0п.\u00a0п."
