"""A sheet of the collection form before it is drawn: geometry, machine row, lines, lists. Pure.

Row 1 and column A are hidden: the row names the table, the year and what each column is, the column what each line is.
Below stand title, a line of rules, the heading of three rows (title, hint, what to write) and the lines.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.ingest.layouts.form_rules import Check
from pipeline.ingest.workbook import Cell, Sheet

FORM, VERSION = "msoko-form", 1
HELP, LISTS = "help", "lists"
TITLE_ROW, RULES_ROW, HEAD_ROW, HINT_ROW, ASKED_ROW, FIRST_ROW = 1, 2, 4, 5, 6, 7  # from 0
MARK_COLUMN, FIRST_COLUMN = 0, 1
SHEET_NAME_LIMIT = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_MARK = re.compile(rf"{FORM} (?P<version>\d+) (?P<table>[a-z_]+)(?: (?P<year>\d{{4}}))?")


@dataclass(frozen=True)
class Mark:
    """What the hidden corner cell says; the first sheet and the lists name no year."""

    table: str
    year: int | None = None
    version: int = VERSION

    def __str__(self) -> str:
        return f"{FORM} {self.version} {self.table}" + (f" {self.year}" if self.year else "")


@dataclass(frozen=True)
class Column:
    """One visible column: machine id, the three rows of its heading, width in characters, format of its cells."""

    id: str
    title: str
    hint: str
    asked: str
    width: int
    style: str = "number"


@dataclass(frozen=True)
class Line:
    """One row to fill: hidden key, cells, which of them may be written (None: the cell does not apply)."""

    key: str
    cells: tuple[Cell, ...]
    open: tuple[bool | None, ...]


@dataclass(frozen=True)
class Choice:
    """Cells of a column with a drop-down list; `strict`: nothing else may be typed."""

    column: int
    rows: tuple[int, ...]
    list: str
    strict: bool = True


@dataclass(frozen=True)
class Page:
    """One sheet. `frozen` columns stay in sight, `ruled` lines have borders from the start."""

    name: str
    mark: Mark
    title: str
    rules: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    frozen: int = 1
    ruled: int = 0
    checks: tuple[Check, ...] = ()
    choices: tuple[Choice, ...] = ()
    colour: str = ""

    @property
    def machine_row(self) -> list[Cell]:
        return [str(self.mark), *(column.id for column in self.columns)]


@dataclass(frozen=True)
class Lists:
    """Drop-down lists by name, each a column of the hidden sheet; some columns stand beside another (codes)."""

    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def area(self, name: str) -> str:
        """The cells of a list, for a formula."""
        place = list(self.columns).index(name)
        letters = letter(place)
        return f"'{LISTS_NAME}'!${letters}$3:${letters}${2 + max(1, len(self.columns[name]))}"


LISTS_NAME = "Списки"


def letter(column: int) -> str:
    """Column 0 is A."""
    from pipeline.ingest.workbook import address

    return address(0, column).rstrip("1")


def mark_of(sheet: Sheet) -> tuple[Mark, int] | None:
    """The mark of a sheet and its row: in column A, at the very top unless somebody put rows above."""
    for row in range(min(5, len(sheet.rows))):
        found = _MARK.fullmatch(str(sheet.cell(row, MARK_COLUMN) or "").strip())
        if found:
            year = int(found["year"]) if found["year"] else None
            return Mark(found["table"], year, int(found["version"])), row
    return None


def sheet_name(number: int, title: str) -> str:
    """«3. Повышение квалификации»: cut at a word, no words left hanging, none of the signs Excel refuses."""
    words = _NOT_IN_NAMES.sub(" ", f"{number}. {title}").split()
    while len(" ".join(words)) > SHEET_NAME_LIMIT or (len(words) > 2 and len(words[-1]) < 3):
        words.pop()
    return " ".join(words)


def school_year(year: int) -> str:
    """2026 → «2025/26 учебный год»."""
    return f"{year - 1}/{year % 100:02} учебный год"


def fitting_width(title: str, hint: str) -> int:
    """Width in characters at which a heading reads well."""
    longest = max((len(word) for word in title.split()), default=0)
    return min(28, max(13, longest + 3, math.ceil(len(title) / 3.5), math.ceil(len(hint) / 7)))


def line_count(words: str, width: float) -> int:
    """How many lines a text takes when words are wrapped at `width` characters."""
    lines, used = 1, 0
    for word in words.split():
        if used and used + 1 + len(word) > width:
            lines, used = lines + 1, len(word)
        else:
            used += len(word) + (1 if used else 0)
    return lines


def heading_height(columns: Iterable[Column], part: str, points: float) -> float:
    """Height of a heading row in points: `part` is title, hint or asked, set in `points`."""
    per_character = 10.5 / points
    lines = [line_count(getattr(column, part), column.width * per_character - 1) for column in columns]
    return max(lines, default=1) * points * 1.32 + 5


__all__ = ["FIRST_ROW", "Choice", "Column", "Line", "Lists", "Mark", "Page", "mark_of", "school_year", "sheet_name"]
