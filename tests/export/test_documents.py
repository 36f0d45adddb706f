"""Справки, cards and the page of a run: the same templates, small files, links that lead to what lies beside."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from pypdf import PdfReader

from pipeline.export.index import Link, Shelf, data_files, document, index, shelves_of_data
from pipeline.export.single import Part, Press, of_chapter, of_parts, small_book
from pipeline.presentation.blocks import Cell, Head, Paragraphs, TableBlock, text
from tests.export.sample import BOOK, TRICKY, executed

TITLE = "Аналитическая справка. Достижение обучающимися планируемых результатов"
ABOUT = small_book(BOOK, issued="Дата составления: 31.12.2026", subtitle=(BOOK.territory,))
TAIL = (Part("Паспорт документа", (Paragraphs((text("Отпечаток 01234567."),), role="note"),)),)
CARD = (
    Part("Коротко", (Paragraphs((text("Всё в порядке."),), role="lead"),)),
    Part(
        "Показатели",
        (TableBlock("t", "Показатели", (Head("Показатель"),), ((Cell(TRICKY),),), data="s1.csv"),),
    ),
)


@pytest.fixture(scope="module")
def notebooks() -> dict[str, NotebookNode]:
    return executed()


@pytest.fixture(scope="module")
def folder(notebooks: dict[str, NotebookNode], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder as `pipeline.documents` fills it: a note, a card, the page."""
    root = tmp_path_factory.mktemp("run")
    press = Press.ready()
    for name in ("notes", "cards", "data"):
        (root / name).mkdir()
    captions = {"data/01_доли.csv": "Доли по школам"} | data_files(notebooks)
    for path in captions:
        (root / path).write_text("", encoding="utf-8")
    note = of_chapter(notebooks, BOOK.chapters[0], ABOUT.model_copy(update={"title": TITLE}), TAIL)
    assert note is not None
    press.write(note, root / "notes" / "01_results")
    press.write(of_parts(CARD, ABOUT.model_copy(update={"title": "Школа № 1"})), root / "cards" / "s1")
    (root / "cards" / "s1.csv").write_text("", encoding="utf-8")
    (root / "report.html").write_text("", encoding="utf-8")
    (root / "report.pdf").write_bytes(b"")
    names = sorted(path.name for path in (root / "data").iterdir())
    shelves = [
        Shelf("Отчёт", (document("Отчёт", "report"),)),
        Shelf("Карточки", (document(TRICKY, "cards/s1"),), filter="Найти организацию"),
        Shelf("Данные", words="Точные значения."),
        *shelves_of_data(names, captions, {"01": "Результаты"}, "данные главы"),
    ]
    press.page_alone(index(shelves, ABOUT), root / "index.html")
    return root


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def pages(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.html") if path.name != "report.html")


def test_every_link_of_every_page_leads_to_a_file_beside_it(folder: Path) -> None:
    found = []
    for page in pages(folder):
        addresses = [unquote(str(tag["href"])) for tag in soup(page).find_all("a", href=re.compile("^[^#]"))]
        found += [(page.name, address) for address in addresses if not (page.parent / address).is_file()]
        assert addresses
    assert found == []


def test_pages_are_small_russian_stamped_and_fetch_nothing(folder: Path) -> None:
    for path in pages(folder):
        page, source = soup(path), path.read_text(encoding="utf-8")
        assert path.stat().st_size < 200_000
        assert page.html is not None
        assert page.html["lang"] == "ru"
        assert "Внутренняя редакция" in page.find(class_="ms-stamps").get_text()
        assert "Синтетические данные" in page.find(class_="ms-stamps").get_text()
        assert "url(" not in re.sub(r"url\(#", "", source)
        assert [str(tag["href"]) for tag in page.find_all("link")] == ["data:,"]
        levels = [int(tag.name[1]) for tag in page.find_all(re.compile("^h[1-6]$"))]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_a_note_is_the_chapter_under_a_title_of_its_own(folder: Path) -> None:
    page = soup(folder / "notes" / "01_results.html")
    heads = [tag.get_text() for tag in page.find_all("h2")]
    assert page.h1 is not None
    assert page.h1.get_text() == TITLE
    assert (heads[0], heads[-1]) == ("Главное", "Паспорт документа")
    assert [tag.get_text() for tag in page.select("caption .ms-number")][:2] == ["Таблица\u00a01", "Таблица\u00a02"]
    words = page.get_text(" ")
    assert "Дата составления: 31.12.2026" in words
    assert BOOK.territory in words


def test_a_chapter_that_only_lacks_gives_no_note(notebooks: dict[str, NotebookNode]) -> None:
    assert of_chapter(notebooks, BOOK.chapters[3], ABOUT, TAIL) is None


def test_papers_carry_stamps_on_each_page_and_their_title(folder: Path) -> None:
    for path, title in (("notes/01_results.pdf", TITLE), ("cards/s1.pdf", "Школа № 1")):
        reader = PdfReader(folder / path)
        assert reader.metadata is not None
        assert reader.metadata.title == title
        assert all("Внутренняя редакция" in page.extract_text() for page in reader.pages)
        assert "31.12.2026" in reader.pages[0].extract_text()


def test_the_same_material_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    press = Press.ready()
    (tmp_path / "другая папка").mkdir()
    again = tmp_path / "другая папка" / "s1"
    press.write(of_parts(CARD, ABOUT.model_copy(update={"title": "Школа № 1"})), again)
    for suffix in (".html", ".pdf"):
        assert again.with_suffix(suffix).read_bytes() == (folder / "cards" / f"s1{suffix}").read_bytes()


def test_the_page_of_a_run_names_files_with_what_is_in_them(folder: Path) -> None:
    page = soup(folder / "index.html")
    lines = [line.get_text() for line in page.select("ul.ms-files li")]
    assert lines[:2] == ["Отчёт PDF", f"{TRICKY} PDF"]
    assert page.find("a", attrs={"aria-label": "PDF: Отчёт"}) is not None
    assert page.select_one("ul[data-filter]")["data-filter"] == "Найти организацию"
    assert lines[-1] == "01_доли.csv — Доли по школам"


def test_what_is_in_a_data_file_is_the_caption_of_what_stands_on_it(notebooks: dict[str, NotebookNode]) -> None:
    assert data_files(notebooks)["data/results-marks.csv"] == (
        "Отметок «2» по математике больше, чем по русскому языку. "
        "ВПР, 5 класс, Заречный муниципальный округ, 2026 год, n = 1 214"
    )


def test_files_that_stand_under_no_table_are_named_too() -> None:
    shelves = shelves_of_data(
        ["01_a.csv", "02_b.csv"], {"data/01_a.csv": "Доли"}, {"01": "Первая", "02": "Вторая"}, "—"
    )
    assert [(one.title, one.links) for one in shelves] == [
        ("Первая", (Link("01_a.csv", "data/01_a.csv", about="Доли"),)),
        ("Вторая", (Link("02_b.csv", "data/02_b.csv", about="—"),)),
    ]
