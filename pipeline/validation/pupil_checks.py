"""Checks between pupils' results, their tasks and published totals; and of organisations and official lists.

Places are rows of files; no pseudonym and no pupil's value leaves these functions.
"""

from __future__ import annotations

import pandas as pd

from pipeline.tables import RESULTS
from pipeline.validation.outcome import EPS, SOURCE, TEST, Data, Outcome, by_group, by_row, half_step

PUPIL = list(RESULTS.key)
SCHOOL = [*TEST, "org_id"]


def individual_vs_group(data: Data) -> Outcome:
    """Shares of marks counted over pupils round to the school's published shares, where both count as many pupils."""
    rows = _beside_individual(data)
    rows = rows[rows["counted_n"] == rows["n"]].dropna(subset=["value", "decimals"])
    difference = (rows["counted"] / rows["counted_n"] - rows["value"]).abs()
    return by_row(rows, difference > half_step(rows) + EPS)


def individual_n(data: Data) -> Outcome:
    """As many pupils in the individual results as in the published totals of the same school."""
    rows = _beside_individual(data).drop_duplicates(SCHOOL)
    stated = sorted({f"{held} из {n}" for held, n in zip(rows["counted_n"], rows["n"], strict=True) if held != n})
    return by_row(rows, rows["counted_n"] != rows["n"], f"участников с отметкой {'; '.join(stated[:3])}")


def task_sum(data: Data) -> Outcome:
    """Points for tasks sum to the primary score, where every task has a value (X is 0 points)."""
    tasks = data["task_scores"]
    points = tasks["score"].mask(tasks["state"].eq("not_attempted"), 0)
    sums = tasks.assign(points=points, empty=points.isna()).groupby(PUPIL, sort=False)
    totals = sums.agg(points=("points", "sum"), empty=("empty", "sum")).reset_index()
    totals = totals[totals["empty"] == 0]
    rows = data["results"].merge(totals, on=PUPIL).dropna(subset=["primary_score"])
    return by_row(rows, (rows["points"] - rows["primary_score"]).abs() > EPS)


def task_max_sum(data: Data) -> Outcome:
    """Maxima of the tasks sum to the maximum of the work."""
    tasks = data["task_scores"].drop_duplicates([*TEST, "task"])
    totals = tasks.groupby(TEST, sort=False)["max_score"].agg(["sum", "count", "size"])
    totals = totals[totals["count"] == totals["size"]]["sum"].rename("tasks").reset_index()
    works = data["results"].dropna(subset=["max_score"]).drop_duplicates([*TEST, "max_score"]).merge(totals, on=TEST)
    return by_row(works, (works["tasks"] - works["max_score"]).abs() > EPS)


def task_max_conflict(data: Data) -> Outcome:
    """A task of one work has one maximum."""
    rows = data["task_scores"].dropna(subset=["max_score"]).drop_duplicates([*TEST, "task", "max_score"])
    maxima = rows.groupby([*TEST, "task"], sort=False)["max_score"].nunique()
    return by_group(rows, [*TEST, "task"], maxima > 1)


def task_without_result(data: Data) -> Outcome:
    """Who has points for tasks has a result of the work."""
    pupils = data["task_scores"].drop_duplicates(PUPIL)
    known = data["results"][PUPIL].assign(known=True)
    rows = pupils.merge(known, on=PUPIL, how="left")
    return by_row(rows, rows["known"].isna())


def mark_order(data: Data) -> Outcome:
    """In ВПР no one has a lower score and a higher mark than another pupil: the scale has no side conditions."""
    rows = data["results"]
    rows = rows[rows["procedure"].eq("vpr")].dropna(subset=["mark", "primary_score"])
    highest = rows.groupby([*TEST, "mark"])["primary_score"].max().groupby(TEST).cummax()
    below = highest.groupby(TEST).shift().rename("below").reset_index()
    rows = rows.merge(below, on=[*TEST, "mark"], how="left").dropna(subset=["below"])
    return by_row(rows, rows["primary_score"] <= rows["below"])


def participant_two_schools(data: Data) -> Outcome:
    """One participant sat one work in one organisation."""
    key = [*TEST, "participant"]
    rows = data["results"]
    repeated = rows.duplicated(key, keep=False)
    schools = rows[repeated].drop_duplicates([*key, "org_id"])
    return by_row(rows, repeated & rows.index.isin(schools.index[schools.duplicated(key, keep=False)]))


def organisation_unknown(data: Data) -> Outcome:
    """Every organisation with data stands in the table of organisations."""
    known = set(data["organisations"]["org_id"])
    rows = _organisations_with_data(data)
    return by_row(rows, ~rows["org_id"].isin(known))


def organisation_municipality(data: Data) -> Outcome:
    """An organisation belongs to one municipality."""
    rows = data["organisations"].dropna(subset=["municipality"])
    places = rows.groupby("org_id", sort=False)["municipality"].nunique()
    return by_group(rows, ["org_id"], places > 1)


def marked_without_results(data: Data) -> Outcome:
    """An organisation in the official list has results on input."""
    known = set(data["results"]["org_id"]) | set(data["group_results"]["org_id"].dropna())
    rows = data["marked_schools"].drop_duplicates("org_id")
    return by_row(rows, ~rows["org_id"].isin(known))


def marker_count(data: Data) -> Outcome:
    """The number of markers that the list states is the number of markers it sets."""
    rows = data["marked_schools"].dropna(subset=["n_markers"])
    key = ["school_year", "org_id"]
    sums = rows.groupby(key, sort=False).agg(marked=("marker", "sum"), stated=("n_markers", "max"))
    return by_group(rows.drop_duplicates(key), key, sums["marked"] != sums["stated"])


def _beside_individual(data: Data) -> pd.DataFrame:
    """Published mark shares of schools with `counted` pupils of that mark among `counted_n` in individual results."""
    marks = data["results"].dropna(subset=["mark"])
    counted = marks.groupby([*SCHOOL, "mark"], sort=False).size().rename("counted").reset_index()
    counted["category"] = counted.pop("mark").astype("str")
    totals = marks.groupby(SCHOOL, sort=False).size().rename("counted_n").reset_index()
    shares = data["group_results"]
    shares = shares[shares["measure"].eq("mark_share") & shares["level"].eq("organisation")].dropna(subset=["n"])
    rows = shares.merge(totals, on=SCHOOL).merge(counted, on=[*SCHOOL, "category"], how="left")
    return rows.assign(counted=rows["counted"].fillna(0))


def _organisations_with_data(data: Data) -> pd.DataFrame:
    columns = ["org_id", *SOURCE]
    holders = [name for name, frame in data.tables.items() if name != "organisations" and "org_id" in frame.columns]
    frames = [data[name][columns] for name in holders]
    filled = [frame.dropna(subset=["org_id"]).drop_duplicates("org_id") for frame in frames if len(frame)]
    rows = pd.concat(filled, ignore_index=True) if filled else data["organisations"][columns].head(0)
    return rows.drop_duplicates("org_id", ignore_index=True)
