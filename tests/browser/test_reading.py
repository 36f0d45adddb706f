"""The ways about a report: contents, search, keyboard, what is folded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Opener

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TOP = "anchor => document.getElementById(anchor).getBoundingClientRect().top"
FOCUS = "(document.activeElement?.id || '') + ' ' + (document.activeElement?.className || '')"
RING = "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth"


def _current(page: Page) -> str | None:
    page.wait_for_timeout(60)  # the mark follows a frame after scrolling
    return page.locator(".ms-nav a[aria-current=location]").get_attribute("href")


def test_an_entry_of_the_contents_leads_to_its_section_and_is_marked(opened: Opener, report: Path) -> None:
    with opened(report) as page:
        entries = page.locator(".ms-nav > details > ol > li > a")
        assert entries.count() > 5
        for index in (0, entries.count() // 2, entries.count() - 2):
            anchor = entries.nth(index).get_attribute("href")
            assert anchor is not None
            entries.nth(index).click()
            assert -1 <= page.evaluate(TOP, anchor[1:]) < 140
            assert _current(page) == anchor
            box = page.locator(f'.ms-nav a[href="{anchor}"]').bounding_box()
            assert box is not None
            assert 0 <= box["y"] <= 800


def test_scrolling_moves_the_mark(opened: Opener, report: Path) -> None:
    with opened(report) as page:
        before = _current(page)
        page.mouse.move(800, 400)
        page.mouse.wheel(0, 12_000)
        assert _current(page) != before


def test_contents_fold_away_on_a_phone(opened: Opener, report: Path) -> None:
    with opened(report, width=360) as page:
        contents = page.locator(".ms-nav details")
        assert contents.get_attribute("open") is None
        contents.locator("summary").first.click()
        entry = page.locator(".ms-nav > details > ol > li > a").nth(4)
        anchor = entry.get_attribute("href")
        assert anchor is not None
        entry.click()
        assert contents.get_attribute("open") is None
        assert -1 <= page.evaluate(TOP, anchor[1:]) < 140


def test_the_keyboard_reaches_the_text_first(opened: Opener, report: Path) -> None:
    with opened(report) as page:
        page.keyboard.press("Tab")
        assert "ms-skip" in page.evaluate(FOCUS)
        assert page.locator(".ms-skip").bounding_box()["y"] >= 0  # type: ignore[index]
        assert page.evaluate(RING) == "solid3px"
        page.keyboard.press("Enter")
        assert page.evaluate(FOCUS).startswith("main")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")
        assert page.evaluate(RING) == "solid3px"


def test_a_table_that_scrolls_is_reached_from_the_keyboard(opened: Opener, report: Path) -> None:
    with opened(report, width=360) as page:
        hidden = page.evaluate("""[...document.querySelectorAll('.ms-scroll')]
            .filter(region => region.scrollWidth > region.clientWidth + 1)
            .filter(region => region.tabIndex !== 0 || !region.ariaLabel).length""")
        assert hidden == 0
        region = page.locator(".ms-scroll[tabindex='0']").first
        region.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_how_a_number_was_made_unfolds(opened: Opener, report: Path) -> None:
    with opened(report) as page:
        folded = page.locator(".ms-how").first
        words = folded.locator("p").first
        assert not words.is_visible()
        folded.locator("summary").click()
        assert words.is_visible()
        folded.locator("summary").press("Enter")
        assert not words.is_visible()


def test_search_goes_from_hit_to_hit_and_opens_what_is_folded(opened: Opener, report: Path) -> None:
    with opened(report) as page:
        field, told = page.locator("#ms-query"), page.locator("#ms-found")
        field.fill("показател")
        field.press("Enter")
        counted = re.fullmatch(r"1 из (\d+)", told.inner_text())
        assert counted is not None
        total = int(counted.group(1))
        assert total == page.locator("main mark").count() > 5
        page.locator("#ms-previous").click()
        assert told.inner_text() == f"{total} из {total}"
        box = page.locator("mark.ms-here").bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= 800
        field.fill("такого слова в отчёте нет")
        field.press("Enter")
        assert told.inner_text() == "Не найдено"
        field.press("Escape")
        assert page.locator("mark").count() == 0
