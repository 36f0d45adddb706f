"""Items of the collection form: what the loader accepts, refuses and answers."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.errors import WorkspaceError
from pipeline.form_tables import ITEM_TABLES
from pipeline.ingest.items import ItemTable, load_items
from pipeline.ingest.layouts.form_model import load_form
from pipeline.paths import Paths
from tests.ingest.forms import CAREER, PRESCHOOL, shipped


def changed(path: str, value: Any) -> dict[str, Any]:
    """CAREER with one key changed: «items.1.at_most»."""
    data = deepcopy(CAREER)
    *way, last = path.split(".")
    inner: Any = data
    for step in way:
        inner = inner[int(step) if step.isdigit() else step]
    inner[last] = value
    return data


def written(folder: Path, data: Any, name: str = "career") -> Paths:
    (folder / "config" / "items").mkdir(parents=True)
    path = folder / "config" / "items" / f"{name}.yml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return Paths(folder, "x", 2026)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("table", "careers", "таблицы «careers» нет"),
        ("items.1.id", "pupils", "код показателя повторён: pupils"),
        ("items.1.title", "Учеников", "название показателя повторено: Учеников"),
        ("items.1.at_most", "pupil", "at_most называет «pupil»"),
        ("items.1.at_most", "level", "at_most называет «level»"),
        ("items.1.at_most", "diagnosed", "at_most называет «diagnosed»"),
        ("items.0.at_most", "diagnosed", "у «diagnosed» нет разреза: без разреза"),
        ("items.4.at_most", "pupils", "at_most бывает только у числа"),
        ("items.3.kind", "count", "levels нужны виду level"),
        ("items.4.kind", "level", "levels нужны виду level"),
        ("items.3.levels", {1: "низкий", 2: "низкий"}, "два уровня названы одинаково"),
        ("items.1.groups", ["grade_10"], "неизвестный разрез: grade_10"),
        ("items.1.groups", ["grade_9"], "разрез не нужен ни одному показателю: grade_11"),
        ("groups", {"grade_9": "класс", "grade_11": "класс"}, "два разреза названы одинаково"),
        ("items.0.org_types", ["kindergarten"], "вида нет у таблицы: kindergarten"),
        ("items.0.id", "Учеников", "items.0.id: недопустимое значение (написано не по образцу)"),
        ("items.0.kinds", "count", "items.0.kinds: неизвестный ключ"),
        ("items.0.hint", "", "items.0.hint: недопустимое значение (не может быть пустым)"),
        ("org_types", ["university"], "org_types.0: недопустимое значение"),
        ("period", "month", "period: недопустимое значение"),
    ],
)
def test_what_cannot_be_asked_is_refused(tmp_path: Path, path: str, value: Any, said: str) -> None:
    with pytest.raises(WorkspaceError) as caught:
        load_items(written(tmp_path, changed(path, value)))
    assert said in caught.value.what
    assert caught.value.place.file == "career.yml"


def test_a_file_is_named_after_its_table(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="говорит о таблице «career»"):
        load_items(written(tmp_path, CAREER, name="staff"))


def test_a_unit_without_a_word_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="неизвестных единицах: parsecs") as caught:
        load_form(written(tmp_path, changed("items.0.unit", "parsecs")))
    assert "config/forms/words.yml" in caught.value.advice


def test_the_workspace_replaces_a_table_of_items(tmp_path: Path) -> None:
    items = load_items(written(tmp_path, CAREER))
    assert [item.id for item in items["career"].items] == ["pupils", "diagnosed", "hours", "level", "plan", "project"]
    assert len(items) > 1


def test_rows_of_an_organisation_are_the_whole_and_the_groups_in_their_order() -> None:
    table = ItemTable.model_validate(CAREER)
    assert table.row_groups == ("", "grade_9", "grade_11")
    assert ItemTable.model_validate(PRESCHOOL).row_groups == ("",)
    assert list(ItemTable.model_validate(PRESCHOOL).periods) == ["half_1", "half_2"]


def test_the_bound_of_a_group_is_the_same_group_or_the_whole() -> None:
    table = ItemTable.model_validate(CAREER)
    bound = table.bound_of(table.by_id["diagnosed"], "grade_9")
    assert bound is not None and (bound[0].id, bound[1]) == ("pupils", "")
    own = ItemTable.model_validate(changed("items.0.groups", ["grade_9", "grade_11"]))
    bound = own.bound_of(own.by_id["diagnosed"], "grade_9")
    assert bound is not None and (bound[0].id, bound[1]) == ("pupils", "grade_9")
    assert table.bound_of(table.by_id["pupils"], "") is None


@pytest.mark.parametrize(
    ("year", "title"), [(2021, "Молодые профессионалы"), (2022, "Молодые профессионалы"), (2023, "Профессионалы")]
)
def test_a_renamed_project_has_the_name_of_its_year(year: int, title: str) -> None:
    assert ItemTable.model_validate(CAREER).by_id["project"].title_in(year) == title


def test_shipped_items_stand_in_tables_of_the_form() -> None:
    form = shipped()
    assert set(form.items) <= {table.name for table in ITEM_TABLES}
    assert {"context", "attendance"} <= set(form.items)
    for table in form.items.values():
        for item in table.items:
            assert len(item.title) <= 70, (table.table, item.id)
            assert item.hint.endswith((".", "»)")), (table.table, item.id)
