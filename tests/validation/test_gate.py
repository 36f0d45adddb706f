"""The gate stops on critical checks with one message and the right exit code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.errors import DisagreementError, GateError, MsokoError, Place, YearConflictError
from pipeline.validation.gate import ERRORS, from_remark, judge
from pipeline.validation.ledger import CheckResult, counted, file_name

PLACE = Place("f3.xlsx", "Лист1", "строка 11")
RED = CheckResult(
    "group_results.share", "suite", "group_results", "critical", False, 16, 1, "Доля больше 1", "исправьте", (PLACE,)
)


def test_warnings_and_remarks_do_not_stop() -> None:
    results = [replace(RED, severity="warning"), replace(RED, severity="info"), replace(RED, passed=True)]
    verdict = judge(results)
    assert (len(verdict.warnings), len(verdict.remarks), len(verdict.critical)) == (1, 1, 0)
    assert verdict.results == tuple(results)


def test_a_critical_failure_stops_with_what_where_and_advice() -> None:
    with pytest.raises(GateError) as caught:
        judge([RED, replace(RED, severity="warning", message="Не это")])
    text = str(caught.value)
    assert caught.value.exit_code == 20
    assert "1. Доля больше 1 [group_results.share]." in text
    assert "файл «f3.xlsx», лист «Лист1», строка 11" in text
    assert "Что делать: исправьте." in text
    assert "Не это" not in text


def test_a_waived_failure_does_not_stop() -> None:
    verdict = judge([replace(RED, waived_by="Управление образования", waived_why="опечатка источника")])
    assert (len(verdict.waived), verdict.passes) == (1, True)


def test_many_failures_make_one_message_with_the_first_and_the_number_of_the_rest() -> None:
    with pytest.raises(GateError) as caught:
        judge([replace(RED, id=f"t.{number}") for number in range(8)])
    text = str(caught.value)
    assert "8\u00a0критических проверок" in text
    assert ("[t.4]" in text, "[t.5]" in text) == (True, False)
    assert "И ещё 3\u00a0проверки." in text


@pytest.mark.parametrize(
    ("code", "kind", "exit_code"),
    [
        ("files_disagree", DisagreementError, 15),
        ("year_conflict", YearConflictError, 14),
        ("anything_else", GateError, 20),
    ],
)
def test_remarks_of_readers_have_their_own_exit_codes(code: str, kind: type[MsokoError], exit_code: int) -> None:
    remark = from_remark(code, "critical", "Файлы расходятся.", PLACE, "Оставьте верный.")
    with pytest.raises(MsokoError) as caught:
        judge([RED, remark])
    assert (type(caught.value), caught.value.exit_code) == (kind, exit_code)
    if code in ERRORS:
        assert "1. Файлы расходятся [" in str(caught.value)


def test_a_remark_enters_the_ledger_as_it_was_said() -> None:
    result = from_remark("duplicate_rows", "warning", "Повторы.", PLACE, "Сообщите.")
    assert (result.origin, result.passed, result.failed, result.places) == ("reader", False, 1, (PLACE,))
    assert result.files == ("f3.xlsx",)
    assert from_remark("empty_form", "info", "Пусто.", Place()).places == ()


def test_a_remark_of_unknown_severity_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="unknown severity"):
        from_remark("code", "fatal", "…", PLACE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1 строка"),
        (3, "3 строки"),
        (5, "5 строк"),
        (11, "11 строк"),
        (12, "12 строк"),
        (21, "21 строка"),
        (112, "112 строк"),
        (9999, "9999 строк"),
    ],
)
def test_numbers_agree_with_their_noun(number: int, said: str) -> None:
    assert counted(number) == said.replace(" ", "\u00a0")


def test_thousands_are_grouped_from_five_digits() -> None:
    assert counted(12000) == "12\u202f000\u00a0строк"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("a.xlsx", "a.xlsx"),
        ("2026/a.xlsx", "2026/a.xlsx"),
        ("/home/me/a.xlsx", "a.xlsx"),
        ("C:\\data\\a.xlsx", "a.xlsx"),
    ],
)
def test_a_file_is_named_as_the_drop_folder_knows_it(path: str, said: str) -> None:
    assert file_name(path) == said
