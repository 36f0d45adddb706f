"""All results by subject, year and school: who differs from the rest of the municipality, and since when.

Each organisation is compared with all the others together, many comparisons at once (judgement.OF_MANY); nobody is
ranked. ОГЭ and ЕГЭ also give two groups side by side: organisations whose results are lower and higher than elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.directions import judgement, schools
from pipeline.directions.chapter import Inputs
from pipeline.directions.panels.level_tables import natural
from pipeline.directions.panels.panel import Panel
from pipeline.presentation import claims
from pipeline.presentation import text as ru
from pipeline.presentation.blocks import MARKS, Cell, FigureBlock, Head, TableBlock, text
from pipeline.presentation.verdict_grid import BETTER, FEW, SAME, WORSE, verdict_grid
from pipeline.statistics.comparison import Verdict

Row = Mapping[str, Any]
SHARES = ("vpr_mark_2", "oge_below_minimum", "ege_below_minimum")  # of which more is worse
COLUMNS_AT_MOST = 14
LONG = 3  # years in a row that are told in words
NAMES = {WORSE: "доля выше, чем у остальных", BETTER: "доля ниже", SAME: "не отличается", FEW: "участников мало"}
SIGNS = {"worse": "хуже: доля выше, чем у остальных вместе", "better": "лучше: доля ниже, чем у остальных вместе"}


@dataclass(frozen=True, eq=False)
class Work:
    """One column: a procedure, subject and grade with the rows of its share in all years."""

    procedure: str
    subject: str
    grade: int
    rows: tuple[Row, ...]

    def of(self, level: str, year: int) -> list[Row]:
        return [
            row
            for row in self.rows
            if row["level"] == level and row["school_year"] == year and row["value"] is not None
        ]


def panel(inputs: Inputs) -> Panel:
    """The grid over the years, the table of the report year, the two groups of ГИА; nothing of one organisation."""
    works = _works(inputs)
    verdicts = _verdicts(inputs, works)
    groups = {group for (_, group, _) in verdicts}
    if len(groups) < 2:
        return Panel()
    blocks = [*_grids(inputs, works, verdicts), *_tables(inputs, works, verdicts)]
    return Panel(monitoring=tuple(blocks), frames={"school_results": _frame(inputs, works, verdicts)})


Verdicts = dict[tuple[Work, str, int], tuple[Row, Verdict]]


def _works(inputs: Inputs) -> list[Work]:
    """Columns of the procedures in order, then by grade and subject."""
    found = []
    for indicator in SHARES:
        cells: dict[tuple[str, int, str], list[Row]] = {}
        for row in inputs.rows(indicator=indicator, level=("municipality", "organisation")):
            cells.setdefault((str(row["procedure"]), int(row["grade"]), str(row["subject"])), []).append(row)
        found += [Work(p, subject, grade, tuple(rows)) for (p, grade, subject), rows in sorted(cells.items())]
    return found


def _verdicts(inputs: Inputs, works: Sequence[Work]) -> Verdicts:
    """Each organisation of each work and year against the rest of the municipality."""
    found: Verdicts = {}
    for work in works:
        for year in sorted({int(row["school_year"]) for row in work.rows}):
            own = next(iter(work.of("municipality", year)), None)
            for row in work.of("organisation", year):
                said: Verdict = "insufficient"
                if own is not None:
                    said = judgement.against_wider(row, own, inputs.compare_from, judgement.OF_MANY)
                found[work, str(row["group"]), year] = (row, said)
    return found


def _head(inputs: Inputs, work: Work) -> str:
    subject = inputs.subjects.subjects.get(work.subject)
    short = ru.capitalised(subject.short if subject else work.subject)
    if work.procedure == "vpr":
        return f"{short}, {work.grade}"
    return f"{ru.procedure(work.procedure)}: {short.lower()}"


def _labels(verdicts: Verdicts, groups: Iterable[str]) -> dict[str, str]:
    """Organisation → its newest short name, in the order «№ 5» before «№ 12»."""
    newest: dict[str, Row] = {}
    for (_, group, year), (row, _) in verdicts.items():
        if group in groups and (group not in newest or year >= newest[group]["school_year"]):
            newest[group] = row
    names = {group: schools.short(schools.label(row)) for group, row in newest.items()}
    if len(set(names.values())) < len(names):
        names = {group: schools.label(row) for group, row in newest.items()}
    return dict(sorted(names.items(), key=lambda item: natural(item[1])))


def _state(verdict: Verdict | None) -> str:
    return {"higher": WORSE, "lower": BETTER, "same": SAME, "insufficient": FEW}.get(verdict or "", "")


def _grids(inputs: Inputs, works: Sequence[Work], verdicts: Verdicts) -> list[FigureBlock]:
    """Figures of at most fourteen columns each; none of a single year."""
    years = sorted({year for _, _, year in verdicts})
    if len(years) < 2:
        return []
    pages = [works[start : start + COLUMNS_AT_MOST] for start in range(0, len(works), COLUMNS_AT_MOST)]
    return [_grid(inputs, page, verdicts, years, number) for number, page in enumerate(pages)]


def _grid(inputs: Inputs, works: Sequence[Work], verdicts: Verdicts, years: Sequence[int], number: int) -> FigureBlock:
    labels = _labels(verdicts, {group for work, group, _ in verdicts if work in works})
    states = [
        [
            [_state(verdicts[key][1]) if (key := (work, group, year)) in verdicts else "" for year in years]
            for work in works
        ]
        for group in labels
    ]
    cells = [(work, group, year) for work, group, year in verdicts if work in works]
    compared = [key for key in cells if verdicts[key][1] != "insufficient"]
    apart = [key for key in compared if verdicts[key][1] != "same"]
    shown = {state: said for state, said in NAMES.items() if any(state in cell for row in states for cell in row)}
    listed = ", ".join(str(year) for year in years)
    return FigureBlock(
        id=f"school-results-years{f'-{number + 1}' if number else ''}",
        title=_title(len(apart), len(compared)),
        subtitle="Доля «2» в ВПР (предмет, класс) и доля не набравших минимум ОГЭ и ЕГЭ; в клетке слева направо годы "
        f"{listed}, пусто — результата нет",
        alt=_alt(labels, works, verdicts, inputs),
        svg=verdict_grid(list(labels.values()), [_head(inputs, work) for work in works], len(years), states, shown),
        source=text("Источник: те же файлы, что у рисунков ВПР, ОГЭ и ЕГЭ этой главы."),
        statement=text(_statement(inputs, labels, works, verdicts, years)),
        data=f"data/{inputs.direction.number}_school_results.csv",
    )


def _title(apart: int, compared: int) -> str:
    if not compared:
        return "Результаты школ по работам и годам"
    if not apart:
        return f"Ни один из {ru.number(compared)} результатов школ не отличается от остальных с учётом погрешности"
    verb = ru.plural(apart, "отличается", "отличаются", "отличаются")
    results = ru.counted(apart, "результат", "результата", "результатов")
    return f"От остальных школ {verb} {results} из {ru.number(compared)}"


def _apart(works: Sequence[Work], verdicts: Verdicts, group: str, verdict: Verdict) -> dict[Work, list[int]]:
    """Work → years in which the organisation has this verdict."""
    found: dict[Work, list[int]] = {}
    for (work, one, year), (_, said) in verdicts.items():
        if one == group and said == verdict and work in works:
            found.setdefault(work, []).append(year)
    return found


def _statement(
    inputs: Inputs, labels: Mapping[str, str], works: Sequence[Work], verdicts: Verdicts, years: Sequence[int]
) -> str:
    """Organisations that stand apart in a work for three years in a row and more, the last among them."""
    judged = sum(said != "insufficient" for (work, _, _), (_, said) in verdicts.items() if work in works)
    chance = round(judged * (1 - judgement.OF_MANY))
    rule = (
        "Каждая школа сравнивается со всеми остальными школами муниципалитета вместе; сравнений много, поэтому берётся "
        f"интервал разности 99,8 % (где участников меньше {inputs.compare_from}, не сравнивается). "
        f"Случайно так отличалось бы {f'около {ru.number(chance)}' if chance else 'меньше 1'} из {ru.number(judged)}."
    )
    told: list[str] = []
    for verdict, words in (("higher", "доля выше"), ("lower", "доля ниже")):
        for group, label in labels.items():
            found = _apart(works, verdicts, group, verdict)  # type: ignore[arg-type]
            lasting = [
                f"{_head(inputs, work)} ({ru.years(run)})"
                for work, own in found.items()
                if len(run := _last_run(own, years)) >= LONG
            ]
            if lasting and inputs.settings.edition == "internal":
                told.append(f"{label} — {words}: {'; '.join(lasting)}")
    if not told:
        return rule
    return f"{rule} Три последних года подряд и дольше: {'. '.join(told)}."


def _last_run(own: Sequence[int], years: Sequence[int]) -> list[int]:
    """The years up to the last one without a gap."""
    run = []
    for year in reversed(years):
        if year not in own:
            break
        run.append(year)
    return run[::-1]


def _alt(labels: Mapping[str, str], works: Sequence[Work], verdicts: Verdicts, inputs: Inputs) -> str:
    """Every result that differs, school by school."""
    said = []
    for group, label in labels.items():
        pieces = [
            f"{words} — " + "; ".join(f"{_head(inputs, work)} ({ru.years(years)})" for work, years in found.items())
            for verdict, words in (("higher", "доля выше"), ("lower", "доля ниже"))
            if (found := _apart(works, verdicts, group, verdict))  # type: ignore[arg-type]
        ]
        if pieces:
            said.append(f"{label}: {'; '.join(pieces)}")
    return f"{'. '.join(said)}. Остальные результаты не отличаются." if said else "Ни один результат не отличается."


def _tables(inputs: Inputs, works: Sequence[Work], verdicts: Verdicts) -> list[TableBlock]:
    """The report year in numbers: ВПР, then ОГЭ and ЕГЭ."""
    year = inputs.settings.school_year
    found = []
    for code, title, procedures in (
        ("vpr", "доля «2» в ВПР (предмет, класс)", ("vpr",)),
        ("gia", "доля не набравших минимум ОГЭ и ЕГЭ", ("oge", "ege")),
    ):
        chosen = [work for work in works if work.procedure in procedures and work.of("organisation", year)]
        for start in range(0, len(chosen), COLUMNS_AT_MOST):
            page = chosen[start : start + COLUMNS_AT_MOST]
            found.append(_table(inputs, page, verdicts, f"{code}{start // COLUMNS_AT_MOST or ''}", title))
    return [table for table in found if len(table.rows) > 2]  # one organisation has nobody beside it


def _table(inputs: Inputs, works: Sequence[Work], verdicts: Verdicts, code: str, title: str) -> TableBlock:
    year = inputs.settings.school_year
    labels = _labels(verdicts, {group for work, group, when in verdicts if work in works and when == year})
    totals = [next(iter(work.of("municipality", year)), None) for work in works]
    rows = [
        (Cell(label), *(_cell(verdicts.get((work, group, year))) for work in works)) for group, label in labels.items()
    ]
    missing = any(cell.text == MARKS["no_data"] for row in rows for cell in row)
    toned = {cell.tone for row in rows for cell in row}
    return TableBlock(
        id=f"school-results-{code}",
        caption=f"Школы: {title}, {ru.school_year(year)} учебный год",
        heads=(Head("Организация", width=2.4), *(Head(_head(inputs, work), "right", 1.1) for work in works)),
        rows=(*rows, (Cell("Муниципалитет"), *(claims.value_cell(row, interval=False) for row in totals))),
        source=text("Интервалы, числа участников и прежние годы — в файле данных; сравнение — с интервалом 99,8 %."),
        legend=(
            *(f"{claims.SYMBOLS[tone]} — {said}" for tone, said in SIGNS.items() if tone in toned),
            *([f"{MARKS['no_data']} — работу не писали или данных нет"] if missing else []),
        ),
        data=f"data/{inputs.direction.number}_school_results.csv",
        wide=len(works) > 8,
    )


def _cell(found: tuple[Row, Verdict] | None) -> Cell:
    """The value, with a sign before it where it differs."""
    if found is None:
        return claims.value_cell(None)
    row, verdict = found
    tone = claims.tone(verdict, "lower") if verdict in ("higher", "lower") else ""
    words = f"{claims.SYMBOLS[tone]}{ru.NBSP}{claims.value_text(row)}" if tone else claims.value_text(row)
    return Cell(words, key=claims.key_of(row), sort=float(row["value"]), tone=tone)


def _frame(inputs: Inputs, works: Sequence[Work], verdicts: Verdicts) -> pd.DataFrame:
    """All compared results: one row an organisation, work and year."""
    labels = _labels(verdicts, {group for _, group, _ in verdicts})
    return pd.DataFrame(
        [
            {
                "label": labels[group],
                "procedure": work.procedure,
                "subject": work.subject,
                "grade": work.grade,
                "year": year,
                **{name: row[name] for name in ("value", "lower", "upper", "numerator", "n", "series")},
                "verdict": verdict,
            }
            for (work, group, year), (row, verdict) in verdicts.items()
        ]
    ).astype({"lower": "float64", "upper": "float64", "numerator": "float64"})
