"""Links of results with context, working conditions and management, over schools.

Results are judged by what is expected of the same tests in the municipality. ВПР is set beside context alone: it may
not serve to judge teachers and heads, so conditions and management stand beside ОГЭ. A link over schools is not a link
over pupils, and neither says what causes what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.directions import schools
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.directions.schools import Context, Counted
from pipeline.presentation import scatter
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Block, Cell, FigureBlock, Head, TableBlock, text
from pipeline.statistics import association as links
from pipeline.statistics import risk_zones
from pipeline.statistics.association import Association

SUBJECTS = ("russian", "mathematics")
INDEX = "context"
ALPHA = 0.05
CHARTS_AT_MOST = 2
NAMED = 3
RESULTS: Mapping[str, tuple[str, str, str]] = {
    "vpr": ("vpr_mark_2", "доля «2» в ВПР", "Доля «2» в ВПР к ожидаемой, п. п."),
    "oge": ("oge_below_minimum", "доля ниже порога ОГЭ", "Доля ниже порога ОГЭ к ожидаемой, п. п."),
}
# What is set beside which result: context, conditions of work, management.
PAIRS: tuple[tuple[str, str, str], ...] = (
    ("context", INDEX, "vpr"),
    ("context", INDEX, "oge"),
    ("conditions", "context_second_shift", "oge"),
    ("conditions", "teachers_category", "oge"),
    ("conditions", "vacancies_share", "oge"),
    ("management", "trained_three_years", "oge"),
    ("management", "help_given_share", "oge"),
    ("management", "inspection_remarks_closed", "oge"),
)
GROUPS = {"context": "контекст", "conditions": "условия", "management": "управление"}


@dataclass(frozen=True)
class Link:
    """One pair: points by school and their association; `p` is corrected for as many pairs as were looked at."""

    group: str
    feature: str
    result: str
    points: Mapping[str, tuple[float, float]]
    found: Association
    p: float | None = None

    @property
    def proven(self) -> bool:
        return self.p is not None and self.p <= ALPHA and not self.found.lower <= 0 <= self.found.upper


def panel(inputs: Inputs) -> Panel:
    """The table of links, a scatter of the first and of what is proven, findings of what is proven."""
    context = schools.context(inputs)
    held = {code: results(inputs, code) for code in RESULTS}
    pairs = [link for pair in PAIRS if (link := _link(inputs, context, held, *pair)) is not None]
    if not pairs:
        return Panel()
    found = _corrected(pairs)
    drawn = [found[0], *(link for link in found[1:] if link.proven)][:CHARTS_AT_MOST]
    names = {org: name for _, part in held.items() for org, (name, _) in part.items()}
    figures: tuple[Block, ...] = tuple(_figure(inputs, link, names) for link in drawn)
    return Panel(
        analysis=(_table(inputs, found), *figures),
        findings=tuple(_finding(inputs, link) for link in found if link.proven),
        frames={"links": _frame(found, names)},
    )


def results(inputs: Inputs, code: str) -> dict[str, tuple[str, float]]:
    """School → name and the difference of its share from what the municipality's shares of the same tests give."""
    indicator, year = RESULTS[code][0], inputs.settings.school_year
    counted = schools.counts(inputs, indicator, year, procedure=code, subject=SUBJECTS)
    usual = _usual(counted)
    found = {}
    for org, one in counted.items():
        if one.share.n < inputs.compare_from:
            continue
        expected = sum(usual[_test(row)] * int(row["denominator"]) for row in one.rows) / one.share.n
        found[org] = (one.label, (one.share.value or 0.0) - expected)
    return found


def _test(row: schools.Row) -> tuple[str, int]:
    return str(row["subject"]), int(row["grade"])


def _usual(counted: Mapping[str, Counted]) -> dict[tuple[str, int], float]:
    """Share of all schools together by subject and grade."""
    sums: dict[tuple[str, int], list[int]] = {}
    for one in counted.values():
        for row in one.rows:
            pair = sums.setdefault(_test(row), [0, 0])
            pair[0] += int(row["numerator"])
            pair[1] += int(row["denominator"])
    return {test: part / whole for test, (part, whole) in sums.items()}


