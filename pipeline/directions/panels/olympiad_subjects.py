"""Subjects of the olympiad: where the path from the school stage breaks off, and places at the municipal stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import judgement, parts, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.panels.organisations import outside_words
from pipeline.directions.panels.panel import Panel
from pipeline.directions.panels.stages import STAGES
from pipeline.presentation import charts, claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Cell, FigureBlock, Head, Run, TableBlock, Text, text

Row = Mapping[str, Any]
COUNTED, SHARE, WHOLE = "olympiad_participations_subject", "olympiad_prize_share_subject", "olympiad_prize_share"
ROWS_AT_MOST, NAMES_AT_MOST = 30, 8
FEWEST = 3  # of two subjects each is the other's rest


def panel(inputs: Inputs) -> Panel:
    """Chart of the share of places by subject at the municipal stage; table of subjects by stage; broken paths."""
    path = _path(inputs)
    return Panel(
        monitoring=_places(inputs),
        analysis=_table(inputs, path),
        findings=_finding(inputs, path),
        frames={"olympiad_subjects": _frame(path)} if path else {},
    )


def _path(inputs: Inputs) -> dict[str, dict[str, Row]]:
    """Participations of the newest year by subject and stage, subjects of the largest school stage first."""
    rows = [row for row in inputs.rows(indicator=COUNTED, level="municipality") if row["value"] is not None]
    year = max((row["school_year"] for row in rows), default=None)
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        if row["school_year"] == year and row["category"] in STAGES:
            found.setdefault(str(row["subject"]), {})[str(row["category"])] = row
    return dict(sorted(found.items(), key=lambda item: (-_amount(item[1], "school"), item[0])))


def _amount(stages: Mapping[str, Row], stage: str) -> float:
    return float(stages[stage]["value"]) if stage in stages else 0.0


def _title(inputs: Inputs, subject: str) -> str:
    found = inputs.subjects.subjects.get(subject)
    return found.title if found else subject


def _short(inputs: Inputs, subject: str) -> str:
    found = inputs.subjects.subjects.get(subject)
    return found.short if found else subject


def _frame(path: Mapping[str, Mapping[str, Row]]) -> pd.DataFrame:
    return pd.DataFrame([row for stages in path.values() for row in stages.values()])


def _known(path: Mapping[str, Mapping[str, Row]]) -> list[str]:
    return [stage for stage in STAGES if any(stage in stages for stages in path.values())]


def broken(path: Mapping[str, Mapping[str, Row]]) -> list[str]:
    """Subjects with participants at the school stage and none at the municipal one, where that stage is known."""
    if "municipal" not in _known(path):
        return []
    return [one for one, stages in path.items() if _amount(stages, "school") and not _amount(stages, "municipal")]


def _table(inputs: Inputs, path: Mapping[str, Mapping[str, Row]]) -> tuple[TableBlock, ...]:
    if not path:
        return ()
    known = _known(path)
    places = {str(row["subject"]): row for row in _shares(inputs)}
    shown = list(path.items())[:ROWS_AT_MOST]
    year = ru.school_year(int(next(iter(path[next(iter(path))].values()))["school_year"]))
    rest = len(path) - len(shown)
    more = f" Ещё {ru.counted(rest, 'предмет', 'предмета', 'предметов')} — в файле данных." if rest else ""
    columns = (Head(_stage_title(inputs, path, stage), "right") for stage in known)
    rows = tuple(
        (
            Cell(_title(inputs, subject)),
            *(_count(stages.get(stage)) for stage in known),
            claims.value_cell(places.get(subject), interval=False),
        )
        for subject, stages in shown
    )
    return (
        TableBlock(
            id="olympiad-subjects",
            caption=f"Предметы олимпиады по этапам, участия, {year} учебный год",
            heads=(Head("Предмет", width=1.8), *columns, Head("Места на муниципальном этапе", "right", 1.3)),
            rows=rows,
            source=text(f"Предметы — по убыванию числа участий в школьном этапе.{more}"),
            statement=_broken_words(inputs, path),
            legend=("… — строк об этом этапе по предмету нет",),
            data=f"data/{inputs.direction.number}_olympiad_subjects.csv",
        ),
    )


def _stage_title(inputs: Inputs, path: Mapping[str, Mapping[str, Row]], stage: str) -> str:
    return f"{ru.capitalised(inputs.words.get((COUNTED, stage), stage))} этап"


def _count(row: Row | None) -> Cell:
    return claims.value_cell(row, interval=False)


def _broken_words(inputs: Inputs, path: Mapping[str, Mapping[str, Row]]) -> Text:
    lost = [_short(inputs, subject) for subject in broken(path)]
    if "municipal" not in _known(path):
        return text("Данных о муниципальном этапе нет: судить о пути участников дальше школы нельзя.")
    if not lost:
        return text("По каждому предмету школьного этапа были участники и на муниципальном этапе.")
    return text(
        f"Школьный этап был, а участников муниципального нет: {ru.listed(lost, NAMES_AT_MOST)}. Причиной может быть и "
        "подготовка, и проходной балл, который назначил организатор, и то, что этап по предмету не проводили."
    )


def _finding(inputs: Inputs, path: Mapping[str, Mapping[str, Row]]) -> tuple[Finding, ...]:
    lost = broken(path)
    if not lost:
        return ()
    held = sum(bool(_amount(stages, "school")) for stages in path.values())
    named: list[str | Run] = []
    for subject in lost[:NAMES_AT_MOST]:
        row = path[subject]["school"]
        named += [", " if named else "", Run(_short(inputs, subject), key=claims.key_of(row))]
    rest = len(lost) - NAMES_AT_MOST
    tail = f" и ещё {ru.number(rest)}" if rest > 0 else ""
    return (
        Finding(
            id="olympiad.broken_path",
            kind="deficit",
            statement=text(
                f"Всероссийская олимпиада: по {ru.part(len(lost), held)} предметов школьного этапа на муниципальном не "
                "было ни одного участника: ",
                *named,
                f"{tail}.",
            ),
            strength="полный счёт участий",
            addressee="муниципальный оргкомитет олимпиады",
            weight=weight.GAP,
        ),
    )


def _shares(inputs: Inputs) -> list[Row]:
    """Shares of places at the municipal stage of the newest year by subject, the largest first."""
    found = inputs.rows(indicator=SHARE, level="municipality", category="municipal")
    rows = [row for row in found if row["value"] is not None]
    year = max((row["school_year"] for row in rows), default=None)
    return sorted((r for r in rows if r["school_year"] == year), key=lambda r: (-int(r["n"] or 0), str(r["subject"])))


def _places(inputs: Inputs) -> tuple[FigureBlock, ...]:
    """Dots by subject beside the whole stage; a subject is set against all the others together."""
    rows = _shares(inputs)[:ROWS_AT_MOST]
    if len(rows) < FEWEST:
        return ()
    year = int(rows[0]["school_year"])
    wholes = inputs.rows(indicator=WHOLE, level="municipality", category="municipal", school_year=year)
    own = next((row for row in wholes if row["value"] is not None), None)
    if own is None:
        return ()
    verdicts = [judgement.against_wider(row, own, inputs.compare_from, judgement.OF_MANY) for row in rows]
    frame = pd.DataFrame(
        {
            "label": [f"{_title(inputs, str(row['subject']))} (n={row['n']})" for row in rows],
            "value": [row["value"] for row in rows],
            "lower": [row["lower"] for row in rows],
            "upper": [row["upper"] for row in rows],
            "tone": [""] * len(rows),
        }
    )
    words = outside_words(verdicts).replace("отличий организаций", "отличий предметов")
    words = words.replace("для сравнения организаций", "для сравнения предметов")
    return (
        FigureBlock(
            id="olympiad-places",
            title=f"Места на муниципальном этапе по предметам: {_apart(verdicts, words)}",
            subtitle=f"Доля участий, давших место победителя или призёра; {ru.school_year(year)} учебный год; "
            "интервал 95 %, предметы по убыванию числа участий",
            alt="; ".join(f"{_title(inputs, str(row['subject']))}: {claims.bound(row).text}" for row in rows) + ".",
            svg=charts.dots(
                "olympiad-places", frame, [charts.Reference("весь этап", float(own["value"]))], "Доля участий"
            ),
            source=parts.source_line(rows),
            statement=text(
                "На всём этапе ",
                claims.bound(own),
                ". Доля мест зависит от порога и квоты, которые у предметов разные: это не оценка учителей предмета.",
            ),
            how=parts.how_counted([own, *rows]),
            data=f"data/{inputs.direction.number}_olympiad_subjects.csv",
        ),
    )


def _apart(verdicts: Sequence[str], otherwise: str) -> str:
    outside = sum(verdict in ("higher", "lower") for verdict in verdicts)
    if not outside:
        return otherwise
    verb = ru.plural(outside, "отличается", "отличаются", "отличаются")
    counted = ru.counted(outside, "предмет", "предмета", "предметов")
    return f"от остальных {verb} {counted} из {ru.number(len(verdicts))}"
