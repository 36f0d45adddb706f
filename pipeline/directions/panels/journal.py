"""ВПР marks against journal marks: one table of works, one picture of schools, one table of pupils' pairs of marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import judgement, parts, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels import journal_pairs, journal_schools
from pipeline.directions.panels.journal_rows import INDICATORS, PARTS, counts, of_level
from pipeline.directions.panels.panel import Panel, joined
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, Run, TableBlock, text
from pipeline.statistics.comparison import Verdict
from pipeline.statistics.intervals import CONFIDENCE
from pipeline.statistics.objectivity import journal_marks

Row = Mapping[str, Any]
WIDER = ("region", "country")
AGREED = {"lower": "подтверждают реже, чем", "higher": "подтверждают чаще, чем", "same": "не отличается"}
LEANS = {"lower": "ниже журнальных чаще, чем выше", "higher": "выше журнальных чаще, чем ниже"}


def panel(inputs: Inputs) -> Panel:
    """Of each work its newest year: the municipality in a table, organisations in one picture, pairs of marks."""
    rows = [row for row in inputs.rows(indicator=tuple(INDICATORS)) if row["value"] is not None]
    works = _works(rows)
    if not works:
        return Panel()
    table = _table(inputs, works)
    own = Panel(
        monitoring=(table,) if table else (), findings=tuple(_findings(inputs, works)), frames=_frames(inputs, rows)
    )
    return joined((own, journal_pairs.panel(inputs, works), journal_schools.panel(inputs, works)))


def _works(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of the newest year of each work, by class and subject."""
    cells = sorted({(row["subject"], row["grade"]) for row in rows}, key=lambda cell: (cell[1], cell[0]))
    found = []
    for cell in cells:
        of_cell = [row for row in rows if (row["subject"], row["grade"]) == cell]
        year = max(row["school_year"] for row in of_cell)
        found.append([row for row in of_cell if row["school_year"] == year])
    return found


def _frames(inputs: Inputs, rows: Sequence[Row]) -> dict[str, pd.DataFrame]:
    newest = [row for work in _works(rows) for row in work]
    return {
        "journal": pd.DataFrame(
            {
                "subject": [row["subject"] for row in newest],
                "grade": [row["grade"] for row in newest],
                "school_year": [row["school_year"] for row in newest],
                "group": [row["group"] for row in newest],
                "label": [_label(inputs, row) for row in newest],
                "category": [INDICATORS[row["indicator"]] for row in newest],
                "value": [float(row["value"]) for row in newest],
                "n": [row["n"] for row in newest],
            }
        )
    }


def _label(inputs: Inputs, row: Row) -> str:
    """The group as its source names it; the whole sample is the country."""
    return inputs.profile.country.title if row["level"] == "country" else " ".join(str(row["group_label"]).split())


def _wider(rows: Sequence[Row]) -> dict[str, Row]:
    return next((found for level in WIDER if "confirmed" in (found := of_level(rows, level))), {})


def _table(inputs: Inputs, works: Sequence[Sequence[Row]]) -> TableBlock | None:
    told = [(work, own) for work in works if (own := of_level(work, "municipality"))]
    if not told:
        return None
    shown = [row for _, own in told for row in own.values()]
    return TableBlock(
        id="journal-works",
        caption="Отметки ВПР рядом с отметками по журналу, муниципалитет (в скобках — регион)",
        heads=(
            Head("Работа", width=1.8),
            Head("Участников", "right", 0.9),
            *(Head(ru.capitalised(word), "right", 1.2) for word in PARTS.values()),
            Head("Повысили минус понизили, п. п.", "right", 1.5),
            Head("Вывод", width=2.2),
        ),
        rows=tuple(_line(inputs, work, own, _confidence(works)) for work, own in told),
        source=text(f"{parts.source_line(shown)[0].text} В источнике — только число понизивших и повысивших."),
        statement=text(
            "Где эти числа даны без пар отметок, видно, сколько отметок сдвинулось и в какую сторону, "
            "но не какие именно."
        ),
        how=parts.how_counted(shown, [HOW]),
        data=f"data/{inputs.direction.number}_journal.csv",
    )


HOW = (
    "Повысили минус понизили — разность долей одних и тех же участников; интервал 95 % по Agresti и Min (2005). "
    "Вывод — по интервалам разностей с поправкой на число работ (Бонферрони): вместе они ошибаются в 1 случае из 20."
)


def _line(inputs: Inputs, work: Sequence[Row], own: Mapping[str, Row], confidence: float) -> tuple[Cell, ...]:
    wider, one = _wider(work), next(iter(own.values()))
    return (
        Cell(ru.capitalised(scope_of(inputs, one))),
        claims.count_cell(one),
        *(_beside(own.get(part), wider.get(part)) for part in PARTS),
        _asymmetry(own),
        _verdict(inputs, own, wider, confidence),
    )


def _beside(row: Row | None, wider: Row | None) -> Cell:
    if row is None or wider is None:
        return claims.value_cell(row, interval=False)
    words = f"{claims.value_text(row)} ({claims.value_text(wider)})"
    return Cell(words, key=claims.key_of(row), sort=float(row["value"]))


