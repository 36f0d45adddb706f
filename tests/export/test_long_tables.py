"""A long table on paper: its beginning in the chapter, all of it at the end, every row once there."""

from __future__ import annotations

import io
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pypdf import PdfReader

from pipeline.export.content import alone
from pipeline.export.long_tables import LONG, SHOWN
from pipeline.export.pdf import compile_pdf
from pipeline.presentation.blocks import BLOCK_MIME, Cell, Head, TableBlock, text


def paper(rows: int) -> str:
    """Words of a document with one table of so many schools."""
    cells = tuple((Cell(f"Школа-{number:03d}"), Cell(f"{number} %")) for number in range(rows))
    heads = (Head("Организация"), Head("Доля", align="right"))
    block = TableBlock("schools", "Школы", heads, cells, source=text("протоколы"), data="data/schools.csv")
    output = new_output("display_data", data={BLOCK_MIME: block.payload()})
    notebook = new_notebook(cells=[new_markdown_cell("# Глава\n\n## Раздел"), new_code_cell("", outputs=[output])])
    found = PdfReader(io.BytesIO(compile_pdf(alone(notebook, "x"), Path()))).pages
    return " ".join(" ".join(page.extract_text() for page in found).split())


def test_a_table_of_two_pages_stays_where_it_is() -> None:
    words = paper(LONG)
    assert [words.count(f"Школа-{number:03d}") for number in range(LONG)] == [1] * LONG
    assert "Таблицы полностью" not in words


def test_a_longer_one_is_whole_in_the_appendix_and_the_chapter_says_where() -> None:
    rows = LONG + 21
    words = paper(rows)
    here, _, appendix = words.rpartition("Таблицы полностью")
    assert [appendix.count(f"Школа-{number:03d}") for number in range(rows)] == [1] * rows
    assert [here.count(f"Школа-{number:03d}") for number in range(rows)] == [1] * SHOWN + [0] * (rows - SHOWN)
    assert f"Здесь первые {SHOWN} строк, ещё {rows - SHOWN} строк — в приложении" in here
    assert "Школы (полностью)" in appendix
