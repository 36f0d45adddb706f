"""The Bulgarian files recounted with the csv module and columns found by eye; nothing of ours is imported."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOUR = {"mathematics": (5, 9), "bulgarian": (6, 10), "people_society": (7, 11), "people_nature": (8, 12)}
TWO = {"bulgarian": (5, 6), "mathematics": (7, 8)}
OLD_EXAMS = [
    *("bulgarian", "mathematics", "history_civilisation", "physics_astronomy", "geography_economics"),
    *("chemistry_environment", "philosophy", "biology_health", "english", "russian_foreign", "german", "spanish"),
    *("french", "italian"),
]
LEVELS = [
    f"{language}_{level}"
    for language in ("english", "russian_foreign", "german", "spanish", "french", "italian")
    for level in ("b1", "b1_1", "b2")
]
NEW_EXAMS = [
    *("bulgarian", "mathematics", "history_civilisation", "physics_astronomy", "geography_economics"),
    *("chemistry_environment", "philosophy", "biology_health", "informatics", "information_technology", "music"),
    *("fine_arts", "entrepreneurship"),
    *LEVELS,
]


def pairs(subjects: list[str]) -> dict[str, tuple[int, int]]:
    """Pairs of neighbouring columns from the sixth on."""
    return {subject: (5 + 2 * place, 6 + 2 * place) for place, subject in enumerate(subjects)}


OLD = pairs(OLD_EXAMS)
NEW_2022 = pairs([*NEW_EXAMS, "dippk", "dippk_pr"])
NEW_2023 = pairs([*NEW_EXAMS, "dippk_written", "dippk_test", "dippk_project", "dippk_practice"])

# file → separator, rows before the data, column of the code, subject → (column of the count, column of the mean)
FILES: dict[str, tuple[str, int, int, dict[str, tuple[int, int]]]] = {
    "dzi-2018": (",", 1, 3, OLD),
    "dzi-2019": (",", 1, 3, OLD),
    "dzi-2020": (",", 2, 3, OLD),
    "dzi-2021": (",", 2, 3, OLD),
    "dzi-2022": (",", 1, 4, NEW_2022),
    "dzi-2023": (",", 3, 4, NEW_2023),
    "nvo-10-2021": (",", 1, 4, TWO),
    "nvo-10-2022": (";", 1, 4, TWO),
    "nvo-10-2023": (",", 6, 4, TWO),
    "nvo-4-2018": (",", 1, 3, FOUR),
    "nvo-4-2019": (",", 1, 3, FOUR),
    "nvo-4-2021": (",", 1, 3, TWO),
    "nvo-4-2022": (",", 1, 4, TWO),
    "nvo-4-2023": (",", 2, 4, TWO),
    "nvo-7-2018": (";", 1, 3, TWO),
    "nvo-7-2019": (";", 1, 3, TWO),
    "nvo-7-2020": (";", 1, 3, TWO),
    "nvo-7-2021": (",", 2, 4, TWO),
    "nvo-7-2022": (";", 1, 4, TWO),
    "nvo-7-2022-sofia": (";", 1, 4, TWO),
    "nvo-7-2023": (",", 6, 4, TWO),
}


def year_of(name: str) -> int:
    return int(name.removesuffix("-sofia")[-4:])


def grade_of(name: str) -> int:
    return 12 if name.startswith("dzi") else int(name.split("-")[1])


@cache
def recount(folder: Path, name: str) -> list[list[str]]:
    """Data rows by the csv module alone. Two schools of 2018 that a broken quote glued are written out by hand."""
    separator, before, _, _ = FILES[name]
    text = (folder / f"{name}.csv").read_bytes().decode("utf-8").replace("\ufeff", "")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))[before:]
    if name != "nvo-4-2018":
        return rows
    (glued,) = [place for place, row in enumerate(rows) if len(row) != 13]
    first = [
        "Добрич",
        "Балчик",
        "Сенокос",
        "800057",
        "Георги Раковски",
        *["8", "8", "8", "8", "59,38", "61,88", "76,25", "70,63"],
    ]
    second = ["Добрич", *rows[glued][5:]]
    assert second[3:9] == ["800059", "Основно училище Свети Свети Кирил и Методий", "30", "31", "31", "31"]
    return [*rows[:glued], first, second, *rows[glued + 1 :]]


def number(text: str) -> float:
    return float(text.replace(",", ".")) if text.strip() else 0.0


def weighted(rows: list[list[str]], count: int, mean: int) -> tuple[float, float]:
    """(sum of counts over rows with a mean or without, n-weighted sum of means)."""
    return (
        sum(number(row[count]) for row in rows),
        math.fsum(number(row[count]) * number(row[mean]) for row in rows),
    )


Test = tuple[int, str, int]  # class, subject, year


def codes(name: str, row: list[str]) -> str:
    """The school's code in digits; in `nvo-7-2018` the zeros at the end are lost."""
    digits = "".join(filter(str.isdigit, row[FILES[name][2]]))
    return digits.ljust(6, "0") if name == "nvo-7-2018" else digits


def schools(folder: Path, year: int, municipality: str) -> dict[tuple[str, int, str], tuple[int, float]]:
    """(code, class, subject) → (number who sat, mean) of the schools of one municipality, wherever a mean stands."""
    found = {}
    for name in national_files():
        if year_of(name) != year:
            continue
        for row in recount(folder, name):
            if row[1].casefold() != municipality.casefold():
                continue
            for subject, (count, mean) in FILES[name][3].items():
                if number(row[count]) and row[mean].strip():
                    found[codes(name, row), grade_of(name), subject] = (int(number(row[count])), number(row[mean]))
    return found


def weighted_means(folder: Path, municipality: str | None = None) -> dict[Test, tuple[int, float]]:
    """(class, subject, year) → (number who sat, mean weighted by it); of the country without a municipality."""
    found = {}
    for name in national_files():
        rows = [row for row in recount(folder, name) if municipality is None or row[1].casefold() == municipality]
        for subject, (count, mean) in FILES[name][3].items():
            people, points = weighted([row for row in rows if row[mean].strip()], count, mean)
            if people:
                found[grade_of(name), subject, year_of(name)] = (int(people), points / people)
    return found


def national_files() -> Iterator[str]:
    """Without the file of Sofia, whose schools stand in the national file of that year."""
    return (name for name in FILES if not name.endswith("-sofia"))
