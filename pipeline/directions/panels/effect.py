"""Did a measure work: the indicator that it named before and after, and what else explains the difference.

A comparison with similar schools where nothing was done is not made here; until it is, no verdict says «because of».
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.directions import acts, judgement, weight
from pipeline.directions.acts import Act
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import category_of, scope_of
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, Paragraphs, TableBlock, Text, text
from pipeline.statistics.detectable import detectable_share
from pipeline.statistics.intervals import CONFIDENCE

Row = Mapping[str, Any]
CELLS_AT_MOST = 4  # rows of one measure: an indicator may have a value for each subject and grade
SPRING = (3, 1)  # what is done from this day on can only be seen in the procedures of the next school year
WORDS = {"better": "улучшился больше погрешности", "worse": "ухудшился больше погрешности"}
UNJUDGED = "судить нельзя"
REGRESSION = (
    "Возврат к среднему: там, где показатель до меры был хуже, чем в муниципалитете, он в следующий раз в среднем "
    "сдвигается к общему уровню и без всякой меры. Поэтому улучшение — не доказательство действия меры; отделить одно "
    "от другого может только сравнение с похожими организациями, где меры не было. Такого сравнения здесь нет."
)


@dataclass(frozen=True)
class Change:
    """One value of a measure's indicator before and after; `said` is why nothing can be told when one is missing."""

    act: Act
    before: Row | None
    after: Row | None
    verdict: str
    tone: str
    said: str
    confidence: float = CONFIDENCE

    @property
    def judged(self) -> bool:
        return self.verdict in ("higher", "lower", "same")


def changes(inputs: Inputs, found: Sequence[Act]) -> list[Change]:
    """What happened to the indicator of every measure and decision that names one."""
    named = [act for act in found if act.kind in ("measure", "decision") and act.indicator in inputs.passports]
    return [change for act in named for change in _of_act(inputs, act)]


def first_affected(act: Act) -> int:
    """The first school year whose results the measure could have changed."""
    late = act.taken_on is not None and act.taken_on[:10] >= dt.date(act.year, *SPRING).isoformat()
    return act.year + 1 if late else act.year


def _of_act(inputs: Inputs, act: Act) -> list[Change]:
    if act.progress == "cancelled":
        return [_nothing(act, "мера отменена")]
    rows = _rows(inputs, act)
    first = first_affected(act)
    pairs = [_pair(cell, first) for cell in _cells(rows)]
    whole = [(before, after) for before, after in pairs if before is not None and after is not None]
    if not whole:
        return [_incomplete(act, pairs)]
    whole.sort(key=lambda pair: -(pair[1]["n"] or 0))
    confidence = 1 - (1 - CONFIDENCE) / min(len(whole), CELLS_AT_MOST)  # Bonferroni: several looks at one measure
    return [_judged(inputs, act, before, after, confidence) for before, after in whole[:CELLS_AT_MOST]]


def _rows(inputs: Inputs, act: Act) -> list[dict[str, Any]]:
    level = "organisation" if act.org_id else "municipality"
    rows = inputs.rows(indicator=act.indicator, level=level)
    return [row for row in rows if row["value"] is not None and row["org_id"] in (act.org_id, None) and not row["task"]]


