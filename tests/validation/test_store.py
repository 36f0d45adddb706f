"""The stored ledger: the same bytes twice, no raw values, nothing of pupils."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import Place
from pipeline.validation import crosschecks, engine, store, suites
from pipeline.validation.ledger import CheckResult
from tests.validation import frames
from tests.validation.frames import Row

SURNAME = "Кукушкина"
PSEUDONYM = frames.pseudonym(0xABCDEF)
GREEN = CheckResult("a.b", "suite", "a", "critical", True, 5, 0, "Ключ не повторяется")
PASSED, FAILED, WAIVED, IDLE = store.OUTCOMES


def planted() -> dict[str, list[Row]]:
    """A surname in every text column of results that can hold one, and a pupil whose every value is wrong."""
    texts = ("participant", "subject", "procedure", "wave", "state", "mark_state", "exam_date", "category", "org_id")
    bad = {**frames.results()[0], **dict.fromkeys(texts, SURNAME), "mark": 9, "primary_score": 77.0}
    same = {**frames.results()[1], "participant": PSEUDONYM, "mark": 8}
    return {"results": [*frames.results(), bad, same, same]}


def checked() -> list[CheckResult]:
    tables = frames.exported(**planted())
    return engine.run_suites(suites.load_suites(), tables) + crosschecks.run_crosschecks(tables)


@pytest.fixture(scope="module")
def results() -> list[CheckResult]:
    return checked()


def test_neither_names_nor_pseudonyms_nor_values_reach_the_ledger(results: list[CheckResult]) -> None:
    text = store.dump(results)
    failed = {result.id for result in results if not result.passed}
    assert {"results.participant_pseudonym", "results.key_unique", "results.mark"} <= failed
    assert [planted for planted in (SURNAME, PSEUDONYM, "77.0") if planted in text] == []
    assert [planted for planted in (SURNAME, PSEUDONYM) if planted in store.frame(results).to_csv()] == []


def test_two_runs_give_the_same_bytes(results: list[CheckResult], tmp_path: Path) -> None:
    again = checked()
    random.Random(1).shuffle(again)
    store.save(results, tmp_path / "one.json")
    store.save(again, tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_what_is_saved_is_loaded(results: list[CheckResult], tmp_path: Path) -> None:
    path = tmp_path / "1_clean" / store.FILE
    store.save(results, path)
    assert store.load(path) == store.ordered(results)
    assert sorted(item.name for item in path.parent.iterdir()) == [store.FILE]


def test_an_absent_ledger_is_empty(tmp_path: Path) -> None:
    assert store.load(tmp_path / store.FILE) == []


def test_what_stops_comes_first() -> None:
    red = replace(GREEN, id="z.z", passed=False, failed=1)
    warning = replace(red, id="a.a", severity="warning")
    assert store.ordered([GREEN, warning, red]) == [red, warning, GREEN]


def test_the_summary_counts_each_outcome_by_table_and_severity() -> None:
    red = replace(GREEN, passed=False, failed=1)
    rows = [GREEN, GREEN, red, replace(red, waived_by="отдел", waived_why="решение"), replace(GREEN, evaluated=0)]
    assert store.summary([*rows, replace(red, severity="info")]) == [
        {"table": "a", "severity": "critical", PASSED: 2, FAILED: 1, WAIVED: 1, IDLE: 1},
        {"table": "a", "severity": "info", PASSED: 0, FAILED: 1, WAIVED: 0, IDLE: 0},
    ]


def test_the_table_for_the_notebook_speaks_russian() -> None:
    red = replace(GREEN, passed=False, failed=1, places=(Place("a.xlsx", "Л", "строка 3"),))
    [row] = store.frame([red]).to_dict("records")
    assert (row["severity"], row["outcome"]) == ("критическая", "не пройдена")
    assert row["places"] == "файл «a.xlsx», лист «Л», строка 3"


def test_an_empty_ledger_is_an_empty_table() -> None:
    assert list(store.frame([]).columns) == list(store.COLUMNS)
