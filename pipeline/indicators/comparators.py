"""Values of the country and the region that an analyst wrote into the collection form, as rows beside our own.

A published file of the same value goes first. Nothing is computed: no numerator is known, so there is no interval.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.errors import Place
from pipeline.indicators.cells import KEY, cells
from pipeline.indicators.context import Scope
from pipeline.indicators.passport import Passport

CELL = ["school_year", "subject", "grade", "category"]
FACTS = ["procedure", "task", "scale", "max_score", "exam_date"]
WITHOUT_GROUP = [name for name in KEY if name != "group"]
REGION = "регион"


@dataclass(frozen=True)
class ComparatorFault:
    """A written value that cannot be used: why, where, what to do."""

    code: str
    message: str
    place: Place
    advice: str


def with_comparators(
    found: Mapping[str, pd.DataFrame], passports: Sequence[Passport], scope: Scope
) -> dict[str, pd.DataFrame]:
    """Cells of every indicator with the written values of its year, subject, grade and category added."""
    whole = dict(found)
    known = {passport.id: passport for passport in passports}
    for indicator, rows in stated(scope.tables["comparators"]).groupby("indicator", sort=False):
        passport, own = known.get(str(indicator)), found.get(str(indicator))
        if passport is None or own is None or own.empty:
            continue
        fitting = rows[[_fits(passport, float(value)) for value in rows["value"]]]
        whole[passport.id] = pd.concat([own, _beside(own, fitting, scope)], ignore_index=True)
    return whole


def stated(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the register that hold a value."""
    return table[(table["state"] == "observed") & table["value"].notna()]


def _beside(own: pd.DataFrame, rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Cells of the written values where the municipality has a value of its own and no file has published one."""
    cell_of_ours = own[own["level"] == "municipality"][[*CELL, *FACTS]].drop_duplicates()
    joined = rows.rename(columns={"group": "category"}).drop(columns="state").merge(cell_of_ours, on=CELL)
    region = _region(scope)
    country = (joined["level"] == "country").to_numpy()
    label = pd.Series(region, index=joined.index, dtype="str").mask(country, scope.context.country_label)
    group = pd.Series(region, index=joined.index, dtype="str").mask(country, scope.context.country)
    made = cells(
        joined.assign(
            group=group,
            group_label=label,
            numerator_basis="published",
            published=joined["reference"],
            inputs=[_source(*row) for row in joined[["source_file", "source_sheet", "source_row"]].to_numpy()],
        )
    )
    known = set(map(tuple, own[WITHOUT_GROUP].astype("object").to_numpy()))
    fresh = [tuple(row) not in known for row in made[WITHOUT_GROUP].astype("object").to_numpy()]
    return made[fresh]


def _region(scope: Scope) -> str:
    """The region of the territory's organisations, when files name exactly one."""
    names = scope.places["region"].dropna().unique()
    return str(names[0]) if len(names) == 1 else REGION


def _source(file: str, sheet: str, row: int) -> str:
    record = {"file": file, "sheet": sheet, "rows": 1, "first_row": int(row)}
    return json.dumps([record], ensure_ascii=False, separators=(",", ":"))


def _fits(passport: Passport, value: float) -> bool:
    """A share lies between 0 and 1; nothing is below zero."""
    return 0 <= value <= 1 if passport.unit == "share" else value >= 0


def comparator_faults(table: pd.DataFrame, passports: Sequence[Passport]) -> tuple[ComparatorFault, ...]:
    """Written values that no indicator takes: of an unknown indicator, or a share outside 0–100 %."""
    known = {passport.id: passport for passport in passports}
    columns = ["indicator", "value", "source_file", "source_sheet", "source_row"]
    rows = stated(table)[columns].itertuples(index=False)
    return tuple(
        fault
        for name, value, file, sheet, row in rows
        if (fault := _fault(known, str(name), float(value), Place(file, sheet or None, f"строка {row}"))) is not None
    )


def _fault(known: Mapping[str, Passport], name: str, value: float, place: Place) -> ComparatorFault | None:
    if name not in known:
        return ComparatorFault(
            "comparator_unknown",
            f"Значение для сравнения не учтено: показателя «{name}» нет.",
            place,
            "выберите показатель из списка в клетке.",
        )
    if not _fits(known[name], value):
        return ComparatorFault(
            "comparator_out_of_scale",
            f"Значение для сравнения не учтено: «{known[name].short}» не может быть {_number(value)}.",
            place,
            "долю пишут со знаком процента: 5,06 %.",
        )
    return None


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")
