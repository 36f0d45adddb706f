"""A notebook that did not finish: what is said to the analyst, and the copy that is kept to look at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import DiskFullError, MsokoError, NotebookError, Place, tree
from pipeline.execution.cleaning import INJECTED, without_paths

SHOWN = 300
NO_SPACE = ("[Errno 28]", "[Errno 122]", "No space left on device", "Disk quota exceeded")
ANY_PATH = re.compile(r"(?<![^\s'\"«(=:])(?:[A-Za-z]:)?(?:[/\\][^\s/\\'\"«»:;,]+)+[/\\]([^\s/\\'\"«»:;,]+)")
MARK = "⚠ **Здесь расчёт остановился.** Ошибка показана под следующей ячейкой."


@dataclass(frozen=True)
class Stop:
    """Where and why a notebook stopped. `kind` is the class of the error, "timeout", "died" or "start"."""

    kind: str
    text: str
    cell_id: str = ""
    cell_source: str = ""


def error(notebook: str, stop: Stop, number: int, workspace: Path, copy: Path) -> MsokoError:
    """The error an analyst sees. `number`: the cell in the source, counted from 1; `copy`: where the failed copy is."""
    if stop.kind in ("OSError", "ArrowInvalid") and any(mark in stop.text for mark in NO_SPACE):
        return DiskFullError(
            f"На диске не осталось места: блокнот «{notebook}» не смог записать результат.",
            place=Place(f"{notebook}.ipynb", cell=_cell(stop, number)),
            advice="освободите место и запустите снова: готовые блокноты не пересчитываются.",
        )
    kept = _relative(copy, workspace)
    return NotebookError(
        f"Блокнот «{notebook}» остановился{_where(stop, number)}.\n{_reason(stop, workspace)}",
        place=Place(f"{notebook}.ipynb", cell=_cell(stop, number)),
        advice=f"откройте в JupyterLab сохранённую копию {kept}, посмотрите на эту ячейку и исправьте причину; "
        "при новом запуске готовые блокноты не пересчитываются.",
    )


def _cell(stop: Stop, number: int) -> str | None:
    return f"{number} (id «{stop.cell_id}»)" if number else None


def _where(stop: Stop, number: int) -> str:
    if stop.cell_id == INJECTED:
        return " на подстановке параметров"
    first = next((line.strip() for line in stop.cell_source.splitlines() if line.strip()), "")
    return f" в ячейке {number}: «{first[:80]}»" if number else " до первой ячейки"


def _reason(stop: Stop, workspace: Path) -> str:
    ours = {kind.__name__ for kind in tree()}
    if stop.kind in ours or stop.kind in ("timeout", "died", "start"):
        return _scrubbed(stop.text, workspace)
    first = next((line for line in stop.text.splitlines() if line.strip()), "")
    return f"{stop.kind}: {_scrubbed(first, workspace)[:SHOWN]}".rstrip(": ")


def _scrubbed(text: str, workspace: Path) -> str:
    return ANY_PATH.sub(r"\1", without_paths(text, workspace))


def _relative(path: Path, workspace: Path) -> str:
    return path.relative_to(workspace).as_posix() if path.is_relative_to(workspace) else path.name


def failed_copy(source: Any, seen: list[Any], cell_id: str) -> Any:
    """The source notebook with the outputs made so far and a mark above the cell that stopped."""
    import nbformat

    done = {cell.id for cell in seen}
    cells = [*seen, *(cell for cell in source.cells if cell.id not in done)]
    result = type(source)(source)
    result.cells = []
    for cell in cells:
        if cell_id and cell.id == cell_id:
            mark = nbformat.v4.new_markdown_cell(MARK, id="stopped-here")  # type: ignore[no-untyped-call]
            result.cells.append(mark)
        result.cells.append(cell)
    return result
