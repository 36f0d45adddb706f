"""Need against supply: deficits found and training addressed to them; vacancies, next year's need and newcomers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import parts, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.level_tables import natural
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import charts, claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, FigureBlock, Head, Paragraphs, Run, TableBlock, Text, text

Row = Mapping[str, Any]
# From the diagnosis to the training, each step a share of those who could take it.
STEPS = ("teachers_diagnosed", "teachers_deficits", "teachers_routes", "teachers_routes_done", "training_addressed")
ROWS_AT_MOST = 30
# Nobody trained in a found deficit weighs as a small-to-middling difference: no proof of a change stands behind it.
UNADDRESSED = 0.3


def addressed(inputs: Inputs) -> Panel:
    """From diagnosis to training, the newest year: how many were left without training in what was found."""
    rows = {indicator: row for indicator in STEPS if (row := newest(inputs, indicator)) is not None}
    last = rows.get("training_addressed")
    year = max((int(row["school_year"]) for row in rows.values()), default=0)
    if last is None or last["school_year"] != year:
        return Panel()
    steps = [row for row in rows.values() if row["school_year"] == year]
    return Panel(
        monitoring=(_chain(inputs, steps, last),),
        analysis=_why(inputs, last, newest(inputs, "trained_this_year")),
        findings=(_unaddressed(last),) if last["value"] < 1 else (),
        frames={"teachers_chain": pd.DataFrame(steps)},
    )


def newest(inputs: Inputs, indicator: str) -> Row | None:
    """The municipality's newest value of a whole."""
    rows = [row for row in inputs.rows(indicator=indicator, level="municipality", category="") if _known(row)]
    return max(rows, key=lambda row: int(row["school_year"]), default=None)


def _known(row: Row) -> bool:
    return row["value"] is not None


def parts_of(row: Row) -> str:
    """«120 из 310»."""
    return ru.part(row["numerator"], row["denominator"])


def _chain(inputs: Inputs, steps: Sequence[Row], last: Row) -> FigureBlock:
    frame = pd.DataFrame(
        {
            "label": [f"{ru.capitalised(_short(inputs, row))}\n({parts_of(row)})" for row in steps],
            "value": [row["value"] for row in steps],
            "lower": [row["lower"] for row in steps],
            "upper": [row["upper"] for row in steps],
            "tone": "",
        }
    )
    return FigureBlock(
        id="teachers-chain",
        title=f"От диагностики к обучению: по найденному дефициту обучены {parts_of(last)}",
        subtitle=f"{inputs.profile.name.nominative}, {ru.school_year(int(last['school_year']))} учебный год; доля тех, "
        "кто мог сделать этот шаг, интервал 95 %",
        alt="; ".join(f"{_short(inputs, row)}: {parts_of(row)}, {claims.bound(row).text}" for row in steps) + ".",
        svg=charts.dots("teachers_chain", frame, (), "Доля педагогов", limits=(0.0, 1.02)),
        source=parts.source_line(steps),
        statement=text(*_joined([_step(inputs, row) for row in steps])),
        how=parts.how_counted(steps, [_definition(inputs, row) for row in steps]),
        data=f"data/{inputs.direction.number}_teachers_chain.csv",
    )


def _short(inputs: Inputs, row: Row) -> str:
    return inputs.passports[str(row["indicator"])].short


def _definition(inputs: Inputs, row: Row) -> str:
    passport = inputs.passports[str(row["indicator"])]
    return f"{passport.title}: {passport.numerator} / {passport.denominator}"


def _step(inputs: Inputs, row: Row) -> Text:
    return text(f"{_short(inputs, row)} — ", claims.bound(row))


def _joined(pieces: Sequence[Text]) -> Text:
    """Pieces as one sentence: «Диагностика — 50 %; маршруты — 67 %.»"""
    runs = [run for piece in pieces for run in (*piece, Run("; "))]
    first, *rest = runs[:-1]
    return (Run(ru.capitalised(first.text), key=first.key), *rest, Run("."))


def _left(row: Row) -> Run:
    return Run(ru.number(row["denominator"] - row["numerator"]), key=claims.key_of(row))


def _unaddressed(row: Row) -> Finding:
    return Finding(
        id="training_addressed.left",
        kind="deficit",
        statement=text(
            "Из педагогов с найденным дефицитом по нему обучены ",
            claims.bound(row),
            "; без такого обучения остались ",
            _left(row),
            ".",
        ),
        strength="сведения организаций",
        weight=UNADDRESSED * (1 - float(row["value"])),
    )


