"""ВПР marks: the composition of marks of every work against comparators and earlier years, sentences for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd

from pipeline.directions import judgement, parts, schools, weight
from pipeline.directions.chapter import Finding, Inputs
from pipeline.directions.indicator_table import scope_of, within
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import FigureBlock, Run, Text, text
from pipeline.presentation.small_marks import small_marks
from pipeline.statistics.comparison import Verdict

Row = Mapping[str, Any]
One = TypeVar("One")
MARKS = ("2", "3", "4", "5")
TITLES = {mark: f"«{mark}»" for mark in MARKS}
DOTS_AT_MOST = 30
ON_ONE_PAGE = 4  # works in one figure: two such figures fill a page
FEW_LINES = 12  # of organisations in «как посчитано»
FEW_SCHOOLS = 3  # of a work that stand in the composition themselves
LEVELS = ("country", "region", "municipality")
BREAK = "Штриховая черта: ниже неё другая работа или шкала, с тем, что выше, не сравнивается."


@dataclass(frozen=True)
class Work:
    """One subject and grade in its newest year: rows of the share of «2» of that year, and of all years."""

    subject: str
    grade: int
    year: int
    rows: tuple[Row, ...]
    every: tuple[Row, ...]

    @property
    def stem(self) -> str:
        return f"vpr_{self.subject}_{self.grade}"

    @property
    def own(self) -> Row | None:
        return next((row for row in self.rows if row["level"] == "municipality" and row["value"] is not None), None)

    @property
    def schools(self) -> list[Row]:
        """Organisations with a value, the largest first."""
        known = (row for row in self.rows if row["level"] == "organisation" and row["value"] is not None)
        return sorted(known, key=lambda row: (-int(row["n"] or 0), str(row["group"])))


def panel(inputs: Inputs) -> Panel:
    """Figures of all works of the newest year of each that has ВПР marks; a finding for each work."""
    found = works(inputs)
    frames = {f"{work.stem}_marks": _groups(inputs, work) for work in found}
    drawn = [work for work in found if frames[f"{work.stem}_marks"]["group"].nunique() > 1]
    pages = evenly(drawn, ON_ONE_PAGE)
    figures = [_figure(inputs, page, number) for number, page in enumerate(pages)]
    bars = {f"vpr_marks{_page(number)}": _bars(inputs, page) for number, page in enumerate(pages)}
    findings = [finding for work in found for finding in _findings(inputs, work)]
    return Panel(monitoring=tuple(figures), findings=tuple(findings), frames=bars | frames)


def works(inputs: Inputs) -> list[Work]:
    """Works by grade and subject, each in its newest year."""
    rows = inputs.rows(indicator=("vpr_mark_2",), procedure="vpr")
    cells: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        cells.setdefault((int(row["grade"]), str(row["subject"])), []).append(row)
    found = []
    for (grade, subject), every in sorted(cells.items()):
        year = max(int(row["school_year"]) for row in every)
        chosen = tuple(row for row in every if row["school_year"] == year)
        found.append(Work(subject, grade, year, chosen, tuple(every)))
    return found


def evenly(things: Sequence[One], most: int) -> list[Sequence[One]]:
    """Things in as few parts of at most `most` as there can be, the parts as equal as they can be."""
    parts_of = -(-len(things) // most)
    size, more = divmod(len(things), parts_of) if things else (0, 0)
    ends = [size * part + min(part, more) for part in range(parts_of + 1)]
    return [things[start:end] for start, end in zip(ends, ends[1:], strict=False)]


def classes(page: Sequence[Work]) -> str:
    """«4–5 классы»."""
    grades = sorted({work.grade for work in page})
    span = str(grades[0]) if len(grades) == 1 else f"{grades[0]}{ru.DASH}{grades[-1]}"
    return f"{span}{ru.NBSP}{'класс' if len(grades) == 1 else 'классы'}"


def _page(number: int) -> str:
    return f"_{number + 1}" if number else ""


def _published(inputs: Inputs, work: Work) -> pd.DataFrame:
    table = inputs.clean["group_results"]
    return table[
        (table["procedure"] == "vpr")
        & (table["measure"] == "mark_share")
        & (table["subject"] == work.subject)
        & (table["grade"] == work.grade)
        & (table["school_year"] <= work.year)
        & table["value"].notna()
    ]


def _groups(inputs: Inputs, work: Work) -> pd.DataFrame:
    """Rows `group`, `label`, `category`, `value`, `n` of the year: comparators first, organisations by size."""
    table = _published(inputs, work)
    chosen = table[table["school_year"] == work.year]
    order = {**{level: place for place, level in enumerate(LEVELS)}, "organisation": len(LEVELS)}
    ranked = chosen.assign(rank=chosen["level"].map(order)).sort_values(
        ["rank", "n", "group"], ascending=[True, False, True], kind="stable"
    )
    return pd.DataFrame(
        {
            "group": ranked["group"].tolist(),
            "label": [_name(*pair, inputs) for pair in zip(ranked["group_label"], ranked["level"], strict=True)],
            "category": ranked["category"].tolist(),
            "value": ranked["value"].astype(float).tolist(),
            "n": ranked["n"].tolist(),
        }
    )


def _name(label: str, level: str, inputs: Inputs) -> str:
    """The name of a group as charts and their data files print it: «РФ» for the whole sample."""
    return inputs.profile.country.title if level == "country" else " ".join(label.split())


def _bars(inputs: Inputs, page: Sequence[Work]) -> pd.DataFrame:
    """Rows of the figure: `panel`, `bar`, `label`, `category`, `value`, `n`, `cut`; wider groups of the year, the
    municipality from the newest year back, organisations of the year where they are few."""
    return pd.concat([_bars_of(inputs, work) for work in page], ignore_index=True)


def _bars_of(inputs: Inputs, work: Work) -> pd.DataFrame:
    table = _published(inputs, work)
    shown = (*LEVELS, "organisation") if len(work.schools) <= FEW_SCHOOLS else LEVELS
    table = table[table["level"].isin(shown)]
    table = table[(table["level"] == "municipality") | (table["school_year"] == work.year)]
    place = table["level"].map({level: number for number, level in enumerate(shown)})
    ready = table.assign(place=place).sort_values(["place", "school_year"], ascending=[True, False], kind="stable")
    cuts = _cuts(work)
    titles = {"country": inputs.profile.country.title, "region": "регион"}
    years = [int(year) for year in ready["school_year"]]
    return pd.DataFrame(
        {
            "panel": ru.capitalised(_scope(inputs, work)),
            "bar": [f"{group} {year}" for group, year in zip(ready["group"], years, strict=True)],
            "label": [
                " ".join(name.split()) if level == "organisation" else f"{titles.get(level, '')} {year}".strip()
                for name, level, year in zip(ready["group_label"], ready["level"], years, strict=True)
            ],
            "category": ready["category"].tolist(),
            "value": ready["value"].astype(float).tolist(),
            "n": ready["n"].tolist(),
            "cut": [level == LEVELS[-1] and year in cuts for level, year in zip(ready["level"], years, strict=True)],
        }
    )


def _cuts(work: Work) -> set[int]:
    """Years whose series is another than that of the year drawn above them."""
    own = [row for row in work.every if row["level"] == "municipality" and row["value"] is not None]
    ordered = sorted(own, key=lambda row: -int(row["school_year"]))
    pairs = zip(ordered, ordered[1:], strict=False)
    return {int(older["school_year"]) for newer, older in pairs if newer["series"] != older["series"]}


def _scope(inputs: Inputs, work: Work) -> str:
    return scope_of(inputs, {"subject": work.subject, "grade": work.grade, "school_year": work.year})


def _figure(inputs: Inputs, page: Sequence[Work], number: int) -> FigureBlock:
    bars = _bars(inputs, page)
    years = ru.years([int(bar.split()[-1]) for bar in bars["bar"].unique()])
    own = [work.own for work in page if work.own]
    return FigureBlock(
        id=f"vpr-marks{_page(number).replace('_', '-')}",
        title=_title(inputs, page),
        subtitle=f"Распределение отметок ВПР в процентах, {years}; строка с годом — {inputs.profile.name.nominative}, "
        "справа число участников",
        alt=f"Доли отметок. {_in_words(bars)}.",
        svg=small_marks(bars.assign(label=[_in_room(label) for label in bars["label"]]), TITLES),
        source=parts.source_line([row for work in page for row in work.rows if row["level"] != "organisation"]),
        statement=(*_statement(inputs, page), *(text(f" {BREAK}") if bars["cut"].any() else ())),
        how=parts.how_counted([*own, *(row for work in page for row in _wider(work)), *_few_schools(page)]),
        data=f"data/{inputs.direction.number}_vpr_marks{_page(number)}.csv",
    )


def _few_schools(page: Sequence[Work]) -> list[Row]:
    """Organisations' rows where they are few; of many the tables of schools hold the values, each bound to its row."""
    rows = [row for work in page for row in work.schools]
    return rows if len(rows) <= FEW_LINES else []


