"""«Показатели»: one table a chapter — value with interval, participants, last year, change, comparator, verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
    Head("Показатель", width=2.6),
    Head("Значение (интервал 95 %)", "right", 1.5),
    Head("n", "right", 0.6),
    Head("Изменение (было)", "right", 1.4),
    Head("Для сравнения", "right", 1.4),
    Head("Вывод", width=1.0),
)
ALONE = "·"
SAME = "="
ALIKE = "не отличается с учётом погрешности"
REFERENCE = "*"
FOR_REFERENCE = "справочно: документ о порядке процедуры и подтверждение объективности в паспорте не названы"
NOTHING_BESIDE = "нет ни прошлого года, ни нормы, ни значения для сравнения"
BARE = "интервала нет"
ACTS = frozenset({"roadmap", "decisions", "documents"})  # clean tables that hold every act of their kind
NO_SPREAD = "интервал не печатается там, где разброс источником не дан"


def build(inputs: Inputs, rows: Sequence[Row], least: int) -> TableBlock | None:
    """The table of the municipality's newest rows; None when there are none. `least`: participants to compare.

    The verdict is against the norm where there is one, else the widest comparator, else the year before.
    """
    current = newest(inputs, rows)
    if not current:
        return None
    passports = inputs.passports
    rest = complements(current)
    current = [row for row in current if row["indicator"] not in rest]
    lines = tuple(_line(inputs, row, rows, least) for row in current)
    said = len(lines) > 1 and all(line[-1].text == BARE for line in lines)  # the legend says it once
    return TableBlock(
        id=f"{inputs.direction.code}-indicators",
        caption=f"Показатели направления, {inputs.profile.name.nominative}",
        heads=HEADS[:-1] if said else HEADS,
        rows=tuple(line[:-1] for line in lines) if said else lines,
        source=text("Таблица показателей запуска; файлы и числители — в «как посчитано»."),
        how=parts.how_counted(current, [definition(passports[i]) for i in _ids(current)]),
        legend=(*_legend(inputs, current, lines), *_told_by_another(inputs, rest)),
        data=f"data/{inputs.direction.number}_indicators.csv",
    )


def _legend(inputs: Inputs, rows: Sequence[Row], lines: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    """What needs a word in this table: marks of missing data and of no news, values without an interval."""
    mark = MARKS["no_data"]
    missing = any(cell.text == mark for line in lines for cell in line)
    bare = any(row["lower"] is None and row["kind"] != "count" for row in rows)
    alone = any(line[-1].text == ALONE for line in lines)
    alike = any(line[-1].text.startswith(SAME) for line in lines)
    reference = any(inputs.passports[str(row["indicator"])].for_reference_only for row in rows)
    return (
        *([f"{mark} — нет данных"] if missing else []),
        *([f"{SAME} — {ALIKE}"] if alike else []),
        *([f"{REFERENCE} — {FOR_REFERENCE}"] if reference else []),
        *([NO_SPREAD] if bare else []),
        *([f"{ALONE} — {NOTHING_BESIDE}"] if alone else []),
    )


def complements(rows: Sequence[Row]) -> dict[str, str]:
    """Indicators that say nothing new: in every test all who are not counted by the other one before it."""
    counted: dict[str, dict[tuple[Any, ...], Row]] = {}
    for row in rows:
        if row["kind"] == "share" and row["numerator"] is not None and row["procedure"]:
            counted.setdefault(str(row["indicator"]), {})[tuple(row[name] for name in judgement.KEY[1:])] = row
    found: dict[str, str] = {}
    for other, theirs in counted.items():
        for first, ours in counted.items():
            before = first not in found and list(counted).index(first) < list(counted).index(other)
            if before and ours.keys() == theirs.keys() and all(_rest(ours[key], theirs[key]) for key in ours):
                found[other] = first
    return found


def _rest(row: Row, other: Row) -> bool:
    whole = row["denominator"] == other["denominator"]
    return bool(whole and row["numerator"] + other["numerator"] == row["denominator"])


def _told_by_another(inputs: Inputs, rest: Mapping[str, str]) -> tuple[str, ...]:
    named = ((inputs.passports[one].short, inputs.passports[other].short) for one, other in rest.items())
    return tuple(f"«{short}» — это все остальные, кроме показателя «{first}»" for short, first in named)


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
    named = row.get("procedure") == "literacy" and row.get("category")  # the kind of literacy says it
    pieces = [] if named else [ru.DIAGNOSTICS.get(str(row.get("procedure")), "")]
    pieces += [subject.short if subject else str(row["subject"]) if row["subject"] not in ("", "all") else ""]
    if row["grade"]:
        pieces.append(f"{row['grade']}{ru.NBSP}класс")
    if row["school_year"] != inputs.settings.school_year:
        pieces.append(ru.school_year(int(row["school_year"])))
    return ", ".join(piece for piece in pieces if piece)


def _line(inputs: Inputs, row: Row, rows: Sequence[Row], least: int) -> tuple[Cell, ...]:
    before = judgement.previous(row, rows)
    others = judgement.comparators(row, rows)
    verdict = _verdict_cell(inputs, row, before, others, least)
    beside = (_change_cell(inputs, row, before), _comparator_cell(inputs, row, others))
    quiet = verdict.text.startswith(SAME)  # a row without news is set lighter
    return (
        Cell(ru.capitalised(name_of(inputs, row))),
        _value_cell(inputs, row),
        Cell("") if full_count(inputs, row) else claims.count_cell(row),
        *(replace(cell, tone="muted") if quiet else cell for cell in beside),
        verdict,
    )


def full_count(inputs: Inputs, row: Row) -> bool:
    """Organisations among those that answered, acts among those of a register: all counted, nothing estimated."""
    sources = inputs.passports[str(row["indicator"])].sources
    return all(one.type == "form_reached" or (one.type == "register_share" and one.table in ACTS) for one in sources)


def _value_cell(inputs: Inputs, row: Row) -> Cell:
    """The value with its interval; what is given for reference only says so at the value itself."""
    whole = full_count(inputs, row)
    if whole and row["numerator"] is not None:
        return Cell(ru.part(row["numerator"], row["denominator"]), key=claims.key_of(row), sort=float(row["value"]))
    cell = claims.value_cell(row, interval=not whole and row["unit"] != "per_class")  # a schedule is known, not drawn
    mark = REFERENCE if inputs.passports[str(row["indicator"])].for_reference_only else ""
    return replace(cell, text=f"{cell.text}{mark}")


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
    """«+3,2 п. п. (10,4 %)»; an earlier year than the last is named, of few participants only the value stands."""
    year = ru.school_year(int(before["school_year"]))
    last, value = before["school_year"] == row["school_year"] - 1, claims.value_text(before)
    if row["unit"] == "share" and (claims.few(row) or claims.few(before)):
        return f"{'' if last else f'в{ru.NBSP}{year} '}было{ru.NBSP}{value}"
    was = value if last else f"{year}: {value}"
    if row["kind"] == "count" and row["value"] == before["value"]:
        return f"столько же ({was})"
    return f"{claims.difference_text(row, before)} ({was})"


def _comparator_cell(inputs: Inputs, row: Row, others: Sequence[Row]) -> Cell:
    level = norm_level(inputs, row)
    norm = [f"норма: {norm_text(row, level)}"] if level is not None else []
    if not others:
        return Cell(norm[0], sort=level) if norm else Cell("")
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
        return Cell(BARE, tone="unknown")
    verdict = judgement.against_wider(row, others[-1], least)
    return _said(COMPARED, verdict, claims.tone(verdict, better), level_title(inputs, others[-1]))


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
    """«лучше: ниже (РФ)»; where nothing is proven a quiet sign and what it stands beside: «= РФ», «= год назад»."""
    if verdict == "insufficient":
        return Cell("мало данных", tone="unknown")
    if verdict == "same":
        return Cell(f"{SAME}{ru.NBSP}{where or 'год назад'}", tone="same")
    judged = {"better": "лучше: ", "worse": "хуже: "}.get(tone, "")
    return Cell(f"{judged}{words[verdict]}{f' ({where})' if where else ''}", tone=tone)
