"""Reports from files of ФИС ОКО and РЦОИ against the files themselves, read by openpyxl and calamine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from python_calamine import CalamineWorkbook

from tests.real import workspace
from tests.real.evidence import Report, holding, number, outputs
from tests.real.running import Made, Tally

GROUPS = {
    "Вся выборка": "РФ",
    "Чеченская Республика": "Чеченская Республика",
    "Урус-Мартановский муниципальный район(reg20_m012)": "Урус-Мартановский муниципальный район",
    "МБОУ «СОШ №1 г.Урус-Мартан»(edu203389)": "МБОУ «СОШ №1 г.Урус-Мартан»",
}
DISTRICT = "Урус-Мартановский муниципальный район"
# What issue 2 names: share of «2» by group; parts of the journal comparison in the municipality.
STATED_TWOS = {"РФ": 5.06, DISTRICT: 13.57, "МБОУ «СОШ №1 г.Урус-Мартан»": 12.36}
STATED_JOURNAL = {"lowered": 40.86, "confirmed": 56.66, "raised": 2.48}
JOURNAL_COLUMNS = {"lowered": 2, "confirmed": 4, "raised": 6}
QUALITY = "Качество исходных данных"
MUNICIPALITY, MARK, JOURNAL = 1, 22, 23  # columns of the individual results
NAME_HEADS = ("Фамилия", "Имя", "Отчество")


def cells(file: Path) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))


def by_group(file: Path) -> dict[str, tuple[Any, ...]]:
    """Rows of an aggregate by the group's name as the report prints it."""
    return {GROUPS[row[0]]: row for row in cells(file) if row[0] in GROUPS}


def comma(percent: float) -> str:
    return f"{percent:.2f}".replace(".", ",")


def check_urus_martan(made: Made, real: Path, tally: Tally) -> None:
    report, folder = made.report, real / workspace.LAYOUTS
    marks = by_group(folder / "F3_mark_statistics_RU4_2026.xlsx")
    journal = by_group(folder / "mark_vs_journal_MA4_2024.xlsx")
    for group, value in STATED_TWOS.items():
        tally.same(f"the file states {value} of «2» for {group}", marks[group][3], value)
    for part, value in STATED_JOURNAL.items():
        tally.same(f"the file states {value} {part}", journal[DISTRICT][JOURNAL_COLUMNS[part]], value)
    _data_files(report, marks, journal, tally)
    for group, value in STATED_TWOS.items():
        tally.check(f"«как посчитано» holds {comma(value)} % of {group}", _states(report.how, group, value), report.how)
    for value in STATED_JOURNAL.values():
        tally.check(f"«как посчитано» holds {comma(value)} %", _states(report.how, DISTRICT, value), report.how)
    _rounded(report, tally)


def _states(how: str, group: str, percent: float) -> bool:
    return f"{group}; в источнике {comma(percent)} %" in how


def _data_files(report: Report, marks: dict[str, Any], journal: dict[str, Any], tally: Tally) -> None:
    """Every value of both files stands in the data behind the charts, exactly."""
    shown = {(row["label"], row["category"]): row for row in report.rows("01_vpr_russian_4_marks.csv")}
    wanted = {(group, str(mark)): row[mark + 1] for group, row in marks.items() for mark in (2, 3, 4, 5)}
    _exactly("data/01_vpr_russian_4_marks.csv holds the file's percents", shown, wanted, tally)
    people = {group: row[2] for group, row in marks.items()}
    tally.same("… and its numbers of participants", {key[0]: int(row["n"]) for key, row in shown.items()}, people)
    compared = [row for row in report.rows("02_journal.csv") if (row["subject"], row["grade"]) == ("mathematics", "4")]
    shown = {(row["label"], row["category"]): row for row in compared}
    wanted = {(group, part): row[place] for group, row in journal.items() for part, place in JOURNAL_COLUMNS.items()}
    _exactly("data/02_journal.csv holds the file's percents", shown, wanted, tally)
    own = {
        (row["indicator"], row["school_year"]): row
        for name in ("01_indicators.csv", "02_indicators.csv")
        for row in report.rows(name)
        if row["level"] == "municipality"
    }
    stated = {("vpr_mark_2", "2026"): STATED_TWOS[DISTRICT]}
    stated |= {(f"journal_{part}", "2024"): value for part, value in STATED_JOURNAL.items()}
    for key, value in stated.items():
        row = own[key]
        close = abs(number(row["value"]) - value / 100) < 1e-9
        tally.check(f"indicators: {key[0]} {key[1]} is {value}", close and comma(value) in row["published"], row)


def _exactly(what: str, shown: dict[Any, dict[str, str]], wanted: dict[Any, float], tally: Tally) -> None:
    off = {
        key: value
        for key, value in wanted.items()
        if key not in shown or abs(number(shown[key]["value"]) - value / 100) > 1e-9
    }
    tally.check(f"{what} ({len(wanted)})", set(shown) == set(wanted) and not off, (off, set(shown) ^ set(wanted)))


