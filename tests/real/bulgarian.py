"""Reports of Bulgarian municipalities against a recount of the national files by the csv module alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.real import added, recount, workspace
from tests.real.evidence import indicator_rows, number, plain
from tests.real.running import Made, Tally

NAMES = {"gabrovo": "габрово", "stolichna": "столична"}
YEARS = range(2018, 2024)
# What was estimated of schools together carries one: «+6,7 (0,7–12,8)», «выше линии страны на 6,4 (5,1–7,7)».
DIFFERENCE = re.compile(r"(?:[+−]|страны на |около )\d+,\d+ \(\d[^)]*\)")
INTERVAL = re.compile(r"\d \(\d+(?:,\d+)?–\d+(?:,\d+)?\)")
# class → years whose tests have another scale than the year before
BREAKS = {7: {2019}, 4: {2021}, 12: {2022}, 10: set[int]()}
TWICE = 207
Means = dict[recount.Test, tuple[int, float]]


def check(made: Made, real: Path, tally: Tally) -> None:
    folder = real / workspace.BULGARIA
    rows = indicator_rows(made.workspace, made.territory, made.year)
    means = [row for row in rows if row["indicator"] == "external_mean"]
    _schools(made, folder, means, tally)
    _means("municipality", recount.weighted_means(folder, NAMES[made.territory]), means, tally)
    _means("country", recount.weighted_means(folder), means, tally)
    _no_interval(made, means, tally)
    _breaks(made, means, tally)
    _files(made, folder, tally)
    added.check(made, folder, NAMES[made.territory], tally)
    if made.territory == "stolichna":
        _sofia_once(folder, rows, tally)


def _schools(made: Made, folder: Path, means: list[dict[str, Any]], tally: Tally) -> None:
    """Each school and subject of 2023 in the data file; of every year in the table of indicators."""
    wanted = recount.schools(folder, made.year, NAMES[made.territory])
    shown = {
        (_code(row["group"]), int(row["grade"]), row["subject"]): row
        for row in made.report.rows("01_external_schools.csv")
        if row["indicator"] == "external_mean" and row["value"]
    }
    off = [key for key, value in wanted.items() if key not in shown or not _same(shown[key], value)]
    kinds = f"{len({key[0] for key in wanted})} schools, {len({key[1:] for key in wanted})} exams"
    tally.check(
        f"data/01_external_schools.csv: all {len(wanted)} values of {made.year} ({kinds}) and no other",
        set(shown) == set(wanted) and not off and len(wanted) > 60,
        (sorted(set(shown) ^ set(wanted))[:5], off[:5]),
    )
    for year in YEARS:
        stated = recount.schools(folder, year, NAMES[made.territory])
        computed = {
            (_code(row["group"]), row["grade"], row["subject"]): (row["n"], row["value"])
            for row in means
            if row["level"] == "organisation" and row["school_year"] == year and row["value"] is not None
        }
        differ = sorted(key for key in set(stated) | set(computed) if stated.get(key) != computed.get(key))
        tally.check(
            f"indicators: all {len(stated)} values of schools of {year}", bool(stated) and not differ, differ[:5]
        )


def _code(group: str) -> str:
    """`p-bg-700115` → 700115."""
    return group.rpartition("-")[2]


def _same(row: dict[str, str], value: tuple[int, float]) -> bool:
    return (int(row["n"]), number(row["value"])) == value


def _means(
    level: str, wanted: dict[recount.Test, tuple[int, float]], means: list[dict[str, Any]], tally: Tally
) -> None:
    """Weighted means of every class, subject and year agree with the recount; none is missing, none is invented."""
    computed = {
        (row["grade"], row["subject"], row["school_year"]): (row["n"], row["value"])
        for row in means
        if row["level"] == level and row["value"] is not None
    }
    differ = {key for key in set(wanted) | set(computed) if not _agree(wanted.get(key), computed.get(key))}
    worst = max((abs(wanted[key][1] - computed[key][1]) for key in set(wanted) & set(computed)), default=0.0)
    tally.check(
        f"{level}: {len(wanted)} means weighted by participants agree with the csv recount to {worst:.1e}",
        {key[2] for key in wanted} == set(YEARS) and not differ,
        [(key, wanted.get(key), computed.get(key)) for key in sorted(differ)[:5]],
    )


def _agree(wanted: tuple[int, float] | None, computed: tuple[int, float] | None) -> bool:
    if wanted is None or computed is None:
        return False
    return wanted[0] == computed[0] and abs(wanted[1] - computed[1]) <= 1e-9


def _no_interval(made: Made, means: list[dict[str, Any]], tally: Tally) -> None:
    with_value = [row for row in means if row["value"] is not None]
    statuses = {row["status"] for row in with_value}
    tally.same(f"all {len(with_value)} means say spread_unknown", statuses, {"spread_unknown"})
    bounds = [row for row in means if row["lower"] is not None or row["upper"] is not None or row["confidence"]]
    tally.same("no mean has an interval", bounds, [])
    tally.check("every mean has its number of participants", all(row["n"] for row in with_value))
    named = [row for name in ("01_external_schools.csv", "01_external_years.csv") for row in made.report.rows(name)]
    tally.check("nor has any row of the data files", not any(row["lower"] or row["upper"] for row in named))
    chapter = made.report.chapter("Оценка качества подготовки обучающихся")
    tally.same("no interval is printed beside a mean", INTERVAL.findall(DIFFERENCE.sub("", chapter)), [])
    tally.check("nor is an interval explained there", "Интервалы учитывают" not in chapter)
    tally.check("the page says that the spread is not published", "без разброса" in made.report.page.casefold())


def _breaks(made: Made, means: list[dict[str, Any]], tally: Tally) -> None:
    """The series of bulgarian and mathematics change in the years whose scale changed, and in no other."""
    for grade, wanted in BREAKS.items():
        for subject in ("bulgarian", "mathematics"):
            own = {
                row["school_year"]: row["series"]
                for row in means
                if (row["level"], row["grade"], row["subject"]) == ("municipality", grade, subject)
            }
            years = sorted(own)
            changed = {year for before, year in zip(years, years[1:], strict=False) if own[before] != own[year]}
            tally.same(f"class {grade}, {subject}: the series {years} breaks in {sorted(wanted)}", changed, wanted)
    charted = {(row["panel"], row["year"]): row["series"] for row in made.report.rows("01_external_years.csv")}
    tally.check("the data behind the chart of years carries the series", len(set(charted.values())) > len(BREAKS))
    tally.check("the page says that a line is broken", "прерван" in made.report.page)


def _files(made: Made, folder: Path, tally: Tally) -> None:
    """All 21 files with their rows in the inventory; the schools of Sofia that stand in two files once, reported."""
    rows = {Path(row["file"]).stem: int(row["rows"]) for row in made.report.rows("00_files.csv")}
    wanted = {name: len(recount.recount(folder, name)) for name in recount.FILES}
    tally.same(f"inventory: {len(wanted)} files, {sum(wanted.values())} rows", rows, wanted)
    twice = [row for row in made.report.rows("00_checks.csv") if row["id"] == "same_rows_in_two_files"]
    said = f"организаций {TWICE}; учтены один раз"
    tally.check(
        f"the {TWICE} schools of Sofia are reported once", len(twice) == 1 and said in twice[0]["message"], twice
    )
    chapter = made.report.chapter("Качество исходных данных")
    tally.check("… in the chapter on quality of data too", said in plain(chapter))


def _sofia_once(folder: Path, rows: list[dict[str, Any]], tally: Tally) -> None:
    """Class 7 of 2022 stands in two files: as many schools are counted as the national one has."""
    codes = {code for code, grade, _ in recount.schools(folder, 2022, NAMES["stolichna"]) if grade == 7}
    wanted = ("external_orgs", "municipality", 7, 2022)
    keys = ("indicator", "level", "grade", "school_year")
    seen = {row["value"] for row in rows if tuple(row[key] for key in keys) == wanted}
    tally.same(f"… and counted once: {len(codes)} schools of class 7 in 2022", seen, {float(len(codes))})
