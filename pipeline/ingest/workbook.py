"""Any spreadsheet as cells with addresses: .xlsx .xls .ods by calamine, .csv by the standard library.

Cell values are str, int, float, bool, datetime.date/datetime or None (blank). Nothing is trimmed or guessed here.
What a file is, its first bytes say, never its extension. Text tables are read by `ingest.text_table`.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import DamagedFileError, EncryptedFileError, InputError, Place

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

STREAM_ABOVE_ROWS = 200_000
STREAM_ABOVE_CELLS = 20_000_000
_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOF = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = 0x2F
_SPREADSHEETS = {".xls", ".xlsx", ".xlsm", ".xlsb", ".ods"}
_MAGIC = (
    (b"\x89PNG", "картинка"),
    (b"\xff\xd8\xff", "картинка"),
    (b"GIF8", "картинка"),
    (b"II*\x00", "картинка"),
    (b"%PDF", "документ PDF"),
    (b"{\\rtf", "документ RTF"),
    (b"Rar!", "архив"),
    (b"7z\xbc\xaf", "архив"),
    (b"\x1f\x8b", "архив"),
)
_SAVE_AS_TABLE = "если в нём есть нужная таблица, сохраните её книгой Excel (.xlsx) и положите рядом."
_FETCH_AGAIN = "скачайте или запросите его заново и положите вместо этого; проверьте, что он открывается в Excel."
_TAKE_PASSWORD_OFF = "откройте его в Excel с паролем и сохраните без пароля: «Файл» → «Сведения» → «Защита книги»."


class NotATable(Exception):  # noqa: N818 - no failure: the inbox warns and goes on
    """The file is no table at all (picture, document, archive, empty): a warning, not a failure."""

    def __init__(self, what: str, place: Place, advice: str = _SAVE_AS_TABLE) -> None:
        self.what = what
        self.place = place
        self.advice = advice
        super().__init__(what)


@dataclass(frozen=True)
class Sheet:
    """Rows of one sheet from its top left corner (A1), ragged ends cut. Row and column numbers count from 0."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]

    def cell(self, row: int, column: int) -> Cell:
        """The value, or None outside of the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None


@dataclass(frozen=True)
class Workbook:
    """A file as sheets; `name` is the file's name without folders."""

    name: str
    sheets: tuple[Sheet, ...]


def address(row: int, column: int) -> str:
    """Address as a spreadsheet shows it: (7, 0) is A8."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def open_workbook(path: Path) -> Workbook:
    """Read a file. Raises EncryptedFileError, DamagedFileError, or NotATable for what is no table at all."""
    data = _bytes(path)
    place = Place(path.name)
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise NotATable("Файл пуст.", place, "если он нужен, запросите его заново.")
    for start, kind in _MAGIC:
        if data.startswith(start):
            raise NotATable(f"Это не таблица, а {kind}.", place)
    if data.startswith(_ZIP):
        return Workbook(path.name, _zipped(data, path))
    if data.startswith(_OLE):
        return Workbook(path.name, _ole(data, path))
    from pipeline.ingest.text_table import read_text

    return Workbook(path.name, (sheet("", read_text(data, place)),))


def sheet(name: str, rows: Iterable[Sequence[Any]]) -> Sheet:
    """A sheet with empty strings as None and without trailing blank cells and rows."""
    cleaned = [_trimmed(row) for row in rows]
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    return Sheet(name, tuple(cleaned))


def _trimmed(row: Sequence[Any]) -> tuple[Cell, ...]:
    end = len(row)
    while end and (row[end - 1] is None or row[end - 1] == ""):
        end -= 1
    return tuple(None if isinstance(value, str) and not value else value for value in row[:end])


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            "Файл не удаётся прочитать с диска.",
            place=Place(path.name),
            advice="закройте его в других программах и проверьте права на чтение.",
        ) from error


def _damaged(path: Path) -> DamagedFileError:
    return DamagedFileError("Файл повреждён или скачан не целиком.", place=Place(path.name), advice=_FETCH_AGAIN)


def _encrypted(path: Path) -> EncryptedFileError:
    return EncryptedFileError("Файл закрыт паролем.", place=Place(path.name), advice=_TAKE_PASSWORD_OFF)


def _zipped(data: bytes, path: Path) -> tuple[Sheet, ...]:
    """Sheets of .xlsx, .xlsm, .xlsb and .ods, which are all zip archives."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = set(archive.namelist())
        manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
        huge = _is_huge(archive, names)
    except Exception as error:
        if path.suffix.lower() in _SPREADSHEETS or b"xl/" in data:
            raise _damaged(path) from error
        raise NotATable("Это не таблица, а повреждённый архив.", Place(path.name)) from error
    if b"encryption-data" in manifest:
        raise _encrypted(path)
    office = any(name.startswith("xl/workbook.") for name in names)
    if not office and b"opendocument.spreadsheet" not in manifest:
        raise NotATable(f"Это не таблица, а {_zip_kind(names)}.", Place(path.name))
    return _streamed(data, path) if huge else _by_calamine(data, path)


