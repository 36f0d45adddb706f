"""Chapters without figures: quality of data, the year's conclusions, honest empty chapters, parts that all share."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.directions import parts
from pipeline.directions.chapter import SECTIONS, Finding, statement_of
from pipeline.directions.lead import AT_MOST, lead, strongest
from pipeline.directions.panels.panel import Panel, joined
from pipeline.presentation.blocks import Run, Strip, plain, text
from pipeline.territory.profile import Goal
from tests.directions.inputs import (
    CODES,
    SOURCE,
    bare,
    chapter,
    check,
    exact,
    findings,
    frame,
    handed_on,
    inputs,
    listed,
    marks,
    row,
    said,
    share,
    tables_of,
)

NBSP = "\u00a0"
SILENT = [code for code in CODES if code not in ("data_quality", "annual_report")]


def words(lines: list[str]) -> list[str]:
    return [line.replace(NBSP, " ").replace("\u202f", " ") for line in lines]


def strip_of(strip: Strip) -> dict[str, str]:
    return {name: plain(value).replace(NBSP, " ") for name, value in strip.items}


# --- no sources --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", SILENT)
def test_a_direction_without_sources_says_which_and_whose(code: str) -> None:
    made = chapter(code)
    (finding,) = made.findings
    sources = bare(code).direction.sources
    assert finding.id == "missing_sources"
    assert all(source.title in findings(made)["missing_sources"] for source in sources)
    assert finding.addressee is not None
    assert all(source.office in finding.addressee for source in sources)
    assert finding.weight == 0
    (table,) = tables_of(made).values()
    assert [line[2].text for line in table.rows] == ["не представлен"] * len(sources)


@pytest.mark.parametrize("code", SILENT)
def test_no_stage_of_the_cycle_is_hidden_and_no_number_invented(code: str) -> None:
    made = chapter(code)
    for section in SECTIONS:
        assert made.blocks(section)
    empty = [line for section in SECTIONS for line in said(made, section)]
    assert not any(sign.isdigit() for line in empty for sign in line)
    assert strip_of(made.strip)["Источники"] == "за отчётный год не представлены"


def test_sources_that_gave_no_indicator_are_not_called_missing() -> None:
    about = {**SOURCE, "school_year": 2026, "period": "year", "org_id": "s1", "item": "unknown", "group": ""}
    clean = {name: frame(name, {**about, "state": "blank"}) for name in ("upbringing", "context")}
    made = chapter("upbringing", clean=clean)
    assert findings(made)["missing_sources"].endswith("источники есть, но показателей направления по ним не посчитать.")
    assert made.findings[0].addressee is None


# --- quality of data ---------------------------------------------------------------------------------------------


def quality(*checks: dict[str, Any], files: tuple[dict[str, Any], ...] = (listed(),)) -> Any:
    return chapter("data_quality", checks=checks, files=files)


def test_quality_counts_files_and_checks_in_russian() -> None:
    files = (listed(), listed("2026/картинка.xlsx", 0, title="", layout=""))
    made = quality(
        check(), check("critical", waived_by="начальник отдела", waived_why="опечатка"), check(passed=True), files=files
    )
    assert words(said(made, "lead")) == [
        "Прочитан 1 файл из 2; выполнено 3 проверки.",
        "Не пройдено: критических 1, предупреждений 1; снято решением 1.",
        "Файл «2026/ф.xlsx»: сумма не сошлась.",
        "Файл «2026/ф.xlsx»: сумма не сошлась.",
    ]
    assert strip_of(made.strip) == {"Файлов в папке": "2", "Прочитано": "1", "Строк данных": "10", "Проверок": "3"}


def test_a_failed_check_shows_its_place_and_who_waived_it() -> None:
    made = quality(check(), check("critical", waived_by="начальник отдела", waived_why="опечатка"))
    lines = [[cell.text for cell in line] for line in tables_of(made)["quality-failures"].rows]
    assert lines == [
        ["предупреждение", "Сумма не сошлась.", "файл «ф.xlsx», ячейка B2", "действует"],
        ["критическая", "Сумма не сошлась.", "файл «ф.xlsx», ячейка B2", "снято: начальник отдела — опечатка"],
    ]


def test_checks_that_all_passed_are_said_so() -> None:
    made = quality(check(passed=True))
    assert said(made, "monitoring") == ["Все проверки пройдены."]
    assert made.findings == ()


def test_checks_are_counted_by_table_and_severity() -> None:
    made = quality(check(), check("info"), check(passed=True), check("critical", table="organisations"))
    counts = {line[0].text: [cell.text for cell in line[2:]] for line in tables_of(made)["quality-summary"].rows}
    assert counts["Результаты участников"] == ["3", "0", "1", "1"]
    assert counts["Организации и их коды"] == ["1", "1", "0", "0"]


def test_advice_is_given_once() -> None:
    made = quality(check(), check(), check("info", advice="не важно"))
    assert said(made, "recommendations") == ["Файл «2026/ф.xlsx»: сверьте файл."]


def test_the_inventory_names_every_file_with_its_remarks() -> None:
    remark = {"message": "Лист пуст."}
    made = quality(files=(listed(), listed("2026/x.xlsx", 0, title="", remarks=[remark, remark])))
    lines = [[cell.text for cell in line] for line in tables_of(made)["quality-inventory"].rows]
    assert lines == [
        ["2026/ф.xlsx", "Отметки", "10", "нет"],
        ["2026/x.xlsx", "не узнан", "0", "Лист пуст; Лист пуст"],
    ]


def test_directions_without_sources_are_counted() -> None:
    (line,) = words(said(quality(), "analysis"))
    assert line.startswith(f"Без источников осталось {len(SILENT)} направлений: ")


# --- the year's conclusions --------------------------------------------------------------------------------------


def annual(*rows: dict[str, Any], **given: Any) -> Any:
    return chapter("annual_report", *rows, **given)


def test_a_year_without_conclusions_says_so() -> None:
    assert said(annual(), "main") == ["В данных года нет выводов, которые позволял бы сделать интервал."]


def test_thresholds_are_those_of_the_publication_rules() -> None:
    reading = " ".join(words(said(annual(), "reading")))
    assert "Если участников меньше 20, процент не печатается" in reading
    assert "Сравнения делаются от 10 участников" in reading
    assert "больше 10 000 участников" in " ".join(words(said(annual(), "methods")))


def test_the_report_passport_counts_organisations_once() -> None:
    school = {"name": "Школа", "alias_kind": "fisoko", "provisional": False, **SOURCE}
    known = [{**school, "org_id": "s1", "alias_code": code} for code in ("a", "b")]
    clean = {
        "organisations": frame(
            "organisations", *known, {**school, "org_id": "s2", "alias_code": "c", "provisional": True}
        )
    }
    items = dict(annual(clean=clean, files=(listed(), listed("2026/x", 0))).blocks("report")[0].items)
    found = {name: plain(value) for name, value in items.items()}
    assert (found["Организаций"], found["из них не найдены в реестре"], found["Файлов прочитано"]) == ("2", "1", "1")
    assert (found["Учебный год"], found["Дата, на которую считаются сроки"]) == ("2025/26", "31.12.2026")


# --- shared parts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "printed"),
    [
        (Goal(text="Снизить долю", document="приказ № 5", item="2.1"), "Снизить долю (приказ № 5, п. 2.1)"),
        (Goal(text="Снизить долю", document="приказ № 5"), "Снизить долю (приказ № 5)"),
        (Goal(text="Снизить долю"), "Снизить долю"),
    ],
)
def test_goals_cite_what_set_them(goal: Goal, printed: str) -> None:
    assert words(said(chapter("talent", goals=(goal,)), "goals")) == [printed]


def test_sources_are_counted_to_the_report_year_only() -> None:
    years = [marks("municipality", "town", 50, 0.1, 0.2, 0.3, 0.4, school_year=year) for year in (2024, 2026, 2027)]
    clean = {"group_results": frame("group_results", *(one for part in years for one in part))}
    made = chapter("achievement", share(5, 50), clean=clean)
    first = tables_of(made)["achievement-sources"].rows[0]
    assert first[2].text == "2023/24, 2025/26"
    assert strip_of(made.strip)["Учебные годы"] == "2023/24, 2025/26"
    assert strip_of(made.strip)["Источники"] == "1 файл"


def test_journal_files_alone_are_no_source_of_marks() -> None:
    journal = marks("municipality", "town", 50, 0.1, 0.2, 0.3, 0.4, measure="journal_agreement")
    clean = {"group_results": frame("group_results", *journal)}
    assert [source.title for source in parts.missing(inputs("achievement", clean=clean))][
        0
    ] == "«Статистика по отметкам» ВПР"


def test_the_strip_counts_warnings_and_decisions() -> None:
    checks = [check(), check("info"), check("critical", waived_by="начальник отдела"), check(passed=True)]
    strip = chapter("talent", checks=checks).strip
    assert strip_of(strip)["Проверки"] == "предупреждений 2, снято решением 1"


def test_how_a_value_was_counted() -> None:
    made = parts.how_counted(
        [
            share(3, 17, published="17,65 %", numerator_basis="recovered"),
            row(value=0.2, n=50),
            share(7, 14, "vpr_task_rate", task="2К1"),
        ],
        ["Определение."],
    )
    assert words([plain(line) for line in made]) == [
        "Определение.",
        "Город; в источнике 17,65 %; 3 из 17 (числитель восстановлен); интервал Уилсона, 95 %; файлы: 2026/ф.xlsx",
        "Город; n = 50; файлы: 2026/ф.xlsx",
        "Город, задание 2К1; 7 из 14 (посчитано); интервал Уилсона, 95 %; файлы: 2026/ф.xlsx",
    ]


def test_the_source_line_names_each_file_once() -> None:
    other = json.dumps([{"file": f"2026/{n}.xlsx"} for n in range(5)])
    line = plain(parts.source_line([share(1, 50), share(2, 50), share(1, 50, inputs=other)]))
    assert line == "Источник: 2026/0.xlsx, 2026/1.xlsx, 2026/2.xlsx и ещё 3."


def finding(name: str, kind: str = "sign", weight: float = 0.0) -> Finding:
    return Finding(name, kind, text(f"Вывод {name}."), weight=weight)


def test_the_strongest_findings_come_first_and_problems_before_signs() -> None:
    found = [finding("а"), finding("б", "problem"), finding("в", "strength", 0.1), finding("г", weight=0.2)]
    assert [one.id for one in strongest(found)] == ["г", "в", "б", "а"]


def test_the_rest_is_counted() -> None:
    lines = [
        plain(item) for block in lead(inputs("talent"), [finding(str(n)) for n in range(8)]) for item in block.items
    ]
    assert len(lines) == AT_MOST + 1
    assert lines[-1].replace(NBSP, " ").startswith("Ещё 3 вывода")
    assert lead(inputs("talent"), []) == ()


def test_a_stored_finding_keeps_words_and_keys() -> None:
    made = chapter("achievement", share(30, 100), exact(0.05))
    stored = handed_on(("achievement", made))
    record = stored.to_dict("records")[0]
    assert statement_of(record) == tuple(Run(run.text, key=run.key) for run in made.findings[0].statement)
    assert json.loads(record["indicators"]) == [run.key for run in made.findings[0].statement if run.key]
    assert record["id"] == "achievement.vpr_mark_2.russian.4.2026"


def test_panels_join_in_their_order() -> None:
    first, second = (
        Panel(findings=(finding("а"),), frames={"x": None}),
        Panel(findings=(finding("б"),), frames={"y": None}),
    )
    together = joined([first, second])
    assert [one.id for one in together.findings] == ["а", "б"]
    assert list(together.frames) == ["x", "y"]


def test_rows_are_chosen_by_any_of_several_values() -> None:
    given = inputs("achievement", share(5, 50), share(5, 50, grade=5), share(5, 50, grade=6))
    assert [one["grade"] for one in given.rows(indicator="vpr_mark_2", grade=(4, 6))] == [4, 6]
    assert given.rows(indicator="oge_quality") == []
