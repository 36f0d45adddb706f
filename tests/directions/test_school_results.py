"""Results by subject, year and school; two groups of ГИА: who is named, on what grounds, and what stays unsaid."""

from __future__ import annotations

from typing import Any

from pipeline.directions.chapter import Chapter
from pipeline.presentation.blocks import plain
from tests.directions.inputs import chapter, figures, share, tables_of

NBSP, NARROW = "\u00a0", "\u202f"


def words(text: Any) -> str:
    return (text if isinstance(text, str) else plain(text)).replace(NBSP, " ").replace(NARROW, " ")


def schools(*parts: tuple[int, int], indicator: str = "vpr_mark_2", **given: Any) -> list[dict[str, Any]]:
    """Counts of schools «СОШ № 1», «СОШ № 2», … and their municipality."""
    whole = sum(x for x, _ in parts), sum(n for _, n in parts)
    rows = [
        share(x, n, indicator, level="organisation", group=f"s{place}", group_label=f"МБОУ «СОШ № {place}»", **given)
        for place, (x, n) in enumerate(parts, start=1)
    ]
    return [*rows, share(*whole, indicator, **given)]


def exam(*parts: tuple[int, int], indicator: str = "oge_below_minimum", **given: Any) -> list[dict[str, Any]]:
    return schools(*parts, indicator=indicator, procedure="oge", grade=9, series="oge|russian", **given)


ALIKE = ((5, 50), (6, 50), (4, 50))
ONE_WORSE = ((30, 50), *ALIKE)


def of_years(*years: tuple[tuple[int, int], ...]) -> Chapter:
    rows = [row for back, parts in enumerate(years) for row in schools(*parts, school_year=2026 - back)]
    return chapter("achievement", *rows)


def test_a_school_worse_three_years_in_a_row_is_told_with_its_years() -> None:
    figure = figures(of_years(ONE_WORSE, ONE_WORSE, ONE_WORSE))["school-results-years"]
    assert words(figure.title) == "От остальных школ отличаются 3 результата из 12"
    assert words(figure.statement).endswith(
        "Три последних года подряд и дольше: СОШ № 1 — доля выше: Русский язык, 4 (2024–2026)."
    )
    assert words(figure.alt) == (
        "СОШ № 1: доля выше — Русский язык, 4 (2024–2026). Остальные результаты не отличаются."
    )


def test_two_years_are_not_yet_told_in_words() -> None:
    figure = figures(of_years(ONE_WORSE, ONE_WORSE, ALIKE))["school-results-years"]
    assert "Три последних года" not in words(figure.statement)
    assert "Случайно так отличалось бы меньше 1 из 11." in words(figure.statement)


def test_when_nothing_differs_the_title_says_so() -> None:
    figure = figures(of_years(ALIKE, ALIKE))["school-results-years"]
    assert words(figure.title) == "Ни один из 6 результатов школ не отличается от остальных с учётом погрешности"
    assert figure.alt == "Ни один результат не отличается."


def test_one_year_or_one_school_is_no_grid() -> None:
    assert "school-results-years" not in figures(of_years(ALIKE))
    assert "school-results-vpr" in tables_of(of_years(ALIKE))
    assert not tables_of(chapter("achievement", *schools((5, 50)))).keys() & {"school-results-vpr"}


def test_the_table_of_the_year_marks_who_differs_and_few_pupils_are_parts() -> None:
    table = tables_of(of_years((*ONE_WORSE, (3, 9))))["school-results-vpr"]
    lines = [[words(cell.text) for cell in line] for line in table.rows]
    assert lines == [
        ["СОШ № 1", "▼ 60 %"],
        ["СОШ № 2", "10 %"],
        ["СОШ № 3", "12 %"],
        ["СОШ № 4", "8 %"],
        ["СОШ № 5", "3 из 9"],
        ["Муниципалитет", "23,0 %"],  # 48 of 209
    ]
    assert table.legend == ("▼ — хуже: доля выше, чем у остальных вместе",)


def test_a_school_that_did_not_write_a_work_has_a_mark_of_its_own() -> None:
    rows = [*schools(*ALIKE), *schools(*ALIKE[:2], subject="mathematics")]
    table = tables_of(chapter("achievement", *rows))["school-results-vpr"]
    assert [cell.text for cell in table.rows[2]][1:] == ["…", f"8{NARROW}%"]
    assert "… — работу не писали или данных нет" in table.legend


def test_groups_of_exams_are_told_by_intervals_and_not_ordered_by_result() -> None:
    rows = [*exam(*ONE_WORSE), *exam((10, 50), (45, 50), (12, 50), (11, 50), indicator="oge_quality")]
    table = tables_of(chapter("achievement", *rows))["exam-groups"]
    lines = [[words(cell.text) for cell in line] for line in table.rows]
    assert [line[:2] for line in lines] == [["Результаты ниже", "СОШ № 1"], ["Результаты выше", "СОШ № 2"]]
    assert lines[0][2] == (
        "ниже порога ОГЭ, русский язык — 60 % (46–72), в муниципалитете 22,5 %; "
        "«4» и «5» на ОГЭ, русский язык — 20 % (11–33), в муниципалитете 39,0 %"
    )
    assert "Состав учеников не учтён" in words(table.statement)


def test_no_school_apart_is_no_table_of_groups() -> None:
    assert "exam-groups" not in tables_of(chapter("achievement", *exam(*ALIKE)))


def test_a_school_may_stand_in_both_groups_and_that_is_said() -> None:
    other = exam((0, 80), (30, 80), (31, 80), (29, 80), subject="mathematics")
    table = tables_of(chapter("achievement", *exam(*ONE_WORSE), *other))["exam-groups"]
    assert words(table.statement).endswith("В обеих группах: СОШ № 1.")
