"""The loader of roadmaps refuses what cannot be, and says what and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.errors import WorkspaceError
from pipeline.paths import Paths
from pipeline.territory.roadmap import TITLE_LENGTH, Roadmap, load_roadmap

ITEM = {"number": "1", "section": "1", "key": "Д-1", "title": "Первый пункт"}
SECTION = {"id": "1", "title": "Раздел", "direction": "achievement"}


def load(workspace: Path, **changes: Any) -> Roadmap:
    path = workspace / "config" / "roadmaps" / "town.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"document": "Д", "title": "Карта", "sections": [SECTION], "items": [ITEM], **changes}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return load_roadmap(Paths(workspace, "town", 2026), "town")


def with_item(workspace: Path, **changes: Any) -> Roadmap:
    return load(workspace, items=[{**ITEM, **changes}])


def test_a_small_roadmap_is_read(tmp_path: Path) -> None:
    item = with_item(tmp_path, due={"kind": "recurrence", "every": "year", "by": "09-01"}).items[0]
    assert (item.due.by, item.due.every, item.component, item.responsible) == (("09-01",), "year", None, None)


def test_a_title_of_the_longest_length_is_taken(tmp_path: Path) -> None:
    assert len(with_item(tmp_path, title="а" * TITLE_LENGTH).items[0].title) == 120


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": "done"}, "state: неизвестный ключ"),
        ({"title": "а" * (TITLE_LENGTH + 1)}, "длиннее 120 знаков"),
        ({"title": " "}, "название пункта пусто"),
        ({"key": "Л-1"}, "ключ не начинается с «Д-»: Л-1"),
        ({"section": "9"}, "неизвестный раздел: 9"),
        ({"parent": "Д-9"}, "ссылка на неизвестный пункт: Д-9"),
        ({"same_as": ["Д-8"]}, "ссылка на неизвестный пункт: Д-8"),
        ({"component": "hopes"}, "component"),
        ({"direction": "achievment"}, "неизвестные направления: achievment"),
        ({"also": ["talents"]}, "неизвестные направления: talents"),
        ({"due": {"kind": "date"}}, "не подходят к виду date"),
        ({"due": {"kind": "date", "to": "2021-13-01"}}, "нужна дата вида"),
        ({"due": {"kind": "period", "from": "2022-01-01", "to": "2021-01-01"}}, "начало срока позже его конца"),
        ({"due": {"kind": "period"}}, "не подходят к виду period"),
        ({"due": {"kind": "recurrence"}}, "не подходят к виду recurrence"),
        ({"due": {"kind": "recurrence", "every": "week"}}, "такого варианта нет"),
        ({"due": {"kind": "recurrence", "every": "year", "by": "02-30"}}, "«?02-30»? нет в календаре"),
        ({"due": {"kind": "recurrence", "every": "year", "by": "1 мая"}}, "не вида 09-01"),
        ({"due": {"kind": "none", "to": "2021-01-01"}}, "не подходят к виду none"),
    ],
)
def test_a_wrong_item_is_refused_in_words(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(WorkspaceError, match=words) as caught:
        with_item(tmp_path, **changes)
    assert caught.value.place.file == "town.yml"
    assert caught.value.advice


def test_a_repeated_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="ключ повторён: Д-1"):
        load(tmp_path, items=[ITEM, ITEM])


def test_a_repeated_section_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="раздел повторён: 1"):
        load(tmp_path, sections=[SECTION, SECTION])


def test_a_missing_roadmap_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="Нет файла настроек «nowhere.yml»"):
        load_roadmap(Paths(tmp_path, "nowhere", 2026), "nowhere")
