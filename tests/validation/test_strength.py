"""Every declared check can fail: a small defect for each turns it red, and only good data leave all of them green."""

from __future__ import annotations

import pytest

from pipeline.validation import crosschecks, engine, suites
from pipeline.validation.ledger import CheckResult
from pipeline.validation.outcome import Data
from tests.validation import form_frames, frames
from tests.validation.frames import Row

ABSENT, OGE = 40, 41  # indices in frames.results()
TWICE: Row = {}

# id of the expectation → (row of the good table, what is changed in its copy); TWICE repeats the row as it is.
COMMON: dict[str, Row] = {
    "file_name": {},  # see _defective: the path is put there
    "source_row": {"source_row": 0},
    "school_year": {"school_year": 26},
    "grade": {"grade": 13},
    "wave": {"wave": "основной"},
    "procedure": {"procedure": "ВПР"},
    "subject": {"subject": "unknown:Черчение"},
    "org_id": {"org_id": "edu 990001"},
    "participant_pseudonym": {"participant": "Петрова Анна"},
    "state": {"state": "отсутствовал"},
    "exam_date": {"exam_date": "20.04.2026"},
}
SPECIAL: dict[str, tuple[int, Row]] = {
    "organisations.key_unique": (0, TWICE),
    "organisations.alias_one_owner": (1, {"alias_code": "edu990001"}),
    "organisations.name": (0, {"name": " "}),
    "organisations.name_spaces": (0, {"name": "Школа  № 1"}),
    "organisations.alias_kind": (0, {"alias_kind": "Логин"}),
    "organisations.alias_code_cyrillic": (0, {"alias_code": "еdu990001"}),
    "organisations.alias_login": (0, {"alias_code": "990001"}),
    "organisations.provisional": (0, {"provisional": True}),
    "organisations.municipality": (0, {"municipality": None}),
    "organisations.valid_from": (0, {"valid_from": "01.09.2015"}),
    "organisations.valid_to": (0, {"valid_to": "2030-13-31"}),
    "organisations.valid_order": (0, {"valid_to": "2015-08-31"}),
    "results.key_unique": (0, TWICE),
    "results.primary_score_observed": (0, {"primary_score": None}),
    "results.primary_score_empty": (ABSENT, {"primary_score": 5.0}),
    "results.mark_state": (0, {"mark_state": "нет отметки"}),
    "results.mark_observed": (0, {"mark": None}),
    "results.mark_empty": (0, {"mark_state": "blank"}),
    "results.journal_mark_state": (0, {"journal_mark_state": "нет отметки"}),
    "results.journal_mark_observed": (0, {"journal_mark": None}),
    "results.journal_mark_empty": (0, {"journal_mark_state": "blank"}),
    "results.mark": (0, {"mark": 6}),
    "results.journal_mark": (0, {"journal_mark": 1}),
    "results.primary_score": (0, {"primary_score": -1.0}),
    "results.max_score": (0, {"max_score": 0.0}),
    "results.score_within_max": (0, {"primary_score": 6.5}),
    "results.test_score": (OGE, {"test_score": 101.0}),
    "results.mark_of_absent": (0, {"state": "absent"}),
    "results.max_score_known": (0, {"max_score": None}),
    "results.mark_known": (0, {"mark": None}),
    "task_scores.key_unique": (0, TWICE),
    "task_scores.score_observed": (0, {"score": None}),
    "task_scores.score_empty": (0, {"state": "absent"}),
    "task_scores.not_attempted_zero": (0, {"state": "not_attempted"}),
    "task_scores.score": (0, {"score": -1.0}),
    "task_scores.max_score": (0, {"max_score": 0.0}),
    "task_scores.score_within_max": (0, {"score": 4.5}),
    "task_scores.task": (0, {"task": "Задание один"}),
    "task_scores.task_points": (0, {"task": "1 (2б)"}),
    "task_scores.task_order": (0, {"task_order": 0}),
    "group_results.key_unique": (0, TWICE),
    "group_results.level": (0, {"level": "район"}),
    "group_results.group": (0, {"group": " "}),
    "group_results.group_label_spaces": (0, {"group_label": "Тестовый район\u00a0"}),
    "group_results.org_id": (4, {"org_id": "EDU990001"}),
    "group_results.org_of_organisation": (4, {"org_id": None}),
    "group_results.org_of_wider": (0, {"org_id": "edu990001"}),
    "group_results.municipality_of_municipality": (0, {"municipality": None}),
    "group_results.value_observed": (0, {"value": None}),
    "group_results.value_empty": (0, {"state": "suppressed"}),
    "group_results.measure": (0, {"measure": "Доля отметок"}),
    "group_results.mark_category": (0, {"category": "1"}),
    "group_results.share": (0, {"value": 13.57}),
    "group_results.value": (18, {"value": -0.1}),
    "group_results.value_within_max": (18, {"value": 100.5}),
    "group_results.n": (0, {"n": -1}),
    "group_results.count": (12, {"count": -1}),
    "group_results.count_within_n": (12, {"count": 41}),
    "group_results.n_orgs": (0, {"n_orgs": 0}),
    "group_results.decimals": (0, {"decimals": -1}),
    "group_results.n_known": (0, {"n": None}),
    "group_results.nobody_sat": (0, {"n": 0}),
    "marked_schools.key_unique": (0, TWICE),
    "marked_schools.marker": (0, {"marker": 2}),
    "marked_schools.marker_observed": (0, {"marker": None}),
    "marked_schools.marker_empty": (0, {"state": "blank"}),
    "marked_schools.n_markers": (0, {"n_markers": -1}),
    "marked_schools.municipality": (0, {"municipality": None}),
    **form_frames.SPECIAL,
}
SUITES = suites.load_suites()
GOOD = frames.territory()
IDS = [identifier for suite in SUITES.values() for identifier in suite.ids]


