"""Olympiad: places of the school stage that the municipal stage does not confirm, school by school.

The register holds numbers, not pupils: a place of the municipal stage is taken as a confirmation of one of the school
stage in the same subject and class. A subject without a municipal stage in the municipality confirms nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.directions import listed
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, Paragraphs, Run, TableBlock, Text, text
from pipeline.statistics import multiple, shrinkage_shares
from pipeline.statistics.objectivity import later_exam
from pipeline.statistics.objectivity.procedure import Ints

Q = 0.10
ALONE_AT_MOST = 60  # schools: among more, one of them hardly moves what all are like
ROWS_AT_MOST = 20
CELL = ["org_id", "subject", "grade"]
HOW = (
    "Место муниципального этапа считается подтверждением одного места школьного этапа по тому же предмету и классу. "
    "Ожидаемое — по доле подтверждённых в остальных школах, предмет за предметом; вероятность — с учётом обычного "
    "различия школ (бета-биномиальное распределение), поправка на число школ — Benjamini, Hochberg 1995."
)
LIMITS = (
    "Олимпиада: в реестре числа, а не ученики. Место, не подтверждённое на муниципальном этапе, — не всегда завышенная "
    "проверка: этап труднее, есть проходной балл и квота."
)


@dataclass(frozen=True)
class Confirmed:
    """One row a school: places of the school stage, how many not confirmed, how many expected, p and adjusted."""

    by_school: pd.DataFrame

    @property
    def named(self) -> list[str]:
        flagged = self.by_school[self.by_school["adjusted"] <= Q].sort_values("p", kind="stable")
        return [str(org) for org in flagged["org"]]


def compared(inputs: Inputs) -> Confirmed | None:
    """The report year's all-Russian olympiad; None without both stages in enough schools."""
    table = inputs.clean["olympiad"]
    chosen = table[
        (table["school_year"] == inputs.settings.school_year)
        & (table["event"] == "vsosh")
        & (table["state"] == "observed")
        & table["org_id"].notna()
    ]
    school, municipal = (_places(chosen, stage) for stage in ("school", "municipal"))
    school = school[school.index.get_level_values("subject").isin(municipal.index.get_level_values("subject"))]
    if school.empty:
        return None
    both = pd.DataFrame({"places": school, "later": municipal.reindex(school.index).fillna(0)})
    both["failed"] = (both["places"] - both["later"]).clip(lower=0)
    number, failed = (_wide(both, name) for name in ("places", "failed"))
    kept = number.sum(axis=1) >= inputs.compare_from
    if kept.sum() < shrinkage_shares.FEWEST:
        return None
    return Confirmed(_judged(number[kept], failed[kept]))


def _places(rows: pd.DataFrame, stage: str) -> pd.Series:
    here = rows[rows["stage"] == stage]
    total = here[["prize_winners", "winners"]].astype("Float64").sum(axis=1, min_count=2)
    return total[total.notna()].groupby([here[name] for name in CELL]).sum().astype("int64")


def _wide(both: pd.DataFrame, name: str) -> pd.DataFrame:
    return both.groupby(["org_id", "subject"])[name].sum().unstack(fill_value=0).astype("int64")


def _judged(number: pd.DataFrame, failed: pd.DataFrame) -> pd.DataFrame:
    found = later_exam.unconfirmed_of(number.to_numpy(), failed.to_numpy())
    x, n = np.array([one.observed for one in found]), np.array([one.n for one in found])
    worth = [shrinkage_shares.fit(x, n).size] * len(n) if len(n) > ALONE_AT_MOST else _worth_without(x, n)
    p = np.array([_spread_p(one, size) for one, size in zip(found, worth, strict=True)])
    return pd.DataFrame(
        {
            "org": number.index.astype(str),
            "places": n,
            "unconfirmed": x,
            "expected": [one.expected for one in found],
            "p_exact": [one.p for one in found],
            "p": p,
            "adjusted": multiple.adjusted(p),
        }
    )


def _worth_without(x: Ints, n: Ints) -> list[float]:
    """How alike the other schools are, in participants that their common share is worth, for each school."""
    places = np.arange(len(n))
    return [shrinkage_shares.fit(x[places != one], n[places != one]).size for one in places]


