"""The official list of marked schools: repeats are counted once and said, blank is not zero."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import InputError
from pipeline.ingest.layouts.marked_schools import MarkedRow, MarkedSchools
from pipeline.ingest.reading import Reading

Read = Callable[[Path], Reading]
TITLES = ("4 РУ", "4 МА", "5 РУ", "5 МА")
ROWS = (
    MarkedRow(2025, "edu990001", "Энский район", "СОШ № 1", (1, 0, None, 1)),
    MarkedRow(2025, "edu990002", "Энский район", "СОШ № 2", (0, 1, 0, 0)),
    MarkedRow(2024, "edu990001", "Энский район", "СОШ № 1  им. Героя", (None, 1, None, None)),
)


def remarks(reading: Reading) -> dict[str, tuple[str, str | None]]:
    return {remark.code: (remark.severity, remark.place.cell) for remark in reading.remarks}


def test_list_comes_back(tmp_path: Path, read: Read) -> None:
    MarkedSchools().write(tmp_path / "a.xlsx", TITLES, ROWS)
    reading = read(tmp_path / "a.xlsx")
    frame = reading.tables["marked_schools"]
    assert (reading.rows, reading.school_years) == (3, (2024, 2025))
    assert frame["marker"].fillna(-1).tolist() == [1, 0, -1, 1, 0, 1, 0, 0, -1, 1, -1, -1]
    assert frame["state"].tolist()[:4] == ["observed", "observed", "blank", "observed"]
    assert list(zip(frame["grade"], frame["subject"], strict=True))[:4] == [
        (4, "russian"),
        (4, "mathematics"),
        (5, "russian"),
        (5, "mathematics"),
    ]
    assert frame["n_markers"].tolist() == [2] * 4 + [1] * 8
    assert frame["source_row"].tolist() == [2] * 4 + [3] * 4 + [4] * 4
    assert remarks(reading) == {"renamed_schools": ("info", None)}


def test_exact_repeats_count_once(tmp_path: Path, read: Read) -> None:
    MarkedSchools().write(tmp_path / "a.xlsx", TITLES, [*ROWS[:2], ROWS[0], ROWS[0]])
    reading = read(tmp_path / "a.xlsx")
    assert len(reading.tables["marked_schools"]) == 8
    assert reading.rows == 4
    assert remarks(reading) == {"duplicate_rows": ("warning", "A4")}
    assert "лишних строк 2" in reading.remarks[0].message


def test_repeats_that_disagree_are_critical(tmp_path: Path, read: Read) -> None:
    other = MarkedRow(2025, "sch990001", "Энский район", "СОШ № 1", (1, None, None, 1))
    MarkedSchools().write(tmp_path / "a.xlsx", TITLES, [*ROWS[:2], other])
    assert remarks(read(tmp_path / "a.xlsx")) == {"files_disagree": ("critical", "A4")}


def test_wrong_sum_and_wrong_login(tmp_path: Path, read: Read) -> None:
    MarkedSchools().write(tmp_path / "a.xlsx", TITLES, ROWS[:2])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book.active["I3"] = 4
    book.save(tmp_path / "a.xlsx")
    assert remarks(read(tmp_path / "a.xlsx")) == {"marker_sum_differs": ("warning", "I3")}
    book.active["B3"] = "СОШ"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError) as caught:
        read(tmp_path / "a.xlsx")
    assert caught.value.place.cell == "B3"


@pytest.mark.real
def test_real_list_of_dagestan(real: Path, read: Read) -> None:
    reading = read(real / "vpr-dagestan-bias" / "bias.xlsx")
    frame = reading.tables["marked_schools"]
    assert (reading.rows, reading.school_years) == (599, (2023, 2024, 2025))
    assert frame["org_alias_code"].nunique() == 341
    assert len(frame) == 4 * (599 - 148)
    messages = {remark.code: remark.message for remark in reading.remarks}
    assert set(messages) == {"duplicate_rows", "renamed_schools"}
    assert "лишних строк 148" in messages["duplicate_rows"]
    assert "по-разному: 43;" in messages["renamed_schools"]
    assert set(frame["state"]) == {"observed", "blank"}
    assert set(frame["marker"].dropna()) == {0, 1}
    by_school = frame.groupby(["school_year", "org_alias_code"])
    assert (by_school["marker"].sum() == by_school["n_markers"].first()).all()
    assert frame["municipality"].nunique() == 53
