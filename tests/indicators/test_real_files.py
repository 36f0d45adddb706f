"""Indicators of the real files against numbers read by eye or counted with nothing but csv and openpyxl."""

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline import tables
from pipeline.indicators.compute import compute
from pipeline.indicators.context import Context
from pipeline.ingest.layouts import LAYOUTS
from pipeline.ingest.layouts.declared import declared_layouts
from pipeline.ingest.privacy import Pseudonyms
from pipeline.ingest.reading import Door
from pipeline.ingest.workbook import open_workbook
from pipeline.settings import load_subjects
from tests.indicators.frames import PASSPORTS, PATHS, RULES, only

pytestmark = pytest.mark.real
REFERENCE = ("org_alias_kind", "org_alias_code", "org_name", "org_settlement")


def read(*files: Path, year: int | None = None) -> dict[str, pd.DataFrame]:
    """Clean tables of the files; the code of the source stands for our own org_id."""
    door = Door(load_subjects(PATHS), Pseudonyms(b"0" * 32), folder_year=year)
    found: dict[str, list[pd.DataFrame]] = {}
    for file in files:
        book = open_workbook(file)
        layout = next(layout for layout in (*LAYOUTS, declared_layouts(PATHS)) if layout.recognises(book))
        for name, frame in layout.read(book, door).tables.items():
            if name == "organisations":
                continue
            ready = frame.assign(org_id=frame["org_alias_code"])
            if "group" in ready.columns:
                ready["group"] = ready["group"].fillna(ready["org_id"])
            ready = ready.drop(columns=[column for column in REFERENCE if column in ready.columns])
            found.setdefault(name, []).append(tables.conform(name, ready))
    return {name: tables.combine(name, frames) for name, frames in found.items()}


def test_mark_statistics_as_the_file_states_them(real: Path) -> None:
    given = read(real / "vpr-fioko-layouts" / "F3_mark_statistics_RU4_2026.xlsx")
    name = "Урус-Мартановский муниципальный район"
    found = compute(given, PASSPORTS, Context("urus_martan", 2026, RULES, name, (name,)))
    twos = found[found["indicator"] == "vpr_mark_2"]
    assert {row["level"]: row["value"] for _, row in twos.iterrows()} == {
        "country": 0.0506,
        "region": 0.1344,
        "municipality": 0.1357,
        "organisation": 0.1236,
    }
    school = only(twos, level="organisation")
    assert (school["numerator"], school["denominator"], school["numerator_basis"]) == (11, 89, "recovered")
    assert only(twos, level="municipality")["group"] == "urus_martan"
    assert only(found, indicator="vpr_quality", level="municipality")["value"] == 0.3953  # 33.65 + 5.88
    assert only(found, indicator="vpr_participants", level="country")["value"] == 1722202


def test_journal_comparison_as_the_file_states_it(real: Path) -> None:
    given = read(real / "vpr-fioko-layouts" / "mark_vs_journal_MA4_2024.xlsx")
    name = "Урус-Мартановский муниципальный район"
    found = compute(given, PASSPORTS, Context("urus_martan", 2026, RULES, name, (name,)))
    town = found[found["level"] == "municipality"]
    shares = {row["indicator"]: (row["value"], row["numerator"]) for _, row in town.iterrows()}
    assert shares == {
        "journal_lowered": (0.4086, 1151),
        "journal_confirmed": (0.5666, 1596),
        "journal_raised": (0.0248, 70),
    }
    region = only(found, indicator="journal_lowered", level="region")
    assert (region["denominator"], region["lower"]) == (11011 + 17951 + 624, None)


def test_individual_results_recounted_with_openpyxl(real: Path) -> None:
    file = real / "vpr-fioko-layouts" / "F1_individual_RU4_2026.xlsx"
    book = openpyxl.load_workbook(file, read_only=True)
    rows = [row for row in book.worksheets[0].iter_rows(min_row=10, values_only=True) if row[3] is not None]
    book.close()
    marks = [(int(row[22]), int(row[23])) for row in rows]
    found = compute(read(file), PASSPORTS, Context("ensk", 2026, RULES, "Энск", ("Энский муниципальный район",)))
    town = found[(found["level"] == "municipality") & (found["task"] == "")]
    shares = town.set_index("indicator")["numerator"].to_dict()
    assert shares["vpr_mark_2"] == sum(mark == 2 for mark, _ in marks)
    assert shares["journal_lowered"] == sum(mark < journal for mark, journal in marks)
    assert shares["journal_gap_2"] == sum(abs(mark - journal) >= 2 for mark, journal in marks)
    first = only(found, indicator="vpr_task_rate", level="municipality", task="1")
    assert (first["numerator"], first["denominator"]) == (sum(int(row[6]) for row in rows), 2 * len(rows))


def test_marked_schools_of_dagestan(real: Path) -> None:
    found = compute(
        read(real / "vpr-dagestan-bias" / "bias.xlsx"), PASSPORTS, Context("dagestan", 2025, RULES, "Дагестан")
    )
    town = found[found["level"] == "municipality"]
    schools = town[town["indicator"] == "marked_schools"].set_index("school_year")["value"].to_dict()
    assert schools == {2023: 159, 2024: 148, 2025: 144}
    assert only(town, indicator="marked_three_years", school_year=2025)["value"] == 17


@pytest.mark.parametrize(("town", "printed"), [("Габрово", "ГАБРОВО"), ("Столична", "СТОЛИЧНА")])
def test_external_means_recounted_with_csv(real: Path, town: str, printed: str) -> None:
    """НВО, class 7, 2022: weighted means of a municipality and of the country, in Decimal, from the file itself."""
    file = real / "bulgaria-exams" / "nvo-7-2022.csv"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.reader(lines, delimiter=";")][1:]
    found = compute(
        read(file, year=2022),
        PASSPORTS,
        replace(
            Context("bg", 2022, RULES, town, (town,)), country="BG", means_allowed=True, means_reason="только средние"
        ),
    )
    means = found[found["indicator"] == "external_mean"]
    for subject, column in (("bulgarian", 5), ("mathematics", 7)):
        for level, chosen in (("municipality", [row for row in rows if row[1] == printed]), ("country", rows)):
            pairs = [(int(row[column]), Decimal(row[column + 1].replace(",", "."))) for row in chosen if row[column]]
            row = only(means, subject=subject, level=level)
            pupils = sum(n for n, _ in pairs)
            assert row["n"] == pupils
            assert row["value"] == pytest.approx(float(sum(n * mean for n, mean in pairs) / pupils), abs=1e-9)
            assert (row["status"], row["lower"]) == ("spread_unknown", None)
    schools = means[(means["level"] == "organisation") & (means["subject"] == "mathematics")]
    assert len(schools) == sum(row[1] == printed for row in rows)
