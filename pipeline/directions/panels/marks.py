"""ВПР marks: composition of marks against comparators, share of «2» by organisation, sentences for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.directions import judgement, parts, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import level_title, scope_of, within
from pipeline.directions.panels import funnels
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import charts, claims, theme
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import Block, FigureBlock, Run, Text, text
from pipeline.statistics.comparison import Verdict

Row = Mapping[str, Any]
MARKS = ("2", "3", "4", "5")
DOTS_AT_MOST = 30
SHOWN_IN_COMPOSITION = 12


def panel(inputs: Inputs) -> Panel:
    """One pair of charts for each subject and grade of the newest year that has ВПР marks."""
    rows = inputs.rows(indicator=("vpr_mark_2",), procedure="vpr")
    cells = sorted({(row["school_year"], row["subject"], row["grade"]) for row in rows}, key=_newest_first)
    shown: set[tuple[str, int]] = set()
    blocks: list[Block] = []
    frames: dict[str, pd.DataFrame] = {}
    findings: list[Finding] = []
    for year, subject, grade in cells:
        if (subject, grade) in shown:
            continue
        shown.add((subject, grade))
        chosen = [r for r in rows if (r["school_year"], r["subject"], r["grade"]) == (year, subject, grade)]
        stem = f"vpr_{subject}_{grade}"
        composition = _composition_frame(inputs, year, subject, grade)
        if composition["group"].nunique() > 1:
            blocks.append(_composition(inputs, composition, chosen, stem))
            frames[f"{stem}_marks"] = composition
        schools = [row for row in chosen if row["level"] == "organisation" and row["value"] is not None]
        if len(schools) > 1:
            blocks.append(_schools(inputs, schools, chosen, stem))
            frames[f"{stem}_schools"] = pd.DataFrame(schools)
        findings.extend(_findings(inputs, chosen, rows))
    return Panel(monitoring=tuple(blocks), findings=tuple(findings), frames=frames)


def _newest_first(cell: tuple[int, str, int]) -> tuple[int, int, str]:
    return (-cell[0], cell[2], cell[1])


def _composition_frame(inputs: Inputs, year: int, subject: str, grade: int) -> pd.DataFrame:
    """Rows `group`, `label`, `category`, `value`, `n`, comparators first; at most twelve organisations, by size."""
    table = inputs.clean["group_results"]
    chosen = table[
        (table["procedure"] == "vpr")
        & (table["measure"] == "mark_share")
        & (table["school_year"] == year)
        & (table["subject"] == subject)
        & (table["grade"] == grade)
        & table["value"].notna()
    ]
    order = {"country": 0, "region": 1, "municipality": 2, "organisation": 3}
    ranked = chosen.assign(rank=chosen["level"].map(order)).sort_values(
        ["rank", "n", "group"], ascending=[True, False, True], kind="stable"
    )
    groups = list(dict.fromkeys(ranked["group"]))
    wider = ranked[ranked["rank"] < 3]["group"].nunique()
    kept = ranked[ranked["group"].isin(groups[: wider + SHOWN_IN_COMPOSITION])]
    return pd.DataFrame(
        {
            "group": kept["group"].tolist(),
            "label": [shown_name(*pair, inputs) for pair in zip(kept["group_label"], kept["level"], strict=True)],
            "category": kept["category"].tolist(),
            "value": kept["value"].astype(float).tolist(),
            "n": kept["n"].tolist(),
        }
    )


def shown_name(label: str, level: str, inputs: Inputs) -> str:
    """The name of a group as charts and their data files print it: «РФ» for the whole sample."""
    return inputs.profile.country.title if level == "country" else " ".join(label.split())


def wrapped(name: str) -> str:
    """A name in up to three lines that fit beside a chart; what is cut off leaves dots."""
    words, lines = ru.organisation(name).split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 28 and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines[:3]) + (" …" if len(lines) > 3 else "")


def wrapped_labels(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(label=[wrapped(label) for label in frame["label"]])


def counted_for(rows: Sequence[Row], frame: pd.DataFrame) -> tuple[Text, ...]:
    """«Как посчитано» of every group that a chart of `frame` shows, wider groups always."""
    shown = set(frame["group"])
    return parts.how_counted([row for row in rows if row["level"] != "organisation" or row["group"] in shown])


def shares_in_words(frame: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """«Группа: «2» 13,6 %, …; …» for readers who do not see the chart, rounded as on the page."""
    said: dict[str, list[str]] = {}
    names = dict(zip(frame["group"], frame["label"], strict=True))
    for row in claims.records(frame):
        count = None if row["n"] is None else round(row["value"] * row["n"])
        said.setdefault(row["group"], []).append(f"{titles[row['category']]} {ru.share(row['value'], row['n'], count)}")
    return "; ".join(f"{names[group]}: {', '.join(words)}" for group, words in said.items())


def _composition(inputs: Inputs, frame: pd.DataFrame, rows: Sequence[Row], stem: str) -> FigureBlock:
    own = _own(rows)
    scope = scope_of(inputs, own or rows[0])
    last = frame.drop_duplicates("group")
    titles = {mark: f"«{mark}»" for mark in MARKS}
    return FigureBlock(
        id=f"{stem}-marks",
        title=_title(inputs, own, rows, scope),
        subtitle=f"Распределение отметок ВПР, {scope}, {ru.school_year(int(rows[0]['school_year']))} учебный год; "
        f"{ru.counted(len(last), 'группа', 'группы', 'групп')} участников{shown_of(*organisations(rows, frame))}",
        alt=f"Доли отметок. {shares_in_words(frame, titles)}.",
        svg=charts.composition(f"{stem}-marks", wrapped_labels(frame), theme.MARK_COLOURS, titles),
        source=parts.source_line(rows),
        statement=statement(inputs, own, rows) if own else (),
        how=counted_for(rows, frame),
        data=f"data/{inputs.direction.number}_{stem}_marks.csv",
    )


def _own(rows: Sequence[Row]) -> Row | None:
    return next((row for row in rows if row["level"] == "municipality" and row["value"] is not None), None)


def _verdict(inputs: Inputs, own: Row | None, others: Sequence[Row]) -> Verdict:
    """The municipality against the widest comparator."""
    return judgement.against_wider(own, others[-1], inputs.compare_from) if own and others else "insufficient"


def _title(inputs: Inputs, own: Row | None, rows: Sequence[Row], scope: str) -> str:
    """A title that states the finding, no more than the interval allows."""
    others = judgement.comparators(own, rows) if own else []
    where = within(inputs, others[-1]) if others else ""
    words = {
        "higher": f"Доля «2» выше, чем {where}",
        "lower": f"Доля «2» ниже, чем {where}",
        "same": f"Доля «2» не отличается от доли {where}",
        "insufficient": "Отметки ВПР",
    }
    return f"{words[_verdict(inputs, own, others)]}: {scope}"


def statement(inputs: Inputs, own: Row, rows: Sequence[Row]) -> Text:
    """«Отметку «2» получили 13,6 % (12,4–14,8) из 3005 участников; в регионе 13,4 %; в РФ 5,1 %.»"""
    said: list[str | Run] = ["Отметку «2» получили ", claims.bound(own)]
    of_whom = f" {ru.plural(int(own['n'] or 0), 'участника', 'участников', 'участников')}"
    said += [" участников"] if claims.few(own) else [" из ", claims.participants(own), of_whom]
    return text(*said, *_beside(inputs, judgement.comparators(own, rows)), ".")


def _beside(inputs: Inputs, others: Sequence[Row]) -> list[str | Run]:
    """«; в регионе 13,4 %; в РФ 5,1 %»."""
    pairs = ((f"; {within(inputs, other)} ", claims.bound(other, interval=False)) for other in others)
    return [piece for pair in pairs for piece in pair]


def _findings(inputs: Inputs, chosen: Sequence[Row], rows: Sequence[Row]) -> list[Finding]:
    own = _own(chosen)
    if own is None:
        return []
    others = judgement.comparators(own, rows)
    verdict = _verdict(inputs, own, others)
    said: list[str | Run] = [f"ВПР, {scope_of(inputs, own)}: отметку «2» получили ", claims.bound(own)]
    said += _beside(inputs, others)
    if verdict in ("higher", "lower"):
        said.append(f" — доля {claims.COMPARED[verdict]}, чем {within(inputs, others[-1])}")
    gap = weight.of_difference(own, others[-1]) if others else 0.0
    return [
        Finding(
            id=f"vpr_mark_2.{own['subject']}.{own['grade']}.{own['school_year']}",
            kind={"higher": "deficit", "lower": "strength"}.get(verdict, "sign"),
            statement=text(*said, *_since(inputs, own, rows), "."),
            strength="интервал 95 %" if own["lower"] is not None else "без интервала",
            weight=gap if verdict in ("higher", "lower") else 0.0,
        )
    ]


def _since(inputs: Inputs, own: Row, rows: Sequence[Row]) -> list[str | Run]:
    """What may be said of the change since the year before, within one series."""
    before = judgement.previous(own, rows)
    if before is None or before["series"] != own["series"] or before["value"] is None:
        return []
    verdict = judgement.against_row(own, before, inputs.compare_from)
    year = ru.school_year(int(before["school_year"]))
    changed = f"С {year} учебного года показатель {claims.CHANGED[verdict]}"
    words = f"Сравнить с {year} учебным годом нельзя" if verdict == "insufficient" else changed
    return [f". {words} (было ", claims.bound(before, interval=False), ")"]


def _schools(inputs: Inputs, schools: Sequence[Row], rows: Sequence[Row], stem: str) -> FigureBlock:
    """Organisations of one subject and grade: a funnel of many, dots of few."""
    every = sorted(schools, key=lambda row: (-int(row["n"] or 0), str(row["group"])))
    own = _own(rows)
    references = [
        charts.Reference(level_title(inputs, row), float(row["value"])) for row in judgement.comparators(every[0], rows)
    ]
    if own:
        references.insert(0, charts.Reference("муниципалитет", float(own["value"])))
    many = funnels.fits(every, own)
    ordered = every if many else every[:DOTS_AT_MOST]
    verdicts = [_among_others(inputs, row, own) for row in ordered]
    counted = ru.counted(len(ordered), "организация", "организации", "организаций")
    order = counted if many else "организации по убыванию числа участников"
    picture = (_funnel if many else _dots)(inputs, ordered, verdicts, references, f"{stem}-schools")
    return FigureBlock(
        id=f"{stem}-schools",
        title=f"{_outside_words(verdicts)}: доля «2», {scope_of(inputs, ordered[0])}",
        subtitle=f"Доля отметок «2»{'' if many else ' с интервалом 95 %'}, "
        f"{ru.school_year(int(ordered[0]['school_year']))} учебный год; "
        f"{order}{shown_of(len(ordered), len(schools))}",
        alt=picture.alt,
        svg=picture.svg,
        source=parts.source_line(ordered),
        statement=text(picture.words),
        how=parts.how_counted(ordered, [picture.how] if picture.how else ()),
        data=f"data/{inputs.direction.number}_{stem}_schools.csv",
    )


def _funnel(
    inputs: Inputs,
    ordered: Sequence[Row],
    verdicts: Sequence[Verdict],
    references: Sequence[charts.Reference],
    stem: str,
) -> funnels.Drawn:
    return funnels.drawn(inputs, stem, ordered, verdicts, references, ("Участников в организации", "Доля отметок «2»"))


def _dots(
    inputs: Inputs,
    ordered: Sequence[Row],
    verdicts: Sequence[Verdict],
    references: Sequence[charts.Reference],
    stem: str,
) -> funnels.Drawn:
    frame = pd.DataFrame(
        {
            "label": [f"{wrapped(str(row['group_label']))} (n={row['n']})" for row in ordered],
            "value": [row["value"] for row in ordered],
            "lower": [row["lower"] for row in ordered],
            "upper": [row["upper"] for row in ordered],
            "tone": [claims.tone(verdict, "lower") for verdict in verdicts],
        }
    )
    words = (
        "Цветом выделена организация, доля в которой отличается от доли во всех остальных организациях "
        "муниципалитета вместе: сравнений много, поэтому берётся интервал разности 99,8 %. "
        f"Организации, где участников меньше {inputs.compare_from}, не сравниваются."
    )
    said = (f"{row['group_label']}: {claims.bound(row).text}, участников {row['n']}" for row in ordered)
    svg = charts.dots(stem, frame, references, "Доля отметок «2»", limits=(0, _top(frame, references)))
    return funnels.Drawn(svg, words, f"{'; '.join(said)}.")


def _top(frame: pd.DataFrame, references: Sequence[charts.Reference]) -> float:
    highest = max([*frame["upper"].dropna(), *frame["value"], *(reference.value for reference in references)])
    return min(1.0, float(highest) * 1.08)


def _among_others(inputs: Inputs, row: Row, own: Row | None) -> Verdict:
    """An organisation against the rest of the municipality, one comparison of many."""
    return judgement.against_wider(row, own, inputs.compare_from, judgement.OF_MANY) if own else "insufficient"


def _outside_words(verdicts: Sequence[Verdict]) -> str:
    compared = [verdict for verdict in verdicts if verdict != "insufficient"]
    if not compared:
        return "Результаты организаций"
    outside = sum(verdict != "same" for verdict in compared)
    if not outside:
        return "Организации не отличаются от остальных с учётом погрешности"
    verb = ru.plural(outside, "отличается", "отличаются", "отличаются")
    counted = ru.counted(outside, "организация", "организации", "организаций")
    return f"От остальных {verb} {counted} из {ru.number(len(verdicts))}"


def organisations(rows: Sequence[Row], frame: pd.DataFrame) -> tuple[int, int]:
    """How many organisations a chart of `frame` shows, and how many have a value."""
    known = {row["group"] for row in rows if row["level"] == "organisation" and row["value"] is not None}
    return len(known & set(frame["group"])), len(known)


def shown_of(shown: int, total: int) -> str:
    """Says aloud that a chart holds only the largest organisations; nothing when it holds all."""
    if shown == total:
        return ""
    return f"; показаны самые большие: {ru.counted(shown, 'организация', 'организации', 'организаций')} из {total}"
