"""The PDF: stamps and numbers on the pages, bookmarks, language, tags, the same bytes twice; foreign notebooks."""

from __future__ import annotations

import base64
import io
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pypdf import PdfReader

from pipeline.errors import ExportError
from pipeline.export import pdf
from pipeline.export.content import alone
from pipeline.export.join import join
from pipeline.export.report import export_report
from tests.export import sample
from tests.export.sample import BOOK, executed


@pytest.fixture(scope="module")
def paper() -> bytes:
    return pdf.compile_pdf(join(executed(), BOOK))


@pytest.fixture(scope="module")
def reader(paper: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(paper))


@pytest.fixture(scope="module")
def pages(reader: PdfReader) -> list[str]:
    return [page.extract_text().replace("\u00a0", " ") for page in reader.pages]


def test_the_same_report_gives_the_same_bytes(paper: bytes) -> None:
    assert pdf.compile_pdf(join(executed(), BOOK)) == paper


def test_every_page_is_stamped(pages: list[str]) -> None:
    assert 10 <= len(pages) <= 16
    for words in pages:
        assert "Внутренняя редакция. Не для размещения на сайте" in words
        assert "Синтетические данные" in words


def test_pages_are_a4_and_only_wide_tables_lie_across(reader: PdfReader, pages: list[str]) -> None:
    sizes = [(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages]
    assert set(sizes) == {(595, 842), (842, 595)}
    assert [words.count("МБОУ") > 5 for words in pages] == [size == (842, 595) for size in sizes]


def test_captions_chart_labels_and_tricky_text_can_be_found(pages: list[str]) -> None:
    words = " ".join(" ".join(pages).split())
    for wanted in (
        "Таблица 1.2 — Доля",
        "Рисунок 1.1 — Отметок",
        "Таблица П.1",
        "Обществознание",
        "# $ * _ \\ < > @ [ ] { }",
        "за 2026 год",
        "Не заполнены за отсутствием данных",
    ):
        assert wanted in words


def test_front_matter_points_to_pages(pages: list[str]) -> None:
    page = next(number for number, words in enumerate(pages, 1) if "Рисунок 1.1 —" in words)
    assert f"рисунок 1.1, с. {page}" in " ".join(pages[2].split())


def test_head_of_a_long_table_is_repeated(pages: list[str]) -> None:
    assert sum("Распознан как" in words for words in pages) == 2


def test_document_has_language_title_tags_bookmarks_and_descriptions(reader: PdfReader) -> None:
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "ru"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == BOOK.title
    assert str(reader.metadata.creation_date)[:10] == "2026-12-31"
    titles = [entry.title.replace("\u00a0", " ") for entry in reader.outline if not isinstance(entry, list)]
    assert "1  Достижение обучающимися планируемых результатов" in titles


def test_it_is_made_to_the_accessible_and_archival_standards(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    compile_once = pdf._compile
    monkeypatch.setattr(pdf, "_compile", lambda *given: asked.append(given[2]) or compile_once(*given))
    pdf.compile_pdf(alone(sample.objectivity(), "блокнот"))
    assert asked == [("a-2a", "ua-1")]


def _png() -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00\x00\xff" * 2)
    return base64.b64encode(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    ).decode()


def foreign() -> NotebookNode:
    """A notebook that knows nothing of us: everything an analyst may have in it."""
    table = (
        '<div><style scoped>x</style><table border="1" class="dataframe">'
        "<thead><tr><th></th><th>альфа</th></tr></thead>"
        "<tbody><tr><th>0</th><td>0.345584</td></tr></tbody></table><p>1 rows × 1 columns</p></div>"
    )
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="40pt"><text x="1" y="20">Подпись</text></svg>'
    shown = [
        new_output("stream", name="stderr", text="Предупреждение #1 [x] $y$\n"),
        new_output("display_data", data={"text/html": table, "text/plain": "df"}),
        new_output("display_data", data={"image/png": _png()}),
        new_output("display_data", data={"image/svg+xml": svg}),
        new_output("display_data", data={"text/html": "<h3>Шапка</h3><p>Абзац <b>жирный</b></p><script>x</script>"}),
        new_output("display_data", data={"text/latex": "$\\displaystyle x^2$"}),
    ]
    return new_notebook(
        cells=[
            new_markdown_cell("# Чужой блокнот #1 @ $"),
            new_markdown_cell(
                "Формула $\\frac{a}{b}$, знаки \\# \\$ \\* \\_ < @ [ ] и `#let x = 1`.\n\n"
                "| а | б |\n|---|---|\n| 1 | 2 |\n\n"
                "![вложение](attachment:a.png) ![из сети](https://example.org/x.png)\n\n### Глубже",
                attachments={"a.png": {"image/png": _png()}},
            ),
            new_code_cell("1/0", outputs=shown, execution_count=1),
        ]
    )


def test_any_notebook_is_exported_by_nbconvert_itself(tmp_path: Path) -> None:
    source = tmp_path / "чужой блокнот.ipynb"
    nbformat.write(foreign(), source)
    jupyter = shutil.which("jupyter", path=str(Path(sys.executable).parent)) or "jupyter"
    subprocess.run(
        [jupyter, "nbconvert", "--to", "msoko-pdf", source.name],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    words = " ".join(page.extract_text() for page in PdfReader(source.with_suffix(".pdf")).pages)
    for wanted in (
        "Чужой блокнот #1 @ $",
        "#let x = 1",
        "альфа",
        "0.345584",
        "Предупреждение #1 [x] $y$",
        "Абзац жирный",
    ):
        assert wanted in " ".join(words.split())
    assert "1/0" not in words


def test_a_notebook_of_ours_alone_is_stamped() -> None:
    words = PdfReader(io.BytesIO(pdf.compile_pdf(alone(sample.quality(), "x")))).pages[0].extract_text()
    assert "Внутренняя редакция" in words
    assert "Таблица\u00a01" in words or "Таблица 1" in words


def test_what_typst_refuses_is_told_without_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf.shutil, "copy", lambda _, target: target.write_text('#image("нет.png")', encoding="utf-8"))
    with pytest.raises(ExportError, match="Typst не приняла отчёт") as caught:
        pdf.compile_pdf(alone(sample.quality(), "x"))
    assert "/" not in caught.value.what


def test_the_report_is_two_files(tmp_path: Path) -> None:
    sample.write(tmp_path / "executed")
    export_report(tmp_path / "executed", BOOK, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.html", "report.pdf"]
