"""The end of every chapter: measures and decisions of the register, their effect, the problem and the next goal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from pipeline.directions import acts, before_after, closing, registry
from pipeline.directions.chapter import Chapter, Finding
from pipeline.presentation.blocks import Paragraphs, Run, TableBlock, plain, text
from tests.directions.inputs import SOURCE, chapter, exact, findings, frame, handed_on, inputs, said, share, tables_of
from tests.directions.inputs import goal as goal_of

SCHOOL = {"level": "organisation", "group": "s1", "org_id": "s1", "group_label": "Школа"}


def act(name: str = "2025-1", **given: Any) -> dict[str, Any]:
    """One record of the register of decisions."""
    plain_act = {"decision": name, "school_year": 2025, "direction": "achievement", "kind": "measure"}
    return {**SOURCE, **plain_act, "title": "Практикум", "progress": "done", "indicator": "vpr_mark_2", **given}


def document(name: str = "Д-1", **given: Any) -> dict[str, Any]:
    plain_one = {"document": name, "school_year": 2025, "kind": "order", "number": "15", "date": "2024-09-10"}
    return {**SOURCE, **plain_one, "title": "О мерах", "office": "управление образования", **given}


def organisation(name: str, org_id: str) -> dict[str, Any]:
    about = {"alias_kind": "fisoko", "alias_code": org_id, "provisional": False}
    return {**SOURCE, **about, "org_id": org_id, "name": name}


def clean(*given: dict[str, Any], papers: tuple[dict[str, Any], ...] = ()) -> dict[str, pd.DataFrame]:
    return {
        "decisions": frame("decisions", *given),
        "documents": frame("documents", *papers),
        "organisations": frame("organisations", organisation("Школа", "s1")),
    }


def made(*rows: dict[str, Any], registered: dict[str, pd.DataFrame], **given: Any) -> Chapter:
    return chapter("achievement", *rows, clean=registered, **given)


def effects(made_chapter: Chapter) -> list[list[str]]:
    table = tables_of(made_chapter)["achievement-effect"]
    return [[words(cell.text) for cell in line] for line in table.rows]


def words(line: str) -> str:
    return line.replace("\u00a0", " ").replace("\u202f", " ")


# 40 of 100 before, 15 of 100 after: 40 % and 15 %, Newcombe's interval of the difference is far from zero.
EARLIER, BEFORE, AFTER = (share(n, 100, school_year=y) for n, y in ((38, 2023), (40, 2024), (15, 2025)))


def test_a_proven_change_is_said_without_because() -> None:
    done = made(EARLIER, BEFORE, AFTER, registered=clean(act()))
    ((measure, indicator, before, after, beside, verdict),) = effects(done)
    assert (measure, indicator) == ("2025-1. Практикум", "Доля «2» в ВПР: русский язык, 4 класс")
    assert before.startswith("40,0 %") and before.endswith("2023/24")
    assert after.startswith("15,0 %") and after.endswith("2024/25")
    assert beside == "нет данных"
    assert verdict == "улучшился больше погрешности и против 2023/24, и против прежних лет (38,0 %)"
    told = findings(done)["effect.2025.2025-1.russian.4"]
    assert words(told) == (
        "После меры «Практикум» показатель «Доля «2» в ВПР: русский язык, 4 класс» изменился: "
        "40,0 % (30,9–49,8) в 2023/24, 15,0 % (9,3–23,3) в 2024/25; это больше погрешности и против прежних лет. "
        "Мера ли причина этого улучшения, данные не доказывают (сравнить с похожими школами нельзя: мера касается "
        "всего муниципалитета)."
    )
    assert any("Возврат к среднему" in line for line in said(done, "effect"))


def test_a_bad_year_that_passes_by_itself_is_no_success() -> None:
    """12 and 16 of 100 in the years before the bad one: 28 of 200, so 15 of 100 is where the school always was."""
    usual = [share(n, 100, school_year=y) for n, y in ((12, 2022), (16, 2023))]
    done = made(*usual, BEFORE, AFTER, registered=clean(act()))
    assert effects(done)[0][-1] == (
        "улучшился больше погрешности против 2023/24, но не против прежних лет (14,0 %): похоже на возврат к среднему"
    )
    assert not any(name.startswith("effect") for name in findings(done))


def test_without_earlier_years_the_return_cannot_be_excluded() -> None:
    done = made(BEFORE, AFTER, registered=clean(act()))
    assert effects(done)[0][-1].endswith("более ранних лет нет, возврат к среднему не исключить")
    assert not any(name.startswith("effect") for name in findings(done))


def test_a_change_within_chance_tells_what_would_have_been_seen() -> None:
    """30 % of 100 before and after: by hand a fall to 13,9 % would have been seen (tests/statistics)."""
    done = made(share(30, 100, school_year=2024), share(28, 100, school_year=2025), registered=clean(act()))
    verdict = effects(done)[0][-1]
    assert verdict == "не изменился с учётом погрешности; было бы видно улучшение до 13,9 %"
    assert not any(name.startswith("effect") for name in findings(done))


@pytest.mark.parametrize(
    ("rows", "given", "why"),
    [
        ((AFTER,), {}, "до меры показатель не измеряли"),
        ((BEFORE,), {}, "после меры показатель ещё не измеряли"),
        ((), {}, "показатель не посчитан"),
        ((share(4, 9, school_year=2024), share(0, 9, school_year=2025)), {}, "мало участников"),
        ((BEFORE, share(15, 100, school_year=2025, series="new")), {}, "ряд прерван, значения несопоставимы"),
        ((BEFORE, AFTER), {"progress": "cancelled"}, "мера отменена"),
        ((BEFORE, AFTER), {"taken_on": "2025-03-01"}, "после меры показатель ещё не измеряли"),
    ],
)
def test_where_nothing_can_be_judged_the_reason_stands(rows: Any, given: dict[str, Any], why: str) -> None:
    others = share(50, 90, "oge_below_minimum", grade=9)  # the chapter has something to say in any case
    done = registry.analyse(inputs("achievement", *rows, others, clean=clean(act(**given))))
    assert effects(done)[0][-1] == f"судить нельзя: {why}"


def test_what_is_done_from_march_is_seen_next_year() -> None:
    assert (
        before_after.first_affected(acts.acts(inputs("achievement", clean=clean(act(taken_on="2025-02-28"))))[0])
        == 2025
    )
    assert (
        before_after.first_affected(acts.acts(inputs("achievement", clean=clean(act(taken_on="2025-03-01"))))[0])
        == 2026
    )


def test_a_school_stands_beside_the_rest_of_the_municipality() -> None:
    """School 12 of 20 → 4 of 20 in a municipality of 40 of 100 → 24 of 100: the others 28 of 80 → 20 of 80."""
    rows = [
        share(12, 20, school_year=2024, **SCHOOL),
        share(4, 20, school_year=2025, **SCHOOL),
        share(40, 100, school_year=2024),
        share(24, 100, school_year=2025),
    ]
    done = made(*rows, registered=clean(act(org_id="s1")))
    ((measure, _, _, _, beside, verdict),) = effects(done)
    assert measure == "2025-1. Практикум (Школа)"
    assert beside == "35 % → 25 %"
    assert verdict.startswith("улучшился больше погрешности;")


def test_several_subjects_of_one_measure_are_judged_more_strictly() -> None:
    """13 of 100 against 25 of 100 is proven at 95 % (Newcombe: −22,6…−1,2) and not at 97,5 %."""
    rows = [share(25, 100, school_year=2024), share(13, 100, school_year=2025)]
    alone = effects(made(*rows, registered=clean(act())))
    assert alone[0][-1].startswith("улучшился больше погрешности;")
    maths = [share(30, 90, school_year=y, subject="mathematics") for y in (2024, 2025)]
    both = effects(made(*rows, *maths, registered=clean(act())))
    assert [line[-1].split(";")[0] for line in both] == ["не изменился с учётом погрешности"] * 2


def test_organisations_with_one_measure_are_judged_together() -> None:
    """Three schools, each 8 of 20 → 4 of 20: not proven alone; together 24 of 60 → 12 of 60 is (Newcombe: −35…−3)."""
    schools = [
        {"level": "organisation", "group": f"s{n}", "org_id": f"s{n}", "group_label": f"Ш{n}"} for n in (1, 2, 3)
    ]
    rows = [
        share(part, 20, school_year=year, **school) for school in schools for year, part in ((2024, 8), (2025, 4))
    ] + [share(40, 100, school_year=2024), share(30, 100, school_year=2025)]
    taken = [act(f"2025-{n}", org_id=f"s{n}") for n in (1, 2, 3)]
    decided = act("2025-1р", org_id="s1", kind="decision", parent="2025-1")
    done = made(*rows, registered=clean(*taken, decided))
    (together,) = effects(done)
    assert together[0] == "2025-1. Практикум (вместе 3 организации)"
    assert (together[2], together[3]) == ("40 % (29–53), 2023/24", "20 % (12–32), 2024/25")
    assert together[4] == "40 % → 45 %"  # the others: 16 of 40 → 18 of 40
    assert together[5].startswith("улучшился больше погрешности;")
    alone = effects(made(*rows, registered=clean(taken[0])))
    assert alone[0][-1].startswith("не изменился с учётом погрешности")


def test_few_children_of_a_protected_group_are_not_told_of_one_school() -> None:
    """9 of 60 pupils of a school on a register: under 10, so neither the value nor its part of the sum is printed."""
    about = {"procedure": "", "subject": "", "grade": 0, "series": "a"}
    schools = [{"level": "organisation", "group": f"s{n}", "org_id": f"s{n}", "group_label": f"Ш{n}"} for n in (1, 2)]
    rows = [
        share(part, 60, "absent_often", school_year=year, **about, **school)
        for school in schools
        for year, part in ((2024, 20), (2025, 9))
    ]
    given = clean(*(act(f"2025-{n}", org_id=f"s{n}", indicator="absent_often") for n in (1, 2)))
    done = made(*rows, registered=given)
    (together,) = effects(done)
    assert together[2].startswith("33,3 %") and together[3].startswith("15,0 %")  # 40 and 18 of 120
    alone = effects(made(*rows, registered=clean(act("2025-1", org_id="s1", indicator="absent_often"))))
    assert alone[0][2:] == ["…", "…", "нет данных", "судить нельзя: одно из чисел менее 10, значения не печатаются"]
    how = " ".join(words(plain(line)) for line in tables_of(done)["achievement-effect"].how)
    assert "20 из 60" in how and "9 из 60" not in how


def test_measures_and_decisions_stand_apart_with_office_act_and_date() -> None:
    given = clean(
        act(responsible="методист", due="2026-05-01", school_year=2026),
        act("2026-2", kind="decision", school_year=2026, act="Д-1", indicator=None),
        act("2026-3", kind="recommendation", school_year=2026, addressee="директор", progress="sent", act="Д-9"),
        act("2024-9", kind="decision", school_year=2024, act="Д-1"),
        papers=(document(),),
    )
    tables = tables_of(made(AFTER, registered=given))
    lines = {
        name: [[words(c.text) for c in line] for line in tables[f"achievement-acts-{name}"].rows] for name in NAMES
    }
    assert lines["measures"] == [
        ["2025-1", "Практикум", "методист", "01.05.2026", "документа нет", "исполнено"],
    ]
    order = "приказ № 15 от 10.09.2024"
    assert lines["decisions"] == [
        ["2026-2", "Практикум", "управление образования", "10.09.2024", order, "исполнено"],
    ]
    assert lines["recommendations"] == [
        ["2026-3", "Практикум", "директор", "не указан", "Д-9 (в реестре документов нет)", "направлено адресату"],
    ]


NAMES = ("measures", "decisions", "recommendations")


def test_a_measure_that_is_late_says_so_and_one_without_indicator_is_counted() -> None:
    given = clean(act(progress="planned", due="2026-05-01", indicator=None))
    done = made(AFTER, registered=given)
    assert tables_of(done)["achievement-acts-measures"].rows[0][-1].text == "намечено, срок прошёл"
    assert words(said(done, "effect")[0]).startswith("По 1 записи реестра судить нельзя")


def test_the_words_of_progress_are_those_of_the_form() -> None:
    from pipeline.settings import read_yaml
    from tests.directions.inputs import PATHS

    lists = read_yaml(PATHS.config("forms/words.yml"))["words"]
    assert set(acts.PROGRESS) == set(lists["decision_progress"])
    assert set(acts.DOCUMENTS) == set(lists["document_kind"])


# --- the problem and the next goal --------------------------------------------------------------------------------


def ends(done: Chapter) -> list[str]:
    return [words(line) for line in said(done, "effect")][-2:]


def test_the_chapter_ends_with_the_problem_and_a_goal_with_its_number() -> None:
    done = chapter("achievement", share(30, 100), exact(0.05))
    problem, goal = ends(done)
    assert problem.startswith("Проблема: ВПР, русский язык, 4 класс: отметку «2» получили 30,0 %")
    assert goal == (
        "Предлагаемая цель следующего цикла: снизить показатель «доля «2» в ВПР: русский язык, 4 класс» "
        "с 30,0 % (21,9–39,6) в сторону значения РФ — 5,0 %; при том же числе участников отличить от случайного можно "
        "шаг до 13,9 %."
    )
    assert words(goal_of(done)).startswith("Снизить показатель")
    keys = [run.key for finding in done.findings if finding.id == "next_goal" for run in finding.statement if run.key]
    own, wider = (f"vpr_mark_2/2026/vpr/russian/4/{g}//" for g in ("municipality/town", "country/RU"))
    assert keys == [own, wider, own]


def test_without_a_proven_problem_the_goal_is_what_is_missing() -> None:
    problem, goal = ends(chapter("achievement", share(30, 100)))
    assert problem == "Проблем, доказанных данными года, в направлении не найдено."
    assert goal.startswith("Предлагаемая цель следующего цикла: удержать достигнутое и получить то, чего не хватило: ")


def test_an_empty_chapter_asks_for_its_sources() -> None:
    blocks = chapter("talent").sections["effect"]
    assert [block.role for block in blocks if isinstance(block, Paragraphs)] == ["empty", "note"]
    assert said(chapter("talent"), "effect")[1].startswith("Предлагаемая цель следующего цикла: получить недостающие")


def test_goals_cite_last_years_problem_and_goal() -> None:
    last = chapter("achievement", share(30, 100, school_year=2025), exact(0.05, school_year=2025), year=2025)
    given = replace(inputs("achievement", share(30, 100)), before=handed_on(("achievement", last)))
    lines = [words(line) for line in said(registry.analyse(given), "goals")]
    assert lines[0].startswith("Проблема, найденная отчётом за 2025 год: ВПР, русский язык, 4 класс: отметку «2»")
    assert lines[1].startswith("Цель, предложенная тогда на этот цикл: Снизить показатель")
    assert "в сторону значения РФ — 5,0 %" in lines[1]
    assert said(registry.analyse(inputs("achievement", share(30, 100))), "goals") == [
        "Цели направления не внесены в профиль территории."
    ]


def handed(*found: Finding) -> list[str]:
    """The lines of «Цели» of the year after a chapter with these findings."""
    last = Chapter("talent", chapter("talent").strip, {}, found)
    given = replace(inputs("talent"), before=handed_on(("talent", last)))
    return [words(plain(line)) for block in closing.goals(given, ()) for line in block.items]  # type: ignore[union-attr]


def test_the_goal_is_cited_beside_the_problem_that_it_answers() -> None:
    """The heaviest problem had no number to aim at, so the goal was set for the second: that one is cited."""
    first = Finding("rule", "problem", text("Первая проблема"), weight=0.4)
    second = Finding("list", "problem", text("Вторая: ", Run("12", key="a/2025")), weight=0.1)
    goal = Finding("next_goal", "goal", text("Снизить с ", Run("12", key="a/2025")))
    assert handed(first, second, goal) == [
        "Проблема, найденная отчётом за 2025 год: Вторая: 12",
        "Цель, предложенная тогда на этот цикл: Снизить с 12",
    ]
    free = Finding("next_goal", "goal", text("Устранить названное"), strength="форма")
    assert handed(second, first, free)[0] == "Проблема, найденная отчётом за 2025 год: Первая проблема"
    alike = Finding("state", "problem", text("Третья проблема"), strength="форма", weight=0.4)
    assert handed(first, alike, free)[0] == "Проблема, найденная отчётом за 2025 год: Третья проблема"


def test_a_year_without_a_proven_problem_is_said_to_have_none() -> None:
    sign, lacked = Finding("x", "sign", text("Признак"), weight=0.1), Finding("missing_sources", "sign", text("Нет"))
    assert handed(sign) == ["Отчёт за 2025 год проблем, доказанных данными, в направлении не нашёл."]
    assert handed(sign, lacked) == []


def test_a_roadmap_without_goals_is_said_to_have_none() -> None:
    given = inputs("talent")
    profile = given.profile.model_copy(update={"roadmap": "kemerovo_okrug"})
    assert [plain(block.items[0]) for block in closing.goals(replace(given, profile=profile), ())] == [closing.NO_GOALS]


def test_a_table_longer_than_a_page_is_cut_and_says_so() -> None:
    given = clean(*(act(f"2026-{n}", school_year=2026, indicator=None) for n in range(35)))
    table = tables_of(made(AFTER, registered=given))["achievement-acts-measures"]
    assert isinstance(table, TableBlock)
    assert len(table.rows) == 30
    assert "ещё 5" in words(plain(table.source))


def fell_with(others: tuple[int, int]) -> tuple[Finding, str]:
    """School 1 falls from 40 to 15 of 100 after the measure; the rest of the town has these counts of 400 meanwhile."""
    mine = [share(count, 100, school_year=year, **SCHOOL) for year, count in ((2023, 38), (2024, 40), (2025, 15))]
    whole = [share(count, 500, school_year=year) for year, count in ((2024, 40 + others[0]), (2025, 15 + others[1]))]
    done = made(*mine, *whole, registered=clean(act(org_id="s1")))
    (found,) = [one for one in done.findings if one.id.startswith("effect.")]
    return found, words(plain(found.statement))


def test_a_change_that_everybody_had_says_nothing_of_the_measure() -> None:
    found, said = fell_with((160, 64))
    assert (found.kind, found.weight) == ("sign", 0.1)
    assert "за то же время у других 40,0 % → 16,0 %: изменение не больше, чем у них" in said


def test_a_change_beyond_that_of_others_keeps_its_words() -> None:
    found, said = fell_with((160, 160))
    assert found.kind == "strength"
    assert "за то же время у других 40,0 % → 40,0 %. Мера ли причина этого улучшения, данные не доказывают" in said
