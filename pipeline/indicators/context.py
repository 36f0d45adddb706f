"""What an indicator is computed for: the territory, its organisations, the comparators, the rules in force."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline import tables as schema
from pipeline.errors import WorkspaceError
from pipeline.indicators.codes import Coded
from pipeline.indicators.final_wave import FINAL, with_final
from pipeline.indicators.norms import Rules
from pipeline.indicators.sheets import Sheet, read_sheet
from pipeline.indicators.vocabulary import ITEMS

TESTS = ["procedure", "school_year", "wave", "subject", "grade"]
PLACE = ["org_id", "municipality", "region"]
SHEET = ["source_file", "source_sheet"]
FACTS = ["scale", "max_score", "exam_date"]
TOLD_APART = [*TESTS, *PLACE, *SHEET, *FACTS]


@dataclass(frozen=True)
class Context:
    """`municipalities` are the spellings or codes under which files name the territory; empty: all rows are its own.

    Means of scores are computed only where the profile allows them and says why. `roadmap`: key of every item of the
    territory's roadmap → code of its direction.
    """

    territory: str
    report_year: int
    rules: Rules
    municipality_label: str = ""
    municipalities: tuple[str, ...] = ()
    country: str = "RU"
    country_label: str = "РФ"
    means_allowed: bool = False
    means_reason: str = ""
    confidence: float = 0.95
    roadmap: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.means_allowed and not self.means_reason:
            raise WorkspaceError(
                "Профиль территории разрешает средние баллы, но не говорит почему.",
                advice="заполните means_of_scores.reason в профиле территории или снимите разрешение.",
            )


@dataclass(frozen=True)
class Scope:
    """Clean tables up to the report year, and what tells the territory's own rows from all others.

    `places` has a row per organisation (municipality, region, label), `tests` a row per test (scale,
    max_score, exam_date); `worked_out` is what was found out of the tables on the way.
    """

    context: Context
    tables: Mapping[str, pd.DataFrame]
    places: pd.DataFrame
    tests: pd.DataFrame
    worked_out: Mapping[str, Coded] = field(default_factory=dict)

    @cached_property
    def coded(self) -> Mapping[str, Coded]:
        """The tables as codes; what was worked out of a table serves as long as it is the same table."""
        held = self.worked_out
        return {
            name: held[name] if name in held and held[name].frame is frame else Coded(frame, TOLD_APART)
            for name, frame in self.tables.items()
        }

    @cached_property
    def sheets(self) -> Mapping[str, Sheet]:
        """Answers of the territory's own organisations in the collection form, by table of items."""
        return {name: read_sheet(frame[self.own(frame)]) for name, frame in self.tables.items() if name in ITEMS}

    @cached_property
    def respondents(self) -> frozenset[tuple[int, str]]:
        """(school year, organisation) with an answer in any sheet of the collection form."""
        return frozenset(key for sheet in self.sheets.values() for part in sheet.values() for key in part)

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        known = self.places["label"].dropna()
        return dict(zip(known.index, known, strict=True))

    def group_label(self, level: str, group: str) -> str:
        """The municipality or an organisation as it is printed."""
        if level == "municipality":
            return self.context.municipality_label or group
        return self._labels.get(group, group)

    def located(self, frame: pd.DataFrame, column: str) -> pd.Series:
        """Municipality or region of each row: as the row says, else as known of its organisation."""
        known = frame["org_id"].map(self.places[column]).astype("str")
        return frame[column].fillna(known) if column in frame.columns else known

    def own(self, frame: pd.DataFrame) -> NDArray[np.bool_]:
        """Rows of the territory. A row that names no municipality came with the territory's own files."""
        named = self.located(frame, "municipality")
        return self.is_own(named) | named.isna().to_numpy()

    def is_own(self, names: pd.Series) -> NDArray[np.bool_]:
        """Which names are the territory's; a missing name is not."""
        present = names.dropna().unique()
        if not self.context.municipalities:
            return names.notna().to_numpy()
        wanted = {plain(name) for name in self.context.municipalities}
        hits = {name for name in present if wanted & {plain(name), *codes(name)}}
        return np.asarray(names.isin(hits), dtype=bool)

    def gathered(self, frame: pd.DataFrame, level: str) -> pd.DataFrame:
        """The rows behind values of one level, with `level`, `group` and `group_label` set.

        organisation and municipality: the territory's rows; region: rows of the territory's region; country: all.
        """
        if level == "country":
            context = self.context
            return frame.assign(level=level, group=context.country, group_label=context.country_label)
        if level == "region":
            region = self.located(frame, "region")
            mine = region[self.own(frame)].dropna().unique()
            rows = frame.assign(level=level, group=region, group_label=region)
            return rows[region.isin(mine)]
        rows = frame[self.own(frame)]
        if level == "municipality":
            territory = self.context.territory
            return rows.assign(level=level, group=territory, group_label=self.context.municipality_label or territory)
        label = rows["org_id"].map(self.places["label"]).astype("str").fillna(rows["org_id"])
        return rows.assign(level=level, group=rows["org_id"], group_label=label)