def _feature(inputs: Inputs, context: Context | None, feature: str) -> dict[str, float]:
    if feature == INDEX:
        return dict(context.index) if context else {}
    counted = schools.counts(inputs, feature, inputs.settings.school_year, category="")
    return {org: one.share.value or 0.0 for org, one in counted.items()}


def _link(
    inputs: Inputs,
    context: Context | None,
    held: Mapping[str, Mapping[str, tuple[str, float]]],
    group: str,
    feature: str,
    result: str,
) -> Link | None:
    x, y = _feature(inputs, context, feature), held[result]
    points = {org: (x[org], y[org][1]) for org in sorted(set(x) & set(y))}
    found = links.association([x for x, _ in points.values()], [y for _, y in points.values()])
    return Link(group, feature, result, points, found) if found else None


def _corrected(pairs: Sequence[Link]) -> list[Link]:
    """p-values for as many pairs as were looked at (Benjamini and Hochberg)."""
    known = [link.found.p for link in pairs if link.found.p is not None]
    adjusted = iter(risk_zones.discoveries(known))
    return [Link(**{**vars(link), "p": next(adjusted) if link.found.p is not None else None}) for link in pairs]


def _name(inputs: Inputs, feature: str) -> str:
    return "индекс условий" if feature == INDEX else inputs.passports[feature].short


def _slope(link: Link) -> tuple[float, float, float]:
    """Percentage points of the result for one standard deviation of the index or ten points of a share."""
    step = 1.0 if link.feature == INDEX else 0.1
    return tuple(100 * step * one for one in (link.found.slope, link.found.lower, link.found.upper))  # type: ignore[return-value]


def _table(inputs: Inputs, found: Sequence[Link]) -> TableBlock:
    proven = [link for link in found if link.proven]
    few = any(link.p is None for link in found)
    statement = (
        f"Доказана {ru.counted(len(proven), 'связь', 'связи', 'связей')} из {ru.number(len(found))}."
        if proven
        else "Ни одна из рассмотренных связей не доказана: школ мало, а различия между ними невелики."
    )
    return TableBlock(
        id="links",
        caption="Связи результатов с контекстом, условиями и управлением",
        heads=(
            Head("Группа"),
            Head("Что", width=1.7),
            Head("С чем", width=1.5),
            Head("Школ", "right", 0.6),
            Head("Ранговая корреляция", "right"),
            Head("p с поправкой", "right", 0.8),
            Head("Наклон, п. п. (интервал)", "right", 1.5),
            Head("Вывод", width=1.3),
        ),
        rows=tuple(_line(inputs, link) for link in found),
        source=text(
            "Результат школы — доля ниже минимального уровня к ожидаемой по тем же предметам и классам. Наклон: п. п. "
            "результата на одно стандартное отклонение индекса или на 10 п. п. доли."
        ),
        statement=text(f"{statement} Связь между школами не говорит ни о связи между учениками, ни о причине."),
        how=(
            text(
                "Корреляция Спирмена; p — перестановкой школ (при числе школ меньше 10 не считается), с поправкой "
                "Бенджамини и Хохберга на число пар; наклон Тейла и Сена с интервалом 95 %, без этой поправки. Связь "
                "есть, если p не больше 0,05 и интервал не захватывает ноль."
            ),
            text("ВПР не служит для оценки учителей и руководителей, поэтому условия и управление сопоставлены с ОГЭ."),
        ),
        legend=(f"{MARKS['no_data']} — школ меньше 10",) if few else (),
        data=f"data/{inputs.direction.number}_links.csv",
    )


def _line(inputs: Inputs, link: Link) -> tuple[Cell, ...]:
    slope, lower, upper = _slope(link)
    p = Cell(MARKS["no_data"], tone="muted") if link.p is None else Cell(_p(link.p), sort=link.p)
    return (
        Cell(ru.capitalised(GROUPS[link.group])),
        Cell(ru.capitalised(_name(inputs, link.feature))),
        Cell(RESULTS[link.result][1]),
        Cell(ru.number(link.found.n)),
        Cell(ru.number(link.found.rho, 2), sort=link.found.rho),
        p,
        Cell(f"{ru.signed(slope, 1)} {ru.bounds(lower, upper, 1)}", sort=slope),
        Cell(_word(link)),
    )