def _asymmetry(own: Mapping[str, Row]) -> Cell:
    known = counts(own)
    if known is None:
        return Cell("…", tone="muted")
    found = journal_marks.asymmetry(*known)
    digits = 1 if known[2] >= ru.DECIMAL_FROM else 0
    words = ru.bounds(found.lower * 100, found.upper * 100, digits)
    return Cell(f"{ru.signed(found.value * 100, digits)} {words}", sort=found.value)


def _verdict(inputs: Inputs, own: Mapping[str, Row], wider: Mapping[str, Row], confidence: float) -> Cell:
    agreed = agreement(inputs, own, wider, confidence)
    said = f"{AGREED[agreed]}{' в регионе' if agreed != 'same' else ' от региона'}" if agreed in AGREED else ""
    leaning = LEANS.get(leaning_of(inputs, own, confidence), "")
    tone = {"lower": "worse", "higher": "better"}.get(agreed, "")
    words = "; ".join(filter(None, (said, leaning)))
    return Cell(words or "недостаточно данных", tone=tone if words else "unknown")  # type: ignore[arg-type]


def _confidence(works: Sequence[Sequence[Row]]) -> float:
    """Of each work, so that of all of them together one in twenty would be called by luck (Bonferroni)."""
    return 1 - (1 - CONFIDENCE) / len(works)


def agreement(inputs: Inputs, own: Mapping[str, Row], wider: Mapping[str, Row], confidence: float) -> Verdict:
    """The share of the confirmed against the region's."""
    if "confirmed" not in own or "confirmed" not in wider:
        return "insufficient"
    return judgement.against_wider(own["confirmed"], wider["confirmed"], inputs.compare_from, confidence)


def leaning_of(inputs: Inputs, own: Mapping[str, Row], confidence: float) -> Verdict:
    """Whether marks go up more often than down: only when the interval leaves out nought."""
    known = counts(own)
    if known is None or known[2] < inputs.compare_from:
        return "insufficient"
    found = journal_marks.asymmetry(*known, confidence)
    return "higher" if found.lower > 0 else "lower" if found.upper < 0 else "same"


def _findings(inputs: Inputs, works: Sequence[Sequence[Row]]) -> list[Finding]:
    """Works that differ from the region, each; the rest in one sentence."""
    told, alike = [], []
    for work in works:
        own, wider = of_level(work, "municipality"), _wider(work)
        if "confirmed" not in own:
            continue
        verdict = agreement(inputs, own, wider, _confidence(works))
        if verdict in ("higher", "lower"):
            told.append(_finding(inputs, own, wider, verdict))
        else:
            alike.append(own)
    return [*told, *_rest(inputs, alike, told, beside=any(_wider(work) for work in works))]


def _finding(inputs: Inputs, own: Mapping[str, Row], wider: Mapping[str, Row], verdict: Verdict) -> Finding:
    row = own["confirmed"]
    said: list[str | Run] = [f"ВПР и журнал, {scope_of(inputs, row)}: отметку подтвердили ", claims.bound(row)]
    rarer = {"lower": ", реже, чем в регионе", "higher": ", чаще, чем в регионе"}[verdict]
    said += [f"{rarer} — ", claims.bound(wider["confirmed"], interval=False)]
    for part in ("lowered", "raised"):
        if part in own:
            said += [f"; {PARTS[part]} ", claims.bound(own[part], interval=False)]
    return Finding(
        id=f"journal.{row['subject']}.{row['grade']}.{row['school_year']}",
        kind="problem" if verdict == "lower" else "strength",
        statement=text(*said, "."),
        strength="интервал разности с поправкой на число работ",
        weight=weight.of_difference(row, wider["confirmed"]) if verdict == "lower" else 0.0,
    )


def _rest(
    inputs: Inputs, alike: Sequence[Mapping[str, Row]], told: Sequence[Finding], *, beside: bool
) -> list[Finding]:
    """The range of the works that do not differ from the region, or have none beside."""
    if not alike:
        return []
    rows = sorted((own["confirmed"] for own in alike), key=lambda row: float(row["value"]))
    other = "остальных " if told else ""
    number = ru.counted(len(rows), "работе", "работах", "работах")
    said: list[str | Run]
    if len(rows) == 1:
        said = [f"ВПР и журнал, {scope_of(inputs, rows[0])}: отметку подтвердили ", claims.bound(rows[0])]
    else:
        first, last = (claims.bound(row, interval=False) for row in (rows[0], rows[-1]))
        counted = Run(number, key=claims.key_of(rows[0]))
        said = [f"ВПР и журнал: в {other}", counted, " отметку подтвердили от ", first, " до ", last, " участников"]
    return [
        Finding(
            id="journal.alike",
            kind="sign",
            statement=text(*said, f"{'; отличий от региона больше погрешности нет' if beside else ''}."),
            strength="интервал 95 %",
        )
    ]
