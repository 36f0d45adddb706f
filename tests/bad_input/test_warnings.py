"""Files that give nothing and stop nothing: printed, in the ledger as a warning, in the inventory; the run goes on."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.ingest.layouts.declared_register import RegisterRow, write_register
from pipeline.ingest.layouts.fisoko_frame import Heading
from pipeline.ingest.layouts.fisoko_individual import IndividualResults, PupilCells, School
from pipeline.ingest.layouts.participants import Task
from tests.bad_input.cases import CASES, proves
from tests.bad_input.door import command, goes_on
from tests.bad_input.territory import DISTRICT, SCHOOL, YEAR, Place, pupil, write_exam, write_marks

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(200)
THUMBS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LEFT_OUT = {
    "фото.xlsx": "not_a_table",
    "пусто.xlsx": "not_a_table",
    "~$x.xlsx": "service_file",
    "Thumbs.db": "service_file",
    "меню.xlsx": "unrecognised_table",
    "без листов.xlsx": "unrecognised_table",
    "меню 1251.csv": "unrecognised_table",
    "копия.xlsx": "same_file_twice",
}


def litter(place: Place) -> None:
    """Everything at once: what is left out must not disturb what is read."""
    (place.drop / "фото.xlsx").write_bytes(PICTURE)
    (place.drop / "пусто.xlsx").write_bytes(b"")
    (place.drop / "~$x.xlsx").write_bytes(b"\x05user" + b" " * 160)
    (place.drop / "Thumbs.db").write_bytes(THUMBS)
    menu = openpyxl.Workbook()
    menu.active.append(["Столовая", "Блюдо"])
    menu.active.append(["№ 1", "Каша"])
    menu.save(place.drop / "меню.xlsx")
    without_sheets(place.marks, place.drop / "без листов.xlsx")
    (place.drop / "меню 1251.csv").write_bytes("Столовая;Блюдо\n№ 1;Каша\n№ 2;Суп\n".encode("cp1251"))
    shutil.copyfile(place.marks, place.drop / "копия.xlsx")


def without_sheets(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w") as bare:
        for name in whole.namelist():
            content = whole.read(name)
            if name == "xl/workbook.xml":
                content = re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", content, flags=re.DOTALL)
            bare.writestr(name, content)


def of(code: str, checks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [check for check in checks if check["id"] == code]


@proves("picture", "service", "unrecognised", "twice", "stranger")
def test_what_gives_nothing_is_said_three_times_and_the_run_goes_on(place: Place) -> None:
    """On the screen, in checks.json, in the inventory; also in the published report's own ledger."""
    litter(place)
    write_marks(place.drop / "чужая школа.xlsx", subject="Математика", school="МБОУ «СОШ № 7»(edu990777)")
    outcome = command(place, "check")
    assert outcome.code == 0, outcome.err
    inventory, checks = place.inventory(), place.checks()
    for file, code in LEFT_OUT.items():
        assert [remark["code"] for remark in inventory[file]["remarks"]] == [code]
        assert (inventory[file]["layout"], inventory[file]["rows"]) == ("", 0)
        assert f"{YEAR}/{file} — не прочитан" in outcome.out
        (said,) = (check for check in of(code, checks) if check["files"] == [f"{YEAR}/{file}"])
        assert (said["severity"], said["origin"]) == ("warning", "reader")
        assert said["message"] in outcome.out
        assert said["advice"] in outcome.out
    assert {CASES[case].severity for case in ("picture", "service", "unrecognised", "twice")} == {"warning"}

    (stranger,) = of("org_not_in_register", checks)
    assert (stranger["severity"], stranger["files"]) == ("warning", [f"{YEAR}/чужая школа.xlsx"])
    assert "Организации «МБОУ «СОШ № 7»» (код edu990777) нет в реестре" in outcome.out
    assert "внесите организацию и её код в реестр" in outcome.out
    assert [remark["code"] for remark in inventory["чужая школа.xlsx"]["remarks"]] == ["org_not_in_register"]

    goes_on(place, "Служебный файл", "Это не таблица", "не узнана", "Тот же файл", "edu990777")


@proves("stranger")
def test_no_register_at_all(place: Place) -> None:
    place.register.unlink()
    goes_on(place, "Реестра организаций нет")
    (said,) = of("no_register", place.checks())
    assert said["severity"] == "warning"


