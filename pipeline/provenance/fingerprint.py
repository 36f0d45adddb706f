"""What a report was made from, as hashes: raw files, settings, code, libraries, parameters.

On the way of a run with nothing to do, so: standard library only, and unchanged files are not read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import InputError, Place
from pipeline.paths import MULTI, PACKAGE, SHARED, Paths, shipped

if TYPE_CHECKING:
    from pipeline.settings import RunSettings

RACY_NS = 2_000_000_000
SETTINGS = ("config", "expectations", "notebooks")
NOT_FOR_NOTEBOOKS = ("notebooks/", "pipeline/export/")
FONTS = "pipeline/export/fonts/"  # charts are drawn with the report's fonts
READERS = (
    "pipeline/ingest/",
    "pipeline/tables.py",
    "pipeline/schema.py",
    "pipeline/form_tables.py",
    "pipeline/settings.py",
    "config/directions.yml",
    "config/forms/",
    "config/items/",
    "config/layouts/",
    "config/norms/",
)
LIBRARIES = (
    "great-expectations",
    "ipykernel",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "nbformat",
    "numpy",
    "openpyxl",
    "pandas",
    "papermill",
    "pyarrow",
    "pydantic",
    "pypandoc-binary",
    "python-calamine",
    "PyYAML",
    "scipy",
    "seaborn",
    "statsmodels",
    "typst",
)


@dataclass(frozen=True)
class RawFile:
    """A file as received: path relative to data/raw, sha256, size in bytes."""

    path: str
    sha256: str
    size: int


@dataclass
class Hashes:
    """Hashes of files remembered between runs in the workspace. Only a file whose size, times and inode are the same,
    and which was last changed well before it was hashed, is taken from memory."""

    store: Path
    known: dict[str, list[int | str]] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def of(cls, workspace: Path) -> Hashes:
        store = workspace / ".msoko" / "hashes.json"
        try:
            known = json.loads(store.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            known = {}
        return cls(store, known if isinstance(known, dict) else {})

    def sha256(self, path: Path, name: str) -> str:
        """Hash of a file; `name` is what it is remembered under."""
        status = path.stat()
        state = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
        match self.known.get(name):
            case [*seen, int(hashed_at), str(digest)] if seen == state and hashed_at - max(state[1:3]) > RACY_NS:
                return digest
        now = time.time_ns()
        digest = file_sha256(path)
        self.known[name] = [*state, now, digest]
        self.changed = True
        return digest

    def save(self) -> None:
        """Write the memory whole; it is only a memory, so a folder that cannot be written is no error."""
        if not self.changed:
            return
        partial = self.store.with_name(f"{self.store.name}.{os.getpid()}")
        try:
            self.store.parent.mkdir(exist_ok=True)
            partial.write_text(json.dumps(self.known, ensure_ascii=False, indent=0, sort_keys=True), encoding="utf-8")
            partial.replace(self.store)
        except OSError:
            with suppress(OSError):
                partial.unlink()
        self.changed = False


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Fingerprint:
    """Everything a report depends on. `raw` and `code` are lists of files, `libraries` name → version, `before` the
    findings of last year's report, which this one cites."""

    raw: tuple[RawFile, ...]
    code: tuple[RawFile, ...]
    libraries: Mapping[str, str]
    parameters: Mapping[str, str | int]
    before: tuple[RawFile, ...] = ()

    @property
    def total(self) -> str:
        """Of the whole run: equal totals mean that there is nothing to do."""
        return _digest((*self.raw, *self.before), self.code, self.libraries, self.parameters)

    @property
    def inputs(self) -> str:
        """Of what notebooks read. Not their own source, nor the templates: changing those does not recompute all."""
        return _digest((*self.raw, *self.before), filter(_for_notebooks, self.code), self.libraries, {})

    def of_owner(self, owner: str) -> str:
        """Of what the clean tables of one owner (a territory, `_shared`) are read from: its files, readers, layouts."""
        mine = (file for file in self.raw if file.path.startswith(f"{owner}/"))
        return _digest(mine, filter(_for_readers, self.code), self.libraries, {})

    @property
    def code_hash(self) -> str:
        return _digest((), self.code, {}, {})


def fingerprint(paths: Paths, settings: RunSettings) -> Fingerprint:
    """Read (or remember) the hashes of all a run depends on; InputError when a raw file cannot be read."""
    hashes = Hashes.of(paths.workspace)
    found = Fingerprint(
        raw=tuple(_raw_files(paths, hashes)),
        code=tuple(_code_files(paths, hashes)),
        libraries=library_versions(),
        parameters=settings.parameters(),
        before=tuple(_last_findings(paths, hashes)),
    )
    hashes.save()
    return found


