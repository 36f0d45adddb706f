"""«Показатели»: one table a chapter — value with interval, participants, last year, change, comparator, verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.directions import judgement, parts
from pipeline.directions.chapter import Inputs
from pipeline.indicators.passport import Passport
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, TableBlock, Tone, text
from pipeline.presentation.claims import COMPARED

Row = Mapping[str, Any]
HEADS = (
    Head("Показатель", width=2.1),
    Head("Значение (интервал 95 %)", "right", 1.6),
    Head("n", "right", 0.8),
    Head("Изменение (было)", "right", 1.6),
    Head("Для сравнения", "right", 1.6),
    Head("Вывод", width=1.4),
)
ALONE = "·"
NOTHING_BESIDE = "нет ни прошлого года, ни нормы, ни значения для сравнения"
NO_SPREAD = "интервал не печатается там, где разброс источником не дан"


def build(inputs: Inputs, rows: Sequence[Row], least: int) -> TableBlock | None:
    """The table of the municipality's newest rows; None when there are none. `least`: participants to compare.

    The verdict is against the norm where there is one, else the widest comparator, else the year before.
    """
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
        how=parts.how_counted(current, [definition(passports[i]) for i in _ids(current)]),
        legend=_legend(current, lines),
        data=f"data/{inputs.direction.number}_indicators.csv",
    )


def _legend(rows: Sequence[Row], lines: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    """What needs a word in this table: the mark of missing data, values without an interval."""
    mark = MARKS["no_data"]
    missing = any(cell.text == mark for line in lines for cell in line)
    bare = any(row["lower"] is None and row["kind"] != "count" for row in rows)
    alone = any(line[-1].text == ALONE for line in lines)
    return (
        *([f"{mark} — нет данных"] if missing else []),
        *([NO_SPREAD] if bare else []),
        *([f"{ALONE} — {NOTHING_BESIDE}"] if alone else []),
    )


def definition(passport: Passport) -> str:
    """«Доля …: участники, получившие «2» / все участники»."""
    if not (passport.numerator and passport.denominator):
        return passport.title
    return f"{passport.title}: {passport.numerator} / {passport.denominator}"


def _ids(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(str(row["indicator"]) for row in rows))


def newest(inputs: Inputs, rows: Sequence[Row]) -> list[Row]:
    """Municipality rows with a value, in passport order: the report year's, or the newest year of an indicator that
    has none in it. Tasks have a chart of their own, numbers of participants and organisations a column."""
    kept: dict[str, list[Row]] = {code: [] for code in inputs.passports}
    for row in rows:
        counted = row["unit"] in ("pupils", "organisations") and row["procedure"] != ""
        shown = row["level"] == "municipality" and not row["task"] and row["kind"] != "ordinal"  # levels: panels.levels
        if shown and not counted and row["value"] is not None:
            kept[str(row["indicator"])].append(row)
    chosen = []
    for part in kept.values():
        year = max((row["school_year"] for row in part), default=0)
        now = [row for row in part if row["school_year"] == year]
        chosen += sorted(now, key=lambda row: (row["grade"], -(row["n"] or 0), row["subject"], row["category"]))
    return chosen


def name_of(inputs: Inputs, row: Row) -> str:
    """«Доля «2»: русский язык, 4 класс, 2023/24» — the year only when it is not the report year."""
    passport = inputs.passports[str(row["indicator"])]
    scope = ", ".join(filter(None, (category_of(inputs, row), scope_of(inputs, row))))
    return f"{passport.short}: {scope}" if scope else passport.short


def category_of(inputs: Inputs, row: Row) -> str:
    """The category of a row in words; empty for the whole."""
    category = str(row["category"])
    return inputs.words.get((str(row["indicator"]), category), category)


def scope_of(inputs: Inputs, row: Row) -> str:
    """Kind of a diagnostic work, subject and grade of a row in words; of other procedures the indicator says which."""
    subject = inputs.subjects.subjects.get(str(row["subject"]))
    pieces = [ru.DIAGNOSTICS.get(str(row.get("procedure")), "")]
    pieces += [subject.short if subject else str(row["subject"]) if row["subject"] not in ("", "all") else ""]
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
        _change_cell(inputs, row, before),
        _comparator_cell(inputs, row, others),
        _verdict_cell(inputs, row, before, others, least),
    )


def uneven(inputs: Inputs, row: Row, before: Row) -> str:
    """Why two full counts of neighbouring years are not compared: other numbers of organisations answered the form.

    Every organisation is asked; of a register (contests) one without a row had nothing to tell.
    """
    of_form = all(source.type.startswith("form_") for source in inputs.passports[str(row["indicator"])].sources)
    now, then = judgement.answered(row), judgement.answered(before)
    if not of_form or now == then:
        return ""
    return f"сравнить нельзя: ответили {ru.number(now)}, годом раньше {ru.number(then)}"


def _change_cell(inputs: Inputs, row: Row, before: Row | None) -> Cell:
    if before is None or before["value"] is None or row["value"] is None:
        return Cell(MARKS["no_data"], tone="muted")
    if before["series"] != row["series"]:
        return Cell("ряд прерван", tone="muted")
    if row["kind"] == "count" and (why := uneven(inputs, row, before)):
        return Cell(why, tone="muted")
    return Cell(_change_text(row, before), key=claims.key_of(before))


def _change_text(row: Row, before: Row) -> str:
    """«+3,2 п. п. (было 10,4 %)»; an earlier year than the last is named, of few participants only the value stands."""
    last = before["school_year"] == row["school_year"] - 1
    when = "было" if last else f"в{ru.NBSP}{ru.school_year(int(before['school_year']))} было"
    was = f"{when}{ru.NBSP}{claims.value_text(before)}"
    if row["unit"] == "share" and (claims.few(row) or claims.few(before)):
        return was
    if row["kind"] == "count" and row["value"] == before["value"]:
        return f"столько же ({was})"
    return f"{claims.difference_text(row, before)} ({was})"


def _comparator_cell(inputs: Inputs, row: Row, others: Sequence[Row]) -> Cell:
    level = norm_level(inputs, row)
    norm = [f"норма: {norm_text(row, level)}"] if level is not None else []
    if not others:
        return Cell(norm[0], sort=level) if norm else Cell(MARKS["no_data"], tone="muted")
    printed = [f"{level_title(inputs, other)} {claims.value_text(other)}" for other in others]
    return Cell("; ".join([*norm, *printed]), key=claims.key_of(others[-1]), sort=float(others[-1]["value"]))


def norm_level(inputs: Inputs, row: Row) -> float | None:
    """The level that the norm of the row's indicator asks for in its year and territory; None without a norm."""
    norm = inputs.passports[str(row["indicator"])].norm
    found = inputs.rules.norm(norm, int(row["school_year"]), inputs.profile.code) if norm else None
    level = found.levels.get(str(row["category"]) or "all") if found else None
    return level.level if level else None


