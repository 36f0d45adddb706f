"""The HTML report: one offline file, headings in order, unique ids, links that lead somewhere."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from pipeline.export.html import MsokoHtmlExporter
from pipeline.export.join import join
from tests.export.sample import BOOK, TRICKY, executed


@pytest.fixture(scope="module")
def html() -> str:
    text, _ = MsokoHtmlExporter().from_notebook_node(join(executed(), BOOK))
    return str(text)


@pytest.fixture(scope="module")
def page(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def test_nothing_is_fetched(html: str, page: BeautifulSoup) -> None:
    assert set(re.findall(r"https?://[^\"'<> ]+", html)) <= {"http://www.w3.org/1998/Math/MathML"}
    for tag in page.find_all(src=True):
        assert str(tag["src"]).startswith("data:")
    assert [str(tag["href"]) for tag in page.find_all("link")] == ["data:,"]
    assert "@import" not in html


def test_it_weighs_a_few_megabytes_at_most(html: str) -> None:
    assert len(html.encode()) < 3_000_000


def test_language_title_and_one_first_heading(page: BeautifulSoup) -> None:
    assert page.html is not None
    assert page.html["lang"] == "ru"
    assert page.title is not None
    assert page.title.get_text() == "Отчёт о состоянии системы образования — Заречный муниципальный округ, 2026"
    assert len(page.find_all("h1")) == 1


def test_headings_never_jump_down_by_two(page: BeautifulSoup) -> None:
    levels = [int(tag.name[1]) for tag in page.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_ids_are_unique_and_every_inner_link_has_its_target(page: BeautifulSoup) -> None:
    ids = [str(tag["id"]) for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    inner = {str(tag["href"])[1:] for tag in page.find_all("a", href=re.compile("^#"))}
    assert inner <= set(ids)
    assert {"results-indicators", "results-marks", "c-02-objectivity"} <= inner


def test_the_stamps_stand_at_the_top_and_on_every_printed_page(html: str, page: BeautifulSoup) -> None:
    bar = page.select_one(".ms-stamps")
    assert bar is not None
    assert [tag.get_text() for tag in bar.find_all("span")] == list(BOOK.stamps)
    assert '@bottom-left { content: "Внутренняя редакция. Не для размещения на сайте. Синтетические данные"' in html


def test_tables_have_captions_and_scopes_and_pictures_descriptions(page: BeautifulSoup) -> None:
    tables = page.select(".ms-table table")
    assert tables
    for table in tables:
        assert table.caption is not None
        assert table.caption.get_text(strip=True)
    assert all(tag.get("scope") in ("col", "row") for tag in page.find_all("th"))
    assert all(tag.get("aria-label") and tag.get("role") == "img" for tag in page.find_all("svg"))


def test_contents_search_and_skip_link(page: BeautifulSoup) -> None:
    assert page.select_one("nav[aria-label='Содержание'] a[href='#c-01-results']") is not None
    assert page.select_one("form[role=search] input[type=search]") is not None
    first = page.body.find("a") if page.body else None
    assert first is not None
    assert first["href"] == "#main"


def test_data_come_back_whole_and_code_is_not_printed(page: BeautifulSoup) -> None:
    assert page.main is not None
    words = page.main.get_text()
    assert TRICKY in words
    assert "show(chapter)" not in words


def test_a_formula_needs_no_script(page: BeautifulSoup) -> None:
    assert page.find("math") is not None
