"""The municipal collection form: one .xlsx with a sheet for every clean table that no export fills.

The same object writes the form for a year and a register of organisations and reads it back filled. A sheet is known
by its hidden corner cell, never by its name or the name of the file, so sheets may be sent one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError, Place, YearConflictError
from pipeline.ingest.layouts import form_item_page as item_page
from pipeline.ingest.layouts import form_register_page as register_page
from pipeline.ingest.layouts.declared_register import RegisterRow
from pipeline.ingest.layouts.form_cells import Answer
from pipeline.ingest.layouts.form_cover import cover_page
from pipeline.ingest.layouts.form_drawing import save_form
from pipeline.ingest.layouts.form_item_answers import read_items
from pipeline.ingest.layouts.form_item_page import Key
from pipeline.ingest.layouts.form_model import Form, load_form
from pipeline.ingest.layouts.form_page import HELP, LISTS, VERSION, Lists, Mark, Page, mark_of, sheet_name
from pipeline.ingest.layouts.form_register_page import Record
from pipeline.ingest.layouts.form_register_rows import read_register_sheet
from pipeline.ingest.layouts.form_roll import Roll, roll_in, roll_of
from pipeline.ingest.layouts.remarks import remark
from pipeline.ingest.layouts.sheets import Part, assemble
from pipeline.ingest.reading import Door, Reading
from pipeline.ingest.workbook import Sheet, Workbook
from pipeline.paths import Paths

Answers = Mapping[str, Mapping[Key, Answer]]
Records = Mapping[str, Sequence[Record]]


@dataclass(frozen=True)
class MunicipalForm:
    """Reader and writer of the form that `form` declares."""

    form: Form
    id: str = "municipal_form"
    title: str = "Муниципальная форма сбора"

    # ---- writing

    def write(
        self,
        path: Path,
        year: int,
        organisations: Iterable[RegisterRow],
        answers: Answers | None = None,
        records: Records | None = None,
        lists: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Write the form of a school year for the organisations of a register.

        `answers` (item table → whose → answer) and `records` (register → rows of clean values by column) fill it in,
        `lists` are dictionaries that the form itself does not know: code → title of indicators.
        """
        roll = roll_of(organisations, self.form.words, year)
        self._save(path, year, roll, answers or {}, records or {}, lists or {}, spare=True)

    def write_one(self, path: Path, year: int, organisation: RegisterRow) -> None:
        """Write the form of a single organisation: only the sheets that it fills, with its own rows."""
        roll = roll_of([organisation], self.form.words, year)
        self._save(path, year, roll, {}, {}, {}, spare=False)

    def _save(
        self,
        path: Path,
        year: int,
        roll: Roll,
        answers: Answers,
        records: Records,
        lists: Mapping[str, Mapping[str, str]],
        *,
        spare: bool,
    ) -> None:
        form = self.form
        items = [table for table in form.items.values() if spare or roll.of_types(table.org_types)]
        registers = [sheet for sheet in form.registers.values() if spare or sheet.by_organisation]
        titles = [(t.table, t.title) for t in items] + [(s.table, s.title) for s in registers]
        names = {table: sheet_name(at, title) for at, (table, title) in enumerate(titles, start=1)}
        pages: list[Page] = [
            item_page.items_page(form, t, names[t.table], year, roll, answers.get(t.table, {}), spare=spare)
            for t in items
        ]
        pages += [
            register_page.register_page(form, s, names[s.table], year, roll, records.get(s.table, ()), lists)
            for s in registers
        ]
        cover = cover_page(
            year, [(names[t.table], t) for t in items], [(names[s.table], s) for s in registers], spare=spare
        )
        drop_down: dict[str, Sequence[str]] = {**roll.lists}
        for table in items:
            drop_down |= item_page.lists_of(table)
        for sheet in registers:
            drop_down |= register_page.lists_of(form, sheet, lists)
        save_form(path, cover, pages, Lists(drop_down))

    # ---- reading

    def recognises(self, book: Workbook) -> bool:
        return any(mark_of(sheet) is not None for sheet in book.sheets)

    def read(self, book: Workbook, door: Door) -> Reading:
        """Every sheet that carries a mark. InputError for a form of another version, YearConflictError for a sheet
        of another year than its folder."""
        marked = [(sheet, *found) for sheet in book.sheets if (found := mark_of(sheet)) is not None]
        auxiliary = [sheet.name for sheet, mark, _ in marked if mark.table in (HELP, LISTS)]
        sheets = [(sheet, mark, row) for sheet, mark, row in marked if mark.table not in (HELP, LISTS)]
        for sheet, mark, _ in sheets:
            _check_mark(mark, Place(book.name, sheet.name), door.folder_year)
        roll = roll_in(book)
        parts = [self._part(sheet, mark, row, roll, book.name) for sheet, mark, row in sheets]
        return assemble(self.id, self.title, book, parts, auxiliary)

    def _part(self, sheet: Sheet, mark: Mark, row: int, roll: Roll, file: str) -> Part:
        if mark.table in self.form.items:
            return read_items(self.form.items[mark.table], sheet, mark, row, roll, file)
        if mark.table in self.form.registers:
            return read_register_sheet(self.form, self.form.registers[mark.table], sheet, mark, row, roll, file)
        unknown = remark("form_table_unknown", Place(file, sheet.name), table=mark.table)
        return Part(sheet.name, {}, (), 0, (unknown,))


def municipal_form(paths: Paths) -> MunicipalForm:
    """The form of config/items and config/forms (the workspace's own files overlay the shipped ones)."""
    return MunicipalForm(load_form(paths))


def _check_mark(mark: Mark, place: Place, folder_year: int | None) -> None:
    if mark.version != VERSION or mark.year is None:
        raise InputError(
            "Форма сбора сделана другой версией программы: её листы не читаются.",
            place=place,
            advice="сделайте новую форму (msoko templates) и перенесите в неё ответы.",
        )
    if folder_year is not None and mark.year != folder_year:
        raise YearConflictError(
            f"Лист формы — за {mark.year} год, а файл лежит в папке {folder_year} года.",
            place=place,
            advice=f"переложите файл в папку {mark.year} или заполните форму {folder_year} года (msoko templates).",
        )


__all__ = ["MunicipalForm", "municipal_form"]
