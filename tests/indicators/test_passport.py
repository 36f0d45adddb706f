"""What a passport may say and what is refused, with the file and the key named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.errors import WorkspaceError
from pipeline.indicators.context import Context
from pipeline.indicators.passport import USES, Passport, load_passports
from pipeline.indicators.sources import TasksBelow
from tests.indicators.frames import PASSPORTS, RULES

SHARE: dict[str, Any] = {
    "id": "some_share",
    "title": "Доля",
    "short": "доля",
    "direction": "achievement",
    "kind": "share",
    "unit": "share",
    "better": "lower",
    "numerator": "одни",
    "denominator": "все",
    "levels": ["municipality"],
    "sources": [
        {
            "type": "counted_share",
            "table": "results",
            "where": [{"column": "procedure", "eq": "oge"}],
            "hit": [{"column": "mark", "eq": 2}],
        }
    ],
}
MEAN = {
    **SHARE,
    "kind": "mean",
    "unit": "points",
    "sources": [{"type": "mean", "table": "results", "column": "primary_score", "where": SHARE["sources"][0]["where"]}],
}
VPR = [{**SHARE["sources"][0], "where": [{"column": "procedure", "eq": "vpr"}]}]
Loader = Callable[..., tuple[Passport, ...]]


@pytest.fixture
def load(tmp_path: Path) -> Loader:
    def loaded(*items: dict[str, Any], name: str = "мои.yml") -> tuple[Passport, ...]:
        path = tmp_path / name
        path.write_text(yaml.safe_dump({"passports": list(items)}, allow_unicode=True), encoding="utf-8")
        return load_passports([path])

    return loaded


def source(**changes: Any) -> dict[str, Any]:
    return {**SHARE, "sources": [{**SHARE["sources"][0], **changes}]}


def test_a_good_passport_loads(load: Loader) -> None:
    (passport,) = load(SHARE)
    assert (passport.id, passport.tables, passport.for_reference_only) == ("some_share", {"results"}, False)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({**SHARE, "betterr": "lower"}, "betterr: неизвестный ключ"),
        ({name: value for name, value in SHARE.items() if name != "better"}, "better: ключ обязателен"),
        ({**SHARE, "better": "neutral"}, "что лучше"),
        ({**SHARE, "unit": "points"}, "единица points"),
        ({**SHARE, "kind": "count", "unit": "pupils"}, "не даёт показателя вида count"),
        ({**SHARE, "direction": "staff"}, "direction: допустимы значения"),
        ({**SHARE, "breakdowns": ["teacher"]}, "breakdowns.0: допустимы значения"),
        ({**SHARE, "breakdowns": ["procedure", "subject", "grade", "task"]}, "разрез task"),
        ({**SHARE, "denominator": ""}, "знаменателя"),
        ({**SHARE, "documents": [{"document": "Я", "item": "1"}]}, "documents.0.document: допустимы значения"),
        (source(table="schools"), "table: допустимы значения"),
        (source(type="eval"), "допустимы значения"),
        (source(hit=[{"column": "marks", "eq": 2}]), "в таблице results нет столбца «marks»"),
        (source(hit=[{"column": "mark", "eq": "2"}]), "значение «2» другого типа"),
        (source(hit=[{"column": "mark", "eq": True}]), "значение «True» другого типа"),
        (source(hit=[{"column": "mark", "ge": 2, "le": 4}]), "условие должно быть ровно одно"),
        (source(hit=[{"column": "mark", "expression": "mark > 2"}]), "expression: неизвестный ключ"),
        (source(hit=[{"column": "mark", "below": "journal"}]), "нет столбца «journal»"),
        (source(hit=[]), "hit"),
        (MEAN, "средний балл запрещён"),
        ({**SHARE, "means_of_scores": True}, "только у вида mean"),
        ({**SHARE, "direction": "heads", "sources": VPR, "forbidden": list(USES)}, "о руководителях и педагогах"),
        ({**SHARE, "sources": VPR}, "должен запрещать использование: teachers, heads, pay, ranks"),
        ({**SHARE, "sources": [{**VPR[0], "where": []}]}, "должен запрещать"),
        (
            {**SHARE, "breakdowns": [], "sources": [{"type": "published_share", "measure": "m", "categories": ["2"]}]},
            "нельзя складывать",
        ),
    ],
)
def test_what_is_refused_names_file_and_key(load: Loader, wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(WorkspaceError) as caught:
        load(wrong)
    message = str(caught.value)
    assert named in message
    assert "some_share" in message
    assert "файл «мои.yml»" in message


def test_mean_score_as_a_rate_of_a_whole_test_is_refused(load: Loader) -> None:
    disguised = {**MEAN, "kind": "rate", "unit": "share", "sources": [{**MEAN["sources"][0], "over": "max_score"}]}
    with pytest.raises(WorkspaceError, match="средний балл запрещён"):
        load(disguised)


def test_ids_are_unique_over_files(load: Loader, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="этот код уже есть"):
        load(SHARE, SHARE)
    load(SHARE)
    second = tmp_path / "ещё.yml"
    second.write_text((tmp_path / "мои.yml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(WorkspaceError, match="мои.yml"):
        load_passports([tmp_path / "мои.yml", second])


def test_derived_indicator_must_exist(load: Loader) -> None:
    derived = {
        **SHARE,
        "kind": "count",
        "unit": "tasks",
        "norm": "task_sufficient_level",
        "forbidden": list(USES),
        "sources": [{"type": "tasks_below", "indicator": "absent"}],
    }
    with pytest.raises(WorkspaceError, match="«absent» не объявлен"):
        load(derived)


@pytest.mark.parametrize("text", ["[]", "passports: {}", "indicators: []", ""])
def test_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "мои.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError, match="списка passports"):
        load_passports([path])


def test_marks_are_for_reference_until_confirmed(load: Loader) -> None:
    (plain,) = load({**SHARE, "uses_marks": True})
    assert plain.for_reference_only
    (half,) = load({**SHARE, "uses_marks": True, "regulation_document": "приказ"})
    assert half.for_reference_only
    (whole,) = load({**SHARE, "uses_marks": True, "regulation_document": "приказ", "objectivity_confirmed": "справка"})
    assert not whole.for_reference_only


def test_territory_must_say_why_means_are_allowed() -> None:
    with pytest.raises(WorkspaceError, match="почему"):
        Context("x", 2026, RULES, means_allowed=True)


# --- the shipped passports --------------------------------------------------------------------------------------
def test_passports_repeat_keys_by_anchors_and_cite_in_one_word(tmp_path: Path) -> None:
    path = tmp_path / "мои.yml"
    shared = {name: SHARE[name] for name in ("direction", "kind", "unit", "better", "levels")}
    passport = {**SHARE, "documents": ["К-7.1", {"document": "Л", "item": "9"}]}
    path.write_text(yaml.safe_dump({"shared": {"share": shared}, "passports": [passport]}), encoding="utf-8")
    (loaded,) = load_passports([path])
    assert [str(document) for document in loaded.documents] == ["К-7.1", "Л-9"]


def test_only_the_external_mean_is_a_mean() -> None:
    assert [passport.id for passport in PASSPORTS if passport.kind == "mean"] == ["external_mean"]


@pytest.mark.parametrize("passport", PASSPORTS, ids=lambda passport: passport.id)
def test_shipped_passport_is_complete(passport: Passport) -> None:
    assert passport.title[0].isupper()
    assert not passport.title.endswith(".")
    assert set(passport.levels) <= {"country", "region", "municipality", "organisation"}
    if any(isinstance(given, TasksBelow) for given in passport.sources):
        assert passport.norm
        assert RULES.norm(passport.norm, 2026) is not None
    if passport.uses_marks:
        assert passport.for_reference_only  # no regulation is shipped: an analyst names it
