"""Every kind of document, opened from disk: nothing fails or scrolls sideways, axe-core finds no serious fault."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import Opener, lacking

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HEADINGS = "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))"
UNNAMED = """[...document.querySelectorAll('table')].filter(table => table.getClientRects().length)
  .filter(table => !table.caption?.textContent.trim() && !table.ariaLabel
    || [...table.querySelectorAll('th')].some(head => !head.scope)).map(table => table.outerHTML.slice(0, 200))"""
TOO_WIDE = """[...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
  .filter(one => !one.closest('.ms-scroll, .ms-plain, .ms-foreign, .ms-skip'))
  .slice(0, 3).map(one => one.outerHTML.slice(0, 200))"""
GRAVE = """async (options) => (await axe.run(document, options)).violations
  .filter(fault => ['serious', 'critical'].includes(fault.impact))
  .map(fault => fault.id + ': ' + fault.nodes.slice(0, 3).map(n => n.target + ' ' + n.failureSummary).join(' | '))"""


@pytest.fixture(scope="session")
def axe() -> Path:
    """axe-core as shipped by its Python package."""
    package = pytest.importorskip("axe_playwright_python", reason="нет пакета axe-playwright-python (extra browser)")
    script = Path(package.__file__).parent / "axe.min.js"
    if not script.is_file():
        lacking("файла axe.min.js")
    return script


def grave(page: Page, axe: Path, **options: Any) -> list[str]:
    """Serious and critical faults that axe-core finds on the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=axe)
    found: list[str] = page.evaluate(GRAVE, {"resultTypes": ["violations"], **options})
    return found


def test_a_document_opens_from_disk_in_russian_and_in_order(opened: Opener, documents: list[Path]) -> None:
    for path in documents:
        with opened(path) as page:
            assert page.locator("html").get_attribute("lang") == "ru"
            assert page.title()
            levels = page.evaluate(HEADINGS)
            assert levels[0] == 1
            assert levels.count(1) == 1
            assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
            assert page.evaluate(UNNAMED) == []


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_scrolls_sideways(opened: Opener, documents: list[Path], width: int) -> None:
    for path in documents:
        with opened(path, width=width) as page:
            page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
            wide = page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
            assert (path.name, wide, page.evaluate(TOO_WIDE)) == (path.name, width, [])


def test_axe_finds_no_serious_fault(opened: Opener, documents: list[Path], axe: Path) -> None:
    for path in documents:
        with opened(path, width=360) as page:
            page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
            assert grave(page, axe, rules={"color-contrast": {"enabled": False}}) == []
            page.set_viewport_size({"width": 1280, "height": 800})
            assert grave(page, axe) == []  # colours are slow to look at and the same at every width


def test_axe_finds_no_serious_fault_in_print(opened: Opener, report: Path, axe: Path) -> None:
    with opened(report) as page:
        page.emulate_media(media="print")
        assert not page.locator(".ms-nav").is_visible()
        assert grave(page, axe, runOnly=["color-contrast"]) == []
