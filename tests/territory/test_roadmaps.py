"""Roadmaps of Л and К against lists written out by hand from their texts; what every roadmap must keep."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest
import yaml

from pipeline.paths import Paths
from pipeline.settings import load_model
from pipeline.territory.profile import load_directions, load_profile
from pipeline.territory.roadmap import Due, Item, Roadmap, load_roadmap
from tests.structure.checkout import ROOT

# Numbers of the items, section by section, copied from the documents by eye, not from the YAML.
REVIEWED = {
    "lesnoy": {
        "1": "1 2 3 4 5",
        "2": "6 7 8 9 10 11 12 13 14 15 16",
        "3": "17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40",
        "4": "41 42 43 44 45",
        "5": "46 47 48 49",
        "6": "50 51 52 53 54 55 56 57 58 59 60 61 62",
        "7": "63 64 65 66 67 68 69 70 71",
        "8": "72 73 74 75 76",
        "9": "77 78 79 80 81 82 83 84 85",
    },
    "kemerovo_okrug": {
        "1": "1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.9 1.10 1.11 1.12 1.13 1.14 1.15",
        "2": "2.1 2.2",
        "3": "3.1 3.2 3.3 3.4 3.5 3.6 3.7",
        "4": "4.1 4.2 4.3",
        "5": "5.1 5.2 5.3 5.4",
        "6": "6.1 6.2",
        "7": "7.1 7.2",
        "8": "8.1 8.2 8.3 8.4 8.5 8.6",
        "9": "9.1 9.2 9.3 9.4",
        "10": "10.1 10.2 10.3",
    },
}
SECTIONS = {  # section → direction, in the document's order; the counts that directions.md names
    "lesnoy": (
        "management_cycle achievement objectivity heads teachers methodical low_results talent career",
        [5, 11, 24, 5, 4, 13, 9, 5, 9],
    ),
    "kemerovo_okrug": (
        "achievement achievement teachers achievement low_results talent career objectivity heads upbringing",
        [15, 2, 7, 3, 4, 2, 2, 6, 4, 3],
    ),
}
SEEDS = {"lesnoy": "000", "eniseysk": "001", "pochep": "002", "taymyr": "003", "kemerovo_okrug": "004"}
RUN = 8
INITIALS = re.compile(r"\b[А-ЯЁ]\.\s?[А-ЯЁ]\.")
SURNAME = re.compile(r"\b[А-ЯЁ][а-яё]{2,}\s+[А-ЯЁ]\.(?!\w)|\b[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]{2,}")
FILES = sorted(ROOT.glob("config/roadmaps/*.yml"))
TERRITORIES = [file.stem for file in FILES]


@cache
def roadmap(code: str) -> Roadmap:
    return load_roadmap(Paths(ROOT / "tests", code, 2026), code)


def words(text: str) -> list[str]:
    return re.findall(r"[0-9a-zа-я]+", unicodedata.normalize("NFKC", text).lower().replace("ё", "е"))


@cache
def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[place : place + RUN]) for place in range(len(found) - RUN + 1)}


def own_words(code: str) -> list[str]:
    """Everything we worded ourselves in a roadmap and in its profile; official names and due cells are quotations."""
    document = roadmap(code)
    profile = load_profile(Paths(ROOT / "tests", code, 2026))
    sections = [word for part in document.sections for word in (part.title, part.statement, *part.remarks)]
    items = [word for item in document.items for word in (item.title, item.evidence or "", *item.remarks)]
    goals = [goal.text for plan in profile.chapters for goal in plan.goals]
    return [document.title, *document.remarks, *sections, *items, *goals]


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the source documents beside the repository, or a skip said aloud."""
    folder = ROOT.parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("нет ../shared/seeds: сверка с текстами документов не выполнена")
    return folder


@pytest.mark.parametrize("code", REVIEWED)
def test_numbers_are_those_of_the_text(code: str) -> None:
    found: dict[str, list[str]] = {}
    for item in roadmap(code).items:
        found.setdefault(item.section, []).append(item.number)
    assert {section: " ".join(numbers) for section, numbers in found.items()} == REVIEWED[code]


@pytest.mark.parametrize("code", REVIEWED)
def test_sections_stand_in_order_with_their_counts(code: str) -> None:
    document = roadmap(code)
    directions, counts = SECTIONS[code]
    assert " ".join(section.direction for section in document.sections) == directions
    assert [sum(item.section == part.id for item in document.items) for part in document.sections] == counts


