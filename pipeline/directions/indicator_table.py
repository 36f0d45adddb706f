"""«Показатели»: one table a chapter — value with interval, participants, last year, change, comparator, verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.directions import judgement, parts
from pipeline.directions.chapter import Inputs
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, TableBlock, text
from pipeline.presentation.claims import COMPARED

Row = Mapping[str, Any]
HEADS = (
    Head("Показатель", width=2.1),
    Head("Значение (интервал 95 %)", "right", 1.6),
    Head("Участ­ников", "right", 1.0),
    Head("Изменение (было)", "right", 1.6),
    Head("Для сравнения", "right", 1.6),
    Head("Вывод", width=1.4),
)
CATEGORIES = {"basic": "базовый уровень", "advanced": "повышенный уровень"}
NO_SPREAD = "интервал не печатается там, где разброс источником не дан"


def build(inputs: Inputs, rows: Sequence[Row], least: int) -> TableBlock | None:
    """The table of the municipality's newest rows; None when there are none. `least`: participants to compare."""
    current = newest(inputs, rows)
    if not current:
        return None
    passports = inputs.passports
    lines = tuple(_line(inputs, row, rows, least) for row in current)
    return TableBlock(
        id=f"{inputs.direction.code}-indicators",
        caption=f"Показатели направления, {inputs.profile.name.nominative}",
        heads=HEADS,
        rows=lines,
        source=text("Таблица показателей запуска; файлы и числители — в «как посчитано»."),
        how=parts.how_counted(current, [f"{passports[i].title}: {passports[i].id}" for i in _ids(current)]),
        legend=_legend(current, lines),
        data=f"data/{inputs.direction.number}_indicators.csv",
    )


def _legend(rows: Sequence[Row], lines: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    """What needs a word in this table: the mark of missing data, values without an interval."""
    mark = MARKS["no_data"]
    missing = any(cell.text == mark for line in lines for cell in line)
    bare = any(row["lower"] is None and row["kind"] != "count" for row in rows)
    return (*([f"{mark} — нет данных"] if missing else []), *([NO_SPREAD] if bare else []))


def _ids(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(str(row["indicator"]) for row in rows))


def newest(inputs: Inputs, rows: Sequence[Row]) -> list[Row]:
    """Municipality rows with a value, in passport order: the report year's, or the newest year of an indicator that
    has none in it. Tasks have a chart of their own, numbers of participants and organisations a column."""
    kept: dict[str, list[Row]] = {code: [] for code in inputs.passports}
    for row in rows:
        counted = row["unit"] in ("pupils", "organisations") and row["procedure"] != ""
        if row["level"] == "municipality" and not row["task"] and not counted and row["value"] is not None:
            kept[str(row["indicator"])].append(row)
    chosen = []
    for part in kept.values():
        year = max((row["school_year"] for row in part), default=0)
        now = [row for row in part if row["school_year"] == year]
        chosen += sorted(now, key=lambda row: (row["grade"], -(row["n"] or 0), row["subject"]))
    return chosen


def name_of(inputs: Inputs, row: Row) -> str:
    """«Доля «2»: русский язык, 4 класс, 2023/24» — the year only when it is not the report year."""
    passport = inputs.passports[str(row["indicator"])]
    scope = ", ".join(filter(None, (CATEGORIES.get(str(row["category"]), ""), scope_of(inputs, row))))
    return f"{passport.short}: {scope}" if scope else passport.short


def scope_of(inputs: Inputs, row: Row) -> str:
    """Procedure, subject and grade of a row in words."""
    subject = inputs.subjects.subjects.get(str(row["subject"]))
    pieces = [subject.short if subject else str(row["subject"]) if row["subject"] not in ("", "all") else ""]
    if row["grade"]:
        pieces.append(f"{row['grade']}{ru.NBSP}класс")
    if row["school_year"] != inputs.settings.school_year:
        pieces.append(ru.school_year(int(row["school_year"])))
    return ", ".join(piece for piece in pieces if piece)


def _line(inputs: Inputs, row: Row, rows: Sequence[Row], least: int) -> tuple[Cell, ...]:
    before = judgement.previous(row, rows)
    others = judgement.comparators(row, rows)
    return (
        Cell(ru.capitalised(name_of(inputs, row))),
        claims.value_cell(row),
        claims.count_cell(row),
        _change_cell(row, before),
        _comparator_cell(inputs, others),
        _verdict_cell(inputs, row, others, least),
    )


def _change_cell(row: Row, before: Row | None) -> Cell:
    if before is None or before["value"] is None or row["value"] is None:
        return Cell(MARKS["no_data"], tone="muted")
    if before["series"] != row["series"]:
        return Cell("ряд прерван", tone="muted")
    return Cell(_change_text(row, before), key=claims.key_of(before))


def _change_text(row: Row, before: Row) -> str:
    """«+3,2 п. п. (было 10,4 %)»; an earlier year than the last is named, of few participants only the value stands."""
    last = before["school_year"] == row["school_year"] - 1
    when = "было" if last else f"в{ru.NBSP}{ru.school_year(int(before['school_year']))} было"
    was = f"{when}{ru.NBSP}{claims.value_text(before)}"
    if row["unit"] == "share" and (claims.few(row) or claims.few(before)):
        return was
    return f"{claims.difference_text(row, before)} ({was})"


def _comparator_cell(inputs: Inputs, others: Sequence[Row]) -> Cell:
    if not others:
        return Cell(MARKS["no_data"], tone="muted")
    printed = [f"{level_title(inputs, other)} {claims.value_text(other)}" for other in others]
    return Cell("; ".join(printed), key=claims.key_of(others[-1]), sort=float(others[-1]["value"]))


def within(inputs: Inputs, row: Row) -> str:
    """Where a comparator comes from, as it stands in a sentence: «в регионе», «в РФ», «в стране»."""
    if row["level"] != "country":
        return "в регионе"
    title = inputs.profile.country.title
    return f"в {title}" if title.isupper() else "в стране"


def level_title(inputs: Inputs, row: Row) -> str:
    return inputs.profile.country.title if row["level"] == "country" else "регион"


def _verdict_cell(inputs: Inputs, row: Row, others: Sequence[Row], least: int) -> Cell:
    if not others or row["value"] is None:
        return Cell("сравнить не с чем", tone="muted")
    widest = others[-1]
    if row["lower"] is None:
        return Cell("интервала нет", tone="unknown")
    verdict = judgement.against_wider(row, widest, least)
    tone = claims.tone(verdict, inputs.passports[str(row["indicator"])].better)
    if verdict == "insufficient":
        return Cell(COMPARED[verdict], tone="unknown")
    judged = {"better": "лучше: ", "worse": "хуже: "}.get(tone, "")
    return Cell(f"{judged}{COMPARED[verdict]} ({level_title(inputs, widest)})", tone=tone)
