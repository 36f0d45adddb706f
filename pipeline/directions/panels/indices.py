"""Composite indices that a territory has set: groups that no choice of weights or scales overturns, never places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.directions import schools
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.indicators.index_rules import Component, IndexRule, check_components
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, Paragraphs, TableBlock, text
from pipeline.statistics.composite import GROUPS, SURE, Goalpost, Robust, robust

ROWS_AT_MOST = 40
HOW = (
    "Показатели приведены к 0–1 по значениям из настройки и сведены средним геометрическим с равными весами. Проверка: "
    "случайные веса, обычная и логит-шкала, геометрическое и простое среднее, каждый показатель по очереди исключён "
    "(OECD/JRC 2008). Организация названа в группе, если в ней её оставляют больше 80 % вариантов."
)


def panel(inputs: Inputs) -> Panel:
    """A table for each index that holds in the territory; WorkspaceError when a setting cannot be used."""
    rules = [rule for rule in inputs.rules.indices if rule.holds_in(inputs.profile.code)]
    blocks: list[Block] = []
    frames: dict[str, pd.DataFrame] = {}
    for rule in rules:
        check_components(rule, inputs.passports)
        names, values = _values(inputs, rule)
        posts = [Goalpost(one.worst, one.best) for one in rule.components]
        found = robust(values, posts, (rule.below, rule.above)) if names else None
        blocks.append(_block(inputs, rule, names, found))
        if found is not None:
            frames[f"index_{rule.id}"] = _frame(rule, names, values, found)
    return Panel(analysis=tuple(blocks), frames=frames)


def _values(inputs: Inputs, rule: IndexRule) -> tuple[dict[str, str], np.ndarray[Any, Any]]:
    """Organisations by name with any of the indicators, and their values; nan where one is missing or of too few."""
    held = [_of(inputs, one) for one in rule.components]
    labels = {org: name for part in held for org, (name, _) in part.items()}
    names = {org: labels[org] for org in schools.ordered(labels)}
    table = [[part[org][1] if org in part else np.nan for part in held] for org in names]
    return names, np.array(table, dtype=float).reshape(len(names), len(held))


def _of(inputs: Inputs, one: Component) -> dict[str, tuple[str, float]]:
    where = {name: value for name in ("procedure", "subject") if (value := getattr(one, name)) is not None}
    found: dict[str, list[Mapping[str, Any]]] = {}
    rows = inputs.rows(
        indicator=one.indicator,
        level="organisation",
        school_year=inputs.settings.school_year,
        category=one.category,
        **where,
    )
    for row in rows:
        if row["value"] is not None and row["n"] is not None and row["n"] >= inputs.compare_from:
            found.setdefault(str(row["org_id"]), []).append(row)
    return {org: (schools.label(part[0]), _pooled(part)) for org, part in found.items()}


def _pooled(rows: Sequence[Mapping[str, Any]]) -> float:
    """One value of several subjects or classes, by their participants."""
    weights = [float(row["n"]) for row in rows]
    return float(np.average([float(row["value"]) for row in rows], weights=weights))


def _block(inputs: Inputs, rule: IndexRule, names: Mapping[str, str], found: Robust | None) -> Block:
    reason = "нет ни одного показателя" if found is None else found.reason
    if found is None or reason:
        return Paragraphs((text(f"{rule.title}: групп нет — {reason}."),))
    order = list(range(len(names)))[:ROWS_AT_MOST]
    shown = "" if len(order) == len(names) else f" Показаны {len(order)} из {len(names)}, остальные — в файле данных."
    return TableBlock(
        id=f"index-{rule.id.replace('_', '-')}",
        caption=f"{rule.title}: группы, {ru.school_year(inputs.settings.school_year)} учебный год",
        heads=(Head("Организация", width=2.4), Head("Группа"), Head("Доля вариантов, где она в ней", "right")),
        rows=tuple(_line(list(names.values())[place], found, place) for place in order),
        source=text(f"Индекс введён: {rule.source}. Порядок — по названию.{shown}"),
        statement=text(_statement(found)),
        how=(text(HOW), *(text(_post(inputs, one)) for one in rule.components)),
        data=f"data/{inputs.direction.number}_index_{rule.id}.csv",
    )


def _line(name: str, found: Robust, place: int) -> tuple[Cell, ...]:
    group, probabilities = found.group[place], found.probability[place]
    if group not in GROUPS:
        return Cell(name), Cell(group, tone="muted"), Cell("", tone="muted")
    return Cell(name), Cell(group), Cell(ru.percent(max(probabilities), ru.PERCENT_FROM))


def _statement(found: Robust) -> str:
    counts = Counter(found.group)
    said = "; ".join(f"{group} — {ru.number(counts[group])}" for group in (*GROUPS, "не определена", "нет данных"))
    known = [high - low for low, high in zip(found.lowest, found.highest, strict=True) if low == low]
    width = float(np.median(known)) * (len(known) - 1)
    return (
        f"Групп по числу организаций: {said}. Порядок внутри групп не печатается: от выбора весов и шкал место "
        f"организации меняется на {ru.number(round(width))} из {ru.number(len(known))}."
    )


def _post(inputs: Inputs, one: Component) -> str:
    worst, best = (ru.percent(value, ru.PERCENT_FROM) for value in (one.worst, one.best))
    return f"{inputs.passports[one.indicator].short}: 0 — {worst}, 1 — {best} ({one.source})"


def _frame(rule: IndexRule, names: Mapping[str, str], values: np.ndarray[Any, Any], found: Robust) -> pd.DataFrame:
    """One row an organisation: indicators, index, probabilities of groups, the group that is sure."""
    columns = {f"{place + 1}_{one.indicator}": values[:, place] for place, one in enumerate(rule.components)}
    chances = dict(zip(("low", "middle", "high"), np.array(found.probability).T, strict=True))
    return pd.DataFrame(
        {
            "org_id": list(names),
            "organisation": list(names.values()),
            **columns,
            "index": found.index,
            **chances,
            "group": found.group,
            "sure_from": SURE,
        }
    )
