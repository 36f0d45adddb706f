"""Share of «2» in ВПР by organisation, all works in one figure: a funnel of many, dots with intervals of few."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import judgement, parts, schools
from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import level_title, scope_of
from pipeline.directions.panels import funnels
from pipeline.directions.panels.marks import Work, classes, evenly, works
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, Run, Text, text
from pipeline.presentation.small_funnels import Panel as Drawn
from pipeline.presentation.small_funnels import small_funnels
from pipeline.statistics import funnel
from pipeline.statistics.comparison import Verdict

Row = Mapping[str, Any]
ON_ONE_PAGE = 6
TONES = {
    "worse": "отличается, хуже",
    "better": "отличается, лучше",
    "apart": "отличается",
    "inside": "отличается, но внутри границ",
}
BY_LIMITS = "Выделяется организация за границей 99,8 %"
BY_INTERVAL = (
    "доля в которой отличается от доли во всех остальных организациях муниципалитета вместе: "
    "сравнений много, поэтому берётся интервал разности 99,8 %."
)


@dataclass(frozen=True)
class Judged:
    """One work: its panel, the verdicts of its organisations and who is coloured."""

    work: Work
    drawn: Drawn
    rows: tuple[Row, ...]
    verdicts: tuple[Verdict, ...]
    spread: float | None = None  # beyond chance, where limits are drawn

    @property
    def outside(self) -> list[Row]:
        """Coloured: outside the limits, or where none are drawn apart by the interval."""
        coloured = zip(self.rows, self.drawn.points["tone"], strict=True)
        return [row for row, tone in coloured if tone not in ("", funnels.INSIDE)]

    @property
    def rings(self) -> list[Row]:
        """Apart by the interval, yet inside the limits."""
        ringed = zip(self.rows, self.drawn.points["tone"], strict=True)
        return [row for row, tone in ringed if tone == funnels.INSIDE]


def panel(inputs: Inputs) -> Panel:
    """A panel for each work of at least two organisations with a value."""
    judged = [_judged(inputs, work) for work in works(inputs) if len(work.schools) > 1]
    pages = evenly(judged, ON_ONE_PAGE)
    rule = _rule(judged)
    figures = tuple(_figure(inputs, page, number, rule) for number, page in enumerate(pages))
    frames = {f"{one.work.stem}_schools": pd.DataFrame(one.work.schools) for one in judged}
    return Panel(monitoring=figures, frames=frames)


def among_others(inputs: Inputs, row: Row, own: Row | None) -> Verdict:
    """An organisation against the rest of the municipality, one comparison of many."""
    return judgement.against_wider(row, own, inputs.compare_from, judgement.OF_MANY) if own else "insufficient"


def _judged(inputs: Inputs, work: Work) -> Judged:
    own = work.own
    if own is not None and funnels.fits(work.schools, own):
        return _with_limits(inputs, work, own)
    rows = tuple(work.schools)
    verdicts = tuple(among_others(inputs, row, own) for row in rows)
    named = inputs.settings.edition == "internal"
    tones = [claims.tone(verdict, "lower") if verdict in ("higher", "lower") else "" for verdict in verdicts]
    points = pd.DataFrame(
        {
            "n": [int(row["n"] or 0) for row in rows],
            "value": [float(row["value"]) for row in rows],
            "lower": [row["lower"] for row in rows],
            "upper": [row["upper"] for row in rows],
            "tone": tones,
            "name": [
                schools.short(schools.label(row)) if tone and named else ""
                for row, tone in zip(rows, tones, strict=True)
            ],
        }
    ).astype({"lower": "float64", "upper": "float64"})
    return Judged(work, Drawn(_title_of(inputs, work), points, None, *_lines(work)), rows, verdicts)


def _with_limits(inputs: Inputs, work: Work, own: Row) -> Judged:
    """Organisations with counts of their own inside the limits of a funnel."""
    centre = float(own["value"])
    rows = tuple(row for row in work.schools if row["numerator"] is not None and row["denominator"])
    verdicts = tuple(among_others(inputs, row, own) for row in rows)
    large = [row for row in rows if int(row["denominator"]) >= inputs.compare_from]
    found = funnel.spread(*funnels.counts(large), centre)
    points = funnels.points(inputs, list(zip(rows, verdicts, strict=True)), centre, found.tau)
    names = [schools.short(name) for name in points["name"]]
    points = points.assign(name=names, lower=float("nan"), upper=float("nan"))
    limits = funnels.limits_of(centre, int(points["n"].max()), found.tau)
    return Judged(work, Drawn(_title_of(inputs, work), points, limits, *_lines(work)), rows, verdicts, found.tau)


def _lines(work: Work) -> tuple[float | None, tuple[float, ...]]:
    """The municipality's share and those of wider groups."""
    others = judgement.comparators(work.schools[0], work.rows)
    return float(work.own["value"]) if work.own else None, tuple(float(row["value"]) for row in others)


