"""ВПР marks and their years: which words the intervals allow, in findings, titles and under the charts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pipeline.directions.chapter import Chapter
from pipeline.presentation.blocks import plain
from pipeline.settings import Subject
from pipeline.territory.profile import Country
from tests.directions.inputs import (
    SUBJECTS,
    chapter,
    exact,
    figures,
    findings,
    frame,
    inputs,
    marks,
    row,
    share,
    tables_of,
)

NBSP, NARROW = "\u00a0", "\u202f"
CLAIMS = ("выше", "ниже", "вырос", "снизился")
OWN = "vpr_mark_2.russian.4.2026"
BEFORE = {"school_year": 2025}
RESULTS = frame(
    "group_results",
    *marks("country", "RU", 1_700_000, 0.05, 0.3, 0.4, 0.25),
    *marks("municipality", "town", 100, 0.3, 0.3, 0.2, 0.2),
)


def made(*rows: dict[str, Any], **given: Any) -> Chapter:
    return chapter("achievement", *rows, clean={"group_results": RESULTS}, **given)


def one(*rows: dict[str, Any], **given: Any) -> str:
    """The words of the only finding."""
    (words,) = findings(made(*rows, **given)).values()
    return words.replace(NBSP, " ").replace(NARROW, " ")


def test_an_interval_above_the_country_is_called_above() -> None:
    found = made(share(30, 100), exact(0.05))
    assert findings(found)[OWN].startswith("ВПР, русский язык, 4")
    assert one(share(30, 100), exact(0.05)).endswith(
        "отметку «2» получили 30,0 % (21,9–39,6); в РФ 5,0 % — доля выше, чем в РФ."
    )
    assert found.findings[0].kind == "deficit"
    assert figures(found)["vpr-marks"].title.startswith("Доля «2» выше, чем в РФ: русский язык")


def test_an_interval_below_the_country_is_called_below() -> None:
    found = made(share(1, 400), exact(0.05))
    assert findings(found)[OWN].endswith(" — доля ниже, чем в РФ.")
    assert [finding.kind for finding in found.findings] == ["strength"]


@pytest.mark.parametrize(
    ("own", "title"),
    [
        (share(6, 100), "Доля «2» не отличается от доли в РФ: русский"),
        (share(9, 9), "Отметки ВПР: русский"),
        (row(value=0.3, n=100, numerator_basis="published"), "Отметки ВПР: русский"),
    ],
    ids=["overlap", "nine pupils", "no interval"],
)
def test_otherwise_nothing_is_claimed(own: dict[str, Any], title: str) -> None:
    found = made(own, exact(0.05))
    assert not [word for word in CLAIMS if word in findings(found)[OWN]]
    assert figures(found)["vpr-marks"].title.startswith(title)
    assert [(finding.kind, finding.weight) for finding in found.findings] == [("sign", 0.0)]


def test_the_claim_names_the_comparator_it_is_made_against() -> None:
    # above the country, not different from the region: both are printed, only the country is claimed
    words = one(share(30, 100), exact(0.29, "region"), exact(0.05))
    assert "в регионе 29,0 %; в РФ 5,0 % — доля выше, чем в РФ." in words
    assert one(share(30, 100), exact(0.05, "region")).endswith("в регионе 5,0 % — доля выше, чем в регионе.")


def test_another_country_is_not_declined() -> None:
    country = Country(code="BG", title="Болгария")
    assert one(share(30, 100), exact(0.05), country=country).endswith("в стране 5,0 % — доля выше, чем в стране.")


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (share(10, 100, **BEFORE), "С 2024/25 учебного года показатель вырос (было 10,0 %)."),
        (share(60, 100, **BEFORE), "С 2024/25 учебного года показатель снизился (было 60,0 %)."),
        (
            share(25, 100, **BEFORE),
            "С 2024/25 учебного года показатель не изменился с учётом погрешности (было 25,0 %).",
        ),
        (share(3, 9, **BEFORE), "Сравнить с 2024/25 учебным годом нельзя (было 3 из 9)."),
        (share(10, 100, school_year=2023), "С 2022/23 учебного года показатель вырос (было 10,0 %)."),
    ],
)
def test_a_change_is_named_with_its_year(before: dict[str, Any], words: str) -> None:
    assert one(share(30, 100), before).endswith(f"(21,9–39,6). {words}")


@pytest.mark.parametrize(
    "before", [share(10, 100, series="vpr|russian|4||marks", **BEFORE), row(status="suppressed", **BEFORE)]
)
def test_another_series_or_a_missing_value_is_no_change(before: dict[str, Any]) -> None:
    assert one(share(30, 100), before).endswith("получили 30,0 % (21,9–39,6).")


def test_the_sentence_under_the_chart_counts_few_pupils_once() -> None:
    def under(own: dict[str, Any]) -> str:
        return plain(figures(made(own, exact(0.05)))["vpr-marks"].statement).replace(NBSP, " ")

    assert under(share(3, 17)) == f"Отметку «2» получили 3 из 17 (6–41{NARROW}%) участников; в РФ 5,0{NARROW}%."
    assert (
        under(share(30, 120)) == f"Отметку «2» получили 25,0{NARROW}% (18,1–33,4) из 120 участников; в РФ 5,0{NARROW}%."
    )


def test_only_the_newest_year_of_a_subject_is_drawn() -> None:
    rows = [share(30, 100, school_year=year) for year in (2024, 2025)]
    assert set(findings(made(*rows))) == {"vpr_mark_2.russian.4.2025"}
    assert "2024/25" in findings(made(*rows))["vpr_mark_2.russian.4.2025"]


def said(words: str) -> str:
    return words.replace(NBSP, " ").replace(NARROW, " ")


# --- organisations -----------------------------------------------------------------------------------------------


def schools(*parts: tuple[int, int]) -> list[dict[str, Any]]:
    groups = [
        share(x, n, level="organisation", group=f"s{place}", group_label=f"Школа {place}")
        for place, (x, n) in enumerate(parts)
    ]
    return [*groups, share(sum(x for x, _ in parts), sum(n for _, n in parts))]


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        (((30, 50), *[(10, 50)] * 7), "От остальных отличается 1 организация из 8"),
        (((12, 50), (11, 50), (13, 50)), "Организации не отличаются от остальных с учётом погрешности"),
        (((9, 9), (0, 9)), "Результаты организаций"),
        # of 40 pupils 12 differ from 8 of 60 at 95 %, but not where many are compared at once
        (((12, 40), (4, 30), (4, 30)), "Организации не отличаются от остальных с учётом погрешности"),
    ],
)
def test_a_school_is_compared_with_the_others(parts: tuple[tuple[int, int], ...], title: str) -> None:
    figure = figures(made(*schools(*parts)))["vpr-schools"]
    assert figure.title.replace(NBSP, " ") == f"{title}: доля «2», русский язык, 4 класс"


def test_without_the_municipality_no_school_is_judged(drawn: None) -> None:
    figure = figures(made(*schools((40, 50), (5, 50))[:-1]))["vpr-schools"]
    assert figure.title.startswith("Результаты организаций")
    assert "муниципалитет<" not in figure.svg


def test_schools_stand_by_size_and_never_by_result(drawn: None) -> None:
    figure = figures(made(*schools((1, 20), (40, 80), (5, 50))))["vpr-schools"]
    order = [figure.alt.index(f"Школа {place}: ") for place in (1, 2, 0)]
    assert order == sorted(order)
    assert figure.alt.replace(NBSP, " ").startswith("Русский язык, 4 класс: Школа 1: ")


def test_published_shares_without_a_numerator_have_no_limits() -> None:
    alone = [{**one, "numerator": None} for one in schools(*((1, 20 + n) for n in range(31)))]
    figure = figures(made(*alone))["vpr-schools"]
    assert "воронки" not in figure.subtitle
    assert figure.svg.count("<circle") == 31


def test_from_fifteen_schools_there_is_a_funnel(drawn: None) -> None:
    """Fourteen of 50 with 5 and one with 30: far over the limit, which is known by its name."""
    fourteen = figures(made(*schools(*[(5, 50)] * 13, (30, 50))))["vpr-schools"]
    figure = figures(made(*schools(*[(5, 50)] * 14, (30, 50))))["vpr-schools"]
    assert "воронки" not in fourteen.subtitle
    assert f"граница 99,8{NARROW}%" not in fourteen.svg
    assert f"граница 99,8{NARROW}%" in figure.svg
    assert "Школа 14" in figure.svg
    assert "Школа 13" not in figure.svg
    assert figure.alt.endswith("За внешней границей: Школа 14 60\u202f% (46–72), n = 50.")
    assert said(figure.title).startswith("За границы воронки вышла 1 организация из 15: доля «2»")
    assert said(plain(figure.statement)).startswith("За границами: русский язык, 4 класс — Школа 14. ")


def test_schools_that_differ_no_more_than_schools_do_are_rings_and_the_title_says_that_nobody_is_outside() -> None:
    """Sixteen of 200 with 10 and 50 by turns: each is 3.96 deviations from 15 %, the usual difference 10 points."""
    every = schools(*((10 if place % 2 else 50, 200) for place in range(16)))
    figure = figures(made(*every))["vpr-schools"]
    assert said(figure.title).startswith("За границы воронки не вышла ни одна организация из 16: доля «2»")
    assert said(plain(figure.statement)).startswith(
        "Пустой кружок: 16 организаций отличаются от остальных вместе (интервал разности 99,8 %), но не больше "
        "обычного различия организаций. Выделяется организация за границей 99,8 %. Границы учитывают"
    )
    assert "отличается, но внутри границ" in figure.svg


def test_a_school_too_small_to_be_compared_is_not_counted_even_outside_the_limits() -> None:
    figure = figures(made(*schools(*[(5, 50)] * 15, (9, 9))))["vpr-schools"]
    assert said(figure.title).startswith("За границы воронки не вышла ни одна из 15 сравниваемых организаций")
    assert "Школа 15" not in figure.svg


def test_inside_the_funnel_nobody_is_named(drawn: None) -> None:
    figure = figures(made(*schools(*((2 + n % 5, 40 + n) for n in range(16)))))["vpr-schools"]
    assert "Школа" not in figure.svg
    assert "нет организаций" in figure.alt


def test_several_works_share_one_figure_and_say_which_differ() -> None:
    two = [share(30, 100), exact(0.05), share(6, 100, subject="mathematics"), exact(0.05, subject="mathematics")]
    both = pd.concat([RESULTS, RESULTS.assign(subject="mathematics")], ignore_index=True)
    figure = figures(chapter("achievement", *two, clean={"group_results": both}))["vpr-marks"]
    assert figure.title == f"Доля «2» против доли в РФ: выше в 1 из 2 сравнимых работ, 4{NBSP}класс"
    words = plain(figure.statement).replace(NBSP, " ").replace(NARROW, " ")
    assert words == (
        "Русский язык, 4 класс: отметку «2» получили 30,0 % (21,9–39,6); в РФ 5,0 % — доля выше. "
        "Не отличается: математика, 4 класс."
    )
    assert figure.svg.count("класс</text>") == 2


def test_earlier_years_stand_under_the_newest_and_another_series_is_cut_off() -> None:
    years = [
        frame("group_results", *marks("municipality", "town", 100, 0.1, 0.4, 0.3, 0.2, school_year=year))
        for year in (2024, 2025)
    ]
    rows = [share(30, 100), share(10, 100, school_year=2025), share(10, 100, school_year=2024, series="old")]
    found = chapter("achievement", *rows, clean={"group_results": pd.concat([RESULTS, *years], ignore_index=True)})
    figure = figures(found)["vpr-marks"]
    assert found.frames["vpr_marks"].drop_duplicates("bar")[["label", "cut"]].to_numpy().tolist() == [
        ["РФ 2026", False],
        ["2026", False],
        ["2025", False],
        ["2024", True],
    ]
    assert plain(figure.statement).endswith("с тем, что выше, не сравнивается.")
    assert "stroke-dasharray" in figure.svg
    assert "2022" not in figure.subtitle
    assert figure.alt.replace(NARROW, " ").count("«2»") == 2  # of the newest year: the country and the town


def test_a_bar_of_few_pupils_holds_no_percents() -> None:
    few = frame("group_results", *marks("municipality", "town", 9, 0.0, 0.5, 0.25, 0.25))
    clean = {"group_results": pd.concat([RESULTS[RESULTS["level"] == "country"], few], ignore_index=True)}
    svg = figures(chapter("achievement", share(0, 9), exact(0.05), clean=clean))["vpr-marks"].svg
    assert svg.count(">50</text>") == 0
    assert svg.count(">40</text>") == 1  # of the country


# --- years -------------------------------------------------------------------------------------------------------


def test_years_are_panels_with_words_from_the_last_step() -> None:
    rows = [share(x, 100, school_year=year) for year, x in ((2024, 10), (2025, 12), (2026, 40))]
    figure = figures(made(*rows))["vpr-mark-2-years"]
    words = plain(figure.statement).replace(NBSP, " ")
    assert words == (
        "К предыдущему году с данными: показатель вырос (2025–2026) — Русский язык, 4 класс. "
        "За три года (2024–2026) рост: Русский язык, 4 класс."
    )
    assert "2024 — 10,0" in figure.alt


def test_a_break_of_the_series_is_named_and_not_claimed() -> None:
    rows = [share(10, 100, school_year=2025, series="old"), share(40, 100)]
    words = plain(figures(made(*rows))["vpr-mark-2-years"].statement).replace(NBSP, " ")
    assert "ряд прерван: работа или шкала другие (2025–2026) — Русский язык, 4 класс." in words
    assert "Линия прервана там, где сменилась работа или шкала: 2026 — Русский язык, 4 класс." in words
    assert not [word for word in CLAIMS if word in words]


def test_panels_stand_by_class_and_what_all_of_them_say_is_said_once() -> None:
    """The work of more pupils stands first no more: grade 4 before grade 5; both series begin anew in 2026."""
    years = ((2025, "old"), (2026, "new"))
    rows = [
        share(n // 10, n, school_year=year, series=series, grade=grade)
        for grade, n in ((5, 200), (4, 100))
        for year, series in years
    ]
    figure = figures(made(*rows))["vpr-mark-2-years"]
    words = plain(figure.statement).replace(NBSP, " ")
    assert "ряд прерван: работа или шкала другие (2025–2026) — все ряды. Линия прервана" in words
    assert "шкала: 2026 — все ряды." in words
    assert figure.svg.index("4\u00a0класс") < figure.svg.index("5\u00a0класс")


def test_few_pupils_of_a_year_allow_no_word() -> None:
    rows = [share(1, 9, school_year=2024), share(8, 9)]
    words = plain(figures(made(*rows))["vpr-mark-2-years"].statement).replace(NBSP, " ")
    assert words.endswith("недостаточно данных (2024, 2026) — Русский язык, 4 класс.")


def test_one_year_is_no_panel() -> None:
    assert "vpr-mark-2-years" not in figures(made(share(10, 100)))


# --- the table of indicators -------------------------------------------------------------------------------------


def cells(*rows: dict[str, Any]) -> list[str]:
    table = tables_of(made(*rows))["achievement-indicators"]
    return [cell.text.replace(NBSP, " ").replace(NARROW, " ") for cell in table.rows[0]]


def test_a_line_of_the_table() -> None:
    line = cells(share(30, 100), exact(0.07, "region"), exact(0.05), share(25, 100, **BEFORE))
    assert line == [
        "Доля «2» в ВПР: русский язык, 4 класс",
        "30,0 % (21,9–39,6)*",
        "100",
        "+5,0 п. п. (25,0 %)",
        "регион 7,0 %; РФ 5,0 %",
        "хуже: выше (РФ)",
    ]


@pytest.mark.parametrize(
    ("before", "printed"),
    [
        ([], "…"),
        ([share(10, 100, series="old", **BEFORE)], "ряд прерван"),
        ([share(10, 100, school_year=2023)], "+20,0 п. п. (2022/23: 10,0 %)"),
        ([share(3, 17, **BEFORE)], "было 3 из 17"),
    ],
)
def test_the_change_says_its_year_and_prints_no_percent_of_few(before: list[dict[str, Any]], printed: str) -> None:
    assert cells(share(30, 100), *before)[3] == printed


@pytest.mark.parametrize(
    ("own", "others", "printed"),
    [
        (share(30, 100), [], "·"),
        (share(6, 100), [exact(0.05)], "= РФ"),
        (share(1, 400), [exact(0.05)], "лучше: ниже (РФ)"),
        (share(9, 9), [exact(0.05)], "мало данных"),
        (row(value=0.3, n=100), [exact(0.05)], "интервала нет"),
    ],
)
def test_the_verdict_is_in_words(own: dict[str, Any], others: list[dict[str, Any]], printed: str) -> None:
    assert cells(own, *others)[5] == printed


def test_marks_and_quiet_rows_are_explained_under_the_table() -> None:
    table = tables_of(made(share(6, 100), exact(0.05)))["achievement-indicators"]
    assert [note.split(" — ")[0] for note in table.legend] == ["…", "=", "*"]
    assert [cell.tone for cell in table.rows[0]] == ["", "", "", "muted", "muted", "same"]


def test_subjects_of_the_shipped_dictionary_can_be_named_in_a_sentence() -> None:
    assert all(isinstance(subject, Subject) and subject.short for subject in SUBJECTS.subjects.values())
    assert inputs("achievement").direction.code == "achievement"


def test_few_schools_stand_in_the_composition_themselves() -> None:
    def bars(count: int) -> list[str]:
        each = [frame("group_results", *marks("organisation", f"s{n}", 89, 0.12, 0.4, 0.3, 0.18)) for n in range(count)]
        rows = [share(30, 100), exact(0.05), *schools(*((5, 50) for _ in range(count)))[:-1]]
        clean = {"group_results": pd.concat([RESULTS, *each], ignore_index=True)}
        figure = figures(chapter("achievement", *rows, clean=clean))["vpr-marks"]
        assert ("s0: «2» 12 %" in figure.alt.replace(NARROW, " ")) == (count <= 3)
        return [words for words in ("s0", "s1") if f">{words}<" in figure.svg]

    assert bars(2) == ["s0", "s1"]
    assert bars(4) == []
