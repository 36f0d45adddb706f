"""«Анализ эффективности принятых мер»: a table of values before and after, and what else may explain the difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.directions import acts, before_after, judgement, like_schools, parts, sensitive, weight
from pipeline.directions.acts import Act
from pipeline.directions.before_after import Change
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.like_schools import Compared
from pipeline.directions.panels import forest
from pipeline.directions.panels.forest import value_name
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, Paragraphs, Run, TableBlock, Text, text
from pipeline.statistics.beyond import beyond, exact
from pipeline.statistics.comparison import Difference, Share, difference

Row = Mapping[str, Any]
ROWS_AT_MOST = 24
FIELDS = ("school_year", "subject", "grade", "numerator", "denominator", "value", "lower", "upper")
REGRESSION = (
    "Возврат к среднему: если меру назначали за неудачный год, следующий год в среднем лучше и без всякой меры. "
    "Поэтому значение после меры сравнено и с годами до неудачного, и — где их можно найти — с похожими школами без "
    "меры. Устойчивый сдвиг без такого сравнения — не доказательство действия меры."
)
HEADS = (
    Head("Мера", width=2.3),
    Head("Показатель", width=1.7),
    Head("До", "right", 1.3),
    Head("После", "right", 1.3),
    Head("У других за то же время", "right", 1.2),
    Head("Вывод", width=2.1),
)
SOURCE = (
    "Реестр мер и таблица показателей. «После» — первый учебный год, на который мера могла повлиять, или новее; "
    "принятая с марта видна только в следующем году. У других — в остальных организациях, а для всего муниципалитета — "
    "в регионе. Видно было бы — в четырёх случаях из пяти."
)


def panel(inputs: Inputs, code: str, found: Sequence[Act]) -> Panel:
    """The table of effects with what competes as their explanation; nothing without measures."""
    taken = [act for act in found if act.kind in ("measure", "decision")]
    if not taken:
        return Panel()
    judged = before_after.changes(inputs, taken)
    beside = like_schools.compared(inputs, judged)
    blocks: list[Block] = [*_table(inputs, code, judged), *_unnamed(inputs, taken), *forest.table(inputs, code, beside)]
    if any(change.proven for change in judged):
        blocks.append(Paragraphs((text(REGRESSION),)))
    frames = {"effect": _frame(judged)} if judged else {}
    if any(one.treated is not None for one in beside):
        frames[forest.STEM] = forest.frame(inputs, beside)
    return Panel(analysis=tuple(blocks), findings=tuple(_findings(inputs, judged, beside)), frames=frames)


def _findings(inputs: Inputs, judged: Sequence[Change], beside: Sequence[Compared]) -> Iterator[Finding]:
    """What similar schools say goes before what the years alone say."""
    known = {id(one.change): one for one in beside}
    for change in judged:
        one = known.get(id(change))
        if one is not None and one.seen:
            yield _seen(inputs, one)
        elif one is not None and one.judged:
            if change.proven:
                yield _unseen(inputs, one)
        elif change.proven and change.stands:
            yield _finding(inputs, change, one)


def _table(inputs: Inputs, code: str, judged: Sequence[Change]) -> tuple[TableBlock, ...]:
    if not judged:
        return ()
    names, shown = acts.organisations(inputs), judged[:ROWS_AT_MOST]
    rest = len(judged) - len(shown)
    more = f" Ещё {ru.counted(rest, 'строка', 'строки', 'строк')} — в файле данных." if rest else ""
    rows = [row for change in shown for row in (change.parts or (change.before, change.after)) if row is not None]
    return (
        TableBlock(
            id=f"{code}-effect",
            caption="Показатель до меры и после неё",
            heads=HEADS,
            rows=tuple(_line(inputs, change, names) for change in shown),
            source=text(SOURCE + more),
            how=parts.how_counted(sensitive.shown(inputs, rows)),
            data=f"data/{inputs.direction.number}_effect.csv",
        ),
    )


def _line(inputs: Inputs, change: Change, names: Mapping[str, str]) -> tuple[Cell, ...]:
    return (
        Cell(f"{change.act.id}. {change.act.title}{_where(change, names)}"),
        Cell(value_name(inputs, change)),
        _value_cell(change, change.before),
        _value_cell(change, change.after),
        _beside_cell(inputs, change),
        Cell(change.said, tone=change.tone if change.stands else ""),
    )


def _where(change: Change, names: Mapping[str, str]) -> str:
    if len(change.acts) > 1:
        return f" (вместе {ru.counted(len(change.acts), 'организация', 'организации', 'организаций')})"
    where = names.get(change.act.org_id or "", "")
    return f" ({where})" if where else ""


def _value_cell(change: Change, row: Row | None) -> Cell:
    """The value with its interval and school year; a sum over organisations has no key of its own."""
    cell = claims.value_cell(row)
    if row is None:
        return cell
    key = "" if change.parts else cell.key
    return Cell(f"{cell.text}, {ru.school_year(int(row['school_year']))}", key=key, sort=cell.sort)


def _beside_cell(inputs: Inputs, change: Change) -> Cell:
    """The same indicator over the same years where the measure was not: the rest, or the region."""
    known = _others(inputs, change)
    if known is None:
        return Cell("нет данных", tone="muted")
    first, last = (claims.value_text(row) for row in known)
    return Cell(f"{first} → {last}", key=claims.key_of(known[1]))


def _beside(inputs: Inputs, row: Row) -> Row | None:
    same = inputs.rows(indicator=row["indicator"], school_year=row["school_year"])
    if row["level"] == "municipality":
        return judgement.same_cell_of_level(row, same, "region")
    whole = judgement.same_cell_of_level(row, same, "municipality")
    return before_after.rest(whole, row) if whole is not None else None


def _unnamed(inputs: Inputs, taken: Sequence[Act]) -> list[Block]:
    """Measures of whose effect nothing can be said, because no indicator stands beside them."""
    silent = sum(act.indicator not in inputs.passports for act in taken)
    if not silent:
        return []
    count = ru.counted(silent, "записи", "записям", "записям")
    said = f"По {count} реестра судить нельзя: показатель, который должен измениться, не назван."
    return [Paragraphs((text(said),), role="note")]


def _finding(inputs: Inputs, change: Change, beside: Compared | None) -> Finding:
    """A change after a measure that stands against the years before as well: said without «because»."""
    kind = "улучшения" if change.tone == "better" else "ухудшения"
    strength = f"интервал {ru.percent(change.confidence, None)}"
    others = _others(inputs, change)
    if others is not None and not _beyond(change, others):
        end = text(*_path(change, others), ": изменение не больше, чем у них, и о действии меры не говорит.")
        return replace(_made(inputs, change, end, "sign", strength), weight=weight.GAP)
    why = f" (сравнить с похожими школами нельзя: {beside.reason})" if beside is not None else ""
    end = text(
        "; это больше погрешности и против прежних лет",
        *(_path(change, others) if others is not None else ()),
        f". Мера ли причина этого {kind}, данные не доказывают{why}.",
    )
    return _made(inputs, change, end, "strength" if change.tone == "better" else "problem", strength)


def _others(inputs: Inputs, change: Change) -> tuple[Row, Row] | None:
    """The rows of those without the measure, or of the region, over the same two years; None where one is missing."""
    known = [found for row in (change.before, change.after) if row is not None and (found := _beside(inputs, row))]
    return (known[0], known[1]) if len(known) == 2 and all(one["value"] is not None for one in known) else None


def _path(change: Change, others: tuple[Row, Row]) -> Text:
    where = "в регионе" if change.after is not None and change.after["level"] == "municipality" else "у других"
    first, last = (Run(claims.value_text(row), key=claims.key_of(row)) for row in others)
    return text(f"; за то же время {where} ", first, " → ", last)


def _beyond(change: Change, others: tuple[Row, Row]) -> bool:
    """Whether the change goes beyond that of the others by the interval of the difference of both."""
    if change.before is None or change.after is None or change.after["kind"] != "share":
        return True
    own = _difference(change.before, change.after, change.confidence)
    found = beyond(own, _difference(*others, change.confidence))
    return not found.lower <= 0 <= found.upper


def _difference(before: Row, after: Row, confidence: float) -> Difference:
    """Of counted shares with their interval; of published ones as known."""
    if before["numerator"] is None or after["numerator"] is None:
        return exact(float(after["value"]) - float(before["value"]), confidence)
    first, last = (Share(int(row["numerator"]), int(row["denominator"])) for row in (before, after))
    return difference(last, first, confidence)


def _seen(inputs: Inputs, found: Compared) -> Finding:
    """Its schools changed more than similar ones, and more than chance would part them."""
    better = found.word == "видно улучшение"
    end = (
        f". {_against(found)}: действие меры видно; случайно так разошлись бы {ru.percent(found.effect.p)} раскладов. "
        "Другие различия этих школ сравнение не исключает."
    )
    strength = f"похожие школы, интервал {ru.percent(found.effect.confidence, None)}"
    return _made(inputs, found.change, end, "strength" if better else "problem", strength)


def _unseen(inputs: Inputs, found: Compared) -> Finding:
    """Better than the year before, yet no more than similar schools without the measure."""
    end = f". {_against(found)}: действия меры не видно, изменение похоже на возврат к среднему."
    one = _made(inputs, found.change, end, "sign", "похожие школы")
    return replace(one, id=f"{one.id}.unseen", weight=weight.GAP)


def _against(found: Compared) -> str:
    return f"Против похожих школ без меры разность {forest.difference(found)}"


def _made(inputs: Inputs, change: Change, end: str | Text, kind: str, strength: str) -> Finding:
    before, after = change.before, change.after
    if before is None or after is None:
        raise ValueError("a change is told between two rows")
    where = _where(change, acts.organisations(inputs))
    said = text(
        f"После меры «{change.act.title}»{where} показатель «{value_name(inputs, change)}» изменился: ",
        claims.bound(before),
        f" в{ru.NBSP}{ru.school_year(int(before['school_year']))}, ",
        claims.bound(after),
        f" в{ru.NBSP}{ru.school_year(int(after['school_year']))}",
        *(text(end) if isinstance(end, str) else end),
    )
    return Finding(
        id=f"effect.{change.act.year}.{change.act.id}.{after['subject']}.{after['grade']}",
        kind=kind,
        statement=said,
        strength=strength,
        org_id=change.act.org_id if len(change.acts) == 1 else None,
        weight=_weight(inputs, before, after),
    )


def _weight(inputs: Inputs, before: Row, after: Row) -> float:
    """The size of the change, less for a part of the municipality."""
    rows = inputs.rows(indicator=after["indicator"], school_year=after["school_year"], level="municipality")
    whole = judgement.same_cell_of_level(after, rows, "municipality") if after["level"] == "organisation" else None
    size = (float(after["n"]) / float(whole["n"])) ** 0.5 if whole is not None and whole["n"] else 1.0
    return weight.of_difference(after, before) * min(1.0, size)


def _frame(judged: Sequence[Change]) -> pd.DataFrame:
    """The table as data: exact values before and after."""
    return pd.DataFrame(
        [
            {
                "measure": change.act.id,
                "title": change.act.title,
                "organisations": ";".join(act.org_id or "" for act in change.acts),
                "indicator": change.act.indicator,
                **{f"before_{name}": (change.before or {}).get(name) for name in FIELDS},
                **{f"after_{name}": (change.after or {}).get(name) for name in FIELDS},
                "verdict": change.said,
            }
            for change in judged
        ]
    )
