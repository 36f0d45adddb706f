"""Joining: order, numbers, references, folding, nothing volatile."""

from __future__ import annotations

import re

import nbformat
import pytest
from nbformat import NotebookNode

from pipeline.errors import ExportError
from pipeline.export.book import Book, Chapter
from pipeline.export.join import join
from pipeline.presentation.blocks import BLOCK_MIME, Paragraphs, Run, Strip, TableBlock, text
from tests.export.sample import BOOK, empty, executed, indicators, md, notebook, shown


@pytest.fixture(scope="module")
def report() -> NotebookNode:
    return join(executed(), BOOK)


def headings(report: NotebookNode) -> list[str]:
    return [cell.source for cell in report.cells if cell.metadata.msoko.kind == "heading"]


def blocks(report: NotebookNode) -> list[dict[str, object]]:
    return [
        output.data[BLOCK_MIME]
        for cell in report.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if BLOCK_MIME in output.data
    ]


def book(*codes: str, **more: object) -> Book:
    chapters = tuple(Chapter(code=code, title=f"Глава {code}") for code in codes)
    return Book.model_validate({"title": "Отчёт", "report_date": "2026-12-31", "chapters": chapters, **more})


def test_front_matter_chapters_in_the_order_of_the_book_back_matter(report: NotebookNode) -> None:
    assert [line for line in headings(report) if not line.startswith("### ")] == [
        "# Отчёт о состоянии системы образования",
        "## Главное за год",
        "## Как читать этот отчёт",
        "## 1 Достижение обучающимися планируемых результатов",
        "## 2 Объективность процедур оценки качества образования",
        "## 3 Выявление, поддержка и развитие способностей и талантов",
        "## 4 Самоопределение и профессиональная ориентация",
        "## 5 Качество исходных данных",
        "## Методы",
        "## Паспорт отчёта",
    ]


def test_sections_are_numbered_as_printed(report: NotebookNode) -> None:
    first = [line for line in headings(report) if line.startswith("### 1.")]
    assert first == ["### 1.1 Главное", "### 1.2 Показатели", "### 1.3 Мониторинг", "### 1.4 Анализ"]


def test_tables_and_figures_are_numbered_by_chapter(report: NotebookNode) -> None:
    numbers = {block["id"]: block["number"] for block in blocks(report) if block.get("number")}
    assert numbers == {
        "results-indicators": "Таблица\u00a01.1",
        "results-marks": "Рисунок\u00a01.1",
        "results-dots": "Рисунок\u00a01.2",
        "results-schools": "Таблица\u00a01.2",
        "objectivity-agreement": "Рисунок\u00a02.1",
        "obj-table": "Таблица\u00a02.1",
        "talent-sources": "Таблица\u00a03.1",
        "career-sources": "Таблица\u00a04.1",
        "quality-files": "Таблица\u00a05.1",
        "methods-table": "Таблица\u00a0П.1",
    }


def test_references_are_written_out_in_their_case(report: NotebookNode) -> None:
    runs = [run["text"] for run in _runs(blocks(report)) if run["ref"]]
    assert "рисунок\u00a01.1" in runs  # an empty text
    assert "рисунке\u00a01.1" in runs  # «на рисунке»
    assert "58,0\u202f% (таблица\u00a01.1)" in runs  # a bound number
    assert "раздел\u00a02" in runs


def _runs(node: object) -> list[dict[str, str]]:
    if isinstance(node, dict):
        own = [node] if {"text", "ref"} <= node.keys() else []
        return own + [run for child in node.values() for run in _runs(child)]
    return [run for child in node for run in _runs(child)] if isinstance(node, list) else []


def test_empty_sections_are_named_in_one_sentence(report: NotebookNode) -> None:
    notes = ["".join(run["text"] for run in _runs(b)) for b in blocks(report) if b.get("role") == "note"]
    assert notes[0] == (
        "Не заполнены за отсутствием данных: «Цели», «Адресные рекомендации», «Меры и мероприятия», "
        "«Управленческие решения», «Анализ эффективности принятых мер». "
        "Цели направления не внесены в профиль территории."
    )
    assert not any(block.get("role") == "empty" for block in blocks(report))


