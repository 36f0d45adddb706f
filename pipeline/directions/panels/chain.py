"""From recommendations to measures to decisions: what was sent, taken up and answered, by direction and addressee."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.directions import acts, before_after, like_schools, weight
from pipeline.directions.acts import PROGRESS, Act
from pipeline.directions.before_after import Change
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.decisions import worded
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, TableBlock, text

ROWS_AT_MOST = 30
SENT, ANSWERED = ("sent", "answered", "done"), ("answered", "done")
NOBODY = "адресат не назван"
NOTHING = "нет"
SEEN, UNSEEN = "видно против похожих школ", "не видно против похожих школ"
CHANGED, RETURNED = "изменился, сравнить не с кем", "похоже на возврат к среднему"
SAME, UNJUDGED = "не изменился", "судить нельзя"
OUTCOMES = (SEEN, UNSEEN, CHANGED, RETURNED, SAME, UNJUDGED)


def panel(inputs: Inputs) -> Panel:
    """Tables over the whole register of acts; nothing when it is empty."""
    known = acts.acts(inputs)
    if not known:
        return Panel()
    advice = [act for act in acts.current(inputs, known) if act.kind == "recommendation"]
    blocks: list[Block] = []
    if advice:
        blocks += [_by_addressee(inputs, advice, known), _chains(inputs, advice, known)]
    found = (_finding(advice, known),) if advice else ()
    return Panel(analysis=tuple(blocks), findings=found, frames={"acts": _frame(known)})


def children(act: Act, known: Sequence[Act]) -> list[Act]:
    """Acts that follow from this one: of its own year, or of a later year when no act there has the same number."""
    return [
        one
        for one in known
        if one.parent == act.id and one.year >= act.year and parent_of(one, known) == act and one is not act
    ]


def parent_of(act: Act, known: Sequence[Act]) -> Act | None:
    """The act that this one names: of the same year, else the newest earlier (numbers are unique within a year)."""
    alike = [one for one in known if one.id == act.parent and one.year <= act.year and one is not act]
    return max(alike, key=lambda one: one.year, default=None)


def _taken(act: Act, known: Sequence[Act]) -> bool:
    return any(child.kind in ("measure", "decision") for child in children(act, known))


def _by_addressee(inputs: Inputs, advice: Sequence[Act], known: Sequence[Act]) -> TableBlock:
    """Recommendations by addressee: sent, answered, followed by a measure or decision."""
    groups: dict[str, list[Act]] = {}
    for act in advice:
        groups.setdefault(act.addressee or NOBODY, []).append(act)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    lines = [_addressee(ru.capitalised(name), part, known) for name, part in ordered]
    if len(lines) > 1:
        lines.append(_addressee("Всего", advice, known))
    return TableBlock(
        id="acts-addressees",
        caption="Рекомендации по адресатам",
        heads=(
            Head("Кому", width=2.6),
            Head("Рекомен­даций", "right"),
            Head("Направлено", "right"),
            Head("Получен ответ", "right"),
            Head("Приняты меры или решения", "right", 1.2),
        ),
        rows=tuple(lines),
        source=text("Реестр мер и решений: записи отчётного года и неисполненные прежних лет; полный счёт записей."),
        data=f"data/{inputs.direction.number}_acts.csv",
    )


def _addressee(name: str, part: Sequence[Act], known: Sequence[Act]) -> tuple[Cell, ...]:
    sent = [act for act in part if act.progress in SENT]
    answered = sum(act.progress in ANSWERED for act in sent)
    taken = sum(_taken(act, known) for act in part)
    return (
        Cell(name),
        Cell(ru.number(len(part)), sort=float(len(part))),
        _of(len(sent), len(part)),
        _of(answered, len(sent)),
        _of(taken, len(part)),
    )


def _of(number: int, whole: int) -> Cell:
    """«3 из 4»; of nothing there is no share."""
    if not whole:
        return Cell("—", tone="muted")
    share = f", {ru.percent(number / whole, whole)}" if whole >= ru.PERCENT_FROM else ""
    return Cell(f"{ru.part(number, whole)}{share}", sort=number / whole)


def _chains(inputs: Inputs, advice: Sequence[Act], known: Sequence[Act]) -> TableBlock:
    """Each recommendation with the measures and decisions that follow from it."""
    names = acts.organisations(inputs)
    shown = advice[:ROWS_AT_MOST]
    rest = len(advice) - len(shown)
    more = f" Ещё {ru.counted(rest, 'рекомендация', 'рекомендации', 'рекомендаций')} — в файле данных." if rest else ""
    return TableBlock(
        id="acts-chains",
        caption="Рекомендация — мера — решение",
        heads=(Head("Рекомендация", width=2.2), Head("Мера", width=2), Head("Решение и акт", width=2)),
        rows=tuple(_chain(inputs, act, known, names) for act in shown),
        source=text(
            "Реестр мер и решений: запись относится к той, номер которой в ней назван. Меры (что делают) отделены от "
            f"решений (кто и каким актом решил).{more}"
        ),
        data=f"data/{inputs.direction.number}_acts.csv",
    )


def _chain(inputs: Inputs, act: Act, known: Sequence[Act], names: Mapping[str, str]) -> tuple[Cell, ...]:
    following = children(act, known)
    measures = [one for one in following if one.kind == "measure"]
    decided = [one for one in following if one.kind == "decision"]
    decided += [one for measure in measures for one in children(measure, known) if one.kind == "decision"]
    return (
        Cell(_said(inputs, act, names)),
        _cell([_said(inputs, one, names) for one in measures]),
        _cell([_decision(inputs, one, names) for one in decided]),
    )


def _said(inputs: Inputs, act: Act, names: Mapping[str, str]) -> str:
    late = ", срок прошёл" if act.late(inputs.settings.as_of) else ""
    return f"{act.id}. {worded(act, names)} — {PROGRESS[act.progress]}{late}"


def _decision(inputs: Inputs, act: Act, names: Mapping[str, str]) -> str:
    paper = acts.document_of(acts.documents(inputs), act.document, act.year)
    by = paper.words if paper else "документа нет"
    who = act.responsible or (paper.office if paper else None)
    return f"{_said(inputs, act, names)}; {by}" + (f"; {who}" if who else "")


def _cell(lines: Sequence[str]) -> Cell:
    return Cell("; ".join(lines)) if lines else Cell(NOTHING, tone="warning")


def _finding(advice: Sequence[Act], known: Sequence[Act]) -> Finding:
    sent = [act for act in advice if act.progress in SENT]
    silent = len(sent) - sum(act.progress in ANSWERED for act in sent)
    idle = sum(not _taken(act, known) for act in advice)
    return Finding(
        id="recommendations",
        kind="problem" if silent or idle else "sign",
        statement=text(
            f"Рекомендаций в работе {ru.number(len(advice))}: направлено адресатам {ru.number(len(sent))}, без ответа "
            f"{ru.number(silent)}, без меры и решения {ru.number(idle)}."
        ),
        strength="Реестр мер и решений",
        weight=weight.GAP if silent or idle else 0.0,
    )


def by_direction(inputs: Inputs) -> tuple[TableBlock, ...]:
    """Measures apart from decisions, by direction: done, late, with an indicator; with an act."""
    known = acts.current(inputs, acts.acts(inputs))
    codes = [one.code for one in inputs.directions.directions if any(act.direction == one.code for act in known)]
    lines = []
    for code in codes:
        part = [act for act in known if act.direction == code]
        measures = [act for act in part if act.kind == "measure"]
        decided = [act for act in part if act.kind == "decision"]
        lines.append(
            (
                Cell(inputs.directions.get(code).title),
                Cell(ru.number(len(measures)), sort=float(len(measures))),
                _of(sum(act.progress == "done" for act in measures), len(measures)),
                _late(sum(act.late(inputs.settings.as_of) for act in measures)),
                Cell(ru.number(len(decided)), sort=float(len(decided))),
                _of(sum(act.document is not None for act in decided), len(decided)),
            )
        )
    heads = (
        Head("Направление", width=2.6),
        Head("Мер", "right", 0.7),
        Head("Исполнено", "right"),
        Head("Срок прошёл", "right", 0.9),
        Head("Решений", "right", 0.9),
        Head("Решений с актом", "right"),
    )
    said = text("Реестр мер и решений: записи отчётного года и неисполненные прежних лет; сами записи — в главах.")
    if not lines:
        return ()
    caption = "Меры и управленческие решения по направлениям"
    return (TableBlock(id="acts-directions", caption=caption, heads=heads, rows=tuple(lines), source=said),)


def _late(number: int) -> Cell:
    return Cell(ru.number(number), sort=float(number), tone="warning" if number else "")


def effects(inputs: Inputs) -> tuple[TableBlock, ...]:
    """What is known of the effect of measures, by direction: how many could be judged, and how."""
    known = acts.acts(inputs)
    lines = []
    for one in inputs.directions.directions:
        taken = [act for act in known if act.direction == one.code and act.kind == "measure"]
        if taken:
            lines.append((Cell(one.title), *_judged(inputs, taken)))
    if not lines:
        return ()
    heads = (
        Head("Направление", width=2.6),
        Head("Мер с показателем", "right", 1.1),
        *(Head(ru.capitalised(word), "right", 1.0) for word in OUTCOMES),
    )
    said = text(
        "Реестр мер всех лет и таблица показателей. Одна и та же мера в нескольких школах — одна мера; если она "
        "касается нескольких предметов, названо самое определённое, что о ней известно. Сами значения и доводы — в "
        "конце глав; изменение без сравнения — не доказательство действия меры."
    )
    caption = "Что известно о действии мер"
    return (TableBlock(id="acts-effects", caption=caption, heads=heads, rows=tuple(lines), source=said),)


def _judged(inputs: Inputs, taken: Sequence[Act]) -> tuple[Cell, ...]:
    """Measures with an indicator among all, then how many there are of each outcome; alike ones are one measure."""
    several = before_after.alike(taken)
    named = [group for group in several if before_after.named(inputs, group)]
    outcomes = Counter(_outcome(inputs, before_after.changes(inputs, group)) for group in named)
    counts = (outcomes[word] for word in OUTCOMES)
    return (_of(len(named), len(several)), *(Cell(ru.number(count), sort=float(count)) for count in counts))


def _outcome(inputs: Inputs, found: Sequence[Change]) -> str:
    """The most definite word for the values of one measure; similar schools speak before the years alone."""
    beside = like_schools.compared(inputs, found)
    if any(one.judged for one in beside):
        return SEEN if any(one.seen for one in beside) else UNSEEN
    if any(one.proven and one.stands for one in found):
        return CHANGED
    if any(one.proven for one in found):
        return RETURNED
    return SAME if any(one.tone == "same" for one in found) else UNJUDGED


def _frame(known: Sequence[Act]) -> pd.DataFrame:
    """The register as data, all years."""
    columns = ("id", "year", "direction", "org_id", "kind", "parent", "title", "addressee", "responsible", "due")
    more = ("taken_on", "progress", "document", "indicator")
    return pd.DataFrame(
        [[getattr(act, name) for name in (*columns, *more)] for act in known], columns=[*columns, *more]
    )
