"""The ingest stage: drop folders of all years → clean tables, the inventory, remarks.

Each (owner, year) has its own `1_clean`; the owner is the territory or `_shared`. An owner's folders are read anew
only when one of its files, or the code or settings that read them, has changed (`token`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.errors import EmptyInboxError, Place
from pipeline.ingest import inbox, merge, organisations
from pipeline.ingest.layouts import LAYOUTS
from pipeline.ingest.layouts.declared import declared_layouts
from pipeline.ingest.privacy import Pseudonyms, load_or_create_key
from pipeline.ingest.reading import Door, Layout, Remark
from pipeline.paths import MULTI, SHARED, Paths
from pipeline.settings import load_subjects

TOKEN, INVENTORY, REMARKS = "fingerprint", "inventory.json", "remarks.json"
# Files of many territories have no register: said of a territory's own files only.
REGISTER_REMARKS = {"no_register", "org_not_in_register"}
Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Gathered:
    """What the files of a territory gave: clean tables of all years, inventory records, remarks."""

    tables: Mapping[str, pd.DataFrame]
    inventory: Sequence[Mapping[str, Any]]
    remarks: Sequence[Remark]


def gather(paths: Paths, tokens: Mapping[str, str], progress: inbox.Progress) -> Gathered:
    """Clean tables of the territory and of `_shared`; `tokens` maps each owner to the fingerprint of what it is read
    from. Raises the first InputError of a file that cannot be used, EmptyInboxError when there is nothing at all."""
    owners = {owner: year_folders(paths, owner) for owner in (paths.territory, SHARED)}
    if not any(_has_files(folder) for folders in owners.values() for folder in folders):
        raise _nothing(paths)
    for owner, folders in owners.items():
        if folders and not _kept(paths, owner, folders, tokens[owner]):
            _read_owner(paths, owner, folders, tokens[owner], progress)
    stored = [clean_folder(paths, owner, folder.name) for owner, folders in owners.items() for folder in folders]
    return _joined(stored)


def year_folders(paths: Paths, owner: str) -> list[Path]:
    """Year folders of an owner up to the report year, and `multi`."""
    root = paths.raw.parent.parent / owner
    folders = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    return [f for f in folders if f.name == MULTI or (f.name.isdecimal() and int(f.name) <= int(paths.year))]


def clean_folder(paths: Paths, owner: str, year: str) -> Path:
    return paths.workspace / "data" / "processed" / owner / year / "1_clean"


def _has_files(folder: Path) -> bool:
    return any(path.is_file() for path in folder.rglob("*"))


def _nothing(paths: Paths) -> EmptyInboxError:
    return EmptyInboxError(
        f"Папка с исходными файлами пуста: data/raw/{paths.territory}/{paths.year}.",
        place=Place(f"data/raw/{paths.territory}/{paths.year}"),
        advice="положите в неё выгрузки ФИС ОКО, протоколы РЦОИ и другие файлы под любыми именами и запустите снова.",
    )


def _kept(paths: Paths, owner: str, folders: Iterable[Path], token: str) -> bool:
    """Are all years of the owner already read from exactly these files by exactly this code?"""
    marks = [clean_folder(paths, owner, folder.name) / TOKEN for folder in folders]
    return all(mark.is_file() and mark.read_text(encoding="utf-8") == token for mark in marks)


def _read_owner(paths: Paths, owner: str, folders: Sequence[Path], token: str, progress: inbox.Progress) -> None:
    """Read all years of an owner (the register of one serves all), then write each year's clean tables."""
    door = Door(load_subjects(paths), Pseudonyms(load_or_create_key(paths.key_file)))
    layouts: list[Layout] = [*LAYOUTS, declared_layouts(paths)]
    entries = {folder: _entries(folder, owner, layouts, door, progress) for folder in folders}
    error = inbox.first_error(entry for found in entries.values() for entry in found)
    if error is not None:
        raise error
    register = tables.combine("organisations", (f for found in entries.values() for f in _frames(found, "organisations")))
    for folder, found in entries.items():
        _write_year(clean_folder(paths, owner, folder.name), found, register, token, shared=owner == SHARED)


def _entries(
    folder: Path, owner: str, layouts: Sequence[Layout], door: Door, progress: inbox.Progress
) -> list[inbox.Entry]:
    prefix = f"{owner}/{folder.name}" if owner == SHARED else folder.name
    year = None if folder.name == MULTI else int(folder.name)
    return inbox.read_folder(folder, prefix, year, layouts, door, progress)


def _frames(entries: Iterable[inbox.Entry], name: str) -> list[pd.DataFrame]:
    return [e.reading.tables[name] for e in entries if e.reading is not None and name in e.reading.tables]


def _write_year(
    target: Path, entries: Sequence[inbox.Entry], register: pd.DataFrame, token: str, *, shared: bool
) -> None:
    frames = [(name, frame) for name in tables.CLEAN if name != "organisations" for frame in _frames(entries, name)]
    resolved = organisations.resolve(frames, register)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    tables.write("organisations", resolved.organisations, target / "organisations.parquet")
    for name in {name for name, _ in resolved.frames}:
        whole = tables.combine(name, (frame for other, frame in resolved.frames if other == name))
        tables.write(name, whole, target / f"{name}.parquet")
    found = [remark for remark in resolved.remarks if not (shared and remark.code in REGISTER_REMARKS)]
    remarks = [remark for entry in entries for remark in entry.remarks] + found
    _write_json(target / INVENTORY, [_record(entry) for entry in entries])
    _write_json(target / REMARKS, [asdict(remark) for remark in remarks])
    (target / TOKEN).write_text(token, encoding="utf-8")


def _record(entry: inbox.Entry) -> dict[str, Any]:
    remarks = [{"severity": r.severity, "code": r.code, "message": r.message} for r in entry.remarks]
    return {
        "file": entry.file,
        "sha256": entry.sha256,
        "size": entry.size,
        "layout": entry.layout,
        "title": entry.title,
        "rows": entry.rows,
        "remarks": remarks,
    }


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def _joined(folders: Sequence[Path]) -> Gathered:
    """All years as one: rows that stand in two files are counted once and reported, differing ones are critical."""
    inventory = [record for folder in folders for record in _read_json(folder / INVENTORY)]
    remarks = [_remark(record) for folder in folders for record in _read_json(folder / REMARKS)]
    joined: Frames = {}
    for name in tables.CLEAN:
        frames = [tables.read(name, folder / f"{name}.parquet") for folder in folders]
        if name == "organisations":  # every year of an owner holds its whole register
            frames = [tables.combine(name, frames).drop_duplicates([*tables.ORGANISATIONS.key])]
        joined[name], found = merge.merge(name, [frame for frame in frames if len(frame)])
        remarks += found
    return Gathered(joined, inventory, _once(remarks))


def _read_json(path: Path) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return records


def _remark(record: Mapping[str, Any]) -> Remark:
    return Remark(**{**record, "place": Place(**record["place"])})


def _once(remarks: Iterable[Remark]) -> list[Remark]:
    """Each remark once: years resolved apart say the same of a missing register."""
    return list(dict.fromkeys(remarks))


def progress_lines(say: Callable[[str], None]) -> inbox.Progress:
    """Progress as lines: every file of a small folder, every tenth of a large one."""

    def show(done: int, total: int, name: str) -> None:
        if total <= 20 or done % 10 == 0 or done == total:
            say(f"  файл {done} из {total}: {name}")

    return show
