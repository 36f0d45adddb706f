"""The report on paper: every page drawn and read by poppler, as a reader turns it over."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.browser.conftest import lacking
from tests.browser.paper import TOP, Mark, Paper, PaperPage

pytestmark = pytest.mark.pages

SLACK = 1.0  # mm that a letter may hang over the margin
EMPTY = 0.45  # share of white under the text that makes a page look half empty
UNDER = 8.0  # mm of something under a heading on its page: two lines
NOTES = ("Источник", "Как посчитано", "Обозначения", "Здесь первые")
# A decimal point before a unit; words that only an unfinished translation or a slip of the code would leave.
POINT = re.compile(r"(?<![\d.])\d+\.\d+\s?(%|п\.\s?п\.|балл)")
ENGLISH = re.compile(
    r"\b(the|of|and|not|none|nan|null|true|false|error|table|figure|page|chapter|index|unknown)\b", re.I
)


@pytest.fixture(scope="session")
def paper(run_folder: Path) -> Paper:
    """report.pdf of the run as it is seen."""
    if shutil.which("pdftotext") is None or shutil.which("pdftoppm") is None:
        lacking("программ poppler-utils")
    return Paper(run_folder / "report.pdf")


def test_no_letter_stands_outside_the_margins(paper: Paper) -> None:
    outside = []
    for page in paper.pages:
        left, right = page.margins
        outside += [
            (page.number, word.text)
            for word in page.words
            if word.left < left - SLACK or word.right > right + SLACK or word.bottom > page.height - 8
        ]
    assert outside == []


def test_no_page_is_half_empty(paper: Paper) -> None:
    """Apart from the title page, the contents, pages that lie across, the last page, and a page before one of these."""
    half = {page.number: f"{page.white:.0%}" for page in paper.pages[2:-1] if page.white > EMPTY and not page.across}
    excused = {page.number - 1 for page in paper.pages if page.across}
    assert {number: share for number, share in half.items() if number not in excused} == {}


def test_pages_are_filled_on_the_whole(paper: Paper) -> None:
    shares = [page.white for page in paper.pages[2:-1]]
    assert sum(shares) / len(shares) < 0.15


def test_no_heading_stands_alone_at_the_foot_of_a_page(paper: Paper) -> None:
    """Less than two lines under it is alone, unless they are all it has: the next page begins with a heading."""
    pages = {page.number: page for page in paper.pages}
    alone = [mark for mark in paper.marks if pages[mark.page].end < _bottom(mark, pages[mark.page]) + UNDER]
    opening = {mark.page for mark in paper.marks if mark.top < TOP + 15}
    assert [mark for mark in alone if mark.page + 1 not in opening] == []


def _bottom(mark: Mark, page: PaperPage) -> float:
    """Where the lines of a heading end."""
    waiting, bottom = mark.title.split(), mark.top
    for word in sorted(page.body, key=lambda one: (round(one.top), one.left)):
        if waiting and word.top > mark.top - 3 and word.text == waiting[0]:
            waiting, bottom = waiting[1:], word.bottom
    return bottom


def test_notes_stay_with_what_they_explain(paper: Paper) -> None:
    lost = [(page.number, page.first_line) for page in paper.pages if page.first_line.startswith(NOTES)]
    assert lost == []


def test_captions_stay_with_their_tables_and_figures(paper: Paper) -> None:
    """A caption is never the last thing on a page: something at least two lines high follows it."""
    cut = []
    for page in paper.pages[2:]:
        words = page.body
        for word, number, dash, first in zip(words, words[1:], words[2:], words[3:], strict=False):
            told = (word.text in ("Таблица", "Рисунок"), dash.text, first.text[:1].isupper())
            if told == (True, "—", True) and page.end < number.bottom + UNDER:
                cut.append((page.number, number.text))
    assert cut == []


def test_contents_and_bookmarks_lead_to_headings(paper: Paper) -> None:
    tops = [mark for mark in paper.marks if mark.level == 0]
    assert len(tops) > 10
    for mark in tops:
        found = [word for word in paper.pages[mark.page - 1].body if word.top > mark.top - 3]
        line = " ".join(word.text for word in found[:12])
        assert mark.title.split()[0] in line
        assert mark.top >= TOP - 5


def test_numbers_and_words_are_russian(paper: Paper) -> None:
    points, words = [], []
    for page in paper.pages:
        text = " ".join(word.text for word in page.words)
        points += [(page.number, found.group()) for found in POINT.finditer(text)]
        words += [(page.number, found.group()) for found in ENGLISH.finditer(text)]
    assert points == []
    assert words == []
