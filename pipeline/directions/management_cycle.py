"""12. The roadmap: what was planned, by section and component of the cycle, and what is known to be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from pipeline.directions import awaiting, parts, roadmap_table
from pipeline.directions.chapter import Chapter, Finding, Inputs
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, Paragraphs, Strip, TableBlock, text
from pipeline.territory.roadmap import Roadmap, Section

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


def analyse(inputs: Inputs) -> Chapter:
    """The state of the roadmap; without a roadmap in the profile, the honest empty chapter."""
    roadmap = inputs.roadmap
    if roadmap is None:
        return awaiting.analyse(inputs)
    frame = _frame(inputs, roadmap)
    finding = _finding(frame)
    return Chapter(
        code="management_cycle",
        strip=_strip(roadmap, frame),
        sections={
            "lead": (Paragraphs((finding.statement,), role="lead"),),
            "goals": parts.goals(inputs),
            "indicators": (_by_section(roadmap, frame),),
            "collection": parts.collection(inputs),
            "monitoring": tuple(_section_table(inputs, roadmap, section.id) for section in _with_items(roadmap)),
            "analysis": (_grid(inputs, roadmap), *_remarks(roadmap)),
        },
        findings=(finding,),
        frames={"roadmap": frame},
    )


def _frame(inputs: Inputs, roadmap: Roadmap) -> pd.DataFrame:
    """One row an item: key, section, direction, component, due, office, evidence, state."""
    found = roadmap_table.progress(inputs)
    return pd.DataFrame(
        [
            {
                "key": item.key,
                "section": item.section,
                "direction": roadmap.direction_of(item),
                "component": item.component or "",
                "title": item.title,
                "due": item.due_as_written or "",
                "responsible": item.responsible or "",
                "evidence": item.evidence or "",
                "state": roadmap_table.state(item, found.get(item.key), inputs.settings.as_of),
            }
            for item in roadmap.items
        ]
    )


def _strip(roadmap: Roadmap, frame: pd.DataFrame) -> Strip:
    known = int((frame["state"] != roadmap_table.NO_RECORD).sum())
    return Strip(
        (
            ("Документ", text(roadmap.title)),
            ("Мероприятий", text(ru.number(len(frame)))),
            ("Есть сведения", text(f"о{ru.NBSP}{ru.number(known)}")),
        )
    )


def _finding(frame: pd.DataFrame) -> Finding:
    states = Counter(frame["state"])
    if set(states) == {roadmap_table.NO_RECORD}:
        words = "сведений об исполнении не представлено ни по одному"
    else:
        words = "; ".join(f"{word} — {ru.number(states[word])}" for word in roadmap_table.STATES if states[word])
    total = ru.counted(len(frame), "мероприятие", "мероприятия", "мероприятий")
    return Finding(
        id="roadmap_state",
        kind="problem" if states[roadmap_table.LATE] or roadmap_table.NO_RECORD in states else "sign",
        statement=text(f"В дорожной карте {total}: {words}."),
        strength="опись файлов",
        weight=0.02,
    )


def _with_items(roadmap: Roadmap) -> list[Section]:
    used = {item.section for item in roadmap.items}
    return [section for section in roadmap.sections if section.id in used]


def _by_section(roadmap: Roadmap, frame: pd.DataFrame) -> TableBlock:
    words = roadmap_table.STATES
    rows = []
    for section in _with_items(roadmap):
        part = frame[frame["section"] == section.id]
        states = Counter(part["state"])
        counts = tuple(Cell(ru.number(states[word]), sort=float(states[word])) for word in words)
        rows.append((Cell(section.title), Cell(ru.number(len(part)), sort=float(len(part))), *counts))
    return TableBlock(
        id="roadmap-sections",
        caption="Состояние дорожной карты по разделам, мероприятий",
        heads=(
            Head("Раздел", width=3),
            Head("Всего", "right", 0.7),
            *(Head(ru.capitalised(word), "right", 1) for word in words),
        ),
        rows=tuple(rows),
        source=text("Состояние — по форме сбора; без записи в ней стоит «нет сведений», а не «просрочено»."),
    )


def _section_table(inputs: Inputs, roadmap: Roadmap, section: str) -> TableBlock:
    items = [item for item in roadmap.items if item.section == section]
    title = roadmap.section(section).title
    return roadmap_table.table(inputs, f"roadmap-{_slug(section)}", f"Раздел «{title}»", items)


def _slug(section: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else f"{ord(letter):x}" for letter in section)


def _grid(inputs: Inputs, roadmap: Roadmap) -> TableBlock:
    """Direction × component: how many items of the roadmap stand behind each cell; an empty cell is a gap."""
    counts = Counter((roadmap.direction_of(item), str(item.component)) for item in roadmap.items)
    used = {code for code, _ in counts}
    rows = []
    for direction in inputs.directions.directions:
        if direction.code not in used:
            continue
        numbers = [counts[direction.code, component] for component in COMPONENTS]
        cells = (Cell(ru.number(n) if n else "—", sort=float(n), tone="" if n else "muted") for n in numbers)
        rows.append((Cell(direction.title), *cells))
    return TableBlock(
        id="roadmap-grid",
        caption="Направления и составляющие управленческого цикла: мероприятий дорожной карты",
        heads=(Head("Направление", width=3), *(Head(title, "right", 0.9) for title in COMPONENTS.values())),
        rows=tuple(rows),
        source=text("Составляющая определена нами по смыслу пункта; «—» — документ такого пункта не содержит."),
        wide=True,
    )


def _remarks(roadmap: Roadmap) -> tuple[Block, ...]:
    """Errors of the source, kept as written and named."""
    said = [*roadmap.remarks, *(f"{item.key}: {remark}" for item in roadmap.items for remark in item.remarks)]
    if not said:
        return ()
    return (
        Paragraphs((text("Замечания к тексту документа: он сохранён как есть, ошибки названы, а не исправлены."),)),
        Paragraphs(tuple(text(remark) for remark in said), role="list"),
    )