def _title_of(inputs: Inputs, work: Work) -> str:
    return ru.capitalised(_scope(inputs, work))


def _scope(inputs: Inputs, work: Work) -> str:
    return scope_of(inputs, {"subject": work.subject, "grade": work.grade, "school_year": work.year})


def _figure(inputs: Inputs, page: Sequence[Judged], number: int, rule: str) -> FigureBlock:
    suffix = f"-{number + 1}" if number else ""
    counted = len({row["group"] for one in page for row in one.rows})
    years = ru.years([one.work.year for one in page])
    few = [one for one in page if one.drawn.limits is None]
    lines = "точки с интервалами 95 %" if len(few) == len(page) else "границы воронки 95 и 99,8 %"
    many = "; где организаций меньше 15 — интервалы 95 %" if few and len(few) < len(page) else ""
    organisations = ru.counted(counted, "организация", "организации", "организаций")
    return FigureBlock(
        id=f"vpr-schools{suffix}",
        title=_title(inputs, page),
        subtitle=f"Доля отметок «2»; по горизонтали участники, {years}, {organisations}; {lines}{many}",
        alt=" ".join(_alt(inputs, one) for one in page),
        svg=small_funnels([one.drawn for one in page], _legend(inputs, page)),
        source=parts.source_line([row for one in page for row in one.rows]),
        statement=_statement(inputs, page, "" if number else rule),
        how=(text(funnels.HOW),) if len(few) < len(page) else (),
        data=f"data/{inputs.direction.number}_school_results.csv",
    )


def _legend(inputs: Inputs, page: Sequence[Judged]) -> dict[str, str]:
    """Words for what the panels hold."""
    names = {}
    if any(one.drawn.centre is not None for one in page):
        names["centre"] = "муниципалитет"
    wider = next((judgement.comparators(one.rows[0], one.work.rows) for one in page if one.drawn.others), [])
    if wider:
        names["others"] = ", ".join(level_title(inputs, row) for row in wider)
    if any(one.drawn.limits is not None for one in page):
        names |= {"outer": f"граница 99,8{ru.NARROW}%", "inner": f"95{ru.NARROW}%"}
    tones = {tone for one in page for tone in one.drawn.points["tone"]}
    return names | {tone: words for tone, words in TONES.items() if tone in tones}


def _title(inputs: Inputs, page: Sequence[Judged]) -> str:
    """How many organisations the picture tells apart, in the words of how it does."""
    alone = f"доля «2», {_scope(inputs, page[0].work)}"
    if len(page) > 1:
        alone = f"доля «2» в ВПР, {classes([one.work for one in page])}"
    compared = _compared(page)
    if not compared:
        return f"Результаты организаций: {alone}"
    apart, every = _groups(one.outside for one in page), _groups(one.rows for one in page)
    somewhere = "" if len(page) == 1 else "хотя бы в одной работе "
    counted = ru.counted(len(apart), "организация", "организации", "организаций")
    if _limited(page):
        said = funnels.verdict_words(len(apart), len(compared), len(every))
        words = f"{somewhere if apart else ''}{said}"
    elif any(one.rings for one in page) and not apart:
        words = "ни одна организация не выделена"
    elif not apart:
        words = "организации не отличаются от остальных с учётом погрешности"
    else:
        verb = ru.plural(len(apart), "отличается", "отличаются", "отличаются")
        words = f"от остальных {somewhere}{verb} {counted} из {ru.number(len(every))}"
    return f"{ru.capitalised(words)}: {alone}"