def _in_room(label: str) -> str:
    """The name of an organisation without its legal form."""
    return schools.short(ru.organisation(label))


def _in_words(bars: pd.DataFrame) -> str:
    """«Математика, 4 класс, РФ 2026: «2» 4,6 %, …» for readers who do not see the chart; of the newest year only."""
    said: dict[tuple[str, str], list[str]] = {}
    newest = bars.groupby("panel")["bar"].transform(lambda names: names.str.split().str[-1].max())
    for row in claims.records(bars[bars["bar"].str.split().str[-1] == newest]):
        count = None if row["n"] is None else round(row["value"] * row["n"])
        words = f"{TITLES[row['category']]} {ru.share(row['value'], row['n'], count)}"
        said.setdefault((row["panel"], row["label"]), []).append(words)
    return "; ".join(f"{name}, {label}: {', '.join(words)}" for (name, label), words in said.items())


def _wider(work: Work) -> list[Row]:
    """Region and country, narrowest first."""
    return judgement.comparators(work.own, work.rows) if work.own else []


def verdict(inputs: Inputs, work: Work) -> Verdict:
    """The municipality against the widest comparator."""
    others = _wider(work)
    return judgement.against_wider(work.own, others[-1], inputs.compare_from) if work.own and others else "insufficient"


def _title(inputs: Inputs, page: Sequence[Work]) -> str:
    """A title that states the finding, no more than the intervals allow."""
    verdicts = [verdict(inputs, work) for work in page]
    where = next((within(inputs, others[-1]) for work in page if (others := _wider(work))), "")
    if len(page) == 1:
        words = {
            "higher": f"Доля «2» выше, чем {where}",
            "lower": f"Доля «2» ниже, чем {where}",
            "same": f"Доля «2» не отличается от доли {where}",
            "insufficient": "Отметки ВПР",
        }
        return f"{words[verdicts[0]]}: {_scope(inputs, page[0])}"
    compared = len(verdicts) - verdicts.count("insufficient")
    if not compared:
        return f"Отметки ВПР по работам, {classes(page)}"
    if verdicts.count("same") == compared:
        works_of = f"ни в одной из {ru.number(compared)} сравнимых работ"
        return f"Доля «2» не отличается от доли {where} {works_of}, {classes(page)}"
    words = {"higher": "выше", "lower": "ниже"}
    counted = [f"{said} в {ru.number(verdicts.count(one))}" for one, said in words.items() if one in verdicts]
    return (
        f"Доля «2» против доли {where}: {', '.join(counted)} из {ru.number(compared)} сравнимых работ, {classes(page)}"
    )


