"""Points of pupils by tasks of one ВПР work, as classical analysis and comparison of schools read them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.directions.chapter import Inputs
from pipeline.statistics import items

PUPIL = ["wave", "org_id", "participant"]
EARNED = ("observed", "not_attempted")  # a task left out earned nothing; of an absent pupil it is not known
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Points:
    """Tasks in the order of the test. `points`: pupils × tasks, nan where a pupil did not have the task; `skipped`:
    where the pupil had it and gave no answer; `variant` empty where it is not known of everybody."""

    subject: str
    grade: int
    tasks: tuple[str, ...]
    levels: tuple[str, ...]
    maxima: tuple[float, ...]
    points: Floats
    skipped: NDArray[np.bool_]
    organisation: tuple[str, ...]
    variant: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        return f"vpr_{self.subject}_{self.grade}"

    def of(self, wanted: NDArray[np.bool_]) -> Points:
        """Some of the pupils."""
        names = tuple(np.array(self.organisation, dtype=object)[wanted])
        variants = tuple(np.array(self.variant, dtype=object)[wanted]) if self.variant else ()
        same = (self.subject, self.grade, self.tasks, self.levels, self.maxima)
        return Points(*same, self.points[wanted], self.skipped[wanted], names, variants)

    def nothing_earned(self) -> tuple[Floats, Floats]:
        """Shares, of those who had the task, who wrote and earned nothing and who gave no answer."""
        had = np.isfinite(self.points).sum(axis=0)
        skipped = self.skipped.sum(axis=0)
        zeros = ((self.points == 0) & ~self.skipped).sum(axis=0)
        with np.errstate(invalid="ignore"):
            return zeros / had, skipped / had

    def analysed(self) -> items.TestAnalysis:
        """The whole test; correlations inside the variants where they are known."""
        return items.analyse(
            self.points, self.maxima, self.tasks, not_attempted=self.skipped, variant=self.variant or None
        )


def read(inputs: Inputs, subject: str, grade: int) -> Points | None:
    """The work of the report year; None without points of pupils."""
    scores = inputs.clean["task_scores"]
    year = inputs.settings.school_year
    chosen = scores[
        (scores["procedure"] == "vpr")
        & (scores["school_year"] == year)
        & (scores["subject"] == subject)
        & (scores["grade"] == grade)
        & scores["state"].isin(EARNED)
        & scores["max_score"].notna()
    ]
    if chosen.empty:
        return None
    value = chosen["score"].astype("float64").where(chosen["state"] == "observed", 0.0)
    ready = chosen.assign(value=value, skipped=(chosen["state"] == "not_attempted").astype(float))
    tasks = ready.groupby("task")["task_order"].min().sort_values(kind="stable").index
    points, skipped = (_wide(ready, name, tasks) for name in ("value", "skipped"))
    by_task = ready.groupby("task").agg(most=("max_score", "max"), level=("task_level", "first")).reindex(tasks)
    return Points(
        subject,
        grade,
        tuple(str(task) for task in tasks),
        tuple("" if pd.isna(level) else str(level) for level in by_task["level"]),
        tuple(by_task["most"].astype(float)),
        points.to_numpy(dtype=float),
        skipped.fillna(0.0).to_numpy(dtype=float) > 0,
        tuple(str(one) for one in points.index.get_level_values("org_id")),
        _variants(inputs, points.index, subject, grade),
    )


def _wide(ready: pd.DataFrame, column: str, tasks: pd.Index) -> pd.DataFrame:
    return ready.pivot_table(index=PUPIL, columns="task", values=column, aggfunc="first").reindex(columns=tasks)


def _variants(inputs: Inputs, pupils: pd.Index, subject: str, grade: int) -> tuple[str, ...]:
    """The variant of each pupil; empty unless all have one and there are at least two."""
    results = inputs.clean["results"]
    own = results[
        (results["procedure"] == "vpr")
        & (results["school_year"] == inputs.settings.school_year)
        & (results["subject"] == subject)
        & (results["grade"] == grade)
    ]
    found = own.drop_duplicates(PUPIL).set_index(PUPIL)["variant"].reindex(pupils)
    if found.isna().any() or found.nunique() < 2:
        return ()
    return tuple(found.astype(str))
