"""Social passport: who learns at each school. Features of context, never a judgement of the school's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.directions import judgement, listed, parts, schools, sensitive
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.directions.schools import Context, Row
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Block, Cell, Head, Paragraphs, TableBlock, text

ROWS_AT_MOST = 30
FEATURES = (
    "context_low_income",
    "context_large_families",
    "context_single_parent",
    "context_parents_higher",
    "context_parents_unemployed",
    "context_disabilities",
    "context_other_language",
    "context_second_shift",
)
SIGNS = {"higher": "▲", "lower": "▼"}


def panel(inputs: Inputs) -> Panel:
    """The table of the newest year with the group of conditions, and how it meets the official list."""
    rows = [row for row in inputs.rows(indicator=FEATURES) if row["value"] is not None]
    year = max((int(row["school_year"]) for row in rows if row["level"] == "organisation"), default=0)
    now = [row for row in rows if row["school_year"] == year]
    held = _by_organisation(now)
    if not held:
        return Panel()
    context = schools.context(inputs)
    names = {org: schools.label(next(iter(found.values()))) for org, found in held.items()}
    order = schools.ordered(names)
    return Panel(
        monitoring=(_table(inputs, now, held, names, order, context, year),),
        analysis=_meeting(inputs, context, names),
        frames={"social_passport": _frame(inputs, held, names, order, context)},
    )


def _by_organisation(rows: Sequence[Row]) -> dict[str, dict[str, Row]]:
    held: dict[str, dict[str, Row]] = {}
    for row in rows:
        if row["level"] == "organisation":
            held.setdefault(str(row["org_id"]), {})[str(row["indicator"])] = row
    return held


def _table(
    inputs: Inputs,
    rows: Sequence[Row],
    held: Mapping[str, Mapping[str, Row]],
    names: Mapping[str, str],
    order: Sequence[str],
    context: Context | None,
    year: int,
) -> TableBlock:
    own = {str(row["indicator"]): row for row in rows if row["level"] == "municipality"}
    asked = [one for one in FEATURES if any(one in found for found in held.values())]
    rest = len(order) - ROWS_AT_MOST
    pupils = claims.count_cell(next(iter(own.values()), None))
    whole = (Cell("Муниципалитет"), pupils, *(claims.value_cell(own.get(one), interval=False) for one in asked))
    lines = [
        (
            Cell(names[org]),
            claims.count_cell(next(iter(held[org].values()))),
            *(_cell(inputs, held[org].get(one), own.get(one)) for one in asked),
            *((Cell(context.word(org), sort=context.index.get(org)),) if context else ()),
        )
        for org in order[:ROWS_AT_MOST]
    ]
    return TableBlock(
        id="social-passport",
        caption=f"Социальный паспорт школ, {ru.school_year(year)} учебный год",
        heads=(
            Head("Школа", width=1.6),
            Head("Учеников", "right"),
            *(Head(ru.capitalised(inputs.passports[one].short), "right") for one in asked),
            *((Head("Условия", width=1.2),) if context else ()),
        ),
        rows=((*whole, *((Cell(MARKS["not_applicable"], tone="muted"),) if context else ())), *lines),
        source=text(
            "Социальный паспорт школы. Школы — по алфавиту: порядок не говорит о качестве."
            + (f" Ещё {ru.number(rest)} — в файле данных." if rest > 0 else "")
        ),
        statement=text(
            "Паспорт описывает, кто учится в школе и в каких условиях она работает; о качестве её работы он не говорит."
        ),
        how=parts.how_counted([own[one] for one in asked if one in own]),
        legend=(
            "▲ выше, ▼ ниже, чем в остальных школах вместе (интервал разности 99,8 %): это не хуже и не лучше",
            f"{MARKS['suppressed']} — {sensitive.fewer(inputs)} детей: не печатается",
            f"{MARKS['no_data']} — нет ответа; {MARKS['not_applicable']} — к муниципалитету в целом не относится",
        ),
        data=f"data/{inputs.direction.number}_social_passport.csv",
        wide=True,
    )


def _cell(inputs: Inputs, row: Row | None, own: Row | None) -> Cell:
    if row is None or own is None:
        return Cell(MARKS["no_data"], tone="muted")
    if sensitive.hidden(inputs, row):
        return Cell(MARKS["suppressed"], tone="muted")
    sign = SIGNS.get(judgement.against_wider(row, own, inputs.compare_from, judgement.OF_MANY), "")
    return Cell(f"{claims.value_text(row)} {sign}".strip(), key=claims.key_of(row), sort=float(row["value"]))


def _meeting(inputs: Inputs, context: Context | None, names: Mapping[str, str]) -> tuple[Block, ...]:
    """The index of conditions beside the official list of schools in hard conditions."""
    if context is None:
        said = (
            "Индекс условий не посчитан: признаки социального паспорта полны меньше чем у десяти школ. О "
            "неблагоприятных условиях говорит только официальный перечень."
        )
        return (Paragraphs((text(said),)),)
    hard = {org for org in context.index if context.hard(org)}
    official = listed.on(inputs, listed.HARD, context.year)
    both = hard & official
    cut = ru.number(context.rules.hard_below, 1)
    said = (
        f"По индексу условий (ниже {cut} стандартного отклонения) сложнее обычных условия у "
        f"{ru.counted(len(hard), 'школы', 'школ', 'школ')}; в официальном перечне ШНСУ — {ru.number(len(official))}, "
        f"в обоих сразу — {ru.number(len(both))}."
    )
    apart = [(hard - official, "по индексу, но не в перечне"), (official - hard, "в перечне, но не по индексу")]
    for orgs, where in apart:
        if orgs and inputs.settings.edition == "internal":
            said += f" Только {where}: {ru.listed([names.get(org, org) for org in sorted(orgs)], 6)}."
    said += (
        " Перечень утверждает приказ и может учитывать то, чего в паспорте нет (удалённость, малый размер школы); "
        "индекс зависит от полноты анкет. Расхождение — повод сверить паспорт, а не исправление перечня."
    )
    return (Paragraphs((text(said),)),)


def _frame(
    inputs: Inputs,
    held: Mapping[str, Mapping[str, Row]],
    names: Mapping[str, str],
    order: Sequence[str],
    context: Context | None,
) -> pd.DataFrame:
    """One row a school and feature; small numbers of children are left out."""
    return pd.DataFrame(
        [
            {
                "org_id": org,
                "organisation": names[org],
                "indicator": one,
                "value": row["value"],
                "numerator": row["numerator"],
                "denominator": row["denominator"],
                "index": context.index.get(org) if context else None,
                "conditions": context.word(org) if context else None,
            }
            for org in order
            for one, row in held[org].items()
            if not sensitive.hidden(inputs, row)
        ]
    )
