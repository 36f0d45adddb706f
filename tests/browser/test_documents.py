"""Every kind of document, opened from disk: nothing fails or scrolls sideways, axe-core finds no serious fault."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

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
GRAVE = """async (options) => (await axe.run(document, {resultTypes: ['violations'], ...options})).violations
  .filter(fault => ['serious', 'critical'].includes(fault.impact))
  .map(fault => fault.id + ': ' + fault.nodes.slice(0, 3).map(n => n.target + ' ' + n.failureSummary).join(' | '))"""
# axe-core is slow on a long report: insides of charts, which it cannot judge, go; later of parts made alike two stay.
BARE = "document.querySelectorAll('svg').forEach(chart => chart.replaceChildren())"
THIN = """() => { const seen = new Map();
  for (const part of document.querySelectorAll('main tbody tr, main > p, main > figure, main > div, main > dl, li')) {
    const inside = [...part.querySelectorAll('*')].map(one => one.tagName + one.className + (one.dataset.align ?? ''));
    const kind = part.tagName + part.className + [...new Set(inside)].sort().join();
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    if (seen.get(kind) > 2) { part.remove(); } } }"""
COLOURS = {"runOnly": ["color-contrast"]}
NO_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}


@pytest.fixture(scope="session")
def axe() -> Path:
    """axe-core as shipped by its Python package."""
    package = pytest.importorskip("axe_playwright_python", reason="нет пакета axe-playwright-python (extra browser)")
    script = Path(package.__file__).parent / "axe.min.js"
    if not script.is_file():
        lacking("файла axe.min.js")
    return script


def grave(page: Page, **options: Any) -> list[str]:
    """Serious and critical faults that axe-core finds on the page as it stands."""
    found: list[str] = page.evaluate(GRAVE, options)
    return found


def test_a_document_is_in_russian_in_order_and_leads_to_files_that_are_there(
    opened: Opener, documents: list[Path]
) -> None:
    for path in documents:
        with opened(path) as page:
            assert page.locator("html").get_attribute("lang") == "ru"
            assert page.title()
            levels = page.evaluate(HEADINGS)
            assert levels[0] == 1
            assert levels.count(1) == 1
            assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
            assert page.evaluate(UNNAMED) == []
            links = page.evaluate("[...document.querySelectorAll('a[href]')].map(link => link.getAttribute('href'))")
        outer = {link.partition("#")[0] for link in links} - {""}
        assert [
            link for link in outer if re.match(r"[a-z]+:", link) or not (path.parent / unquote(link)).exists()
        ] == []


def test_nothing_scrolls_sideways(opened: Opener, documents: list[Path]) -> None:
    for path in documents:
        with opened(path) as page:
            page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
            for width in (1280, 360, 320):
                page.set_viewport_size({"width": width, "height": 800})
                wide = page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
                assert (path.name, wide, page.evaluate(TOO_WIDE)) == (path.name, width, [])


def test_axe_finds_no_serious_fault(opened: Opener, documents: list[Path], axe: Path) -> None:
    for path in documents:
        with opened(path) as page:
            page.add_script_tag(path=axe)
            page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
            page.evaluate(BARE)
            assert grave(page, **NO_COLOURS) == []
            page.evaluate(THIN)
            assert grave(page, **COLOURS) == []
            page.set_viewport_size({"width": 360, "height": 800})
            assert grave(page) == []
            page.emulate_media(media="print")
            assert page.locator(".ms-bar").is_hidden()
            assert grave(page, **COLOURS) == []
