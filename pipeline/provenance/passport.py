"""passport.json says what a report was made from and is the same for the same input; run.json says when and where."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.provenance.fingerprint import Fingerprint, file_sha256

PASSPORT = "passport.json"
RUN = "run.json"
SCHEMA = 1
ABSOLUTE = re.compile(r"(?:[A-Za-z]:[\\/]|/(?:[^/\s]+/)+|\\\\)")


def build_passport(
    made_from: Fingerprint,
    *,
    files: Sequence[Mapping[str, Any]],
    checks: Mapping[str, Any],
    indicators: int,
    outputs: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The passport of a report.

    `files` describes inputs as the inventory saw them, each with a `path` relative to data/raw and what is known of it
    (recognised as, rows, remarks); hash and size are added here. `checks` is the summary of the ledger, `indicators`
    the number of indicator rows, `outputs` comes from `list_outputs`. ValueError when a value is an absolute path or
    not plain JSON: the passport must not depend on the machine.
    """
    known = {str(file["path"]): dict(file) for file in files}
    passport = {
        "schema": SCHEMA,
        "fingerprint": made_from.total,
        "parameters": dict(made_from.parameters),
        "files": [known.get(raw.path, {}) | asdict(raw) for raw in made_from.raw],
        "code": made_from.code_hash,
        "libraries": dict(made_from.libraries),
        "checks": dict(checks),
        "indicators": indicators,
        "outputs": [dict(output) for output in outputs],
    }
    for text in _texts(passport):
        if ABSOLUTE.match(text):
            raise ValueError(f"an absolute path in the passport: {text}")
    json.dumps(passport)
    return passport


def made_from_same(run: Path, made_from: Fingerprint) -> bool:
    """Was the published run made from exactly these files, settings, code and parameters?"""
    try:
        passport = json.loads((run / PASSPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(passport.get("fingerprint") == made_from.total)


def build_run(
    *,
    started: str,
    finished: str,
    seconds: Mapping[str, float],
    commit: str | None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What cannot be equal between two runs: clock (ISO texts), seconds a stage took, commit, platform without host."""
    return {
        "schema": SCHEMA,
        "started": started,
        "finished": finished,
        "seconds": {stage: round(spent, 3) for stage, spent in seconds.items()},
        "commit": commit,
        "platform": f"{platform.system()} {platform.machine()}".strip(),
        "python": platform.python_version(),
        **dict(extra or {}),
    }


def list_outputs(folder: Path) -> list[dict[str, Any]]:
    """Files of a built report with sha256 and size, in a fixed order; the passport and run.json are not listed."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in (PASSPORT, RUN))
    return [
        {"path": path.relative_to(folder).as_posix(), "sha256": file_sha256(path), "size": path.stat().st_size}
        for path in files
    ]


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON whole: UTF-8, one key a line, the same bytes for the same content on every system."""
    partial = path.with_name(f".{path.name}-{os.getpid()}")
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    partial.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    partial.replace(path)


def commit_of(folder: Path) -> str | None:
    """Commit of a checkout, with «+» when files differ from it; None outside a repository or without git."""
    commit = _git(folder, "rev-parse", "HEAD") if (folder / ".git").exists() else None
    if commit is None:
        return None
    return commit + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else "")


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace").strip()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