def _cells(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one subject, grade and category together, oldest first."""
    cells: dict[tuple[Any, ...], list[Row]] = {}
    for row in sorted(rows, key=lambda row: int(row["school_year"])):
        cells.setdefault(tuple(row[name] for name in judgement.KEY), []).append(row)
    return list(cells.values())


def _pair(cell: Sequence[Row], first: int) -> tuple[Row | None, Row | None]:
    before = [row for row in cell if row["school_year"] < first]
    after = [row for row in cell if row["school_year"] >= first]
    return (before[-1] if before else None, after[-1] if after else None)


def _nothing(act: Act, said: str, before: Row | None = None, after: Row | None = None) -> Change:
    return Change(act, before, after, "insufficient", "unknown", f"{UNJUDGED}: {said}")


def _incomplete(act: Act, pairs: Sequence[tuple[Row | None, Row | None]]) -> Change:
    if not pairs:
        return _nothing(act, "показатель не посчитан")
    before, after = pairs[0]
    if before is not None:
        return _nothing(act, "после меры показатель ещё не измеряли", before=before)
    return _nothing(act, "до меры показатель не измеряли", after=after)


def _judged(inputs: Inputs, act: Act, before: Row, after: Row, confidence: float) -> Change:
    if before["series"] != after["series"]:
        return _nothing(act, "ряд прерван, значения несопоставимы", before, after)
    if after["kind"] != "share":
        return _nothing(act, "разброс этого показателя неизвестен", before, after)
    verdict = judgement.against_row(after, before, inputs.compare_from, confidence)
    tone = claims.tone(verdict, inputs.passports[str(act.indicator)].better)
    if verdict == "insufficient":
        return _nothing(act, "мало участников", before, after)
    said = WORDS.get(tone) or _unproven(inputs, before, after, verdict, confidence)
    return Change(act, before, after, verdict, tone, said, confidence)


def _unproven(inputs: Inputs, before: Row, after: Row, verdict: str, confidence: float) -> str:
    """No proven change: which one these numbers of participants would have shown."""
    if verdict != "same":
        return f"{claims.CHANGED[verdict]} больше погрешности"
    better = inputs.passports[str(after["indicator"])].better
    found = detectable_share(
        float(before["value"]), int(before["n"]), int(after["n"]), higher=better == "higher", confidence=confidence
    )
    if found is None:
        return "не изменился с учётом погрешности: при таком числе участников не было бы видно никакого улучшения"
    limit = ru.percent(found, int(min(before["n"], after["n"])))
    side = "от" if better == "higher" else "до"
    return f"не изменился с учётом погрешности; было бы видно улучшение {side}{ru.NBSP}{limit}"


def panel(inputs: Inputs, code: str, found: Sequence[Act]) -> Panel:
    """The table of effects with what competes as their explanation; nothing without measures."""
    taken = [act for act in found if act.kind in ("measure", "decision")]
    if not taken:
        return Panel()
    judged = changes(inputs, taken)
    blocks: list[Block] = [*_table(inputs, code, judged), *_unnamed(taken, judged)]
    if any(change.tone == "better" for change in judged):
        blocks.append(Paragraphs((text(REGRESSION),)))
    return Panel(analysis=tuple(blocks), findings=tuple(_finding(inputs, c) for c in judged if c.tone in WORDS))


def _table(inputs: Inputs, code: str, judged: Sequence[Change]) -> tuple[TableBlock, ...]:
    if not judged:
        return ()
    names = acts.organisations(inputs)
    return (
        TableBlock(
            id=f"{code}-effect",
            caption="Показатель до меры и после неё",
            heads=(
                Head("Мера", width=2.4),
                Head("Показатель", width=1.8),
                Head("До", "right", 1.2),
                Head("После", "right", 1.2),
                Head("У других за то же время", "right", 1.3),
                Head("Вывод", width=2.1),
            ),
            rows=tuple(_line(inputs, change, names) for change in judged),
            source=text(
                "Реестр мер и таблица показателей. «После» — первый учебный год, на который мера могла повлиять, или "
                "новее; принятая с марта видна только в следующем году. У других — в остальных организациях или, для "
                "муниципалитета, в регионе. Заметное улучшение — то, что видно в четырёх случаях из пяти."
            ),
        ),
    )


def _line(inputs: Inputs, change: Change, names: Mapping[str, str]) -> tuple[Cell, ...]:
    act = change.act
    where = names.get(act.org_id or "", "")
    return (
        Cell(f"{act.id}. {act.title}" + (f" ({where})" if where else "")),
        Cell(_named(inputs, change)),
        _value_cell(change.before),
        _value_cell(change.after),
        _beside_cell(inputs, change),
        Cell(change.said, tone="better" if change.tone == "better" else "worse" if change.tone == "worse" else ""),
    )


def _named(inputs: Inputs, change: Change) -> str:
    """The indicator with its subject and grade; the years stand with the values."""
    short = inputs.passports[str(change.act.indicator)].short
    row = change.after or change.before
    if row is None:
        return ru.capitalised(short)
    scope = scope_of(inputs, {**row, "school_year": inputs.settings.school_year})
    return ru.capitalised(": ".join(filter(None, (short, ", ".join(filter(None, (category_of(inputs, row), scope)))))))


def _value_cell(row: Row | None) -> Cell:
    """The value with its interval and school year."""
    cell = claims.value_cell(row)
    if row is None:
        return cell
    return Cell(f"{cell.text}, {ru.school_year(int(row['school_year']))}", key=cell.key, sort=cell.sort)


def _beside_cell(inputs: Inputs, change: Change) -> Cell:
    """The same indicator over the same years where the measure was not: the rest, or the region."""
    pair = [_beside(inputs, row) for row in (change.before, change.after) if row is not None]
    known = [row for row in pair if row is not None]
    if len(known) < 2:
        return Cell("нет данных", tone="muted")
    first, last = (claims.value_text(row) for row in known)
    return Cell(f"{first} → {last}", key=claims.key_of(known[1]))


def _beside(inputs: Inputs, row: Row) -> Row | None:
    same = inputs.rows(indicator=row["indicator"], school_year=row["school_year"])
    if row["level"] == "municipality":
        return judgement.same_cell_of_level(row, same, "region")
    return _rest(row, judgement.same_cell_of_level(row, same, "municipality"))


def _rest(row: Row, whole: Row | None) -> Row | None:
    """The municipality without the organisation; None where the counts do not allow it."""
    if whole is None or whole["numerator"] is None or row["numerator"] is None:
        return None
    part, n = whole["numerator"] - row["numerator"], whole["denominator"] - row["denominator"]
    if not (n > 0 and 0 <= part <= n):
        return None
    return {**whole, "numerator": part, "denominator": n, "n": int(n), "value": float(part) / float(n)}


def _unnamed(taken: Sequence[Act], judged: Sequence[Change]) -> list[Block]:
    """Measures of whose effect nothing can be said, because no indicator stands beside them."""
    told = {change.act for change in judged}
    silent = [act for act in taken if act not in told]
    if not silent:
        return []
    count = ru.counted(len(silent), "записи", "записям", "записям")
    return [
        Paragraphs(
            (text(f"По {count} реестра судить нельзя: показатель, который должен измениться, не назван."),), role="note"
        )
    ]


def _finding(inputs: Inputs, change: Change) -> Finding:
    """A proven change after a measure: said without «because»."""
    before, after = change.before, change.after
    assert before is not None and after is not None  # a tone is only given to a pair
    name = _named(inputs, change)
    where = acts.organisations(inputs).get(change.act.org_id or "", "")
    said: Text = text(
        f"После меры {change.act.id} ({change.act.title}{f'; {where}' if where else ''}) показатель «{name}» "
        f"{claims.CHANGED[change.verdict]}: ",
        claims.bound(after),
        " против ",
        claims.bound(before, interval=False),
        f" в{ru.NBSP}{ru.school_year(int(before['school_year']))}; что причина — мера, эти данные не доказывают.",
    )
    return Finding(
        id=f"effect.{change.act.year}.{change.act.id}.{after['subject']}.{after['grade']}",
        kind="strength" if change.tone == "better" else "problem",
        statement=said,
        strength=f"интервал {ru.percent(change.confidence, None)}",
        org_id=change.act.org_id,
        weight=_weight(inputs, before, after),
    )


def _weight(inputs: Inputs, before: Row, after: Row) -> float:
    """The size of the change, less for a part of the municipality."""
    rows = inputs.rows(indicator=after["indicator"], school_year=after["school_year"], level="municipality")
    whole = judgement.same_cell_of_level(after, rows, "municipality") if after["level"] == "organisation" else None
    size = (float(after["n"]) / float(whole["n"])) ** 0.5 if whole is not None and whole["n"] else 1.0
    return weight.of_difference(after, before) * min(1.0, size)