def _statement(inputs: Inputs, page: Sequence[Work]) -> Text:
    """One work in full; of several those that differ, with their numbers, and the names of the others."""
    if len(page) == 1:
        return statement(inputs, page[0])
    said: list[str | Run] = []
    alike = [_scope(inputs, work) for work in page if verdict(inputs, work) == "same"]
    for one in ("higher", "lower"):
        for work in page:
            if verdict(inputs, work) == one and work.own:
                said += [f"{ru.capitalised(_scope(inputs, work))}: отметку «2» получили ", claims.bound(work.own)]
                said += [*_beside(inputs, _wider(work)), f" — доля {claims.COMPARED[one]}. "]
    if alike:
        said.append(f"Не отличается: {'; '.join(alike)}.")
    return text(*said)


def statement(inputs: Inputs, work: Work) -> Text:
    """«Отметку «2» получили 13,6 % (12,4–14,8) из 3005 участников; в регионе 13,4 %; в РФ 5,1 %.»"""
    own = work.own
    if own is None:
        return ()
    said: list[str | Run] = ["Отметку «2» получили ", claims.bound(own)]
    of_whom = f" {ru.plural(int(own['n'] or 0), 'участника', 'участников', 'участников')}"
    said += [" участников"] if claims.few(own) else [" из ", claims.participants(own), of_whom]
    return text(*said, *_beside(inputs, _wider(work)), ".")


