"""What docs/demo.md says is planted is there, recounted from the written files by another way than our readers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from pipeline.demo import truths
from pipeline.demo.answers import answers
from pipeline.demo.exams import write_oge
from pipeline.demo.pupils import Population
from pipeline.demo.sample import SEED, YEARS
from pipeline.demo.territory import SCHOOLS
from pipeline.demo.vpr import write_vpr
from pipeline.demo.vpr_works import works
from pipeline.ingest.layouts.form_item_page import Key
from tests.structure.checkout import ROOT

Marks = dict[tuple[int, str, int], Counter[int]]  # (year, subject, school) → marks
DOCUMENT = (ROOT / "docs" / "demo.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def last_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vpr")
    write_vpr(folder, Population(SEED), YEARS[-1])
    return folder


@pytest.fixture(scope="module")
def oge(tmp_path_factory: pytest.TempPathFactory) -> Marks:
    """Marks counted in the cells of the protocols: the school in column 2, the mark in column 21."""
    found: Marks = defaultdict(Counter)
    folder = tmp_path_factory.mktemp("oge")
    for year in YEARS:
        rows = cells(write_oge(folder, Population(SEED), year))
        subject = ""
        for row in rows:
            if isinstance(row[0], str) and " - " in row[0]:
                subject = row[0].split(" - ")[1].rsplit(" ", 1)[0]
            elif len(row) > 20 and isinstance(row[20], int):
                found[year, subject, int(str(row[1])) - 101000][row[20]] += 1
    return found


def cells(path: Path) -> list[list[object]]:
    rows: list[list[object]] = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return rows


def failed(marks: Marks, year: int, subject: str, schools: Iterable[int]) -> float:
    """Share of «2»."""
    counts = sum((marks[year, subject, school] for school in schools), Counter())
    return counts[2] / counts.total()


EVERYBODY = [school.number for school in SCHOOLS]
OTHERS = [number for number in EVERYBODY if number != truths.LOW_SCHOOL]


@pytest.mark.parametrize("subject", ["Русский язык", "Математика"])
def test_the_low_school_fails_at_least_twice_as_often_over_the_years(oge: Marks, subject: str) -> None:
    low = [failed(oge, year, subject, [truths.LOW_SCHOOL]) for year in YEARS]
    rest = [failed(oge, year, subject, OTHERS) for year in YEARS]
    assert sum(low) > 2 * sum(rest)
    assert sum(one > other for one, other in zip(low, rest, strict=True)) >= 4


def test_the_low_school_is_low_in_vpr_too(last_year: Path) -> None:
    """«Статистика по отметкам» prints percents of «2» in column D; the label says the school."""
    above = 0
    for number in range(2_826_001, 2_826_052, 10):
        printed = {str(row[0]): row[3] for row in cells(last_year / f"{number}.xlsx")[8:]}
        own = next(value for label, value in printed.items() if "edu990005" in label)
        above += own > 1.5 * next(value for label, value in printed.items() if "reg99_m001" in label)
    assert above >= 5


def test_the_share_of_failures_in_mathematics_falls_and_in_russian_does_not(oge: Marks) -> None:
    mathematics = [failed(oge, year, truths.OGE_TREND_SUBJECT, EVERYBODY) for year in YEARS]
    assert mathematics == sorted(mathematics, reverse=True)
    assert mathematics[0] - mathematics[-1] > 0.04
    russian = [failed(oge, year, "Русский язык", EVERYBODY) for year in YEARS]
    assert max(russian) - min(russian) < 0.015


said = cache(lambda year: answers(Population(SEED), year))


def sums(table: str, item: str, schools: Iterable[int]) -> list[float]:
    """An item of the form summed over schools and breakdowns, year by year."""
    wanted = {f"demo-{number:02d}" for number in schools}
    found = []
    for year in YEARS:
        sheet = said(year)[table]
        found.append(sum(a.value or 0 for key, a in sheet.items() if key.item == item and key.org_id in wanted))
    return found


def share(table: str, item: str, whole: str, schools: Iterable[int]) -> list[float]:
    both = zip(sums(table, item, schools), sums(table, whole, schools), strict=True)
    return [part / total for part, total in both]


def test_career_diagnostics_reach_more_every_year_and_excursions_do_not() -> None:
    diagnosed = share("career", "diagnostics", "pupils_6_11", EVERYBODY)
    assert diagnosed == sorted(diagnosed)
    assert diagnosed[-1] - diagnosed[0] > 0.15
    excursions = share("career", "excursions", "pupils_6_11", EVERYBODY)
    assert max(excursions) - min(excursions) < 0.04


def test_the_measure_against_absences_worked_in_its_schools_only() -> None:
    inside = share(truths.WORKED_TABLE, truths.WORKED_ITEM, "pupils_start", truths.WORKED_SCHOOLS)
    outside = share(
        truths.WORKED_TABLE, truths.WORKED_ITEM, "pupils_start", set(EVERYBODY) - set(truths.WORKED_SCHOOLS)
    )
    before, after = YEARS.index(truths.MEASURE_FROM - 1), YEARS.index(truths.MEASURE_FROM)
    assert max(inside[after:]) < 0.6 * min(inside[: before + 1])
    assert max(outside) / min(outside) < 1.25


def test_extra_mathematics_followed_a_bad_year_and_changed_nothing(oge: Marks) -> None:
    """Against the schools without the measure, as far below in 2025–2026 as they were in 2022–2023."""
    subject, idle = truths.OGE_TREND_SUBJECT, truths.IDLE_SCHOOLS
    rest = [number for number in OTHERS if number not in idle]
    gap = {year: failed(oge, year, subject, idle) - failed(oge, year, subject, rest) for year in YEARS}
    assert gap[truths.IDLE_BAD_YEAR] > 0.1
    before, after = (gap[2022] + gap[2023]) / 2, (gap[2025] + gap[2026]) / 2
    assert abs(after - before) < 0.04


def totals(path: Path, login: str) -> list[int]:
    """Primary scores of a school in «Индивидуальные результаты»: the third column from the right."""
    return [int(float(str(row[-3]))) for row in cells(path)[9:] if row[0] == login]


@pytest.mark.parametrize(("file", "grade"), [("2826013.xlsx", 4), ("2826053.xlsx", 8)])
def test_scores_of_the_helped_school_heap_just_above_the_bounds(last_year: Path, file: str, grade: int) -> None:
    work = next(work for work in works(2026) if (work.subject, work.grade) == ("Математика", grade))
    above = {bound + 1 for bound in work.bounds}
    below = {bound - step for bound in work.bounds for step in (0, 1)}
    own = totals(last_year / file, "edu990006")
    rest = [score for number in (2, 3, 7, 8) for score in totals(last_year / file, f"edu990{number:03d}")]

    def ratio(scores: list[int]) -> float:
        return sum(score in above for score in scores) / max(1, sum(score in below for score in scores))

    assert len(own) > 40
    assert ratio(own) > 3 * ratio(rest)


def test_its_exams_do_not_confirm_the_help(oge: Marks) -> None:
    number, subject = truths.HELPED_SCHOOL, truths.OGE_TREND_SUBJECT

    def good(years: Iterable[int], schools: Iterable[int]) -> float:
        counts = sum((oge[year, subject, one] for year in years for one in schools), Counter())
        return (counts[4] + counts[5]) / counts.total()

    rest = [one for one in OTHERS if one != number]
    before = good((2022, 2023, 2024), [number]) - good((2022, 2023, 2024), rest)
    after = good((2025, 2026), [number]) - good((2025, 2026), rest)
    assert abs(after) < 0.1
    assert abs(after - before) < 0.1


def test_the_mistake_of_the_form_is_a_part_above_its_whole() -> None:
    org_id = f"demo-{truths.MISTAKE_SCHOOL:02d}"
    sheet = answers(Population(SEED), truths.MISTAKE_YEAR)[truths.MISTAKE_TABLE]
    whole = sheet[Key(org_id, "year", "", truths.MISTAKE_WHOLE)].value
    assert whole is not None
    assert whole < truths.MISTAKE_VALUE


def test_the_document_names_what_is_planted() -> None:
    names = {school.number: school.name for school in SCHOOLS}
    planted = (truths.LOW_SCHOOL, truths.HELPED_SCHOOL, truths.MISTAKE_SCHOOL)
    for number in (*planted, *truths.WORKED_SCHOOLS, *truths.IDLE_SCHOOLS, 11, 12):
        assert names[number].split("«")[1].rstrip("»").replace("№ ", "№\u00a0") in DOCUMENT
    for word in (str(truths.MISTAKE_VALUE), "career_diagnostics", "absent_often", "oge_below_minimum", str(SEED)):
        assert word in DOCUMENT
