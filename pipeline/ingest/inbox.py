"""The drop folder: every file is listed, recognised by content and read, or the reason is said.

The inventory is the first thing an auditor sees: file → recognised as → rows → remarks. Nothing is written here and
raw files are only ever read.
"""

from __future__ import annotations

import hashlib
import re
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import InputError, MsokoError, Place, YearConflictError
from pipeline.ingest.layouts.remarks import Kind
from pipeline.ingest.layouts.sheets import LOOK_FOR_HEADER
from pipeline.ingest.reading import Door, Layout, Reading, Remark
from pipeline.ingest.workbook import NotATable, Workbook, address, open_workbook

Progress = Callable[[int, int, str], None]
SERVICE_NAMES = {"thumbs.db", "desktop.ini", ".ds_store", "readme.md", ".gitkeep"}
SERVICE_PREFIXES = ("~$", ".~lock", "._")
# Files that give nothing and stop nothing.
KINDS = {
    "service_file": Kind(
        "warning",
        "Служебный файл программы или системы: пропущен.",
        "удалите его из папки.",
    ),
    "same_file_twice": Kind(
        "warning",
        "Тот же файл уже лежит под именем «{first}»: прочитан один раз.",
        "оставьте один экземпляр.",
    ),
    "not_a_table": Kind(
        "warning",
        "Это не таблица (картинка, документ или пустой файл): пропущен.",
        "сохраните таблицу как .xlsx или уберите файл.",
    ),
    "unrecognised_table": Kind(
        "warning",
        "Таблица не узнана ни по одной из известных раскладок: не учтена.",
        "сверьте шапку с docs/layouts.md или опишите раскладку в config/layouts.",
    ),
}


@dataclass(frozen=True)
class Entry:
    """One file of the inventory. `reading` is None when the file gave nothing, `error` when it stops the run."""

    file: str
    sha256: str
    size: int
    layout: str
    title: str
    rows: int
    remarks: tuple[Remark, ...] = ()
    reading: Reading | None = None
    error: InputError | None = None


def read_folder(
    root: Path, prefix: str, year: int | None, layouts: Sequence[Layout], door: Door, progress: Progress
) -> list[Entry]:
    """Read every file below `root` in the order of names. `prefix` is put before file names in messages;
    `year` is what the folder says (None for `multi`)."""
    files = sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else []
    seen: dict[str, str] = {}
    entries = []
    for done, path in enumerate(files, start=1):
        name = f"{prefix}/{path.relative_to(root).as_posix()}"
        progress(done, len(files), name)
        entries.append(_entry(path, name, year, layouts, replace(door, folder_year=year), seen))
    return entries


def _entry(
    path: Path, name: str, year: int | None, layouts: Sequence[Layout], door: Door, seen: dict[str, str]
) -> Entry:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    bare = Entry(name, digest, path.stat().st_size, "", "", 0)
    if path.name.lower() in SERVICE_NAMES or path.name.startswith(SERVICE_PREFIXES):
        return _skipped(bare, "service_file")
    if digest in seen:
        return _skipped(bare, "same_file_twice", first=seen[digest])
    seen[digest] = name
    try:
        book = replace(open_workbook(path), name=name)
        return _read(book, bare, year, layouts, door)
    except NotATable:
        return _skipped(bare, "not_a_table")
    except InputError as error:
        return replace(bare, error=_placed(error, name))
    except (MsokoError, MemoryError):
        raise
    except Exception as error:
        return replace(bare, error=_not_understood(error, name))


def _read(book: Workbook, bare: Entry, year: int | None, layouts: Sequence[Layout], door: Door) -> Entry:
    layout = next((layout for layout in layouts if layout.recognises(book)), None)
    if layout is None:
        return _skipped(bare, "unrecognised_table")
    reading = layout.read(book, door)
    entry = replace(
        bare, layout=reading.layout, title=reading.title, rows=reading.rows, remarks=reading.remarks, reading=reading
    )
    if year is not None and len(set(reading.school_years)) == 1 and reading.school_years[0] != year:
        return replace(entry, reading=None, error=_another_year(book, reading.school_years[0], year))
    return entry


def _another_year(book: Workbook, stated: int, folder: int) -> YearConflictError:
    return YearConflictError(
        f"Файл говорит о {stated} годе, а лежит в папке {folder} года.",
        place=_where_said(book, stated),
        advice=f"переложите файл в папку {stated} или замените его файлом за {folder} год.",
    )


def _where_said(book: Workbook, year: int) -> Place:
    """The first cell near the top of a sheet that names the school year: «2025», «2024/25», «2025.06.04»."""
    said = re.compile(rf"(?<!\d){year}(?!\d)|(?<!\d){year - 1}\s*[/–-]\s*(?:20)?{year % 100:02}(?!\d)")
    for sheet in book.sheets:
        for row, cells in enumerate(sheet.rows[:LOOK_FOR_HEADER]):
            for column, cell in enumerate(cells):
                if cell is not None and said.search(str(cell)):
                    return Place(book.name, sheet.name or None, address(row, column))
    return Place(book.name)


def _not_understood(error: Exception, name: str) -> InputError:
    """A reader of ours gave up: the file is named, what stood in its cells is not."""
    step = traceback.extract_tb(error.__traceback__)[-1]
    return InputError(
        f"Файл устроен непредвиденно и не прочитан ({type(error).__name__}, {Path(step.filename).name}, "
        f"строка {step.lineno}).",
        place=Place(name),
        advice="выгрузите его заново; если не поможет, уберите его из папки и пришлите разработчикам текст в скобках.",
    )


def _skipped(entry: Entry, code: str, **values: object) -> Entry:
    kind = KINDS[code]
    remark = Remark(code, kind.severity, kind.message.format(**values), Place(entry.file), kind.advice)
    return replace(entry, remarks=(remark,))


def _placed(error: InputError, name: str) -> InputError:
    """The same error with the file's name as the analyst sees it in the drop folder."""
    place = Place(name, error.place.sheet, error.place.cell)
    return type(error)(error.what, place=place, advice=error.advice)


def first_error(entries: Iterable[Entry]) -> InputError | None:
    """The error to stop with: the first one, with a word about the others."""
    errors = [entry.error for entry in entries if entry.error is not None]
    if len(errors) < 2:
        return errors[0] if errors else None
    others = "; ".join(f"«{error.place.file}» — {error.what.rstrip('.')}" for error in errors[1:4])
    first = errors[0]
    advice = f"{first.advice} Остановили бы и другие файлы: {others}."
    return type(first)(first.what, place=first.place, advice=advice)


__all__ = ["Entry", "Progress", "first_error", "read_folder"]