def norm_text(row: Row, level: float) -> str:
    """The level of a norm as it is printed: «100 %», «2»."""
    return f"{ru.number(level * 100)}{ru.NARROW}%" if row["unit"] == "share" else ru.number(level)


def within(inputs: Inputs, row: Row) -> str:
    """Where a comparator comes from, as it stands in a sentence: «в регионе», «в РФ», «в стране»."""
    if row["level"] != "country":
        return "в регионе"
    title = inputs.profile.country.title
    return f"в {title}" if title.isupper() else "в стране"


def level_title(inputs: Inputs, row: Row) -> str:
    return inputs.profile.country.title if row["level"] == "country" else "регион"


def _verdict_cell(inputs: Inputs, row: Row, before: Row | None, others: Sequence[Row], least: int) -> Cell:
    """Against the norm, else the widest comparator, else the year before."""
    better = inputs.passports[str(row["indicator"])].better
    level = norm_level(inputs, row)
    if level is not None:
        return _norm_verdict(row, level, better, least)
    if not others:
        return _change_verdict(row, before, better, least)
    if row["lower"] is None:
        return Cell("интервала нет", tone="unknown")
    verdict = judgement.against_wider(row, others[-1], least)
    return _said(COMPARED, verdict, claims.tone(verdict, better), f" ({level_title(inputs, others[-1])})")


def _norm_verdict(row: Row, level: float, better: str, least: int) -> Cell:
    """A share against its norm by the interval; a full count as it is."""
    if row["kind"] == "share" and row["numerator"] is not None and level < 1:
        verdict = judgement.against_level(row, level, least)
    else:
        value = float(row["value"])
        verdict = "same" if value == level else "higher" if value > level else "lower"
    met = verdict == "same" or verdict == better or better == "neutral"
    if verdict == "insufficient":
        return Cell(COMPARED[verdict], tone="unknown")
    return Cell("норма выполнена" if met else "норма не выполнена", tone="better" if met else "worse")


def _change_verdict(row: Row, before: Row | None, better: str, least: int) -> Cell:
    """The change on the year before, where the series is the same."""
    alike = before is not None and before["value"] is not None and before["series"] == row["series"]
    if before is None or not alike:
        return Cell(ALONE, tone="muted")
    if row["kind"] != "share" and not judgement.comparable(row):
        return Cell(ALONE)
    verdict = judgement.against_row(row, before, least)
    return _said(claims.CHANGED, verdict, claims.tone(verdict, better), "")


def _said(words: Mapping[str, str], verdict: str, tone: Tone, where: str) -> Cell:
    if verdict == "insufficient":
        return Cell(words[verdict], tone="unknown")
    judged = {"better": "лучше: ", "worse": "хуже: "}.get(tone, "")
    return Cell(f"{judged}{words[verdict]}{where}", tone=tone)
