"""`msoko init`: an empty folder becomes a workspace; what is there stays; nothing about a municipality is made up."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipeline.init import REGISTER, REMINDER, shipped_territories
from pipeline.paths import Paths
from pipeline.settings import read_yaml
from pipeline.templates import register_rows
from pipeline.territory.profile import load_profile
from tests.bad_input.door import Outcome, door

NEW = ("init", "mytown", "2026", "--name", 'Район «Северный "А"»', "--region", "Моя область")


@pytest.fixture(autouse=True)
def _no_workspace_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MSOKO_WORKSPACE", raising=False)


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def at(root: Path, *words: str) -> Outcome:
    return door(*words, "--workspace", str(root))


def test_a_new_municipality(tmp_path: Path) -> None:
    root = tmp_path / "Рабочий стол" / "Отчёт 2026"
    outcome = at(root, *NEW)
    assert outcome.code == 0
    assert (root / "data/raw/mytown/2026").is_dir()
    made = ["config/corrections/README.md", "config/territories/mytown.yml", f"forms/mytown/{REGISTER}", REMINDER]
    assert sorted(contents(root)) == made
    profile = read_yaml(root / "config/territories/mytown.yml")
    assert profile["name"] == {"nominative": 'Район «Северный "А"»', "genitive": "", "dative": "", "prepositional": ""}
    assert profile["municipalities"] == ['Район «Северный "А"»']
    assert "msoko check mytown 2026" in outcome.out
    assert str(tmp_path) not in outcome.out + outcome.err


def test_run_twice_it_changes_nothing_and_says_what_exists(tmp_path: Path) -> None:
    at(tmp_path, *NEW)
    for name in contents(tmp_path):
        (tmp_path / name).write_bytes(b"mine")
    before = contents(tmp_path)
    (tmp_path / "config/territories/mytown.yml").unlink()
    outcome = at(tmp_path, *NEW)
    after = contents(tmp_path)
    assert {name: after[name] for name in before if "mytown.yml" not in name} == {
        name: content for name, content in before.items() if "mytown.yml" not in name
    }
    assert [line.split(" — ")[0].strip() for line in outcome.out.splitlines() if "создано" in line] == [
        "создано: config/territories/mytown.yml"
    ]
    assert outcome.out.count("уже есть: ") == 7


@pytest.mark.parametrize("code", [code for code in shipped_territories() if code != "demo"])
def test_a_ready_municipality_is_whole_at_once(code: str, tmp_path: Path) -> None:
    assert at(tmp_path, "init", code, "2026").code == 0
    assert (tmp_path / f"config/territories/{code}.yml").is_file()
    assert load_profile(Paths(tmp_path, code, 2026)) == shipped_territories()[code]


def test_without_a_code_the_ready_ones_are_listed(tmp_path: Path) -> None:
    outcome = at(tmp_path, "init")
    assert all(
        f"{code} — {one.name.nominative}" in outcome.out
        for code, one in shipped_territories().items()
        if code != "demo"
    )
    assert "demo —" not in outcome.out
    assert sorted(contents(tmp_path)) == ["config/corrections/README.md", REMINDER]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("lesnoi", "2026"), ("«lesnoi» среди готовых нет", "вы имели в виду «lesnoy»", "pochep — Почепский район")),
        (("Почепский", "2026"), ("только строчные латинские", "наберите код: pochep")),
        (("../x", "2026", "--name", "Х"), ("только строчные латинские",)),
        (("_shared", "2026", "--name", "Х"), ("только строчные латинские",)),
        (("demo", "2026"), ("занят вымышленным округом", "msoko report")),
        (("lesnoy", "26"), ("Год «26» не годится",)),
    ],
)
def test_what_cannot_be_makes_nothing(words: tuple[str, ...], parts: tuple[str, ...], tmp_path: Path) -> None:
    outcome = at(tmp_path / "папка", "init", *words)
    assert outcome.code == 2
    assert [part for part in parts if part not in outcome.err] == []
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "Отчёт").write_text("", encoding="utf-8")
    outcome = at(tmp_path / "Отчёт", "init", "lesnoy", "2026")
    assert outcome.code == 3
    assert "«Отчёт» — файл, а не папка" in outcome.err


def test_the_present_folder_becomes_the_workspace_then_stays_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert door("init", "lesnoy", "2025").code == 0
    monkeypatch.chdir(tmp_path / "data/raw/lesnoy/2025")
    assert door("init", "lesnoy", "2026").code == 0
    assert sorted(path.name for path in (tmp_path / "data/raw/lesnoy").iterdir()) == ["2025", "2026"]


def test_texts_open_in_the_oldest_notepad(tmp_path: Path) -> None:
    at(tmp_path, *NEW)
    for name in (REMINDER, "config/territories/mytown.yml"):
        written = (tmp_path / name).read_bytes()
        assert written.startswith(b"\xef\xbb\xbf")
        assert written.count(b"\n") == written.count(b"\r\n") > 10


def test_the_empty_register_is_read_once_filled_in(tmp_path: Path) -> None:
    """As Excel leaves it: codes as texts, because the columns are text."""
    at(tmp_path, *NEW)
    book = openpyxl.load_workbook(tmp_path / "forms/mytown" / REGISTER)
    page = book.active
    assert [cell.comment is not None for cell in page[1]] == [True] * 9
    assert {page.column_dimensions[cell.column_letter].number_format for cell in page[1]} == {"@"}
    page.append(["school-5", "МБОУ «СОШ № 5»", "школа", "edu000005", "009305", None, "Посёлок", "01.09.2020", None])
    book.save(tmp_path / "data/raw/mytown/2026/Реестр.xlsx")
    book.close()
    [row] = register_rows(Paths(tmp_path, "mytown", 2026))
    assert (row.org_id, row.name, row.org_type, row.valid_from) == (
        "school-5",
        "МБОУ «СОШ № 5»",
        "школа",
        "2020-09-01",
    )


def test_the_reminder_names_every_source_of_a_russian_municipality(tmp_path: Path) -> None:
    at(tmp_path, "init")
    told = (tmp_path / REMINDER).read_text(encoding="utf-8-sig")
    directions = read_yaml(Paths(tmp_path, "", 0).config("directions.yml"))["directions"]
    sources = [source for one in directions for source in one["sources"] if source.get("country", "RU") == "RU"]
    assert len(sources) > 15
    assert [source["title"] for source in sources if source["title"] not in told] == []
