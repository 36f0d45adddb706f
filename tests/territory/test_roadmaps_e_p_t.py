"""Roadmaps of Е, П and Т against lists written out by hand from their texts, and against the texts by another route."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest

from pipeline.territory.roadmap import Item, Roadmap
from tests.structure.checkout import ROOT
from tests.territory.test_roadmaps import SEEDS, roadmap, seeds, words

__all__ = ["seeds"]  # a fixture

# Е: rows of the seven tables, in the printed order, with the number of actions in each.
ROWS = {
    "ОКПО": "цели 1, показатели 2, анализ 1, меры 1, решения 1, эффективность 1",
    "таланты": "цели 1, показатели 1, мониторинг 1, анализ 6, меры 4, решения 2, эффективность 5",
    "профориентация": "цели 1, показатели 1, мониторинг 6, анализ 4, меры 3, решения 1, эффективность 1",
    "руководители": "цели 4, показатели 2, мониторинг 3, анализ 2, меры 5, решения 3, эффективность 1",
    "педагоги": "цели 4, показатели 1, мониторинг 2, анализ 4, меры 3, решения 2, эффективность 1",
    "воспитание": "цели 1, показатели 1, мониторинг 1, анализ 2, меры 1, решения 5, эффективность 1",
    "дошкольное": "цели 1, методы 1, мониторинг 1, меры 1, решения 1, эффективность 1",
}
LABELS = {
    "цели": "Цели",
    "показатели": "Показатели",
    "методы": "Методы сбора и обработки информации",
    "мониторинг": "Мониторинг",
    "анализ": "Анализ результатов и адресные рекомендации",
    "меры": "Меры и мероприятия",
    "решения": "Управленческие решения",
    "эффективность": "Анализ эффективности принятых мер",
}
SENSE = {  # which part of the cycle a label stands for
    "Цели": {"goals"},
    "Показатели": {"indicators"},
    "Методы сбора и обработки информации": {"methods"},
    "Мониторинг": {"monitoring"},
    "Анализ результатов и адресные рекомендации": {"analysis", "recommendations"},
    "Меры и мероприятия": {"measures"},
    "Меры, мероприятия": {"measures"},
    "Управленческие решения": {"decisions"},
    "Анализ эффективности принятых мер": {"effectiveness"},
}
# П and Т: numbers copied from the documents by eye.
NUMBERS = {
    "pochep": {
        "нормативная": "1 2 3 4 5 6",
        "ОКПО": "1 2 3 4 5 6 7 8 9 10 11",
        "объективность": "1 2 3 4 5 6",
        "руководители": "1 2 3 4 5",
        "педагоги": "1 2 3 4",
        "методическая": "1 2 3 4 5",
        "ШНОР": "1 2 3 4",
        "таланты": "1 2 3 4 5 6 7",
        "профориентация": "1 2 3 4 5 6 7",
        "воспитание": "1 2 3",
    },
    "taymyr": {
        "7.1.1": " ".join(f"7.1.1-{row}" for row in range(1, 13)),
        "7.1.2": " ".join(f"7.1.2-{row}" for row in range(1, 8)),
        "7.1.3": " ".join(f"7.1.3-{row}" for row in range(1, 11)),
        "7.1.4": " ".join(f"7.1.4-{row}" for row in range(1, 8)),
        "7.2.1": " ".join(f"7.2.1-{row}" for row in range(1, 10)),
        "7.2.2": " ".join(f"7.2.2-{row}" for row in range(1, 10)),
        "7.2.3": " ".join(f"7.2.3-{row}" for row in range(1, 11)),
        "7.2.4": " ".join(f"7.2.4-{row}" for row in range(1, 11)),
        "8": "8.1 8.2 8.3",
        "9": "9.1 9.2 9.3 9.4 9.5",
        "10": "10.1 10.2 10.3 10.4",
        "11": " ".join([f"11.1-{row}" for row in range(1, 11)] + [f"11.5-{row}" for row in range(1, 7)]),
    },
}
DIRECTIONS = {
    "eniseysk": "achievement low_results talent career heads teachers upbringing preschool",
    "pochep": "management_cycle achievement objectivity heads teachers methodical low_results talent career upbringing",
    "taymyr": "achievement low_results talent career heads teachers upbringing preschool "
    "objectivity objectivity objectivity management_cycle",
}
TOTALS = {"eniseysk": 99, "pochep": 58, "taymyr": 102}


def row_of(item: Item) -> str:
    """The row of the table as the key names it: Е-таланты-анализ-3 → анализ."""
    return item.key.split("-")[2]


def keys(document: Roadmap, starts: str) -> list[str]:
    return [item.key for item in document.items if item.key.startswith(starts)]


def source(folder: Path, code: str) -> str:
    return next(folder.glob(f"{SEEDS[code]}_*.txt")).read_text(encoding="utf-8")


@pytest.mark.parametrize("code", TOTALS)
def test_counts_and_sections(code: str) -> None:
    document = roadmap(code)
    assert len(document.items) == TOTALS[code]
    assert " ".join(section.direction for section in document.sections) == DIRECTIONS[code]
    assert [item.section for item in document.items] == sorted(
        (item.section for item in document.items), key=[section.id for section in document.sections].index
    )


def test_rows_of_the_seven_tables() -> None:
    document = roadmap("eniseysk")
    found = {section: Counter(row_of(item) for item in document.items if item.section == section) for section in ROWS}
    told = {section: ", ".join(f"{row} {count}" for row, count in rows.items()) for section, rows in found.items()}
    assert told == ROWS
    assert sum(int(count) for rows in ROWS.values() for count in re.findall(r"\d+", rows)) == 99


def test_keys_of_e_are_section_row_and_number() -> None:
    for item in roadmap("eniseysk").items:
        assert item.key == f"Е-{item.section}-{row_of(item)}-{item.number}"
        printed = item.label_as_printed.replace("Меры, мероприятия", LABELS["меры"])
        assert printed == LABELS[row_of(item)]


def test_a_label_by_sense_stands_exactly_where_it_differs() -> None:
    for item in roadmap("eniseysk").items:
        assert item.component in SENSE[item.label_by_sense or item.label_as_printed]
        assert item.label_by_sense != item.label_as_printed
        assert not item.label_by_sense or item.remarks


def test_cells_out_of_their_rows() -> None:
    moved = [item.key.removeprefix("Е-") for item in roadmap("eniseysk").items if item.label_by_sense]
    assert moved == [
        *(f"таланты-эффективность-{number}" for number in (1, 2, 3, 4)),
        *(f"профориентация-мониторинг-{number}" for number in (1, 3, 4, 5, 6)),
        "руководители-цели-4",
        "руководители-показатели-2",
        "руководители-меры-4",
        "педагоги-мониторинг-1",
        "воспитание-мониторинг-1",
        "воспитание-анализ-1",
        *(f"воспитание-решения-{number}" for number in (1, 3, 4, 5)),
    ]


def test_there_is_no_table_for_schools_with_low_results() -> None:
    document = roadmap("eniseysk")
    assert document.of_direction("low_results") == ()
    assert document.section("ШНОР").statement
    assert [section.id for section in document.sections if section.statement] == ["ШНОР"]


def test_the_career_measure_about_talents_is_flagged_and_not_mended() -> None:
    item = roadmap("eniseysk").item("Е-профориентация-меры-1")
    assert "ошибка источника" in item.remarks[0]
    assert (item.component, item.also, item.label_by_sense) == ("measures", (), "")
    assert roadmap("eniseysk").direction_of(item) == "career"


def test_the_row_printed_twice_is_counted_once() -> None:
    assert keys(roadmap("eniseysk"), "Е-профориентация-показатели") == ["Е-профориентация-показатели-1"]
    assert "дважды" in roadmap("eniseysk").item("Е-профориентация-показатели-1").remarks[0]


def test_three_dues_of_e_are_older_than_its_order() -> None:
    document = roadmap("eniseysk")
    ordered = document.act.date
    assert (document.act.number, ordered) == ("224-п", dt.date(2021, 12, 3))
    early = [item for item in document.items if item.due.end and ordered and item.due.end < ordered]
    assert [item.key for item in early] == [f"Е-руководители-цели-{number}" for number in (1, 2, 4)]
    assert all("раньше даты приказа" in item.remarks[0] for item in early)


@pytest.mark.parametrize("code", NUMBERS)
def test_numbers_are_those_of_the_text(code: str) -> None:
    found: dict[str, list[str]] = {}
    for item in roadmap(code).items:
        found.setdefault(item.section, []).append(item.number)
    assert {section: " ".join(numbers) for section, numbers in found.items()} == NUMBERS[code]


def test_keys_of_p_and_t() -> None:
    assert all(item.key == f"П-{item.section}-{item.number}" for item in roadmap("pochep").items)
    assert all(item.key == f"Т-{item.number}" for item in roadmap("taymyr").items)


def test_p_counts_by_section_and_ends_without_effectiveness() -> None:
    sections = Counter(item.section for item in roadmap("pochep").items)
    assert list(sections.values()) == [6, 11, 6, 5, 4, 5, 4, 7, 7, 3]
    assert {item.component for item in roadmap("pochep").items}.isdisjoint({"goals", "effectiveness"})


def test_t_names_no_due_and_calls_its_lists_goals() -> None:
    items = roadmap("taymyr").items
    assert {(item.due_as_written, item.due.kind) for item in items} == {(None, "none")}
    assert {item.component for item in items if item.section.startswith("7.")} == {"goals"}
    assert sum(item.section.startswith("7.") for item in items) == 12 + 7 + 10 + 7 + 9 + 9 + 10 + 10
    assert [item.key for item in items if item.component is None] == ["Т-11.1-3"]


@pytest.mark.parametrize(
    ("key", "kind", "first", "last"),
    [
        ("Е-ОКПО-цели-1", "date", "2021-12-01", "2021-12-31"),
        ("Е-ОКПО-показатели-2", "date", "2022-01-01", "2022-02-28"),
        ("Е-ОКПО-меры-1", "none", None, None),
        ("Е-таланты-цели-1", "date", "2022-01-01", "2022-05-31"),
        ("Е-профориентация-показатели-1", "date", "2022-01-01", "2022-08-31"),
        ("Е-профориентация-меры-1", "date", "2022-08-01", "2022-09-30"),
        ("Е-руководители-решения-1", "date", "2021-12-01", "2021-12-31"),
        ("Е-педагоги-цели-2", "date", "2022-12-01", "2022-12-31"),
        ("Е-педагоги-меры-3", "date", "2022-04-01", "2022-05-31"),
        ("Е-воспитание-мониторинг-1", "date", "2022-02-01", "2022-03-31"),
        ("Е-дошкольное-меры-1", "none", None, None),
        ("П-нормативная-1", "date", "2020-01-01", "2020-12-31"),
        ("П-ОКПО-1", "period", "2020-01-01", "2022-12-31"),
        ("П-ОКПО-3", "none", None, None),
        ("П-руководители-5", "date", "2021-10-01", "2021-10-31"),
        ("П-профориентация-4", "period", "2021-01-01", "2022-12-31"),
        ("П-профориентация-5", "date", "2020-01-01", "2021-12-31"),
    ],
)
def test_due_dates_worked_out_by_hand(key: str, kind: str, first: str | None, last: str | None) -> None:
    due = roadmap("eniseysk" if key.startswith("Е") else "pochep").item(key).due
    days = [day.isoformat() if day else None for day in (due.start, due.end)]
    assert (due.kind, *days) == (kind, first, last)


@pytest.mark.parametrize(
    ("key", "every", "by"),
    [
        ("Е-таланты-мониторинг-1", "year", ("02-28",)),
        ("Е-таланты-анализ-5", "year", ("09-30",)),
        ("Е-руководители-мониторинг-2", "year", ("06-30",)),
        ("Е-руководители-мониторинг-3", "three_years", ()),
        ("Е-руководители-анализ-1", "quarter", ()),
        ("Е-руководители-меры-4", "year", ("11-30", "02-28", "04-30")),
        ("Е-педагоги-решения-2", "year", ()),
        ("П-ОКПО-9", "three_years", ()),
        ("П-ОКПО-11", "year", ("08-31",)),
        ("П-воспитание-3", "year", ()),
    ],
)
def test_recurrences(key: str, every: str, by: tuple[str, ...]) -> None:
    due = roadmap("eniseysk" if key.startswith("Е") else "pochep").item(key).due
    assert (due.kind, due.every, due.by, due.times) == ("recurrence", every, by, max(len(by), 1))


def test_offices_answer_never_persons() -> None:
    named = {item.responsible for item in roadmap("eniseysk").items}
    assert named == {
        "по документу: названо лицо",
        "по документу: названы два лица",
        "по документу: названо лицо; руководители дошкольных организаций",
        "руководитель Управления образования",
    }
    head = [i.key for i in roadmap("eniseysk").items if i.responsible == "руководитель Управления образования"]
    assert head == [
        *(f"Е-руководители-анализ-{number}" for number in (1, 2)),
        *(f"Е-руководители-меры-{number}" for number in (2, 3, 4)),
        "Е-руководители-эффективность-1",
    ]


def test_who_answers_in_p() -> None:
    answer = {item.key.removeprefix("П-"): item.responsible or "" for item in roadmap("pochep").items}
    schools_alone = [key for key, office in answer.items() if office == "образовательные организации"]
    assert schools_alone == ["ОКПО-1", "ОКПО-4", "ОКПО-5", "ОКПО-9"]
    assert [key for key, office in answer.items() if "объединения" in office] == [
        f"ОКПО-{number}" for number in (2, 3, 10, 11)
    ]
    assert [key for key, office in answer.items() if office == "РМК"] == [f"методическая-{n}" for n in range(1, 6)]
    both = [key for key, office in answer.items() if office.count(";") == 1]
    assert both == [
        "ОКПО-6",
        *(f"объективность-{number}" for number in (2, 3, 4, 5, 6)),
        *("педагоги-2", "педагоги-3", "ШНОР-4"),
        *(f"таланты-{number}" for number in (1, 3, 4, 5)),
        *(f"профориентация-{number}" for number in (1, 2, 4, 6)),
        *("воспитание-1", "воспитание-2"),
    ]


@pytest.mark.real
@pytest.mark.parametrize("code", TOTALS)
def test_quoted_due_cells_stand_in_the_text(code: str, seeds: Path) -> None:
    text = "".join(words(source(seeds, code)))
    cells = {cell for item in roadmap(code).items for cell in (item.due_as_written or "").split(";") if cell}
    assert [cell for cell in cells if "".join(words(cell)) not in text] == []


@pytest.mark.real
def test_surnames_of_e_stand_nowhere(seeds: Path) -> None:
    surnames = set(re.findall(r"([А-ЯЁ][а-яё]{3,})\s+[А-ЯЁ]\.?[А-ЯЁ]\.", source(seeds, "eniseysk")))
    assert len(surnames) == 11  # ten persons, one of them printed in two spellings
    files = [*ROOT.glob("config/*/eniseysk.yml"), Path(__file__)]
    stems = re.compile("|".join(name[:-1] for name in surnames))
    assert [file.name for file in files if stems.search(file.read_text(encoding="utf-8"))] == []


@pytest.mark.real
def test_numbers_of_p_by_another_route(seeds: Path) -> None:
    """A number, a dot or none, a capital letter: the table itself; inner numbers of П-объективность-1 come along."""
    found = re.findall(r"^(\d{1,2})\s*\.{0,2}\s+[А-ЯЁ«]", source(seeds, "pochep"), flags=re.MULTILINE)
    sections = {**NUMBERS["pochep"], "объективность": "1 1 2 3 2 3 4 5 6"}
    assert " ".join(found) == " ".join(sections.values())


@pytest.mark.real
def test_lists_of_t_by_another_route(seeds: Path) -> None:
    """Dashes under each clause of §7 and §11; three lines of §7 lost theirs, one dash of 11.5 lost its words."""
    clauses = re.split(r"^(\d+\.\d+(?:\.\d+)?)\.?\s", source(seeds, "taymyr"), flags=re.MULTILINE)
    dashes = {
        number: len(re.findall(r"^-", text, flags=re.MULTILINE))
        for number, text in zip(clauses[1::2], clauses[2::2], strict=True)
    }
    lost = {"7.1.3": 1, "7.1.4": 1, "7.2.4": 1, "11.5": -1}
    counts = Counter(item.number.rpartition("-")[0] for item in roadmap("taymyr").items if "-" in item.number)
    assert {number: dashes[number] + lost.get(number, 0) for number in counts} == counts