def _zip_kind(names: set[str]) -> str:
    folders = {name.partition("/")[0] for name in names}
    if "word" in folders:
        return "документ Word"
    return "презентация" if "ppt" in folders else "архив"


def _is_huge(archive: zipfile.ZipFile, names: set[str]) -> bool:
    """True when a sheet declares so many cells that loading it whole would cost too much memory."""
    for name in names:
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            with archive.open(name) as part:
                found = re.search(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"', part.read(4096))
            if found:
                rows = int(found[2])
                if rows > STREAM_ABOVE_ROWS or rows * _column_number(found[1].decode()) > STREAM_ABOVE_CELLS:
                    return True
    return False


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _streamed(data: bytes, path: Path) -> tuple[Sheet, ...]:
    """Sheets read row by row with openpyxl, slower and without the whole grid in memory."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for part in book.worksheets:
            part.reset_dimensions()  # else each row is padded to the furthest column
        return tuple(sheet(part.title, part.iter_rows(values_only=True)) for part in book.worksheets)
    except Exception as error:
        raise _damaged(path) from error


def _ole(data: bytes, path: Path) -> tuple[Sheet, ...]:
    """Sheets of .xls. Streams of the container tell a workbook from a password box, Word or Thumbs.db."""
    if _has_stream(data, "EncryptedPackage") or _has_password_record(data):
        raise _encrypted(path)
    if not (_has_stream(data, "Workbook") or _has_stream(data, "Book")):
        if _directory_is_cut(data) and path.suffix.lower() in _SPREADSHEETS:
            raise _damaged(path)
        kind = "документ Word" if _has_stream(data, "WordDocument") else "служебный файл"
        raise NotATable(f"Это не таблица, а {kind}.", Place(path.name))
    if len(data) % 512:  # a container is written in whole sectors
        raise _damaged(path)
    return _by_calamine(data, path)


def _has_stream(data: bytes, name: str) -> bool:
    """True when a directory entry (UTF-16 name padded to 64 bytes, then its length) has this name."""
    encoded = name.encode("utf-16-le")
    entry = encoded.ljust(64, b"\x00") + struct.pack("<H", len(encoded) + 2)
    return entry in data


def _has_password_record(data: bytes) -> bool:
    """True when FILEPASS is among the first records of a .xls stream: it follows BOF and, it may be, WRITEPROT."""
    at = data.find(_BOF)
    for _ in range(4):
        if at < 0 or at + 4 > len(data):
            return False
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == _FILEPASS:
            return True
        at += 4 + length
    return False


def _directory_is_cut(data: bytes) -> bool:
    """True when the directory of the container lies beyond the end of the file."""
    if len(data) < 512:
        return True
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    first = struct.unpack_from("<I", data, 48)[0]
    return bool((first + 2) * size > len(data))


def _by_calamine(data: bytes, path: Path) -> tuple[Sheet, ...]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_object(io.BytesIO(data))
        return tuple(
            sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in _worksheets(book)
        )
    except calamine.PasswordError as error:
        raise _encrypted(path) from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the Rust library is no Exception
        raise _damaged(path) from error


def _worksheets(book: Any) -> list[str]:
    import python_calamine as calamine

    return [part.name for part in book.sheets_metadata if part.typ == calamine.SheetTypeEnum.WorkSheet]
