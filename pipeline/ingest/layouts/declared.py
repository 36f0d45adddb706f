"""The reader of declared layouts: any table-like file that a YAML file in config/layouts describes, without code.

One object stands for all declarations, because two years may share a heading and differ in meaning: the heading finds
the candidates, the school year picks one of them. A year comes from the content, the folder or the file name, in the
order that the declaration states; a year that no declaration names is an error, not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.errors import InputError, Place
from pipeline.ingest.layouts.declared_match import Match, find
from pipeline.ingest.layouts.declared_model import Declaration, load_declarations
from pipeline.ingest.layouts.declared_register import read_register
from pipeline.ingest.layouts.declared_results import read_results
from pipeline.ingest.layouts.sheets import Part, assemble
from pipeline.ingest.layouts.values import text
from pipeline.ingest.reading import Door, Reading, Remark
from pipeline.ingest.workbook import Workbook
from pipeline.paths import Paths

_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
NO_YEAR = "положите файл в папку года (2023 значит 2022/23 учебный год)"
NO_YEAR_NAME = " или, если он лежит в «multi», назовите год в имени файла, например «итоги-2023.csv»"


@dataclass(frozen=True)
class Year:
    """A school year and where it was found: content, folder, name or layout."""

    value: int
    found_in: str


@dataclass(frozen=True)
class DeclaredLayout:
    """All declared layouts as one reader."""

    declarations: tuple[Declaration, ...]
    id: str = "declared"
    title: str = "Таблица объявленной раскладки"

    def recognises(self, book: Workbook) -> bool:
        """True when some sheet has a declared heading, whatever the year."""
        return any(find(declaration, sheet) for sheet in book.sheets for declaration in self.declarations)

    def read(self, book: Workbook, door: Door) -> Reading:
        """Every sheet with a declared heading. `layout` and `title` of the reading name the declaration."""
        chosen = [self._choose(book, index, door) for index in range(len(book.sheets))]
        matches = [pair for pair in chosen if pair is not None]
        if not matches:
            raise InputError(
                "Шапка таблицы не найдена ни в одной объявленной раскладке.",
                place=Place(book.name),
                advice="опишите раскладку в config/layouts, как сказано в docs/layouts.md.",
            )
        parts = [_part(match, year, book.name, door) for match, year in matches]
        used = list(dict.fromkeys(match.declaration.id for match, _ in matches))
        return assemble("+".join(used), matches[0][0].declaration.title, book, parts)

    def _choose(self, book: Workbook, index: int, door: Door) -> tuple[Match, Year | None] | None:
        """The one declaration that fits the heading and the year of a sheet; None when no heading fits."""
        sheet = book.sheets[index]
        found = [match for declaration in self.declarations if (match := find(declaration, sheet))]
        if not found:
            return None
        dated = [(match, school_year(match, book.name, door.folder_year)) for match in found]
        fitting = [(match, year) for match, year in dated if _covers(match.declaration, year)]
        if len(fitting) != 1:
            raise _not_one(book.name, sheet.name, dated, fitting)
        return fitting[0]


def declared_layouts(paths: Paths) -> DeclaredLayout:
    """The reader of everything declared in config/layouts (the workspace's own files overlay the shipped ones)."""
    return DeclaredLayout(load_declarations(paths))


def school_year(match: Match, file: str, folder: int | None) -> Year | None:
    """The school year in the declared order of sources; None when a declaration needs none or nothing names it."""
    rule = match.declaration.school_year
    if isinstance(rule, int):
        return Year(rule, "layout")
    for source in rule:
        value = {"content": _in_content(match), "folder": folder, "name": year_in_name(file)}[source]
        if value is not None:
            return Year(value, source)
    return None


def year_in_name(file: str) -> int | None:
    """The year a file name states: «nvo-7-2019.csv» → 2019, «2018-2019.csv» → 2019; None when unclear."""
    years = [int(year) for year in _YEAR_IN_NAME.findall(PurePosixPath(file).name)]
    if len(years) == 2 and years[1] == years[0] + 1:
        return years[1]
    return years[0] if len(set(years)) == 1 else None


def _in_content(match: Match) -> int | None:
    pattern = match.declaration.year_pattern
    if pattern is None:
        return None
    for row in match.above:
        for cell in row:
            said = re.search(pattern, text(cell))
            if said:
                return int(said["year"])
    return None


def _covers(declaration: Declaration, year: Year | None) -> bool:
    return not declaration.years or (year is not None and year.value in declaration.years)


def _part(match: Match, year: Year | None, file: str, door: Door) -> Part:
    measures = match.declaration.measures
    if measures is None or year is None:
        return read_register(match, file)
    part = read_results(match, measures, year.value, file)
    stated = (year.value,) if year.found_in in ("content", "layout") else ()
    return Part(part.sheet, part.tables, stated, part.rows, (*part.remarks, *_doubts(year, file, door)))


def _doubts(year: Year, file: str, door: Door) -> list[Remark]:
    """A file name that speaks of another year than the one taken."""
    named = year_in_name(file)
    if named is None or named == year.value:
        return []
    where = {"content": "из содержания файла", "folder": "по папке", "layout": "из раскладки"}[year.found_in]
    message = f"В имени файла назван {named} год, а взят {year.value} — {where}."
    return [Remark("name_says_another_year", "warning", message, Place(file), "проверьте, за какой год этот файл.")]


def _not_one(
    file: str, sheet: str, dated: Sequence[tuple[Match, Year | None]], fitting: Sequence[tuple[Match, Year | None]]
) -> InputError:
    place = Place(file, sheet or None)
    if fitting:
        ids = ", ".join(match.declaration.id for match, _ in fitting)
        return InputError(
            f"К таблице подходят несколько раскладок: {ids}.",
            place=place,
            advice="уточните их шапки или годы в config/layouts.",
        )
    years = {year.value for _, year in dated if year is not None}
    if not years:
        by_name = any(
            not isinstance(rule := match.declaration.school_year, int) and "name" in rule for match, _ in dated
        )
        return InputError(
            "В файле не назван учебный год.", place=place, advice=NO_YEAR + (NO_YEAR_NAME if by_name else "") + "."
        )
    ids = ", ".join(match.declaration.id for match, _ in dated)
    stated = ", ".join(str(year) for year in sorted(years))
    return InputError(
        f"Шапка знакома (раскладка {ids}), но для {stated} года раскладка не объявлена.",
        place=place,
        advice="сверьте смысл столбцов и шкалу и объявите этот год в config/layouts, как сказано в docs/layouts.md.",
    )
