"""Definitions of the indicators that have a value in this report: a compact table a direction."""

from __future__ import annotations

import pandas as pd

from pipeline.directions.chapter import Inputs, empty_section
from pipeline.indicators.passport import Passport
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, TableBlock, text

DOCUMENTS_NAMED = 3
BETTER = {"higher": "; лучше больше", "lower": "; лучше меньше", "neutral": ""}
LETTERS = (
    "Л — Лесной МО, Е — Енисейск, П — Почепский район, Т — Таймырский район, К — Кемеровский МО; после буквы — пункт "
    "документа. Все документы и полные паспорта — в файле данных."
)


def blocks(inputs: Inputs) -> tuple[tuple[Block, ...], pd.DataFrame]:
    """One table a printed direction, and all used passports as data."""
    found = inputs.indicators
    own = found[found["value"].notna() & found["level"].isin(("municipality", "organisation"))]
    codes = set(own["indicator"])
    printed = {code for code in codes if inputs.prints(inputs.passports[code].direction)}
    used = [passport for code, passport in inputs.passports.items() if code in printed]
    if not used:
        return (empty_section("Показатели не посчитаны."),), _frame(used)
    groups = [(one, [p for p in used if p.direction == one.code]) for one in inputs.directions.directions]
    tables = tuple(_table(inputs, one.code, one.title, part) for one, part in groups if part)
    return tables, _frame(used)


def _table(inputs: Inputs, code: str, title: str, part: list[Passport]) -> TableBlock:
    return TableBlock(
        id=f"passports-{code}",
        caption=f"Паспорта показателей: {title}",
        heads=(
            Head("Показатель", width=2.4),
            Head("Числитель / знаменатель", width=4.2),
            Head("Документы", width=1.2),
        ),
        rows=tuple(_line(passport) for passport in part),
        source=text(LETTERS),
        data=f"data/{inputs.direction.number}_passports.csv",
    )


def _line(passport: Passport) -> tuple[Cell, ...]:
    names = [str(item) for item in passport.documents]
    return (
        Cell(passport.title),
        Cell(f"{_formula(passport)}{BETTER[passport.better]}"),
        Cell(ru.listed(names, DOCUMENTS_NAMED) or "—"),
    )


def _formula(passport: Passport) -> str:
    if passport.numerator and passport.denominator:
        return f"{ru.capitalised(passport.numerator)} / {passport.denominator}"
    return passport.note.rstrip(".") or "полный счёт"


def _frame(used: list[Passport]) -> pd.DataFrame:
    columns = ["id", "title", "direction", "kind", "unit", "numerator", "denominator", "better", "norm", "note"]
    frame = pd.DataFrame([[getattr(one, name) for name in columns] for one in used], columns=columns)
    return frame.assign(documents=["; ".join(map(str, one.documents)) for one in used])