def _beside(inputs: Inputs, others: Sequence[Row]) -> list[str | Run]:
    """«; в регионе 13,4 %; в РФ 5,1 %»."""
    pairs = ((f"; {within(inputs, other)} ", claims.bound(other, interval=False)) for other in others)
    return [piece for pair in pairs for piece in pair]


def _findings(inputs: Inputs, work: Work) -> list[Finding]:
    own = work.own
    if own is None:
        return []
    others = _wider(work)
    found = verdict(inputs, work)
    said: list[str | Run] = [f"ВПР, {scope_of(inputs, own)}: отметку «2» получили ", claims.bound(own)]
    said += _beside(inputs, others)
    if found in ("higher", "lower"):
        said.append(f" — доля {claims.COMPARED[found]}, чем {within(inputs, others[-1])}")
    gap = weight.of_difference(own, others[-1]) if others else 0.0
    return [
        Finding(
            id=f"vpr_mark_2.{own['subject']}.{own['grade']}.{own['school_year']}",
            kind={"higher": "deficit", "lower": "strength"}.get(found, "sign"),
            statement=text(*said, *_since(inputs, own, work.every), "."),
            strength="интервал 95 %" if own["lower"] is not None else "без интервала",
            weight=gap if found in ("higher", "lower") else 0.0,
        )
    ]


def _since(inputs: Inputs, own: Row, rows: Sequence[Row]) -> list[str | Run]:
    """What may be said of the change since the year before, within one series."""
    before = judgement.previous(own, rows)
    if before is None or before["series"] != own["series"] or before["value"] is None:
        return []
    found = judgement.against_row(own, before, inputs.compare_from)
    year = ru.school_year(int(before["school_year"]))
    changed = f"С {year} учебного года показатель {claims.CHANGED[found]}"
    words = f"Сравнить с {year} учебным годом нельзя" if found == "insufficient" else changed
    return [f". {words} (было ", claims.bound(before, interval=False), ")"]


def wrapped(name: str) -> str:
    """A name in up to three lines that fit beside a chart; what is cut off leaves dots."""
    words, lines = ru.organisation(name).split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 28 and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines[:3]) + (" …" if len(lines) > 3 else "")


def shown_of(shown: int, total: int) -> str:
    """Says aloud that a chart holds only the largest organisations; nothing when it holds all."""
    if shown == total:
        return ""
    return f"; показаны самые большие: {ru.counted(shown, 'организация', 'организации', 'организаций')} из {total}"
