"""Drawing the pages of the collection form with openpyxl: styles, heading, locked and open cells, lists, checks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ingest.layouts.form_page import (
    ASKED_ROW,
    FIRST_COLUMN,
    FIRST_ROW,
    HEAD_ROW,
    HINT_ROW,
    LISTS,
    LISTS_NAME,
    RULES_ROW,
    TITLE_ROW,
    Column,
    Lists,
    Mark,
    Page,
    heading_height,
    letter,
    line_count,
)
from pipeline.ingest.layouts.form_rules import Check, areas
from pipeline.ingest.layouts.writing import save_book

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles import NamedStyle
    from openpyxl.worksheet.worksheet import Worksheet

FACE = "Arial"
INK, FAINT, HEAD, ASKED, GIVEN, CLOSED, LINE = "1F2A36", "5B6670", "D9E4EC", "EDF2F6", "F4F6F8", "D5D9DD", "AEB8C0"
WRONG_FILL, WRONG_INK = "FFC9C9", "8B0000"
A4, CHARACTERS_ACROSS = 9, 170
HEAD_POINTS, HINT_POINTS = 9, 8


def save_form(path: Path, cover: Page, pages: Sequence[Page], lists: Lists) -> None:
    """Write cover, pages and the hidden lists; the same form gives the same bytes."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for style in _styles():
        book.add_named_style(style)
    _draw_cover(book.create_sheet(cover.name), cover, pages)
    for page in pages:
        _draw(book.create_sheet(page.name), page, lists)
    _draw_lists(book, lists)
    save_book(path, book)


def _styles() -> Iterable[NamedStyle]:
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

    side = Side(style="thin", color=LINE)
    box, bare = Border(left=side, right=side, top=side, bottom=side), Border()
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    left = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)

    def style(
        name: str, font: Font, alignment: Alignment, border: Border, fill: str = "", form: str = "General"
    ) -> NamedStyle:
        paint = PatternFill("solid", fgColor=fill) if fill else PatternFill()
        locked = not name.startswith(("number", "words", "date"))
        made = NamedStyle(f"msoko {name}", font, paint, border, alignment, form)
        made.protection = Protection(locked=locked)
        return made

    plain = Font(name=FACE, size=10, color=INK)
    small = Font(name=FACE, size=HINT_POINTS, italic=True, color=FAINT)
    yield style("title", Font(name=FACE, size=14, bold=True, color=INK), Alignment(vertical="center"), bare)
    yield style("rules", Font(name=FACE, size=9, color=FAINT), Alignment(vertical="center"), bare)
    yield style("text", plain, Alignment(vertical="top", wrap_text=True), bare)
    yield style("head", Font(name=FACE, size=HEAD_POINTS, bold=True, color=INK), middle, box, HEAD)
    yield style("hint", small, Alignment(horizontal="center", vertical="top", wrap_text=True), box)
    yield style("asked", Font(name=FACE, size=HINT_POINTS, color=INK), middle, box, ASKED)
    yield style("given", plain, left, box, GIVEN)
    yield style("again", Font(name=FACE, size=10, color=FAINT), left, box, GIVEN)
    yield style("closed", plain, left, box, CLOSED)
    for name, alignment, form in (("number", middle, "General"), ("words", left, "@"), ("date", middle, "DD.MM.YYYY")):
        yield style(name, plain, alignment, box, form=form)
        yield style(f"{name} bare", plain, alignment, bare, form=form)


def _draw(sheet: Worksheet, page: Page, lists: Lists) -> None:
    _heading(sheet, page)
    _lines(sheet, page)
    for choice in page.choices:
        _drop_down(sheet, areas(choice.column, choice.rows), lists.area(choice.list), strict=choice.strict)
    for check in page.checks:
        _cell_check(sheet, check)
    _rule_when_filled(sheet, page)
    _paper(sheet, page)
    _protect(sheet)


