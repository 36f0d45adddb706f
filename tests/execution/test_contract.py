"""What a notebook may be: each breach is named with its cell; parameters are refused before anything starts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import NotebookError, UsageError
from pipeline.execution import contract
from pipeline.execution.plan import Notebook
from tests.execution.notebooks import DECLARED, PARAMETERS, book, chapter, code, markdown, write

LAWFUL = "import pandas as pd\nimport seaborn as sns\nfrom pipeline import notebook as nb\nnb.show(pd, sns)"


def breaches(tmp_path: Path, content: dict[str, Any]) -> list[tuple[int, str]]:
    path = write(tmp_path, Notebook("00", "a"), content)
    return [(violation.cell, violation.remark) for violation in contract.violations(path)]


def with_code(text: str) -> dict[str, Any]:
    return chapter(text)


def with_prose(text: str) -> dict[str, Any]:
    content = chapter("x = 1")
    content["cells"].append(markdown(text, "prose"))
    return content


def with_parameters(text: str) -> dict[str, Any]:
    return book(markdown("# Глава"), code(text, "parameters", "parameters"))


def with_cell(**changes: Any) -> dict[str, Any]:
    content = chapter("x = 1")
    content["cells"][2] |= changes
    return content


def without_cell(index: int) -> dict[str, Any]:
    content = chapter("x = 1")
    del content["cells"][index]
    return content


@pytest.mark.parametrize(
    "text",
    [
        LAWFUL,
        "import pipeline.notebook as nb",
        "table = nb.table('results').assign(share=lambda rows: rows.a / rows.b)\nif len(table): nb.show(table)",
        "\n".join(f"a{i} = {i}" for i in range(12)),
    ],
)
def test_lawful_code_passes(tmp_path, text) -> None:
    assert breaches(tmp_path, with_code(text)) == []


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("def f(): pass", "def"),
        ("async def f(): pass", "def"),
        ("class A: pass", "class"),
        ("for i in []: pass", "цикл for"),
        ("while False: pass", "цикл while"),
        ("x = [i for i in y]", "цикл внутри"),
        ("x = {i: i for i in y}", "цикл внутри"),
        ("x = sum(i for i in y)", "цикл внутри"),
        ("try:\n    x = 1\nexcept ValueError: pass", "try"),
        ("with open('x') as f: pass", "open()"),
        ("x = open('a').read()", "open()"),
        ("x = eval('1')", "eval()"),
        ("exit()", "exit()"),
        ("x = pd.read_csv('a.csv')", ".read_csv()"),
        ("x.to_parquet('a')", ".to_parquet()"),
        ("figure.savefig('a.png')", ".savefig()"),
        ("import os", "«os»"),
        ("import numpy as np", "«numpy»"),
        ("from pathlib import Path", "«pathlib»"),
        ("from pipeline import paths", "«pipeline»"),
        ("from pandas import *", "«pandas»"),
        ("import pipeline.notebook", "под именем nb"),
        ("from pipeline import notebook", "под именем nb"),
        ("%matplotlib inline", "не разбирается"),
        ("!ls", "не разбирается"),
        ("\n".join(f"a{i} = {i}" for i in range(13)), "строк 13"),
    ],
)
def test_unlawful_code_is_named_with_its_cell(tmp_path, text, remark) -> None:
    found = breaches(tmp_path, with_code(text))
    assert len(found) == 1
    assert found[0][0] == 3
    assert remark in found[0][1]


@pytest.mark.parametrize(
    ("content", "cell", "remark"),
    [
        (book(), 0, "заголовком первого уровня"),
        (without_cell(0), 0, "заголовком первого уровня"),
        (book(markdown("# А\n\n# Б"), code(DECLARED, "p", "parameters")), 0, "заголовком первого уровня"),
        (book(markdown("## А"), code(DECLARED, "p", "parameters")), 0, "заголовком первого уровня"),
        (with_prose("# Второй"), 0, "только в первой ячейке"),
        (without_cell(1), 0, "найдено 0"),
        (book(*chapter()["cells"], code("x = 1", "more", "parameters")), 0, "найдено 2"),
        (chapter(*["x = 1"] * 15), 0, "ячеек кода 16"),
        (with_cell(id="parameters"), 0, "повторяются"),
        (with_cell(id=""), 3, "идентификатора"),
        (with_cell(outputs=[{"output_type": "stream", "name": "stdout", "text": "1"}]), 3, "результаты"),
        (with_cell(execution_count=7), 3, "результаты"),
        (with_cell(cell_type="raw"), 3, "«raw»"),
        (with_cell(metadata={"tags": ["raises-exception"]}), 3, "raises-exception"),
        (with_cell(metadata={"tags": ["skip-execution"]}), 3, "skip-execution"),
        (with_parameters("year = 2020 + 6"), 2, "строка 1"),
        (with_parameters("a = b = 1"), 2, "строка 1"),
        (with_parameters("a = 1\nprint(a)"), 2, "строка 2"),
        (with_parameters("a = (1, 2)"), 2, "строка 1"),
    ],
)
def test_unlawful_structure(tmp_path, content, cell, remark) -> None:
    found = [breach for breach in breaches(tmp_path, content) if remark in breach[1]]
    assert [breach[0] for breach in found] == [cell]


@pytest.mark.parametrize(
    "text",
    [
        "Приказ № 662 от 29.12.2012, закон 273-ФЗ, письмо № 08-1234.",
        "Указ от 7 мая 2024 года; годы 2018–2023; учебный год 2025/26.",
        "Показатель К7.1 и формула $x_1 + 2$, код `n >= 10`.",
        '[Сайт](https://example.org/2/3) и <span class="w40">слово</span>',
        "1. первое\n2. второе",
        "```\nx = 5\n```",
    ],
)
def test_digits_that_are_not_results_may_be_typed(tmp_path, text) -> None:
    assert breaches(tmp_path, with_prose(text)) == []


@pytest.mark.parametrize(
    ("text", "number"), [("Доля 13,57 %.", "13,57"), ("В 4 классе", "4"), ("## 3 школы", "3"), ("в 1899 году", "1899")]
)
def test_typed_results_are_refused(tmp_path, text, number) -> None:
    assert [(cell, f"«{number}»" in remark) for cell, remark in breaches(tmp_path, with_prose(text))] == [(4, True)]


def test_check_lists_all_notebooks_in_one_russian_error(tmp_path) -> None:
    bad = write(tmp_path, Notebook("01", "b"), with_code("import os"))
    worse = write(tmp_path, Notebook("02", "c"), with_code("for i in []: pass"))
    good = write(tmp_path, Notebook("00", "a"), chapter(LAWFUL))
    contract.check([good])
    with pytest.raises(NotebookError) as caught:
        contract.check([good, bad, worse])
    message = str(caught.value)
    assert "Замечаний: 2" in message
    assert "«01_b.ipynb», ячейка 3 (id «c1»): импорт «os»" in message
    assert "«02_c.ipynb», ячейка 3 (id «c1»)" in message
    assert str(tmp_path) not in message


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"nbformat": 4, "nbformat_minor": 4, "cells": []}', '{"nbformat"'])
def test_a_file_that_is_no_notebook(tmp_path, text) -> None:
    path = tmp_path / "00_a.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NotebookError, match="00_a.ipynb"):
        contract.violations(path)


def test_parameters_and_title_are_read_from_the_file(tmp_path) -> None:
    path = write(tmp_path, Notebook("00", "a"), chapter(title="Качество данных"))
    assert contract.parameters_of(path) == PARAMETERS
    assert contract.title_of(path) == "Качество данных"
    contract.check_parameters(path, PARAMETERS)


def test_a_misspelt_parameter_is_refused_with_a_hint(tmp_path) -> None:
    path = write(tmp_path, Notebook("00", "a"), chapter())
    with pytest.raises(UsageError, match="Возможно, вы имели в виду report_year"):
        contract.check_parameters(path, {"report_yaer": 2026})
    with pytest.raises(UsageError, match="в ней объявлены: report_year, territory"):
        contract.check_parameters(path, {"xyz": 1})


@pytest.mark.parametrize(
    ("default", "value", "accepted"),
    [
        ("2026", 2025, True),
        ("2026", "2025", False),
        ("2026", True, False),
        ("0.5", 1, True),
        ("True", 1, False),
        ('"a"', dt.date(2026, 1, 1), False),
        ("None", "a", True),
        ("None", (1, 2), False),
        ("None", Path("a"), False),
        ("[1]", [2, 3], True),
    ],
)
def test_a_parameter_of_another_type_is_refused(tmp_path, default, value, accepted) -> None:
    path = write(tmp_path, Notebook("00", "a"), with_parameters(f"given = {default}"))
    if accepted:
        contract.check_parameters(path, {"given": value})
        return
    with pytest.raises(UsageError, match="given"):
        contract.check_parameters(path, {"given": value})
