"""The loader and the engine refuse what Great Expectations would silently drop or pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import tables
from pipeline.errors import WorkspaceError
from pipeline.paths import shipped
from pipeline.validation import engine
from pipeline.validation.suites import Expectation, Suite, catalogue, load_suites, read_suite
from tests.validation import frames

TABLE = "marked_schools"


def declared(name: str = "marker", **changed: Any) -> dict[str, Any]:
    """A good expectation as it stands in JSON, with some keys changed."""
    meta = {
        "id": f"{TABLE}.{name}",
        "title": "Признак 0 или 1",
        "message": "Признак не 0 и не 1",
        "advice": "исправьте",
    }
    good = {
        "type": "expect_column_values_to_be_in_set",
        "kwargs": {"column": "marker", "value_set": [0, 1]},
        "severity": "critical",
        "meta": meta,
    }
    return good | changed


def written(folder: Path, *expectations: dict[str, Any], name: str = TABLE) -> Path:
    path = folder / f"{TABLE}.json"
    path.write_text(json.dumps({"name": name, "expectations": expectations}, ensure_ascii=False), encoding="utf-8")
    return path


def suite(*expectations: dict[str, Any]) -> dict[str, Suite]:
    """A suite past the checks of the file, as if Great Expectations were the only guard."""
    items = tuple(Expectation.model_validate(item) for item in expectations)
    return {TABLE: Suite(name=TABLE, expectations=items, file=f"{TABLE}.json")}


def marked(**changed: Any) -> dict[str, Any]:
    return {TABLE: frames.frame(TABLE, [{**row, **changed} for row in frames.marked_schools()])}


def without(key: str) -> dict[str, Any]:
    item = declared()
    return item | {"meta": {name: value for name, value in item["meta"].items() if name != key}}


@pytest.mark.parametrize(
    ("expectations", "said"),
    [
        ([], "ни одной проверки"),
        ([declared(severity="fatal")], "важность «fatal» неизвестна"),
        ([declared(), declared()], "id повторяется"),
        ([declared(meta=declared()["meta"] | {"id": "results.marker"})], "не начинается с «marked_schools.»"),
        ([without("message")], "expectations.0.meta.message: ключ обязателен"),
        ([without("advice")], "expectations.0.meta.advice: ключ обязателен"),
        ([{key: value for key, value in declared().items() if key != "severity"}], "severity: ключ обязателен"),
        ([declared(mostly=0.9)], "expectations.0.mostly: неизвестный ключ"),
    ],
)
def test_a_suite_that_would_check_less_than_it_says_is_refused(
    tmp_path: Path, expectations: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(WorkspaceError) as caught:
        read_suite(written(tmp_path, *expectations))
    assert said in caught.value.what
    assert caught.value.place.file == f"{TABLE}.json"


def test_a_suite_of_another_name_than_its_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="имя набора «results» не совпадает"):
        read_suite(written(tmp_path, declared(), name="results"))


def test_broken_json_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / f"{TABLE}.json"
    path.write_text('{"name": "marked_schools",\n "expectations": [}', encoding="utf-8")
    with pytest.raises(WorkspaceError, match="разметка JSON") as caught:
        read_suite(path)
    assert str(caught.value.place) == "файл «marked_schools.json», строка 2"


def test_the_workspace_overlays_shipped_suites_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "expectations").mkdir()
    written(tmp_path / "expectations", declared())
    own, original = load_suites(tmp_path), load_suites()
    assert own[TABLE].ids == ["marked_schools.marker"]
    assert own["results"].ids == original["results"].ids
    assert len(original[TABLE].ids) > 1


def test_shipped_suites_cover_every_clean_table_and_carry_no_machine_ids() -> None:
    assert sorted(load_suites()) == sorted(tables.CLEAN)
    for path in shipped("expectations").glob("*.json"):
        for item in json.loads(path.read_text(encoding="utf-8"))["expectations"]:
            assert set(item) == {"type", "kwargs", "severity", "meta"}


def test_the_catalogue_lists_every_expectation_once() -> None:
    suites = load_suites()
    ids = [row[0] for row in catalogue(suites)]
    assert len(ids) == len(set(ids)) == sum(len(item.expectations) for item in suites.values())


@pytest.mark.parametrize(
    ("expectation", "said"),
    [
        (declared(type="expect_column_values_to_be_nice"), "неизвестен Great Expectations"),
        (declared(severity="fatal"), "неизвестен Great Expectations"),
        (declared(kwargs={"column": "marker", "value_sets": [0, 1]}), "параметры"),
        (declared(kwargs={"value_set": [0, 1]}), "параметры"),
    ],
)
def test_what_great_expectations_drops_is_refused_by_name(expectation: dict[str, Any], said: str) -> None:
    with pytest.raises(WorkspaceError) as caught:
        engine.run_suites(suite(declared("first"), expectation), marked())
    assert said in caught.value.what
    assert "marked_schools.marker" in caught.value.what


def test_shipped_suites_are_kept_whole() -> None:
    engine.check_kept(load_suites())
    with pytest.raises(WorkspaceError):
        engine.check_kept(suite(declared(type="expect_column_values_to_be_nice")))


@pytest.mark.parametrize("given", [{}, {TABLE: tables.empty(TABLE)}])
def test_an_empty_or_absent_table_is_not_checked_and_says_so(given: dict[str, Any]) -> None:
    [result] = engine.run_suites(suite(declared()), given)
    assert (result.id, result.severity, result.outcome) == ("marked_schools.rows", "info", "не проверялось")
    assert "таблица пуста" in result.message


def test_an_empty_column_fails_unless_declared_optional() -> None:
    optional = declared(meta=declared()["meta"] | {"optional": True})
    empty = marked(marker=None, state="blank")
    [strict] = engine.run_suites(suite(declared()), empty)
    [allowed] = engine.run_suites(suite(optional), empty)
    assert (strict.passed, strict.stops, strict.evaluated) == (False, True, 0)
    assert "столбец пуст" in strict.message
    assert (allowed.passed, allowed.outcome) == (True, "не проверялось")


def test_a_condition_that_meets_no_row_is_not_checked_and_says_so() -> None:
    condition = {"type": "comparison", "column": {"name": "state"}, "operator": "==", "parameter": "suppressed"}
    conditional = declared(kwargs={"column": "marker", "value_set": [0], "row_condition": condition})
    [result] = engine.run_suites(suite(conditional), marked())
    assert (result.passed, result.evaluated, result.outcome) == (True, 0, "не проверялось")
    assert "нет строк" in result.message


def test_an_expectation_that_raises_is_a_critical_failure() -> None:
    absent = declared(kwargs={"column": "no_such_column", "value_set": [0, 1]}, severity="info")
    [result] = engine.run_suites(suite(absent), marked())
    assert (result.passed, result.severity, result.stops) == (False, "critical", True)
    assert "не выполнена" in result.message


def test_the_engine_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    engine.run_suites(suite(declared()), marked(marker=2))
    with pytest.raises(WorkspaceError):
        engine.run_suites(suite(declared(type="expect_column_values_to_be_nice")), marked())
    assert capfd.readouterr() == ("", "")


def test_counts_and_places_of_a_failure() -> None:
    rows = [{**row, "source_row": 2 + at, "marker": 7} for at, row in enumerate(frames.marked_schools() * 2)]
    keys = [{**row, "org_id": f"edu99000{at}"} for at, row in enumerate(rows)]
    [result] = engine.run_suites(suite(declared()), {TABLE: frames.frame(TABLE, keys)})
    assert (result.evaluated, result.failed) == (8, 8)
    assert [place.cell for place in result.places] == [f"строка {row}" for row in (2, 3, 4, 5, 6)]
    assert result.files == ("bias.xlsx",)
    assert result.message == "Признак не 0 и не 1: 8\u00a0строк из 8"
