"""Finding a declared heading in a sheet: which column is which. Nothing is read here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.ingest.layouts.declared_model import Declaration
from pipeline.ingest.layouts.sheets import is_blank
from pipeline.ingest.layouts.values import text
from pipeline.ingest.workbook import Cell, Sheet

LOOK_AT_ROWS = 15
PATH = " / "
# Latin letters that look like Cyrillic ones: MAT and МАТ are the same subject.
LOOK_ALIKES = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")


@dataclass(frozen=True)
class Pair:
    """Columns of one subject: how many sat and the mean; the maximum when the heading states it."""

    subject: str
    n: int
    mean: int
    max_score: float | None = None


@dataclass(frozen=True)
class Match:
    """A heading found: its first row, the first row of data, the columns by what they hold (all from 0)."""

    declaration: Declaration
    sheet: Sheet
    top: int
    data: int
    width: int
    fields: Mapping[str, int]
    aliases: Mapping[str, int] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    unknown: Mapping[int, str] = field(default_factory=dict)

    @property
    def above(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows above the heading."""
        return self.sheet.rows[: self.top]


def find(declaration: Declaration, sheet: Sheet) -> Match | None:
    """The declared heading in the first rows of a sheet, or None."""
    rows = declaration.header.rows
    for top in range(min(LOOK_AT_ROWS, len(sheet.rows) - rows + 1)):
        paths = heading(sheet.rows[top : top + rows])
        found = _columns(declaration, paths) if _may_be(declaration, paths) else None
        if found is not None and _fits_above(declaration, sheet, top):
            fields, aliases, pairs, unknown = found
            return Match(declaration, sheet, top, top + rows, len(paths), fields, aliases, pairs, unknown)
    return None


@lru_cache(maxsize=256)
def heading(rows: tuple[tuple[Cell, ...], ...]) -> tuple[str, ...]:
    """Joined path of each column: «АЕ(ПП) / B1-З / Бр.». Blank cells of upper rows repeat their left neighbour."""
    width = max(len(row) for row in rows)
    padded = [[bare(cell) for cell in (*row, *[None] * (width - len(row)))] for row in rows]
    levels = [*(_filled(cells) for cells in padded[:-1]), padded[-1]]
    return tuple(PATH.join(part for part in parts if part) for parts in zip(*levels, strict=True))


def bare(cell: Cell) -> str:
    """A heading without stray byte order marks, outer quotes and repeated spaces."""
    return text(text(cell).replace("\ufeff", "").strip('"'))


def token(name: str) -> str:
    """A subject as written in a heading, without spaces and look-alike letters."""
    return "".join(name.split()).translate(LOOK_ALIKES)


def _filled(cells: list[str]) -> list[str]:
    last = ""
    filled = []
    for cell in cells:
        last = cell or last
        filled.append(last)
    return filled


def _may_be(declaration: Declaration, paths: tuple[str, ...]) -> bool:
    """A quick look: the column of names is there."""
    name = declaration.columns["name"]
    return any(re.fullmatch(name, path) for path in paths)


def _fits_above(declaration: Declaration, sheet: Sheet, top: int) -> bool:
    above = [row for row in sheet.rows[:top] if not is_blank(row)]
    if len(above) > declaration.header.title_rows:
        return False
    cells = [text(cell) for row in above for cell in row]
    return all(any(re.search(pattern, cell) for cell in cells) for pattern in declaration.header.title)


Found = tuple[dict[str, int], dict[str, int], tuple[Pair, ...], dict[int, str]]


def _columns(declaration: Declaration, paths: tuple[str, ...]) -> Found | None:
    fields = _single(declaration.columns, paths)
    aliases = _single(declaration.aliases, paths)
    if fields is None or aliases is None:
        return None
    required = (set(declaration.columns) | set(declaration.aliases)) - set(declaration.optional)
    if not required <= set(fields) | set(aliases) or not _in_order(declaration, fields):
        return None
    taken = set(fields.values()) | set(aliases.values())
    rest = {column: path for column, path in enumerate(paths) if column not in taken and path}
    rest = {column: path for column, path in rest.items() if not _ignored(declaration, path)}
    pairs, known = _pairs(declaration, rest)
    if pairs is None:
        return None
    unknown = {column: path for column, path in rest.items() if column not in known}
    return fields, aliases, pairs, unknown


def _single(patterns: Mapping[str, str], paths: tuple[str, ...]) -> dict[str, int] | None:
    """The column of each pattern; None when one pattern fits two columns."""
    found: dict[str, int] = {}
    for name, pattern in patterns.items():
        columns = [column for column, path in enumerate(paths) if re.fullmatch(pattern, path)]
        if len(columns) > 1:
            return None
        if columns:
            found[name] = columns[0]
    return found


def _in_order(declaration: Declaration, fields: Mapping[str, int]) -> bool:
    columns = [fields[name] for name in declaration.columns if name in fields]
    return not declaration.header.ordered or columns == sorted(columns)


def _ignored(declaration: Declaration, path: str) -> bool:
    return any(re.fullmatch(item.pattern, path) for item in declaration.ignore)


def _pairs(declaration: Declaration, rest: Mapping[int, str]) -> tuple[tuple[Pair, ...] | None, set[int]]:
    """Pairs of columns by subject, and the columns they take; None when a declared subject is missing."""
    measures = declaration.measures
    if measures is None:
        return (), set()
    subjects = {token(name): code for name, code in measures.subjects.items()}
    counts: dict[str, int] = {}
    means: dict[str, tuple[int, str | None]] = {}
    for column, kind, found in _measured(measures.n, measures.mean, rest):
        code = subjects.get(token(found["subject"]))
        if code is None:
            if measures.unknown_subjects == "refuse":
                return None, set()
            continue
        if code in (counts if kind == "n" else means):
            return None, set()
        if kind == "n":
            counts[code] = column
        else:
            means[code] = (column, found.groupdict().get("max"))
    if set(counts) != set(means) or not set(subjects.values()) - set(measures.optional) <= set(counts):
        return None, set()
    pairs = tuple(
        Pair(code, counts[code], mean, float(stated) if stated else None) for code, (mean, stated) in means.items()
    )
    return pairs, {column for pair in pairs for column in (pair.n, pair.mean)}


def _measured(n: str, mean: str, rest: Mapping[int, str]) -> Iterator[tuple[int, str, re.Match[str]]]:
    for column, path in rest.items():
        for kind, pattern in (("n", n), ("mean", mean)):
            found = re.fullmatch(pattern, path)
            if found:
                yield column, kind, found
                break
