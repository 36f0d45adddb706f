"""Trends of three and more years: the sentence under a chart, findings, and who was counted."""

from __future__ import annotations

from typing import Any

from pipeline.directions.multi_year import HOW
from pipeline.presentation.blocks import plain
from tests.directions.inputs import chapter, figures, findings, share

NARROW = {"\u00a0": " ", "\u202f": " "}
OGE = {"procedure": "oge", "grade": 9, "series": "oge"}


def plainly(line: str) -> str:
    return line.translate(str.maketrans(NARROW))


def years(*counts: int, n: int = 400, first: int = 2022, **given: Any) -> list[dict[str, Any]]:
    about = {"indicator": "oge_below_minimum", **OGE, **given}
    return [share(count, n, school_year=first + place, **about) for place, count in enumerate(counts)]


def said(*rows: dict[str, Any]) -> str:
    return plainly(plain(figures(chapter("achievement", *rows))["oge-below-minimum-years"].statement))


def trends(*rows: dict[str, Any]) -> dict[str, str]:
    found = findings(chapter("achievement", *rows))
    return {name: plainly(one) for name, one in found.items() if name.endswith(".trend")}


def test_a_proven_fall_over_five_years_is_a_strength_with_both_ends() -> None:
    rows = years(80, 70, 62, 50, 40, subject="mathematics")
    assert said(*rows).endswith("За пять лет (2022–2026) снижение: Математика, 9 класс.")
    ((name, words),) = trends(*rows).items()
    assert name == "oge_below_minimum.mathematics.9.trend"
    assert words == (
        "Ниже порога ОГЭ, математика, 9 класс: за пять лет (2022–2026) снижение, −10,0 п. п.: "
        "20,0 % (16,4–24,2) в 2022 году, 10,0 % (7,4–13,3) в 2026 году."
    )
    made = chapter("achievement", *rows)
    assert next(one for one in made.findings if one.id == name).kind == "strength"
    figure = figures(made)["oge-below-minimum-years"]
    assert figure.title.endswith("; за несколько лет изменился 1 из 1")
    assert plain(figure.how[-1]) == HOW


def test_years_that_only_waver_say_so() -> None:
    rows = years(40, 46, 38, 44, 41)
    assert said(*rows).endswith("За пять лет (2022–2026) без доказанных изменений: Русский язык, 9 класс.")
    assert not trends(*rows)


def test_several_lines_are_proven_more_strictly() -> None:
    """40 → 60 of 400 over five years: p is about .03, three lines need .017."""
    alone = years(40, 45, 50, 55, 60)
    assert trends(*alone)
    others = [*years(40, 41, 40, 41, 40, subject="physics"), *years(40, 41, 40, 41, 40, subject="biology")]
    assert not trends(*alone, *others)
    assert "За пять лет (2022–2026) без доказанных изменений: все ряды." in said(*alone, *others)


def test_a_missing_year_is_a_gap_and_is_named() -> None:
    rows = [one for one in years(80, 70, 62, 50, 40) if one["school_year"] != 2024]
    assert said(*rows).endswith("По 4 годам (2022–2023, 2025–2026) снижение: Русский язык, 9 класс.")


def test_a_break_leaves_too_few_years() -> None:
    rows = [*years(80, 70, 62), *years(50, 40, first=2025, series="oge|2025")]
    assert said(*rows).endswith("О тренде судить рано: нужны три года одного ряда.")
    both = [*rows, *years(80, 70, 62, 50, 40, subject="mathematics")]
    assert said(*both).endswith(
        "За пять лет (2022–2026) снижение: Математика, 9 класс. "
        "Недостаточно данных для тренда (два года: только разность): Русский язык, 9 класс."
    )


def test_a_trend_that_ended_long_ago_is_no_finding() -> None:
    rows = years(80, 70, 62, 50, 40, first=2018)
    assert "снижение" in said(*rows)
    assert not trends(*rows)


def school(name: str, year: int, part: int, whole: int) -> dict[str, Any]:
    where = {"level": "organisation", "group": name, "org_id": name, "group_label": name, "school_year": year}
    return share(part, whole, "oge_below_minimum", **OGE, **where)


def test_what_composition_alone_made_is_not_claimed() -> None:
    """Inside both schools the share rises (5 → 10 %, 35 → 45 %); the weak school shrinks from 200 to 40 pupils."""
    parts = [school("a", 2022, 10, 200), school("b", 2022, 70, 200), school("a", 2026, 36, 360)]
    parts.append(school("b", 2026, 18, 40))
    rows = years(80, 75, 69, 61, 54)
    assert trends(*rows)
    assert not trends(*rows, *parts)


def test_mostly_composition_is_said() -> None:
    """Inside the schools 5 and 35 % become 4 and 34 %: one point of the ten and more."""
    parts = [school("a", 2022, 10, 200), school("b", 2022, 70, 200), school("a", 2026, 14, 360)]
    parts.append(school("b", 2026, 14, 40))
    ((_, words),) = trends(*years(80, 70, 57, 42, 28), *parts).items()
    assert "большая часть изменения — другие доли организаций" in words
