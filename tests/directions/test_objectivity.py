"""Panels of chapter 02: later exam of a cohort, olympiad, medals, heaps of ОГЭ, stable absence, indices together."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from pipeline.directions.chapter import Inputs
from pipeline.directions.panels import (
    answers,
    bias_index,
    cohort_results,
    later_exam,
    medals,
    oge_heap,
    olympiad_confirmed,
    signs_beside,
    stable_absence,
)
from pipeline.directions.panels.panel import Panel
from pipeline.presentation.blocks import Paragraphs, TableBlock, plain
from pipeline.presentation.text import NARROW, NBSP
from tests.directions import test_signs
from tests.directions.inputs import SOURCE, frame, inputs, share

FORBIDDEN = ("списыв", "нарушил", "виновн", "худш", "лучш", "фальсиф")
SCHOOLS = 12
FALLING = 11


def words(text: Any) -> str:
    return (text if isinstance(text, str) else plain(text)).replace(NBSP, " ").replace(NARROW, " ")


def spoken(panel: Panel) -> str:
    blocks = [block.payload() for block in (*panel.monitoring, *panel.analysis)]
    return words(json.dumps([*blocks, *(plain(one.statement) for one in panel.findings)], ensure_ascii=False))


def table(panel: Panel) -> TableBlock:
    (found,) = (block for block in panel.monitoring if isinstance(block, TableBlock))
    return found


def sentence(panel: Panel) -> str:
    (found,) = (block for block in panel.monitoring if isinstance(block, Paragraphs))
    return words(found.items[0])


def public(given: Inputs) -> Inputs:
    return replace(given, settings=given.settings.model_copy(update={"edition": "public"}))


# --- ВПР and the ОГЭ of the same cohort --------------------------------------------------------------------------


def cohort(fall: bool, years: tuple[int, ...] = (2025, 2026), size: int = 60) -> Inputs:
    """Half of the pupils have «4» or «5» in both; the last school has fifty of sixty in ВПР when `fall`."""
    rows = []
    for year in years:
        for school in range(SCHOOLS):
            org = {"level": "organisation", "group": f"s{school}", "group_label": f"Школа {school}"}
            good = size * 5 // 6 if fall and school == FALLING else size // 2
            vpr = {"procedure": "vpr", "grade": 8, "school_year": year - 1}
            rows.append(share(good, size, "vpr_quality", **vpr, **org))
            rows.append(share(size // 2, size, "oge_quality", procedure="oge", grade=9, school_year=year, **org))
    return inputs("objectivity", *rows)


def test_the_school_whose_exam_does_not_confirm_is_named_and_no_other() -> None:
    given = cohort(fall=True)
    found = cohort_results.compared(given)
    assert found is not None
    panel = later_exam.panel(given, found)
    (finding,) = panel.findings
    assert finding.org_id == f"s{FALLING}"
    # Others keep their odds, so five sixths of 120 are expected; the average over what is not
    # sure of a share draws it a little to the middle.
    assert "60 из 120, а по ВПР тех же выпусков ожидалось около 99" in words(finding.statement)
    assert all(
        run.key
        for run in finding.statement
        if any(
            sign.isdigit() for sign in run.text.replace("«4»", "").replace("«5»", "").replace(f"Школа {FALLING}", "")
        )
    )
    assert [words(cell.text) for cell in table(panel).rows[0]] == [
        "Школа 11: русский язык",
        "2025",
        "50 из 60 (2024, 8 класс)",
        "30 из 60",
        "49",
        "39 %",
    ]
    assert "основание для перепроверки" in sentence(panel)
    assert not [word for word in FORBIDDEN if word in spoken(panel).lower()]


def test_nobody_is_named_where_exams_confirm() -> None:
    given = cohort(fall=False)
    panel = later_exam.panel(given, cohort_results.compared(given))
    assert panel.findings == ()
    assert "Ни в одной" in sentence(panel)
    assert "не связаны кодами" in spoken(panel)


@pytest.mark.parametrize(
    "given",
    [inputs("objectivity"), cohort(fall=True, size=6), cohort(fall=True, years=(2030,))],
    ids=["nothing", "small", "after the report"],
)
def test_without_both_results_there_is_no_panel(given: Inputs) -> None:
    assert cohort_results.compared(given) is None
    assert later_exam.panel(given, None) == Panel()


def test_the_public_edition_names_no_school() -> None:
    given = public(cohort(fall=True))
    panel = later_exam.panel(given, cohort_results.compared(given))
    assert (panel.findings, dict(panel.frames)) == ((), {})
    assert "Школа" not in spoken(panel)
    assert "В 1 школе" in spoken(panel)


# --- olympiad ------------------------------------------------------------------------------------------------------


def olympiad(*confirmed: int, places: int = 40, **given: Any) -> Inputs:
    """Each school has `places` at the school stage, and so many of them at the municipal one."""
    lines = [
        {**SOURCE, "school_year": 2026, "org_id": f"s{n}", "event": "vsosh", "stage": stage, "subject": "mathematics"}
        | {"grade": 8, "participants": 90, "prize_winners": number, "winners": 0, "state": "observed", **given}
        for n, later in enumerate(confirmed)
        for stage, number in (("school", places), ("municipal", later))
    ]
    return inputs("objectivity", clean={"olympiad": frame("olympiad", *lines)})


def test_a_school_whose_places_are_not_confirmed_is_named() -> None:
    given = olympiad(*[20] * 9, 1)
    found = olympiad_confirmed.compared(given)
    assert found is not None
    one = found.by_school.set_index("org").loc["s9"]
    # The nine others confirm half: of 40 places 20 are expected not to be.
    assert (one["unconfirmed"], one["expected"]) == (39, 20)
    assert one["p"] >= one["p_exact"]
    panel = olympiad_confirmed.panel(given, found)
    assert [finding.org_id for finding in panel.findings] == ["s9"]
    assert "из 400 мест школьного этапа местом на муниципальном подтверждено 181" in sentence(panel)
    assert not [word for word in FORBIDDEN if word in spoken(panel).lower()]


def test_schools_that_differ_anyway_are_not_named() -> None:
    given = olympiad(5, 30, 12, 22, 8, 33, 15, 27, 19, 4)
    found = olympiad_confirmed.compared(given)
    assert found is not None
    assert found.named == []
    assert found.by_school["p_exact"].min() < 0.001  # the exact test alone would have named some


@pytest.mark.parametrize(
    "given",
    [
        inputs("objectivity"),
        olympiad(*[20] * 3),
        olympiad(*[3] * 9, places=9),
        olympiad(*[20] * 9, state="blank"),
        olympiad(*[20] * 9, event="other"),
        olympiad(*[20] * 9, school_year=2025),
    ],
    ids=["nothing", "three schools", "few places", "blank", "another olympiad", "last year"],
)
def test_without_enough_places_nothing_is_compared(given: Inputs) -> None:
    assert olympiad_confirmed.compared(given) is None


# --- medals --------------------------------------------------------------------------------------------------------


def claimed(passed: int, whole: int, year: int = 2026, degree: str = "medal_confirmed", **given: Any) -> dict[str, Any]:
    about = {"procedure": "", "subject": "", "grade": 0, "school_year": year, "category": "grade_11"}
    if not whole:
        none = {"value": None, "status": "no_data", "numerator": 0, "denominator": 0, "n": 0}
        return share(0, 1, degree, **{**about, **none, **given})
    return share(passed, whole, degree, **{**about, **given})


def medal_table(*rows: dict[str, Any]) -> TableBlock:
    return table(medals.panel(inputs("objectivity", *rows)))


def test_claimants_of_three_years_are_pooled_with_their_interval() -> None:
    """Wilson of 1 of 2 is .095–.905 (methods 3.5)."""
    line = medal_table(claimed(1, 1, 2024), claimed(0, 1, 2025), claimed(0, 0)).rows[0]
    said = ["I степень", "70 и 70", "0 из 1", "1 из 1", "претендентов нет", "1 из 2 (9–91 %)"]
    assert [words(cell.text) for cell in line] == said


def test_years_under_another_rule_are_not_added() -> None:
    """In 2025 the three years 2023–2025 are shown; of 2023 no rule is known."""
    rows = [claimed(3, 9, 2023), claimed(8, 9, 2024), claimed(9, 9, 2025)]
    given = inputs("objectivity", *rows, year=2025)
    assert words(table(medals.panel(given)).rows[0][-1].text) == "1 из 18 (1–26 %)"
    early = inputs("objectivity", claimed(3, 9, 2023), year=2023)
    line = table(medals.panel(early)).rows[0]
    assert line[1].text == "порядок на этот год не внесён"
    assert line[-1].text == "не считается"
    assert medals.panel(early).findings == ()


def test_the_source_of_the_rule_stands_under_the_table() -> None:
    assert "ug.ru и college-rf.ru" in plain(medal_table(claimed(9, 10)).source)


def test_a_school_is_named_only_beyond_the_outer_interval() -> None:
    def org(name: str, passed: int, whole: int) -> dict[str, Any]:
        return claimed(passed, whole, level="organisation", group=name, group_label=name)

    alike = [claimed(45, 50), org("s1", 18, 20), org("s2", 27, 30)]
    assert "отличий больше погрешности нет" in words(medal_table(*alike).statement)
    apart = [claimed(29, 50), org("s1", 2, 20), org("s2", 27, 30)]
    assert "s1 (18 из 20)" in words(medal_table(*apart).statement)
    assert "s1" not in spoken(medals.panel(public(inputs("objectivity", *apart))))
    assert "между собой школы не сравниваются" in words(medal_table(claimed(3, 5), org("s1", 3, 5)).statement)


def test_without_claimants_there_is_no_panel() -> None:
    assert medals.panel(inputs("objectivity", claimed(0, 0))) == Panel()


# --- ОГЭ: heaps at the bounds -------------------------------------------------------------------------------------


@cache
def exams(lifted: bool) -> Inputs:
    """Twelve schools of sixty, totals around 16 of 31, bounds 8, 15, 22; in one all who lack a point or two get it."""
    rng = np.random.default_rng(5)
    lines = []
    for school in range(SCHOOLS):
        totals = np.clip(np.rint(rng.normal(16, 5, 60)), 0, 31).astype(int)
        if lifted and school == FALLING:
            totals = np.array([next((c for c in (8, 15, 22) if 0 < c - t <= 2), t) for t in totals])
        lines += [
            {**SOURCE, "procedure": "oge", "school_year": 2026, "wave": "main", "subject": "mathematics", "grade": 9}
            | {"org_id": f"s{school}", "participant": f"{school}-{n}", "state": "observed", "primary_score": float(t)}
            | {"mark": 2 + sum(int(t) >= c for c in (8, 15, 22)), "mark_state": "observed"}
            | {"journal_mark_state": "blank"}
            for n, t in enumerate(totals)
        ]
    return inputs("objectivity", clean={"results": frame("results", *lines)})


def test_a_lifted_school_heaps_and_no_other() -> None:
    honest, lifted = oge_heap.heaps(exams(False)), oge_heap.heaps(exams(True))
    assert honest is not None
    assert lifted is not None
    assert honest.tested == lifted.tested == SCHOOLS
    assert honest.named.empty
    assert lifted.named["org"].tolist() == [f"s{FALLING}"]
    assert oge_heap.heaps(inputs("objectivity")) is None


# --- stable absence ------------------------------------------------------------------------------------------------


LARGE = [f"s{place}" for place in range(SCHOOLS)]


@cache
def answered(years: tuple[int, ...], subjects: tuple[str, ...] = ("russian", "mathematics")) -> Inputs:
    """The invented work of twelve schools in each of these years and subjects."""
    frames = test_signs.clean(())
    clean = {
        name: pd.concat(
            [table.assign(school_year=year, subject=subject) for year in years for subject in subjects],
            ignore_index=True,
        )
        for name, table in frames.items()
    }
    rows = [share(1, 10, level="organisation", group=org, group_label=org) for org in LARGE]
    return inputs("objectivity", *rows, clean=clean)


def absent(given: Inputs, monkeypatch: pytest.MonkeyPatch, low: int | None = None) -> Panel:
    """The panel where the search gives p = .5 everywhere, but .04 to one school in every work of 2025."""

    def judged(works: list[answers.Written], least: int) -> dict[str, Any]:
        p = {work.name: np.full(SCHOOLS, 0.5) for work in works}
        for values in p.values():
            values[low if low is not None else []] = 0.04
        return {name: SimpleNamespace(combined=values) for name, values in p.items()}

    monkeypatch.setattr(stable_absence, "judge", judged)
    works = answers.written(given.clean, 2026)
    plain_p = {work.name: SimpleNamespace(combined=np.full(SCHOOLS, 0.5)) for work in works}
    return stable_absence.panel(given, cast(Any, SimpleNamespace(works=works, judged=plain_p)))


def test_two_years_are_too_few_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = absent(answered((2025, 2026)), monkeypatch)
    assert "назвать пока нельзя" in sentence(panel)
    assert "есть за 2 года (2025–2026)" in sentence(panel)
    assert stable_absence.panel(answered((2025, 2026)), None) == Panel()


def test_one_work_a_year_is_too_little_however_large(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = absent(answered((2024, 2025, 2026), ("russian",)), monkeypatch)
    assert set(panel.frames["stable_absence"]["state"]) == {"little"}
    assert "0 школ" in sentence(panel)


def test_large_schools_without_signs_are_named_but_not_those_once_under_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = answered((2024, 2025, 2026))
    (work,) = answers.written(given.clean, 2026)[:1]
    large = [
        org for org, size in zip(work.organisations, np.bincount(work.procedure.school), strict=True) if size >= 30
    ]
    assert 2 <= len(large) < SCHOOLS
    panel = absent(given, monkeypatch, low=work.organisations.index(large[0]))
    states = panel.frames["stable_absence"].set_index("org_id")["state"]
    assert sorted(states[states == "absent"].index) == sorted(large[1:])
    assert states[large[0]] == "seen"
    # Six works: .95⁶ = .735 of honest schools pass in all.
    assert "за 6 работ его проходят во всех около 74 %" in sentence(panel)
    named = sentence(panel)
    assert all(org in named for org in large[1:])
    hidden = absent(public(given), monkeypatch)
    assert not [org for org in LARGE if org in spoken(hidden)]


# --- beside the official list --------------------------------------------------------------------------------------


def listed_school(org: str, *years: int) -> dict[str, pd.DataFrame]:
    about = {**SOURCE, "org_id": org, "procedure": "vpr", "subject": "russian", "grade": 4, "marker": 1}
    lines = [{**about, "state": "observed", "school_year": year} for year in years]
    return {"marked_schools": frame("marked_schools", *lines)}


def beside(clean: dict[str, pd.DataFrame], *names: str) -> dict[str, list[str]]:
    """Schools of forty, all of whom have «4» or «5», in a region where one in two has."""
    region = share(7500, 15000, "vpr_quality", level="region")
    rows = [
        share(40, 40, "vpr_quality", level="organisation", group=f"s{n}", group_label=name)
        for n, name in enumerate(names)
    ]
    given = replace(
        inputs("objectivity", region, *rows, *cohort_rows()), clean={**inputs("objectivity").clean, **clean}
    )
    panel = signs_beside.panel(given, None, cohort_results.compared(given))
    return {words(line[0].text): [words(cell.text) for cell in line[1:]] for line in table(panel).rows}


def cohort_rows() -> list[dict[str, Any]]:
    return cohort(fall=True).indicators.to_dict("records")


def test_standing_above_the_region_is_a_sign_only_beside_another() -> None:
    rows = beside(listed_school("s0", 2022, 2025, 2026), "Школа", "Гимназия", "Ещё школа")
    no_answers = "нет данных"
    assert rows["Школа 0"] == [no_answers, "1 из 1 работ", "да", no_answers, "2024/25, 2025/26"]
    assert rows["Школа 11"] == [no_answers, no_answers, "меньше ожидаемого", no_answers, "нет"]
    assert len(rows) == 2


def test_beside_is_for_the_internal_edition() -> None:
    given = cohort(fall=True)
    assert signs_beside.panel(public(given), None, cohort_results.compared(given)) == Panel()
    assert signs_beside.panel(given, None, None) == Panel()


# --- indices together ----------------------------------------------------------------------------------------------


def test_every_index_says_what_it_is_and_what_is_not_counted_says_why() -> None:
    given = cohort(fall=True)
    found = bias_index.Found(None, cohort_results.compared(given), None, None, [])
    rows = {
        line[0].text: [words(cell.text) for cell in line[1:]] for line in table(bias_index.panel(given, found)).rows
    }
    assert rows["ВПР, не подтверждённые ОГЭ"][0] == "1 из 12"
    assert rows["ВПР, признаки в ответах"] == ["не считается", "баллы за задания ВПР этого года не представлены"]
    assert rows["Региональные работы"][0] == "не считается"
    assert "официальных формул этих индексов нет" in plain(table(bias_index.panel(given, found)).source)


def test_nothing_to_count_no_table() -> None:
    assert bias_index.panel(inputs("objectivity"), bias_index.Found(None, None, None, None, [])) == Panel()
