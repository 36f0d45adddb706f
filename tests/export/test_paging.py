"""Pages are filled: charts change within their bounds, pages that lie across break none off. Sums by hand, in mm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.export.paging import SMALLEST, Layout, Spot, fill, white, widths

CHART = {"kind": "figureblock", "width": 150.0, "ratio": 0.6, "drawn": 160.0}  # 90 mm high
TEXT = {"kind": "paragraphs"}


def spots(*places: tuple[int, int, float, float]) -> list[Spot]:
    """Items that stand whole on a page: (place in the document, page, top, end)."""
    return [Spot(at, edge, page, y) for at, page, *ends in places for edge, y in zip(("top", "end"), ends, strict=True)]


def in_order(items: Sequence[object]) -> Layout:
    return Layout(tuple(range(len(items))), {})


def test_two_charts_that_nearly_fit_a_page_are_made_smaller_alike() -> None:
    items = [CHART, CHART]
    seen = spots((0, 1, 20, 150), (1, 2, 20, 150))
    # 130 + 6 between + 130 + 2.5 to spare = 268.5 of 257: 11.5 too many, shared by two charts
    assert widths(items, in_order(items), seen) == pytest.approx(dict.fromkeys((0, 1), 150 - 11.5 / 2 / 0.6), abs=0.02)


def test_a_chart_keeps_letters_that_can_be_read_and_the_page_before_it_is_filled_instead() -> None:
    items = [CHART, CHART]
    seen = spots((0, 1, 20, 160), (1, 2, 20, 220))
    # 140 + 6 + 200 cannot be brought to 257: 180 of charts shrink by 2 × (150 − 0.72 × 160) × 0.6 = 41.8 at most
    assert 2 * (150 - SMALLEST * 160) * 0.6 < 140 + 6 + 200 - 257
    assert widths(items, in_order(items), seen) == {0: 160.0}


def test_a_page_with_hardly_any_white_is_left_alone() -> None:
    items = [CHART, CHART]
    seen = spots((0, 1, 20, 260), (1, 2, 20, 150))
    assert widths(items, in_order(items), seen) == {}


def test_what_is_won_on_one_page_is_counted_on_the_next() -> None:
    items = [CHART, CHART, TEXT, CHART]
    seen = spots((0, 1, 20, 150), (1, 2, 20, 150), (2, 2, 156, 270), (3, 3, 20, 170))
    found = widths(items, in_order(items), seen)
    # both charts go on page 1; on page 2 stand the text, 114, and the last chart with 6 before it and 2.5 to spare
    assert found[0] == found[1] < 150
    assert found[3] == pytest.approx(150 - (114 + 6 + 150 + 2.5 - 257) / 0.6, abs=0.02)


def test_white_is_counted_by_squares_without_the_last_page() -> None:
    assert white(spots((0, 1, 20, 148.5), (1, 2, 20, 277), (2, 3, 20, 30))) == pytest.approx(0.25)


def _looking(places: list[Spot]) -> Any:
    return lambda layout: [spot for spot in places if spot.at in layout.order]


def test_a_page_that_lies_across_goes_where_a_page_ends_anyway() -> None:
    across = {"kind": "landscape", "floats": True, "since": 0}
    items = [{"kind": "elsewhere"}, TEXT, TEXT, TEXT, across, TEXT]
    places = spots((1, 1, 20, 250), (2, 2, 20, 100), (3, 2, 106, 140), (5, 2, 150, 200))
    assert fill(items, _looking(places)).order == (0, 1, 4, 2, 3, 5)


def test_without_such_a_place_it_breaks_off_the_fullest_page() -> None:
    across = {"kind": "landscape", "floats": True, "since": 0}
    items = [{"kind": "elsewhere"}, TEXT, TEXT, across, TEXT]
    places = spots((1, 1, 20, 100), (2, 1, 106, 240), (4, 1, 250, 270))
    assert fill(items, _looking(places)).order == (0, 1, 2, 3, 4)


def test_a_try_that_is_no_better_is_thrown_away() -> None:
    items = [CHART, CHART]
    assert fill(items, _looking(spots((0, 1, 20, 150), (1, 2, 20, 150)))) == in_order(items)


def test_a_table_whose_notes_begin_a_page_takes_rows_along() -> None:
    table = {"kind": "tableblock"}
    cut = [*spots((0, 1, 20, 270)), Spot(0, "rows", 1, 265.0)]
    over = [Spot(1, "top", 2, 20.0), Spot(1, "rows", 2, 276.0), Spot(1, "end", 3, 30.0)]
    above = [Spot(2, "top", 3, 40.0), Spot(2, "rows", 4, 20.0), Spot(2, "end", 4, 30.0)]
    assert fill([table] * 3, _looking([*cut, *over, *above])).kept == {1, 2}


def test_a_document_without_charts_is_set_once() -> None:
    items = [TEXT, TEXT]

    def never(layout: Layout) -> list[Spot]:
        raise AssertionError(layout)

    assert fill(items, never) == in_order(items)
