"""Answers of a procedure from the clean tables, as the markers of objectivity read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.statistics.objectivity.procedure import Ints, Procedure

PUPIL = ["wave", "org_id", "participant"]
FEWEST_SCHOOLS, FEWEST_PUPILS, FEWEST_TASKS = 5, 100, 6
EARNED = ("observed", "not_attempted")  # a task left out earned nothing; an absent one was not in the work
CUTS = (3, 4, 5)


@dataclass(frozen=True)
class Written:
    """One work: its procedure, the organisations and the classes by their places."""

    subject: str
    grade: int
    procedure: Procedure
    organisations: tuple[str, ...]
    classes: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return f"{self.subject}.{self.grade}"


def written(clean: Mapping[str, pd.DataFrame], year: int) -> list[Written]:
    """Works of ВПР of a year with points by tasks and marks; those of too few schools, pupils or tasks are left out."""
    results, scores = clean["results"], clean["task_scores"]
    chosen = results[(results["procedure"] == "vpr") & (results["school_year"] == year) & results["mark"].notna()]
    found = []
    same = scores[(scores["procedure"] == "vpr") & (scores["school_year"] == year)]
    for subject, grade in sorted(set(zip(chosen["subject"], chosen["grade"], strict=True))):
        pupils, own = (frame[(frame["subject"] == subject) & (frame["grade"] == grade)] for frame in (chosen, same))
        one = _written(str(subject), int(grade), pupils, own)
        found += [one] if one else []
    return sorted(found, key=lambda one: (one.grade, one.subject))


def _written(subject: str, grade: int, pupils: pd.DataFrame, scores: pd.DataFrame) -> Written | None:
    earned = scores[scores["state"].isin(EARNED)]
    table = earned.assign(score=earned["score"].astype("float64").fillna(0.0)).pivot_table(
        index=PUPIL, columns="task", values="score", aggfunc="first"
    )
    pupils = pupils.set_index(PUPIL)
    whole = table.dropna()
    pupils = pupils.loc[pupils.index.intersection(whole.index)].sort_index()
    points = np.rint(whole.loc[pupils.index].to_numpy()).astype(np.int64)
    if len(pupils) < FEWEST_PUPILS or points.shape[1] < FEWEST_TASKS:
        return None
    maxima = earned.groupby("task")["max_score"].max().reindex(whole.columns).astype("float64")
    school, organisations = pd.factorize(pupils.index.get_level_values("org_id"), sort=True)
    label = pupils["class_label"].fillna("").astype(str)
    room, rooms = pd.factorize(pd.MultiIndex.from_arrays([school, label]), sort=True)
    cuts = lowest_totals(points.sum(axis=1), np.asarray(pupils["mark"], dtype=np.int64))
    if len(organisations) < FEWEST_SCHOOLS or not len(cuts):
        return None
    journal = np.asarray(pupils["journal_mark"].astype("float64"), dtype=np.float64)
    procedure = Procedure(
        np.minimum(points, np.rint(maxima.to_numpy()).astype(np.int64)),
        np.maximum(np.rint(maxima.to_numpy()).astype(np.int64), points.max(axis=0)),
        cuts,
        school.astype(np.int64),
        room.astype(np.int64),
        _variants(pupils["variant"]),
        {"journal": journal} if np.isfinite(journal).any() else {},
    )
    classes = tuple((str(organisations[place]), str(name)) for place, name in rooms)
    return Written(subject, grade, procedure, tuple(str(one) for one in organisations), classes)


def lowest_totals(totals: Ints, marks: Ints) -> Ints:
    """Lowest totals of «3», «4» and «5» that stand in these results."""
    return np.array(sorted({int(totals[marks == mark].min()) for mark in CUTS if (marks == mark).any()}))


def _variants(labels: pd.Series) -> Ints | None:
    if labels.isna().any() or labels.nunique() < 2:
        return None
    return np.asarray(pd.factorize(labels, sort=True)[0], dtype=np.int64)
