"""Harm that hides: behind codes, words, breakdowns, questions of the form, derived indicators, files of a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.check import refuse_harmful
from pipeline.directions.judgement import against_row
from pipeline.directions.rules import Rule, load_rules
from pipeline.errors import MsokoError, WorkspaceError
from pipeline.indicators import norms
from pipeline.indicators.passport import USES, Passport, load_passports
from pipeline.paths import Paths
from pipeline.presentation import text
from pipeline.settings import build_model, read_yaml
from pipeline.territory.profile import Profile
from tests.indicators.frames import PASSPORTS, PATHS, only, results
from tests.indicators.frames import computed as computed_of
from tests.indicators.test_guard import COUNT, OGE, refused
from tests.indicators.test_passport import MEAN, SHARE, VPR

RATE = {**MEAN, "kind": "rate", "unit": "share"}
TASKS = {"type": "mean", "table": "task_scores", "column": "score", "over": "max_score", "where": OGE}
MEAN_AS_SHARE = {"type": "published_share", "measure": "mean_score", "categories": ["all"], "where": OGE}
COUNTED = {"type": "count", "table": "results", "where": OGE}
FORM_COUNT = {"type": "form_count", "table": "context", "items": ["secret"]}
OF_FORM = {**SHARE, "kind": "count", "unit": "pupils", "series": "register", "sources": [FORM_COUNT]}


# --- one passport ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("harmful", "reason"),
    [
        ({**SHARE, "sources": [MEAN_AS_SHARE]}, "средний балл запрещён"),
        ({**RATE, "sources": [{**TASKS, "column": "max_score", "over": "score"}]}, "средний балл"),
        ({**RATE, "sources": [TASKS], "breakdowns": ["task"]}, "средний балл"),
        ({**COUNT, "sources": [COUNTED], "unit": "points"}, "средний балл"),
        ({**COUNT, "sources": [COUNTED], "title": "Средняя отметка по школе"}, "запрещён («Средняя отметка»)"),
        ({**SHARE, "numerator": "средний балл класса"}, "средний балл"),
        ({**SHARE, "title": "Доля «2» во всероссийской проверочной работе"}, "должен запрещать использование"),
        ({**SHARE, "title": "Качество по ВПР", "direction": "heads"}, "о руководителях и педагогах"),
        ({**SHARE, "sources": VPR, "forbidden": list(USES), "short": "«2» у учителя"}, "не судят о людях"),
        ({**SHARE, "sources": VPR, "forbidden": list(USES), "title": "Основание стимулирующих"}, "не платят"),
        ({**SHARE, "sources": [{**VPR[0], "where": []}]}, "должен запрещать использование"),
        ({**SHARE, "sources": [{**VPR[0], "where": [{"column": "procedure", "not_null": True}]}]}, "должен запрещать"),
        ({**SHARE, "sources": [{**VPR[0], "where": [{"column": "procedure", "in": ["oge", "vpr"]}]}]}, "запрещать"),
        ({**SHARE, "aliases": [{"title": "Рейтинг школ", "until": 2020}]}, "рейтинги и места"),
        ({**SHARE, "numerator": "место школы в районе"}, "рейтинги и места"),
        ({**SHARE, "title": "Школы-лидеры"}, "рейтинги и места"),
        ({**SHARE, "short": "перцентиль школы"}, "рейтинги и места"),
        (
            {
                **COUNT,
                "unit": "pupils",
                "series": "register",
                "sources": [{"type": "count", "table": "results", "where": [*OGE, {"column": "mark", "eq": 2}]}],
            },
            "series должен быть test",
        ),
    ],
)
def test_codes_and_words_do_not_hide_it(harmful: dict[str, Any], reason: str) -> None:
    assert reason in refused(harmful)


@pytest.mark.parametrize(
    "harmless",
    [
        {**RATE, "sources": [TASKS], "breakdowns": ["procedure", "subject", "grade", "task"], "series": "single_year"},
        {**SHARE, "numerator": "дети, которым не дали места в детском саду"},
        {**SHARE, "numerator": "участники, занявшие призовые места по предмету"},
        {**SHARE, "numerator": "получившие среднее общее образование"},
    ],
)
def test_ordinary_words_are_let_through(harmless: dict[str, Any]) -> None:
    assert Passport.model_validate(harmless).kind


# --- questions of the form, derived indicators ----------------------------------------------------------------------
def asked(tmp_path: Path, question: dict[str, Any], **changes: Any) -> tuple[Passport, ...]:
    """A passport over one question that a workspace has added to the form."""
    ask = {"kind": "number", "title": "Вопрос", "unit": "pupils", **question}
    groups = ask.pop("titles", {})
    (tmp_path / "вопросы.yml").write_text(
        yaml.safe_dump({"table": "context", "groups": groups, "items": [{"id": "secret", **ask}]}, allow_unicode=True),
        encoding="utf-8",
    )
    (tmp_path / "мои.yml").write_text(
        yaml.safe_dump({"passports": [{**OF_FORM, **changes}]}, allow_unicode=True), encoding="utf-8"
    )
    return load_passports([tmp_path / "мои.yml"], [tmp_path / "вопросы.yml"])


@pytest.mark.parametrize(
    ("question", "changes", "reason"),
    [
        ({"title": "Средний балл школы на ОГЭ"}, {}, "средний балл запрещён"),
        ({"unit": "points"}, {}, "средний балл запрещён"),
        ({"title": "Процент качества"}, {}, "проценты и доли не складывают"),
        ({"title": "Индекс условий"}, {}, "проценты и доли не складывают"),
        ({"unit": "percent"}, {}, "проценты и доли не складывают"),
        ({"title": "Место школы в районе"}, {}, "рейтинги и места"),
        ({"title": "Двоек по ВПР"}, {}, "должен запрещать использование"),
        ({"title": "Двоек по ВПР"}, {"direction": "teachers", "forbidden": list(USES)}, "о руководителях и педагогах"),
        (
            {"titles": {"v": "ВПР"}},
            {"sources": [{**FORM_COUNT, "groups": ["v"]}], "also": ["heads"], "forbidden": list(USES)},
            "о руководителях и педагогах",
        ),
        (
            {"kind": "level", "titles": {"a": "один", "b": "два"}},
            {
                "kind": "share",
                "unit": "share",
                "sources": [
                    {**FORM_COUNT, "type": "form_reached", "items": ["secret"], "groups": ["a", "b"], "at_least": 3}
                ],
            },
            "один разрез",
        ),
    ],
)
def test_a_question_does_not_hide_it(
    tmp_path: Path, question: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(WorkspaceError, match=reason) as caught:
        asked(tmp_path, question, **changes)
    assert caught.value.place is not None
    assert caught.value.place.file == "мои.yml"


def test_a_plain_question_is_let_through(tmp_path: Path) -> None:
    assert len(asked(tmp_path, {"title": "Учеников с билетами"})) == 1


def derived(tmp_path: Path, **changes: Any) -> tuple[Passport, ...]:
    """Tasks below the norm, made from an indicator that forbids everything and is printed as a total only."""
    tasks = next(one for one in read_yaml(PATHS.config("indicators/achievement.yml"))["passports"] if is_tasks(one))
    origin = {**tasks, "publication": "municipal_totals"}
    made = {
        **COUNT,
        "unit": "tasks",
        "id": "made",
        "series": "single_year",
        "norm": "task_sufficient_level",
        "sources": [{"type": "tasks_below", "indicator": origin["id"]}],
        "forbidden": list(USES),
        "publication": "municipal_totals",
        **changes,
    }
    path = tmp_path / "мои.yml"
    path.write_text(yaml.safe_dump({"passports": [origin, made]}, allow_unicode=True), encoding="utf-8")
    return load_passports([path])


def is_tasks(passport: dict[str, Any]) -> bool:
    return bool(passport["id"] == "vpr_task_rate")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"direction": "heads"}, "о руководителях и педагогах"),
        ({"also": ["teachers"]}, "о руководителях и педагогах"),
        ({"forbidden": ["pay", "ranks"]}, "должен запрещать"),
        ({"publication": "usual"}, "не может печататься свободнее"),
    ],
)
def test_a_derived_indicator_inherits_the_prohibitions(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(WorkspaceError, match=reason):
        derived(tmp_path, **changes)


def test_a_derived_indicator_with_them_is_let_through(tmp_path: Path) -> None:
    assert [passport.id for passport in derived(tmp_path)] == ["vpr_task_rate", "made"]


# --- a workspace's own files ----------------------------------------------------------------------------------------
TOWN = {
    "code": "town",
    "name": {"nominative": "Город", "genitive": "Города", "dative": "Городу", "prepositional": "Городе"},
    "region": "Область",
    "means_of_scores": {"allowed": True, "reason": "очень хочется"},
}


def test_a_russian_profile_cannot_allow_means() -> None:
    with pytest.raises(WorkspaceError, match="средние баллы российской территории"):
        build_model(Profile, TOWN, "town.yml")
    assert build_model(Profile, {**TOWN, "country": {"code": "BG", "title": "Болгария"}}, "bg.yml").code == "town"


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ({}, "vpr с 2025 года"),
        ({"versions": [{"procedure": "vpr", "from_year": 2026, "version": "2026", "source": "мы"}]}, "vpr с 2025 года"),
        (
            {"versions": [{"procedure": "vpr", "from_year": 2025, "version": "2025", "source": "мы"}]},
            "осень 2020, 2022",
        ),
        ("complete", "наибольший балл"),
    ],
)
def test_a_workspace_cannot_take_a_break_away(tmp_path: Path, written: Any, named: str) -> None:
    declared = read_yaml(PATHS.config("norms/series.yml"))
    content = {**declared, "complete_scales": ["nvo", "dzi", "vpr"]} if written == "complete" else written
    path = tmp_path / "config" / "norms" / "series.yml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(WorkspaceError, match=named):
        norms.load_rules(Paths(tmp_path, "town", 2026))


def test_a_workspace_may_add_a_break(tmp_path: Path) -> None:
    content = read_yaml(PATHS.config("norms/series.yml"))
    content["versions"].append({"procedure": "oge", "from_year": 2026, "version": "новая", "source": "приказ"})
    path = tmp_path / "config" / "norms" / "series.yml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert norms.load_rules(Paths(tmp_path, "town", 2026)).series.version("oge", 2026) == "новая"


def test_nothing_is_said_across_a_break() -> None:
    """100 of 200 «2» against 20 of 200: a difference that nobody would miss, but not of the same test."""
    rows = computed_of(
        "vpr_mark_2",
        results=results(
            *({"mark": 2 if place < 100 else 4, "school_year": 2025} for place in range(200)),
            *({"mark": 2 if place < 20 else 4, "school_year": 2026} for place in range(200)),
        ),
    )
    then, now = (only(rows, level="municipality", school_year=year) for year in (2025, 2026))
    assert against_row(now, then, 10) == "lower"
    assert against_row(now, {**then, "series": then["series"].replace("2025", "2024")}, 10) == "insufficient"


def test_thresholds_are_those_that_printing_knows() -> None:
    assert norms.PRINTED == {"percent": text.PERCENT_FROM, "one_decimal": text.DECIMAL_FROM}


# --- recommendations ------------------------------------------------------------------------------------------------
RULE = {
    "id": "reward",
    "indicator": "vpr_mark_2",
    "level": "organisation",
    "against": "municipality",
    "verdict": "lower",
    "addressee": "руководителю организации",
    "act": "Разобрать работы по заданиям",
    "due": "03-01",
    "evidence": "справка",
}


@pytest.mark.parametrize(
    ("direction", "changes"),
    [
        ("heads", {}),
        ("teachers", {}),
        ("achievement", {"act": "Учесть при назначении стимулирующих выплат"}),
        ("achievement", {"act": "Учесть при аттестации педагогов"}),
        ("achievement", {"evidence": "приказ о взыскании"}),
    ],
)
def test_a_recommendation_does_not_judge_people_by_vpr(direction: str, changes: dict[str, str]) -> None:
    rule = Rule.model_validate({**RULE, **changes})
    with pytest.raises(MsokoError, match=r"reward.*не принята"):
        refuse_harmful({direction: (rule,)}, PASSPORTS)


def test_shipped_recommendations_do_no_harm() -> None:
    found = load_rules(PATHS.config_files("recommendations"))
    refuse_harmful({**found, "achievement": (*found["achievement"], Rule.model_validate(RULE))}, PASSPORTS)
    assert sum(map(len, found.values())) > 20