def _rounded(report: Report, tally: Tally) -> None:
    """The page rounds: one decimal from 100 participants, whole percent below."""
    labels = " ".join(str(tag.get("aria-label")) for tag in report.soup.find_all("svg"))
    for text in ("13,6 %", "5,1 %", "40,9 %", "56,7 %", "2,5 %"):
        tally.check(f"the page shows {text}", text in report.page)
        tally.check(f"the PDF shows {text}", text in report.pdf)
    for text in ("13,57", "40,86", "56,66", "12,36"):
        tally.check(f"the page does not show {text} unfolded", text not in report.page)
    school = "МБОУ «СОШ №1 г.Урус-Мартан»: «2» 12 %"
    tally.check("the school's «2» is 12 %, whole, for its 89 pupils", school in labels.replace("\u202f", " "), labels)
    charted = [tag for tag in report.soup.select("svg text") if tag.get_text().strip() == "12"]
    tally.check("the chart writes 12 into the school's bar", bool(charted))


def check_ensk(made: Made, real: Path, tally: Tally) -> None:
    report, folder = made.report, real / workspace.LAYOUTS
    rows = cells(folder / "F1_individual_RU4_2026.xlsx")
    pupils = [row for row in rows if row[MUNICIPALITY] == "Энский муниципальный район"]
    stated = [row[0] for row in rows if "Кол-во участников: 89" in str(row[0])]
    tally.check("a title row of the file says 89, pupils stand in 50 rows", len(stated) == 1 and len(pupils) == 50)
    warning = "Число участников расходится: в файле указано 89, строк 50"
    tally.check("the run printed the warning", warning in made.said, made.said)
    tally.check("chapter 00 of the HTML warns", warning in report.chapter(QUALITY), report.chapter(QUALITY))
    tally.check("chapter 00 of the PDF warns", warning in report.pdf_chapter(QUALITY), report.pdf_chapter(QUALITY))
    severity = {(row["id"], row["severity"]) for row in report.rows("00_checks.csv") if warning in row["message"]}
    tally.same("it is a warning in data/00_checks.csv", severity, {("declared_count_differs", "warning")})
    _counted(report, rows, pupils, tally)
    _no_names(made, folder / "oge_protocol_multi_block_anonymised.xls", tally)


def _counted(report: Report, rows: list[tuple[Any, ...]], pupils: list[tuple[Any, ...]], tally: Tally) -> None:
    """Shares of marks, agreement with the journal and shares of points counted cell by cell."""
    both = [(int(row[MARK]), int(row[JOURNAL])) for row in pupils]
    wanted = {
        "vpr_mark_2": sum(mark == 2 for mark, _ in both),
        "vpr_quality": sum(mark >= 4 for mark, _ in both),
        "journal_lowered": sum(mark < journal for mark, journal in both),
        "journal_confirmed": sum(mark == journal for mark, journal in both),
        "journal_raised": sum(mark > journal for mark, journal in both),
    }
    own = [row for name in ("01_indicators.csv", "02_indicators.csv") for row in report.rows(name)]
    seen = {row["indicator"]: int(number(row["numerator"])) for row in own if row["indicator"] in wanted}
    tally.same("marks and journal of 50 pupils are counted as by hand", seen, wanted)
    percent = f"{wanted['vpr_mark_2'] * 2} %"
    tally.check(f"the page shows {percent}, whole, of 50 pupils", percent in report.page)
    heads = next(row for row in rows if row[0] == "ОО")
    tasks = {
        head.partition(" ")[0]: sum(int(row[place]) for row in pupils) / (len(pupils) * int(head[-3]))
        for place, head in enumerate(heads)
        if str(head).endswith("б)")
    }
    shown = {row["label"]: number(row["value"]) for row in report.rows("01_vpr_russian_4_tasks.csv")}
    close = set(shown) == set(tasks) and all(abs(shown[task] - value) < 1e-9 for task, value in tasks.items())
    tally.check(f"shares of points of {len(tasks)} tasks agree with the cells", close, (shown, tasks))


def names_of(protocol: Path) -> set[str]:
    """Surnames, names and patronymics: whatever stands under those heads of a subject block."""
    found: set[str] = set()
    for sheet in CalamineWorkbook.from_path(str(protocol)).sheet_names:
        columns: list[int] = []
        for row in CalamineWorkbook.from_path(str(protocol)).get_sheet_by_name(sheet).to_python():
            if set(NAME_HEADS) <= set(row):
                columns = [row.index(head) for head in NAME_HEADS]
            elif columns and len(row) > max(columns):
                found |= {str(row[column]).strip() for column in columns if str(row[column]).strip()}
    return found


def _no_names(made: Made, protocol: Path, tally: Tally) -> None:
    names = names_of(protocol)
    files = list(outputs(made.workspace))
    seen = holding([protocol], names)
    tally.same(f"the search finds all {len(names)} names in the protocol itself", seen, {protocol.name: names})
    title = holding(files, {"Энск"})
    kinds = {Path(name).suffix for name in title}
    tally.check(
        "the search sees into every kind of output", kinds >= {".html", ".pdf", ".ipynb", ".csv", ".parquet"}, kinds
    )
    tally.same(f"no name of the protocol in any of {len(files)} files of the workspace", holding(files, names), {})