def _rule_when_filled(sheet: Worksheet, page: Page) -> None:
    """Lines without borders get them once something stands in them, so that blank ones are not printed."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import Border, Side
    from openpyxl.styles.differential import DifferentialStyle

    if len(page.lines) <= page.ruled:
        return
    first, last = FIRST_ROW + page.ruled + 1, FIRST_ROW + len(page.lines)
    end = letter(FIRST_COLUMN + len(page.columns) - 1)
    side = Side(style="thin", color=LINE)
    box = DifferentialStyle(border=Border(left=side, right=side, top=side, bottom=side))
    rule = Rule(type="expression", dxf=box, formula=[f"COUNTA($B{first}:${end}{first})>0"])
    sheet.conditional_formatting.add(f"B{first}:{end}{last}", rule)


def _heading(sheet: Worksheet, page: Page) -> None:
    for place, cell in enumerate(page.machine_row, start=1):
        sheet.cell(1, place, cell)
    sheet.row_dimensions[1].hidden = True
    sheet.column_dimensions["A"].hidden = True
    _put(sheet, TITLE_ROW, FIRST_COLUMN, page.title, "title", height=24)
    _put(sheet, RULES_ROW, FIRST_COLUMN, page.rules, "rules", height=16)
    parts = (
        ("title", HEAD_ROW, "head", HEAD_POINTS),
        ("hint", HINT_ROW, "hint", HINT_POINTS),
        ("asked", ASKED_ROW, "asked", HINT_POINTS),
    )
    for part, row, style, points in parts:
        for place, column in enumerate(page.columns):
            _put(sheet, row, FIRST_COLUMN + place, getattr(column, part), style)
        sheet.row_dimensions[row + 1].height = heading_height(page.columns, part, points)
    for place, column in enumerate(page.columns):
        sheet.column_dimensions[letter(FIRST_COLUMN + place)].width = column.width


def _lines(sheet: Worksheet, page: Page) -> None:
    for number, line in enumerate(page.lines):
        row = FIRST_ROW + number
        bare = "" if number < page.ruled else " bare"
        if line.key:
            sheet.cell(row + 1, 1, line.key)
        repeats = number > 0 and line.cells[0] is not None and line.cells[0] == page.lines[number - 1].cells[0]
        for place, (column, cell, is_open) in enumerate(zip(page.columns, line.cells, line.open, strict=True)):
            locked = "again" if place == 0 and repeats else "given"
            style = "closed" if is_open is None else f"{column.style}{bare}" if is_open else locked
            _put(sheet, row, FIRST_COLUMN + place, cell, style)
        sheet.row_dimensions[row + 1].height = _line_height(page.columns, line.cells)


def _line_height(columns: Sequence[Column], cells: Sequence[object]) -> float:
    texts = [
        line_count(cell, column.width * 1.2 - 2)
        for column, cell in zip(columns, cells, strict=True)
        if isinstance(cell, str)
    ]
    return max(1, *texts, 1) * 13.2 + 4


def _put(sheet: Worksheet, row: int, column: int, value: object, style: str, height: float | None = None) -> None:
    cell = sheet.cell(row + 1, column + 1)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with «=» is a text
    cell.style = f"msoko {style}"
    if height is not None:
        sheet.row_dimensions[row + 1].height = height


def _drop_down(sheet: Worksheet, cells: Sequence[str], area: str, *, strict: bool) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation("list", formula1=area, allow_blank=True, showErrorMessage=strict, errorStyle="stop")
    rule.errorTitle, rule.error = "Выберите из списка", "Такого слова в списке нет. Нажмите стрелку у клетки."
    rule.sqref = " ".join(cells)
    sheet.add_data_validation(rule)


def _cell_check(sheet: Worksheet, check: Check) -> None:
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation("custom", formula1=check.formula, allow_blank=False, showErrorMessage=True, errorStyle="stop")
    rule.errorTitle, rule.error = check.title, check.message
    rule.sqref = check.area
    sheet.add_data_validation(rule)
    paint = PatternFill(bgColor=WRONG_FILL, fill_type="solid")
    sheet.conditional_formatting.add(
        check.area, FormulaRule(formula=[check.wrong], fill=paint, font=Font(color=WRONG_INK))
    )


def _paper(sheet: Worksheet, page: Page) -> None:
    """A4 landscape, heading and names repeated on every page, as many pages across as stay readable."""
    sheet.freeze_panes = f"{letter(FIRST_COLUMN + page.frozen)}{FIRST_ROW + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    width = sum(column.width for column in page.columns)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = max(1, math.ceil(width / CHARACTERS_ACROSS)), 0
    sheet.print_title_rows = f"{HEAD_ROW + 1}:{ASKED_ROW + 1}"
    sheet.print_title_cols = f"B:{letter(page.frozen)}"
    _margins(sheet)
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "Стр. &P из &N"
    if page.colour:
        sheet.sheet_properties.tabColor = page.colour


def _margins(sheet: Worksheet) -> None:
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.footer = 0.5, 0.75, 0.35


def _protect(sheet: Worksheet) -> None:
    """Heading and given cells are locked without a password; widths and heights may be changed."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _draw_cover(sheet: Worksheet, cover: Page, pages: Sequence[Page]) -> None:
    """The first sheet: rules in words, then the list of sheets with links."""
    sheet.cell(1, 1, str(cover.mark))
    sheet.row_dimensions[1].hidden = True
    sheet.column_dimensions["A"].hidden = True
    for place, column in enumerate(cover.columns):
        sheet.column_dimensions[letter(FIRST_COLUMN + place)].width = column.width
    _put(sheet, TITLE_ROW, FIRST_COLUMN, cover.title, "title", height=28)
    row = RULES_ROW
    across = sum(column.width for column in cover.columns)
    for words in cover.rules.splitlines():
        _put(sheet, row, FIRST_COLUMN, words, "text", height=line_count(words, across * 1.05) * 13.5 + 4)
        sheet.merge_cells(start_row=row + 1, end_row=row + 1, start_column=2, end_column=1 + len(cover.columns))
        row += 1
    row += 1
    for place, column in enumerate(cover.columns):
        _put(sheet, row, FIRST_COLUMN + place, column.title, "head", height=22)
    for line, page in zip(cover.lines, pages, strict=True):
        row += 1
        for place, cell in enumerate(line.cells):
            _put(sheet, row, FIRST_COLUMN + place, cell, "given")
        sheet.cell(row + 1, 2).hyperlink = f"#'{page.name}'!B{FIRST_ROW + 1}"
        sheet.row_dimensions[row + 1].height = _line_height(cover.columns, line.cells)
    _paper_of_cover(sheet)
    _protect(sheet)


def _paper_of_cover(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1
    sheet.sheet_view.showGridLines = False
    _margins(sheet)


def _draw_lists(book: Workbook, lists: Lists) -> None:
    sheet = book.create_sheet(LISTS_NAME)
    sheet.cell(1, 1, str(Mark(LISTS)))
    for place, (name, words) in enumerate(lists.columns.items(), start=1):
        sheet.cell(2, place, name)
        for row, word in enumerate(words, start=3):
            cell = sheet.cell(row, place, word)
            cell.data_type = "s"
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True


__all__ = ["save_form"]
