"""Risk zones: school × indicator, a sign and a word in each cell, and what stands behind each risk.

A risk is named only when it is real and large at once: by the posterior probability that the share is worse than its
norm, the country's, the region's value or, where none is known, the other organisations' by at least the smallest
difference of weight, and when it survives the correction for as many comparisons as the map holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from pipeline.directions import judgement, schools, sensitive, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import norm_level
from pipeline.directions.panels.panel import Panel
from pipeline.directions.schools import Counted
from pipeline.errors import Place, WorkspaceError
from pipeline.indicators.school_rules import RiskIndicator
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, Paragraphs, Run, TableBlock, Text, Tone, text
from pipeline.statistics import risk_zones
from pipeline.statistics.risk_zones import Limits, Risk, Zone

Row = Mapping[str, Any]
ROWS_AT_MOST = 30
WHOLE = "municipality"
WORDS: Mapping[Zone, tuple[str, Tone]] = {
    "red": ("▼ риск", "worse"),
    "amber": ("◆ внимание", "warning"),
    "grey": ("= обычно", ""),
    "green": ("▲ лучше", "better"),
    "insufficient": ("? мало", "unknown"),
}
LEGEND = (
    "▼ риск — отставание достоверное и существенное сразу",
    "◆ внимание — отставание вероятно, но не доказано",
    "= обычно — существенного отставания не видно",
    "▲ лучше — достоверно лучше того, с чем сравнивается",
    "? мало — участников меньше, чем нужно для сравнения",
)


@dataclass(frozen=True)
class Judged:
    """One cell: the count, the value it is held against, the zone. `p` is what the correction for many is made of."""

    counted: Counted
    against: float
    risk: Risk
    p: float


@dataclass(frozen=True)
class Column:
    """One indicator of the map: what its values are held against, in words, and its cells by organisation."""

    spec: RiskIndicator
    basis: str
    better: risk_zones.Better
    cells: Mapping[str, Judged]
    hidden: frozenset[str]


def panel(inputs: Inputs) -> Panel:
    """The map, the list of risks named in it, a finding for each organisation with a risk and for the municipality."""
    columns = _corrected(inputs, [one for spec in inputs.rules.risks.indicators if (one := _column(inputs, spec))])
    names = {org: cell.counted.label for column in columns for org, cell in column.cells.items() if org != WHOLE}
    if not names:
        return Panel()
    found = _risks(columns, names)
    return Panel(
        monitoring=(_table(inputs, columns, names), *_named(inputs, found, names)),
        findings=tuple(_finding(inputs, org, part, names) for org, part in _by_organisation(found).items()),
        frames={"risk_map": _frame(columns, names)},
    )


def _column(inputs: Inputs, spec: RiskIndicator) -> Column | None:
    passport = inputs.passports.get(spec.indicator)
    if passport is None or passport.better == "neutral" or passport.kind != "share":
        raise WorkspaceError(
            f"Показатель «{spec.indicator}» карты рисков не объявлен или не годится для неё.",
            place=Place("risk_zones.yml"),
            advice="назовите долю из config/indicators, у которой есть лучшая сторона (better).",
        )
    where = {name: value for name, value in (("procedure", spec.procedure), ("subject", spec.subject)) if value}
    year = inputs.settings.school_year
    known = schools.known(inputs, year)
    every = schools.counts(inputs, spec.indicator, year, category=spec.category, **where)
    counted = {org: one for org, one in every.items() if org in known}
    hidden = frozenset(org for org, one in counted.items() if any(sensitive.hidden(inputs, row) for row in one.rows))
    if not counted:
        return None
    wider = inputs.rows(indicator=spec.indicator, school_year=year, category=spec.category, **where)
    basis = _basis(inputs, counted, wider)
    better: risk_zones.Better = "higher" if passport.better == "higher" else "lower"
    held = {org: one for org, one in counted.items() if org not in hidden}
    cells = {org: _judged(inputs, spec, one, counted, org, basis, better, wider) for org, one in held.items()}
    if basis != "rest" and (own := _own(inputs, wider)):
        cells[WHOLE] = _judged(inputs, spec, own, counted, WHOLE, basis, better, wider)
    return Column(spec, basis, better, cells, hidden)


def _own(inputs: Inputs, rows: Sequence[Row]) -> Counted | None:
    own = [
        row for row in rows if row["level"] == "municipality" and row["numerator"] is not None and row["denominator"]
    ]
    return Counted(inputs.profile.name.nominative, tuple(own)) if own else None


def _basis(inputs: Inputs, counted: Mapping[str, Counted], rows: Sequence[Row]) -> str:
    """norm, country, region — whatever of them every test has — or the rest of the municipality."""
    tests = [row for one in counted.values() for row in one.rows]
    if all(norm_level(inputs, row) is not None for row in tests):
        return "norm"
    for level in ("country", "region"):
        if all(judgement.same_cell_of_level(row, rows, level) is not None for row in tests):
            return level
    return "rest"


def _judged(
    inputs: Inputs,
    spec: RiskIndicator,
    one: Counted,
    counted: Mapping[str, Counted],
    org: str,
    basis: str,
    better: risk_zones.Better,
    rows: Sequence[Row],
) -> Judged:
    rules = inputs.rules.risks
    delta = rules.delta if spec.delta is None else spec.delta
    limits = Limits(rules.red, rules.amber, delta, inputs.compare_from)
    if basis == "rest":
        rest = schools.others(counted, org)
        risk = risk_zones.against_share(one.share, rest, better, limits)
        return Judged(one, rest.value if rest.value is not None else 0.0, risk, 1 - risk.worse)
    expected = sum(int(row["denominator"]) * _level(inputs, row, rows, basis) for row in one.rows) / one.share.n
    risk = risk_zones.against_value(one.share, expected, better, limits)
    return Judged(one, expected, risk, risk_zones.exact_p(one.share, expected, better, delta))


def _level(inputs: Inputs, row: Row, rows: Sequence[Row], basis: str) -> float:
    """The norm or the wider value of one test."""
    if basis == "norm":
        return float(norm_level(inputs, row) or 0.0)
    wider = judgement.same_cell_of_level(row, rows, basis)
    return float(wider["value"]) if wider else 0.0


def _corrected(inputs: Inputs, columns: Sequence[Column]) -> list[Column]:
    """A risk that may well be one of the mistakes among so many comparisons asks for attention only."""
    judged = [
        (place, org, cell)
        for place, column in enumerate(columns)
        for org, cell in column.cells.items()
        if cell.risk.zone != "insufficient"
    ]
    adjusted = risk_zones.discoveries([cell.p for _, _, cell in judged])
    weak = {
        (place, org)
        for (place, org, cell), p in zip(judged, adjusted, strict=True)
        if cell.risk.zone == "red" and p > inputs.rules.risks.discoveries
    }
    return [
        replace(
            column,
            cells={
                org: replace(cell, risk=replace(cell.risk, zone="amber")) if (place, org) in weak else cell
                for org, cell in column.cells.items()
            },
        )
        for place, column in enumerate(columns)
    ]


def _table(inputs: Inputs, columns: Sequence[Column], names: Mapping[str, str]) -> TableBlock:
    order = [org for org in schools.ordered(names) if any(org in column.cells for column in columns)]
    shown = order[:ROWS_AT_MOST]
    rest = len(order) - len(shown)
    more = (
        f" Показаны первые {ru.number(len(shown))} по алфавиту, ещё {ru.number(rest)} — в файле данных." if rest else ""
    )
    lines = [(Cell("Муниципалитет"), *(_whole_cell(column) for column in columns))]
    lines += [(Cell(names[org]), *(_cell(column, org) for column in columns)) for org in shown]
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


def _cell(column: Column, org: str) -> Cell:
    if org in column.hidden:
        return Cell(MARKS["suppressed"], tone="muted")
    if org not in column.cells:
        return Cell(MARKS["no_data"], tone="muted")
    cell = column.cells[org]
    words, tone = WORDS[cell.risk.zone]
    return Cell(words, key=cell.counted.key, sort=cell.risk.worse, tone=tone)


def _whole_cell(column: Column) -> Cell:
    return _cell(column, WHOLE) if WHOLE in column.cells else Cell(MARKS["not_applicable"], tone="muted")


def _statement(inputs: Inputs, columns: Sequence[Column], names: Mapping[str, str]) -> Text:
    zones = [cell.risk.zone for column in columns for org, cell in column.cells.items() if org != WHOLE]
    compared, red = sum(zone != "insufficient" for zone in zones), zones.count("red")
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
    heaviest = max(
        weight.of_shares(cell.counted.share.value or 0.0, min(1.0, cell.against)) * _size(org, column, cell)
        for column, cell in part
    )
    return Finding(
        id=f"risk.{org}",
        kind="risk",
        statement=text(*said, "."),
        strength=f"вероятность {ru.number(inputs.rules.risks.red, 2)}, поправка на число сравнений",
        org_id=None if org == WHOLE else org,
        weight=heaviest,
    )


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
