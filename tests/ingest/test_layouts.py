"""The registry of readers: apart from each other, cheap, never raising, and all remarks well formed."""

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.layouts import LAYOUTS
from pipeline.ingest.layouts.remarks import KINDS
from pipeline.ingest.workbook import Sheet, Workbook, open_workbook

WORDS = [
    *("Группы участников", "Кол-во участников", "Кол-во ОО", "2", "3", "4", "5", "%", "Понизили", "Код участника"),
    *("ОО", "Первичный балл", "Вариант", "1 (2б)", "Код ОО", "Класс", "Фамилия", "Оценка", "Год", "Логин", "4 РУ"),
    *("Количество маркеров", "Код", "Итого баллов", "12 - Химия 2026.07.03", "ВПР 2026 Химия 8 класс"),
]
CELLS = st.one_of(
    st.none(), st.sampled_from(WORDS), st.integers(), st.floats(), st.booleans(), st.text(max_size=5), st.dates()
)


def test_ids_are_unique() -> None:
    assert len({layout.id for layout in LAYOUTS}) == len({layout.title for layout in LAYOUTS}) == len(LAYOUTS) == 6


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=8).map(tuple), max_size=8).map(tuple))
def test_recognising_never_raises(rows: tuple[tuple[object, ...], ...]) -> None:
    book = Workbook("a.xlsx", (Sheet("Лист", rows), Sheet("Пусто", ())))  # type: ignore[arg-type]
    assert {layout.recognises(book) for layout in LAYOUTS} <= {True, False}


def test_remarks_are_whole_sentences() -> None:
    for code, kind in KINDS.items():
        assert kind.severity in {"critical", "warning", "info"}, code
        assert kind.message[0].isupper() and kind.message.endswith("."), code
        assert not kind.advice or kind.advice.endswith("."), code
        fields = {name for _, name, _, _ in string.Formatter().parse(kind.message) if name}
        assert fields <= {
            "count",
            "cells",
            "subject",
            "group",
            "pupils",
            "declared",
            "rows",
            "year",
            "titles",
            "table",
        }, code


@pytest.mark.real
def test_each_real_file_has_at_most_one_reader(real: Path) -> None:
    found = {
        path.name: [layout.id for layout in LAYOUTS if layout.recognises(open_workbook(path))]
        for path in sorted(real.rglob("*.[cx][sl]*"))
    }
    assert {name: ids for name, ids in found.items() if ids} == {
        "F1_individual_RU4_2026.xlsx": ["fisoko_individual"],
        "F3_mark_statistics_RU4_2026.xlsx": ["fisoko_marks"],
        "bias.xlsx": ["marked_schools"],
        "mark_vs_journal_MA4_2024.xlsx": ["fisoko_journal"],
        "oge_protocol_multi_block_anonymised.xls": ["rcoi_protocol"],
        "result_collection_form_EN8_2026_blank.xlsx": ["fisoko_form"],
    }
