"""What the repository consists of, for the tests that read it as text."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", "raw", "processed", "reports", "dist", "build", "__pycache__", "node_modules"}
BINARY = {".ttf", ".otf", ".png", ".jpg", ".xls", ".xlsx", ".ods", ".parquet", ".pdf", ".docx", ".zip"}


def files() -> list[Path]:
    """Tracked files; in a copy without git (a downloaded archive) all files but what runs and tools make."""
    listed = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True) if (ROOT / ".git").exists() else None
    )
    if listed is not None and listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
        return [ROOT / name for name in names if (ROOT / name).is_file()]
    return sorted(path for path in ROOT.rglob("*") if path.is_file() and _ours(path.relative_to(ROOT)))


def _ours(path: Path) -> bool:
    hidden = [part for part in path.parts[:-1] if part.startswith(".") and part != ".ci"]
    return not hidden and not NOT_OURS & set(path.parts[:-1])


def texts() -> dict[str, str]:
    """Text of every text file of the repository, by its path from the root."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in files()
        if path.suffix.lower() not in BINARY
    }


def modules(*folders: str) -> list[Path]:
    """All Python files of the given folders, sorted."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
