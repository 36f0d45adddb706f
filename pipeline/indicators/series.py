"""Which values may be compared over the years: one series key, and where it breaks."""

from __future__ import annotations

import re
from typing import Literal

import pandas as pd
from pydantic import StrictInt

from pipeline.indicators.codes import Coded
from pipeline.settings import Strict

SeriesKind = Literal["test", "register", "single_year"]
FACTS = ["procedure", "subject", "grade", "school_year", "scale", "max_score", "exam_date"]
MARKED = {"vpr", "oge", "ege", "gve"}  # their scale of marks does not tell the maximum of the test
LINE = ["indicator", "territory", "procedure", "subject", "grade", "level", "group", "task", "category"]


class Programme(Strict):
    """A sitting in these calendar years and months tested the programme of another class."""

    procedure: str
    calendar_years: tuple[StrictInt, ...]
    months: tuple[StrictInt, ...]
    grade_shift: StrictInt
    source: str


class Version(Strict):
    """From this school year the test of the procedure is another one."""

    procedure: str
    from_year: StrictInt
    version: str
    source: str


class SeriesRules(Strict):
    """config/norms/series.yml. `complete_scales`: procedures whose scale id already tells scales with another maximum
    apart, so that a file which does not print the maximum makes no break."""

    programme: tuple[Programme, ...] = ()
    versions: tuple[Version, ...] = ()
    complete_scales: tuple[str, ...] = ()

    def shift(self, procedure: str, exam_date: str) -> int:
        """By how many classes the tested programme differs from the class that sat."""
        year, month = _year_and_month(exam_date)
        found = (
            rule.grade_shift
            for rule in self.programme
            if rule.procedure == procedure and year in rule.calendar_years and month in rule.months
        )
        return next(found, 0)

    def breaks_lost_in(self, other: SeriesRules) -> tuple[str, ...]:
        """Breaks of these rules that others do not make, in words; the wording of a source may differ."""
        kept_versions = {(rule.procedure, rule.from_year) for rule in other.versions}
        kept_programmes = {(rule.procedure, *rule.calendar_years, *rule.months) for rule in other.programme}
        scaled = set(other.complete_scales) - set(self.complete_scales)
        return (
            *(
                f"{rule.procedure} с {rule.from_year} года"
                for rule in self.versions
                if (rule.procedure, rule.from_year) not in kept_versions
            ),
            *(
                f"{rule.procedure}, осень {', '.join(map(str, rule.calendar_years))}"
                for rule in self.programme
                if (rule.procedure, *rule.calendar_years, *rule.months) not in kept_programmes
            ),
            *(f"{name}: наибольший балл" for name in sorted(scaled & MARKED)),
        )

    def version(self, procedure: str, school_year: int) -> str:
        """The newest version of the test in force that year; empty before the first declared one."""
        known = [rule for rule in self.versions if rule.procedure == procedure and rule.from_year <= school_year]
        return max(known, key=lambda rule: rule.from_year).version if known else ""


def series_keys(facts: pd.DataFrame, kind: SeriesKind, rules: SeriesRules) -> pd.Series:
    """Key `procedure|subject|programme grade|version|scale` for each row of FACTS.

    kind test: as above; register: procedure, subject and grade alone (numbers of participants, official lists);
    single_year: every year is a series of its own (numbers of tasks change their content each year).
    """
    coded = Coded(facts)
    distinct = coded.distinct(FACTS)
    plain = distinct.astype("object").where(distinct.notna(), "")
    keys = [_key(dict(zip(FACTS, row, strict=True)), kind, rules) for row in plain.to_numpy()]
    return pd.Series(keys, dtype="str").take(coded.grouped(FACTS).number).set_axis(facts.index)


def breaks(indicators: pd.DataFrame) -> pd.DataFrame:
    """Rows whose series differs from the previous year's row of the same line, with `previous_year` and `previous`.

    Years without a value are no rows of a line: a gap is not a break.
    """
    held = indicators[indicators["value"].notna()].sort_values([*LINE, "school_year"], kind="stable")
    lines = held.groupby(LINE, sort=False)
    held = held.assign(previous_year=lines["school_year"].shift(), previous=lines["series"].shift())
    changed = held["previous"].notna() & (held["previous"] != held["series"])
    return held[changed].reset_index(drop=True)


def _key(facts: dict[str, object], kind: SeriesKind, rules: SeriesRules) -> str:
    procedure, grade, year = str(facts["procedure"]), int(str(facts["grade"])), int(str(facts["school_year"]))
    start = [procedure, str(facts["subject"])]
    if kind == "register":
        return "|".join([*start, str(grade), "", ""])
    programme = str(grade + rules.shift(procedure, str(facts["exam_date"])))
    version = str(year) if kind == "single_year" else rules.version(procedure, year)
    scale = [str(facts["scale"])] if facts["scale"] else []
    if facts["max_score"] != "" and not (scale and procedure in rules.complete_scales):
        scale.append(f"{float(str(facts['max_score'])):g}")
    return "|".join([*start, programme, version, ":".join(scale)])


def _year_and_month(text: str) -> tuple[int, int]:
    """Year and month of a date printed as 2020-10-05 or 05.10.2020; zeros when it is neither."""
    if found := re.match(r"(\d{4})-(\d{2})", text):
        return int(found[1]), int(found[2])
    if found := re.match(r"\d{1,2}\.(\d{2})\.(\d{4})", text):
        return int(found[2]), int(found[1])
    return 0, 0
