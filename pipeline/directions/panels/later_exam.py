"""ВПР that the same cohort's ОГЭ does not confirm: who is named, on what, and what the comparison cannot see."""

from __future__ import annotations

import pandas as pd

from pipeline.directions import weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import scope_of
from pipeline.directions.panels.cohort_results import Schools
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, Paragraphs, Run, TableBlock, Text, text

ROWS_AT_MOST = 24
HOW = (
    "Ожидаемое число «4» и «5» за ОГЭ — из доли «4» и «5» за ВПР того же выпуска и того, как шансы на них меняются от "
    "ВПР к ОГЭ в остальных школах округа (самой школы в этом счёте нет). Учтены случай в обоих результатах и обычное "
    "различие школ; предметы одного года считаются одной проверкой, годы складываются (Stouffer 1949); поправка на "
    "число школ — Benjamini, Hochberg 1995."
)
LIMITS = (
    "ВПР и ОГЭ: ученики двух процедур не связаны кодами, поэтому сравниваются выпуски целиком. Не видно, кто пришёл и "
    "кто ушёл; ожидание строится по остальным школам, и общего для всех завышения оно не покажет."
)


def panel(inputs: Inputs, found: Schools | None) -> Panel:
    """A sentence on all schools; a table, a finding and the data of those that are named (internal edition)."""
    if found is None:
        return Panel()
    internal = inputs.settings.edition == "internal"
    named = found.named if internal else []
    blocks: list[Block] = [Paragraphs((_summary(found),))]
    if named:
        blocks.append(_table(inputs, found, named))
    return Panel(
        monitoring=tuple(blocks),
        analysis=(Paragraphs((text(LIMITS),), role="note"),),
        findings=tuple(_finding(found, org) for org in named),
        frames={"later_exam": found.cells.drop(columns="key")} if internal else {},
    )


def _summary(found: Schools) -> Text:
    years = sorted(int(year) for year in found.cells["year"].unique())
    schools = len(found.by_school)
    looked = (
        f"ВПР и ОГЭ тех же выпусков ({ru.counted(len(years), 'выпуск', 'выпуска', 'выпусков')}, "
        f"{ru.years(years)} годы): сравнить можно {ru.counted(schools, 'школу', 'школы', 'школ')}."
    )
    number = len(found.named)
    if not number:
        return text(f"{looked} Ни в одной «4» и «5» за ОГЭ не меньше ожидаемого по ВПР больше, чем по случайности.")
    where = ru.counted(number, "школе", "школах", "школах")
    return text(
        f"{looked} В {where} «4» и «5» за ОГЭ меньше, чем ожидалось по ВПР, и случаем это объяснить трудно: основание "
        "для перепроверки ВПР, а не вывод о нарушении."
    )


def _table(inputs: Inputs, found: Schools, named: list[str]) -> TableBlock:
    cells = found.cells[found.cells["org"].isin(named) & found.cells["p"].notna()]
    ordered = cells.sort_values(["org", "year", "subject"], kind="stable").head(ROWS_AT_MOST)
    rows = [_line(inputs, line) for _, line in ordered.iterrows()]
    return TableBlock(
        id="later-exam",
        caption="«4» и «5» за ВПР и за ОГЭ одного выпуска: школы, где ОГЭ не подтверждает ВПР",
        heads=(
            Head("Организация, предмет", width=2.6),
            Head("Выпуск", width=0.9),
            Head("ВПР", "right", 1.2),
            Head("ОГЭ", "right", 1.2),
            Head("Ожидалось за ОГЭ", "right", 1.3),
            Head("Индекс неподтверждения", "right", 1.3),
        ),
        rows=tuple(rows),
        source=text("Сводные отметки ВПР и протоколы ОГЭ; расчёт."),
        statement=text(
            "Индекс неподтверждения — какой части ожидавшихся «4» и «5» не хватило; наше определение, официальной "
            "формулы нет. Честные объяснения: сильные ученики ушли до 9 класса, другой учитель, другая программа."
        ),
        how=(text(HOW),),
        data=f"data/{inputs.direction.number}_later_exam.csv",
    )


def _line(inputs: Inputs, line: pd.Series) -> tuple[Cell, ...]:
    vpr_year = int(line["year"]) - 9 + int(line["grade"])
    subject = scope_of(inputs, _scope(inputs, str(line["subject"])))
    expected = float(line["expected"])
    return (
        Cell(f"{ru.organisation(str(line['label']))}: {subject}"),
        Cell(f"{line['year']}"),
        Cell(f"{ru.part(line['x1'], line['n1'])} ({vpr_year}, {line['grade']}{ru.NBSP}класс)"),
        Cell(ru.part(line["x2"], line["n2"]), key=str(line["key"])),
        Cell(ru.number(expected, 0), sort=expected),
        Cell(index_words(int(line["x2"]), expected), sort=shortfall(int(line["x2"]), expected)),
    )


def _scope(inputs: Inputs, subject: str) -> dict[str, object]:
    return {"procedure": "", "subject": subject, "grade": 0, "school_year": inputs.settings.school_year}


def shortfall(observed: int, expected: float) -> float:
    """1 − O/E: the part of the expected that did not come; below nought when more came."""
    return 1 - observed / expected if expected else 0.0


def index_words(observed: int, expected: float) -> str:
    """The index in percent; «нет» where as many or more came."""
    value = shortfall(observed, expected)
    return f"{ru.number(value * 100, 0)}{ru.NARROW}%" if value > 0 else "нет"


def _finding(found: Schools, org: str) -> Finding:
    one = found.by_school[found.by_school["org"] == org].iloc[0]
    cells = found.cells[(found.cells["org"] == org) & found.cells["p"].notna()]
    key = str(cells["key"].iloc[-1])
    observed, expected, n = int(one["observed"]), float(one["expected"]), int(one["n"])
    return Finding(
        id=f"later_exam.{org}",
        kind="sign",
        statement=text(
            f"{ru.organisation(str(one['label']))}: «4» и «5» за ОГЭ — ",
            Run(ru.part(observed, n), key=key),
            ", а по ВПР тех же выпусков ожидалось около ",
            Run(ru.number(expected, 0), key=key),
            ". Это основание для перепроверки ВПР, а не вывод о нарушении.",
        ),
        strength="поправка на число школ: ложных среди названных в среднем не больше 10 %",
        org_id=org,
        addressee="муниципальному координатору ВПР",
        weight=weight.of_shares(observed / n, min(1.0, expected / n)) * (n / float(found.by_school["n"].sum())) ** 0.5,
    )
