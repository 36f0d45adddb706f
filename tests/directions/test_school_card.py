"""The card of one organisation: what it says, what it keeps silent about, whose names stand in it."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import pandas as pd
import pytest

from pipeline import tables
from pipeline.directions import school_card
from pipeline.directions.card_register import Asked, Organisation
from pipeline.directions.card_rows import CardRules
from pipeline.directions.rules import Rule
from pipeline.directions.school_card import Card
from pipeline.presentation.blocks import Block, FigureBlock, Paragraphs, TableBlock, plain
from pipeline.settings import load_model
from tests.directions.inputs import PASSPORTS, PATHS, SOURCE, frame, inputs, share

RULES = CardRules(rows_at_most=30, charts=("vpr_mark_2",))
SCHOOL = Organisation("s1", "Школа № 1")
OTHER = "МБОУ «СОШ № 12»"
KINDS = {"школа": ("school",), "детский сад": ("kindergarten",), "управление": ("department",)}
STAFF = Asked("staff", "Педагогические работники", "школа", ("school",))


def register(*rows: dict[str, Any]) -> pd.DataFrame:
    plain_row = {**SOURCE, "alias_kind": "own", "provisional": False, "org_type": "школа"}
    return frame("organisations", *({**plain_row, "alias_code": row["org_id"], **row} for row in rows))


TWO = register({"org_id": "s1", "name": "МБОУ «СОШ № 1»"}, {"org_id": "s12", "name": OTHER})


def finding(number: int, words: str, org_id: str = "s1", kind: str = "deficit", **given: Any) -> dict[str, Any]:
    plain_finding = {"id": f"achievement.x.{number}", "direction": "achievement", "territory": "town", "weight": 0.1}
    said = json.dumps([[words, given.pop("key", "")]], ensure_ascii=False)
    about = {"org_id": org_id, "kind": kind, "statement": said, "indicators": "[]", "strength": ""}
    return {**plain_finding, **about, **given}


def made(*rows: dict[str, Any], found: tuple[dict[str, Any], ...] = (), **given: Any) -> Card:
    clean = {"organisations": TWO, **given.pop("clean", {})}
    read = dataclasses.replace(inputs("annual_report", *rows, clean=clean), **given.pop("replaced", {}))
    rules = given.pop("rules", RULES)
    material = school_card.prepare(read, rules, frame("findings", *found), given.pop("asked", ()))
    return school_card.card(material, SCHOOL, "s1")


def school(part: int, whole: int, indicator: str = "vpr_mark_2", **given: Any) -> dict[str, Any]:
    return share(part, whole, indicator, level="organisation", group="s1", **given)


def section(card: Card, title: str) -> tuple[Block, ...]:
    return dict(card.sections).get(title, ())


def table(card: Card, title: str) -> list[list[str]]:
    (block,) = (block for block in section(card, title) if isinstance(block, TableBlock))
    return [[cell.text for cell in row] for row in block.rows]


def said(card: Card, title: str) -> list[str]:
    return [plain(one) for block in section(card, title) if isinstance(block, Paragraphs) for one in block.items]


def every_word(card: Card) -> str:
    return json.dumps([block.payload() for _, blocks in card.sections for block in blocks], ensure_ascii=False)


def newcombe(a: int, m: int, b: int, n: int, z: float) -> tuple[float, float]:
    """Method 10 by its formula."""

    def wilson(x: int, k: int) -> tuple[float, float, float]:
        p = x / k
        half = z * math.sqrt(p * (1 - p) / k + z * z / (4 * k * k))
        return p, (p + z * z / (2 * k) - half) / (1 + z * z / k), (p + z * z / (2 * k) + half) / (1 + z * z / k)

    (p, lp, up), (q, lq, uq) = wilson(a, m), wilson(b, n)
    return p - q - math.hypot(p - lp, uq - q), p - q + math.hypot(up - p, q - lq)


def test_a_row_stands_beside_the_municipality_and_the_year_before() -> None:
    card = made(school(22, 50), school(15, 50, school_year=2025), share(36, 400), share(40, 400, school_year=2025))
    assert table(card, "Показатели") == [
        [
            "Доля «2» в ВПР: русский язык, 4\u00a0класс",
            "44\u202f% (31–58)",
            "50",
            "30\u202f%",
            "9,0\u202f%",
            "хуже: выше",
        ]
    ]
    assert said(card, "Коротко")[0] == (
        "Доля «2» в ВПР — выше, чем в муниципалитете: русский язык, 4\u00a0класс — 44\u202f% (31–58), там 9,0\u202f%."
    )


def test_a_better_result_that_asks_for_a_second_check_is_not_called_better() -> None:
    rows = (school(0, 50), share(150, 400))
    sign = finding(1, "Признаки", kind="sign", id="objectivity.signs.s1")
    assert [line[-1] for line in table(made(*rows), "Показатели")] == ["лучше: ниже"]
    doubted = made(*rows, found=(sign,))
    assert [line[-1] for line in table(doubted, "Показатели")] == ["ниже"]
    assert school_card.DOUBTED in said(doubted, "Показатели")
    assert school_card.DOUBTED not in every_word(made(*rows))
    worse = made(school(22, 50), share(36, 400), found=(sign,))
    assert [line[-1] for line in table(worse, "Показатели")] == ["хуже: выше"]


def test_many_schools_at_once_ask_for_more_than_one_school_alone() -> None:
    part, whole, rest, others = 8, 30, 37, 400
    assert newcombe(part, whole, rest, others, 1.959964)[0] > 0 > newcombe(part, whole, rest, others, 3.090232)[0]
    (row,) = table(made(school(part, whole), share(part + rest, whole + others)), "Показатели")
    assert row[-1] == "не отличается"


def test_of_few_participants_parts_are_printed_and_nothing_is_compared() -> None:
    card = made(school(3, 7), share(36, 400))
    (row,) = table(card, "Показатели")
    assert (row[1].split(" ")[0], row[-1]) == ("3\u00a0из\u00a07", "недостаточно данных")
    assert said(card, "Коротко") == [
        "Сравнить с муниципалитетом нельзя ни один показатель: участников мало или интервал неизвестен."
    ]
    assert not any(isinstance(block, FigureBlock) for block in section(card, "Показатели"))


def test_a_level_is_told_in_words_beside_the_year_before_and_those_who_have_the_same() -> None:
    def level(category: int, year: int) -> dict[str, Any]:
        about = {"category": str(category), "school_year": year, "procedure": "", "subject": "", "grade": 0}
        return share(1, 1, "preschool_level_ovz", level="organisation", group="s1", kind="ordinal", **about)

    whole = share(2, 7, "preschool_level_ovz", category="2", kind="ordinal", procedure="", subject="", grade=0)
    words = {("preschool_level_ovz", "2"): "близко к базовому", ("preschool_level_ovz", "3"): "базовый"}
    rows, few = (level(2, 2026), level(3, 2025), whole), CardRules(rows_at_most=1)
    found = made(*rows, rules=few, replaced={"words": words})
    ((name, value, _, before, beside, verdict),) = table(found, "Показатели")
    assert (value, before, beside) == ("близко к базовому", "базовый", "такой у 2\u00a0из\u00a07")
    assert verdict == "не сравнивается" and "близко" not in name


def test_a_break_in_the_series_is_said() -> None:
    (row,) = table(made(school(22, 50), school(15, 50, school_year=2025, series="other")), "Показатели")
    assert (row[3], row[4], row[5]) == ("ряд прерван", "…", "не сравнивается")


def test_the_chart_draws_years_of_enough_participants_only(drawn: None) -> None:
    rows = [school(5, 40, school_year=2024), school(2, 12, school_year=2025), school(6, 40)]
    card = made(*rows, *(share(40, 400, school_year=year) for year in (2024, 2025, 2026)))
    (figure,) = (block for block in section(card, "Показатели") if isinstance(block, FigureBlock))
    points = card.frames["_years"]
    assert points[points["line"] == "организация"]["year"].tolist() == [2024, 2026]
    assert figure.title.endswith("от муниципалитета не отличается с учётом погрешности")
    assert (figure.data, figure.alt.count("—")) == ("s1_years.csv", 2)


def test_what_differs_goes_before_what_does_not_when_there_is_no_room() -> None:
    rows = [school(5, 50, subject="mathematics"), share(40, 400, subject="mathematics"), school(30, 50), share(60, 400)]
    card = made(*rows, rules=RULES.model_copy(update={"rows_at_most": 1}))
    (row,) = table(card, "Показатели")
    assert row[-1] == "хуже: выше"
    assert said(card, "Показатели") == ["Ещё показателей: 1 — в файле s1.csv рядом с карточкой."]
    assert len(card.frames[""]) == 2


def test_what_the_rules_leave_out_and_the_heads_profile_do_not_stand_in_a_card() -> None:
    shipped = load_model(CardRules, PATHS.config("cards.yml"))
    assert set(shipped.left_out) | set(shipped.charts) <= set(PASSPORTS)
    assert set(shipped.left_out_directions) <= {one.direction for one in PASSPORTS.values()} | {"annual_report"}
    card = made(school(22, 50, "vpr_base"), school(20, 50, "heads_oge_base"), rules=shipped)
    assert table_or_none(card) is None
    assert said(card, "Коротко") == [
        "Показателей организации за год нет: файлы, в которых она названа, их не содержат."
    ]


def table_or_none(card: Card) -> TableBlock | None:
    return next((block for block in section(card, "Показатели") if isinstance(block, TableBlock)), None)


def test_of_few_children_of_a_protected_group_only_a_count_of_indicators_is_told() -> None:
    code = next(one.id for one in PASSPORTS.values() if one.publication == "sensitive" and one.kind == "share")
    card = made(school(3, 40, code, procedure="", subject="", grade=0))
    assert table_or_none(card) is None
    assert said(card, "Показатели") == [
        "Не печатаются показатели о малых группах детей (одно из чисел менее\u00a010): 1."
    ]
    assert "8\u202f%" not in every_word(card)
    assert card.frames == {}


def test_findings_come_first_by_weight_and_are_not_told_twice() -> None:
    key = "vpr_mark_2/2026/vpr/russian/4/organisation/s1//"
    found = (
        finding(1, "Второе.", weight=0.2),
        finding(2, "Первое.", weight=0.9),
        finding(3, "Отметка «2»: 44 %", weight=0.1, key=key),
    )
    words = said(made(school(22, 50), share(36, 400), found=found), "Коротко")
    assert words[:3] == ["Первое.", "Второе.", "Отметка «2»: 44 %"]
    assert len(words) == 4


def test_recommendations_name_act_grounds_due_and_evidence_once() -> None:
    about = {"indicator": "vpr_mark_2", "level": "organisation", "against": "municipality", "verdict": "higher"}
    words = {"addressee": "директору", "act": "Разобрать задания", "due": "02-01", "evidence": "план помощи"}
    rule = Rule.model_validate({"id": "low", **about, **words})
    found = [
        finding(
            number,
            f"Разобрать задания. Основание: {subject}: 44 %.",
            kind="recommendation",
            id=f"achievement.recommendation.low.s1.{number}",
            due="2027-02-01",
            addressee="директору",
        )
        for number, subject in enumerate(("русский язык", "математика"), start=1)
    ]
    card = made(found=tuple(found), replaced={"recommendations": {"achievement": (rule,)}})
    assert table(card, "Рекомендации") == [
        ["Разобрать задания (директору)", "русский язык: 44 %; математика: 44 %", "01.02.2027", "план помощи"]
    ]


def decision(number: str, title: str, **given: Any) -> dict[str, Any]:
    about = {"school_year": 2026, "direction": "achievement", "org_id": "s1", "kind": "measure", "progress": "done"}
    return {**SOURCE, **about, "decision": number, "title": title, **given}


def test_measures_that_name_another_organisation_are_counted_not_printed() -> None:
    listed = frame(
        "decisions",
        decision("1", "Пара «школа — методист»", due="2026-03-01", act="Д-1"),
        decision("2", f"Взаимные уроки с {OTHER}"),
        decision("3", "Прошлогодняя", school_year=2025),
        decision("4", "Чужая", org_id="s12"),
    )
    act = {"document": "Д-1", "school_year": 2026, "kind": "order", "number": "7", "date": "2026-02-01", "title": "О"}
    card = made(clean={"decisions": listed, "documents": frame("documents", {**SOURCE, **act})})
    assert table(card, "Меры и решения") == [
        ["Measure: Пара «школа — методист»", "…", "01.03.2026", "done", "Order от 01.02.2026 №\u00a07"]
    ]
    assert said(card, "Меры и решения") == ["Записей о нескольких организациях: 1; они в главе о дорожной карте."]


def test_nobody_elses_name_stands_in_a_card_even_when_findings_hold_it() -> None:
    found = (finding(1, f"Хуже, чем {OTHER}."), finding(2, "Рядом с МБОУ «СОШ № 1» ничего не изменилось."))
    card = made(school(22, 50), share(36, 400), found=found)
    assert "№ 12" not in every_word(card).replace("\u00a0", " ")
    assert said(card, "Коротко")[0] == "Рядом с МБОУ «СОШ № 1» ничего не изменилось."


def answer(org_id: str, item: str, state: str = "observed") -> dict[str, Any]:
    about = {"school_year": 2026, "period": "year", "group": "", "value": 1.0 if state == "observed" else None}
    return {**SOURCE, **about, "org_id": org_id, "item": item, "state": state}


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([], []),
        ([answer("s12", "a")], ["Педагогические работники: сведений организации нет (заполняет: школа)."]),
        (
            [answer("s1", "a"), answer("s1", "b", "blank")],
            ["Педагогические работники: без ответа 1\u00a0из\u00a02 клеток."],
        ),
        ([answer("s1", "a")], ["Все листы формы, которые собирались в этом году (1), заполнены."]),
    ],
)
def test_what_was_not_supplied(answers: list[dict[str, Any]], words: list[str]) -> None:
    staff = frame("staff", *answers) if answers else tables.empty("staff")
    assert said(made(clean={"staff": staff}, asked=(STAFF,)), "Чего не хватает в данных") == words


def test_who_gets_a_card() -> None:
    listed = register(
        {"org_id": "s10", "name": "Школа № 10"},
        {"org_id": "s2", "name": "Школа № 2"},
        {"org_id": "kept", "name": "Школа без сведений"},
        {"org_id": "gone", "name": "Школа закрытая", "valid_to": "2025-06-30"},
        {"org_id": "k1", "name": "Детский сад № 1", "org_type": "детский сад"},
        {"org_id": "k2", "name": "Детский сад № 2", "org_type": "детский сад"},
        {"org_id": "town", "name": "Управление", "org_type": "управление"},
    )
    told = [share(5, 50, level="organisation", group=one) for one in ("s10", "s2", "gone", "town")]
    staff = frame("staff", answer("k1", "a"))
    read = inputs("annual_report", *told, clean={"organisations": listed, "staff": staff})
    material = school_card.prepare(read, RULES, frame("findings"), (STAFF,))
    found = school_card.organisations(material, lambda kind: KINDS[str(kind)])
    assert [(one.org_id, one.kinds) for one in found] == [
        ("s2", ("school",)),
        ("s10", ("school",)),
        ("k1", ("kindergarten",)),
    ]


def test_vpr_limits_stand_where_vpr_results_stand() -> None:
    assert any("№ 02-86" in words for words in said(made(school(22, 50)), "Как читать"))
    assert not any("ВПР" in words for words in said(made(school(1, 50, "oge_mark_5", procedure="oge")), "Как читать"))