def build_scope(given: Mapping[str, pd.DataFrame], context: Context, *, after_resits: bool = False) -> Scope:
    """Cut the tables at the report year and gather what is known of organisations and tests.

    `after_resits`: results have the rows of the wave `final` too, so that nothing is worked out twice.
    """
    cut = {name: given[name] if name in given else schema.empty(name) for name in schema.CLEAN}
    for name, frame in cut.items():
        if "school_year" in frame.columns:
            known = (frame["school_year"] <= context.report_year).to_numpy(dtype=bool)
            cut[name] = frame if known.all() else frame[known]
    if after_resits:
        cut["results"] = with_final(cut["results"])
    coded = {name: Coded(frame, TOLD_APART) for name, frame in cut.items()}
    return Scope(context, cut, _places(coded), _tests(coded), coded)


def foreign_municipalities(given: Mapping[str, pd.DataFrame], context: Context) -> tuple[str, ...]:
    """Municipalities that results of pupils name and the territory's profile does not: their rows are left out.

    A code of a regional centre («209») belongs in the profile beside the name.
    """
    scope = build_scope(given, context)
    names = scope.located(scope.tables["results"], "municipality")
    return tuple(sorted(names[names.notna() & ~scope.is_own(names)].unique()))


def plain(name: str) -> str:
    """A name without case, code suffix, «ё» and doubled spaces."""
    return " ".join(re.sub(r"\([A-Za-z0-9_]+\)\s*$", "", name).casefold().replace("ё", "е").split())


def codes(name: str) -> set[str]:
    """The code a source prints after a name: «… район(reg20_m012)»."""
    return set(re.findall(r"\(([a-z0-9_]+)\)\s*$", name.casefold()))


def _places(coded: Mapping[str, Coded]) -> pd.DataFrame:
    """One row per organisation, the register first, then what the files with results say."""
    published = coded["group_results"].distinct(["level", *PLACE, "group_label"])
    published = published[published["level"] == "organisation"].rename(columns={"group_label": "label"})
    frames = [
        coded["organisations"].distinct([*PLACE, "name"]).rename(columns={"name": "label"}),
        published,
        coded["results"].distinct(PLACE),
        coded["marked_schools"].distinct(PLACE),
    ]
    together = pd.concat([frame.reindex(columns=[*PLACE, "label"]).astype("object") for frame in frames])
    return together.groupby("org_id", sort=False).first().astype("str")


def _tests(coded: Mapping[str, Coded]) -> pd.DataFrame:
    """Scale, maximum and date of each test: the first that a file states."""
    frames = [coded[name].distinct([*TESTS, *FACTS]) for name in ("results", "group_results")]
    together = pd.concat([frame for frame in frames if len(frame)] or frames[:1])
    together = together[together["wave"] != FINAL]
    return together.groupby(TESTS, sort=False).first().reset_index()