def test_many_strangers_are_counted_in_the_inventory(place: Place) -> None:
    """Six schools that nobody registered: three by name, then the number of the rest (6 − 3 = 3)."""
    for number in range(6):
        school = f"МБОУ «СОШ № {70 + number}»(edu99077{number})"
        write_marks(place.drop / f"{number}.xlsx", subject="Математика", school=school)
    write_register(place.register, [RegisterRow(org_id="x-1", name="Иная", org_type="", fisoko="edu990009")])
    assert command(place, "check").code == 0
    strangers = of("org_not_in_register", place.checks())
    assert len(strangers) == 7
    assert {remark["code"] for remark in place.inventory()["3.xlsx"]["remarks"]} >= {"org_not_in_register"}


@proves("declared_count")
def test_a_title_that_promises_other_rows(place: Place) -> None:
    """89 pupils declared, 2 rows follow."""
    rows = tuple(PupilCells(40001 + order, 1, 1, (2, 1), 4, 4) for order in range(2))
    heading = Heading(YEAR, "Математика", 4, 4, dt.date(YEAR, 4, 22))
    school = School("edu990001", DISTRICT, SCHOOL, rows, declared=89)
    columns = (Task("1", 2, "basic"), Task("2", 2, "basic"))
    IndividualResults().write(place.drop / "индивидуальные.xlsx", heading, columns, [school])
    goes_on(place, "в файле указано 89, строк 2")
    (said,) = of("declared_count_differs", place.checks())
    assert said["severity"] == "warning"
    assert said["places"][0]["cell"] == "A9"
    assert "declared_count_differs" in {r["code"] for r in place.inventory()["индивидуальные.xlsx"]["remarks"]}


def test_a_shared_file_that_knows_nobody_of_ours(place: Place) -> None:
    """Kept for all territories, it concerns this one in nothing: neither in the inventory nor in the remarks."""
    shared = place.drop.parents[1] / "_shared" / str(YEAR)
    shared.mkdir(parents=True)
    write_exam(shared / "чужие.xls", [pupil(number, municipality=205) for number in range(3)])
    goes_on(place)
    assert sorted(place.inventory()) == ["2826001.xlsx", "Реестр.xlsx"]
    assert place.checks() == []


def test_a_number_that_cannot_be(place: Place) -> None:
    """Digits of a code glued to a percent: the cell is named and taken for blank."""
    write_marks(place.drop / "склеено.xlsx", subject="Математика", shares=(10.0, 30.0, 9.9e20, 20.0))
    goes_on(place, "Значения не читаются как числа")
    (said,) = of("unreadable_value", place.checks())
    assert (said["severity"], said["places"][0]["cell"]) == ("warning", "F11")


ODD = {
    "вложенная/ещё одна/отчёт.xlsx": "Математика",
    "x.xlsx/{year} %s.xlsx": "Химия",
    f"{'д' * 100}.xlsx": "История",
    "{x} №1; «a» & <b>": "Биология",
    "отчёт.XLSX.csv": "География",
    " пробел в начале.xlsx": "Физика",
}


@pytest.mark.skipif(sys.platform == "win32", reason="такие имена здесь невозможны")
def test_odd_names_and_folders_inside_are_read_by_content(place: Place) -> None:
    """Among them a folder that is named like a workbook, and a workbook that is named like a text."""
    for name, subject in ODD.items():
        path = place.drop / name
        path.parent.mkdir(parents=True, exist_ok=True)
        plain = place.drop / "готов.xlsx"
        write_marks(plain, subject=subject)
        plain.rename(path)
    outcome = goes_on(place)
    assert "предупреждение" not in outcome.err
    inventory = place.inventory()
    assert {name: inventory[Path(name).name]["rows"] for name in ODD} == dict.fromkeys(ODD, 4)
    assert {record["layout"] for record in inventory.values()} == {"fisoko_marks", "register"}


def test_a_register_in_windows_1251_is_read(place: Place) -> None:
    """The register of one school, saved by Excel as csv: Windows-1251 and semicolons."""
    place.register.unlink()
    text = f"Код организации;Наименование;Логин ФИС ОКО\npole-1;{SCHOOL};edu990001\n"
    (place.drop / "реестр.csv").write_bytes(text.encode("cp1251"))
    assert command(place, "check").code == 0
    assert place.inventory()["реестр.csv"]["rows"] == 1
    assert of("no_register", place.checks()) == []
