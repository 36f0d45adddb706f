"""Answers to the collection form: every item is answered by whom it asks, parts stay within wholes, years cohere."""

from __future__ import annotations

import pytest

from pipeline.demo import cycle, registers
from pipeline.demo.answers import Answers, answers
from pipeline.demo.pupils import Population
from pipeline.demo.sample import SEED, YEARS
from pipeline.demo.territory import SCHOOLS, register_rows, schools
from pipeline.indicators.passport import load_passports
from pipeline.ingest.items import load_items
from pipeline.ingest.layouts.form_item_page import Key
from pipeline.ingest.layouts.form_roll import roll_of
from pipeline.ingest.layouts.municipal_form import municipal_form
from pipeline.paths import Paths
from pipeline.territory.profile import load_directions, load_profile
from pipeline.territory.roadmap import load_roadmap
from tests.structure.checkout import ROOT

PATHS = Paths(ROOT / "tests", "demo", 2026)
ITEMS = load_items(PATHS)
ROLL = roll_of(register_rows(), municipal_form(PATHS).form.words, 2026)
UNSENT = {("demo-ds-06", "training")}


@pytest.fixture(scope="module")
def last() -> Answers:
    return answers(Population(SEED), 2026)


def test_everybody_answers_every_item_that_the_form_asks(last: Answers) -> None:
    missing = {
        (name, item.id, group)
        for name, table in ITEMS.items()
        for org_id in ROLL.of_types(table.org_types)
        for item in table.items
        for group in item.in_groups
        if item.asked_of(ROLL.types[org_id], group) and (org_id, name) not in UNSENT
        if Key(org_id, "year", group, item.id) not in last[name]
    }
    assert missing == set()


def test_parts_never_exceed_their_wholes_in_any_year() -> None:
    wrong, compared = [], 0
    for year in YEARS:
        for name, sheet in answers(Population(SEED), year).items():
            for key, answer in sheet.items():
                bound = ITEMS[name].bound_of(ITEMS[name].by_id[key.item], key.group)
                whole = sheet.get(Key(key.org_id, key.period, bound[1], bound[0].id)) if bound else None
                if whole and whole.value is not None and answer.value is not None:
                    compared += 1
                    wrong += [(year, key)] if answer.value > whole.value else []
    assert compared > 5000
    assert wrong == []


def test_levels_and_choices_stay_in_their_lists(last: Answers) -> None:
    for name, sheet in last.items():
        for key, answer in sheet.items():
            item = ITEMS[name].by_id[key.item]
            allowed = {1, 0} if item.kind == "yes_no" else set(item.levels)
            assert item.numeric or answer.value in allowed


def test_a_survey_that_was_not_held_has_no_answers(last: Answers) -> None:
    held = {key: answer.state for key, answer in last["satisfaction"].items()}
    not_held = {key for key, state in held.items() if state == "not_attempted" and key.item == "respondents"}
    assert not_held
    for key in not_held:
        assert {held[k] for k in held if (k.org_id, k.group) == (key.org_id, key.group)} == {"not_attempted"}


def test_a_cohort_goes_up_the_school_and_two_schools_become_one() -> None:
    population = Population(SEED)
    second, eleventh, twelfth = (next(s for s in SCHOOLS if s.number == number) for number in (2, 11, 12))
    assert [population.pupils(second, 2022 + step, 4 + step) for step in range(5)] == [
        population.pupils(second, 2022, 4)
    ] * 5
    assert eleventh not in schools(2025)
    joined = population.pupils(eleventh, 2024, 4) + population.pupils(twelfth, 2024, 4)
    assert population.pupils(twelfth, 2025, 5) == joined


def test_the_roadmap_has_every_direction_and_every_state_in_the_last_year() -> None:
    roadmap = load_roadmap(PATHS, load_profile(PATHS).roadmap or "")
    rows = {str(row["item"]): row for row in cycle.roadmap(2026)}
    assert set(rows) == {item.key for item in roadmap.items}
    states = {(row.get("progress"), bool(row.get("evidence"))) for row in rows.values()}
    assert states == {("done", True), ("done", False), ("in_progress", False), ("not_done", False), (None, False)}
    codes = {direction.code for direction in load_directions(PATHS).directions}
    assert {roadmap.direction_of(item) for item in roadmap.items} == codes - {"data_quality", "annual_report"}
    assert {item.component for item in roadmap.items} >= {"goals", "indicators", "methods", "measures", "decisions"}


def test_documents_and_decisions_hold_together_but_for_the_planted_typing_error() -> None:
    keys = {str(row["document"]) for year in YEARS for row in cycle.documents(year)}
    named = {str(row["act"]) for year in YEARS for row in cycle.decisions(year) if row.get("act")}
    named |= {str(row["evidence"]) for year in YEARS for row in cycle.roadmap(year) if row.get("evidence")}
    assert named - keys == {"П-2026-02"}
    decisions = {str(row["decision"]) for year in YEARS for row in cycle.decisions(year)}
    parents = {str(row["parent"]) for year in YEARS for row in cycle.decisions(year) if row.get("parent")}
    assert parents <= decisions


def test_indicators_that_the_registers_name_have_passports() -> None:
    known = {passport.id for passport in load_passports(PATHS.config_files("indicators"))}
    named = {str(row["indicator"]) for year in YEARS for row in cycle.decisions(year) if row["indicator"]}
    assert named == {"absent_often", "oge_below_minimum"}
    assert named | {row[0] for row in registers.REGION_VALUES} <= known


def test_invented_rows_and_values_say_that_they_are_invented() -> None:
    sheets = registers.records(Population(SEED), 2026)
    assert all("вымышлен" in str(row["title"]) for row in (*sheets["monitoring_form"], *sheets["documents"]))
    assert {row["act_status"] for row in sheets["monitoring_form"]} == {"unconfirmed"}
    assert all("вымышлен" in str(row["reference"]) for row in sheets["comparators"])


def test_of_the_participants_of_the_olympiad_not_all_win() -> None:
    for row in registers.records(Population(SEED), 2026)["olympiad"]:
        prizes = int(str(row["prize_winners"])) + int(str(row["winners"]))
        assert 0 <= prizes <= int(str(row["participants"]))
