"""Pseudonyms, their key, and the columns that name people."""

import stat
import threading
import unicodedata
from pathlib import Path

import pytest

from pipeline.errors import WorkspaceError
from pipeline.ingest.privacy import Pseudonyms, is_personal, load_or_create_key

KEY = bytes(range(32))


def test_pseudonym_is_hmac_sha256_of_the_parts() -> None:
    # echo -n '["edu203389", "vpr", "2026", "40001"]' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f
    assert Pseudonyms(KEY).of("edu203389", "vpr", "2026", "40001") == "6dbdad223947594a1134"


def test_case_spaces_and_unicode_form_do_not_matter() -> None:
    names = Pseudonyms(KEY)
    assert names.of("Ёлкин", "Йод") == names.of(" ЁЛКИН ", unicodedata.normalize("NFD", "йод"))


def test_borders_of_parts_and_keys_matter() -> None:
    names = Pseudonyms(KEY)
    assert names.of("ab", "c") != names.of("a", "bc")
    assert names.of("a", "") != names.of("a")
    assert names.of("a") != Pseudonyms(bytes(32)).of("a")


def test_key_does_not_show(tmp_path: Path) -> None:
    assert repr(Pseudonyms(KEY)) == "Pseudonyms(…)"
    with pytest.raises(ValueError, match="32"):
        Pseudonyms(b"short")


def test_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / ".msoko" / "pseudonym.key"
    key = load_or_create_key(path)
    assert len(key) == 32
    assert load_or_create_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["pseudonym.key"]


def test_runs_that_start_together_share_the_key(tmp_path: Path) -> None:
    path, keys = tmp_path / "deep" / "key", []
    start = threading.Barrier(8)

    def run() -> None:
        start.wait()
        keys.append(load_or_create_key(path))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_spoilt_or_unreadable_key_is_told_not_replaced(tmp_path: Path) -> None:
    short = tmp_path / "short.key"
    short.write_bytes(b"x")
    (tmp_path / "folder.key").mkdir()
    for path in (short, tmp_path / "folder.key"):
        with pytest.raises(WorkspaceError) as caught:
            load_or_create_key(path)
        assert str(tmp_path) not in str(caught.value)
        assert caught.value.advice
    assert short.read_bytes() == b"x"


@pytest.mark.parametrize(
    "header",
    [
        *("Фамилия", "ИМЯ", "Отчество", "ФИО", "Ф.И.О.", "Ф.И.О. участника", "СНИЛС", "Серия", "Номер", "Документ"),
        *("Дата рождения", "Серия документа", "Номер документа", "Паспорт", "Телефон", "E-mail", "Наставник"),
        *("SurnameCell", "NameCell", "SecondNameCell", "DocumentSeriesCode", "DocumentNumberCode", "BirthDay"),
        *("Фамилия, имя, отчество", "Адрес проживания", "Учитель"),
    ],
)
def test_personal_columns(header: str) -> None:
    assert is_personal(header)


@pytest.mark.parametrize(
    "header",
    [
        *("Пол", "Код ОО", "Класс", "Наименование ОО", "Номер задания", "№", "Номер школы", "Код участника", "Вариант"),
        *("Первичный балл", "Отметка", "SchoolCode", "PrimaryMark", "Имя файла", "Название ОО", "Количество учителей"),
        *("Порядковый номер класса", "Муниципалитет", "GovernmentCell", "ClassName"),
    ],
)
def test_other_columns(header: str) -> None:
    assert not is_personal(header)
