"""Tables inside the margins: the widths always add up to the page, whatever the table."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.export.fit import LANDSCAPE, PORTRAIT, SIZES, breakable, fit, hyphenated
from tests.export.sample import indicators, wide_table

WORDS = st.text(alphabet="абвгд 0123456789,–", min_size=0, max_size=60)
TABLES = st.integers(1, 30).flatmap(
    lambda n: st.tuples(
        st.lists(WORDS, min_size=n, max_size=n), st.lists(st.lists(WORDS, min_size=n, max_size=n), max_size=6)
    )
)


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_no_table_is_wider_than_its_page(table: tuple[list[str], list[list[str]]]) -> None:
    titles, texts = table
    heads = [{"title": breakable(title), "align": "left", "width": 1.0} for title in titles]
    rows = [[{"text": breakable(text), "tone": ""} for text in row] for row in texts]
    layout = fit(heads, rows)
    total = LANDSCAPE if layout.landscape else PORTRAIT
    assert layout.size in SIZES
    assert sorted({i for part in layout.parts for i in part}) == list(range(len(titles)))
    for part in layout.parts:
        assert sum(layout.widths[i] for i in part) <= total + 0.01


def test_a_small_table_stays_upright_in_the_largest_type() -> None:
    payload = indicators().payload()
    layout = fit(payload["heads"], payload["rows"])
    assert not layout.landscape
    assert sum(layout.widths) == pytest.approx(PORTRAIT)
    assert len(layout.parts) == 1


def test_a_wide_table_turns_the_page() -> None:
    payload = wide_table().payload()
    layout = fit(payload["heads"], payload["rows"], wide=True)
    assert layout.landscape
    assert sum(layout.widths) == pytest.approx(LANDSCAPE)


def test_forty_columns_are_split_with_the_first_repeated() -> None:
    heads = [{"title": f"столбец {i}", "align": "left", "width": 1.0} for i in range(40)]
    layout = fit(heads, [[{"text": "0,123456"} for _ in heads]])
    assert len(layout.parts) > 1
    assert all(part[0] == 0 for part in layout.parts)


def test_a_file_name_and_a_hash_may_be_broken_but_a_date_may_not() -> None:
    assert "\u200b" in breakable("vpr_statistics_2026_municipality_final.xlsx")
    assert "\u200b" in breakable("a" * 64)
    assert breakable("31.12.2026 (9,8–15,6)") == "31.12.2026 (9,8–15,6)"
    assert breakable("a" * 64).replace("\u200b", "") == "a" * 64


def test_words_are_hyphenated_only_where_one_does_not_fit() -> None:
    assert hyphenated("Зона", ["общеобразовательная"], 20.0, 9.0)
    assert not hyphenated("Зона", ["ниже региона"], 20.0, 9.0)


def test_width_goes_where_rows_become_lower() -> None:
    """A column of sentences is not kept narrow by a column that once has a long word group."""
    heads = [{"title": title, "align": "left", "width": 1.0} for title in ("Показатель", "Сравнение", "Вывод")]
    usual = [
        {"text": "Доля «2» в ВПР: математика"},
        {"text": "…"},
        {"text": "не изменился с учётом погрешности измерений"},
    ]
    rare = [{"text": "Доля"}, {"text": "регион 12,9 %; РФ 11,8 %; прошлый год 10,4 %; норма 5 %"}, {"text": "хуже"}]
    layout = fit(heads, [usual] * 20 + [rare])
    assert layout.widths[2] > layout.widths[1]
    assert sum(layout.widths) == pytest.approx(PORTRAIT)
