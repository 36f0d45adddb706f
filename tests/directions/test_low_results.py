"""Chapter 03: lists, the formal rule, results and support of listed schools, social passport, who holds out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from pipeline.directions.chapter import Inputs
from pipeline.directions.panels import (
    formal_rule,
    list_exits,
    list_results,
    resilience,
    school_lists,
    social_passport,
    support,
)
from pipeline.directions.panels.panel import Panel
from pipeline.indicators.school_rules import Act, ListRule
from pipeline.presentation.blocks import plain
from tests.directions.inputs import RULES, SOURCE, chapter, count, findings, frame, inputs, share
from tests.directions.test_integrated import cells, form, oge, passports, spaced, table, vpr, words

ACT = Act(issuer="региональный орган", number="1-проба", date=dt.date(2026, 1, 31))


def answers(*said: tuple[int, int, str, float | None], name: str = "context") -> dict[str, pd.DataFrame]:
    """(year, school, item, answer) as a sheet of the form; None is a blank cell."""
    rows = [
        {
            **SOURCE,
            "school_year": year,
            "period": "year",
            "org_id": f"s{org}",
            "item": item,
            "group": "",
            "value": value,
            "state": "blank" if value is None else "observed",
        }
        for year, org, item, value in said
    ]
    return {name: frame(name, *rows)}


def listed(*low: tuple[int, int, float | None]) -> Mapping[str, pd.DataFrame]:
    return answers(*((year, org, "shnor_listed", value) for year, org, value in low))


def municipality(indicator: str, value: int) -> dict[str, Any]:
    return count(value, indicator, procedure="", series="|")


# --- lists --------------------------------------------------------------------------------------------------------


def years_of_lists() -> Inputs:
    """School 1 stays, 2 enters, 3 leaves, 4 did not answer this year."""
    clean = listed((2025, 1, 1), (2025, 2, 0), (2025, 3, 1), (2025, 4, 1), (2026, 1, 1), (2026, 2, 1), (2026, 3, 0))
    rows = [vpr(org, 10, 100) for org in (1, 2, 3, 4)]
    counts = {"shnor_schools": 2, "shnor_entered": 1, "shnor_left": 1, "shnor_stayed": 1}
    return inputs("low_results", *rows, *(municipality(one, value) for one, value in counts.items()), clean=clean)


def test_each_year_of_a_listed_school_has_its_mark() -> None:
    found = cells(table(school_lists.panel(years_of_lists()), "school-lists"))
    assert found == {
        "МБОУ «СОШ № 1»": ["● ШНОР", "● ШНОР"],
        "МБОУ «СОШ № 2»": ["—", "● ШНОР"],
        "МБОУ «СОШ № 3»": ["● ШНОР", "—"],
        "МБОУ «СОШ № 4»": ["● ШНОР", "…"],
    }


def test_who_entered_stayed_and_left_and_a_blank_is_none_of_them() -> None:
    assert words(school_lists.panel(years_of_lists())) == {
        "shnor_entered": "Вошли в перечень ШНОР: 1 (МБОУ «СОШ № 2»).",
        "shnor_stayed": "Остались в перечне ШНОР: 1 (МБОУ «СОШ № 1»).",
        "shnor_left": "Вышли из перечня ШНОР: 1 (МБОУ «СОШ № 3»).",
    }


def test_leaving_the_list_proves_nothing_by_itself() -> None:
    assert "не доказывает, что помогла поддержка" in plain(school_lists.panel(years_of_lists()).analysis[0].items[0])


def after_leaving(now: int) -> Panel:
    """School 1 left the list: 25 of 100 last year and `now` of 100 this year; the seven others 10 of 100 in both."""
    years = {1: (25, now)} | {org: (10, 10) for org in range(2, 9)}
    rows = [
        {**vpr(org, count, 100), "school_year": year}
        for org, counts in years.items()
        for year, count in zip((2025, 2026), counts, strict=True)
    ]
    return list_exits.panel(inputs("low_results", *rows, clean=listed((2025, 1, 1), (2026, 1, 0), (2025, 2, 0))))


def test_a_school_that_left_is_set_beside_what_was_to_be_expected() -> None:
    """Of eight schools one stands out: the common prior expects it back from 25 towards 10 of 100."""
    panel = after_leaving(18)
    found = cells(table(panel, "list-exits"))["МБОУ «СОШ № 1»"]
    assert spaced(found[1]) == "25,0 % (17,5–34,3)"
    assert 0.12 < panel.frames["list_exits"].loc[0, "expected"] < 0.25
    assert spaced(found[3]) == "18,0 % (11,7–26,7)"
    assert found[4] == "не изменился с учётом погрешности"
    assert "возврат к среднему" in plain(table(panel, "list-exits").statement)
    assert cells(table(after_leaving(3), "list-exits"))["МБОУ «СОШ № 1»"][4] == "снизился"


def test_nobody_left_is_no_table() -> None:
    assert list_exits.panel(inputs("low_results", vpr(1, 10, 100), clean=listed((2025, 1, 1), (2026, 1, 1)))) == Panel()


# --- the formal rule ----------------------------------------------------------------------------------------------


def ruled(given: Inputs, **changes: Any) -> Inputs:
    """With a rule made up for the test."""
    plain_rule: dict[str, Any] = {
        "id": "shnor",
        "title": "Проба",
        "act": ACT,
        "from_year": 2026,
        "indicators": ("vpr_mark_2", "oge_below_minimum"),
        "threshold": 0.30,
        "unit": "test",
        "in_year": 2,
    }
    return replace(given, rules=replace(RULES, lists=(ListRule(**{**plain_rule, **changes}),)))


def schools_of_the_rule() -> list[dict[str, Any]]:
    """School 1 reaches 30 % exactly in two tests, school 2 in one, the other six in none."""
    rows = [vpr(1, 30, 100), oge(1, 3, 10), vpr(2, 40, 100), oge(2, 29, 100)]
    return [*rows, *(make(org, 10, 100) for org in range(3, 9) for make in (vpr, oge))]


def test_no_rule_is_invented() -> None:
    """The one that ships is for the synthetic territory, and says so."""
    assert [(rule.training, rule.territories) for rule in RULES.lists] == [(True, ("demo",))]
    assert "учебное правило, не приказ" in RULES.lists[0].title
    panel = formal_rule.panel(inputs("low_results", *schools_of_the_rule()))
    assert panel.findings == ()
    assert "без номера и даты приказа" in plain(panel.monitoring[0].items[0])
    assert "config/" not in plain(panel.monitoring[0].items[0])


def test_a_training_rule_never_touches_a_real_territory() -> None:
    given = ruled(inputs("low_results", *schools_of_the_rule()), training=True, territories=("town",))
    assert not given.profile.synthetic
    assert "не внесено" in plain(formal_rule.panel(given).monitoring[0].items[0])
    synthetic = replace(given, profile=given.profile.model_copy(update={"synthetic": True}))
    found = formal_rule.panel(synthetic)
    assert "приказа нет" in plain(table(found, "rule-shnor").source)
    assert found.findings[0].strength == "учебное правило, не приказ"
    with pytest.raises(ValueError, match="territories"):
        ruled(given, training=True)


def test_the_rule_is_applied_exactly_and_its_act_is_named() -> None:
    panel = formal_rule.panel(ruled(inputs("low_results", *schools_of_the_rule())))
    assert list(words(panel)) == ["rule.shnor.s1"]
    found = table(panel, "rule-shnor")
    assert "№ 1-проба от 31.01.2026" in plain(found.source)
    first, second = (cells(found)[f"МБОУ «СОШ № {org}»"] for org in (1, 2))
    assert (
        spaced(first[0])
        == "ВПР, русский язык, 4 класс: 30,0 % (21,9–39,6); ОГЭ, русский язык, 9 класс: 3 из 10 (11–60 %)"
    )
    assert first[1:3] == ["×", "есть"]
    assert spaced(second[0]) == "ВПР, русский язык, 4 класс: 40,0 % (30,9–49,8)"
    assert second[1:3] == ["×", "нет"]


def test_beside_the_flag_stands_how_likely_it_is_true() -> None:
    """3 of 10 borrow from schools at a tenth, so two tests truly over the line are not likely."""
    panel = formal_rule.panel(ruled(inputs("low_results", *schools_of_the_rule())))
    frame = panel.frames["rule_shnor"].set_index("org_id")
    assert frame.loc["s1", "probability_any"] < 0.5
    assert frame.loc["s1", "zone"] in ("пограничен", "не подтверждён")
    assert cells(table(panel, "rule-shnor"))["МБОУ «СОШ № 1»"][3].endswith(frame.loc["s1", "zone"])


@pytest.mark.parametrize(
    ("p", "word"), [(0.95, "надёжен"), (0.9, "пограничен"), (0.1, "пограничен"), (0.05, "не подтверждён")]
)
def test_zones(p: float, word: str) -> None:
    assert formal_rule.zone(p) == word


def test_two_readings_of_an_unclear_act_are_both_shown() -> None:
    """Two low tests this year, none of them low last year."""
    rows = [*schools_of_the_rule(), {**vpr(1, 5, 100), "school_year": 2025}]
    panel = formal_rule.panel(ruled(inputs("low_results", *rows), same_in_years=2, joined="unclear"))
    shown = cells(table(panel, "rule-shnor"))["МБОУ «СОШ № 1»"]
    assert shown[2] == "зависит от прочтения: оба условия — нет, одно — есть"
    frame = panel.frames["rule_shnor"].set_index("org_id")
    assert frame.loc["s1", "probability_all"] < frame.loc["s1", "probability_any"]
    assert words(panel) == {}


def over_two_years() -> Inputs:
    """School 1 is low in both years, school 2 in the first alone, school 3 in the second; the others in none."""
    lows = {1: (40, 40), 2: (31, 10), 3: (10, 35)}
    shares = {org: lows.get(org, (10, 10)) for org in range(1, 10)}
    rows = [
        {**vpr(org, count, 100), "school_year": year}
        for org, counts in shares.items()
        for year, count in zip((2025, 2026), counts, strict=True)
    ]
    return ruled(inputs("low_results", *rows), in_year=1, from_year=2025)


def test_entries_and_exits_are_told_with_the_chance_of_an_exit() -> None:
    panel = formal_rule.panel(over_two_years())
    found = cells(table(panel, "rule-shnor-years"))
    assert found["МБОУ «СОШ № 1»"][:2] == ["● есть", "● есть"]
    assert found["МБОУ «СОШ № 1»"][2].startswith("осталась; без перемен вышла бы с вероятностью 0,")
    assert found["МБОУ «СОШ № 3»"] == ["—", "● есть", "вошла"]
    frame = panel.frames["rule_shnor_years"].set_index(["org_id", "school_year"])
    chance = frame.loc[("s2", 2026), "leaves_by_chance"]
    assert 0.5 < chance < 0.9  # 31 of 100 is just over the line, and most schools are far under it
    said = plain(table(panel, "rule-shnor-years").statement)
    assert "вошло 1, осталось 1, вышло 1" in said
    assert "МБОУ «СОШ № 2»" in said
    assert "возврат к среднему" in said


def test_one_year_has_no_entries_and_exits() -> None:
    panel = formal_rule.panel(ruled(inputs("low_results", *schools_of_the_rule())))
    assert [block.id for block in panel.monitoring] == ["rule-shnor"]


def doubted(*, exam: int) -> str:
    """School 1 is low in ВПР, and in ОГЭ by `exam` of 100; the results of school 9 are not confirmed."""
    rows = [vpr(1, 40, 100), oge(1, exam, 100), *(make(org, 10, 100) for org in range(2, 10) for make in (vpr, oge))]
    mark = {
        "school_year": 2026,
        "procedure": "vpr",
        "subject": "russian",
        "grade": 4,
        "org_id": "s9",
        "marker": 1,
        "state": "observed",
        **SOURCE,
    }
    given = ruled(inputs("low_results", *rows, clean={"marked_schools": frame("marked_schools", mark)}), in_year=1)
    panel = formal_rule.panel(given)
    return plain(panel.monitoring[-1].items[0])


def test_a_flag_of_own_marks_beside_unconfirmed_neighbours_is_a_limited_comparison() -> None:
    said = doubted(exam=10)
    assert said.startswith("Сопоставление ограничено: объективность результатов части школ не подтверждена.")
    assert "Без ВПР, которые школа проверяет сама, признака (МБОУ «СОШ № 1») не было бы" in said
    assert "СОШ № 9" not in said
    assert doubted(exam=40) == "Сопоставление ограничено: объективность результатов части школ не подтверждена."


def test_a_rule_of_another_year_or_territory_is_not_borrowed() -> None:
    given = inputs("low_results", *schools_of_the_rule())
    for changes in ({"from_year": 2027}, {"to_year": 2025, "from_year": 2020}, {"territories": ("pochep",)}):
        assert "не внесено" in plain(formal_rule.panel(ruled(given, **changes)).monitoring[0].items[0])


# --- results ------------------------------------------------------------------------------------------------------


def test_listed_schools_are_set_beside_the_others() -> None:
    """40 of 100 against 30 of 300; 9 of 100 against 30 of 300."""
    rows = [vpr(1, 40, 100), oge(1, 9, 100), *(make(org, 10, 100) for org in (2, 3, 4) for make in (vpr, oge))]
    panel = list_results.panel(inputs("low_results", *rows, clean=listed((2026, 1, 1), (2026, 2, 0))))
    found = cells(table(panel, "list-results"))
    assert found["Доля «2» в ВПР, русский язык, 4 класс"] == [
        "40,0 % (30,9–49,8)",
        "10,0 %",
        "+30,0 п. п.",
        "хуже: выше",
    ]
    assert found["Ниже порога ОГЭ, русский язык, 9 класс"][-1] == "не отличается"
    assert "уступают остальным в 1 из 2 сравнений" in words(panel)["list_results"]
    assert words(panel)["next_goal"].startswith("Снизить долю: доля «2» в ВПР, русский язык, 4 класс: школы перечня")


def test_an_empty_list_and_an_unknown_one_are_told_apart() -> None:
    empty = list_results.panel(inputs("low_results", vpr(1, 1, 10), clean=listed((2026, 1, 0))))
    unknown = list_results.panel(inputs("low_results", vpr(1, 1, 10)))
    assert plain(empty.monitoring[0].items[0]) == "В отчётном году в перечне школ с низкими результатами никого нет."
    assert "не представлен" in plain(unknown.monitoring[0].items[0])


# --- support ------------------------------------------------------------------------------------------------------


def supported(partner: float | None, centre: float, team: float) -> Inputs:
    clean = answers(
        (2026, 1, "shnor_listed", 1), (2026, 1, "network_partner", partner), (2026, 1, "growth_point", centre)
    )
    clean |= answers((2026, 1, "low_results_team", team), name="training")
    return inputs("low_results", vpr(1, 10, 100), clean=clean)


def test_a_listed_school_without_any_support_is_named() -> None:
    panel = support.panel(supported(0, 0, 0))
    assert cells(table(panel, "support"))["МБОУ «СОШ № 1»"] == ["ШНОР", "✗ нет", "✗ нет", "✗ нет", "…"]
    assert list(words(panel)) == ["support.s1"]


def test_a_blank_answer_is_not_a_no() -> None:
    panel = support.panel(supported(None, 0, 0))
    assert cells(table(panel, "support"))["МБОУ «СОШ № 1»"][1] == "…"
    assert words(panel) == {}


# --- social passport ----------------------------------------------------------------------------------------------


def test_the_passport_has_no_small_numbers_and_no_judgement() -> None:
    rows = [form("context_low_income", org, 80, 400) for org in (1, 2)] + [form("context_low_income", 3, 6, 400)]
    about = {"procedure": "", "subject": "", "grade": 0, "series": "|"}
    own = share(166, 1200, "context_low_income", **about)
    panel = social_passport.panel(inputs("low_results", *rows, own))
    found = cells(table(panel, "social-passport"))
    assert found["МБОУ «СОШ № 3»"][1] == "•"
    assert found["Муниципалитет"][1] == "13,8 %"
    assert "о качестве её работы он не говорит" in plain(table(panel, "social-passport").statement)
    assert panel.findings == ()
    assert list(panel.frames["social_passport"]["org_id"]) == ["s1", "s2"]


def test_the_index_is_set_beside_the_official_list() -> None:
    clean = answers((2026, 1, "shnsu_listed", 1), (2026, 12, "shnsu_listed", 1), (2026, 5, "shnsu_listed", 0))
    said = spaced(plain(social_passport.panel(inputs("low_results", *passports(12), clean=clean)).analysis[0].items[0]))
    assert "в официальном перечне ШНСУ — 2, в обоих сразу — 1" in said
    assert "Только в перечне, но не по индексу: МБОУ «СОШ № 12»." in said
    assert "не исправление перечня" in said


def test_without_ten_passports_only_the_list_speaks() -> None:
    said = plain(social_passport.panel(inputs("low_results", *passports(5))).analysis[0].items[0])
    assert said.startswith("Индекс условий не посчитан")


# --- who holds out ------------------------------------------------------------------------------------------------


def hard(*results: dict[str, Any]) -> Any:
    """School 1 is on the list of hard conditions; five others have 10 of 100 in both procedures."""
    others = [make(org, 20, 100) for org in range(2, 7) for make in (vpr, oge)]
    clean = answers((2026, 1, "shnsu_listed", 1), (2026, 2, "shnsu_listed", 0))
    return resilience.panel(inputs("low_results", *others, *results, clean=clean))


def test_only_a_better_exam_is_called_resilience() -> None:
    better = hard(vpr(1, 20, 100), oge(1, 0, 100))
    assert list(words(better)) == ["resilience.s1"]
    assert cells(table(better, "resilience"))["МБОУ «СОШ № 1»"][-1] == "лучше остальных"
    own_work = hard(vpr(1, 0, 100), oge(1, 20, 100))
    assert words(own_work) == {}
    assert cells(table(own_work, "resilience"))["МБОУ «СОШ № 1»"][-1] == "не отличаются"


def test_not_different_is_not_the_same() -> None:
    said = plain(table(hard(vpr(1, 20, 100), oge(1, 20, 100)), "resilience").statement)
    assert "это ещё не значит, что результаты такие же" in said


def test_lower_and_unknown_have_words_of_their_own() -> None:
    assert cells(table(hard(vpr(1, 60, 100), oge(1, 0, 100)), "resilience"))["МБОУ «СОШ № 1»"][-1] == "результаты ниже"
    assert cells(table(hard(vpr(1, 3, 8), oge(1, 1, 8)), "resilience"))["МБОУ «СОШ № 1»"][-1] == "мало данных"


# --- the chapter --------------------------------------------------------------------------------------------------


def test_without_data_the_chapter_says_what_is_missing() -> None:
    assert "missing_sources" in findings(chapter("low_results"))


def test_a_chapter_without_lists_still_tells_of_conditions(drawn: None) -> None:
    made = chapter("low_results", *passports(12))
    assert "social_passport" in made.frames
    assert "list_results" not in findings(made)