def _p(value: float) -> str:
    return "< 0,001" if value < 0.001 else ru.number(value, 3)


def _word(link: Link) -> str:
    if link.p is None:
        return "мало школ"
    return "связь есть" if link.proven else "связь не доказана"


def _figure(inputs: Inputs, link: Link, names: Mapping[str, str]) -> FigureBlock:
    slope, lower, upper = _slope(link)
    name, (_, result, axis) = _name(inputs, link.feature), RESULTS[link.result]
    far = sorted(link.points, key=lambda org: -abs(_residual(link, org)))[:NAMED]
    named = far if inputs.settings.edition == "internal" else []
    points = pd.DataFrame(
        {
            "x": [x for x, _ in link.points.values()],
            "y": [y for _, y in link.points.values()],
            "name": [names[org] if org in named else "" for org in link.points],
        }
    )
    line = scatter.Line(link.found.slope, link.found.intercept, link.found.lower, link.found.upper)
    stem = f"link_{link.feature}_{link.result}"
    p = "" if link.p is None else f", p с поправкой {_p(link.p) if link.p < 0.001 else '= ' + _p(link.p)}"
    return FigureBlock(
        id=stem.replace("_", "-"),
        title=f"{ru.capitalised(name)} и {result}: {_word(link)}",
        subtitle=f"{ru.counted(link.found.n, 'школа', 'школы', 'школ')}, "
        f"{ru.school_year(inputs.settings.school_year)} учебный год; ранговая корреляция "
        f"{ru.number(link.found.rho, 2)}{p}",
        alt=f"Точек {ru.number(link.found.n)}; наклон {ru.signed(slope, 1)} {ru.bounds(lower, upper, 1)} п. п.",
        svg=scatter.scatter(stem, points, line, _x_title(link, name), axis, x_percent=link.feature != INDEX),
        source=text("Каждая точка — школа; ноль — результат, ожидаемый по тем же предметам и классам."),
        statement=text(
            "Подписаны школы дальше всего от линии: у них результат выше или ниже того, что сопутствует их значению."
            if named
            else "Каждая точка — школа."
        ),
        data=f"data/{inputs.direction.number}_links.csv",
    )


def _residual(link: Link, org: str) -> float:
    x, y = link.points[org]
    return y - link.found.intercept - link.found.slope * x


def _x_title(link: Link, name: str) -> str:
    return "Индекс условий: правее — благополучнее" if link.feature == INDEX else ru.capitalised(name)


def _finding(inputs: Inputs, link: Link) -> Finding:
    slope, lower, upper = _slope(link)
    more = "меньше" if slope < 0 else "больше"
    step = "на одно стандартное отклонение" if link.feature == INDEX else "на 10 п. п."
    how = "благополучнее условия" if link.feature == INDEX else f"больше доля «{_name(inputs, link.feature)}»"
    return Finding(
        id=f"link.{link.feature}.{link.result}",
        kind="sign",
        statement=text(
            f"Чем {how}, тем {more} {RESULTS[link.result][1]}: {ru.signed(slope, 1)} п. п. {step} "
            f"{ru.bounds(lower, upper, 1)}, школ {ru.number(link.found.n)}. Это связь между школами, а не причина."
        ),
        strength=f"перестановка школ, p = {_p(link.p or 0.0)}",
        weight=min(0.1, abs(link.found.rho) / 10),
    )


def _frame(found: Sequence[Link], names: Mapping[str, str]) -> pd.DataFrame:
    """One row a pair and school, with the association of the pair."""
    return pd.DataFrame(
        [
            {
                "group": link.group,
                "feature": link.feature,
                "result": link.result,
                "org_id": org,
                "organisation": names[org],
                "x": x,
                "y": y,
                "rho": link.found.rho,
                "p": link.found.p,
                "p_corrected": link.p,
                "slope": link.found.slope,
                "slope_lower": link.found.lower,
                "slope_upper": link.found.upper,
            }
            for link in found
            for org, (x, y) in link.points.items()
        ]
    )
