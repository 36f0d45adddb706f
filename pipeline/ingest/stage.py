"""The ingest stage: drop folders of all years → clean tables, the inventory, remarks.

Each (owner, year) has its own `1_clean`; the owner is the territory or `_shared`. An owner's folders are read anew
only when one of its files, or the code or settings that read them, has changed (`token`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.errors import EmptyInboxError, Place
from pipeline.ingest import inbox, merge, organisations
from pipeline.ingest.layouts import LAYOUTS
from pipeline.ingest.layouts.declared import declared_layouts
from pipeline.ingest.layouts.form_model import Form
from pipeline.ingest.layouts.municipal_form import municipal_form
from pipeline.ingest.privacy import Pseudonyms, load_or_create_key
from pipeline.ingest.reading import Door, Layout, Remark
from pipeline.paths import MULTI, SHARED, Paths
from pipeline.settings import load_subjects

REPEATED = 3  # remarks of one kind on one file that the inventory spells out
TOKEN, INVENTORY, REMARKS = "fingerprint", "inventory.json", "remarks.json"
# Files of many territories have no register: said of a territory's own files only.
REGISTER_REMARKS = {"no_register", "org_not_in_register"}


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
    stored = {
        owner: [clean_folder(paths, owner, folder.name) for folder in folders] for owner, folders in owners.items()
    }
    return _joined(stored[paths.territory], stored[SHARED], load_subjects(paths).title, _form_words(paths))


def _form_words(paths: Paths) -> merge.Words:
    """Codes of the collection form in words; the form is loaded when the first one is asked for."""

    @cache
    def form() -> Form:
        return municipal_form(paths).form

    return lambda table, column, code: form().said(table, column, code)


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
        advice="положите в неё выгрузки ФИС ОКО, протоколы РЦОИ и другие файлы под любыми именами и запустите снова.",
    )


def _kept(paths: Paths, owner: str, folders: Iterable[Path], token: str) -> bool:
    """Are all years of the owner already read from exactly these files by exactly this code, and still whole?"""
    targets = [clean_folder(paths, owner, folder.name) for folder in folders]
    marks = [(target, target / TOKEN) for target in targets]
    return all(mark.is_file() and mark.read_bytes() == _seal(target, token) for target, mark in marks)


def _seal(target: Path, token: str) -> bytes:
    """What the clean tables were read from and what they are: a table that was lost or cut is read anew."""
    written = [
        path for path in sorted(target.iterdir()) if path.suffix == ".parquet" or path.name in (INVENTORY, REMARKS)
    ]
    lines = [token, *(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in written)]
    return ("\n".join(lines) + "\n").encode()


def _read_owner(paths: Paths, owner: str, folders: Sequence[Path], token: str, progress: inbox.Progress) -> None:
    """Read all years of an owner (the register of one serves all), then write each year's clean tables."""
    door = Door(load_subjects(paths), Pseudonyms(load_or_create_key(paths.key_file)))
    layouts: list[Layout] = [*LAYOUTS, municipal_form(paths), declared_layouts(paths)]
    entries = {folder: _entries(folder, owner, layouts, door, progress) for folder in folders}
    error = inbox.first_error(entry for found in entries.values() for entry in found)
    if error is not None:
        raise error
    found = {folder: _frames(read) for folder, read in entries.items()}
    register = tables.combine(
        "organisations", [f for pairs in found.values() for n, f in pairs if n == "organisations"]
    )
    everything = [pair for pairs in found.values() for pair in pairs if pair[0] != "organisations"]
    resolved = organisations.resolve(everything, register)
    remarks = [r for r in resolved.remarks if owner != SHARED or r.code not in REGISTER_REMARKS]
    known = _with_places(resolved.organisations, [frame for _, frame in resolved.frames])
    ready = iter(resolved.frames)
    for place, (folder, pairs) in enumerate(found.items()):
        mine = [next(ready) for name, _ in pairs if name != "organisations"]
        said = [remark for entry in entries[folder] for remark in entry.remarks] + (remarks if place == 0 else [])
        target = clean_folder(paths, owner, folder.name)
        _write_year(target, mine, known if place == 0 else tables.empty("organisations"))
        _write_json(target / INVENTORY, [_record(entry) for entry in entries[folder]])
        _write_json(target / REMARKS, [asdict(remark) for remark in said])
        (target / TOKEN).write_bytes(_seal(target, token))


