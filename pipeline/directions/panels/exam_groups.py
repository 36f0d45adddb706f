"""Schools with lower and with higher results of ОГЭ and ЕГЭ side by side: two groups that intervals tell apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.directions import judgement, schools
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.level_tables import natural
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, Head, TableBlock, text

Row = Mapping[str, Any]
INDICATORS = ("oge_below_minimum", "oge_quality", "ege_below_minimum", "ege_high")
GROUPS = {"worse": "Результаты ниже", "better": "Результаты выше"}
NOTE = (
    "Школа попадает в группу, если хотя бы один её результат отличается от результата всех остальных школ вместе "
    "(интервал разности 99,8 %, сравнений много). Внутри группы школы не упорядочены. Состав учеников не учтён: он "
    "рассмотрен в главе о комплексном анализе."
)


def panel(inputs: Inputs) -> Panel:
    """One table of the report year; nothing where no school stands apart."""
    found = _apart(inputs)
    if not found:
        return Panel()
    rows = [
        (Cell(words, sort=words), Cell(label), Cell("; ".join(said), key=";".join(keys)))
        for tone, words in GROUPS.items()
        for label, (said, keys) in sorted(found.get(tone, {}).items(), key=lambda item: natural(item[0]))
    ]
    both = set(found.get("worse", {})) & set(found.get("better", {}))
    mixed = f" В обеих группах: {', '.join(sorted(both, key=natural))}." if both else ""
    table = TableBlock(
        id="exam-groups",
        caption=f"Школы с более низкими и с более высокими результатами ГИА, {_year(inputs)}",
        heads=(Head("Группа", width=1.2), Head("Организация", width=1.4), Head("Чем отличается", width=3.6)),
        rows=tuple(rows),
        statement=text(NOTE + mixed),
    )
    return Panel(analysis=(table,))


def _year(inputs: Inputs) -> str:
    return f"{ru.school_year(inputs.settings.school_year)} учебный год"


def _apart(inputs: Inputs) -> dict[str, dict[str, tuple[list[str], list[str]]]]:
    """Tone → organisation → what differs and the keys of the rows."""
    found: dict[str, dict[str, tuple[list[str], list[str]]]] = {}
    for indicator in INDICATORS:
        rows = inputs.rows(indicator=indicator, school_year=inputs.settings.school_year)
        for row in rows:
            own = _municipality(row, rows)
            if row["level"] != "organisation" or own is None:
                continue
            verdict = judgement.against_wider(row, own, inputs.compare_from, judgement.OF_MANY)
            tone = claims.tone(verdict, inputs.passports[indicator].better)
            if tone in GROUPS:
                said, keys = found.setdefault(tone, {}).setdefault(schools.short(schools.label(row)), ([], []))
                said.append(_words(inputs, row, own))
                keys.append(claims.key_of(row))
    return found


def _municipality(row: Row, rows: Sequence[Row]) -> Row | None:
    return judgement.same_cell_of_level(row, rows, "municipality") if row["value"] is not None else None


def _words(inputs: Inputs, row: Row, own: Row) -> str:
    """«ОГЭ, математика: ниже порога 17 % (9–31), в муниципалитете 4,2 %»."""
    subject = inputs.subjects.subjects.get(str(row["subject"]))
    name = subject.short if subject else str(row["subject"])
    short = inputs.passports[str(row["indicator"])].short
    return f"{short}, {name} — {claims.bound(row).text}, в муниципалитете {claims.value_text(own)}"
