"""12. The roadmap and the register of acts: what was planned and decided, what is done, what shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.directions import awaiting, indicator_table, parts, roadmap_table, weight
from pipeline.directions.chapter import Chapter, Finding, Inputs
from pipeline.directions.lead import lead
from pipeline.directions.panels import chain, evidence, forest, timeline
from pipeline.directions.panels.next_goal import GOAL_ID
from pipeline.directions.panels.panel import Panel, joined
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, Paragraphs, Strip, TableBlock, text
from pipeline.territory.roadmap import Roadmap, Section

REGISTERS = ("decisions", "documents")
ATTENTION = (roadmap_table.LATE, "не исполнено", roadmap_table.NO_EVIDENCE, roadmap_table.NO_RECORD)
ITEMS_AT_MOST = 30
NOBODY_SAID = (
    "Сведений об исполнении нет ни по одному пункту: лист «Дорожная карта» формы сбора не заполнен. Пункты перечислены "
    "в главах своих направлений и в файле данных."
)


def analyse(inputs: Inputs) -> Chapter:
    """The state of the roadmap and of the registers; without both, the honest empty chapter."""
    if inputs.roadmap is None and all(inputs.clean[name].empty for name in REGISTERS):
        return awaiting.analyse(inputs)
    planned = _roadmap(inputs)
    panel = joined((planned, chain.panel(inputs), evidence.panel(inputs)))
    helped = forest.panel(inputs)
    return Chapter(
        code="management_cycle",
        strip=_strip(inputs),
        sections={
            "lead": lead(inputs, (*panel.findings, *helped.findings)),
            "goals": parts.goals(inputs),
            "indicators": _indicators(inputs),
            "collection": parts.collection(inputs),
            "monitoring": panel.monitoring,
            "analysis": (*panel.analysis, *(_remarks(inputs.roadmap) if inputs.roadmap else ())),
            "decisions": chain.by_direction(inputs),
            "effect": (*helped.analysis, *chain.effects(inputs)),
        },
        findings=(*panel.findings, *helped.findings, *_goal(inputs, panel.findings)),
        frames={
            **panel.frames,
            **helped.frames,
            "indicators": pd.DataFrame(indicator_table.newest(inputs, _shares(inputs))),
        },
    )


def _goal(inputs: Inputs, found: Sequence[Finding]) -> tuple[Finding, ...]:
    """What to do about the roadmap in the next cycle, in numbers of items."""
    if inputs.roadmap is None or not any(one.kind == "problem" for one in found):
        return ()
    states = Counter(_frame(inputs, inputs.roadmap)["state"])
    asks = (
        (roadmap_table.LATE, "исполнить просроченное"),
        (roadmap_table.NO_EVIDENCE, "подтвердить документом исполненное"),
        (roadmap_table.NO_RECORD, "сообщить о пунктах, о которых сведений нет"),
    )
    said = [f"{words} ({ru.number(states[state])})" for state, words in asks if states[state]]
    if not said:
        return ()
    statement = text(f"{ru.capitalised(', '.join(said))}.")
    return (Finding(id=GOAL_ID, kind="goal", statement=statement, strength="форма сбора"),)


def _roadmap(inputs: Inputs) -> Panel:
    """The time line and the table of every section."""
    roadmap = inputs.roadmap
    if roadmap is None:
        said = "Дорожная карта в профиле территории не названа: судить об исполнении намеченного не по чему."
        return Panel(monitoring=(Paragraphs((text(said),), role="warning"),))
    frame = _frame(inputs, roadmap)
    line = timeline.panel(inputs, roadmap)
    return Panel(
        monitoring=(*line.monitoring, *_attention(inputs, roadmap, frame)),
        findings=(_finding(frame),),
        frames={**line.frames, "roadmap": frame},
    )


def _attention(inputs: Inputs, roadmap: Roadmap, frame: pd.DataFrame) -> tuple[Block, ...]:
    """Items that ask for an act: late, not done, without a document, without a word. The chapters list all theirs."""
    states = dict(zip(frame["key"], frame["state"], strict=True))
    if set(states.values()) == {roadmap_table.NO_RECORD}:
        return (Paragraphs((text(NOBODY_SAID),), role="warning"),)
    wanted = [item for state in ATTENTION for item in roadmap.items if states[item.key] == state]
    if not wanted:
        return ()
    rest = len(wanted) - ITEMS_AT_MOST
    more = f"; первые {ru.number(ITEMS_AT_MOST)} из {ru.number(len(wanted))}" if rest > 0 else ""
    data = f"data/{inputs.direction.number}_roadmap.csv"
    return (
        roadmap_table.table(
            inputs, "roadmap-attention", f"Пункты, которые требуют внимания{more}", wanted[:ITEMS_AT_MOST], data
        ),
    )


def _indicators(inputs: Inputs) -> tuple[Block, ...]:
    """Shares of the cycle, then items of the roadmap by section."""
    table = indicator_table.build(inputs, _shares(inputs), inputs.compare_from)
    sections = (_by_section(inputs.roadmap, _frame(inputs, inputs.roadmap)),) if inputs.roadmap else ()
    return (*((table,) if table else ()), *sections)


def _shares(inputs: Inputs) -> list[dict[str, Any]]:
    return [row for row in inputs.own_rows() if row["kind"] == "share" and not row["category"]]


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


def _strip(inputs: Inputs) -> Strip:
    items: list[tuple[str, str]] = []
    roadmap = inputs.roadmap
    if roadmap is not None:
        known = int((_frame(inputs, roadmap)["state"] != roadmap_table.NO_RECORD).sum())
        items = [
            ("Документ", roadmap.title),
            ("Мероприятий", ru.number(len(roadmap.items))),
            ("Есть сведения", f"о{ru.NBSP}{ru.number(known)}"),
        ]
    for title, name in (("Записей о мерах и решениях", "decisions"), ("Документов в реестре", "documents")):
        frame = inputs.clean[name]
        known = int((frame["school_year"] <= inputs.settings.school_year).sum()) if len(frame) else 0
        items.append((title, ru.number(known) if known else "не представлены"))
    return Strip(tuple((name, text(value)) for name, value in items))


def _finding(frame: pd.DataFrame) -> Finding:
    states = Counter(frame["state"])
    if set(states) == {roadmap_table.NO_RECORD}:
        words = "сведений об исполнении не представлено ни по одному"
    else:
        words = "; ".join(f"{word} — {ru.number(states[word])}" for word in roadmap_table.STATES if states[word])
    total = ru.counted(len(frame), "мероприятие", "мероприятия", "мероприятий")
    lacking = states[roadmap_table.LATE] + states[roadmap_table.NO_RECORD]
    return Finding(
        id="roadmap_state",
        kind="problem" if lacking else "sign",
        statement=text(f"В дорожной карте {total}: {words}."),
        strength="форма сбора",
        weight=weight.GAP if lacking else 0.0,
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
        source=text(
            "Состояние — по форме сбора; без записи в ней стоит «нет сведений», а не «просрочено». «Просрочено» — "
            "неисполненное и начатое, у которого последний день прошёл: в других столбцах его нет."
        ),
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
