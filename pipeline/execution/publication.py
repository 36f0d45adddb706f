"""A report is built beside and published at the end: a new run folder, then the pointer moves. All or nothing."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import DiskFullError, MsokoError, Place, WorkspaceError
from pipeline.execution.lock import alive
from pipeline.paths import Paths

NEEDED_BYTES = 200_000_000  # a run of one municipality writes 30–60 MB and holds two copies for a moment
BUILDING = ".building-"
PASSPORT = "passport.json"
DOOR = "index.html"
DOOR_PAGE = """<!DOCTYPE html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={address}">
<title>Последний отчёт</title>
</head>
<body>
<main><h1>Последний отчёт</h1>
<p>Внутренняя редакция. Не для размещения на сайте</p>
<p><a href="{address}">Открыть последний отчёт</a></p></main>
</body>
</html>
"""
RUN_NAME = re.compile(r"(\d{3,})-[0-9a-f]{8}")
NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EBUSY}
NAME_TOO_LONG = {errno.ENAMETOOLONG}
WINDOWS_DISK_FULL = (39, 112)
NO_SPACE_TEXTS = ("No space left on device", "Disk quota exceeded", "There is not enough space on the disk")


@contextmanager
def building(paths: Paths) -> Iterator[Path]:
    """An empty folder to build a report in; whatever is left of it when the block ends is removed."""
    folder = paths.reports / f"{BUILDING}{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(paths: Paths, built: Path, fingerprint: str) -> Path:
    """Give the built folder its run name `NNN-<first 8 digits of fingerprint>`, then move the pointer to it."""
    if not _whole(built):
        raise ValueError(f"a report without {PASSPORT} cannot be published")
    run = paths.reports / f"{_last_number(paths) + 1:03d}-{fingerprint[:8]}"
    built.rename(run)
    try:
        _point(paths.latest, run.name)
    except BaseException:
        shutil.rmtree(run, ignore_errors=True)
        raise
    with suppress(OSError):  # a convenience: the report is published, an older page leads to an older whole run
        _write_whole(paths.reports.parent / DOOR, DOOR_PAGE.format(address=f"{paths.edition}/{run.name}/{DOOR}"))
    return run


def _point(pointer: Path, name: str) -> None:
    """Write the pointer durably: after a power cut it names the old run or the new one, never half a name."""
    _write_whole(pointer, f"{name}\n")


def _write_whole(path: Path, content: str) -> None:
    partial = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _last_number(paths: Paths) -> int:
    names = [path.name for path in paths.reports.iterdir()] if paths.reports.is_dir() else []
    return max((int(found[1]) for name in names if (found := RUN_NAME.fullmatch(name))), default=0)


def latest_run(paths: Paths) -> Path | None:
    """The newest whole run, or None when nothing was published or what the pointer names is not whole."""
    try:
        name = paths.latest.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    run = paths.reports / name
    return run if RUN_NAME.fullmatch(name) and _whole(run) else None


def _whole(run: Path) -> bool:
    """A run is whole when its passport can be read and every output the passport lists is there."""
    try:
        listed = json.loads((run / PASSPORT).read_text(encoding="utf-8")).get("outputs", [])
        return all((run / output["path"]).is_file() for output in listed)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def remove_leftovers(paths: Paths) -> None:
    """Remove what killed runs were building. Call under the run lock."""
    for folder in paths.reports.glob(f"{BUILDING}*") if paths.reports.is_dir() else ():
        number = folder.name.removeprefix(BUILDING)
        if not number.isdigit() or int(number) == os.getpid() or not alive(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def check_free_space(paths: Paths, needed: int = NEEDED_BYTES) -> None:
    """DiskFullError when the disk of the workspace has less than `needed` bytes free."""
    free = _free(paths.workspace)
    if free is not None and free < needed:
        raise DiskFullError(
            f"На диске мало места: свободно {_megabytes(free)}, для отчёта нужно {_megabytes(needed)}.",
            advice="освободите место: можно удалить старые запуски в папке reports и папку data/processed.",
        )


@contextmanager
def disk_errors(paths: Paths) -> Iterator[None]:
    """Turn «no space left» of any library into DiskFullError that says how much is free."""
    try:
        yield
    except OSError as error:
        if not _is_disk_full(error):
            raise
        raise _disk_full(_free(paths.workspace)) from error


def system_error(error: OSError) -> MsokoError | None:
    """What the system refused, in words for the analyst; None when it is no refusal but a mistake of ours."""
    if _is_disk_full(error):
        return _disk_full(None)
    place = Place(Path(os.fsdecode(error.filename)).name if isinstance(error.filename, str | bytes) else None)
    if error.errno in NAME_TOO_LONG:
        return WorkspaceError(
            "Имя файла или путь к рабочей папке слишком длинны для этой системы.",
            place=place,
            advice="перенесите рабочую папку ближе к корню диска или сократите имя.",
        )
    if error.errno in REFUSED:
        return WorkspaceError(
            "Система не даёт прочитать или записать файл рабочей папки. Прошлый отчёт не тронут.",
            place=place,
            advice="проверьте права на рабочую папку (data, reports, .msoko), закройте её файлы в других программах "
            "и запустите снова.",
        )
    return None


def _disk_full(free: int | None) -> DiskFullError:
    left = f" Свободно {_megabytes(free)}." if free is not None else ""
    return DiskFullError(
        f"На диске не осталось места для результата.{left} Прошлый отчёт не тронут.",
        advice="освободите место (можно удалить старые запуски в папке reports) и запустите снова.",
    )


def _is_disk_full(error: OSError) -> bool:
    by_number = error.errno in NO_SPACE or getattr(error, "winerror", None) in WINDOWS_DISK_FULL
    return by_number or any(text in str(error) for text in NO_SPACE_TEXTS)


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _megabytes(size: int) -> str:
    return f"{size // 1_000_000}\u00a0МБ"
