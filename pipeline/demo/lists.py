"""What comes besides reports and protocols: the register, the official list of marked schools, forms of schools."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipeline.demo.chance import stream
from pipeline.demo.pupils import Population
from pipeline.demo.territory import MUNICIPALITY, SCHOOLS, register_rows
from pipeline.demo.vpr_works import Work, points
from pipeline.ingest.layouts.collection_form import CollectionForm, FormRow
from pipeline.ingest.layouts.declared_register import HEADINGS
from pipeline.ingest.layouts.marked_schools import MarkedRow, MarkedSchools
from pipeline.ingest.layouts.participants import Task
from pipeline.ingest.layouts.writing import save_xlsx

MARKERS = ("4 РУ", "4 МА", "5 РУ", "5 МА")
# year → number of a school → its markers. One school stays on the list, the others are there by chance.
MARKED = {
    2022: {2: (1, 0, 0, 0)},
    2023: {13: (0, 0, 1, 0)},
    2024: {6: (1, 1, 0, 1)},
    2025: {6: (0, 1, 0, 1), 9: (1, 0, 0, 0)},
    2026: {6: (1, 1, 0, 1)},
}
ENGLISH = Work(
    "Английский язык",
    8,
    dt.date(2026, 5, 12),
    tuple(Task(code, most, "basic") for code, most in zip(("1", "2", "3"), (5, 5, 5), strict=True))
    + tuple(Task(f"4К{part}", most, "advanced") for part, most in enumerate((3, 2, 3, 2), start=1)),
    (9, 15, 21),
    (8.0, 35.0, 40.0, 17.0),
    (8.9, 36.1, 39.0, 16.0),
    0.9,
)
DREW_ENGLISH = (3, 14)


def write_register(folder: Path) -> Path:
    """The register, with the column of the municipality that the department keeps too, and a line left empty."""
    path = folder / "Реестр организаций.xlsx"
    rows = [[getattr(row, field) or None for field in HEADINGS] + [MUNICIPALITY] for row in register_rows()]
    save_xlsx(
        path, [("Реестр", [[*HEADINGS.values(), "Муниципалитет"], *rows[: len(SCHOOLS)], [], *rows[len(SCHOOLS) :]])]
    )
    return path


def write_marked(folder: Path, year: int) -> Path:
    """The extract about this municipality from the official list of a year."""
    by_number = {school.number: school for school in SCHOOLS}
    rows = [
        MarkedRow(year, by_number[number].login, MUNICIPALITY, by_number[number].name, markers)
        for number, markers in MARKED[year].items()
    ]
    path = folder / f"Список ОО с признаками {year}.xlsx"
    MarkedSchools().write(path, MARKERS, rows)
    return path


def write_school_forms(folder: Path, population: Population) -> list[Path]:
    """Forms of two schools that drew English: their export had not come when the year was closed."""
    written = []
    for school in (school for school in SCHOOLS if school.number in DREW_ENGLISH):
        luck = stream(population.seed, "english", school.number)
        rows = []
        for order in range(population.pupils(school, 2026, 8)):
            scores = points(ENGLISH, school.level, luck)
            away = luck.random() < 0.05
            variant, blank = ("отсутствовал", (None,) * len(scores)) if away else (1 + order % 2, scores)
            rows.append(FormRow(80001 + order, (variant,), blank, 1 + order % 3, luck.choice((3, 4, 4, 5))))
        path = folder / f"{school.login} Английский язык 8 класс ВПР 2026.xlsx"
        CollectionForm().write(path, [ENGLISH.tasks], rows)
        written.append(path)
    return written