def _defect(identifier: str) -> tuple[int, Row]:
    return SPECIAL.get(identifier) or (0, COMMON[identifier.split(".")[1]])


def _defective(identifier: str) -> Row:
    """A copy of a good row with its one defect, in a file named after the expectation."""
    table = identifier.split(".")[0]
    index, change = _defect(identifier)
    folder = "C:\\data\\raw\\" if identifier.endswith(".file_name") else ""
    return {**frames.ROWS[table]()[index], **change, "source_file": f"{folder}{identifier}.xlsx"}


@pytest.fixture(scope="module")
def good() -> dict[str, CheckResult]:
    return {result.id: result for result in engine.run_suites(SUITES, GOOD)}


@pytest.fixture(scope="module")
def red() -> dict[str, CheckResult]:
    """Results over the good rows plus one defective row for each expectation: one run of Great Expectations."""
    broken = {
        table: [*rows(), *(_defective(identifier) for identifier in SUITES[table].ids)]
        for table, rows in frames.ROWS.items()
    }
    return {result.id: result for result in engine.run_suites(SUITES, frames.territory(**broken))}


def test_good_data_pass_every_expectation(good: dict[str, CheckResult]) -> None:
    assert sorted(good) == sorted(IDS)
    assert [result.message for result in good.values() if not result.passed] == []


def test_every_table_has_eight_expectations_at_least() -> None:
    assert {table: len(suite.ids) >= 8 for table, suite in SUITES.items()} == dict.fromkeys(frames.ROWS, True)


def test_every_special_defect_belongs_to_an_expectation() -> None:
    assert set(SPECIAL) <= set(IDS)


@pytest.mark.parametrize("identifier", IDS)
def test_a_small_defect_fails_the_expectation(identifier: str, red: dict[str, CheckResult]) -> None:
    declared = next(e for suite in SUITES.values() for e in suite.expectations if e.meta.id == identifier)
    result = red[identifier]
    assert (result.passed, result.severity) == (False, declared.severity)
    assert f"{identifier}.xlsx" in result.files
    assert 1 <= result.failed <= result.evaluated
    assert result.message.startswith(f"{declared.meta.message}: ")
    assert 1 <= len(result.places) <= 5
    assert result.advice == declared.meta.advice


def _shifted(table: str, first: int, last: int, change: Row) -> dict[str, list[Row]]:
    rows = frames.ROWS[table]()
    return {table: [{**row, **change} if first <= at <= last else row for at, row in enumerate(rows)]}


def _without(table: str, index: int) -> dict[str, list[Row]]:
    rows = frames.ROWS[table]()
    return {table: rows[:index] + rows[index + 1 :]}


def _with(table: str, index: int, change: Row) -> dict[str, list[Row]]:
    rows = frames.ROWS[table]()
    return {table: [*rows, {**rows[index], **change}]}


