"""The register of organisations before anybody has filled it in: headings with hints, a list, cells that keep codes."""

from __future__ import annotations

from pathlib import Path

from pipeline.ingest.layouts.declared_register import HEADINGS
from pipeline.ingest.layouts.writing import save_book

SHEET = "Реестр"
ROOM = 500  # rows with the list of kinds
KINDS = "школа,детский сад,дополнительное образование,управление образования"
# Column of HEADINGS → what stands in its hint, and its width in characters.
HINTS = {
    "org_id": (
        "Обязательно. Придумайте один раз и не меняйте: строчные латинские буквы, цифры, дефис. Например: school-5.",
        18,
    ),
    "name": ("Обязательно. Как печатать в отчёте. Например: МБОУ «СОШ № 5».", 46),
    "org_type": ("Выберите из списка. По виду решается, какие листы формы сбора нужны организации.", 26),
    "fisoko": ("Логин в ФИС ОКО: edu и цифры. По нему узнаются выгрузки ВПР.", 16),
    "rcoi": ("Код организации в протоколах ОГЭ и ЕГЭ.", 14),
    "okpo": ("Если он есть в ваших файлах; иначе оставьте пустым.", 14),
    "settlement": ("Город, посёлок, село.", 22),
    "valid_from": ("Дата, с которой действует код: 01.09.2020. Не знаете — оставьте пустым.", 14),
    "valid_to": ("Дата закрытия или объединения. Организация работает — оставьте пустым.", 14),
}


def write_blank_register(path: Path) -> None:
    """Write the register without rows, with the headings that config/layouts/register.yml declares."""
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    page = book.active
    page.title = SHEET
    for place, (field, heading) in enumerate(HEADINGS.items(), start=1):
        hint, width = HINTS[field]
        cell = page.cell(1, place, heading)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        cell.comment = Comment(hint, "msoko", height=90, width=260)
        column = page.column_dimensions[cell.column_letter]
        column.width = width
        column.number_format = "@"  # a code stays as typed: no lost zeros, no dates
        if field == "org_type":
            kinds = DataValidation(type="list", formula1=f'"{KINDS}"', showErrorMessage=False)
            kinds.add(f"{cell.column_letter}2:{cell.column_letter}{ROOM}")
            page.add_data_validation(kinds)
    page.freeze_panes = "A2"
    save_book(path, book)
