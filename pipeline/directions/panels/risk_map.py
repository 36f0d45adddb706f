"""Risk zones: school × indicator, a sign and a word in each cell, and what stands behind each risk.

What a risk is: directions.zones. The map is read without colour; the list under it gives each risk its number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import pooled_goal, schools, weight, zones
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.directions.panels.similar_schools import doubtful
from pipeline.directions.zones import WHOLE, Column, Judged
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, Paragraphs, Run, TableBlock, Text, Tone, text
from pipeline.statistics.risk_zones import Zone

Row = Mapping[str, Any]
ROWS_AT_MOST = 30
WORDS: Mapping[Zone, tuple[str, Tone]] = {
    "red": ("▼ риск", "worse"),
    "amber": ("◆ внимание", "warning"),
    "grey": ("= обычно", ""),
    "green": ("▲ лучше", "better"),
    "insufficient": ("? мало", "unknown"),
}
CHECK = "? проверить"
LEGEND = (
    "▼ риск — отставание достоверное и существенное сразу",
    "◆ внимание — отставание вероятно, но не доказано",
    "= обычно — существенного отставания не видно",
    "▲ лучше — достоверно лучше того, с чем сравнивается",
    "? мало — участников меньше, чем нужно для сравнения",
)


def panel(inputs: Inputs) -> Panel:
    """The map, the list of risks named in it, a finding for each organisation with a risk and for the municipality."""
    found = zones.columns(inputs)
    names = {org: cell.counted.label for column in found for org, cell in column.cells.items() if org != WHOLE}
    names |= {org: name for column in found for org, name in column.hidden.items()}
    if not names:
        return Panel()
    risks = _risks(found, names)
    heaviest = max(risks, key=lambda risk: _weight(*risk), default=None)
    return Panel(
        monitoring=(_table(inputs, found, names), *_named(inputs, risks, names)),
        findings=(
            *(_finding(inputs, org, part, names) for org, part in _by_organisation(risks).items()),
            *((_goal(inputs, *heaviest, names),) if heaviest else ()),
        ),
        frames={"risk_map": _frame(found, names)},
    )


def _table(inputs: Inputs, columns: Sequence[Column], names: Mapping[str, str]) -> TableBlock:
    order = schools.ordered(names)
    shown = order[:ROWS_AT_MOST]
    rest = len(order) - len(shown)
    more = (
        f" Показаны первые {ru.number(len(shown))} по алфавиту, ещё {ru.number(rest)} — в файле данных." if rest else ""
    )
    doubted = doubtful(inputs)
    lines = [(Cell("Муниципалитет"), *(_whole_cell(column) for column in columns))]
    lines += [(Cell(names[org]), *(_cell(column, org, doubted) for column in columns)) for org in shown]
    unsure = any(cell.text == CHECK for line in lines for cell in line)
    hidden = any(column.hidden for column in columns)
    return TableBlock(
        id="risk-map",
        caption=f"Карта рисков, {ru.school_year(inputs.settings.school_year)} учебный год",
        heads=(
            Head("Организация", width=1.6),
            *(Head(f"{column.spec.title} ({_basis_word(inputs, column)})") for column in columns),
        ),
        rows=tuple(lines),
        source=text(
            "В скобках — с чем сравнивается доля: норма, РФ, регион; где их нет — остальные организации вместе. "
            f"Организации — по алфавиту.{more}"
        ),
        statement=_statement(inputs, columns, names),
        how=tuple(text(line) for line in _how(inputs)),
        legend=(
            *LEGEND,
            *([f"{CHECK} — доля лучше, но работы просят перепроверки"] if unsure else []),
            *([f"{MARKS['suppressed']} — скрыто: детей слишком мало"] if hidden else []),
            _absent(columns, order),
        ),
        data=f"data/{inputs.direction.number}_risk_map.csv",
        wide=len(columns) > 5,
    )


def _absent(columns: Sequence[Column], order: Sequence[str]) -> str:
    return f"{MARKS['no_data']} — нет данных; {MARKS['not_applicable']} — муниципалитет с самим собой не сравнивается"


def _basis_word(inputs: Inputs, column: Column) -> str:
    words = {"norm": "норма", "country": inputs.profile.country.title, "region": "регион", "rest": "остальные"}
    return words[column.basis]


def _cell(column: Column, org: str, doubted: Collection[str] = ()) -> Cell:
    """A sign and a word; ВПР that signs ask to be checked again is not called better."""
    if org in column.hidden:
        return Cell(MARKS["suppressed"], tone="muted")
    if org not in column.cells:
        return Cell(MARKS["no_data"], tone="muted")
    cell = column.cells[org]
    words, tone = WORDS[cell.risk.zone]
    if cell.risk.zone == "green" and org in doubted and any(row["procedure"] == "vpr" for row in cell.counted.rows):
        words, tone = CHECK, "unknown"
    return Cell(words, key=cell.counted.key, sort=cell.risk.worse, tone=tone)


def _whole_cell(column: Column) -> Cell:
    return _cell(column, WHOLE) if WHOLE in column.cells else Cell(MARKS["not_applicable"], tone="muted")


def _statement(inputs: Inputs, columns: Sequence[Column], names: Mapping[str, str]) -> Text:
    found = [cell.risk.zone for column in columns for org, cell in column.cells.items() if org != WHOLE]
    compared, red = sum(zone != "insufficient" for zone in found), found.count("red")
    if not red:
        return text(
            f"Из {ru.number(compared)} сравнений ни одно не даёт назвать риск: отставание не доказано или невелико."
        )
    named = len({org for column in columns for org, cell in column.cells.items() if cell.risk.zone == "red"} - {WHOLE})
    return text(
        f"Риск назван в {ru.number(red)} из {ru.number(compared)} сравнений, у {ru.number(named)} из "
        f"{ru.counted(len(names), 'организации', 'организаций', 'организаций')}."
    )


def _how(inputs: Inputs) -> list[str]:
    rules = inputs.rules.risks
    return [
        f"Риск: вероятность того, что доля хуже на {ru.number(rules.delta * 100)} п. п. и больше (у отдельных "
        f"показателей величина своя), выше {ru.number(rules.red, 2)}; внимание — выше {ru.number(rules.amber, 2)}.",
        "Вероятность — по апостериорному бета-распределению с априорным Джеффриса; классы одной процедуры и предмета "
        "сложены (кроме тех, где число участников с отметкой по опубликованным долям не восстановить), значение для "
        "сравнения взвешено по тем же классам.",
        "Поправка на множество сравнений — Бенджамини и Хохберга: среди названных рисков ошибочных ожидается не больше "
        f"{ru.percent(rules.discoveries, 10)}. Пороги: config/norms/risk_zones.yml.",
    ]


def _risks(columns: Sequence[Column], names: Mapping[str, str]) -> list[tuple[str, Column, Judged]]:
    """Red cells: the municipality first, then organisations by name."""
    return [
        (org, column, column.cells[org])
        for org in (WHOLE, *schools.ordered(names))
        for column in columns
        if org in column.cells and column.cells[org].risk.zone == "red"
    ]


def _named(
    inputs: Inputs, found: Sequence[tuple[str, Column, Judged]], names: Mapping[str, str]
) -> tuple[TableBlock | Paragraphs, ...]:
    if not found:
        return ()
    shown = found[:ROWS_AT_MOST]
    rest = len(found) - len(shown)
    return (
        TableBlock(
            id="risk-named",
            caption="Что стоит за каждым риском",
            heads=(
                Head("Организация", width=1.6),
                Head("Показатель", width=1.8),
                Head("Значение (интервал 95 %)", "right", 1.6),
                Head("Для сравнения", "right", 1.3),
                Head("Отставание", "right"),
            ),
            rows=tuple(_line(inputs, org, column, cell, names) for org, column, cell in shown),
            source=text(f"Ещё {ru.number(rest)} — в файле данных." if rest else "Все риски карты."),
            data=f"data/{inputs.direction.number}_risk_map.csv",
        ),
    )


def _line(inputs: Inputs, org: str, column: Column, cell: Judged, names: Mapping[str, str]) -> tuple[Cell, ...]:
    share = cell.counted.share
    apart = abs(share.numerator / share.n - cell.against)
    return (
        Cell(names.get(org, "Муниципалитет")),
        Cell(column.spec.title),
        Cell(cell.counted.bound().text, key=cell.counted.key, sort=share.value),
        Cell(f"{_basis_word(inputs, column)} {ru.percent(cell.against, share.n)}", sort=cell.against),
        Cell(ru.points(apart, share.n).lstrip("+"), sort=apart),
    )


def _by_organisation(
    found: Sequence[tuple[str, Column, Judged]],
) -> dict[str, list[tuple[Column, Judged]]]:
    grouped: dict[str, list[tuple[Column, Judged]]] = {}
    for org, column, cell in found:
        grouped.setdefault(org, []).append((column, cell))
    return grouped


def _finding(inputs: Inputs, org: str, part: Sequence[tuple[Column, Judged]], names: Mapping[str, str]) -> Finding:
    """«СОШ № 5: риск по двум показателям: «2» ВПР, русский — 31,0 % (25,1–37,6) при 5,1 % (РФ); …»"""
    count = len(part)
    said: list[str | Run] = [
        f"{names.get(org, inputs.profile.name.nominative)}: риск по "
        f"{ru.number(count)} {ru.plural(count, 'показателю', 'показателям', 'показателям')}: "
    ]
    for place, (column, cell) in enumerate(part):
        against = ru.percent(cell.against, cell.counted.share.n)
        said += ["; " if place else "", f"{column.spec.title} — ", cell.counted.bound()]
        said += [f" ({_basis_word(inputs, column)} {against})"]
    return Finding(
        id=f"risk.{org}",
        kind="risk",
        statement=text(*said, "."),
        strength=f"вероятность {ru.number(inputs.rules.risks.red, 2)}, поправка на число сравнений",
        org_id=None if org == WHOLE else org,
        weight=max(_weight(org, column, cell) for column, cell in part),
    )


def _goal(inputs: Inputs, org: str, column: Column, cell: Judged, names: Mapping[str, str]) -> Finding:
    """The heaviest risk as the goal of the next cycle."""
    where = f"в организации {names[org]}" if org != WHOLE else "в муниципалитете"
    mark = (_basis_goal(inputs, column), cell.against)
    return pooled_goal.finding(
        f"{column.spec.title}, {where}", cell.counted, column.better, mark, names.get(org) and org
    )


def _basis_goal(inputs: Inputs, column: Column) -> str:
    words = {
        "norm": "до нормы",
        "country": f"в сторону значения {inputs.profile.country.title}",
        "region": "в сторону значения региона",
        "rest": "в сторону значения остальных школ",
    }
    return words[column.basis]


def _weight(org: str, column: Column, cell: Judged) -> float:
    difference = weight.of_shares(cell.counted.share.value or 0.0, min(1.0, cell.against))
    return difference * _size(org, column, cell)


def _size(org: str, column: Column, cell: Judged) -> float:
    """What concerns a part of the municipality weighs less: the root of its part of the pupils."""
    if org == WHOLE:
        return 1.0
    whole = sum(other.counted.share.n for name, other in column.cells.items() if name != WHOLE)
    return float((cell.counted.share.n / whole) ** 0.5) if whole else 0.0


def _frame(columns: Sequence[Column], names: Mapping[str, str]) -> pd.DataFrame:
    """One row a cell: zone, probabilities, count, what it is held against."""
    return pd.DataFrame(
        [
            {
                "org_id": None if org == WHOLE else org,
                "organisation": names.get(org, "муниципалитет"),
                "indicator": column.spec.indicator,
                "title": column.spec.title,
                "basis": column.basis,
                "numerator": cell.counted.share.numerator,
                "denominator": cell.counted.share.n,
                "value": cell.counted.share.value,
                "against": cell.against,
                "worse_by_delta": cell.risk.worse,
                "better": cell.risk.better,
                "zone": cell.risk.zone,
                "indicators": cell.counted.key,
            }
            for column in columns
            for org, cell in column.cells.items()
        ]
    )
