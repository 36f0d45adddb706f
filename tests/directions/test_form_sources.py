"""A chapter names the office of every table that its indicators are made from."""

from __future__ import annotations

import pytest

from tests.directions.inputs import DIRECTIONS, PASSPORTS


@pytest.mark.parametrize("code", ["heads", "teachers", "methodical", "upbringing"])
def test_every_table_read_has_a_source_with_its_office(code: str) -> None:
    read = {name for one in PASSPORTS.values() if code in (one.direction, *one.also) for name in one.tables}
    named = {name for source in DIRECTIONS.get(code).sources for name in source.tables}
    assert read == named
    assert all(source.office and source.asked_by for source in DIRECTIONS.get(code).sources)