def test_totals_are_85_and_48() -> None:
    assert (len(roadmap("lesnoy").items), len(roadmap("kemerovo_okrug").items)) == (85, 48)


@pytest.mark.parametrize("code", REVIEWED)
def test_keys_are_letter_and_number(code: str) -> None:
    document = roadmap(code)
    assert [item.key for item in document.items] == [f"{document.document}-{item.number}" for item in document.items]


def test_rows_31_to_33_belong_to_30() -> None:
    document = roadmap("lesnoy")
    assert [item.key for item in document.items if item.responsible is None] == ["Л-31", "Л-32", "Л-33"]
    assert [item.key for item in document.items if item.parent == "Л-30"] == ["Л-31", "Л-32", "Л-33"]


def test_items_6_and_13_are_flagged_and_both_kept() -> None:
    document = roadmap("lesnoy")
    assert {item.key: item.same_as for item in document.items if item.same_as} == {
        "Л-6": ("Л-13",),
        "Л-13": ("Л-6",),
    }
    assert all(any("6 и 13" in remark for remark in document.item(key).remarks) for key in ("Л-6", "Л-13"))


def test_the_order_cites_acts_younger_than_itself() -> None:
    document = roadmap("lesnoy")
    act = document.act
    assert (act.kind, act.number, act.date) == ("приказ", "50а", dt.date(2021, 10, 19))
    remark = next(remark for remark in document.remarks if "позже" in remark)
    cited = [dt.date(int(y), int(m), int(d)) for d, m, y in re.findall(r"от (\d\d)\.(\d\d)\.(\d{4})", remark)]
    assert [date for date in cited if date > dt.date(2021, 10, 19)] == [dt.date(2021, 12, 24), dt.date(2023, 1, 10)]


def test_the_text_of_k_stops_inside_its_last_item() -> None:
    document = roadmap("kemerovo_okrug")
    silent = [item.key for item in document.items if item.responsible is None or item.evidence is None]
    assert silent == ["К-10.3"]
    assert document.item("К-10.3").due_as_written == "Февраль 2021"
    assert any("обрывается" in remark for remark in document.item("К-10.3").remarks)
    assert document.act.model_dump() == {"kind": None, "number": None, "date": None, "issuer": None}


def test_27_items_of_k_end_in_an_analytical_note() -> None:
    items = roadmap("kemerovo_okrug").items
    assert sum("аналитическая справка" in (item.evidence or "") for item in items) == 27


@pytest.mark.parametrize(
    ("key", "kind", "first", "last"),
    [
        ("Л-1", "date", "2021-10-01", "2021-10-31"),
        ("Л-42", "date", "2022-01-01", "2022-12-31"),
        ("Л-45", "period", "2022-01-01", "2023-12-31"),
        ("Л-53", "period", "2022-01-01", None),
        ("Л-55", "period", "2022-09-01", "2023-08-31"),
        ("Л-63", "period", "2021-01-01", None),
        ("Л-8", "none", None, None),
        ("К-1.1", "none", None, None),
        ("К-1.7", "date", "2021-02-01", "2021-02-28"),
        ("К-1.11", "date", "2021-06-01", "2021-07-31"),
        ("К-1.14", "date", "2021-10-01", "2021-10-31"),
        ("К-3.2", "period", "2020-09-01", "2021-08-31"),
        ("К-4.3", "none", None, None),
        ("К-7.1", "date", "2020-08-01", "2020-09-30"),
    ],
)
def test_due_dates_worked_out_by_hand(key: str, kind: str, first: str | None, last: str | None) -> None:
    due = roadmap("lesnoy" if key.startswith("Л") else "kemerovo_okrug").item(key).due
    days = [day.isoformat() if day else None for day in (due.start, due.end)]
    assert (due.kind, *days) == (kind, first, last)


def test_recurrences() -> None:
    def of(code: str, key: str) -> tuple[str | None, int, tuple[str, ...]]:
        due = roadmap(code).item(key).due
        return due.every, due.times, due.by

    assert of("lesnoy", "Л-40") == ("year", 1, ())
    assert of("lesnoy", "Л-60") == ("year", 2, ())
    assert of("lesnoy", "Л-18") == ("quarter", 1, ())
    assert of("kemerovo_okrug", "К-3.7") == ("year", 2, ("09-30", "04-30"))


def test_equal_words_of_due_mean_equal_dates() -> None:
    for code in REVIEWED:
        meanings: dict[str, set[Due]] = {}
        for item in roadmap(code).items:
            assert item.due_as_written
            meanings.setdefault(item.due_as_written.lower(), set()).add(item.due)
        assert {written: due for written, due in meanings.items() if len(due) > 1} == {}