def test_one_empty_section_is_named_in_the_singular() -> None:
    cells = (
        md("# А"),
        md("## Главное"),
        shown(Paragraphs((text("Есть."),), "lead")),
        md("## Цели"),
        shown(empty("Нет.")),
    )
    made = join({"01_a": notebook(*cells)}, book("01_a"))
    words = "".join(run["text"] for run in _runs(blocks(made)))
    assert words == "Есть.Не заполнен за отсутствием данных раздел «Цели». Нет."


def test_a_chapter_without_data_is_a_paragraph_and_its_table(report: NotebookNode) -> None:
    start = next(i for i, cell in enumerate(report.cells) if "3 Выявление" in cell.source)
    chapter = report.cells[start : start + 4]
    assert chapter[0].metadata.msoko.compact is True
    kinds = [cell.outputs[0].data[BLOCK_MIME]["kind"] for cell in chapter[1:3]]
    assert kinds == ["paragraphs", "tableblock"]
    assert "4 Самоопределение" in chapter[3].source


def test_nothing_volatile_is_left(report: NotebookNode) -> None:
    stored = nbformat.writes(report)
    assert not re.search(r'papermill|"execution_count": \d|iopub|/home/user|show\(chapter\)|territory = ', stored)
    assert stored == nbformat.writes(join(executed(), BOOK))
    nbformat.validate(report)
    assert Book.model_validate(report.metadata.msoko) == BOOK


def test_parts_stand_above_their_chapters() -> None:
    chapters = (Chapter(code="01_a", title="А", part="Часть I"), Chapter(code="b", title="Б", part="Часть I"))
    made = join({"01_a": _plain("a"), "02_b": _plain("b")}, book(chapters=chapters))
    assert headings(made) == ["# Отчёт", "## Часть I", "### 1 А", "#### 1.1 Главное", "### 2 Б", "#### 2.1 Главное"]


def _plain(name: str) -> NotebookNode:
    return notebook(md(f"# {name}"), md("## Главное"), shown(Paragraphs((text("Есть."),), "lead")))


def test_a_repeated_id_is_refused() -> None:
    twice = {"01_a": notebook(md("# А"), shown(indicators("x"))), "02_b": notebook(md("# Б"), shown(indicators("x")))}
    with pytest.raises(ExportError, match="«x» стоит у двух разных"):
        join(twice, book("01_a", "02_b"))


def test_a_reference_to_nothing_is_refused() -> None:
    lost = notebook(md("# А"), shown(Paragraphs((text(Run("", ref="nowhere")),))))
    with pytest.raises(ExportError, match="«nowhere» никуда не ведёт"):
        join({"01_a": lost}, book("01_a"))


def test_a_reference_to_an_unprinted_chapter_loses_its_link() -> None:
    first = notebook(md("# А"), shown(Paragraphs((text(Run("таблица", ref="x")),))))
    second = notebook(md("# Б"), shown(indicators("x")))
    chapters = (Chapter(code="01_a", title="А"), Chapter(code="02_b", title="Б", printed=False))
    made = join({"01_a": first, "02_b": second}, book(chapters=chapters))
    assert blocks(made)[0]["items"][0][0] == {"text": "таблица", "key": "", "ref": "", "strong": False}  # type: ignore[index]


def test_a_missing_notebook_is_named() -> None:
    with pytest.raises(ExportError, match="Для раздела «07_teachers» нет исполненного блокнота"):
        join({"01_a": _plain("a")}, book("01_a", "07_teachers"))


def test_a_notebook_may_be_printed_inside_the_chapter_of_another() -> None:
    chapter = Chapter(code="01_a", title="А", also=("02_b",))
    made = join({"01_a": _plain("a"), "02_b": _plain("b")}, book(chapters=(chapter,)))
    assert headings(made) == ["# Отчёт", "## 1 А", "### 1.1 Главное", "### 1.2 b", "#### Главное"]


def test_hashes_inside_code_are_no_headings_and_levels_never_jump() -> None:
    source = "#### Глубоко\n\n```\n# не заголовок\n```"
    made = join({"01_a": notebook(md("# А"), md(source), shown(Strip(())))}, book("01_a"))
    assert headings(made) == ["# Отчёт", "## 1 Глава 01_a", "### Глубоко"]


def test_a_small_chapter_asks_for_no_page_of_its_own() -> None:
    table = TableBlock("t", "Источники", (), ())
    made = join(
        {"01_a": notebook(md("# А"), md("## Цели"), shown(Paragraphs((text("Цель."),), "list")), shown(table))},
        book("01_a"),
    )
    assert made.cells[1].metadata.msoko.compact is True
