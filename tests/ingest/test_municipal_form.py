"""The municipal form: what is read back is what was written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.ingest.items import ItemTable
from pipeline.ingest.layouts import LAYOUTS
from pipeline.ingest.layouts.declared import declared_layouts
from pipeline.ingest.layouts.form_cells import BLANK, Answer, observed
from pipeline.ingest.layouts.form_item_page import Key
from pipeline.ingest.reading import Door, Reading
from pipeline.ingest.workbook import open_workbook
from pipeline.paths import Paths
from pipeline.tables import TABLES, conform
from tests.ingest.forms import (
    CAREER,
    FORM,
    NOT_HELD,
    PRESCHOOL,
    RECORDS,
    YEAR,
    codes,
    values,
)
from tests.ingest.forms import ORGANISATIONS as REGISTER

KEYS = [
    (Key(org, period, group, item.id), item)
    for table in (ItemTable.model_validate(CAREER), ItemTable.model_validate(PRESCHOOL))
    for org, kind in (("school-1", "school"), ("school-2", "school"), ("garden-1", "kindergarten"))
    if kind in table.org_types
    for item in table.items
    for period in table.periods
    for group in item.in_groups
    if item.asked_of([kind], group)
]
NUMBERS = {
    "count": st.integers(0, 10**9).map(observed),
    "number": st.decimals(0, 10**9, places=3).map(float).map(observed),  # Excel keeps 15 digits
    "yes_no": st.sampled_from([observed(0), observed(1)]),
    "level": st.sampled_from([observed(1), observed(2), observed(3)]),
}
STATES = st.sampled_from([BLANK, BLANK, NOT_HELD, Answer("suppressed")])
ANSWERS = st.tuples(*(NUMBERS[item.kind] | STATES for _, item in KEYS))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=ANSWERS)
def test_what_is_read_is_what_was_written(answers: tuple[Answer, ...], tmp_path: Path, door: Door) -> None:
    written: dict[str, dict[Key, Answer]] = {"career": {}, "preschool": {}}
    tables = {
        item: name
        for name, table in (("career", CAREER), ("preschool", PRESCHOOL))
        for item in (i["id"] for i in table["items"])
    }
    for (key, _), answer in zip(KEYS, answers, strict=True):
        written[tables[key.item]][key] = answer
    path = tmp_path / "form.xlsx"
    FORM.write(path, YEAR, REGISTER, written)
    found = FORM.read(open_workbook(path), door)
    for name, expected in written.items():
        answered = {key.org_id for key, answer in expected.items() if answer.given}
        kept = {tuple(key): answer for key, answer in expected.items() if key.org_id in answered}
        assert (values(found.tables[name]) if name in found.tables else {}) == kept
    assert found.school_years == (YEAR,)
    assert set(codes(found)) <= {"form_part_exceeds"}


def test_registers_come_back(tmp_path: Path, reading: Callable[[Path], Reading]) -> None:
    path = tmp_path / "form.xlsx"
    lists = {"indicator": {"career_x": "Доля", "vpr_x": "Доля «2»"}}
    FORM.write(path, YEAR, REGISTER, records=RECORDS, lists=lists)
    found = reading(path)
    assert found.remarks == ()
    for name, records in RECORDS.items():
        frame = found.tables[name]
        assert len(frame) == len(records), name
        for expected, (_, row) in zip(records, frame.iterrows(), strict=True):
            for column in TABLES[name].names:
                given_value = expected.get(column)
                stored = given_value.value if isinstance(given_value, Answer) else given_value
                if column in expected and not (name == "roadmap" and column == "title") and column != "org_id":
                    assert (None if pd.isna(row[column]) else row[column]) == stored, (name, column)
            if "org_id" in expected:
                assert (row["org_alias_kind"], row["org_alias_code"]) == ("own", expected["org_id"])
    assert found.tables["olympiad"]["state"].tolist() == ["observed", "not_attempted"]
    assert found.tables["decisions"]["org_alias_code"].isna().tolist() == [False, True]
    assert "org_alias_code" not in found.tables["roadmap"].columns
    for name, frame in found.tables.items():
        assert set(frame["source_sheet"]) <= {sheet.name for sheet in open_workbook(path).sheets}
        conform(
            name,
            frame.drop(columns=[c for c in frame.columns if c.startswith("org_") and c != "org_id"]).assign(
                **({"org_id": "x"} if "org_id" in TABLES[name].names else {})
            ),
        )


def test_a_blank_form_gives_nothing(blank: Path, reading: Callable[[Path], Reading]) -> None:
    found = reading(blank)
    assert (dict(found.tables), found.rows, found.remarks, found.school_years) == ({}, 0, (), (YEAR,))


def test_the_same_form_has_the_same_bytes(blank: Path, tmp_path: Path) -> None:
    FORM.write(tmp_path / "again.xlsx", YEAR, REGISTER)
    assert (tmp_path / "again.xlsx").read_bytes() == blank.read_bytes()


def test_only_the_form_recognises_the_form(blank: Path) -> None:
    book = open_workbook(blank)
    others = [*LAYOUTS, declared_layouts(Paths(Path("nowhere"), "x", YEAR))]
    assert [layout.id for layout in others if layout.id != FORM.id and layout.recognises(book)] == []
    assert FORM.recognises(book)