def _one(table: str, index: int, change: Row) -> dict[str, list[Row]]:
    return {table: frames.patched(table, index, change)}


# id of the crosscheck → the changed tables and how many things must be found wrong, counted by hand.
CROSS: dict[str, tuple[dict[str, list[Row]], int]] = {
    "shares_sum": (_one("group_results", 0, {"value": 0.0765}), 1),  # 100,15 % in one group
    "categories_complete": (_without("group_results", 3), 1),
    "counts_within_n": (_one("group_results", 12, {"count": 5}), 1),  # 5 + 34 + 2 of 40
    "share_vs_count": (_one("group_results", 15, {"count": 4}), 1),  # 15 % is neither 4 of 20 nor 4 of 21
    "n_same_in_group": (_one("group_results", 0, {"n": 41}), 1),
    "municipality_total": (_shifted("group_results", 0, 3, {"n": 41}), 1),  # 20 + 20 in two schools of two
    "municipality_coverage": (_shifted("group_results", 0, 3, {"n_orgs": 3}), 1),
    "narrower_n": (_shifted("group_results", 4, 7, {"n": 41}), 4),  # four marks of the school, 41 over 40
    "narrower_share": (_one("group_results", 4, {"value": 0.2}), 1),  # 4 pupils with «2» of 3 in the municipality
    "journal_vs_marks_n": (_shifted("group_results", 15, 17, {"n": 21}), 1),
    "max_score_conflict": (_one("results", 0, {"max_score": 7.0}), 1),
    "scale_changed": (_one("group_results", 18, {"scale": "nvo-65", "max_score": 65.0}), 1),
    "individual_vs_group": (_one("results", 0, {"mark": 3}), 2),  # shares of «2» and «3» of one school
    "individual_n": (_without("results", 0), 1),
    "task_sum": (_one("results", 0, {"primary_score": 3.0}), 1),
    "task_max_sum": (_shifted("results", 0, ABSENT, {"max_score": 7.0}), 1),
    "task_max_conflict": (_one("task_scores", 3, {"max_score": 5.0}), 1),
    "task_without_result": (_without("results", 0), 1),
    "mark_order": (_one("results", 2, {"primary_score": 2.0}), 1),  # «3» for 2 points, where «2» was also given
    "participant_two_schools": (_with("results", 0, {"org_id": "edu990002"}), 2),  # both rows of the pupil
    "organisation_unknown": (_without("organisations", 1), 1),
    "organisation_municipality": (_with("organisations", 0, {"alias_code": "1", "municipality": "Другой"}), 1),
    "marked_without_results": (_shifted("marked_schools", 0, 3, {"org_id": "edu990009"}), 1),
    "marker_count": (_shifted("marked_schools", 0, 3, {"n_markers": 3}), 1),
    "document_unknown": (_one("documents", 0, {"document": "Д-2"}), 2),  # named by a decision and by the roadmap
    "levels_do_not_add_up": (_one("diagnostics", 0, {"base": 15}), 1),  # 4 + 15 + 5 of 25
    "parent_unknown": (_one("decisions", 1, {"parent": "7"}), 1),
}


def test_good_data_pass_every_crosscheck() -> None:
    results = crosschecks.run_crosschecks(GOOD)
    assert [result.id for result in results] == list(crosschecks.CROSSCHECKS) == list(CROSS)
    assert [(result.id, result.outcome) for result in results if result.outcome != "пройдена"] == []


@pytest.mark.parametrize("identifier", CROSS)
def test_a_small_defect_fails_the_crosscheck(identifier: str) -> None:
    changed, expected = CROSS[identifier]
    broken = GOOD | {table: frames.frame(table, rows) for table, rows in changed.items()}
    result = crosschecks.run_crosscheck(identifier, Data(broken))
    assert (result.passed, result.failed) == (False, expected)
    assert result.message.startswith(crosschecks.CROSSCHECKS[identifier].message)
    assert result.places
    assert result.files
    assert result.advice


def test_without_data_a_crosscheck_says_that_it_checked_nothing() -> None:
    results = crosschecks.run_crosschecks({})
    assert {(result.passed, result.evaluated, result.outcome) for result in results} == {(True, 0, "не проверялось")}
    assert [result.id for result in results if not result.message.startswith("Не проверялось")] == []
