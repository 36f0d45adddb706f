"""Chapter 13: the year's main findings, proven changes, the monitoring form, passports of what was used."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipeline import tables
from pipeline.directions import registry
from pipeline.directions.annual import main
from pipeline.directions.chapter import Chapter, Finding, findings_frame
from pipeline.presentation.blocks import Paragraphs, plain, text
from pipeline.territory.profile import ChapterPlan, Country
from tests.directions.inputs import (
    SOURCE,
    bare,
    chapter,
    exact,
    frame,
    handed_on,
    inputs,
    mean,
    row,
    said,
    share,
    tables_of,
)


def words(line: str) -> str:
    return line.replace("\u00a0", " ").replace("\u202f", " ")


def lines(done: Chapter, section: str) -> list[str]:
    return [words(line) for line in said(done, section)]


def rows_of(done: Chapter, table: str) -> list[list[str]]:
    return [[words(cell.text) for cell in line] for line in tables_of(done)[table].rows]


def found(direction: str, *weights: float, kind: str = "problem") -> Any:
    """Findings of a direction with these weights, as they are handed on."""
    made = tuple(
        Finding(f"f{place}", kind, text(f"Вывод {direction} {place}."), weight=weight)
        for place, weight in enumerate(weights)
    )
    return findings_frame(replace(chapter(direction), findings=made), bare(direction))


def annual(*rows: dict[str, Any], **given: Any) -> Chapter:
    return chapter("annual_report", *rows, **given)


# --- «Главное за год» ---------------------------------------------------------------------------------------------


def test_the_year_begins_with_the_weightiest_conclusions_and_their_chapters() -> None:
    rows = [share(30, 100), exact(0.05), share(10, 100, subject="mathematics"), exact(0.05, subject="mathematics")]
    earlier = handed_on(("achievement", chapter("achievement", *rows)), ("talent", chapter("talent")))
    done = annual(*rows, earlier=earlier)
    first, second, unknown = lines(done, "main")
    assert first.startswith("ВПР, русский язык, 4 класс: отметку «2» получили 30,0 %")
    assert first.endswith("— доля выше, чем в РФ (глава).")
    assert second.startswith("ВПР, математика, 4 класс")
    assert unknown == (
        "По 1 направлению данных за год нет: Выявление, поддержка и развитие способностей и талантов. "
        "Это пробел, а не ноль."
    )
    runs = done.blocks("main")[0].items[0]
    assert [run.key for run in runs if run.key] == [
        f"vpr_mark_2/2026/vpr/russian/4/{g}//" for g in ("municipality/town", "country/RU")
    ]
    assert [run.ref for run in runs if run.ref] == ["achievement"]


def test_no_direction_drowns_the_rest() -> None:
    earlier = tables.combine("findings", [found("achievement", 0.9, 0.8, 0.7, 0.6), found("talent", 0.2)])
    shown = lines(annual(earlier=earlier), "main")
    assert [line.removesuffix(" (глава).") for line in shown[:3]] == [
        "Вывод achievement 0",
        "Вывод achievement 1",
        "Вывод talent 0",
    ]
    assert shown[3].startswith("Ещё 2 вывода — в главах; здесь не больше 2 на направление, самые заметные,")


def test_a_change_on_the_front_page_is_proven_among_many() -> None:
    """30 of 100 → 45 of 100 is proven at 95 % (Newcombe: 1,6…27,7) and not at 99,8 %; 30 → 60 is."""
    for part, expected in ((45, 0), (60, 1)):
        rows = [
            share(30, 100, "bilet_share", procedure="", subject="", grade=0, school_year=2025, series="a"),
            share(part, 100, "bilet_share", procedure="", subject="", grade=0, series="a"),
        ]
        earlier = handed_on(("career", chapter("career", *rows)))
        assert (earlier["id"] == "career.bilet_share.change").sum() == 1
        told = [line for line in lines(annual(*rows, earlier=earlier), "main") if "за год показатель" in line]
        assert len(told) == expected


def test_at_most_ten_and_nothing_without_weight_of_quality_or_of_what_is_to_be_done() -> None:
    directions = ("achievement", "objectivity", "low_results", "talent", "career", "heads")
    frames = [found(code, 0.5, 0.4) for code in directions]
    frames += [found("data_quality", 0.9), found("teachers", 0.0), found("methodical", 0.9, kind="recommendation")]
    shown = lines(annual(earlier=tables.combine("findings", frames)), "main")
    assert len(shown) == 11
    assert not [line for line in shown if "data_quality" in line or "teachers" in line or "methodical" in line]


def test_a_chapter_that_is_not_printed_does_not_speak_on_the_front_page() -> None:
    given = inputs("annual_report", earlier=found("talent", 0.5))
    hidden = given.profile.model_copy(update={"chapters": (ChapterPlan(direction="talent", printed=False),)})
    (line,) = lines(registry.analyse(replace(given, profile=hidden)), "main")
    assert line == main.NOTHING


def test_measures_that_chapter_12_tells_together_are_not_told_twice() -> None:
    one = found("talent", 0.5).assign(id="talent.effect.2025.1")
    together = found("management_cycle", 0.4).assign(id="management_cycle.measures")
    assert len(lines(annual(earlier=one), "main")) == 1
    (line,) = [x for x in lines(annual(earlier=tables.combine("findings", [one, together])), "main") if "Вывод" in x]
    assert line.startswith("Вывод management_cycle")


# --- «Что изменилось» ---------------------------------------------------------------------------------------------


def test_proven_changes_stand_in_a_table_and_the_rest_is_counted() -> None:
    """50 of 100 → 20 of 100 is proven at 99,8 %; 30 → 20 is not; a broken series is told apart."""
    pairs = [("russian", 50, 20), ("mathematics", 30, 20)]
    rows = [share(part, 100, subject=s, school_year=y) for s, a, b in pairs for part, y in ((a, 2025), (b, 2026))]
    rows += [share(50, 100, grade=5, school_year=2025, series="old"), share(20, 100, grade=5)]
    done = annual(*rows)
    assert rows_of(done, "year-changes") == [
        [
            "Доля «2» в ВПР: русский язык, 4 класс",
            "Оценка качества подготовки обучающихся",
            "50,0 %",
            "20,0 % (13,3–28,9)",
            "лучше: снизился, −30,0 п. п.",
        ]
    ]
    first, broken = lines(done, "changes")
    assert first.startswith("С прошлым годом сравнено 2 значения: изменилось 1.")
    assert "99,8 %" in first
    assert broken.startswith("Ряд прерван, годы не сравниваются: 1 значение (доля «2» в ВПР).")
    assert done.frames["changes"]["verdict"].tolist() == ["lower"]


def test_a_list_that_changes_is_not_compared_over_the_years() -> None:
    about = {"procedure": "", "subject": "", "grade": 0, "series": "a"}
    listed = next(p for p in bare("low_results").passports.values() if any(getattr(s, "listed", 0) for s in p.sources))
    rows = [share(part, 100, listed.id, school_year=year, **about) for part, year in ((80, 2025), (20, 2026))]
    done = annual(*rows)
    assert "year-changes" not in tables_of(done)
    assert lines(done, "changes")[-1].startswith("Показатели школ перечня с прошлым годом не сравниваются")


def test_a_first_year_says_there_is_nothing_to_compare_with() -> None:
    assert lines(annual(share(20, 100)), "changes") == ["Значений прошлого года, с которыми можно сравнить, нет."]


# --- показатели мониторинга ---------------------------------------------------------------------------------------


def filled(code: str, value: float | None, **given: Any) -> dict[str, Any]:
    about = {"school_year": 2026, "row_code": code, "title": f"Строка {code}", "unit": "человек", "act": "приказ № 1"}
    state = "blank" if value is None else "observed"
    return {**SOURCE, **about, "value": value, "state": state, "act_status": "confirmed", **given}


def form(*rows: dict[str, Any], **given: Any) -> Chapter:
    return annual(clean={"monitoring_form": frame("monitoring_form", *rows)}, **given)


def test_rows_stand_by_their_code_and_full_counts_have_no_interval() -> None:
    done = form(filled("1.10", 12.0), filled("1.9", 94.25, unit="процент"), filled("1.2", None))
    assert rows_of(done, "monitoring-form") == [
        ["1.2", "Строка 1.2", "человек", "…", "приказ № 1", "подтверждён"],
        ["1.9", "Строка 1.9", "процент", "94,25", "приказ № 1", "подтверждён"],
        ["1.10", "Строка 1.10", "человек", "12", "приказ № 1", "подтверждён"],
    ]
    assert lines(done, "monitoring_form") == ["Приказ подтверждён у всех строк."]


def test_an_unconfirmed_status_blocks_the_final_edition_aloud() -> None:
    done = form(filled("1", 1.0, act_status="unconfirmed"), filled("2", 1.0, act_status=None), filled("3", 1.0))
    (line,) = lines(done, "monitoring_form")
    assert line.startswith("Окончательную редакцию выпускать нельзя: статус приказа не подтверждён у 2 строк (1, 2).")
    assert [block.role for block in done.blocks("monitoring_form") if isinstance(block, Paragraphs)] == ["warning"]
    assert [line[-1] for line in rows_of(done, "monitoring-form")] == [
        "не подтверждён",
        "статус не указан",
        "подтверждён",
    ]


def test_without_rows_it_is_said_what_to_fill() -> None:
    (line,) = lines(form(filled("1", 1.0, school_year=2025)), "monitoring_form")
    assert line.startswith("Показатели мониторинга системы образования (постановление Правительства РФ от 05.08.2013")
    assert "лист «Показатели мониторинга» формы сбора" in line
    (abroad,) = lines(annual(country=Country(code="BG", title="Болгария")), "monitoring_form")
    assert "662" not in abroad


# --- passports, reading -------------------------------------------------------------------------------------------


def test_passports_of_the_indicators_with_a_value_are_printed_by_direction() -> None:
    done = annual(share(30, 100), mean(41.5, 300), row("oge_below_minimum", value=None))
    assert [line[0] for line in rows_of(done, "passports-achievement")] == [
        "Доля участников ВПР, получивших отметку «2»",
        "Средний результат внешнего экзамена",
    ]
    assert done.frames["passports"]["id"].tolist() == ["vpr_mark_2", "external_mean"]
    assert lines(annual(), "passports") == ["Показатели не посчитаны."]


def test_the_letter_about_vpr_is_quoted_only_in_its_country() -> None:
    assert any("№ 02-86" in words(line) for line in said(annual(), "reading"))
    assert not any("02-86" in plain(text(line)) for line in said(annual(country=Country(code="BG")), "reading"))
