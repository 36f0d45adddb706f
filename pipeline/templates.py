"""From the register and the settings to the collection forms of a year: what `msoko templates` writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline import tables
from pipeline.errors import InputError, Place, WorkspaceError
from pipeline.execution.publication import disk_errors
from pipeline.indicators.passport import load_passports
from pipeline.ingest import inbox
from pipeline.ingest.layouts.declared import declared_layouts
from pipeline.ingest.layouts.declared_register import RegisterRow
from pipeline.ingest.layouts.municipal_form import MunicipalForm, municipal_form
from pipeline.ingest.privacy import KEY_BYTES, Pseudonyms
from pipeline.ingest.reading import Door
from pipeline.ingest.stage import year_folders
from pipeline.ingest.workbook import NotATable, open_workbook
from pipeline.paths import MULTI, Paths
from pipeline.settings import load_subjects
from pipeline.territory.profile import Profile, load_profile
from pipeline.territory.roadmap import Roadmap, load_roadmap

Say = Callable[[str], None]
FOLDER, EACH = "forms", "организации"
NO_KEY = b"\0" * KEY_BYTES  # nothing here names a pupil


@dataclass(frozen=True)
class Written:
    """The form of the whole municipality, and those of single organisations if they were asked for."""

    whole: Path
    single: tuple[Path, ...] = ()


def write_templates(paths: Paths, say: Say, *, each: bool = False) -> Written:
    """Write the forms of a year into the workspace, over those of an earlier call; raw files are only read."""
    profile = load_profile(paths)
    form = municipal_form(paths)
    listed = register_rows(paths)
    _say_what_is_missing(form, listed, say)
    rows = (*listed, *_department(form, listed, profile))
    folder = paths.workspace / FOLDER / paths.territory / str(paths.year)
    whole = folder / f"Форма_сбора_{paths.year}.xlsx"
    records = {"roadmap": _roadmap_records(load_roadmap(paths, profile.roadmap))} if profile.roadmap else {}
    titles = {passport.id: passport.title for passport in load_passports(paths.config_files("indicators"))}
    _refuse_filled(form, [whole, *sorted((folder / EACH).glob("*.xlsx"))] if each else [whole], paths)
    with disk_errors(paths):
        folder.mkdir(parents=True, exist_ok=True)
        form.write(whole, int(paths.year), rows, records=records, lists={"indicator": titles})
        return Written(whole, tuple(_each(form, folder / EACH, int(paths.year), rows)) if each else ())


def _each(form: MunicipalForm, folder: Path, year: int, rows: Iterable[RegisterRow]) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    for row in rows:
        path = folder / f"{row.org_id}.xlsx"
        form.write_one(path, year, row)
        yield path


def _refuse_filled(form: MunicipalForm, files: Iterable[Path], paths: Paths) -> None:
    """A form in which somebody has written is never overwritten."""
    door = Door(load_subjects(paths), Pseudonyms(NO_KEY))
    for path in files:
        if path.exists() and _is_filled(form, path, door):
            raise WorkspaceError(
                "Форма уже заполняется: новая её бы стёрла.",
                place=Place(path.name),
                advice=f"переложите заполненную форму в data/raw/{paths.territory}/{paths.year} и запустите снова.",
            )


def _is_filled(form: MunicipalForm, path: Path, door: Door) -> bool:
    """Also a file of that name which is no form, or one that cannot be read: it is not ours to replace."""
    try:
        book = open_workbook(path)
        return not form.recognises(book) or bool(form.read(book, door).tables)
    except (InputError, NotATable):
        return True


def _department(form: MunicipalForm, listed: Iterable[RegisterRow], profile: Profile) -> list[RegisterRow]:
    """The department itself, under the code of the territory, when the register does not name it."""
    types = (form.form.words.types_of(row.org_type) for row in listed)
    if any("department" in kinds for kinds in types):
        return []
    name = profile.department or "Орган управления образованием"
    return [RegisterRow(org_id=profile.code, name=name, org_type="управление образования")]


def register_rows(paths: Paths) -> tuple[RegisterRow, ...]:
    """The organisations of the register that lies among the raw files of any year; none when there is no register."""
    door = Door(load_subjects(paths), Pseudonyms(NO_KEY))
    frames = []
    for folder in year_folders(paths, paths.territory):
        year = None if folder.name == MULTI else int(folder.name)
        for entry in inbox.read_folder(folder, folder.name, year, [declared_layouts(paths)], door, _quietly):
            if entry.reading is not None and "organisations" in entry.reading.tables:
                frames.append(entry.reading.tables["organisations"])
    return tuple(_rows(tables.combine("organisations", frames)))


def _quietly(done: int, total: int, name: str) -> None:
    """Nothing is said of the files: only the register matters here."""


def _rows(register: pd.DataFrame) -> Iterator[RegisterRow]:
    """One row an organisation: open while any of its codes is."""
    for org_id, codes in register.groupby("org_id", sort=False):
        last = codes.iloc[-1]
        yield RegisterRow(
            org_id=str(org_id),
            name=str(last["name"]),
            org_type=_text(last["org_type"]),
            settlement=_text(last["settlement"]),
            valid_from="" if codes["valid_from"].isna().any() else str(codes["valid_from"].min()),
            valid_to="" if codes["valid_to"].isna().any() else str(codes["valid_to"].max()),
        )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _roadmap_records(roadmap: Roadmap) -> list[Mapping[str, object]]:
    """Items of the roadmap as rows of its sheet: what the document says, with the state left to be filled in."""
    return [
        {
            "item": item.key,
            "title": item.title,
            "due": item.due_as_written,
            "by_document": item.responsible,
            "expected": item.evidence,
        }
        for item in roadmap.items
    ]


def _say_what_is_missing(form: MunicipalForm, rows: Iterable[RegisterRow], say: Say) -> None:
    listed = list(rows)
    if not listed:
        say("Реестр организаций в data/raw не найден: в форме пустые строки, названия впишут вручную.")
    untold = [row.name for row in listed if not form.form.words.types_of(row.org_type)]
    if untold:
        named = ", ".join(f"«{name}»" for name in untold[:3]) + (" и другие" if len(untold) > 3 else "")
        say(f"Вид организации в реестре не указан или не узнан ({len(untold)}): {named}. Они учтены как школы.")


__all__ = ["Written", "register_rows", "write_templates"]
