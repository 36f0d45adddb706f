"""The notebook contract, checked before anything starts. Reads JSON and Python syntax only: no Papermill, no kernel."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import NotebookError, Place, UsageError
from pipeline.execution import rules

MAX_CODE_CELLS = 15
SHOWN = 12
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
KINDS = {str: "строка", bool: "да или нет (True, False)", int: "целое число", float: "число", list: "список"}


@dataclass(frozen=True)
class Violation:
    """One breach. `cell` counts from 1 over all cells of the file, 0 means the notebook as a whole."""

    file: str
    cell: int
    id: str
    remark: str

    def __str__(self) -> str:
        where = f"ячейка {self.cell} (id «{self.id}»): " if self.cell else ""
        return f"«{self.file}», {where}{self.remark}" if where else f"«{self.file}»: {self.remark}"


@dataclass(frozen=True)
class Cell:
    """A cell as it stands in the file."""

    number: int
    id: str
    kind: str
    source: str
    tags: tuple[str, ...]
    stripped: bool


def cells_of(path: Path) -> tuple[Cell, ...]:
    """Cells of a notebook file; NotebookError when it is not a notebook of format 4.5."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["nbformat"] != 4 or data["nbformat_minor"] < 5:
            raise ValueError("format")
        return tuple(_cell(number, raw) for number, raw in enumerate(data["cells"], start=1))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotebookError(
            f"«{path.name}» не читается как блокнот Jupyter формата 4.5.",
            place=Place(path.name),
            advice="верните блокнот из поставки или пересохраните его в JupyterLab.",
        ) from error


def _cell(number: int, raw: Mapping[str, Any]) -> Cell:
    source = raw["source"]
    return Cell(
        number=number,
        id=str(raw.get("id", "")),
        kind=raw["cell_type"],
        source=source if isinstance(source, str) else "".join(source),
        tags=tuple(raw.get("metadata", {}).get("tags", ())),
        stripped=not raw.get("outputs") and raw.get("execution_count") is None,
    )


def violations(path: Path) -> tuple[Violation, ...]:
    """All breaches of the contract in one notebook, in the order of its cells."""
    cells = cells_of(path)
    whole = [Violation(path.name, 0, "", remark) for remark in _whole_remarks(cells)]
    return (
        *whole,
        *(Violation(path.name, cell.number, cell.id, remark) for cell in cells for remark in _remarks(cell)),
    )


def _whole_remarks(cells: tuple[Cell, ...]) -> Iterator[str]:
    headings = [rules.title(cell.source) if cell.kind == "markdown" else [] for cell in cells]
    if not cells or len(headings[0]) != 1:
        yield "первая ячейка должна быть текстовой, с одним заголовком первого уровня «# …»"
    if any(headings[1:]):
        yield "заголовок первого уровня «# …» допускается только в первой ячейке"
    tagged = [cell for cell in cells if "parameters" in cell.tags]
    if [cell.kind for cell in tagged] != ["code"]:
        yield f"нужна ровно одна ячейка кода с меткой parameters, найдено {len(tagged)}"
    count = sum(cell.kind == "code" for cell in cells)
    if count > MAX_CODE_CELLS:
        yield f"ячеек кода {count}, допустимо {MAX_CODE_CELLS}"
    ids = [cell.id for cell in cells]
    if len(set(ids)) != len(ids):
        yield "идентификаторы (id) ячеек повторяются"


def _remarks(cell: Cell) -> Iterator[str]:
    if not CELL_ID.fullmatch(cell.id):
        yield "нет постоянного идентификатора (id)"
    if not cell.stripped:
        yield "сохранены результаты выполнения: очистите их (Edit → Clear Outputs of All Cells)"
    for tag in sorted(rules.FORBIDDEN_TAGS.intersection(cell.tags)):
        yield f"метка {tag} не допускается: ошибки не скрывают, ячейки не пропускают"
    if cell.kind == "markdown":
        yield from rules.prose_remarks(cell.source)
    elif cell.kind == "code":
        yield from rules.code_remarks(cell.source)
        if "parameters" in cell.tags:
            yield from rules.literals(cell.source)[1]
    else:
        yield f"ячейка вида «{cell.kind}» не допускается"


def check(paths: Iterable[Path]) -> None:
    """NotebookError that lists the breaches of all given notebooks, or nothing."""
    found = [violation for path in paths for violation in violations(path)]
    if not found:
        return
    more = f"\n… и ещё {len(found) - SHOWN}" if len(found) > SHOWN else ""
    listed = "\n".join(f"  {violation}" for violation in found[:SHOWN])
    first = found[0]
    raise NotebookError(
        f"Блокнот нарушает правила, расчёт не начат. Замечаний: {len(found)}.\n{listed}{more}",
        place=Place(first.file, cell=f"{first.cell} (id «{first.id}»)" if first.cell else None),
        advice="исправьте названные ячейки; правила описаны в docs/notebooks.md.",
    )


def title_of(path: Path) -> str:
    """The first-level heading of the first cell, else the file's stem."""
    cells = cells_of(path)
    found = rules.title(cells[0].source) if cells else []
    return found[0] if found else path.stem


def parameters_of(path: Path) -> dict[str, Any]:
    """Parameters a notebook declares: name → default literal."""
    for cell in cells_of(path):
        if "parameters" in cell.tags:
            return rules.literals(cell.source)[0]
    return {}


def check_parameters(path: Path, given: Mapping[str, Any]) -> None:
    """UsageError for a name the notebook does not declare or a value of another type than its default."""
    declared = parameters_of(path)
    for name, value in given.items():
        if name not in declared:
            _refuse_name(path, name, list(declared))
        default = declared[name]
        if not _same_kind(value, default):
            expected = KINDS.get(type(default), "простое значение: строка, число, да или нет, список")
            raise UsageError(
                f"Параметр {name} блокнота «{path.name}»: передано {value!r}, ожидается {expected}.",
                place=Place(path.name),
                advice=f"укажите значение того же вида, что и в блокноте: {name} = {default!r}.",
            )


def _refuse_name(path: Path, name: str, declared: list[str]) -> None:
    close = difflib.get_close_matches(name, declared, n=1)
    hint = f" Возможно, вы имели в виду {close[0]}." if close else ""
    raise UsageError(
        f"Блокнот «{path.name}» не знает параметра {name}.{hint}",
        place=Place(path.name),
        advice="если опечатка в ячейке параметров блокнота (метка parameters), исправьте её там; в ней объявлены: "
        f"{', '.join(sorted(declared)) or 'ни одного'}.",
    )


def _same_kind(value: Any, default: Any) -> bool:
    if not rules.is_literal(value):
        return False
    return default is None or type(value) is type(default) or (type(default) is float and type(value) is int)
