"""Files that stop the run: each with its own exit code, its place, and the last report whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from pipeline.ingest.layouts.fisoko_marks import MarkStatistics
from tests.bad_input.cases import proves
from tests.bad_input.door import CHECKOUT, Outcome, command, says, stops
from tests.bad_input.territory import CODE, YEAR, Place, pupil, write_exam, write_marks

THUMBS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@proves("empty")
@pytest.mark.parametrize("name", ["check", "run"])
def test_an_empty_drop_folder(place: Place, name: str) -> None:
    for file in place.drop.iterdir():
        file.unlink()
    stops(place, "empty", f"data/raw/{CODE}/{YEAR}", "положите в неё выгрузки", name=name)


@proves("empty")
def test_no_drop_folder_at_all(place: Place) -> None:
    shutil.rmtree(place.drop.parent)
    stops(place, "empty", f"data/raw/{CODE}/{YEAR}")


@proves("nothing_read")
@pytest.mark.parametrize("name", ["check", "run"])
def test_nothing_but_traces_of_programs(place: Place, name: str) -> None:
    for file in place.drop.iterdir():
        file.unlink()
    (place.drop / "Thumbs.db").write_bytes(THUMBS)
    stops(place, "nothing_read", "Ни в одном файле папки нет таблицы", name=name)


@proves("no_own_rows")
@pytest.mark.parametrize("name", ["check", "run"])
def test_files_of_another_territory(place: Place, name: str) -> None:
    """Pupils of the municipality with the code 102, while the profile knows 101."""
    for file in place.drop.iterdir():
        file.unlink()
    write_exam(place.drop / "Протокол.xls", [pupil(number, municipality=102) for number in range(3)])
    stops(place, "no_own_rows", "Полевской муниципальный округ", "municipalities", name=name)


@proves("encrypted")
@pytest.mark.parametrize("name", ["check", "run"])
def test_a_workbook_under_a_password(place: Place, name: str) -> None:
    with place.marks.open("rb") as plain, (place.drop / "под паролем.xlsx").open("wb") as closed:
        OOXMLFile(plain).encrypt("secret", closed)
    stops(place, "encrypted", "Файл закрыт паролем", f"«{YEAR}/под паролем.xlsx»", "без пароля", name=name)


@proves("truncated")
@pytest.mark.parametrize("name", ["check", "run"])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_protocol_cut_short(place: Place, kept: float, name: str) -> None:
    """The names of its pupils are in the part that is left."""
    path = place.drop / "Протокол.xls"
    write_exam(path, [pupil(number) for number in range(200)])
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    stops(place, "truncated", "не целиком", f"«{YEAR}/Протокол.xls»", "скачайте", name=name)


@proves("truncated")
def test_a_workbook_cut_short(place: Place) -> None:
    path = place.drop / "оборван.xlsx"
    path.write_bytes(place.marks.read_bytes()[:-300])
    stops(place, "truncated", f"«{YEAR}/оборван.xlsx»")


@proves("another_year")
@pytest.mark.parametrize("name", ["check", "run"])
def test_a_title_of_another_year(place: Place, name: str) -> None:
    write_marks(place.drop / "прошлый.xlsx", year=2025, subject="Математика")
    told = ("о 2025 годе", "в папке 2026 года", f"«{YEAR}/прошлый.xlsx»", "лист «Математика 4", "ячейка A3", "2025")
    stops(place, "another_year", *told, name=name)


@proves("another_year")
def test_a_protocol_of_another_year(place: Place) -> None:
    write_exam(place.drop / "Протокол.xls", [pupil(1)], year=2024)
    stops(place, "another_year", "о 2024 годе", "лист «Page 1»", "ячейка A3")


@proves("disagreement")
@pytest.mark.parametrize("name", ["check", "run"])
def test_two_files_that_disagree(place: Place, name: str) -> None:
    write_marks(place.drop / "другой.xlsx", shares=(20.0, 20.0, 40.0, 20.0))
    told = ("Разные значения", "Русский язык, 4 класс", f"«{YEAR}/другой.xlsx», строка 12", f"«{YEAR}/2826001.xlsx»")
    outcome = stops(place, "disagreement", *told, "уберите другой", name=name)
    assert "edu990001" not in outcome.message
    found = [check for check in place.checks() if check["severity"] == "critical"]
    assert {check["id"] for check in found} == {"files_disagree"}


@proves("critical_check")
@pytest.mark.usefixtures("checks")
def test_a_critical_check_of_a_table(place: Place) -> None:
    write_marks(place.drop / "сдвиг.xlsx", subject="Математика", shares=(120.0, -20.0, 0.0, 0.0))
    told = (
        "Доля меньше 0 или больше 1",
        f"«{YEAR}/сдвиг.xlsx», лист «Математика 4",
        "строка 11",
        "[group_results.share]",
    )
    stops(place, "critical_check", *told, "config/corrections")


@proves("critical_check")
def test_a_register_with_a_nameless_school(place: Place) -> None:
    book = openpyxl.load_workbook(place.register)
    book.active.append(["pole-2", None, None, "edu990002"])
    book.save(place.register)
    stops(
        place, "critical_check", "Организации без наименования: 1 (B3)", f"«{YEAR}/Реестр.xlsx»", "[org_without_name]"
    )


@proves("foreign_name")
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="имена файлов здесь всегда в Юникоде")
@pytest.mark.parametrize("name", ["check", "run"])
def test_a_name_in_a_foreign_encoding(place: Place, name: str) -> None:
    place.marks.rename(place.drop / os.fsdecode("Протокол.xlsx".encode("cp1251")))
    stops(place, "foreign_name", "в чужой кодировке", ".xlsx", "переименуйте", name=name)


@proves("not_understood")
def test_a_file_that_a_reader_gives_up_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The value that a library quotes is not repeated."""

    def gives_up(self: MarkStatistics, book: object, door: object) -> None:
        raise ValueError("could not convert string to float: 'Верхнеудинский'")

    monkeypatch.setattr(MarkStatistics, "read", gives_up)
    write_marks(place.drop / "новый.xlsx", subject="Математика")
    stops(place, "not_understood", "(ValueError, test_stops.py", f"«{YEAR}/2826001.xlsx»", f"«{YEAR}/новый.xlsx»")


