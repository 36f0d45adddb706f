"""Executed notebooks kept between runs: one folder a notebook, reused when nothing it depends on has changed.

NN_code/
    executed.ipynb     the cleaned executed notebook
    handoff/           what pipeline.notebook wrote for later notebooks and for the report
    fingerprint.txt    line 1: key of the inputs; line 2: sha256 of the two above
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.execution.plan import Notebook

DRAFT = ".draft-"
OLD = ".old-"
IGNORED = ".ipynb_checkpoints"


@dataclass(frozen=True)
class Entry:
    """The folder of one executed notebook."""

    folder: Path

    @property
    def executed(self) -> Path:
        return self.folder / "executed.ipynb"

    @property
    def handoff(self) -> Path:
        return self.folder / "handoff"

    @property
    def fingerprint(self) -> Path:
        return self.folder / "fingerprint.txt"


def entry(root: Path, notebook: Notebook) -> Entry:
    return Entry(root / notebook.name)


def key(source: Path, parameters: Mapping[str, Any], inputs: str, upstream: Sequence[Entry] = ()) -> str:
    """Fingerprint of everything a notebook depends on; `upstream` are the entries whose handoffs it reads."""
    parts = [
        hashlib.sha256(source.read_bytes()).hexdigest(),
        json.dumps(dict(parameters), sort_keys=True, ensure_ascii=False),
        inputs,
        *(f"{earlier.folder.name}:{_digest(earlier.handoff)}" for earlier in upstream),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def fresh(kept: Entry, wanted: str) -> bool:
    """True when the folder is whole, was made from the same inputs and nobody has edited it since."""
    if not (kept.executed.is_file() and kept.fingerprint.is_file()):
        return False
    return kept.fingerprint.read_text(encoding="utf-8").split() == [wanted, _digest(kept.executed, kept.handoff)]


@contextmanager
def draft(kept: Entry) -> Iterator[Entry]:
    """A folder to build an entry in; removed when the block ends, unless `keep` has moved it into place."""
    folder = kept.folder.parent / f"{DRAFT}{os.getpid()}-{kept.folder.name}"
    shutil.rmtree(folder, ignore_errors=True)
    building = Entry(folder)
    building.handoff.mkdir(parents=True)
    try:
        yield building
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(building: Entry, kept: Entry, made_from: str) -> None:
    """Seal a draft and put it in place of the older entry. A kill in between leaves no entry, never half of one."""
    seal = f"{made_from}\n{_digest(building.executed, building.handoff)}\n"
    building.fingerprint.write_text(seal, encoding="utf-8", newline="\n")
    old = kept.folder.parent / f"{OLD}{os.getpid()}-{kept.folder.name}"
    if kept.folder.exists():
        kept.folder.replace(old)
    building.folder.replace(kept.folder)
    shutil.rmtree(old, ignore_errors=True)


def sweep(root: Path) -> None:
    """Remove what a killed run left: drafts, replaced entries and folders without a seal. Call under the run lock."""
    for folder in [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []:
        if folder.name.startswith((DRAFT, OLD)) or not Entry(folder).fingerprint.is_file():
            shutil.rmtree(folder, ignore_errors=True)


def _digest(*paths: Path) -> str:
    """Hash of files and folders by relative name and content."""
    total = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and IGNORED not in file.parts:
                name = file.relative_to(path.parent).as_posix()
                total.update(f"{name}:{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()
