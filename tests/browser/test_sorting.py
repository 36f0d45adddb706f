"""Tables are put in order by what their cells mean, by click and by keyboard, and come back as they were."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pipeline.export.html import MsokoHtmlExporter
from pipeline.presentation.blocks import BLOCK_MIME, Cell, Head, TableBlock
from tests.browser.conftest import Opener

pytestmark = pytest.mark.browser

# A column each: what is printed, in ascending order as a reader would put it; what has no value stands last.
COLUMNS = {
    "Доля": ("0 %", "9,8 %", "12,4 % (9,8–15,6)", "3 из 17", "3 из 4", "100 %", "…"),
    "Изменение": ("−10,2 п. п.", "−9,5 п. п.", "−0,1 п. п.", "0,0 п. п.", "+0,1 п. п.", "+12,0 п. п.", "•"),
    "Участники": ("5", "17", "123", "1 204", "12 044", "120 440", "—"),
    "Срок": ("31.12.2024", "01.02.2025", "15.01.2026", "02.02.2026", "10.02.2026", "01.03.2026", "—"),
    "Школа": ("Ёлочка", "Лицей", "Школа № 1", "Школа № 2", "Школа № 10", "Ясли № 3", "Ясли № 12"),
}
SHUFFLED = (3, 0, 6, 5, 1, 4, 2)
TONES = ("better", "worse", "", "ok", "warning", "critical", "same")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with one table whose rows are shuffled; the signs of the tones stand before numbers."""
    rows = [tuple(Cell(words[i], tone=TONES[i]) for words in COLUMNS.values()) for i in SHUFFLED]
    block = TableBlock("t", "Всё, что упорядочивают", tuple(Head(name) for name in COLUMNS), tuple(rows))
    output = new_output("display_data", data={BLOCK_MIME: block.payload()})
    notebook = new_notebook(cells=[new_markdown_cell("# Таблица"), new_code_cell("", outputs=[output])])
    text, _ = MsokoHtmlExporter().from_notebook_node(notebook)
    path = tmp_path_factory.mktemp("sorting") / "table.html"
    path.write_text(text, encoding="utf-8")
    return path


def _expected(name: str) -> list[str]:
    return [word.replace(" ", "") for word in COLUMNS[name]]


@pytest.mark.parametrize(("column", "name"), list(enumerate(COLUMNS)))
def test_by_click_up_down_and_back(opened: Opener, table: Path, column: int, name: str) -> None:
    with opened(table) as page:
        shown = "column => [...document.querySelectorAll('tbody tr')].map(row => row.cells[column].innerText)"
        before = page.evaluate(shown, column)
        head = page.locator("thead th").nth(column)
        head.locator("button").click()
        up = page.evaluate(shown, column)
        assert head.get_attribute("aria-sort") == "ascending"
        head.locator("button").click()
        down = page.evaluate(shown, column)
        assert head.get_attribute("aria-sort") == "descending"
        head.locator("button").click()
        assert page.evaluate(shown, column) == before
        assert head.get_attribute("aria-sort") is None
    expected = _expected(name)
    missing = [word for word in expected if word in ("…", "•", "—")]
    present = [word for word in expected if word not in missing]
    assert _told(up) == present + missing
    assert _told(down) == present[::-1] + missing


def _told(cells: list[str]) -> list[str]:
    """Texts of cells without signs of tones and spaces."""
    return [re.sub(r"^[▲▼!‼✓=]\s*\([а-я ]+\)|\s", "", words) for words in cells]


def test_by_keyboard(opened: Opener, table: Path) -> None:
    with opened(table) as page:
        first, second = (page.locator("thead th").nth(i) for i in (0, 1))
        first.locator("button").focus()
        page.keyboard.press("Enter")
        assert first.get_attribute("aria-sort") == "ascending"
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        assert first.get_attribute("aria-sort") is None
        assert second.get_attribute("aria-sort") == "ascending"


def test_tables_of_the_report_can_be_put_in_order(opened: Opener, report: Path) -> None:
    with opened(report) as page:
        long = page.evaluate("""[...document.querySelectorAll('main .ms-table table')]
            .filter(table => table.tBodies[0].rows.length > 2 && !table.querySelector('[colspan],[rowspan]'))
            .filter(table => table.tHead.rows[0].cells.length !== table.querySelectorAll('thead button')
            .length)
            .length""")
        assert long == 0
        head = page.locator("main .ms-table thead th:has(button)").first
        rows = head.locator("xpath=ancestor::table//tbody/tr")
        before = sorted(rows.all_inner_texts())
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == "ascending"
        assert sorted(rows.all_inner_texts()) == before