@pytest.mark.parametrize(
    ("code", "direction", "keys"),
    [
        ("lesnoy", "annual_report", "Л-40"),
        ("kemerovo_okrug", "objectivity", "К-2.1 К-4.3 К-8.1 К-8.2 К-8.3 К-8.4 К-8.5 К-8.6"),
        ("kemerovo_okrug", "methodical", "К-3.2 К-3.3"),
        ("kemerovo_okrug", "teachers", "К-3.1 К-3.4 К-3.5 К-3.6"),
        ("kemerovo_okrug", "talent", "К-6.1 К-6.2"),
    ],
)
def test_an_item_may_belong_elsewhere_than_its_section(code: str, direction: str, keys: str) -> None:
    assert " ".join(item.key for item in roadmap(code).of_direction(direction)) == keys


def test_an_item_is_cited_where_it_also_speaks() -> None:
    assert [item.key for item in roadmap("lesnoy").cited_in("integrated")] == ["Л-11", "Л-12"]
    assert [item.key for item in roadmap("kemerovo_okrug").cited_in("objectivity")] == ["К-1.10"]


@pytest.mark.parametrize("code", REVIEWED)
def test_every_item_counts_in_exactly_one_direction(code: str) -> None:
    document = roadmap(code)
    known = [direction.code for direction in load_directions(Paths(ROOT / "tests", code, 2026)).directions]
    assert sorted(item.key for name in known for item in document.of_direction(name)) == sorted(
        item.key for item in document.items
    )


@pytest.mark.parametrize("code", TERRITORIES)
def test_a_roadmap_has_its_profile(code: str) -> None:
    assert load_profile(Paths(ROOT / "tests", code, 2026)).roadmap == code


@pytest.mark.parametrize("code", TERRITORIES)
def test_directions_with_items_have_a_printed_chapter(code: str) -> None:
    document, profile = roadmap(code), load_profile(Paths(ROOT / "tests", code, 2026))
    hidden = {plan.direction for plan in profile.chapters if not plan.printed}
    assert [item.key for item in document.items if document.direction_of(item) in hidden] == []


def test_chapters_of_l_and_k_follow_their_sections() -> None:
    def printed(code: str) -> list[str]:
        chapters = load_profile(Paths(ROOT / "tests", code, 2026)).chapters
        return [plan.direction for plan in chapters if plan.printed and not plan.within]

    ends = ["integrated", "management_cycle"]
    assert printed("lesnoy") == SECTIONS["lesnoy"][0].split()[1:] + ends
    assert printed("kemerovo_okrug") == list(dict.fromkeys(SECTIONS["kemerovo_okrug"][0].split())) + ends


@pytest.mark.parametrize(
    "file",
    [*FILES, *(ROOT / "config/territories" / file.name for file in FILES)],
    ids=lambda file: f"{file.parent.name}/{file.name}",
)
def test_no_person_is_named(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert INITIALS.findall(text) + SURNAME.findall(text) == []


@pytest.mark.parametrize(
    "text", ["Иванов И.И.", "И. И. Иванова", "начальнику Петровой А. С.", "П.Сидорову", "Ли-Петров Я."]
)
def test_the_search_for_persons_finds(text: str) -> None:
    assert INITIALS.search(text) or SURNAME.search(text)


@pytest.mark.real
@pytest.mark.parametrize("code", SEEDS)
def test_titles_and_remarks_are_our_own_words(code: str, seeds: Path) -> None:
    text = next(seeds.glob(f"{SEEDS[code]}_*.txt")).read_text(encoding="utf-8")
    source = runs(text)
    assert len(source) > 1000
    assert {said: sorted(runs(said) & source) for said in own_words(code) if runs(said) & source} == {}


@pytest.mark.real
@pytest.mark.parametrize("code", REVIEWED)
def test_quoted_due_cells_stand_in_the_text(code: str, seeds: Path) -> None:
    text = next(seeds.glob(f"{SEEDS[code]}_*.txt")).read_text(encoding="utf-8")
    source = "".join(words(text))
    quoted = {item.due_as_written or "" for item in roadmap(code).items}
    assert [due for due in quoted if "".join(words(due)) not in source] == []


def test_the_model_is_read_as_declared() -> None:
    first = yaml.safe_load(FILES[0].read_text(encoding="utf-8"))["items"][0]
    assert Item.model_validate(first) == load_model(Roadmap, FILES[0]).items[0]