def _why(inputs: Inputs, last: Row, trained: Row | None) -> tuple[Paragraphs, ...]:
    """Whether places or their choice are short: what the numbers of the year allow to say."""
    if trained is None or trained["school_year"] != last["school_year"] or last["value"] == 1:
        return ()
    left = float(last["denominator"] - last["numerator"])
    enough = float(trained["numerator"]) > left
    said = (
        "больше, чем осталось без обучения по дефициту: дело может быть не в числе мест, а в том, кого и чему учили"
        if enough
        else "не больше, чем осталось без обучения по дефициту: не хватить могло и самих мест"
    )
    number = Run(ru.number(trained["numerator"]), key=claims.key_of(trained))
    counted = text("Всего за год курсы окончили ", number, f" чел. — {said}. ")
    others = (
        "Возможны и другие объяснения: диагностика прошла после составления заявки на курсы, нужной программы не "
        "было в регионе, программа начата и будет окончена в следующем году. Различить их может методическая служба."
    )
    return (Paragraphs((text(*counted, others),)),)


def staffing(inputs: Inputs) -> Panel:
    """Positions, vacancies, next year's need and newcomers by organisation, and their sums beside each other."""
    need, came = newest(inputs, "teachers_needed"), newest(inputs, "newcomers")
    year = max((int(row["school_year"]) for row in (need, came) if row), default=0)
    lines = _lines(inputs, year)
    if not lines:
        return Panel()
    table = TableBlock(
        id="teachers-staffing",
        caption=f"Должности, вакансии и потребность в педагогах, {ru.school_year(year)} учебный год",
        heads=(
            Head("Организация", width=2.4),
            Head("Должностей", "right"),
            Head("Вакансий", "right"),
            Head("Нужно на следующий год", "right", 1.2),
            Head("Принято молодых", "right", 1.1),
            Head("Пенсионного возраста", "right", 1.2),
        ),
        rows=tuple(cells for _, cells in lines[:ROWS_AT_MOST]),
        source=text(f"Сведения организаций, на 20 сентября; порядок — по алфавиту.{_cut(len(lines))}"),
        statement=_beside(need, came, year),
        data=f"data/{inputs.direction.number}_teachers_staffing.csv",
    )
    frame = pd.DataFrame([[cell.text for cell in cells] for _, cells in lines], columns=[h.title for h in table.heads])
    return Panel(monitoring=(table,), findings=_short_of(need, came, year), frames={"teachers_staffing": frame})


def _cut(lines: int) -> str:
    rest = lines - ROWS_AT_MOST
    return f" Показаны первые {ROWS_AT_MOST}, ещё {rest} — в файле данных." if rest > 0 else ""


def _lines(inputs: Inputs, year: int) -> list[tuple[str, tuple[Cell, ...]]]:
    """Cells of every organisation, by name."""
    wanted = ("vacancies_share", "teachers_needed", "newcomers", "teachers_retirement")
    held: dict[str, dict[str, Row]] = {}
    for row in inputs.rows(indicator=wanted, level="organisation", school_year=year):
        held.setdefault(str(row["group_label"]), {})[str(row["indicator"])] = row
    ordered = sorted(held, key=lambda name: natural(ru.organisation(name)))
    return [(name, _cells(name, held[name])) for name in ordered]


def _cells(name: str, rows: Mapping[str, Row]) -> tuple[Cell, ...]:
    posts, older = rows.get("vacancies_share"), rows.get("teachers_retirement")
    return (
        Cell(ru.organisation(name)),
        _part_cell(posts, "denominator"),
        _part_cell(posts, "numerator"),
        claims.value_cell(rows.get("teachers_needed")),
        claims.value_cell(rows.get("newcomers")),
        _part_cell(older, "numerator"),
    )


def _part_cell(row: Row | None, part: str) -> Cell:
    if row is None or row[part] is None:
        return claims.value_cell(None)
    return Cell(ru.number(row[part]), key=claims.key_of(row), sort=float(row[part]))


def _beside(need: Row | None, came: Row | None, year: int) -> Text:
    """The sums of next year's need and of newcomers."""
    if need is None or came is None or need["school_year"] != came["school_year"]:
        return ()
    return text(
        "На следующий год нужно педагогов: ",
        claims.bound(need),
        "; молодых специалистов за год принято: ",
        claims.bound(came),
        ". Потребность закрывают и переходы из других организаций и территорий: форма их не считает.",
    )


def _short_of(need: Row | None, came: Row | None, year: int) -> tuple[Finding, ...]:
    """A need above what came in a year: arithmetic of two full counts."""
    if need is None or came is None or need["school_year"] != came["school_year"] or need["value"] <= came["value"]:
        return ()
    return (
        Finding(
            id="teachers_needed.newcomers",
            kind="risk",
            statement=text(
                "На следующий год организациям нужно педагогов: ",
                claims.bound(need),
                " — больше, чем молодых специалистов пришло за год (",
                claims.bound(came),
                ").",
            ),
            strength="полный счёт",
            weight=weight.GAP,
        ),
    )