def _with_places(known: pd.DataFrame, frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Organisations with the municipality that the files with results name, where the register is silent; a name
    goes before a bare code."""
    placed = (frame[["org_id", "municipality"]].dropna() for frame in frames if "municipality" in frame.columns)
    named = [frame for frame in placed if len(frame)]
    if not named:
        return known
    said = pd.concat(named, ignore_index=True).drop_duplicates()
    said = said.assign(code=said["municipality"].str.isdigit()).sort_values("code", kind="stable")
    by_id = said.drop_duplicates("org_id").set_index("org_id")["municipality"]
    return known.assign(municipality=known["municipality"].fillna(known["org_id"].map(by_id)))


def _entries(
    folder: Path, owner: str, layouts: Sequence[Layout], door: Door, progress: inbox.Progress
) -> list[inbox.Entry]:
    prefix = f"{owner}/{folder.name}" if owner == SHARED else folder.name
    year = None if folder.name == MULTI else int(folder.name)
    return inbox.read_folder(folder, prefix, year, layouts, door, progress)


def _frames(entries: Iterable[inbox.Entry]) -> list[tuple[str, pd.DataFrame]]:
    """(name of clean table, frame) of every file that was read, in the order of files."""
    readings = [entry.reading for entry in entries if entry.reading is not None]
    return [(name, reading.tables[name]) for reading in readings for name in tables.CLEAN if name in reading.tables]


def _write_year(target: Path, frames: Sequence[tuple[str, pd.DataFrame]], register: pd.DataFrame) -> None:
    """Clean tables of one year in a fresh folder; the organisations of all years stand in the first one."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    tables.write("organisations", register, target / "organisations.parquet")
    for name in sorted({name for name, _ in frames}):
        whole = tables.combine(name, (frame for other, frame in frames if other == name))
        tables.write(name, whole, target / f"{name}.parquet")


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


def _joined(own: Sequence[Path], shared: Sequence[Path], subject: Callable[[str], str], words: merge.Words) -> Gathered:
    """All years as one: rows that stand in two files are counted once and reported, differing ones are critical.

    Shared files are read without a register, so what the territory's own register knows of is adopted here.
    """
    folders = [*own, *shared]
    inventory = [record for folder in folders for record in _read_json(folder / INVENTORY)]
    remarks = [_remark(record) for folder in folders for record in _read_json(folder / REMARKS)]
    register = tables.combine("organisations", (_stored("organisations", folder) for folder in own))
    joined: dict[str, pd.DataFrame] = {}
    for name in tables.CLEAN:
        adopted = (organisations.adopt(name, _stored(name, folder), register) for folder in shared)
        frames = [frame for frame in (*(_stored(name, folder) for folder in own), *adopted) if len(frame)]
        joined[name], found = merge.merge(name, frames, subject, words)
        remarks += found
    found_all = list(dict.fromkeys(remarks))
    return Gathered(joined, [_about(record, found_all) for record in inventory], found_all)


def _about(record: Mapping[str, Any], remarks: Sequence[Remark]) -> dict[str, Any]:
    """The inventory record with every remark on its file, also those that only the joined tables gave."""
    mine = [remark for remark in remarks if remark.place.file == record["file"]]
    said: list[dict[str, str]] = []
    for code, count in Counter(remark.code for remark in mine).items():
        of_code = [remark for remark in mine if remark.code == code]
        said += [{"severity": r.severity, "code": r.code, "message": r.message} for r in of_code[:REPEATED]]
        if count > REPEATED:
            more = f"Таких замечаний ещё {count - REPEATED}."
            said.append({"severity": of_code[0].severity, "code": code, "message": more})
    return {**record, "remarks": said}


def _stored(name: str, folder: Path) -> pd.DataFrame:
    return tables.read(name, folder / f"{name}.parquet")


def _read_json(path: Path) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return records


def _remark(record: Mapping[str, Any]) -> Remark:
    return Remark(**{**record, "place": Place(**record["place"])})