@proves("own_mistake")
def test_a_mistake_of_ours(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line; the file for developers holds places of the code and no values."""

    def breaks(*given: object) -> None:
        raise KeyError("Верхнеудинский")

    monkeypatch.setattr("pipeline.check._results", breaks)
    place.touch()
    stops(place, "own_mistake", "Внутренняя ошибка программы (KeyError, test_stops.py", "«.msoko/trace.txt»")
    trace = (place.root / ".msoko" / "trace.txt").read_text(encoding="utf-8")
    assert trace.startswith("KeyError\n")
    assert "pipeline/check.py" in trace
    assert "Верхнеудинский" not in trace
    assert str(CHECKOUT) not in trace


def as_an_ordinary_user(place: Place, name: str) -> Outcome:
    """`msoko` in a process that rights on files bind, also when the tests run as root."""
    drop = "-dac_override,-dac_read_search"
    prefix = ["setpriv", "--bounding-set", drop, "--inh-caps", drop] if os.geteuid() == 0 else []
    if prefix and not shutil.which("setpriv"):
        pytest.skip("тесты запущены от root, а setpriv нет: права на файлы не проверить")
    words = [sys.executable, "-m", "pipeline.cli", name, CODE, str(YEAR), "--workspace", str(place.root)]
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run([*prefix, *words], cwd=place.root, env=environment, capture_output=True, check=False)
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def spoil(place: Place, path: Path, mode: int, name: str = "run") -> Outcome:
    before, kept = place.published(), path.stat().st_mode
    path.chmod(mode)
    try:
        outcome = as_an_ordinary_user(place, name)
    finally:
        path.chmod(kept)
    assert place.published() == before
    assert str(place.root) not in outcome.err
    return outcome


@proves("unreadable")
@pytest.mark.skipif(os.name != "posix", reason="права POSIX")
def test_a_file_that_may_not_be_read(place: Place) -> None:
    says(spoil(place, place.marks, 0), "unreadable", "«2826001.xlsx»", "проверьте права")


@proves("unreadable")
@pytest.mark.skipif(os.name != "posix", reason="права POSIX")
def test_a_folder_that_may_not_be_looked_into(place: Place) -> None:
    folder = place.drop / "закрытая"
    folder.mkdir()
    write_marks(folder / "внутри.xlsx", subject="Математика")
    says(spoil(place, folder, 0), "unreadable", "Папка не открывается", "«закрытая»")


@proves("refused")
@pytest.mark.skipif(os.name != "posix", reason="права POSIX")
def test_a_reports_folder_that_may_not_be_written(place: Place) -> None:
    place.touch()
    says(spoil(place, place.paths.reports, 0o500), "refused", "Система не даёт", "проверьте права")


@proves("refused")
@pytest.mark.parametrize("name", ["check", "run"])
def test_a_file_in_place_of_the_reports_folder(place: Place, name: str) -> None:
    shutil.rmtree(place.root / "reports")
    (place.root / "reports").write_text("", encoding="utf-8")
    says(command(place, name), "refused", "Система не даёт")


@proves("busy")
@pytest.mark.parametrize("name", ["check", "run"])
def test_a_second_run_at_the_same_time(place: Place, name: str) -> None:
    from pipeline.execution.lock import run_lock

    place.touch()
    before = place.published()
    with run_lock(place.paths):
        outcome = command(place, name)
    says(outcome, "busy", "уже собирает другой запуск", "дождитесь")
    assert place.published() == before


def test_every_file_that_would_stop_is_named_at_once(place: Place) -> None:
    write_marks(place.drop / "прошлый.xlsx", year=2025, subject="Математика")
    (place.drop / "оборван.xlsx").write_bytes(place.marks.read_bytes()[:-300])
    stops(place, "truncated", "оборван.xlsx", "прошлый.xlsx")


def test_a_workbook_saved_again_without_the_password_is_read(place: Place) -> None:
    """The advice works: what the message asks for makes the run pass the door."""
    openpyxl.load_workbook(place.marks).save(place.marks)
    assert command(place, "check").code == 0