def run_fingerprint(paths: Paths, settings: RunSettings) -> str:
    """One hash over raw files, settings, code, libraries and parameters."""
    return fingerprint(paths, settings).total


def raw_files(paths: Paths) -> list[RawFile]:
    """Files of the territory and of `_shared` for the years up to the report year, in a fixed order."""
    hashes = Hashes.of(paths.workspace)
    found = list(_raw_files(paths, hashes))
    hashes.save()
    return found


def library_versions(names: Iterable[str] = LIBRARIES) -> dict[str, str]:
    """Versions of Python and of the libraries that make the numbers and the pages; "" for one not installed."""
    versions = {"python": platform.python_version()}
    for name in names:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = ""
    return versions


def _raw_files(paths: Paths, hashes: Hashes) -> Iterator[RawFile]:
    root = paths.workspace / "data" / "raw"
    for owner in (paths.territory, SHARED):
        for folder in _year_folders(root / owner, int(paths.year)):
            for path in _walk(folder):
                name = path.relative_to(root).as_posix()
                yield _raw_file(path, name, hashes)


def _raw_file(path: Path, name: str, hashes: Hashes) -> RawFile:
    if any("\ud800" <= letter <= "\udfff" for letter in name):
        raise InputError(
            "Имя файла или папки записано в чужой кодировке (так бывает после распаковки архива из Windows).",
            place=Place(path.name.encode("utf-8", "replace").decode()),
            advice="переименуйте файл (и папку, в которой он лежит) и запустите снова.",
        )
    try:
        return RawFile(name, hashes.sha256(path, f"raw/{name}"), path.stat().st_size)
    except OSError as error:
        raise InputError(
            "Файл не открывается для чтения.",
            place=Place(path.name),
            advice="закройте его в других программах и проверьте права доступа.",
        ) from error


def _year_folders(root: Path, last: int) -> list[Path]:
    folders = [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []
    return sorted(path for path in folders if path.name == MULTI or (path.name.isdecimal() and int(path.name) <= last))


def _last_findings(paths: Paths, hashes: Hashes) -> Iterator[RawFile]:
    """Findings of last year's report, when it was made in this workspace."""
    path = paths.for_year(int(paths.year) - 1).findings / "findings.parquet"
    if path.is_file():
        name = path.relative_to(paths.workspace).as_posix()
        yield RawFile(name, hashes.sha256(path, name), path.stat().st_size)


def _code_files(paths: Paths, hashes: Hashes) -> Iterator[RawFile]:
    """The package, the shipped settings and the workspace's own, under names without a machine's folders."""
    roots = {"pipeline": PACKAGE} | {name: shipped(name) for name in SETTINGS}
    own = {f"workspace/{name}": paths.workspace / name for name in SETTINGS}
    shipped_roots = set(roots.values())
    for name, root in (roots | {key: path for key, path in own.items() if path not in shipped_roots}).items():
        for path in _walk(root, skip=("__pycache__", "_shipped")):
            relative = f"{name}/{path.relative_to(root).as_posix()}"
            yield RawFile(relative, hashes.sha256(path, relative), path.stat().st_size)


def _walk(root: Path, skip: tuple[str, ...] | None = None) -> Iterator[Path]:
    """Files under a folder in a fixed order. With `skip` (code): neither those folders nor hidden names."""
    for folder, names, files in os.walk(root, onerror=_closed if skip is None else None):
        names[:] = sorted(name for name in names if skip is None or (name not in skip and not name.startswith(".")))
        for file in sorted(files):
            if skip is None or not file.startswith("."):
                yield Path(folder) / file


def _closed(error: OSError) -> None:
    """A folder of raw files that may not be looked into: what it holds must not silently be left out."""
    if isinstance(error, PermissionError):
        raise InputError(
            "Папка не открывается для чтения.",
            place=Place(Path(str(error.filename)).name),
            advice="проверьте права на эту папку или перенесите файлы из неё.",
        ) from error


def _for_notebooks(file: RawFile) -> bool:
    path = file.path.removeprefix("workspace/")
    return path.startswith(FONTS) or not path.startswith(NOT_FOR_NOTEBOOKS)


def _for_readers(file: RawFile) -> bool:
    return file.path.removeprefix("workspace/").startswith(READERS)


def _digest(
    raw: Iterable[RawFile], code: Iterable[RawFile], libraries: Mapping[str, str], parameters: Mapping[str, str | int]
) -> str:
    content = [
        [[file.path, file.sha256] for file in raw],
        [[file.path, file.sha256] for file in code],
        sorted(libraries.items()),
        sorted(parameters.items()),
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
