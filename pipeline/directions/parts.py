"""Parts that every chapter has: the strip under the title, goals, sources present and missing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions.chapter import Inputs, empty_section
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, Paragraphs, Strip, TableBlock, Text, text
from pipeline.territory.profile import Goal, Source

Row = Mapping[str, Any]
HOME = "RU"
METHODS = {"wilson": "Уилсона", "t": "Стьюдента", "poisson": "Пуассона"}


def present(inputs: Inputs, source: Source) -> pd.DataFrame:
    """Rows up to the report year that a declared source gave (all its tables, procedures and measures)."""
    found = []
    for name in source.tables:
        frame = inputs.clean.get(name)
        if frame is None or frame.empty or "school_year" not in frame:
            continue
        chosen = frame[frame["school_year"] <= inputs.settings.school_year]
        if source.procedures and "procedure" in chosen:
            chosen = chosen[chosen["procedure"].isin(source.procedures)]
        if source.measures and "measure" in chosen:
            chosen = chosen[chosen["measure"].isin(source.measures)]
        found.append(chosen[[column for column in ("school_year", "org_id", "source_file") if column in chosen]])
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["school_year", "source_file"])


def strip(inputs: Inputs, used: pd.DataFrame | None = None) -> Strip:
    """Sources, years, coverage, checks. `used` are clean rows with source_file, school_year and org_id."""
    failed = inputs.ledger[~inputs.ledger["passed"].astype(bool)] if len(inputs.ledger) else inputs.ledger
    failed = failed[failed["severity"].isin(("critical", "warning"))]
    waived = int((failed["waived_by"] != "").sum()) if len(failed) else 0
    checks = f"предупреждений {ru.number(len(failed))}, снято решением {ru.number(waived)}"
    if used is None or used.empty:
        return Strip((("Источники", text("за отчётный год не представлены")), ("Проверки", text(checks))))
    organisations = _covered(inputs) or (used["org_id"].dropna().nunique() if "org_id" in used else 0)
    files = used["source_file"].nunique()
    return Strip(
        (
            ("Источники", text(ru.counted(files, "файл", "файла", "файлов"))),
            ("Учебные годы", text(_year_list(used["school_year"]))),
            ("Охват", text(ru.counted(organisations, "организация", "организации", "организаций"))),
            ("Проверки", text(checks)),
        )
    )


def _covered(inputs: Inputs) -> int:
    """Organisations of the report year that the direction's own indicators speak of; 0 where they speak of none."""
    year = inputs.settings.school_year
    rows = (row for row in inputs.own_rows() if row["level"] == "organisation" and row["school_year"] == year)
    return len({row["group"] for row in rows})


def _year_list(years: pd.Series) -> str:
    values = sorted({int(year) for year in years.dropna()})
    return ", ".join(ru.school_year(year) for year in values)


def goals(inputs: Inputs) -> tuple[Block, ...]:
    """Goals from the profile, each with the document that set it."""
    items = tuple(text(goal.text + _set_by(goal)) for goal in inputs.plan.goals)
    return (Paragraphs(items, role="list"),) if items else ()


def _set_by(goal: Goal) -> str:
    item = f"п.{ru.NBSP}{goal.item}" if goal.item else ""
    where = ", ".join(part for part in (goal.document, item) if part)
    return f" ({where})" if where else ""


def collection(inputs: Inputs) -> tuple[Block, ...]:
    """Which declared sources came, for which years, and who supplies the missing ones."""
    sources = inputs.direction.sources
    if not sources:
        return ()
    rows = tuple(_source_row(inputs, source) for source in sources)
    return (
        TableBlock(
            id=f"{inputs.direction.code}-sources",
            caption="Источники данных направления",
            heads=(Head("Источник", width=2.6), Head("Кто даёт", width=2.2), Head("Получено за годы", width=1.4)),
            rows=rows,
            source=text("Перечень источников направления; получено — по описи файлов запуска."),
        ),
    )


def _source_row(inputs: Inputs, source: Source) -> tuple[Cell, ...]:
    found = present(inputs, source)
    asked_here = source.asked_by and inputs.profile.country.code == HOME  # the documents are Russian ones
    asked = f" (для пунктов: {', '.join(source.asked_by)})" if asked_here else ""
    if found.empty:
        return (Cell(source.title + asked), Cell(source.office), Cell("не представлен", tone="warning"))
    return (Cell(source.title + asked), Cell(source.office), Cell(_year_list(found["school_year"])))


def missing(inputs: Inputs) -> list[Source]:
    return [source for source in inputs.direction.sources if present(inputs, source).empty]


def missing_sentence(inputs: Inputs) -> Text:
    """One honest sentence: what is missing and which office supplies it."""
    parts = [f"{source.title} (даёт: {source.office})" for source in missing(inputs)]
    if not parts:
        return text("Источники есть, но показателей направления по ним не посчитать.")
    return text(f"За {inputs.settings.report_year} год не представлены: {'; '.join(parts)}.")


def how_counted(rows: Sequence[Row], definitions: Sequence[str] = ()) -> tuple[Text, ...]:
    """«Как посчитано»: definitions first, then the exact values with numerator, denominator, method and files."""
    lines = [text(line) for line in definitions]
    rows = sorted(rows, key=lambda row: row["level"] != "municipality")  # the territory's own value first
    return (*lines, *(text(_exact(row)) for row in rows))


def _exact(row: Row) -> str:
    name = str(row["group_label"] or row["group"])
    parts = [f"{name}, задание {row['task']}" if row["task"] else name]
    if row["published"]:
        parts.append(f"в источнике {row['published']}")
    if row["numerator"] is not None and row["denominator"] is not None:
        basis = {"counted": "посчитано", "recovered": "числитель восстановлен"}.get(row["numerator_basis"] or "", "")
        parts.append(f"{ru.number(row['numerator'])} из {ru.number(row['denominator'])} ({basis})")
    elif row["n"] is not None:
        parts.append(f"n = {ru.number(row['n'])}")
    if row["method"]:
        parts.append(f"интервал {METHODS.get(str(row['method']), row['method'])}, {ru.percent(row['confidence'], 10)}")
    files = sorted({item["file"] for item in json.loads(row["inputs"])})
    parts.append(f"файлы: {ru.listed(files, 3)}")
    return "; ".join(parts)


def source_line(rows: Sequence[Row]) -> Text:
    """«Источник: …» with the files the rows came from."""
    files = sorted({item["file"] for row in rows for item in json.loads(row["inputs"])})
    return text(f"Источник: {ru.listed(files, 3)}.")


def absent(reason: str) -> tuple[Block, ...]:
    return (empty_section(reason),)


def used(inputs: Inputs, names: Sequence[str]) -> pd.DataFrame:
    """Source columns of the clean rows of these tables up to the report year."""
    columns = ["school_year", "org_id", "source_file"]
    frames = [inputs.clean[name] for name in names if name in inputs.clean and len(inputs.clean[name])]
    kept = [frame[frame["school_year"] <= inputs.settings.school_year].reindex(columns=columns) for frame in frames]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=columns)
