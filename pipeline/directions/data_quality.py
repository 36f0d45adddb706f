"""00. Quality of the input: what came, what was recognised, what was checked, what failed and who waived it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.directions import parts
from pipeline.directions.chapter import Chapter, Finding, Inputs
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, Cell, Head, Paragraphs, Strip, TableBlock, text
from pipeline.tables import CLEAN

SEVERITY = {"critical": "критическая", "warning": "предупреждение", "info": "к сведению"}
TONES: Mapping[str, Any] = {"critical": "critical", "warning": "warning", "info": "muted"}


def analyse(inputs: Inputs) -> Chapter:
    """The audit of this run, from the ledger of checks and the inventory of files."""
    failed = inputs.ledger[~inputs.ledger["passed"].astype(bool)]
    return Chapter(
        code="data_quality",
        strip=_strip(inputs),
        sections={
            "lead": _lead(inputs, failed),
            "goals": parts.goals(inputs),
            "indicators": (_summary(inputs),),
            "collection": (_inventory(inputs),),
            "monitoring": _failures(failed),
            "analysis": (_coverage(inputs),),
            "recommendations": _advice(failed),
        },
        findings=_findings(failed),
        frames={"checks": inputs.ledger.drop(columns=["places"], errors="ignore"), "files": _files_frame(inputs)},
    )


def _strip(inputs: Inputs) -> Strip:
    read = [item for item in inputs.inventory if item["rows"]]
    return Strip(
        (
            ("Файлов в папке", text(ru.number(len(inputs.inventory)))),
            ("Прочитано", text(ru.number(len(read)))),
            ("Строк данных", text(ru.number(sum(item["rows"] for item in read)))),
            ("Проверок", text(ru.number(len(inputs.ledger)))),
        )
    )


def _lead(inputs: Inputs, failed: pd.DataFrame) -> tuple[Block, ...]:
    read = sum(1 for item in inputs.inventory if item["rows"])
    waived = int((failed["waived_by"] != "").sum())
    serious = failed[failed["severity"].isin(("critical", "warning"))]
    verb = ru.plural(read, "Прочитан", "Прочитано", "Прочитано")
    items = [
        text(
            f"{verb} {ru.counted(read, 'файл', 'файла', 'файлов')} из {ru.number(len(inputs.inventory))}; "
            f"выполнено {ru.counted(len(inputs.ledger), 'проверка', 'проверки', 'проверок')}."
        ),
        text(
            f"Не пройдено: критических {ru.number(int((failed['severity'] == 'critical').sum()))}, предупреждений "
            f"{ru.number(int((failed['severity'] == 'warning').sum()))}; снято решением {ru.number(waived)}."
        ),
    ]
    items += [text(_with_file(check, "message")) for check in serious.head(3).to_dict("records")]
    return (Paragraphs(tuple(items), role="lead"),)


def _summary(inputs: Inputs) -> TableBlock:
    """Checks by clean table: rows, checks, passed, not passed by severity."""
    rows = []
    titles = {name: table.title for name, table in CLEAN.items()} | {"": "Чтение файлов и сверка между ними"}
    for name, title in titles.items():
        part = inputs.ledger[inputs.ledger["table"] == name]
        failed = part[~part["passed"].astype(bool)]
        count = len(inputs.clean.get(name, ())) if name else sum(item["rows"] for item in inputs.inventory)
        if name and not count and failed.empty:
            continue
        rows.append(
            (
                Cell(title),
                Cell(ru.number(count), sort=float(count)),
                Cell(ru.number(len(part)), sort=float(len(part))),
                *(_severity_cell(failed, severity) for severity in SEVERITY),
            )
        )
    return TableBlock(
        id="quality-summary",
        caption="Проверки чистых таблиц",
        heads=(
            Head("Таблица", width=2.6),
            Head("Строк", "right"),
            Head("Проверок", "right"),
            Head("Критических", "right"),
            Head("Предупреж­дений", "right"),
            Head("К сведению", "right"),
        ),
        rows=tuple(rows),
        source=text(
            "Последние три столбца — число непройденных проверок. Подробности — в checks.json рядом с отчётом."
        ),
        data=f"data/{inputs.direction.number}_checks.csv",
    )


def _severity_cell(failed: pd.DataFrame, severity: str) -> Cell:
    count = int((failed["severity"] == severity).sum())
    return Cell(ru.number(count), sort=float(count), tone=TONES[severity] if count else "")


def _inventory(inputs: Inputs) -> TableBlock:
    rows = []
    for item in inputs.inventory:
        remarks = "; ".join(str(remark["message"]).rstrip(".") for remark in item["remarks"])
        rows.append(
            (
                Cell(str(item["file"])),
                Cell(str(item["title"] or "не узнан")),
                Cell(ru.number(item["rows"]), sort=float(item["rows"])),
                Cell(remarks or "нет", tone="" if remarks else "muted"),
            )
        )
    return TableBlock(
        id="quality-inventory",
        caption="Опись файлов: что лежало в папке и чем оно оказалось",
        heads=(
            Head("Файл", width=2.2),
            Head("Узнан как", width=2),
            Head("Строк", "right", 0.7),
            Head("Замечания", width=2.6),
        ),
        rows=tuple(rows),
        source=text("Файлы узнаются по содержанию, а не по имени. Контрольные суммы — в passport.json."),
        data=f"data/{inputs.direction.number}_files.csv",
    )


def _files_frame(inputs: Inputs) -> pd.DataFrame:
    columns = ["file", "layout", "title", "rows", "sha256"]
    return pd.DataFrame([{name: item[name] for name in columns} for item in inputs.inventory], columns=columns)


def _failures(failed: pd.DataFrame) -> tuple[Block, ...]:
    """Every check that did not pass: what, where, how many, who waived."""
    if failed.empty:
        return (Paragraphs((text("Все проверки пройдены."),)),)
    rows = []
    for check in failed.to_dict("records"):
        waived = f"снято: {check['waived_by']} — {check['waived_why']}" if check["waived_by"] else "действует"
        rows.append(
            (
                Cell(SEVERITY[check["severity"]], tone=TONES[check["severity"]]),
                Cell(str(check["message"])),
                Cell(ru.listed([str(place) for place in check["places"]], 2) or "—"),
                Cell(waived),
            )
        )
    return (
        TableBlock(
            id="quality-failures",
            caption="Непройденные проверки",
            heads=(Head("Важность", width=1), Head("Что не сошлось", width=3), Head("Где", width=2), Head("Решение")),
            rows=tuple(rows),
            source=text("Значения ячеек в журнал проверок не попадают: только места."),
        ),
    )


def _coverage(inputs: Inputs) -> Block:
    """Directions without a source or a value from another one: how many, not in words of blame."""
    lacking = [
        direction
        for direction in inputs.directions.directions
        if direction.sources
        and not inputs.rows(direction=direction.code)
        and all(parts.present(inputs, source).empty for source in direction.sources)
    ]
    names = "; ".join(direction.title for direction in lacking)
    if not lacking:
        return Paragraphs((text("У каждого направления есть хотя бы один источник."),))
    counted = ru.counted(len(lacking), "направление", "направления", "направлений")
    verb = ru.plural(len(lacking), "осталось", "остались", "осталось")
    return Paragraphs((text(f"Без источников {verb} {counted}: {names}."),))


def _advice(failed: pd.DataFrame) -> tuple[Block, ...]:
    advised = failed[(failed["advice"] != "") & failed["severity"].isin(("critical", "warning"))]
    unique = list(dict.fromkeys(_with_file(check, "advice") for check in advised.to_dict("records")))
    return (Paragraphs(tuple(text(advice) for advice in unique[:10]), role="list"),) if unique else ()


def _with_file(check: Mapping[Any, Any], what: str) -> str:
    """A message or an advice with the file it speaks of: «файл «…»: впишите его»."""
    words = str(check[what])
    files = list(check["files"])
    if len(files) != 1 or files[0] in words:
        return ru.capitalised(words)
    return f"Файл «{files[0]}»: {words[:1].lower()}{words[1:]}"


def _findings(failed: pd.DataFrame) -> tuple[Finding, ...]:
    serious = failed[failed["severity"].isin(("critical", "warning"))]
    return tuple(
        Finding(
            id=f"check.{check['id']}.{number}",
            kind="problem",
            statement=text(_with_file(check, "message")),
            strength="проверка данных",
            weight=0.01,
        )
        for number, check in enumerate(serious.to_dict("records"), start=1)
    )
