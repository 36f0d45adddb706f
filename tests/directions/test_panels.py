"""Journal, tasks, exams, external means, marked organisations: what is drawn, what is said, what is left unsaid."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.directions.chapter import Chapter
from pipeline.presentation.blocks import plain
from pipeline.territory.profile import Country
from tests.directions.inputs import (
    SOURCE,
    TEST,
    chapter,
    count,
    exact,
    figures,
    findings,
    frame,
    mean,
    pupil,
    rate,
    row,
    share,
    tables_of,
)

NBSP, NARROW = "\u00a0", "\u202f"
BULGARIA = Country(code="BG", title="Болгария")


def words(text: Any) -> str:
    return (text if isinstance(text, str) else plain(text)).replace(NBSP, " ").replace(NARROW, " ")


# --- journal -----------------------------------------------------------------------------------------------------


def journal(lowered: int, confirmed: int, raised: int, **given: Any) -> list[dict[str, Any]]:
    whole = lowered + confirmed + raised
    pairs = (("lowered", lowered), ("confirmed", confirmed), ("raised", raised))
    return [share(x, whole, f"journal_{name}", **given) for name, x in pairs]


def region(confirmed: float) -> dict[str, Any]:
    return exact(confirmed, "region", "journal_confirmed")


def objectivity(*rows: dict[str, Any], **given: Any) -> Chapter:
    return chapter("objectivity", *rows, **given)


def test_rarer_confirmation_is_named_beside_the_region() -> None:
    made = objectivity(*journal(45, 50, 5), region(0.73))
    assert [finding.kind for finding in made.findings if finding.id.startswith("journal")] == ["problem"]
    assert words(findings(made)["journal.russian.4.2026"]) == (
        "ВПР и журнал, русский язык, 4 класс: отметку подтвердили 50,0 % (40,4–59,6), реже, чем в регионе — 73,0 %; "
        "понизили 45,0 %; повысили 5,0 %."
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([*journal(20, 75, 5), region(0.73)], "отметку подтвердили 75,0 % (65,7–82,5); отличий от региона"),
        ([*journal(5, 3, 1), region(0.73)], "отметку подтвердили 3 из 9 (12–65 %); отличий от региона"),
    ],
    ids=["overlap", "nine pupils"],
)
def test_without_a_difference_no_word_of_one(rows: list[dict[str, Any]], said: str) -> None:
    made = objectivity(*rows)
    text = words(findings(made)["journal.alike"])
    assert said in text
    assert "чем в регионе" not in text
    assert [finding.kind for finding in made.findings if finding.id.startswith("journal")] == ["sign"]


def test_without_a_region_nothing_is_said_of_it() -> None:
    assert "регион" not in words(findings(objectivity(*journal(20, 75, 5)))["journal.alike"])


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((45, 50, 5), "ниже журнальных чаще, чем выше"),
        ((5, 50, 45), "выше журнальных чаще, чем ниже"),
        ((12, 80, 8), "не отличается от региона"),
        ((4, 0, 0), "недостаточно данных"),
    ],
)
def test_a_direction_is_said_only_where_the_interval_leaves_out_nought(parts: tuple[int, int, int], said: str) -> None:
    (line,) = tables_of(objectivity(*journal(*parts), region(0.75)))["journal-works"].rows
    assert said in words(line[-1].text)


def test_a_work_is_told_beside_the_region() -> None:
    (line,) = tables_of(objectivity(*journal(45, 50, 5), region(0.73)))["journal-works"].rows
    # (5 − 45) / 100; Agresti and Min: −40/102 ± 1.96 · √((51/102 − (40/102)²) / 102).
    said = ["Русский язык, 4 класс", "100", "45,0 %", "50,0 % (73,0 %)", "5,0 %", "−40,0 (от −50,6 до −27,8)"]
    assert [words(cell.text) for cell in line[:-1]] == said


def test_a_missing_part_leaves_the_asymmetry_unknown() -> None:
    (line,) = tables_of(objectivity(*journal(45, 50, 5)[1:]))["journal-works"].rows
    assert [cell.text for cell in line][2] == "…"
    assert [cell.text for cell in line][5] == "…"


def test_pairs_of_marks_are_counted_from_as_many_pupils_as_a_histogram_needs() -> None:
    pairs = [(4, 4)] * 10 + [(5, 4)] * 6 + [(5, 2)] * 3
    pupils = [pupil(n, journal_mark=j, mark=m) for n, (j, m) in enumerate(pairs)]
    few = objectivity(*journal(9, 10, 0), clean={"results": frame("results", *pupils)})
    assert "journal-pairs" not in tables_of(few)
    many = [*pupils, pupil(99, journal_mark=3, mark=3), pupil(100, journal_mark=None, mark=3)]
    table = tables_of(objectivity(*journal(9, 11, 0), clean={"results": frame("results", *many)}))["journal-pairs"]
    assert [[words(cell.text) for cell in line][:6] for line in table.rows] == [
        ["Русский язык, 4 класс: «5»", "3", "0", "6", "0", "9"],
        ["Русский язык, 4 класс: «4»", "0", "0", "10", "0", "10"],
        ["Русский язык, 4 класс: «3»", "0", "1", "0", "0", "1"],
    ]
    assert table.rows[0][1].tone == "warning"
    # Bowker: (6 − 0)² / 6 + (3 − 0)² / 3 = 9 on 2 degrees of freedom, p = exp(−9/2) = .0111.
    assert table.rows[1][-1].text == "отметки ВПР чаще ниже"
    assert "Боукер 9,00, степеней свободы 2, p = 0,011" in words(plain(table.how[1]))


def schools_journal(*triples: tuple[int, int, int], **given: Any) -> list[dict[str, Any]]:
    named = [journal(*one, level="organisation", group=f"s{n}", **given) for n, one in enumerate(triples)]
    return [*journal(*map(sum, zip(*triples, strict=True)), **given), *(row for rows in named for row in rows)]


ALIKE = [(20, 70, 10)] * 5
LEANING = (2, 60, 38)


def test_schools_are_told_apart_only_beyond_the_outer_limit() -> None:
    alike = objectivity(*schools_journal(*ALIKE))
    assert "отличий организаций больше погрешности нет" in words(figures(alike)["journal-schools"].title)
    assert "journal.schools" not in findings(alike)
    other = {"subject": "mathematics", "series": "m"}
    apart = objectivity(*schools_journal(*ALIKE, LEANING), *schools_journal(*ALIKE, LEANING, **other))
    assert "от остальных отличается 1 организация из 6" in words(figures(apart)["journal-schools"].title)
    assert "s5 — выше относительно журнала в 2 из 2 работ" in words(findings(apart)["journal.schools"])


def test_one_work_of_a_school_is_drawn_but_no_finding() -> None:
    apart = objectivity(*schools_journal(*ALIKE, LEANING))
    assert "s5" in plain(figures(apart)["journal-schools"].statement)
    assert "journal.schools" not in findings(apart)


# --- tasks -------------------------------------------------------------------------------------------------------


def work_of(*levels: tuple[str, int, str]) -> dict[str, Any]:
    rows = [{"task": t, "task_order": o, "task_level": level} for t, o, level in levels]
    plain_row = {**TEST, **SOURCE, "org_id": "s1", "participant": "p1", "score": 1, "max_score": 1, "state": "observed"}
    return {"task_scores": frame("task_scores", *({**plain_row, **one} for one in rows))}


def test_a_task_is_below_only_with_its_whole_interval() -> None:
    low = rate("1", 50, 100, 100, (0.4, 0.59))
    near = rate("2", 55, 100, 100, (0.5, 0.61))
    hard = rate("3", 40, 100, 100, (0.35, 0.45), category="advanced")
    made = chapter("achievement", low, near, hard, clean=work_of(("1", 1, "basic"), ("2", 2, "basic")))
    figure, table = figures(made)["vpr-tasks"], tables_of(made)["vpr_russian_4-tasks"]
    assert words(figure.title) == "Ниже достаточного уровня — 1 задание из 3"
    assert words(table.statement) == (
        "Весь интервал лежит ниже достаточного уровня: базовый уровень — 1. Надёжность работы (α Кронбаха): участников "
        "меньше, чем можно показать."
    )
    assert [words(line[3].text)[:1] for line in table.rows] == ["▼", "5", "4"]
    assert words(figure.source).startswith(
        "Достаточный уровень: 60 % для базового уровня, 30 % для повышенного уровня (ФИОКО"
    )
    assert words(findings(made)["vpr_tasks.russian.4"]) == (
        "ВПР, русский язык, 4 класс: ниже достаточного уровня выполнено задание 1: 50,0 % (40,0–59,0)."
    )


def test_nine_pupils_put_no_task_below() -> None:
    made = chapter("achievement", rate("1", 1, 9, 9, (0.01, 0.4)))
    assert not findings(made)
    assert words(tables_of(made)["vpr_russian_4-tasks"].statement).startswith("Участников меньше 10")


def test_a_year_without_a_norm_is_judged_by_none() -> None:
    low = rate("1", 10, 100, 100, (0.05, 0.2), school_year=2025)
    made = chapter("achievement", low, year=2025)
    figure = figures(made)["vpr-tasks"]
    assert not findings(made)
    assert tables_of(made)["vpr_russian_4-tasks"].statement == ()
    assert words(figure.source) == "Достаточный уровень на этот год не задан."
    assert words(figure.title).startswith("За задания набрано от 10,0 % до 10,0 % баллов")


def test_tasks_stand_in_the_order_of_their_own_test(drawn: None) -> None:
    other = {**TEST, **SOURCE, "org_id": "s1", "participant": "p1", "score": 1, "max_score": 1, "state": "observed"}
    clean = work_of(("10", 2, "basic"), ("2К1", 1, "basic"))
    foreign = frame("task_scores", {**other, "subject": "mathematics", "task": "10", "task_order": 0})
    clean["task_scores"] = frame("task_scores", *clean["task_scores"].to_dict("records"), *foreign.to_dict("records"))
    rows = [rate("10", 70, 100, 100, (0.6, 0.8)), rate("2К1", 80, 100, 100, (0.7, 0.9))]
    made = chapter("achievement", *rows, clean=clean)
    assert made.frames["vpr_russian_4_tasks"]["label"].tolist() == ["2К1", "10"]
    svg = figures(made)["vpr-tasks"].svg
    assert svg.index(">2К1<") < svg.index(">10<")


def test_a_task_of_the_high_level_is_not_lost() -> None:
    made = chapter("achievement", rate("9", 10, 100, 100, (0.05, 0.2), category="high"))
    assert "vpr_tasks.russian.4" in findings(made)
    assert "30 % для высокого уровня" in words(figures(made)["vpr-tasks"].source)


def test_numbers_of_participants_of_tasks_may_differ() -> None:
    rows = [rate("1", 70, 100, 98, (0.6, 0.8)), rate("2", 70, 100, 100, (0.6, 0.8))]
    assert "участников 98–100." in tables_of(chapter("achievement", *rows))["vpr_russian_4-tasks"].caption


def test_a_histogram_is_drawn_from_twenty_pupils(drawn: None) -> None:
    def made(count: int) -> Chapter:
        pupils = [pupil(n, primary_score=float(n), mark=2 + n // 6) for n in range(count)]
        return chapter("achievement", rate("1", 70, 100, 100, (0.6, 0.8)), clean={"results": frame("results", *pupils)})

    assert "vpr-scores" not in figures(made(19))
    figure = figures(made(20))["vpr-scores"]
    assert words(figure.subtitle).startswith("Число участников по первичному баллу, 2025/26 учебный год")
    assert words(figure.title).startswith("Половина участников набрала не больше 9 из 24 баллов")  # ten of twenty: 0–9
    assert "балл 0: 1; балл 1: 1" in words(figure.alt)


# --- ОГЭ ---------------------------------------------------------------------------------------------------------


def oge(part: int, whole: int, subject: str = "russian", **given: Any) -> dict[str, Any]:
    about = {"procedure": "oge", "grade": 9, "subject": subject, "series": f"oge|{subject}"}
    return share(part, whole, "oge_below_minimum", **about, **given)


def test_subjects_of_few_participants_are_counted_and_not_drawn() -> None:
    made = chapter("achievement", oge(5, 100), oge(3, 9, "physics"), oge(0, 40, "mathematics"))
    figure = figures(made)["oge-minimum"]
    assert words(figure.statement) == "Не показано: 1 предмет, где участников меньше 10."
    assert "Физика" not in figure.alt
    assert list(findings(made)) == ["oge_minimum.russian"]
    assert words(findings(made)["oge_minimum.russian"]) == (
        "ОГЭ, русский язык: минимум не преодолели 5,0 % (2,2–11,2) участников."
    )


def test_when_all_subjects_are_shown_nothing_is_said_of_others() -> None:
    assert figures(chapter("achievement", oge(5, 100)))["oge-minimum"].statement == ()


def test_without_a_norm_a_failed_exam_is_no_deficit() -> None:
    assert [finding.kind for finding in chapter("achievement", oge(5, 100)).findings] == ["sign"]


def test_no_subject_of_enough_participants_is_no_chart() -> None:
    assert "oge-minimum" not in figures(chapter("achievement", oge(3, 9), row("oge_below_minimum", procedure="oge")))


# --- external exams ----------------------------------------------------------------------------------------------


def external(*rows: dict[str, Any], **given: Any) -> Chapter:
    return chapter("achievement", *rows, country=BULGARIA, **given)


def test_a_mean_without_spread_stands_beside_the_country_and_claims_nothing() -> None:
    made = external(mean(41.5, 300), mean(38.2, 60_000, "country"))
    (text,) = findings(made).values()
    assert words(text) == (
        "7 класс, средний балл: математика 41,5 (Болгария 38,2). Разброс не опубликован, различие не оценивается."
    )
    assert "(" not in words(made.findings[0].strength)
    assert made.findings[0].kind == "sign"


def test_a_mean_of_marks_is_no_score() -> None:
    about = {"unit": "mark", "grade": 12}
    made = external(mean(4.6, 300, **about), mean(4.195, 9000, "country", **about))
    assert words(findings(made)["external.12"]).startswith(
        "12 класс, средняя оценка: математика 4,60 (Болгария 4,20). Разброс"
    )


def test_several_tasks_below_are_counted_the_weakest_first() -> None:
    rows = [rate(str(n), 10 * n, 100, 100, (0.09 * n, 0.11 * n)) for n in (5, 4, 3, 2)]
    made = chapter("achievement", *rows)
    text = words(findings(made)["vpr_tasks.russian.4"])
    assert "ниже достаточного уровня выполнены задания 2: 20,0 %" in text
    assert text.endswith("4: 40,0 % (36,0–44,0) и ещё 1.")


def test_a_changed_scale_and_a_year_without_exam_are_named() -> None:
    rows = [
        mean(41.5, 300, school_year=year, series=series, level=level)
        for level in ("municipality", "country")
        for year, series in ((2022, "old"), (2024, "new"), (2025, "new"), (2026, "new"))
    ]
    figure = figures(external(*rows))["external-years"]
    assert words(figure.statement).endswith(
        "Линия прервана там, где сменилась шкала: Математика, 7 класс. Нет данных за годы: Математика, 7 класс — 2023."
    )
    whole = figures(external(*(one for one in rows if one["school_year"] > 2022)))["external-years"]
    assert words(whole.statement).endswith("о различиях судить нельзя.")


def test_only_other_subjects_make_a_table_and_no_chart_of_years() -> None:
    made = external(
        mean(4.25, 30, subject="biology", grade=12, unit="mark", level="organisation", group="s1"),
        mean(4.25, 30, subject="biology", grade=12, unit="mark"),
    )
    assert "external-years" not in figures(made)
    table = tables_of(made)["external-table-12"]
    assert words(table.rows[0][-1].text).endswith("4,25 (30)")


def test_a_school_without_a_value_has_a_mark_and_no_deviation() -> None:
    about = {"level": "organisation", "group": "s1", "group_label": "Школа 1"}
    made = external(mean(None, 0, **about), mean(50.0, 300), mean(40.0, 9000, "country"))
    line = [words(cell.text) for cell in tables_of(made)["external-table-7"].rows[0]]
    assert line == ["Школа 1", "…", "…", "…"]


def test_spread_by_size_is_a_title_only_when_the_data_show_it(drawn: None) -> None:
    def title(spread: float) -> str:
        schools = [
            mean(
                50 + (spread if n < 10 else 1) * (-1) ** n,
                10 + n,
                level="organisation",
                group=f"s{n:02}",
                group_label=f"s{n}",
            )
            for n in range(20)
        ]
        return words(figures(external(*schools, mean(50.0, 300)))["external-7"].title)

    assert title(9) == "Средние небольших школ различаются сильнее, чем крупных: математика, 7 класс"
    assert title(1) == "Школы по числу участников: математика, 7 класс"


# --- marked organisations ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "вошла 1 организация: основание"),
        (3, "вошли 3 организации: основание"),
        (12, "вошли 12 организаций: основание"),
    ],
)
def test_marked_organisations_are_counted_in_russian(number: int, said: str) -> None:
    text = words(findings(objectivity(count(number)))["marked.2026"])
    assert said in text
    assert text.endswith("основание для перепроверки, а не вывод о нарушении.")


def test_an_empty_list_is_no_finding() -> None:
    assert findings(objectivity(count(0))) == {}


def test_years_of_the_list_stand_side_by_side() -> None:
    made = objectivity(
        count(5, school_year=2024), count(3), count(7, "marked_markers"), row("marked_three_years", grade=0)
    )
    lines = [[cell.text for cell in line] for line in tables_of(made)["marked-years"].rows]
    assert lines == [["организации с признаками", "5", "3"], ["маркеры необъективности", "…", "7"]]


def test_the_newest_list_is_named_by_organisation() -> None:
    marked = {"procedure": "vpr", "school_year": 2026, "subject": "russian", "grade": 4, "state": "observed", **SOURCE}
    school = {"org_id": "s1", "name": "Школа 1", "alias_kind": "fisoko", "alias_code": "edu1", "provisional": False}
    clean = {
        "marked_schools": frame(
            "marked_schools",
            {**marked, "org_id": "s1", "marker": 1},
            {**marked, "org_id": "s1", "marker": 1, "subject": "mathematics", "grade": 5},
            {**marked, "org_id": "s2", "marker": 0},
            {**marked, "org_id": "s3", "marker": 1, "school_year": 2025},
        ),
        "organisations": frame("organisations", {**school, **SOURCE}),
    }
    table = tables_of(objectivity(count(1), clean=clean))["marked-organisations"]
    assert [[words(cell.text) for cell in line] for line in table.rows] == [
        ["Школа 1", "русский язык, 4 класс; математика, 5 класс", "2"]
    ]
