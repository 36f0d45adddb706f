"""An executed notebook without what differs from run to run: times, random ids, addresses, absolute paths."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.execution.cache import DRAFT
from pipeline.paths import PACKAGE

INJECTED = "injected-parameters"
IMAGES = "image/png"
TEMPORARY_CELL = re.compile(r"[^\s'\"<>]*[/\\]ipykernel_\d+[/\\]\d+\.py")
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
DRAFT_OF_PROCESS = re.compile(re.escape(DRAFT) + r"\d+-")


def clean(notebook: Any, source: Any, workspace: Path) -> Any:
    """A copy of an executed notebook that is the same for the same input; `source` is the notebook as it was before."""
    had_tags = {cell.id for cell in source.cells if "tags" in cell.metadata}
    result = type(notebook)(notebook)
    result.metadata = _without(notebook.metadata, "papermill", "widgets")
    result.cells = [_clean_cell(cell, cell.get("id") in had_tags, workspace) for cell in notebook.cells]
    return result


def _clean_cell(cell: Any, tagged: bool, workspace: Path) -> Any:
    result = type(cell)(cell)
    result.metadata = _without(cell.metadata, "papermill", "execution")
    if INJECTED in cell.metadata.get("tags", ()):
        result.id = INJECTED
    elif not tagged:
        result.metadata.pop("tags", None)
    if "outputs" in cell:
        result.outputs = [_clean_value(output, workspace) for output in cell.outputs]
    return result


def _without(mapping: Any, *names: str) -> Any:
    return type(mapping)({name: value for name, value in mapping.items() if name not in names})


def _clean_value(value: Any, workspace: Path) -> Any:
    if isinstance(value, str):
        return without_paths(value, workspace)
    if isinstance(value, Mapping):
        kept = {name: item if name == IMAGES else _clean_value(item, workspace) for name, item in value.items()}
        return type(value)(kept)  # type: ignore[call-arg]
    if isinstance(value, list):
        return [_clean_value(item, workspace) for item in value]
    return value


def without_paths(text: str, workspace: Path) -> str:
    """Text with known absolute folders cut from paths, temporary files of cells and memory addresses removed."""
    text = DRAFT_OF_PROCESS.sub("", ADDRESS.sub("", TEMPORARY_CELL.sub("ячейка", text)))
    for root in _roots(workspace):
        for spelling in dict.fromkeys((root, root.replace("\\", "\\\\"), root.replace("\\", "/"))):
            if spelling in text:
                text = re.sub(re.escape(spelling) + r"(?:[/\\]+|(?=$|[\s'\"<»]))", "", text)
    return text


def _roots(workspace: Path) -> list[str]:
    """Folders whose place differs between machines, the longest first; never a bare root of a disk."""
    site = {path for path in sys.path if path.endswith("-packages")}
    known = {str(workspace), str(PACKAGE.parent), sys.prefix, sys.base_prefix, tempfile.gettempdir(), str(Path.home())}
    long_enough = {root for root in known | site if len(Path(root).parts) > 2}
    return sorted(long_enough | {str(workspace)}, key=lambda root: (-len(root), root))