def _spread_p(one: later_exam.Unconfirmed, worth: float) -> float:
    """The tail where schools differ as the others do; never less than the exact one."""
    from scipy import stats

    if not one.n:
        return float("nan")
    mean = min(max(one.expected / one.n, 1e-6), 1 - 1e-6)
    tail = float(stats.betabinom.sf(one.observed - 1, one.n, mean * worth, (1 - mean) * worth))
    return max(one.p, tail)


def panel(inputs: Inputs, found: Confirmed | None) -> Panel:
    """A sentence on all schools; a table and findings of those named (internal edition)."""
    if found is None:
        return Panel()
    internal = inputs.settings.edition == "internal"
    names, named = listed.names(inputs), found.named if internal else []
    blocks: list[Block] = [Paragraphs((_summary(inputs, found),))]
    if named:
        blocks.append(_table(inputs, found, named, names))
    return Panel(
        monitoring=tuple(blocks),
        analysis=(Paragraphs((text(LIMITS),), role="note"),),
        findings=tuple(_finding(inputs, found, org, names.get(org, org)) for org in named),
        frames={"olympiad_confirmed": found.by_school} if internal else {},
    )


def _summary(inputs: Inputs, found: Confirmed) -> Text:
    table = found.by_school
    places, failed = int(table["places"].sum()), int(table["unconfirmed"].sum())
    said = (
        f"Олимпиада, {ru.school_year(inputs.settings.school_year)} учебный год: из {ru.number(places)} мест школьного "
        f"этапа местом на муниципальном подтверждено {ru.number(places - failed)} (школы, где мест от "
        f"{ru.number(inputs.compare_from)})"
    )
    schools = ru.counted(len(table), "школы", "школ", "школ")
    if not found.named:
        return text(f"{said}. Ни у одной из {schools} не подтверждено больше ожидаемого, чем бывает случайно.")
    number = ru.counted(len(found.named), "школы", "школ", "школ")
    return text(f"{said}. Больше ожидаемого не подтверждено у {number} из {ru.number(len(table))}.")


def _table(inputs: Inputs, found: Confirmed, named: list[str], names: dict[str, str]) -> TableBlock:
    rows = found.by_school.set_index("org").loc[named[:ROWS_AT_MOST]]
    return TableBlock(
        id="olympiad-confirmed",
        caption="Школы, где муниципальный этап олимпиады подтверждает меньше мест школьного этапа, чем ожидалось",
        heads=(
            Head("Организация", width=2.6),
            Head("Мест школьного этапа", "right"),
            Head("Не подтверждено", "right"),
            Head("Ожидалось не подтвердить", "right"),
        ),
        rows=tuple(
            (
                Cell(names.get(str(org), str(org))),
                Cell(ru.number(line["places"]), sort=float(line["places"])),
                Cell(ru.number(line["unconfirmed"]), sort=float(line["unconfirmed"])),
                Cell(ru.number(line["expected"], 0), sort=float(line["expected"])),
            )
            for org, line in rows.iterrows()
        ),
        source=text("Реестр олимпиады формы сбора; расчёт."),
        statement=text("Что делать: пересмотреть вместе с жюри часть работ школьного этапа и критерии их проверки."),
        how=(text(HOW),),
        data=f"data/{inputs.direction.number}_olympiad_confirmed.csv",
    )


def _finding(inputs: Inputs, found: Confirmed, org: str, name: str) -> Finding:
    one = found.by_school[found.by_school["org"] == org].iloc[0]
    year = inputs.settings.school_year
    rows = inputs.rows(indicator="olympiad_school_prizes", level="organisation", group=org, school_year=year)
    key = claims.key_of(rows[0]) if rows else ""
    return Finding(
        id=f"olympiad_confirmed.{org}",
        kind="sign",
        statement=text(
            f"{name}: на муниципальном этапе олимпиады не подтверждено ",
            Run(ru.part(int(one["unconfirmed"]), int(one["places"])), key=key),
            " мест школьного этапа, ожидалось около ",
            Run(ru.number(float(one["expected"])), key=key),
            ". Это основание пересмотреть часть работ школьного этапа, а не вывод о нарушении.",
        ),
        strength="поправка на число школ: ложных среди названных в среднем не больше 10 %",
        org_id=org,
        addressee="муниципальному оргкомитету олимпиады",
    )