def _groups(rows: Iterable[Iterable[Row]]) -> set[str]:
    return {str(row["group"]) for part in rows for row in part}


def _compared(page: Sequence[Judged]) -> set[str]:
    """Organisations that may be compared in a work or more."""
    pairs = ((row, verdict) for one in page for row, verdict in zip(one.rows, one.verdicts, strict=True))
    return {str(row["group"]) for row, verdict in pairs if verdict != "insufficient"}


def _limited(page: Sequence[Judged]) -> bool:
    """Whether each work of the figure has limits."""
    return all(one.drawn.limits is not None for one in page)


def _statement(inputs: Inputs, page: Sequence[Judged], rule: str) -> Text:
    """Who is coloured, who is a ring; under the first figure also how it is judged (`rule`) and what limits hold."""
    said = []
    if rings := _groups(one.rings for one in page):
        usual = all(one.spread for one in page if one.rings)
        said.append(funnels.rings_words(len(rings), usual=usual, somewhere=len(page) > 1))
    if rule:
        said.append(rule)
        spread = "Границы учитывают и случайность, и обычное различие организаций между собой."
        said += [spread] if any(one.spread for one in page) else []
        said.append(f"Организации, где участников меньше {inputs.compare_from}, не сравниваются.")
    outside = _outside(inputs, page)
    more = " ".join(said)
    return text(*outside, f" {more}" if outside and more else more)


def _rule(works: Sequence[Judged]) -> str:
    """How a work tells organisations apart: by limits, by the interval of the difference, or each where it is drawn."""
    if _limited(works):
        return f"{BY_LIMITS}."
    if any(one.drawn.limits is not None for one in works):
        return f"{BY_LIMITS}; где организаций меньше {funnels.FUNNEL_FROM} — та, {BY_INTERVAL}"
    return f"Выделяется организация, {BY_INTERVAL}"


def _outside(inputs: Inputs, page: Sequence[Judged]) -> list[str | Run]:
    """«Выделены: биология, 6 класс — СОШ № 5.» with the rows behind the names."""
    told: list[str | Run] = []
    for one in page:
        for place, row in enumerate(one.outside):
            name = schools.short(schools.label(row)) if inputs.settings.edition == "internal" else "1"
            before = ", " if place else f"{'; ' if told else ''}{_scope(inputs, one.work)} — "
            told += [before, Run(name, key=claims.key_of(row))]
    if told:
        return ["За границами: " if _limited(page) else "Выделены: ", *told, "."]
    return [] if _limited(page) and _compared(page) else ["Ни одна организация не выделена."]


def _alt(inputs: Inputs, one: Judged) -> str:
    """The range of sizes and shares, and who is coloured; of few organisations all of them."""
    if one.drawn.limits is None:
        listed = [f"{row['group_label']}: {claims.bound(row).text}, участников {row['n']}" for row in one.rows]
        return f"{_title_of(inputs, one.work)}: {'; '.join(listed)}."
    values = sorted(one.rows, key=lambda row: float(row["value"]))
    sizes = [int(row["n"] or 0) for row in one.rows]
    named = [f"{row['group_label']} {claims.bound(row).text}, n = {row['n']}" for row in one.outside]
    if inputs.settings.edition != "internal":
        named = [ru.number(len(one.outside))] if one.outside else []
    return (
        f"{_title_of(inputs, one.work)}: точек {ru.number(len(values))}, участников от {ru.number(min(sizes))} до "
        f"{ru.number(max(sizes))}, доли от {claims.value_text(values[0])} до {claims.value_text(values[-1])}. "
        f"За внешней границей: {'; '.join(named) if named else 'нет организаций'}."
    )
