"""Decisions of offices about known errors of the sources."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Place, WorkspaceError
from pipeline.paths import Paths, shipped
from pipeline.settings import load_model
from pipeline.validation.crosschecks import CROSSCHECKS
from pipeline.validation.gate import judge
from pipeline.validation.ledger import CheckResult
from pipeline.validation.suites import load_suites
from pipeline.validation.waivers import Corrections, Waiver, Waivers, apply, known_checks, load_waivers

AS_OF = dt.date(2026, 12, 31)
RED = CheckResult(
    "shares_sum",
    "crosscheck",
    "group_results",
    "critical",
    False,
    4,
    1,
    "Доли не складываются",
    places=(Place("a.xlsx"),),
    files=("a.xlsx",),
)
DECISION: dict[str, Any] = {
    "check": "shares_sum",
    "action": "accept",
    "reason": "ошибка округления в выгрузке",
    "office": "начальник управления образования",
    "date": dt.date(2026, 6, 1),
}


def decided(*waivers: dict[str, Any]) -> Waivers:
    return Waivers(tuple(Waiver(**(DECISION | waiver)) for waiver in waivers), "demo.yml")


def after(result: CheckResult, *waivers: dict[str, Any]) -> list[CheckResult]:
    return apply(decided(*waivers), [result], CROSSCHECKS, AS_OF)


def test_an_accepted_check_does_not_stop_and_says_who_and_why() -> None:
    [result] = after(RED, {})
    assert (result.stops, result.passed, result.outcome) == (False, False, "принята решением")
    assert result.waived_by == "начальник управления образования"
    assert result.waived_why == "ошибка округления в выгрузке (решение от 01.06.2026)"
    assert judge([result]).waived == (result,)


@pytest.mark.parametrize("waiver", [{"file": "a.xlsx"}, {"table": "group_results"}, {"valid_until": AS_OF}])
def test_a_decision_may_name_table_file_and_term(waiver: dict[str, Any]) -> None:
    assert [result.stops for result in after(RED, waiver)] == [False]


@pytest.mark.parametrize(
    "waiver",
    [{"file": "b.xlsx"}, {"table": "results"}, {"valid_until": dt.date(2026, 12, 30)}, {"check": "narrower_n"}],
)
def test_a_decision_about_something_else_is_recorded_as_unused(waiver: dict[str, Any]) -> None:
    result, unused = after(RED, waiver)
    assert result.stops
    assert (unused.id, unused.severity, unused.stops) == ("waiver_unused", "info", False)
    assert str(unused.places[0]) == "файл «demo.yml»"


def test_a_decision_about_one_file_does_not_hide_an_error_in_another() -> None:
    two = replace(RED, files=("a.xlsx", "b.xlsx"))
    assert [result.stops for result in after(two, {"file": "a.xlsx"})] == [True, False]
    assert [result.stops for result in after(two, {"file": "a.xlsx"}, {"file": "b.xlsx"})] == [False]


def test_a_decision_about_a_passed_check_is_unused() -> None:
    assert [result.id for result in after(replace(RED, passed=True), {})] == ["shares_sum", "waiver_unused"]


def test_an_unknown_check_is_refused() -> None:
    with pytest.raises(WorkspaceError, match="«shares_summ»") as caught:
        after(RED, {"check": "shares_summ"})
    assert caught.value.place.file == "demo.yml"


@pytest.mark.parametrize(
    "change",
    [
        {"office": ""},
        {"reason": "  "},
        {"office": "Иванова М. П."},
        {"office": "Иванов Иван Иванович"},
        {"reason": "так сказала Мария Петровна"},
        {"action": "ignore"},
        {"author": "кто-то"},
    ],
)
def test_a_decision_without_office_or_reason_or_with_a_name_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    record = {**DECISION, "date": "2026-06-01", **change}
    lines = "\n".join(f"    {key}: '{value}'" for key, value in record.items())
    with pytest.raises(WorkspaceError) as caught:
        load_model(Corrections, _file(tmp_path, "demo.yml", f"corrections:\n  -\n{lines}\n"))
    assert next(iter(change)) in caught.value.what


def test_decisions_are_read_from_the_workspace(tmp_path: Path) -> None:
    text = "corrections:\n  - {check: shares_sum, action: accept, reason: р, office: о, date: 2026-06-01}\n"
    _file(tmp_path / "config" / "corrections", "somewhere.yml", text)
    assert load_waivers(Paths(tmp_path, "somewhere", 2026)).waivers[0].check == "shares_sum"
    assert load_waivers(Paths(tmp_path, "elsewhere", 2026)) == Waivers()


def test_the_shipped_example_is_valid_and_speaks_of_existing_checks() -> None:
    example = load_model(Corrections, shipped("config") / "corrections" / "_example.yml")
    known = known_checks(load_suites())
    assert example.corrections
    assert [waiver.check for waiver in example.corrections if waiver.check not in known] == []


def test_known_checks_are_expectations_crosschecks_and_codes_of_readers() -> None:
    known = known_checks(load_suites(), ["files_disagree"])
    assert {"results.key_unique", "shares_sum", "files_disagree"} <= known


def _file(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
