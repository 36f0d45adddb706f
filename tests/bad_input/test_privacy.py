"""A pupil's name planted in every corner of a broken protocol: in no message, no stored table, no published file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.bad_input.door import command, goes_on
from tests.bad_input.territory import SURNAME, YEAR, Place, pupil, write_exam

HEADER = ["№", "Код ОО", "Класс", "Код МСУ", "Фамилия", "Имя", "Отчество", "Первичный балл", "Оценка"]
TITLE = f"01 - Русский язык {YEAR}.06.04"
PUPIL = [1, 101001, "9А", 101, SURNAME, "Имярек", "Отчествович", 20, 4]
Rows = list[list[Any]]


def protocol(*rows: list[Any], title: str = TITLE, header: list[str] | None = None) -> Rows:
    return [["Протокол проверки результатов"], ["99 - Вымышленная область"], [title], header or HEADER, *rows]


LEFT_OUT: dict[str, Rows] = {
    "столбцы сдвинуты влево": protocol([1, SURNAME, "Имярек", "Отчествович", 101001, "9А", 101, 20, 4]),
    "столбцы сдвинуты вправо": protocol([None, 1, 101001, "9А", 101, SURNAME, "Имярек", "Отчествович", 20]),
    "фамилия вместо балла": protocol(PUPIL[:7] + [SURNAME, 4]),
    "фамилия вместо класса": protocol([1, 101001, SURNAME, 101, SURNAME, "Имярек", "Отчествович", 20, 4]),
    "фамилия вместо муниципалитета": protocol([1, 101001, "9А", SURNAME, SURNAME, "Имярек", "Отчествович", 20, 4]),
    "участник повторён": protocol(PUPIL, [2, *PUPIL[1:]]),
    "подпись под таблицей": protocol(PUPIL, [], ["Председатель", None, None, f"{SURNAME} И. О."]),
    "лишний столбец с именем": protocol([*PUPIL, SURNAME], header=[*HEADER, "Наставник"]),
    "шапка не узнана": [["Ученик", "Балл"], [SURNAME, 20]],
}
SUBJECTS = (
    "Русский язык",
    "Математика",
    "Химия",
    "Физика",
    "История",
    "Биология",
    "География",
    "Литература",
    "Информатика",
)


def as_xlsx(path: Path, rows: Rows) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def without_a_title(path: Path) -> None:
    as_xlsx(path.with_suffix(".xlsx"), protocol(PUPIL, title=f"Протокол сдал {SURNAME}"))


def contradictory(path: Path) -> None:
    as_xlsx(path.with_suffix(".xlsx"), protocol(PUPIL))
    as_xlsx(path.with_name("второй протокол.xlsx"), protocol([*PUPIL[:7], 5, 2]))


def unclosed(path: Path) -> None:
    """Text with a quote that opens at the surname and never closes."""
    lines = [";".join(str(cell or "") for cell in row) for row in protocol(PUPIL)]
    path.with_suffix(".csv").write_text("\n".join(lines).replace(SURNAME, f'"{SURNAME}'), encoding="cp1251")


def cut(path: Path) -> None:
    write_exam(path, [pupil(number) for number in range(50)])
    path.write_bytes(path.read_bytes()[:-700])


def test_protocols_broken_by_hand(place: Place) -> None:
    """All at once, each of a subject of its own: the run goes on to a published report."""
    for (fault, rows), subject in zip(LEFT_OUT.items(), SUBJECTS, strict=True):
        named = [
            [str(cell).replace("Русский язык", subject) if row == [TITLE] else cell for cell in row] for row in rows
        ]
        as_xlsx(place.drop / f"{fault}.xlsx", named)
    printed = goes_on(place)
    assert SURNAME not in printed.out + printed.err
    told = {remark["code"] for record in place.inventory().values() for remark in record["remarks"]}
    assert told >= {"rows_not_understood", "unreadable_value", "unrecognised_table"}
    nowhere(place)


@pytest.mark.parametrize(("spoil", "code"), [(without_a_title, 10), (unclosed, 13), (cut, 13), (contradictory, 15)])
def test_a_protocol_that_stops_the_run(place: Place, spoil: Callable[[Path], None], code: int) -> None:
    spoil(place.drop / "протокол.xls")
    outcome = command(place, "check")
    assert outcome.code == code, outcome.err
    assert "протокол" in outcome.message
    assert SURNAME not in outcome.out + outcome.err
    nowhere(place)


def nowhere(place: Place) -> None:
    """Whatever became of the files, the name stays in the drop folder."""
    wanted = (SURNAME.encode(), SURNAME.encode("utf-16-le"), SURNAME.upper().encode())
    files = [path for path in place.root.rglob("*") if path.is_file() and place.drop not in path.parents]
    assert len(files) > 10
    assert [path.name for path in files if any(word in path.read_bytes() for word in wanted)] == []
    assert [path.name for path in files if path.suffix == ".parquet" and SURNAME in in_words(path)] == []


def in_words(path: Path) -> str:
    """All cells of a compressed table as text."""
    import pandas as pd

    return pd.read_parquet(path).astype("str").to_csv()
