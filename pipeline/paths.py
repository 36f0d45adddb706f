"""Every path of a workspace, in one place. Nothing here touches the disk except `find_workspace`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import WorkspaceError

PACKAGE = Path(__file__).resolve().parent
SHARED = "_shared"
MULTI = "multi"


def shipped(name: str) -> Path:
    """A folder that ships with the code (`config`, `expectations`, `notebooks`), in a checkout or in a wheel."""
    inside = PACKAGE / "_shipped" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def find_workspace(given: str | Path | None = None) -> Path:
    """The workspace: as given, else MSOKO_WORKSPACE, else the nearest parent that holds data/raw."""
    named = given or os.environ.get("MSOKO_WORKSPACE")
    if named:
        return _there(Path(named).resolve())
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "data" / "raw").is_dir():
            return folder
    raise WorkspaceError(
        "Рабочая папка не найдена: ни в текущей папке, ни выше нет «data/raw».",
        advice="перейдите в рабочую папку или укажите её: msoko run … --workspace ПАПКА",
    )


def _there(folder: Path) -> Path:
    if folder.is_dir():
        return folder
    raise WorkspaceError(
        f"Рабочей папки «{folder.name}» нет.",
        advice="проверьте, как она названа, или создайте её с примером: msoko report --workspace ПАПКА",
    )


@dataclass(frozen=True)
class Paths:
    """Paths of one (workspace, territory, report year, edition). `territory` may be `_shared`."""

    workspace: Path
    territory: str
    year: int | str
    edition: str = "internal"

    @property
    def raw(self) -> Path:
        return self.workspace / "data" / "raw" / self.territory / str(self.year)

    @property
    def processed(self) -> Path:
        return self.workspace / "data" / "processed" / self.territory / str(self.year)

    @property
    def clean(self) -> Path:
        return self.processed / "1_clean"

    @property
    def indicators(self) -> Path:
        return self.processed / "2_indicators"

    @property
    def findings(self) -> Path:
        return self.processed / "3_findings"

    @property
    def release(self) -> Path:
        return self.processed / "4_release" / self.edition

    @property
    def executed(self) -> Path:
        """Cache of executed notebooks, one folder a notebook."""
        return self.processed / "executed" / self.edition

    @property
    def failed(self) -> Path:
        """Where the executed copy of a notebook that failed is kept."""
        return self.processed / "failed"

    @property
    def reports(self) -> Path:
        return self.workspace / "reports" / self.territory / str(self.year) / self.edition

    @property
    def latest(self) -> Path:
        """Text file with the name of the newest whole run."""
        return self.reports / "latest"

    @property
    def lock(self) -> Path:
        return self.reports / ".lock"

    @property
    def key_file(self) -> Path:
        """Secret key of the pseudonyms: in the workspace, never in the repository or in a report."""
        return self.workspace / ".msoko" / "pseudonym.key"

    def for_year(self, year: int | str) -> Paths:
        return Paths(self.workspace, self.territory, year, self.edition)

    def shared(self, year: int | str) -> Paths:
        return Paths(self.workspace, SHARED, year, self.edition)

    def config(self, relative: str) -> Path:
        """A configuration file: the workspace's own copy, else the shipped one."""
        own = self.workspace / "config" / relative
        return own if own.exists() else shipped("config") / relative

    def config_files(self, folder: str, pattern: str = "*.yml") -> list[Path]:
        """All files of a configuration folder, the workspace overlaying the shipped ones by name."""
        found = {path.name: path for path in sorted((shipped("config") / folder).glob(pattern))}
        found |= {path.name: path for path in sorted((self.workspace / "config" / folder).glob(pattern))}
        return [found[name] for name in sorted(found)]
