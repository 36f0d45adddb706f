"""Indicators of one organisation beside its municipality and its own past: what its card says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import judgement, sensitive
from pipeline.directions.chapter import Inputs
from pipeline.directions.indicator_table import category_of, name_of, scope_of
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, Head, Run, TableBlock, Text, text
from pipeline.presentation.claims import COMPARED
from pipeline.settings import Strict
from pipeline.statistics.comparison import Verdict
from pipeline.territory.profile import chapter_plans

Row = Mapping[str, Any]
Key = tuple[Any, ...]
CLAIMS = ("higher", "lower")
SAID = 2  # cells of an indicator that a sentence names
UNUSED = ["direction", "group_label", "numerator_basis", "published", "confidence", "method", "max_score"]
BACK = 3  # years in which the value before the newest is looked for
HEADS = (
    Head("Показатель", width=3.2),
    Head("Значение (интервал 95 %)", "right", 1.5),
    Head("Всего (n)", "right", 0.8),
    Head("Раньше", "right", 1.3),
    Head("В\u00a0целом", "right", 1.1),
    Head("Вывод", width=1.7),
)


class CardRules(Strict):
    """config/cards.yml: how many rows of indicators a card holds, what stays out of it, what is drawn over the years
    (the first indicator of which the organisation has two)."""

    rows_at_most: int
    left_out_directions: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """Rows with a value, without tasks: of each organisation over the years, and of the municipality by cell.

    `few` counts the report year's rows of each that tell of too few children of a protected group.
    """

    own: Mapping[str, Sequence[Row]]
    whole: Mapping[Key, Row]
    order: Mapping[str, tuple[int, int]]  # indicator → place of its direction in the profile, of its passport
    few: Mapping[str, int]

    def beside(self, row: Row) -> Row | None:
        """The municipality in the same cell and year."""
        return self.whole.get(_cell(row))


@dataclass(frozen=True)
class Line:
    """One indicator of the organisation; a verdict is None where nothing can be compared. `doubted`: signs ask that the
    work be checked again, so a better result is not called better."""

    row: Row
    before: Row | None
    whole: Row | None
    verdict: Verdict | None
    change: Verdict | None
    doubted: bool = False

    @property
    def claims_something(self) -> bool:
        return self.verdict in CLAIMS or self.change in CLAIMS


def gather(inputs: Inputs, rules: CardRules) -> Rows:
    """All that cards may show, looked up once for all organisations."""
    frame = inputs.indicators
    kept = frame["level"].isin(("organisation", "municipality")) & (frame["task"] == "") & frame["value"].notna()
    kept &= (frame["school_year"] >= inputs.settings.school_year - BACK) | frame["indicator"].isin(rules.charts)
    own: dict[str, list[Row]] = {}
    whole: dict[Key, Row] = {}
    few: Counter[str] = Counter()
    order = _order(inputs, rules)
    for row in claims.records(frame[kept & frame["indicator"].isin(list(order))].drop(columns=UNUSED)):
        if row["level"] == "municipality":
            whole[_cell(row)] = row
        elif sensitive.hidden(inputs, row):
            few[str(row["org_id"])] += row["school_year"] == inputs.settings.school_year
        elif row["org_id"] and not _bare_count(row):
            own.setdefault(str(row["org_id"]), []).append(row)
    return Rows(own, whole, order, few)


def _order(inputs: Inputs, rules: CardRules) -> dict[str, tuple[int, int]]:
    plans = chapter_plans(inputs.profile, inputs.directions)
    place = {plan.direction: number for number, plan in enumerate(plans)}
    return {
        code: (place.get(passport.direction, len(place)), number)
        for number, (code, passport) in enumerate(inputs.passports.items())
        if passport.direction not in rules.left_out_directions and code not in rules.left_out
    }


def _bare_count(row: Row) -> bool:
    """Numbers of participants of a procedure stand beside its shares."""
    return row["unit"] in ("pupils", "organisations") and row["procedure"] != ""


def _cell(row: Row) -> Key:
    return (*(row[name] for name in judgement.KEY), row["period"], row["school_year"])


def _series(row: Row) -> Key:
    """What a row is the newest of: an organisation has one level a year, whichever it is."""
    return _cell({**row, "category": "", "series": ""} if row["kind"] == "ordinal" else row)[:-1]


def lines(inputs: Inputs, rows: Rows, org_id: str) -> list[Line]:
    """The newest row of each cell of the organisation, this year's or last year's, in the order of the profile."""
    past: dict[Key, list[Row]] = {}
    for row in rows.own.get(org_id, ()):
        past.setdefault(_series(row), []).append(row)
    cells = [sorted(cell, key=lambda row: int(row["school_year"])) for cell in past.values()]
    recent = [cell for cell in cells if cell[-1]["school_year"] >= inputs.settings.school_year - 1]
    return sorted((_line(inputs, rows, cell) for cell in recent), key=lambda line: _place(rows, line.row))


def _place(rows: Rows, row: Row) -> tuple[Any, ...]:
    direction, passport = rows.order[str(row["indicator"])]
    return direction, row["procedure"], row["subject"], row["grade"], passport, row["category"], row["period"]


def _line(inputs: Inputs, rows: Rows, cell: Sequence[Row]) -> Line:
    row, before = cell[-1], cell[-2] if len(cell) > 1 else None
    whole = rows.beside(row)
    least, many = inputs.compare_from, judgement.OF_MANY
    compared = whole is not None and row["kind"] == "share" and row["lower"] is not None
    alike = before is not None and before["series"] == row["series"] and row["kind"] == "share"
    return Line(
        row=row,
        before=before,
        whole=whole,
        verdict=judgement.against_wider(row, whole, least, many) if compared and whole is not None else None,
        change=judgement.against_row(row, before, least, many) if alike and before is not None else None,
    )


def chosen(rows: Rows, all_lines: Sequence[Line], at_most: int) -> list[Line]:
    """Those that a card holds, in their order: what differs, and levels, go before what does not.

    Of the rest as many of each direction as of the others, each indicator once before any twice, whole groups before
    parts.
    """
    said = [line for line in all_lines if line.claims_something or line.row["kind"] == "ordinal"]
    rest = [line for line in all_lines if line not in said]
    once = sorted(
        zip(_ranks([str(line.row["indicator"]) for line in rest]), rest, strict=True),
        key=lambda pair: (pair[1].row["category"] != "", pair[0]),
    )
    fair = _ranks([rows.order[str(line.row["indicator"])][0] for _, line in once])
    ranked = [line for _, (_, line) in sorted(zip(fair, once, strict=True), key=lambda pair: pair[0])]
    kept = {id(line) for line in [*said, *ranked][:at_most]}
    return [line for line in all_lines if id(line) in kept]


def _ranks(groups: Sequence[Any]) -> list[int]:
    """Place of each among those of its group: a, b, a → 0, 0, 1."""
    seen: Counter[Any] = Counter()
    places = []
    for group in groups:
        places.append(seen[group])
        seen[group] += 1
    return places


def table(inputs: Inputs, shown: Sequence[Line], stem: str) -> TableBlock:
    """«Показатели» of the card."""
    rows = tuple(_cells(inputs, line) for line in shown)
    mark = MARKS["no_data"]
    return TableBlock(
        id="indicators",
        caption="Организация рядом с муниципалитетом в целом и с собой раньше",
        heads=HEADS,
        rows=rows,
        legend=(f"{mark} — нет данных",) if any(cell.text == mark for line in rows for cell in line) else (),
        data=f"{stem}.csv",
    )


def _cells(inputs: Inputs, line: Line) -> tuple[Cell, ...]:
    return (
        Cell(ru.capitalised(title(inputs, line.row))),
        _value(inputs, line.row),
        claims.count_cell(line.row),
        _before(inputs, line),
        _whole(inputs, line),
        _verdict(inputs, line),
    )


def title(inputs: Inputs, row: Row) -> str:
    """«ВПР, доля «2»: русский язык, 4 класс»."""
    words = inputs.passports[str(row["indicator"])].short if row["kind"] == "ordinal" else name_of(inputs, row)
    procedure = ru.procedure(str(row["procedure"])) if row["procedure"] else ""
    return words if not procedure or procedure.lower() in words.lower() else f"{procedure}, {words}"


def _value(inputs: Inputs, row: Row, *, interval: bool = True) -> Cell:
    if row["kind"] == "ordinal":
        return Cell(category_of(inputs, row), key=claims.key_of(row), sort=float(row["category"]))
    if row["kind"] == "share" and row["n"] == 1 and row["numerator"] is None:  # a question to the organisation itself
        return Cell("да" if row["value"] else "нет", key=claims.key_of(row), sort=float(row["value"]))
    return claims.value_cell(row, interval=interval)


def _whole(inputs: Inputs, line: Line) -> Cell:
    """The municipality beside; of a level how many organisations have the same."""
    if line.whole is None:
        return Cell(MARKS["no_data"], tone="muted")
    if line.row["kind"] == "ordinal":
        return Cell(f"такой у {claims.value_text(line.whole)}", key=claims.key_of(line.whole))
    return _value(inputs, line.whole, interval=False)


def _before(inputs: Inputs, line: Line) -> Cell:
    if line.before is None:
        return Cell(MARKS["no_data"], tone="muted")
    if line.before["series"] != line.row["series"]:
        return Cell("ряд прерван", tone="muted")
    last = line.before["school_year"] == line.row["school_year"] - 1
    year = "" if last else f"{ru.school_year(int(line.before['school_year']))}: "
    said = f"; {claims.CHANGED[line.change]}" if line.change in CLAIMS else ""
    return Cell(f"{year}{_value(inputs, line.before, interval=False).text}{said}", key=claims.key_of(line.before))


def _verdict(inputs: Inputs, line: Line) -> Cell:
    if line.verdict is None:
        return Cell("не сравнивается", tone="muted")
    tone = claims.tone(line.verdict, inputs.passports[str(line.row["indicator"])].better)
    if line.doubted and tone == "better":
        return Cell(COMPARED[line.verdict])
    judged = {"better": "лучше: ", "worse": "хуже: "}.get(tone, "")
    return Cell(f"{judged}{COMPARED[line.verdict]}", tone=tone)


def statements(inputs: Inputs, said: Sequence[Line]) -> list[Text]:
    """A sentence for each indicator that claims something, what is worse first: «Доля «2» в ВПР выше, чем в
    муниципалитете: русский язык, 4 класс — 37 % (25–51), там 12,5 %»."""
    groups: dict[tuple[str, str, bool], list[Line]] = {}
    for line in said:
        beside = line.verdict in CLAIMS
        claim = str(line.verdict if beside else line.change)
        groups.setdefault((str(line.row["indicator"]), claim, beside), []).append(line)
    weight = {"worse": 0, "better": 1}
    tones = {key: claims.tone(key[1], inputs.passports[key[0]].better) for key in groups}
    ordered = sorted(groups, key=lambda key: (weight.get(tones[key], 2), not key[2]))
    return [_statement(inputs, key, groups[key]) for key in ordered]


def _statement(inputs: Inputs, key: tuple[str, str, bool], said: Sequence[Line]) -> Text:
    indicator, claim, beside = key
    short = ru.capitalised(inputs.passports[indicator].short)
    words = f"{COMPARED[claim]}, чем в муниципалитете" if beside else claims.CHANGED[claim]
    parts: list[str | Run] = [f"{short} — {words}: "]
    for number, line in enumerate(said[:SAID]):
        scope = ", ".join(filter(None, (category_of(inputs, line.row), scope_of(inputs, line.row))))
        other = line.whole if beside else line.before
        parts += ["; " if number else "", f"{scope} — " if scope else "", claims.bound(line.row)]
        if other is not None:
            parts += [", там " if beside else ", было ", claims.bound(other, interval=False)]
    more = f"; и ещё {ru.number(len(said) - SAID)}" if len(said) > SAID else ""
    return text(*parts, f"{more}.")


def frame(inputs: Inputs, all_lines: Sequence[Line]) -> pd.DataFrame:
    """Every indicator of the organisation as data, exact, with what it stands beside."""
    what = ("indicator", "school_year", "procedure", "subject", "grade", "category", "unit")
    columns = (*what, "numerator", "denominator", "n", "value", "lower", "upper", "status")
    rows = [
        {
            "title": title(inputs, line.row),
            **{name: line.row[name] for name in columns},
            "before": line.before["value"] if line.before else None,
            "before_year": line.before["school_year"] if line.before else None,
            "municipality": line.whole["value"] if line.whole else None,
            "verdict": line.verdict,
            "change": line.change,
        }
        for line in all_lines
    ]
    return pd.DataFrame(rows)
