"""The grid direction × component of the management cycle: which document stands behind each cell, where none does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.directions import acts, weight
from pipeline.directions.acts import DOCUMENTS, Document
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, Paragraphs, TableBlock, text

COMPONENTS: Mapping[str, str] = {
    "goals": "цели",
    "indicators": "показатели",
    "methods": "методы сбора",
    "monitoring": "монито­ринг",
    "analysis": "анализ",
    "recommendations": "рекомен­дации",
    "measures": "меры",
    "decisions": "решения",
    "effectiveness": "эффектив­ность",
}
OUTSIDE = ("data_quality", "annual_report")  # no direction of the municipality's own work
NAMED_AT_MOST = 1  # documents in one cell: nine columns leave no room for more
DOCUMENTS_AT_MOST = 30
EMPTY = "нет"
Cells = Mapping[tuple[str, str], Sequence[Document]]


def panel(inputs: Inputs) -> Panel:
    """The grid, the register of its documents, and one finding: how many cells are empty."""
    known = acts.documents(inputs)
    items = _items(inputs)
    directions = [one.code for one in inputs.directions.directions if one.code not in OUTSIDE]
    cells = _cells(known)
    grid = _grid(inputs, directions, cells, items)
    blocks: list[Block] = [grid]
    if known:
        blocks += _register(inputs, known, cells)
    else:
        said = "Реестр документов не представлен: доказательств нет ни у одной составляющей цикла."
        blocks.append(Paragraphs((text(said),), role="warning"))
    found = (_finding(directions, cells),) if known else ()
    return Panel(analysis=tuple(blocks), findings=found, frames={"evidence": _frame(known)})


def _items(inputs: Inputs) -> Counter[tuple[str, str]]:
    """How many items of the roadmap speak of a cell."""
    roadmap = inputs.roadmap
    if roadmap is None:
        return Counter()
    return Counter((roadmap.direction_of(item), str(item.component)) for item in roadmap.items)


def _cells(known: Sequence[Document]) -> Cells:
    """Documents of each cell, the newest first."""
    cells: dict[tuple[str, str], list[Document]] = {}
    for one in known:
        if one.direction and one.component:
            cells.setdefault((one.direction, one.component), []).insert(0, one)
    return cells


def _grid(inputs: Inputs, directions: Sequence[str], cells: Cells, items: Counter[tuple[str, str]]) -> TableBlock:
    rows = tuple(
        (
            Cell(inputs.directions.get(code).title),
            *(_cell(cells.get((code, component), ()), items[code, component]) for component in COMPONENTS),
        )
        for code in directions
    )
    return TableBlock(
        id="roadmap-grid",
        caption="Направления и составляющие управленческого цикла: чем подтверждены",
        heads=(Head("Направление", width=1.8), *(Head(title, width=1.1) for title in COMPONENTS.values())),
        rows=rows,
        source=text(
            "Реестр документов формы сбора: вид, номер и дата новейшего документа; в скобках — пунктов дорожной карты "
            "по этой составляющей (она определена нами по смыслу пункта). «Нет» — документа в реестре нет."
        ),
        data=f"data/{inputs.direction.number}_evidence.csv",
        wide=True,
    )


def _cell(documents: Sequence[Document], items: int) -> Cell:
    """«приказ № 15 от 01.09.2025; ещё 2 (3)»; an empty cell says so."""
    planned = f" ({ru.number(items)})" if items else ""
    if not documents:
        return Cell(EMPTY + planned, sort=0.0, tone="muted")
    named = "; ".join(_brief(one) for one in documents[:NAMED_AT_MOST])
    rest = len(documents) - NAMED_AT_MOST
    more = f"; ещё{ru.NBSP}{ru.number(rest)}" if rest > 0 else ""
    return Cell(f"{named}{more}{planned}", sort=float(len(documents)))


def _brief(one: Document) -> str:
    """The document in a narrow cell: kind, number, date."""
    number = f"№{ru.NBSP}{one.number}" if one.number else ""
    date = ru.date(one.date) if one.date else ""
    return " ".join(filter(None, (DOCUMENTS.get(one.kind, one.kind), number, date)))


def _register(inputs: Inputs, known: Sequence[Document], cells: Cells) -> tuple[TableBlock, ...]:
    """The documents that the grid names, with their titles and where they may be read."""
    cited = {one.id: one for documents in cells.values() for one in documents[:NAMED_AT_MOST]}
    shown = sorted(cited.values(), key=lambda one: (one.date or f"{one.year}", one.id), reverse=True)
    shown = shown[:DOCUMENTS_AT_MOST]
    if not shown:
        return ()
    rest = len(known) - len(shown)
    more = f" Здесь названные в сетке; ещё {ru.counted(rest, 'документ', 'документа', 'документов')} — в файле данных."
    return (
        TableBlock(
            id="roadmap-documents",
            caption="Документы сетки: название и где размещены",
            heads=(
                Head("Документ", width=1.4),
                Head("Название", width=2.4),
                Head("Кто издал", width=1.4),
                Head("Направление: составляющая", width=1.9),
                Head("Адрес публикации", width=1.7),
            ),
            rows=tuple(_line(inputs, one) for one in shown),
            source=text(f"Реестр документов формы сбора.{more if rest else ''}"),
            data=f"data/{inputs.direction.number}_evidence.csv",
        ),
    )


def _line(inputs: Inputs, one: Document) -> tuple[Cell, ...]:
    direction = inputs.directions.get(one.direction).title if one.direction else "все направления"
    component = COMPONENTS.get(one.component or "", "составляющая не указана").replace("\u00ad", "")
    return (
        Cell(one.words, sort=one.date or ""),
        Cell(one.title),
        Cell(one.office or "не указано", tone="" if one.office else "muted"),
        Cell(f"{direction}: {component}"),
        Cell(one.address or "не размещён", tone="" if one.address else "muted"),
    )


def _finding(directions: Sequence[str], cells: Cells) -> Finding:
    empty = sum((code, component) not in cells for code in directions for component in COMPONENTS)
    whole = len(directions) * len(COMPONENTS)
    counted = ru.counted(whole, "клетки", "клеток", "клеток")
    return Finding(
        id="evidence",
        kind="problem" if empty else "sign",
        statement=text(
            f"Документом подтверждены {ru.number(whole - empty)} из {counted} сетки «направление — составляющая "
            f"цикла»; без документа — {ru.number(empty)}."
        ),
        strength="реестр документов",
        weight=weight.GAP if empty else 0.0,
    )


def _frame(known: Sequence[Document]) -> pd.DataFrame:
    names = ("id", "year", "kind", "number", "date", "title", "direction", "component", "office", "address")
    return pd.DataFrame([[getattr(one, name) for name in names] for one in known], columns=list(names))
