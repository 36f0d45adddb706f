"""The fixed order of the fourteen notebooks, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import NotebookError, Place
from pipeline.paths import shipped


@dataclass(frozen=True)
class Notebook:
    """One notebook of the plan. `waits`: it reads what all earlier ones handed on, so it runs alone, after them."""

    number: str
    code: str
    waits: bool = False

    @property
    def name(self) -> str:
        return f"{self.number}_{self.code}"

    @property
    def file(self) -> str:
        return f"{self.name}.ipynb"


NOTEBOOKS = (
    Notebook("00", "data_quality"),
    Notebook("01", "achievement"),
    Notebook("02", "objectivity"),
    Notebook("03", "low_results"),
    Notebook("04", "talent"),
    Notebook("05", "career"),
    Notebook("06", "heads"),
    Notebook("07", "teachers"),
    Notebook("08", "methodical"),
    Notebook("09", "upbringing"),
    Notebook("10", "preschool"),
    Notebook("11", "integrated", waits=True),
    Notebook("12", "management_cycle", waits=True),
    Notebook("13", "annual_report", waits=True),
)


def groups(plan: Sequence[Notebook]) -> list[tuple[Notebook, ...]]:
    """The plan cut into groups that run one after another; inside a group notebooks may run side by side."""
    cut: list[tuple[Notebook, ...]] = []
    for notebook in plan:
        if cut and not notebook.waits and not cut[-1][-1].waits:
            cut[-1] = (*cut[-1], notebook)
        else:
            cut.append((notebook,))
    return cut


def source(notebook: Notebook, workspace: Path) -> Path:
    """The notebook's file: the workspace's own copy, else the shipped one; NotebookError when there is neither."""
    for folder in (workspace / "notebooks", shipped("notebooks")):
        if (folder / notebook.file).is_file():
            return folder / notebook.file
    raise NotebookError(
        f"Нет блокнота «{notebook.file}».",
        place=Place(notebook.file),
        advice="верните файл в папку notebooks или удалите её, тогда будут взяты блокноты из поставки.",
    )


def sources(plan: Sequence[Notebook], workspace: Path) -> dict[Notebook, Path]:
    """Files of the whole plan, in its order."""
    return {notebook: source(notebook, workspace) for notebook in plan}
