"""Typography of numbers: report.md «Numbers», rule by rule; expected strings are written by hand."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.presentation import text as ru

NARROW, NBSP = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (0.125, 2, "0,13"),
        (0.135, 2, "0,14"),
        (2.5, 0, "3"),
        (3.5, 0, "4"),
        (-2.5, 0, "−3"),
        (1.005, 2, "1,01"),
        (0.5, 0, "1"),
        (0.4999, 0, "0"),
        (99.95, 1, "100,0"),
        (7, 2, "7,00"),
    ],
)
def test_half_goes_away_from_zero(value: float, decimals: int, printed: str) -> None:
    assert ru.number(value, decimals) == printed


def test_what_rounds_to_zero_has_no_minus() -> None:
    assert ru.number(-0.04, 1) == "0,0"
    assert ru.number(-0.05, 1) == "−0,1"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0, "0"),
        (999, "999"),
        (9999, "9999"),
        (10000, f"10{NARROW}000"),
        (123456, f"123{NARROW}456"),
        (1234567, f"1{NARROW}234{NARROW}567"),
        (-12345, f"−12{NARROW}345"),
    ],
)
def test_thousands_stand_apart_from_five_digits_on(value: int, printed: str) -> None:
    assert ru.number(value) == printed


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.integers(0, 3))
def test_printed_number_is_the_nearest_one(value: Decimal, decimals: int) -> None:
    printed = ru.number(value, decimals)
    assert re.fullmatch(r"−?\d{1,3}(\u202f\d{3})+(,\d+)?|−?\d{1,4}(,\d+)?", printed)
    back = Fraction(printed.replace(NARROW, "").replace("−", "-").replace(",", "."))
    error, half = abs(back - Fraction(value)), Fraction(1, 2 * 10**decimals)
    assert error <= half
    assert error < half or abs(back) > abs(Fraction(value))


@given(st.integers(0, 10**5), st.integers(1, 10**5))
def test_a_share_of_floats_is_rounded_as_the_fraction_is(part: int, whole: int) -> None:
    part = min(part, whole)
    exact = Fraction(part * 1000, whole)
    expected = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    assert ru.percent(part / whole) == f"{expected // 10},{expected % 10}{NARROW}%"


@pytest.mark.parametrize(
    ("n", "printed"),
    [
        (19, f"3{NBSP}из{NBSP}19"),
        (20, f"15{NARROW}%"),
        (99, f"15{NARROW}%"),
        (100, f"14,5{NARROW}%"),
        (None, f"14,5{NARROW}%"),
    ],
)
def test_a_share_is_as_exact_as_its_participants_allow(n: int | None, printed: str) -> None:
    assert ru.share(0.145, n, 3) == printed


def test_a_share_of_few_whose_part_is_unknown_is_a_whole_percent() -> None:
    assert ru.share(0.145, 12, None) == f"15{NARROW}%"


def test_zero_and_all_are_values() -> None:
    assert ru.percent(0.0, 50) == f"0{NARROW}%"
    assert ru.percent(1.0, 500) == f"100,0{NARROW}%"


def test_interval_has_no_unit_and_a_range_dash() -> None:
    assert ru.interval(0.098, 0.156, 300) == "(9,8–15,6)"
    assert ru.interval(0.098, 0.156, 99) == "(10–16)"
    assert ru.interval(0.0, 0.0349) == "(0,0–3,5)"


def test_bounds_of_a_mean_are_as_exact_as_the_mean() -> None:
    assert ru.bounds(4.125, 4.25, 2) == "(4,13–4,25)"


@pytest.mark.parametrize(
    ("difference", "n", "printed"),
    [
        (0.032, 200, "+3,2"),
        (-0.032, 200, "−3,2"),
        (0.125, 50, "+13"),
        (-0.125, 50, "−13"),
        (0.0004, 500, "0,0"),
        (-0.0004, 500, "0,0"),
        (0.0, 20, "0"),
    ],
)
def test_a_difference_is_in_points_with_its_sign(difference: float, n: int, printed: str) -> None:
    assert ru.points(difference, n) == f"{printed}{NBSP}п.{NBSP}п."


@pytest.mark.parametrize(
    ("counts", "word"),
    [((1, 21, 101, 1001), "школа"), ((2, 3, 4, 22, 104), "школы"), ((0, 5, 11, 12, 14, 20, 111, 112, 211), "школ")],
)
def test_nouns_follow_their_number(counts: tuple[int, ...], word: str) -> None:
    assert {ru.plural(count, "школа", "школы", "школ") for count in counts} == {word}


def test_a_noun_never_parts_from_its_number() -> None:
    assert ru.counted(12345, "файл", "файла", "файлов") == f"12{NARROW}345{NBSP}файлов"


@pytest.mark.parametrize(("year", "printed"), [(2026, "2025/26"), (2000, "1999/00"), (2010, "2009/10")])
def test_a_school_year_carries_both_years(year: int, printed: str) -> None:
    assert ru.school_year(year) == printed


@pytest.mark.parametrize(
    ("years", "printed"),
    [
        ([], ""),
        ([2024], "2024"),
        ([2019, 2018, 2021], "2018–2019, 2021"),
        ([2018, 2020, 2022], "2018, 2020, 2022"),
        ([2021, 2022, 2023, 2023], "2021–2023"),
    ],
)
def test_years_fall_into_ranges(years: list[int], printed: str) -> None:
    assert ru.years(years) == printed


@given(st.lists(st.integers(2000, 2040)))
def test_no_year_is_lost_in_a_range(years: list[int]) -> None:
    spans = [part.split("–") for part in ru.years(years).split(", ") if part]
    assert {year for span in spans for year in range(int(span[0]), int(span[-1]) + 1)} == set(years)


def test_dates_are_written_as_in_documents() -> None:
    assert ru.date("2026-04-20") == "20.04.2026"
    assert ru.date("2026-04-20T10:00") == "20.04.2026"


def test_long_lists_end_in_a_count() -> None:
    assert ru.listed(["а", "б"], 2) == "а, б"
    assert ru.listed(["а", "б", "в", "г"], 2) == "а, б и ещё 2"
    assert ru.listed([]) == ""


def test_only_the_first_letter_is_raised() -> None:
    assert ru.capitalised("доля «2» в ВПР") == "Доля «2» в ВПР"
    assert ru.capitalised("") == ""


def test_a_bound_below_zero_is_not_read_as_a_dash() -> None:
    assert ru.bounds(-4.9, -1.2, 1) == f"(от{ru.NBSP}−4,9 до{ru.NBSP}−1,2)"
    assert ru.bounds(-0.04, 1.2, 1) == "(0,0–1,2)" or "−0,0" not in ru.bounds(-0.04, 1.2, 1)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ('75.Основно училище " Тодор Каблешков "', "75. ОУ «Тодор Каблешков»"),
        ('101. СРЕДНО УЧИЛИЩЕ "БАЧО КИРО"', "101. СУ «БАЧО КИРО»"),
        ("133 Средно училище „Александър Сергеевич Пушкин”", "133 СУ «Александър Сергеевич Пушкин»"),
        ('40. Средно училище "Луи Пастьор""', '40. СУ "Луи Пастьор""'),
        ("МБОУ «СОШ № 5»", "МБОУ «СОШ № 5»"),
    ],
)
def test_names_as_published_are_printed_alike(name: str, printed: str) -> None:
    assert ru.organisation(name) == printed
