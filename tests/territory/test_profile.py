"""Profiles and directions: wrong keys are named, chapters stand in the territory's own order."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.errors import UsageError, WorkspaceError
from pipeline.paths import Paths
from pipeline.territory.profile import Directions, Profile, chapter_plans, load_directions, load_profile
from tests.structure.checkout import ROOT

CASES = ("nominative", "genitive", "dative", "prepositional")
NAME = dict.fromkeys(CASES, "Город")
PROFILES = sorted([*ROOT.glob("config/territories/*.yml"), *ROOT.glob("tests/real/territories/*.yml")])
DIRECTIONS = load_directions(Paths(ROOT / "tests", "town", 2026))


def profile(workspace: Path, **changes: object) -> Profile:
    path = workspace / "config" / "territories" / "town.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"code": "town", "name": NAME, "region": "Область", **changes}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return load_profile(Paths(workspace, "town", 2026))


def plans(workspace: Path, *chapters: dict[str, object]) -> list[tuple[str, str]]:
    found = chapter_plans(profile(workspace, chapters=list(chapters)), DIRECTIONS)
    return [(plan.direction, plan.title) for plan in found]


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"goles: неизвестный ключ") as caught:
        profile(tmp_path, goles=[])
    assert caught.value.place.file == "town.yml"
    assert "docs/config.md" in caught.value.advice


def test_an_unknown_key_inside_a_chapter_is_named_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"chapters\.0\.titel: неизвестный ключ"):
        profile(tmp_path, chapters=[{"direction": "talent", "titel": "Таланты"}])


@pytest.mark.parametrize("case", CASES)
def test_every_case_of_the_name_is_asked_for(tmp_path: Path, case: str) -> None:
    with pytest.raises(WorkspaceError, match=rf"name\.{case}: ключ обязателен"):
        profile(tmp_path, name={key: word for key, word in NAME.items() if key != case})


def test_an_unknown_direction_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"chapters\.1\.direction: направления «talant» нет") as caught:
        plans(tmp_path, {"direction": "achievement"}, {"direction": "talant"})
    assert "возможно, вы имели в виду «talent»" in caught.value.advice
    assert caught.value.place.file == "town.yml"


def test_a_direction_may_have_one_chapter(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"chapters\.1\.direction: направление «talent» названо дважды"):
        plans(tmp_path, {"direction": "talent"}, {"direction": "talent", "title": "Ещё раз"})


def test_the_file_is_named_by_the_code(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"code — «city», а файл назван «town\.yml»"):
        profile(tmp_path, code="city")


def test_means_of_scores_need_a_reason(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="требует причины"):
        profile(tmp_path, means_of_scores={"allowed": True})
    reasoned = {"allowed": True, "reason": "иного нет"}
    with pytest.raises(WorkspaceError, match="средние баллы российской территории"):
        profile(tmp_path, means_of_scores=reasoned)
    abroad = profile(tmp_path, means_of_scores=reasoned, country={"code": "BG", "title": "Болгария"})
    assert abroad.means_of_scores.allowed


def test_an_unknown_territory_is_told_the_nearest_known() -> None:
    with pytest.raises(UsageError, match="«demos» неизвестна") as caught:
        load_profile(Paths(ROOT / "tests", "demos", 2026))
    assert "возможно, вы имели в виду «demo»" in caught.value.advice
    assert "известны: demo" in caught.value.advice


def test_chapters_keep_their_order_then_the_rest_and_quality_last(tmp_path: Path) -> None:
    found = plans(tmp_path, {"direction": "talent", "title": "Таланты"}, {"direction": "achievement"})
    codes = [code for code, _ in found]
    titles = dict(found)
    assert codes[:3] == ["talent", "achievement", "objectivity"]
    assert codes[-2:] == ["annual_report", "data_quality"]
    assert sorted(codes) == sorted(item.code for item in DIRECTIONS.directions)
    assert titles["talent"] == "Таланты"
    assert titles["achievement"] == "Оценка качества подготовки обучающихся"


def test_quality_stands_where_a_profile_puts_it(tmp_path: Path) -> None:
    assert plans(tmp_path, {"direction": "data_quality"})[0][0] == "data_quality"


def test_fourteen_directions_are_numbered_as_their_notebooks() -> None:
    numbers = [item.number for item in DIRECTIONS.directions]
    assert numbers == [f"{place:02d}" for place in range(14)]
    notebooks = sorted(path.stem for path in ROOT.glob("notebooks/*.ipynb"))
    assert notebooks == [f"{item.number}_{item.code}" for item in DIRECTIONS.directions]


def test_every_direction_but_the_first_and_last_says_its_question_and_sources() -> None:
    for item in DIRECTIONS.directions[1:-1]:
        assert item.question.endswith("?")
        assert item.sources
        assert all(source.office and source.title and source.tables for source in item.sources)


def test_unknown_keys_of_directions_are_refused() -> None:
    with pytest.raises(ValueError, match="forbid"):
        Directions.model_validate({"directions": [], "extra": 1})


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_shipped_profiles_are_whole(path: Path) -> None:
    read = Profile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert read.code == path.stem
    assert all(getattr(read.name, case).strip() for case in CASES)
    assert len(chapter_plans(read, DIRECTIONS)) == 14
    assert read.synthetic == (read.code == "demo")
